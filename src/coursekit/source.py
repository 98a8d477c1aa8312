"""Read a lesson: ``course/NN_name/lesson.md``, Jupytext Markdown, as a list of cells that remember their lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from jupytext.cell_metadata import text_to_metadata

HEADING = re.compile(r"^(#{1,6}) (.+?)\s*#*$")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,50}")
CLOSED = ("quiz", "cards")
ASKED = ("essay", *CLOSED)
GRADED = ("check", *ASKED)
KINDS = {"python": ("exercise", "check"), "region": ASKED}

_FENCE = re.compile(r"^(`{3,}|~{3,})\s*(\S*)(.*)$")
_REGION = re.compile(r"^<!--\s*#region(.*)-->\s*$")
_END_REGION = re.compile(r"^<!--\s*#endregion\s*-->\s*$")


class SourceError(ValueError):
    """A lesson that cannot be read; its text starts with ``file:line:``."""

    def __init__(self, path: Path, line: int, what: str):
        super().__init__(f"{path}:{line}: {what}")
        self.path, self.line, self.what = path, line, what

    def __reduce__(self) -> tuple:
        return SourceError, (self.path, self.line, self.what)


@dataclass(frozen=True)
class Cell:
    """One piece of a lesson.

    ``kind`` is "prose", "code", "exercise", "check", "essay", "quiz" or "cards"; ``name`` is the exercise's
    (essay's, …) name, or the ``id`` that a code cell asks for; ``line`` is where ``source`` begins in lesson.md,
    counted from 1; ``choices`` are what cards are sorted into.
    """

    kind: str
    source: str
    line: int
    name: str = ""
    points: float | None = None
    tags: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    def lines(self) -> Iterator[tuple[int, str]]:
        return enumerate(self.source.split("\n"), start=self.line)


@dataclass(frozen=True)
class Lesson:
    """A lesson's cells; ``needs`` names the data sets without which its stored outputs cannot be repeated."""

    path: Path
    cells: tuple[Cell, ...]
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.parent.name

    def of_kind(self, *kinds: str) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind in kinds]


def read_lesson(path: Path) -> Lesson:
    """Parse a lesson source.

    Raises
    ------
    SourceError
        If it is not UTF-8, a fence or region does not end, or its options are not what the format knows.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise SourceError(path, 1, f"this is not UTF-8 ({error.reason} at byte {error.start})") from None
    cells: list[Cell] = []
    prose: list[str] = []
    start = at = first = _after_front_matter(lines)

    def end_prose() -> None:
        cells.extend(_split_at_headings(prose, start + 1))
        prose.clear()

    while at < len(lines):
        block = _block(path, lines, at)
        if block is None:
            prose.append(lines[at])
            at += 1
            continue
        end, cell = block
        if cell is None:
            prose.extend(lines[at:end])
        else:
            end_prose()
            cells.append(cell)
            start = end
        at = end
    end_prose()
    return Lesson(path, tuple(cells), _needs(lines[:first]))


def prose_lines(cells: Iterable[Cell]) -> Iterator[tuple[int, str]]:
    """Numbered lines of what people read: the given cells without their fenced code."""
    for cell in cells:
        fence = ""
        for number, line in cell.lines():
            mark = _FENCE.match(line.lstrip())
            if fence:
                fence = "" if mark and mark[1].startswith(fence) and not mark[2] else fence
            elif mark:
                fence = mark[1]
            else:
                yield number, line


def _after_front_matter(lines: list[str]) -> int:
    return lines.index("---", 1) + 1 if lines[0] == "---" and "---" in lines[1:] else 0


def _needs(front_matter: list[str]) -> tuple[str, ...]:
    found = [line.removeprefix("needs:") for line in front_matter if line.startswith("needs:")]
    return tuple(name.strip() for line in found for name in line.split(",") if name.strip())


def _block(path: Path, lines: list[str], at: int) -> tuple[int, Cell | None] | None:
    """The fence or region that begins at a line, as (line after it, its cell); without a cell it stays prose."""
    if region := _REGION.match(lines[at]):
        opens, closes = _REGION.match, _END_REGION.match
        kind, options = "region", region[1]
    elif fence := _FENCE.match(lines[at]):
        opens, closes = (re.compile(rf"^{fence[1]}{fence[1][0]}*\s*{rest}").match for rest in (r"\w", "$"))
        kind, options = fence[2], fence[3]
    else:
        return None
    end = next((i for i in range(at + 1, len(lines)) if closes(lines[i]) or opens(lines[i])), len(lines))
    if end == len(lines) or not closes(lines[end]):
        raise SourceError(path, at + 1, f"this {'region' if kind == 'region' else 'fence'} has no end")
    if kind not in KINDS or ".noeval" in options.split():
        return end + 1, None
    body = lines[at + 1 : end]
    skipped = next((i for i, line in enumerate(body) if line), 0)
    cell = Cell("code", "\n".join(body).strip("\n"), at + 2 + skipped)
    try:
        return end + 1, _with_options(cell, kind, options)
    except ValueError as error:
        raise SourceError(path, at + 1, str(error)) from None


def _with_options(cell: Cell, fence: str, text: str) -> Cell:
    _, options = text_to_metadata(text, allow_title=True)
    known = {*KINDS[fence], "points", "tags", "id", "choices"}
    if unknown := options.keys() - known:
        raise ValueError(f"unknown option {min(unknown)!r}; known are {', '.join(sorted(known))}")
    kind = next((kind for kind in KINDS[fence] if kind in options), "code")
    if fence == "region" and kind == "code":
        raise ValueError('a region needs essay="name", quiz="name" or cards="name"')
    name = str(options.get(kind, options.get("id", "")))
    if (kind != "code" or "id" in options) and not NAME.fullmatch(name):
        raise ValueError(f"{kind} name {name!r} needs letters, digits, - and _ only, a letter first, at most 51")
    points = options.get("points")
    if (kind in GRADED) != (isinstance(points, int | float) and points > 0):
        raise ValueError(
            f'{kind} "{name}" has points={points}: checks, essays, quizzes and cards have points, others not'
        )
    if (kind == "cards") != ("choices" in options):
        raise ValueError(f'{kind} "{name}": choices="this, that" go with cards, and cards with choices')
    tags, choices = _words(options.get("tags", [])), _words(options.get("choices", []))
    return replace(cell, kind=kind, name=name, points=points, tags=tags, choices=choices)


def _words(given: str | list) -> tuple[str, ...]:
    """An option's list, written as one or as words with commas."""
    words = given.split(",") if isinstance(given, str) else map(str, given)
    return tuple(word.strip() for word in words if word.strip())


def _split_at_headings(lines: list[str], first: int) -> Iterator[Cell]:
    """Prose cells: a new one at every heading of level 1 to 3 that stands outside fenced code."""
    whole = Cell("prose", "\n".join(lines), first)
    starts = [n for n, line in prose_lines([whole]) if (m := HEADING.match(line)) and len(m[1]) <= 3]
    bounds = sorted({first, *starts, first + len(lines)})
    for begin, end in pairwise(bounds):
        part = lines[begin - first : end - first]
        if source := "\n".join(part).strip("\n"):
            blank = next(i for i, line in enumerate(part) if line)
            yield Cell("prose", source, begin + blank)
