"""Figures that can be read without colour and without eyes: every one carries its caption and its alt text.

Each function draws one kind of figure and returns a `Picture`. The alt text is written from the numbers drawn, so the
two cannot disagree.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette (2008) stays apart for colour-blind readers; the hatches do the same in grey.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "++")


@dataclass(frozen=True)
class Picture:
    """A figure with what a sighted reader needs (caption) and what a screen reader needs (alt text).

    Shows itself in a notebook as HTML, so that the alt text survives in JupyterLab, on export and in feedback.
    """

    figure: Figure
    alt: str
    caption: str = ""

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return (
            f'<figure style="margin:0.5em 0"><img alt="{escape(self.alt)}" style="max-width:100%" '
            f'src="data:image/png;base64,{base64.b64encode(self.png()).decode()}"/>{caption}</figure>'
        )

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def png(self) -> bytes:
        """The figure as PNG bytes: the same bytes for the same figure."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=90, bbox_inches="tight", metadata={"Software": None})
        return buffer.getvalue()


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
    figure, axes = _canvas(width=8, height=3.6)
    groups, rates = [_name(g) for g in table.index], list(table.columns)
    width = 0.8 / len(groups)
    for i, group in enumerate(groups):
        places = np.arange(len(rates)) - 0.4 + width * (i + 0.5)
        heights = table.iloc[i].to_numpy(dtype=float)
        axes.bar(
            places, heights, width * 0.92, label=group, color=COLOURS[i % 6], hatch=HATCHES[i % 6], edgecolor="white"
        )
        for x, height in zip(places, heights, strict=True):
            if np.isfinite(height):
                axes.annotate(f"{height:.2f}", (x, height), ha="center", va="bottom", fontsize=9)
            else:
                axes.annotate("undefined", (x, 0.02), ha="center", va="bottom", fontsize=8, rotation=90)
    labels = [(names or {}).get(r, str(r).replace("_", " ")) for r in rates]
    axes.set_xticks(range(len(rates)), labels)
    axes.set_ylim(0, 1.08)
    figure.legend(*axes.get_legend_handles_labels(), frameon=False, ncols=len(groups), loc="outside lower center")
    axes.set_title(title, loc="left", fontweight="bold")
    values = "; ".join(
        f"{label}: " + ", ".join(f"{g} {_spoken(v)}" for g, v in zip(groups, table[rate], strict=True))
        for label, rate in zip(labels, rates, strict=True)
    )
    return Picture(figure, f"Bar chart. {title} {values}.", caption)


