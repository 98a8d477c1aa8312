"""Correlation removal: the features without what a linear function of the sensitive ones explains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from evenodds._validation import check_same_people
from evenodds._validation.parameters import check_share
from evenodds._validation.training import (
    Floats,
    Integers,
    check_features,
    encode,
    encode_as_fitted,
    group_weights,
    weigh,
    with_index,
)


class CorrelationRemover(TransformerMixin, BaseEstimator):
    """Features from which their linear dependence on the sensitive features is subtracted.

    With sensitive columns S, their means s̄ and the other columns Z,

    ``Z* = Z − α · (S − s̄) W``, where W minimises ``‖Z − (S − s̄) W‖²``.

    At α = 1 every column of Z* has correlation 0 with every sensitive column, and its mean is as it was. A group label
    is not a number but a category; as S stands one indicator for each group, ``(S − s̄) W`` becomes the distance from
    the group's mean to everyone's, and α = 1 makes the groups' means equal.

    Correlation 0 is not independence: variances, squares and products of columns can still tell the group, and a
    nonlinear model can use them.

    Parameters
    ----------
    sensitive_feature_ids : sequence of int or str, default ()
        The columns of X that are sensitive, by position, or by name in a DataFrame. They are numbers (an age, 0 and 1)
        and leave the table. If empty, groups are given to `fit` and `transform` as `sensitive_features`.
    alpha : float, default 1.0
        The share that is removed: at 0 nothing, at 1 everything linear.

    Attributes
    ----------
    beta_ : ndarray
        With columns, W, shape (k, d − k). With groups, each group's mean minus everyone's, shape (groups, d).
    sensitive_mean_ : ndarray, shape (k,)
        s̄; only with columns.
    groups_ : Index
        The groups; only with groups.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    References
    ----------
    Fairlearn, ``fairlearn.preprocessing.CorrelationRemover``, whose answers these are; sensitive groups and weights are
    additions. R. Frisch and F. V. Waugh (1933), "Partial time regressions as compared with individual trends",
    Econometrica 1, for regression on residuals.

    Examples
    --------
    >>> X = np.array([[0, 0.2, 0.1], [0, 0.0, 0.0], [1, 0.5, 0.5], [1, 0.3, 0.4]])
    >>> CorrelationRemover(sensitive_feature_ids=[0]).fit_transform(X)
    array([[0.35, 0.3 ],
           [0.15, 0.2 ],
           [0.35, 0.3 ],
           [0.15, 0.2 ]])
    >>> CorrelationRemover().fit_transform(X[:, 1:], sensitive_features=["a", "a", "b", "b"])
    array([[0.35, 0.3 ],
           [0.15, 0.2 ],
           [0.35, 0.3 ],
           [0.15, 0.2 ]])
    """

    def __init__(self, *, sensitive_feature_ids: Sequence[int | str] = (), alpha: float = 1.0) -> None:
        self.sensitive_feature_ids = sensitive_feature_ids
        self.alpha = alpha

    def fit(
        self, X: Any, y: Any = None, *, sensitive_features: Any = None, sample_weight: ArrayLike | None = None
    ) -> CorrelationRemover:
        """Find what the sensitive features explain.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Numbers.
        y : ignored
        sensitive_features : array-like, shape (n,) or (n, k), optional
            Group labels; several features are crossed. Only without `sensitive_feature_ids`.
        sample_weight : array-like, shape (n,), optional
            What each row counts for in means and squares.

        Raises
        ------
        ValueError
            If neither or both of sensitive columns and groups are given, a column does not exist, alpha is not in
            [0, 1], a group has weight 0, or X is not a finite table.

        Notes
        -----
        Columns that are constant, sensitive or not, correlate with nothing and explain nothing. With one group nothing
        changes.
        """
        check_share(self.alpha, "alpha")
        features = check_features(self, X, reset=True)
        weights = weigh(sample_weight, len(features))
        given = {"X": with_index(X, features), "sample_weight": with_index(sample_weight, weights)}
        if len(self.sensitive_feature_ids) == 0:
            codes, self.groups_ = encode(_needed(sensitive_features), given)
            self.beta_ = _group_effects(features, codes, group_weights(codes, weights, self.groups_), weights)
            return self
        _refuse_both(sensitive_features)
        check_same_people(given)
        sensitive, others = self._split(features)
        self.sensitive_mean_ = weights @ sensitive / weights.sum()
        centred = sensitive - self.sensitive_mean_
        centred[:, np.ptp(sensitive[weights > 0], axis=0) == 0] = 0  # constants, whatever the mean was rounded to
        self.beta_ = _least_squares(centred, others, weights)
        return self

    def transform(self, X: Any, *, sensitive_features: Any = None) -> Floats:
        """Return the features without the share `alpha` of what the sensitive ones explain.

        Parameters
        ----------
        X : array-like, shape (n, d)
            The columns given to `fit`.
        sensitive_features : array-like, shape (n,) or (n, k), optional
            The rows' groups, if `fit` was given groups.

        Returns
        -------
        ndarray, shape (n, d − k)
            Without the sensitive columns.

        Raises
        ------
        ValueError
            If a group was not there in `fit` or is not given, or X has other columns.
        """
        check_is_fitted(self)
        features = check_features(self, X, reset=False)
        if len(self.sensitive_feature_ids) == 0:
            codes = encode_as_fitted(_needed(sensitive_features), self.groups_, {"X": with_index(X, features)})
            return features - self.alpha * self.beta_[codes]
        _refuse_both(sensitive_features)
        sensitive, others = self._split(features)
        return others - (sensitive - self.sensitive_mean_) @ (self.alpha * self.beta_)

    def fit_transform(
        self, X: Any, y: Any = None, *, sensitive_features: Any = None, sample_weight: ArrayLike | None = None
    ) -> Any:
        """Fit to the rows and return them transformed; the same as `fit` and `transform` with the same arguments."""
        fitted = self.fit(X, y, sensitive_features=sensitive_features, sample_weight=sample_weight)
        return fitted.transform(X, sensitive_features=sensitive_features)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """Return the names of the columns that `transform` returns, for ``set_output(transform="pandas")``."""
        check_is_fitted(self)
        return np.delete(_check_feature_names_in(self, input_features), self._columns())

    def _columns(self) -> list[int]:
        """Return the positions of the sensitive columns."""
        names = list(getattr(self, "feature_names_in_", ()))
        found = []
        for column in self.sensitive_feature_ids:
            if column in names:
                found.append(names.index(column))
            elif isinstance(column, int | np.integer) and 0 <= column < self.n_features_in_:
                found.append(int(column))
            else:
                known = ", ".join(map(repr, names)) if names else f"0 to {self.n_features_in_ - 1}"
                raise ValueError(f"sensitive_feature_ids holds {column!r}, which is not a column of X: {known}")
        return found

    def _split(self, features: Floats) -> tuple[Floats, Floats]:
        columns = self._columns()
        return features[:, columns], np.delete(features, columns, axis=1)


def _least_squares(centred: Floats, others: Floats, weights: Floats) -> Floats:
    """Return W of the smallest norm that minimises ``Σ w ‖z − (s − s̄) W‖²``, from a triangular system of size k."""
    root = np.sqrt(weights)[:, np.newaxis]
    Q, R = np.linalg.qr(root * centred)
    return np.linalg.lstsq(R, (root * Q).T @ others, rcond=np.finfo(float).eps * max(centred.shape))[0]


def _group_effects(features: Floats, codes: Integers, total: Floats, weights: Floats) -> Floats:
    """Return each group's mean minus everyone's, by group and column."""
    sums = np.stack([np.bincount(codes, weights * column, len(total)) for column in features.T], axis=1)
    return sums / total[:, np.newaxis] - sums.sum(axis=0) / total.sum()


def _needed(sensitive_features: Any) -> Any:
    if sensitive_features is None:
        raise ValueError(
            "nothing is sensitive: name columns of X in sensitive_feature_ids, or pass sensitive_features="
        )
    return sensitive_features


def _refuse_both(sensitive_features: Any) -> None:
    if sensitive_features is not None:
        raise ValueError("sensitive_features is given beside sensitive_feature_ids; pass one of them")
