"""Does a score mean what it says, for everyone?

Calibrated within groups: of the people of group a with score s, a share s has label 1,
``P(Y = 1 | S = s, A = a) = s``. `reliability` measures how far a score is from that, `platt` repairs it.
"""

from evenodds.calibration.platt import GroupPlattScaling
from evenodds.calibration.reliability import (
    expected_calibration_error,
    maximum_calibration_error,
    reliability_table,
)

__all__ = [
    "GroupPlattScaling",
    "expected_calibration_error",
    "maximum_calibration_error",
    "reliability_table",
]
