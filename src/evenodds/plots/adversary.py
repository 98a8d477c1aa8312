"""A game of two networks: how the losses went, and which way the predictor steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evenodds.plots.picture import Picture
from evenodds.plots.style import COLOURS, LINES, canvas, head, head_all, key, marker_style, panels, spoken


def game(
    histories: Mapping[str, pd.DataFrame], *, title: str, caption: str = "", n_groups: int | None = None
) -> Picture:
    """Losses of predictors and of their adversaries, epoch by epoch; one line a game.

    Parameters
    ----------
    histories : mapping from str to DataFrame
        For each game, by its name, columns ``predictor_loss`` and ``adversary_loss``; the index is the epoch. Such as
        `AdversarialDebiasing.history_`.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    n_groups : int, optional
        Draws the loss of an adversary that guesses among so many groups, ``log(n_groups)``.
    """
    figure, grid = panels(1, 2, height=3.6)
    names = {"predictor_loss": "the predictor's loss", "adversary_loss": "the adversary's loss"}
    said = []
    for axes, (column, name) in zip(grid[0], names.items(), strict=True):
        for i, (game, history) in enumerate(histories.items()):
            losses = history[column]
            axes.plot(losses.index, losses, color=COLOURS[i % 6], linestyle=LINES[i % 6], linewidth=2, label=game)
            said.append(f"{name}, {game}: from {spoken(losses.iloc[0])} to {spoken(losses.iloc[-1])}")
        head(axes, name)
        axes.set_xlabel("epoch")
    if n_groups is not None:
        guessing = float(np.log(n_groups))
        grid[0, 1].axhline(guessing, color="0.5", linewidth=1)
        grid[0, 1].annotate("guessing", (1, guessing), xycoords=("axes fraction", "data"), ha="right", va="bottom")
        said.append(f"an adversary that guesses has {spoken(guessing)}")
    key(figure, grid[0, 0], ncols=3)
    head_all(figure, title)
    return Picture(figure, f"Losses by epoch. {title} {'; '.join(said)}.", caption)


def arrows(tips: Mapping[str, ArrayLike], *, across: str, title: str, caption: str = "") -> Picture:
    """Gradients and directions of two weights, as arrows from (0, 0), and the line at a right angle to one of them.

    Parameters
    ----------
    tips : mapping from str to array-like, shape (2,)
        Where each arrow ends, by its name.
    across : str
        The name of the arrow to which the line is drawn at a right angle; the arrow must not have length 0.
    title : str
        What to see, as a sentence.
    caption : str, optional
        How to read it.
    """
    figure, axes = canvas(title, height=4.2)
    for i, (name, tip) in enumerate(tips.items()):
        x, y = np.asarray(tip, dtype=float).tolist()
        axes.plot([0, x], [0, y], linestyle=LINES[i % 6], linewidth=2, label=name, markevery=[1], **marker_style(i))
    x, y = np.asarray(tips[across], dtype=float).tolist()
    axes.axline((0, 0), (-y, x), color="0.7", linewidth=1)
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.15)
    axes.set_xlabel("first weight")
    axes.set_ylabel("second weight")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    said = "; ".join(
        f"{name}: ({', '.join(spoken(part) for part in np.asarray(tip, float))})" for name, tip in tips.items()
    )
    return Picture(figure, f"Arrows from (0, 0). {title} {said}. A thin line is at a right angle to {across}.", caption)
