"""Many comparisons: the smallest of a hundred p-values is small even if nothing is going on."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Adjustment = Literal["holm", "bh", "bonferroni"]


def adjust_p_values(p_values: ArrayLike, *, method: Adjustment = "holm") -> Any:
    """Adjust p-values for having been looked at together.

    With ``p_(1) ≤ … ≤ p_(m)`` in order, the adjusted values are, each capped at 1,

    - ``"bonferroni"``: ``m p_(k)``;
    - ``"holm"``: ``max over j ≤ k of (m − j + 1) p_(j)``. Calling those below 0.05 findings makes even one false
      finding at most 5 % likely, as Bonferroni's do, and never has fewer findings than they;
    - ``"bh"``: ``min over j ≥ k of (m / j) p_(j)``, Benjamini and Hochberg's. Of those below 0.05, on average at most
      5 % are false findings, if the comparisons are independent.

    Parameters
    ----------
    p_values : array-like or Series, shape (m,)
        Between 0 and 1. Undefined ones (nan) stay undefined and do not count as comparisons.
    method : {"holm", "bh", "bonferroni"}
        Which adjustment.

    Returns
    -------
    ndarray or Series, shape (m,)
        The adjusted values, in the order given.

    Raises
    ------
    ValueError
        If a value lies outside [0, 1], or the method is unknown.

    References
    ----------
    S. Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6.
    Y. Benjamini and Y. Hochberg (1995), "Controlling the false discovery rate", JRSS B 57.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, 0.03, 0.5]).tolist()
    [0.04, 0.09, 0.09, 0.5]
    >>> adjust_p_values([0.01, 0.04, 0.03, 0.5], method="bh").round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    if method not in _STEPS:
        raise ValueError(f"method is {method!r}; it must be one of {', '.join(map(repr, _STEPS))}")
    values = np.asarray(p_values, dtype=float)
    if values.ndim != 1:
        raise ValueError(f"p_values has shape {values.shape}; it must be 1-D, with one entry per comparison")
    outside = (values < 0) | (values > 1)
    if outside.any():
        position = int(np.argmax(outside))
        raise ValueError(f"p_values holds {values[position]} at position {position}; p-values lie between 0 and 1")
    adjusted = np.full(len(values), np.nan)
    order = np.argsort(values, kind="stable")[: np.count_nonzero(~np.isnan(values))]
    adjusted[order] = np.minimum(_STEPS[method](values[order]), 1)
    return pd.Series(adjusted, index=p_values.index) if isinstance(p_values, pd.Series) else adjusted


def _bonferroni(ordered: NDArray[Any]) -> NDArray[Any]:
    return len(ordered) * ordered


def _holm(ordered: NDArray[Any]) -> NDArray[Any]:
    return np.maximum.accumulate(np.arange(len(ordered), 0, -1) * ordered)


def _benjamini_hochberg(ordered: NDArray[Any]) -> NDArray[Any]:
    m = len(ordered)
    return np.minimum.accumulate((m / np.arange(1, m + 1) * ordered)[::-1])[::-1]


_STEPS = {"holm": _holm, "bh": _benjamini_hochberg, "bonferroni": _bonferroni}
