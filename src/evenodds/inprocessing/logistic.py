"""What the fair logistic regressions share: the gate, the search for coefficients, and predictions."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve_triangular
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d
from threadpoolctl import threadpool_limits

from evenodds._validation.training import check_features, encode, group_weights, weigh, with_index
from evenodds.inprocessing.losses import Cells, Floats, Integers, Loss, Valued, log_loss

_JITTER, _ROUGH, _FLATTEST = 1e-10, 0.01, 1e-3


@dataclass(frozen=True, eq=False)
class People:
    """Rows that belong together.

    Attributes
    ----------
    features : ndarray, shape (n, d)
    labels : ndarray, shape (n,)
        0 or 1.
    weights : ndarray, shape (n,)
        They sum to 1.
    codes : ndarray of int, shape (n,)
        Positions in `groups_`.
    n_groups : int
    n : float
        The sum of the weights as they were given.
    """

    features: Floats
    labels: Floats
    weights: Floats
    codes: Integers
    n_groups: int
    n: float

    def log_loss(self, scores: Floats) -> Valued:
        """Return the mean log loss and its slope."""
        return log_loss(scores, self.labels, self.weights)

    def cells(self, event: Integers, n_events: int) -> Cells:
        """Return a cell for each event, numbered from 0, and group; people of other events are in none."""
        n_cells = n_events * self.n_groups
        cell = np.where(event < n_events, event * self.n_groups + self.codes, n_cells)
        weight = np.bincount(cell, self.weights, n_cells + 1).astype(float)
        share = np.divide(self.weights, weight[cell], out=np.zeros_like(self.weights), where=self.weights > 0)
        return Cells(weight[:-1].reshape(n_events, self.n_groups), cell, share)


class LinearSearch:
    """The search for coefficients that make a loss of the scores plus ``‖w‖² / (2 C n)`` smallest.

    The search walks in coordinates φ in which the log loss is about equally steep in all directions, which changes no
    minimum and makes the way to it short, whatever the units.

    Parameters
    ----------
    people : People
    ridge : float
        ``1 / (C n)``.
    fit_intercept : bool
    blocks : ndarray of int, shape (n,)
        Whose coefficients a row has; all zero if everyone's are the same.
    tol, max_iter
        Largest entry of the gradient at which a search stops, and its most steps.
    """

    def __init__(
        self, people: People, ridge: float, fit_intercept: bool, blocks: Integers, tol: float, max_iter: int
    ) -> None:
        X = people.features
        self.fit_intercept, self.tol, self.max_iter = fit_intercept, tol, max_iter
        self.centre = people.weights @ X if fit_intercept else np.zeros(X.shape[1])
        spread = np.sqrt(people.weights @ (X - self.centre) ** 2)
        self.scale = np.where(spread > 1e-12 * np.abs(X).max(axis=0), spread, 1.0)
        columns = (X - self.centre) / self.scale
        if fit_intercept:
            columns = np.column_stack([columns, np.ones(len(X))])
        n_blocks = int(blocks.max()) + 1
        self.design = np.hstack([columns * (blocks == b)[:, np.newaxis] for b in range(n_blocks)])
        self.weights = people.weights
        self.ridge = np.tile(np.append(ridge / self.scale**2, [0.0] * fit_intercept), n_blocks)
        self.start = np.zeros(self.design.shape[1])
        self._level(self.start)

    def objective(self, theta: Floats, loss: Loss) -> Valued:
        """Return the objective and its gradient by theta."""
        value, slope = loss(self.design @ theta)
        return value + float(self.ridge @ theta**2) / 2, self.design.T @ slope + self.ridge * theta

    def minimise_plain(self, loss: Loss) -> tuple[Floats, int]:
        """Return theta at the minimum of the log loss, and the number of steps; later searches are quickest near it."""
        rough, steps = self.minimise(loss, self.start, _ROUGH)
        self._level(rough)
        theta, more = self.minimise(loss, rough)
        return theta, steps + more

    def _level(self, theta: Floats) -> None:
        """Take φ so that the log loss has the curvature 1 in all directions at theta."""
        p = expit(self.design @ theta)
        bend = np.maximum(p * (1 - p), _FLATTEST) * self.weights
        hessian = self.design.T @ (bend[:, np.newaxis] * self.design) + np.diag(self.ridge + _JITTER)
        self.root = np.linalg.cholesky(hessian)

    def _by_phi(self, phi: Floats, loss: Loss) -> Valued:
        value, gradient = self.objective(self._theta(phi), loss)
        return value, solve_triangular(self.root, gradient, lower=True)

    def _theta(self, phi: Floats) -> Floats:
        return solve_triangular(self.root, phi, lower=True, trans="T")

    def minimise(self, loss: Loss, start: Floats, tol: float | None = None) -> tuple[Floats, int]:
        """Return theta at the minimum found from `start`, and the number of steps."""
        tol = self.tol if tol is None else max(tol, self.tol)
        with threadpool_limits(limits=1, user_api="blas"):  # a table times a vector waits for memory, not for cores
            found = minimize(
                self._by_phi,
                self.root.T @ start,
                args=(loss,),
                jac=True,
                method="L-BFGS-B",
                options={"maxiter": self.max_iter, "maxfun": 20 * self.max_iter, "ftol": 1e-14, "gtol": tol},
            )
        if found.nit >= self.max_iter:
            warnings.warn(f"the search stopped after max_iter={self.max_iter} steps", ConvergenceWarning, stacklevel=4)
        return self._theta(found.x), int(found.nit)

    def coefficients(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return w, shape (blocks, d), and b, shape (blocks,), in the units of the features."""
        rows = theta.reshape(-1, len(self.scale) + self.fit_intercept)
        w = rows[:, : len(self.scale)] / self.scale
        b = rows[:, -1] - w @ self.centre if self.fit_intercept else np.zeros(len(rows))
        return w, b


