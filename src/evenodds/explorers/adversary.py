"""How strongly the adversary counts, what it reads and the seed: what the game ends with."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from evenodds.explorers.explorer import Explorer, roomy, slider, whole_slider
from evenodds.inprocessing.adversarial import AdversarialDebiasing
from evenodds.metrics import MetricFrame, accuracy, false_positive_rate, selection_rate, true_positive_rate
from evenodds.plots.adversary import game

READINGS = {
    "the score": "demographic_parity",
    "the score and the label": "equalized_odds",
    "the score, of people with label 1": "equal_opportunity",
}


class AdversaryExplorer(Explorer):
    """α, what the adversary reads and a seed: the losses of the game, and an audit of people it has not seen.

    Parameters
    ----------
    X, y, group : array-like
        Features of similar scale, labels 0 and 1, and two groups, of the people to train on.
    new_X, new_y, new_group : array-like
        The same of the people to audit.
    options : Any
        Further parameters of `AdversarialDebiasing`.
    """

    def __init__(
        self,
        X: ArrayLike,
        y: ArrayLike,
        group: ArrayLike,
        new_X: ArrayLike,
        new_y: ArrayLike,
        new_group: ArrayLike,
        **options: Any,
    ):
        self._train = np.asarray(X, dtype=float), np.asarray(y), np.asarray(group)
        self._test = np.asarray(new_X, dtype=float), np.asarray(new_y), np.asarray(new_group)
        self._options = options
        self._alpha = slider("α", 1, 0, 5, step=0.25)
        self._reads = widgets.Dropdown(
            options=[*READINGS],
            description="the adversary reads",
            style={"description_width": "16em"},
            layout={"width": "40em"},
        )
        self._seed = whole_slider("seed", 1, 0, 9)
        super().__init__([self._alpha, self._reads, self._seed])

    def play(self) -> AdversarialDebiasing:
        """The game as the controls stand; without projection if α is 0, so that the adversary is ignored."""
        X, y, group = self._train
        model = AdversarialDebiasing(
            constraints=READINGS[self._reads.value],
            alpha=self._alpha.value,
            projection=self._alpha.value > 0,
            random_state=self._seed.value,
            **self._options,
        )
        return model.fit(X, y, sensitive_features=group)

    def audit(self, model: AdversarialDebiasing) -> pd.Series:
        """Gaps (last group minus first), accuracy, and the AUC of a fresh tree that tells the group from the scores."""
        X, y, group = self._test
        rates = {"selection": selection_rate, "TPR": true_positive_rate, "FPR": false_positive_rate}
        frame = MetricFrame(
            metrics={**rates, "accuracy": accuracy}, y_true=y, y_pred=model.predict(X), sensitive_features=group
        )
        by_group = frame.by_group.sort_index()
        found = {f"{name} gap": by_group[name].iloc[-1] - by_group[name].iloc[0] for name in rates}
        found |= {"accuracy": frame.overall["accuracy"]}
        seen, _, members = self._train
        tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=20, random_state=0)
        tree.fit(model.decision_function(seen)[:, np.newaxis], members == np.unique(members)[-1])
        guess = tree.predict_proba(model.decision_function(X)[:, np.newaxis])[:, 1]
        return pd.Series(found | {"judge's AUC": roc_auc_score(group == np.unique(members)[-1], guess)})

    def _html(self) -> str:
        model = self.play()
        picture = game({f"α = {self._alpha.value:g}": model.history_}, title="How the game went", n_groups=2)
        return picture._repr_html_() + roomy(self.audit(model).to_frame().T, index=False)
