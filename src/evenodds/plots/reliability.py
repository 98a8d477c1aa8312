"""Whether scores come true."""

from __future__ import annotations

import pandas as pd

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, LINES, bar_style, called, head, marker_style, panels, spoken


def reliability_diagram(table: pd.DataFrame, *, title: str, caption: str = "", few: int = 20) -> Picture:
    """Observed rate against mean score, with intervals; beneath, how many people each bin rests on.

    Groups are told apart by marker, line and hatch; bins of fewer than `few` people are hollow and off the line.

    Parameters
    ----------
    table : DataFrame
        From `evenodds.calibration.reliability_table`, of one group or of several.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    few : int, default 20
        How many people a bin needs before its point is drawn as one to rely on.
    """
    figure, grid = panels(2, 1, height=5.6, sharex=True, height_ratios=[3, 1])
    above, below = grid[:, 0]
    head(above, title)
    above.plot([0, 1], [0, 1], color="0.4", linewidth=1, label="scores mean what they say")
    levels = list(range(table.index.nlevels - 1))
    parts = [(called(group), rows) for group, rows in table.groupby(level=levels)] if levels else [("everyone", table)]
    said = []
    for i, (group, rows) in enumerate(parts):
        style = {**marker_style(i), "markersize": 7}
        bar = 0.84 / len(rows) / len(parts)
        places = (rows["lower"] + rows["upper"]) / 2 + bar * (i - (len(parts) - 1) / 2)
        below.bar(places, rows["n"], bar, label=group, **bar_style(i))
        rows = rows[rows["n"] > 0]
        reach = rows["observed_rate"] - rows["ci_low"], rows["ci_high"] - rows["observed_rate"]
        above.errorbar(
            rows["mean_score"], rows["observed_rate"], reach, fmt="none", ecolor=COLOURS[i % 6], elinewidth=1, capsize=2
        )
        sure, unsure = rows[rows["n"] >= few], rows[rows["n"] < few]
        above.plot(sure["mean_score"], sure["observed_rate"], linestyle=LINES[i % 6], label=group, **style)
        above.plot(unsure["mean_score"], unsure["observed_rate"], linestyle="none", markerfacecolor="white", **style)
        points = zip(rows["mean_score"], rows["observed_rate"], rows["n"], strict=True)
        bins = [f"score {spoken(s)} observed {spoken(r)} among {n}" for s, r, n in points]
        said.append(f"{group}: {', '.join(bins)}")
    if (table["n"].between(1, few - 1)).any():
        above.plot([], [], "o", color="0.4", markerfacecolor="white", label=f"fewer than {few} people")
    above.set_ylabel("observed rate of label 1")
    above.set_ylim(-0.03, 1.03)
    below.set_ylabel("people")
    below.set_xlabel("mean score of the bin")
    below.set_xlim(-0.02, 1.02)
    above.legend(frameon=False, loc="upper left")
    if len(parts) > 1:
        below.legend(frameon=False, ncols=len(parts), loc="lower left", bbox_to_anchor=(0, 0.96), fontsize=9)
    alt = f"Reliability diagram, observed rate against mean score by bin. {title} {'; '.join(said)}."
    return Picture(figure, alt, caption)
