"""The AUC of each group against all others, with Newcombe's interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from sklearn.metrics import roc_auc_score

from evenodds._validation import plain
from evenodds.metrics.undefined import warn_undefined
from evenodds.uncertainty import Interval
from evenodds.uncertainty.intervals import normal_quantile

_TINY = 1e-12


def auc_by_group(
    scores: NDArray[np.float64], codes: NDArray[np.intp], group_names: pd.Index, confidence: float
) -> pd.DataFrame:
    """Compare each group with all others, over the people who were held out."""
    members = np.bincount(codes, minlength=len(group_names))
    table = pd.DataFrame(np.nan, index=group_names, columns=["auc", "low", "high"])
    for code, n in enumerate(members.tolist()):
        others = len(codes) - n
        if not n or not others:
            warn_undefined(
                f"the AUC of group {plain(group_names[code])!r} is undefined: {n} of its people and {others} of all "
                "others were held out; both are needed"
            )
            continue
        auc = float(roc_auc_score(codes == code, scores[:, code]))
        table.iloc[code] = auc, *auc_interval(auc, n, others, confidence)
    table.insert(0, "count", members)
    return table


def auc_interval(auc: float, n: int, m: int, confidence: float) -> Interval:
    """Newcombe's method 5: all θ for which the AUC lies within z standard errors, with the error that θ implies."""
    z = normal_quantile(confidence)
    half = (n + m) / 2 - 1

    def outside(theta: float) -> float:
        variance = theta * (1 - theta) * (1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (n * m)
        return abs(auc - theta) - z * variance**0.5

    below, above = auc - _TINY, auc + _TINY
    low = brentq(outside, 0, below) if below > 0 else 0.0
    high = brentq(outside, above, 1) if above < 1 else 1.0
    return Interval(float(low), float(high))
