"""What a smaller gap costs: one point a setting, and which of them no other beats."""

from __future__ import annotations

import pandas as pd

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, canvas, spoken
from evenodds.tradeoffs import pareto_frontier


def frontier(table: pd.DataFrame, *, title: str, caption: str = "", label: str = "") -> Picture:
    """Points along a path of settings: the cost to the right, what is gained upwards.

    Filled points are on the frontier: no other point has less or equal of the first column and more or equal of the
    second, one of them strictly. Hollow ones are beaten.

    Parameters
    ----------
    table : DataFrame
        One row a setting, in the order of the path; its index names them. Two columns: a cost (less is better), such
        as a gap, and a gain (more is better), such as accuracy.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    label : str, optional
        What stands before each setting's name, such as "λ = ".

    Raises
    ------
    ValueError
        If there are not exactly two columns.
    """
    if table.shape[1] != 2:
        raise ValueError(f"table has {table.shape[1]} columns; it needs two, a cost and a gain")
    cost, gain = (table.iloc[:, i].to_numpy(dtype=float) for i in (0, 1))
    best = pareto_frontier(table.to_numpy(dtype=float) * [1, -1])
    figure, axes = canvas(title, height=4)
    axes.plot(cost, gain, ":", color="0.5", linewidth=1.5)
    for chosen, face, name in ((best, COLOURS[0], "no other is better on both"), (~best, "white", "beaten by another")):
        if chosen.any():
            axes.plot(cost[chosen], gain[chosen], "o", color=COLOURS[0], markerfacecolor=face, markersize=9, label=name)
    for i, (setting, x, y) in enumerate(zip(table.index, cost, gain, strict=True)):
        above = i % 2 == 0
        axes.annotate(
            f"{label}{setting}", (x, y), xytext=(-4, 6) if above else (4, -6), textcoords="offset points",
            ha="right" if above else "left", va="bottom" if above else "top", fontsize=9,
        )  # fmt: skip
    axes.margins(0.14, 0.14)
    axes.set_xlabel(f"{table.columns[0]} (less is better)")
    axes.set_ylabel(f"{table.columns[1]} (more is better)")
    axes.legend(frameon=False, loc="lower right")
    points = "; ".join(
        f"{label}{setting}: {spoken(x)} and {y:.3f}{'' if on else ', beaten'}"
        for setting, x, y, on in zip(table.index, cost, gain, best, strict=True)
    )
    alt = f"Points of {table.columns[0]} and {table.columns[1]}, one a setting. {title} {points}."
    return Picture(figure, alt, caption)
