"""The mutation bank: fair marking passes, and each way to be unfair is found."""

import pytest

from coursekit.answers import load
from coursekit.bank import answers, too_few
from coursekit.quiz import seal
from coursekit.source import SourceError, read_lesson
from coursekit.trial import trial

THIRD = "check.equal([1, 2], [1, 2, 1, 2], {})"


def verdicts(course):
    return trial(read_lesson(course.source))


def faults(course):
    return [(v.answer.exercise, v.answer.kind, v.answer.line, v.fault) for v in verdicts(course) if not v.fair]


def test_the_good_bank_is_marked_fairly(course):
    assert faults(course) == []
    found = [(v.answer.exercise, v.answer.kind, round(v.earned, 2)) for v in verdicts(course)]
    assert found == [
        ("double", "stub", 0),
        ("double", "solution", 3),
        ("double", "wrong", 2),
        ("double", "wrong", 0),
        ("double", "wrong", 0),
        ("double", "right", 3),
        ("double", "right", 3),
        ("quiz-eo-or-eopp", "stub", 0),
        ("quiz-eo-or-eopp", "wrong", 0),
        ("quiz-eo-or-eopp", "right", 2),
        ("quiz-eo-or-eopp", "wrong", 0),
    ]


def test_answers_are_source_text_without_decorators(course):
    bank = load(course.folder / "answers.py")["double"]
    assert [answer.source.split("\n")[0] for answer in bank] == [
        "def double(x):",
        "def double(x):",
        "def double(x):",
        "def double(x):",
        "double = lambda number: number * 2",
    ]
    assert [answer.says for answer in bank if answer.kind == "wrong"] == [
        "you squared",
        "you added three",
        "you halved",
    ]
    lines = (course.folder / "answers.py").read_text().split("\n")
    assert all(lines[answer.line - 1].lstrip("@").startswith(answer.kind) for answer in bank)


def test_answers_of_a_quiz_are_whole_cells(course):
    quiz = answers(read_lesson(course.source))["quiz-eo-or-eopp"]
    assert [(a.kind, a.source, a.says) for a in quiz][1] == (
        "wrong",
        'eo_or_eopp = "a"  # "a", "b" or "c"',
        "Two is twice one.",
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "exercise", "kind", "says"),
    [
        pytest.param(
            "answers.py",
            "return x + 3",
            "return x + x",
            "double",
            "wrong",
            "earns all of 3, though it is wrong",
            id="wrong-passes",
        ),
        pytest.param(
            "answers.py",
            "return x * 2",
            "return x * 2.0",
            "double",
            "right",
            "with hidden tests, though it is right",
            id="right-fails",
        ),
        pytest.param(
            "answers.py", '"you halved"', '"you doubled"', "double", "wrong", 'is not told "you doubled"', id="untold"
        ),
        pytest.param(
            "lesson.md",
            THIRD,
            "assert double(1) == 2",
            "double",
            "stub",
            "raises out of the check cell, with hidden tests: NotImplementedError",
            id="raises",
        ),
        pytest.param(
            "lesson.md",
            "check.report()",
            "import sys; print('x', file=sys.stderr)\ncheck.report()",
            "double",
            "right",
            "writes to stderr",
            id="stderr",
        ),
        pytest.param(
            "lesson.md",
            "check.report()",
            "import warnings; warnings.warn('x')\ncheck.report()",
            "double",
            "right",
            "writes to stderr",
            id="warns",
        ),
        pytest.param(
            "lesson.md",
            'Check("double", points=3',
            'Check("double", points=2',
            "double",
            "solution",
            "earns 2 of 3",
            id="too-few-points",
        ),
        pytest.param(
            "lesson.md",
            'Check("double", points=3',
            'Check("double", points=4',
            "double",
            "solution",
            "earns 4 of 3",
            id="too-many-points",
        ),
        pytest.param(
            "lesson.md",
            "check.report()",
            "check.told = []\ncheck.passed = [True]\ncheck.report()",
            "double",
            "stub",
            "though nothing was written",
            id="stub-earns",
        ),
        pytest.param(
            "lesson.md",
            'check.equal(2, 4, {5: "You added three.", 1.0: "You halved."})',
            "check.equal(2, 5, {})",
            "double",
            "solution",
            "with hidden tests, though it is right",
            id="wrong-check",
        ),
        pytest.param(
            "lesson.md",
            "### BEGIN HIDDEN TESTS\n",
            "check.passed = [False]\n### BEGIN HIDDEN TESTS\ncheck.passed = [True]\n",
            "double",
            "solution",
            "as the student sees it, though it is right",
            id="visible-differs",
        ),
        pytest.param(
            "lesson.md", "check.report()", "True", "double", "solution", "raises out of the check cell", id="boolean"
        ),
    ],
)
def test_unfair_marking_is_found(course, file, old, new, exercise, kind, says):
    course.change(old, new, file)
    found = faults(course)
    assert [fault for name, k, _, fault in found if (name, k) == (exercise, kind) and says in fault], found


