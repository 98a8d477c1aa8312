"""Change the learning: a loss, a constraint or an opponent that keeps a model's predictions from telling the group.

These need the groups of the training people; those fitted without group-specific parts decide without knowing a new
person's group. What holds on training people need not hold on new ones: audit those. To read the package from the
beginning: `losses` and `logistic` (what is minimised, and how), `fair_logistic_regression` (penalty and Lagrangian),
`prejudice_remover` (mutual information), `constraints`, `oracle` and `game` (reductions), then
`exponentiated_gradient` and `grid_search`; `duel`, `adversary` and `adversarial` (an opponent).
"""

from evenodds.inprocessing.adversarial import AdversarialDebiasing
from evenodds.inprocessing.ceiling import parity_ceiling
from evenodds.inprocessing.constraints import (
    DemographicParity,
    EqualizedOdds,
    FalsePositiveRateParity,
    TruePositiveRateParity,
)
from evenodds.inprocessing.exponentiated_gradient import ExponentiatedGradient
from evenodds.inprocessing.fair_logistic_regression import FairLogisticRegression
from evenodds.inprocessing.grid_search import GridSearch
from evenodds.inprocessing.multipliers import dual_ascent
from evenodds.inprocessing.penalised import mean_scores, penalised_log_loss
from evenodds.inprocessing.prejudice_remover import PrejudiceRemover, prejudice_index

__all__ = [
    "AdversarialDebiasing",
    "DemographicParity",
    "EqualizedOdds",
    "ExponentiatedGradient",
    "FairLogisticRegression",
    "FalsePositiveRateParity",
    "GridSearch",
    "PrejudiceRemover",
    "TruePositiveRateParity",
    "dual_ascent",
    "mean_scores",
    "parity_ceiling",
    "penalised_log_loss",
    "prejudice_index",
]
