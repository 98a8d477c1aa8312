"""`EqualizedOddsPostprocessing`: flip some decisions at random, so that error rates become equal across groups."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.linalg import block_diag
from scipy.optimize import linprog

from evenodds._validation import check_binary
from evenodds._validation.parameters import check_option
from evenodds.postprocessing.post_processor import Floats, PostProcessor, both_outcomes, refuse_one_label

_USELESS = 1e-9


class EqualizedOddsPostprocessing(PostProcessor):
    """Mix a classifier's decisions with coin tosses so that all groups get the same TPR and the same FPR.

    The new decision Ỹ looks only at the old one Ŷ and at the group. Its unknowns are two probabilities for each group
    a, ``p1_a = P(Ỹ = 1 | Ŷ = 1, a)`` and ``p0_a = P(Ỹ = 1 | Ŷ = 0, a)``, and its rates are straight lines in them::

        TPR~_a = p1_a · TPR_a + p0_a · (1 − TPR_a)
        FPR~_a = p1_a · FPR_a + p0_a · (1 − FPR_a)

    So the best choice is a linear program: the largest objective with equal TPR~ and equal FPR~ in all groups, and
    every p between 0 and 1.

    Parameters
    ----------
    estimator : object, optional
        A classifier, whose `predict` is Ŷ. If left out, `X` is the decisions: shape (n,).
    objective : {"accuracy_score", "balanced_accuracy_score"}
        Accuracy weighs errors by how many people they hit, ``Σ_a [P(Y = 1, a) · TPR~_a − P(Y = 0, a) · FPR~_a]``.
        Balanced accuracy is ``(TPR~ + 1 − FPR~) / 2``, and what AIF360 maximises.
    prefit : bool
        Whether the estimator is trained already and used as it is; otherwise `fit` trains a clone.

    Attributes
    ----------
    mix_rates_ : DataFrame, one row a group
        ``p1`` and ``p0``.
    true_positive_rate_, false_positive_rate_ : float
        The expected rates of Ỹ in every group on the data of `fit`.
    groups_ : Index
        The groups.
    estimator_ : object
        The trained estimator.

    Warns
    -----
    UserWarning
        In `fit`, if the best that all groups can share is to ignore the classifier: TPR~ = FPR~.

    Notes
    -----
    The constraint asks for equal rates, not for good ones. All groups get rates that the classifier can reach in each
    of them, so that groups which it serves better are brought down to those. Where label 1 is rare and the classifier
    weak, selecting nobody can have the highest accuracy of all rules with equal odds: equal, and useless.

    Rounding the probabilities to 0 and 1 mostly breaks the equality.

    References
    ----------
    M. Hardt, E. Price, N. Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS: "Deriving from a
    binary predictor".

    Examples
    --------
    In group "a" the decisions have TPR 2/3 and FPR 0, in group "b" TPR 2/3 and FPR 1/2. Group "a" is brought down to
    that: of its people with decision 1 a quarter is now refused, and of those with decision 0 half is selected.

    >>> from evenodds.postprocessing import EqualizedOddsPostprocessing
    >>> y, y_pred = [1, 1, 1, 0, 0] * 2, [1, 1, 0, 0, 0] + [1, 1, 0, 1, 0]
    >>> rule = EqualizedOddsPostprocessing().fit(y_pred, y, sensitive_features=["a"] * 5 + ["b"] * 5)
    >>> rule.mix_rates_.round(3).to_dict("index")
    {'a': {'p1': 0.75, 'p0': 0.5}, 'b': {'p1': 1.0, 'p0': 0.0}}
    >>> rule.predict_proba([1, 0, 0], sensitive_features=["a", "a", "b"])[:, 1].round(3)
    array([0.75, 0.5 , 0.  ])
    """

    predict_method = "predict"

    def __init__(
        self,
        *,
        estimator: Any = None,
        objective: Literal["accuracy_score", "balanced_accuracy_score"] = "accuracy_score",
        prefit: bool = False,
    ) -> None:
        self.estimator = estimator
        self.objective = objective
        self.prefit = prefit

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        *,
        sensitive_features: Any,
        sample_weight: ArrayLike | None = None,
        **fit_params: Any,
    ) -> EqualizedOddsPostprocessing:
        """Solve the linear program.

        Parameters
        ----------
        X : array-like, shape (n, ...)
            People; or the decisions about them, if there is no estimator. Best those whom a prefit estimator has not
            seen.
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
            If in some group nobody has label 1 or nobody label 0, or the inputs are not as above.
        """
        check_option(self.objective, "objective", ("accuracy_score", "balanced_accuracy_score"))
        people = self._enter(X, y, sensitive_features, sample_weight, fit_params)
        weights = people.weights_by_label()
        refuse_one_label(weights, people.groups, "it has no rates that could be made equal")
        fpr, tpr = (people.weights_by_label(people.predictions) / weights).T
        if self.objective == "accuracy_score":
            loss, gain = (weights / weights.sum()).T
        else:
            loss = gain = np.full(len(weights), 0.5 / len(weights))
        mix = solve_mix_rates(fpr, tpr, loss, gain)
        self.mix_rates_ = pd.DataFrame(mix, index=people.groups, columns=["p1", "p0"])
        self.true_positive_rate_, self.false_positive_rate_ = (float(mixed(rate, mix).mean()) for rate in (tpr, fpr))
        if abs(self.true_positive_rate_ - self.false_positive_rate_) < _USELESS:
            warnings.warn(
                f"the best rule with equal odds ignores the classifier and selects {self.true_positive_rate_:.3g} of "
                "everyone, whatever their label",
                stacklevel=2,
            )
        return self

    def predict_proba(self, X: Any, *, sensitive_features: Any) -> Floats:
        """Return the probability of each new decision.

        Parameters
        ----------
        X : array-like, shape (n, ...)
            People; or the decisions about them, if there is no estimator.
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
        decisions, codes = self._read_known(X, sensitive_features)
        p1, p0 = self.mix_rates_.to_numpy()[codes].T
        return both_outcomes(np.where(decisions == 1, p1, p0))

    def _check_predictions(self, values: Any, name: str) -> Floats:
        return check_binary(values, name, what="decisions").astype(float)


