"""`GridSearch`: answer a grid of multipliers, and keep one classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, MetaEstimatorMixin
from sklearn.utils.validation import check_is_fitted

from evenodds.inprocessing.constraints import Floats, Moments
from evenodds.inprocessing.oracle import Oracle


class GridSearch(MetaEstimatorMixin, BaseEstimator):
    """One classifier out of those that answer a grid of multipliers, by a weighted sum of error and disparity.

    Every point of the grid is a price λ on the constraints. The learner answers each with the classifier that makes
    ``error(h) + λ · γ(h)`` least (see `ExponentiatedGradient`). Kept is the one with the least
    ``(1 − constraint_weight) · error(h) + constraint_weight · max γ(h)``. It decides without chance and stands for one
    point of the trade-off; nothing promises that it keeps the constraint.

    Parameters
    ----------
    estimator : object
        A learner with ``fit(X, y, sample_weight=...)`` and ``predict(X)`` that answers 0 and 1.
    constraints : DemographicParity, EqualizedOdds, TruePositiveRateParity or FalsePositiveRateParity
        Of which γ is used; the bound is not.
    constraint_weight : float
        Between 0 and 1: what disparity counts for in the choice.
    grid_size : int
        Number of points. The grid has a dimension for each event and each group but the last, so that many groups
        need a very large grid; take `ExponentiatedGradient` then.
    grid_limit : float
        The largest sum of multipliers in the grid.
    grid : DataFrame or array, shape (constraints, points), optional
        The points, in place of the two above; rows as in ``moments.index``.
    sample_weight_name : str
        What the learner's `fit` calls the weights.

    Attributes
    ----------
    predictors_ : list
        The answer to each point; the same object where answers are the same.
    best_idx_ : int
        Which is kept.
    objectives_ : list of float
        Their errors on the training people.
    gammas_, lambda_vecs_ : DataFrame, one column a point
        Their γ on the training people, and the grid.
    n_oracle_calls_ : int
        How many classifiers were trained.
    moments_ : Moments
        The constraint on the training people.

    Notes
    -----
    The grid is Fairlearn's: integer points in order, cut off after `grid_size`, which can leave out the last ones of
    the positive end.

    References
    ----------
    A. Agarwal, A. Beygelzimer, M. Dudík, J. Langford, H. Wallach (2018), "A reductions approach to fair
    classification", ICML: "Grid search".

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from evenodds.datasets import make_audit_lab
    >>> from evenodds.inprocessing import DemographicParity, GridSearch
    >>> lab = make_audit_lab()
    >>> search = GridSearch(LogisticRegression(), DemographicParity(), grid_size=5)
    >>> search = search.fit(lab.X_train, lab.y_train, sensitive_features=lab.a_train)
    >>> search.lambda_vecs_.loc[("+", "all", 0)].tolist()
    [0.0, 0.0, 0.0, 1.0, 2.0]
    """

    def __init__(
        self,
        estimator: Any,
        constraints: Any,
        *,
        constraint_weight: float = 0.5,
        grid_size: int = 10,
        grid_limit: float = 2.0,
        grid: Any = None,
        sample_weight_name: str = "sample_weight",
    ) -> None:
        self.estimator = estimator
        self.constraints = constraints
        self.constraint_weight = constraint_weight
        self.grid_size = grid_size
        self.grid_limit = grid_limit
        self.grid = grid
        self.sample_weight_name = sample_weight_name

    def fit(self, X: Any, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None) -> Any:
        """Train a classifier for each point of the grid, and choose; arguments as in `ExponentiatedGradient.fit`."""
        if not 0 <= self.constraint_weight <= 1:
            raise ValueError(f"constraint_weight is {self.constraint_weight!r}; it must lie between 0 and 1")
        oracle = Oracle.enter(
            self.estimator, self.constraints, X, y, sensitive_features, sample_weight, self.sample_weight_name, False
        )
        self.moments_ = oracle.moments
        self.lambda_vecs_ = self._points(oracle.moments)
        answers = [oracle.answer(lam) for lam in self.lambda_vecs_.to_numpy().T]
        self.predictors_ = [oracle.predictors[i] for i in answers]
        self.objectives_ = [oracle.errors[i] for i in answers]
        gammas = np.array([oracle.gammas[i] for i in answers])
        self.gammas_ = pd.DataFrame(gammas.T, self.lambda_vecs_.index, self.lambda_vecs_.columns)
        losses = (1 - self.constraint_weight) * np.array(self.objectives_) + self.constraint_weight * gammas.max(axis=1)
        self.best_idx_, self.n_oracle_calls_ = int(np.argmin(losses)), oracle.n_calls
        self.classes_ = np.array([0, 1])
        return self

    def predict(self, X: Any) -> Any:
        """Return the decisions of the classifier that was kept."""
        check_is_fitted(self)
        return self.predictors_[self.best_idx_].predict(X)

    def predict_proba(self, X: Any) -> Any:
        """Return the scores of the classifier that was kept, if it has any."""
        check_is_fitted(self)
        return self.predictors_[self.best_idx_].predict_proba(X)

    def _points(self, moments: Moments) -> pd.DataFrame:
        if self.grid is None:
            if not isinstance(self.grid_size, int | np.integer) or self.grid_size < 1:
                raise ValueError(f"grid_size is {self.grid_size!r}; it must be a whole number of at least 1")
            if not 0 < self.grid_limit < np.inf:
                raise ValueError(f"grid_limit is {self.grid_limit!r}; it must be a finite number above 0")
            return pd.DataFrame(self._grid(moments), moments.index)
        if isinstance(self.grid, pd.DataFrame) and self.grid.index.nlevels == moments.index.nlevels:
            grid = self.grid.reindex(moments.index)
        else:
            grid = pd.DataFrame(np.asarray(self.grid, dtype=float))
        if len(grid) != len(moments.index) or grid.shape[1] == 0 or not np.isfinite(grid.to_numpy()).all():
            raise ValueError(
                f"grid has shape {np.shape(self.grid)}; it must have one column a point and {len(moments.index)} rows "
                f"of finite multipliers: {moments.index.tolist()}"
            )
        return grid.set_axis(moments.index)

    def _grid(self, moments: Moments) -> Floats:
        """Return multipliers: net prices on each event's groups but the last, split into "+" and "-"."""
        n_events, n_groups = len(moments.events), len(moments.groups)
        dimension = n_events * (n_groups - 1)
        units = max(int((self.grid_size / 2.0**dimension) ** (1 / dimension)) - 1, 1)
        while len(points := integer_points(dimension, units, self.grid_size)) < self.grid_size:
            units += 1
        net = np.zeros((n_events, n_groups, self.grid_size))
        net[:, :-1] = (points.T * (self.grid_limit / units)).reshape(n_events, n_groups - 1, -1)
        return np.concatenate([np.clip(net, 0, None), np.clip(-net, 0, None)]).reshape(len(moments.index), -1)


def integer_points(dimension: int, units: int, most: int) -> Floats:
    """Return the first `most` integer points with ``Σ |z_j| ≤ units``, in lexicographic order, shape (points, d).

    Examples
    --------
    >>> integer_points(2, 1, most=9).astype(int).tolist()
    [[-1, 0], [0, -1], [0, 0], [0, 1], [1, 0]]
    """
    points: list[tuple[int, ...]] = []

    def extend(point: tuple[int, ...], left: int) -> None:
        if len(points) >= most:
            return
        if len(point) == dimension:
            points.append(point)
            return
        for value in range(-left, left + 1):
            extend((*point, value), left - abs(value))

    extend((), units)
    return np.array(points, dtype=float)
