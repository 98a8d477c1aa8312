"""Which criteria can hold together: a linear program over the groups' false and true positive rates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.optimize import linprog, minimize_scalar

from evenodds.impossibility.plane import Floats, Plane, check_by_group, refuse_other_groups

Points = Sequence[tuple[float, float]]

CRITERIA = ("demographic_parity", "equal_opportunity", "equalized_odds", "predictive_parity", "calibration")
"""The criteria that `compatible` knows."""

_OPTIMAL, _INFEASIBLE = 0, 2
_PRECISIONS = np.linspace(0, 1, 101)


@dataclass(frozen=True, eq=False)
class Compatibility:
    """What `compatible` found.

    Attributes
    ----------
    criteria : tuple of str
        What was asked.
    feasible : bool
        Whether any predictor satisfies all of it.
    accuracy, balanced_accuracy : float
        Of the best one: P(Ŷ = Y), and the mean of ``(TPR + 1 − FPR) / 2`` over the groups by their shares, 0.5 being a
        coin toss. nan if there is none.
    rates : DataFrame
        The best one's base_rate, selection_rate, true_positive_rate, false_positive_rate and
        positive_predictive_value, one row a group; nan where nobody is selected, and if there is none.
    """

    criteria: tuple[str, ...]
    feasible: bool
    accuracy: float
    balanced_accuracy: float
    rates: pd.DataFrame


def compatible(
    criteria: str | Collection[str],
    base_rates: Mapping[Any, float] | pd.Series,
    *,
    roc: Points | Mapping[Any, Points] | None = None,
    group_shares: Mapping[Any, float] | pd.Series | None = None,
    maximise: Literal["accuracy", "balanced_accuracy"] = "accuracy",
    min_selection_rate: float = 0.01,
) -> Compatibility:
    """Ask a linear program whether fairness criteria can hold together, and how good a predictor can then be.

    The unknowns are each group's false and true positive rate. By itself only arithmetic limits them, so that even
    somebody who knows every label in advance is among the predictors; `roc` limits them to what a score can do.

    Parameters
    ----------
    criteria : str or collection of str
        Any of these; with group a's base rate p:

        - ``"demographic_parity"``: equal selection rates ``p·TPR + (1 − p)·FPR``;
        - ``"equal_opportunity"``: equal TPR;
        - ``"equalized_odds"``: equal TPR and equal FPR;
        - ``"predictive_parity"``: equal precision ``p·TPR / (p·TPR + (1 − p)·FPR)``, everywhere the same number v, and
          at least `min_selection_rate` of each group selected;
        - ``"calibration"``: the predictor is a score S with ``P(Y = 1 | S = s, A = a) = s``. TPR and FPR are then the
          mean scores of people with label 1 and 0 (Kleinberg, Mullainathan and Raghavan's balance for the positive
          and the negative class), and accuracy is that of selecting each person with probability S.
    base_rates : mapping or Series from group to float
        Each group's share of label 1, strictly between 0 and 1.
    roc : sequence of (FPR, TPR), or a mapping from group to such a sequence, optional
        Points that can be reached; their mixtures, and selecting nobody or everybody, can be too.
    group_shares : mapping or Series from group to float, optional
        How much each group counts in the accuracy; equal if left out.
    maximise : {"accuracy", "balanced_accuracy"}
        What is best. Under balanced accuracy, selecting nobody is no better than a coin toss.
    min_selection_rate : float, default 0.01
        For predictive parity alone: the precision of a group of which nobody is selected says nothing.

    Returns
    -------
    Compatibility
        ``feasible``, ``accuracy``, ``balanced_accuracy``, ``rates``.

    Raises
    ------
    ValueError
        If a criterion is unknown, a base rate is not between 0 and 1, groups do not match, or a point of `roc` lies
        outside the unit square.

    Notes
    -----
    For a given precision v, ``(1 − v)·p·TPR = v·(1 − p)·FPR`` is linear; the best v is found by search. Calibration is
    ``p·TPR + (1 − p)·FPR = p`` with TPR between p, the constant score's, and that of the sharpest calibrated score,
    which is ``E[P(Y = 1 | best score)²] / p`` (1 without `roc`); in between, mix in the base rate. The solver counts
    differences below about 1e-7 as none.

    References
    ----------
    A. Chouldechova (2017), "Fair prediction with disparate impact", Big Data 5(2).
    J. Kleinberg, S. Mullainathan, M. Raghavan (2017), "Inherent trade-offs in the fair determination of risk scores",
    ITCS.
    G. Pleiss, M. Raghavan, F. Wu, J. Kleinberg, K. Weinberger (2017), "On fairness and calibration", NeurIPS:
    the lines of calibrated scores.

    Examples
    --------
    >>> from evenodds.impossibility import compatible
    >>> unequal, equal = {"a": 0.5, "b": 0.4}, {"a": 0.4, "b": 0.4}
    >>> score = [(0.2, 0.8)]
    >>> compatible(["equalized_odds", "predictive_parity"], unequal, roc=score).feasible
    False
    >>> round(compatible(["equalized_odds", "predictive_parity"], equal, roc=score).accuracy, 3)
    0.8

    With parity and equalized odds nothing beats a coin toss:

    >>> both = compatible(["demographic_parity", "equalized_odds"], unequal, maximise="balanced_accuracy")
    >>> round(both.balanced_accuracy, 3)
    0.5
    """
    asked = _check_criteria(criteria)
    plane = Plane.of(base_rates, roc)
    shares = _check_shares(group_shares, plane.groups)
    if maximise not in ("accuracy", "balanced_accuracy"):
        raise ValueError(f"maximise is {maximise!r}; it must be 'accuracy' or 'balanced_accuracy'")
    if not 0 < min_selection_rate <= 1:
        raise ValueError(f"min_selection_rate is {min_selection_rate!r}; it must be above 0 and at most 1")
    goals = {
        "accuracy": shares @ (plane.base * plane.tpr + (1 - plane.base) * (plane.mixes - plane.fpr)),
        "balanced_accuracy": shares @ (plane.tpr + plane.mixes - plane.fpr) / 2,
    }
    mix = _best_mix(goals[maximise], asked, plane, min_selection_rate)
    best = np.full(plane.tpr.shape[1], np.nan) if mix is None else mix
    tpr, fpr, base = plane.tpr @ best, plane.fpr @ best, plane.base[:, 0]
    selected = base * tpr + (1 - base) * fpr
    with np.errstate(invalid="ignore"):
        precision = base * tpr / selected
    rates = {
        "base_rate": base,
        "selection_rate": selected,
        "true_positive_rate": tpr,
        "false_positive_rate": fpr,
        "positive_predictive_value": precision,
    }
    values = {name: float(goal @ best) for name, goal in goals.items()}
    return Compatibility(asked, mix is not None, **values, rates=pd.DataFrame(rates, index=plane.groups))


def _best_mix(goal: Floats, asked: tuple[str, ...], plane: Plane, least: float) -> Floats | None:
    """Return the shares of the corners that make `goal` largest, None if nothing satisfies what is asked."""
    fixed = _constraints(asked, plane)
    if "predictive_parity" not in asked:
        return _solve(goal, *fixed)

    def with_precision(v: float) -> Floats | None:
        balance = (1 - v) * plane.base * plane.tpr - v * (1 - plane.base) * plane.fpr
        equal, to, below, bound = fixed
        return _solve(
            goal,
            np.vstack([equal, balance]),
            np.concatenate([to, np.zeros(len(balance))]),
            np.vstack([below, -plane.selected]),
            np.concatenate([bound, np.full(len(balance), -least)]),
        )

    def value(v: float) -> float:
        mix = with_precision(v)
        return -1.0 if mix is None else float(goal @ mix)

    best = int(np.argmax([value(v) for v in _PRECISIONS]))
    near = _PRECISIONS[max(best - 1, 0)], _PRECISIONS[min(best + 1, len(_PRECISIONS) - 1)]
    refined = minimize_scalar(lambda v: -value(v), bounds=near, method="bounded", options={"xatol": 1e-9}).x
    return with_precision(max(_PRECISIONS[best], refined, key=value))


def _constraints(asked: tuple[str, ...], plane: Plane) -> tuple[Floats, Floats, Floats, Floats]:
    """Return A, a, B, b of ``A·x = a`` and ``B·x ≤ b`` for the criteria that are linear, and for mixing."""
    alike = {
        "demographic_parity": [plane.selected],
        "equal_opportunity": [plane.tpr],
        "equalized_odds": [plane.tpr, plane.fpr],
    }
    equal, to = [plane.mixes], [np.ones(len(plane.mixes))]
    for rates in (rates for criterion in asked for rates in alike.get(criterion, [])):
        equal.append(rates[1:] - rates[0])
        to.append(np.zeros(len(rates) - 1))
    if "calibration" not in asked:
        return np.vstack(equal), np.concatenate(to), np.empty((0, plane.tpr.shape[1])), np.empty(0)
    mean_score_is_base_rate = np.vstack([*equal, plane.selected]), np.concatenate([*to, plane.base[:, 0]])
    between_constant_and_sharpest = (
        np.vstack([-plane.tpr, plane.tpr]),
        np.concatenate([-plane.base[:, 0], plane.sharpest]),
    )
    return *mean_score_is_base_rate, *between_constant_and_sharpest


def _solve(goal: Floats, equal: Floats, to: Floats, below: Floats, bound: Floats) -> Floats | None:
    """Maximise ``goal · x`` over x ≥ 0 with ``equal · x = to`` and ``below · x ≤ bound``."""
    program = {"A_eq": equal, "b_eq": to, "A_ub": below, "b_ub": bound, "method": "highs"}
    found = linprog(-goal, **program)
    if found.status not in (_OPTIMAL, _INFEASIBLE):
        # Presolve can lose its way in coefficients near the solver's tolerance, as for precisions just below 1.
        found = linprog(-goal, **program, options={"presolve": False})
    if found.status not in (_OPTIMAL, _INFEASIBLE):
        raise RuntimeError(f"the linear program was not solved: {found.message}")
    return found.x if found.status == _OPTIMAL else None


def _check_criteria(criteria: Any) -> tuple[str, ...]:
    asked = (criteria,) if isinstance(criteria, str) else tuple(criteria)
    if unknown := [name for name in asked if name not in CRITERIA]:
        raise ValueError(f"criteria holds {unknown[0]!r}; the criteria are {', '.join(map(repr, CRITERIA))}")
    return asked


def _check_shares(group_shares: Any, groups: pd.Index) -> Floats:
    if group_shares is None:
        return np.full(len(groups), 1 / len(groups))
    given = check_by_group(group_shares, "group_shares")
    refuse_other_groups(given.index, groups, "group_shares")
    shares = given.loc[groups].to_numpy()
    if not (np.isfinite(shares).all() and (shares >= 0).all() and shares.any()):
        raise ValueError(f"group_shares are {shares.tolist()}; they must be numbers of at least 0, not all 0")
    return shares / shares.sum()
