"""Score against outcome, bin by bin and group by group, and how far apart they are."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import (
    Groups,
    check_binary,
    check_groups,
    check_same_people,
    check_scores,
    check_weights,
    split_features,
)
from evenodds.metrics.undefined import warn_undefined

Strategy = Literal["uniform", "quantile"]
Floats = NDArray[np.float64]

_Z_95 = 1.959963984540054
_ROUNDING = 1e-9


def reliability_table(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    sensitive_features: Any = None,
    n_bins: int = 10,
    strategy: Strategy = "uniform",
    sample_weight: ArrayLike | None = None,
) -> pd.DataFrame:
    """Compare the mean score with the observed rate, bin by bin, in every group.

    Parameters
    ----------
    y_true : array-like of 0 and 1, shape (n,)
        Labels.
    y_prob : array-like, shape (n,)
        Scores between 0 and 1: the claimed probabilities of label 1.
    sensitive_features : array-like, shape (n,) or (n, k), optional
        Group labels; several columns are crossed. Without them, everyone is one group.
    n_bins : int, default 10
        Number of bins.
    strategy : {"uniform", "quantile"}
        ``"uniform"`` splits the score axis evenly, with bins closed on the right as in scikit-learn: the first is
        [0, 1/n_bins], the next (1/n_bins, 2/n_bins], the last ends with 1. ``"quantile"`` splits the people of each
        group evenly: bin k holds those for whom a share in [k/n_bins, (k+1)/n_bins) of their group has a lower
        score. Equal scores are never parted, so ties can leave bins empty.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.

    Returns
    -------
    DataFrame
        One row for each bin, empty ones included; the index is ``bin``, preceded by the features if there are any,
        so that ``table.loc[group]`` is the table of one group.

        - ``lower``, ``upper``: the bin's edges; with ``"quantile"`` the lowest and the highest score in it.
        - ``n``: number of people, unweighted.
        - ``share``: the bin's share of its group, weighted; the shares of a group sum to 1.
        - ``mean_score``, ``observed_rate``: weighted means of score and label; nan in an empty bin.
        - ``ci_low``, ``ci_high``: 95 % Wilson interval of the observed rate. With weights it is computed at Kish's
          effective number of people, ``(Σw)² / Σw²``.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, a score is not between 0 and 1, something is missing, lengths differ, or `n_bins`
        or `strategy` is none of the above.

    Warns
    -----
    UndefinedMetricWarning
        If a crossing of features has nobody, or only people of weight 0; its rows are nan.

    References
    ----------
    M. H. DeGroot, S. E. Fienberg (1983), "The comparison and evaluation of forecasters", The Statistician 32.
    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.

    Examples
    --------
    >>> from evenodds.calibration import reliability_table
    >>> table = reliability_table([0, 0, 1, 1, 1], [0.1, 0.3, 0.3, 0.8, 1.0], n_bins=2)
    >>> print(table[["lower", "upper", "n", "mean_score", "observed_rate"]].round(3))  # doctest: +NORMALIZE_WHITESPACE
         lower  upper  n  mean_score  observed_rate
    bin
    0      0.0    0.5  3       0.233          0.333
    1      0.5    1.0  2       0.900          1.000
    """
    groups, table = _tabulate(y_true, y_prob, sensitive_features, n_bins, strategy, sample_weight)
    index: pd.Index = pd.RangeIndex(n_bins, name="bin")
    if sensitive_features is not None:
        index = pd.MultiIndex.from_product([*groups.levels, index], names=[*groups.names, "bin"])
    return pd.DataFrame({name: values.ravel() for name, values in table.items()}, index=index)


def expected_calibration_error(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    sensitive_features: Any = None,
    n_bins: int = 10,
    strategy: Strategy = "uniform",
    sample_weight: ArrayLike | None = None,
) -> Any:
    """Average, over people, how far the observed rate of their bin is from its mean score.

    ``ECE = Σ_b (n_b / n) · |observed_rate_b − mean_score_b|``, with sums of weights for n_b and n where there are any.

    Parameters
    ----------
    y_true : array-like of 0 and 1, shape (n,)
        Labels.
    y_prob : array-like, shape (n,)
        Scores between 0 and 1.
    sensitive_features : array-like, shape (n,) or (n, k), optional
        Group labels; several columns are crossed.
    n_bins, strategy, sample_weight
        As in `reliability_table`. The error depends on the bins: name them with it.

    Returns
    -------
    float or Series
        The error, between 0 and 1; with `sensitive_features`, a Series with the error of each group, which is that
        of its people taken alone. nan for a group in which nobody has a positive weight.

    Raises
    ------
    ValueError
        As in `reliability_table`.

    Warns
    -----
    UndefinedMetricWarning
        If a crossing of features has nobody, or only people of weight 0.

    Notes
    -----
    Opposite errors cancel: those of two groups in the pool, and those of two scores in one bin. So few bins flatter;
    with few people in a bin, chance alone makes the error large.

    References
    ----------
    M. P. Naeini, G. F. Cooper, M. Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning",
    AAAI 29.

    Examples
    --------
    Each group is off by 0.1, in opposite directions:

    >>> from evenodds.calibration import expected_calibration_error
    >>> y_true, group = [0, 1, 1, 1, 1, 0, 1, 1, 1, 0], ["a"] * 5 + ["b"] * 5
    >>> expected_calibration_error(y_true, [0.7] * 10, sensitive_features=group).round(3).to_dict()
    {'a': 0.1, 'b': 0.1}
    >>> round(expected_calibration_error(y_true, [0.7] * 10), 3)
    0.0
    """
    groups, table = _tabulate(y_true, y_prob, sensitive_features, n_bins, strategy, sample_weight)
    errors = np.nansum(table["share"] * _gaps(table), axis=1)
    return _by_group(errors, groups, table, None if sensitive_features is None else "expected_calibration_error")


def maximum_calibration_error(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    sensitive_features: Any = None,
    n_bins: int = 10,
    strategy: Strategy = "uniform",
    sample_weight: ArrayLike | None = None,
) -> Any:
    """Return the largest distance, over the bins, between observed rate and mean score.

    ``MCE = max_b |observed_rate_b − mean_score_b|``. It is often that of a bin with very few people: look at ``n`` in
    `reliability_table` before quoting it. Parameters, result, errors, warnings and source are those of
    `expected_calibration_error`.

    Examples
    --------
    >>> from evenodds.calibration import maximum_calibration_error
    >>> round(maximum_calibration_error([0, 0, 1, 1, 0], [0.1, 0.1, 0.9, 0.9, 0.6]), 3)
    0.6
    """
    groups, table = _tabulate(y_true, y_prob, sensitive_features, n_bins, strategy, sample_weight)
    errors = np.nan_to_num(_gaps(table)).max(axis=1)
    return _by_group(errors, groups, table, None if sensitive_features is None else "maximum_calibration_error")


def _tabulate(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    sensitive_features: Any,
    n_bins: int,
    strategy: Strategy,
    sample_weight: ArrayLike | None,
) -> tuple[Groups, dict[str, NDArray[Any]]]:
    """Return the groups and the columns of the table, each of shape (groups, bins)."""
    labels, scores = check_binary(y_true, "y_true"), check_scores(y_prob, "y_prob")
    weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
    features = {} if sensitive_features is None else split_features(sensitive_features)
    groups = check_groups(sensitive_features if features else np.zeros(len(labels), dtype=int))
    named = {f"sensitive_features {name!r}": column for name, column in features.items()}
    check_same_people({"y_true": y_true, "y_prob": y_prob, "sample_weight": sample_weight} | named)

    codes = groups.codes.astype(np.int64)
    cells = codes * n_bins + _bins(scores, weights, codes, n_bins, strategy)
    shape = (groups.n_groups, n_bins)

    def total(values: NDArray[Any] | None) -> NDArray[Any]:
        return np.bincount(cells, values, groups.n_groups * n_bins).reshape(shape)

    weight = total(weights)
    with np.errstate(invalid="ignore"):
        share = weight / weight.sum(axis=1, keepdims=True)
        mean_score, observed_rate = total(weights * scores) / weight, total(weights * labels) / weight
        ci_low, ci_high = _wilson(observed_rate, weight**2 / total(weights**2))
    for code in np.flatnonzero(np.isnan(share[:, 0])).tolist():
        reason = f"the weights of its {n} people sum to 0" if (n := groups.sizes[code]) else "there are no people"
        warn_undefined(f"calibration is undefined for group {groups.label(code)!r}: {reason}")
    lower, upper = _uniform_edges(shape) if strategy == "uniform" else _ranges(scores, cells, shape)
    return groups, {
        "lower": lower,
        "upper": upper,
        "n": total(None),
        "share": share,
        "mean_score": mean_score,
        "observed_rate": observed_rate,
        "ci_low": ci_low,
        "ci_high": ci_high,
    }


def _bins(
    scores: Floats, weights: Floats, codes: NDArray[np.int64], n_bins: int, strategy: Strategy
) -> NDArray[np.int64]:
    """Return everyone's bin."""
    if isinstance(n_bins, bool) or not isinstance(n_bins, int | np.integer) or n_bins < 1:
        raise ValueError(f"n_bins is {n_bins!r}; it must be an integer of at least 1")
    if strategy == "uniform":
        return np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], scores)
    if strategy == "quantile":
        bins = np.floor(n_bins * _share_below(scores, weights, codes) + _ROUNDING).astype(np.int64)
        return np.minimum(bins, n_bins - 1)
    raise ValueError(f"strategy is {strategy!r}; it must be 'uniform' or 'quantile'")


