"""Which submissions of a lesson are alike where the rest of the class is not: a reason to look, no evidence.

A form (see ``form``) counts the more, the fewer students wrote it and the longer it is. It counts nothing if it is
short, if more than a few wrote it, or if the course foresaw it (the stub, the solution, the answers of answers.py).
Essays count if they are the same but for punctuation and case.
"""

import csv
import itertools
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.answers import Answer
from coursekit.bank import answers
from coursekit.export import FORMULA
from coursekit.form import form
from coursekit.grading.classroom import Classroom
from coursekit.grading.lesson import defined_names
from coursekit.grading.submissions import look_at
from coursekit.release import CLOSED
from coursekit.source import Lesson

# Of a form, in parts of its syntax tree: what is shorter counts nothing, what is longer is a reason on its own.
SHORT, LONG = 50, 160
ESSAY_WORDS = 25
# A form is rare if at most so many students wrote it, and at most one in twenty (or two, in a class of eight or more).
FEW, ONE_IN, SMALLEST_CLASS = 10, 20, 8
CODE, ESSAY = "the same code but for names", "the same essay"
COLUMNS = ("student", "other", "exercises", "why")


@dataclass
class Pair:
    """Two students, and what only they or few others wrote; best first, they sort by what speaks for a look."""

    one: str
    other: str
    weight: float = 0.0
    alone: bool = False
    exercises: list[str] = field(default_factory=list)
    alike: dict[str, list[str]] = field(default_factory=dict)

    @property
    def why(self) -> str:
        return "; ".join(f"{what} in {', '.join(where)}" for what, where in self.alike.items())

    def worth_a_look(self) -> bool:
        return self.alone or len(self.exercises) > 1


@dataclass
class Found:
    """The pairs of a class, out of how many submissions, and the submissions that could not be read, with why."""

    pairs: list[Pair]
    read: int
    unread: dict[str, str]


def similar(root: Path, lesson: Lesson) -> Found:
    """Compare what was handed in for a lesson.

    Raises
    ------
    ValueError
        If nothing was, or the lesson is not built.
    """
    classroom = Classroom(root, lesson.name)
    released = classroom.folder("release") / f"{lesson.name}.ipynb"
    if not released.is_file():
        raise ValueError(f"no {released}; build it with: coursekit build {lesson.name}")
    submitted: dict[str, dict[str, str]] = {}
    unread: dict[str, str] = {}
    folders = classroom.submitted_root().glob(f"*/{lesson.name}")
    for folder in sorted(folders):
        student = folder.parent.name
        submission = look_at(student, folder, lesson.name)
        try:
            if submission.problem:
                raise ValueError(submission.problem)
            submitted[student] = _cells(submission.notebook)
        except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            unread[student] = str(error) if submission.problem else "its notebook cannot be read"
    if not submitted and not unread:
        raise ValueError(f"nobody has handed in {lesson.name}: no {classroom.submitted_root()}/STUDENT/{lesson.name}")
    return Found(pairs(lesson, _cells(released), submitted), len(submitted), unread)


def pairs(lesson: Lesson, handed_out: dict[str, str], submitted: dict[str, dict[str, str]]) -> list[Pair]:
    """The pairs worth a look, given the cells by name: those that were handed out, and those of each student."""
    found: dict[tuple[str, str], Pair] = {}
    for name, known in answers(lesson).items():
        if not name.startswith(CLOSED):
            _add_code(found, name, known, handed_out.get(name, ""), _named(name, submitted))
    for cell in lesson.of_kind("essay"):
        _add_essays(found, cell.name, handed_out.get(cell.name, ""), _named(cell.name, submitted))
    listed = (pair for pair in found.values() if pair.worth_a_look())
    return sorted(listed, key=lambda pair: (-pair.weight, pair.one, pair.other))


def _named(name: str, submitted: dict[str, dict[str, str]]) -> dict[str, str]:
    return {student: cells.get(name, "") for student, cells in submitted.items()}


