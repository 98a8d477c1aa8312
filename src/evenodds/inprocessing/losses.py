"""What a fair logistic regression minimises: functions of everyone's score, each with its exact slope.

A score is z = x·w + b, a probability p = 1 / (1 + exp(−z)). A loss takes all scores and gives a number and its slope by
each score; the chain rule makes the gradient by w and b of it (see `logistic`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, rel_entr

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Valued = tuple[float, Floats]
Loss = Callable[[Floats], Valued]

_TINY = 1e-12


def log_loss(scores: Floats, labels: Floats, weights: Floats) -> Valued:
    """Return ``Σ w_i (log(1 + exp(z_i)) − y_i z_i)`` and its slope ``w_i (p_i − y_i)``."""
    return float(weights @ (np.logaddexp(0, scores) - labels * scores)), weights * (expit(scores) - labels)


@dataclass(frozen=True, eq=False)
class Cells:
    """Who is averaged with whom: one cell for each event and group.

    Attributes
    ----------
    weight : ndarray, shape (events, groups)
        Each cell's sum of weights.
    cell : ndarray of int, shape (n,)
        Each person's cell, counted row by row; ``weight.size`` for people in none.
    share : ndarray, shape (n,)
        Each person's weight as a share of their cell's.
    """

    weight: Floats
    cell: Integers
    share: Floats

    def means(self, probabilities: Floats) -> Floats:
        """Return the mean probability of each cell, shape (events, groups)."""
        sums = np.bincount(self.cell, self.share * probabilities, self.weight.size + 1)
        return sums[:-1].reshape(self.weight.shape).astype(float)

    def loss(self, of_means: Callable[[Floats], Valued]) -> Loss:
        """Return a loss of scores from a function of the cells' means and its slope by each mean."""

        def by_score(scores: Floats) -> Valued:
            p = expit(scores)
            value, slope = of_means(self.means(p))
            return value, np.append(slope, 0.0)[self.cell] * self.share * p * (1 - p)

        return by_score


def squared_gaps(means: Floats) -> Valued:
    """Return the mean over pairs of groups of ``(m_a − m_b)²``, summed over rows, and its slope.

    Parameters
    ----------
    means : ndarray, shape (events, groups)
    """
    k = means.shape[1]
    if k < 2:
        return 0.0, np.zeros_like(means)
    centred = means - means.mean(axis=1, keepdims=True)
    return float(2 / (k - 1) * (centred**2).sum()), 4 / (k - 1) * centred


def mutual_information(positive: Floats, shares: Floats) -> Valued:
    """Return the mutual information in nats of prediction and group, and its slope by each group's mean.

    ``Σ_s P(s) [q_s log(q_s / r) + (1 − q_s) log((1 − q_s) / (1 − r))]`` with q_s the mean prediction in group s and r
    everyone's.

    Parameters
    ----------
    positive, shares : ndarray, shape (1, groups)
        q_s and P(s).
    """
    q = np.clip(positive, 0, 1)
    r = np.clip((shares * q).sum(), 0, 1)
    value = (shares * (rel_entr(q, r) + rel_entr(1 - q, 1 - r))).sum()
    return max(float(value), 0.0), shares * (_finite_logit(q) - _finite_logit(r))


def _finite_logit(p: Floats | float) -> Floats:
    return logit(np.clip(p, _TINY, 1 - _TINY))


def total(*losses: Loss) -> Loss:
    """Return the sum of losses."""

    def by_score(scores: Floats) -> Valued:
        values, slopes = zip(*(loss(scores) for loss in losses), strict=True)
        return sum(values), sum(slopes)

    return by_score


def times(factor: float, of_means: Callable[[Floats], Valued]) -> Callable[[Floats], Valued]:
    """Return `factor` times a function and its slope."""

    def scaled(means: Floats) -> Valued:
        value, slope = of_means(means)
        return factor * value, factor * slope

    return scaled
