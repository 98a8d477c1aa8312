"""A tiny lesson that runs in a moment, a class that hands it in, and every row that grading it leaves behind."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, inspect, text

from coursekit.build import build
from coursekit.grading.classroom import Classroom
from coursekit.grading.grade import Options, grade
from coursekit.grading.journal import Receipt
from coursekit.rehearsal import _nbgrader, filled_in

REPOSITORY = Path(__file__).resolve().parents[3]
NAME = "01_tiny"
DUE = "2026-01-30 18:00:00 UTC"
IN_TIME = "2026-01-30 17:20:00 UTC"

LESSON = '''\
# Tiny

**Points:** 12

```python id="setup"
import numpy as np
from evenodds.checking import Cards, Check, Quiz
```

## Exercise 1: double (2 points)

```python exercise="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
```

```python check="double" points=2
check = Check("double", points=2)
check.given(2).returns(4).mistake(5, "You added three.")
### BEGIN HIDDEN TESTS
check.given(-1.5).returns(-3.0).mistake(2.25, "You squared.")
### END HIDDEN TESTS
check.report()
```

## Exercise 2: shares (3 points)

```python exercise="shares"
def shares(counts):
    """Each count's share of the total, as an array."""
    ### BEGIN SOLUTION
    counts = np.asarray(counts, dtype=float)
    return counts / counts.sum()
    ### END SOLUTION
```

```python check="shares" points=3
check = Check("shares", points=3)
check.given([1, 3]).returns(np.array([0.25, 0.75])).mistake(np.array([1.0, 3.0]), "Those are counts.")
### BEGIN HIDDEN TESTS
check.given(np.array([2, 2])).returns(np.array([0.5, 0.5])).mistake(np.array([2.0, 2.0]), "Those are counts.")
### END HIDDEN TESTS
check.report()
```

## Exercise 3: tally (2 points)

```python exercise="tally"
def tally(words):
    """How often each word occurs."""
    ### BEGIN SOLUTION
    return {word: words.count(word) for word in words}
    ### END SOLUTION
