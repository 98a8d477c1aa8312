"""Chouldechova's identity: base rate, precision and FNR leave no choice about the false positive rate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_same_people
from evenodds.metrics.undefined import warn_undefined


def implied_false_positive_rate(prevalence: ArrayLike, ppv: ArrayLike, fnr: ArrayLike) -> Any:
    """Return the false positive rate that base rate, precision and false negative rate leave no choice about.

    ``FPR = p / (1 − p) · (1 − PPV) / PPV · (1 − FNR)``: among n people, ``n·p·(1 − FNR)`` are true positives; precision
    says how many false positives go with each of them, and there are ``n·(1 − p)`` people to be false positives.

    Parameters
    ----------
    prevalence : float or array-like
        Base rate p = P(Y = 1), between 0 and 1.
    ppv : float or array-like
        Positive predictive value, P(Y = 1 | Ŷ = 1), between 0 and 1.
    fnr : float or array-like
        False negative rate, P(Ŷ = 0 | Y = 1), between 0 and 1.

    Returns
    -------
    float, ndarray or Series
        The rate, of the shape the arguments broadcast to; a Series if one of them is one. A value **above 1** says
        that no decisions whatever have these three numbers together. It is 0 where p is 0, where PPV is 1 or where
        FNR is 1. nan where it is undetermined: p = 1 leaves nobody to be a false positive, and PPV = 0, nobody
        selected has label 1, goes with FNR = 1 and any false positive rate.

    Raises
    ------
    ValueError
        If a number is not between 0 and 1, or shapes do not fit together. nan stays nan.

    Warns
    -----
    UndefinedMetricWarning
        Where p is 1 or PPV is 0.

    References
    ----------
    A. Chouldechova (2017), "Fair prediction with disparate impact", Big Data 5(2).

    Examples
    --------
    Precision 0.6 and false negative rate 0.35 in both groups; the base rates are 0.5 and 0.4:

    >>> from evenodds.impossibility import implied_false_positive_rate
    >>> implied_false_positive_rate([0.5, 0.4], ppv=0.6, fnr=0.35).round(3)
    array([0.433, 0.289])
    """
    given = {"prevalence": prevalence, "ppv": ppv, "fnr": fnr}
    p, precision, misses = (_check_rates(value, name) for name, value in given.items())
    series = {name: value for name, value in given.items() if isinstance(value, pd.Series)}
    check_same_people(series)
    try:
        p, precision, misses = np.broadcast_arrays(p, precision, misses)
    except ValueError:
        shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in given.items())
        raise ValueError(f"the shapes do not fit together: {shapes}; give one number, or one for each group") from None
    undetermined = (p == 1) | (precision == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        implied = np.where(undetermined, np.nan, p / (1 - p) * (1 - precision) / precision * (1 - misses))
    if undetermined.any():
        warn_undefined(
            f"the implied false positive rate is undefined in {undetermined.sum()} of {undetermined.size} cases: a "
            "base rate of 1 leaves nobody with label 0, and a precision of 0 goes with any false positive rate"
        )
    if series:
        return pd.Series(implied, index=next(iter(series.values())).index, name="implied_false_positive_rate")
    return implied if implied.ndim else float(implied)


def _check_rates(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return rates as floats; nan, a rate that is undefined, stays nan."""
    try:
        rates = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {values!r}; it must hold numbers between 0 and 1") from None
    if (outside := (rates < 0) | (rates > 1)).any():
        raise ValueError(f"{name} holds {float(rates[outside][0])!r}; it must lie between 0 and 1")
    return rates
