"""An instructor's afternoon: collect, grade, mark the essay, look at the feedback."""

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from .answers import hand_in, notebook_of
from .lab import Lab

pytestmark = pytest.mark.browser

LESSON = "01_group_metrics"
ESSAY = "board-memo"
OFFLINE = ("MathJax is not defined", "net::ERR_")  # Formgrader takes MathJax from another server


@pytest.fixture(scope="module")
def submission(classroom):
    """One student has fetched the lesson, done it, and submitted it."""
    classroom.release(LESSON)
    classroom.nbgrader("fetch_assignment", LESSON)
    hand_in(notebook_of(classroom.fetched, LESSON), LESSON, **{ESSAY: "Measure before you enforce."})
    classroom.nbgrader("submit", LESSON)
    return next(classroom.inbox.iterdir())


@pytest.fixture
def student(submission):
    """Whose work it is: nbgrader names a submission student+lesson+time."""
    return submission.name.split("+")[0]


def test_collect_autograde_and_mark_the_essay(lab, classroom, student, complaints):
    lab.home()
    formgrader = lab.formgrader()

    formgrader.press(LESSON, "collect")
    assert "Successfully collected" in formgrader.read_notice()
    lab.look("collected")

    formgrader.press(LESSON, "num-submissions")
    formgrader.press(student, "autograde")
    assert "Successfully autograded" in formgrader.read_notice()
    lab.look("autograded")

    formgrader.follow("Manual Grading")
    for step in [LESSON, LESSON, "Submission #1"]:
        formgrader.press(step, "name")
    formgrader.mark(ESSAY, "3", "Say who is harmed.")
    lab.look("marked")

    formgrader.reload()
    expect(formgrader.score(ESSAY)).to_have_value("3")
    expect(formgrader.comment(ESSAY)).to_have_value("Say who is harmed.")
    with Gradebook(f"sqlite:///{classroom.root}/course/class/gradebook.db") as gradebook:
        graded = gradebook.find_submission(LESSON, student)
        assert graded.score == graded.max_score - 1
    assert [complaint for complaint in complaints if not any(known in complaint for known in OFFLINE)] == []


def test_feedback_can_be_read_on_a_phone_and_hides_the_hidden_tests(browser, classroom, student):
    classroom.nbgrader("collect", LESSON, "--update")
    classroom.nbgrader("autograde", LESSON)
    classroom.nbgrader("generate_feedback", LESSON)
    feedback = notebook_of(classroom.root / "course" / "class" / "feedback" / student, LESSON).with_suffix(".html")

    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    page.goto(feedback.as_uri())
    Lab(page, "", "feedback").look("phone")
    assert "HIDDEN TESTS" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
