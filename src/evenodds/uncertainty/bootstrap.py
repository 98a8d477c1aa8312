"""Bootstrap intervals of any metric, from the count table: draw the people anew, and see how the metric varies.

People in the same cell of the table (same group, label and decision, and same weight if there are weights) are
interchangeable. Drawing n people with replacement is therefore drawing how many there are of each kind, once from a
multinomial distribution, and a metric of the resample is the metric of one row per kind, weighted by these numbers.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from evenodds._validation import check_random_state
from evenodds.metrics.bootstrap import check_bootstrap, quantiles_of
from evenodds.metrics.counts import cell_codes, count_table
from evenodds.metrics.rates import Rate
from evenodds.metrics.undefined import UndefinedMetricWarning, warn_undefined
from evenodds.uncertainty.intervals import Interval, check_share
from evenodds.uncertainty.people import People, check_people, count_tables, two_sides, warn_of_gaps

Method = Literal["percentile", "BCa"]
Statistic = Callable[[NDArray[Any]], float]
_TIE = 1e-12  # the same people added up in another order


def bootstrap_interval(
    metric: Callable[..., float],
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any = None,
    privileged: Any = None,
    unprivileged: Any = None,
    sample_weight: ArrayLike | None = None,
    confidence: float = 0.95,
    method: Method = "percentile",
    n_boot: int = 2000,
    random_state: Any = None,
) -> Interval:
    """Interval for a metric, or for the difference of a rate between two groups, by resampling the people.

    - ``method="percentile"``: the interval holds the middle `confidence` of the metric's values in the resamples.
    - ``method="BCa"``: the same with the two quantiles moved, bias-corrected and accelerated, so that an estimate which
      resamples tend to exceed (such as an unsigned disparity near 0), or whose error grows with it, is allowed for.

    Parameters
    ----------
    metric : callable
        A rate of `evenodds.metrics`, or anything called as ``metric(y_true, y_pred, sample_weight=)``, with
        ``sensitive_features=`` (and ``privileged=``) as well where these are given, such as
        `equalized_odds_difference`.
    y_true, y_pred : array-like of 0 and 1, shape (n,)
        Labels and decisions.
    sensitive_features : array-like, DataFrame or dict, optional
        The groups; several features are crossed.
    privileged, unprivileged : label or tuple of labels, optional
        With a rate, `privileged` asks for its difference, the unprivileged rate minus the privileged one; without
        `unprivileged`, everyone outside the privileged group is compared with it.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.
    confidence : float
        How often intervals made this way should hold the true value.
    method : {"percentile", "BCa"}
        See above; the names are SciPy's.
    n_boot : int
        Number of resamples.
    random_state : int, numpy Generator, RandomState or None
        Seed of the resampling.

    Returns
    -------
    Interval
        ``(low, high)``. Resamples in which the metric is undefined are passed over, and a warning gives their share;
        nan if the metric is undefined for the people themselves.

    Raises
    ------
    ValueError
        If the input is not usable, or a rate is given groups but no privileged one. (For the rate of every group, see
        `MetricFrame` with `n_boot`.)

    Notes
    -----
    Where nobody, or everybody, of a group is selected, every resample agrees and the interval has no width. It is not
    to be believed: see `wilson_interval`.

    References
    ----------
    B. Efron (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7; B. Efron (1987),
    "Better bootstrap confidence intervals", JASA 82.

    Examples
    --------
    >>> from evenodds.metrics import selection_rate
    >>> hired = [1] * 30 + [0] * 30 + [1] * 80 + [0] * 20
    >>> side = ["East"] * 60 + ["West"] * 100
    >>> low, high = bootstrap_interval(
    ...     selection_rate, hired, hired, sensitive_features=side, privileged="West", random_state=0
    ... )
    >>> round(low, 2), round(high, 2)
    (-0.45, -0.15)
    """
    tail = (1 - check_share(confidence, "confidence", "0.95")) / 2
    if method not in ("percentile", "BCa"):
        raise ValueError(f"method is {method!r}; it must be 'percentile' or 'BCa'")
    statistic, times, estimate = _prepare(
        metric, y_true, y_pred, sensitive_features, privileged, unprivileged, sample_weight
    )
    replicates = _resample(statistic, times, n_boot, random_state)
    if np.isnan(estimate):
        return Interval(np.nan, np.nan)
    levels = [tail, 1 - tail]
    if method == "BCa":
        levels = _corrected_levels(levels, estimate, replicates, statistic, times)
    values, undefined = quantiles_of(replicates, levels)
    if undefined:
        warn_undefined(
            f"the interval passes over resamples in which the value is undefined: {float(undefined):.0%} of {n_boot}"
        )
    return Interval(*values.tolist())


def bootstrap_replicates(
    metric: Callable[..., float],
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any = None,
    privileged: Any = None,
    unprivileged: Any = None,
    sample_weight: ArrayLike | None = None,
    n_boot: int = 2000,
    random_state: Any = None,
) -> NDArray[np.float64]:
    """Return the values of the metric in the resamples, from which `bootstrap_interval` takes its quantiles.

    Parameters
    ----------
    metric, y_true, y_pred, sensitive_features, privileged, unprivileged, sample_weight, n_boot, random_state
        As in `bootstrap_interval`.

    Returns
    -------
    ndarray, shape (n_boot,)
        nan where the metric is undefined in a resample.

    Examples
    --------
    >>> from evenodds.metrics import selection_rate
    >>> hired = [1, 1, 1, 0]
    >>> bootstrap_replicates(selection_rate, hired, hired, n_boot=5, random_state=0).tolist()
    [0.75, 1.0, 1.0, 1.0, 0.5]
    """
    statistic, times, _ = _prepare(metric, y_true, y_pred, sensitive_features, privileged, unprivileged, sample_weight)
    return _resample(statistic, times, n_boot, random_state)


def _prepare(
    metric: Any,
    y_true: Any,
    y_pred: Any,
    sensitive_features: Any,
    privileged: Any,
    unprivileged: Any,
    sample_weight: Any,
) -> tuple[Statistic, NDArray[np.int64], float]:
    """Return the metric as a function of how many people there are of each kind, these numbers, and the estimate."""
    people = check_people(y_true, y_pred, sensitive_features, sample_weight)
    if not isinstance(metric, Rate):
        return _prepare_call(metric, people, sensitive_features, privileged, unprivileged)
    if (privileged is None) != (sensitive_features is None):
        raise ValueError(
            f"{metric.__name__} of groups is compared with one of them; give sensitive_features and privileged, or "
            "neither. For an interval of each group's rate use MetricFrame with n_boot"
        )
    codes: NDArray[Any] = people.groups.codes
    names: tuple[str, ...] = ("everyone",)
    if privileged is not None:
        codes, names = two_sides(people.groups, privileged, unprivileged)
    tables = count_tables(people, codes, 3)[:, : len(names)]
    warn_of_gaps(metric, tables[0], tables[1], names)
    compared = codes < len(names)
    cells, weights = cell_codes(codes, people.labels, people.decisions)[compared], people.weights[compared]
    rows, times = _kinds(cells, weights)
    cells, weights = cells[rows], weights[rows]

    def rate_or_difference(drawn: NDArray[Any]) -> float:
        values = metric.from_counts(count_table(cells, len(names), drawn * weights))
        return float(values[0] - values[1] if len(names) == 2 else values[0])

    return rate_or_difference, times, rate_or_difference(times)


def _prepare_call(
    metric: Any, people: People, sensitive_features: Any, privileged: Any, unprivileged: Any
) -> tuple[Statistic, NDArray[np.int64], float]:
    """As `_prepare`, for a metric that is called with rows."""
    name = getattr(metric, "__name__", repr(metric))
    if not callable(metric) or "sample_weight" not in inspect.signature(metric).parameters:
        raise ValueError(f"metric is {name}; it must be callable as metric(y_true, y_pred, sample_weight=weights)")
    if unprivileged is not None:
        raise ValueError(f"unprivileged is {unprivileged!r}, but {name} compares as it is defined; leave it out")
    options = {} if privileged is None else {"privileged": privileged}
    groups = people.groups
    members = groups.index.to_frame(index=False).astype(object)

    def call(rows: Any, row_weights: NDArray[Any]) -> float:
        if not row_weights.any():
            return np.nan
        if sensitive_features is not None:
            options["sensitive_features"] = members.take(groups.codes[rows]).reset_index(drop=True)
        return float(metric(people.labels[rows], people.decisions[rows], sample_weight=row_weights, **options))

    rows, times = _kinds(cell_codes(groups.codes, people.labels, people.decisions), people.weights)
    return lambda drawn: call(rows, drawn * people.weights[rows]), times, call(slice(None), people.weights)


def _kinds(cells: NDArray[Any], weights: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return a row of each distinct (cell, weight), and how many people are of this kind."""
    position, values = pd.factorize(weights, sort=True)
    _, rows, times = np.unique(cells.astype(np.int64) * len(values) + position, return_index=True, return_counts=True)
    return rows, times


def _resample(statistic: Statistic, times: NDArray[np.int64], n_boot: int, random_state: Any) -> NDArray[np.float64]:
    check_bootstrap(n_boot, [0.5])
    rng, n = check_random_state(random_state), int(times.sum())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        return np.array([statistic(rng.multinomial(n, times / n)) for _ in range(n_boot)])


def _corrected_levels(
    levels: list[float], estimate: float, replicates: NDArray[Any], statistic: Statistic, times: NDArray[np.int64]
) -> list[float]:
    """Move the levels of the quantiles by the bias z₀ and the acceleration a (Efron 1987)."""
    replicates = replicates[~np.isnan(replicates)]
    n = len(replicates)
    below = np.mean(replicates < estimate - _TIE) / 2 + np.mean(replicates <= estimate + _TIE) / 2
    bias = ndtri(np.clip(below, 0.5 / n, 1 - 0.5 / n))
    shifted = bias + ndtri(np.array(levels))
    moved = ndtr(bias + shifted / (1 - _acceleration(statistic, times) * shifted))
    return np.clip(moved, 1e-12, 1 - 1e-12).tolist()


def _acceleration(statistic: Statistic, times: NDArray[np.int64]) -> float:
    """Return the skewness of what each person contributes, by leaving one person of each kind out."""
    kinds = np.arange(len(times))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        left_out = np.array([statistic(times - (kinds == kind)) for kind in kinds])
    defined = ~np.isnan(left_out)
    people, left_out = times[defined], left_out[defined]
    influence = np.average(left_out, weights=people) - left_out if len(people) else left_out
    spread = (people * influence**2).sum() ** 1.5
    return float((people * influence**3).sum() / (6 * spread)) if spread > 0 else 0.0
