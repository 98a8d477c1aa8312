"""Several mitigations side by side, each against doing nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evenodds.tradeoffs.audit import before_after
from evenodds.tradeoffs.frontier import pareto_frontier
from evenodds.tradeoffs.rates import GAPS, LOWER_IS_BETTER, check_harm
from evenodds.tradeoffs.words import harm_and_groups, levelled_down


def compare_mitigations(
    y_true: ArrayLike,
    decisions: Mapping[str, ArrayLike],
    *,
    sensitive_features: Any,
    harm: str = "true_positive_rate",
    scores: Mapping[str, ArrayLike] | None = None,
    needs_group: Mapping[str, Any] | None = None,
    sample_weight: ArrayLike | None = None,
) -> pd.DataFrame:
    """Audit the decisions of several methods about the same people, one row a method.

    Parameters
    ----------
    y_true : array-like of 0 and 1, shape (n,)
        Labels.
    decisions : mapping from str to array-like, shape (n,)
        For each method its decisions, 1 the favourable one, or the probability of it. The first is what the others
        are compared with.
    sensitive_features : array-like, shape (n,) or (n, k)
        Group labels; several columns are crossed.
    harm : str, default "true_positive_rate"
        The rate whose gap is the harm, by its name in `evenodds.metrics`.
    scores : mapping from str to array-like, shape (n,), optional
        For some or all methods, probabilities of label 1, for calibration.
    needs_group : mapping from str to anything, optional
        For some or all methods, whether (or when) a person's group must be known; shown as it is.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.

    Returns
    -------
    DataFrame
        One row a method, in the order given. Columns, with the harm's name in place of harm:

        - ``harm_gap`` as ``true_positive_rate_gap``; then the gaps of selection_rate, true_positive_rate,
          false_positive_rate and positive_predictive_value that are not the harm.
        - ``accuracy``; ``expected_calibration_error`` of the group where it is largest, if scores are given.
        - ``lowest_true_positive_rate``, the harm's rate of the group that is worst off; for false positive and false
          negative rates ``highest_…``.
        - ``lost``, ``lost_with_label_1``, ``gained``: people against the first method, as in `before_after`.
        - ``levelled_down``: the harm gap is smaller than the first method's, and no group is better off.
        - ``needs_group``, if given.
        - ``non_dominated``: no other method has a smaller or equal harm gap and higher or equal accuracy, one of them
          strictly.

    Raises
    ------
    ValueError
        If there are no methods, `scores` or `needs_group` names one that is not there, or as in `before_after`.

    Warns
    -----
    UndefinedMetricWarning
        For each rate that is nan, naming the group. A method whose harm gap is nan is not non-dominated.

    Examples
    --------
    >>> from evenodds.tradeoffs import compare_mitigations
    >>> y, group = [1, 1, 0, 1, 1, 0], list("aaabbb")
    >>> ways = {"nothing": [1, 1, 0, 1, 0, 0], "refuse more": [1, 0, 0, 1, 0, 0], "accept more": [1, 1, 0, 1, 1, 0]}
    >>> table = compare_mitigations(y, ways, sensitive_features=group)
    >>> print(table[["true_positive_rate_gap", "levelled_down", "non_dominated"]])
                 true_positive_rate_gap  levelled_down  non_dominated
    nothing                         0.5          False          False
    refuse more                     0.0           True          False
    accept more                     0.0          False           True
    """
    check_harm(harm)
    if not isinstance(decisions, Mapping) or not decisions:
        raise ValueError("decisions must be a dict from a method's name to its decisions, with at least one method")
    for name, given in (("scores", scores), ("needs_group", needs_group)):
        if unknown := [method for method in given or {} if method not in decisions]:
            raise ValueError(f"{name} names {unknown[0]!r}, which is not one of the methods {[*decisions]}")

    first = next(iter(decisions))
    rows = {}
    for method, decided in decisions.items():
        audit = before_after(
            y_true,
            decisions[first],
            decided,
            sensitive_features=sensitive_features,
            harm=harm,
            scores_after=(scores or {}).get(method),
            sample_weight=sample_weight,
        )
        rows[method] = _row(audit, harm, scores is not None)
    table = pd.DataFrame.from_dict(rows, orient="index")
    if needs_group is not None:
        table["needs_group"] = pd.Series({method: needs_group.get(method) for method in decisions}, dtype=object)
    table["non_dominated"] = pareto_frontier(table[[f"{harm}_gap", "accuracy"]].to_numpy() * [1, -1])
    return table


def _row(audit: pd.DataFrame, harm: str, calibrated: bool) -> dict[str, Any]:
    """Return what a method's row says, from its audit against the first method."""
    after = audit["after"]
    row: dict[str, Any] = {f"{harm}_gap": after[(harm, "harm gap")]}
    row |= {f"{name}_gap": after[(name, "gap")] for name in GAPS if name != harm}
    row["accuracy"] = after[("accuracy", "everyone")]
    if calibrated:
        row["expected_calibration_error"] = after.get(("expected_calibration_error", "largest"), np.nan)
    _, groups = harm_and_groups(audit)
    worst = "highest" if harm in LOWER_IS_BETTER else "lowest"
    row[f"{worst}_{harm}"] = groups["after"].max() if worst == "highest" else groups["after"].min()
    row |= {name: after[(name, "everyone")] for name in ("lost", "lost_with_label_1", "gained")}
    row["levelled_down"] = levelled_down(audit)
    return row
