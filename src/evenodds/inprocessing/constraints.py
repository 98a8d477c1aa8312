"""Parity constraints as moments: linear in the decisions, so that a price on them is a weight on every person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import (
    check_binary,
    check_groups,
    check_same_people,
    check_scores,
    check_weights,
    plain,
    split_features,
)

Floats = NDArray[np.float64]
_DEFAULT_BOUND = 0.01


@dataclass(frozen=True, kw_only=True)
class RateParity:
    """What the four constraints share: each group's rate stays near everyone's rate.

    With ``r_ea`` the rate of decision 1 among the people of group a to whom event e happened, and ``r_e`` among all to
    whom it happened, the constraint is ``|r_ea − r_e| ≤ difference_bound``, or with a ratio ρ
    ``ρ · r_ea ≤ r_e + slack`` and ``ρ · r_e ≤ r_ea + slack``. So two groups can differ by twice the bound.

    Parameters
    ----------
    difference_bound : float, optional
        At least 0; 0.01 if neither bound is given.
    ratio_bound : float, optional
        In (0, 1]; instead of a difference bound.
    ratio_bound_slack : float
        Added to the bound on ratios.
    """

    difference_bound: float | None = None
    ratio_bound: float | None = None
    ratio_bound_slack: float = 0.0

    events: ClassVar[dict[str, tuple[int, ...]]] = {}

    def __post_init__(self) -> None:
        if self.difference_bound is not None and self.ratio_bound is not None:
            raise ValueError("difference_bound and ratio_bound are both given; give one of them")
        if self.ratio_bound is not None and not 0 < self.ratio_bound <= 1:
            raise ValueError(f"ratio_bound is {self.ratio_bound!r}; it must be above 0 and at most 1")
        for name in ("difference_bound", "ratio_bound_slack"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < np.inf:
                raise ValueError(f"{name} is {value!r}; it must be a finite number of at least 0")

    def moments(self, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None) -> Moments:
        """Return the constraint on these people.

        Parameters
        ----------
        y : array-like of 0 and 1, shape (n,)
            Labels.
        sensitive_features : array-like, shape (n,) or (n, k)
            Groups; several columns are crossed.
        sample_weight : array-like, shape (n,), optional
            What each person counts for.

        Raises
        ------
        ValueError
            If there are fewer than two groups, or a group has nobody (of positive weight) to whom an event happened,
            so that its rate is undefined.
        """
        labels = check_binary(y, "y")
        features = split_features(sensitive_features)
        groups = check_groups(features)
        named = {f"sensitive_features {name!r}": column for name, column in features.items()}
        check_same_people({"y": y, "sample_weight": sample_weight} | named)
        weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
        present, codes = np.unique(groups.codes, return_inverse=True)
        return Moments(self, labels, codes, weights, groups.index[present])


class DemographicParity(RateParity):
    """Every group is selected at nearly the same rate: ``P(h = 1 | A = a) ≈ P(h = 1)``.

    Parameters
    ----------
    difference_bound, ratio_bound, ratio_bound_slack
        As in Fairlearn: a group's rate lies within `difference_bound` of everyone's rate, or its ratio to it between
        `ratio_bound` and ``1 / ratio_bound``, give or take the slack.

    References
    ----------
    A. Agarwal, A. Beygelzimer, M. Dudík, J. Langford, H. Wallach (2018), "A reductions approach to fair
    classification", ICML.

    Examples
    --------
    Two of three in group "a" are selected, nobody in "b", and half of all four people:

    >>> from evenodds.inprocessing import DemographicParity
    >>> moments = DemographicParity().moments([1, 1, 0, 0], sensitive_features=["a", "a", "a", "b"])
    >>> moments.gamma([1, 1, 0, 0]).round(3).to_dict()
    {('+', 'all', 'a'): 0.167, ('+', 'all', 'b'): -0.5, ('-', 'all', 'a'): -0.167, ('-', 'all', 'b'): 0.5}
    """

    events: ClassVar[dict[str, tuple[int, ...]]] = {"all": (0, 1)}


class TruePositiveRateParity(RateParity):
    """Who has label 1 is selected at nearly the same rate in every group, "equal opportunity".

    ``P(h = 1 | A = a, Y = 1) ≈ P(h = 1 | Y = 1)``; parameters as in `DemographicParity`.
    """

    events: ClassVar[dict[str, tuple[int, ...]]] = {"label=1": (1,)}


class FalsePositiveRateParity(RateParity):
    """Who has label 0 is selected at nearly the same rate in every group.

    ``P(h = 1 | A = a, Y = 0) ≈ P(h = 1 | Y = 0)``; parameters as in `DemographicParity`.
    """

    events: ClassVar[dict[str, tuple[int, ...]]] = {"label=0": (0,)}


class EqualizedOdds(RateParity):
    """Both rates nearly the same in every group: ``P(h = 1 | A = a, Y = y) ≈ P(h = 1 | Y = y)`` for y = 0 and 1.

    Parameters as in `DemographicParity`.
    """

    events: ClassVar[dict[str, tuple[int, ...]]] = {"label=0": (0,), "label=1": (1,)}


class Moments:
    """A constraint on given people, ``γ(h) = M μ(h) ≤ c``; made by ``constraint.moments(...)``.

    ``μ(h)`` holds the rates: for each event every group's, then everyone's. Each row of M compares one group's rate
    with everyone's, once for "+" (``ρ · r_ea − r_e``) and once for "-" (``ρ · r_e − r_ea``).

    Attributes
    ----------
    index : MultiIndex, (sign, event, group)
        The constraints; multipliers λ have the same order.
    groups : Index
    matrix : ndarray, shape (2 · events · groups, events · (groups + 1))
        M.
    """

    def __init__(
        self, constraint: RateParity, labels: NDArray[np.uint8], codes: NDArray[np.intp], weights: Floats, groups: Any
    ) -> None:
        self.constraint = constraint
        self.labels, self.codes, self.weights, self.groups = labels, codes, weights, groups
        self.ratio = 1.0 if constraint.ratio_bound is None else constraint.ratio_bound
        slack = constraint.difference_bound if constraint.ratio_bound is None else constraint.ratio_bound_slack
        self._bound = _DEFAULT_BOUND if slack is None else slack
        self.events = tuple(constraint.events)
        n_groups, n_events = len(groups), len(self.events)
        if n_groups < 2:
            raise ValueError(
                f"sensitive_features has one group, {plain(groups[0])!r}; parity needs at least two to compare"
            )
        self._happens = np.array([[y in constraint.events[e] for y in (0, 1)] for e in self.events], dtype=float)
        self._cells = codes * 2 + labels
        self._size: Floats = np.bincount(self._cells, weights, 2 * n_groups).reshape(n_groups, 2).astype(float)
        self._refuse_undefined()
        self.index = pd.MultiIndex.from_product([["+", "-"], self.events, groups], names=["sign", "event", "group"])
        one_event = [
            np.column_stack([sign * on_group * np.eye(n_groups), -sign * on_all * np.ones(n_groups)])
            for sign, on_group, on_all in ((1, self.ratio, 1.0), (-1, 1.0, self.ratio))
        ]
        self.matrix = np.vstack([np.kron(np.eye(n_events), block) for block in one_event])

    def _refuse_undefined(self) -> None:
        for event, happens in zip(self.events, self._happens, strict=True):
            nobody = np.flatnonzero(self._size @ happens == 0)
            if len(nobody):
                who = "has positive weight" if event == "all" else f"has {event.replace('=', ' ')}"
                raise ValueError(
                    f"in group {plain(self.groups[nobody[0]])!r} nobody {who}, so its rate is undefined and cannot be "
                    "made equal. Leave the group out, merge it with another, or choose a constraint without that rate"
                )

    def rows(self, keep: NDArray[np.intp]) -> Moments | None:
        """Return the same constraint on some of the people; None if a group is left with nobody for some rate."""
        cells = np.bincount(self._cells[keep], self.weights[keep], self._size.size).reshape(self._size.shape)
        if not (cells @ self._happens.T).all():
            return None
        return Moments(self.constraint, self.labels[keep], self.codes[keep], self.weights[keep], self.groups)

    def bound(self) -> pd.Series:
        """Return c, the most that each entry of γ may be."""
        return pd.Series(self._bound, self.index)

    def share(self) -> Floats:
        """Return the share of people, by weight, in the group and event of each constraint."""
        return np.tile((self._happens @ self._size.T).ravel() / self._size.sum(), 2)

    def mu(self, y_pred: ArrayLike) -> Floats:
        """Return the rates μ of decisions, or of probabilities of decision 1; shape (events · (groups + 1),)."""
        chosen: Floats = np.bincount(
            self._cells, self.weights * check_scores(y_pred, "y_pred"), self._size.size
        ).astype(float)
        above, below = (self._with_everyone(cells) for cells in (chosen.reshape(self._size.shape), self._size))
        return (above / below).ravel()

    def gamma(self, y_pred: ArrayLike) -> pd.Series:
        """Return γ = M μ: by how much each constraint is broken (where above c)."""
        return pd.Series(self.matrix @ self.mu(y_pred), self.index)

    def error(self, y_pred: ArrayLike) -> float:
        """Return the weighted share of wrong decisions."""
        return float(np.average(np.abs(self.labels - check_scores(y_pred, "y_pred")), weights=self.weights))

    def signed_weights(self, lambda_vec: ArrayLike) -> Floats:
        """Return what selecting each person is worth to the constraints, at the prices λ; shape (n,).

        It is ``−W · ∂(λ · γ) / ∂h(x_i)``, with W the sum of weights: positive where selecting person i helps.
        """
        return self.weights * self.prices(lambda_vec)[self.codes, self.labels]

    def relabel(self, lambda_vec: ArrayLike) -> tuple[NDArray[np.int64], Floats]:
        """Return the weighted problem that answers the prices λ: labels ``1{s_i > 0}``, weights ``|s_i|``.

        With ``s = signed_weights(λ) + error_weights()``; who decides best on it makes ``error + λ · γ`` least.
        """
        worth = self.signed_weights(lambda_vec) + self.error_weights()
        return (worth > 0).astype(np.int64), np.abs(worth)

    def error_weights(self) -> Floats:
        """Return what selecting each person is worth to accuracy: +1 with label 1, −1 with label 0, times weight."""
        return self.weights * (2.0 * self.labels - 1)

    def prices(self, lambda_vec: ArrayLike) -> Floats:
        """Return the signed weight of one person by group and label, shape (groups, 2)."""
        on_rates = (_aligned(lambda_vec, self.index) @ self.matrix).reshape(len(self.events), -1)
        per_person = on_rates / self._with_everyone(self._size)
        return -self.weights.sum() * (per_person[:, :-1] + per_person[:, -1:]).T @ self._happens

    def project_lambda(self, lambda_vec: ArrayLike) -> Floats:
        """Return the multipliers of least sum that put the same prices on everyone.

        For differences, ``Σ_a P(a | e) γ_ea = 0``, so that adding a multiple of ``P(a | e)`` to the net multipliers of
        an event changes nothing but their sum; a weighted median makes that least.
        """
        lam = _aligned(lambda_vec, self.index)
        if self.ratio != 1:
            return lam
        plus, minus = lam.reshape(2, len(self.events), -1)
        share = (self._happens @ self._size.T) / (self._happens @ self._size.sum(axis=0))[:, None]
        net = plus - minus
        net = net - share * np.array([[_median(v / p, p)] for v, p in zip(net, share, strict=True)])
        return np.concatenate([np.clip(net, 0, None).ravel(), np.clip(-net, 0, None).ravel()])

    def _with_everyone(self, cells: Floats) -> Floats:
        """Sum (groups, 2) cells over the labels of each event: (events, groups + 1), everyone last."""
        by_group = self._happens @ cells.T
        return np.column_stack([by_group, by_group.sum(axis=1)])


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    return float(values[order[np.searchsorted(weights[order].cumsum(), weights.sum() / 2)]])


def _aligned(lambda_vec: Any, index: pd.MultiIndex) -> Floats:
    if isinstance(lambda_vec, pd.Series):
        lambda_vec = lambda_vec.reindex(index)
    lam = np.asarray(lambda_vec, dtype=float)
    if lam.shape != (len(index),) or not np.isfinite(lam).all():
        raise ValueError(f"lambda_vec must hold {len(index)} finite multipliers, one for each of {index.tolist()}")
    return lam
