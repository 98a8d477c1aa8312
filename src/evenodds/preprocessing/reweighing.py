"""Reweighing (Kamiran and Calders 2012): the same rows, the same labels, other weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evenodds._validation import check_binary
from evenodds._validation.training import Floats, encode, weigh
from evenodds.preprocessing.cells import count_cells, refuse_empty_cells


def reweighing_weights(y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None) -> Floats:
    """Weights under which label and group are independent.

    A row of group a with label y gets the share that its cell would have if they were, over the share that it has:

    ``w(a, y) = P(A = a) · P(Y = y) / P(A = a, Y = y) = n_a · n_y / (n · n_ay)``

    Rare combinations count for more than 1, frequent ones for less. Every group and every label keeps its sum of
    weights; the weighted rate of label 1 is the same in every group. That holds for the labels and says nothing yet
    about a model that is trained with these weights: audit its predictions.

    Parameters
    ----------
    y : array-like of 0 and 1, shape (n,)
        Labels.
    sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
        Group labels; several features are crossed.
    sample_weight : array-like, shape (n,), optional
        What each person counted for before.

    Returns
    -------
    ndarray, shape (n,)
        Weights to pass to ``fit(X, y, sample_weight=...)``: the factor above, times `sample_weight` if it was given,
        in which case n, n_a, n_y and n_ay are sums of it.

    Raises
    ------
    ValueError
        If a group has nobody, or only people of weight 0, with a label that others have, so that no weights can give
        it that label; and if the input is not usable.

    Notes
    -----
    With one group, or if all labels are equal, every factor is 1. Whoever had weight 0 keeps it.

    References
    ----------
    F. Kamiran and T. Calders (2012), "Data preprocessing techniques for classification without discrimination",
    Knowledge and Information Systems 33.

    Examples
    --------
    Of the women 2 in 5 have label 1, of the men 4 in 5:

    >>> y = [1, 1, 0, 0, 0, 1, 1, 1, 1, 0]
    >>> weights = reweighing_weights(y, sensitive_features=["f"] * 5 + ["m"] * 5)
    >>> weights.round(3)
    array([1.5  , 1.5  , 0.667, 0.667, 0.667, 0.75 , 0.75 , 0.75 , 0.75 ,
           2.   ])
    >>> float(np.average(y[:5], weights=weights[:5])), float(np.average(y[5:], weights=weights[5:]))
    (0.6, 0.6)
    """
    labels = check_binary(y, "y")
    codes, index = encode(sensitive_features, {"y": y, "sample_weight": sample_weight})
    weights = weigh(sample_weight, len(labels))
    observed = count_cells(codes, labels, len(index), weights)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    remedy = "no weight can make up for that. Merge it with another group, or leave it out, from every input"
    refuse_empty_cells(observed, expected, index, remedy)
    factor = np.divide(expected, observed, out=np.zeros_like(expected), where=observed > 0)
    return weights * factor[codes, labels]
