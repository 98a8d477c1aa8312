"""The course's words: ``course/glossary.yml`` says what each means and which lesson defines it.

An entry is ``term: {definition: …, lesson: 01_group_metrics, also: [plural, …]}``. The lesson that defines a term
marks the place with ``<dfn>term</dfn>``; no earlier lesson uses the term.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from coursekit.problem import Problem
from coursekit.source import ASKED, Lesson, prose_lines

FILE = Path("course/glossary.yml")
REQUIRED = {"definition", "lesson"}
DEFINED = re.compile(r"<dfn>(.+?)</dfn>")
_CODE = re.compile(r"`[^`]*`|\]\([^)]*\)")


@dataclass(frozen=True)
class Term:
    term: str
    definition: str
    lesson: str
    also: tuple[str, ...]
    line: int

    @property
    def names(self) -> set[str]:
        return {name.lower() for name in (self.term, *self.also)}


def lint_glossary(lessons: list[Lesson], root: Path) -> list[Problem]:
    """Terms without a definition in their lesson, definitions without a term, and terms used too early."""
    try:
        terms = read_glossary(root / FILE)
    except ValueError as error:
        return [Problem(root / FILE, 1, str(error))]
    return sorted({*_in_glossary(terms, lessons, root), *_in_lessons(terms, lessons)})


def read_glossary(path: Path) -> list[Term]:
    """Read the glossary; a course without one has no terms.

    Raises
    ------
    ValueError
        If an entry has no definition or no lesson.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    entries = yaml.safe_load(text) or {}
    for term, entry in entries.items():
        if not isinstance(entry, dict) or not REQUIRED <= entry.keys() <= REQUIRED | {"also"}:
            raise ValueError(f'"{term}" needs definition: and lesson:, and may have also: [other forms]')
    lines = {line.split(":")[0].strip("\"' "): n for n, line in enumerate(text.split("\n"), 1) if line[:1].strip()}
    return [
        Term(term, entry["definition"], str(entry["lesson"]), tuple(entry.get("also", ())), lines.get(term, 1))
        for term, entry in entries.items()
    ]


def _in_glossary(terms: list[Term], lessons: list[Lesson], root: Path) -> Iterator[Problem]:
    texts = {lesson.name: lesson for lesson in lessons}
    for term in terms:
        if term.lesson not in texts:
            yield Problem(root / FILE, term.line, f'"{term.term}": no lesson {term.lesson}')
        elif not term.names & {name for _, name in _definitions(texts[term.lesson])}:
            what = f"{term.lesson} does not define it; write <dfn>{term.term}</dfn> where it does"
            yield Problem(root / FILE, term.line, f'"{term.term}": {what}')


def _in_lessons(terms: list[Term], lessons: list[Lesson]) -> Iterator[Problem]:
    home = {name: term.lesson for term in terms for name in term.names}
    for lesson in lessons:
        for number, name in _definitions(lesson):
            if home.get(name) != lesson.name:
                where = f"is defined in {home[name]}" if name in home else f"is not in {FILE}; add it"
                yield Problem(lesson.path, number, f"<dfn>{name}</dfn> {where}")
        later = [name for name in home if home[name] > lesson.name]
        yield from _used_early(lesson, home, later)


def _used_early(lesson: Lesson, home: dict[str, str], later: list[str]) -> Iterator[Problem]:
    if not later:
        return
    names = re.compile(rf"\b({'|'.join(map(re.escape, sorted(later, key=len, reverse=True)))})\b", re.IGNORECASE)
    for number, line in _text(lesson):
        for found in names.finditer(_CODE.sub("", line)):
            name = found[1].lower()
            yield Problem(lesson.path, number, f'"{name}" is used before {home[name]} defines it')


def _definitions(lesson: Lesson) -> Iterator[tuple[int, str]]:
    return ((n, name.lower()) for n, line in _text(lesson) for name in DEFINED.findall(line))


def _text(lesson: Lesson) -> Iterator[tuple[int, str]]:
    return prose_lines(lesson.of_kind("prose", *ASKED))
