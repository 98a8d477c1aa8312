"""The count table: how many people of each group have which label and got which decision.

Every rate in this room is a sum of some cells of this table divided by a sum of others, so one pass over the people
is enough for all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

TN, FP, FN, TP = range(4)
"""The four cells of a group, numbered 2 × label + decision."""


def cell_codes(groups: NDArray[Any], y_true: NDArray[np.uint8], y_pred: NDArray[np.uint8]) -> NDArray[Any]:
    """Return each person's cell, ``4 × group + 2 × label + decision``, in the smallest integer type that fits.

    Examples
    --------
    >>> cell_codes(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([1, 1, 0]))
    array([1, 3, 6], dtype=uint8)
    """
    largest = 4 * int(groups.max()) + 3
    cells = groups.astype(np.min_scalar_type(largest))
    for binary in (y_true, y_pred):
        cells <<= 1
        cells |= binary.astype(cells.dtype, copy=False)
    return cells


def count_table(cells: NDArray[Any], n_groups: int, weights: NDArray[np.float64] | None = None) -> NDArray[Any]:
    """Count the people (or add up their weights) in each cell.

    Parameters
    ----------
    cells : ndarray of int, shape (n,)
        Each person's cell, from `cell_codes`.
    n_groups : int
        Number of groups.
    weights : ndarray of float, shape (n,), optional
        What each person counts for; 1 if left out.

    Returns
    -------
    ndarray, shape (n_groups, 4)
        One row per group; columns TN, FP, FN, TP.

    Examples
    --------
    >>> count_table(np.array([1, 3, 6, 6]), n_groups=2)
    array([[0, 1, 0, 1],
           [0, 0, 2, 0]])
    """
    return np.bincount(cells, weights=weights, minlength=4 * n_groups).reshape(n_groups, 4)
