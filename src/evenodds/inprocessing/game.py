"""The game between a learner and a constraint: rounds of play, and how far from the end they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.special import softmax

from evenodds.inprocessing.constraints import Floats
from evenodds.inprocessing.oracle import Oracle

_PRECISION = 1e-8
_FIRST_LIMIT, _WIDER = 1.0, 4.0
_HARDER = (2.0, 5.0, 10.0)
_FEWEST_ROUNDS = 5
_REHEARSAL, _FEWEST_REHEARSED = 8, 2000


@dataclass(frozen=True)
class Rules:
    """How the game is played.

    Attributes
    ----------
    highest : float
        B, the most that prices may sum to.
    max_iter : int
    nu : float or None
        The gap at which to stop.
    rate : float
        The learning rate of the prices, times B.
    linprog : bool
        Whether each round looks for the saddle point among the classifiers found so far.
    explore : bool
        Whether such rounds also look around: at the prices of exponentiated gradient, and at multiples of their own.
    """

    highest: float
    max_iter: int
    nu: float | None
    rate: float
    linprog: bool
    explore: bool = True


@dataclass
class Outcome:
    """The best round of a game."""

    mixture: Floats
    lam: Floats
    gap: float
    nu: float
    best_iter: int
    last_iter: int = 0


def play(oracle: Oracle, rules: Rules) -> Outcome:
    """Play until neither side could gain more than nu; if people are many, first explore with a part of them."""
    many = len(oracle.moments.labels) >= _REHEARSAL * _FEWEST_REHEARSED
    rehearsal = oracle.sample(_REHEARSAL) if many and rules.linprog else None
    if rehearsal is None:
        return _play(oracle, rules, [])
    likely = [rehearsal.lambdas[i] for i in np.flatnonzero(_play(rehearsal, rules, []).mixture)]
    return _play(oracle, replace(rules, explore=False), likely)


def _play(oracle: Oracle, rules: Rules, likely: list[Floats]) -> Outcome:
    nowhere = np.zeros(len(oracle.moments.index))
    plain = oracle.answer(nowhere)
    for lam in likely:
        oracle.answer(lam)
    nu = _gap_wanted(oracle, plain) if rules.nu is None else rules.nu
    best = Outcome(np.ones(1), nowhere, np.inf, nu, 0)
    for t, (mixture, lam) in enumerate((hull_rounds if rules.linprog else gradient_rounds)(oracle, rules)):
        gap = duality_gap(oracle, mixture, lam, rules.highest)
        for harder in _HARDER if rules.linprog and rules.explore else ():
            if gap > nu + _PRECISION:
                break
            oracle.answer(harder * lam)
            gap = duality_gap(oracle, mixture, lam, rules.highest)
        if gap < best.gap:
            best = Outcome(mixture, lam, gap, nu, t)
        best.last_iter = t
        if gap <= nu and (t >= _FEWEST_ROUNDS or not rules.explore):
            break
    best.mixture = np.pad(best.mixture, (0, len(oracle.predictors) - len(best.mixture)))
    return best


def gradient_steps(oracle: Oracle, rules: Rules) -> Iterator[tuple[Floats, int]]:
    """Yield prices that rise exponentially with what the learner's last answer broke, and the answer to them."""
    theta = np.zeros(len(oracle.moments.index))
    for _ in range(rules.max_iter):
        lam = multipliers(theta, rules.highest)
        h = oracle.best_response(lam)
        yield lam, h
        theta = theta + rules.rate / rules.highest * oracle.broken()[h]


def gradient_rounds(oracle: Oracle, rules: Rules) -> Iterator[tuple[Floats, Floats]]:
    """Yield the averages of both sides' play so far, the algorithm of Agarwal et al. (2018)."""
    played, paid = np.zeros(0), np.zeros(len(oracle.moments.index))
    for t, (lam, h) in enumerate(gradient_steps(oracle, rules), start=1):
        played = np.pad(played, (0, len(oracle.predictors) - len(played)))
        played[h] += 1
        paid += lam
        yield played / t, oracle.moments.project_lambda(paid / t)


