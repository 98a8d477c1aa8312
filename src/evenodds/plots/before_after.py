"""Each group before and after a mitigation: who moves, in which direction, and whether anybody rises."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, called, head_all, key, panels, spoken
from evenodds.tradeoffs.words import harm_and_groups

_CLOSE = 0.03


def before_after(table: pd.DataFrame, *, title: str = "", caption: str = "") -> Picture:
    """Arrows from before to after, one row a group, beside each other for the harm's rate and the selection rate.

    Parameters
    ----------
    table : DataFrame
        What `evenodds.tradeoffs.before_after` returned.
    title : str, optional
        What to see, as a sentence. Without it, what became of the harm's gap.
    caption : str, optional
        How to read it.
    """
    harm, of_harm = harm_and_groups(table)
    rates = list(dict.fromkeys([harm, "selection_rate", "true_positive_rate"]))[:2]
    first, last = (spoken(table[when][(harm, "harm gap")]) for when in ("before", "after"))
    title = title or f"{_words(harm)}: the gap goes from {first} to {last}."
    figure, grid = panels(1, 2, height=1.6 + 0.6 * len(of_harm), sharey=True, sharex=True)
    said = []
    for axes, rate in zip(grid[0], rates, strict=True):
        rows = [table.loc[(rate, group)] for group in of_harm.index]
        for y, row in enumerate(rows):
            _arrow(axes, y, float(row["before"]), float(row["after"]))
        axes.set_xlabel(_words(rate).lower())
        moves = (
            f"{called(group)} {spoken(row['before'])} to {spoken(row['after'])}"
            for group, row in zip(of_harm.index, rows, strict=True)
        )
        said.append(f"{_words(rate)}: {', '.join(moves)}")
    axes = grid[0, 0]
    axes.set_xlim(-0.03, 1.03)
    axes.set_yticks(range(len(of_harm)), [called(group) for group in of_harm.index])
    axes.set_ylim(len(of_harm) - 0.5, -0.6)
    key(figure, axes, ncols=2)
    head_all(figure, title)
    return Picture(figure, f"Arrows from before to after, one row a group. {title} {'; '.join(said)}.", caption)


def _arrow(axes: Axes, y: int, before: float, after: float) -> None:
    """Draw a group's move: hollow circle, line, filled diamond, and both numbers."""
    first = y == 0
    if not np.isfinite(before + after):
        axes.text(0.5, y, f"{spoken(before)} to {spoken(after)}", ha="center", va="center", fontsize=9)
        return
    if abs(before - after) >= _CLOSE:
        axes.annotate("", (after, y), (before, y), arrowprops={"arrowstyle": "->", "color": "0.3", "linewidth": 1.5})
    axes.plot(
        before, y, "o", markersize=9, color=COLOURS[0], markerfacecolor="white", label="before" if first else None
    )
    axes.plot(after, y, "D", markersize=8, color=COLOURS[5], label="after" if first else None)
    for x, number, side in _numbers(before, after):
        axes.annotate(number, (x, y), xytext=(0, 8), textcoords="offset points", ha=side, fontsize=9)


def _numbers(before: float, after: float) -> list[tuple[float, str, str]]:
    """Where each number stands, what it says and how it is aligned; close ones would overlap, and share a place."""
    if abs(before - after) < _CLOSE:
        numbers = dict.fromkeys([spoken(before), spoken(after)])
        return [((before + after) / 2, " to ".join(numbers), "center")]
    low, high = sorted([before, after])
    return [(low, spoken(low), "right"), (high, spoken(high), "left")]


def _words(rate: str) -> str:
    return rate.replace("_", " ").capitalize()
