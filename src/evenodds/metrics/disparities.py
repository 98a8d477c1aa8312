"""Disparities by their names in the literature: one number for how differently groups are treated.

The unsigned ones compare all groups, largest against smallest, as Fairlearn does. The signed ones compare everyone
outside the privileged group with that group, as AIF360 does: a negative difference means that the others have the
lower rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_binary, check_groups, check_same_people, check_weights, split_features
from evenodds.metrics.comparisons import Method
from evenodds.metrics.counts import cell_codes, count_table
from evenodds.metrics.docs import BETWEEN_GROUPS, BETWEEN_GROUPS_TWO_RATES, FROM_PRIVILEGED, documented
from evenodds.metrics.frame import MetricFrame
from evenodds.metrics.rates import (
    Rate,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    true_positive_rate,
)
from evenodds.metrics.undefined import warn_undefined

Agg = Literal["worst_case", "mean"]


@documented(BETWEEN_GROUPS)
def demographic_parity_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
) -> float:
    """The largest minus the smallest of the groups' selection rates.

    ``max_a P(Ŷ = 1 | A = a) − min_a P(Ŷ = 1 | A = a)``

    {parameters}

    Returns
    -------
    float
        0 if the groups are alike; nan with a warning if a group has no such rate.

    {raises}

    References
    ----------
    Dwork et al. (2012), "Fairness through awareness", ITCS, section 3, under the name statistical parity.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(demographic_parity_difference(y_true, y_pred, sensitive_features=group), 3)
    0.583
    """
    return _frame((selection_rate,), y_true, y_pred, sensitive_features, sample_weight).difference(method).item()


@documented(BETWEEN_GROUPS)
def demographic_parity_ratio(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
) -> float:
    """The smallest over the largest of the groups' selection rates.

    ``min_a P(Ŷ = 1 | A = a) / max_a P(Ŷ = 1 | A = a)``

    {parameters}

    Returns
    -------
    float
        1 if the groups are alike; nan with a warning if a group has no such rate or all are 0.

    {raises}

    References
    ----------
    Dwork et al. (2012), "Fairness through awareness", ITCS, section 3, under the name statistical parity.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(demographic_parity_ratio(y_true, y_pred, sensitive_features=group), 3)
    0.222
    """
    return _frame((selection_rate,), y_true, y_pred, sensitive_features, sample_weight).ratio(method).item()


@documented(BETWEEN_GROUPS)
def equal_opportunity_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
) -> float:
    """The largest minus the smallest of the groups' true positive rates.

    ``max_a P(Ŷ = 1 | Y = 1, A = a) − min_a P(Ŷ = 1 | Y = 1, A = a)``

    {parameters}

    Returns
    -------
    float
        0 if the groups are alike; nan with a warning if a group has no such rate.

    {raises}

    References
    ----------
    Hardt, Price and Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS, section 2.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(equal_opportunity_difference(y_true, y_pred, sensitive_features=group), 3)
    0.167
    """
    return _frame((true_positive_rate,), y_true, y_pred, sensitive_features, sample_weight).difference(method).item()


@documented(BETWEEN_GROUPS)
def equal_opportunity_ratio(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
) -> float:
    """The smallest over the largest of the groups' true positive rates.

    ``min_a P(Ŷ = 1 | Y = 1, A = a) / max_a P(Ŷ = 1 | Y = 1, A = a)``

    {parameters}

    Returns
    -------
    float
        1 if the groups are alike; nan with a warning if a group has no such rate or all are 0.

    {raises}

    References
    ----------
    Hardt, Price and Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS, section 2.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(equal_opportunity_ratio(y_true, y_pred, sensitive_features=group), 3)
    0.75
    """
    return _frame((true_positive_rate,), y_true, y_pred, sensitive_features, sample_weight).ratio(method).item()


@documented(BETWEEN_GROUPS)
def predictive_parity_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
) -> float:
    """The largest minus the smallest of the groups' positive predictive values.

    ``max_a P(Y = 1 | Ŷ = 1, A = a) − min_a P(Y = 1 | Ŷ = 1, A = a)``

    {parameters}

    Returns
    -------
    float
        0 if the groups are alike; nan with a warning if a group has no such rate.

    {raises}

    References
    ----------
    Chouldechova (2017), "Fair prediction with disparate impact", Big Data 5(2), section 2.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(predictive_parity_difference(y_true, y_pred, sensitive_features=group), 3)
    0.333
    """
    return (
        _frame((positive_predictive_value,), y_true, y_pred, sensitive_features, sample_weight)
        .difference(method)
        .item()
    )


@documented(BETWEEN_GROUPS)
def predictive_parity_ratio(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
) -> float:
    """The smallest over the largest of the groups' positive predictive values.

    ``min_a P(Y = 1 | Ŷ = 1, A = a) / max_a P(Y = 1 | Ŷ = 1, A = a)``

    {parameters}

    Returns
    -------
    float
        1 if the groups are alike; nan with a warning if a group has no such rate or all are 0.

    {raises}

    References
    ----------
    Chouldechova (2017), "Fair prediction with disparate impact", Big Data 5(2), section 2.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(predictive_parity_ratio(y_true, y_pred, sensitive_features=group), 3)
    0.667
    """
    return _frame((positive_predictive_value,), y_true, y_pred, sensitive_features, sample_weight).ratio(method).item()


@documented(BETWEEN_GROUPS_TWO_RATES)
def equalized_odds_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
    agg: Agg = "worst_case",
) -> float:
    """The larger of the true and the false positive rate's difference between groups.

    ``max`` (or the mean) of ``max_a − min_a`` of P(Ŷ = 1 | Y = 1, A = a) and of P(Ŷ = 1 | Y = 0, A = a).

    {parameters}

    Returns
    -------
    float
        0 if the groups are alike; nan with a warning if a group has no such rate.

    {raises}

    References
    ----------
    Hardt, Price and Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS, section 2.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(equalized_odds_difference(y_true, y_pred, sensitive_features=group), 3)
    1.0
    """
    _check_agg(agg)
    gaps = _frame(
        (true_positive_rate, false_positive_rate), y_true, y_pred, sensitive_features, sample_weight
    ).difference(method)
    return float(np.max(gaps.to_numpy()) if agg == "worst_case" else np.mean(gaps.to_numpy()))


@documented(BETWEEN_GROUPS_TWO_RATES)
def equalized_odds_ratio(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "between_groups",
    sample_weight: ArrayLike | None = None,
    agg: Agg = "worst_case",
) -> float:
    """The smaller of the true and the false positive rate's ratio between groups.

    ``min`` (or the mean) of ``min_a / max_a`` of P(Ŷ = 1 | Y = 1, A = a) and of P(Ŷ = 1 | Y = 0, A = a).

    {parameters}

    Returns
    -------
    float
        1 if the groups are alike; nan with a warning if a group has no such rate or all are 0.

    {raises}

    Notes
    -----
    If no group has a false positive, the false positive rates' ratio is 0/0 and so the result is nan, with a warning;
    Fairlearn passes over it.

    References
    ----------
    Hardt, Price and Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS, section 2.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(equalized_odds_ratio(y_true, y_pred, sensitive_features=group), 3)
    0.0
    """
    _check_agg(agg)
    gaps = _frame((true_positive_rate, false_positive_rate), y_true, y_pred, sensitive_features, sample_weight).ratio(
        method
    )
    return float(np.min(gaps.to_numpy()) if agg == "worst_case" else np.mean(gaps.to_numpy()))


@documented(FROM_PRIVILEGED)
def statistical_parity_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    privileged: Any,
    sample_weight: ArrayLike | None = None,
) -> float:
    """The others' selection rate minus the privileged group's.

    ``P(Ŷ = 1 | A ≠ privileged) − P(Ŷ = 1 | A = privileged)``

    {parameters}

    Returns
    -------
    float
        Negative if the others have the lower rate; nan with a warning if either side has no such rate.

    {raises}

    References
    ----------
    Dwork et al. (2012), "Fairness through awareness", ITCS, section 3.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(statistical_parity_difference(y_true, y_pred, sensitive_features=group, privileged="p"), 3)
    -0.583
    """
    ((others, favoured),) = _two_sides([selection_rate], y_true, y_pred, sensitive_features, privileged, sample_weight)
    return float(others - favoured)


@documented(FROM_PRIVILEGED)
def disparate_impact(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    privileged: Any,
    sample_weight: ArrayLike | None = None,
) -> float:
    """The others' selection rate over the privileged group's.

    ``P(Ŷ = 1 | A ≠ privileged) / P(Ŷ = 1 | A = privileged)``

    {parameters}

    Returns
    -------
    float
        Below 1 if the others have the lower rate; inf if only the privileged rate is 0; nan with a warning if both
        are.

    {raises}

    References
    ----------
    Feldman et al. (2015), "Certifying and removing disparate impact", KDD, definition 1.1.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(disparate_impact(y_true, y_pred, sensitive_features=group, privileged="p"), 3)
    0.222
    """
    ((others, favoured),) = _two_sides([selection_rate], y_true, y_pred, sensitive_features, privileged, sample_weight)
    if others == favoured == 0:
        warn_undefined("disparate_impact is undefined (0/0): nobody on either side has decision 1")
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(others / favoured)


@documented(FROM_PRIVILEGED)
def true_positive_rate_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    privileged: Any,
    sample_weight: ArrayLike | None = None,
) -> float:
    """The others' true positive rate minus the privileged group's: the signed equal opportunity difference.

    ``P(Ŷ = 1 | Y = 1, A ≠ privileged) − P(Ŷ = 1 | Y = 1, A = privileged)``

    {parameters}

    Returns
    -------
    float
        Negative if the others have the lower rate; nan with a warning if either side has no such rate.

    {raises}

    References
    ----------
    Hardt, Price and Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS, section 2.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(true_positive_rate_difference(y_true, y_pred, sensitive_features=group, privileged="p"), 3)
    -0.167
    """
    ((others, favoured),) = _two_sides(
        [true_positive_rate], y_true, y_pred, sensitive_features, privileged, sample_weight
    )
    return float(others - favoured)


@documented(FROM_PRIVILEGED)
def average_odds_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    privileged: Any,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Half the sum of the signed gaps in false and true positive rates.

    ``½ [(FPR_others − FPR_privileged) + (TPR_others − TPR_privileged)]``. Gaps of opposite sign cancel; see
    `average_absolute_odds_difference`.

    {parameters}

    Returns
    -------
    float
        Negative if the others have lower rates on average; nan with a warning if either side has no such rate.

    {raises}

    References
    ----------
    Bellamy et al. (2018), "AI Fairness 360", arXiv 1810.01943.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(average_odds_difference(y_true, y_pred, sensitive_features=group, privileged="p"), 3)
    -0.583
    """
    rates = _two_sides(
        [false_positive_rate, true_positive_rate], y_true, y_pred, sensitive_features, privileged, sample_weight
    )
    return float(np.mean(rates[:, 0] - rates[:, 1]))


