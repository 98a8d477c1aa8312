"""Who is selected: the impact ratios that some laws ask for, and the parts of a gap in selection rates."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike

from evenodds.metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    base_rate,
    count,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)


def impact_ratios(y_pred: ArrayLike, *, sensitive_features: Any, min_people: float = 1) -> pd.DataFrame:
    """Divide every group's selection rate by that of the most selected group.

    Parameters
    ----------
    y_pred : array-like of 0 and 1, shape (n,)
        1: selected.
    sensitive_features : array-like, DataFrame or dict
        The groups; several features are crossed. Crossings without people have no row.
    min_people : float, default 1
        A group with fewer people keeps its row, has no ratio, and is not the one that others are compared with.

    Returns
    -------
    DataFrame
        One row a group; columns `people`, `rate`, `ratio`. If no group is large enough, or nobody in a large enough
        group is selected, every ratio is nan.

    Raises
    ------
    ValueError
        If decisions are not 0 or 1, or lengths differ.

    Examples
    --------
    >>> table = impact_ratios([1, 0, 1, 1, 1], sensitive_features=list("FFMMX"), min_people=2)
    >>> print(table)  # doctest: +NORMALIZE_WHITESPACE
                         people  rate  ratio
    sensitive_feature_0
    F                         2   0.5    0.5
    M                         2   1.0    1.0
    X                         1   1.0    NaN
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)  # crossings without people, dropped below
        table = MetricFrame(
            metrics={"people": count, "rate": selection_rate},
            y_true=y_pred,
            y_pred=y_pred,
            sensitive_features=sensitive_features,
        ).by_group
    table = table.dropna().astype({"people": int})
    large = table["people"] >= min_people
    return table.assign(ratio=(table["rate"] / table["rate"][large].max()).where(large))


def gap_parts(y_true: ArrayLike, y_pred: ArrayLike, *, sensitive_features: Any, one: Any, other: Any) -> pd.Series:
    """Split the gap in selection rates between two groups into three parts that add up to it.

    A selection rate is ``b * TPR + (1 - b) * FPR`` with the base rate b. Each part is the difference of one of the
    three, times the averages of the two groups' values of the others. Other weightings add up as well; the averages
    treat both groups alike.

    Parameters
    ----------
    y_true, y_pred : array-like of 0 and 1, shape (n,)
    sensitive_features : array-like, DataFrame or dict
        The groups; several features are crossed.
    one, other : label, or tuple of labels
        The gap is the selection rate of `one` minus that of `other`.

    Returns
    -------
    Series
        ``"base rates"``, ``"TPR"`` and ``"FPR"``; nan where a group has people of one label only.

    Raises
    ------
    ValueError
        If `one` or `other` is no group, or for anything `MetricFrame` refuses.

    Warns
    -----
    UndefinedMetricWarning
        If a group has people of one label only.

    References
    ----------
    E. M. Kitagawa (1955), "Components of a difference between two rates", Journal of the American Statistical
    Association 50.

    Examples
    --------
    >>> y_true, y_pred = [1, 1, 0, 0, 1, 0, 0, 0], [1, 1, 1, 0, 1, 0, 0, 0]
    >>> gap_parts(y_true, y_pred, sensitive_features=list("MMMMFFFF"), one="F", other="M").to_dict()
    {'base rates': -0.1875, 'TPR': 0.0, 'FPR': -0.3125}
    """
    rates = MetricFrame(
        metrics={"b": base_rate, "tpr": true_positive_rate, "fpr": false_positive_rate},
        y_true=y_true,
        y_pred=y_pred,
        sensitive_features=sensitive_features,
    ).by_group
    for name, label in (("one", one), ("other", other)):
        if label not in rates.index:
            raise ValueError(f"{name} is {label!r}; it must be one of the groups, {', '.join(map(repr, rates.index))}")
    gap, middle = rates.loc[one] - rates.loc[other], (rates.loc[one] + rates.loc[other]) / 2
    return pd.Series(
        {
            "base rates": gap["b"] * (middle["tpr"] - middle["fpr"]),
            "TPR": middle["b"] * gap["tpr"],
            "FPR": (1 - middle["b"]) * gap["fpr"],
        }
    )
