"""`RejectOptionClassification`: where the score is unsure, decide for the group that usually loses."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_scores, plain
from evenodds._validation.parameters import check_option
from evenodds.postprocessing.post_processor import Floats, People, PostProcessor, both_outcomes, refuse_one_label


class RejectOptionClassification(PostProcessor):
    """In the critical region around the threshold, refuse the privileged group and select everyone else.

    With threshold t and margin m, the critical region is ``t − m < S ≤ t + m``. Outside it the score decides,
    ``Ŷ = 1{S > t}``. Inside it the score is not asked: people of the privileged group get 0, all others 1. (With
    t = ½ the region is where ``max(S, 1 − S)`` is at most ``θ = ½ + m``, as the paper writes it.) So the rule is a
    threshold of ``t + m`` for the privileged group and of ``t − m`` for everyone else.

    `fit` tries a grid of thresholds and margins and takes the highest balanced accuracy among the pairs that keep the
    metric within bounds; the first such pair, if several are equal.

    Parameters
    ----------
    privileged : label
        The privileged group; with several columns of groups, a tuple.
    estimator : object, optional
        A classifier, whose `predict_proba` for label 1 is the score. If left out, `X` is the scores: shape (n,).
    threshold, margin : float, optional
        The rule's t and m; what is left out is searched for.
    metric_name : str
        One of "Statistical parity difference", "Average odds difference" and "Equal opportunity difference", as in
        AIF360: everyone else's rate minus the privileged group's.
    metric_lb, metric_ub : float
        The bounds of the metric.
    low_class_thresh, high_class_thresh, num_class_thresh : float, float, int
        The grid of thresholds: `num_class_thresh` values, evenly from the lowest to the highest.
    num_ROC_margin : int
        The number of margins for each threshold, evenly from 0 to ``min(t, 1 − t)``.
    prefit : bool
        Whether the estimator is trained already and used as it is; otherwise `fit` trains a clone.

    Attributes
    ----------
    threshold_, margin_ : float
        The rule's t and m.
    balanced_accuracy_, metric_ : float
        Those of the rule, on the data of `fit`.
    search_ : DataFrame
        Every pair: threshold, margin, balanced_accuracy, metric, and whether the metric is within bounds.
    groups_ : Index
        The groups.
    estimator_ : object
        The trained estimator.

    Warns
    -----
    UserWarning
        In `fit`, if no pair keeps the metric within bounds. The rule is then the pair that misses them least; of
        several the one with the highest balanced accuracy.

    References
    ----------
    F. Kamiran, A. Karim, X. Zhang (2012), "Decision theory for discrimination-aware classification", ICDM, "Reject
    option based classification". The grid and the bounds are AIF360's.

    Examples
    --------
    >>> from evenodds.postprocessing import RejectOptionClassification
    >>> scores, group = [0.95, 0.62, 0.55, 0.48, 0.40, 0.10], list("ppuupu")
    >>> rule = RejectOptionClassification(privileged="p", threshold=0.5, margin=0.15)
    >>> rule = rule.fit(scores, [1, 1, 0, 1, 0, 0], sensitive_features=group)
    >>> rule.predict(scores, sensitive_features=group)
    array([1, 0, 1, 1, 0, 0])
    >>> rule.critical_region(scores)
    array([False,  True,  True,  True,  True, False])
    """

    def __init__(
        self,
        *,
        privileged: Any,
        estimator: Any = None,
        threshold: float | None = None,
        margin: float | None = None,
        metric_name: str = "Statistical parity difference",
        metric_lb: float = -0.05,
        metric_ub: float = 0.05,
        low_class_thresh: float = 0.01,
        high_class_thresh: float = 0.99,
        num_class_thresh: int = 100,
        num_ROC_margin: int = 50,
        prefit: bool = False,
    ) -> None:
        self.privileged = privileged
        self.estimator = estimator
        self.threshold = threshold
        self.margin = margin
        self.metric_name = metric_name
        self.metric_lb = metric_lb
        self.metric_ub = metric_ub
        self.low_class_thresh = low_class_thresh
        self.high_class_thresh = high_class_thresh
        self.num_class_thresh = num_class_thresh
        self.num_ROC_margin = num_ROC_margin
        self.prefit = prefit

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        *,
        sensitive_features: Any,
        sample_weight: ArrayLike | None = None,
        **fit_params: Any,
    ) -> RejectOptionClassification:
        """Search for the threshold and the margin.

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
            If everyone or nobody is in the privileged group, the metric or balanced accuracy is undefined because
            nobody has some label, a score is not between 0 and 1, or an option is not as above.
        """
        thresholds, margins = self._grid()
        people = self._enter(X, y, sensitive_features, sample_weight, fit_params)
        self._is_privileged = self._find_privileged(people.groups)
        selected, weights = self._count(people, thresholds, margins)
        accuracy, metric = balanced_accuracy(selected, weights), METRICS[self.metric_name](selected, weights)
        excess = np.maximum(np.maximum(self.metric_lb - metric, metric - self.metric_ub), 0)
        if excess.min() > 0 and len(excess) > 1:
            warnings.warn(
                f"no threshold and margin keep the {self.metric_name.lower()} between {self.metric_lb} and "
                f"{self.metric_ub}; the nearest has {metric[np.argmin(excess)]:.3g}",
                stacklevel=2,
            )
        nearest = excess == excess.min()
        best = int(np.argmax(np.where(nearest, accuracy, -np.inf)))
        self.threshold_, self.margin_ = float(thresholds[best]), float(margins[best])
        self.balanced_accuracy_, self.metric_ = float(accuracy[best]), float(metric[best])
        self.search_ = pd.DataFrame(
            {
                "threshold": thresholds,
                "margin": margins,
                "balanced_accuracy": accuracy,
                "metric": metric,
                "within_bounds": excess == 0,
            }
        )
        return self

    def predict_proba(self, X: Any, *, sensitive_features: Any) -> Floats:
        """Return the decisions as probabilities, all 0 or 1: this rule tosses no coins.

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
        cut = np.where(self._is_privileged[codes], self.threshold_ + self.margin_, self.threshold_ - self.margin_)
        return both_outcomes((scores > cut).astype(float))

    def critical_region(self, X: Any) -> NDArray[np.bool_]:
        """Return who is in the critical region, where the group decides."""
        scores = self._predictions(X)
        return (scores > self.threshold_ - self.margin_) & (scores <= self.threshold_ + self.margin_)

    def _check_predictions(self, values: Any, name: str) -> Floats:
        return check_scores(values, name)

    def _grid(self) -> tuple[Floats, Floats]:
        """Return the pairs to be tried."""
        check_option(self.metric_name, "metric_name", METRICS)
        low, high = self.low_class_thresh, self.high_class_thresh
        if not 0 <= low < high <= 1:
            raise ValueError(
                f"low_class_thresh is {low!r} and high_class_thresh {high!r}; they must lie between 0 and 1, "
                "and the first be less"
            )
        for name, number in (("num_class_thresh", self.num_class_thresh), ("num_ROC_margin", self.num_ROC_margin)):
            if not isinstance(number, int | np.integer) or number < 1:
                raise ValueError(f"{name} is {number!r}; it must be an integer of at least 1")
        if self.metric_lb > self.metric_ub:
            raise ValueError(f"metric_lb is {self.metric_lb!r}, more than metric_ub, {self.metric_ub!r}")
        for name, given in (("threshold", self.threshold), ("margin", self.margin)):
            if given is not None and not 0 <= given <= 1:
                raise ValueError(f"{name} is {given!r}; it must lie between 0 and 1, or be None to be searched for")
        thresholds = np.linspace(low, high, self.num_class_thresh) if self.threshold is None else [self.threshold]
        margins = [
            np.linspace(0, min(t, 1 - t), self.num_ROC_margin) if self.margin is None else [self.margin]
            for t in thresholds
        ]
        return np.repeat(thresholds, [len(m) for m in margins]), np.concatenate(margins)

    def _find_privileged(self, groups: pd.Index) -> NDArray[np.bool_]:
        is_privileged = np.array([plain(group) == self.privileged for group in groups])
        if is_privileged.sum() != 1 or len(groups) == 1:
            raise ValueError(
                f"privileged is {self.privileged!r}; it must be one of at least two groups, and they are: "
                f"{', '.join(map(repr, groups))}"
            )
        return is_privileged

    def _count(self, people: People, thresholds: Floats, margins: Floats) -> tuple[Floats, Floats]:
        """Return the weight of those selected by each pair, shape (2, 2, pairs), and of all, shape (2, 2, 1).

        The first axis is everyone else and the privileged group, the second label 0 and label 1.
        """
        privileged = self._is_privileged[people.codes]
        selected, weights = np.empty((2, 2, len(thresholds))), np.empty((2, 2, 1))
        for side, cuts in enumerate((thresholds - margins, thresholds + margins)):
            for label in (0, 1):
                these = (privileged == side) & (people.labels == label)
                selected[side, label] = weight_above(people.predictions[these], people.weights[these], cuts)
                weights[side, label] = people.weights[these].sum()
        self._refuse_undefined(weights[..., 0])
        return selected, weights

    def _refuse_undefined(self, weights: Floats) -> None:
        refuse_one_label(weights.sum(axis=0, keepdims=True), pd.Index(["everyone"]), "there is no balanced accuracy")
        sides = pd.Index(["everyone else", self.privileged], dtype=object, tupleize_cols=False)
        needed = {"Average odds difference": (0, 1), "Equal opportunity difference": (1,)}.get(self.metric_name, ())
        has_rates = np.where(np.isin([0, 1], needed), weights, 1)
        refuse_one_label(has_rates, sides, f"the {self.metric_name.lower()} is undefined")


