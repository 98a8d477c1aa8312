"""A tiny course in a folder of its own, with a stand-in for the module that check cells import; and a tiny class."""

import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from coursekit.build import build

LESSON = '''\
# Doubling

**Points:** 7

What you will be able to do: double a number.

```python id="setup"
import numpy as np
from evenodds.checking import Check

rng = np.random.default_rng(0)
rng.integers(0, 10, 3)
```

## Exercise 1: twice as much (3 points)

Write `double`.

- in: `x`, a number
- out: twice `x`

`double(2)` returns `4`.

<details><summary>Hint 1</summary>Look again at the times table.</details>
<details><summary>Hint 2</summary>The step you need is a product.</details>

```python exercise="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    factor_of_two = 2
    return factor_of_two * x
    ### END SOLUTION
```

```python check="double" points=3
check = Check("double", points=3, namespace=globals())
check.equal(2, 4, {5: "You added three.", 1.0: "You halved."})
### BEGIN HIDDEN TESTS
check.equal(-1.5, -3.0, {2.25: "You squared."})
check.equal([1, 2], [1, 2, 1, 2], {})
### END HIDDEN TESTS
check.report()
```

## Look

![A straight line through the origin](images/line.svg)

```python tags="explorer"
print(object())
```

## Essay: is it fair? (2 points)

<!-- #region essay="fair" points=2 -->
Who is doubled, and who decides?

<!-- BEGIN SOLUTION -->
Everyone is doubled and nobody decides it.
<!-- END SOLUTION -->

<!-- BEGIN MARK SCHEME -->
- 1 point: names the people who are doubled
- 1 point: names the person who decides
<!-- END MARK SCHEME -->
<!-- #endregion -->

## Check yourself

<!-- #region quiz="eo-or-eopp" points=2 -->
**Question 1** (2 points). What is twice zero?

- [ ] a. two
  > Two is twice one.
- [x] b. zero
  > Nothing twice is
  > nothing.
- [ ] c. undefined
  > Every number can be doubled.
<!-- #endregion -->
'''

ANSWERS = '''\
from coursekit.answers import right, wrong


@wrong("double", "you squared")
def double(x):
    return x**2 if isinstance(x, float) else [*x, *x] if isinstance(x, list) else 2 * x


@wrong("double", "you added three")
def double(x):
    return x + 3


wrong("double", "you halved")("""
def double(x):
    return x / 2
""")


@right("double")
def double(x):
    return x * 2


right("double")("double = lambda number: number * 2")
'''

CHECKING = """\
import base64
import hashlib


class Report(float):
    def __new__(cls, points, told):
        self = super().__new__(cls, points)
        self.told = told
        return self

    def __repr__(self):
        return f"{float(self):g}"

    def _repr_markdown_(self):
        return "\\n".join(self.told)


class Check:
    def __init__(self, name, points, namespace):
        self.answer, self.points = namespace.get(name), points
        self.passed, self.told = [], []

    def equal(self, given, expected, mistakes):
        try:
            got = self.answer(given)
        except Exception as error:
            got = error
        self.passed.append(repr(got) == repr(expected))
        if not self.passed[-1]:
            told = {str(key): text for key, text in mistakes.items()}
            self.told.append(f"Got {got!r}. {told.get(str(got), '')}")

    def report(self):
        none = all(isinstance(told, str) and "NotImplementedError" in told for told in self.told) and self.told
        return Report(0 if none else self.points * sum(self.passed) / len(self.passed), self.told)


def unseal(name, letter, sealed):
    records = dict(zip("abcdefgh", sealed.split(".")))
    if letter not in records:
        return False, "No such option."
    record = base64.b64decode(records[letter])
    key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(len(record))
    plain = bytes(r ^ k for r, k in zip(record, key)).decode().rstrip()
    return plain[0] == "+", plain[1:]


class Quiz:
    def __init__(self, name, letter, points, sealed):
        self.points = points
        self.right, self.reason = unseal(name, letter, sealed)

    def report(self):
        return Report(self.points if self.right else 0, [self.reason])


class Cards:
    def __init__(self, name, chosen, points, choices, sealed):
        letters = dict(zip(choices, "abcdefgh"))
        self.points = points
        self.opened = [unseal(f"{name}:{thing}", letters.get(chosen[thing]), sealed[thing]) for thing in sealed]

    def report(self):
        right = [right for right, _ in self.opened]
        return Report(self.points * sum(right) / len(right), [reason for _, reason in self.opened])
"""

NAME = "01_doubling"


class Course:
    """A course with one lesson, whose texts a test may change."""

    def __init__(self, root: Path):
        self.root = root
        self.folder = root / "course" / NAME
        self.source = self.folder / "lesson.md"
        self.solution = root / "solutions" / NAME / f"{NAME}.ipynb"
        self.lesson = root / "lessons" / NAME / f"{NAME}.ipynb"
        (self.folder / "images").mkdir(parents=True)
        (self.folder / "images" / "line.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        self.source.write_text(LESSON)
        (self.folder / "answers.py").write_text(ANSWERS)

    def change(self, old: str, new: str, file: str = "lesson.md") -> None:
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new))

    def line(self, text: str) -> int:
        """The number of the one line of the lesson that holds a text."""
        found = [n for n, line in enumerate(self.source.read_text().split("\n"), 1) if text in line]
        assert len(found) == 1, f"{text!r} stands in lines {found}"
        return found[0]