def outcomes(counts: pd.DataFrame, *, title: str, caption: str = "") -> Picture:
    """For each group one bar of people, split by label and decision: who was right to be selected, and was.

    Parameters
    ----------
    counts : DataFrame
        One row a group; columns ``tp``, ``fn``, ``fp``, ``tn``: numbers of people.
    """
    words = {
        "tp": "label 1, selected",
        "fn": "label 1, turned away",
        "fp": "label 0, selected",
        "tn": "label 0, turned away",
    }
    figure, axes = _canvas(width=8, height=0.8 + 0.8 * len(counts))
    shares = counts[list(words)].div(counts[list(words)].sum(axis=1), axis=0)
    left = np.zeros(len(counts))
    for i, (cell, label) in enumerate(words.items()):
        widths = shares[cell].to_numpy()
        axes.barh(
            range(len(counts)), widths, left=left, color=COLOURS[i], hatch=HATCHES[i], edgecolor="white", label=label
        )
        for row, (width, start, n) in enumerate(zip(widths, left, counts[cell], strict=True)):
            if width > 0.04:
                axes.text(
                    start + width / 2, row, f"{n:.0f}", ha="center", va="center", fontsize=9,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
                )  # fmt: skip
        left += widths
    axes.set_yticks(range(len(counts)), [_name(g) for g in counts.index])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the group")
    axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.55 / max(len(counts) ** 0.5, 1)))
    axes.set_title(title, loc="left", fontweight="bold")
    values = "; ".join(
        f"{_name(g)}: " + ", ".join(f"{counts.loc[g, c]:.0f} with {w}" for c, w in words.items()) for g in counts.index
    )
    return Picture(figure, f"Stacked bar chart, one bar a group. {title} {values}.", caption)


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
    cuts : mapping from group to threshold
    labels : pair of str
        How to call the people with label 0 and those with label 1.
    """
    scores, y_true, groups = np.asarray(scores), np.asarray(y_true), np.asarray(groups)
    figure = Figure(figsize=(8, 1.9 * len(cuts) + 0.8), layout="constrained")
    rows = figure.subplots(len(cuts), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    said = []
    for axes, (group, cut) in zip(rows, cuts.items(), strict=True):
        here = groups == group
        _mirror_histogram(axes, scores[here], y_true[here], labels)
        axes.axvline(cut, color="black", linewidth=2)
        axes.axvspan(0, cut, color="0.93", zorder=0, linewidth=0)
        selected = f"{int((scores[here] > cut).sum())} of {int(here.sum())} selected"
        axes.set_title(f"{_name(group)}: {selected} (above {cut:.2f})", loc="left", fontsize=10)
        said.append(f"{_name(group)}: {selected} above the threshold {cut:.2f}")
    rows[-1].set_xlabel("score")
    rows[-1].set_xlim(0, 1)
    figure.legend(*rows[0].get_legend_handles_labels(), frameon=False, ncols=2, loc="outside lower right")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
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
    _clean(axes)


def lines(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    caption: str = "",
) -> Picture:
    """One line for each of `series` over `x`, told apart by marker and by name at its end."""
    figure, axes = _canvas(width=8, height=3.6)
    styles = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
    for i, (label, values) in enumerate(series.items()):
        axes.plot(x, values, color=COLOURS[i % 6], linestyle=styles[i % 6], linewidth=2, label=label)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.legend(frameon=False)
    axes.set_title(title, loc="left", fontweight="bold")
    drawn = {name: [value for value in values if np.isfinite(value)] for name, values in series.items()}
    ends = "; ".join(f"{name} goes from {v[0]:.2f} to {v[-1]:.2f}" for name, v in drawn.items() if v)
    alt = f"Line chart of {ylabel} against {xlabel} from {_spoken(x[0])} to {_spoken(x[-1])}. {title} {ends}."
    return Picture(figure, alt, caption)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure outside pyplot: nothing global, nothing shown twice."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    _clean(axes)
    return figure, axes


def _clean(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _name(label: object) -> str:
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _spoken(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "undefined"


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
    figure = Figure(figsize=(8, 5.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    above.plot([0, 1], [0, 1], color="0.4", linewidth=1, label="scores mean what they say")
    levels = list(range(table.index.nlevels - 1))
    parts = [(_name(group), rows) for group, rows in table.groupby(level=levels)] if levels else [("everyone", table)]
    said = []
    for i, (group, rows) in enumerate(parts):
        style = {"color": COLOURS[i % 6], "marker": "os^Dv*"[i % 6], "markersize": 7}
        bar = 0.84 / len(rows) / len(parts)
        places = (rows["lower"] + rows["upper"]) / 2 + bar * (i - (len(parts) - 1) / 2)
        below.bar(places, rows["n"], bar, color=COLOURS[i % 6], hatch=HATCHES[i % 6], edgecolor="white", label=group)
        rows = rows[rows["n"] > 0]
        reach = rows["observed_rate"] - rows["ci_low"], rows["ci_high"] - rows["observed_rate"]
        above.errorbar(
            rows["mean_score"], rows["observed_rate"], reach, fmt="none", ecolor=COLOURS[i % 6], elinewidth=1, capsize=2
        )
        sure, unsure = rows[rows["n"] >= few], rows[rows["n"] < few]
        line = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))[i % 6]
        above.plot(sure["mean_score"], sure["observed_rate"], linestyle=line, label=group, **style)
        above.plot(unsure["mean_score"], unsure["observed_rate"], linestyle="none", markerfacecolor="white", **style)
        points = zip(rows["mean_score"], rows["observed_rate"], rows["n"], strict=True)
        spoken = [f"score {_spoken(s)} observed {_spoken(r)} among {n}" for s, r, n in points]
        said.append(f"{group}: {', '.join(spoken)}")
    if (table["n"].between(1, few - 1)).any():
        above.plot([], [], "o", color="0.4", markerfacecolor="white", label=f"fewer than {few} people")
    above.set_ylabel("observed rate of label 1")
    above.set_ylim(-0.03, 1.03)
    below.set_ylabel("people")
    below.set_xlabel("mean score of the bin")
    below.set_xlim(-0.02, 1.02)
    _clean(above)
    _clean(below)
    above.legend(frameon=False, loc="upper left")
    if len(parts) > 1:
        below.legend(frameon=False, ncols=len(parts), loc="lower left", bbox_to_anchor=(0, 0.96), fontsize=9)
    above.set_title(title, loc="left", fontweight="bold")
    alt = f"Reliability diagram, observed rate against mean score by bin. {title} {'; '.join(said)}."
    return Picture(figure, alt, caption)


def intervals(
    table: pd.DataFrame, value: str, *, title: str, xlabel: str, reference: float | None = None, caption: str = ""
) -> Picture:
    """One row a group: a value, its interval, and how many people it rests on.

    Groups whose interval leaves out the reference have a filled marker, the others a hollow one. Of more than 30
    groups, only those with a filled marker are named, and of close neighbours only the first.

    Parameters
    ----------
    table : DataFrame
        One row a group; columns `value`, ``low``, ``high`` and ``n``, as `evenodds.uncertainty.disparity_tests` gives.
    value : str
        The column to draw.
    title : str
        What to see, as a sentence.
    xlabel : str
        What the value is.
    reference : float, optional
        Where to draw a line: 0 for differences, the promised coverage for coverage.
    caption : str, optional
        How to read it.
    """
    rows = list(zip(table.index, *(table[column] for column in (value, "low", "high", "n")), strict=True))
    figure, axes = _canvas(width=8, height=min(1.3 + 0.38 * len(rows), 8))
    if reference is not None:
        axes.axvline(reference, color="0.4", linestyle="--", linewidth=1)
    ticks: dict[int, str] = {}
    said, outside = [], 0
    for y, (group, v, low, high, n) in enumerate(rows):
        away = reference is not None and (low > reference or high < reference)
        outside += away
        if np.isfinite(v):
            axes.plot([low, high], [y, y], color="black", linewidth=1.5)
            axes.plot(
                v,
                y,
                "o",
                markersize=7 if len(rows) <= 30 else 4,
                color=COLOURS[0],
                markerfacecolor=COLOURS[0] if away else "white",
            )
        else:
            axes.text(0.5, y, "undefined", transform=axes.get_yaxis_transform(), ha="center", va="center", fontsize=9)
        if len(rows) <= 30 or (away and y - max(ticks, default=-3) >= 3):
            ticks[y] = _name(group)
            axes.text(1.02, y, f"n = {n:,.0f}", transform=axes.get_yaxis_transform(), va="center", fontsize=9)
        between = f" ({_spoken(low)} to {_spoken(high)}, n {n:,.0f})" if np.isfinite(v) else f" (n {n:,.0f})"
        said.append(f"{_name(group)} {_spoken(v)}{between}")
    axes.set_yticks([*ticks], [*ticks.values()])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(xlabel)
    axes.set_title(title, loc="left", fontweight="bold")
    line = "" if reference is None else f" {outside} of {len(rows)} leave out {_spoken(reference)}."
    listed, lead = said, ""
    if len(rows) > 30:
        listed = [said[int(i)] for i in (np.nanargmin(table[value]), np.nanargmax(table[value]))]
        lead = f"{len(rows)} groups, the lowest and the highest of which are "
    return Picture(figure, f"Intervals of {xlabel}, one row a group. {title} {lead}{'; '.join(listed)}.{line}", caption)


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
    groups = [_name(group) for group in next(iter(reports.values())).index]
    figure = Figure(figsize=(8, 1.3 + 0.75 * len(groups)), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    step = 0.6 / len(reports)
    said = []
    for i, (way, report) in enumerate(reports.items()):
        places = np.arange(len(groups)) + step * (i - (len(reports) - 1) / 2)
        for axes, column in zip(panels, ("coverage", "set_size"), strict=True):
            values = report[column].to_numpy(dtype=float)
            axes.hlines(places, 0, values, color=COLOURS[i % 6], linestyle=("-", ":")[i % 2], linewidth=2)
            axes.plot(
                values, places, linestyle="none", marker="os^Dv*"[i % 6], markersize=9, color=COLOURS[i % 6], label=way
            )
            for x, y in zip(values, places, strict=True):
                axes.annotate(_spoken(x), (x, y), xytext=(8, 0), textcoords="offset points", va="center", fontsize=9)
        rows = zip(groups, report["coverage"], report["set_size"], strict=True)
        said.append(f"{way}: " + ", ".join(f"{g} covered {_spoken(c)} with {_spoken(s)} {unit}" for g, c, s in rows))
    panels[0].axvline(promised, color="black", linestyle="--", linewidth=1)
    panels[0].set_xlim(0, 1.2)
    panels[0].set_xticks([0, 0.25, 0.5, 0.75, 1])
    panels[0].set_xlabel(f"coverage (dashed: {promised:.2f} promised)")
    panels[1].set_xlim(0, 1.2 * max(float(report["set_size"].max()) for report in reports.values()))
    panels[1].set_xlabel(f"mean set size ({unit})")
    panels[0].set_yticks(range(len(groups)), groups)
    panels[0].invert_yaxis()
    for axes in panels:
        _clean(axes)
    figure.legend(*panels[0].get_legend_handles_labels(), frameon=False, ncols=len(reports), loc="outside lower center")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    alt = f"Two dot charts, one row a group: coverage and mean set size. {title} {'; '.join(said)}."
    return Picture(figure, alt, caption)


def pairs(distance: np.ndarray, gap: np.ndarray, *, lipschitz: float, title: str, caption: str = "") -> Picture:
    """Every pair of people: how far apart they are, how much their scores differ, and the bound L · distance.

    Parameters
    ----------
    distance, gap : array of shape (number of pairs,)
        Distance of the two people, and absolute difference of their scores.
    lipschitz : float
        L, the slope of the bound. Pairs above the line break it.
    """
    figure, axes = _canvas(width=8, height=3.8)
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
    figure.legend(*axes.get_legend_handles_labels(), frameon=False, ncols=3, loc="outside lower center", markerscale=2)
    axes.set_title(title, loc="left", fontweight="bold")
    said = f"{breaks.sum():,} of {len(gap):,} pairs lie above the line {lipschitz:g} times distance."
    return Picture(figure, f"Scatter plot of pairs, score difference against distance. {title} {said}", caption)
