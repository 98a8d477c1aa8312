"""The weight of fairness in a learned representation, the number of prototypes, and what both lead to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evenodds.explorers.explorer import Explorer, roomy, slider, whole_slider
from evenodds.plots import rates_by_group
from evenodds.postprocessing import expected_rates
from evenodds.preprocessing import LearnedFairRepresentations


class RepresentationExplorer(Explorer):
    """How alike groups use prototypes, and the decisions that follow: the learner's own, and another model's.

    Parameters
    ----------
    X : array-like, shape (n, d)
        Scaled features of the people to learn from.
    y : array-like of 0 and 1, shape (n,)
        Their labels.
    groups : array-like, shape (n,)
        Their groups.
    new_X, new_y, new_groups
        The same for people to judge by.
    fairness_weight : float, default 0
        Where the first slider begins.
    n_prototypes : int, default 2
        Where the second slider begins.
    reconstruct_weight : float, default 0.1
        A_x; A_y is 1.
    """

    def __init__(
        self,
        X: ArrayLike,
        y: ArrayLike,
        groups: ArrayLike,
        new_X: ArrayLike,
        new_y: ArrayLike,
        new_groups: ArrayLike,
        *,
        fairness_weight: float = 0.0,
        n_prototypes: int = 2,
        reconstruct_weight: float = 0.1,
    ):
        self._learn, self._new = (X, y, groups), (new_X, np.asarray(new_y), np.asarray(new_groups))
        self._reconstruct_weight = reconstruct_weight
        self._fairness = slider("A_z, the weight of fairness", fairness_weight, 0, 30, 0.1)
        self._prototypes = whole_slider("K, the number of prototypes", n_prototypes, 2, 8)
        super().__init__([self._fairness, self._prototypes])

    def reports(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the groups' mean memberships, and for both models each group's rates and everyone's AUC."""
        X, y, groups = self._learn
        new_X, new_y, new_groups = self._new
        A_z = round(self._fairness.value, 6)  # a slider's steps add up to 2.5000000000000004
        learner = LearnedFairRepresentations(
            self._prototypes.value, self._reconstruct_weight, 1.0, A_z, random_state=0
        ).fit(X, y, sensitive_features=groups)
        M = np.asarray(learner.transform(new_X))
        other = LogisticRegression(C=100, max_iter=1000).fit(learner.transform(X), y)
        scores = {
            "the learner's own": learner.predict_proba(new_X)[:, 1],
            "another model on the profiles": other.predict_proba(M)[:, 1],
        }
        columns = [f"prototype {k + 1}" for k in range(M.shape[1])]
        means = pd.DataFrame(M, columns=columns).groupby(new_groups).mean()
        return means, pd.DataFrame({name: self._row(s, new_y, new_groups) for name, s in scores.items()}).T

    @staticmethod
    def _row(scores: np.ndarray, y: np.ndarray, groups: np.ndarray) -> dict[str, Any]:
        rates = expected_rates(y, (scores >= 0.5).astype(int), sensitive_features=groups)
        tpr = rates["true_positive_rate"]
        return {
            **{f"TPR, {group}": value for group, value in tpr.items()},
            "TPR gap": tpr.max() - tpr.min(),
            "AUC": roc_auc_score(y, scores),
        }

    def _html(self) -> str:
        means, decisions = self.reports()
        gap = float((means.max() - means.min()).mean())
        title = f"The mean shares of the groups differ by {gap:.3f} on average."
        return rates_by_group(means, title=title)._repr_html_() + roomy(decisions)
