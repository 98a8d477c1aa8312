"""An instructor's evening: a class that coursekit graded, and one submission in it that wants a human."""

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from coursekit.cli import main

from .answers import hand_in, notebook_of
from .server import REPOSITORY

pytestmark = pytest.mark.browser

LESSON = "01_group_metrics"
CHECK = "check-parity_gap"
CHEAT = """\
import evenodds.checking.compare
evenodds.checking.compare.close = lambda a, b: True
def parity_gap(y_pred, group, privileged):
    return 0.0
"""


@pytest.fixture(scope="module")
def graded(classroom):
    """The class after ``coursekit grade``: Ada worked, Bob bent the checks."""
    for student, answer in [("ada", None), ("bob", CHEAT)]:
        folder = classroom.root / "course" / "class" / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        path = folder / f"{LESSON}.ipynb"
        path.write_bytes(notebook_of(REPOSITORY / "lessons", LESSON).read_bytes())
        hand_in(path, LESSON, **({"parity_gap": answer} if answer else {}))
    assert main(["--root", str(classroom.root), "grade", LESSON, "--no-sandbox"]) == 0
    return Gradebook(f"sqlite:///{classroom.root}/course/class/gradebook.db")


def test_a_flagged_submission_waits_in_formgrader_until_it_is_marked(lab, graded):
    lab.home()
    formgrader = lab.formgrader()
    formgrader.follow("Manual Grading")
    formgrader.press(LESSON, "name")
    formgrader.press(LESSON, "name")
    lab.look("waiting")
    formgrader.show_names()
    formgrader.press("bob", "name")
    expect(formgrader.score(CHECK)).to_be_visible()
    lab.look("flagged")

    formgrader.overrule(CHECK, "0")
    formgrader.reload()
    expect(formgrader.score(CHECK)).to_have_value("0")

    with graded:
        marked = graded.find_grade(CHECK, LESSON, LESSON, "bob")
        assert (marked.score, marked.needs_manual_grade) == (0, False)
        assert not graded.find_grade(CHECK, LESSON, LESSON, "ada").needs_manual_grade
        assert graded.find_submission(LESSON, "bob").needs_manual_grade
