"""Learned fair representations (Zemel et al. 2013): everyone as a mixture of prototypes that groups use alike."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from evenodds._validation import check_binary, check_random_state
from evenodds._validation.training import Floats, check_features, encode, group_weights, weigh, with_index

_TINY = 1e-15
_SMOOTHINGS = 0.1, 0.01, 0.001, 0.0001


class LearnedFairRepresentations(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Memberships in K prototypes that keep the features and the label, and lose the group.

    A prototype k is a point v_k with a prediction w_k between 0 and 1. Person n belongs to it with probability

    ``M_nk = exp(−d(x_n, v_k)) / Σ_j exp(−d(x_n, v_j))``, ``d(x, v)² = Σ_i α_i (x_i − v_i)²``

    which gives back ``x̂_n = Σ_k M_nk v_k`` and ``ŷ_n = Σ_k M_nk w_k``. Points, predictions and the features' weights
    α_i ≥ 0 minimise ``A_x L_x + A_y L_y + A_z L_z``:

    - ``L_x``, reconstruction: the mean of ``‖x_n − x̂_n‖²``;
    - ``L_y``, target: the mean of ``−y_n log ŷ_n − (1 − y_n) log(1 − ŷ_n)``;
    - ``L_z``, fairness: the mean over prototypes and pairs of groups of ``|M̄_ak − M̄_bk|``, where M̄_ak is the mean
      membership in group a.

    If L_z is 0, the mean of ŷ is the same in every group, whatever w is. It is seldom 0, it holds for means and not for
    thresholds on ŷ, and another model can find differences in M that its means do not show.

    Parameters
    ----------
    n_prototypes : int, default 2
        K.
    reconstruct_weight, target_weight, fairness_weight : float, default 1.0
        A_x, A_y and A_z, not negative.
    random_state : None, int, Generator or RandomState
        For the start: points around the mean, as spread as the features, and any predictions.
    tol : float, default 1e-6
        Relative progress of the objective below which a search (L-BFGS-B) stops.
    max_iter : int, default 1000
        The most steps of each search.

    Attributes
    ----------
    prototypes_ : ndarray, shape (K, d)
        The points v_k.
    coef_ : ndarray, shape (K,)
        The predictions w_k.
    alpha_ : ndarray, shape (d,)
        The features' weights in the distance.
    losses_ : dict
        L_x, L_y and L_z at the end, as ``"reconstruction"``, ``"target"`` and ``"fairness"``.
    objective_ : float
        Their weighted sum.
    n_iter_ : int
        Steps taken.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Notes
    -----
    Names and objective are those of Fairlearn's ``PrototypeRepresentationLearner``. AIF360's ``LFR`` has all α_i = 1,
    takes means over features in L_x, and adds the groups' means of it. Both estimate the gradient by differences; here
    it is exact. The objective has many local minima: compare `objective_` of several seeds. The distance depends on
    units: scale the features first. The group is needed in `fit` only.

    References
    ----------
    R. Zemel, Y. Wu, K. Swersky, T. Pitassi and C. Dwork (2013), "Learning fair representations", ICML. Its sums over
    people are means here; its squared distance is a distance here, as in both libraries; and one α serves all groups.

    Examples
    --------
    Feature 0 tells the label, feature 1 the group:

    >>> X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 5)
    >>> learner = LearnedFairRepresentations(fairness_weight=10, random_state=0)
    >>> learner = learner.fit(X, X[:, 0], sensitive_features=X[:, 1])
    >>> learner.transform(X).shape
    (20, 2)
    >>> learner.predict(X[:4])
    array([0, 0, 1, 1])
    >>> round(learner.losses_["fairness"], 3)
    0.0
    """

    def __init__(
        self,
        n_prototypes: int = 2,
        reconstruct_weight: float = 1.0,
        target_weight: float = 1.0,
        fairness_weight: float = 1.0,
        random_state: Any = None,
        tol: float = 1e-6,
        max_iter: int = 1000,
    ) -> None:
        self.n_prototypes = n_prototypes
        self.reconstruct_weight = reconstruct_weight
        self.target_weight = target_weight
        self.fairness_weight = fairness_weight
        self.random_state = random_state
        self.tol = tol
        self.max_iter = max_iter

    def fit(
        self, X: Any, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> LearnedFairRepresentations:
        """Learn prototypes, predictions and the features' weights.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Numbers of similar scale, without the sensitive columns.
        y : array-like of 0 and 1, shape (n,)
            Labels.
        sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
            Group labels; several features are crossed. With one group, L_z is 0.
        sample_weight : array-like, shape (n,), optional
            What each row counts for in all means.

        Raises
        ------
        ValueError
            If a weight in the objective is negative, there are no prototypes, a group has weight 0, a label is not 0 or
            1, or X is not a finite table.

        Warns
        -----
        ConvergenceWarning
            If the last search stops at `max_iter`.
        """
        self._check_parameters()
        features = check_features(self, X, reset=True)
        labels, weights = check_binary(y, "y"), weigh(sample_weight, len(features))
        given = {"X": with_index(X, features), "y": y, "sample_weight": with_index(sample_weight, weights)}
        codes, index = encode(sensitive_features, given)
        share = weights / group_weights(codes, weights, index)[codes]
        centre = np.average(features, axis=0, weights=weights)
        features = features - centre
        membership = np.eye(len(index))[codes] * share[:, np.newaxis]
        problem = _Problem(features, features**2, labels, weights / weights.sum(), membership)
        factors = self.reconstruct_weight, self.target_weight, self.fairness_weight
        with threadpool_limits(limits=1, user_api="blas"):  # tables of K columns are too thin to share among threads
            theta, self.n_iter_ = self._search(problem, factors)
        points, self.coef_, self.alpha_ = _unpack(theta, features.shape[1])
        self.prototypes_ = points + centre
        self.objective_, _, losses = _objective(theta, problem, factors)
        self.losses_ = losses._asdict()
        self._n_features_out = self.n_prototypes
        return self

    def transform(self, X: Any) -> Floats:
        """Return everyone's membership in each prototype, shape (n, K); rows sum to 1."""
        check_is_fitted(self)
        centre = self.prototypes_.mean(axis=0)
        features = check_features(self, X, reset=False) - centre
        return softmax(-_distances(features, features**2, self.prototypes_ - centre, self.alpha_), axis=1)

    def fit_transform(
        self, X: Any, y: Any = None, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> Any:
        """Fit to the rows and return their memberships."""
        return self.fit(X, y, sensitive_features=sensitive_features, sample_weight=sample_weight).transform(X)

    def inverse_transform(self, M: ArrayLike) -> Floats:
        """Return the features that memberships give back, ``x̂ = M v``, shape (n, d)."""
        check_is_fitted(self)
        return np.asarray(M, dtype=float) @ self.prototypes_

    def predict_proba(self, X: Any) -> Floats:
        """Return ``1 − ŷ`` and ``ŷ``, shape (n, 2)."""
        positive = np.clip(np.asarray(self.transform(X)) @ self.coef_, 0, 1)
        return np.column_stack([1 - positive, positive])

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return 1 where ŷ is at least 1/2, else 0."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(np.int64)

    def _check_parameters(self) -> None:
        if not isinstance(self.n_prototypes, int | np.integer) or self.n_prototypes < 1:
            raise ValueError(f"n_prototypes is {self.n_prototypes!r}; it must be a whole number of at least 1")
        for name in ("reconstruct_weight", "target_weight", "fairness_weight"):
            value = getattr(self, name)
            if not 0 <= value < np.inf:
                raise ValueError(f"{name} is {value!r}; it must be finite and not negative")

    def _search(self, problem: _Problem, factors: tuple[float, float, float]) -> tuple[Floats, int]:
        """Return the unknowns at a local minimum, and the number of steps."""
        rng = check_random_state(self.random_state)
        k, d, steps = self.n_prototypes, problem.features.shape[1], 0
        points = rng.normal(size=(k, d)) * problem.features.std(axis=0)
        theta = np.concatenate([points.ravel(), rng.random(k), np.ones(d)])
        for smoothing in _SMOOTHINGS:
            found = minimize(
                lambda theta, s: _objective(theta, problem, factors, s)[:2],
                theta,
                args=(smoothing,),
                jac=True,
                method="L-BFGS-B",
                bounds=[(None, None)] * (k * d) + [(0, 1)] * k + [(0, None)] * d,
                options={"maxiter": self.max_iter, "maxfun": 20 * self.max_iter, "ftol": self.tol, "gtol": self.tol},
            )
            theta, steps = found.x, steps + int(found.nit)
        if found.nit >= self.max_iter:
            warnings.warn(f"the search stopped after max_iter={self.max_iter} steps", ConvergenceWarning, stacklevel=3)
        return theta, steps


class _Problem(NamedTuple):
    """Centred features and their squares, labels, weights that sum to 1, and such weights for each group (column)."""

    features: Floats
    squares: Floats
    labels: NDArray[np.uint8]
    weights: Floats
    by_group: Floats


class _Losses(NamedTuple):
    reconstruction: float
    target: float
    fairness: float


def _unpack(theta: Floats, d: int) -> tuple[Floats, Floats, Floats]:
    """Split the unknowns into points (K, d), predictions (K,) and the features' weights (d,)."""
    k = (len(theta) - d) // (d + 1)
    return theta[: k * d].reshape(k, d), theta[k * d : k * d + k], theta[k * d + k :]


def _distances(features: Floats, squares: Floats, points: Floats, alpha: Floats) -> Floats:
    """Return d(x_n, v_k), from ``‖x‖² − 2 x·v + ‖v‖²`` with each feature weighted by α."""
    squared = (squares @ alpha)[:, np.newaxis] - features @ (2 * alpha * points).T + points**2 @ alpha
    return np.sqrt(np.maximum(squared, 0))


def _unfairness(means: Floats, smoothing: float) -> tuple[float, Floats]:
    """Return L_z and its gradient by the groups' mean memberships, shape (groups, K); ``|t|`` is ``√(t² + s²)``."""
    gradient, total = np.zeros_like(means), 0.0
    pairs = list(combinations(range(len(means)), 2))
    for a, b in pairs:
        gap = means[a] - means[b]
        size = np.sqrt(gap**2 + smoothing**2)
        slope = np.divide(gap, size, out=np.zeros_like(gap), where=size > 0)
        total += float(size.sum())
        gradient[a] += slope
        gradient[b] -= slope
    n = max(len(pairs), 1) * means.shape[1]
    return total / n, gradient / n


def _objective(
    theta: Floats, problem: _Problem, factors: tuple[float, float, float], smoothing: float = 0.0
) -> tuple[float, Floats, _Losses]:
    """Return the objective, its gradient and the losses.

    The gradient follows the chain rule back: from the losses to x̂ and ŷ, to M, to the distances, to theta.
    """
    features, squares, labels, weights, by_group = problem
    points, predictions, alpha = _unpack(theta, features.shape[1])
    A_x, A_y, A_z = factors
    distances = _distances(features, squares, points, alpha)
    M = softmax(-distances, axis=1)
    y_hat = np.clip(M @ predictions, _TINY, 1 - _TINY)
    products = features @ points.T
    residual_products = M @ (points @ points.T) - products  # (x̂ − x)·v, which needs no table of residuals
    L_x = float(weights @ (squares.sum(axis=1) + (M * (residual_products - products)).sum(axis=1)))
    L_y = -float(weights @ np.log(np.where(labels == 1, y_hat, 1 - y_hat)))
    L_z, to_means = _unfairness(by_group.T @ M, smoothing)

    weighted_M = 2 * A_x * weights[:, np.newaxis] * M
    to_y_hat = A_y * weights * np.where(labels == 1, -1 / y_hat, 1 / (1 - y_hat))
    to_M = 2 * A_x * weights[:, np.newaxis] * residual_products
    to_M += np.outer(to_y_hat, predictions) + A_z * by_group @ to_means
    to_distances = -M * (to_M - (M * to_M).sum(axis=1, keepdims=True))
    pull = np.divide(to_distances, distances, out=np.zeros_like(M), where=distances > 0)
    towards, total = pull.T @ features, pull.sum(axis=0)[:, np.newaxis]
    to_points = (M.T @ weighted_M) @ points - weighted_M.T @ features - alpha * (towards - total * points)
    to_alpha = (pull.sum(axis=1) @ squares + ((total * points - 2 * towards) * points).sum(axis=0)) / 2
    gradient = np.concatenate([to_points.ravel(), M.T @ to_y_hat, to_alpha])
    return A_x * L_x + A_y * L_y + A_z * L_z, gradient, _Losses(L_x, L_y, L_z)
