"""Slopes of the logits, and what they do to calibration, ranking and decisions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from evenodds.calibration import expected_calibration_error, reliability_table
from evenodds.explorers.explorer import Explorer, roomy, slider, whole_slider
from evenodds.metrics import MetricFrame, true_positive_rate
from evenodds.plots import reliability_diagram


class PlattExplorer(Explorer):
    """One slope for each group, and the number of bins: what stretching the logits of scores changes, and what not.

    Parameters
    ----------
    scores : array of shape (n,)
        Strictly between 0 and 1.
    y_true : array of shape (n,)
        Zeros and ones; both in every group.
    sensitive_features : array of shape (n,)
        Each person's group.
    """

    def __init__(self, scores: np.ndarray, y_true: np.ndarray, *, sensitive_features: np.ndarray):
        self._logits, self._y_true = logit(np.asarray(scores, dtype=float)), np.asarray(y_true)
        self._groups = np.asarray(sensitive_features)
        self._slopes = {
            group: slider(f"slope, {group}", 1, 0.1, 3, step=0.1) for group in np.unique(self._groups).tolist()
        }
        self._bins = whole_slider("number of bins", 10, 1, 20)
        super().__init__([*self._slopes.values(), self._bins])

    def scores(self) -> np.ndarray:
        """The scores under the slopes as they stand."""
        slope = np.array([self._slopes[group].value for group in self._groups.tolist()])
        return expit(slope * self._logits)

    def table(self) -> pd.DataFrame:
        """Calibration error, AUC and true positive rate of each group, as things stand."""
        scores = self.scores()
        frame = MetricFrame(
            metrics={"AUC": roc_auc_score, "TPR at 0.5": lambda y, s: true_positive_rate(y, (s > 0.5).astype(int))},
            y_true=self._y_true,
            y_pred=scores,
            sensitive_features=self._groups,
        )
        error = expected_calibration_error(
            self._y_true, scores, sensitive_features=self._groups, n_bins=self._bins.value
        )
        return frame.by_group.assign(ECE=error.to_numpy())[["ECE", "AUC", "TPR at 0.5"]].rename_axis("group")

    def _html(self) -> str:
        scores, n_bins = self.scores(), self._bins.value
        pool = expected_calibration_error(self._y_true, scores, n_bins=n_bins)
        drawn = reliability_table(self._y_true, scores, sensitive_features=self._groups, n_bins=n_bins)
        picture = reliability_diagram(drawn, title=f"Do the scores come true? ECE of everyone: {pool:.3f}")
        return picture._repr_html_() + roomy(self.table())
