"""Thresholds, and who is selected above them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from evenodds.explorers.explorer import Explorer, roomy, slider
from evenodds.metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    accuracy,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    true_positive_rate,
)
from evenodds.plots import thresholds

RATES = {
    "selection rate": selection_rate,
    "true positive rate": true_positive_rate,
    "false positive rate": false_positive_rate,
    "precision": positive_predictive_value,
    "accuracy": accuracy,
}


class ThresholdExplorer(Explorer):
    """One threshold slider for each group; beneath, the scores, every rate by group, and the gap in each rate.

    Parameters
    ----------
    scores : array of shape (n,)
        Between 0 and 1; a person is selected when the score is above the threshold of their group.
    y_true : array of shape (n,)
        Zeros and ones.
    sensitive_features : array of shape (n,)
        Each person's group.
    start : float or mapping from group to float, default 0.5
        Where the thresholds begin.
    labels : pair of str
        How to call the people with label 0 and those with label 1.
    """

    def __init__(
        self,
        scores: np.ndarray,
        y_true: np.ndarray,
        *,
        sensitive_features: np.ndarray,
        start: float | Mapping = 0.5,
        labels: tuple[str, str] = ("label 0", "label 1"),
    ):
        self._scores, self._y_true = np.asarray(scores, dtype=float), np.asarray(y_true)
        self._groups, self._labels = np.asarray(sensitive_features), labels
        self._sliders = {
            group: slider(f"{group}", start[group] if isinstance(start, Mapping) else start)
            for group in np.unique(self._groups)
        }
        super().__init__(self._sliders.values(), heading="Threshold of each group")

    @property
    def cuts(self) -> dict:
        """The thresholds as they stand."""
        return {group: slider.value for group, slider in self._sliders.items()}

    def rates(self) -> pd.DataFrame:
        """Every rate by group under the thresholds as they stand, and a last row with the largest gap in each."""
        cuts = self.cuts
        cut = np.array([cuts[group] for group in self._groups.tolist()])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)  # the table says "undefined" in its place
            frame = MetricFrame(
                metrics=RATES,
                y_true=self._y_true,
                y_pred=(self._scores > cut).astype(int),
                sensitive_features=self._groups,
            )
            return pd.concat([frame.by_group, frame.difference().to_frame("largest gap").T])

    def _html(self) -> str:
        title = "Who is selected, and who is not."
        picture = thresholds(self._scores, self._y_true, self._groups, self.cuts, title=title, labels=self._labels)
        return picture._repr_html_() + roomy(self.rates())
