"""A student's hour with lesson 01, and a walk through every lesson, in a real browser."""

import shutil

import pytest
from playwright.sync_api import expect

from .answers import exercises, hand_in, notebook_of, points, solution, wrong_answer
from .figures import FIGURES
from .lab import Explorer
from .server import REPOSITORY

pytestmark = pytest.mark.browser

LESSON = "01_group_metrics"
LESSONS = sorted(folder.name for folder in (REPOSITORY / "lessons").iterdir())
EXERCISE = "parity_gap"


@pytest.fixture
def desk(lab, classroom, request):
    """Open a lesson in a folder of this student's own."""

    def open_lesson(name):
        copy = classroom.root / "homework" / request.node.name / f"{name}.ipynb"
        copy.parent.mkdir(parents=True)
        shutil.copy(notebook_of(classroom.root / "lessons", name), copy)
        return lab.open(str(copy.relative_to(classroom.root)))

    return open_lesson


@pytest.fixture
def lesson(desk):
    return desk(LESSON)


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_runs_to_its_end_and_its_explorer_follows_the_keyboard(lab, desk, name, complaints):
    lesson = desk(name)
    lesson.run_all()
    lab.look("end")
    assert lesson.errors() == []
    expect(lab.dialog).to_have_count(0)

    assert lesson.tagged("explorer") == ["explorer"] * (name in FIGURES)
    if name in FIGURES:
        explorer = Explorer(lesson, "explorer")
        before, figure = lesson.compute(FIGURES[name], explorer.settings()), explorer.picture.get_attribute("src")
        explorer.expect_figures(*before)
        for slider in explorer.sliders:
            explorer.press(slider, "PageDown")
            after = lesson.compute(FIGURES[name], explorer.settings())
            explorer.expect_figures(*after)
        assert after != before
        expect(explorer.picture).not_to_have_attribute("src", figure)
        lab.look("explored")
    assert complaints == []


def test_a_wrong_answer_is_told_its_mistake_and_a_right_one_gets_full_points(lab, lesson):
    lesson.run_all()
    exercise, check = lesson.cell(EXERCISE), lesson.cell(f"check-{EXERCISE}")
    mistake = wrong_answer(LESSON, EXERCISE)
    full = f"{points(LESSON, EXERCISE):g} of {points(LESSON, EXERCISE):g} points"

    exercise.type(mistake.source).run()
    said = check.run().output()
    lab.look("wrong")
    assert mistake.says.lower() in said.lower()
    assert full not in said

    exercise.type(solution(LESSON, EXERCISE)).run()
    said = check.run().output()
    lab.look("right")
    assert full in said


def test_validate_shows_every_check_that_still_fails(lab, lesson):
    said = lesson.validate()
    lab.look("dialog")
    for exercise in exercises(LESSON):
        assert f'"{exercise}"' in said
    lab.dismiss()


def test_validate_finds_nothing_wrong_with_a_finished_lesson(lab, lesson, classroom):
    hand_in(classroom.root / lesson.path, LESSON)
    finished = lab.open(lesson.path)
    assert "Success! Your notebook passes all the tests." in finished.validate()


def test_fetch_and_submit_through_the_assignment_list(lab, classroom, complaints):
    classroom.release(LESSON)
    lab.home()
    assignments = lab.assignments()
    assignments.press("released", LESSON, "Fetch")
    assignments.expect("fetched", LESSON)

    lesson = lab.open(str(notebook_of(classroom.fetched, LESSON).relative_to(classroom.root)))
    lesson.cell(EXERCISE).type(solution(LESSON, EXERCISE))
    lesson.save()

    assignments = lab.assignments()
    assignments.press("fetched", LESSON, "Submit")
    assignments.expect("submitted", LESSON)
    lab.look("submitted")
    assert [notebook.stem for notebook in classroom.inbox.glob("*/*.ipynb")] == [LESSON]
    assert complaints == []


def test_a_report_keeps_its_words_in_an_untrusted_notebook(lab, classroom):
    solved = lab.open(str(notebook_of(classroom.root / "solutions", LESSON).relative_to(classroom.root)))
    assert not solved.ask("panel.content.widgets[argument].model.trusted", solved.cell(f"check-{EXERCISE}").index)
    said = solved.cell(f"check-{EXERCISE}").output()
    lab.look("report")
    assert f"{points(LESSON, EXERCISE):g} of {points(LESSON, EXERCISE):g} points" in said
