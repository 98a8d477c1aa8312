"""Reading lesson.md: the cells, their lines, and what is refused."""

import jupytext
import pytest

from coursekit.source import SourceError, read_lesson


def test_every_cell_knows_the_line_it_begins_at(course):
    text = course.source.read_text().split("\n")
    for cell in read_lesson(course.source).cells:
        assert text[cell.line - 1] == cell.source.split("\n")[0]


def test_cells_come_in_order_with_their_kinds_names_and_points(course):
    cells = [(cell.kind, cell.name, cell.points) for cell in read_lesson(course.source).cells if cell.kind != "prose"]
    assert cells == [
        ("code", "setup", None),
        ("exercise", "double", None),
        ("check", "double", 3),
        ("code", "", None),
        ("essay", "fair", 2),
        ("quiz", "eo-or-eopp", 2),
    ]


def test_jupytext_reads_the_same_code_cells(course):
    course.change('tags="explorer"', 'tags=["explorer"]')
    theirs = [c.source for c in jupytext.read(course.source).cells if c.cell_type == "code"]
    ours = [c.source for c in read_lesson(course.source).of_kind("code", "exercise", "check")]
    assert ours == theirs


@pytest.mark.parametrize("tags", ['tags="explorer, slow"', 'tags=["explorer", "slow"]'])
def test_tags_are_a_list_or_words_with_commas(course, tags):
    course.change('tags="explorer"', tags)
    assert ("explorer", "slow") in {cell.tags for cell in read_lesson(course.source).cells}


def test_prose_is_split_at_headings_outside_code(course):
    course.change("## Look\n", "## Look\n\n```text\n# no heading\n```\n\n### Closer\n\n```python .noeval\n1 / 0\n```\n")
    cells = read_lesson(course.source).cells
    assert [c.source.split("\n")[0] for c in cells if "# Look\n" in c.source or "# Closer" in c.source] == [
        "## Look",
        "### Closer",
    ]
    assert not [c for c in cells if c.kind == "code" and "1 / 0" in c.source]


def test_front_matter_is_no_prose(course):
    course.source.write_text("---\nauthor: somebody\n---\n" + course.source.read_text())
    first = read_lesson(course.source).cells[0]
    assert (first.source.split("\n")[0], first.line) == ("# Doubling", 4)


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("check.report()\n```", "check.report()", "check=", "this fence has no end"),
        ("<!-- #endregion -->\n\n## Check", "## Check", "essay=", "this region has no end"),
        ('id="setup"', 'ids="setup"', "ids=", "unknown option 'ids'"),
        ('id="setup"', 'id="set up"', "set up", "needs letters, digits"),
        (" points=3\n", "\n", "check=", "check .* has points=None"),
        ('exercise="double"', 'exercise="double" points=3', "exercise=", "exercise .* has points=3"),
        (" points=3\n", " points=0\n", "check=", "check .* has points=0"),
        ('#region essay="fair" points=2', "#region", "#region -->", 'needs essay="name"'),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(course, old, new, at, says):
    course.change(old, new)
    with pytest.raises(SourceError, match=says) as error:
        read_lesson(course.source)
    assert str(error.value).startswith(f"{course.source}:{course.line(at)}: ")


def test_a_file_that_is_not_utf8_is_refused_and_a_byte_order_mark_is_not(course):
    good = course.source.read_bytes()
    course.source.write_bytes(b"\xef\xbb\xbf" + good)
    assert read_lesson(course.source).cells[0].source.startswith("# Doubling")
    course.source.write_bytes(good + b"\xff")
    with pytest.raises(SourceError, match=r":1: this is not UTF-8"):
        read_lesson(course.source)
