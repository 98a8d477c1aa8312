"""Why we cannot have all of it: what base rates that differ do to the fairness criteria.

`identity` is Chouldechova's equation, `feasibility` asks a linear program which criteria can hold together, and `cuts`
shows the trade on data. All of it happens in one `plane` for each group: the false and the true positive rate of its
decisions, or, for a score, the mean score of its people with label 0 and of those with label 1.
"""

from evenodds.impossibility.cuts import rates_by_cut
from evenodds.impossibility.feasibility import CRITERIA, Compatibility, compatible
from evenodds.impossibility.identity import implied_false_positive_rate

__all__ = ["CRITERIA", "Compatibility", "compatible", "implied_false_positive_rate", "rates_by_cut"]
