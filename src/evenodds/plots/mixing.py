"""What coins can make of two groups' decisions, on the plane of false and true positive rates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, LINES, called, canvas, key, marker_style, spoken

_RATES = ["false_positive_rate", "true_positive_rate"]


def reachable_rates(
    rates: pd.DataFrame, mixed: pd.DataFrame | None = None, *, title: str, caption: str = ""
) -> Picture:
    """The rates of each group's decisions, and the region of rates that coins can turn them into.

    A group's region has four corners: select nobody, decide as now, select everybody, decide the opposite of now. It
    is the convex hull of these four points: every mixture of them, and nothing else, can be reached by tossing a coin
    for each person.

    Parameters
    ----------
    rates : DataFrame, one row a group
        ``false_positive_rate`` and ``true_positive_rate`` of the decisions as they are, as `expected_rates` has them.
    mixed : DataFrame, one row a group, optional
        The same after mixing.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    """
    figure, axes = canvas(title, height=4.6)
    axes.plot([0, 1], [0, 1], color="0.75", linewidth=1, zorder=1, label="coins alone: TPR = FPR")
    for i, (group, point) in enumerate(_points(rates)):
        outline = np.array([[0, 0], point, [1, 1], 1 - point, [0, 0]])
        axes.fill(*outline.T, color=COLOURS[i % 6], alpha=0.13, zorder=0)
        axes.plot(*outline.T, color=COLOURS[i % 6], linestyle=LINES[i % 6], linewidth=1.5, label=f"{group}: reachable")
        axes.plot(*point, **marker_style(i), linestyle="", markersize=9, label=f"{group}: as decided now")
    for i, (group, point) in enumerate([] if mixed is None else _points(mixed)):
        look = {**marker_style(i), "markerfacecolor": "none", "markeredgewidth": 2}
        axes.plot(*point, **look, linestyle="", markersize=15, label=f"{group}: with coins")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_aspect("equal")
    axes.set_xlabel("false positive rate")
    axes.set_ylabel("true positive rate")
    key(figure, axes, loc="outside right center")
    said = "; ".join(_said(rates, "now") + ([] if mixed is None else _said(mixed, "with coins")))
    alt = f"True against false positive rate, a region of four corners for each group. {title} {said}."
    return Picture(figure, alt, caption)


def _points(rates: pd.DataFrame) -> list[tuple[str, np.ndarray]]:
    return [(called(group), row) for group, row in zip(rates.index, rates[_RATES].to_numpy(float), strict=True)]


def _said(rates: pd.DataFrame, when: str) -> list[str]:
    return [f"{group} {when}: FPR {spoken(fpr)}, TPR {spoken(tpr)}" for group, (fpr, tpr) in _points(rates)]
