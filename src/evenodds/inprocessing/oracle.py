"""The learner's side of the game: the classifier that answers given multipliers best, and all that were found."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.utils import _safe_indexing

from evenodds._validation import check_binary, check_same_people, check_weights, split_features
from evenodds.inprocessing.constraints import Floats, Moments, RateParity

_WARM_SOLVERS = ("lbfgs", "newton-cg", "newton-cholesky")


class Oracle:
    """Answers multipliers λ with a classifier trained on relabelled, reweighted people, and remembers all answers.

    The Lagrangian ``error(h) + λ · (γ(h) − c)`` is linear in the decisions: ``constant − Σ_i s_i h(x_i) / W``. So its
    least value is the least weighted error where everyone's label is ``1{s_i > 0}`` and weight ``|s_i|``.

    Attributes
    ----------
    moments : Moments
    predictors : list
        Distinct answers, in the order in which they were found.
    errors : list of float
    gammas, lambdas : list of ndarray
        The constraints' values, and the multipliers answered.
    n_calls : int
        How often a classifier was trained.
    """

    def __init__(self, estimator: Any, X: Any, moments: Moments, weight_name: str, normalise: bool) -> None:
        self.estimator, self.X, self.moments = estimator, X, moments
        self.weight_name, self.normalise = weight_name, normalise
        self.predictors: list[Any] = []
        self.decisions: list[NDArray[np.uint8]] = []
        self.errors: list[float] = []
        self.gammas: list[Floats] = []
        self.lambdas: list[Floats] = []
        self.n_calls = 0
        self._answered: dict[bytes, int] = {}
        self._starts: list[tuple[Floats, Any]] = []

    @classmethod
    def enter(
        cls,
        estimator: Any,
        constraints: Any,
        X: Any,
        y: ArrayLike,
        sensitive_features: Any,
        sample_weight: ArrayLike | None,
        weight_name: str,
        normalise: bool,
    ) -> Oracle:
        """Check what came in, and leave out people of weight 0.

        Parameters
        ----------
        normalise : bool
            Whether weights are scaled so that their sum is the people's, whatever λ.
        """
        if not isinstance(constraints, RateParity):
            raise ValueError(
                f"constraints is {constraints!r}; it must be one of DemographicParity(), EqualizedOdds(), "
                "TruePositiveRateParity() and FalsePositiveRateParity() of evenodds.inprocessing"
            )
        _refuse_weightless(estimator, weight_name)
        features = split_features(sensitive_features)
        named = {f"sensitive_features {name!r}": column for name, column in features.items()}
        check_same_people({"X": _rows(X), "y": y, "sample_weight": sample_weight} | named)
        if sample_weight is not None and not (counts := check_weights(sample_weight) > 0).all():
            keep = np.flatnonzero(counts)
            X, y, sample_weight = (_safe_indexing(v, keep) for v in (X, y, sample_weight))
            features = {name: _safe_indexing(column, keep) for name, column in features.items()}
        moments = constraints.moments(y, sensitive_features=features, sample_weight=sample_weight)
        present = np.unique(moments.labels)
        if len(present) == 1:
            raise ValueError(f"everyone's y is {present[0]}; a classifier needs people with label 0 and with label 1")
        return cls(estimator, X, moments, weight_name, normalise)

    def sample(self, step: int) -> Oracle | None:
        """Return the same for one in `step` of each group and label; None if someone would be left without."""
        order = np.argsort(self.moments.codes * 2 + self.moments.labels, kind="stable")
        keep = np.sort(order[::step])
        if (moments := self.moments.rows(keep)) is None:
            return None
        return Oracle(self.estimator, _safe_indexing(self.X, keep), moments, self.weight_name, self.normalise)

    def answer(self, lam: Floats) -> int:
        """Return the position in `predictors` of the classifier trained for λ."""
        prices = self.moments.prices(lam) + np.array([-1.0, 1.0])
        if self.normalise:
            total = np.average(np.abs(prices[self.moments.codes, self.moments.labels]), weights=self.moments.weights)
            prices = prices / (total if total > 0 else 1.0)
        key = np.round(prices, 9).tobytes()
        if key not in self._answered:
            self._answered[key] = self._train(prices, lam)
        return self._answered[key]

    def best_response(self, lam: Floats) -> int:
        """Return the position of the best classifier known for λ, once the learner was asked."""
        self.answer(lam)
        return int(np.argmin(np.array(self.errors) + np.array(self.gammas) @ lam))

    def broken(self) -> Floats:
        """Return ``γ − c`` of every predictor, shape (predictors, constraints)."""
        return np.array(self.gammas) - self.moments.bound().to_numpy()

    def _train(self, prices: Floats, lam: Floats) -> int:
        signed = self.moments.weights * prices[self.moments.codes, self.moments.labels]
        labels = (signed > 0).astype(np.int64)
        if labels.min() == labels.max():
            predictor = DummyClassifier(strategy="constant", constant=int(labels[0])).fit(self.X, labels)
        else:
            predictor = clone(self.estimator, safe=False)
            self._set_out(predictor, lam)
            predictor.fit(self.X, labels, **{self.weight_name: np.abs(signed)})
            self._arrive(predictor, lam)
            self.n_calls += 1
        decisions = check_binary(predictor.predict(self.X), "the estimator's predict", what="decisions")
        for position, known in enumerate(self.decisions):
            if np.array_equal(known, decisions):
                return position
        self.predictors.append(predictor)
        self.decisions.append(decisions)
        self.errors.append(self.moments.error(decisions))
        self.gammas.append(self.moments.gamma(decisions).to_numpy())
        self.lambdas.append(lam)
        return len(self.predictors) - 1

    def _set_out(self, predictor: Any, lam: Floats) -> None:
        """Let a logistic regression set out from the one trained for the nearest multipliers; it ends at the same."""
        last = _last_step(predictor)
        if self._starts and isinstance(last, LogisticRegression) and last.solver in _WARM_SOLVERS:
            _, source = min(self._starts, key=lambda start: float(np.abs(start[0] - lam).sum()))
            last.set_params(warm_start=True)
            last.coef_, last.intercept_, last.classes_ = source.coef_.copy(), source.intercept_.copy(), source.classes_

    def _arrive(self, predictor: Any, lam: Floats) -> None:
        last = _last_step(predictor)
        if isinstance(last, LogisticRegression):
            last.set_params(warm_start=_last_step(self.estimator).warm_start)
            self._starts.append((lam, last))


def _last_step(estimator: Any) -> Any:
    return estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator


def _refuse_weightless(estimator: Any, name: str) -> None:
    """Refuse learners that cannot weigh people; where that cannot be seen, the learner itself may complain."""
    if not hasattr(estimator, "fit") or not hasattr(estimator, "predict"):
        raise ValueError(f"estimator is {estimator!r}; it must have the methods fit and predict")
    parameters = inspect.signature(estimator.fit).parameters.values()
    if not any(p.name == name or p.kind is p.VAR_KEYWORD for p in parameters):
        raise ValueError(
            f"{type(estimator).__name__}.fit takes no {name!r}; a reduction needs a learner that weighs people. "
            "If it calls the weights otherwise, say so in sample_weight_name"
        )


def _rows(X: Any) -> Any:
    """Return what shows how many people there are, and their labels if there are any; X may be sparse."""
    if isinstance(X, pd.DataFrame | pd.Series | list | tuple):
        return X
    if not getattr(X, "shape", ()):
        raise ValueError(f"X is {X!r}; it must have one row per person")
    return range(X.shape[0])
