"""The weight of a penalty: what a smaller gap does to the coefficients, to new people and to accuracy."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evenodds.explorers.explorer import Explorer, paragraph, roomy, slider
from evenodds.inprocessing import FairLogisticRegression
from evenodds.metrics import MetricFrame, accuracy, selection_rate, true_positive_rate
from evenodds.plots import rates_by_group

_MEANINGS = {"everyone": "demographic_parity", "people with label 1": "equal_opportunity"}


class PenaltyExplorer(Explorer):
    """A penalty's weight and whose mean scores it compares; beneath, rates of people the model has not seen.

    Parameters
    ----------
    X, X_new : DataFrame
        Scaled columns of the people to learn from, and of the people to audit.
    y, y_new : array-like of 0 and 1
    group, group_new : array-like
        Each person's group.
    """

    def __init__(
        self,
        X: pd.DataFrame,
        y: ArrayLike,
        group: ArrayLike,
        X_new: pd.DataFrame,
        y_new: ArrayLike,
        group_new: ArrayLike,
    ):
        self._learn = X, np.asarray(y), np.asarray(group)
        self._new = X_new, np.asarray(y_new), np.asarray(group_new)
        self._weight = slider("λ, weight of the gap", 10, 0, 30, step=0.5)
        self._among = widgets.Dropdown(
            options=[*_MEANINGS],
            value="people with label 1",
            description="gap in mean scores of",
            style={"description_width": "16em"},
            layout={"width": "40em"},
        )
        super().__init__([self._weight, self._among])

    def model(self) -> FairLogisticRegression:
        """The model under the settings as they stand."""
        X, y, group = self._learn
        model = FairLogisticRegression(_MEANINGS[self._among.value], penalty_weight=self._weight.value)
        return model.fit(X, y, sensitive_features=group)

    def rates(self, model: FairLogisticRegression) -> pd.DataFrame:
        """Selection rate, true positive rate and accuracy of each group among the new people."""
        X, y, group = self._new
        wanted = {"selection rate": selection_rate, "true positive rate": true_positive_rate, "accuracy": accuracy}
        frame = MetricFrame(metrics=wanted, y_true=y, y_pred=model.predict(X), sensitive_features=group)
        return frame.by_group

    def _html(self) -> str:
        model = self.model()
        rates = self.rates(model)
        X, y, _ = self._new
        gap = np.ptp(rates["true positive rate"])
        picture = rates_by_group(
            rates, title=f"λ = {self._weight.value:g}: the gap in true positive rates is {gap:.3f}"
        )
        said = (
            f"Gap in mean scores while learning: {model.gap_:.3f}. "
            f"Accuracy for new people: {(model.predict(X) == y).mean():.3f}."
        )
        weights = pd.DataFrame(model.coef_, columns=X.columns, index=["weight of the column"])
        return picture._repr_html_() + paragraph(said) + roomy(weights)
