"""Each group's rates under a decision rule, expected over the rule's coin tosses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds import metrics
from evenodds._validation import (
    check_binary,
    check_groups,
    check_same_people,
    check_scores,
    check_weights,
    split_features,
)
from evenodds.calibration import expected_calibration_error
from evenodds.metrics.counts import cell_codes, count_table
from evenodds.metrics.rates import Rate
from evenodds.metrics.undefined import warn_undefined

Floats = NDArray[np.float64]

GAPS = ("selection_rate", "true_positive_rate", "false_positive_rate", "positive_predictive_value")
HARMS = {name: rate for name in metrics.__all__ if isinstance(rate := getattr(metrics, name), Rate)}
del HARMS["base_rate"]
LOWER_IS_BETTER = ("false_positive_rate", "false_negative_rate")
ROUNDING = 1e-9
RESERVED = ("gap", "harm gap", "largest", "everyone")


@dataclass(frozen=True, eq=False)
class People:
    """The people that decisions are about: checked labels, groups and weights.

    ``codes[i]`` is the position of person i's group in ``groups``, which holds only groups with people.
    """

    labels: NDArray[np.uint8]
    codes: NDArray[Any]
    groups: tuple[Any, ...]
    weights: Floats

    @classmethod
    def of(cls, y_true: Any, sensitive_features: Any, sample_weight: Any, given: dict[str, Any]) -> People:
        """Check them, and that each of `given` can be about the same people."""
        labels = check_binary(y_true, "y_true")
        weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
        features = split_features(sensitive_features)
        groups = check_groups(features)
        named = {f"sensitive_features {name!r}": column for name, column in features.items()}
        check_same_people({"y_true": y_true, "sample_weight": sample_weight} | given | named)
        present, codes = np.unique(groups.codes, return_inverse=True)
        names = [groups.label(code) for code in present.tolist()]
        names = [", ".join(map(str, name)) if isinstance(name, tuple) else name for name in names]
        if taken := [name for name in names if name in RESERVED]:
            raise ValueError(f"a group is called {taken[0]!r}, which the table uses for its own rows; rename the group")
        return cls(labels, codes, tuple(names), weights)

    def rates(self, q: Floats, harm: str, when: str) -> pd.DataFrame:
        """Return the rates of every group, one row a group; the last row is everyone's."""
        counts = self.expected_counts(q)
        counts = np.vstack([counts, counts.sum(axis=0)])
        names = dict.fromkeys([harm, *GAPS, "accuracy"])
        table = pd.DataFrame({name: HARMS[name].from_counts(counts) for name in names}, [*self.groups, "everyone"])
        for name in dict.fromkeys([harm, *GAPS]):
            for group in table.index[:-1][table[name].iloc[:-1].isna()]:
                warn_undefined(f"{name} is undefined for group {group!r} {when}: nobody is in its denominator")
        return table

    def expected_counts(self, q: Floats) -> Floats:
        """Return TN, FP, FN, TP of every group: a person selected with probability q is in two cells, q and 1 − q."""
        selected = cell_codes(self.codes, self.labels, np.ones_like(self.labels))
        refused = cell_codes(self.codes, self.labels, np.zeros_like(self.labels))
        n = len(self.groups)
        return count_table(selected, n, self.weights * q) + count_table(refused, n, self.weights * (1 - q))

    def total(self, amounts: Floats) -> Floats:
        """Add up amounts in each group; the last is everyone's."""
        by_group = np.bincount(self.codes, self.weights * amounts, len(self.groups))
        return np.append(by_group, by_group.sum())

    def calibration(self, scores: ArrayLike | None, name: str) -> float:
        """Return the largest expected calibration error of a group, nan without scores."""
        if scores is None:
            return np.nan
        group = np.array([str(name) for name in self.groups])[self.codes]
        errors = expected_calibration_error(
            self.labels, check_scores(scores, name), sensitive_features=group, sample_weight=self.weights
        )
        return float(errors.max(skipna=False))


def check_harm(harm: Any) -> str:
    """Refuse a harm that is not the name of a rate."""
    if not isinstance(harm, str) or harm not in HARMS:
        raise ValueError(f"harm is {harm!r}; it must name a rate: {', '.join(map(repr, HARMS))}")
    return harm


def gaps(rates: pd.DataFrame, harm: str) -> dict[str, float]:
    """Return the largest minus the smallest value over the groups, of the harm's rate first."""
    by_group = rates.iloc[:-1]
    return {
        name: float(by_group[name].max(skipna=False) - by_group[name].min(skipna=False))
        for name in dict.fromkeys([harm, *GAPS])
    }
