"""Distributions of a feature, group by group, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, LINES, called, head, head_all, key, panels, spoken


def cumulative(
    values: Mapping[str, tuple[ArrayLike, ArrayLike]], *, title: str, xlabel: str, caption: str = ""
) -> Picture:
    """The share of each group at or below every value: curves that lie on each other are equal distributions.

    Parameters
    ----------
    values : mapping from str to (array of shape (n,), array of shape (n,))
        For each panel, by its name: the values of a feature, and each person's group.
    title : str
        What to see, as a sentence.
    xlabel : str
        What the values are.
    caption : str, optional
        How to read it.
    """
    figure, grid = panels(1, len(values), height=3.6, sharex=True, sharey=True)
    said = []
    for axes, (name, (column, groups)) in zip(grid.flat, values.items(), strict=True):
        points, shares = _shares(np.asarray(column, dtype=float), np.asarray(groups))
        for i, (group, share) in enumerate(shares.items()):
            style: dict[str, Any] = {"color": COLOURS[i % 6], "linestyle": LINES[i % 6], "linewidth": 2}
            axes.plot(points, share, drawstyle="steps-post", label=called(group), **style)
        table = np.array([*shares.values()])
        apart = float((table.max(axis=0) - table.min(axis=0)).max())
        head(axes, f"{name}:\n{spoken(apart)} apart")
        axes.set_xlabel(xlabel)
        said.append(f"{name}: curves at most {spoken(apart)} apart")
    grid[0, 0].set_ylabel("share at or below")
    key(figure, grid[0, 0], ncols=4)
    head_all(figure, title)
    figure.draw_without_rendering()  # the first layout of panels that share axes is not yet the last
    alt = f"Cumulative shares of {xlabel} by group. {title} {'; '.join(said)}."
    return Picture(figure, alt, caption)


def _shares(column: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, dict[Any, np.ndarray]]:
    """Return the values that occur, and for each group the share of its people at or below each."""
    points = np.unique(column)
    members = {group: np.sort(column[groups == group]) for group in np.unique(groups)}
    return points, {g: np.searchsorted(own, points, side="right") / len(own) for g, own in members.items()}
