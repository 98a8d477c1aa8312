"""What a bound on selection rates costs even somebody who never errs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evenodds._validation import check_binary
from evenodds._validation.parameters import check_share
from evenodds._validation.training import encode

_ROUNDING = 1e-9


def parity_ceiling(y_true: ArrayLike, *, sensitive_features: Any, difference_bound: float = 0.0) -> float:
    """Return the highest accuracy of any decisions whose selection rates differ by at most `difference_bound`.

    ``max accuracy(ŷ) subject to max_a SR_a − min_a SR_a ≤ bound``, over all 2ⁿ lists ŷ of decisions. The best list
    with k_a people selected in group a, which has n_a people and p_a with label 1, errs ``|k_a − p_a|`` times there. So
    it is enough to look at the lowest rate that an optimum can have, k/n_a of some group, and at the k of every group
    nearest to p_a whose rate is not lower nor higher by more than the bound.

    Parameters
    ----------
    y_true : array-like of 0 and 1, shape (n,)
        Labels.
    sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
        Group labels; several features are crossed.
    difference_bound : float, default 0.0
        Between 0 and 1.

    Returns
    -------
    float
        1 if the base rates differ by no more than the bound. Never below the share of the commoner label.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, the bound not between 0 and 1, or inputs do not fit together.

    Examples
    --------
    Of four people in each group, one and three have label 1:

    >>> y, group = [1, 0, 0, 0, 1, 1, 1, 0], list("aaaabbbb")
    >>> [parity_ceiling(y, sensitive_features=group, difference_bound=bound) for bound in (0.5, 0.25, 0)]
    [1.0, 0.875, 0.75]
    """
    check_share(difference_bound, "difference_bound")
    labels = check_binary(y_true, "y_true")
    codes, _ = encode(sensitive_features, {"y_true": y_true})
    n, positives = np.bincount(codes), np.bincount(codes, labels)
    lowest = np.concatenate([np.arange(size + 1) / size for size in n])[:, np.newaxis]
    least = np.ceil(lowest * n - _ROUNDING)
    most = np.minimum(np.floor((lowest + difference_bound) * n + _ROUNDING), n)
    errors = np.where(least <= most, np.abs(np.clip(positives, least, most) - positives), np.inf)
    return float(1 - errors.sum(axis=1).min() / len(labels))
