"""`CalibratedEqualizedOdds`: withhold some scores of one group, so that one cost is equal and calibration stays."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_random_state, check_scores, plain
from evenodds._validation.parameters import check_option
from evenodds.postprocessing.post_processor import Floats, People, PostProcessor, both_outcomes, refuse_one_label

_ROUNDING = 1e-12


class CalibratedEqualizedOdds(PostProcessor):
    """Make one cost of two groups' calibrated scores equal by withholding scores of the group with the lower cost.

    A score S is calibrated if ``P(Y = 1 | S = s, A = a) = s``. Its generalised error rates in group a are
    ``GFPR_a = E[S | Y = 0, a]`` and ``GFNR_a = E[1 − S | Y = 1, a]``. Giving everyone of group a its base rate
    ``μ_a = P(Y = 1 | a)`` is calibrated too, with GFPR μ_a and GFNR 1 − μ_a. So is a mixture: with probability α,
    drawn for each person, replace the score by μ_a. Its cost grows in a straight line from the score's to the trivial
    one, and meets the other group's cost at::

        α = (cost_other − cost_a) / (trivial_cost_a − cost_a)

    Only one cost can be made equal: with calibrated, imperfect scores and different base rates GFPR and GFNR cannot
    both be. The price is paid by people of the better served group whose score says something and is not used.

    Parameters
    ----------
    cost_constraint : {"weighted", "fpr", "fnr"}
        The cost: ``GFPR``, ``GFNR``, or ``½ [(1 − μ_a) · GFPR_a + μ_a · GFNR_a]``.
    estimator : object, optional
        A classifier, whose `predict_proba` for label 1 is the score. If left out, `X` is the scores: shape (n,).
    threshold : float
        Decisions select scores of at least this.
    prefit : bool
        Whether the estimator is trained already and used as it is; otherwise `fit` trains a clone.

    Attributes
    ----------
    mix_rate_ : Series
        Each group's probability α of a withheld score; 0 in at least one of the two.
    base_rate_ : Series
        Each group's μ, that takes the place of a withheld score.
    costs_ : DataFrame, one row a group
        On the data of `fit`: ``score``, the cost of the score as it is; ``trivial``, of the base rate for everyone;
        ``mixed``, the expected cost after withholding, equal in both groups.
    groups_ : Index
        The two groups.
    estimator_ : object
        The trained estimator.

    Notes
    -----
    Nothing here makes scores calibrated: look at `evenodds.calibration.reliability_table` first.

    References
    ----------
    G. Pleiss, M. Raghavan, F. Wu, J. Kleinberg, K. Q. Weinberger (2017), "On fairness and calibration", NeurIPS,
    sections 3 and 4 and algorithm 1.

    Examples
    --------
    Scores are calibrated in both groups, and sharper in group "a":

    >>> from evenodds.postprocessing import CalibratedEqualizedOdds
    >>> y = [0, 0, 0, 0, 1, 1, 1, 1, 1, 0] + [0, 0, 0, 1, 0, 1, 1, 1]
    >>> scores = [0.2] * 5 + [0.8] * 5 + [0.25] * 4 + [0.75] * 4
    >>> group = ["a"] * 10 + ["b"] * 8
    >>> rule = CalibratedEqualizedOdds(cost_constraint="fnr").fit(scores, y, sensitive_features=group)
    >>> rule.costs_.round(3)["mixed"].to_dict()
    {'a': 0.375, 'b': 0.375}
    >>> rule.mix_rate_.round(3).to_dict()
    {'a': 0.306, 'b': 0.0}
    """

    def __init__(
        self,
        *,
        cost_constraint: Literal["weighted", "fpr", "fnr"] = "weighted",
        estimator: Any = None,
        threshold: float = 0.5,
        prefit: bool = False,
    ) -> None:
        self.cost_constraint = cost_constraint
        self.estimator = estimator
        self.threshold = threshold
        self.prefit = prefit

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        *,
        sensitive_features: Any,
        sample_weight: ArrayLike | None = None,
        **fit_params: Any,
    ) -> CalibratedEqualizedOdds:
        """Find the probability of withholding a score.

        Parameters
        ----------
        X : array-like, shape (n, ...)
            People; or their scores, if there is no estimator. Best those whom a prefit estimator has not seen.
        y : array-like of 0 and 1, shape (n,)
            Their labels.
        sensitive_features : array-like, shape (n,) or (n, k)
            Their groups, two in all; several columns are crossed.
        sample_weight : array-like, shape (n,), optional
            What each person counts for, here and in training the estimator.
        **fit_params
            Passed on to the estimator.

        Raises
        ------
        ValueError
            If there are not two groups, in one of them nobody has label 1 or nobody label 0, a score is not between 0
            and 1, or the costs cannot be made equal: withholding all scores of the group with the lower cost would
            not bring it up to the other's.
        """
        check_option(self.cost_constraint, "cost_constraint", ("weighted", "fpr", "fnr"))
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"threshold is {self.threshold!r}; it must lie between 0 and 1")
        people = self._enter(X, y, sensitive_features, sample_weight, fit_params)
        if len(people.groups) != 2:
            raise ValueError(
                f"sensitive_features has {len(people.groups)} groups, {', '.join(map(repr, people.groups))}; "
                "the method needs two. Choose two, or tell one from the rest: sensitive_features == 'one'"
            )
        weights = people.weights_by_label()
        refuse_one_label(weights, people.groups, "it has no base rate to mix with and no cost to make equal")
        base_rate = weights[:, 1] / weights.sum(axis=1)
        cost = self._cost(*generalized_rates(people), base_rate)
        trivial = self._cost(base_rate, 1 - base_rate, base_rate)
        mix_rate = withholding_rates(cost, trivial, people.groups)
        self.base_rate_ = pd.Series(base_rate, people.groups, name="base_rate")
        self.mix_rate_ = pd.Series(mix_rate, people.groups, name="mix_rate")
        mixed = (1 - mix_rate) * cost + mix_rate * trivial
        self.costs_ = pd.DataFrame({"score": cost, "trivial": trivial, "mixed": mixed}, people.groups)
        return self

    def transform(self, X: Any, *, sensitive_features: Any, random_state: Any = None) -> Floats:
        """Draw whose score is withheld, and return everyone's score or base rate.

        Parameters
        ----------
        X, sensitive_features
            As in `predict_proba`.
        random_state : None, int, Generator or RandomState
            Makes the draw repeatable.

        Returns
        -------
        ndarray, shape (n,)
        """
        scores, codes = self._read_known(X, sensitive_features)
        withheld = check_random_state(random_state).random(len(scores)) < self.mix_rate_.to_numpy()[codes]
        return np.where(withheld, self.base_rate_.to_numpy()[codes], scores)

    def predict(self, X: Any, *, sensitive_features: Any, random_state: Any = None) -> NDArray[np.int64]:
        """Draw whose score is withheld as `transform` does, and select those at or above the threshold.

        Parameters and errors are those of `transform`; the result is an ndarray of 0 and 1, shape (n,).
        """
        scores = self.transform(X, sensitive_features=sensitive_features, random_state=random_state)
        return (scores >= self.threshold).astype(np.int64)

    def predict_proba(self, X: Any, *, sensitive_features: Any) -> Floats:
        """Return the probability of each decision, over the draw of withheld scores.

        This is not the calibrated score: that is what `transform` draws.

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
        mix_rate, base_rate = self.mix_rate_.to_numpy()[codes], self.base_rate_.to_numpy()[codes]
        return both_outcomes((1 - mix_rate) * (scores >= self.threshold) + mix_rate * (base_rate >= self.threshold))

    def _check_predictions(self, values: Any, name: str) -> Floats:
        return check_scores(values, name)

    def _cost(self, gfpr: Floats, gfnr: Floats, base_rate: Floats) -> Floats:
        if self.cost_constraint == "weighted":
            return 0.5 * ((1 - base_rate) * gfpr + base_rate * gfnr)
        return gfpr if self.cost_constraint == "fpr" else gfnr


def generalized_rates(people: People) -> tuple[Floats, Floats]:
    """Return each group's mean score of label 0, and mean of one minus the score of label 1."""
    mean = people.weights_by_label(people.predictions) / people.weights_by_label()
    return mean[:, 0], 1 - mean[:, 1]


def withholding_rates(cost: Floats, trivial: Floats, groups: pd.Index) -> Floats:
    """Return the two groups' α: 0 for the higher cost, and for the lower what brings it up to that."""
    low, high = np.argsort(cost, kind="stable")
    gap, room = cost[high] - cost[low], trivial[low] - cost[low]
    if gap > room + _ROUNDING:
        names = [repr(plain(groups[i])) for i in (low, high)]
        raise ValueError(
            f"the costs cannot be made equal: group {names[0]} has {cost[low]:.3g}, {trivial[low]:.3g} if all its "
            f"scores are withheld, and group {names[1]} has {cost[high]:.3g}. Are the scores calibrated in each group? "
            "Another cost_constraint may do"
        )
    rates = np.zeros(2)
    rates[low] = min(gap / room, 1) if gap > 0 else 0
    return rates
