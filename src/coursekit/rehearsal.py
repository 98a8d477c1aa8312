"""Rehearse a class: release a lesson, hand in for a few made-up students, grade with stock nbgrader, show one table.

Everything happens in a scratch course that uses the course's own ``nbgrader_config.py``, so the real gradebook and the
real submissions stay untouched.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from coursekit.answers import Answer
from coursekit.source import Lesson
from coursekit.trial import answers

DUE = "2026-01-30 18:00:00 UTC"
IN_TIME = "2026-01-30 17:20:00 UTC"
A_DAY_LATE = "2026-01-31 17:20:00 UTC"
ESSAY = "People who would repay may be refused. We would see it in the approval rate among them, by side."

Bank = dict[str, list[Answer]]
Chosen = dict[str, str]


@dataclass(frozen=True)
class Student:
    """Somebody in the class, and how they fill in the released notebook."""

    id: str
    name: tuple[str, str]
    habit: str
    choose: Callable[[Bank], Chosen]
    handed_in: str = IN_TIME
    spoil: Callable[[str], str] = str


@dataclass
class Result:
    """What stock nbgrader made of one submission."""

    student: Student
    scores: dict[str, tuple[float | None, float]] = field(default_factory=dict)
    needs_reading: list[str] = field(default_factory=list)
    went_wrong: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def total(self) -> float:
        return sum(score or 0 for score, _ in self.scores.values())


def rehearse(lesson: Lesson, root: Path, scratch: Path, say: Callable[[str], None] = print) -> list[Result]:
    """Take a lesson all the way: release, submissions, autograde, feedback, CSV.

    Parameters
    ----------
    lesson : Lesson
        With its solution built in ``root/solutions``.
    root : Path
        The repository.
    scratch : Path
        Emptied first. Afterwards it holds ``course/class/{submitted,autograded,feedback}`` and
        ``course/class/grades.csv`` as nbgrader left them.
    say : callable
        Told what is being done.
    """
    students = the_class()
    _set_up(lesson.name, root, scratch)
    say(f"releasing {lesson.name}")
    _nbgrader(scratch, "generate_assignment", lesson.name)
    released = scratch / "lessons" / lesson.name / f"{lesson.name}.ipynb"
    bank = answers(lesson)
    with _gradebook(scratch) as gradebook:
        gradebook.update_or_create_assignment(lesson.name, duedate=DUE)
        for student in students:
            first, last = student.name
            gradebook.update_or_create_student(student.id, first_name=first, last_name=last)
    for student in students:
        _hand_in(student, lesson.name, released, bank, scratch)
    say(f"grading {len(students)} submissions with stock nbgrader")
    _nbgrader(scratch, "autograde", lesson.name, may_fail=True)
    say("writing feedback and grades.csv")
    _nbgrader(scratch, "generate_feedback", lesson.name)
    _nbgrader(scratch, "export", "--to", "class/grades.csv")
    with _gradebook(scratch) as gradebook:
        return [_result(student, lesson.name, gradebook, scratch) for student in students]


def the_class() -> list[Student]:
    """One student for each thing that happens in every class."""
    return [
        Student("ada", ("Ada", "Adeyemi"), "everything right", lambda bank: _pick(bank, "solution", "right")),
        Student("ben", ("Ben", "O'Hara, Jr."), "the first half, then nothing", _first_half),
        Student("carla", ("Carla", "Müller"), "a typical mistake in each exercise", lambda bank: _mistakes(bank, 0)),
        Student("dmitri", ("Dmitri", "Ivanov"), "another mistake in each", lambda bank: _mistakes(bank, 1)),
        Student("emine", ("Emine", "Yılmaz"), "a third one in each", lambda bank: _mistakes(bank, 2)),
        Student("farid", ("Farid", "Haddad"), "handed in empty", lambda bank: {}),
        Student(
            "grace", ("Grace", "Park"), "right, a day late", lambda bank: _pick(bank, "solution", "right"), A_DAY_LATE
        ),
        Student(
            "hugo",
            ("Hugo", "Silva"),
            "a broken file",
            lambda bank: _pick(bank, "solution", "right"),
            spoil=lambda text: text[: len(text) // 2],
        ),
    ]


def table(results: list[Result]) -> Iterator[str]:
    """The class on one page: points for each exercise, and below each student what went wrong."""
    names = list(dict.fromkeys(name for result in results for name in result.scores))
    labels = {name: str(n) for n, name in enumerate(names, start=1)}
    yield "Columns: " + ", ".join(f"{label} {name}" for name, label in labels.items())
    yield "A dash is not graded yet; ? marks what a person has to read."
    yield ""
    yield f"{'student':<8} " + " ".join(f"{label:>5}" for label in labels.values()) + f" {'total':>8}  handed in"
    for result in results:
        cells = [_cell(name, result) for name in names]
        most = sum(points for _, points in result.scores.values())
        total = f"{result.total:.4g}/{most:.4g}" if result.scores else "-"
        yield (
            f"{result.student.id:<8} "
            + " ".join(f"{cell:>5}" for cell in cells)
            + f" {total:>8}  {result.student.habit}"
        )
        if result.note:
            yield f"         {result.note}"
        for says, where in _together(result.went_wrong).items():
            yield f"         {', '.join(labels[name] for name in where)}: {_clip(says, 150)}"


def _together(went_wrong: dict[str, str]) -> dict[str, list[str]]:
    """The same sentence once, with every exercise it was said of."""
    said: dict[str, list[str]] = {}
    for name, says in went_wrong.items():
        said.setdefault(says, []).append(name)
    return said


def _cell(name: str, result: Result) -> str:
    score = result.scores.get(name, (None, 0))[0]
    shown = "-" if score is None else f"{score:.3g}"
    return f"{shown}?" if name in result.needs_reading else shown


def _pick(bank: Bank, *kinds: str) -> Chosen:
    """For every exercise the first answer of one of these kinds."""
    return {name: next(a.source for a in known if a.kind in kinds) for name, known in bank.items()}


def _first_half(bank: Bank) -> Chosen:
    right = _pick(bank, "solution", "right")
    return {name: right[name] for name in list(right)[: len(right) // 2]}


def _mistakes(bank: Bank, nth: int) -> Chosen:
    wrong = {name: [a.source for a in known if a.kind == "wrong"] for name, known in bank.items()}
    return {name: sources[nth % len(sources)] for name, sources in wrong.items() if sources}


def _set_up(name: str, root: Path, scratch: Path) -> None:
    if scratch.exists():
        shutil.rmtree(scratch)
    (scratch / "course").mkdir(parents=True)
    shutil.copy(root / "course" / "nbgrader_config.py", scratch / "course")
    shutil.copytree(root / "solutions" / name, scratch / "solutions" / name)


def _hand_in(student: Student, name: str, released: Path, bank: Bank, scratch: Path) -> None:
    folder = scratch / "course" / "class" / "submitted" / student.id / name
    folder.mkdir(parents=True)
    notebook = filled_in(nbformat.read(released, as_version=4), student.choose(bank))
    (folder / f"{name}.ipynb").write_text(student.spoil(nbformat.writes(notebook)), encoding="utf-8")
    (folder / "timestamp.txt").write_text(student.handed_in)


def filled_in(notebook: NotebookNode, chosen: Chosen) -> NotebookNode:
    """A released notebook with these sources in the answer cells of the same name; essays too, if anything is."""
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if not mark.get("solution"):
            continue
        if mark["grade_id"] in chosen:
            cell.source = chosen[mark["grade_id"]]
        elif mark.get("grade") and chosen:
            cell.source = ESSAY
    return notebook


def _nbgrader(scratch: Path, verb: str, *arguments: str, may_fail: bool = False) -> None:
    """Stock nbgrader's command line, run in the scratch course as an instructor runs it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = os.environ | {"PATH": path, "JUPYTER_CONFIG_PATH": "", "JUPYTER_CONFIG_DIR": str(scratch / "none")}
    environment.pop("EVENODDS_EXCHANGE", None)
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", verb, *arguments],
        cwd=scratch / "course",
        env=environment,
        capture_output=True,
        text=True,
    )
    if run.returncode and not may_fail:
        raise RuntimeError(f"nbgrader {verb} {' '.join(arguments)} ended with {run.returncode}:\n{run.stderr[-3000:]}")


