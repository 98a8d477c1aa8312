"""What the four methods share: somebody's predictions, labels, weights and group, and which group is which later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.utils.validation import check_is_fitted

from evenodds._validation import (
    Groups,
    check_binary,
    check_groups,
    check_random_state,
    check_same_people,
    check_weights,
    plain,
    split_features,
)
from evenodds._validation.parameters import check_option

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class People:
    """Everyone with a positive weight.

    Attributes
    ----------
    predictions : ndarray, shape (n,)
        Scores or decisions.
    labels, weights : ndarray, shape (n,)
    codes : ndarray, shape (n,)
        Positions in `groups`.
    groups : Index
        The groups that these people belong to.
    """

    predictions: Floats
    labels: NDArray[np.uint8]
    weights: Floats
    codes: NDArray[np.intp]
    groups: pd.Index

    def by_group(self) -> list[NDArray[np.intp]]:
        """Return the positions of each group's people."""
        order = np.argsort(self.codes, kind="stable")
        return np.split(order, np.bincount(self.codes).cumsum()[:-1])

    def weights_by_label(self, times: Any = 1) -> Floats:
        """Return the weight, `times` something, of each group's people with label 0 and with label 1, (groups, 2)."""
        cells = self.codes * 2 + self.labels
        return np.bincount(cells, self.weights * times, len(self.groups) * 2).reshape(-1, 2).astype(np.float64)


class PostProcessor(MetaEstimatorMixin, BaseEstimator):
    """A rule that turns the predictions of `estimator`, or predictions given as they are, into decisions by group."""

    estimator: Any
    prefit: bool
    predict_method: str = "predict_proba"

    def _check_predictions(self, values: Any, name: str) -> Floats:
        """Return predictions of the kind that this method understands."""
        raise NotImplementedError

    def predict_proba(self, X: Any, *, sensitive_features: Any) -> Floats:
        """Return the probability of each decision; to be replaced by methods whose `predict` is drawn from it."""
        raise NotImplementedError

    def predict(self, X: Any, *, sensitive_features: Any, random_state: Any = None) -> NDArray[np.int64]:
        """Draw everyone's decision, independently of each other.

        Parameters
        ----------
        X, sensitive_features
            As in `predict_proba`, from whose probabilities decisions are drawn.
        random_state : None, int, Generator or RandomState
            Makes the draw repeatable. Two draws differ; to evaluate the rule itself, use `predict_proba`.

        Returns
        -------
        ndarray of 0 and 1, shape (n,)
        """
        favourable = self.predict_proba(X, sensitive_features=sensitive_features)[:, 1]
        return (check_random_state(random_state).random(len(favourable)) < favourable).astype(np.int64)

    def _enter(
        self, X: Any, y: ArrayLike, features: Any, sample_weight: ArrayLike | None, fit_params: Mapping[str, Any]
    ) -> People:
        """Train the estimator if that is wanted, and return everyone who counts."""
        labels = check_binary(y, "y")
        weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
        self._prepare_estimator(X, labels, {"sample_weight": sample_weight}, fit_params)
        predictions, groups = self._read(X, features, {"y": y, "sample_weight": sample_weight})
        counts = weights > 0
        present, codes = np.unique(groups.codes[counts], return_inverse=True)
        self.groups_ = groups.index[present]
        return People(predictions[counts], labels[counts], weights[counts], codes, self.groups_)

    def _prepare_estimator(
        self, X: Any, labels: NDArray[np.uint8], weight: Mapping[str, Any], fit_params: Mapping[str, Any]
    ) -> None:
        if self.estimator is not None and not self.prefit:
            given = {name: values for name, values in weight.items() if values is not None}
            self.estimator_ = clone(self.estimator).fit(X, labels.astype(np.int64), **given, **fit_params)
            return
        if fit_params:
            raise ValueError(f"fit was given {', '.join(fit_params)} for the estimator, but there is none to train")
        self.estimator_ = self.estimator

    def _predictions(self, X: Any) -> Floats:
        """Return everyone's prediction."""
        check_is_fitted(self)
        if self.estimator_ is None:
            return self._check_predictions(X, "X")
        method = _method_of(self.estimator_, self.predict_method)
        return self._check_predictions(_output(self.estimator_, method, X), f"the estimator's {method}")

    def _read(self, X: Any, features: Any, others: Mapping[str, Any]) -> tuple[Floats, Groups]:
        """Return everyone's prediction and group."""
        predictions, columns = self._predictions(X), split_features(features)
        rows = X if isinstance(X, pd.DataFrame | pd.Series) else predictions
        named = {f"sensitive_features {name!r}": column for name, column in columns.items()}
        groups = check_groups(columns)
        check_same_people({"X": rows} | named | dict(others))
        return predictions, groups

    def _read_known(self, X: Any, features: Any) -> tuple[Floats, NDArray[np.intp]]:
        """Return everyone's prediction and the position of their group in `groups_`; unknown groups are refused."""
        predictions, groups = self._read(X, features, {})
        return predictions, groups.positions_in(self.groups_)


def both_outcomes(favourable: Floats) -> Floats:
    """Return the probabilities of 0 and of 1 in two columns."""
    return np.column_stack([1 - favourable, favourable])


def refuse_one_label(weight: Floats, groups: pd.Index, need: str) -> None:
    """Refuse groups in which nobody has label 0 or nobody label 1; `weight` has shape (groups, 2)."""
    missing = np.argwhere(weight == 0)
    if len(missing):
        group, label = missing[0].tolist()
        raise ValueError(f"in group {plain(groups[group])!r} nobody has label {label}, so {need}")


def _method_of(estimator: Any, method: str) -> str:
    check_option(method, "predict_method", ("auto", "predict_proba", "decision_function", "predict"))
    if method != "auto":
        return method
    return next(name for name in ("predict_proba", "decision_function", "predict") if hasattr(estimator, name))


def _output(estimator: Any, method: str, X: Any) -> Any:
    """Return the probability of label 1, or one number or decision per person."""
    output = getattr(estimator, method)(X)
    if method != "predict_proba":
        return output
    columns = np.shape(output)
    if len(columns) != 2 or columns[1] != 2:
        raise ValueError(
            f"the estimator's predict_proba has shape {columns}; it must have a column for 0 and one for 1"
        )
    return np.asarray(output)[:, 1]
