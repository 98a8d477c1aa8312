"""Is a gap in a rate more than chance? Its standard error, an interval and a p-value, for one gap or for many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr
from scipy.stats import hypergeom

from evenodds._validation import plain
from evenodds.metrics.rates import Rate
from evenodds.metrics.undefined import warn_undefined
from evenodds.uncertainty.intervals import Interval, normal_quantile, wilson_interval
from evenodds.uncertainty.multiplicity import Adjustment, adjust_p_values
from evenodds.uncertainty.people import check_people, check_rate, count_tables, two_sides, warn_of_gaps

Method = Literal["z", "exact"]


@dataclass(frozen=True)
class DisparityTest:
    """A gap in a rate between two groups, and how sure we can be of it.

    Attributes
    ----------
    estimate : float
        The unprivileged rate minus the privileged one.
    se : float
        The standard error of the estimate.
    low, high : float
        The ends of its confidence interval.
    p_value : float
        How often chance alone would give a gap at least this large, in either direction.
    rate, reference_rate : float
        The rate of the unprivileged and of the privileged group.
    n, reference_n : int
        The people in the denominators of these rates: for a true positive rate, those with label 1.
    """

    estimate: float
    se: float
    low: float
    high: float
    p_value: float
    rate: float
    n: int
    reference_rate: float
    reference_n: int

    @property
    def interval(self) -> Interval:
        """The confidence interval."""
        return Interval(self.low, self.high)


def disparity_test(
    rate: Rate,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    privileged: Any,
    unprivileged: Any = None,
    sample_weight: ArrayLike | None = None,
    method: Method = "z",
    confidence: float = 0.95,
) -> DisparityTest:
    """Test whether a rate differs between two groups.

    With r the rates and m the people *in their denominators* (those with label 1 for a true positive rate):

    ``estimate = r_unprivileged − r_privileged``,
    ``se = √(r_u (1 − r_u) / m_u + r_p (1 − r_p) / m_p)``

    - ``method="z"``: the interval is ``estimate ± z·se``, the p-value ``2 Φ(−|estimate| / se)``. Good for large groups;
      with few people, or rates near 0 or 1, too sure of itself.
    - ``method="exact"``: the p-value is the share of all ways to deal the same outcomes to the two groups that give a
      gap at least as large, computed without drawing (the permutation test; its one-sided version is Fisher's). The
      interval is Newcombe's, from the Wilson intervals of the two rates. Good for groups of any size.

    Parameters
    ----------
    rate : rate of `evenodds.metrics`
        Such as `selection_rate` or `true_positive_rate`.
    y_true, y_pred : array-like of 0 and 1, shape (n,)
        Labels and decisions.
    sensitive_features : array-like, DataFrame or dict
        The groups; several features are crossed.
    privileged : label, or tuple of labels
        The group to compare with.
    unprivileged : label or tuple of labels, optional
        The group to compare. If left out, everyone outside the privileged group.
    sample_weight : array-like, shape (n,), optional
        What each person counts for; for ``method="z"`` only. A weight of 2 is not two people: each squared error
        ``w² (hit − r)²`` is added up and divided by ``(Σ w)²``, so that doubling all weights changes nothing.
    method : {"z", "exact"}
        See above.
    confidence : float
        Of the interval.

    Returns
    -------
    DisparityTest
        With nan, and an `UndefinedMetricWarning` that says why, where a group has nobody in the denominator. If in each
        group everyone has the same outcome, the standard error is 0 and the z-test has no p-value and no interval.

    Raises
    ------
    ValueError
        If `rate` is not a rate of `evenodds.metrics`, a group has nobody, or the input is not usable.

    References
    ----------
    R. G. Newcombe (1998), "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17, methods 1 and 10. R. A. Fisher (1935), The Design of Experiments.

    Examples
    --------
    Six of eight against 180 of 200: a gap of 15 points, with an error as large.

    >>> from evenodds.metrics import selection_rate
    >>> hired = [1] * 6 + [0] * 2 + [1] * 180 + [0] * 20
    >>> side = ["East"] * 8 + ["West"] * 200
    >>> test = disparity_test(selection_rate, hired, hired, sensitive_features=side, privileged="West")
    >>> round(test.estimate, 3), round(test.se, 3), round(test.p_value, 2)
    (-0.15, 0.155, 0.33)
    """
    rate, z = check_rate(rate), normal_quantile(confidence)
    _check_method(method, sample_weight)
    people = check_people(y_true, y_pred, sensitive_features, sample_weight)
    codes, names = two_sides(people.groups, privileged, unprivileged)
    tables = count_tables(people, codes, 3)[:, :2]
    warn_of_gaps(rate, tables[0], tables[1], names)
    compared = _compare(rate, tables[:, :1], tables[:, 1:], [f"{names[0]} and {names[1]}"], method, z, confidence)
    return DisparityTest(**{name: plain(column[0]) for name, column in compared.items()})


def disparity_tests(
    rate: Rate,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    reference: Any = None,
    sample_weight: ArrayLike | None = None,
    method: Method = "z",
    confidence: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Test every group against one reference, and adjust the p-values for having looked at them all.

    Parameters
    ----------
    rate, y_true, y_pred, sensitive_features, sample_weight, method, confidence
        As in `disparity_test`.
    reference : label or tuple of labels, optional
        The group with which every other group is compared. If left out, each group is compared with everyone
        outside it.
    adjust : {"holm", "bh", "bonferroni"}
        As in `adjust_p_values`.

    Returns
    -------
    DataFrame
        One row per group, the reference left out; columns `estimate` (group minus reference), `se`, `low`, `high`,
        `p_value`, `rate`, `n`, `reference_rate`, `reference_n`, `p_adjusted`. The intervals are not adjusted. Groups
        without the rate, crossings without people among them, have nan and do not count as comparisons.

    Raises
    ------
    ValueError
        As `disparity_test`, and if there is only one group.

    Examples
    --------
    Both sexes and both ages are selected alike; the crossed cells are not.

    >>> from evenodds.metrics import selection_rate
    >>> cells = {"sex": ["F", "F", "M", "M"] * 5, "age": ["old", "young"] * 10}
    >>> hired = [0, 1, 1, 0] * 5
    >>> table = disparity_tests(
    ...     selection_rate, hired, hired, sensitive_features=cells, reference=("F", "young"), method="exact"
    ... )
    >>> print(table[["rate", "n", "p_value", "p_adjusted"]].round(3))  # doctest: +NORMALIZE_WHITESPACE
               rate    n  p_value  p_adjusted
    sex age
    F   old     0.0    5    0.008       0.024
    M   old     1.0    5    1.000       1.000
        young   0.0    5    0.008       0.024
    """
    rate, z = check_rate(rate), normal_quantile(confidence)
    _check_method(method, sample_weight)
    people = check_people(y_true, y_pred, sensitive_features, sample_weight)
    groups = people.groups
    if np.count_nonzero(groups.sizes) < 2:
        raise ValueError(f"everyone is in group {groups.label(groups.codes[0])!r}; there is nobody to compare it with")
    tables = count_tables(people, groups.codes, groups.n_groups)
    names = [f"group {groups.label(code)!r}" for code in range(groups.n_groups)]
    warn_of_gaps(rate, tables[0], tables[1], names)
    if reference is None:
        others, compared = tables.sum(axis=1, keepdims=True) - tables, np.arange(groups.n_groups)
    else:
        position = groups.position(reference, "reference")
        others = np.broadcast_to(tables[:, position : position + 1], tables.shape)
        compared = np.delete(np.arange(groups.n_groups), position)
    columns = _compare(
        rate, tables[:, compared], others[:, compared], [names[i] for i in compared], method, z, confidence
    )
    result = pd.DataFrame(columns, index=groups.index[compared])
    return result.assign(p_adjusted=adjust_p_values(result["p_value"], method=adjust))


def _compare(
    rate: Rate,
    tables: NDArray[Any],
    references: NDArray[Any],
    names: list[str],
    method: Method,
    z: float,
    confidence: float,
) -> dict[str, NDArray[Any]]:
    """Compare group by group; both stacks of tables have shape (3, groups, 4)."""
    (r, n, hits, variance), (r0, n0, hits0, variance0) = _measure(rate, tables), _measure(rate, references)
    estimate, se = r - r0, np.sqrt(variance + variance0)
    if method == "exact":
        low, high = _newcombe(hits, n, hits0, n0, confidence)
        p_value = np.array([_permutation_p_value(*counts) for counts in zip(hits, n, hits0, n0, strict=True)])
    else:
        certain = np.where(se > 0, se, np.nan)
        low, high, p_value = estimate - z * certain, estimate + z * certain, 2 * ndtr(-np.abs(estimate) / certain)
        for position in np.flatnonzero(se == 0).tolist():
            warn_undefined(
                f"the z-test of {rate.__name__} is undefined for {names[position]}: on both sides everyone counted has "
                "the same outcome, so the standard error is 0. Use method='exact'"
            )
    known = {"estimate": estimate, "se": se, "low": low, "high": high, "p_value": p_value}
    return known | {"rate": r, "n": n, "reference_rate": r0, "reference_n": n0}


def _measure(rate: Rate, tables: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return the rate, the people in its denominator and in its numerator, and the variance of the rate."""
    people, weights, squares = tables
    value = rate.from_counts(weights)
    hit, among = squares[..., rate.of].sum(-1), squares[..., rate.among].sum(-1)
    with np.errstate(invalid="ignore"):
        variance = (hit * (1 - value) ** 2 + (among - hit) * value**2) / weights[..., rate.among].sum(-1) ** 2
    n, hits = (people[..., cells].sum(-1).astype(int) for cells in (rate.among, rate.of))
    return value, n, hits, variance


def _newcombe(hits: Any, n: Any, hits0: Any, n0: Any, confidence: float) -> Interval:
    """Combine the Wilson intervals of two rates into one of their difference."""
    known = (n > 0) & (n0 > 0)
    low, high = np.full(len(n), np.nan), np.full(len(n), np.nan)
    hits, n, hits0, n0 = hits[known], n[known], hits0[known], n0[known]
    (l1, u1), (l0, u0) = (wilson_interval(*counts, confidence=confidence) for counts in ((hits, n), (hits0, n0)))
    r1, r0 = hits / n, hits0 / n0
    low[known] = r1 - r0 - np.hypot(r1 - l1, u0 - r0)
    high[known] = r1 - r0 + np.hypot(u1 - r1, r0 - l0)
    return Interval(low, high)


def _permutation_p_value(hits: int, n: int, hits0: int, n0: int) -> float:
    """Return the share of all ways to deal the outcomes to the groups whose gap is at least as large as this one."""
    if n == 0 or n0 == 0:
        return np.nan
    total = hits + hits0
    possible = np.arange(max(0, total - n0), min(n, total) + 1)
    gaps = np.abs(possible * (n + n0) - total * n)
    as_large = possible[gaps >= abs(hits * (n + n0) - total * n)]
    return min(1.0, float(hypergeom.pmf(as_large, n + n0, total, n).sum()))


def _check_method(method: str, sample_weight: Any) -> None:
    if method not in ("z", "exact"):
        raise ValueError(f"method is {method!r}; it must be 'z' or 'exact'")
    if method == "exact" and sample_weight is not None:
        raise ValueError("the exact test counts people and takes no sample_weight; use method='z' with weights")