@documented(FROM_PRIVILEGED)
def average_absolute_odds_difference(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    privileged: Any,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Half the sum of the gaps in false and true positive rates, without their signs.

    ``½ [|FPR_others − FPR_privileged| + |TPR_others − TPR_privileged|]``

    {parameters}

    Returns
    -------
    float
        0 if both gaps are; never negative; nan with a warning if either side has no such rate.

    {raises}

    References
    ----------
    Bellamy et al. (2018), "AI Fairness 360", arXiv 1810.01943.

    Examples
    --------
    >>> y_true = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    >>> y_pred = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> group = ["p"] * 4 + ["u"] * 6
    >>> round(average_absolute_odds_difference(y_true, y_pred, sensitive_features=group, privileged="p"), 3)
    0.583
    """
    rates = _two_sides(
        [false_positive_rate, true_positive_rate], y_true, y_pred, sensitive_features, privileged, sample_weight
    )
    return float(np.mean(np.abs(rates[:, 0] - rates[:, 1])))


def _frame(
    rates: Sequence[Rate], y_true: ArrayLike, y_pred: ArrayLike, sensitive_features: Any, sample_weight: Any
) -> MetricFrame:
    return MetricFrame(
        metrics={rate.__name__: rate for rate in rates},
        y_true=y_true,
        y_pred=y_pred,
        sensitive_features=sensitive_features,
        sample_params={rate.__name__: {"sample_weight": sample_weight} for rate in rates},
    )


def _two_sides(
    rates: Sequence[Rate],
    y_true: ArrayLike,
    y_pred: ArrayLike,
    sensitive_features: Any,
    privileged: Any,
    sample_weight: ArrayLike | None,
) -> NDArray[np.float64]:
    """Return each rate among everyone outside the privileged group and in it, shape (rates, 2)."""
    features = split_features(sensitive_features, "sensitive_features")
    groups = check_groups(features, "sensitive_features")
    labels, decisions = check_binary(y_true, "y_true"), check_binary(y_pred, "y_pred", "decisions")
    weights = None if sample_weight is None else check_weights(sample_weight)
    named = {f"sensitive_features {key!r}": column for key, column in features.items()}
    check_same_people({"y_true": y_true, "y_pred": y_pred} | named | {"sample_weight": sample_weight})
    is_privileged = groups.codes == groups.position(privileged, "privileged")
    cells = cell_codes(is_privileged, labels, decisions)
    people, table = count_table(cells, 2), count_table(cells, 2, weights)
    values = np.array([rate.from_counts(table) for rate in rates])
    sides = (f"everyone outside the privileged group {privileged!r}", f"the privileged group {privileged!r}")
    for number, side in np.argwhere(np.isnan(values)):
        reason = rates[number].why_undefined(people[side])
        warn_undefined(f"{rates[number].__name__} is undefined for {sides[side]}: {reason}")
    return values


def _check_agg(agg: str) -> None:
    if agg not in ("worst_case", "mean"):
        raise ValueError(f"agg is {agg!r}; it must be 'worst_case' or 'mean'")
