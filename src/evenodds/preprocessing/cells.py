"""Groups crossed with labels: how many people stand in each cell, how many should, and who is nearest the boundary.

If label and group were independent, group a would hold ``n_a · n_y / n`` people with label y. All three methods of
Kamiran and Calders (2012) make the data so: by weights, by relabelling, by sampling.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evenodds._validation import plain
from evenodds._validation.training import Floats, Integers


def count_cells(
    codes: Integers, labels: NDArray[np.uint8], n_groups: int, weights: Floats | None = None
) -> NDArray[Any]:
    """Return the number of people, or their weight, by group (row) and label (column)."""
    return np.bincount(2 * codes + labels, weights, 2 * n_groups).reshape(n_groups, 2)


def refuse_empty_cells(cells: NDArray[Any], needed: NDArray[Any], index: pd.Index, remedy: str) -> None:
    """Refuse a cell that should hold somebody and holds nobody."""
    empty = (cells == 0) & (needed > 0)
    if empty.any():
        group, label = np.argwhere(empty)[0]
        raise ValueError(f"group {plain(index[group])!r} has nobody with label {label}; {remedy}")


def parity_changes(cells: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how many labels 1 each group must gain, or lose if negative, so that all have the same rate.

    A group of n_a people, n_a1 of them with label 1, lacks ``n_a · n_1 / n − n_a1``. Whole numbers come from rounding:
    the sum of what the deprived groups lack is rounded up, and each group gets its own rounded down or up, up where
    the fraction is largest. With two groups this is the M of Kamiran and Calders.
    """
    in_group, with_label = cells.sum(axis=1), cells.sum(axis=0)
    n = int(cells.sum())
    lacking = in_group * with_label[1] - n * cells[:, 1]
    return _round(np.maximum(lacking, 0), n) - _round(np.maximum(-lacking, 0), n)


def rank_in_cell(cells: Integers, key: Floats) -> NDArray[np.intp]:
    """Return each row's place in its cell, from 0, in ascending order of `key`; of equal keys the earlier row first."""
    order = np.lexsort((key, cells))
    sizes = np.bincount(cells)
    rank = np.empty(len(cells), dtype=np.intp)
    rank[order] = np.arange(len(cells)) - (np.cumsum(sizes) - sizes)[cells[order]]
    return rank


def distance_to_boundary(labels: NDArray[np.uint8], scores: Floats) -> Floats:
    """Return a key that is smallest for those whose label a ranker doubts most: low scores among 1, high among 0."""
    return np.where(labels == 1, scores, -scores)


def _round(parts: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """Round ``parts / n`` to whole numbers whose sum is the sum rounded up, in integers throughout."""
    whole, rest = np.divmod(parts, n)
    extra = -(-int(parts.sum()) // n) - int(whole.sum())
    whole[np.argsort(-rest, kind="stable")[:extra]] += 1
    return whole
