"""The notebook that a lesson becomes: ids, nbgrader's metadata, and its own schema."""

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from coursekit.notebook import assemble, lay_out, slug
from coursekit.source import SourceError, read_lesson


def notebook(course):
    return assemble(lay_out(read_lesson(course.source)))


def cells(course):
    return {cell.id: cell for cell in notebook(course).cells}


def test_the_notebook_is_valid_for_jupyter_and_nbgrader(course):
    found = notebook(course)
    nbformat.validate(found, relax_add_props=False)
    MetadataValidator().validate_nb(found)
    assert (found.nbformat, found.nbformat_minor) == (4, 5)


def test_ids_are_what_the_source_says(course):
    assert [*cells(course)] == [
        "doubling",
        "setup",
        "exercise-1-twice-as-much",
        "double",
        "check-double",
        "look",
        "look-code",
        "essay-is-it-fair",
        "question-fair",
        "fair",
        "check-yourself",
        "question-quiz-eo-or-eopp",
        "quiz-eo-or-eopp",
        "check-quiz-eo-or-eopp",
    ]


def test_equal_headings_and_unnamed_cells_get_numbers(course):
    course.change(
        "## Look\n", "## Look\n\nText.\n\n## Look\n\n```python\n1\n```\n\nMore.\n\n```python\n2\n```\n\nEnd.\n"
    )
    ids = [*cells(course)]
    assert ids[5:13] == [
        "look",
        "look-2",
        "look-2-code",
        "look-2-text",
        "look-2-code-2",
        "look-2-text-2",
        "look-2-code-3",
        "essay-is-it-fair",
    ]


def test_an_unnamed_cell_never_takes_a_name_that_another_asks_for(course):
    course.change('id="setup"', 'id="look-code"')
    assert {"look-code", "look-code-2"} <= {*cells(course)}


@pytest.mark.parametrize(
    ("name", "grade", "solution", "locked", "points"),
    [
        ("double", False, True, False, None),
        ("check-double", True, False, True, 3),
        ("fair", True, True, False, 2),
        ("quiz-eo-or-eopp", False, True, False, None),
        ("check-quiz-eo-or-eopp", True, False, True, 2),
    ],
)
def test_graded_cells_have_nbgraders_metadata(course, name, grade, solution, locked, points):
    found = cells(course)[name].metadata.nbgrader
    assert (found.grade_id, found.schema_version, found.task) == (name, 3, False)
    assert (found.grade, found.solution, found.locked, found.get("points")) == (grade, solution, locked, points)


def test_the_question_shows_no_sign_of_the_answer(course):
    asked = cells(course)["question-quiz-eo-or-eopp"].source
    assert "[x]" not in asked
    assert "Nothing twice" not in asked


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [('id="setup"', 'id="double"', "double"), ('essay="fair"', 'essay="double"', "double")],
)
def test_two_cells_that_claim_one_id_are_refused(course, old, new, taken):
    course.change(old, new)
    with pytest.raises(SourceError, match=f'id "{taken}" is already taken in line'):
        notebook(course)


def test_a_broken_quiz_is_refused_at_its_line(course):
    course.change("- [x] b.", "- [ ] b.")
    with pytest.raises(SourceError, match='quiz "eo-or-eopp": 0 options') as error:
        notebook(course)
    assert error.value.line == course.line("**Question 1**")


@pytest.mark.parametrize("title", ["", "###", "Ünïcödé — ½", "a" * 200, "word " * 30])
def test_a_slug_is_a_valid_cell_id_with_room_for_a_suffix(title):
    assert nbformat.v4.new_markdown_cell("", id=slug(title)).id == slug(title)
    assert 0 < len(slug(title)) <= 40