def mixed(rate: Floats, mix: Floats) -> Floats:
    """Return the groups' rate after mixing: ``p1 · rate + p0 · (1 − rate)``."""
    return mix[:, 0] * rate + mix[:, 1] * (1 - rate)


def solve_mix_rates(fpr: Floats, tpr: Floats, loss: Floats, gain: Floats) -> Floats:
    """Return the (p1, p0) of each group that maximise ``Σ_a (gain_a · TPR~_a − loss_a · FPR~_a)``, shape (groups, 2).

    TPR~ and FPR~ are equal across groups. Where several choices are equally good, this is one of them.

    Examples
    --------
    >>> fpr, tpr = np.array([0.3, 0.1]), np.array([0.8, 0.6])
    >>> solve_mix_rates(fpr, tpr, loss=np.array([0.25, 0.35]), gain=np.array([0.25, 0.15])).round(3).tolist()
    [[0.833, 0.0], [1.0, 0.167]]
    """
    to_tpr, to_fpr = (block_diag(*np.column_stack([rate, 1 - rate])[:, None]) for rate in (tpr, fpr))
    equal = np.vstack([np.diff(to_tpr, axis=0), np.diff(to_fpr, axis=0)])
    found = linprog(loss @ to_fpr - gain @ to_tpr, A_eq=equal, b_eq=np.zeros(len(equal)), bounds=(0, 1), method="highs")
    if found.status != 0:
        raise RuntimeError(f"the linear program was not solved: {found.message}")
    return np.clip(found.x, 0, 1).reshape(-1, 2)
