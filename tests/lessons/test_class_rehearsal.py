"""Lesson 01, from release to feedback, with stock nbgrader: what a class of eight gets."""

import csv
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.export import GradesCsv
from coursekit.markers import HIDDEN, inside
from coursekit.rehearsal import rehearse, table
from coursekit.source import read_lesson

ROOT = Path(__file__).resolve().parents[2]
LESSON = "01_group_metrics"
ESSAY = "board-memo"


@pytest.fixture(scope="module")
def lesson():
    return read_lesson(ROOT / "course" / LESSON / "lesson.md")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="module")
def results(lesson, scratch):
    return {result.student.id: result for result in rehearse(lesson, ROOT, scratch, say=lambda _: None)}


def automatic(result):
    return {name: score for name, score in result.scores.items() if name != ESSAY}


def test_right_answers_get_every_automatic_point(results):
    for student in ("ada", "grace"):
        assert all(score == most for score, most in automatic(results[student]).values())
        assert results[student].went_wrong == {}


def test_half_the_answers_get_half_the_exercises(results):
    scores = [score for score, _ in automatic(results["ben"]).values()]
    done = [score > 0 for score in scores]
    assert done == sorted(done, reverse=True)
    assert 0 < sum(done) < len(done)


@pytest.mark.parametrize("student", ["carla", "dmitri", "emine"])
def test_a_mistake_costs_points_in_its_exercise_and_is_named(results, student):
    for name, (score, most) in automatic(results[student]).items():
        assert score < most, name
        assert len(results[student].went_wrong[name]) > 20, name


def test_an_untouched_notebook_gets_nothing(results):
    assert all(score == 0 for score, _ in results["farid"].scores.values())


def test_the_essay_waits_for_a_person(results):
    assert results["ada"].needs_reading == [ESSAY]
    assert results["ada"].scores[ESSAY][0] is None
    assert results["farid"].needs_reading == []


def test_a_late_submission_says_how_late(results):
    assert results["grace"].note == "late by 23.3 hours"
    assert results["ada"].note == ""


def test_a_broken_file_is_reported_and_stops_nobody(results):
    assert results["hugo"].scores == {}
    assert "could not read" in results["hugo"].note
    assert sum(bool(result.scores) for result in results.values()) == len(results) - 1


def test_everyone_who_was_graded_gets_feedback_that_shows_no_hidden_test(results, scratch, lesson):
    hidden = {line.strip() for cell in lesson.of_kind("check") for line in inside(cell.source, HIDDEN)}
    telling = {line for line in hidden if len(line) > 25}
    assert telling
    for student, result in results.items():
        page = scratch / "course" / "class" / "feedback" / student / LESSON / f"{LESSON}.html"
        assert page.exists() == bool(result.scores)
        if page.exists():
            text = page.read_text(encoding="utf-8")
            assert not [line for line in telling if line in text]


def test_feedback_names_the_mistake(results, scratch):
    page = scratch / "course" / "class" / "feedback" / "carla" / LESSON / f"{LESSON}.html"
    assert "FP and FN are swapped" in page.read_text(encoding="utf-8")


def exported(file):
    with file.open(newline="", encoding="utf-8") as lines:
        return {row["student_id"]: row["score"] for row in csv.DictReader(lines)}


def test_the_csv_has_a_total_for_whoever_has_nothing_left_to_read(results, scratch):
    scores = exported(scratch / "course" / "class" / "grades.csv")
    assert set(scores) == set(results)
    assert {student for student, score in scores.items() if score} == {"farid"}
    assert float(scores["farid"]) == 0


def test_a_provisional_total_has_everybodys_points_and_lateness_costs(results, scratch, tmp_path):
    file = tmp_path / "grades.csv"
    with Gradebook(f"sqlite:///{scratch / 'course' / 'class' / 'gradebook.db'}") as gradebook:
        GradesCsv(to=str(file), provisional=True).export(gradebook)
    scores = exported(file)
    assert scores["hugo"] == ""
    for student, result in results.items():
        if result.scores and student != "grace":
            assert float(scores[student]) == pytest.approx(result.total)
    assert float(scores["grace"]) == pytest.approx(0.9 * results["grace"].total)


def test_the_table_shows_every_student_and_what_went_wrong(results):
    text = "\n".join(table(list(results.values())))
    assert all(student in text for student in results)
    assert "FP and FN are swapped" in text
    assert "not graded: nbgrader could not read this file" in text
