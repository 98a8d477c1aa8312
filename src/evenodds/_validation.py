"""The one gate through which data enters Even Odds.

People pass in lists, arrays, Series, Categoricals, DataFrames; the rooms behind this gate see checked numpy arrays.
What cannot be understood is a ``ValueError`` that says what was given, where, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

_MOST_CROSSED_GROUPS = 10_000_000
_WIDEST_INTEGER_RANGE = 2**16


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
        array = _object_column(values) if isinstance(values, list | tuple) else array.astype(object)
        _refuse_missing(array, name)
    valid = (array == 0) | (array == 1)
    if not valid.all():
        _refuse_missing(array, name)
        position = int(np.argmin(valid))
        value = plain(array[position])
        remedy = (
            "Threshold the scores first, for example (scores >= 0.5)"
            if isinstance(value, float) and 0 < value < 1
            else "Recode them first, for example (values == favourable_value).astype(int)"
        )
        raise ValueError(f"{name} holds {value!r} at position {position}; {what} must be 0 or 1. {remedy}")
    return array.astype(np.uint8)


def check_scores(values: Any, name: str = "y_score") -> NDArray[np.float64]:
    """Return scores, one probability in [0, 1] per person, as floats.

    Examples
    --------
    >>> check_scores([0.25, 1])
    array([0.25, 1.  ])
    """
    array = check_numbers(values, name)
    valid = (array >= 0) & (array <= 1)
    if not valid.all():
        position = int(np.argmin(valid))
        raise ValueError(
            f"{name} holds {plain(array[position])!r} at position {position}; scores must lie between 0 and 1. "
            "Pass probabilities, for example model.predict_proba(X)[:, 1]"
        )
    return array


def check_weights(values: Any, name: str = "sample_weight") -> NDArray[np.float64]:
    """Return weights, one per person, as floats: finite, none negative, not all zero.

    Examples
    --------
    >>> check_weights([1, 2, 0])
    array([1., 2., 0.])
    """
    array = check_numbers(values, name)
    valid = (array >= 0) & np.isfinite(array)
    if not valid.all():
        position = int(np.argmin(valid))
        raise ValueError(
            f"{name} holds {plain(array[position])!r} at position {position}; "
            "weights must be finite and not negative. Use 0 to leave a person out"
        )
    if not array.any():
        raise ValueError(f"{name} is zero for everyone; at least one person needs a positive weight")
    return array


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


def _same_labels(index: pd.Index, other: pd.Index) -> bool:
    """Whether two indexes hold the same labels, in whatever order; a few labels mostly suffice to see that not."""
    few = index[:: len(index) // 16 + 1].unique()
    return bool(other.isin(few).sum() >= len(few) and index.isin(other).all() and other.isin(index).all())


def check_random_state(random_state: Any) -> np.random.Generator:
    """Return a generator from None, an int seed, a ``Generator`` or a ``RandomState``."""
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(0, 2**32, size=4, dtype=np.uint32))
    if random_state is None or isinstance(random_state, np.random.Generator):
        return np.random.default_rng(random_state)
    if isinstance(random_state, int | np.integer) and random_state >= 0:
        return np.random.default_rng(int(random_state))
    raise ValueError(
        f"random_state is {random_state!r}; it must be None, an integer of at least 0, "
        "a numpy Generator or a numpy RandomState"
    )


@dataclass(frozen=True, eq=False)
class Groups:
    """Who belongs to which group.

    With several features, the groups are all crossings of their levels, those without people included;
    ``codes[i]`` is the position of person i's group in that list.

    Attributes
    ----------
    names : tuple of str
        The features' names.
    levels : tuple of pandas.Index
        The labels that occur in each feature, sorted.
    codes : ndarray of unsigned integers, shape (n,)
        Each person's group.
    """

    names: tuple[str, ...]
    levels: tuple[pd.Index, ...]
    codes: NDArray[Any]

    @property
    def n_groups(self) -> int:
        """Number of crossings, empty ones included."""
        return int(np.prod([len(level) for level in self.levels], dtype=object))

    @property
    def index(self) -> pd.Index:
        """The groups as an index: plain for one feature, a MultiIndex for several."""
        if len(self.levels) == 1:
            return self.levels[0].rename(self.names[0])
        return pd.MultiIndex.from_product(self.levels, names=self.names)

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Number of people in each group."""
        return np.bincount(self.codes, minlength=self.n_groups)

    def label(self, code: int) -> Any:
        """Return the label of one group, a tuple if several features are crossed."""
        where = np.unravel_index(code, [len(level) for level in self.levels])
        labels = tuple(plain(level[int(i)]) for level, i in zip(self.levels, where, strict=True))
        return labels[0] if len(labels) == 1 else labels

    def position(self, label: Any, name: str) -> int:
        """Return the code of the group called `label`; it must have people."""
        known = {self.label(code): code for code in np.flatnonzero(self.sizes).tolist()}
        try:
            return known[label]
        except (KeyError, TypeError):
            groups = ", ".join(map(repr, known))
            raise ValueError(f"{name} is {label!r}, which is not one of the groups: {groups}") from None

    def cross(self, other: Groups) -> Groups:
        """Return the crossing of these groups with `other`'s, these varying slowest."""
        if shared := set(self.names) & set(other.names):
            raise ValueError(f"two features are called {min(shared)!r}; give every feature its own name")
        n_crossed = self.n_groups * other.n_groups
        if n_crossed > _MOST_CROSSED_GROUPS:
            raise ValueError(
                f"the features cross into {n_crossed:,} groups; at most {_MOST_CROSSED_GROUPS:,} are supported. "
                "Use fewer features, or bin those with many values"
            )
        codes = self.codes.astype(np.min_scalar_type(n_crossed))
        codes *= codes.dtype.type(other.n_groups)
        codes += other.codes.astype(codes.dtype)
        return Groups(self.names + other.names, self.levels + other.levels, codes)


