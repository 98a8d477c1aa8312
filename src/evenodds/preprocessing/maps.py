"""What a random map does to a table of people: before it is learned, and whoever made it.

A map moves someone of group d in cell z to cell ẑ with probability ``f(ẑ | d, z)``, an array of shape (groups, cells,
cells) such as `OptimizedPreprocessing.mapping_`. Kinds of people of whom there are none may have rows of nan.
"""

from __future__ import annotations

from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds._validation.training import Floats

_ROUNDING = 1e-6


class MapReport(TypedDict):
    """What `map_report` returns."""

    rates: Floats
    mean_distortion: float
    worst_distortion: float
    variation: float


def table_after(p: ArrayLike, f: ArrayLike) -> Floats:
    """Return how many there are of each group and cell after a map, ``p̂(d, ẑ) = Σ_z p(d, z) f(ẑ | d, z)``.

    Parameters
    ----------
    p : array-like, shape (groups, cells)
        Share, or number, of people of each group in each cell; none negative.
    f : array-like, shape (groups, cells, cells)
        The map, or any array of that shape: the result is linear in it.

    Returns
    -------
    ndarray, shape (groups, cells)

    Raises
    ------
    ValueError
        If shapes do not fit, or `p` is negative, missing or 0 everywhere.

    References
    ----------
    F. P. Calmon, D. Wei, B. Vinzamuri, K. N. Ramamurthy and K. R. Varshney (2017), "Optimized pre-processing for
    discrimination prevention", NeurIPS.

    Examples
    --------
    A quarter of group 1's people in cell 0 move to cell 1:

    >>> import numpy as np
    >>> from evenodds.preprocessing import table_after
    >>> f = np.array([[[1, 0], [0, 1]], [[0.75, 0.25], [0, 1]]])
    >>> table_after([[10, 20], [40, 0]], f).tolist()
    [[10.0, 20.0], [30.0, 10.0]]
    """
    table, mapping = _checked(p, f)
    return np.einsum("dz,dzn->dn", table, mapping)


def map_report(p: ArrayLike, f: ArrayLike, *, favourable: ArrayLike, distortion: ArrayLike) -> MapReport:
    """Say how fair a map makes the labels, whom it changes how much, and how far it moves the table.

    Parameters
    ----------
    p : array-like, shape (groups, cells)
        Share, or number, of people of each group in each cell.
    f : array-like, shape (groups, cells, cells)
        The map; its rows sum to 1 where there are people.
    favourable : array-like of bool, shape (cells,)
        Whether a cell's label is the favourable one.
    distortion : array-like, shape (cells, cells)
        δ(z, ẑ): what it costs someone of cell z to be moved to ẑ; at least 0, may be infinite.

    Returns
    -------
    dict
        - ``rates``, shape (groups,): share with the favourable label after the map, in each group.
        - ``mean_distortion``: ``Σ p(d, z) f(ẑ | d, z) δ(z, ẑ) / Σ p``, over everyone.
        - ``worst_distortion``: the largest ``Σ_ẑ f(ẑ | d, z) δ(z, ẑ)`` of a kind of which there are people.
        - ``variation``: ``½ Σ_ẑ |p̂(ẑ) − p(ẑ)| / Σ p``, all groups together.

    Raises
    ------
    ValueError
        If a row of f, of a kind with people, is not a distribution; if shapes do not fit; or as in `table_after`.

    References
    ----------
    F. P. Calmon, D. Wei, B. Vinzamuri, K. N. Ramamurthy and K. R. Varshney (2017), "Optimized pre-processing for
    discrimination prevention", NeurIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from evenodds.preprocessing import map_report
    >>> f = np.array([[[1, 0], [0, 1]], [[0.75, 0.25], [0, 1]]])
    >>> report = map_report([[10, 20], [40, 0]], f, favourable=[False, True], distortion=[[0, 1], [1, 0]])
    >>> report["rates"].round(3).tolist(), report["mean_distortion"], report["worst_distortion"]
    ([0.667, 0.25], 0.14285714285714285, 0.25)
    """
    table, mapping = _checked(p, f)
    good, costs = np.asarray(favourable, dtype=bool), np.asarray(distortion, dtype=float)
    n_cells = table.shape[1]
    if good.shape != (n_cells,) or costs.shape != (n_cells, n_cells):
        raise ValueError(
            f"favourable has shape {good.shape} and distortion {costs.shape}; with {n_cells} cells they need "
            f"({n_cells},) and ({n_cells}, {n_cells})"
        )
    if not (costs >= 0).all():
        raise ValueError("distortion holds a negative or missing number; what a move costs is at least 0")
    there = table > 0
    rows = mapping[there]
    if (rows < -_ROUNDING).any() or not np.allclose(rows.sum(axis=1), 1, atol=_ROUNDING):
        raise ValueError(
            "f holds a row that is no distribution: where there are people, it must sum to 1, none negative"
        )
    suffered = (mapping * np.where(mapping > 0, costs, 0)).sum(axis=2)
    after, n = np.einsum("dz,dzn->dn", table, mapping), table.sum()
    with np.errstate(invalid="ignore"):
        rates = after[:, good].sum(axis=1) / table.sum(axis=1)
    return {
        "rates": rates,
        "mean_distortion": float((table * np.where(there, suffered, 0)).sum() / n),
        "worst_distortion": float(suffered[there].max()),
        "variation": float(np.abs(after.sum(axis=0) - table.sum(axis=0)).sum() / 2 / n),
    }


def _checked(p: Any, f: Any) -> tuple[Floats, NDArray[Any]]:
    """Return both as arrays, f with 0 in the rows of kinds of which there are no people."""
    table, mapping = np.asarray(p, dtype=float), np.asarray(f, dtype=float)
    if table.ndim != 2 or mapping.shape != (*table.shape, table.shape[-1]):
        raise ValueError(
            f"p has shape {table.shape} and f {mapping.shape}; they need (groups, cells) and (groups, cells, cells)"
        )
    if not ((table >= 0) & np.isfinite(table)).all() or not table.any():
        raise ValueError("p must hold shares or numbers of people: finite, none negative, not all 0")
    return table, np.where((table > 0)[:, :, np.newaxis], mapping, 0)
