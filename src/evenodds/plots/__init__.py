"""Figures that can be read without colour and without eyes: every one carries its caption and its alt text.

Each function draws one kind of figure and returns a `Picture`. The alt text is written from the numbers drawn, so the
two cannot disagree.
"""

from evenodds.plots.adversary import arrows, game
from evenodds.plots.before_after import before_after
from evenodds.plots.coverage import coverage_and_size
from evenodds.plots.curves import lines
from evenodds.plots.evidence import intervals
from evenodds.plots.frontier import frontier
from evenodds.plots.mixing import reachable_rates
from evenodds.plots.picture import Picture
from evenodds.plots.rates import outcomes, rates_by_group
from evenodds.plots.reliability import reliability_diagram
from evenodds.plots.repair import cumulative
from evenodds.plots.roc import roc_plane
from evenodds.plots.similarity import pairs
from evenodds.plots.threshold import thresholds

__all__ = [
    "Picture",
    "arrows",
    "before_after",
    "coverage_and_size",
    "cumulative",
    "frontier",
    "game",
    "intervals",
    "lines",
    "outcomes",
    "pairs",
    "rates_by_group",
    "reachable_rates",
    "reliability_diagram",
    "roc_plane",
    "thresholds",
]
