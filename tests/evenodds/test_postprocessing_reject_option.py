"""`RejectOptionClassification` against AIF360's, a search by loops, and the rule told in words."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from aif360.algorithms.postprocessing import RejectOptionClassification as AIF360
from aif360.datasets import BinaryLabelDataset
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from evenodds.metrics import average_odds_difference, statistical_parity_difference, true_positive_rate_difference
from evenodds.postprocessing import RejectOptionClassification
from evenodds.postprocessing.reject_option import METRICS

DIFFERENCES = dict(
    zip(
        METRICS,
        (statistical_parity_difference, average_odds_difference, true_positive_rate_difference),
        strict=True,
    )
)
FIXTURE = [0.95, 0.62, 0.55, 0.48, 0.40, 0.10], list("ppuupu")


def sampled(seed, n=150, decimals=2):
    rng = np.random.default_rng(seed)
    g = rng.integers(0, 2, n)
    s = np.clip(rng.beta(2, 2, n) + 0.15 * (g - 0.5), 0, 1).round(decimals)
    return s, (rng.random(n) < s).astype(int), g


def decide(s, g, privileged, t, m):
    """The rule of the paper, person by person."""
    for score, group in zip(s, g, strict=True):
        if t - m < score <= t + m:
            yield int(group != privileged)
        else:
            yield int(score > t)


def dataset(s, y, g):
    frame = pd.DataFrame({"g": g.astype(float), "y": np.asarray(y, dtype=float)})
    data = BinaryLabelDataset(df=frame, label_names=["y"], protected_attribute_names=["g"])
    data.scores = np.asarray(s, dtype=float).reshape(-1, 1)
    return data


def test_in_the_critical_region_the_group_decides_and_outside_it_the_score():
    s, g = FIXTURE
    rule = RejectOptionClassification(privileged="p", threshold=0.5, margin=0.15)
    rule.fit(s, [1, 1, 0, 1, 0, 0], sensitive_features=g)
    assert rule.predict(s, sensitive_features=g).tolist() == [1, 0, 1, 1, 0, 0]
    assert rule.critical_region(s).tolist() == [False, True, True, True, True, False]
    rule.set_params(privileged="u").fit(s, [1, 1, 0, 1, 0, 0], sensitive_features=g)
    assert rule.predict(s, sensitive_features=g).tolist() == [1, 1, 0, 0, 1, 0]


@pytest.mark.parametrize("metric_name", METRICS)
@pytest.mark.parametrize("seed", range(4))
def test_threshold_and_margin_are_aif360s(metric_name, seed):
    s, y, g = sampled(seed)
    options = {"metric_name": metric_name, "num_class_thresh": 12, "num_ROC_margin": 9}
    rule = RejectOptionClassification(privileged=1, **options).fit(s, y, sensitive_features=g)
    peer = AIF360([{"g": 0}], [{"g": 1}], **options).fit(dataset(s, y, g), dataset(s, y, g))
    assert rule.threshold_ == peer.classification_threshold
    assert rule.margin_ == peer.ROC_margin
    decisions = rule.predict(s, sensitive_features=g)
    assert decisions.tolist() == peer.predict(dataset(s, y, g)).labels.ravel().tolist()
    assert abs(rule.metric_) <= 0.05


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1), metric_name=st.sampled_from([*METRICS]), decimals=st.integers(1, 3), u=st.booleans()
)
def test_the_search_is_that_of_loops_over_the_rule(seed, metric_name, decimals, u):
    s, y, g = sampled(seed, 40, decimals)
    y[:8], g[:8] = [0, 1] * 4, [0, 0, 1, 1] * 2
    privileged = int(u)
    w = np.random.default_rng(seed).integers(1, 4, len(y))
    rule = RejectOptionClassification(
        privileged=privileged, metric_name=metric_name, num_class_thresh=7, num_ROC_margin=4, metric_lb=-0.1
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "no threshold and margin keep")
        rule.fit(s, y, sensitive_features=g, sample_weight=w)
    rows = []
    for t in np.linspace(0.01, 0.99, 7):
        for m in np.linspace(0, min(t, 1 - t), 4):
            d = np.array(list(decide(s, g, privileged, t, m)))
            metric = DIFFERENCES[metric_name](y, d, sensitive_features=g, privileged=privileged, sample_weight=w)
            balanced = (np.average(d[y == 1], weights=w[y == 1]) + np.average(1 - d[y == 0], weights=w[y == 0])) / 2
            rows.append((t, m, balanced, metric))
    table = np.array(rows)
    assert rule.search_.iloc[:, :4].to_numpy() == pytest.approx(table, abs=1e-12)
    excess = np.maximum(np.maximum(-0.1 - table[:, 3], table[:, 3] - 0.05), 0)
    allowed = table[np.isclose(excess, excess.min(), atol=1e-12)]
    assert rule.balanced_accuracy_ == pytest.approx(allowed[:, 2].max(), abs=1e-12)
    here = list(decide(s, g, privileged, rule.threshold_, rule.margin_))
    assert rule.predict(s, sensitive_features=g).tolist() == here


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), metric_name=st.sampled_from([*METRICS]))
def test_order_names_and_repetition_do_not_matter(seed, metric_name):
    s, y, g = sampled(seed, 60)
    y[:8], g[:8] = [0, 1] * 4, [0, 0, 1, 1] * 2
    rng = np.random.default_rng(seed)
    w, order = rng.integers(1, 4, len(y)), rng.permutation(len(y))
    options = {"metric_name": metric_name, "num_class_thresh": 9, "num_ROC_margin": 5}

    def found(privileged, s, y, g, w=None):
        rule = RejectOptionClassification(privileged=privileged, **options)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "no threshold and margin keep")
            rule.fit(s, y, sensitive_features=g, sample_weight=w)
        return rule.threshold_, rule.margin_, rule.balanced_accuracy_, rule.metric_

    plain = found(1, s, y, g, w)
    assert found(1, s[order], y[order], g[order], w[order]) == plain
    assert found("a", s, y, np.array(["b", "a"])[g], w) == plain
    assert found(1, np.repeat(s, w), np.repeat(y, w), np.repeat(g, w)) == plain


def test_everyone_outside_the_privileged_group_gains_whatever_their_group():
    s, y, g = sampled(1, n=200)
    three = np.where((g == 0) & (np.arange(len(g)) % 2 == 0), 2, g)
    two = RejectOptionClassification(privileged=1).fit(s, y, sensitive_features=g)
    rule = RejectOptionClassification(privileged=1).fit(s, y, sensitive_features=three)
    assert rule.groups_.tolist() == [0, 1, 2]
    assert rule.predict(s, sensitive_features=three).tolist() == two.predict(s, sensitive_features=g).tolist()
    crossed = pd.DataFrame({"g": g, "one": 1})
    rule = RejectOptionClassification(privileged=(1, 1)).fit(s, y, sensitive_features=crossed)
    assert (rule.threshold_, rule.margin_) == (two.threshold_, two.margin_)


def unreachable():
    """People of whom none of the privileged group is refused, whatever the threshold, except by a margin."""
    s, y = np.array([0.9, 0.9, 0.9, 0.1, 0.5, 0.5]), np.array([1, 0, 1, 0, 1, 0])
    return s, y, np.array([1, 1, 0, 0, 0, 1])


def test_where_nothing_is_within_bounds_the_nearest_is_taken_and_aif360_takes_the_most_negative():
    s, y, g = unreachable()
    bounds = {"metric_lb": 0.05, "metric_ub": 0.1, "num_class_thresh": 5, "num_ROC_margin": 5}
    with pytest.warns(UserWarning, match="no threshold and margin keep the statistical parity difference between 0.05"):
        rule = RejectOptionClassification(privileged=1, **bounds).fit(s, y, sensitive_features=g)
    misses = np.maximum(np.maximum(0.05 - rule.search_["metric"], rule.search_["metric"] - 0.1), 0)
    assert misses.min() > 0
    assert rule.metric_ == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = AIF360([{"g": 0}], [{"g": 1}], **bounds).fit(dataset(s, y, g), dataset(s, y, g))
    theirs = statistical_parity_difference(
        y, peer.predict(dataset(s, y, g)).labels.ravel(), sensitive_features=g, privileged=1
    )
    assert theirs == pytest.approx(-1 / 3)


def test_only_what_is_not_given_is_searched_for():
    s, y, g = sampled(2)
    both = RejectOptionClassification(privileged=1, threshold=0.5, margin=0.01).fit(s, y, sensitive_features=g)
    assert (both.threshold_, both.margin_, len(both.search_)) == (0.5, 0.01, 1)
    margin = RejectOptionClassification(privileged=1, threshold=0.4).fit(s, y, sensitive_features=g)
    assert margin.threshold_ == 0.4
    assert margin.search_["margin"].tolist() == np.linspace(0, 0.4, 50).tolist()
    threshold = RejectOptionClassification(privileged=1, margin=0.1, num_class_thresh=3)
    assert threshold.fit(s, y, sensitive_features=g).search_["threshold"].tolist() == [0.01, 0.5, 0.99]


def test_equal_scores_can_only_be_told_apart_by_group():
    y, g = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    rule = RejectOptionClassification(privileged=1).fit(np.full(4, 0.5), y, sensitive_features=g)
    assert (rule.balanced_accuracy_, rule.metric_) == (0.5, 0)
    assert rule.predict([0.5, 0.5], sensitive_features=[0, 1]).tolist() in ([0, 0], [1, 1])


def test_an_estimators_probabilities_are_used():
    rng = np.random.default_rng(0)
    X, g = rng.normal(size=(90, 2)), rng.integers(0, 2, 90)
    y = (X[:, 0] + g + rng.normal(size=90) > 0.5).astype(int)
    model = LogisticRegression().fit(X, y)
    given = RejectOptionClassification(privileged=1).fit(model.predict_proba(X)[:, 1], y, sensitive_features=g)
    for rule in (
        RejectOptionClassification(privileged=1, estimator=model, prefit=True),
        RejectOptionClassification(privileged=1, estimator=LogisticRegression()),
    ):
        rule.fit(X, y, sensitive_features=g)
        assert (rule.threshold_, rule.margin_) == (given.threshold_, given.margin_)
        assert rule.critical_region(X).tolist() == given.critical_region(model.predict_proba(X)[:, 1]).tolist()
        proba = rule.predict_proba(X, sensitive_features=g)
        assert proba[:, 1].tolist() == rule.predict(X, sensitive_features=g).tolist()


@pytest.mark.parametrize(
    ("options", "changes", "message"),
    [
        ({"privileged": "c"}, {}, "privileged is 'c'; it must be one of at least two groups, and they are: 'a', 'b'"),
        ({"privileged": 1}, {}, "privileged is 1"),
        ({}, {"sensitive_features": ["a"] * 4}, "one of at least two groups, and they are: 'a'"),
        ({}, {"y": [1, 1, 1, 1]}, "in group 'everyone' nobody has label 0, so there is no balanced accuracy"),
        (
            {"metric_name": "Equal opportunity difference"},
            {"y": [0, 0, 0, 1]},
            "in group 'a' nobody has label 1, so the equal opportunity",
        ),
        (
            {"metric_name": "Average odds difference"},
            {"y": [0, 1, 1, 1]},
            "in group 'everyone else' nobody has label 0",
        ),
        ({"metric_name": "disparate impact"}, {}, "metric_name is 'disparate impact'"),
        ({"low_class_thresh": 0.5, "high_class_thresh": 0.4}, {}, "low_class_thresh is 0.5 and high_class_thresh 0.4"),
        ({"num_ROC_margin": 0}, {}, "num_ROC_margin is 0"),
        ({"metric_lb": 0.1}, {}, "metric_lb is 0.1, more than metric_ub, 0.05"),
        ({"margin": -0.1}, {}, "margin is -0.1"),
        ({}, {"X": [0.1, 0.2, 1.3, 0.4]}, "X holds 1.3 at position 2; scores must lie between 0 and 1"),
        ({}, {"X": [0.1, 0.2, np.nan, 0.4]}, "X is missing"),
        ({}, {"sensitive_features": ["a", "a", "b", None]}, "missing at position 3"),
    ],
)
def test_what_cannot_be_understood_is_refused(options, changes, message):
    given = {"X": [0.1, 0.7, 0.3, 0.8], "y": [0, 1, 0, 1], "sensitive_features": ["a", "a", "b", "b"]}
    with pytest.raises(ValueError, match=message):
        RejectOptionClassification(**{"privileged": "a"} | options).fit(**given | changes)


def test_a_group_with_one_label_is_fine_for_statistical_parity():
    s, y, g = [0.1, 0.7, 0.3, 0.8], [0, 0, 0, 1], ["a", "a", "b", "b"]
    rule = RejectOptionClassification(privileged="a").fit(s, y, sensitive_features=g)
    assert rule.metric_ == 0
    assert rule.balanced_accuracy_ == pytest.approx(5 / 6)


def test_an_unknown_group_is_refused():
    s, y, g = sampled(3)
    rule = RejectOptionClassification(privileged=1).fit(s, y, sensitive_features=g)
    with pytest.raises(ValueError, match="holds 2 at position 1, which nobody had in fit"):
        rule.predict([0.5, 0.5], sensitive_features=[0, 2])


def test_it_is_a_scikit_learn_estimator():
    rule = RejectOptionClassification(privileged=1, margin=0.1)
    assert clone(rule).get_params() == rule.get_params()
    for method in (lambda: rule.predict([0.5], sensitive_features=[1]), lambda: rule.critical_region([0.5])):
        with pytest.raises(ValueError, match="not fitted"):
            method()
    s, y, g = sampled(4)
    assert rule.fit(s, y, sensitive_features=g) is rule
    copy = pickle.loads(pickle.dumps(rule))
    assert copy.predict(s, sensitive_features=g).tolist() == rule.predict(s, sensitive_features=g).tolist()
