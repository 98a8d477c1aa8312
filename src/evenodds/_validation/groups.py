"""Who belongs to which group, from one column or several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evenodds._validation.columns import check_column, check_rows, check_same_people, object_column, plain

_MOST_CROSSED_GROUPS = 10_000_000
_WIDEST_INTEGER_RANGE = 2**16
_COLUMN_TYPES = (pd.Series, pd.Index, pd.Categorical, np.ndarray, list)


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

    def positions_in(
        self, known: pd.Index, name: str = "sensitive_features", *, when: str = "in fit"
    ) -> NDArray[np.intp]:
        """Return the position of everyone's group among those that an estimator has met; a new one is refused.

        Columns are matched by their order; names count only where they show that the order is another.
        """
        names = tuple(known.names)
        if len(self.names) != len(names) or (self.names != names and {*self.names} == {*names}):
            raise ValueError(
                f"{name} has the columns {[*self.names]}; {when} they were {[*names]}; pass those, in that order"
            )
        positions = known.get_indexer(self.index)[self.codes]
        if (positions < 0).any():
            person = int(np.argmax(positions < 0))
            met = ", ".join(repr(plain(label)) for label in known[:20]) + (", …" if len(known) > 20 else "")
            raise ValueError(
                f"{name} holds {self.label(int(self.codes[person]))!r} at position {person}, which nobody had {when}; "
                f"there were: {met}"
            )
        return positions

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
        named = list(features.items())
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
    if isinstance(features, list | tuple):
        several = any(isinstance(feature, _COLUMN_TYPES) for feature in features)
        return list(features) if several else [object_column(features)]
    if hasattr(features, "to_numpy") or isinstance(features, pd.Categorical):
        return [features]
    array = check_rows(features, name)
    if array.ndim > 2:
        raise ValueError(f"{name} has shape {array.shape}; it must be 1-D, or 2-D with one column per feature")
    return [array] if array.ndim == 1 else list(array.T)


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
    else:
        given = object_column(column) if isinstance(column, list | tuple) else column
        codes, labels = _number_labels(check_column(given, called), called)
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
