"""One logistic map from score to probability for each group (Platt 1999)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from evenodds._validation import (
    Groups,
    check_binary,
    check_groups,
    check_same_people,
    check_scores,
    check_weights,
    split_features,
)

Floats = NDArray[np.float64]
_MOST_NEWTON_STEPS = 100
_TOLERANCE, _ENOUGH = 1e-12, 1e-9


class GroupPlattScaling(BaseEstimator):
    """A Platt map for each group: ``P(Y = 1 | S = s, A = a) = sigmoid(intercept_a + slope_a · logit(s))``.

    The map of a calibrated group has slope 1 and intercept 0. A slope below 1 says that the group's scores were too
    sure, one above 1 that they were too cautious. With a positive slope the map keeps the order of scores within the
    group, so its AUC stays as it was. The maps make scores mean the same in every group; they do not make error rates
    or selection rates equal, and they need everyone's group when a score is used.

    Parameters
    ----------
    smoothing : bool, default True
        Platt's targets ``(N₊ + 1) / (N₊ + 2)`` and ``1 / (N₋ + 2)`` in place of 1 and 0, with N₊ and N₋ the group's
        numbers (sums of weights) of labels 1 and 0. They keep the slope finite where scores separate the labels and
        matter little for large groups. False is plain maximum likelihood.
    clip : float, default 1e-6
        Scores are first moved into [clip, 1 − clip], because the logits of 0 and 1 are infinite.

    Attributes
    ----------
    slope_, intercept_ : Series
        The maps; the index is the groups that have people.

    Notes
    -----
    One map for everyone is the same with a constant group: ``sensitive_features=np.zeros(n)``.

    References
    ----------
    J. Platt (1999), "Probabilistic outputs for support vector machines".
    H.-T. Lin, C.-J. Lin, R. C. Weng (2007), "A note on Platt's probabilistic outputs for support vector machines",
    Machine Learning 68: Newton's method with backtracking, used here.

    Examples
    --------
    In both groups 1 in 4 of the people with the low score has label 1, and 3 in 4 of those with the high score. So
    the scores of group "a" mean what they say, and those of group "b" are too sure:

    >>> import numpy as np
    >>> from evenodds.calibration import GroupPlattScaling
    >>> y_true = [0, 0, 0, 1, 0, 1, 1, 1] * 2
    >>> scores = [0.25] * 4 + [0.75] * 4 + [0.1] * 4 + [0.9] * 4
    >>> group = ["a"] * 8 + ["b"] * 8
    >>> platt = GroupPlattScaling(smoothing=False).fit(scores, y_true, sensitive_features=group)
    >>> platt.slope_.round(3).to_dict()
    {'a': 1.0, 'b': 0.5}
    >>> platt.transform([0.9, 0.9], sensitive_features=["a", "b"]).round(3)
    array([0.9 , 0.75])
    """

    def __init__(self, *, smoothing: bool = True, clip: float = 1e-6) -> None:
        self.smoothing = smoothing
        self.clip = clip

    def fit(
        self, scores: ArrayLike, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> GroupPlattScaling:
        """Fit a logistic regression of the labels on the logits of the scores, for each group.

        Parameters
        ----------
        scores : array-like, shape (n,)
            Between 0 and 1, of people whom the scoring model has not seen.
        y : array-like of 0 and 1, shape (n,)
            Their labels.
        sensitive_features : array-like, shape (n,) or (n, k)
            Their groups; several columns are crossed.
        sample_weight : array-like, shape (n,), optional
            What each person counts for.

        Raises
        ------
        ValueError
            If a group has one label or one score only, or, without smoothing, if its scores separate its labels;
            and if inputs are not as above.

        Warns
        -----
        UserWarning
            If a slope is negative: in that group higher scores go with fewer labels 1, and the map reverses its order.
        """
        logits, groups = self._check(scores, sensitive_features, {"y": y, "sample_weight": sample_weight})
        labels = check_binary(y, "y")
        weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
        present = np.flatnonzero(groups.sizes)
        maps = np.empty((len(present), 2))
        for row, code in enumerate(present.tolist()):
            people = (groups.codes == code) & (weights > 0)
            try:
                maps[row] = _fit_sigmoid(logits[people], labels[people], weights[people], self.smoothing)
            except ValueError as error:
                raise ValueError(f"no map can be fitted for group {groups.label(code)!r}: {error}") from None
        self.intercept_ = pd.Series(maps[:, 0], groups.index[present], name="intercept")
        self.slope_ = pd.Series(maps[:, 1], groups.index[present], name="slope")
        for code in present[maps[:, 1] < 0].tolist():
            warnings.warn(
                f"the slope of group {groups.label(code)!r} is negative: there, higher scores go with fewer labels 1, "
                "and its map reverses the order of its people",
                stacklevel=2,
            )
        return self

    def transform(self, scores: ArrayLike, *, sensitive_features: Any) -> Floats:
        """Return the scores, each mapped by the map of the person's own group.

        Parameters
        ----------
        scores : array-like, shape (n,)
            Between 0 and 1.
        sensitive_features : array-like, shape (n,) or (n, k)
            Group labels, in the columns given to `fit`.

        Returns
        -------
        ndarray, shape (n,)
            Calibrated scores.

        Raises
        ------
        ValueError
            If a group is missing or was not there in `fit`.
        """
        check_is_fitted(self)
        logits, groups = self._check(scores, sensitive_features, {})
        codes = groups.positions_in(self.slope_.index)
        return expit(self.intercept_.to_numpy()[codes] + self.slope_.to_numpy()[codes] * logits)

    def _check(self, scores: ArrayLike, features: Any, others: dict[str, Any]) -> tuple[Floats, Groups]:
        """Return the logits of the scores, and the groups."""
        if not 0 < self.clip < 0.5:
            raise ValueError(f"clip is {self.clip!r}; it must lie between 0 and 0.5")
        named = {f"sensitive_features {name!r}": column for name, column in split_features(features).items()}
        probabilities, groups = check_scores(scores, "scores"), check_groups(features)
        check_same_people({"scores": scores} | named | others)
        return logit(np.clip(probabilities, self.clip, 1 - self.clip)), groups


def _fit_sigmoid(logits: Floats, labels: NDArray[np.uint8], weights: Floats, smoothing: bool) -> Floats:
    """Return intercept and slope that minimise the weighted log loss, by Newton's method with step halving."""
    _refuse_if_no_slope(logits, labels, smoothing=smoothing)
    targets = labels.astype(float)
    if smoothing:
        positives, negatives = weights[labels == 1].sum(), weights[labels == 0].sum()
        targets = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    weights = weights / weights.sum()
    centre, scale = logits.mean(), np.ptp(logits)
    X = np.column_stack([np.ones_like(logits), (logits - centre) / scale])

    def loss(theta: Floats) -> float:
        eta = X @ theta
        return float(weights @ (np.logaddexp(0, eta) - targets * eta))

    theta = np.zeros(2)
    for _ in range(_MOST_NEWTON_STEPS):
        p = expit(X @ theta)
        gradient = X.T @ (weights * (p - targets))
        hessian = (X.T * (weights * p * (1 - p))) @ X
        step = np.linalg.solve(hessian, gradient)
        while loss(theta - step) > loss(theta) + _TOLERANCE:
            step /= 2
        theta -= step
        if np.abs(step).max() <= _ENOUGH * max(1, np.abs(theta).max()):
            return np.array([theta[0] - theta[1] * centre / scale, theta[1] / scale])
    raise ValueError(f"Newton's method did not settle within {_MOST_NEWTON_STEPS} steps; use smoothing=True")


def _refuse_if_no_slope(logits: Floats, labels: NDArray[np.uint8], *, smoothing: bool) -> None:
    """Refuse people whose scores and labels leave the slope undetermined or infinite."""
    n = len(labels)
    if n == 0:
        raise ValueError("nobody in it has a positive weight")
    if labels.min() == labels.max():
        raise ValueError(f"all its {n} people have label {labels[0]}; both labels are needed")
    if logits.min() == logits.max():
        raise ValueError(f"all its {n} people have the same score; at least two scores are needed")
    zeros, ones = logits[labels == 0], logits[labels == 1]
    if not smoothing and (zeros.max() <= ones.min() or ones.max() <= zeros.min()):
        raise ValueError("its scores separate label 1 from label 0, so that the slope is infinite; use smoothing=True")
