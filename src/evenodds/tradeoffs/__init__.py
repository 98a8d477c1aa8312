"""What a mitigation changes, what it costs, and who pays.

Every method of the course ends at the same audit: `before_after` for one method, `compare_mitigations` for several,
`pareto_frontier` for which of them no other beats on everything. Decisions may be 0 and 1, or probabilities of the
favourable decision; then all numbers are those expected over its coin tosses.

To read the package from the beginning: `rates` (the expected count table, and each group's rates), `audit` (before and
after), `words` (what it says, in a sentence), `comparison` (one row a method), `frontier`.
"""

from evenodds.tradeoffs.audit import before_after
from evenodds.tradeoffs.comparison import compare_mitigations
from evenodds.tradeoffs.frontier import pareto_frontier
from evenodds.tradeoffs.words import in_words, levelled_down

__all__ = ["before_after", "compare_mitigations", "in_words", "levelled_down", "pareto_frontier"]
