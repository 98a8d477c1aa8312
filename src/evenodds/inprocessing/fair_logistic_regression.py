"""Logistic regression whose loss also counts the gaps between groups, or that may not exceed a gap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit

from evenodds._validation import plain
from evenodds._validation.parameters import check_option, check_share
from evenodds.inprocessing.logistic import FairLogistic, LinearSearch, People, check_positive
from evenodds.inprocessing.losses import Cells, Floats, Valued, squared_gaps, times, total
from evenodds.inprocessing.multipliers import gaps, rounds

EVENTS = {
    "demographic_parity": ("all",),
    "equal_opportunity": ("y=1",),
    "true_positive_rate_parity": ("y=1",),
    "false_positive_rate_parity": ("y=0",),
    "equalized_odds": ("y=0", "y=1"),
}
"""Among whom each constraint compares the groups' mean predictions."""

_EVENT_OF_LABEL = {("all",): (0, 0), ("y=1",): (1, 0), ("y=0",): (0, 1), ("y=0", "y=1"): (0, 1)}
"""The position among these events of the event that people with label 0 and with label 1 belong to; 1 more is none."""


class FairLogisticRegression(FairLogistic):
    """Logistic regression with a fairness penalty or under a fairness constraint.

    With p_i the probability predicted for person i and m_ea the mean of p in group a among the people of event e
    (everyone for demographic parity, those with y = 1 for equal opportunity, each label for equalized odds):

    - ``method="penalty"`` minimises ``mean log loss + λ Σ_e mean_{a<b} (m_ea − m_eb)² + ‖w‖² / (2 C n)``, with
      λ = `penalty_weight`;
    - ``method="lagrangian"`` minimises ``mean log loss + ‖w‖² / (2 C n)`` subject to ``m_ea − m_eb ≤ difference_bound``
      for all events and ordered pairs of groups.

    Both speak of mean probabilities of the training people, which are smooth; the gap of *decisions*, or of new people,
    can be larger. Group labels are needed in `fit` only.

    Parameters
    ----------
    constraints : str, default "demographic_parity"
        "demographic_parity", "equal_opportunity" (also called "true_positive_rate_parity"),
        "false_positive_rate_parity" or "equalized_odds".
    method : {"penalty", "lagrangian"}
    penalty_weight : float, default 1.0
        λ ≥ 0. With 0 this is scikit-learn's ``LogisticRegression``.
    difference_bound : float, default 0.01
        The largest gap allowed, between 0 and 1.
    C : float, default 1.0
        Inverse strength of the ridge term, as in scikit-learn.
    fit_intercept : bool, default True
    tol : float, default 1e-6
        Largest entry of the gradient at which a search (L-BFGS) stops; ten times this is the largest violation of
        `difference_bound`.
    max_iter : int, default 1000
        Most steps of each search.

    Attributes
    ----------
    coef_ : ndarray, shape (1, d); intercept_ : ndarray, shape (1,); classes_ : ndarray, shape (2,)
        As in scikit-learn.
    groups_ : Index
        The groups, crossed if there are several features.
    means_ : DataFrame, one row an event, one column a group
        m_ea at the end.
    gap_ : float
        The largest difference in a row of these.
    multipliers_ : Series by event, above and below (only "lagrangian")
        What the mean log loss would fall by, per unit, if the gap of group `above` over group `below` might be larger;
        0 where the constraint does not bind.
    history_ : DataFrame, one row a round (only "lagrangian")
        ``loss``, ``gap`` and the largest ``multiplier`` after it; round 0 is the regression without constraints.
    n_iter_ : int
        Steps of L-BFGS in all.

    Notes
    -----
    The multipliers are found by the method of multipliers: minimise
    ``loss + Σ_k (max(0, λ_k + ρ c_k)² − λ_k²) / (2ρ)`` where c_k is by how much constraint k is violated, set
    ``λ_k ← max(0, λ_k + ρ c_k)``, raise ρ if the violation did not shrink enough, and repeat. A multiplier rises while
    its constraint is violated. The constant model has no gap, so a solution exists; gaps are not convex in w, so
    a local one may be found. Searches start from the regression without penalty.

    References
    ----------
    M. Hardt, E. Price and N. Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS, for the
    constraints; M. R. Hestenes (1969), "Multiplier and gradient methods", Journal of Optimization Theory and
    Applications 4, for the method of multipliers.

    Examples
    --------
    One feature tells the label and, partly, the group:

    >>> X, y, group = [[0.0], [1], [2], [1], [2], [3]], [0, 0, 1, 0, 1, 1], list("aaabbb")
    >>> plain = FairLogisticRegression(penalty_weight=0).fit(X, y, sensitive_features=group)
    >>> bound = FairLogisticRegression(method="lagrangian", difference_bound=0.1).fit(X, y, sensitive_features=group)
    >>> round(plain.gap_, 3), round(bound.gap_, 3)
    (0.234, 0.1)
    >>> bool(bound.multipliers_["all", "b", "a"] > 0)
    True
    """

    def __init__(
        self,
        constraints: str = "demographic_parity",
        *,
        method: str = "penalty",
        penalty_weight: float = 1.0,
        difference_bound: float = 0.01,
        C: float = 1.0,
        fit_intercept: bool = True,
        tol: float = 1e-6,
        max_iter: int = 1000,
    ) -> None:
        self.constraints = constraints
        self.method = method
        self.penalty_weight = penalty_weight
        self.difference_bound = difference_bound
        self.C = C
        self.fit_intercept = fit_intercept
        self.tol = tol
        self.max_iter = max_iter

    def fit(
        self, X: Any, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> FairLogisticRegression:
        """Find the coefficients.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Numbers, without the sensitive columns.
        y : array-like, shape (n,)
            Two labels; the second in order, such as 1, is the favourable one.
        sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
            Group labels; several features are crossed. With one group there is no gap.
        sample_weight : array-like, shape (n,), optional
            What each person counts for, in the loss and in all means.

        Raises
        ------
        ValueError
            If an option is unknown or out of range, a group lacks a label that the constraint asks for or has weight 0,
            there are not two labels, or X is not a finite table.

        Warns
        -----
        ConvergenceWarning
            If a search stops at `max_iter`, or the bound is not met in 60 rounds.
        """
        check_option(self.constraints, "constraints", EVENTS)
        check_option(self.method, "method", ("penalty", "lagrangian"))
        check_positive(self.penalty_weight, "penalty_weight", 0)
        check_share(self.difference_bound, "difference_bound")
        people = self._enter(X, y, sensitive_features, sample_weight)
        cells = self._cells(people)
        search = self._search(people)
        theta, self.n_iter_ = search.minimise_plain(people.log_loss)
        if self.method == "lagrangian":
            theta = self._bounded(people, cells, search, theta)
        elif self.penalty_weight > 0:
            penalty = cells.loss(times(self.penalty_weight, squared_gaps))
            theta, steps = search.minimise(total(people.log_loss, penalty), theta)
            self.n_iter_ += steps
        self.coef_, self.intercept_ = search.coefficients(theta)
        means = cells.means(expit(search.design @ theta))
        self.means_ = pd.DataFrame(means, index=self._events(), columns=self.groups_)
        self.gap_ = float(gaps(means).max())
        return self

    def _events(self) -> pd.Index:
        return pd.Index(EVENTS[self.constraints], name="event")

    def _cells(self, people: People) -> Cells:
        """Return a cell for each event and group; none may be without people."""
        events = EVENTS[self.constraints]
        cells = people.cells(np.array(_EVENT_OF_LABEL[events])[people.labels.astype(int)], len(events))
        empty = np.argwhere(cells.weight == 0)
        if len(empty):
            event, group = empty[0].tolist()
            label = plain(self.classes_[int(events[event][-1])])
            raise ValueError(
                f"in group {plain(self.groups_[group])!r} nobody has label {label!r}, so {self.constraints} asks for a "
                "mean that does not exist; use 'demographic_parity', or leave the group out of every input"
            )
        return cells

    def _bounded(self, people: People, cells: Cells, search: LinearSearch, theta: Floats) -> Floats:
        """Return the coefficients under the bound, and keep the multipliers and what happened."""

        def minimise(of_means: Callable[[Floats], Valued], start: Floats) -> tuple[Floats, int]:
            return search.minimise(total(people.log_loss, cells.loss(of_means)), start)

        def means_at(theta: Floats) -> Floats:
            return cells.means(expit(search.design @ theta))

        done = rounds(minimise, means_at, theta, self.difference_bound, 10 * self.tol)
        pairs = pd.MultiIndex.from_product(
            [self._events(), list(self.groups_), list(self.groups_)], names=["event", "above", "below"]
        )
        multipliers = pd.Series(done[-1].multipliers.ravel(), index=pairs)
        self.multipliers_ = multipliers[pairs.get_level_values("above") != pairs.get_level_values("below")]
        self.history_ = pd.DataFrame(
            {
                "loss": [people.log_loss(search.design @ r.theta)[0] for r in done],
                "gap": [r.gap for r in done],
                "multiplier": [r.multipliers.max() for r in done],
            }
        )
        self.n_iter_ += sum(r.steps for r in done)
        return done[-1].theta