def _add_code(
    found: dict[tuple[str, str], Pair], name: str, known: list[Answer], stub: str, sources: dict[str, str]
) -> None:
    kept = {wanted for answer in known if answer.kind == "solution" for wanted in defined_names(answer.source)}
    foreseen = {form(answer.source, kept) for answer in known}
    forms = {student: form(source, kept) for student, source in sources.items()}
    answered = {student: each for student, each in forms.items() if each not in ((), form(stub, kept))}
    for same, students in _together({student: each for student, each in answered.items() if each not in foreseen}):
        if len(same) >= SHORT and _is_rare(len(students), len(answered)):
            weight = math.log2(len(answered) / len(students)) * min(len(same) / LONG, 2)
            why = CODE, f"{name} (as {len(students)} of {len(answered)} wrote it)"
            _add(found, students, name, weight, len(same) >= LONG, why)


def _add_essays(found: dict[tuple[str, str], Pair], name: str, handed_out: str, texts: dict[str, str]) -> None:
    given = {line.strip() for line in handed_out.split("\n")}
    for words, students in _together({student: _words(text, given) for student, text in texts.items()}):
        if len(words) >= ESSAY_WORDS and len(students) <= FEW:
            weight = math.log2(1 + len(texts)) * 2
            _add(found, students, name, weight, True, (ESSAY, f"{name} ({len(words)} words)"))


def _add(
    found: dict[tuple[str, str], Pair],
    students: list[str],
    name: str,
    weight: float,
    alone: bool,
    why: tuple[str, str],
) -> None:
    what, where = why
    for one, other in itertools.combinations(students, 2):
        pair = found.setdefault((one, other), Pair(one, other))
        pair.weight += weight
        pair.alone |= alone
        pair.exercises.append(name)
        pair.alike.setdefault(what, []).append(where)


def _together(forms: dict[str, tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Each form that more than one student wrote, with who did."""
    who: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for student, each in forms.items():
        who[each].append(student)
    return ((each, students) for each, students in who.items() if len(students) > 1)


def _is_rare(wrote: int, of: int) -> bool:
    return of >= SMALLEST_CLASS and wrote <= min(FEW, max(2, of // ONE_IN))


def _words(text: str, given: set[str]) -> tuple[str, ...]:
    """The words of an essay, without the lines that were handed out."""
    own = [line for line in text.split("\n") if line.strip() not in given]
    return tuple(re.findall(r"\w+", "\n".join(own).casefold()))


def _cells(notebook: Path) -> dict[str, str]:
    """A notebook's cells that nbgrader knows, by name; of two with one name the first."""
    cells: dict[str, str] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if name := cell["metadata"].get("nbgrader", {}).get("grade_id"):
            cells.setdefault(str(name), "".join(cell["source"]))
    return cells


def table(lesson: str, found: Found, most: int = 30) -> Iterator[str]:
    """The pairs for a terminal, best first, no more than ``most``."""
    worth = "1 pair is" if len(found.pairs) == 1 else f"{len(found.pairs)} pairs are"
    yield f"{lesson}: {found.read} submissions, {worth} worth a look"
    for pair in found.pairs[:most]:
        yield f"  {pair.one:20} {pair.other:20} {pair.why}"
    if (more := len(found.pairs) - most) > 0:
        yield f"  and {more} more; write them all to a file with --to"
    for student, why in found.unread.items():
        yield f"  {student:20} was not compared: {why}"
    if found.pairs:
        yield "This is a reason to look, no evidence."


def write_csv(path: Path, found: Found) -> None:
    """One row for each pair, best first."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for pair in found.pairs:
            writer.writerow(map(_safe, (pair.one, pair.other, ", ".join(pair.exercises), pair.why)))


def _safe(text: str) -> str:
    """A leading quote keeps a spreadsheet from running a name as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
