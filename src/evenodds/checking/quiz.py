"""Multiple choice: the reason for the option that was picked, and nothing about the others."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from .report import Finding, Report


def unseal(name: str, letter: str, sealed: str) -> tuple[bool, str] | None:
    """Whether the option `letter` is right, and why; None if there is no such option.

    The records of all options are equally long and each is locked by its own letter, so that reading the cell
    gives nothing away. `coursekit.quiz` writes them.
    """
    options = dict(zip("abcde", sealed.split("."), strict=False))
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
        letters = "abcde"[: self.sealed.count(".") + 1]
        if self.picked is None or self.picked is Ellipsis:
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
