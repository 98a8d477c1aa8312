"""A cell beside an exercise may not hold its answer, under whatever name; anything else it may."""

import pytest

from coursekit.lint import lint
from coursekit.source import read_lesson

SOLUTION = "    factor_of_two = 2\n    return factor_of_two * x\n"
WHAT = 'this is the answer to exercise "double"; call yours_or_ours in its place'
LONGER = "    ups = x[x > 0]\n    return ups.sum() / len(x) - np.mean(x)\n"


def found(course, cell, solution=SOLUTION):
    course.change(SOLUTION, solution)
    course.change("print(object())", cell)
    return [str(problem) for problem in lint(read_lesson(course.source))]


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        pytest.param("def twice(x):\n    factor_of_two = 2\n    return factor_of_two * x", "def twice", id="body"),
        pytest.param('def twice(n):\n    """Ours."""\n    k = 2\n    return k * n', "def twice", id="other-names"),
        pytest.param("def twice(n: float) -> float:\n    k = 2\n    return k * n", "def twice", id="annotated"),
        pytest.param("if rng:\n    def twice(n):\n        k = 2\n        return k * n", "def twice", id="nested"),
    ],
)
def test_a_function_with_the_body_of_the_solution_is_named(course, cell, at):
    assert found(course, cell) == [f"{course.source}:{course.line(at)}: {WHAT}"]


@pytest.mark.parametrize("cell", ["def double(more):\n    return more + 1", "double = lambda more: more + 1"])
def test_a_function_with_the_name_of_the_exercise_is_named(course, cell):
    found_there, line = found(course, cell), course.line(cell.splitlines()[0])
    assert found_there == [f'{course.source}:{line}: "double" is an exercise; give this function another name']


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("ours = lambda up, n: up.sum() / len(n) - np.mean(n)", "lambda up"),
        ("rng = 0\nprint(won.sum() / len(y) - np.mean(y))", "print"),
        ("def ours(up, n):\n    print(n)\n    return up.sum() / len(n) - np.mean(n)", "return up.sum"),
    ],
    ids=["lambda", "expression", "in another function"],
)
def test_what_the_solution_returns_is_named(course, cell, at):
    assert found(course, cell, LONGER) == [f"{course.source}:{course.line(at)}: {WHAT}"]


@pytest.mark.parametrize(
    ("cell", "solution"),
    [
        pytest.param("def thrice(n):\n    k = 3\n    return k * n", SOLUTION, id="another-constant"),
        pytest.param("def twice(n):\n    k = 2\n    return k * k", SOLUTION, id="two-names-for-one"),
        pytest.param("def twice(n):\n    k = 2.0\n    return k * n", SOLUTION, id="another-type"),
        pytest.param("twice = 2 * 3\nprint(rng * twice)", SOLUTION, id="too-short-to-tell"),
        pytest.param("print(won.sum() / len(y) - np.mean(won))", LONGER, id="names-crossed"),
        pytest.param("print(won.sum() / len(y) - np.median(y))", LONGER, id="another-function"),
        pytest.param("print(won.sum() / len(y))", LONGER, id="a-part-of-it"),
        pytest.param('ours = yours_or_ours("double", lambda n: np.multiply(n, 2))', SOLUTION, id="the-library's"),
        pytest.param("%matplotlib inline", SOLUTION, id="no-plain-python"),
    ],
)
def test_an_honest_cell_passes(course, cell, solution):
    assert found(course, cell, solution) == []


def test_checks_may_hold_answers(course):
    course.change("check.equal(2, 4", "def ours(n):\n    k = 2\n    return k * n\ncheck.equal(2, 4")
    assert lint(read_lesson(course.source)) == []
