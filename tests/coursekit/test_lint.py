"""Each rule of the lint: the good lesson keeps it, and a lesson broken in one way is named with line and mending."""

import pytest

from coursekit.lint import lint
from coursekit.source import read_lesson

HINT_1 = "<details><summary>Hint 1</summary>Look again at the times table.</details>\n"


def problems(course):
    return lint(read_lesson(course.source))


def test_the_good_lesson_has_no_problems(course):
    assert problems(course) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        pytest.param('check="double"', 'check="twice"', "def double", 'exercise "double" has no check', id="unchecked"),
        pytest.param(
            'exercise="double"', 'id="double"', "check = Check", 'check "double" has no exercise', id="check-alone"
        ),
        pytest.param(
            'id="setup"', 'id="double"', "def double", 'id "double" is already taken in line 8', id="id-twice"
        ),
        pytest.param("- [x] b.", "- [ ] b.", "**Question 1**", 'quiz "eo-or-eopp": 0 options are marked', id="quiz"),
        pytest.param(
            "    ### BEGIN SOLUTION\n", "", "def double", "BEGIN SOLUTION and END SOLUTION do not", id="open-region"
        ),
        pytest.param(
            "    ### BEGIN SOLUTION\n    factor_of_two = 2\n    return factor_of_two * x\n    ### END SOLUTION",
            "    return 2 * x",
            "def double",
            'exercise "double" has no SOLUTION region',
            id="no-solution",
        ),
        pytest.param(
            "rng.integers(0, 10, 3)",
            "### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS",
            "import numpy",
            "a HIDDEN TESTS region has no place in this cell",
            id="hidden-in-code",
        ),
        pytest.param(
            "<!-- BEGIN SOLUTION -->\nEveryone is doubled and nobody decides it.\n<!-- END SOLUTION -->\n",
            "",
            "Who is doubled",
            'essay "fair" has no SOLUTION region',
            id="no-model-answer",
        ),
        pytest.param(
            "twice as much (3 points)",
            "twice as much",
            "def double",
            'exercise "double" does not say its points; write "(3 points)"',
            id="points-unsaid",
        ),
        pytest.param(
            "twice as much (3 points)",
            "twice as much (2 points)",
            "twice as much",
            "says 2 points, its metadata 3",
            id="points-differ",
        ),
        pytest.param(
            "Write `double`.",
            "Write `double` (3 points).",
            "Write `double`",
            "says its points 2 times",
            id="points-twice",
        ),
        pytest.param(
            "**Question 1** (2 points).",
            "**Question 1** (1 point).",
            "**Question 1**",
            "says 1 point, its metadata 2",
            id="quiz-points",
        ),
        pytest.param(
            "**Points:** 7", "**Points:** 8", "**Points:**", "says 8, the tasks add up to 7", id="total-differs"
        ),
        pytest.param("**Points:** 7\n", "", "# Doubling", "write one line **Points:** 7", id="total-unsaid"),
        pytest.param("## Look", "### Look", None, None, id="subheading-is-fine"),
        pytest.param(
            "## Look", "#### Look", "#### Look", "heading of level 4 under level 2; use level 3", id="heading-jump"
        ),
        pytest.param("## Look", "# Look", "# Look", "a second title", id="two-titles"),
        pytest.param(
            "# Doubling\n\n**", "**", "## Exercise 1", "heading of level 2 under level 0; use level 1", id="no-title"
        ),
        pytest.param(
            "![A straight line through the origin]", "![ ]", "images/line.svg", "image without alt text", id="no-alt"
        ),
        pytest.param(
            "![A straight line through the origin](images/line.svg)",
            '<img src="images/line.svg" alt="">',
            "images/line.svg",
            "image without alt text",
            id="empty-alt",
        ),
        pytest.param(
            "![A straight line through the origin](images/line.svg)",
            '<img src="images/line.svg" alt="A line">',
            None,
            None,
            id="tag-with-alt-is-fine",
        ),
        pytest.param(
            "images/line.svg",
            "images/curve.svg",
            "images/curve.svg",
            "images/curve.svg is not in 01_doubling/",
            id="no-image",
        ),
        pytest.param(
            "check.report()", "check.report() == 3", "check.report()", "end it in check.report()", id="comparison"
        ),
        pytest.param(
            "check.report()", "done = check.report()", "check.report()", "end it in check.report()", id="assignment"
        ),
        pytest.param("check.report()", "check.report()\nTrue", "True", "end it in check.report()", id="boolean"),
        pytest.param(
            "### END HIDDEN TESTS\ncheck.report()",
            "check.report()\n### END HIDDEN TESTS",
            "check.equal(2, 4",
            "end it",
            id="hidden-report",
        ),
        pytest.param(
            'check.equal(2, 4, {5: "', 'check.equal(2, 4 {5: "', "check.equal(2, 4", "invalid syntax", id="syntax"
        ),
        pytest.param(
            "rng = np", "eo_or_eopp = np", "**Question 1**", "is answered in a variable that line 11", id="overwritten"
        ),
        pytest.param(HINT_1, "", "def double", 'exercise "double" has hints 2', id="one-hint"),
        pytest.param("Hint 1", "Hint 2", "def double", "has hints 2, 2", id="hint-numbers"),
        pytest.param("- in: `x`, a number\n", "", "def double", "what goes in and out", id="no-input"),
        pytest.param("double a number.", "debias a number.", "debias", '"debias" promises too much', id="debias"),
        pytest.param("double a number.", "remove the bias.", "remove the bias", "promises too much", id="remove-bias"),
        pytest.param("double a number.", "get an unbiased model.", "unbiased", "promises too much", id="unbiased"),
        pytest.param("double a number.", 'read "debias" and `debias`, “debiased”.', None, None, id="quoted-is-fine"),
        pytest.param("double a number.", "read Adversarial Debiasing.", None, None, id="proper-name-is-fine"),
        pytest.param("double a number.", "know an unbiased estimator.", None, None, id="estimator-is-fine"),
        pytest.param("rng = np", "# debias\nrng = np", None, None, id="code-is-fine"),
        pytest.param("rng = np", f"# {'x' * 119}\nrng = np", "# xx", "has 121 columns", id="wide-cell"),
        pytest.param("rng = np", f"# {'x' * 118}\nrng = np", None, None, id="widest-cell"),
        pytest.param("## Look", f"```\n{'x' * 89}\n```\n\n## Look", "xxx", "has 89 columns", id="wide-fence"),
        pytest.param("## Look", f"```\n{'x' * 88}\n```\n\n## Look", None, None, id="widest-fence"),
        pytest.param("## Look", f"## Look\n\n{'long ' * 40}", None, None, id="prose-wraps"),
    ],
)
def test_a_lesson_broken_in_one_way(course, old, new, at, says):
    course.change(old, new)
    if at is None:
        assert problems(course) == []
        return
    line = 1 if "write one line" in says else course.line(at)
    found = [str(problem) for problem in problems(course)]
    assert [text for text in found if text.startswith(f"{course.source}:{line}: ") and says in text], found


def test_a_check_above_its_exercise_is_named(course):
    text = course.source.read_text()
    start, end = text.index("```python check="), text.index("## Look")
    check = text[start:end]
    at = text.index("```python exercise=")
    course.source.write_text(text[:at] + check + text[at:start] + text[end:])
    assert 'check "double" stands before its exercise; move it below' in [problem.what for problem in problems(course)]