def check_groups(features: Any, name: str = "sensitive_features") -> Groups:
    """Turn one or several group columns into groups.

    Parameters
    ----------
    features : array-like, shape (n,) or (n, k); DataFrame; dict of columns; or list of k columns
        One label per person and feature, of any type that can be sorted. Integers, strings, booleans and
        Categoricals are all fine; levels are sorted by label, and those that nobody has are left out.
    name : str
        The argument's name. Features without a name of their own are called after it:
        ``sensitive_feature_0``, ``sensitive_feature_1`` and so on, as in Fairlearn.

    Raises
    ------
    ValueError
        If a label is missing, columns differ in length, or a name is not a string or occurs twice.

    Examples
    --------
    >>> groups = check_groups({"sex": ["F", "M", "F"], "age": [1, 1, 2]})
    >>> groups.index.tolist()
    [('F', 1), ('F', 2), ('M', 1), ('M', 2)]
    >>> groups.codes
    array([0, 2, 1], dtype=uint8)
    """
    columns = split_features(features, name)
    encoded = [_encode_feature(column, feature, name) for feature, column in columns.items()]
    check_same_people({f"{name} {feature!r}": column for feature, column in columns.items()})
    groups = encoded[0]
    for other in encoded[1:]:
        groups = groups.cross(other)
    return groups


def split_features(features: Any, name: str = "sensitive_features") -> dict[str, Any]:
    """Return the columns of `features` by their names, unchecked."""
    if isinstance(features, pd.DataFrame | dict):
        columns = [(key, features[key]) for key in features] if isinstance(features, dict) else features.items()
        named = [(key, column) for key, column in columns]
    else:
        named = [(getattr(column, "name", None), column) for column in _unnamed_columns(features, name)]
        default = name.removesuffix("s")
        named = [(f"{default}_{i}" if key is None else key, column) for i, (key, column) in enumerate(named)]
    if not named:
        raise ValueError(f"{name} has no columns; at least one feature is needed")
    result: dict[str, Any] = {}
    for key, column in named:
        if not isinstance(key, str):
            raise ValueError(f"{name} has a feature called {key!r}; names must be strings. Rename it")
        if key in result:
            raise ValueError(f"two features are called {key!r}; give every feature its own name")
        result[key] = column
    return result


def _unnamed_columns(features: Any, name: str) -> list[Any]:
    if isinstance(features, list | tuple) and any(isinstance(f, _COLUMN_TYPES) for f in features):
        return list(features)
    if isinstance(features, list | tuple):
        return [_object_column(features)]
    if hasattr(features, "to_numpy") or isinstance(features, pd.Categorical):
        return [features]
    array = check_rows(features, name)
    if array.ndim > 2:
        raise ValueError(f"{name} has shape {array.shape}; it must be 1-D, or 2-D with one column per feature")
    return [array] if array.ndim == 1 else list(array.T)


_COLUMN_TYPES = (pd.Series, pd.Index, pd.Categorical, np.ndarray, list)


