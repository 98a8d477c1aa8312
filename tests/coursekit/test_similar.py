"""Which pairs of submissions are worth a look, and which are not."""

import csv
import itertools
import json

import pytest

from coursekit.cli import main
from coursekit.form import form
from coursekit.similar import pairs
from coursekit.source import read_lesson

LESSON = '''\
# Counts

**Points:** 8

```python exercise="gap"
def gap(y_pred, group):
    """The share selected in group a minus that in group b."""
    ### BEGIN SOLUTION
    return y_pred[group == "a"].mean() - y_pred[group == "b"].mean()
    ### END SOLUTION
```

```python check="gap" points=3
gap
```

```python exercise="table"
def table(y_pred, group):
    """Group: share selected."""
    ### BEGIN SOLUTION
    return {each: y_pred[group == each].mean() for each in set(group)}
    ### END SOLUTION
```

```python check="table" points=3
table
```

<!-- #region essay="memo" points=2 -->
Who is missing from this table? Say it in words that somebody who has never seen a table of rates would understand.

<!-- BEGIN SOLUTION -->
People who never applied.
<!-- END SOLUTION -->
<!-- #endregion -->
'''
ANSWERS = '''\
from coursekit.answers import right

right("table")("""
def table(y_pred, group):
    shares = {}
    for name in set(group):
        chosen = [y for y, g in zip(y_pred, group) if g == name]
        shares[name] = sum(chosen) / len(chosen)
    return shares
""")
'''
STUB = "# Write your answer here\n    raise NotImplementedError"
HANDED_OUT = {
    "gap": f'def gap(y_pred, group):\n    """The share selected in group a minus that in group b."""\n    {STUB}',
    "table": f'def table(y_pred, group):\n    """Group: share selected."""\n    {STUB}',
    "memo": "Who is missing from this table? Say it in words that somebody who has never seen a table of rates would "
    "understand.\n\n*Write your answer here.*",
}
ODD_GAP = """\
def gap(y_pred, group):
    # my own way
    sums, counts = {"a": 0, "b": 0}, {"a": 0, "b": 0}
    for value, name in zip(y_pred, group):
        sums[name] += value
        counts[name] += 1
    return sums["a"] / counts["a"] - sums["b"] / counts["b"]
"""
ODD_GAP_RENAMED = '''\
def gap(preds, g):
    """Difference of the selection rates!"""
    s, c = {'a': 0, 'b': 0}, {'a': 0, 'b': 0}
    for v, who in zip(preds, g):
        s[who] += v
        c[who] += 1

    return (s['a'] / c['a']
            - s['b'] / c['b'])
'''
ODD_TABLE = """\
def table(y_pred, group):
    order = sorted(set(group), key=str)
    return dict(zip(order, [sum(y_pred[group == name]) / sum(group == name) for name in order]))
"""
ODD_TABLE_RENAMED = """\
def table(y_pred, group):
    names: list = sorted(set(group), key=str)
    return dict(zip(names, [sum(y_pred[group == i]) / sum(group == i) for i in names]))
"""
COMMON_GAP = """\
def gap(y_pred, group):
    a, b = group == "a", group == "b"
    return y_pred[a].sum() / a.sum() - y_pred[b].sum() / b.sum()
"""
TEXTBOOK_TABLE = """\
def table(p, g):
    out = {}
    for n in set(g):
        ys = [y for y, k in zip(p, g) if k == n]
        out[n] = sum(ys) / len(ys)
    return out
"""
THOUGHT = (
    "Nobody who was told by a friend not to bother is in it, and nobody whose form was lost on the way. Their share is "
    "not zero, it is not there, and a reader takes the silence for a good sign."
)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository") / "course" / "01_counts"
    folder.mkdir(parents=True)
    (folder / "lesson.md").write_text(LESSON)
    (folder / "answers.py").write_text(ANSWERS)
    return read_lesson(folder / "lesson.md")


def own_way(n):
    """Answers that nobody else gives."""
    return {
        "gap": f"""\
def gap(y_pred, group):
    shift = {n}
    first, second = (y_pred[group == name].mean() + shift for name in ("a", "b"))
    return first - second
""",
        "table": f"""\
def table(y_pred, group):
    found = {{}}
    for name in group:
        found[name] = {n} * y_pred[group == name].mean()
    return found
""",
        "memo": f"{HANDED_OUT['memo']}\nReason {n}: {'very ' * n} many people never hear of it. {THOUGHT}",
    }


def listed(lesson, *submissions, others=12):
    """The pairs worth a look among named submissions and some that share nothing."""
    submitted = {f"other-{n}": own_way(n) for n in range(others)}
    submitted |= {f"s{n}": HANDED_OUT | each for n, each in enumerate(submissions)}
    return pairs(lesson, HANDED_OUT, submitted)


def who(found):
    return [(pair.one, pair.other) for pair in found]


