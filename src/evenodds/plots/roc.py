"""What thresholds can reach: false and true positive rates, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, LINES, called, canvas, key, marker_style, spoken
from evenodds.postprocessing.roc import upper_hull


def roc_plane(
    curves: Mapping[object, ArrayLike],
    points: Mapping[object, Sequence[float]] | None = None,
    *,
    title: str,
    caption: str = "",
    hulls: bool = True,
) -> Picture:
    """For each group its ROC curve, the hull above it, and the point where its decisions are.

    Parameters
    ----------
    curves : mapping from group to array of shape (K, 2)
        False and true positive rate of each threshold, from nobody, (0, 0), to everybody, (1, 1).
    points : mapping from group to (false positive rate, true positive rate), optional
        What is in use now.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    hulls : bool, default True
        Whether each hull is drawn, as a pale band: what tossing coins between thresholds reaches.
    """
    figure, axes = canvas(title, height=5)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, label="same chance for label 0 and label 1")
    said = []
    for i, (group, curve) in enumerate(curves.items()):
        fpr, tpr = np.asarray(curve, dtype=float).T
        colour, line = COLOURS[i % 6], LINES[i % 6]
        axes.plot(fpr, tpr, color=colour, linestyle=line, linewidth=1.8, label=f"{called(group)}: thresholds")
        if hulls:
            corners = hull_corners(fpr, tpr)
            axes.plot(
                fpr[corners], tpr[corners], color=colour, linewidth=5, alpha=0.25, label=f"{called(group)}: with coins"
            )
        if points is not None:
            x, y = points[group]
            axes.plot(x, y, markersize=11, markeredgecolor="black", linestyle="", zorder=5, **marker_style(i))
            behind = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
            axes.annotate(called(group), (x, y), xytext=(12, -14), textcoords="offset points", zorder=6, bbox=behind)
            said.append(f"{called(group)} at false positive rate {spoken(x)}, true positive rate {spoken(y)}")
        said.append(f"{called(group)}: area under the curve {spoken(float(np.trapezoid(tpr, fpr)))}")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="false positive rate", ylabel="true positive rate")
    axes.set_aspect("equal")
    key(figure, axes, loc="outside right center")
    drawn = ", each with its hull" if hulls else ""
    alt = f"ROC curves of {len(curves)} groups{drawn}. {title} {'; '.join(said)}."
    return Picture(figure, alt, caption)


def hull_corners(fpr: NDArray[np.float64], tpr: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the positions of the corners of the hull above a curve.

    Examples
    --------
    >>> hull_corners(np.array([0, 0, 0.5, 0.5, 1]), np.array([0, 0.5, 0.5, 1, 1])).tolist()
    [0, 1, 3, 4]
    """
    return upper_hull(fpr + tpr, tpr)
