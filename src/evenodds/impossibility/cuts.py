"""One cut of the score after another: how every rate moves, group by group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import (
    check_binary,
    check_groups,
    check_numbers,
    check_same_people,
    check_weights,
    split_features,
)
from evenodds.metrics import (
    accuracy,
    false_negative_rate,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    true_positive_rate,
)
from evenodds.metrics.counts import FP, TP
from evenodds.metrics.rates import Rate
from evenodds.metrics.undefined import warn_undefined

_RATES: tuple[Rate, ...] = (
    selection_rate,
    true_positive_rate,
    false_positive_rate,
    false_negative_rate,
    positive_predictive_value,
    accuracy,
)


def rates_by_cut(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    sensitive_features: Any,
    cuts: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
) -> pd.DataFrame:
    """Return the rates of every group at every cut of the score: selected are those whose score is at least the cut.

    Parameters
    ----------
    y_true : array-like of 0 and 1, shape (n,)
        Labels.
    y_score : array-like, shape (n,)
        Scores on any scale, such as COMPAS's deciles.
    sensitive_features : array-like, shape (n,) or (n, k)
        Group labels; several columns are crossed.
    cuts : array-like, shape (m,), optional
        The cuts; by default the distinct scores.
    sample_weight : array-like, shape (n,), optional
        What each person counts for in the rates.

    Returns
    -------
    DataFrame
        One row for each group and cut, cuts ascending; the index is the features, then ``cut``. Columns: ``n`` and
        ``selected``, numbers of people; selection_rate, true_positive_rate, false_positive_rate, false_negative_rate,
        positive_predictive_value, accuracy. A rate is nan where nobody is in its denominator.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, something is missing or not a number, lengths differ or weights are negative.

    Warns
    -----
    UndefinedMetricWarning
        For each rate that is nan somewhere, naming the first such group and cut.

    Examples
    --------
    >>> from evenodds.impossibility import rates_by_cut
    >>> sweep = rates_by_cut([0, 1, 0, 1], [1, 2, 1, 1], sensitive_features=["a", "a", "b", "b"], cuts=[1])
    >>> sweep["positive_predictive_value"].to_dict()
    {('a', 1): 0.5, ('b', 1): 0.5}
    """
    labels, scores = check_binary(y_true, "y_true"), check_numbers(y_score, "y_score")
    groups, weights = check_groups(sensitive_features), None if sample_weight is None else check_weights(sample_weight)
    named = {f"sensitive_features {name!r}": column for name, column in split_features(sensitive_features).items()}
    check_same_people({"y_true": y_true, "y_score": y_score, "sample_weight": sample_weight} | named)
    at = np.unique(scores if cuts is None else check_numbers(cuts, "cuts"))

    cuts_reached = np.searchsorted(at, scores, side="right")
    cells = (groups.codes.astype(np.int64) * 2 + labels) * (len(at) + 1) + cuts_reached
    shape = (groups.n_groups, 2, len(at) + 1)
    people = _confusion(np.bincount(cells, minlength=np.prod(shape)).reshape(shape))
    counts = people if weights is None else _confusion(np.bincount(cells, weights, np.prod(shape)).reshape(shape))

    index = pd.MultiIndex.from_product(
        [*groups.levels, [int(c) if c.is_integer() else float(c) for c in at]], names=[*groups.names, "cut"]
    )
    table = {"n": people.sum(axis=-1), "selected": people[..., [FP, TP]].sum(axis=-1)}
    for rate in _RATES:
        table[rate.__name__] = values = rate.from_counts(counts)
        if np.isnan(values).any():
            group, cut = np.argwhere(np.isnan(values))[0]
            others = f", and in {n - 1} more rows" if (n := np.isnan(values).sum()) > 1 else ""
            why = rate.why_undefined(people[group, cut])
            warn_undefined(
                f"{rate.__name__} is undefined for group {groups.label(group)!r} at cut {at[cut]:g}: {why}{others}"
            )
    return pd.DataFrame({name: values.ravel() for name, values in table.items()}, index=index)


def _confusion(by_cuts_reached: NDArray[Any]) -> NDArray[Any]:
    """Turn people by group, label and number of cuts reached into count tables by group and cut, shape (G, m, 4)."""
    below = by_cuts_reached.cumsum(axis=-1)[..., :-1]
    above = by_cuts_reached[..., ::-1].cumsum(axis=-1)[..., -2::-1]
    return np.stack([below[:, 0], above[:, 0], below[:, 1], above[:, 1]], axis=-1)
