"""Explorers: move a slider, watch every rate move with it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from html import escape

import ipywidgets as widgets
import numpy as np
import pandas as pd

from .impossibility import implied_false_positive_rate
from .metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    accuracy,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    true_positive_rate,
)
from .plots import rates_by_group, thresholds

RATES = {
    "selection rate": selection_rate,
    "true positive rate": true_positive_rate,
    "false positive rate": false_positive_rate,
    "precision": positive_predictive_value,
    "accuracy": accuracy,
}


_ROUNDING = 1e-9
ROOMY = "border-spacing: 1.4em 0.3em; text-align: right; margin-left: -1em"


class ThresholdExplorer(widgets.VBox):
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
            group: widgets.FloatSlider(
                value=start[group] if isinstance(start, Mapping) else start,
                min=0,
                max=1,
                step=0.01,
                description=f"{group}",
                continuous_update=False,
                readout_format=".2f",
                layout=widgets.Layout(width="32em"),
            )
            for group in np.unique(self._groups)
        }
        self._view = widgets.HTML()
        for slider in self._sliders.values():
            slider.observe(lambda _: self._draw(), "value")
        self._draw()
        super().__init__([widgets.Label("Threshold of each group"), *self._sliders.values(), self._view])

    @property
    def cuts(self) -> dict:
        """The thresholds as they stand."""
        return {group: slider.value for group, slider in self._sliders.items()}

    def rates(self) -> pd.DataFrame:
        """Every rate by group under the thresholds as they stand, and a last row with the largest gap in each."""
        cut = np.array([self.cuts[g] for g in self._groups.tolist()]) if len(self._groups) else np.array([])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)  # the table says "undefined" in its place
            frame = MetricFrame(
                metrics=RATES,
                y_true=self._y_true,
                y_pred=(self._scores > cut).astype(int),
                sensitive_features=self._groups,
            )
            return pd.concat([frame.by_group, frame.difference().to_frame("largest gap").T])

    def _draw(self) -> None:
        table = self.rates()
        title = "Who is selected, and who is not."
        picture = thresholds(self._scores, self._y_true, self._groups, self.cuts, title=title, labels=self._labels)
        numbers = table.to_html(border=0, float_format="{:.3f}".format, na_rep="undefined")
        self._view.value = picture._repr_html_() + numbers.replace("<table", f'<table style="{ROOMY}"')


class ImpossibilityExplorer(widgets.VBox):
    """Base rates of two groups, and one precision and one miss rate for both: what is left of their error rates?

    Parameters
    ----------
    groups : pair of str
        How to call the groups.
    base_rates : pair of float
        Where their base rates begin.
    ppv, fnr : float
        Where the common precision and the common miss rate begin. The defaults are COMPAS's for everyone.
    """

    def __init__(
        self,
        groups: tuple[str, str] = ("Black", "White"),
        *,
        base_rates: tuple[float, float] = (0.51, 0.39),
        ppv: float = 0.61,
        fnr: float = 0.37,
    ):
        starts = {f"base rate, {group}": rate for group, rate in zip(groups, base_rates, strict=True)}
        starts |= {"precision of both": ppv, "miss rate of both": fnr}
        self._groups = groups
        self._sliders = [
            widgets.FloatSlider(
                value=start,
                min=0.01,
                max=0.99,
                step=0.01,
                description=name,
                continuous_update=False,
                readout_format=".2f",
                style={"description_width": "12em"},
                layout=widgets.Layout(width="36em"),
            )
            for name, start in starts.items()
        ]
        self._view = widgets.HTML()
        for slider in self._sliders:
            slider.observe(lambda _: self._draw(), "value")
        self._draw()
        super().__init__([*self._sliders, self._view])

    def rates(self) -> pd.DataFrame:
        """The base rate, precision, miss rate and implied false positive rate of each group; above 1 is impossible."""
        *base_rates, ppv, fnr = (slider.value for slider in self._sliders)
        table = pd.DataFrame({"base rate": base_rates, "precision": ppv, "miss rate": fnr}, index=[*self._groups])
        return table.assign(**{"false positive rate": implied_false_positive_rate(base_rates, ppv, fnr)})

    def sentence(self) -> str:
        """What the settings mean, in words."""
        implied = self.rates()["false positive rate"]
        if impossible := [str(group) for group, rate in implied.items() if rate > 1 + _ROUNDING]:
            return (
                f"No decisions whatever have this precision and this miss rate in group {' or '.join(impossible)}: "
                "more people with label 0 would have to be selected than there are."
            )
        (first, fpr), (second, other) = implied.items()
        if abs(fpr - other) < _ROUNDING:
            return f"The base rates are equal, so the false positive rate is too: {fpr:.2f} in both groups."
        return (
            f"Of the people with label 0, {fpr:.0%} of group {first} and {other:.0%} of group {second} are selected. "
            "No other false positive rates go with these base rates, this precision and this miss rate."
        )

    def _draw(self) -> None:
        table = self.rates()
        title = "Equal precision, equal misses: the false positive rates follow."
        picture = rates_by_group(table.where(table <= 1 + _ROUNDING), title=title)
        self._view.value = f"<p>{escape(self.sentence())}</p>" + picture._repr_html_()
