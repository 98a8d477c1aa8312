"""The price of a constraint: what it does to labels and weights, and what a learner then decides."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from evenodds.explorers.explorer import Explorer, paragraph, roomy, slider
from evenodds.inprocessing import DemographicParity, TruePositiveRateParity
from evenodds.metrics import MetricFrame, accuracy, selection_rate, true_positive_rate
from evenodds.plots import rates_by_group

_COUNTED = {"everyone": DemographicParity, "people with label 1": TruePositiveRateParity}


class PriceExplorer(Explorer):
    """A price on selecting the first group too often; beneath, new labels, weights, and the rates that follow.

    Parameters
    ----------
    X : DataFrame
        Columns for the learner, a logistic regression.
    y : array-like of 0 and 1
    sensitive_features : array-like
        Each person's group.
    """

    def __init__(self, X: pd.DataFrame, y: ArrayLike, *, sensitive_features: ArrayLike):
        self._X, self._y, self._groups = X, np.asarray(y), np.asarray(sensitive_features)
        first = np.unique(self._groups)[0]
        look: dict[str, Any] = {"style": {"description_width": "16em"}, "layout": {"width": "40em"}}
        self._price = slider(f"price on group {first}", 0, -2, 2, 0.1)
        self._counted = widgets.Dropdown(options=[*_COUNTED], description="rates are equal among", **look)
        super().__init__([self._price, self._counted])

    def signed_weights(self) -> NDArray[np.float64]:
        """What selecting each person is worth, under the settings as they stand."""
        constraint = _COUNTED[self._counted.value]()
        moments = constraint.moments(self._y, sensitive_features=self._groups)
        prices = np.zeros(len(moments.index))
        prices[0 if self._price.value > 0 else len(prices) // 2] = abs(self._price.value)
        return moments.signed_weights(prices) + moments.error_weights()

    def relabelled(self) -> pd.DataFrame:
        """For each group and label: how many people, their new label, and the weight of each."""
        worth = self.signed_weights()
        table = pd.DataFrame({"group": self._groups, "label": self._y, "new": (worth > 0).astype(int), "w": abs(worth)})
        cells = table.groupby(["group", "label"])
        return pd.DataFrame({"people": cells.size(), "new label": cells["new"].first(), "weight": cells["w"].first()})

    def rates(self) -> pd.DataFrame:
        """Each group's rates under the learner's answer, on the people it learned from."""
        worth = self.signed_weights()
        labels = (worth > 0).astype(int)
        learner = LogisticRegression(max_iter=2000) if labels.min() < labels.max() else DummyClassifier()
        decisions = learner.fit(self._X, labels, sample_weight=np.abs(worth)).predict(self._X)
        wanted = {"selection rate": selection_rate, "true positive rate": true_positive_rate, "accuracy": accuracy}
        return MetricFrame(metrics=wanted, y_true=self._y, y_pred=decisions, sensitive_features=self._groups).by_group

    def _html(self) -> str:
        rates, cells = self.rates(), self.relabelled()
        gap = float(np.ptp(rates["selection rate"]))
        title = f"price {self._price.value:.1f}: the gap in selection rates is {gap:.2f}"
        turned = int(cells["people"][cells["new label"] != cells.index.get_level_values("label")].sum())
        said = f"{turned:,} of {len(self._y):,} labels are turned."
        return rates_by_group(rates, title=title)._repr_html_() + paragraph(said) + roomy(cells.reset_index())