@pytest.fixture(scope="session")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with a stand-in for `evenodds.checking`."""
    package = tmp_path_factory.mktemp("standin") / "evenodds"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "checking.py").write_text(CHECKING)
    return package.parent


@pytest.fixture
def course(tmp_path: Path, standin: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The good course, not built; the stand-in serves this process and every process started from it."""
    monkeypatch.setenv("PYTHONPATH", str(standin))
    monkeypatch.syspath_prepend(standin)
    module = types.ModuleType("evenodds.checking")
    exec(CHECKING, vars(module))
    monkeypatch.setitem(sys.modules, "evenodds.checking", module)
    return Course(tmp_path / "repository")


@pytest.fixture(scope="session")
def good_build(tmp_path_factory: pytest.TempPathFactory, standin: Path) -> Path:
    """The good course, built once."""
    course = Course(tmp_path_factory.mktemp("good") / "repository")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(standin))
        build(course.root, [course.source])
    return course.root


@pytest.fixture
def built(course: Course, good_build: Path) -> Course:
    """The good course with its solutions and lessons."""
    for kind in ("solutions", "lessons"):
        shutil.copytree(good_build / kind, course.root / kind)
    return course


DOUBLE = "def double(x):\n    return 2 * x"
CHECKS = {
    # Not in alphabetical order, so that a test sees whether an export keeps the notebook's.
    "sign": """\
assert double(2) == 4
### BEGIN HIDDEN TESTS
def by_addition(number):
    return number + number if number < 0 else 0
assert double(-3) == by_addition(-3), "a negative number"
assert double("é<&>'") == "é<&>'é<&>'", 'text "é" & more'
### END HIDDEN TESTS""",
    "kind": """\
assert double(0.5) == 1
### BEGIN HIDDEN TESTS
assert isinstance(double(2), int)
### END HIDDEN TESTS""",
}
CONFIG = """\
from coursekit import feedback, late
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
c.GenerateFeedback.preprocessors = feedback.preprocessors()
c.AssignLatePenalties.plugin_class = late.LatePolicy
c.LatePolicy.grace_minutes = 10
c.LatePolicy.daily_deduction = 0.25
"""


class Classroom:
    """A class with one lesson (an answer, two checks, an essay), graded by stock nbgrader's own commands."""

    lesson = "01_double"
    duedate = "2026-01-30 18:00:00 UTC"

    def __init__(self, root: Path):
        self.root = root
        (root / "course" / self.lesson).mkdir(parents=True)
        (root / "course" / self.lesson / "lesson.md").touch()
        (root / "course" / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)))
        self._write(
            root / "solutions" / self.lesson,
            [
                _cell(new_code_cell(DOUBLE, id="double"), grade=False, solution=True, locked=False),
                *(_cell(new_code_cell(CHECKS[name], id=name), grade=True, locked=True, points=2) for name in CHECKS),
                _cell(new_markdown_cell("...", id="essay"), grade=True, solution=True, locked=False, points=4),
            ],
        )
        self.nbgrader("generate_assignment", self.lesson)
        with self.gradebook() as gradebook:
            gradebook.update_or_create_assignment(self.lesson, duedate=self.duedate)

    def hand_in(
        self, student: str, answer: str = DOUBLE, more: dict[str, str] | None = None, at: str = duedate
    ) -> Path:
        """Write a submission: the answer cell's source, and cells of the student's own at the end."""
        released = nbformat.read(self.root / "lessons" / self.lesson / f"{self.lesson}.ipynb", as_version=4)
        released.cells[0].source = answer
        released.cells[-1].source = "Nobody is doubled."
        own = [new_code_cell(source, id=name) for name, source in (more or {}).items()]
        folder = self.root / "submitted" / student / self.lesson
        self._write(folder, [*released.cells, *own])
        (folder / "timestamp.txt").write_text(at)
        return folder

    def graded(self, student: str) -> NotebookNode:
        file = self.root / "autograded" / student / self.lesson / f"{self.lesson}.ipynb"
        return nbformat.read(file, as_version=4)

    def nbgrader(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root / "course",
            env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
            check=True,
            capture_output=True,
        )

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")

    def _write(self, folder: Path, cells: list[NotebookNode]) -> None:
        folder.mkdir(parents=True)
        kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
        notebook = new_notebook(cells=cells, metadata=kernel)
        nbformat.write(notebook, folder / f"{self.lesson}.ipynb")


def _cell(cell: NotebookNode, **mark: object) -> NotebookNode:
    cell.metadata.nbgrader = {"grade_id": cell.id, "schema_version": 3, "solution": False, "task": False, **mark}
    return cell


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class whose lesson is released, before anybody has handed in."""
    return Classroom(tmp_path_factory.mktemp("class"))
