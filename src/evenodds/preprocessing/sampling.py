"""Sampling (Kamiran and Calders 2012): the same labels, rows left out and rows repeated."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_binary, check_numbers, check_random_state
from evenodds._validation.training import encode
from evenodds.preprocessing.cells import (
    count_cells,
    distance_to_boundary,
    parity_changes,
    rank_in_cell,
    refuse_empty_cells,
)

Method = Literal["uniform", "preferential"]


def resample(
    y: ArrayLike,
    *,
    sensitive_features: Any,
    method: Method = "uniform",
    y_score: ArrayLike | None = None,
    random_state: Any = None,
) -> NDArray[np.intp]:
    """Rows, some repeated and some left out, among which label and group are independent.

    The cell of group a and label y, of n_ay people, is brought to ``n_a · n_y / n``. If that is m, everyone in the cell
    comes ``⌊m / n_ay⌋`` times, and ``m mod n_ay`` of them once more:

    - ``method="uniform"``: drawn at random, without replacement. A row comes ``m / n_ay`` times on average, which
      would be its weight from `reweighing_weights` if m were not rounded.
    - ``method="preferential"``: by a ranker, so that the data changes near its boundary. A cell that grows repeats the
      people nearest the boundary (lowest scores among label 1, highest among label 0); a cell that shrinks leaves them
      out.

    Parameters
    ----------
    y : array-like of 0 and 1, shape (n,)
        Labels.
    sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
        Group labels; several features are crossed.
    method : {"uniform", "preferential"}
        See above.
    y_score : array-like, shape (n,), optional
        How likely label 1 looks to a ranker, on any scale; needed for ``"preferential"``, without effect otherwise.
        Equal scores are taken in the order of the rows.
    random_state : None, int, Generator or RandomState
        For ``"uniform"``.

    Returns
    -------
    ndarray of int, shape (n,)
        Positions of rows, ascending: ``X[rows], y[rows]``, or ``X.iloc[rows]``. Every group has as many rows as before,
        label 1 occurs as often as before, and the number of a cell is within 1 of ``n_a · n_y / n``.

    Raises
    ------
    ValueError
        If a group has nobody with a label that it needs, so that there is no row to repeat; if `method` is unknown or
        has no scores; and if the input is not usable.

    Notes
    -----
    With one group, or if all labels are equal, every row comes once. There are no weights: a row comes a whole number
    of times. The paper rounds every m down; here they are rounded so that groups and labels keep their sums.

    References
    ----------
    F. Kamiran and T. Calders (2012), "Data preprocessing techniques for classification without discrimination",
    Knowledge and Information Systems 33.

    Examples
    --------
    >>> y = np.array([1, 1, 0, 0, 0, 1, 1, 1, 1, 0])
    >>> group = np.array(["f"] * 5 + ["m"] * 5)
    >>> rows = resample(y, sensitive_features=group, random_state=0)
    >>> float(y[rows][group[rows] == "f"].mean()), float(y[rows][group[rows] == "m"].mean())
    (0.6, 0.6)
    >>> score = [0.9, 0.8, 0.5, 0.6, 0.1, 0.9, 0.8, 0.6, 0.7, 0.2]
    >>> resample(y, sensitive_features=group, method="preferential", y_score=score)
    array([0, 1, 1, 2, 4, 5, 6, 8, 9, 9])
    """
    labels = check_binary(y, "y")
    codes, index = encode(sensitive_features, {"y": y, "y_score": y_score})
    if method == "uniform":
        key = check_random_state(random_state).random(len(labels))
    elif method != "preferential":
        raise ValueError(f"method is {method!r}; it must be 'uniform' or 'preferential'")
    elif y_score is None:
        raise ValueError("method='preferential' needs y_score, which says who is near the boundary")
    else:
        key = distance_to_boundary(labels, check_numbers(y_score, "y_score"))
    have = count_cells(codes, labels, len(index))
    gain = parity_changes(have)
    want = have + np.column_stack([-gain, gain])
    remedy = "there is no row to repeat. Merge it with another group, or leave it out, from every input"
    refuse_empty_cells(have, want, index, remedy)
    cells = 2 * codes + labels
    return np.repeat(np.arange(len(labels)), _times(rank_in_cell(cells, key), have.ravel()[cells], want.ravel()[cells]))


def _times(rank: NDArray[np.intp], have: NDArray[np.intp], want: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how often each row comes; rank 0 is the first to be repeated, and the first to be left out."""
    whole, rest = np.divmod(want, have)
    return whole + np.where(want < have, rank >= have - want, rank < rest)
