"""The loss with a squared gap, as a function of scores, for those who write the search themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evenodds._validation import check_binary, check_numbers, check_same_people, check_scores
from evenodds._validation.training import encode
from evenodds.inprocessing.logistic import People
from evenodds.inprocessing.losses import Cells, Floats, squared_gaps, times, total


def mean_scores(p: ArrayLike, *, sensitive_features: Any, among: ArrayLike | None = None) -> pd.Series:
    """Return each group's mean probability.

    Parameters
    ----------
    p : array-like, shape (n,)
        Probabilities.
    sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
        Group labels; several features are crossed.
    among : array-like of bool, shape (n,), optional
        Whose mean is taken: everyone's for demographic parity (the default), ``y == 1`` for equal opportunity.

    Raises
    ------
    ValueError
        If p is not between 0 and 1, a group has nobody in `among`, or inputs do not fit together.

    Examples
    --------
    >>> mean_scores([0.2, 0.6, 0.8], sensitive_features=list("aab")).to_dict()
    {'a': 0.4, 'b': 0.8}
    """
    scores = check_scores(p, "p")
    _, cells, groups = _enter(np.zeros(len(scores)), sensitive_features, among, {"p": p})
    return pd.Series(cells.means(scores)[0], index=groups)


def penalised_log_loss(
    scores: ArrayLike,
    y: ArrayLike,
    *,
    sensitive_features: Any,
    among: ArrayLike | None = None,
    penalty_weight: float = 1.0,
) -> tuple[float, Floats]:
    """Return ``mean log loss + λ · mean_{a<b} (m_a − m_b)²`` and its slope by each score.

    Parameters
    ----------
    scores : array-like, shape (n,)
        Logits z; ``p = 1 / (1 + exp(−z))``. With ``z = X @ theta`` the gradient by theta is ``X.T @ slope``.
    y : array-like of 0 and 1, shape (n,)
        Labels.
    sensitive_features, among
        As in `mean_scores`, which gives m.
    penalty_weight : float, default 1.0
        λ.

    Raises
    ------
    ValueError
        As in `mean_scores`; or if a label is not 0 or 1.

    Examples
    --------
    >>> value, slope = penalised_log_loss([0.0, 0.0], [0, 1], sensitive_features=list("ab"))
    >>> round(value, 4), slope.tolist()
    (0.6931, [0.25, -0.25])
    """
    z, labels = check_numbers(scores, "scores"), check_binary(y, "y")
    people, cells, _ = _enter(labels.astype(float), sensitive_features, among, {"scores": scores, "y": y})
    return total(people.log_loss, cells.loss(times(penalty_weight, squared_gaps)))(z)


def _enter(labels: Floats, features: Any, among: Any, given: dict[str, Any]) -> tuple[People, Cells, pd.Index]:
    n = len(labels)
    codes, groups = encode(features, given)
    counted = np.ones(n, dtype=np.uint8) if among is None else check_binary(among, "among")
    check_same_people(given | {"among": among})
    people = People(np.empty((n, 0)), labels, np.full(n, 1 / n), codes, len(groups), float(n))
    cells = people.cells(1 - counted.astype(np.intp), 1)
    if not cells.weight.all():
        raise ValueError(f"group {groups[int(cells.weight.argmin())]!r} has nobody in among; its mean is undefined")
    return people, cells, groups
