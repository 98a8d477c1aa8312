"""The game at its smallest: a linear score, an opponent with one slope, and a judge who comes in afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from evenodds.inprocessing.adversary import against_adversary


def one_round(
    w: ArrayLike, u: float, c: float, X: ArrayLike, y: ArrayLike, group: ArrayLike, alpha: float, eta: float
) -> dict[str, Any]:
    """Let predictor and adversary step once, from the same numbers, on all rows.

    The predictor's logit is ``z = X w``, the adversary guesses ``P(group = 1) = sigmoid(u z + c)``. Both losses are
    mean cross-entropies; the adversary steps against its gradient, the predictor against `against_adversary`.

    Parameters
    ----------
    w : array-like, shape (d,)
    u, c : float
    X : array-like, shape (n, d)
    y, group : array-like of 0 and 1, shape (n,)
    alpha : float
        How much the adversary counts for the predictor.
    eta : float
        The length of both steps.

    Returns
    -------
    dict
        The new ``"w"``, ``"u"`` and ``"c"``.

    Examples
    --------
    The only column is the group, so that the projection stops the predictor, and alpha turns it round:

    >>> still = one_round([0.0], 1.0, 0.0, [[1.0], [-1.0]], [1, 0], [1, 0], alpha=0, eta=1)
    >>> still["w"], still["u"]
    (array([0.]), 1.0)
    >>> one_round([0.0], 1.0, 0.0, [[1.0], [-1.0]], [1, 0], [1, 0], alpha=1, eta=1)["w"]
    array([-0.5])
    """
    w, X, y, group = (np.asarray(values, dtype=float) for values in (w, X, y, group))
    z = X @ w
    missed, guessed = (expit(z) - y) / len(y), (expit(u * z + c) - group) / len(y)
    step = against_adversary(X.T @ missed, X.T @ (u * guessed), alpha)
    return {"w": w - eta * step, "u": u - eta * float(guessed @ z), "c": c - eta * float(guessed.sum())}


def judge(
    new_model: Callable[[], Any], z: ArrayLike, group: ArrayLike, y: ArrayLike, learn: ArrayLike
) -> dict[Any, float]:
    """How well a fresh model tells the group from finished scores: among everyone, and within each label.

    Parameters
    ----------
    new_model : callable
        Gives a new scikit-learn classifier.
    z : array-like, shape (n,)
        Scores.
    group, y : array-like of 0 and 1, shape (n,)
    learn : array-like of bool, shape (n,)
        Whom the models learn from; they are judged on the others.

    Returns
    -------
    dict
        AUCs for ``"everyone"``, ``0`` and ``1`` (people with that label). nan where a group is missing among those to
        learn from or those to judge on.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> learn, score = np.tile([True, True, False, False], 2), [0.1, 0.9, 0.2, 0.8] * 2
    >>> judge(DecisionTreeClassifier, score, [0, 1] * 4, [0] * 4 + [1] * 4, learn)
    {'everyone': 1.0, 0: 1.0, 1: 1.0}
    """
    scores = np.asarray(z, dtype=float)[:, np.newaxis]
    group, y, learn = np.asarray(group), np.asarray(y), np.asarray(learn, dtype=bool)

    def among(people: Any) -> float:
        seen, unseen = people & learn, people & ~learn
        if len(np.unique(group[seen])) < 2 or len(np.unique(group[unseen])) < 2:
            return float("nan")
        guess = new_model().fit(scores[seen], group[seen]).predict_proba(scores[unseen])[:, 1]
        return float(roc_auc_score(group[unseen], guess))

    return {"everyone": among(np.ones(len(y), dtype=bool)), 0: among(y == 0), 1: among(y == 1)}
