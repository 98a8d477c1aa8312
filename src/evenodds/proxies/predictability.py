"""What the columns tell about the group: together, each alone, and each by its absence."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedKFold, check_cv
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from evenodds._validation import check_groups, check_random_state, check_rows, check_same_people, split_features
from evenodds.proxies.auc import auc_by_group
from evenodds.uncertainty import Interval
from evenodds.uncertainty.intervals import check_share


class Predictability(float):
    """How well the features tell the groups apart: an AUC, with its evidence.

    Attributes
    ----------
    by_group : DataFrame
        One row per group: ``count``, the people who were scored; ``auc``, this group against all others; and the
        interval ``low`` to ``high``.
    confidence : float
        The intervals' confidence level.
    """

    by_group: pd.DataFrame
    confidence: float

    def __new__(cls, by_group: pd.DataFrame, confidence: float) -> Predictability:
        self = super().__new__(cls, by_group["auc"].mean(skipna=False))
        self.by_group, self.confidence = by_group, confidence
        return self

    @property
    def interval(self) -> Interval:
        """The interval, where there are two groups; with more, see `by_group`."""
        if len(self.by_group) > 2:
            raise ValueError(f"there are {len(self.by_group)} groups, each with its interval; see by_group")
        return Interval(float(self.by_group["low"].iloc[0]), float(self.by_group["high"].iloc[0]))

    def __repr__(self) -> str:
        people, groups = self.by_group["count"].sum(), len(self.by_group)
        evidence = "[{:.3f}, {:.3f}]".format(*self.interval) if groups == 2 else f"mean of {groups} groups"
        return f"AUC {float(self):.3f} {evidence}, {people:,} people"

    def __reduce__(self) -> tuple[Any, ...]:
        return Predictability, (self.by_group, self.confidence)


def group_predictability(
    X: Any,
    sensitive_features: Any,
    *,
    estimator: Any = None,
    cv: Any = 5,
    confidence: float = 0.95,
    random_state: Any = 0,
) -> Predictability:
    """How well the features together tell who belongs to which group.

    The AUC, ``P(score of a member > score of another) + ½ P(equal)``, of scores given by a model that has not seen
    the person: .5 if the features tell nothing, 1 if they give the group away. With more than two groups, each is
    compared with all others, and the value is the mean of these AUCs.

    Parameters
    ----------
    X : DataFrame or array-like, shape (n, d)
        Numbers, text, categories, booleans; values may be missing. Everything that the model to be judged would see.
    sensitive_features : array-like, DataFrame or dict
        The groups; several features are crossed.
    estimator : classifier, optional
        Any scikit-learn classifier; text is one-hot coded and numbers are scaled before it. By default 50 extremely
        randomised trees, which also find groups that only show nonlinearly or in several features together.
    cv : int, splitter or list of (train, test) positions
        How people are held out; an int makes that many shuffled folds with each group spread evenly.
        ``[(train_rows, test_rows)]`` holds out one fixed set.
    confidence : float
        Level of the intervals, between 0 and 1.
    random_state : int, numpy Generator, RandomState or None
        Seed of the folds and of the default estimator.

    Returns
    -------
    Predictability
        The AUC as a float, with ``by_group`` and ``interval``.

    Raises
    ------
    ValueError
        If the groups are not given, a group label is missing, lengths differ, or there are more folds than people in
        the largest group.

    Warns
    -----
    UndefinedMetricWarning
        If there is only one group, or nobody of a group was held out, so that its AUC is nan.

    Notes
    -----
    A high value says that the group can be recovered, not that a model does so. A value near .5 is a statement about
    this estimator: another may find more. Accuracy is no measure here, for naming the largest group always is right
    for its share. The scores of all folds are pooled into one AUC, as scikit-learn's `cross_val_predict` and
    `roc_auc_score` give it; folds differ a little, so a model that tells nothing can come out just below .5.

    The intervals are Newcombe's method 5, which like Wilson's stay within [0, 1] and keep a width at
    1; they take the held-out scores as given and leave out the chance in the training of the models.

    References
    ----------
    Dwork, Hardt, Pitassi, Reingold and Zemel (2012), "Fairness through awareness", ITCS, on redundant encodings.
    Newcombe (2006), "Confidence intervals for an effect size measure based on the Mann–Whitney statistic, part 2",
    Statistics in Medicine 25(4), method 5.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from evenodds.datasets import make_audit_lab
    >>> lab = make_audit_lab()
    >>> group_predictability(lab.X, lab.a, estimator=LogisticRegression())
    AUC 0.748 [0.727, 0.768], 2,200 people
    """
    table, codes, names = _check_people(X, sensitive_features)
    check_share(confidence, "confidence", "0.95")
    seed = int(check_random_state(random_state).integers(2**31))
    if len(names) == 1:
        return Predictability(auc_by_group(np.zeros((len(codes), 1)), codes, names, confidence), confidence)
    scores = _held_out_scores(table, codes, estimator, _splits(cv, codes, seed), seed)
    held_out = ~np.isnan(scores[:, 0])
    return Predictability(auc_by_group(scores[held_out], codes[held_out], names, confidence), confidence)


def proxy_ranking(
    X: Any,
    sensitive_features: Any,
    *,
    estimator: Any = None,
    cv: Any = 5,
    random_state: Any = 0,
) -> pd.DataFrame:
    """Which features tell the group: each alone, and what is lost without it.

    Parameters
    ----------
    X, sensitive_features, estimator, cv, random_state
        As for `group_predictability`.

    Returns
    -------
    DataFrame
        One row per feature, the best proxy first: ``alone``, the AUC of this feature by itself; ``without``, the AUC
        of all other features together; ``drop``, by how much that is below the AUC of all features. The latter is
        ``attrs["joint"]``. ``without`` is nan if there is only one feature.

    Raises
    ------
    ValueError
        As `group_predictability`.

    Notes
    -----
    A feature can tell nothing alone and everything with another (group = x₁ xor x₂), so a list of features with
    ``alone`` near .5 does not show that there is no proxy. Nor does a small ``drop``: where two features tell the
    same, either can go without loss.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> a = rng.integers(0, 2, 400)
    >>> X = pd.DataFrame({"noise": rng.normal(size=400), "postcode": np.where(a == 1, "N1", "S2")})
    >>> print(proxy_ranking(X, a)[["alone"]].round(1))
              alone
    postcode    1.0
    noise       0.5
    """
    table, *_ = _check_people(X, sensitive_features)
    if not isinstance(random_state, int | np.integer):
        random_state = int(check_random_state(random_state).integers(2**31))

    def auc(columns: pd.DataFrame) -> float:
        options = {"estimator": estimator, "cv": cv, "random_state": random_state}
        return float(group_predictability(columns, sensitive_features, **options))

    joint = auc(table)
    several = table.shape[1] > 1
    alone = {feature: auc(table[[feature]]) if several else joint for feature in table}
    without = {feature: auc(table.drop(columns=feature)) if several else np.nan for feature in table}
    ranking = pd.DataFrame({"alone": alone, "without": without})
    ranking["drop"] = joint - ranking["without"]
    ranking.attrs["joint"] = joint
    return ranking.sort_values("alone", ascending=False, kind="stable")


def _check_people(X: Any, sensitive_features: Any) -> tuple[pd.DataFrame, NDArray[np.intp], pd.Index]:
    """Return the features, everyone's group as a number, and the groups that have people."""
    if sensitive_features is None:
        raise ValueError(
            "sensitive_features is None; without the group the answer is unknown, not zero. "
            "Pass the groups of the same people, for example data.sensitive['sex']"
        )
    groups = check_groups(sensitive_features)
    table = X if isinstance(X, pd.DataFrame) else pd.DataFrame(check_rows(X, "X")).infer_objects()
    if table.empty:
        raise ValueError(f"X has {len(table)} rows and {table.shape[1]} columns; it needs people and features")
    columns = split_features(sensitive_features)
    check_same_people({"X": table} | {f"sensitive_features {name!r}": column for name, column in columns.items()})
    present, codes = np.unique(groups.codes, return_inverse=True)
    return table.set_axis(table.columns.astype(str), axis=1), codes, groups.index[present]


