"""Base rates, precision and misses, and the false positive rates that they imply."""

from __future__ import annotations

import pandas as pd

from evenodds.explorers.explorer import Explorer, paragraph, slider
from evenodds.impossibility import implied_false_positive_rate
from evenodds.plots import rates_by_group

_ROUNDING = 1e-9


class ImpossibilityExplorer(Explorer):
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
        self._sliders = [slider(name, start, 0.01, 0.99) for name, start in starts.items()]
        super().__init__(self._sliders)

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

    def _html(self) -> str:
        table = self.rates()
        title = "Equal precision, equal misses: the false positive rates follow."
        picture = rates_by_group(table.where(table <= 1 + _ROUNDING), title=title)
        return paragraph(self.sentence()) + picture._repr_html_()
