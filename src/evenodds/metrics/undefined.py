"""Saying aloud that a number does not exist."""

from __future__ import annotations

import sys
import warnings


class UndefinedMetricWarning(RuntimeWarning):
    """A metric has no value here, such as a true positive rate where nobody has label 1; the result is nan."""


def warn_undefined(message: str) -> None:
    """Warn at the line of the person's own code that asked for the number."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "evenodds":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, UndefinedMetricWarning, stacklevel=level)
