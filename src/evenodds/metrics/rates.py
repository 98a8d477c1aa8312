"""The rates: each is a sum of some cells of the count table divided by a sum of others.

A rate is called like a scikit-learn metric, ``rate(y_true, y_pred, sample_weight=None, pos_label=1)``, and also knows
how to compute itself from any stack of count tables, which is how `MetricFrame` gets it for all groups at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import update_wrapper
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_binary, check_column, check_same_people, check_weights
from evenodds.metrics.counts import FN, FP, TN, TP, cell_codes, count_table
from evenodds.metrics.docs import RATE, documented
from evenodds.metrics.undefined import warn_undefined

EVERYONE = (TN, FP, FN, TP)


class Rate:
    """A share: the people in some cells of the count table, among those in others.

    Parameters
    ----------
    definition : callable
        A function whose name, signature and docstring the rate takes over.
    of : collection of int
        The cells counted in the numerator.
    among : collection of int
        The cells counted in the denominator.
    """

    __name__: str

    def __init__(self, definition: Callable[..., float], of: Collection[int], among: Collection[int]) -> None:
        update_wrapper(self, definition)
        self.of, self.among = list(of), list(among)

    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        pos_label: int = 1,
    ) -> float:
        labels, decisions = check_binary(y_true, "y_true"), check_binary(y_pred, "y_pred", "decisions")
        weights = None if sample_weight is None else check_weights(sample_weight)
        check_same_people({"y_true": y_true, "y_pred": y_pred, "sample_weight": sample_weight})
        cells = cell_codes(np.zeros_like(labels), labels, decisions)
        value = float(self.from_counts(count_table(cells, 1, weights)[0], pos_label))
        if np.isnan(value):
            reason = self.why_undefined(count_table(cells, 1)[0], pos_label)
            warn_undefined(f"{self.__name__} is undefined: {reason}")
        return value

    def from_counts(self, counts: NDArray[Any], pos_label: int = 1) -> NDArray[np.float64]:
        """Compute the rate of every count table in a stack.

        Parameters
        ----------
        counts : ndarray, shape (..., 4)
            Count tables, cells in the order TN, FP, FN, TP.
        pos_label : {0, 1}
            Which label counts as positive.

        Returns
        -------
        ndarray, shape (...)
            The rates, nan where nobody is in the denominator. No warning is given here.
        """
        counts = _with_positive(counts, pos_label)
        with np.errstate(invalid="ignore"):
            return counts[..., self.of].sum(-1) / counts[..., self.among].sum(-1)

    def why_undefined(self, people: NDArray[np.int64], pos_label: int = 1) -> str:
        """Say what is missing in one table of unweighted counts for which the rate is nan."""
        n = int(people.sum())
        if n == 0:
            return "there are no people"
        condition = _CONDITIONS[tuple(self.among)].format(positive=pos_label, negative=1 - pos_label)
        with_condition = int(_with_positive(people, pos_label)[self.among].sum())
        if with_condition == 0:
            return f"none of its {n} {'person' if n == 1 else 'people'} has {condition}"
        return f"the weights of its {with_condition} people {condition and f'with {condition} '}sum to 0"

    def __repr__(self) -> str:
        return f"<rate {self.__name__}>"

    def __reduce__(self) -> str:
        return self.__name__


_CONDITIONS = {
    EVERYONE: "",
    (FN, TP): "label {positive}",
    (TN, FP): "label {negative}",
    (FP, TP): "decision {positive}",
    (TN, FN): "decision {negative}",
}


def _with_positive(counts: NDArray[Any], pos_label: int) -> NDArray[Any]:
    """Reorder the cells so that `pos_label` is the positive one: swapping both 0s and 1s reverses TN, FP, FN, TP."""
    if pos_label not in (0, 1):
        raise ValueError(f"pos_label is {pos_label!r}; it must be 0 or 1")
    return counts if pos_label == 1 else counts[..., ::-1]


def rate(*, of: Collection[int], among: Collection[int]) -> Callable[[Callable[..., float]], Rate]:
    """Turn a documented signature into the rate of these cells."""
    return lambda definition: Rate(documented(RATE)(definition), of, among)


def count(y_true: ArrayLike, y_pred: ArrayLike) -> int:
    """Count the people, unweighted.

    Parameters
    ----------
    y_true, y_pred : array-like, shape (n,)
        Only their length matters, so scores are fine too.

    Returns
    -------
    int
        The number of people.

    Raises
    ------
    ValueError
        If the lengths differ or nobody is there.

    Examples
    --------
    >>> count([0, 1, 1], [0, 0, 1])
    3
    """
    check_column(y_pred, "y_pred")
    n = len(check_column(y_true, "y_true"))
    check_same_people({"y_true": y_true, "y_pred": y_pred})
    return n


@rate(of=(FN, TP), among=EVERYONE)
def base_rate(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of people whose label is 1, the prevalence.

    ``P(Y = 1) = (TP + FN) / n``. The decisions do not enter, but must be 0 or 1 all the same.

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1.

    {raises}

    Examples
    --------
    >>> base_rate([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])
    0.6
    """


