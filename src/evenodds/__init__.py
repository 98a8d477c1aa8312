"""Even Odds: algorithmic fairness, built from scratch and small enough to read.

Import the room you need, e.g. ``from evenodds.metrics import MetricFrame``; nothing is imported here, so that a
room costs only what it uses.
"""
