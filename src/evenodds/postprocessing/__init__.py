"""Other decisions from the same model: rules that look at a prediction and at the person's group.

The model stays as it is. That makes these methods cheap and easy to audit, and it makes the group part of every
decision: whoever may not use the group then, legally or practically, cannot use them. Some rules toss coins;
`predict_proba` gives the probability of each decision, `expected_rates` what follows for each group, and `predict`
draws.

To read the package from the beginning: `post_processor` (what all methods share), `roc` and `tradeoff` (what
thresholds can reach), then a file for each method.
"""

from evenodds.postprocessing.calibrated_equalized_odds import CalibratedEqualizedOdds
from evenodds.postprocessing.equalized_odds import EqualizedOddsPostprocessing
from evenodds.postprocessing.expected import expected_rates
from evenodds.postprocessing.reject_option import RejectOptionClassification
from evenodds.postprocessing.threshold_optimizer import ThresholdOptimizer

__all__ = [
    "CalibratedEqualizedOdds",
    "EqualizedOddsPostprocessing",
    "RejectOptionClassification",
    "ThresholdOptimizer",
    "expected_rates",
]