def test_a_quiz_whose_check_tells_another_answer_is_found(course, monkeypatch):
    monkeypatch.setattr("coursekit.quiz.seal", lambda name, options: seal(name, {**options, "a": (True, "Yes.")}))
    assert [fault for _, kind, _, fault in faults(course) if kind == "wrong"] == ["earns all of 2, though it is wrong"]


def test_an_answer_that_is_a_variable_is_gone_in_the_stub(course):
    """The solution's own variable must not earn points for a stub that stops before it defines one."""
    course.change('def double(x):\n    """Twice x."""\n    ### BEGIN', "### BEGIN")
    course.change(
        "    factor_of_two = 2\n    return factor_of_two * x\n    ### END", "double = lambda x: 2 * x\n### END"
    )
    assert faults(course) == []


def test_helpers_of_the_lesson_call_the_answer_that_is_tried(course):
    course.change("rng.integers(0, 10, 3)", "by_name = lambda x: double(x)")
    course.change("namespace=globals())\n", "namespace=globals())\ncheck.answer = by_name\n")
    assert faults(course) == []


def test_trials_do_not_change_what_later_cells_see(course):
    course.change(
        "## Look\n", "## Look\n\n```python\nassert double(5) == 10\nassert not hasattr(double, 'seen')\n```\n"
    )
    assert faults(course) == []


def test_a_cell_that_fails_is_named_with_its_line(course):
    course.change("rng.integers(0, 10, 3)", "1 / 0")
    with pytest.raises(SourceError, match='cell "setup" fails: ZeroDivisionError') as error:
        verdicts(course)
    assert error.value.line == course.line("import numpy")


@pytest.mark.parametrize(
    ("old", "says"),
    [
        ('@wrong("double", "you squared")', 'exercise "double" has 2 wrong answers; write at least 3'),
        ('@right("double")\ndef', 'exercise "double" has 1 right answers; write at least 2'),
    ],
)
def test_too_few_answers_are_named(course, old, says):
    course.change(old, old.split("\n")[1] if "\n" in old else "", "answers.py")
    assert [problem.what for problem in too_few(read_lesson(course.source))] == [says]


def test_a_lesson_without_a_bank_has_too_few(course):
    (course.folder / "answers.py").unlink()
    assert len(too_few(read_lesson(course.source))) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('@wrong("double", "you squared")', '@wrong("dubble", "you squared")', 4, 'no exercise "dubble"'),
        ('@wrong("double", "you squared")', '@wrong("double", " ")', 4, "needs the phrase"),
        ("import right, wrong\n", "import right, wrong\n1 / 0\n", 2, "ZeroDivisionError"),
        ("import right, wrong\n", "import right, wrong\nx = = 1\n", 2, "SyntaxError"),
    ],
)
def test_a_bank_that_cannot_be_used_is_named_with_its_line(course, old, new, line, says):
    course.change(old, new, "answers.py")
    with pytest.raises(SourceError, match=says) as error:
        answers(read_lesson(course.source))
    assert (error.value.path, error.value.line) == (course.folder / "answers.py", line)
