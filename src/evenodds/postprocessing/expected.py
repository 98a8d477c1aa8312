"""The rates of a randomised rule, before any coin is tossed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evenodds._validation import (
    check_binary,
    check_groups,
    check_same_people,
    check_scores,
    check_weights,
    plain,
    split_features,
)
from evenodds.metrics.undefined import warn_undefined


def expected_rates(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    sensitive_features: Any,
    sample_weight: ArrayLike | None = None,
) -> pd.DataFrame:
    """Return each group's rates under decisions that select person i with probability q_i.

    With sums over the group's people, ``selection_rate = Σ w q / Σ w``, ``TPR = Σ w y q / Σ w y``,
    ``FPR = Σ w (1 − y) q / Σ w (1 − y)`` and ``accuracy = Σ w [y q + (1 − y)(1 − q)] / Σ w``: what the rates of drawn
    decisions are on average over draws.

    Parameters
    ----------
    y_true : array-like of 0 and 1, shape (n,)
        Labels.
    y_proba : array-like, shape (n,)
        The probabilities of being selected, such as ``rule.predict_proba(X, sensitive_features=a)[:, 1]``.
    sensitive_features : array-like, shape (n,) or (n, k)
        Group labels; several columns are crossed.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.

    Returns
    -------
    DataFrame
        One row for each group with people. Columns: selection_rate, true_positive_rate, false_positive_rate, accuracy.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, a probability not between 0 and 1, or inputs do not fit together.

    Warns
    -----
    UndefinedMetricWarning
        For each rate that is nan, because nobody is in its denominator, naming the group.

    Examples
    --------
    >>> from evenodds.postprocessing import expected_rates
    >>> rates = expected_rates([1, 1, 0, 0], [1, 0.5, 0.5, 0], sensitive_features=["a"] * 4)
    >>> rates.loc["a"].to_dict()
    {'selection_rate': 0.5, 'true_positive_rate': 0.75, 'false_positive_rate': 0.25, 'accuracy': 0.75}
    """
    labels, q = check_binary(y_true, "y_true"), check_scores(y_proba, "y_proba")
    weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
    features = split_features(sensitive_features)
    groups = check_groups(features)
    named = {f"sensitive_features {name!r}": column for name, column in features.items()}
    check_same_people({"y_true": y_true, "y_proba": y_proba, "sample_weight": sample_weight} | named)

    present, codes = np.unique(groups.codes, return_inverse=True)
    index = groups.index[present]

    def total(values: Any) -> Any:
        return np.bincount(codes, weights * values, len(index))

    everyone, positives = total(1), total(labels)
    selected, hits = total(q), total(labels * q)
    negatives, false_alarms = total(1.0 - labels), total((1.0 - labels) * q)
    fractions = {
        "selection_rate": (selected, everyone),
        "true_positive_rate": (hits, positives),
        "false_positive_rate": (false_alarms, negatives),
        "accuracy": (hits + negatives - false_alarms, everyone),
    }
    with np.errstate(invalid="ignore"):
        table = pd.DataFrame({name: above / below for name, (above, below) in fractions.items()}, index)
    for name, rate in table.items():
        for group in index[rate.isna()]:
            warn_undefined(f"{name} is undefined for group {plain(group)!r}: nobody is in its denominator")
    return table
