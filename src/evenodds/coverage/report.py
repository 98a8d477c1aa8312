"""Coverage and the size that bought it, over everyone and in each group."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_column, check_numbers, check_rows, check_same_people, check_weights, plain
from evenodds.coverage.threshold import aligned_groups


class CoverageByGroup(NamedTuple):
    """How often the truth was held, and how much was held to achieve it: over everyone, and in each group."""

    overall: pd.Series
    by_group: pd.DataFrame


def coverage_by_group(
    y_true: ArrayLike,
    sets: ArrayLike,
    *,
    sensitive_features: Any,
    classes: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
) -> CoverageByGroup:
    """How often prediction sets hold the true class, and how large they are, over everyone and in each group.

    ``coverage = P(Y ∈ C(X) | A = a)``, ``set size = E(|C(X)| | A = a)``. One without the other says little: the set of
    all classes covers everything.

    Parameters
    ----------
    y_true : array-like, shape (n,)
        The true classes.
    sets : array-like of bool, shape (n, k)
        Which classes are in each row's set, from `SplitConformalClassifier.predict_set`.
    sensitive_features : array-like, DataFrame or dict
        The groups; several features are crossed, and crossings without people left out.
    classes : array-like, shape (k,), optional
        The classes of the columns; 0, 1, … if left out.
    sample_weight : array-like, shape (n,), optional
        What each row counts for.

    Returns
    -------
    CoverageByGroup
        ``overall``, a Series, and ``by_group``, a DataFrame with one row per group, both with `n` (rows, unweighted),
        `coverage`, `set_size` (mean number of classes) and `empty` (share of sets without any class).

    Raises
    ------
    ValueError
        If a class is unknown, sets are not of this shape, or the input is not usable.

    References
    ----------
    Y. Romano, R. F. Barber, C. Sabatti and E. Candès (2020), "With malice toward none: assessing uncertainty via
    equalized coverage", Harvard Data Science Review 2(2).

    Examples
    --------
    >>> sets = [[True, False], [True, True], [False, True], [False, False]]
    >>> report = coverage_by_group([0, 1, 0, 0], sets, sensitive_features=["a", "a", "b", "b"])
    >>> report.overall.to_dict()
    {'n': 4.0, 'coverage': 0.5, 'set_size': 1.0, 'empty': 0.25}
    >>> print(report.by_group)  # doctest: +NORMALIZE_WHITESPACE
                         n  coverage  set_size  empty
    sensitive_feature_0
    a                    2       1.0       1.5    0.0
    b                    2       0.0       0.5    0.5
    """
    held = check_rows(sets, "sets")
    if held.ndim != 2 or not np.isin(held, [0, 1]).all():
        raise ValueError(
            f"sets has shape {held.shape}; it must hold True and False, one row per person and one column per class"
        )
    held = held.astype(bool)
    known = np.arange(held.shape[1]) if classes is None else check_column(classes, "classes")
    if len(known) != held.shape[1]:
        raise ValueError(f"classes has {len(known)} entries but sets has {held.shape[1]} columns")
    truth = positions(y_true, known, "y_true")
    check_same_people({"y_true": y_true, "sets": sets})
    sizes = held.sum(axis=1)
    columns = {"coverage": held[np.arange(len(held)), truth], "set_size": sizes, "empty": sizes == 0}
    return _report(columns, sensitive_features, {"y_true": y_true}, sample_weight)


def interval_coverage_by_group(
    y_true: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    sensitive_features: Any,
    sample_weight: ArrayLike | None = None,
) -> CoverageByGroup:
    """How often intervals hold the true number, and how wide they are, over everyone and in each group.

    Parameters
    ----------
    y_true, low, high : array-like, shape (n,)
        The true numbers and the two ends of each row's interval, which belong to it; the ends may be infinite.
    sensitive_features, sample_weight
        As in `coverage_by_group`.

    Returns
    -------
    CoverageByGroup
        As from `coverage_by_group`, with columns `n`, `coverage` and `width` (mean).

    Raises
    ------
    ValueError
        If an interval ends before it begins, or the input is not usable.

    Examples
    --------
    >>> report = interval_coverage_by_group([1, 2, 3], [0, 0, 3], [2, 1, 4], sensitive_features=["a", "a", "b"])
    >>> report.by_group["coverage"].to_dict()
    {'a': 0.5, 'b': 1.0}
    """
    given = {"y_true": y_true, "low": low, "high": high}
    truth, lower, upper = (check_numbers(values, name) for name, values in given.items())
    check_same_people(given)
    if (lower > upper).any():
        position = int(np.argmax(lower > upper))
        raise ValueError(f"low is {lower[position]} but high is {upper[position]} at position {position}")
    columns = {"coverage": (lower <= truth) & (truth <= upper), "width": upper - lower}
    return _report(columns, sensitive_features, given, sample_weight)


def _report(
    columns: dict[str, NDArray[Any]], sensitive_features: Any, given: dict[str, Any], sample_weight: Any
) -> CoverageByGroup:
    """Average the columns over everyone and over the people of each group."""
    groups = aligned_groups(sensitive_features, given | {"sample_weight": sample_weight})
    weights = np.ones(len(groups.codes)) if sample_weight is None else check_weights(sample_weight)
    overall = {name: np.average(values, weights=weights) for name, values in columns.items()}
    with np.errstate(invalid="ignore"):
        total = np.bincount(groups.codes, weights, groups.n_groups)
        means = {
            name: np.bincount(groups.codes, weights * values, groups.n_groups) / total
            for name, values in columns.items()
        }
    by_group = pd.DataFrame({"n": groups.sizes} | means, index=groups.index)[groups.sizes > 0]
    return CoverageByGroup(pd.Series({"n": len(groups.codes)} | overall), by_group)


def positions(labels: ArrayLike, classes: NDArray[Any], name: str) -> NDArray[np.intp]:
    """Return each label's position among the classes; there must be one."""
    column = check_column(labels, name)
    found = pd.Index(classes).get_indexer(column.astype(int) if column.dtype == bool else column)
    if (found < 0).any():
        position = int(np.argmin(found))
        raise ValueError(
            f"{name} holds {plain(column[position])!r} at position {position}, which is not one of the classes: "
            f"{', '.join(repr(plain(known)) for known in classes)}"
        )
    return found
