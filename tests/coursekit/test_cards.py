"""Sorting exercises: what is refused, and that each thing's record opens with the choice that was made."""

import ast
import base64
import hashlib

import nbformat
import pytest

from coursekit.build import build
from coursekit.cards import read_cards
from coursekit.lint import lint
from coursekit.source import SourceError, read_lesson
from coursekit.trial import trial

SOURCE = """\
### Which harm? (2 points)

- [this] **loan**: A loan is
  refused.
  > It is given
  > or withheld.
- [that] **speech-to-text**: It mishears.
  > It works less well.
"""
CHOICES = ("this", "that", "neither")


def unseal(name, letter, sealed):
    record = base64.b64decode(sealed.split(".")["abcdefgh".index(letter)])
    key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(len(record))
    text = bytes(a ^ b for a, b in zip(record, key, strict=True)).decode()
    return text[0] == "+", text[1:].rstrip()


def call(source):
    """The call of Cards in a check cell, as its keyword arguments."""
    report = ast.parse(source).body[-1].value
    return {keyword.arg: ast.literal_eval(keyword.value) for keyword in report.func.value.keywords}


def test_cards_are_read_with_wrapped_texts_and_reasons():
    cards = read_cards("harms", SOURCE, CHOICES)
    assert [(c.thing, c.text, c.belongs, c.reason) for c in cards.cards] == [
        ("loan", "A loan is refused.", "this", "It is given or withheld."),
        ("speech-to-text", "It mishears.", "that", "It works less well."),
    ]
    assert not any(secret in cards.asked() for secret in ("[this]", "[that]", "withheld"))


@pytest.mark.parametrize(("thing", "right"), [("loan", 0), ("speech-to-text", 1)])
def test_every_choice_opens_whether_it_is_right_and_why(thing, right):
    given = call(read_cards("harms", SOURCE, CHOICES).check(2))
    assert (given["points"], given["choices"]) == (2, list(CHOICES))
    opened = [unseal(f"harms:{thing}", letter, given["sealed"][thing]) for letter in "abc"]
    assert [verdict for verdict, _ in opened] == [n == right for n in range(3)]
    assert len({reason for _, reason in opened}) == 1


def test_the_answer_cell_is_a_dict_to_fill_in():
    cards = read_cards("which-harms", SOURCE, CHOICES)
    namespace = {}
    exec(cards.answered({}), namespace)
    assert namespace["which_harms"] == {"loan": "", "speech-to-text": ""}
    exec(cards.solution(), namespace)
    assert namespace["which_harms"] == {"loan": "this", "speech-to-text": "that"}


def test_each_thing_is_tried_in_each_wrong_place():
    kinds = [kind for kind, _, _ in read_cards("harms", SOURCE, CHOICES).answers()]
    assert kinds == ["stub", "right", "wrong", "wrong", "wrong", "wrong"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[this]", "[those]", "loan belongs to .those., which is no choice"),
        ("  > It works less well.\n", "", "speech-to-text has no reason"),
        ("speech-to-text", "loan", "loan stands twice"),
        ("- [that] **speech-to-text**: It mishears.\n  > It works less well.\n", "", "1 cards; write at least two"),
        ("- [that] **", "- [that] *", "stands after the cards"),
    ],
)
def test_cards_broken_in_one_way_are_refused(old, new, says):
    assert SOURCE.count(old) == 1
    with pytest.raises(ValueError, match=says):
        read_cards("harms", SOURCE.replace(old, new), CHOICES)


@pytest.mark.parametrize("choices", [(), ("this",), tuple("abcdefghi")])
def test_choices_are_two_to_eight(choices):
    with pytest.raises(ValueError, match="choices"):
        read_cards("harms", SOURCE, choices)


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ('cards="harms" points=2', "cards with choices"),
        ('essay="harms" points=2 choices="this, that"', "go with cards"),
    ],
)
def test_choices_go_with_cards(tmp_path, region, says):
    path = tmp_path / "lesson.md"
    path.write_text(f"# Title\n\n<!-- #region {region} -->\n{SOURCE}<!-- #endregion -->\n")
    with pytest.raises(SourceError, match=says) as error:
        read_lesson(path)
    assert error.value.line == 3


@pytest.fixture
def with_cards(course):
    course.change("**Points:** 7", "**Points:** 9")
    region = f'<!-- #region cards="harms" points=2 choices="this, that, neither" -->\n{SOURCE}<!-- #endregion -->\n'
    course.source.write_text(course.source.read_text() + "\n" + region)
    return course


def test_cards_are_marked_fairly(with_cards):
    lesson = read_lesson(with_cards.source)
    assert lint(lesson) == []
    tried = [verdict for verdict in trial(lesson) if verdict.answer.exercise == "cards-harms"]
    assert [(verdict.earned, verdict.fault) for verdict in tried] == [(0, ""), (2, ""), *[(1, "")] * 4]


def test_cards_are_released_with_the_students_lines_alone(with_cards):
    build(with_cards.root, [with_cards.source])
    lesson = {cell.id: cell.source for cell in nbformat.read(with_cards.lesson, as_version=4).cells}
    assert lesson["cards-harms"] == 'harms = {\n    "loan": "",\n    "speech-to-text": "",\n}'
