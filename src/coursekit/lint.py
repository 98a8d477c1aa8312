"""Lint a lesson's source: each rule reads a lesson and says, line by line, what breaks it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from coursekit.lint_answers import answers_stay_in_their_exercises
from coursekit.lint_text import TEXT_RULES, Rule
from coursekit.markers import HIDDEN, SCHEME, SOLUTION, balanced, inside, without
from coursekit.notebook import lay_out
from coursekit.problem import Problem
from coursekit.source import ASKED, CLOSED, GRADED, Cell, Lesson, SourceError, prose_lines

POINTS = re.compile(r"\((\d+(?:\.\d+)?) points?\)")
TOTAL = re.compile(r"^\*\*Points:\*\*\s*(\d+(?:\.\d+)?)\s*$")
HINT = re.compile(r"<summary>\s*Hint (\d)\b")
IN_AND_OUT = [re.compile(rf"^\s*[-*] \W*{word}\b", re.IGNORECASE) for word in ("in", "out")]


@dataclass(frozen=True)
class Task:
    """Something that earns points: an exercise with its check, or a question; and the prose that leads to it."""

    cell: Cell
    lead: tuple[Cell, ...]
    check: Cell | None = None

    @property
    def points(self) -> float:
        return (self.check or self.cell).points or 0

    def __str__(self) -> str:
        return f'{self.cell.kind} "{self.cell.name}"'


def lint(lesson: Lesson) -> list[Problem]:
    """Every breach of every rule, by line."""
    found = {Problem(lesson.path, line, what) for rule in RULES for line, what in rule(lesson)}
    return sorted(found)


def tasks(lesson: Lesson) -> Iterator[Task]:
    """The lesson's tasks in order; the prose before one belongs to it, back to the end of the task before."""
    checks = {cell.name: cell for cell in lesson.of_kind("check")}
    lead: list[Cell] = []
    for cell in lesson.cells:
        if cell.kind == "prose":
            lead.append(cell)
        elif cell.kind == "exercise":
            yield Task(cell, tuple(lead), checks.get(cell.name))
        elif cell.kind in ASKED:
            own = replace(cell, source=without(without(cell.source, SCHEME), SOLUTION))
            yield Task(cell, (*lead, own))
        if cell.kind in GRADED:
            lead = []


def _can_be_laid_out(lesson: Lesson) -> Iterator[tuple[int, str]]:
    try:
        lay_out(lesson)
    except SourceError as error:
        yield error.line, error.what


def _every_exercise_is_checked(lesson: Lesson) -> Iterator[tuple[int, str]]:
    exercises = {cell.name: cell.line for cell in lesson.of_kind("exercise")}
    checks = {cell.name: cell.line for cell in lesson.of_kind("check")}
    for name, line in exercises.items():
        if name not in checks:
            yield line, f'exercise "{name}" has no check; add ```python check="{name}" points=…'
    for name, line in checks.items():
        if name not in exercises:
            yield line, f'check "{name}" has no exercise; add ```python exercise="{name}"'
        elif line < exercises[name]:
            yield line, f'check "{name}" stands before its exercise; move it below'


def _regions_are_in_their_cells(lesson: Lesson) -> Iterator[tuple[int, str]]:
    belongs = {"exercise": [SOLUTION], "check": [HIDDEN], "essay": [SOLUTION, SCHEME]}
    for cell in lesson.cells:
        for region in (SOLUTION, HIDDEN, SCHEME):
            found = bool(inside(cell.source, region)) or f"BEGIN {region}" in cell.source
            if not balanced(cell.source, region):
                yield cell.line, f"BEGIN {region} and END {region} do not pair up in this cell"
            elif found and region not in belongs.get(cell.kind, []):
                yield cell.line, f"a {region} region has no place in this cell ({cell.kind})"
            elif not found and region in belongs.get(cell.kind, []) and region != HIDDEN:
                yield cell.line, f'{cell.kind} "{cell.name}" has no {region} region; add BEGIN {region} … END {region}'


