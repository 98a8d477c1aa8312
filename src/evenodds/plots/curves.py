"""How quantities move together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, LINES, canvas, spoken


def lines(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    caption: str = "",
) -> Picture:
    """One line for each of `series` over `x`, told apart by colour and dashes, and named in a legend.

    Parameters
    ----------
    x : sequence of float
        Where the values are.
    series : mapping from str to sequence of float
        The values of each line; nan leaves a gap.
    title : str
        What to see, as a sentence.
    xlabel, ylabel : str
        What `x` is, and what the values are.
    caption : str, optional
        How to read it.
    """
    figure, axes = canvas(title, height=3.6)
    for i, (label, values) in enumerate(series.items()):
        axes.plot(x, values, color=COLOURS[i % 6], linestyle=LINES[i % 6], linewidth=2, label=label)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.legend(frameon=False)
    drawn = {name: [value for value in values if np.isfinite(value)] for name, values in series.items()}
    ends = "; ".join(f"{name} goes from {v[0]:.2f} to {v[-1]:.2f}" for name, v in drawn.items() if v)
    alt = f"Line chart of {ylabel} against {xlabel} from {spoken(x[0])} to {spoken(x[-1])}. {title} {ends}."
    return Picture(figure, alt, caption)
