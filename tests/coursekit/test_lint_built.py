"""The lint of built notebooks: figures, stderr, stubs, and answers given away."""

import nbformat
import pytest
from nbformat.v4 import new_output

from coursekit.lint_built import lint_built
from coursekit.source import read_lesson


def problems(course):
    return [str(problem) for problem in lint_built(read_lesson(course.source), course.root)]


def tamper(path, cell_id, **changes):
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == cell_id).update(changes)
    nbformat.write(notebook, path)


def shown(data, metadata=None):
    return new_output("display_data", data, metadata=metadata or {})


def test_the_good_build_has_no_problems(built):
    assert problems(built) == []


def test_a_lesson_that_is_not_built_says_how_to_build_it(course):
    assert problems(course) == [
        f"{course.source}:1: solutions/01_doubling/01_doubling.ipynb is not built; run coursekit build"
    ]


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (shown({"image/png": "AAAA"}), "figure without alt text"),
        (shown({"image/png": "AAAA", "text/html": "<img src='x'>"}), "figure without alt text"),
        (shown({"text/html": "<img src='x' alt=''>"}), "figure without alt text"),
        (shown({"text/html": "<svg width='9'><path d=''/></svg>"}), "figure without alt text"),
        (new_output("stream", name="stderr", text="careful"), "writes to stderr"),
    ],
)
def test_an_output_that_not_everyone_can_read_is_named_at_its_cell(built, output, says):
    tamper(built.solution, "setup", outputs=[output])
    (found,) = problems(built)
    assert found.startswith(f"{built.source}:{built.line('import numpy')}: ")
    assert says in found


@pytest.mark.parametrize(
    "output",
    [
        shown({"image/png": "AAAA"}, {"image/png": {"alt": "Two lines that cross"}}),
        shown({"image/png": "AAAA", "text/html": '<figure><img src="x" alt="Two lines"></figure>'}),
        shown({"text/html": "<svg aria-label='Two lines'><path d=''/></svg>"}),
        shown({"text/html": "<table><tr><td>1</td></tr></table>"}),
        new_output("stream", name="stdout", text="fine"),
    ],
)
def test_an_output_with_alt_text_is_fine(built, output):
    tamper(built.solution, "setup", outputs=[output])
    assert problems(built) == []


def test_a_stub_must_raise(built):
    tamper(built.lesson, "double", source="def double(x):\n    return None")
    assert problems(built) == [
        f"{built.source}:{built.line('def double(x):')}: "
        'exercise "double" is released without a stub that raises NotImplementedError'
    ]


@pytest.mark.parametrize(
    "secret",
    [
        "return factor_of_two * x",
        'check.equal(-1.5, -3.0, {2.25: "You squared."})',
        "Everyone is doubled and nobody decides it.",
        "- 1 point: names the person who decides",
    ],
)
def test_an_answer_that_stands_in_the_lesson_is_named_at_its_line(built, secret):
    tamper(built.lesson, "look", source=f"## Look\n\n    {secret}")
    assert problems(built) == [
        f'{built.source}:{built.line(secret)}: "{secret}" is part of an answer and stands in the released lesson'
    ]
