"""The threshold of split conformal prediction, and why its rank is counted out of n + 1."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import Groups, check_groups, check_numbers, check_same_people, split_features
from evenodds.uncertainty.intervals import check_share


class SmallCalibrationWarning(UserWarning):
    """Too few calibration rows for the coverage asked for; prediction sets hold everything."""


def conformal_quantile(scores: ArrayLike, *, alpha: float, sensitive_features: Any = None) -> Any:
    """The threshold of split conformal prediction: an order statistic of the calibration scores.

    Of n scores it is the one of rank ``⌈(n + 1)(1 − alpha)⌉``, since a new score is equally likely to take each of the
    n + 1 places among them. If that rank is above n, no score is large enough, and the threshold is infinite.

    Parameters
    ----------
    scores : array-like, shape (n,)
        How strange the truth looks on each calibration row, which the model must not have been trained on: for a
        number, ``abs(y − prediction)``, which makes the interval ``prediction ± threshold``.
    alpha : float
        The share of new rows that may be missed, between 0 and 1.
    sensitive_features : array-like, DataFrame or dict, optional
        Groups, each of which is to get a threshold of its own.

    Returns
    -------
    float or Series
        The threshold; with groups, one for each, as a Series over those that have people.

    Raises
    ------
    ValueError
        If a score is missing, or alpha does not lie strictly between 0 and 1.

    Warns
    -----
    SmallCalibrationWarning
        If a threshold is infinite, naming the group and how many rows it would need.

    References
    ----------
    V. Vovk, A. Gammerman and G. Shafer (2005), Algorithmic Learning in a Random World, also for groups.
    J. Lei et al. (2018), "Distribution-free predictive inference for regression", JASA 113.

    Examples
    --------
    >>> conformal_quantile([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], alpha=0.1)
    0.9
    >>> thresholds = conformal_quantile([3, 1, 2, 30, 10, 20], alpha=0.3, sensitive_features=list("aaabbb"))
    >>> thresholds.to_dict()
    {'a': 3.0, 'b': 30.0}
    """
    values = check_numbers(scores, "scores")
    check_share(alpha, "alpha", "0.1")
    groups = None if sensitive_features is None else aligned_groups(sensitive_features, {"scores": scores})
    return thresholds(values, alpha, groups)


def thresholds(scores: NDArray[np.float64], alpha: float, groups: Groups | None) -> Any:
    """Return the threshold of everyone, or a Series of those of the groups; to be called by a public function."""
    present = [] if groups is None else np.flatnonzero(groups.sizes).tolist()
    parts = {"the calibration set": scores}
    if groups is not None:
        parts = {f"group {groups.label(code)!r}": scores[groups.codes == code] for code in present}
    for who, part in parts.items():
        if rank_of_threshold(len(part), alpha) > len(part):
            warnings.warn(
                f"{who} has {len(part)} calibration {'row' if len(part) == 1 else 'rows'}; alpha={alpha} needs at "
                f"least {ceil(round((1 - alpha) / alpha, 9))}. Its threshold is infinite: prediction sets hold "
                "everything",
                SmallCalibrationWarning,
                stacklevel=3,
            )
    found = [_order_statistic(part, rank_of_threshold(len(part), alpha)) for part in parts.values()]
    return found[0] if groups is None else pd.Series(found, index=groups.index[present])


def aligned_groups(sensitive_features: Any, given: Mapping[str, Any]) -> Groups:
    """Return the groups of the same people as the other inputs."""
    features = split_features(sensitive_features)
    groups = check_groups(features)
    check_same_people({**given} | {f"sensitive_features {name!r}": column for name, column in features.items()})
    return groups


def rank_of_threshold(n: int, alpha: float) -> int:
    """Return ``⌈(n + 1)(1 − alpha)⌉``; the product is rounded first, since 0.3 has no exact binary form.

    Examples
    --------
    >>> [rank_of_threshold(n, alpha=0.1) for n in (8, 9, 10, 100)]
    [9, 9, 10, 91]
    """
    return max(1, ceil(round((n + 1) * (1 - alpha), 9)))


def _order_statistic(scores: NDArray[np.float64], rank: int) -> float:
    """Return the score of this rank, counted from 1; infinity beyond the last."""
    return float(np.partition(scores, rank - 1)[rank - 1]) if rank <= len(scores) else np.inf
