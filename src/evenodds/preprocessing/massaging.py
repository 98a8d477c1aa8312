"""Massaging (Kamiran and Calders 2012): the same rows, a few other labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_binary, check_numbers
from evenodds._validation.training import encode
from evenodds.preprocessing.cells import count_cells, distance_to_boundary, parity_changes, rank_in_cell


def massage_labels(y: ArrayLike, y_score: ArrayLike, *, sensitive_features: Any) -> NDArray[np.int64]:
    """Labels with the same rate in every group, changed where a ranker is least sure of them.

    In a group whose rate of label 1 is below everyone's, those with label 0 and the highest scores are promoted to 1;
    in a group above it, those with label 1 and the lowest scores are demoted to 0. There are as many promotions as
    demotions. With two groups, n_b people in the deprived one and n_w in the other, that is

    ``M = ⌈(p_w − p_b) · n_b · n_w / n⌉``

    of each. With more, group a needs ``n_a · p − n_a1`` (p everyone's rate): the sum of that over the deprived groups
    is rounded up, and each group's own number is rounded down or up to fit.

    Parameters
    ----------
    y : array-like of 0 and 1, shape (n,)
        Labels.
    y_score : array-like, shape (n,)
        How likely label 1 looks to a ranker, on any scale; for example ``model.predict_proba(X)[:, 1]`` of a model
        trained on `y`. Of equal scores the earlier row is changed first.
    sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
        Group labels; several features are crossed.

    Returns
    -------
    ndarray of int, shape (n,)
        The new labels; as many are 1 as before, and each group's number of them is within 1 of ``n_a · p``.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, a score or group is missing, or lengths differ.

    Notes
    -----
    With one group, or if all labels are equal, no label changes. There are no weights: a label changes or it does not.

    References
    ----------
    F. Kamiran and T. Calders (2012), "Data preprocessing techniques for classification without discrimination",
    Knowledge and Information Systems 33.

    Examples
    --------
    One promotion and one demotion make 2 in 5 and 4 in 5 both 3 in 5:

    >>> y = [1, 1, 0, 0, 0, 1, 1, 1, 1, 0]
    >>> score = [0.9, 0.8, 0.5, 0.6, 0.1, 0.9, 0.8, 0.6, 0.7, 0.2]
    >>> massage_labels(y, score, sensitive_features=["f"] * 5 + ["m"] * 5)
    array([1, 1, 0, 1, 0, 1, 1, 0, 1, 0])
    """
    labels, scores = check_binary(y, "y"), check_numbers(y_score, "y_score")
    codes, index = encode(sensitive_features, {"y": y, "y_score": y_score})
    promotions = parity_changes(count_cells(codes, labels, len(index)))
    allowed = np.where(labels == 1, -promotions[codes], promotions[codes])
    flipped = rank_in_cell(2 * codes + labels, distance_to_boundary(labels, scores)) < allowed
    return (labels ^ flipped).astype(np.int64)