def test_code_copied_with_other_names_is_found(lesson):
    one = {"gap": ODD_GAP, "table": ODD_TABLE}
    other = {"gap": ODD_GAP_RENAMED, "table": ODD_TABLE_RENAMED}
    (pair,) = listed(lesson, one, other)
    assert (pair.one, pair.other, pair.exercises) == ("s0", "s1", ["gap", "table"])
    assert pair.why == "the same code but for names in gap (as 2 of 14 wrote it), table (as 2 of 14 wrote it)"


def test_one_rare_form_of_ordinary_length_is_not_enough(lesson):
    assert listed(lesson, {"table": ODD_TABLE}, {"table": ODD_TABLE_RENAMED}) == []


def test_one_long_rare_form_is_enough(lesson):
    steps = "\n".join(f"    y_pred = y_pred * {n} + group.size" for n in range(20))
    long = f"def gap(y_pred, group):\n{steps}\n    return y_pred"
    (pair,) = listed(lesson, {"gap": long}, {"gap": long.replace("y_pred", "p")})
    assert pair.exercises == ["gap"]


def test_one_constant_more_is_another_form(lesson):
    other = {"gap": ODD_GAP.replace("+= 1", "+= 2"), "table": ODD_TABLE.replace("sum(group", "len(group")}
    assert listed(lesson, {"gap": ODD_GAP, "table": ODD_TABLE}, other) == []


def test_independent_answers_of_the_form_that_many_write_are_not_listed(lesson):
    often = {"gap": COMMON_GAP, "table": ODD_TABLE}
    found = listed(lesson, *[often] * 6)
    assert found == []


def test_a_class_that_shares_what_the_course_foresaw_is_not_listed(lesson):
    solution = {cell.name: cell.source for cell in lesson.of_kind("exercise")}
    assert listed(lesson, solution, solution) == []
    textbook = {"gap": solution["gap"].replace("y_pred", "yhat"), "table": TEXTBOOK_TABLE}
    assert len(form(TEXTBOOK_TABLE, {"table"})) > 50
    assert listed(lesson, textbook, textbook) == []
    assert listed(lesson, *[textbook] * 30, others=0) == []


def test_nothing_written_is_nothing_shared(lesson):
    assert listed(lesson, {}, {}, {"gap": "", "table": "# soon"}, {"gap": "", "table": "# soon"}) == []


def test_short_answers_do_not_count(lesson):
    short = {"gap": "def gap(y, g): return 7.25", "table": "def table(y, g): return {'a': 7.25}"}
    assert listed(lesson, short, short) == []


def test_rare_is_rare_among_those_who_answered(lesson):
    one, other = {"gap": ODD_GAP, "table": ODD_TABLE}, {"gap": ODD_GAP_RENAMED, "table": ODD_TABLE_RENAMED}
    silent = [{}] * 30
    assert who(listed(lesson, one, other, *silent, others=6)) == [("s0", "s1")]
    assert who(listed(lesson, one, other, *silent, others=5)) == []


def test_what_does_not_parse_is_compared_word_by_word(lesson):
    broken = {
        name: source.replace("return", "retrun (") for name, source in {"gap": ODD_GAP, "table": ODD_TABLE}.items()
    }
    spaced = {name: source.replace(" = ", "  =  ") + "# late" for name, source in broken.items()}
    assert who(listed(lesson, broken, spaced)) == [("s0", "s1")]


def test_the_same_essay_is_found_whatever_its_punctuation(lesson):
    one = {"memo": HANDED_OUT["memo"].replace("*Write your answer here.*", THOUGHT)}
    other = {"memo": THOUGHT.upper().replace(", ", " – ")}
    (pair,) = listed(lesson, one, other, others=0)
    assert pair.why == f"the same essay in memo ({len(THOUGHT.split())} words)"


@pytest.mark.parametrize("text", ["People who never applied.", HANDED_OUT["memo"], ""])
def test_short_essays_and_the_question_itself_are_not_the_same_essay(lesson, text):
    assert listed(lesson, {"memo": text}, {"memo": text}) == []


def test_an_essay_that_more_than_a_few_hand_in_came_from_elsewhere(lesson):
    assert listed(lesson, *[{"memo": THOUGHT}] * 11) == []
    assert len(listed(lesson, *[{"memo": THOUGHT}] * 3)) == 3


