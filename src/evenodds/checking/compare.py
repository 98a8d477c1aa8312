"""Is this answer that answer? Equal in value, whatever container the student chose."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

REL_TOL = 1e-6
ABS_TOL = 1e-9


def same(got: Any, want: Any) -> bool:
    """Whether `got` has the value of `want`: numbers to a tolerance, nan equal to nan, list = array = Series.

    Values are read out as plain floats and strings before they are compared, so that an object's own idea of
    equality plays no part.
    """
    return difference(got, want) is None


def difference(got: Any, want: Any) -> str | None:
    """What is wrong with the *form* of `got`, as a sentence; "" if only a value differs; None if they are the same."""
    if _is_frame(want):
        return _frame_difference(got, want)
    if isinstance(want, Mapping):
        return _mapping_difference(got, want)
    if _is_sequence(want):
        return _sequence_difference(got, want)
    return _scalar_difference(got, want)


def _scalar_difference(got: Any, want: Any) -> str | None:
    if want is None:
        return None if got is None else "Return None here."
    if got is None:
        return "You returned None. Does every path through your function end in `return …`?"
    if callable(got):
        return "You returned a function, not its result. Are the brackets missing after its name?"
    if isinstance(want, str):
        if not isinstance(got, str):
            return f"A piece of text was expected, and you returned {kind(got)}."
        return None if str.__eq__(got, want) is True else ""
    if isinstance(want, (bool, np.bool_)) != isinstance(_unwrap(got), (bool, np.bool_)):
        wanted = "True or False" if isinstance(want, (bool, np.bool_)) else "One number"
        return f"{wanted} was expected, and you returned {kind(got)}."
    if isinstance(got, str) or not _is_number(got):
        return f"One number was expected, and you returned {kind(got)}."
    return None if close(float(_unwrap(got)), float(want)) else ""


def _mapping_difference(got: Any, want: Mapping) -> str | None:
    if isinstance(got, pd.Series):
        got = dict(zip(got.index, got.to_numpy(), strict=True))
    if not isinstance(got, Mapping):
        if got is None:
            return _scalar_difference(got, 0.0)
        return f"A dict was expected, and you returned {kind(got)}."
    missing = [key for key in want if key not in got]
    if missing:
        return f"Your dict has no entry for {missing[0]!r}; its keys are {_short_list(list(got))}."
    extra = [key for key in got if key not in want]
    if extra:
        return f"Your dict has an entry {extra[0]!r} that does not belong there."
    return _worst(difference(got[key], want[key]) for key in want)


def _sequence_difference(got: Any, want: Sequence | np.ndarray | pd.Series) -> str | None:
    if got is None:
        return _scalar_difference(got, 0.0)
    if not _is_sequence(got):
        return f"{_counted(len(want), 'value')} in a row were expected, and you returned {kind(got)}."
    got_shape, want_shape = _shape(got), _shape(want)
    if got_shape != want_shape:
        return f"The shape {want_shape} was expected, and yours is {got_shape}."
    got_array, want_array = np.asarray(got), np.asarray(want)
    if _is_numeric(got_array) and _is_numeric(want_array):
        equal = np.isclose(
            got_array.astype(float), want_array.astype(float), rtol=REL_TOL, atol=ABS_TOL, equal_nan=True
        )
        return None if bool(np.all(equal)) else ""
    return _worst(difference(g, w) for g, w in zip(list(got), list(want), strict=True))


def _frame_difference(got: Any, want: pd.DataFrame) -> str | None:
    if not _is_frame(got):
        return f"A DataFrame was expected, and you returned {kind(got)}."
    for axis in ("columns", "index"):
        missing = [label for label in getattr(want, axis) if label not in getattr(got, axis)]
        if missing:
            return f"Your table has no {'column' if axis == 'columns' else 'row'} {missing[0]!r}."
    if got.shape != want.shape:
        return f"A table of shape {want.shape} was expected, and yours is {got.shape}."
    return _worst(difference(got[c].reindex(want.index).to_list(), want[c].to_list()) for c in want.columns)


def _worst(differences: Any) -> str | None:
    """The first complaint about form; else "" if any value differs; else None."""
    found = [d for d in differences if d is not None]
    return next((d for d in found if d), found[0] if found else None)


def close(a: float, b: float) -> bool:
    """Equal to the tolerance that any right way of computing meets; nan equals nan."""
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=REL_TOL, abs_tol=ABS_TOL)


def as_number(value: Any) -> float | None:
    """The value as a float if it is one number, else None."""
    if isinstance(value, str) or not _is_number(value):
        return None
    return float(_unwrap(value))


def kind(value: Any) -> str:
    """What a value is, in words a beginner uses."""
    if value is None:
        return "None"
    if isinstance(value, (bool, np.bool_)):
        return "True or False"
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) < 30 else "a text"
    if _is_frame(value):
        return f"a DataFrame of shape {value.shape}"
    if isinstance(value, pd.Series):
        return f"a Series of {_counted(len(value), 'value')}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {_counted(len(value), 'value')}"
    if isinstance(value, Mapping):
        return f"a dict of {_counted(len(value), 'entry', 'entries')}"
    if _is_number(value):
        return "one number"
    return f"a {type(value).__name__}"


def _unwrap(value: Any) -> Any:
    return value.item() if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0 else value


def _is_number(value: Any) -> bool:
    value = _unwrap(value)
    return isinstance(value, (Real, np.bool_)) or value is pd.NA


def _is_frame(value: Any) -> bool:
    return isinstance(value, pd.DataFrame)


def _is_sequence(value: Any) -> bool:
    if isinstance(value, (str, bytes, Mapping)) or _is_frame(value):
        return False
    return isinstance(value, (Sequence, pd.Series, pd.Index)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _is_numeric(array: np.ndarray) -> bool:
    return array.dtype.kind in "biuf"


def _shape(value: Any) -> tuple[int, ...]:
    try:
        return np.asarray(value).shape
    except ValueError:
        return (len(value),)


def _counted(n: int, noun: str, plural: str | None = None) -> str:
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def _short_list(items: list) -> str:
    shown = ", ".join(repr(getattr(i, "item", lambda i=i: i)()) for i in items[:5])
    return f"{shown}, …" if len(items) > 5 else shown or "none"
