"""How far to repair, and what becomes of the same repair in different worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evenodds.datasets import Dataset
from evenodds.explorers.explorer import Explorer, roomy, slider
from evenodds.metrics import MetricFrame, accuracy, positive_predictive_value, true_positive_rate
from evenodds.plots import cumulative
from evenodds.preprocessing import DisparateImpactRemover


class RepairExplorer(Explorer):
    """One slider, the repair level; beneath, a feature's distribution by group, and the rates of a model trained anew.

    Parameters
    ----------
    worlds : mapping from str to Dataset
        Data with a split, by name. Every feature is repaired, a logistic regression learns from the training rows, and
        is judged on the test rows.
    attribute : str
        The sensitive column that the repair is for.
    feature : str
        The feature to draw.
    start : float, default 0
        The repair level at the beginning.
    """

    def __init__(self, worlds: Mapping[str, Dataset], *, attribute: str, feature: str, start: float = 0.0):
        self._attribute, self._feature, self._worlds = attribute, feature, dict(worlds)
        self._full = {name: _fully_repaired(world, attribute) for name, world in self._worlds.items()}
        self._level = slider("repair level λ", start, step=0.05)
        super().__init__([self._level])

    def features(self, name: str) -> pd.DataFrame:
        """The features of one world, repaired as far as the slider says."""
        level = self._level.value
        return (1 - level) * self._worlds[name].X + level * self._full[name]

    def rates(self) -> pd.DataFrame:
        """One row a world: true positive rate and precision by group, the largest gap of the former, and accuracy."""
        return pd.DataFrame({name: self._row(name) for name in self._worlds}).T

    def _row(self, name: str) -> pd.Series:
        world = replace(self._worlds[name], X=self.features(name))
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(world.X_train, world.y_train)
        frame = MetricFrame(
            metrics={"TPR": true_positive_rate, "precision": positive_predictive_value, "accuracy": accuracy},
            y_true=world.y_test,
            y_pred=model.predict(world.X_test),
            sensitive_features=world.test.sensitive[self._attribute],
        )
        by_group = {
            f"{rate}, {group}": frame.by_group.loc[group, rate]
            for rate in ("TPR", "precision")
            for group in frame.by_group.index
        }
        everyone = {"TPR, largest gap": frame.difference()["TPR"], "accuracy": frame.overall["accuracy"]}
        return pd.Series(by_group | everyone)

    def _html(self) -> str:
        tested = {
            name: (
                replace(world, X=self.features(name)).X_test[self._feature],
                world.test.sensitive[self._attribute],
            )
            for name, world in self._worlds.items()
        }
        title = f"Repair level {self._level.value:.2f}."
        picture = cumulative(tested, title=title, xlabel=self._feature.replace("_", " "))
        return picture._repr_html_() + roomy(self.rates())


def _fully_repaired(world: Dataset, attribute: str) -> pd.DataFrame:
    """Every row at repair level 1, by the distributions of the training rows."""
    groups = world.sensitive[attribute]
    remover = DisparateImpactRemover().fit(world.X_train, sensitive_features=world.train.sensitive[attribute])
    return pd.DataFrame(
        remover.transform(world.X, sensitive_features=groups), index=world.X.index, columns=np.asarray(world.X.columns)
    )
