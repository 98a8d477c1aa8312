"""The people whose rates are compared, and the sums over each group from which rates and their errors come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import (
    Groups,
    check_binary,
    check_groups,
    check_same_people,
    check_weights,
    split_features,
)
from evenodds.metrics.counts import cell_codes, count_table
from evenodds.metrics.rates import Rate
from evenodds.metrics.undefined import warn_undefined


class People(NamedTuple):
    """Checked columns, one row per person; `weights` is 1 for everyone if none were given."""

    labels: NDArray[np.uint8]
    decisions: NDArray[np.uint8]
    groups: Groups
    weights: NDArray[np.float64]


def check_people(
    y_true: ArrayLike, y_pred: ArrayLike, sensitive_features: Any = None, sample_weight: ArrayLike | None = None
) -> People:
    """Let labels, decisions, groups and weights through the gate; without groups, everyone is in one."""
    labels, decisions = check_binary(y_true, "y_true"), check_binary(y_pred, "y_pred", "decisions")
    given = {"y_true": y_true, "y_pred": y_pred}
    if sensitive_features is None:
        groups = Groups(("everyone",), (pd.Index(["everyone"]),), np.zeros(len(labels), dtype=np.uint8))
    else:
        features = split_features(sensitive_features)
        groups = check_groups(features)
        given |= {f"sensitive_features {name!r}": column for name, column in features.items()}
    weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
    check_same_people(given | {"sample_weight": sample_weight})
    return People(labels, decisions, groups, weights)


def check_rate(rate: Any) -> Rate:
    """Refuse anything but a rate of `evenodds.metrics`, whose numerator and denominator are known."""
    if not isinstance(rate, Rate):
        raise ValueError(
            f"rate is {getattr(rate, '__name__', rate)!r}; it must be a rate of evenodds.metrics, "
            "such as true_positive_rate, so that the people in its denominator can be counted"
        )
    return rate


def count_tables(people: People, codes: NDArray[Any], n_groups: int) -> NDArray[np.float64]:
    """Return each group's table of people, of their weights, and of their squared weights.

    Returns
    -------
    ndarray, shape (3, n_groups, 4)
        Cells in the order TN, FP, FN, TP. Tables of several groups together are sums of theirs.
    """
    cells = cell_codes(codes, people.labels, people.decisions)
    powers = (people.weights**0, people.weights, people.weights**2)
    return np.stack([count_table(cells, n_groups, power) for power in powers])


def two_sides(groups: Groups, privileged: Any, unprivileged: Any = None) -> tuple[NDArray[np.int64], tuple[str, str]]:
    """Number everyone 0 (unprivileged), 1 (privileged) or 2 (neither), and say in words who is who.

    Without `unprivileged`, everyone outside the privileged group is on its other side.
    """
    names = f"group {unprivileged!r}", f"the privileged group {privileged!r}"
    is_privileged = groups.codes == groups.position(privileged, "privileged")
    if unprivileged is None:
        if is_privileged.all():
            raise ValueError(f"everyone is in the privileged group {privileged!r}; there is nobody to compare it with")
        return np.where(is_privileged, 1, 0), (f"everyone outside {names[1]}", names[1])
    if groups.position(unprivileged, "unprivileged") == groups.position(privileged, "privileged"):
        raise ValueError(f"unprivileged and privileged are both {privileged!r}; name two groups")
    is_unprivileged = groups.codes == groups.position(unprivileged, "unprivileged")
    return np.select([is_unprivileged, is_privileged], [0, 1], 2), names


def warn_of_gaps(rate: Rate, people: NDArray[Any], weights: NDArray[Any], names: Iterable[str]) -> None:
    """Say for which groups a rate has no value, and why; tables of shape (groups, 4)."""
    values = rate.from_counts(weights)
    for table, value, name in zip(people, values, names, strict=True):
        if np.isnan(value):
            warn_undefined(f"{rate.__name__} is undefined for {name}: {rate.why_undefined(table.astype(int))}")
