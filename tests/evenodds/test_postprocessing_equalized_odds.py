"""`EqualizedOddsPostprocessing` against AIF360's, a search over all mixing rates, and tables done by hand."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from aif360.algorithms.postprocessing import EqOddsPostprocessing
from aif360.datasets import BinaryLabelDataset
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from evenodds.postprocessing import EqualizedOddsPostprocessing
from evenodds.postprocessing.equalized_odds import solve_mix_rates


def sampled(seed, n=60, groups=2):
    """Decisions better than chance, labels of both kinds in every group, groups."""
    rng = np.random.default_rng(seed)
    g = rng.integers(0, groups, n)
    y = (rng.random(n) < 0.3 + 0.2 * (g == 0)).astype(int)
    for group in range(groups):
        y[np.flatnonzero(g == group)[:4]] = [0, 1, 0, 1]
    right = rng.random(n) < 0.65 + 0.2 * (g == 1)
    return np.where(right, y, 1 - y), y, g


def rates(q, y, g, w=None):
    """Each group's expected (FPR, TPR), shape (groups, 2)."""
    w = np.ones(len(y)) if w is None else w
    return np.array(
        [[np.average(q[i], weights=w[i]) for v in (0, 1) if (i := (g == a) & (y == v)).any()] for a in set(g)]
    )


def fitted(y_pred, y, g, w=None, **options):
    """The rule and everyone's probability of selection."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the best rule with equal odds ignores")
        rule = EqualizedOddsPostprocessing(**options).fit(y_pred, y, sensitive_features=g, sample_weight=w)
    return rule, rule.predict_proba(y_pred, sensitive_features=g)[:, 1]


def expected_accuracy(q, y, w=None):
    return np.average(np.where(y == 1, q, 1 - q), weights=w)


def dataset(labels, g, w=None):
    frame = pd.DataFrame({"g": g.astype(float), "y": np.asarray(labels, dtype=float)})
    if w is not None:
        frame["w"] = np.asarray(w, dtype=float)
    return BinaryLabelDataset(
        df=frame, label_names=["y"], protected_attribute_names=["g"], instance_weights_name=None if w is None else "w"
    )


def aif360_mix_rates(y_pred, y, g, w=None):
    peer = EqOddsPostprocessing([{"g": 0}], [{"g": 1}])
    p = peer.fit(dataset(y, g, w), dataset(y_pred, g, w)).model_params.x
    return np.array([p[2:], p[:2]])


@pytest.mark.parametrize("seed", range(20))
def test_balanced_accuracy_is_aif360s_objective_and_its_optimum_is_as_good(seed):
    y_pred, y, g = sampled(seed)
    rule, q = fitted(y_pred, y, g, objective="balanced_accuracy_score")
    p1, p0 = aif360_mix_rates(y_pred, y, g)[g].T
    theirs = rates(np.where(y_pred == 1, p1, p0), y, g)
    ours = rates(q, y, g)
    assert np.ptp(ours, axis=0).max() < 1e-9
    assert np.ptp(theirs, axis=0).max() < 1e-9
    assert ours[0, 1] - ours[0, 0] == pytest.approx(theirs[0, 1] - theirs[0, 0], abs=1e-9)
    if ours[0] == pytest.approx(theirs[0], abs=1e-9) and len(np.unique(np.round(q, 6))) == 4:
        assert rule.mix_rates_.to_numpy()[g] == pytest.approx(np.column_stack([p1, p0]), abs=1e-7)


def test_aif360_with_weights_leaves_the_odds_unequal_here():
    y_pred, y, g = sampled(0)
    w = np.random.default_rng(0).integers(1, 6, len(y))
    p1, p0 = aif360_mix_rates(y_pred, y, g, w)[g].T
    assert np.ptp(rates(np.where(y_pred == 1, p1, p0), y, g, w), axis=0).max() > 0.01
    assert np.ptp(rates(fitted(y_pred, y, g, w)[1], y, g, w), axis=0).max() < 1e-9


def by_search(fpr, tpr, loss, gain, steps=400):
    """The best of two groups' common points, over a fine grid of (FPR, TPR)."""
    grid = np.linspace(0, 1, steps + 1)
    x, h = np.meshgrid(grid, grid)
    reached = np.ones_like(x, dtype=bool)
    for f, t in zip(fpr, tpr, strict=True):  # (x, h) = p1 (f, t) + p0 (1 - f, 1 - t)
        p1 = ((1 - t) * x - (1 - f) * h) / (f - t)
        p0 = (f * h - t * x) / (f - t)
        reached &= (np.minimum(p1, p0) >= -1e-12) & (np.maximum(p1, p0) <= 1 + 1e-12)
    return np.where(reached, np.sum(gain) * h - np.sum(loss) * x, -np.inf).max()


