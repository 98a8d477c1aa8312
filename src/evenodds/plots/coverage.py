"""Who is covered by prediction sets, and at what size."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evenodds.plots.picture import Picture
from evenodds.plots.style import called, head_all, key, marker_style, panels, spoken


def coverage_and_size(
    reports: Mapping[str, pd.DataFrame], *, promised: float, title: str, caption: str = "", unit: str = "classes"
) -> Picture:
    """How often prediction sets hold the truth and, beside it, how large they are: one row a group.

    Parameters
    ----------
    reports : mapping from str to DataFrame
        One table for each way of making the sets: rows are groups, the same in all; columns `coverage`, `set_size`.
    promised : float
        The coverage that was promised; a dashed line.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    unit : str, default "classes"
        What sets hold.
    """
    groups = [called(group) for group in next(iter(reports.values())).index]
    figure, grid = panels(1, 2, height=1.3 + 0.75 * len(groups), sharey=True)
    covered, size = grid[0]
    step = 0.6 / len(reports)
    said = []
    for i, (way, report) in enumerate(reports.items()):
        places = np.arange(len(groups)) + step * (i - (len(reports) - 1) / 2)
        style = marker_style(i)
        for axes, column in ((covered, "coverage"), (size, "set_size")):
            values = report[column].to_numpy(dtype=float)
            axes.hlines(places, 0, values, color=style["color"], linestyle=("-", ":")[i % 2], linewidth=2)
            axes.plot(values, places, linestyle="none", markersize=9, label=way, **style)
            for x, y in zip(values, places, strict=True):
                axes.annotate(
                    spoken(x), (x, y), xytext=(8, 0), textcoords="offset points", va="center", fontsize=9,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
                )  # fmt: skip
        rows = zip(groups, report["coverage"], report["set_size"], strict=True)
        said.append(f"{way}: " + ", ".join(f"{g} covered {spoken(c)} with {spoken(s)} {unit}" for g, c, s in rows))
    covered.axvline(promised, color="black", linestyle="--", linewidth=1)
    covered.set_xlim(0, 1.2)
    covered.set_xticks([0, 0.25, 0.5, 0.75, 1])
    covered.set_xlabel(f"coverage (dashed: {promised:.2f} promised)")
    size.set_xlim(0, 1.2 * max(float(report["set_size"].max()) for report in reports.values()))
    size.set_xlabel(f"mean set size ({unit})")
    covered.set_yticks(range(len(groups)), groups)
    covered.invert_yaxis()
    key(figure, covered, ncols=len(reports))
    head_all(figure, title)
    alt = f"Two dot charts, one row a group: coverage and mean set size. {title} {'; '.join(said)}."
    return Picture(figure, alt, caption)