def _encode_feature(column: Any, feature: str, name: str) -> Groups:
    """Number the labels that somebody has in sorted order, and everyone by theirs."""
    called = f"{name} {feature!r}"
    codes: NDArray[Any]
    labels: Any
    categorical = column.array if isinstance(column, pd.Series | pd.Index) else column
    if isinstance(categorical, pd.Categorical):
        codes, labels = categorical.codes, categorical.categories
        if len(codes) == 0:
            raise ValueError(f"{called} is empty; at least one person is needed")
    elif isinstance(column, list | tuple):
        codes, labels = _number_labels(check_column(_object_column(column), called), called)
    else:
        codes, labels = _number_labels(check_column(column, called), called)
    if codes.min() < 0:
        position = int(np.argmin(codes))
        raise ValueError(
            f"{called} is missing at position {position}; everyone needs a group label. "
            "Give people without one a group of their own, for example .fillna('missing')"
        )
    used = np.flatnonzero(np.bincount(codes, minlength=len(labels)))
    found = pd.Index(labels[used].tolist(), tupleize_cols=False)
    if isinstance(found[0], tuple):
        raise ValueError(f"{called} holds tuples such as {found[0]!r}; pass one column per feature")
    try:
        rank, levels = pd.factorize(found, sort=True)
    except TypeError as error:
        raise ValueError(f"the labels in {called} cannot be sorted; use labels of one type") from error
    small = np.min_scalar_type(len(levels) - 1)
    if np.array_equal(rank, used):
        return Groups((feature,), (pd.Index(levels),), codes.astype(small))
    renumber = np.zeros(len(labels), dtype=small)
    renumber[used] = rank
    return Groups((feature,), (pd.Index(levels),), renumber[codes])


def _number_labels(array: NDArray[Any], called: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return each entry's number and the numbered labels; integers and fixed-width strings need little hashing."""
    if array.dtype.kind == "U":
        return _number_text(array)
    if array.dtype.kind in "biu":
        low, high = int(array.min()), int(array.max())
        if high - low < _WIDEST_INTEGER_RANGE and high < 2**63:
            shifted = array.astype(np.int64) - low if low else array
            labels = np.arange(high - low + 1) + low
            return shifted.astype(np.min_scalar_type(high - low)), labels.astype(array.dtype)
    try:
        return pd.factorize(array)
    except TypeError as error:
        raise ValueError(f"{called} holds something that cannot be a label: {error}") from error


def _number_text(array: NDArray[np.str_]) -> tuple[NDArray[Any], NDArray[np.str_]]:
    """Number strings by the integers that their characters spell, leaving out characters that all share."""
    characters = np.ascontiguousarray(array).view(np.uint32).reshape(len(array), -1)
    codes, n_codes = np.zeros(len(array), dtype=np.int64), 1
    for column in characters.T:
        low, high = int(column.min()), int(column.max())
        if low == high:
            continue
        if n_codes * (high + 1) >= 2**62:
            codes, spelled = pd.factorize(codes)
            n_codes = len(spelled)
        codes *= high + 1
        codes += column
        n_codes *= high + 1
    codes, spelled = pd.factorize(codes)
    example = np.empty(len(spelled), dtype=np.intp)
    example[codes] = np.arange(len(codes))
    return codes, array[example]


def _object_column(values: list[Any] | tuple[Any, ...]) -> NDArray[Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def check_numbers(values: ArrayLike, name: str) -> NDArray[np.float64]:
    array = check_column(values, name)
    if array.dtype.kind not in "biuf":
        array = array.astype(object)
        _refuse_missing(array, name)
        is_number = np.frompyfunc(lambda value: isinstance(value, Real), 1, 1)(array).astype(bool)
        if not is_number.all():
            position = int(np.argmin(is_number))
            raise ValueError(f"{name} holds {array[position]!r} at position {position}; it must hold numbers")
    _refuse_missing(array, name)
    return array.astype(np.float64)


def _refuse_missing(array: NDArray[Any], name: str) -> None:
    missing = pd.isna(array)
    if missing.any():
        position = int(np.argmax(missing))
        raise ValueError(
            f"{name} is missing ({array[position]}) at position {position}; "
            "every person needs a value. Leave out the people without one, from every input"
        )


def plain(value: Any) -> Any:
    """Return a numpy scalar as the Python one, so that messages read 1 and not np.int64(1)."""
    return value.item() if isinstance(value, np.generic) else value