def _gradebook(scratch: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{scratch / 'course' / 'class' / 'gradebook.db'}")


def _result(student: Student, name: str, gradebook: Gradebook, scratch: Path) -> Result:
    result = Result(student)
    graded = scratch / "course" / "class" / "autograded" / student.id / name / f"{name}.ipynb"
    try:
        submission = gradebook.find_submission(name, student.id)
    except MissingEntry:
        submission = None
    if submission is None or not graded.exists():
        result.note = "not graded: nbgrader could not read this file"
        return result
    for grade in submission.notebooks[0].grades:
        key = grade.name.removeprefix("check-")
        score = grade.manual_score if grade.manual_score is not None else grade.auto_score
        result.scores[key] = (score, grade.max_score)
        if grade.needs_manual_grade:
            result.needs_reading.append(key)
    if late := submission.total_seconds_late:
        result.note = f"late by {late / 3600:.1f} hours"
    result.scores, result.went_wrong = _in_order(result.scores, graded)
    return result


def _in_order(scores: dict, graded: Path) -> tuple[dict, dict[str, str]]:
    """Scores in the notebook's order, and for every check that lost points the first thing it said."""
    ordered, wrong = {}, {}
    for cell in nbformat.read(graded, as_version=4).cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removeprefix("check-")
        if name in scores and cell.metadata.nbgrader.get("grade"):
            ordered[name] = scores[name]
            if cell.cell_type == "code" and (score := scores[name])[0] is not None and score[0] < score[1]:
                wrong[name] = _first_complaint(cell)
    return ordered, wrong


def _first_complaint(cell: NotebookNode) -> str:
    """The sentence under the first line that a check's report crosses out."""
    for output in cell.outputs:
        lines = output.get("data", {}).get("text/markdown", "").splitlines()
        for line, below in pairwise([*lines, ""]):
            if line.startswith("- ✗"):
                return below.strip() if below.startswith("  ") else line.removeprefix("- ✗").strip()
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
    return "no report"


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
