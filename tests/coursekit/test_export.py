"""grades.csv, as a spreadsheet reads it."""

import csv
import os
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.export import COLUMNS, GradesCsv


@pytest.fixture
def gradebook(tmp_path, monkeypatch):
    # A new gradebook runs alembic, which it finds by name.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment("ps1", duedate="2026-01-30 18:00:00 UTC")
        book.add_notebook("problem", "ps1")
        book.add_grade_cell("check-one", "problem", "ps1", max_score=4, cell_type="code")
        book.add_student("ada", first_name="Ada", last_name="O'Hara, Jr.")
        book.add_student("bo", first_name="=1+1", last_name="-Bo")
        book.add_student("cy", first_name='Cy "C"', last_name="Şahin\nÖ")
        for student in ("ada", "bo"):
            book.add_submission("ps1", student, timestamp="2026-01-30 17:00:00 UTC")
        for student, points in (("ada", 3.0), ("bo", 0.0)):
            book.find_grade("check-one", "problem", "ps1", student).auto_score = points
        book.db.commit()
        yield book


def exported(gradebook, tmp_path, **chosen):
    file = tmp_path / "grades.csv"
    GradesCsv(to=str(file), **chosen).export(gradebook)
    with file.open(newline="", encoding="utf-8") as lines:
        return {row["student_id"]: row for row in csv.DictReader(lines)}


def test_columns_are_nbgraders(gradebook, tmp_path):
    exported(gradebook, tmp_path)
    assert (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)


def test_commas_quotes_and_line_breaks_stay_in_their_cell(gradebook, tmp_path):
    rows = exported(gradebook, tmp_path)
    assert rows["ada"]["last_name"] == "O'Hara, Jr."
    assert rows["cy"]["first_name"] == 'Cy "C"'
    assert rows["cy"]["last_name"] == "Şahin\nÖ"
    assert float(rows["ada"]["score"]) == 3


def test_a_formula_stays_text_and_a_negative_number_a_number(gradebook, tmp_path):
    row = exported(gradebook, tmp_path)["bo"]
    assert row["first_name"] == "'=1+1"
    assert row["last_name"] == "'-Bo"


def test_a_zero_is_not_the_same_as_no_grade(gradebook, tmp_path):
    rows = exported(gradebook, tmp_path)
    assert float(rows["bo"]["score"]) == 0
    assert rows["cy"]["score"] == ""


def test_a_penalty_is_taken_off_and_never_below_zero(gradebook, tmp_path):
    gradebook.find_submission("ps1", "ada").notebooks[0].late_submission_penalty = 1.0
    gradebook.find_submission("ps1", "bo").notebooks[0].late_submission_penalty = 1.0
    gradebook.db.commit()
    rows = exported(gradebook, tmp_path)
    assert [float(rows[student]["score"]) for student in ("ada", "bo")] == [2, 0]
    assert float(rows["ada"]["raw_score"]) == 3


@pytest.mark.parametrize(("chosen", "students"), [({"student": ["ada"]}, {"ada"}), ({"assignment": ["ps2"]}, set())])
def test_students_and_assignments_can_be_chosen(gradebook, tmp_path, chosen, students):
    assert set(exported(gradebook, tmp_path, **chosen)) == students
