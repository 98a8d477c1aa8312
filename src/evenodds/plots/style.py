"""What all figures share: their canvas, how groups are told apart, and how labels and numbers are said."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette (2008) stays apart for colour-blind readers; hatches, lines and markers do the same in grey.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "++")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
MARKERS = "os^Dv*"


def canvas(title: str, *, height: float) -> tuple[Figure, Axes]:
    """One pair of axes under its title."""
    figure, axes = panels(1, 1, height=height)
    head(axes[0, 0], title)
    return figure, axes[0, 0]


def panels(rows: int, columns: int, *, height: float, **sharing: Any) -> tuple[Figure, np.ndarray]:
    """A grid of axes, in a figure outside pyplot: nothing global, nothing shown twice."""
    figure = Figure(figsize=(8, height), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, **sharing)
    for axes in grid.flat:
        axes.spines[["top", "right"]].set_visible(False)
    return figure, grid


def head(axes: Axes, title: str) -> None:
    """Write the title above these axes."""
    axes.set_title(title, loc="left", fontweight="bold")


def head_all(figure: Figure, title: str) -> None:
    """Write the title above all axes."""
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")


def key(figure: Figure, axes: Axes, **options: Any) -> None:
    """Put the legend of these axes outside them, where it hides nothing."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, **{"frameon": False, "loc": "outside lower center", **options})


def bar_style(i: int) -> dict[str, Any]:
    """How the bars of the i-th group look."""
    return {"color": COLOURS[i % 6], "hatch": HATCHES[i % 6], "edgecolor": "white"}


def marker_style(i: int) -> dict[str, Any]:
    """How the points of the i-th group look."""
    return {"color": COLOURS[i % 6], "marker": MARKERS[i % 6]}


def called(label: object) -> str:
    """The name of a group, or of a crossing of groups."""
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def spoken(value: float) -> str:
    """A number as alt text says it."""
    return f"{value:.2f}" if np.isfinite(value) else "undefined"
