"""Calibration rows, and who is covered by sets of what size."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from evenodds.coverage import SmallCalibrationWarning, SplitConformalClassifier, coverage_by_group
from evenodds.explorers.explorer import Explorer, roomy, slider, whole_slider
from evenodds.plots import coverage_and_size


class CoverageExplorer(Explorer):
    """Prediction sets with one threshold for everyone and with one for each group, as one group's rows become few.

    Parameters
    ----------
    calibration_proba : array of shape (n, classes)
        The model's probabilities for rows that it was not trained on.
    calibration_y : array of shape (n,)
        Their classes: 0, 1, …
    calibration_groups : array of shape (n,)
        Their groups.
    proba, y_true, groups
        The same for new rows.
    small : str
        The group whose calibration rows the second slider takes away.
    alpha : float, default 0.1
        Where the first slider begins.
    unit : str, default "classes"
        What sets hold.
    """

    def __init__(
        self,
        calibration_proba: np.ndarray,
        calibration_y: np.ndarray,
        calibration_groups: np.ndarray,
        proba: np.ndarray,
        y_true: np.ndarray,
        groups: np.ndarray,
        *,
        small: str,
        alpha: float = 0.1,
        unit: str = "classes",
    ):
        self._calibration = tuple(map(np.asarray, (calibration_proba, calibration_y, calibration_groups)))
        self._new = tuple(map(np.asarray, (proba, y_true, groups)))
        self._small, self._unit = small, unit
        available = int((self._calibration[2] == small).sum())
        self._alpha = slider("alpha", alpha, 0.01, 0.5)
        self._rows = whole_slider(f"calibration rows: {small}", available, 1, available)
        super().__init__([self._alpha, self._rows])

    def reports(self) -> dict[str, pd.DataFrame]:
        """Calibration rows, threshold, coverage and mean set size of everyone and of each group, both ways."""
        proba, y, groups = self._calibration
        kept = (groups != self._small) | (np.cumsum(groups == self._small) <= self._rows.value)
        proba, y, groups = proba[kept], y[kept], groups[kept]
        sizes = pd.Series(groups).value_counts()
        found = {}
        for way, per_group in (("one threshold", False), ("own thresholds", True)):
            model = SplitConformalClassifier(alpha=self._alpha.value, per_group=per_group)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SmallCalibrationWarning)  # the table says "infinite" in its place
                model.calibrate(proba, y, sensitive_features=groups)
            sets = model.predict_set(self._new[0], sensitive_features=self._new[2])
            report = coverage_by_group(self._new[1], sets, sensitive_features=self._new[2])
            table = pd.concat([report.overall.to_frame("everyone").T, report.by_group])
            table.insert(0, "calibration rows", [len(y), *sizes[report.by_group.index]])
            table.insert(1, "threshold", [np.nan, *model.quantile_] if per_group else model.quantile_)
            found[way] = table.drop(columns=["n", "empty"])
        return found

    def _html(self) -> str:
        reports, promised = self.reports(), 1 - self._alpha.value
        title = "Who is covered, and by how large a set?"
        picture = coverage_and_size(reports, promised=promised, title=title, unit=self._unit)
        rows = next(iter(reports.values()))["calibration rows"].astype(int)
        limits = pd.DataFrame(
            {"calibration rows": rows} | {way: report["threshold"] for way, report in reports.items()}
        )
        return picture._repr_html_() + roomy(limits, float_format=_threshold, na_rep="–")


def _threshold(value: float) -> str:
    return "infinite" if np.isinf(value) else f"{value:.3f}"