@pytest.mark.parametrize("seed", range(10))
def test_no_point_of_a_fine_grid_is_better(seed):
    rng = np.random.default_rng(seed)
    fpr, tpr = np.sort(rng.random((2, 3)).round(2), axis=0)
    tpr = np.maximum(tpr, fpr + 0.02)
    shares = rng.dirichlet(np.ones(6)).reshape(2, 3)
    mix = solve_mix_rates(fpr, tpr, *shares)
    reached = [mix[:, 0] * rate + mix[:, 1] * (1 - rate) for rate in (fpr, tpr)]
    assert np.ptp(reached, axis=1).max() < 1e-9
    value = shares[1] @ reached[1] - shares[0] @ reached[0]
    best = by_search(fpr, tpr, *shares)
    assert best - 1e-9 <= value <= best + 0.01


def table(counts):
    """People from {(group, label, decision): how many}."""
    return np.array([key for key, n in counts.items() for _ in range(n)]).T


def test_the_courses_example_is_flipped_as_done_by_hand():
    # TPR .8 and .6, FPR .3 and .1, base rates .5 and .3, groups of 100.
    g, y, y_pred = table(
        {
            (0, 1, 1): 40, (0, 1, 0): 10, (0, 0, 1): 15, (0, 0, 0): 35,
            (1, 1, 1): 18, (1, 1, 0): 12, (1, 0, 1): 7, (1, 0, 0): 63,
        }
    )  # fmt: skip
    rule, q = fitted(y_pred, y, g)
    assert rule.mix_rates_.to_numpy() == pytest.approx(np.array([[5 / 6, 0], [1, 1 / 6]]))
    assert [rule.true_positive_rate_, rule.false_positive_rate_] == pytest.approx([2 / 3, 0.25])
    assert 1 - expected_accuracy(y_pred, y) == pytest.approx(0.22)
    assert 1 - expected_accuracy(q, y) == pytest.approx(0.85 / 3)


def test_selecting_nobody_can_be_the_best_and_is_announced():
    # TPR .7 in both, FPR .3 and .2, base rates .1 and .6, shares .7 and .3.
    g, y, y_pred = table(
        {
            (0, 1, 1): 49, (0, 1, 0): 21, (0, 0, 1): 189, (0, 0, 0): 441,
            (1, 1, 1): 126, (1, 1, 0): 54, (1, 0, 1): 24, (1, 0, 0): 96,
        }
    )  # fmt: skip
    with pytest.warns(UserWarning, match="ignores the classifier and selects 0 of everyone"):
        rule = EqualizedOddsPostprocessing().fit(y_pred, y, sensitive_features=g)
    q = rule.predict_proba(y_pred, sensitive_features=g)[:, 1]
    assert q.tolist() == [0] * len(y)
    assert 1 - expected_accuracy(q, y) == pytest.approx(0.25)
    useful, q = fitted(y_pred, y, g, objective="balanced_accuracy_score")
    assert useful.true_positive_rate_ > useful.false_positive_rate_ + 0.3
    assert 1 - expected_accuracy(q, y) > 0.25


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), groups=st.integers(1, 4))
def test_order_names_and_repetition_do_not_matter_and_odds_are_equal(seed, groups):
    y_pred, y, g = sampled(seed, 60, groups)
    rng = np.random.default_rng(seed)
    w, order = rng.integers(1, 4, len(y)), rng.permutation(len(y))
    rule, q = fitted(y_pred, y, g, w)
    assert np.ptp(rates(q, y, g, w), axis=0).max() < 1e-9
    assert [rule.false_positive_rate_, rule.true_positive_rate_] == pytest.approx(rates(q, y, g, w)[0], abs=1e-9)
    assert ((q >= 0) & (q <= 1)).all()
    best = expected_accuracy(q, y, w)
    twice = np.repeat(order, w[order])
    _, repeated = fitted(y_pred[twice], y[twice], g[twice])
    assert expected_accuracy(repeated, y[twice]) == pytest.approx(best, abs=1e-9)
    _, renamed = fitted(y_pred, y, np.array(list("wvzk"))[g], w)
    assert expected_accuracy(renamed, y, w) == pytest.approx(best, abs=1e-9)
    _, inverted = fitted(1 - y_pred, y, g, w)  # the rule may use decisions the other way round
    assert expected_accuracy(inverted, y, w) == pytest.approx(best, abs=1e-9)
    assert best >= max(np.average(y, weights=w), np.average(1 - y, weights=w)) - 1e-9


