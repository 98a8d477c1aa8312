"""Random inputs for hidden checks: small enough to read in a report, varied enough that no formula fits by luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def random_people(
    tables: int = 20, *, groups: Sequence = ("a", "b"), seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Small random tables of people: labels, decisions and groups.

    Parameters
    ----------
    tables : int, default 20
        How many.
    groups : sequence, default ("a", "b")
        Their labels; groups differ in size, in base rate and in selection rate.
    seed : int, default 0

    Returns
    -------
    list of (y_true, y_pred, group)
        Arrays of 12 to 24 people. Every group has people of both labels and both decisions, so every rate is
        defined.

    Examples
    --------
    >>> y_true, y_pred, group = random_people(1)[0]
    >>> len(y_true) == len(y_pred) == len(group)
    True
    """
    rng = np.random.default_rng(seed)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    while len(found) < tables:
        n = int(rng.integers(6, 13)) * max(len(groups), 2)
        group = rng.choice(np.asarray(groups), n, p=rng.dirichlet(np.full(len(groups), 4.0)))
        y_true = (rng.random(n) < rng.uniform(0.3, 0.7)).astype(int)
        y_pred = np.where(rng.random(n) < 0.35, 1 - y_true, y_true)
        if all(_has_both(values[group == g]) for g in groups for values in (y_true, y_pred)):
            found.append((y_true, y_pred, group))
    return found


def _has_both(values: np.ndarray) -> bool:
    return 0 < values.sum() < len(values)
