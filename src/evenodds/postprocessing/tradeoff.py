"""Points that the groups can reach together: the best along concave curves, one a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenodds.postprocessing.post_processor import Floats

_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Curve:
    """A concave chain: the best y at each x from 0 to 1, straight between its corners.

    ``corner`` holds the corners' positions on the hull.
    """

    x: Floats
    y: Floats
    corner: NDArray[np.intp]

    @classmethod
    def of(cls, x: Floats, y: Floats) -> Curve:
        """Return the chain through the best y of each x."""
        order = np.lexsort((-y, x))
        best = order[np.diff(x[order], prepend=-1) > 0]
        return cls(x[best], y[best], best)

    def __call__(self, x: Any) -> Any:
        return np.interp(x, self.x, self.y)

    def between(self, x: float) -> tuple[NDArray[np.intp], float]:
        """Return the corners on both sides of x, and the probability of the first that leads to x on average."""
        right = int(np.clip(np.searchsorted(self.x, x), 1, len(self.x) - 1))
        low, high = self.x[right - 1 : right + 1]
        return self.corner[right - 1 : right + 1], float((high - x) / (high - low))


def best_parity(curves: Sequence[Curve], shares: Floats, tol: float = 0.0) -> Floats:
    """Return the groups' x, within `tol` of each other, with the largest ``Σ_a share_a · y_a(x_a)``; shape (groups,).

    If all x lie in [low, low + tol], each group's best is its peak, or the end of that interval nearest to it.
    """
    peaks = np.array([curve.x[np.argmax(curve.y)] for curve in curves])
    corners = np.concatenate([curve.x for curve in curves])
    lows = np.unique(np.clip(np.concatenate([corners, corners - tol]), 0, 1 - tol))
    at = np.clip(peaks[:, None], lows, lows + tol)
    objective = sum(share * curve(x) for share, curve, x in zip(shares, curves, at, strict=True))
    return at[:, _first_best(objective)]


def best_equalized_odds(curves: Sequence[Curve], gain: float, loss: float) -> tuple[float, float]:
    """Return the (FPR, TPR) below all curves with the largest ``gain · TPR − loss · FPR``."""
    corners = np.unique(np.concatenate([curve.x for curve in curves]))
    lowest = np.min([curve(corners) for curve in curves], axis=0)
    near = int(np.argmax(gain * lowest - loss * corners))
    around = corners[max(near - 1, 0) : near + 2]  # the objective is concave, so no crossing elsewhere is better
    x = np.unique(np.concatenate([corners, *(_crossings(curves, *ends) for ends in pairwise(around))]))
    lowest = np.min([curve(x) for curve in curves], axis=0)
    best = _first_best(gain * lowest - loss * x)
    return float(x[best]), float(lowest[best])


def share_ignored(curve: Curve, x: float, y: float) -> float:
    """Return the weight of the point (x, x) in the mixture with the curve's point above x that leads to (x, y)."""
    height = float(curve(x))
    return (height - y) / (height - x) if height > y else 0.0


def _crossings(curves: Sequence[Curve], left: float, right: float) -> Floats:
    """Return where curves that are straight between left and right cross each other there."""
    start, end = (np.array([curve(x) for curve in curves]) for x in (left, right))
    lead, later = start[:, None] - start, end[:, None] - end
    cross = lead * later < 0
    return left + (right - left) * lead[cross] / (lead[cross] - later[cross])


def _first_best(objective: Floats) -> int:
    return int(np.argmax(objective >= objective.max() - _ROUNDING))
