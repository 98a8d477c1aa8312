"""Who gets the weaker guarantee? Split conformal prediction, for everyone at once or for each group.

Score how strange the true answer looks on calibration rows that the model has not seen, and take the score of rank
``⌈(n + 1)(1 − alpha)⌉`` as the threshold. From then on, a prediction set holds every answer that does not look
stranger. For a new row from the same population it holds the true answer with probability at least ``1 − alpha``: on
average over everyone, which says nothing about any one group unless the threshold is its own.

To read the package from the beginning: `scores`, `threshold`, `classifier`, `report` (coverage and set size, by group).
"""

from evenodds.coverage.classifier import SplitConformalClassifier
from evenodds.coverage.report import CoverageByGroup, coverage_by_group, interval_coverage_by_group
from evenodds.coverage.scores import nonconformity_scores, prediction_sets
from evenodds.coverage.threshold import SmallCalibrationWarning, conformal_quantile

__all__ = [
    "CoverageByGroup",
    "SmallCalibrationWarning",
    "SplitConformalClassifier",
    "conformal_quantile",
    "coverage_by_group",
    "interval_coverage_by_group",
    "nonconformity_scores",
    "prediction_sets",
]
