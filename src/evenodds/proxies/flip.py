"""Treatment beside impact: only the attribute changes, and who then gets another output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evenodds._validation import check_column, check_groups, check_rows, plain
from evenodds.metrics.undefined import warn_undefined


@dataclass(frozen=True, eq=False)
class FlipTest:
    """What happened when only the sensitive attribute was changed, and how the groups fare as they are.

    Attributes
    ----------
    treatment : float
        Share of people whose output changes when their attribute does, and nothing else.
    impact : float
        Largest minus smallest of the groups' mean outputs, as people are: the parity difference, for decisions.
    by_group : DataFrame
        One row per group: ``count``, ``mean_output`` as people are, ``changed`` (the share whose output depends on
        the attribute) and, for each value, ``as <value>``: the mean output if the whole group had it.
    outputs : DataFrame, shape (n, values)
        Each person's output under each value of the attribute.
    """

    treatment: float
    impact: float
    by_group: pd.DataFrame
    outputs: pd.DataFrame

    def __repr__(self) -> str:
        return (
            f"treatment: {self.treatment:.1%} of {len(self.outputs):,} people get another output when only the "
            f"attribute flips\nimpact: mean outputs differ by {self.impact:.3f} between the groups as they are"
        )


def flip_test(predict: Callable[[Any], Any], X: Any, column: Any, *, tolerance: float = 0.0) -> FlipTest:
    """Treatment beside impact: does the attribute itself change the output, and how far apart are the groups?

    Everyone is given each value of the attribute in turn, all else unchanged.

    Parameters
    ----------
    predict : callable
        From a table like `X` to one decision or score per person: ``model.predict``, or for a model that does not
        take the attribute ``lambda X: model.predict(X.drop(columns="sex"))``.
    X : DataFrame, or array of shape (n, d)
        The people, their attribute included.
    column : str, or int for an array
        Where the attribute is.
    tolerance : float
        Up to which difference two outputs count as the same.

    Returns
    -------
    FlipTest

    Raises
    ------
    ValueError
        If the attribute is not among the columns, a label is missing, or `predict` does not give one number per
        person.

    Warns
    -----
    UndefinedMetricWarning
        If everyone has the same value: nothing can be flipped, and both numbers are nan.

    Notes
    -----
    A model that is never given the attribute passes with 0: this test finds disparate treatment only. Proxies, which
    would be other had the attribute been other, are left as they are; asking for those changes needs a causal model.

    References
    ----------
    Barocas, Hardt and Narayanan (2023), "Fairness and machine learning", chapter 3, on unawareness; Kusner, Loftus,
    Russell and Silva (2017), "Counterfactual fairness", NeurIPS, on why flipping is not a counterfactual.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["F", "F", "M", "M"], "points": [1, 2, 2, 3]})
    >>> flip_test(lambda X: X["points"] >= 2, people, "sex")
    treatment: 0.0% of 4 people get another output when only the attribute flips
    impact: mean outputs differ by 0.500 between the groups as they are
    """
    if not isinstance(X, pd.DataFrame):
        X = pd.DataFrame(check_rows(X, "X"))
        frame_predict, predict = predict, lambda table: frame_predict(table.to_numpy())
    if column not in X:
        raise ValueError(
            f"X has no column {column!r}; without the group the answer is unknown, not zero. Join it, and let predict "
            "leave it out if the model does: flip_test(lambda X: model.predict(X.drop(columns='sex')), X, 'sex')"
        )
    groups = check_groups({str(column): X[column]}, "X")
    values = groups.levels[0]
    outputs = pd.DataFrame(
        {value: _outputs(predict, _with_value(X, column, value)) for value in values}, index=X.index
    ).rename_axis(columns=column)
    as_is = _outputs(predict, X)
    means = np.bincount(groups.codes, as_is) / groups.sizes
    changed = np.ptp(outputs.to_numpy(), axis=1) > tolerance
    by_group = pd.DataFrame(
        {
            "count": groups.sizes,
            "mean_output": means,
            "changed": np.bincount(groups.codes, changed) / groups.sizes,
        }
        | {f"as {value}": np.bincount(groups.codes, outputs[value]) / groups.sizes for value in values},
        index=groups.index,
    )
    if len(values) == 1:
        warn_undefined(f"everyone has {column} {plain(values[0])!r}; there is no other value to flip to")
        return FlipTest(np.nan, np.nan, by_group, outputs)
    return FlipTest(float(changed.mean()), float(np.ptp(means)), by_group, outputs)


def _with_value(X: pd.DataFrame, column: Any, value: Any) -> pd.DataFrame:
    """Give everyone this value of the attribute, in the column's own type."""
    flipped = X.copy()
    flipped[column] = pd.Series(value, index=X.index).astype(X[column].dtype)
    return flipped


def _outputs(predict: Callable[[Any], Any], X: pd.DataFrame) -> NDArray[np.float64]:
    outputs = check_column(predict(X), "the output of predict").astype(float)
    if np.isnan(outputs).any():
        raise ValueError(f"predict gave nan at position {int(np.isnan(outputs).argmax())}; everyone needs an output")
    if len(outputs) != len(X):
        raise ValueError(f"predict gave {len(outputs)} outputs for {len(X)} people; it must give one for each")
    return outputs
