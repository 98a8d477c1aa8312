"""Explorers: move a slider, watch every rate move with it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from html import escape

import ipywidgets as widgets
import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from .calibration import expected_calibration_error, reliability_table
from .coverage import SmallCalibrationWarning, SplitConformalClassifier, coverage_by_group
from .impossibility import implied_false_positive_rate
from .individual import lipschitz_violations
from .metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    accuracy,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    true_positive_rate,
)
from .plots import coverage_and_size, intervals, pairs, rates_by_group, reliability_diagram, thresholds
from .uncertainty import wilson_interval

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
    """Base rates of two groups, one precision and one false negative rate for both: what is left of the error rates?

    Parameters
    ----------
    groups : pair of str
        How to call the groups.
    base_rates : pair of float
        Where their base rates begin.
    ppv, fnr : float
        Where the common precision and the common false negative rate begin. The defaults are COMPAS's for everyone.
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
        starts |= {"precision of both": ppv, "false negative rate of both": fnr}
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
                style={"description_width": "14em"},
                layout=widgets.Layout(width="38em"),
            )
            for name, start in starts.items()
        ]
        self._view = widgets.HTML()
        for slider in self._sliders:
            slider.observe(lambda _: self._draw(), "value")
        self._draw()
        super().__init__([*self._sliders, self._view])

    def rates(self) -> pd.DataFrame:
        """The rates of each group, the false positive rate being implied by the others; above 1 is impossible."""
        *base_rates, ppv, fnr = (slider.value for slider in self._sliders)
        table = pd.DataFrame(
            {"base rate": base_rates, "precision": ppv, "false negative rate": fnr}, index=[*self._groups]
        )
        return table.assign(**{"false positive rate": implied_false_positive_rate(base_rates, ppv, fnr)})

    def sentence(self) -> str:
        """What the settings mean, in words."""
        implied = self.rates()["false positive rate"]
        if impossible := [str(group) for group, rate in implied.items() if rate > 1 + _ROUNDING]:
            return (
                "No decisions whatever have this precision and this false negative rate in group "
                f"{' or '.join(impossible)}: more people with label 0 would have to be selected than there are."
            )
        (first, fpr), (second, other) = implied.items()
        if abs(fpr - other) < _ROUNDING:
            return f"The base rates are equal, so the false positive rate is too: {fpr:.2f} in both groups."
        return (
            f"Of the people with label 0, {fpr:.0%} of group {first} and {other:.0%} of group {second} are selected. "
            "No other false positive rates go with these base rates, this precision and this false negative rate."
        )

    def _draw(self) -> None:
        table = self.rates()
        title = "Equal precision, equal misses: the false positive rates follow."
        picture = rates_by_group(table.where(table <= 1 + _ROUNDING), title=title)
        self._view.value = f"<p>{escape(self.sentence())}</p>" + picture._repr_html_()


class EvidenceExplorer(widgets.VBox):
    """A small group beside a large one: how far apart their rates may truly be, as the numbers of people change.

    Parameters
    ----------
    names : pair of str
        How to call the small group and the one that it is compared with.
    people : pair of int
        How many people each begins with.
    rates : pair of float
        Where their rates begin; the counts are rounded to whole people.
    """

    def __init__(
        self,
        names: tuple[str, str] = ("group", "everyone else"),
        *,
        people: tuple[int, int] = (8, 200),
        rates: tuple[float, float] = (0.75, 0.9),
    ):
        self._names = names
        look = {"style": {"description_width": "16em"}, "layout": widgets.Layout(width="40em")}
        self._people = [
            widgets.IntSlider(value=n, min=2, max=1000, description=f"people, {name}", continuous_update=False, **look)
            for name, n in zip(names, people, strict=True)
        ]
        self._rates = [
            widgets.FloatSlider(
                value=rate, min=0, max=1, step=0.01, description=f"rate, {name}", continuous_update=False, **look
            )
            for name, rate in zip(names, rates, strict=True)
        ]
        self._view = widgets.HTML()
        for slider in (*self._people, *self._rates):
            slider.observe(lambda _: self._draw(), "value")
        self._draw()
        super().__init__([*self._people, *self._rates, self._view])

    def table(self) -> pd.DataFrame:
        """The Wilson interval of both rates, and Newcombe's of the gap between them."""
        n, n0 = (slider.value for slider in self._people)
        k, k0 = (round(slider.value * m) for slider, m in zip(self._rates, (n, n0), strict=True))
        (low, high), (low0, high0) = wilson_interval(k, n), wilson_interval(k0, n0)
        r, r0 = k / n, k0 / n0
        gap = (r - r0, r - r0 - np.hypot(r - low, high0 - r0), r - r0 + np.hypot(high - r, r0 - low0), n + n0)
        rows = [(r, low, high, n), (r0, low0, high0, n0), gap]
        return pd.DataFrame(rows, index=[*self._names, "gap"], columns=["estimate", "low", "high", "n"])

    def sentence(self) -> str:
        """What the gap's interval says, in words."""
        gap = self.table().loc["gap"]
        spoken = f"The gap is {gap.estimate:+.2f}, its interval goes from {gap.low:+.2f} to {gap.high:+.2f}."
        if gap.low <= 0 <= gap.high:
            return f"{spoken} It holds 0: these numbers do not show on which side the rate is lower."
        return f"{spoken} It does not hold 0."

    def _draw(self) -> None:
        table = self.table()
        title = "Both rates, and the gap between them."
        picture = intervals(table, "estimate", title=title, xlabel="rate, and gap between the rates", reference=0)
        self._view.value = f"<p>{escape(self.sentence())}</p>" + picture._repr_html_()