def test_the_rarest_and_longest_comes_first(lesson):
    everything = {"gap": ODD_GAP, "table": ODD_TABLE, "memo": THOUGHT}
    less = {"memo": THOUGHT.replace("friend", "cousin")}
    assert who(listed(lesson, less, less, everything, everything)) == [("s2", "s3"), ("s0", "s1")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(a, b):\n    return a - b", "def f(b, a):\n    return b - a"),
        (
            "def f(x):\n    return [i for i in x] + [i for i in x]",
            "def f(x):\n    return [i for i in x] + [j for j in x]",
        ),
        ("def f(x):\n    total: float = 0\n    return total", "def f(x: list) -> float:\n    n = 0\n    return n"),
        ("import numpy as np\ndef f(x):\n    return np.sum(x)", "import numpy as n\ndef f(y):\n    return n.sum(y)"),
        ("def f(x):\n    g = lambda y: y\n    return g(x)", "def f(z):\n    h = lambda k: k\n    return h(z)"),
        ("%matplotlib inline\ndef f(x): return x", "def f(x):\n    'Doc.'\n    return x"),
        ("def helper(x): return x\ndef f(x): return helper(x)", "def h(a): return a\ndef f(b): return h(b)"),
    ],
)
def test_names_layout_and_texts_that_do_nothing_are_no_difference(one, other):
    assert form(one, {"f"}) == form(other, {"f"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return b - a"),
        ("def f(x):\n    if x:\n        y()\n    z()", "def f(x):\n    if x:\n        y()\n        z()"),
        ("def f(x): return g(x)", "def f(x): return h(x)"),
        ("def f(x): return x.sum()", "def f(x): return x.mean()"),
        ("def f(x): return x + 1", "def f(x): return x + 1.0"),
        ("def f(x): return x(1)(2)", "def f(x): return x(1, 2)"),
    ],
)
def test_what_code_does_is_a_difference(one, other):
    assert form(one, {"f"}) != form(other, {"f"})


def test_code_that_is_too_deep_or_too_long_is_read_all_the_same():
    deep, long = "x = " + "+".join(["1"] * 5000), "x = 1\n" * 20_000
    assert form(deep) == form(deep + "  # deep")
    assert form(long)


@pytest.fixture
def course(lesson, tmp_path):
    """A course on the disk, with eight submissions of which two are alike, and some that are none."""
    root = tmp_path / "repository"
    for folder in ("course", "lessons"):
        (root / folder / "01_counts").mkdir(parents=True)
    (root / "course" / "01_counts" / "lesson.md").write_text(LESSON)
    (root / "course" / "01_counts" / "answers.py").write_text(ANSWERS)
    (root / "course" / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f"c.CourseDirectory.root = {str(root)!r}\n"
        "c.CourseDirectory.release_directory = 'lessons'\n"
        "c.CourseDirectory.submitted_directory = 'course/class/submitted'\n"
    )
    (root / "lessons" / "01_counts" / "01_counts.ipynb").write_text(notebook(HANDED_OUT))
    submitted = {f"other-{n}": notebook(own_way(n)) for n in range(6)}
    submitted["=ada"] = notebook({"gap": ODD_GAP, "table": ODD_TABLE})
    submitted["ben"] = notebook({"gap": ODD_GAP_RENAMED, "table": ODD_TABLE_RENAMED})
    submitted |= {"broken": "{", "list": "[]", "odd": '{"cells": [{"metadata": 3}]}'}
    for student, text in submitted.items():
        folder = root / "course" / "class" / "submitted" / student / "01_counts"
        folder.mkdir(parents=True)
        (folder / "01_counts.ipynb").write_text(text)
    (root / "course" / "class" / "submitted" / "empty" / "01_counts").mkdir(parents=True)
    return root


def notebook(cells):
    as_lines = itertools.cycle([True, False])
    return json.dumps(
        {
            "cells": [
                {"source": source.splitlines(keepends=True) if next(as_lines) else source, "metadata": mark}
                for name, source in cells.items()
                for mark in [{"nbgrader": {"grade_id": name}}]
            ]
            + [{"source": "a note", "metadata": {}}]
        }
    )


def test_the_command_lists_pairs_and_what_could_not_be_read(course, capsys, tmp_path):
    file = tmp_path / "similar.csv"
    assert main(["--root", str(course), "similar", "01", "--to", str(file)]) == 0
    said = capsys.readouterr().out
    assert "01_counts: 8 submissions, 1 pair is worth a look" in said
    assert "gap (as 2 of 8 wrote it), table (as 2 of 8 wrote it)" in said
    for student in ("broken", "list", "odd", "empty"):
        assert f"{student:20} was not compared" in said
    with open(file, newline="", encoding="utf-8") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["student"], row["other"], row["exercises"]) == ("'=ada", "ben", "gap, table")


def test_nothing_handed_in_is_said(course, capsys):
    (course / "course" / "class").rename(course / "elsewhere")
    assert main(["--root", str(course), "similar", "01"]) == 2
    assert "nobody has handed in 01_counts" in capsys.readouterr().err


def test_a_lesson_that_is_not_built_is_said(course, capsys):
    (course / "lessons").rename(course / "elsewhere")
    assert main(["--root", str(course), "similar", "01"]) == 2
    assert "coursekit build 01_counts" in capsys.readouterr().err


def test_help_says_what_it_is_not(capsys):
    with pytest.raises(SystemExit):
        main(["similar", "--help"])
    assert "a reason to look, no evidence" in " ".join(capsys.readouterr().out.split())
