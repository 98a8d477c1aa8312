"""What the numbers of people allow to say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, called, canvas, spoken

MOST_NAMED = 30


def intervals(
    table: pd.DataFrame, value: str, *, title: str, xlabel: str, reference: float | None = None, caption: str = ""
) -> Picture:
    """One row a group: a value, its interval, and how many people it rests on.

    Groups whose interval leaves out the reference have a filled marker, the others a hollow one. Of more than 30
    groups, only those with a filled marker are named, and of close neighbours only the first.

    Parameters
    ----------
    table : DataFrame
        One row a group; columns `value`, ``low``, ``high`` and ``n``, as `evenodds.uncertainty.disparity_tests` gives.
    value : str
        The column to draw.
    title : str
        What to see, as a sentence.
    xlabel : str
        What the value is.
    reference : float, optional
        Where to draw a line: 0 for differences, the promised coverage for coverage.
    caption : str, optional
        How to read it.
    """
    rows = list(zip(table.index, *(table[column] for column in (value, "low", "high", "n")), strict=True))
    many = len(rows) > MOST_NAMED
    figure, axes = canvas(title, height=min(1.3 + 0.38 * len(rows), 8))
    if reference is not None:
        axes.axvline(reference, color="0.4", linestyle="--", linewidth=1)
    beside = axes.get_yaxis_transform()
    ends: dict[str, Any] = {} if many else {"marker": "|", "markersize": 11}  # seen where the interval is narrow
    ticks: dict[int, str] = {}
    said, outside = [], 0
    for y, (group, v, low, high, n) in enumerate(rows):
        away = reference is not None and (low > reference or high < reference)
        outside += away
        if np.isfinite(v):
            fill = COLOURS[0] if away else "white"
            axes.plot([low, high], [y, y], color="black", linewidth=1.5, **ends)
            axes.plot(v, y, "o", markersize=4 if many else 7, color=COLOURS[0], markerfacecolor=fill)
        else:
            axes.text(0.5, y, "undefined", transform=beside, ha="center", va="center", fontsize=9)
        if not many or (away and y - max(ticks, default=-3) >= 3):
            ticks[y] = called(group)
            axes.text(1.02, y, f"n = {n:,.0f}", transform=beside, va="center", fontsize=9)
        between = f" ({spoken(low)} to {spoken(high)}, n {n:,.0f})" if np.isfinite(v) else f" (n {n:,.0f})"
        said.append(f"{called(group)} {spoken(v)}{between}")
    axes.set_yticks([*ticks], [*ticks.values()])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(xlabel)
    line = "" if reference is None else f" {outside} of {len(rows)} leave out {spoken(reference)}."
    listed, lead = said, ""
    if many:
        listed = [said[int(i)] for i in (np.nanargmin(table[value]), np.nanargmax(table[value]))]
        lead = f"{len(rows)} groups, the lowest and the highest of which are "
    return Picture(figure, f"Intervals of {xlabel}, one row a group. {title} {lead}{'; '.join(listed)}.{line}", caption)
