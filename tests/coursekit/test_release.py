"""The released notebook, as nbgrader and a student see it."""

import io
import json
import shutil

import nbformat
import pytest
from nbgrader.utils import compute_checksum, is_grade, is_locked
from nbgrader.validator import Validator

from coursekit.build import build
from coursekit.notebook import lay_out
from coursekit.release import release
from coursekit.source import read_lesson


def cells(path):
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


def validate(path, **how):
    validator = Validator(**how)
    validator.stream = io.StringIO()
    validator.validate_and_print(str(path))
    return validator.stream.getvalue()


def answer(built, **sources):
    notebook = nbformat.read(built.lesson, as_version=4)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id.replace("-", "_"), cell.source)
    nbformat.write(notebook, built.lesson)


def test_nothing_of_solutions_hidden_tests_and_rubrics_is_left(built):
    text = built.lesson.read_text()
    for secret in (
        "factor_of_two",
        "You squared",
        "nobody decides",
        "names the person",
        "Nothing twice",
        "BEGIN",
        "END",
    ):
        assert secret not in text


def test_stubs_are_where_answers_go(built):
    lesson = cells(built.lesson)
    assert lesson["double"].source.endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert lesson["fair"].source == "YOUR ANSWER HERE"
    assert lesson["quiz-eo-or-eopp"].source == 'eo_or_eopp = ""  # "a", "b" or "c"'


def test_checksums_are_those_of_the_released_cells(built):
    graded = [cell for cell in cells(built.lesson).values() if is_grade(cell) or is_locked(cell)]
    assert len(graded) == 3
    assert all(cell.metadata.nbgrader.checksum == compute_checksum(cell) for cell in graded)


def test_nbgrader_validates_right_answers(built):
    answer(built, double="def double(x):\n    return x + x", quiz_eo_or_eopp='eo_or_eopp = "b"', fair="I do.")
    assert "Success! Your notebook passes all the tests." in validate(built.lesson)


def test_nbgrader_passes_no_check_of_an_untouched_lesson(built):
    assert "Success! The notebook does not pass any tests." in validate(built.lesson, invert=True)


def test_an_untouched_lesson_runs_to_its_end(built, standin):
    from nbclient import NotebookClient

    notebook = nbformat.read(built.lesson, as_version=4)
    NotebookClient(notebook, kernel_name="python3").execute()
    assert not [o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "error"]


def test_the_courses_own_stubs_are_used(built):
    (built.root / "course" / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.root = '/nowhere'\n"
        "c.ClearSolutions.code_stub = {'python': '# yours\\nraise NotImplementedError'}\n"
        "c.ClearSolutions.text_stub = '*yours*'\n"
    )
    build(built.root, [built.source])
    lesson = cells(built.lesson)
    assert lesson["double"].source.endswith("    # yours\n    raise NotImplementedError")
    assert lesson["fair"].source == "*yours*"
    assert lesson["quiz-eo-or-eopp"].source == 'eo_or_eopp = ""  # "a", "b" or "c"'


def test_what_nbgrader_says_reaches_the_author(built):
    notebook = json.loads(built.solution.read_text())
    notebook["cells"][1]["source"] += ["\n### BEGIN SOLUTION"]
    built.solution.write_text(json.dumps(notebook))
    shutil.rmtree(built.lesson.parent)
    with pytest.raises(RuntimeError, match="no end solution statement found"):
        release(built.folder.name, built.root)


def test_the_model_answer_and_the_mark_scheme_stand_in_the_solution(built):
    essay = cells(built.solution)["fair"].source
    assert "nobody decides" in essay
    assert "names the person who decides" in essay
    assert [place.node.id for place in lay_out(read_lesson(built.source)) if "Who is doubled" in place.node.source] == [
        "question-fair"
    ]


def test_a_lesson_that_was_released_before_is_not_silently_kept(built):
    with pytest.raises(FileExistsError, match="lessons/01_doubling"):
        release(built.folder.name, built.root)
