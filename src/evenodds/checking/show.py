"""How values and calls look in a report: short enough to read, exact enough to tell two apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .compare import as_number

LONGEST = 110
SHORT = 60


def shown(value: Any, beside: Any = None) -> str:
    """A value in a few characters. Numbers get a sign when either of the two compared is negative."""
    number = as_number(value)
    if number is not None and not isinstance(value, (bool, np.bool_)):
        other = as_number(beside)
        signed = number < 0 or (other is not None and other < 0)
        return _number(number, signed, _digits(number, other))
    if isinstance(value, Mapping):
        return _clip("{" + ", ".join(f"{_literal(k)}: {shown(v)}" for k, v in value.items()) + "}")
    if isinstance(value, pd.Series):
        return shown(dict(zip(value.index, value.to_numpy(), strict=True)))
    if isinstance(value, pd.DataFrame):
        return f"a table of shape {value.shape}"
    if isinstance(value, (list, tuple, np.ndarray, pd.Index)):
        brackets = "()" if isinstance(value, tuple) else "[]"
        return _clip(brackets[0] + ", ".join(shown(v) for v in value) + brackets[1])
    return _clip(_literal(value))


def call(name: str, args: tuple, kwargs: dict[str, Any]) -> str:
    """The call as a student would type it, e.g. ``selection_rate([1, 0, 1, 1])``."""
    parts = [_argument(a) for a in args] + [f"{k}={_argument(v)}" for k, v in kwargs.items()]
    return f"{name}({', '.join(parts)})"


def _argument(value: Any) -> str:
    if isinstance(value, (np.ndarray, pd.Series, list, tuple)):
        items = list(value)
        text = "[" + ", ".join(_literal(i) for i in items) + "]"
        return text if len(text) <= LONGEST else f"{len(items)} values"
    if isinstance(value, pd.DataFrame):
        return f"a table of {len(value)} rows"
    if callable(value):
        return getattr(value, "__name__", "a function")
    if isinstance(value, Mapping):
        return _clip("{" + ", ".join(f"{_literal(k)}: {_argument(v)}" for k, v in value.items()) + "}")
    return _clip(_literal(value))


def _literal(value: Any) -> str:
    if isinstance(value, (np.generic, np.ndarray)) and value.ndim == 0:
        value = value.item()
    if isinstance(value, tuple):
        return "(" + ", ".join(_literal(v) for v in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, (list, np.ndarray)):
        return "[" + ", ".join(_literal(v) for v in value) + "]"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value)


def _digits(number: float, other: float | None) -> int:
    """Three decimals, or as many more as it takes to tell the two numbers apart."""
    if other is None or number == other:
        return 3
    return next((d for d in (3, 4, 6, 9) if f"{number:.{d}f}" != f"{other:.{d}f}"), 12)


def _number(number: float, signed: bool, digits: int) -> str:
    if number != number:
        return "nan"
    if abs(number) >= 1e6 and number != float("inf"):
        return f"{number:.4g}"
    if float(number).is_integer() and abs(number) < 1e6:
        return f"{number:+.0f}" if signed and number else f"{number:.0f}"
    return f"{number:+.{digits}f}" if signed else f"{number:.{digits}f}"


def _clip(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
