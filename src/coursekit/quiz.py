"""Multiple-choice questions: their source, and the seal that keeps the answer out of sight.

The sealed format
-----------------
``sealed`` is one record per option, in the order of the letters (a, b, c, …), joined by ``"."``. A record is
the standard base64 of ``plain XOR key``, where

- ``plain`` is ``"+"`` for the right option or ``"-"`` for a wrong one, followed by the reason, in UTF-8,
  padded on the right with spaces to the length of the question's longest record;
- ``key`` is ``shake_256(f"{name}:{letter}")``, as long as ``plain``.

So all records are equally long, every option is read with its own key, and neither order nor length tells the
right one. Whoever picked a letter reads its record like this (a letter that is no option has no record):

>>> import base64, hashlib
>>> def unseal(name, letter, sealed):
...     options = dict(zip("abcdefgh", sealed.split(".")))
...     if letter not in options:
...         return None
...     record = base64.b64decode(options[letter])
...     key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(len(record))
...     plain = bytes(r ^ k for r, k in zip(record, key)).decode().rstrip()
...     return plain[0] == "+", plain[1:]
>>> sealed = seal("sign", {"a": (False, "Look at the order."), "b": (True, "Unprivileged minus privileged.")})
>>> unseal("sign", "b", sealed)
(True, 'Unprivileged minus privileged.')
>>> unseal("sign", "a", sealed)
(False, 'Look at the order.')
>>> unseal("sign", "c", sealed) is None
True
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursekit.markers import SOLUTION

LETTERS = "abcdefgh"
CHECK = """\
# Check of question {name}
from evenodds.checking import Quiz

Quiz("{name}", {variable}, points={points}, sealed="{sealed}").report()"""

_OPTION = re.compile(r"^- \[([ xX])\] ([a-z])\. (.+)$")


@dataclass
class Option:
    """One option of a question; the reason is what whoever picks it is told."""

    letter: str
    text: str
    right: bool
    reason: str = ""


@dataclass(frozen=True)
class Question:
    """A multiple-choice question, and the three cells it becomes."""

    name: str
    text: str
    options: tuple[Option, ...]

    @property
    def variable(self) -> str:
        return self.name.replace("-", "_")

    @property
    def answer(self) -> str:
        return next(option.letter for option in self.options if option.right)

    def asked(self) -> str:
        """The question and its options, without a sign of the right one (Markdown)."""
        return "\n".join([self.text, "", *(f"- **{option.letter}.** {option.text}" for option in self.options)])

    def answered(self, letter: str) -> str:
        """The answer cell as a student leaves it."""
        return f'{self.variable} = "{letter}"  # {listed([option.letter for option in self.options])}'

    def solution(self) -> str:
        """The answer cell with the right letter in a solution region below the student's line."""
        right = f'{self.variable} = "{self.answer}"'
        return f"{self.answered('')}\n### BEGIN {SOLUTION}\n{right}\n### END {SOLUTION}"

    def check(self, points: float) -> str:
        sealed = seal(self.name, {option.letter: (option.right, option.reason) for option in self.options})
        return CHECK.format(name=self.name, variable=self.variable, points=points, sealed=sealed)

    def answers(self) -> list[tuple[str, str, str]]:
        """(kind, source, phrase of the feedback): untouched, and every option."""
        picked = [("right" if o.right else "wrong", self.answered(o.letter), o.reason) for o in self.options]
        return [("stub", self.answered(""), ""), *picked]


def listed(words: Sequence[str]) -> str:
    """What to choose from, in quotes.

    >>> listed(["a", "b", "c"])
    '"a", "b" or "c"'
    """
    *others, last = (f'"{word}"' for word in words)
    return f"{', '.join(others)} or {last}"


def read_question(name: str, source: str) -> Question:
    """Parse the inside of a quiz region.

    Raises
    ------
    ValueError
        Unless there are 3 to 5 options, lettered in order, exactly one right, each with text and a reason.
    """
    text: list[str] = []
    options: list[Option] = []
    for line in source.split("\n"):
        if mark := _OPTION.match(line):
            options.append(Option(mark[2], mark[3].strip(), mark[1] != " "))
        elif not options:
            text.append(line)
        elif line.strip().startswith(">"):
            options[-1].reason = f"{options[-1].reason} {line.strip()[1:].strip()}".strip()
        elif line.startswith(" "):
            options[-1].text += " " + line.strip()
        elif line.strip():
            raise ValueError(f"{line!r} stands after the options; indent it under its option or move it up")
    question = Question(name, "\n".join(text).strip(), tuple(options))
    _require_fair(question)
    return question


def _require_fair(question: Question) -> None:
    letters = "".join(option.letter for option in question.options)
    if not 3 <= len(letters) <= 5 or letters != LETTERS[: len(letters)]:
        raise ValueError(f"options are {list(letters)}; write three to five, lettered a, b, c … in order")
    if (right := sum(option.right for option in question.options)) != 1:
        raise ValueError(f"{right} options are marked [x]; exactly one is right")
    if silent := [option.letter for option in question.options if not option.reason]:
        raise ValueError(f"option {silent[0]} has no reason; add an indented `> reason` under it")
    if not question.variable.isidentifier():
        raise ValueError(f"{question.variable!r} is no Python name; rename the quiz")


def seal(name: str, options: Mapping[str, tuple[bool, str]]) -> str:
    """Seal each option's verdict and reason under the letter that picks it.

    Parameters
    ----------
    name : str
        The question's name; part of every key.
    options : mapping of str to (bool, str)
        From letter ("a", "b", … without gaps) to whether the option is right, and the reason shown to whoever
        picks it.

    Returns
    -------
    str
        The sealed text, as the module's docstring describes it.

    Examples
    --------
    >>> len(set(map(len, seal("q", {"a": (True, "Yes."), "b": (False, "No, since …")}).split("."))))
    1
    """
    if list(options) != list(LETTERS[: len(options)]):
        raise ValueError(f'quiz "{name}": options are {", ".join(options)}; they must run a, b, c … in order')
    plain = {letter: (("+" if right else "-") + reason).encode() for letter, (right, reason) in options.items()}
    length = max(map(len, plain.values()))
    return ".".join(_encrypt(name, letter, text.ljust(length)) for letter, text in plain.items())


def _encrypt(name: str, letter: str, plain: bytes) -> str:
    key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(len(plain))
    return base64.b64encode(bytes(p ^ k for p, k in zip(plain, key, strict=True))).decode()
