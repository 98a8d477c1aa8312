"""Scores, and the threshold that turns them into decisions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, called, head_all, key, panels


def thresholds(
    scores: np.ndarray,
    y_true: np.ndarray,
    groups: np.ndarray,
    cuts: Mapping,
    *,
    title: str,
    caption: str = "",
    labels: tuple[str, str] = ("label 0", "label 1"),
) -> Picture:
    """For each group, the scores of its people by label, and the threshold above which they are selected.

    Parameters
    ----------
    scores : array of shape (n,)
        Between 0 and 1.
    y_true : array of shape (n,)
        Zeros and ones.
    groups : array of shape (n,)
        Each person's group.
    cuts : mapping from group to threshold
        One row of the figure each.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    labels : pair of str
        How to call the people with label 0 and those with label 1.
    """
    scores, y_true, groups = np.asarray(scores), np.asarray(y_true), np.asarray(groups)
    figure, grid = panels(len(cuts), 1, height=1.9 * len(cuts) + 0.8, sharex=True, sharey=True)
    rows = grid[:, 0]
    said = []
    for axes, (group, cut) in zip(rows, cuts.items(), strict=True):
        here = groups == group
        _mirror_histogram(axes, scores[here], y_true[here], labels)
        axes.axvline(cut, color="black", linewidth=2)
        axes.axvspan(0, cut, color="0.93", zorder=0, linewidth=0)
        selected = f"{int((scores[here] > cut).sum())} of {int(here.sum())} selected"
        axes.set_title(f"{called(group)}: {selected} (above {cut:.2f})", loc="left", fontsize=10)
        said.append(f"{called(group)}: {selected} above the threshold {cut:.2f}")
    rows[-1].set_xlabel("score")
    rows[-1].set_xlim(0, 1)
    key(figure, rows[0], loc="outside lower right", ncols=2)
    head_all(figure, title)
    drawn = f"{labels[1]} upwards and {labels[0]} downwards"
    alt = f"Histograms of scores, one row a group, {drawn}. {title} {'; '.join(said)}."
    return Picture(figure, alt, caption)


def _mirror_histogram(axes: Axes, scores: np.ndarray, y_true: np.ndarray, labels: tuple[str, str]) -> None:
    """People with label 1 upwards, people with label 0 downwards."""
    bins = np.linspace(0, 1, 21)
    down, up = (np.histogram(scores[y_true == y], bins)[0] for y in (0, 1))
    axes.bar(bins[:-1], up, 0.046, align="edge", color=COLOURS[0], label=labels[1])
    axes.bar(bins[:-1], -down, 0.046, align="edge", color=COLOURS[1], hatch="///", edgecolor="white", label=labels[0])
    axes.axhline(0, color="black", linewidth=0.6)
    axes.yaxis.set_major_formatter(lambda people, _: f"{abs(people):.0f}")
    axes.set_ylabel("people")