class CoverageExplorer(widgets.VBox):
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
        layout = {"style": {"description_width": "16em"}, "layout": widgets.Layout(width="40em")}
        self._alpha = widgets.FloatSlider(
            value=alpha, min=0.01, max=0.5, step=0.01, description="alpha", continuous_update=False, **layout
        )
        self._rows = widgets.IntSlider(
            value=available, min=1, max=available, description=f"calibration rows: {small}", continuous_update=False,
            **layout,
        )  # fmt: skip
        self._view = widgets.HTML()
        for slider in (self._alpha, self._rows):
            slider.observe(lambda _: self._draw(), "value")
        self._draw()
        super().__init__([self._alpha, self._rows, self._view])

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

    def _draw(self) -> None:
        reports = self.reports()
        promised = 1 - self._alpha.value
        title = "Who is covered, and by how large a set?"
        picture = coverage_and_size(reports, promised=promised, title=title, unit=self._unit)
        rows = next(iter(reports.values()))["calibration rows"].astype(int)
        limits = pd.DataFrame(
            {"calibration rows": rows} | {way: report["threshold"] for way, report in reports.items()}
        )
        text = limits.to_html(border=0, float_format=_threshold, na_rep="–")
        self._view.value = picture._repr_html_() + text.replace("<table", f'<table style="{ROOMY}"')


def _threshold(value: float) -> str:
    return "infinite" if np.isinf(value) else f"{value:.3f}"


class SimilarityExplorer(widgets.VBox):
    """One weight for each feature and one bound: which people count as similar, and which pairs are then violations?

    Parameters
    ----------
    features : DataFrame
        What similarity may rest on, one row per person, scaled.
    scores : array of shape (n,)
        The model's scores, between 0 and 1.
    lipschitz : float, default 0.2
        Where the bound begins.
    """

    def __init__(self, features: pd.DataFrame, scores: np.ndarray, *, lipschitz: float = 0.2):
        self._features, self._scores = features, np.asarray(scores, dtype=float)
        self._weights = {name: self._slider(f"weight of {name}", 1.0, 2.0) for name in features}
        self._lipschitz = self._slider("L, the bound", lipschitz, 0.5)
        self._view = widgets.HTML()
        sliders = [*self._weights.values(), self._lipschitz]
        for slider in sliders:
            slider.observe(lambda _: self._draw(), "value")
        self._draw()
        super().__init__([*sliders, self._view])

    @staticmethod
    def _slider(name: str, start: float, most: float) -> widgets.FloatSlider:
        return widgets.FloatSlider(
            value=start,
            min=0,
            max=most,
            step=most / 20,
            description=name,
            continuous_update=False,
            readout_format=".2f",
            style={"description_width": "14em"},
            layout=widgets.Layout(width="36em"),
        )

    def violations(self) -> pd.DataFrame:
        """The pairs beyond the bound, as things stand."""
        return lipschitz_violations(self._weighted(), self._scores, lipschitz=self._lipschitz.value)

    def _weighted(self) -> np.ndarray:
        return self._features.to_numpy(dtype=float) * [slider.value for slider in self._weights.values()]

    def _draw(self) -> None:
        distance, gap = pdist(self._weighted()), pdist(self._scores[:, None])
        found = len(self.violations())
        title = f"{found:,} of {len(gap):,} pairs are treated more differently than the bound allows."
        self._view.value = pairs(distance, gap, lipschitz=self._lipschitz.value, title=title)._repr_html_()


class PlattExplorer(widgets.VBox):
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
        wide = {
            "continuous_update": False,
            "style": {"description_width": "12em"},
            "layout": widgets.Layout(width="36em"),
        }
        self._slopes = {
            group: widgets.FloatSlider(
                value=1, min=0.1, max=3, step=0.1, description=f"slope, {group}", readout_format=".1f", **wide
            )
            for group in np.unique(self._groups).tolist()
        }
        self._bins = widgets.IntSlider(value=10, min=1, max=20, description="number of bins", **wide)
        self._view = widgets.HTML()
        sliders = [*self._slopes.values(), self._bins]
        for slider in sliders:
            slider.observe(lambda _: self._draw(), "value")
        self._draw()
        super().__init__([*sliders, self._view])

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

    def _draw(self) -> None:
        scores = self.scores()
        pool = expected_calibration_error(self._y_true, scores, n_bins=self._bins.value)
        drawn = reliability_table(self._y_true, scores, sensitive_features=self._groups, n_bins=self._bins.value)
        picture = reliability_diagram(drawn, title=f"Do the scores come true? ECE of everyone: {pool:.3f}")
        numbers = self.table().to_html(border=0, float_format="{:.3f}".format)
        self._view.value = picture._repr_html_() + numbers.replace("<table", f'<table style="{ROOMY}"')
