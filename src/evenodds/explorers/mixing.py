"""Chances of two groups' decisions, and the rates that follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evenodds.explorers.explorer import Explorer, paragraph, roomy, slider
from evenodds.plots import reachable_rates
from evenodds.postprocessing import expected_rates

_ROUNDING = 1e-9


class MixingExplorer(Explorer):
    """For each group, the chance that a yes stays a yes and that a no becomes one: where do its rates go?

    Parameters
    ----------
    y_true, y_pred : array-like of 0 and 1, shape (n,)
        Labels and decisions.
    sensitive_features : array-like, shape (n,)
        Group labels.
    p1, p0 : float
        Where the chances begin.
    """

    def __init__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sensitive_features: ArrayLike,
        p1: float = 0.9,
        p0: float = 0.1,
    ):
        self._y_true, self._y_pred = np.asarray(y_true), np.asarray(y_pred)
        names, self._codes = np.unique(np.asarray(sensitive_features), return_inverse=True)
        self._groups = names[self._codes]
        self._now = self._rates_of(self._y_pred.astype(float))
        self._sliders = [
            slider(f"{text}, {name}", start)
            for name in names
            for text, start in (("yes stays yes", p1), ("no becomes yes", p0))
        ]
        super().__init__(self._sliders)

    def chances(self) -> np.ndarray:
        """Everyone's chance of a yes, as things stand."""
        chance = np.reshape([each.value for each in self._sliders], (-1, 2))
        return chance[self._codes, 1 - self._y_pred]

    def rates(self) -> pd.DataFrame:
        """The expected rates of each group, as things stand."""
        return self._rates_of(self.chances())

    def error(self) -> float:
        """The expected share of wrong decisions among everyone."""
        return float(np.abs(self._y_true - self.chances()).mean())

    def sentence(self) -> str:
        """What the settings lead to, in words."""
        tpr, fpr = (np.ptp(self.rates()[name].to_numpy()) for name in ("true_positive_rate", "false_positive_rate"))
        equal = max(tpr, fpr) < _ROUNDING
        gaps = "Both rates are equal." if equal else f"The TPRs are {tpr:.3f} apart, the FPRs {fpr:.3f}."
        return f"{gaps} Expected share of wrong decisions: {self.error():.3f}."

    def _rates_of(self, chance: np.ndarray) -> pd.DataFrame:
        return expected_rates(self._y_true, chance, sensitive_features=self._groups)

    def _html(self) -> str:
        rates = self.rates()
        picture = reachable_rates(self._now, rates, title="Coins move each group within its own region.")
        shown = rates[["true_positive_rate", "false_positive_rate", "selection_rate"]]
        return paragraph(self.sentence()) + roomy(shown) + picture._repr_html_()