```

```python check="tally" points=2
assert tally(["a", "b", "a"]) == {"a": 2, "b": 1}
### BEGIN HIDDEN TESTS
assert tally([]) == {}, "nothing to count"
### END HIDDEN TESTS
```

## Who counts? (2 points)

<!-- #region essay="who" points=2 -->
Who is counted?

<!-- BEGIN SOLUTION -->
Everybody who was asked.
<!-- END SOLUTION -->

<!-- BEGIN MARK SCHEME -->
One point for who, one for why.
<!-- END MARK SCHEME -->
<!-- #endregion -->

## Check yourself

<!-- #region quiz="zero" points=1 -->
**Question 1** (1 point). What is twice zero?

- [ ] a. two
  > Two is twice one.
- [x] b. zero
  > Nothing twice is nothing.
- [ ] c. undefined
  > Every number can be doubled.
<!-- #endregion -->

<!-- #region cards="sides" points=2 choices="above, below" -->
**Question 2** (2 points). Where does each belong?

- [above] **part**: What is counted.
  > It is the numerator.
- [below] **whole**: What it is a share of.
  > It is the denominator.
<!-- #endregion -->
'''

RIGHT = {
    "double": "def double(x):\n    return x + x",
    "shares": "def shares(counts):\n    return np.array(counts) / np.sum(counts)",
    "tally": "from collections import Counter\n\ndef tally(words):\n    return dict(Counter(words))",
    "who": "Everybody who answered.",
    "quiz-zero": 'zero = "b"',
    "cards-sides": 'sides = {"part": "above", "whole": "below"}',
}
WRONG = {
    "double": "def double(x):\n    return x + 3",
    "shares": "def shares(counts):\n    return np.array(counts, dtype=float)",
    "tally": "def tally(words):\n    return len(words)",
    "who": "No idea.",
    "quiz-zero": 'zero = "a"',
    "cards-sides": 'sides = {"part": "below", "whole": "above"}',
}
HALF = {
    "double": "def double(x):\n    return x**2",
    "shares": RIGHT["shares"],
    "who": "Half of them.",
    "cards-sides": 'sides = {"part": "above", "whole": "above"}',
}
ANSWERS = {"right": RIGHT, "wrong": WRONG, "half": HALF, "empty": {}}


class TinyCourse:
    """A course in a folder of its own, with one released lesson and the course's own ``nbgrader_config.py``."""

    lesson = NAME
    points = 12

    def __init__(self, root: Path):
        self.root = root
        self.klass = root / "course" / "class"
        self.said: list[str] = []

    @property
    def config(self) -> Path:
        return self.root / "course" / "nbgrader_config.py"

    def configure(self, lines: str) -> None:
        """Add lines to the course's configuration; the last one holds."""
        self.config.write_text(f"{self.config.read_text()}\n{lines}\n")

    def released(self) -> NotebookNode:
        """The lesson as it was handed out."""
        return nbformat.read(self.root / "lessons" / NAME / f"{NAME}.ipynb", as_version=4)

    def answered(self, kind: str = "right", **others: str) -> NotebookNode:
        """The lesson with "right", "wrong", "half" or "empty" answers; ``others`` are sources, such as quiz_zero."""
        chosen = ANSWERS[kind] | {name.replace("_", "-"): source for name, source in others.items()}
        return filled_in(self.released(), chosen)

    def hand_in(
        self,
        student: str,
        notebook: NotebookNode | str | bytes = "right",
        files: dict[str, str | bytes] | None = None,
        timestamp: str | None = IN_TIME,
    ) -> Path:
        """Put a submission in place of any that the student has; ``notebook`` may name a kind of answers."""
        if isinstance(notebook, str):
            notebook = self.answered(notebook)
        if not isinstance(notebook, bytes):
            notebook = nbformat.writes(notebook).encode()
        folder = self.submitted(student)
        shutil.rmtree(folder, ignore_errors=True)
        content = {f"{NAME}.ipynb": notebook, **(files or {})} | ({"timestamp.txt": timestamp} if timestamp else {})
        for name, body in content.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body.encode() if isinstance(body, str) else body)
        return folder

    def submitted(self, student: str) -> Path:
        return self.klass / "submitted" / student / NAME

    def autograded(self, student: str) -> NotebookNode:
        return nbformat.read(self.klass / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)

    def notes(self, student: str) -> Path:
        return Classroom(self.root, NAME).notes(student)

    def grade(self, **options: Any) -> dict[str, Receipt]:
        """Grade in this process, with two workers unless told otherwise; receipts by student."""
        self.said = []
        receipts = grade(self.root, NAME, Options(**{"workers": 2} | options), say=self.said.append)
        return {receipt.student: receipt for receipt in receipts}

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """``coursekit --root … ARGUMENTS`` in a process of its own."""
        program = "import sys; from coursekit.cli import main; sys.exit(main())"
        command = [sys.executable, "-c", program, "--root", str(self.root), *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def nbgrader(self, verb: str, *arguments: str, may_fail: bool = False) -> None:
        """Stock nbgrader's command line."""
        _nbgrader(self.root, verb, *arguments, may_fail=may_fail)

    def url(self) -> str:
        return Classroom(self.root, NAME).url

    def gradebook(self) -> Gradebook:
        return Gradebook(self.url(), "evenodds")

    def rows(self, students: set[str] | None = None) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table, in an order of its own, with what the random keys stand for in their place."""
        return rows(self.url(), students)

    def scores(self, student: str) -> dict[str, tuple[float | None, float | None, bool]]:
        """Automatic score, score by hand and needs_manual_grade of each grade cell."""
        with self.gradebook() as gradebook:
            grades = gradebook.find_submission_notebook(NAME, NAME, student).grades
            return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in grades}

    def copy(self, to: Path) -> "TinyCourse":
        shutil.copytree(self.root, to)
        return TinyCourse(to)


def rows(url: str, students: set[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, random keys replaced by what they point to; of the students only these, if given."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = {
                name: [dict(row._mapping) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
                for name in inspect(engine).get_table_names()
            }
        links = {
            (name, key["constrained_columns"][0]): key["referred_table"]
            for name in tables
            for key in inspect(engine).get_foreign_keys(name)
        }
    finally:
        engine.dispose()
    by_id = {(name, row["id"]): row for name, found in tables.items() for row in found if "id" in row}

    def meaning(table: str, row: dict[str, Any]) -> dict[str, Any]:
        """A row in which a random id is left out, and one that points elsewhere is told in full."""
        told: dict[str, Any] = {}
        for column, value in row.items():
            if target := links.get((table, column)):
                told[column] = meaning(target, by_id[target, value]) if value is not None else None
            elif column != "id" or not _random(value):
                told[column] = value
        return told

    said = {name: [meaning(name, row) for row in found] for name, found in tables.items()}
    if students is not None:
        wanted = {None, *students}
        said = {name: [row for row in found if _whose(name, row) in wanted] for name, found in said.items()}
    return {name: sorted(found, key=repr) for name, found in sorted(said.items())}


def _random(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 32 and set(value) <= set("0123456789abcdef")


def _whose(table: str, row: dict[str, Any]) -> str | None:
    """The student whom a row is about, if it is about one."""
    if table == "student":
        return row["id"]
    for column, value in row.items():
        if isinstance(value, dict) and (found := _whose(column.removesuffix("_id"), value)):
            return found
    return None


@pytest.fixture(scope="session")
def tiny_template(tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    """The tiny course, built, released and registered, with nobody in the class; to be copied, not changed."""
    root = tmp_path_factory.mktemp("tiny") / "repository"
    folder = root / "course" / NAME
    folder.mkdir(parents=True)
    shutil.copy(REPOSITORY / "course" / "nbgrader_config.py", root / "course")
    (folder / "lesson.md").write_text(LESSON)
    build(root, [folder / "lesson.md"])
    course = TinyCourse(root)
    Classroom(root, NAME).register()
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
    return course


@pytest.fixture(scope="session")
def new_course(tiny_template: TinyCourse, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], TinyCourse]:
    """Makes tiny courses, each in a folder of its own; for fixtures that several tests share."""
    return lambda: tiny_template.copy(tmp_path_factory.mktemp("class") / "repository")


@pytest.fixture
def tiny_course(new_course: Callable[[], TinyCourse]) -> TinyCourse:
    """A tiny course of a test's own: ``hand_in``, ``grade``, ``rows``."""
    return new_course()
