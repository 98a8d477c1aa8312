"""A cut for each group, as a point on that group's ROC curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from evenodds.explorers.explorer import roomy
from evenodds.explorers.threshold import ThresholdExplorer
from evenodds.plots import roc_plane


class RocExplorer(ThresholdExplorer):
    """One threshold slider for each group; beneath, the point it stands for on the group's ROC curve, and every rate.

    Parameters
    ----------
    scores : array of shape (n,)
        Between 0 and 1; a person is selected when the score is above the threshold of their group.
    y_true : array of shape (n,)
        Zeros and ones; both in every group.
    sensitive_features : array of shape (n,)
        Each person's group.
    start : float or mapping from group to float, default 0.5
        Where the thresholds begin.
    """

    def __init__(
        self,
        scores: np.ndarray,
        y_true: np.ndarray,
        *,
        sensitive_features: np.ndarray,
        start: float | Mapping = 0.5,
    ):
        s, y, groups = np.asarray(scores, dtype=float), np.asarray(y_true), np.asarray(sensitive_features)
        self._curves = {group: _curve(s[groups == group], y[groups == group]) for group in np.unique(groups)}
        super().__init__(scores, y_true, sensitive_features=sensitive_features, start=start)

    def _html(self) -> str:
        rates = self.rates()
        here = rates.loc[[*self._curves], ["false positive rate", "true positive rate"]]
        points = {group: (row.iloc[0], row.iloc[1]) for group, row in here.iterrows()}
        picture = roc_plane(self._curves, points, title="Each cut is a point on its own group's curve.")
        return picture._repr_html_() + roomy(rates)


def _curve(scores: np.ndarray, y_true: np.ndarray) -> np.ndarray:
    """Return false and true positive rate of each threshold, from nobody to everybody."""
    cuts = np.append(np.unique(scores)[::-1], -np.inf)
    return np.column_stack([_share_above(scores[y_true == label], cuts) for label in (0, 1)])


def _share_above(scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    return 1 - np.searchsorted(np.sort(scores), cuts, side="right") / len(scores)
