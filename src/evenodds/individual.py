"""Individual fairness: are similar people treated alike, and how unequally are benefits shared out?

Two views. *Similar people, similar outcomes*: `consistency` compares everyone with their nearest neighbours,
`lipschitz_violations` every pair with a bound. *Inequality of benefits*: the generalized entropy indices, which split
exactly into a part between groups and a part within them.

Which people are similar is decided before, and without, the model: by the features that are passed, their scales and
the metric. Nothing is scaled here, so scale first, or the feature with the largest unit decides.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist
from scipy.special import xlogy
from sklearn.neighbors import NearestNeighbors

from evenodds._validation import (
    check_binary,
    check_groups,
    check_rows,
    check_same_people,
    check_scores,
    check_weights,
    split_features,
)
from evenodds.metrics.undefined import warn_undefined

Metric = str | Callable[[NDArray[np.float64], NDArray[np.float64]], float]

_ROUNDING = 1e-12
_DISTANCES_AT_ONCE = 2**22


def consistency(
    X: Any,
    y_pred: ArrayLike,
    *,
    n_neighbors: int = 5,
    metric: Metric = "euclidean",
    sample_weight: ArrayLike | None = None,
) -> float:
    """How much everyone's outcome agrees with that of the people most like them.

    ``1 − (1/n) Σᵢ |ŷᵢ − (1/k) Σ_{j ∈ N(i)} ŷⱼ|``, where N(i) are the k nearest *other* people.

    Parameters
    ----------
    X : array-like, shape (n, d); or (n, n) with ``metric="precomputed"``
        What makes people similar: numbers, scaled.
    y_pred : array-like, shape (n,)
        The model's decisions, or scores between 0 and 1. Not the labels: this audits the model.
    n_neighbors : int
        k, at least 1 and at most n − 1.
    metric : str or callable
        How to measure distance, as in scikit-learn's `NearestNeighbors`; "precomputed" if `X` holds the distances.
    sample_weight : array-like, shape (n,), optional
        What each person counts for in the mean over people; neighbours count alike.

    Returns
    -------
    float
        Between 0 and 1; 1 if everyone is treated like their neighbours.

    Raises
    ------
    ValueError
        If a feature is missing or no number, a prediction lies outside [0, 1], lengths differ, or there are not more
        than `n_neighbors` people.

    Notes
    -----
    A constant predictor is perfectly consistent, and so is one that treats two distant groups each alike: consistency
    says nothing about groups, and nothing about whether anybody is treated well.

    Where several people are equally far away and not all fit among the k, some of them are taken, always the same for
    the same rows in the same order; another order of the rows can then give another value.

    AIF360's method of this name counts everyone among their own neighbours, so that its value with one neighbour is
    always 1. Without ties the two are related by ``1 − theirs(k + 1) = k/(k + 1) · (1 − ours(k))``.

    References
    ----------
    Zemel, Wu, Swersky, Pitassi and Dwork (2013), "Learning fair representations", ICML, section 4.

    Examples
    --------
    >>> X = [[0.0], [0.1], [0.2], [5.0], [5.1], [5.2]]
    >>> consistency(X, [1, 1, 1, 0, 0, 0], n_neighbors=2)
    1.0
    >>> round(consistency(X, [1, 0, 1, 0, 0, 0], n_neighbors=2), 3)
    0.667
    """
    features, predictions = _check_features(X), check_scores(y_pred, "y_pred")
    weights = None if sample_weight is None else check_weights(sample_weight)
    check_same_people({"X": X, "y_pred": y_pred, "sample_weight": sample_weight})
    if not isinstance(n_neighbors, Integral) or not 1 <= n_neighbors < len(features):
        raise ValueError(
            f"n_neighbors is {n_neighbors!r} and there are {len(features)} people; it must be a whole number of at "
            f"least 1 and at most {len(features) - 1}, because nobody is their own neighbour"
        )
    if metric == "precomputed":
        _check_distances(features)
    neighbours = NearestNeighbors(n_neighbors=int(n_neighbors), metric=metric).fit(features)
    alike = predictions[neighbours.kneighbors(return_distance=False)].mean(axis=1)
    return float(1 - np.average(np.abs(predictions - alike), weights=weights))


def lipschitz_violations(
    X: Any,
    scores: ArrayLike,
    *,
    lipschitz: float = 1.0,
    metric: Metric = "euclidean",
) -> pd.DataFrame:
    """Every pair of people whose scores differ by more than their distance allows.

    ``|f(xᵢ) − f(xⱼ)| > L · d(xᵢ, xⱼ)``

    Parameters
    ----------
    X : array-like, shape (n, d); or (n, n) with ``metric="precomputed"``
        What makes people similar: numbers, scaled.
    scores : array-like, shape (n,)
        Scores between 0 and 1, or decisions.
    lipschitz : float
        L, by how much scores may differ at distance 1; not negative.
    metric : str or callable
        d, as in `scipy.spatial.distance.cdist`: a name such as "euclidean" or "cityblock", or a function of two
        people; "precomputed" if `X` holds the distances.

    Returns
    -------
    DataFrame
        One row per violating pair, worst first: ``first`` and ``second``, the two people's positions; ``distance``;
        ``gap``, the difference of their scores; and ``excess``, the gap beyond L · distance. Empty if there is none.
        Identical people with different scores are violations for every L.

    Raises
    ------
    ValueError
        If a feature is missing or no number, a score lies outside [0, 1], lengths differ, `lipschitz` is negative,
        or a distance is negative or missing.

    Notes
    -----
    All n(n − 1)/2 pairs are compared, a block of rows at a time, so memory is needed for the violations only. An
    excess of up to 1e-12 is taken for rounding.

    References
    ----------
    Dwork, Hardt, Pitassi, Reingold and Zemel (2012), "Fairness through awareness", ITCS, section 2.1.

    Examples
    --------
    >>> X, scores = [[0.0], [0.1], [2.0]], [0.2, 0.6, 0.9]
    >>> print(lipschitz_violations(X, scores).round(3))
       first  second  distance  gap  excess
    0      0       1       0.1  0.4     0.3
    >>> len(lipschitz_violations(X, scores, lipschitz=5))
    0
    """
    features, given = _check_features(X), check_scores(scores, "scores")
    check_same_people({"X": X, "scores": scores})
    if not isinstance(lipschitz, Real) or not 0 <= lipschitz < np.inf:
        raise ValueError(f"lipschitz is {lipschitz!r}; it must be a number of at least 0")
    if metric == "precomputed":
        _check_distances(features)
    found = []
    start = 0
    while start < len(given):
        stop = start + max(1, _DISTANCES_AT_ONCE // (len(given) - start))
        distance = (
            features[start:stop, start:] if metric == "precomputed" else _distances(features, start, stop, metric)
        )
        gap = np.abs(given[start:stop, None] - given[None, start:])
        excess = gap - lipschitz * distance
        row, column = np.nonzero(np.triu(excess > _ROUNDING, k=1))
        found.append(
            pd.DataFrame(
                {
                    "first": row + start,
                    "second": column + start,
                    "distance": distance[row, column],
                    "gap": gap[row, column],
                    "excess": excess[row, column],
                }
            )
        )
        start = stop
    return pd.concat(found).sort_values(["excess", "first", "second"], ascending=[False, True, True], ignore_index=True)


def generalized_entropy_index(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    alpha: float = 2,
    *,
    sensitive_features: Any = None,
    sample_weight: ArrayLike | None = None,
) -> Any:
    """How unequally the model's benefits are shared out, over everyone and between groups.

    With the benefit ``bᵢ = ŷᵢ − yᵢ + 1`` (2 for an undeserved favour, 1 for a correct decision, 0 for a denial of what
    was deserved) and its mean μ::

        GE(α) = 1/(n α (α − 1)) Σ [(bᵢ/μ)^α − 1]      α other than 0 and 1
        GE(1) = 1/n Σ (bᵢ/μ) ln(bᵢ/μ)                 the Theil index
        GE(0) = −1/n Σ ln(bᵢ/μ)                       the mean log deviation

    Parameters
    ----------
    y_true, y_pred : array-like of 0 and 1, shape (n,)
        Labels and decisions; 1 must be the favourable one.
    alpha : float
        How much weight large benefits get; 2 gives half the squared coefficient of variation.
    sensitive_features : array-like, DataFrame or dict, optional
        Groups to split the index by.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.

    Returns
    -------
    float, or Series if there are groups
        The index: 0 if all benefits are equal. With groups, ``overall``, ``between_groups`` (the index if everyone had
        the mean benefit of their group) and ``within_groups`` (the rest); the two parts add up to the whole.

    Raises
    ------
    ValueError
        If labels or decisions are not 0 or 1, lengths differ, a group label is missing, or alpha is not finite.

    Warns
    -----
    UndefinedMetricWarning
        If nobody has a benefit (everyone deserved a favour and was denied it), which gives nan; or if alpha is at most
        0 and somebody's benefit is 0, which gives infinity.

    Notes
    -----
    Everyone belongs to a group, and is counted there. In AIF360's between-group index people outside its two groups
    get the benefit 0, so that a perfect predictor on three groups seems unequal; its GE(0) has a further factor 1/μ.

    References
    ----------
    Speicher, Heidari, Grgić-Hlača, Gummadi, Singla, Weller and Zafar (2018), "A unified approach to quantifying
    algorithmic unfairness", KDD, sections 2 and 3.

    Examples
    --------
    >>> y_true, y_pred = [1, 1, 0, 0], [1, 0, 1, 0]
    >>> generalized_entropy_index(y_true, y_pred)
    0.25
    >>> generalized_entropy_index(y_true, y_pred, sensitive_features=["a", "a", "b", "b"]).to_dict()
    {'overall': 0.25, 'between_groups': 0.125, 'within_groups': 0.125}
    """
    if not isinstance(alpha, Real) or not np.isfinite(alpha):
        raise ValueError(f"alpha is {alpha!r}; it must be a finite number")
    labels, decisions = check_binary(y_true, "y_true"), check_binary(y_pred, "y_pred", "decisions")
    weights = np.ones(len(labels)) if sample_weight is None else check_weights(sample_weight)
    columns = {} if sensitive_features is None else split_features(sensitive_features)
    check_same_people({"y_true": y_true, "y_pred": y_pred, "sample_weight": sample_weight} | columns)
    benefit = decisions.astype(float) - labels + 1
    overall = _entropy(benefit, weights, alpha)
    if np.isnan(overall):
        warn_undefined(f"the entropy index is undefined: none of the {len(labels)} people has a benefit above 0")
    elif np.isinf(overall):
        warn_undefined(f"the entropy index is infinite: with alpha={alpha} a benefit of 0 outweighs everything")
    if sensitive_features is None:
        return overall
    groups = check_groups(sensitive_features)
    people = np.bincount(groups.codes, weights)
    with np.errstate(invalid="ignore"):
        group_benefit = np.bincount(groups.codes, weights * benefit) / people
    between = _entropy(group_benefit[people > 0], people[people > 0], alpha)
    within = overall - between if np.isfinite(overall) else overall
    return pd.Series({"overall": overall, "between_groups": between, "within_groups": within})


def theil_index(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any = None,
    sample_weight: ArrayLike | None = None,
) -> Any:
    """The Theil index of benefits: `generalized_entropy_index` with alpha 1.

    ``(1/n) Σ (bᵢ/μ) ln(bᵢ/μ)`` with ``bᵢ = ŷᵢ − yᵢ + 1``; parameters, result and errors as there.

    References
    ----------
    Speicher et al. (2018), "A unified approach to quantifying algorithmic unfairness", KDD, section 2.

    Examples
    --------
    >>> round(theil_index([1, 1, 0, 0], [1, 0, 1, 0]), 4)
    0.3466
    """
    return generalized_entropy_index(
        y_true, y_pred, 1, sensitive_features=sensitive_features, sample_weight=sample_weight
    )


def _entropy(benefit: NDArray[np.float64], weights: NDArray[np.float64], alpha: float) -> float:
    mean = np.average(benefit, weights=weights)
    if mean == 0:
        return float("nan")
    share = benefit / mean
    with np.errstate(divide="ignore"):
        if alpha == 1:
            terms = xlogy(share, share)
        elif alpha == 0:
            terms = -np.log(share)
        else:
            terms = (share**alpha - 1) / (alpha * (alpha - 1))
        return float(np.average(terms[weights > 0], weights=weights[weights > 0]))


def _check_features(X: Any) -> NDArray[np.float64]:
    """Return X as numbers, one row per person and one column per feature."""
    rows = check_rows(X, "X")
    table = rows[:, None] if rows.ndim == 1 else rows
    if table.ndim != 2:
        raise ValueError(f"X has shape {table.shape}; it needs one row per person and one column per feature")
    try:
        numbers = table.astype(np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            "X holds something that is not a number; code the categories first, for example pd.get_dummies(X)"
        ) from None
    if not np.isfinite(numbers).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(numbers))[0])
        raise ValueError(
            f"X is missing or not finite ({numbers[row, column]}) at row {row}, column {column}; "
            "distances need every value. Fill it in, or leave the person out everywhere"
        )
    return numbers


def _distances(features: NDArray[np.float64], start: int, stop: int, metric: Metric) -> NDArray[np.float64]:
    """Distances of some people to themselves and everyone after them."""
    distances = cdist(features[start:stop], features[start:], metric=metric)
    valid = distances >= -_ROUNDING
    if not valid.all():
        row, column = (int(i) for i in np.argwhere(~valid)[0])
        raise ValueError(
            f"the distance between the people at positions {row + start} and {column + start} is "
            f"{distances[row, column]}; distances must be numbers of at least 0"
        )
    return np.maximum(distances, 0)


def _check_distances(distances: NDArray[np.float64]) -> None:
    if distances.shape[0] != distances.shape[1]:
        raise ValueError(f"X has shape {distances.shape}; precomputed distances need one row and one column per person")
    if (distances < 0).any() or not np.array_equal(distances, distances.T):
        raise ValueError("X holds distances that are negative or differ between (i, j) and (j, i)")
