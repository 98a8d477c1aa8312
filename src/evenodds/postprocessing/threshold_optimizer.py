"""`ThresholdOptimizer`: a threshold for each group, or a coin toss between two, from the groups' ROC hulls."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_numbers, plain
from evenodds._validation.parameters import check_option
from evenodds.postprocessing.post_processor import Floats, PostProcessor, both_outcomes
from evenodds.postprocessing.roc import Roc, roc_curve, roc_hull
from evenodds.postprocessing.tradeoff import Curve, best_equalized_odds, best_parity, share_ignored

CONSTRAINTS = {
    "demographic_parity": "selection_rate",
    "selection_rate_parity": "selection_rate",
    "true_positive_rate_parity": "true_positive_rate",
    "false_negative_rate_parity": "true_positive_rate",
    "false_positive_rate_parity": "false_positive_rate",
    "true_negative_rate_parity": "false_positive_rate",
    "equalized_odds": "false_positive_rate",
}
"""What each constraint makes equal; equalized odds makes the true positive rate equal too."""

OBJECTIVES = (
    "accuracy_score",
    "balanced_accuracy_score",
    "selection_rate",
    "true_positive_rate",
    "true_negative_rate",
)


class ThresholdOptimizer(PostProcessor):
    """The best decisions that thresholds by group can make under a fairness constraint.

    A threshold t on the scores of group a decides ``Ŷ = 1{S > t}`` and is a point (FPR, TPR); a coin toss between two
    thresholds reaches every point on the line between theirs. So group a can reach the convex hull of its ROC curve,
    and only the hull's upper left boundary is worth reaching. It leads from "nobody" to "everybody", and none of
    selection rate, TPR and FPR falls on the way. `fit` looks for the point of each boundary that makes the objective
    largest:

    - parity of one rate: where that rate is the same number x in all groups, or, with `tol`, within `tol` of each
      other. The objective is the sum over groups of ``P(A = a)`` times the group's objective;
    - equalized odds: the best (FPR, TPR) that all groups can reach, on the lowest of the boundaries; the objective
      is everyone's. A group whose own boundary is higher gets there by ignoring the score of some people, drawn at
      random, and selecting those with probability FPR.

    Parameters
    ----------
    estimator : object, optional
        A classifier or regressor, whose output is the score. If left out, `X` is the scores: shape (n,).
    constraints : str
        "demographic_parity" (also called "selection_rate_parity"), "true_positive_rate_parity",
        "false_negative_rate_parity", "false_positive_rate_parity", "true_negative_rate_parity" or "equalized_odds".
    objective : str
        "accuracy_score" or "balanced_accuracy_score"; except for equalized odds, "selection_rate",
        "true_positive_rate" and "true_negative_rate" are allowed too, but are best where everybody or nobody is
        selected.
    flip : bool
        Whether "score below t" is a rule too.
    prefit : bool
        Whether the estimator is trained already and used as it is; otherwise `fit` trains a clone.
    predict_method : {"auto", "predict_proba", "decision_function", "predict"}
        What of the estimator is the score; "auto" is the first of these that it has.
    tol : float, optional
        The largest gap that parity of one rate may leave. Not for equalized odds.

    Attributes
    ----------
    interpolation_ : DataFrame, one row a group
        The rule. The score is ignored with probability ``p_ignore``, and the person selected with probability
        ``prediction_constant``; otherwise the first threshold decides with probability ``p0`` and the second one with
        probability ``p1 = 1 − p0``: select if the score is above (``operator`` is ">") or below ("<")
        ``threshold0`` or ``threshold1``.
    groups_ : Index
        The groups.
    estimator_ : object
        The trained estimator.

    Notes
    -----
    Every curve here is a chain of straight lines, so the best point is at a corner or where two chains cross, and `fit`
    looks at those. Fairlearn looks at 1,001 values of x; its optimum is at most as good, and it has a `grid_size`.
    A group with one label only is fine where neither constraint nor objective asks for its missing rate.

    References
    ----------
    M. Hardt, E. Price, N. Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS: "Deriving from a
    score function".

    Examples
    --------
    Of six people in each group three have label 1. Selecting the best half is right in group "a" and not in "b":

    >>> from evenodds.postprocessing import ThresholdOptimizer
    >>> scores, y = [6, 5, 4, 3, 2, 1] * 2, [1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0]
    >>> group = ["a"] * 6 + ["b"] * 6
    >>> rule = ThresholdOptimizer(constraints="equalized_odds").fit(scores, y, sensitive_features={"group": group})
    >>> rule.interpolation_[["p_ignore", "prediction_constant", "threshold0"]].round(3).to_dict("index")["a"]
    {'p_ignore': 0.333, 'prediction_constant': 0.0, 'threshold0': 3.5}
    >>> rule.predict_proba([5, 5, 1], sensitive_features={"group": ["a", "b", "a"]})[:, 1].round(3)
    array([0.667, 1.   , 0.   ])
    """

    def __init__(
        self,
        *,
        estimator: Any = None,
        constraints: str = "demographic_parity",
        objective: str = "accuracy_score",
        flip: bool = False,
        prefit: bool = False,
        predict_method: Literal["auto", "predict_proba", "decision_function", "predict"] = "auto",
        tol: float | None = None,
    ) -> None:
        self.estimator = estimator
        self.constraints = constraints
        self.objective = objective
        self.flip = flip
        self.prefit = prefit
        self.predict_method = predict_method
        self.tol = tol

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        *,
        sensitive_features: Any,
        sample_weight: ArrayLike | None = None,
        **fit_params: Any,
    ) -> ThresholdOptimizer:
        """Find the rule.

        Parameters
        ----------
        X : array-like, shape (n, ...)
            People; or their scores, if there is no estimator. Best those whom a prefit estimator has not seen.
        y : array-like of 0 and 1, shape (n,)
            Their labels.
        sensitive_features : array-like, shape (n,) or (n, k)
            Their groups; several columns are crossed.
        sample_weight : array-like, shape (n,), optional
            What each person counts for, here and in training the estimator.
        **fit_params
            Passed on to the estimator.

        Raises
        ------
        ValueError
            If a group lacks a label that the constraint or the objective asks for, an option is unknown, or the inputs
            are not as above.
        """
        self._check_options()
        people = self._enter(X, y, sensitive_features, sample_weight, fit_params)
        self._hulls = [
            roc_hull(roc_curve(people.predictions[i], people.labels[i], people.weights[i]), self.flip)
            for i in people.by_group()
        ]
        weights = np.array([[hull.negatives, hull.positives] for hull in self._hulls])
        if self.constraints == "equalized_odds":
            curves = self._curves("true_positive_rate")
            x, y_best = best_equalized_odds(curves, *_prices(weights.sum(axis=0), self.objective))
            ignored = [(x, share_ignored(curve, x, y_best)) for curve in curves]
            at = np.full(len(curves), x)
        else:
            curves = self._curves(self.objective)
            at = best_parity(curves, weights.sum(axis=1) / weights.sum(), self.tol or 0.0)
            ignored = [(0.0, 0.0)] * len(curves)
        rows = [
            {"p_ignore": share, "prediction_constant": constant} | _toss(hull, *curve.between(x))
            for hull, curve, x, (constant, share) in zip(self._hulls, curves, at.tolist(), ignored, strict=True)
        ]
        self.interpolation_ = pd.DataFrame(rows, index=self.groups_)
        return self

    def predict_proba(self, X: Any, *, sensitive_features: Any) -> Floats:
        """Return the probability that each person is selected, over the coin tosses.

        Parameters
        ----------
        X : array-like, shape (n, ...)
            People; or their scores, if there is no estimator.
        sensitive_features : array-like, shape (n,) or (n, k)
            Their groups, in the columns given to `fit`.

        Returns
        -------
        ndarray, shape (n, 2)
            The probabilities of decision 0 and of decision 1, the favourable outcome.

        Raises
        ------
        ValueError
            If a group is missing or had nobody in `fit`.
        """
        scores, codes = self._read_known(X, sensitive_features)
        rule = self.interpolation_
        tossed = np.zeros(len(scores))
        for share, operator, threshold in (("p0", "operator0", "threshold0"), ("p1", "operator1", "threshold1")):
            cut = rule[threshold].to_numpy()[codes]
            above = (rule[operator] == ">").to_numpy()[codes]
            tossed += rule[share].to_numpy()[codes] * np.where(above, scores > cut, scores < cut)
        ignored, constant = rule["p_ignore"].to_numpy()[codes], rule["prediction_constant"].to_numpy()[codes]
        return both_outcomes(ignored * constant + (1 - ignored) * tossed)

    _pmf_predict = predict_proba  # Fairlearn's name

    @property
    def roc_hull_(self) -> pd.DataFrame:
        """The corners of the groups' ROC hulls, from selecting nobody to everybody.

        One row for each group and corner: operator, threshold, and the rule's false_positive_rate, true_positive_rate
        and selection_rate.
        """
        rates = ("false_positive_rate", "true_positive_rate", "selection_rate")
        tables = [
            pd.DataFrame({"operator": h.operator, "threshold": h.threshold} | {rate: h.rate(rate) for rate in rates})
            for h in self._hulls
        ]
        names = [*self.groups_.names, "corner"]
        return pd.concat(tables, keys=self.groups_.tolist(), names=names)

    def _check_predictions(self, values: Any, name: str) -> Floats:
        scores = check_numbers(values, name)
        if not np.isfinite(scores).all():
            position = int(np.argmin(np.isfinite(scores)))
            raise ValueError(f"{name} holds {scores[position]} at position {position}; scores must be finite")
        return scores

    def _check_options(self) -> None:
        check_option(self.constraints, "constraints", CONSTRAINTS)
        both = self.constraints == "equalized_odds"
        check_option(self.objective, "objective", OBJECTIVES[:2] if both else OBJECTIVES)
        if self.tol is not None and (both or not 0 <= self.tol <= 1):
            raise ValueError(f"tol is {self.tol!r}; it must lie between 0 and 1, and be None for equalized odds")

    def _curves(self, y: str) -> list[Curve]:
        """Return, for each group, the rate to be made equal and the rate y along its hull."""
        curves = []
        for group, hull in zip(self.groups_, self._hulls, strict=True):
            for name in (CONSTRAINTS[self.constraints], y):
                if np.isnan(hull.rate(name)).any():
                    label = 1 if hull.positives == 0 else 0
                    raise ValueError(
                        f"in group {plain(group)!r} nobody has label {label}, so its {name} is undefined; "
                        "choose a constraint and an objective without it"
                    )
            curves.append(Curve.of(hull.rate(CONSTRAINTS[self.constraints]), hull.rate(y)))
        return curves


def _prices(weights: Floats, objective: str) -> tuple[float, float]:
    """Return what a unit of TPR adds to the objective, and what a unit of FPR takes from it."""
    negatives, positives = weights / weights.sum()
    return (positives, negatives) if objective == "accuracy_score" else (0.5, 0.5)


def _toss(hull: Roc, corners: NDArray[np.intp], p0: float) -> dict[str, Any]:
    """Describe the coin toss between two rules."""
    (operator0, operator1), (threshold0, threshold1) = hull.operator[corners], hull.threshold[corners]
    return {
        "p0": p0,
        "operator0": str(operator0),
        "threshold0": threshold0,
        "p1": 1 - p0,
        "operator1": str(operator1),
        "threshold1": threshold1,
    }
