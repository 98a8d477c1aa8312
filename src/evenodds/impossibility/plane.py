"""What each group can reach: false and true positive rates, as mixtures of a few points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import block_diag

Floats = NDArray[np.float64]

_NOBODY, _EVERYBODY = (0.0, 0.0), (1.0, 1.0)
_ARITHMETIC = [(0.0, 1.0), (1.0, 0.0)]


@dataclass(frozen=True, eq=False)
class Plane:
    """Every group's reachable (FPR, TPR) as mixtures of corners; the unknowns are the shares of all groups' corners.

    Attributes
    ----------
    groups : Index of G groups
    base : ndarray, shape (G, 1)
        Base rates.
    fpr, tpr, mixes : ndarray, shape (G, K)
        Times the K unknowns, each group's FPR, TPR and sum of shares.
    sharpest : ndarray, shape (G,)
        Mean score of people with label 1 under the sharpest calibrated score.
    """

    groups: pd.Index
    base: Floats
    fpr: Floats
    tpr: Floats
    mixes: Floats
    sharpest: Floats

    @property
    def selected(self) -> Floats:
        """Times the K unknowns, each group's selection rate; shape (G, K)."""
        return self.base * self.tpr + (1 - self.base) * self.fpr

    @classmethod
    def of(cls, base_rates: Any, roc: Any) -> Plane:
        rates = _check_base_rates(base_rates)
        corners = _check_corners(roc, rates.index)
        fpr, tpr, mixes = (
            block_diag(*rows) for rows in zip(*((c[:, 0], c[:, 1], np.ones(len(c))) for c in corners), strict=True)
        )
        sharpest = np.array([_sharpest(p, c) for p, c in zip(rates, corners, strict=True)])
        return cls(rates.index, rates.to_numpy()[:, None], fpr, tpr, mixes, sharpest)


def _sharpest(p: float, corners: Floats) -> float:
    """Return E[Q²] / p, where Q is the probability of label 1 on the segment of the ROC hull that a person is on."""
    fpr, tpr = np.diff(_upper_hull(corners), axis=0).T
    people = p * tpr + (1 - p) * fpr
    return float(((p * tpr) ** 2 / people).sum() / p)


def _upper_hull(points: Floats) -> Floats:
    """Return the corners of the hull above the diagonal, from (0, 0) to (1, 1)."""
    hull: list[Floats] = []
    for point in points[np.lexsort((points[:, 1], points[:, 0]))]:
        while len(hull) > 1 and np.linalg.det([hull[-1] - hull[-2], point - hull[-2]]) >= 0:
            hull.pop()
        hull.append(point)
    return np.array(hull)


def _check_base_rates(base_rates: Any) -> pd.Series:
    rates = check_by_group(base_rates, "base_rates")
    for group, p in rates.items():
        if not 0 < p < 1:
            raise ValueError(
                f"the base rate of group {group!r} is {p!r}; it must lie between 0 and 1, both excluded, since a group "
                "with one label has no true or no false positive rate"
            )
    return rates


def check_by_group(values: Any, name: str) -> pd.Series:
    """Return one number for each group."""
    if not isinstance(values, Mapping | pd.Series) or len(values) == 0:
        raise ValueError(
            f"{name} is {values!r}; it must map each group to its number, for example {{'a': 0.5, 'b': 0.4}}"
        )
    try:
        series = pd.Series(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {values!r}; its values must be numbers") from None
    if series.index.has_duplicates:
        raise ValueError(f"{name} has group {series.index[series.index.duplicated()][0]!r} twice")
    return series


def _check_corners(roc: Any, groups: pd.Index) -> list[Floats]:
    """Return, for each group, the corners of what can be reached."""
    if roc is None:
        return [np.array([_NOBODY, _EVERYBODY, *_ARITHMETIC])] * len(groups)
    if isinstance(roc, Mapping):
        refuse_other_groups(pd.Index(list(roc)), groups, "roc")
    return [_check_points(roc[g] if isinstance(roc, Mapping) else roc, g) for g in groups]


def _check_points(points: Any, group: Any) -> Floats:
    try:
        corners = np.array([_NOBODY, _EVERYBODY, *points], dtype=float)
    except (TypeError, ValueError):
        corners = np.empty(0)
    if corners.ndim != 2 or corners.shape[1] != 2 or not ((corners >= 0) & (corners <= 1)).all():
        raise ValueError(f"roc of group {group!r} is {points!r}; it must hold points (FPR, TPR) between 0 and 1")
    return corners


def refuse_other_groups(given: pd.Index, groups: pd.Index, name: str) -> None:
    if set(given) != set(groups):
        raise ValueError(f"{name} has the groups {list(given)}, base_rates has {list(groups)}; they must be the same")
