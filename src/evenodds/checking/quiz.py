"""Multiple choice and sorting: the reason for what was picked, and nothing about the other options."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from .report import Finding, Report

LETTERS = "abcdefgh"


def unseal(name: str, letter: str, sealed: str) -> tuple[bool, str] | None:
    """Whether the option `letter` is right, and why; None if there is no such option.

    The records of all options are equally long and each is locked by its own letter, so that reading the cell
    gives nothing away. `coursekit.quiz` writes them.
    """
    options = dict(zip(LETTERS, sealed.split("."), strict=False))
    if letter not in options:
        return None
    record = base64.b64decode(options[letter])
    key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(len(record))
    plain = bytes(r ^ k for r, k in zip(record, key, strict=True)).decode().rstrip()
    return plain[0] == "+", plain[1:]


class Quiz:
    """One question: the letter that was picked, and the sealed reasons for all of them.

    Parameters
    ----------
    name : str
        The question's name.
    picked : str
        The letter picked, for example ``"b"``.
    points : float
        What the right letter earns.
    sealed : str
        As written by the lesson's build.
    """

    def __init__(self, name: str, picked: Any, points: float, sealed: str):
        self.name, self.picked, self.points, self.sealed = name, picked, points, sealed

    def report(self) -> Report:
        """All points for the right letter, none for another; either way, the reason."""
        finding = self._finding()
        return Report(self.points if finding.passed else 0, points=self.points, name=self.name, findings=[finding])

    def _finding(self) -> Finding:
        letters = LETTERS[: self.sealed.count(".") + 1]
        if _empty(self.picked):
            return Finding(False, "An option is picked", f"Not answered yet: write one letter of {', '.join(letters)}.")
        letter = self.picked.strip().lower().rstrip(".)") if isinstance(self.picked, str) else ""
        opened = unseal(self.name, letter, self.sealed) if letter else None
        if opened is None:
            return Finding(
                False,
                "An option is picked",
                f"Write one letter of {', '.join(letters)}, in quotes, like {letters[1]!r}.",
            )
        right, reason = opened
        return Finding(right, f"Option {letter}", reason)


class Cards:
    """Things to sort: for each the choice that was made, and the sealed reasons.

    Parameters
    ----------
    name : str
        The exercise's name.
    sorted_as : mapping from thing to choice
        The answer, for example ``{"lender": "allocation"}``.
    points : float
        What sorting everything right earns; each thing is worth the same share.
    choices : sequence of str
        What there is to choose from.
    sealed : mapping from thing to str
        As written by the lesson's build.
    """

    def __init__(self, name: str, sorted_as: Any, points: float, *, choices: Sequence[str], sealed: Mapping[str, str]):
        self.name, self.sorted_as, self.points = name, sorted_as, points
        self.choices, self.sealed = list(choices), sealed

    def report(self) -> Report:
        """The share of the points that is sorted right, and the reason for each."""
        if not isinstance(self.sorted_as, Mapping):
            lost = Finding(False, f"`{self.name}` is a dict", "Keep the braces and names; write a choice after each.")
            return Report(0, points=self.points, name=self.name, findings=[lost])
        findings = [self._finding(thing) for thing in self.sealed]
        earned = self.points * (sum(f.passed for f in findings) / len(findings))
        return Report(earned, points=self.points, name=self.name, findings=findings)

    def _finding(self, thing: str) -> Finding:
        choice = self.sorted_as.get(thing)
        if _empty(choice):
            return Finding(False, f"`{thing}`", f"Not answered yet: choose from {', '.join(self.choices)}.")
        choice = str(choice).strip().lower()
        if choice not in self.choices:
            return Finding(False, f"`{thing}`", f"“{choice}” is not among the choices: {', '.join(self.choices)}.")
        opened = unseal(f"{self.name}:{thing}", LETTERS[self.choices.index(choice)], self.sealed[thing])
        right, reason = opened or (False, "")
        return Finding(right, f"`{thing}`: {choice}", reason)


def _empty(picked: Any) -> bool:
    return picked is None or picked is Ellipsis or picked == ""
