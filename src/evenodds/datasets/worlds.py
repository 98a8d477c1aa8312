"""What the simulated worlds share: people, their merit, and the ways in which bias enters the data."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """A value of a sensitive attribute: its share of the population, and how much it is held back (0 = not)."""

    label: str
    share: float
    disadvantage: float


@dataclass(frozen=True)
class Biases:
    """How strongly each kind of bias acts; 0 switches it off."""

    historical: float
    representation: float
    measurement: float
    feature_measurement: float

    def __post_init__(self) -> None:
        if not (isfinite(self.historical) and self.historical >= 0):
            raise ValueError(f"historical_bias is {self.historical!r}; it must be a number of at least 0.")
        if not 0 <= self.representation < 1:
            raise ValueError(
                f"representation_bias is {self.representation!r}; it must be at least 0 and below 1, "
                f"since 1 would leave nobody in the most disadvantaged group."
            )
        for name in ("measurement", "feature_measurement"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}_bias is {getattr(self, name)!r}; it is a probability, between 0 and 1.")


@dataclass(frozen=True, eq=False)
class World:
    """Simulated people before they are given features; every array has one entry per person."""

    sensitive: pd.DataFrame
    disadvantage_by: dict[str, Floats]
    disadvantage: Floats
    merit: Floats
    capacity: Floats
    probability: Floats
    label: NDArray[np.int64]
    recorded: NDArray[np.int64]
    rng: np.random.Generator

    def truth(self) -> pd.DataFrame:
        """What only the simulator knows."""
        return pd.DataFrame(
            {
                "merit": self.merit,
                "capacity": self.capacity,
                "probability": self.probability,
                "label": self.label,
            }
        )


def sigmoid(x: Floats) -> Floats:
    """The logistic function, 1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def draw_world(
    n_samples: int,
    attributes: Mapping[str, tuple[Group, ...]],
    biases: Biases,
    *,
    intercept: float,
    slope: float,
    random_state: int | None,
) -> World:
    """Draw people of two sensitive attributes and their labels, as the docstrings of the makers write it.

    Every mechanism draws from its own stream of random numbers, and draws equally many whether it is on or off. So
    two worlds with the same seed that differ in one bias hold the same people wherever that bias does not act.
    """
    if not isinstance(n_samples, (int, np.integer)) or isinstance(n_samples, bool) or n_samples < 1:
        raise ValueError(f"n_samples is {n_samples!r}; a simulated world needs a whole number of at least 1.")
    group_rng, merit_rng, label_rng, recording_rng, feature_rng = np.random.default_rng(random_state).spawn(5)

    first, second = attributes.values()
    share = np.outer([g.share for g in first], [g.share for g in second])
    held_back = np.add.outer([g.disadvantage for g in first], [g.disadvantage for g in second])
    sampled = share * (1 - biases.representation * held_back)
    upper_bounds = np.cumsum(sampled / sampled.sum())
    cell = np.searchsorted(upper_bounds[:-1], group_rng.random(n_samples), side="right")
    codes = dict(zip(attributes, np.unravel_index(cell, share.shape), strict=True))

    disadvantage_by = {
        name: np.array([g.disadvantage for g in groups])[codes[name]] for name, groups in attributes.items()
    }
    disadvantage = held_back.ravel()[cell]
    merit = merit_rng.normal(size=n_samples)
    capacity = merit - biases.historical * disadvantage
    probability = sigmoid(intercept + slope * capacity)
    label = (label_rng.random(n_samples) < probability).astype(int)
    misrecorded = recording_rng.random(n_samples) < biases.measurement * disadvantage

    return World(
        sensitive=pd.DataFrame(
            {name: np.array([g.label for g in groups])[codes[name]] for name, groups in attributes.items()}
        ),
        disadvantage_by=disadvantage_by,
        disadvantage=disadvantage,
        merit=merit,
        capacity=capacity,
        probability=probability,
        label=label,
        recorded=np.where(misrecorded, 0, label),
        rng=feature_rng,
    )
