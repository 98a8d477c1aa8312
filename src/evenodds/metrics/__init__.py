"""Group metrics: rates, how they differ between groups, and how sure we can be.

To read the package from the beginning: `counts` (the table of people by group, label and decision), `rates` (sums of
some cells over sums of others), `comparisons` (from one number per group to one number), `measure` and `frame`
(`MetricFrame`), `bootstrap` (resampling the table), `disparities` (the named ones).
"""

from evenodds.metrics.disparities import (
    average_absolute_odds_difference,
    average_odds_difference,
    demographic_parity_difference,
    demographic_parity_ratio,
    disparate_impact,
    equal_opportunity_difference,
    equal_opportunity_ratio,
    equalized_odds_difference,
    equalized_odds_ratio,
    predictive_parity_difference,
    predictive_parity_ratio,
    statistical_parity_difference,
    true_positive_rate_difference,
)
from evenodds.metrics.frame import MetricFrame
from evenodds.metrics.rates import (
    accuracy,
    base_rate,
    count,
    false_negative_rate,
    false_positive_rate,
    negative_predictive_value,
    positive_predictive_value,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from evenodds.metrics.undefined import UndefinedMetricWarning

__all__ = [
    "MetricFrame",
    "UndefinedMetricWarning",
    "accuracy",
    "average_absolute_odds_difference",
    "average_odds_difference",
    "base_rate",
    "count",
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "disparate_impact",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "false_negative_rate",
    "false_positive_rate",
    "negative_predictive_value",
    "positive_predictive_value",
    "predictive_parity_difference",
    "predictive_parity_ratio",
    "selection_rate",
    "statistical_parity_difference",
    "true_negative_rate",
    "true_positive_rate",
    "true_positive_rate_difference",
]
