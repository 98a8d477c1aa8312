"""How strongly labels are weighted, and how little or how much of that reaches a model's decisions."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evenodds.datasets.dataset import Dataset
from evenodds.explorers.explorer import Explorer, slider
from evenodds.metrics import MetricFrame, selection_rate, true_positive_rate
from evenodds.plots import rates_by_group
from evenodds.preprocessing import reweighing_weights


class ReweighingExplorer(Explorer):
    """The strength s of the weights ``w ** s``, and whether the model sees the group.

    A logistic regression is trained anew at every move. At strength 0 everybody counts once; at 1 the weighted labels
    are at parity; beyond, the weights overshoot.

    Parameters
    ----------
    data : Dataset
        With a split, and features that are numbers.
    attribute : str
        The column of ``data.sensitive`` with the groups.
    """

    def __init__(self, data: Dataset, attribute: str):
        self._train, self._test, self._attribute = data.train, data.test, attribute
        self._weights = reweighing_weights(self._train.y, sensitive_features=self._train.sensitive[attribute])
        self._strength = slider("strength of the weights", 1, 0, 4, step=0.25)
        self._sees = widgets.Checkbox(value=False, description="the model sees the group")
        super().__init__([self._strength, self._sees])

    def table(self) -> pd.DataFrame:
        """Each group's weighted label rate in training, and its rates on people the model has not seen."""
        weights = self._weights**self._strength.value
        model = make_pipeline(StandardScaler(), LogisticRegression())
        model.fit(self._columns(self._train), self._train.y, logisticregression__sample_weight=weights)
        labels, groups = self._train.y.to_numpy(), self._train.sensitive[self._attribute].to_numpy()
        frame = MetricFrame(
            metrics={"selected": selection_rate, "TPR": true_positive_rate},
            y_true=self._test.y.to_numpy(),
            y_pred=model.predict(self._columns(self._test)),
            sensitive_features=self._test.sensitive[self._attribute].to_numpy(),
        ).by_group
        weighted = {g: np.average(labels[groups == g], weights=weights[groups == g]) for g in frame.index}
        frame.insert(0, "weighted labels", pd.Series(weighted))
        return frame.rename_axis(self._attribute)

    def _columns(self, part: Dataset) -> pd.DataFrame:
        """The features, and the group's columns if the model sees the group."""
        groups = pd.get_dummies(part.sensitive[self._attribute], dtype=float)
        return part.X.join(groups) if self._sees.value else part.X

    def _html(self) -> str:
        table = self.table()
        apart = table.max() - table.min()
        title = (
            f"Apart: weighted labels {apart['weighted labels']:.2f}, "
            f"selected {apart['selected']:.2f}, TPR {apart['TPR']:.2f}."
        )
        return rates_by_group(table, title=title)._repr_html_()
