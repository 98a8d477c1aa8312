"""The adversary in adversarial debiasing: what it reads, who counts, and what it does to the predictor's step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import plain

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

CONSTRAINTS = {
    "demographic_parity": (),
    "equalized_odds": (0, 1),
    "equal_opportunity": (1,),
    "true_positive_rate_parity": (1,),
}
"""Among people of which labels the adversary compares the groups; with none, among everyone."""


def against_adversary(g: ArrayLike, h: ArrayLike, alpha: float, *, projection: bool = True) -> Floats:
    """Return the direction that the predictor steps against, ``g − proj_h g − α h``.

    Parameters
    ----------
    g, h : array-like, shape (m,)
        The gradients of the predictor's and the adversary's loss by the predictor's parameters.
    alpha : float
        How much the adversary counts.
    projection : bool, default True
        Whether the part of g along h is taken away; if h is 0 there is none.

    Examples
    --------
    >>> against_adversary([1.0, 1.0], [2.0, 0.0], 0.0)
    array([0., 1.])
    >>> against_adversary([1.0, 1.0], [2.0, 0.0], 3.0)
    array([-6.,  1.])
    """
    g, h = np.asarray(g, dtype=float), np.asarray(h, dtype=float)
    length = np.linalg.norm(h)
    unit = h / length if length > 0 else h
    return g - alpha * h - (g @ unit) * unit if projection else g - alpha * h


def reading(read: Floats, y: Floats, by_label: bool) -> Floats:
    """Return what the adversary is given: what it reads or, if the label counts too, ``(r y, r (1 − y), y)``."""
    if not by_label:
        return read
    y = y[:, np.newaxis]
    return np.hstack([read * y, read * (1 - y), y])


def reading_gradient(gradient: Floats, y: Floats, by_label: bool) -> Floats:
    """Return a loss's gradient by what is read, from that by `reading`."""
    if not by_label:
        return gradient
    m, y = gradient.shape[1] // 2, y[:, np.newaxis]
    return gradient[:, :m] * y + gradient[:, m : 2 * m] * (1 - y)


def adversary_weights(
    target: Floats, codes: Integers, weights: Floats, labels: Sequence[int], groups: pd.Index
) -> Floats:
    """Return weights that count all groups the same among the people of each label (among everyone, without labels)."""
    result = np.zeros_like(weights)
    for label in labels or (None,):
        among = np.ones(len(codes), dtype=bool) if label is None else target == label
        total = np.bincount(codes[among], weights[among], len(groups)).astype(float)
        if not total.all():
            raise ValueError(
                f"in group {plain(groups[int(np.argmin(total))])!r} nobody has label {label}, among whom the adversary "
                "would compare the groups"
            )
        result[among] = weights[among] * total.mean() / total[codes[among]]
    return result
