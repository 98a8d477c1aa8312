"""An estimator's own parameters: what is out of range is named, with the range."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np


def check_option(value: Any, name: str, options: Any) -> None:
    if value not in options:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(map(repr, options))}")


def check_share(value: float, name: str) -> None:
    """Refuse what is not between 0 and 1, both included."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value!r}; it must lie between 0 and 1")


def check_whole(value: Any, name: str, least: int = 1) -> None:
    """Refuse what is not a whole number of at least `least`."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}; it must be a whole number of at least {least}")


def check_number(
    value: Any, name: str, low: float, high: float, *, open_left: bool = False, open_right: bool = False
) -> None:
    """Refuse what is not a number in the interval."""
    inside = isinstance(value, Real) and low <= float(value) <= high
    if not inside or (open_left and value == low) or (open_right and value == high):
        interval = f"{'(' if open_left else '['}{low:g}, {high:g}{')' if open_right else ']'}"
        raise ValueError(f"{name} is {value!r}; it must be a number in {interval}")


def check_sizes(sizes: Any, name: str) -> None:
    """Refuse what is not a sequence of whole numbers of at least 1."""
    if not isinstance(sizes, Sequence | np.ndarray) or isinstance(sizes, str):
        raise ValueError(f"{name} is {sizes!r}; it must be a sequence of whole numbers, for example (32,) or (32, 32)")
    for position, size in enumerate(sizes):
        check_whole(size, f"{name}[{position}]")
