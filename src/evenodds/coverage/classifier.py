"""`SplitConformalClassifier`: sets of classes, with one threshold for everyone or one for each group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.validation import check_is_fitted

from evenodds._validation import Groups, check_rows, check_same_people, check_scores
from evenodds.coverage.report import positions
from evenodds.coverage.threshold import aligned_groups, thresholds
from evenodds.uncertainty.intervals import check_share

Score = Literal["lac", "aps"]
_DECIMALS = 6  # so that all probabilities add up to the same 1 in every row


class SplitConformalClassifier(ClassifierMixin, BaseEstimator):
    """Sets of classes that hold the true one with probability at least ``1 − alpha``.

    `fit` trains the estimator, `calibrate` finds the threshold on rows that it has not seen, `predict_set` gives the
    sets. A class is in the set if its score is at most the threshold, ties included; the score is

    - ``score="lac"``: ``1 − p(class)``, which gives the smallest sets on average, and sometimes an empty one;
    - ``score="aps"``: the sum of the probabilities of this class and of all more probable ones, which spends larger
      sets on harder rows. The least probable class always scores 1: a threshold of 1 puts every class in every set.

    Parameters
    ----------
    estimator : classifier with `predict_proba`, optional
        If left out, `X` holds the probabilities themselves: shape (n, classes), or (n,) for the probability of class 1
        of two. `fit` is then not needed.
    alpha : float
        The share of new rows whose set may miss their class, between 0 and 1.
    score : {"lac", "aps"}
        See above.
    per_group : bool
        Whether each group gets a threshold of its own (the Mondrian version) and so the guarantee for itself.
    prefit : bool
        Whether the estimator is trained already and used as it is; otherwise `fit` trains a clone.

    Attributes
    ----------
    estimator_ : classifier
        The trained estimator.
    classes_ : ndarray
        The classes, in the order of the columns of a set.
    quantile_ : float, or Series over the groups
        The threshold; infinite where there were too few calibration rows, which puts every class in every set.

    References
    ----------
    V. Vovk, A. Gammerman and G. Shafer (2005), Algorithmic Learning in a Random World.
    M. Sadinle, J. Lei and L. Wasserman (2019), "Least ambiguous set-valued classifiers with bounded error levels",
    JASA 114. Y. Romano, M. Sesia and E. Candès (2020), "Classification with valid and adaptive coverage", NeurIPS,
    here without its randomisation. Y. Romano, R. F. Barber, C. Sabatti and E. Candès (2020), "With malice toward none:
    assessing uncertainty via equalized coverage", Harvard Data Science Review 2(2).

    Examples
    --------
    >>> proba = [0.9, 0.8, 0.7, 0.6, 0.4]
    >>> model = SplitConformalClassifier(alpha=0.2).calibrate(proba, [1, 1, 1, 1, 1])
    >>> round(model.quantile_, 3)
    0.6
    >>> model.predict_set([0.95, 0.55, 0.2]).astype(int).tolist()
    [[0, 1], [1, 1], [1, 0]]
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        alpha: float = 0.1,
        score: Score = "lac",
        per_group: bool = False,
        prefit: bool = False,
    ) -> None:
        self.estimator = estimator
        self.alpha = alpha
        self.score = score
        self.per_group = per_group
        self.prefit = prefit

    def fit(self, X: Any, y: ArrayLike, **fit_params: Any) -> SplitConformalClassifier:
        """Train the estimator; it must be calibrated afterwards, on other rows.

        Parameters
        ----------
        X, y
            Training rows and their classes.
        **fit_params
            Passed on to the estimator, such as ``sample_weight=``.
        """
        if self.estimator is None:
            raise ValueError("there is no estimator to train; with estimator=None, X holds probabilities: calibrate")
        self.estimator_ = self.estimator if self.prefit else clone(self.estimator).fit(X, y, **fit_params)
        if hasattr(self, "quantile_"):
            del self.quantile_  # it belonged to the estimator before
        return self

    def calibrate(self, X: Any, y: ArrayLike, *, sensitive_features: Any = None) -> SplitConformalClassifier:
        """Find the threshold, for everyone or for each group.

        Parameters
        ----------
        X : array-like, shape (n, ...)
            Rows that the estimator was not trained on; or their probabilities, if there is no estimator.
        y : array-like, shape (n,)
            Their classes.
        sensitive_features : array-like, DataFrame or dict
            Their groups. Needed with ``per_group=True``, and without effect otherwise.

        Raises
        ------
        ValueError
            If a class is unknown, groups are needed and not given, or the input is not usable.

        Warns
        -----
        SmallCalibrationWarning
            If there are too few rows, naming the group and how many it would need.
        """
        check_share(self.alpha, "alpha", "0.1")
        if self.prefit:
            self.estimator_ = self.estimator
        proba = self._probabilities(X)
        self.classes_ = np.arange(proba.shape[1]) if self.estimator is None else self.estimator_.classes_
        truth = positions(y, self.classes_, "y")
        given = {"X": _with_index(X, proba), "y": y}
        check_same_people(given)
        groups = self._groups(sensitive_features, given)
        self.group_names_ = groups.names if groups else ()
        self.quantile_ = thresholds(self._scores(proba)[np.arange(len(truth)), truth], self.alpha, groups)
        return self

    def predict_set(self, X: Any, *, sensitive_features: Any = None) -> NDArray[np.bool_]:
        """Return which classes are in each row's set.

        Parameters
        ----------
        X : array-like, shape (n, ...)
            New rows; or their probabilities, if there is no estimator.
        sensitive_features : array-like, DataFrame or dict
            Their groups. Needed with ``per_group=True``, and without effect otherwise.

        Returns
        -------
        ndarray of bool, shape (n, classes)
            Columns in the order of `classes_`. A row without True is an empty set.

        Raises
        ------
        ValueError
            If a group had nobody at calibration, groups are needed and not given, or the input is not usable.
        """
        check_is_fitted(self, "quantile_")
        proba = self._probabilities(X)
        if proba.shape[1] != len(self.classes_):
            raise ValueError(f"X has {proba.shape[1]} classes; at calibration there were {len(self.classes_)}")
        groups = self._groups(sensitive_features, {"X": _with_index(X, proba)})
        threshold = self.quantile_ if groups is None else self._threshold_of(groups)[:, np.newaxis]
        return self._scores(proba) <= threshold

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the single most probable class of each row."""
        check_is_fitted(self, "quantile_")
        return self.classes_[self._probabilities(X).argmax(axis=1)]

    def _probabilities(self, X: Any) -> NDArray[np.float64]:
        """Return the probability of each class for each row, shape (n, classes)."""
        if self.estimator is not None:
            check_is_fitted(self, "estimator_")
            return np.asarray(self.estimator_.predict_proba(X), dtype=float)
        table = check_rows(X, "X")
        if table.ndim > 2:
            raise ValueError(f"X has shape {table.shape}; without an estimator it holds probabilities, (n, classes)")
        if table.ndim == 1:
            positive = check_scores(table, "X")
            return np.column_stack([1 - positive, positive])
        return np.column_stack([check_scores(column, f"column {j} of X") for j, column in enumerate(table.T)])

    def _scores(self, proba: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how strange each class looks for each row, shape (n, classes)."""
        if self.score == "lac":
            return 1 - proba
        if self.score != "aps":
            raise ValueError(f"score is {self.score!r}; it must be 'lac' or 'aps'")
        order = np.argsort(-proba, axis=1, kind="stable")
        added_up = np.take_along_axis(proba, order, axis=1).cumsum(axis=1).round(_DECIMALS)
        return np.take_along_axis(added_up, order.argsort(axis=1), axis=1)

    def _groups(self, sensitive_features: Any, given: Mapping[str, Any]) -> Groups | None:
        if not self.per_group:
            return None
        if sensitive_features is None:
            raise ValueError("per_group=True needs sensitive_features, one group label per row")
        return aligned_groups(sensitive_features, given)

    def _threshold_of(self, groups: Groups) -> NDArray[np.float64]:
        """Return everyone's threshold; each group must have had people at calibration."""
        return self.quantile_.to_numpy()[groups.positions_in(self.quantile_.index, when="at calibration")]


def _with_index(X: Any, proba: NDArray[Any]) -> Any:
    """Return what shows the rows' number and, for pandas, their labels; a sparse matrix shows neither."""
    return X if isinstance(X, pd.DataFrame | pd.Series) else proba
