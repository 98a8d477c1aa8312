"""What classifiers made of a network share: outputs, probabilities, classes and hidden activations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from evenodds.neural.layers import Floats
from evenodds.neural.network import Network


class NetworkClassifier(ClassifierMixin, BaseEstimator):
    """A classifier of two classes whose logit is the output of `network_`."""

    network_: Network
    classes_: NDArray[Any]

    def decision_function(self, X: Any) -> Floats:
        """Return the logits, shape (n,)."""
        features = self._features(X)
        return self.network_.forward(features)[:, 0]

    def predict_proba(self, X: Any) -> Floats:
        """Return the probabilities of the first and of the second class, shape (n, 2)."""
        z = self.decision_function(X)
        return np.column_stack([expit(-z), expit(z)])

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the second class where its probability is above 1/2, else the first."""
        above = self.decision_function(X) > 0
        return self.classes_[above.astype(int)]

    def hidden(self, X: Any) -> Floats:
        """Return what enters the last layer, shape (n, units of the last hidden layer)."""
        features = self._features(X)
        return self.network_.hidden(features)

    def _features(self, X: Any) -> Floats:
        check_is_fitted(self)
        return validate_data(self, X, reset=False, dtype=np.float64)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
