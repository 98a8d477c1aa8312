"""For estimators: rows, groups and weights that belong together, and groups that `fit` has seen.

Not among the names of `_validation`, since it needs scikit-learn and a metric does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.utils.validation import validate_data

from evenodds._validation import Groups, check_groups, check_same_people, check_weights, plain, split_features

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


def check_features(estimator: Any, X: Any, *, reset: bool) -> Floats:
    """Return the features as finite floats, shape (n, d); with ``reset=False`` they must be those given to `fit`."""
    return validate_data(estimator, X, reset=reset, dtype=np.float64)


def encode(features: Any, given: Mapping[str, Any], name: str = "sensitive_features") -> tuple[Integers, pd.Index]:
    """Number the groups that have people, crossed if there are several features.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        Each row's group.
    index : Index
        The labels of the groups.
    """
    groups = _aligned(features, given, name)
    present = np.flatnonzero(groups.sizes)
    if len(present) == groups.n_groups:
        return groups.codes.astype(np.intp), groups.index
    renumber = np.zeros(groups.n_groups, dtype=np.intp)
    renumber[present] = np.arange(len(present))
    return renumber[groups.codes], groups.index[present]


def encode_as_fitted(
    features: Any, fitted: pd.Index, given: Mapping[str, Any], name: str = "sensitive_features"
) -> Integers:
    """Number new rows by the groups that `encode` found in `fit`; each must be one of them."""
    return _aligned(features, given, name).positions_in(fitted, name)


def with_index(values: Any, array: NDArray[Any]) -> Any:
    """Return what shows the rows' labels, if there are any, and their number."""
    return values if isinstance(values, pd.DataFrame | pd.Series) else array


def weigh(sample_weight: Any, n: int) -> Floats:
    """Return what each row counts for: 1 unless weights are given."""
    return np.ones(n) if sample_weight is None else check_weights(sample_weight)


def group_weights(codes: Integers, weights: Floats, index: pd.Index) -> Floats:
    """Return each group's sum of weights, which must be positive."""
    total = np.bincount(codes, weights, len(index)).astype(float)
    if not total.all():
        label = plain(index[int(np.argmin(total))])
        raise ValueError(f"everyone in group {label!r} has weight 0; leave the group out, from every input")
    return total


def _aligned(features: Any, given: Mapping[str, Any], name: str) -> Groups:
    columns = split_features(features, name)
    groups = check_groups(columns, name)
    check_same_people({**given} | {f"{name} {feature!r}": column for feature, column in columns.items()})
    return groups
