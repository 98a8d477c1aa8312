"""Intervals, and Wilson's for a share: which true rates would not find this count surprising?"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from evenodds._validation import check_same_people, plain
from evenodds.metrics.undefined import warn_undefined


class Interval(NamedTuple):
    """The two ends of an interval: numbers, or arrays or Series of one number per group."""

    low: Any
    high: Any


def wilson_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Wilson's score interval for a share: `successes` among `n` people.

    It holds the rates p that the count does not contradict, ``|s/n − p| ≤ z √(p (1 − p) / n)``, which are those within

    ``(s + z²/2) / (n + z²)  ±  z / (n + z²) · √(s (n − s) / n + z²/4)``

    with z the normal quantile of ``(1 + confidence) / 2``. Unlike ``s/n ± z √(…)`` it stays inside [0, 1] and has a
    width even when nobody, or everybody, is a success.

    Parameters
    ----------
    successes, n : int, or array-like or Series of int
        People counted, and people among whom they were counted, for one group or for each of many. For a true
        positive rate these are the true positives and the people with label 1, not everyone.
    confidence : float
        How often intervals made this way hold the true rate, between 0 and 1.

    Returns
    -------
    Interval
        ``(low, high)``: floats, arrays of the given shape, or Series with the given index. nan, with an
        `UndefinedMetricWarning` that names the group, where n is 0.

    Raises
    ------
    ValueError
        If a count is negative or not a whole number, or there are more successes than people.

    References
    ----------
    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.

    Examples
    --------
    >>> low, high = wilson_interval(6, 8)
    >>> round(low, 3), round(high, 3)
    (0.409, 0.929)
    >>> import pandas as pd
    >>> hired, asked = pd.Series({"a": 6, "b": 180}), pd.Series({"a": 8, "b": 200})
    >>> wilson_interval(hired, asked).low.round(3).to_dict()
    {'a': 0.409, 'b': 0.851}
    """
    z = normal_quantile(confidence)
    hits, people = _check_counts(successes, "successes"), _check_counts(n, "n")
    series = {name: v for name, v in (("successes", successes), ("n", n)) if isinstance(v, pd.Series)}
    check_same_people(series)
    labels = next((list(v.index) for v in series.values()), None)
    hits, people = np.broadcast_arrays(hits, people)
    if (hits > people).any():
        raise ValueError(
            f"successes is {plain(hits[hits > people][0]):.0f} where n is {plain(people[hits > people][0]):.0f}; "
            "there cannot be more successes than people"
        )
    for position in np.flatnonzero(people == 0).tolist():
        who = "" if people.ndim == 0 else f" for group {labels[position] if labels else position!r}"
        warn_undefined(f"the Wilson interval is undefined{who}: n is 0")
    with np.errstate(invalid="ignore"):
        centre = (hits + z**2 / 2) / (people + z**2)
        reach = z / (people + z**2) * np.sqrt(hits * (people - hits) / people + z**2 / 4)
    low = np.where(hits == 0, reach * 0, centre - reach)
    high = np.where(hits == people, 1 + reach * 0, centre + reach)
    if series:
        index = next(iter(series.values())).index
        return Interval(pd.Series(low, index=index), pd.Series(high, index=index))
    return Interval(plain(low[()]), plain(high[()]))


def normal_quantile(confidence: float) -> float:
    """Return z such that a standard normal number lies within ±z with probability `confidence`.

    Examples
    --------
    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    return float(ndtri((1 + check_share(confidence, "confidence", "0.95")) / 2))


def check_share(value: Any, name: str, example: str) -> float:
    """Return a number strictly between 0 and 1."""
    if not isinstance(value, int | float | np.number) or isinstance(value, bool) or not 0 < value < 1:
        raise ValueError(f"{name} is {value!r}; it must be a number strictly between 0 and 1, for example {example}")
    return float(value)


def _check_counts(values: ArrayLike, name: str) -> NDArray[np.float64]:
    counts = np.asarray(values)
    if counts.dtype.kind not in "biuf":
        raise ValueError(f"{name} is {values!r}; it must hold numbers of people")
    wrong = ~np.isfinite(counts) | (counts < 0) | (counts != np.round(counts))
    if wrong.any():
        raise ValueError(
            f"{name} holds {plain(counts[wrong][0])!r}; it must hold whole numbers of people, 0 or more. "
            "Pass counts, not shares"
        )
    return counts.astype(float)
