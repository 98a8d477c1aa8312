"""course/COVERAGE.md promises where each item is taught; what it names is there."""

import re
from pathlib import Path

import pytest

from coursekit.source import HEADING, read_lesson

COURSE = Path(__file__).resolve().parents[2] / "course"
TABLE = COURSE / "COVERAGE.md"


def rows():
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines if line.startswith("|")]
    return [row for row in cells if row[0] != "item" and not set(row[0]) <= {"-", " ", ":"}]


def headings(lesson):
    lines = [line for cell in lesson.cells for _, line in cell.lines()]
    return {plain(mark[2]) for line in lines if (mark := HEADING.match(line))}


def plain(title):
    """A heading without its number of points."""
    return re.sub(r"\s*\([^()]* points?\)$", "", title).strip()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_an_item_is_taught_where_the_table_says(row):
    _item, folder, targets = row
    source = COURSE / folder / "lesson.md"
    assert source.exists(), f"there is no lesson {folder}"
    lesson = read_lesson(source)
    names = {cell.name for cell in lesson.cells if cell.name}
    for target in [target.strip() for target in targets.split(";")]:
        if name := re.fullmatch(r"`([^`]+)`", target):
            assert name[1] in names, f"{folder} has no exercise, quiz, cards, essay or cell {target}"
        else:
            assert plain(target) in headings(lesson), f"{folder} has no heading “{target}”"


def test_no_item_stands_twice_for_one_lesson():
    pairs = [(row[0], row[1]) for row in rows()]
    assert len(pairs) == len(set(pairs))
