"""Turns lesson sources into notebooks, proves that exercises mark fairly, and rehearses a class.

Knows nothing of fairness and never imports ``evenodds``.
"""
