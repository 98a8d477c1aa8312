"""Pairs of people, and whether alike is treated alike."""

from __future__ import annotations

import numpy as np

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, canvas, key


def pairs(distance: np.ndarray, gap: np.ndarray, *, lipschitz: float, title: str, caption: str = "") -> Picture:
    """Every pair of people: how far apart they are, how much their scores differ, and the bound L · distance.

    Parameters
    ----------
    distance, gap : array of shape (number of pairs,)
        Distance of the two people, and absolute difference of their scores.
    lipschitz : float
        L, the slope of the bound. Pairs above the line break it.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    """
    figure, axes = canvas(title, height=3.8)
    breaks = gap > lipschitz * distance + 1e-12
    within, beyond = (
        f"{side} the bound ({n:,} pairs)" for side, n in (("within", (~breaks).sum()), ("beyond", breaks.sum()))
    )
    axes.scatter(distance[~breaks], gap[~breaks], color="0.65", s=4, linewidths=0, label=within)
    axes.scatter(distance[breaks], gap[breaks], color=COLOURS[5], s=16, marker="x", label=beyond)
    top = max(float(gap.max(initial=0)), 0.01) * 1.08
    reach = min(top / lipschitz if lipschitz else np.inf, float(distance.max(initial=0)))
    axes.plot([0, reach], [0, lipschitz * reach], color="black", linewidth=2, label=f"{lipschitz:g} × distance")
    axes.set_ylim(0, top)
    axes.set_xlim(left=0)
    axes.set_xlabel("distance between the two people")
    axes.set_ylabel("difference of their scores")
    key(figure, axes, ncols=3, markerscale=2)
    said = f"{breaks.sum():,} of {len(gap):,} pairs lie above the line {lipschitz:g} times distance."
    return Picture(figure, f"Scatter plot of pairs, score difference against distance. {title} {said}", caption)
