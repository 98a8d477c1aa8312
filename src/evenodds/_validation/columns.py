"""Columns: labels, decisions, scores, weights, numbers; and whether several can be about the same people."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def check_column(values: Any, name: str) -> NDArray[Any]:
    """Return `values` as a 1-D array with one entry per person; a table with a single column counts as 1-D."""
    array = check_rows(values, name)
    if array.ndim != 1:
        raise ValueError(
            f"{name} has shape {array.shape}; it must be 1-D, with one entry per person. "
            f"Pick one column, for example {name}[:, 1]"
        )
    return array


def check_rows(values: Any, name: str) -> NDArray[Any]:
    """Return `values` as a non-empty array with one row per person, of any further dimensions."""
    try:
        array = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} has rows of different lengths; it needs one entry per person") from error
    if array.ndim == 0:
        given = "None" if values is None else f"a single {type(values).__name__}"
        raise ValueError(f"{name} is {given}; it must be a list, array or Series with one entry per person")
    if len(array) == 0:
        raise ValueError(f"{name} is empty; at least one person is needed")
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def check_binary(values: Any, name: str, what: str = "labels") -> NDArray[np.uint8]:
    """Return labels or decisions as zeros and ones, whatever type they came in.

    Parameters
    ----------
    values : array-like, shape (n,)
        Integers, booleans, floats 0.0 and 1.0, or pandas' nullable types without missing values.
    name : str
        The argument's name, for the message.
    what : str
        What the entries are, ``"labels"`` or ``"decisions"``, for the message.

    Raises
    ------
    ValueError
        If an entry is missing or is neither 0 nor 1, naming the first such entry and its position.

    Examples
    --------
    >>> check_binary([True, False, 1.0], "y_true")
    array([1, 0, 1], dtype=uint8)
    """
    array = check_column(values, name)
    if array.dtype.kind not in "biuf":
        array = object_column(values) if isinstance(values, list | tuple) else array.astype(object)
        _refuse_missing(array, name)
    valid = (array == 0) | (array == 1)
    if not valid.all():
        _refuse_missing(array, name)
        value = plain(array[np.argmin(valid)])
        remedy = (
            "Threshold the scores first, for example (scores >= 0.5)"
            if isinstance(value, float) and 0 < value < 1
            else "Recode them first, for example (values == favourable_value).astype(int)"
        )
        _refuse_unless(valid, array, name, f"{what} must be 0 or 1. {remedy}")
    return array.astype(np.uint8)


def check_scores(values: Any, name: str = "y_score") -> NDArray[np.float64]:
    """Return scores, one probability in [0, 1] per person, as floats.

    Examples
    --------
    >>> check_scores([0.25, 1])
    array([0.25, 1.  ])
    """
    array = check_numbers(values, name)
    need = "scores must lie between 0 and 1. Pass probabilities, for example model.predict_proba(X)[:, 1]"
    _refuse_unless((array >= 0) & (array <= 1), array, name, need)
    return array


def check_weights(values: Any, name: str = "sample_weight") -> NDArray[np.float64]:
    """Return weights, one per person, as floats: finite, none negative, not all zero.

    Examples
    --------
    >>> check_weights([1, 2, 0])
    array([1., 2., 0.])
    """
    array = check_numbers(values, name)
    need = "weights must be finite and not negative. Use 0 to leave a person out"
    _refuse_unless((array >= 0) & np.isfinite(array), array, name, need)
    if not array.any():
        raise ValueError(f"{name} is zero for everyone; at least one person needs a positive weight")
    return array


def check_numbers(values: Any, name: str) -> NDArray[np.float64]:
    """Return numbers, one per person, as floats."""
    array = check_column(values, name)
    if array.dtype.kind not in "biuf":
        array = array.astype(object)
        _refuse_missing(array, name)
        is_number = np.frompyfunc(lambda value: isinstance(value, Real), 1, 1)(array).astype(bool)
        _refuse_unless(is_number, array, name, "it must hold numbers")
    _refuse_missing(array, name)
    return array.astype(np.float64)


def check_same_people(inputs: Mapping[str, Any]) -> None:
    """Refuse inputs that cannot be about the same people, row by row.

    Rows are matched by position, as in Fairlearn. Two pandas inputs whose indexes hold the same labels in a
    different order would be matched wrongly without a word, so they are refused.

    Parameters
    ----------
    inputs : mapping from an argument's name to the argument
        Entries that are None are passed over.

    Raises
    ------
    ValueError
        If lengths differ, or if two indexes are reorderings of each other.
    """
    given = {name: values for name, values in inputs.items() if values is not None}
    lengths = {name: len(values) for name, values in given.items()}
    for (first, expected), (name, length) in pairwise(lengths.items()):
        if length != expected:
            raise ValueError(
                f"{name} has {length} entries but {first} has {expected}; every input needs one entry per person"
            )
    indexed = [(k, v.index) for k, v in given.items() if isinstance(v, pd.Series | pd.DataFrame)]
    for (first, reference), (name, index) in combinations(indexed, 2):
        if not index.equals(reference) and _same_labels(index, reference):
            raise ValueError(
                f"{name} and {first} hold the same index labels in a different order, so their rows do not match. "
                f"Align them first, for example {name}.loc[{first}.index]; "
                "if they do match by position, pass .to_numpy()"
            )


def object_column(values: list[Any] | tuple[Any, ...]) -> NDArray[Any]:
    """Return a list as a column in which every entry keeps its type."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def plain(value: Any) -> Any:
    """Return a numpy scalar as the Python one, so that messages read 1 and not np.int64(1)."""
    return value.item() if isinstance(value, np.generic) else value


def _refuse_unless(valid: NDArray[np.bool_], array: NDArray[Any], name: str, need: str) -> None:
    if not valid.all():
        position = int(np.argmin(valid))
        raise ValueError(f"{name} holds {plain(array[position])!r} at position {position}; {need}")


def _refuse_missing(array: NDArray[Any], name: str) -> None:
    missing = pd.isna(array)
    if missing.any():
        position = int(np.argmax(missing))
        raise ValueError(
            f"{name} is missing ({array[position]}) at position {position}; "
            "every person needs a value. Leave out the people without one, from every input"
        )


def _same_labels(index: pd.Index, other: pd.Index) -> bool:
    """Whether two indexes hold the same labels, in whatever order; a few labels mostly suffice to see that not."""
    few = index[:: len(index) // 16 + 1].unique()
    return bool(other.isin(few).sum() >= len(few) and index.isin(other).all() and other.isin(index).all())
