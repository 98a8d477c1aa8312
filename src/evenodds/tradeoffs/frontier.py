"""Which of several ways no other way beats."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def pareto_frontier(costs: ArrayLike) -> NDArray[np.bool_]:
    """Mark the rows that no other row dominates.

    Row j dominates row i if ``c_jk ≤ c_ik`` for every cost k and ``c_jk < c_ik`` for at least one. Equal rows do not
    dominate each other.

    Parameters
    ----------
    costs : array-like, shape (n, k)
        One row an alternative, one column a cost: less is better. Turn a gain round first, ``1 - accuracy``.

    Returns
    -------
    ndarray of bool, shape (n,)
        True on the frontier. A row with an undefined cost (nan) is False, and dominates nobody.

    Raises
    ------
    ValueError
        If `costs` is not a table of numbers, or is empty.

    References
    ----------
    V. Pareto (1906), "Manuale di economia politica".

    Examples
    --------
    The third is worse than the second on both:

    >>> from evenodds.tradeoffs import pareto_frontier
    >>> pareto_frontier([[0.20, 0.15], [0.05, 0.20], [0.10, 0.25]]).tolist()
    [True, True, False]
    """
    try:
        table = np.asarray(costs, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError("costs must be a table of numbers: one row an alternative, one column a cost") from error
    if table.ndim != 2 or table.size == 0:
        raise ValueError(f"costs has shape {table.shape}; it needs one row an alternative, one column a cost")
    columns = table.T
    no_worse = np.logical_and.reduce([c[:, None] <= c for c in columns])
    better = np.logical_or.reduce([c[:, None] < c for c in columns])
    return ~(no_worse & better).any(axis=0) & ~np.isnan(table).any(axis=1)
