"""How many people would we need to see a gap of a given size?"""

from __future__ import annotations

from math import ceil, isfinite
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from evenodds._validation import plain
from evenodds.uncertainty.intervals import check_share, normal_quantile


def power_for_gap(
    rate: float, reference_rate: float, *, n: ArrayLike, reference_n: ArrayLike, confidence: float = 0.95
) -> Any:
    """How often `disparity_test` would call a true gap a finding, with so many people.

    ``Φ(|d| / se − z) + Φ(−|d| / se − z)``, with ``d = rate − reference_rate``, se the standard error of the difference
    and z the normal quantile of ``(1 + confidence) / 2``.

    Parameters
    ----------
    rate, reference_rate : float
        The true rates of the two groups, strictly between 0 and 1.
    n, reference_n : number or array-like
        The people in the denominators of these rates.
    confidence : float
        A finding is a p-value of at most ``1 − confidence``.

    Returns
    -------
    float or ndarray
        The power; without a gap, ``1 − confidence``.

    Raises
    ------
    ValueError
        If a rate or the confidence does not lie strictly between 0 and 1, or there is nobody.

    References
    ----------
    J. L. Fleiss, B. Levin and M. C. Paik (2003), Statistical Methods for Rates and Proportions.

    Examples
    --------
    >>> round(power_for_gap(0.75, 0.9, n=8, reference_n=200), 2)
    0.16
    >>> power_for_gap(0.75, 0.9, n=[8, 50, 100], reference_n=200).round(2).tolist()
    [0.16, 0.64, 0.88]
    """
    z = normal_quantile(confidence)
    gap, variance, reference_variance = _gap(rate, reference_rate)
    n, reference_n = np.asarray(n, dtype=float), np.asarray(reference_n, dtype=float)
    if not ((n > 0).all() and (reference_n > 0).all()):
        raise ValueError("n and reference_n must be numbers of people above 0, in each group")
    standardised = gap / np.sqrt(variance / n + reference_variance / reference_n)
    return plain((ndtr(standardised - z) + ndtr(-standardised - z))[()])


def sample_size_for_gap(
    rate: float, reference_rate: float, *, power: float = 0.8, confidence: float = 0.95, ratio: float = 1.0
) -> tuple[int, int]:
    """How many people it takes to see a true gap with a given power.

    ``n = (z_confidence + z_power)² · (r (1 − r) + r₀ (1 − r₀) / ratio) / (r − r₀)²``, rounded up: a gap half as large
    takes four times as many people.

    Parameters
    ----------
    rate, reference_rate : float
        The true rates of the two groups, strictly between 0 and 1.
    power : float
        How often the gap should be found, more than ``1 − confidence``.
    confidence : float
        A finding is a p-value of at most ``1 − confidence``.
    ratio : float
        People of the reference group for each person of the group.

    Returns
    -------
    n, reference_n : int
        People in the denominators of the rates. For a true positive rate these have label 1; divide by the base rate
        to know how many people must be looked at.

    Raises
    ------
    ValueError
        If the rates are equal, or a number is out of range.

    References
    ----------
    J. L. Fleiss, B. Levin and M. C. Paik (2003), Statistical Methods for Rates and Proportions.

    Examples
    --------
    >>> sample_size_for_gap(0.75, 0.9)
    (97, 97)
    >>> sample_size_for_gap(0.75, 0.9, ratio=25)
    (67, 1675)
    """
    z, goal = normal_quantile(confidence), check_share(power, "power", "0.8")
    if goal <= 1 - confidence:
        raise ValueError(
            f"power is {power}; chance alone finds a gap {1 - confidence:.2g} of the time, so ask for more"
        )
    if not isinstance(ratio, Real) or not ratio > 0 or not isfinite(ratio):
        raise ValueError(f"ratio is {ratio!r}; it must be a number above 0")
    gap, variance, reference_variance = _gap(rate, reference_rate)
    if gap == 0:
        raise ValueError(f"both rates are {rate}; no number of people shows a gap that is not there")
    n = ceil((z + float(ndtri(goal))) ** 2 * (variance + reference_variance / ratio) / gap**2)
    return n, ceil(round(ratio * n, 9))


def _gap(rate: float, reference_rate: float) -> tuple[float, float, float]:
    """Return the size of the gap and the variance of one person of each group."""
    r, r0 = check_share(rate, "rate", "0.75"), check_share(reference_rate, "reference_rate", "0.9")
    return abs(r - r0), r * (1 - r), r0 * (1 - r0)
