"""Small helpers between exercises: a guess before the reveal, and a safety net after a check."""

from __future__ import annotations

import copy
import functools
import sys
import textwrap
from collections.abc import Callable
from typing import Any

from .compare import as_number
from .show import shown

_passed: dict[str, bool] = {}


def remember(name: str, passed: bool) -> None:
    """Keep the verdict of the last check of `name`, for `yours_or_ours`."""
    _passed[name] = passed


def has_failed(name: str) -> bool:
    """Whether `name` was checked and its last check did not pass."""
    return _passed.get(name) is False


def yours_or_ours(name: str, ours: Callable) -> Callable:
    """The student's function called `name` if its check passed, else `ours`; one line says which.

    So that the next step of a lesson runs on the student's own work, and one mistake never blocks the rest.
    """
    yours = sys._getframe(1).f_globals.get(name)
    if callable(yours) and _passed.get(name):
        print(f"Using your {name}.")
        return _on_copies(yours)
    print(f"Using the course's {name}, until yours passes its check.")
    return ours


def _on_copies(function: Callable) -> Callable:
    """The same function, which cannot change the lesson's own tables."""

    @functools.wraps(function)
    def careful(*args: Any, **kwargs: Any) -> Any:
        return function(*copy.deepcopy(args), **copy.deepcopy(kwargs))

    return careful


def reveal(guess: Any, truth: float, what: str = "It") -> None:
    """Print a share beside the guess that was made before it; no guess is no crime."""
    number = _as_share(guess)
    if guess is None:
        remark = "(You made no guess; write one above before you look, next time.)"
    elif number is None or not 0 <= number <= 1:
        remark = f"(Your guess, {guess!r}, is not a share between 0 and 1, such as 0.5.)"
    else:
        remark = f"You guessed {shown(number)}: {shown(abs(number - truth))} away."
    print(textwrap.fill(f"{what} is {shown(truth)}. {remark}", 100))


def _as_share(guess: Any) -> float | None:
    """A guess as people write it: 0.55, "0.55", "0,55" or "55 %"."""
    if isinstance(guess, bool):
        return None
    if not isinstance(guess, str):
        return as_number(guess)
    percent, text = "%" in guess, guess.replace("%", "").replace(",", ".").strip()
    try:
        return float(text) / (100 if percent else 1)
    except ValueError:
        return None