@rate(of=(FP, TP), among=EVERYONE)
def selection_rate(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of people whose decision is 1.

    ``P(Ŷ = 1) = (TP + FP) / n``. The labels do not enter, but must be 0 or 1 all the same.

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1.

    {raises}

    Examples
    --------
    >>> selection_rate([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])
    0.4
    """


@rate(of=(TN, TP), among=EVERYONE)
def accuracy(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of people whose decision equals their label.

    ``P(Ŷ = Y) = (TP + TN) / n``

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1.

    {raises}

    Examples
    --------
    >>> accuracy([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])
    0.4
    """


@rate(of=(TP,), among=(FN, TP))
def true_positive_rate(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of decision 1 among people with label 1: recall, sensitivity.

    ``P(Ŷ = 1 | Y = 1) = TP / (TP + FN)``

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1; nan with an `UndefinedMetricWarning` if nobody has label 1.

    {raises}

    Examples
    --------
    >>> round(true_positive_rate([1, 1, 1, 0, 0], [1, 0, 0, 1, 0]), 3)
    0.333
    """


@rate(of=(FP,), among=(TN, FP))
def false_positive_rate(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of decision 1 among people with label 0.

    ``P(Ŷ = 1 | Y = 0) = FP / (FP + TN)``

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1; nan with an `UndefinedMetricWarning` if nobody has label 0.

    {raises}

    Examples
    --------
    >>> false_positive_rate([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])
    0.5
    """


@rate(of=(TN,), among=(TN, FP))
def true_negative_rate(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of decision 0 among people with label 0: specificity.

    ``P(Ŷ = 0 | Y = 0) = TN / (TN + FP)``

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1; nan with an `UndefinedMetricWarning` if nobody has label 0.

    {raises}

    Examples
    --------
    >>> true_negative_rate([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])
    0.5
    """


@rate(of=(FN,), among=(FN, TP))
def false_negative_rate(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of decision 0 among people with label 1: the misses.

    ``P(Ŷ = 0 | Y = 1) = FN / (FN + TP)``

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1; nan with an `UndefinedMetricWarning` if nobody has label 1.

    {raises}

    Examples
    --------
    >>> round(false_negative_rate([1, 1, 1, 0, 0], [1, 0, 0, 1, 0]), 3)
    0.667
    """


@rate(of=(TP,), among=(FP, TP))
def positive_predictive_value(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of label 1 among people with decision 1: precision.

    ``P(Y = 1 | Ŷ = 1) = TP / (TP + FP)``

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1; nan with an `UndefinedMetricWarning` if nobody has decision 1.

    {raises}

    Examples
    --------
    >>> positive_predictive_value([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])
    0.5
    """


@rate(of=(TN,), among=(TN, FN))
def negative_predictive_value(y_true, y_pred, *, sample_weight=None, pos_label=1):
    """Share of label 0 among people with decision 0.

    ``P(Y = 0 | Ŷ = 0) = TN / (TN + FN)``

    {parameters}

    Returns
    -------
    float
        The rate, between 0 and 1; nan with an `UndefinedMetricWarning` if nobody has decision 0.

    {raises}

    Examples
    --------
    >>> round(negative_predictive_value([1, 1, 1, 0, 0], [1, 0, 0, 1, 0]), 3)
    0.333
    """