def _points_in_prose_are_points_in_metadata(lesson: Lesson) -> Iterator[tuple[int, str]]:
    total = 0.0
    for task in tasks(lesson):
        total += task.points
        said = [(n, float(m[1])) for n, line in prose_lines(task.lead) for m in POINTS.finditer(line)]
        if not said:
            yield task.cell.line, f'{task} does not say its points; write "({_points(task.points)})" in its heading'
        elif len(said) > 1:
            yield said[1][0], f"{task} says its points {len(said)} times; say them once, right before it"
        elif said[0][1] != task.points:
            yield said[0][0], f"{task} says {_points(said[0][1])}, its metadata {task.points:g}; make them agree"
    totals = [(n, float(m[1])) for n, line in prose_lines(lesson.of_kind("prose")) if (m := TOTAL.match(line))]
    if total and len(totals) != 1:
        yield 1, f"{len(totals)} lines say the lesson's points; write one line **Points:** {total:g}"
    elif total and totals[0][1] != total:
        yield totals[0][0], f"**Points:** says {totals[0][1]:g}, the tasks add up to {total:g}"


def _checks_end_in_a_report(lesson: Lesson) -> Iterator[tuple[int, str]]:
    for cell in lesson.of_kind("check"):
        for source in (cell.source, without(cell.source, HIDDEN)):
            try:
                body = ast.parse(source).body
            except SyntaxError as error:
                yield cell.line + (error.lineno or 1) - 1, f'check "{cell.name}": {error.msg}'
                break
            if not body or not _is_report(body[-1]):
                what = "end it in check.report(): nbgrader gives full credit to any other value"
                yield cell.line + (body[-1].lineno if body else 1) - 1, f'check "{cell.name}": {what}'
                break


def _is_report(last: ast.stmt) -> bool:
    call = last.value if isinstance(last, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "report"


def _points(number: float) -> str:
    return f"{number:g} point{'' if number == 1 else 's'}"


def _answers_overwrite_nothing(lesson: Lesson) -> Iterator[tuple[int, str]]:
    defined = {name: line for cell in lesson.of_kind("code", "exercise") for name, line in _defined(cell)}
    for cell in lesson.of_kind(*CLOSED):
        if line := defined.get(cell.name.replace("-", "_")):
            what = f"is answered in a variable that line {line} defines too; rename one"
            yield cell.line, f'{cell.kind} "{cell.name}" {what}'


def _defined(cell: Cell) -> Iterator[tuple[str, int]]:
    """The names that a cell defines at its top level, with their lines; none if it is no plain Python."""
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError:
        return
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name, cell.line + statement.lineno - 1
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id, cell.line + node.lineno - 1


def _exercises_have_two_hints(lesson: Lesson) -> Iterator[tuple[int, str]]:
    for task in tasks(lesson):
        hints = [m[1] for _, line in prose_lines(task.lead) for m in HINT.finditer(line)]
        if task.cell.kind == "exercise" and hints[:2] != ["1", "2"]:
            what = "write <details><summary>Hint 1</summary>…</details>, then Hint 2, above it"
            yield task.cell.line, f"{task} has hints {', '.join(hints) or 'none'}; {what}"


def _exercises_say_in_and_out(lesson: Lesson) -> Iterator[tuple[int, str]]:
    for task in tasks(lesson):
        lines = [line for _, line in prose_lines(task.lead)]
        if task.cell.kind == "exercise" and not all(any(map(each.match, lines)) for each in IN_AND_OUT):
            yield task.cell.line, f'{task} does not say what goes in and out; write "- in: …" and "- out: …" above it'


RULES: list[Rule] = [
    _can_be_laid_out,
    _every_exercise_is_checked,
    _regions_are_in_their_cells,
    _points_in_prose_are_points_in_metadata,
    _checks_end_in_a_report,
    _answers_overwrite_nothing,
    _exercises_have_two_hints,
    _exercises_say_in_and_out,
    answers_stay_in_their_exercises,
    *TEXT_RULES,
]
