"""The grader and stock nbgrader grade one class alike, to the last row of the gradebook."""

import copy
import csv
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.apps import NbGraderAPI

from coursekit.grading.classroom import Classroom
from coursekit.grading.grade import Run
from coursekit.grading.journal import GRADED

TINY = "01_tiny"
A_DAY_LATE = "2026-01-31 17:20:00 UTC"
HALF_AN_HOUR_LATE = "2026-01-30 18:30:00 UTC"

ODD_CELLS = [
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])\nplt.title('ünïcode')\nplt.show()",
    "figure, axes = plt.subplots()\naxes.bar(['a'], [1]);",
    "!echo from the shell; echo to stderr >&2",
    "%%capture kept\nprint('not shown')",
    "%precision 3\n3.14159",
    "%%time\nclock = 'ran'",
    "name = input('Your name? ')",
    "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "import pandas as pd\ntable = pd.DataFrame({'é': [1.5, None], 'b': ['x', 'y']})\ndisplay(table)\ntable",
    "raise KeyError(('a', 1), '\\x1b[31mred\\x1b[0m')",
    "class Odd(Exception):\n    def __str__(self):\n        return 'two\\nlines: ☃ 𝔘𝔫𝔦 \\u202e'\nraise Odd",
    "raise ExceptionGroup('many', [ValueError(1), TypeError('two')])",
    "def f():\n    return g()\n\ndef g():\n    return 1 / 0\n\nf()",
    "if True\n    pass",
    "import sys\nsys.exit(3)",
    "raise SystemExit('a text')",
    "raise KeyboardInterrupt",
    "print('☃ naïve 数', '𝔘', '\\r', 'a\\bb')\nprint('and', 'more', end='')",
    "sys.stderr.write('on stderr\\n')",
    "import warnings\nwarnings.warn('once')\nprint('after')",
    "for line in range(1500):\n    print(line)",
    "_, __name__",
    "",
    "# only a comment",
]


DISPLAYS = "from IPython.display import HTML, clear_output\nprint('gone')\nclear_output()\ndisplay(HTML('<b>kept</b>'))"


@dataclass(frozen=True)
class Handed:
    """What one student hands in."""

    notebook: NotebookNode | bytes | str
    files: dict[str, str | bytes] = field(default_factory=dict)
    timestamp: str | None = "2026-01-30 17:20:00 UTC"


def fixture_class(course) -> dict[str, Handed]:
    """One student for each thing that a submission may be and still be honest."""
    return {
        "right": Handed("right"),
        "wrong": Handed("wrong"),
        "half": Handed("half"),
        "empty": Handed("empty"),
        "late": Handed("right", timestamp=A_DAY_LATE),
        "little_late": Handed("half", timestamp=HALF_AN_HOUR_LATE),
        "no_timestamp": Handed("half", timestamp=None),
        "missing": Handed(without(course.answered(), "check-double", "tally", "who")),
        "moved": Handed(moved(course.answered())),
        "edited": Handed(edited(course.answered("half"))),
        "kernel": Handed(other_kernel(course.answered())),
        "format3": Handed(format_3(course.answered())),
        "format42": Handed(format_42(course.answered())),
        "old_ids": Handed(doubled_ids(course.answered())),
        "files": Handed(
            course.answered(
                double="import helper\ntwo = int(open('data/two.txt').read())\n\ndef double(x):\n    return two * x",
                tally="from helper import tally",
            ),
            files={
                "helper.py": "def tally(words):\n    return {w: words.count(w) for w in words}\n",
                "data/two.txt": "2",
            },
        ),
        "noisy": Handed(
            course.answered(
                double="import warnings\ndef double(x):\n    print(x)\n    warnings.warn('twice')\n    return 2 * x",
                shares="def shares(counts):\n    return np.array(counts) / np.sum(counts) + 0 * (np.array([0.0]) / 0)",
                tally="import sys\n\ndef tally(words):\n    print('tallying', file=sys.stderr)\n"
                "    return {w: words.count(w) for w in words}",
            )
        ),
        "raises": Handed(
            course.answered(
                double="def double(x):\n    raise SystemExit(1)",
                shares="def shares(counts):\n    return {}[counts]",
                tally="def tally(words):\n    raise ValueError('¿qué?\\n☃')",
                quiz_zero="zero = b",
                cards_sides="sides = {'part': 'above'}",
            )
        ),
        "odd cells": Handed(with_odd_cells(course.answered())),
        "displays": Handed(course.answered(double=f"{DISPLAYS}\ndef double(x):\n    return 2 * x")),
        "own_check": Handed(with_own_check(course.answered())),
    }


def without(notebook: NotebookNode, *ids: str) -> NotebookNode:
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in ids]
    return notebook


