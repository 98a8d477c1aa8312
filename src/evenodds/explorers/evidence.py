"""Numbers of people, and how far apart their groups' rates may truly be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evenodds.explorers.explorer import Explorer, paragraph, slider, whole_slider
from evenodds.plots import intervals
from evenodds.uncertainty import wilson_interval


class EvidenceExplorer(Explorer):
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
        self._people = [whole_slider(f"people, {name}", n, 2, 1000) for name, n in zip(names, people, strict=True)]
        self._rates = [slider(f"rate, {name}", rate) for name, rate in zip(names, rates, strict=True)]
        super().__init__([*self._people, *self._rates])

    def table(self) -> pd.DataFrame:
        """The Wilson interval of both rates, and Newcombe's of the gap between them."""
        n, n0 = (slider.value for slider in self._people)
        k, k0 = (round(slider.value * m) for slider, m in zip(self._rates, (n, n0), strict=True))
        (low, high), (low0, high0) = wilson_interval(k, n), wilson_interval(k0, n0)
        r, r0 = k / n, k0 / n0
        gap = (r - r0, r - r0 - np.hypot(r - low, high0 - r0), r - r0 + np.hypot(high - r, r0 - low0), min(n, n0))
        rows = [(r, low, high, n), (r0, low0, high0, n0), gap]
        return pd.DataFrame(rows, index=[*self._names, "gap"], columns=["estimate", "low", "high", "n"])

    def sentence(self) -> str:
        """What the gap's interval says, in words."""
        gap = self.table().loc["gap"]
        spoken = f"The gap is {gap.estimate:+.2f}, its interval goes from {gap.low:+.2f} to {gap.high:+.2f}."
        if gap.low <= 0 <= gap.high:
            return f"{spoken} It holds 0: these numbers do not show on which side the rate is lower."
        return f"{spoken} It does not hold 0."

    def _html(self) -> str:
        title, xlabel = "Both rates, and the gap between them.", "rate, and gap between the rates"
        caption = "Dashed line: no gap. Filled or hollow matters for the gap only; its n is the smaller group's."
        picture = intervals(self.table(), "estimate", title=title, xlabel=xlabel, reference=0, caption=caption)
        return paragraph(self.sentence()) + picture._repr_html_()
