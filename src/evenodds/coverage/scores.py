"""How strange each answer looks to a model, and which answers a threshold on that strangeness keeps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_column, check_rows, check_same_people, check_scores


def nonconformity_scores(y_true: ArrayLike, proba: ArrayLike) -> NDArray[np.float64]:
    """How strange the true class looks: one minus the probability that the model gives it.

    ``s = 1 − p(true class)``, the score called "lac" in `SplitConformalClassifier`.

    Parameters
    ----------
    y_true : array-like of int, shape (n,)
        The true class of each row, as the position of its column: 0, 1, …
    proba : array-like, shape (n, k)
        The probability of each class.

    Returns
    -------
    ndarray, shape (n,)
        Scores between 0 (expected) and 1 (a surprise), for `conformal_quantile`.

    Raises
    ------
    ValueError
        If `y_true` names a column that is not there, or the input is not usable.

    References
    ----------
    M. Sadinle, J. Lei and L. Wasserman (2019), "Least ambiguous set-valued classifiers with bounded error levels",
    JASA 114.

    Examples
    --------
    >>> nonconformity_scores([0, 1], [[0.75, 0.25], [0.5, 0.5]]).tolist()
    [0.25, 0.5]
    """
    table, truth = _probability_table(proba), check_column(y_true, "y_true")
    check_same_people({"y_true": y_true, "proba": table})
    known = np.isin(truth, np.arange(table.shape[1]))
    if not known.all():
        position = int(np.argmin(known))
        raise ValueError(
            f"y_true holds {truth[position]} at position {position}; it must be the position of a column of proba, "
            f"0 to {table.shape[1] - 1}"
        )
    return 1 - table[np.arange(len(table)), truth.astype(int)]


def prediction_sets(proba: ArrayLike, threshold: ArrayLike) -> NDArray[np.bool_]:
    """Which classes look no stranger than the threshold allows, ties included.

    ``C(x) = {class : 1 − p(class) ≤ q}``

    Parameters
    ----------
    proba : array-like, shape (n, k)
        The probability of each class.
    threshold : float or array-like, shape (n,)
        The largest score that stays, from `conformal_quantile`; one for everyone, or one for each row. It may be
        infinite.

    Returns
    -------
    ndarray of bool, shape (n, k)
        A row without True is an empty set.

    Raises
    ------
    ValueError
        If a threshold is missing, or the input is not usable.

    Examples
    --------
    >>> prediction_sets([[0.75, 0.25], [0.5, 0.5]], 0.5).tolist()
    [[True, False], [True, True]]
    >>> prediction_sets([[0.75, 0.25], [0.5, 0.5]], [float("inf"), 0.25]).tolist()
    [[True, True], [False, False]]
    """
    table, limit = _probability_table(proba), np.asarray(threshold, dtype=float)
    if limit.shape not in ((), (len(table),)):
        raise ValueError(
            f"threshold has shape {limit.shape}; it must be one number, or one for each of {len(table)} rows"
        )
    if np.isnan(limit).any():
        raise ValueError("threshold is missing (nan); a threshold that rules nothing out is infinite")
    return 1 - table <= limit.reshape(-1, 1)


def _probability_table(proba: ArrayLike) -> NDArray[np.float64]:
    table = check_rows(proba, "proba")
    if table.ndim != 2:
        raise ValueError(f"proba has shape {table.shape}; it must be (n, classes), as from model.predict_proba(X)")
    return np.column_stack([check_scores(column, f"column {j} of proba") for j, column in enumerate(table.T)])