def moved(notebook: NotebookNode) -> NotebookNode:
    """The exercises in the opposite order, and cells of the student's own in between."""
    setup, rest = notebook.cells[:2], notebook.cells[2:]
    notebook.cells = []
    for i, cell in enumerate([*setup, *rest[::-1]]):
        own = new_code_cell(f"print({i})") if i % 2 else new_markdown_cell(f"My note {i}")
        notebook.cells += [cell, own]
    return notebook


def edited(notebook: NotebookNode) -> NotebookNode:
    """Checks rewritten, worth more, unlocked."""
    by_id = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    by_id["check-double"].source = "2.0"
    by_id["check-shares"].metadata.nbgrader.points = 100
    by_id["check-shares"].metadata.nbgrader.locked = False
    by_id["check-tally"].source += "\nassert True"
    return notebook


def with_own_check(notebook: NotebookNode) -> NotebookNode:
    """A check that nobody set; nbgrader gives up on it."""
    extra = copy.deepcopy(next(cell for cell in notebook.cells if cell.id == "check-tally"))
    extra.id = extra.metadata.nbgrader.grade_id = "check-mine"
    notebook.cells.append(extra)
    return notebook


def other_kernel(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata.kernelspec = {"name": "conda-env-fairness-py", "display_name": "Fairness", "language": "python"}
    return notebook


def format_3(notebook: NotebookNode) -> bytes:
    return nbformat.writes(nbformat.convert(notebook, 3), version=3).encode()


def format_42(notebook: NotebookNode) -> bytes:
    notebook.nbformat_minor = 2
    for cell in notebook.cells:
        del cell["id"]
    return nbformat.writes(notebook).encode()


def doubled_ids(notebook: NotebookNode) -> NotebookNode:
    """Cells copied and pasted, as old Jupyter did: the copy keeps the id."""
    copies = [new_markdown_cell("a copy", id=cell.id) for cell in notebook.cells[::3]]
    notebook.cells += copies
    return notebook


def with_odd_cells(notebook: NotebookNode) -> NotebookNode:
    notebook.cells[2:2] = [new_code_cell(source) for source in ODD_CELLS]
    return notebook


STUDENTS = (
    *("right", "wrong", "half", "empty", "late", "little_late", "no_timestamp", "missing", "moved", "edited"),
    *("kernel", "format3", "format42", "old_ids", "files", "noisy", "raises", "odd cells", "displays"),
)


@dataclass
class BothGraded:
    """One class, graded twice over."""

    stock: dict[str, Any]
    ours: Any
    receipts: dict[str, Any]


@pytest.fixture(scope="module")
def both(new_course: Callable) -> BothGraded:
    """The fixture class graded by the grader, and by stock nbgrader: half of it in each of two copies, side by side."""
    ours = new_course()
    students = fixture_class(ours)
    halves = [new_course(), new_course()]
    stock = {}
    for i, (student, handed) in enumerate(students.items()):
        stock[student] = halves[i % 2]
        for course in (ours, halves[i % 2]):
            course.hand_in(student, handed.notebook, handed.files, handed.timestamp)
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda course: course.nbgrader("autograde", TINY, may_fail=True), halves))
    return BothGraded(stock, ours, ours.grade())


@pytest.mark.parametrize("student", [*STUDENTS, "own_check"])
def test_every_row_of_the_gradebook_is_the_same(both, student):
    theirs, ours = both.stock[student].rows({student}), both.ours.rows({student})
    assert len(theirs["grade"]) == 6
    assert ours == theirs


@pytest.mark.parametrize("student", STUDENTS)
def test_autograded_notebooks_are_the_same(both, student):
    theirs, ours = both.stock[student].autograded(student), both.ours.autograded(student)
    roots = (both.stock[student].root, both.ours.root)
    for one, other in zip(told(theirs, roots[0]), told(ours, roots[1]), strict=True):
        assert other == one


def test_honest_students_need_no_human(both):
    assert {*both.receipts} == {*STUDENTS, "own_check"}
    humans = {student: receipt.reasons for student, receipt in both.receipts.items() if receipt.status != GRADED}
    assert {*humans} == {"missing", "own_check"}, humans


@pytest.fixture(scope="module")
def mixed(new_course: Callable) -> SimpleNamespace:
    """One class twice, with another late policy: begun by nbgrader or by the grader, and finished by the other."""
    course = new_course()
    course.configure(
        "from nbgrader.plugins import LateSubmissionPlugin\n"
        "c.AssignLatePenalties.plugin_class = LateSubmissionPlugin\n"
        "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
        "c.CourseDirectory.ignore = ['.ipynb_checkpoints', 'feedback']"
    )
    course.hand_in("late", "right", timestamp=A_DAY_LATE)
    tally = "def tally(words):\n    return {w: words.count(w) for w in words}\n"
    # A module of one's own is found; one that is called as a module of Python's own is not.
    helped = course.answered(tally="from colorsys import rgb_to_hsv\nfrom helper import tally")
    course.hand_in("helped", helped, {"helper.py": tally, "colorsys.py": "raise RuntimeError"})
    ours = course.copy(course.root.parent / "ours")
    ours.grade()
    course.nbgrader("autograde", TINY)
    before = SimpleNamespace(stock=course.rows(), ours=ours.rows())
    for each in (course, ours):
        each.hand_in("new", "half")
    ours.nbgrader("autograde", TINY)
    calls: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "_record", counted(Run._record, calls))
        course.grade()
    return SimpleNamespace(before=before, stock_first=course, ours_first=ours, graded_now=calls)


