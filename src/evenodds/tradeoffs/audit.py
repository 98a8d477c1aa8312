"""The same audit before and after a mitigation: what got better, what got worse, and for whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evenodds._validation import check_scores
from evenodds.tradeoffs.rates import LOWER_IS_BETTER, ROUNDING, People, check_harm, gaps


def before_after(
    y_true: ArrayLike,
    before: ArrayLike,
    after: ArrayLike,
    *,
    sensitive_features: Any,
    harm: str = "true_positive_rate",
    scores_before: ArrayLike | None = None,
    scores_after: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
) -> pd.DataFrame:
    """Audit two sets of decisions about the same people, and say who lost.

    Rates are expected ones, ``TPR_a = Σ w y q / Σ w y`` over the people of group a who are selected with
    probability q; a gap is ``max_a − min_a``.

    Parameters
    ----------
    y_true : array-like of 0 and 1, shape (n,)
        Labels.
    before, after : array-like, shape (n,)
        Decisions, 1 the favourable one; or the probability of it, such as ``rule.predict_proba(X)[:, 1]``.
    sensitive_features : array-like, shape (n,) or (n, k)
        Group labels; several columns are crossed, and called "F, 1".
    harm : str, default "true_positive_rate"
        The rate whose gap is the harm, by its name in `evenodds.metrics`.
    scores_before, scores_after : array-like, shape (n,), optional
        Probabilities of label 1, for calibration.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.

    Returns
    -------
    DataFrame
        Columns before, after, change. The index has two levels, ``what`` and ``who``; in this order:

        - (harm, "harm gap"); then ("selection_rate", "gap") and likewise the gaps of true_positive_rate,
          false_positive_rate and positive_predictive_value, whichever is not the harm.
        - ("accuracy", "everyone").
        - ("expected_calibration_error", "largest"): that of the group where it is largest; only if scores are given.
        - (harm, group), ("selection_rate", group) and ("true_positive_rate", group), for each group.
        - ("better_off", "everyone"): the number of groups in which the harm's rate got better; after = 0 together
          with a smaller harm gap is levelling down.
        - ("lost", group), ("lost_with_label_1", group) and ("gained", group), for each group and for "everyone":
          people (or weight) selected before and not after, those of them with label 1, and the reverse. With
          probabilities, what people lose in chance: ``Σ w max(before − after, 0)``.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, a decision not between 0 and 1, `harm` is no rate, or inputs do not fit together.

    Warns
    -----
    UndefinedMetricWarning
        For each rate that is nan, because nobody is in its denominator, naming the group.

    Examples
    --------
    Group a loses one of its hits, nobody gains:

    >>> from evenodds.tradeoffs import before_after
    >>> y, group = [1, 1, 0, 1, 1, 0], list("aaabbb")
    >>> table = before_after(y, [1, 1, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0], sensitive_features=group)
    >>> table.loc[("true_positive_rate", "harm gap")].to_dict()
    {'before': 0.5, 'after': 0.0, 'change': -0.5}
    >>> table["after"][[("better_off", "everyone"), ("lost_with_label_1", "a")]].to_list()
    [0.0, 1.0]
    """
    check_harm(harm)
    old, new = check_scores(before, "before"), check_scores(after, "after")
    given = {"before": before, "after": after, "scores_before": scores_before, "scores_after": scores_after}
    people = People.of(y_true, sensitive_features, sample_weight, given)
    was, now = people.rates(old, harm, "before"), people.rates(new, harm, "after")

    rows: dict[tuple[str, Any], tuple[Any, Any]] = {
        (name, "harm gap" if name == harm else "gap"): (gap, gaps(now, harm)[name])
        for name, gap in gaps(was, harm).items()
    }
    rows["accuracy", "everyone"] = (was["accuracy"]["everyone"], now["accuracy"]["everyone"])
    if scores_before is not None or scores_after is not None:
        rows["expected_calibration_error", "largest"] = (
            people.calibration(scores_before, "scores_before"),
            people.calibration(scores_after, "scores_after"),
        )
    for name in dict.fromkeys([harm, "selection_rate", "true_positive_rate"]):
        rows |= {(name, group): (was[name][group], now[name][group]) for group in people.groups}
    rows["better_off", "everyone"] = (0, np.count_nonzero(gain(was, now, harm)[:-1] > ROUNDING))
    for name, amounts in moved(old, new, people.labels).items():
        totals = people.total(amounts)
        rows |= {(name, who): (0, total) for who, total in zip([*people.groups, "everyone"], totals, strict=True)}

    index = pd.MultiIndex.from_tuples(rows, names=["what", "who"])
    table = pd.DataFrame(list(rows.values()), index, columns=["before", "after"], dtype=float)
    return table.assign(change=table["after"] - table["before"])


def gain(was: pd.DataFrame, now: pd.DataFrame, harm: str) -> np.ndarray:
    """Return by how much each group's rate of the harm got better."""
    sign = -1 if harm in LOWER_IS_BETTER else 1
    return sign * (now[harm] - was[harm]).to_numpy()


def moved(old: np.ndarray, new: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Return what everyone lost and gained of the favourable decision."""
    lost = np.maximum(old - new, 0)
    return {"lost": lost, "lost_with_label_1": lost * labels, "gained": np.maximum(new - old, 0)}