def hull_rounds(oracle: Oracle, rules: Rules) -> Iterator[tuple[Floats, Floats]]:
    """Yield the saddle points among the classifiers found so far, each of which the learner then answers.

    Prices are limited at first, by what makes nobody's label count for less than the constraint, and the limit is
    widened while the constraint is not met: answers to very high prices help little and take long to train.
    """
    steps = gradient_steps(oracle, rules)
    limit = np.minimum(_FIRST_LIMIT * oracle.moments.share(), rules.highest)
    for _ in range(rules.max_iter):
        if rules.explore:
            next(steps)
        mixture, lam = saddle_point(np.array(oracle.errors), oracle.broken(), limit)
        yield mixture, oracle.moments.project_lambda(lam)
        if (mixture @ oracle.broken()[: len(mixture)]).max() > _PRECISION:
            limit = np.minimum(_WIDER * limit, rules.highest)


def duality_gap(oracle: Oracle, mixture: Floats, lam: Floats, highest: float) -> float:
    """Return what the side that could gain most by changing alone would gain, as far as the learner can tell."""
    oracle.answer(lam)
    errors, broken = np.array(oracle.errors), oracle.broken()
    error, left = mixture @ errors[: len(mixture)], mixture @ broken[: len(mixture)]
    value = error + lam @ left
    constraint_gains = error + highest * max(left.max(), 0.0) - value
    learner_gains = value - (errors + broken @ lam).min()
    return max(float(constraint_gains), float(learner_gains), 0.0)


def multipliers(theta: Floats, highest: float) -> Floats:
    """Return ``λ_k = B · exp(θ_k) / (1 + Σ_j exp(θ_j))``, whose sum stays below B.

    Examples
    --------
    >>> multipliers(np.zeros(3), highest=100)
    array([25., 25., 25.])
    """
    return highest * softmax(np.append(theta, 0.0))[:-1]


def saddle_point(errors: Floats, broken: Floats, limit: Floats | float) -> tuple[Floats, Floats]:
    """Solve the game among given classifiers.

    ``min_Q max_λ  Q · errors + λ · (Q @ broken)`` where ``Σ_k λ_k / limit_k ≤ 1``.

    Parameters
    ----------
    errors : ndarray, shape (m,)
    broken : ndarray, shape (m, constraints)
        γ − c of each classifier.
    limit : float, or ndarray of shape (constraints,)
        How high each price may be if it is the only one.

    Returns
    -------
    mixture : ndarray, shape (m,)
    lam : ndarray, shape (constraints,)

    Examples
    --------
    The better classifier breaks the constraint by .1, the worse keeps it with .1 to spare: half of each.

    >>> mixture, lam = saddle_point(np.array([0.2, 0.3]), np.array([[0.1], [-0.1]]), limit=100)
    >>> mixture.round(3), lam.round(3)
    (array([0.5, 0.5]), array([0.5]))
    """
    n, n_constraints = broken.shape
    found: Any = linprog(
        np.append(errors, 1.0),
        A_ub=np.column_stack([broken.T, -1 / np.broadcast_to(limit, n_constraints)]),
        b_ub=np.zeros(n_constraints),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[1.0],
        method="highs-ds",
    )
    if found.status != 0:
        raise RuntimeError(f"the linear program was not solved: {found.message}")
    mixture = np.clip(found.x[:-1], 0, None)
    return mixture / mixture.sum(), np.clip(-found.ineqlin.marginals, 0, None)


def play_rounds(errors: Floats, broken: Floats, *, rounds: int, rate: float, highest: float) -> Floats:
    """Return how often each of given classifiers is played when prices rise exponentially with what was broken.

    Parameters
    ----------
    errors, broken, highest
        As in `saddle_point`, whose mixture this comes near with many rounds and a small rate.
    rounds : int
    rate : float
        By how much θ moves for what is broken.

    Returns
    -------
    ndarray, shape (m,)
        Shares of the rounds.

    Examples
    --------
    >>> play_rounds(np.array([0.1, 0.3]), np.array([[0.2], [-0.2]]), rounds=3, rate=5, highest=2).round(3)
    array([0.333, 0.667])
    """
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        answer = np.argmin(errors + broken @ multipliers(theta, highest))
        played[answer] += 1
        theta += rate * broken[answer]
    return played / rounds


def _gap_wanted(oracle: Oracle, plain: int) -> float:
    """Return half the standard error of the plain classifier's error."""
    wrong = oracle.decisions[plain] != oracle.moments.labels
    return float(0.5 * np.std(wrong, ddof=1) / np.sqrt(len(wrong)))