class FairLogistic(ClassifierMixin, BaseEstimator):
    """A logistic regression that is fitted with groups."""

    C: float
    fit_intercept: bool
    tol: float
    max_iter: int

    def _enter(self, X: Any, y: ArrayLike, sensitive_features: Any, sample_weight: ArrayLike | None) -> People:
        """Check what `fit` was given."""
        for name, least in {"C": None, "tol": None, "max_iter": 1}.items():
            check_positive(getattr(self, name), name, least)
        features = check_features(self, X, reset=True)
        given_labels = column_or_1d(y, warn=True)
        check_classification_targets(given_labels)
        self.classes_, labels = np.unique(given_labels, return_inverse=True)
        weights = weigh(sample_weight, len(features))
        labelled = {"X": with_index(X, features), "y": with_index(y, labels)}
        given = labelled | {"sample_weight": with_index(sample_weight, weights)}
        codes, groups = encode(sensitive_features, given)
        n_classes = len(np.unique(labels[weights > 0]))
        if n_classes != 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(given_labels)}: y holds {n_classes} class{'es' * (n_classes > 2)} of positive weight"
            )
        group_weights(codes, weights, groups)
        self.groups_ = groups
        return People(features, labels.astype(float), weights / weights.sum(), codes, len(groups), weights.sum())

    def _search(self, people: People, blocks: Integers | None = None) -> LinearSearch:
        """Return the search; each row has the coefficients of its block, by default all the same."""
        blocks = np.zeros_like(people.codes) if blocks is None else blocks
        return LinearSearch(people, 1 / (self.C * people.n), self.fit_intercept, blocks, self.tol, self.max_iter)

    def decision_function(self, X: Any) -> Floats:
        """Return everyone's score, ``x·w + b``."""
        check_is_fitted(self)
        return check_features(self, X, reset=False) @ self.coef_[0] + self.intercept_[0]

    def predict_proba(self, X: Any) -> Floats:
        """Return the probabilities of the first and of the second class, shape (n, 2)."""
        return two_columns(self.decision_function(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likelier class."""
        chosen = self.decision_function(X) > 0
        return self.classes_[chosen.astype(int)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def two_columns(scores: Floats) -> Floats:
    """Return the probabilities of the first and the second class from scores."""
    return np.column_stack([expit(-scores), expit(scores)])


def check_positive(value: Any, name: str, least: float | None = None) -> None:
    """Refuse what is no finite number, or is not above 0 (or at least `least`)."""
    number = isinstance(value, Real) and not isinstance(value, bool) and abs(float(value)) < np.inf
    if not number or (value <= 0 if least is None else value < least):
        need = "above 0" if least is None else f"at least {least}"
        raise ValueError(f"{name} is {value!r}; it must be a finite number {need}")