def weight_above(scores: Floats, weights: Floats, cuts: Floats) -> Floats:
    """Return the weight of the people with a score above each cut."""
    order = np.argsort(scores)
    reached = np.append(0, weights[order].cumsum())
    return reached[-1] - reached[np.searchsorted(scores[order], cuts, side="right")]


def balanced_accuracy(selected: Floats, weights: Floats) -> Floats:
    """Return ``½ (TPR + TNR)`` of everyone together."""
    fp, tp = selected.sum(axis=0)
    negatives, positives = weights.sum(axis=0)
    return 0.5 * (tp / positives + (negatives - fp) / negatives)


def statistical_parity_difference(selected: Floats, weights: Floats) -> Floats:
    others, privileged = selected.sum(axis=1) / weights.sum(axis=1)
    return others - privileged


def average_odds_difference(selected: Floats, weights: Floats) -> Floats:
    others, privileged = selected / weights
    return 0.5 * (others - privileged).sum(axis=0)


def equal_opportunity_difference(selected: Floats, weights: Floats) -> Floats:
    others, privileged = selected[:, 1] / weights[:, 1]
    return others - privileged


METRICS = {
    "Statistical parity difference": statistical_parity_difference,
    "Average odds difference": average_odds_difference,
    "Equal opportunity difference": equal_opportunity_difference,
}
"""The differences that the search can bound: everyone else minus the privileged group."""
