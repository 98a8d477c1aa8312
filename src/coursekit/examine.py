"""All that ``coursekit check`` looks at: lint of sources, glossary and notebooks, and the trial of answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from coursekit.bank import too_few
from coursekit.course import for_each, lessons
from coursekit.glossary import FILE, lint_glossary
from coursekit.lint import lint
from coursekit.lint_built import lint_built
from coursekit.notebook import lay_out
from coursekit.problem import Problem
from coursekit.source import Lesson, SourceError, read_lesson
from coursekit.trial import Verdict, trial

KINDS = ("solution", "right", "wrong", "stub")


@dataclass(frozen=True)
class Examination:
    problems: list[Problem]
    verdicts: list[Verdict]


def examine(root: Path, sources: list[Path]) -> Examination:
    """Lint the lessons and try their answers, each lesson in a process of its own; paths are relative to root."""
    found = for_each(_examine, sources, root)
    wanted = {*sources, root / FILE}
    problems = [problem for one in found for problem in one.problems]
    problems += [problem for problem in _glossary(root) if problem.path in wanted]
    relative = [Problem(problem.path.relative_to(root), problem.line, problem.what) for problem in problems]
    return Examination(sorted(relative), [verdict for one in found for verdict in one.verdicts])


def table(verdicts: list[Verdict]) -> Iterator[str]:
    """One row per exercise, how many answers of each kind were marked fairly; below, those that were not."""
    yield f"{'exercise':28} {'points':>6} " + " ".join(f"{kind:>9}" for kind in KINDS)
    for name, group in groupby(verdicts, key=lambda verdict: verdict.answer.exercise):
        tried = list(group)
        columns = [_fraction([verdict.fair for verdict in tried if verdict.answer.kind == kind]) for kind in KINDS]
        yield f"{name:28} {tried[0].points:>6g} " + " ".join(f"{column:>9}" for column in columns)
    for verdict in verdicts:
        if not verdict.fair:
            answer = verdict.answer
            where = f" (line {answer.line})" if answer.line else ""
            yield f"{answer.exercise}: the {answer.kind} answer{where} {verdict.fault}"
            yield from (f"    {line}" for line in [*answer.source.split("\n"), "said:", *verdict.feedback.split("\n")])


def _fraction(fair: list[bool]) -> str:
    return f"{sum(fair)}/{len(fair)}" if fair else "-"


def _examine(source: Path, root: Path) -> Examination:
    try:
        lesson: Lesson = read_lesson(source)
    except SourceError as error:
        return Examination([_problem(error)], [])
    problems = lint(lesson) + lint_built(lesson, root)
    try:
        lay_out(lesson)
        return Examination(problems + too_few(lesson), trial(lesson))
    except SourceError as error:
        return Examination(sorted({*problems, _problem(error)}), [])


def _glossary(root: Path) -> list[Problem]:
    readable = []
    for source in lessons(root):
        try:
            readable.append(read_lesson(source))
        except SourceError:
            continue
    return lint_glossary(readable, root)


def _problem(error: SourceError) -> Problem:
    return Problem(error.path, error.line, error.what)