def _share_below(scores: Floats, weights: Floats, codes: NDArray[np.int64]) -> Floats:
    """Return, for everyone, the weighted share of their group with a lower score."""
    order = np.lexsort((scores, codes))
    codes, scores = codes[order], scores[order]
    with np.errstate(invalid="ignore"):
        share = np.nan_to_num(weights[order] / np.bincount(codes, weights[order])[codes])
    before = np.concatenate([[0], np.cumsum(share)[:-1]])
    new_group = np.diff(codes, prepend=-1) > 0
    new_score = new_group | (np.diff(scores, prepend=-1) > 0)
    below = np.empty(len(order))
    below[order] = _at_last(new_score, before) - _at_last(new_group, before)
    return below


def _at_last(start: NDArray[np.bool_], values: Floats) -> Floats:
    """Return, at every position, the value at the last start up to there."""
    return values[np.maximum.accumulate(np.where(start, np.arange(len(start)), 0))]


def _uniform_edges(shape: tuple[int, int]) -> tuple[Floats, Floats]:
    edges = np.broadcast_to(np.linspace(0, 1, shape[1] + 1), (shape[0], shape[1] + 1))
    return edges[:, :-1], edges[:, 1:]


def _ranges(scores: Floats, cells: NDArray[np.int64], shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return the lowest and the highest score in each cell, nan where there is none."""
    ranges = pd.Series(scores).groupby(cells).agg(["min", "max"]).reindex(range(shape[0] * shape[1]))
    return ranges["min"].to_numpy().reshape(shape), ranges["max"].to_numpy().reshape(shape)


def _wilson(rate: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval of a rate observed on n people."""
    centre = (rate + _Z_95**2 / (2 * n)) / (1 + _Z_95**2 / n)
    half = _Z_95 / (1 + _Z_95**2 / n) * np.sqrt(rate * (1 - rate) / n + _Z_95**2 / (4 * n**2))
    low, high = np.minimum(centre - half, rate), np.maximum(centre + half, rate)  # rates of 0 and 1, despite rounding
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def _gaps(table: dict[str, NDArray[Any]]) -> Floats:
    return np.abs(table["observed_rate"] - table["mean_score"])


def _by_group(errors: Floats, groups: Groups, table: dict[str, NDArray[Any]], name: str | None) -> Any:
    """Return the groups' errors as a Series called `name`; without a name, the one error of everyone."""
    errors = np.where(np.isnan(table["share"][:, 0]), np.nan, errors)
    return float(errors[0]) if name is None else pd.Series(errors, groups.index, name=name)
