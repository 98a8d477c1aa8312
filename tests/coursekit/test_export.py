"""Grades as CSV, as a spreadsheet, Canvas and Moodle read them."""

import csv
import os
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.export import COLUMNS, FORMATS, CanvasCsv, GradesCsv, MoodleCsv


@pytest.fixture
def gradebook(stored, tmp_path):
    shutil.copy(stored, tmp_path)
    with Gradebook(f"sqlite:///{tmp_path / stored.name}") as book:
        yield book


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Two lessons. Of ps1, ada has everything, bo zero points, cy nothing, di an essay that is unread, ed no scores."""
    file = tmp_path_factory.mktemp("stored") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        # A new gradebook runs alembic, which it finds by name.
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        _fill(file)
    return file


def _fill(file):
    with Gradebook(f"sqlite:///{file}") as book:
        for lesson in ("ps1", "ps2"):
            book.add_assignment(lesson, duedate="2026-01-30 18:00:00 UTC")
            book.add_notebook("problem", lesson)
            book.add_grade_cell("check-one", "problem", lesson, max_score=4, cell_type="code")
        book.add_grade_cell("an-essay", "problem", "ps1", max_score=2.5, cell_type="markdown")
        book.add_student("ada", first_name="Ada", last_name="O'Hara, Jr.", email="ada@example.org", lms_user_id="4711")
        book.add_student("bo", first_name="=1+1", last_name="-Bo")
        book.add_student("cy", first_name='Cy "C"', last_name="Şahin\nÖ")
        book.add_student("di")
        book.add_student("ed", first_name="Ed")
        for student in ("ada", "bo", "di", "ed"):
            book.add_submission("ps1", student, timestamp="2026-01-30 17:00:00 UTC")
        scores = {
            ("ada", "check-one"): 3.0,
            ("bo", "check-one"): 0.0,
            ("di", "check-one"): 4.0,
            ("bo", "an-essay"): 0.0,
        }
        for (student, cell), points in scores.items():
            grade = book.find_grade(cell, "problem", "ps1", student)
            grade.auto_score, grade.needs_manual_grade = points, False
        read = book.find_grade("an-essay", "problem", "ps1", "ada")
        read.manual_score, read.extra_credit, read.needs_manual_grade = 1.5, 0.25, False
        book.db.commit()


def lines(plugin, gradebook, tmp_path, **chosen):
    file = tmp_path / "grades.csv"
    plugin(to=str(file), **chosen).export(gradebook)
    with file.open(newline="", encoding="utf-8") as rows:
        return list(csv.reader(rows))


def table(plugin, gradebook, tmp_path, key, **chosen):
    """Each line below the header as a dictionary, by one of its columns."""
    header, *rows = lines(plugin, gradebook, tmp_path, **chosen)
    assert len(set(header)) == len(header)
    assert all(len(row) == len(header) for row in rows)
    return {row[header.index(key)]: dict(zip(header, row, strict=True)) for row in rows}


def nbgraders(gradebook, tmp_path, **chosen):
    return table(GradesCsv, gradebook, tmp_path, "student_id", **{"assignment": ["ps1"]} | chosen)


def canvas(gradebook, tmp_path, **chosen):
    return table(CanvasCsv, gradebook, tmp_path, "SIS Login ID", **chosen)


def moodle(gradebook, tmp_path, **chosen):
    return table(MoodleCsv, gradebook, tmp_path, "ID number", **chosen)


def numbers(row, *columns):
    return [float(row[column]) if row[column] else None for column in columns]


def test_columns_are_nbgraders(gradebook, tmp_path):
    assert lines(GradesCsv, gradebook, tmp_path)[0] == list(COLUMNS)


def test_every_student_has_a_row_for_each_lesson(gradebook, tmp_path):
    rows = lines(GradesCsv, gradebook, tmp_path)[1:]
    assert sorted((row[0], row[3]) for row in rows) == [
        (lesson, student) for lesson in ("ps1", "ps2") for student in ("ada", "bo", "cy", "di", "ed")
    ]


def test_commas_quotes_and_line_breaks_stay_in_their_cell(gradebook, tmp_path):
    rows = nbgraders(gradebook, tmp_path)
    assert rows["ada"]["last_name"] == "O'Hara, Jr."
    assert rows["cy"]["first_name"] == 'Cy "C"'
    assert rows["cy"]["last_name"] == "Şahin\nÖ"
    assert canvas(gradebook, tmp_path)["ada"]["Student"] == "O'Hara, Jr., Ada"
    assert canvas(gradebook, tmp_path)["cy"]["Student"] == 'Şahin\nÖ, Cy "C"'
    assert moodle(gradebook, tmp_path)["cy"]["Last name"] == "Şahin\nÖ"


def test_a_formula_stays_text(gradebook, tmp_path):
    row = nbgraders(gradebook, tmp_path)["bo"]
    assert [row["first_name"], row["last_name"]] == ["'=1+1", "'-Bo"]
    assert moodle(gradebook, tmp_path)["bo"]["First name"] == "'=1+1"
    assert canvas(gradebook, tmp_path)["bo"]["Student"] == "'-Bo, =1+1"


@pytest.mark.parametrize("name", ["+49 Bo", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_whatever_else_a_spreadsheet_would_run_stays_text(gradebook, tmp_path, name):
    gradebook.update_or_create_student("bo", first_name=name)
    assert nbgraders(gradebook, tmp_path)["bo"]["first_name"] == f"'{name}"


def test_a_negative_score_stays_a_number(gradebook, tmp_path):
    gradebook.find_grade("check-one", "problem", "ps1", "bo").extra_credit = -1.0
    gradebook.db.commit()
    assert numbers(nbgraders(gradebook, tmp_path)["bo"], "raw_score", "score") == [-1, 0]


def test_a_zero_is_not_the_same_as_no_grade(gradebook, tmp_path):
    rows = nbgraders(gradebook, tmp_path)
    assert {student: numbers(row, "raw_score", "score") for student, row in rows.items()} == {
        "ada": [4.75, 4.75],
        "bo": [0, 0],
        **{student: [None, None] for student in ("cy", "di", "ed")},
    }
    columns = ("ps1 check-one", "ps1 an-essay", "ps1", "ps2 check-one", "ps2")
    expected = {
        "ada": [3, 1.75, 4.75, None, None],
        "bo": [0, 0, 0, None, None],
        "cy": [None] * 5,
        "di": [4, None, None, None, None],
        "ed": [None] * 5,
    }
    to_canvas = canvas(gradebook, tmp_path)
    assert {student: numbers(to_canvas[student], *columns) for student in expected} == expected
    to_moodle = moodle(gradebook, tmp_path)
    assert {s: numbers(to_moodle["4711" if s == "ada" else s], *columns) for s in expected} == expected


def test_a_part_is_a_total_only_if_one_asks(gradebook, tmp_path):
    assert numbers(nbgraders(gradebook, tmp_path, provisional=True)["di"], "raw_score", "score") == [4, 4]
    rows = canvas(gradebook, tmp_path, provisional=True)
    assert numbers(rows["di"], "ps1 an-essay", "ps1") == [None, 4]
    assert numbers(rows["cy"], "ps1") == numbers(rows["ed"], "ps1") == [None]


def test_a_submission_without_its_notebook_is_not_graded(gradebook, tmp_path):
    gradebook.remove_submission_notebook("problem", "ps1", "bo")
    assert numbers(nbgraders(gradebook, tmp_path, provisional=True)["bo"], "score") == [None]
    assert numbers(canvas(gradebook, tmp_path)["bo"], "ps1 check-one", "ps1") == [None, None]


def test_a_lesson_that_lacks_one_of_its_notebooks_is_graded_in_part(gradebook, tmp_path):
    gradebook.add_notebook("more", "ps1")
    gradebook.add_grade_cell("check-one", "more", "ps1", max_score=1, cell_type="code")
    row = canvas(gradebook, tmp_path)["bo"]
    assert numbers(row, "ps1 problem check-one", "ps1 more check-one", "ps1") == [0, None, None]


def test_a_penalty_is_taken_off_and_never_below_zero(gradebook, tmp_path):
    gradebook.find_submission("ps1", "ada").notebooks[0].late_submission_penalty = 1.0
    gradebook.find_submission("ps1", "bo").notebooks[0].late_submission_penalty = 1.0
    gradebook.db.commit()
    rows = nbgraders(gradebook, tmp_path)
    assert [float(rows[student]["score"]) for student in ("ada", "bo")] == [3.75, 0]
    assert numbers(rows["ada"], "raw_score", "late_submission_penalty") == [4.75, 1]
    assert numbers(canvas(gradebook, tmp_path)["ada"], "ps1 check-one", "ps1") == [3, 3.75]


def test_canvas_finds_its_header_its_points_and_its_students(gradebook, tmp_path):
    header, points, *rows = lines(CanvasCsv, gradebook, tmp_path)
    assert header[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert "Points Possible" in points[0]
    assert dict(zip(header[5:], map(float, points[5:]), strict=True)) == {
        "ps1 check-one": 4,
        "ps1 an-essay": 2.5,
        "ps1": 6.5,
        "ps2 check-one": 4,
        "ps2": 4,
    }
    # Canvas takes "title (number)" for the assignment with that ID.
    assert not any(title.endswith(")") for title in header)
    assert {row[3]: row[1] for row in rows} == {"ada": "4711", "bo": "", "cy": "", "di": "", "ed": ""}
    assert {row[0] for row in rows if row[3] in ("di", "ed")} == {"di", "Ed"}


def test_moodle_finds_its_students(gradebook, tmp_path):
    rows = moodle(gradebook, tmp_path)
    assert set(rows) == {"4711", "bo", "cy", "di", "ed"}
    assert rows["4711"]["Email address"] == "ada@example.org"


@pytest.mark.parametrize("plugin", [CanvasCsv, MoodleCsv])
def test_exercises_can_be_left_out(gradebook, tmp_path, plugin):
    header, *rows = lines(plugin, gradebook, tmp_path, totals=True)
    assert header[-2:] == ["ps1", "ps2"]
    assert not any("check-one" in title for title in header)
    assert ["4.75", ""] in [row[-2:] for row in rows]


@pytest.mark.parametrize("plugin", FORMATS.values())
def test_students_and_lessons_can_be_chosen(gradebook, tmp_path, plugin):
    rows = lines(plugin, gradebook, tmp_path, student=["bo"], assignment=["ps2"])
    text = "\n".join(cell for row in rows for cell in row)
    assert "ps2" in text
    assert "ps1" not in text
    assert "'-Bo" in text
    assert "Ada" not in text


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"student": ["zoe"]}, "no student zoe in the gradebook, which has 5"),
        ({"assignment": ["ps3"]}, "no lesson ps3 in the gradebook, which has ps1, ps2"),
    ],
)
def test_a_name_that_is_not_there_is_said_and_nothing_is_written(gradebook, tmp_path, chosen, says):
    with pytest.raises(ValueError, match=says):
        lines(GradesCsv, gradebook, tmp_path, **chosen)
    assert not (tmp_path / "grades.csv").exists()
