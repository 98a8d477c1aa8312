"""The gate of this room: parameters in their ranges, two classes, and rows that count."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from evenodds._validation import check_weights
from evenodds.neural.layers import Floats


def check_two_classes(y: NDArray[Any], name: str = "y") -> tuple[NDArray[Any], Floats]:
    """Return the two classes, sorted, and 1.0 for everyone in the second, 0.0 for the others."""
    check_classification_targets(y)
    if (kind := type_of_target(y, input_name=name)) != "binary":
        raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"{name} holds one class only, {classes.tolist()[0]!r}; two are needed to tell them apart")
    return classes, codes.astype(float)


def usual_weights(X: Floats, y: NDArray[Any], sample_weight: Any) -> tuple[Floats, NDArray[Any], Floats]:
    """Return the rows whose weight is not 0, with weights of mean 1."""
    if sample_weight is None:
        return X, y, np.ones(len(X))
    weights = check_weights(sample_weight)
    if len(weights) != len(X):
        raise ValueError(f"sample_weight has {len(weights)} entries and X has {len(X)} rows; each row needs one")
    counts = weights > 0
    return X[counts], y[counts], weights[counts] / weights[counts].mean()
