"""The method of multipliers: no gap above a bound, by raising the price of each gap that is."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from evenodds.inprocessing.losses import Floats, Valued

_FIRST_RHO, _LAST_RHO, _MOST_ROUNDS = 10.0, 1e6, 60


@dataclass(frozen=True, eq=False)
class Round:
    """Where a round ended: the unknowns, the largest gap, the multipliers and the steps taken."""

    theta: Floats
    gap: float
    multipliers: Floats
    steps: int


def gaps(means: Floats) -> Floats:
    """Return ``m_ea − m_eb`` for all events and ordered pairs of groups, from means of shape (events, groups)."""
    return means[:, :, np.newaxis] - means[:, np.newaxis, :]


def priced(means: Floats, multipliers: Floats, rho: float, bound: float) -> Valued:
    """Return ``Σ (max(0, λ + ρ c)² − λ²) / (2ρ)`` over violations ``c = gap − bound``, and its slope by each mean."""
    price = np.maximum(0, multipliers + rho * (gaps(means) - bound))
    value = ((price**2).sum() - (multipliers**2).sum()) / (2 * rho)
    return float(value), price.sum(axis=2) - price.sum(axis=1)


def rounds(
    minimise: Callable[[Callable[[Floats], Valued], Floats], tuple[Floats, int]],
    means_at: Callable[[Floats], Floats],
    theta: Floats,
    bound: float,
    tol: float,
) -> list[Round]:
    """Return the rounds until no gap exceeds the bound by more than `tol`, nor has a price that it does not reach.

    Parameters
    ----------
    minimise : callable
        Takes a function of the means with its slope, to be added to the loss, and a start; returns theta and steps.
    means_at : callable
        The means at theta, shape (events, groups).
    theta : ndarray
        The minimum without constraints.
    """
    means, rho, before = means_at(theta), _FIRST_RHO, np.inf
    multipliers = np.zeros((*means.shape, means.shape[1]))
    done = [Round(theta, gaps(means).max(), multipliers, 0)]
    violation = max(done[0].gap - bound, 0.0)
    while violation > tol and len(done) <= _MOST_ROUNDS:
        theta, steps = minimise(partial(priced, multipliers=multipliers, rho=rho, bound=bound), theta)
        gap = gaps(means_at(theta))
        multipliers = np.maximum(0, multipliers + rho * (gap - bound))
        done.append(Round(theta, gap.max(), multipliers, steps))
        violation = np.abs(np.maximum(gap - bound, -multipliers / rho)).max()
        rho = rho if violation < before / 4 else min(4 * rho, _LAST_RHO)
        before = violation
    if violation > tol:
        warnings.warn(
            f"after {_MOST_ROUNDS} rounds the largest gap is {done[-1].gap:.6f}; the bound was {bound}",
            ConvergenceWarning,
            stacklevel=4,
        )
    return done


def dual_ascent(
    minimise: Callable[[float], Any], gap_at: Callable[[Any], float], *, bound: float, rate: float, rounds: int
) -> list[float]:
    """Return the multipliers of ``loss subject to gap ≤ bound``, from 0, by the plainest of primal-dual loops.

    In each round ``θ = argmin loss(θ) + λ (gap(θ) − bound)``, then ``λ ← max(0, λ + rate · (gap(θ) − bound))``. It may
    swing where the method of multipliers (`rounds`) does not.

    Parameters
    ----------
    minimise : callable
        From λ to the best answer θ at this price.
    gap_at : callable
        From θ to the gap.
    bound, rate : float
    rounds : int

    Returns
    -------
    list of float, of length rounds + 1
        The multipliers, the first of which is 0.

    Raises
    ------
    ValueError
        If the rate is not above 0, or there are no rounds.

    References
    ----------
    K. J. Arrow, L. Hurwicz and H. Uzawa (1958), "Studies in Linear and Non-Linear Programming", Stanford.

    Examples
    --------
    The loss (θ − 1)² / 2 and the gap θ: at price λ the best θ is 1 − λ, and the right price for the bound 0.2 is 0.8.

    >>> [round(x, 3) for x in dual_ascent(lambda x: 1 - x, lambda t: t, bound=0.2, rate=0.5, rounds=4)]
    [0.0, 0.4, 0.6, 0.7, 0.75]
    """
    if not rate > 0 or rounds < 1:
        raise ValueError(f"rate is {rate!r} and rounds {rounds!r}; the rate must be above 0, and rounds at least 1")
    multipliers = [0.0]
    for _ in range(rounds):
        excess = float(gap_at(minimise(multipliers[-1]))) - bound
        multipliers.append(max(0.0, multipliers[-1] + rate * excess))
    return multipliers
