"""Rates side by side, and the people behind them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evenodds.plots.picture import Picture
from evenodds.plots.style import bar_style, called, canvas, key, spoken


def rates_by_group(
    table: pd.DataFrame, *, title: str, caption: str = "", names: Mapping[str, str] | None = None
) -> Picture:
    """Bars of every rate in `table`, side by side for its groups.

    Parameters
    ----------
    table : DataFrame
        One row a group, one column a rate between 0 and 1, as `MetricFrame.by_group` gives it.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    names : mapping of str to str, optional
        How to call the columns.
    """
    figure, axes = canvas(title, height=3.6)
    groups, rates = [called(g) for g in table.index], list(table.columns)
    width = 0.8 / len(groups)
    for i, group in enumerate(groups):
        places = np.arange(len(rates)) - 0.4 + width * (i + 0.5)
        heights = table.iloc[i].to_numpy(dtype=float)
        axes.bar(places, heights, width * 0.92, label=group, **bar_style(i))
        for x, height in zip(places, heights, strict=True):
            if np.isfinite(height):
                axes.annotate(f"{height:.2f}", (x, height), ha="center", va="bottom", fontsize=9)
            else:
                axes.annotate("undefined", (x, 0.02), ha="center", va="bottom", fontsize=8, rotation=90)
    labels = [(names or {}).get(r, str(r).replace("_", " ")) for r in rates]
    axes.set_xticks(range(len(rates)), labels)
    axes.set_ylim(0, 1.08)
    key(figure, axes, ncols=len(groups))
    values = "; ".join(
        f"{label}: " + ", ".join(f"{g} {spoken(v)}" for g, v in zip(groups, table[rate], strict=True))
        for label, rate in zip(labels, rates, strict=True)
    )
    return Picture(figure, f"Bar chart. {title} {values}.", caption)


def outcomes(counts: pd.DataFrame, *, title: str, caption: str = "") -> Picture:
    """For each group one bar of people, split by label and decision: who was right to be selected, and was.

    Parameters
    ----------
    counts : DataFrame
        One row a group; columns ``tp``, ``fn``, ``fp``, ``tn``: numbers of people.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    """
    words = {
        "tp": "label 1, selected",
        "fn": "label 1, turned away",
        "fp": "label 0, selected",
        "tn": "label 0, turned away",
    }
    figure, axes = canvas(title, height=0.8 + 0.8 * len(counts))
    shares = counts[list(words)].div(counts[list(words)].sum(axis=1), axis=0)
    left = np.zeros(len(counts))
    for i, (cell, label) in enumerate(words.items()):
        widths = shares[cell].to_numpy()
        axes.barh(range(len(counts)), widths, left=left, label=label, **bar_style(i))
        for row, (width, start, n) in enumerate(zip(widths, left, counts[cell], strict=True)):
            if n:
                place, side = (row, "center") if width > 0.04 else (row - 0.4, "bottom")
                axes.text(
                    start + width / 2, place, f"{n:.0f}", ha="center", va=side, fontsize=9,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
                )  # fmt: skip
        left += widths
    axes.set_yticks(range(len(counts)), [called(g) for g in counts.index])
    axes.set_ylim(len(counts) - 0.5, -0.75)
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the group")
    axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.55 / max(len(counts) ** 0.5, 1)))
    values = "; ".join(
        f"{called(g)}: " + ", ".join(f"{counts.loc[g, c]:.0f} with {w}" for c, w in words.items()) for g in counts.index
    )
    return Picture(figure, f"Stacked bar chart, one bar a group. {title} {values}.", caption)