def _splits(cv: Any, codes: NDArray[np.intp], seed: int) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    if isinstance(cv, int | np.integer):
        largest = np.bincount(codes).max()
        if not 2 <= cv <= largest:
            raise ValueError(
                f"cv is {cv!r}; it must be at least 2, or no score is held out, and at most the size of the largest "
                f"group, {largest}"
            )
        cv = StratifiedKFold(int(cv), shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        return list(check_cv(cv).split(np.zeros(len(codes)), codes))


def _held_out_scores(
    table: pd.DataFrame,
    codes: NDArray[np.intp],
    estimator: Any,
    splits: list[tuple[NDArray[Any], NDArray[Any]]],
    seed: int,
) -> NDArray[np.float64]:
    """Return each held-out person's score for each group; nan for people who were never held out."""
    if estimator is None:
        estimator = ExtraTreesClassifier(50, min_samples_leaf=10, random_state=seed)
    model = _with_coding(estimator)
    scores = np.full((len(table), codes.max() + 1), np.nan)
    for train, test in splits:
        fitted = clone(model).fit(table.iloc[train], codes[train])
        scores[test] = 0.0
        scores[np.ix_(test, fitted.classes_)] = fitted.predict_proba(table.iloc[test])
    return scores


def _with_coding(estimator: Any) -> Pipeline:
    """Put a coding before the classifier: text one-hot, numbers scaled; that a value is missing is information."""
    numbers = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    coding = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(coding, estimator)