def test_one_group_keeps_good_decisions():
    y_pred, y, _ = sampled(3)
    rule, q = fitted(y_pred, y, np.zeros(len(y)))
    assert q.tolist() == y_pred.tolist()
    assert rule.mix_rates_.to_numpy().tolist() == [[1, 0]]


def test_crossed_groups_have_equal_odds_too():
    y_pred, y, g = sampled(4, n=200, groups=2)
    features = pd.DataFrame({"race": g, "sex": np.where(np.arange(len(g)) % 2, "F", "M")})
    rule, q = fitted(y_pred, y, features)
    assert rule.groups_.tolist() == [(0, "F"), (0, "M"), (1, "F"), (1, "M")]
    assert np.ptp(rates(q, y, 2 * g + np.arange(len(g)) % 2), axis=0).max() < 1e-9


def test_an_estimators_decisions_are_used():
    rng = np.random.default_rng(0)
    X, g = rng.normal(size=(80, 2)), rng.integers(0, 2, 80)
    y = (X[:, 0] + rng.normal(size=80) > 0).astype(int)
    model = LogisticRegression().fit(X, y)
    given, q = fitted(model.predict(X), y, g)
    for rule in (
        EqualizedOddsPostprocessing(estimator=model, prefit=True),
        EqualizedOddsPostprocessing(estimator=LogisticRegression()),
    ):
        rule.fit(X, y, sensitive_features=g)
        assert rule.mix_rates_.equals(given.mix_rates_)
        assert rule.predict_proba(X, sensitive_features=g)[:, 1].tolist() == q.tolist()


def test_draws_are_independent_between_people_and_have_the_probabilities():
    y_pred, y, g = sampled(5, n=40)
    rule, q = fitted(y_pred, y, g)
    draws = np.array([rule.predict(y_pred, sensitive_features=g, random_state=seed) for seed in range(4000)])
    assert draws.mean(axis=0) == pytest.approx(q, abs=5 * 0.5 / np.sqrt(4000))
    mixed = (q > 1e-9) & (q < 1 - 1e-9)
    assert mixed.sum() > 3
    assert np.abs(np.corrcoef(draws[:, mixed].T) - np.eye(mixed.sum())).max() < 0.1


@pytest.mark.parametrize(
    ("options", "changes", "message"),
    [
        ({}, {"y": [0, 1, 1, 1]}, "in group 'b' nobody has label 0, so it has no rates"),
        ({}, {"y": [0, 0, 0, 1]}, "in group 'a' nobody has label 1, so it has no rates"),
        ({}, {"X": [0, 1, 0.5, 1]}, "X holds 0.5 at position 2; decisions must be 0 or 1. Threshold the scores first"),
        ({}, {"X": [0, 1, np.nan, 1]}, "X is missing"),
        ({}, {"X": [0, 1, 1]}, "entries"),
        ({}, {"sensitive_features": ["a", "a", "b", np.nan]}, "missing at position 3|one type"),
        ({}, {"sample_weight": [0, 1, 1, 1]}, "in group 'a' nobody has label 0"),
        ({"objective": "f1"}, {}, "objective is 'f1'"),
    ],
)
def test_what_cannot_be_understood_is_refused(options, changes, message):
    given = {"X": [0, 1, 0, 1], "y": [0, 1, 0, 1], "sensitive_features": ["a", "a", "b", "b"]}
    with pytest.raises(ValueError, match=message):
        EqualizedOddsPostprocessing(**options).fit(**given | changes)


def test_an_unknown_group_is_refused_where_aif360_gives_0():
    y_pred, y, g = sampled(6)
    rule, _ = fitted(y_pred, y, g)
    with pytest.raises(ValueError, match="holds 2 at position 1, which nobody had in fit"):
        rule.predict([1, 1], sensitive_features=[0, 2])
    peer = EqOddsPostprocessing([{"g": 0}], [{"g": 1}], seed=0).fit(dataset(y, g), dataset(y_pred, g))
    assert peer.predict(dataset(np.ones(5), np.array([2, 2, 2, 0, 1]))).labels[:3].ravel().tolist() == [0, 0, 0]


def test_it_is_a_scikit_learn_estimator():
    rule = EqualizedOddsPostprocessing(objective="balanced_accuracy_score")
    assert clone(rule).get_params() == rule.get_params()
    with pytest.raises(ValueError, match="not fitted"):
        rule.predict([1], sensitive_features=["a"])
    y_pred, y, g = sampled(7)
    assert rule.fit(y_pred, y, sensitive_features=g) is rule
    copy = pickle.loads(pickle.dumps(rule))
    assert (
        copy.predict_proba(y_pred, sensitive_features=g).tolist()
        == rule.predict_proba(y_pred, sensitive_features=g).tolist()
    )