def counted(record: Callable, calls: list[str]) -> Callable:
    def counting(run: Run, submission: Any, *rest: Any) -> Any:
        calls.append(submission.student)
        return record(run, submission, *rest)

    return counting


def test_another_late_policy_and_a_helper_module(mixed):
    penalties = {row["late_submission_penalty"] for row in mixed.before.stock["submitted_notebook"]}
    assert penalties == {None, 10.0}
    assert mixed.before.ours == mixed.before.stock
    assert mixed.ours_first.scores("helped")["check-tally"] == (2.0, None, False)


def test_a_class_that_nbgrader_began_goes_on(mixed):
    assert mixed.graded_now == ["new"]
    assert mixed.stock_first.rows({"late", "helped"}) == mixed.before.stock


def test_nbgrader_goes_on_with_a_class_that_the_grader_began(mixed):
    assert mixed.ours_first.rows() == mixed.stock_first.rows()
    roots = mixed.stock_first.root, mixed.ours_first.root
    for student in ("late", "helped", "new"):
        notebooks = [course.autograded(student) for course in (mixed.stock_first, mixed.ours_first)]
        theirs, ours = (list(told(notebook, root)) for notebook, root in zip(notebooks, roots, strict=True))
        assert ours == theirs


def test_nbgraders_feedback_and_export_work_after_the_grader(mixed):
    course = mixed.ours_first
    course.nbgrader("generate_feedback", TINY)
    pages = {path.parts[-3]: path.read_text() for path in course.klass.glob("feedback/*/*/*.html")}
    assert {*pages} == {"late", "helped", "new"}
    assert "You squared." in pages["new"]
    course.nbgrader("export", "--to", "grades.csv", "--ExportApp.plugin_class=nbgrader.plugins.CsvExportPlugin")
    with open(course.root / "course" / "grades.csv", newline="") as file:
        scores = {row["student_id"]: (row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert scores == {"late": ("0.0", "12.0"), "helped": ("10.0", "12.0"), "new": ("5.0", "12.0")}


def test_nbgraders_api_works_after_the_grader(mixed):
    course = mixed.ours_first
    classroom = Classroom(course.root, TINY)
    api = NbGraderAPI(coursedir=classroom.directory, config=classroom.config)
    assert api.get_submitted_students(TINY) == api.get_autograded_students(TINY) == {"late", "helped", "new"}
    found = {each["student"]: each for each in api.get_submissions(TINY)}
    told = {name: (each["score"], each["autograded"], each["needs_manual_grade"]) for name, each in found.items()}
    assert told == {"late": (10.0, True, True), "helped": (10.0, True, True), "new": (5.0, True, True)}
    done = api.autograde(TINY, "new", force=True)
    assert done["success"], done["log"]
    assert course.rows() == mixed.stock_first.rows()


def told(notebook: NotebookNode, root: Path) -> Iterator[tuple]:
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader")
        outputs = list(shown(cell.get("outputs", []), root))
        yield cell.cell_type, cell.source, about, cell.get("execution_count"), outputs


def shown(outputs: list[NotebookNode], root: Path) -> Iterator[tuple]:
    """Outputs without what differs between two runs of one program; the streams between two other outputs as two."""
    streams = {"stdout": "", "stderr": ""}
    for output in [*outputs, None]:
        if output is not None and output.output_type == "stream":
            streams[output.name] += output.text
            continue
        yield from (("stream", name, plain(text, root)) for name, text in streams.items() if text)
        streams = dict.fromkeys(streams, "")
        if output is None:
            break
        if output.output_type == "error":
            yield "error", output.ename, plain(output.evalue, root), own_frames("\n".join(output.traceback), root)
        else:
            data = output.data.items()
            yield output.output_type, {mime: plain(str(value), root) for mime, value in data if "image" not in mime}


def own_frames(traceback: str, root: Path) -> list[str]:
    """A traceback's parts, without those in the files of whatever runs the cells."""
    return [part for part in plain(traceback, root).split("\n\n") if not part.startswith("File ")]


def plain(text: str, root: Path) -> str:
    """Text without colours, addresses, times, and the names that a kernel gives to cells."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n").replace(str(root), "ROOT")
    text = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", text)
    text = re.sub(r"\S*ipykernel_\d+/|\b\d{6,}\.py", "CELL", text)
    return re.sub(r"\d[\d.e+]* ?([nµμum]?s)\b", "TIME", text)
