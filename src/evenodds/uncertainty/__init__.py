"""Is the gap real? Intervals, tests, many comparisons, and how many people it takes.

To read the package from the beginning: `intervals` (one share, and how well so many people pin it down), `bootstrap`
(any metric, by drawing the people anew), `people` and `disparity` (a gap in a rate between two groups, and between
many), `multiplicity` (p-values that were looked at together), `power` (planning the number of people).
"""

from evenodds.uncertainty.bootstrap import bootstrap_interval, bootstrap_replicates
from evenodds.uncertainty.disparity import DisparityTest, disparity_test, disparity_tests
from evenodds.uncertainty.intervals import Interval, wilson_interval
from evenodds.uncertainty.multiplicity import adjust_p_values
from evenodds.uncertainty.power import power_for_gap, sample_size_for_gap

__all__ = [
    "DisparityTest",
    "Interval",
    "adjust_p_values",
    "bootstrap_interval",
    "bootstrap_replicates",
    "disparity_test",
    "disparity_tests",
    "power_for_gap",
    "sample_size_for_gap",
    "wilson_interval",
]
