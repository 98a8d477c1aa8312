"""Weights of features, and which people then are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

from evenodds.explorers.explorer import Explorer, slider
from evenodds.individual import lipschitz_violations
from evenodds.plots import pairs


class SimilarityExplorer(Explorer):
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
        self._weights = [slider(f"weight of {name}", 1, most=2, step=0.1) for name in features]
        self._lipschitz = slider("L, the bound", lipschitz, most=0.5)
        super().__init__([*self._weights, self._lipschitz])

    def violations(self) -> pd.DataFrame:
        """The pairs beyond the bound, as things stand."""
        return lipschitz_violations(self._weighted(), self._scores, lipschitz=self._lipschitz.value)

    def _weighted(self) -> np.ndarray:
        return self._features.to_numpy(dtype=float) * [weight.value for weight in self._weights]

    def _html(self) -> str:
        distance, gap = pdist(self._weighted()), pdist(self._scores[:, None])
        found = len(self.violations())
        title = f"{found:,} of {len(gap):,} pairs are treated more differently than the bound allows."
        return pairs(distance, gap, lipschitz=self._lipschitz.value, title=title)._repr_html_()
