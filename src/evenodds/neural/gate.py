"""The gate of this room: parameters in their ranges, two classes, and rows that count."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from evenodds._validation import check_weights
from evenodds.neural.layers import Floats


def check_whole(value: Any, name: str, least: int = 1) -> None:
    """Refuse what is not a whole number of at least `least`."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}; it must be a whole number of at least {least}")


def check_sizes(sizes: Any, name: str) -> None:
    """Refuse what is not a sequence of whole numbers of at least 1."""
    if not isinstance(sizes, Sequence | np.ndarray) or isinstance(sizes, str):
        raise ValueError(f"{name} is {sizes!r}; it must be a sequence of whole numbers, for example (32,) or (32, 32)")
    for position, size in enumerate(sizes):
        check_whole(size, f"{name}[{position}]")


def check_number(
    value: Any, name: str, low: float, high: float, *, open_left: bool = False, open_right: bool = False
) -> None:
    """Refuse what is not a number in the interval."""
    inside = isinstance(value, Real) and low <= float(value) <= high
    if not inside or (open_left and value == low) or (open_right and value == high):
        interval = f"{'(' if open_left else '['}{low:g}, {high:g}{')' if open_right else ']'}"
        raise ValueError(f"{name} is {value!r}; it must be a number in {interval}")


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
