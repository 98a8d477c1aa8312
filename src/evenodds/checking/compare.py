"""Is this answer that answer? Equal in value, whatever container the student chose."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

REL_TOL = 1e-6
ABS_TOL = 1e-9


@dataclass(frozen=True)
class Difference:
    """The first place where an answer is not what was wanted.

    `form` is a sentence if the kind of value is wrong there, and "" if only its size is; `where` names the place in a
    container, and is "" for a value that stands alone.
    """

    got: Any
    want: Any
    form: str = ""
    where: str = ""


def same(got: Any, want: Any) -> bool:
    """Whether `got` has the value of `want`: numbers to a tolerance, nan equal to nan, list = array = Series.

    Values are read out as plain floats and strings before they are compared, so that an object's own idea of
    equality plays no part.
    """
    return difference(got, want) is None


def difference(got: Any, want: Any) -> Difference | None:
    """Where and how `got` first differs from `want`; a difference in form comes before one in value."""
    return next(iter(differences(got, want)), None)


def differences(got: Any, want: Any) -> list[Difference]:
    """Every place where `got` differs from `want`, differences in form first."""
    return sorted((d for d in _differences(got, want) if d is not None), key=lambda d: not d.form)


def _differences(got: Any, want: Any) -> Iterator[Difference | None]:
    if _is_frame(want):
        yield from _in_frame(got, want)
    elif isinstance(want, Mapping):
        yield from _in_mapping(got, want)
    elif _is_sequence(want):
        yield from _in_sequence(got, want)
    else:
        yield _in_scalar(got, want)


def _in_scalar(got: Any, want: Any) -> Difference | None:
    form = _scalar_form(got, want)
    if form:
        return Difference(got, want, form)
    if want is None or (isinstance(want, str) and str.__eq__(got, want) is True):
        return None
    if not isinstance(want, str) and close(float(_unwrap(got)), float(want)):
        return None
    return Difference(got, want)


def _scalar_form(got: Any, want: Any) -> str:
    if want is None:
        return "" if got is None else "Return None here."
    if got is None:
        return "You returned None. Does every path through your function end in `return …`?"
    if callable(got):
        return "You returned a function, not its result. Are the brackets missing after its name?"
    if isinstance(want, str):
        return "" if isinstance(got, str) else f"A piece of text was expected, and this is {kind(got)}."
    if isinstance(want, (bool, np.bool_)) != isinstance(_unwrap(got), (bool, np.bool_)):
        wanted = "True or False" if isinstance(want, (bool, np.bool_)) else "One number"
        return f"{wanted} was expected, and this is {kind(got)}."
    if isinstance(got, str) or not _is_number(got):
        mask = " Should it be summed, or averaged?" if _is_sequence(got) else ""
        return f"One number was expected, and this is {kind(got)}.{mask}"
    return ""


def _in_mapping(got: Any, want: Mapping) -> Iterator[Difference | None]:
    if isinstance(got, pd.Series):
        got = dict(zip(got.index, got.to_numpy(), strict=True))
    if not isinstance(got, Mapping):
        yield Difference(
            got, want, _scalar_form(got, 0.0) if got is None else f"A dict was expected: this is {kind(got)}."
        )
        return
    missing = [key for key in want if key not in got]
    if missing:
        keys = _short_list(list(got))
        yield Difference(got, want, f"Your dict has no entry for {missing[0]!r}; its keys are {keys}.")
    elif extra := [key for key in got if key not in want]:
        yield Difference(got, want, f"Your dict has an entry {extra[0]!r} that does not belong there.")
    else:
        for key in want:
            yield from _at(f"{key!r}", _differences(got[key], want[key]))


def _in_sequence(got: Any, want: Sequence | np.ndarray | pd.Series) -> Iterator[Difference | None]:
    if got is None:
        yield Difference(got, want, _scalar_form(got, 0.0))
    elif not _is_sequence(got):
        yield Difference(got, want, f"{_counted(len(want), 'value')} in a row were expected, and this is {kind(got)}.")
    elif _shape(got) != _shape(want):
        yield Difference(got, want, f"The shape {_shape(want)} was expected, and yours is {_shape(got)}.")
    elif not _all_close(_array(got), _array(want)):
        for position, (g, w) in enumerate(zip(list(got), list(want), strict=True), start=1):
            yield from _at(f"place {position}", _differences(g, w))


def _in_frame(got: Any, want: pd.DataFrame) -> Iterator[Difference | None]:
    if not _is_frame(got):
        yield Difference(got, want, f"A DataFrame was expected, and this is {kind(got)}.")
        return
    for word, have, need in (("column", got.columns, want.columns), ("row", got.index, want.index)):
        missing = [label for label in need if label not in have]
        if missing:
            yield Difference(got, want, f"Your table has no {word} {missing[0]!r}.")
            return
    if got.shape != want.shape:
        yield Difference(got, want, f"A table of shape {want.shape} was expected, and yours is {got.shape}.")
        return
    for column in want.columns:
        values = got[column].reindex(want.index)
        for row, g, w in zip(want.index, values, want[column], strict=True):
            yield from _at(f"row {row!r}, column {column!r}", _differences(g, w))


def _at(place: str, differences: Iterable[Difference | None]) -> Iterator[Difference | None]:
    """The same differences, in a container."""
    for each in differences:
        yield each and replace(each, where=f"{place}, {each.where}".rstrip(", "))


def _all_close(got: np.ndarray, want: np.ndarray) -> bool:
    """Whether two arrays of numbers agree, decided at once."""
    if not (_is_numeric(got) and _is_numeric(want)) or (got.dtype == bool) != (want.dtype == bool):
        return False
    return bool(np.all(np.isclose(got.astype(float), want.astype(float), rtol=REL_TOL, atol=ABS_TOL, equal_nan=True)))


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
    return _array(value).shape


def _array(value: Any) -> np.ndarray:
    """The values as an array; rows of unequal length as an array of rows."""
    try:
        return np.asarray(value)
    except ValueError:
        rows = np.empty(len(value), dtype=object)
        rows[:] = list(value)
        return rows


def _counted(n: int, noun: str, plural: str | None = None) -> str:
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def _short_list(items: list) -> str:
    shown = ", ".join(repr(getattr(i, "item", lambda i=i: i)()) for i in items[:5])
    return f"{shown}, …" if len(items) > 5 else shown or "none"
