"""Slips that have nothing to do with the topic: recognised in every exercise, without the author's help."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from .compare import as_number, close

Slip = tuple[Callable[[float, float], bool], str]

POINT_LOST = (
    "The part after the point got lost: `//`, `int()` and rounding do that. Divide with `/` and keep the result."
)

SLIPS: list[Slip] = [
    (lambda got, want: close(got, -want), "The sign is flipped."),
    (lambda got, want: want != 0 and close(got, 1 / want), "Your fraction is upside down."),
    (lambda got, want: want != 0 and close(got, 100 * want), "That is in percent; return a share, so that 100 % is 1."),
    (lambda got, want: want not in (0, 1) and close(got, 1 - want), "That is one minus the answer."),
    (lambda got, want: got == math.floor(want), POINT_LOST),
    (lambda got, want: got == int(want), POINT_LOST),
    (lambda got, want: got == round(want), POINT_LOST),
    (
        lambda got, want: any(close(got, round(want, digits)) for digits in (1, 2, 3, 4)),
        "That is close, but rounded. Return the number as it is; rounding is for printing.",
    ),
    (
        lambda got, want: want != want,
        "Nothing can be divided here (the group that counts is empty), so the answer is unknown: return nan, "
        "not a number.",
    ),
    (
        lambda got, want: got != got,
        "You returned nan, yet this value is defined. Is one of your selections empty that should not be?",
    ),
]


def slip(pairs: Iterable[tuple[Any, Any]]) -> str | None:
    """The one everyday slip that turns every wanted value into the one got, as a sentence, or None."""
    numbers = [(as_number(got), as_number(want)) for got, want in pairs]
    return next((says for matches, says in SLIPS if all(_matches(matches, *pair) for pair in numbers)), None)


def _matches(matches: Callable[[float, float], bool], got: float | None, want: float | None) -> bool:
    try:
        return got is not None and want is not None and matches(got, want)
    except (ValueError, OverflowError):  # nan and infinity have no whole part
        return False
