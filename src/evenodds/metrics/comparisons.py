"""From one number per group to one number: smallest, largest, difference, ratio.

Arrays here have the groups on their last axis; anything before it (metrics, control groups, resamples) is carried
along. `present` marks the groups that have people: crossings that nobody belongs to are passed over, while a group
with people but without a value makes the comparison nan.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["between_groups", "to_overall"]


def check_method(method: str) -> None:
    """Refuse anything but the two ways to compare."""
    if method not in ("between_groups", "to_overall"):
        raise ValueError(f"method is {method!r}; it must be 'between_groups' or 'to_overall'")


def group_max(by_group: NDArray[Any], present: NDArray[np.bool_]) -> NDArray[Any]:
    """Return the largest value over the groups that have people.

    Examples
    --------
    >>> float(group_max(np.array([0.2, 0.5, np.nan]), present=np.array([True, True, False])))
    0.5
    >>> float(group_max(np.array([0.2, 0.5, np.nan]), present=np.array([True, True, True])))
    nan
    """
    if present.all():
        return by_group.max(axis=-1)
    largest = np.where(present, by_group, -np.inf).max(axis=-1)
    return np.where(present.any(axis=-1), largest, np.nan)


def group_min(by_group: NDArray[Any], present: NDArray[np.bool_]) -> NDArray[Any]:
    """Return the smallest value over the groups that have people."""
    return -group_max(-by_group, present)


def difference(
    by_group: NDArray[Any], overall: NDArray[Any], present: NDArray[np.bool_], method: Method
) -> NDArray[Any]:
    """Return the largest minus the smallest value, or the largest distance of a group from everyone.

    Examples
    --------
    >>> rates, everyone = np.array([0.2, 0.5, 0.9]), np.array(0.6)
    >>> float(difference(rates, everyone, np.array([True, True, True]), "between_groups").round(3))
    0.7
    >>> float(difference(rates, everyone, np.array([True, True, True]), "to_overall").round(3))
    0.4
    """
    if method == "between_groups":
        return group_max(by_group, present) - group_min(by_group, present)
    return group_max(np.abs(by_group - overall[..., np.newaxis]), present)


def ratio(by_group: NDArray[Any], overall: NDArray[Any], present: NDArray[np.bool_], method: Method) -> NDArray[Any]:
    """Return the smallest over the largest value, or the furthest ratio of a group to everyone, at most 1.

    Examples
    --------
    >>> rates, everyone = np.array([0.2, 0.5, 0.9]), np.array(0.6)
    >>> float(ratio(rates, everyone, np.array([True, True, True]), "between_groups").round(3))
    0.222
    >>> float(ratio(rates, everyone, np.array([True, True, True]), "to_overall").round(3))
    0.333
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "between_groups":
            return group_min(by_group, present) / group_max(by_group, present)
        quotient = by_group / overall[..., np.newaxis]
        return group_min(np.where(quotient > 1, 1 / quotient, quotient), present)
