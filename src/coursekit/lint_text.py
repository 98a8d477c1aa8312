"""Lint what people read: headings, images and words."""

import re
from collections.abc import Callable, Iterator

from coursekit.source import ASKED, HEADING, Lesson, prose_lines

IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)\s]*)|<img\b(?P<tag>[^>]*)")
ALT = re.compile(r"""\balt\s*=\s*(["'])\s*\S.*?\1""")
SOURCE_OF_TAG = re.compile(r"""\bsrc\s*=\s*["']([^"']+)""")
BANNED = re.compile(
    r"\bde-?bias\w*|\bunbiased\b(?! estimat)|\bsolv\w+ fairness\b|\bremov\w+ (?:\w+ ){0,2}bias\b", re.IGNORECASE
)
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|‘[^’]*’|«[^»]*»|^>.*")

WIDEST_CELL, WIDEST_FENCE = 120, 88

Rule = Callable[[Lesson], Iterator[tuple[int, str]]]


def _headings_go_down_step_by_step(lesson: Lesson) -> Iterator[tuple[int, str]]:
    level = 0
    for number, line in _text(lesson):
        if mark := HEADING.match(line):
            here = len(mark[1])
            if here > level + 1:
                yield number, f"heading of level {here} under level {level}; use level {level + 1}"
            elif here == 1 and level:
                yield number, "a second title; a lesson has one heading of level 1, its first"
            level = here
    if not level:
        yield 1, "the lesson has no title; begin with a heading of level 1"


def _images_can_be_heard_and_found(lesson: Lesson) -> Iterator[tuple[int, str]]:
    for number, line in _text(lesson):
        for image in IMAGE.finditer(line):
            tag = image["tag"]
            if not (ALT.search(tag) if tag else (image["alt"] or "").strip()):
                yield number, "image without alt text; say in it what a reader should see"
            source = SOURCE_OF_TAG.search(tag) if tag else None
            file = source[1] if source else image["file"]
            if file and ":" not in file and not (lesson.path.parent / file).exists():
                yield number, f"image {file} is not in {lesson.path.parent.name}/"


def _words_are_chosen(lesson: Lesson) -> Iterator[tuple[int, str]]:
    for number, line in _text(lesson):
        own = _QUOTED.sub("", line)
        for found in BANNED.finditer(own):
            if not _is_name(own, found):
                yield number, f'"{found[0]}" promises too much; say "mitigate" or "reduce the gap"'


def _code_is_seen_whole(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """A cell that is too wide scrolls sideways, and code in the text wraps; checks are folded away."""
    for cell in lesson.of_kind("code", "exercise", "prose", *ASKED):
        in_cell = cell.kind in ("code", "exercise")
        widest = WIDEST_CELL if in_cell else WIDEST_FENCE
        written = set() if in_cell else set(prose_lines([cell]))
        for number, line in cell.lines():
            if len(line) > widest and (number, line) not in written:
                yield number, f"this line of code has {len(line)} columns; break it before column {widest}"


def _is_name(line: str, found: re.Match) -> bool:
    """Whether the words are part of a proper name: capitalised, after another capitalised word."""
    before = line[: found.start()].split()
    return found[0][0].isupper() and bool(before) and before[-1][0].isupper()


def _text(lesson: Lesson) -> Iterator[tuple[int, str]]:
    return prose_lines(lesson.of_kind("prose", *ASKED))


TEXT_RULES: list[Rule] = [
    _headings_go_down_step_by_step,
    _images_can_be_heard_and_found,
    _words_are_chosen,
    _code_is_seen_whole,
]
