"""Quizzes: what is refused, and that the seal opens with the picked letter and tells nothing before."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.quiz import LETTERS, read_question, seal

SOURCE = """\
What is *fair*?

- [ ] a. This
  and that.
  > No: not
  > both.
- [x] b. That.
  > Yes.
- [ ] c. Neither.
  > No.
"""


def unseal(name, letter, sealed):
    """Written from the published format alone."""
    records = sealed.split(".")
    if letter not in LETTERS[: len(records)]:
        return None
    record = base64.b64decode(records[LETTERS.index(letter)])
    key = hashlib.shake_256((name + ":" + letter).encode()).digest(len(record))
    text = bytes(a ^ b for a, b in zip(record, key, strict=True)).decode()
    return text[0] == "+", text[1:].rstrip()


reasons = st.lists(
    st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool), min_size=3, max_size=5
)


@given(reasons, st.integers(0, 2), st.sampled_from(["eo", "eo-or-eopp"]))
def test_every_letter_opens_its_own_reason(reasons, right, name):
    options = {letter: (i == right, text) for i, (letter, text) in enumerate(zip(LETTERS, reasons, strict=False))}
    sealed = seal(name, options)
    assert {letter: unseal(name, letter, sealed) for letter in options} == options


@given(reasons, st.integers(0, 2))
def test_records_are_equally_long_and_hide_their_text(reasons, right):
    options = {letter: (i == right, text) for i, (letter, text) in enumerate(zip(LETTERS, reasons, strict=False))}
    records = [base64.b64decode(record) for record in seal("q", options).split(".")]
    assert len({len(record) for record in records}) == 1
    assert not [text for text in reasons if len(text) > 3 and any(text.encode() in record for record in records)]


def test_the_first_byte_does_not_tell_the_right_option():
    options = {letter: (letter == "b", "same reason") for letter in "abc"}
    firsts = [{base64.b64decode(r)[0] for r in seal(f"q{n}", options).split(".")} for n in range(20)]
    assert len(set.union(*firsts)) > 20


def test_a_question_is_read_with_wrapped_options_and_reasons():
    question = read_question("is-fair", SOURCE)
    assert [(o.letter, o.text, o.right, o.reason) for o in question.options] == [
        ("a", "This and that.", False, "No: not both."),
        ("b", "That.", True, "Yes."),
        ("c", "Neither.", False, "No."),
    ]
    assert question.asked() == "What is *fair*?\n\n- **a.** This and that.\n- **b.** That.\n- **c.** Neither."


def test_the_students_line_needs_only_a_letter():
    assert read_question("is-fair", SOURCE).answered("") == 'is_fair = ""  # "a", "b" or "c"'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[x]", "[ ]", "0 options are marked"),
        ("- [ ] a.", "- [x] a.", "2 options are marked"),
        ("- [ ] c. Neither.\n  > No.\n", "", "three to five"),
        ("- [ ] c.", "- [ ] d.", "in order"),
        ("  > Yes.\n", "", "option b has no reason"),
        ("  > Yes.\n", "  > Yes.\n\nMore text.\n", "stands after the options"),
    ],
)
def test_a_question_broken_in_one_way_is_refused(old, new, says):
    assert SOURCE.count(old) == 1
    with pytest.raises(ValueError, match=says):
        read_question("is-fair", SOURCE.replace(old, new))


def test_a_name_that_is_no_variable_is_refused():
    with pytest.raises(ValueError, match="no Python name"):
        read_question("2-fair", SOURCE)
