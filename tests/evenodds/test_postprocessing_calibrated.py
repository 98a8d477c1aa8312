"""`CalibratedEqualizedOdds` against AIF360's and against its own promise: one cost equal, calibration kept."""

import pickle

import numpy as np
import pandas as pd
import pytest
from aif360.algorithms.postprocessing import CalibratedEqOddsPostprocessing
from aif360.datasets import BinaryLabelDataset
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from evenodds.calibration import reliability_table
from evenodds.postprocessing import CalibratedEqualizedOdds

COSTS = ["weighted", "fpr", "fnr"]


def sampled(seed, n=200):
    """Scores that are sharper in group 1, labels drawn from them, groups with nearly the same base rate."""
    rng = np.random.default_rng(seed)
    g = rng.integers(0, 2, n)
    s = np.where(g == 1, rng.beta(0.5, 0.6, n), rng.beta(2, 2.4, n))
    return s, (rng.random(n) < s).astype(int), g


def cost_of(s, y, w, constraint):
    gfpr, gfnr = w @ (s * (1 - y)) / (w @ (1 - y)), w @ ((1 - s) * y) / (w @ y)
    base = np.average(y, weights=w)
    return {"fpr": gfpr, "fnr": gfnr, "weighted": ((1 - base) * gfpr + base * gfnr) / 2}[constraint]


def dataset(s, y, g, w=None):
    frame = pd.DataFrame({"g": g.astype(float), "y": np.asarray(y, dtype=float)})
    frame["w"] = np.ones(len(y)) if w is None else w
    data = BinaryLabelDataset(df=frame, label_names=["y"], protected_attribute_names=["g"], instance_weights_name="w")
    data.scores = np.asarray(s, dtype=float).reshape(-1, 1)
    return data


def aif360(s, y, g, constraint, w=None):
    peer = CalibratedEqOddsPostprocessing([{"g": 0}], [{"g": 1}], cost_constraint=constraint, seed=0)
    return peer.fit(dataset(s, y, g, w), dataset(s, y, g, w))


@pytest.mark.parametrize("constraint", COSTS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_mixing_and_base_rates_are_aif360s_where_those_are_probabilities(constraint, weighted, seed):
    s, y, g = sampled(seed)
    w = np.random.default_rng(seed).integers(1, 4, len(y)) if weighted else None
    peer = aif360(s, y, g, constraint, w)
    mix_rates = [peer.unpriv_mix_rate, peer.priv_mix_rate]
    assert 0 < max(mix_rates) < 1
    rule = CalibratedEqualizedOdds(cost_constraint=constraint)
    rule.fit(s, y, sensitive_features=g, sample_weight=w)
    assert rule.mix_rate_.to_list() == pytest.approx(mix_rates, abs=1e-9)
    assert rule.base_rate_.to_list() == pytest.approx([peer.base_rate_unpriv, peer.base_rate_priv])


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), constraint=st.sampled_from(COSTS))
def test_the_expected_cost_is_equal_and_order_names_and_repetition_do_not_matter(seed, constraint):
    s, y, g = sampled(seed, 80)
    rng = np.random.default_rng(seed)
    w, order = rng.integers(1, 4, len(y)).astype(float), rng.permutation(len(y))

    def fit(s, y, g, w=None):
        return CalibratedEqualizedOdds(cost_constraint=constraint).fit(s, y, sensitive_features=g, sample_weight=w)

    try:
        rule = fit(s, y, g, w)
    except ValueError:
        assume(False)
    mix = rule.mix_rate_.to_numpy()
    assert mix.min() == 0 <= mix.max() <= 1
    base = np.array([np.average(y[g == a], weights=w[g == a]) for a in (0, 1)])
    expected_score = (1 - mix[g]) * s + mix[g] * base[g]  # costs are linear in the score
    costs = [cost_of(expected_score[g == a], y[g == a], w[g == a], constraint) for a in (0, 1)]
    assert costs[0] == pytest.approx(costs[1], abs=1e-9)
    assert rule.costs_["mixed"].to_list() == pytest.approx(costs, abs=1e-9)
    assert max(costs) == pytest.approx(rule.costs_["score"].max(), abs=1e-9)  # nobody is made better off
    for other in (
        fit(s[order], y[order], g[order], w[order]),
        fit(s, y, np.array(["z", "y"])[g], w),
        fit(np.repeat(s, w.astype(int)), np.repeat(y, w.astype(int)), np.repeat(g, w.astype(int))),
    ):
        again = other.mix_rate_.to_list()
        assert (again[::-1] if "z" in other.groups_ else again) == pytest.approx(mix, abs=1e-9)


def two_calibrated_groups(**ones):
    """Two scores in each group, for 500 people each, of whom so many have label 1."""
    ones = ones or {"a": (100, 400), "b": (125, 375)}
    counts = [n for low_high in ones.values() for k in low_high for n in (500 - k, k)]
    y = np.repeat([0, 1] * 4, counts)
    s = np.repeat([k / 500 for low_high in ones.values() for k in low_high], 500)
    return s, y, np.repeat(list(ones), 1000)


def test_calibration_is_kept_and_one_cost_only_is_equal():
    s, y, g = two_calibrated_groups(a=(100, 350), b=(125, 425))
    rule = CalibratedEqualizedOdds(cost_constraint="fpr").fit(s, y, sensitive_features=g)
    many = np.tile(np.arange(len(y)), 200)
    drawn = rule.transform(s[many], sensitive_features=g[many], random_state=0)
    table = reliability_table(y[many], drawn, sensitive_features=g[many], n_bins=20).query("n > 0")
    assert len(table) == 5
    assert table["observed_rate"].to_numpy() == pytest.approx(table["mean_score"].to_numpy(), abs=0.01)
    ones = np.ones(len(many) // 2)
    fpr, fnr = (
        [cost_of(drawn[g[many] == a], y[many][g[many] == a], ones, c) for a in ("a", "b")] for c in ("fpr", "fnr")
    )
    assert fpr[0] == pytest.approx(fpr[1], abs=0.003)
    assert abs(fnr[0] - fnr[1]) > 0.05


def test_what_takes_the_place_of_a_score_is_the_groups_base_rate_and_not_one_half():
    s, y, g = two_calibrated_groups(a=(100, 350), b=(125, 425))
    rule = CalibratedEqualizedOdds(cost_constraint="fpr").fit(s, y, sensitive_features=g)
    assert rule.mix_rate_["a"] > 0
    drawn = rule.transform(s, sensitive_features=g, random_state=0)
    assert set(drawn[g == "a"]) == {0.2, 0.45, 0.7}
    assert drawn[g == "b"].tolist() == s[g == "b"].tolist()


@pytest.mark.parametrize("constraint", COSTS)
def test_a_mixing_rate_above_1_is_refused_and_aif360_uses_it(constraint):
    rng = np.random.default_rng(1)
    g = np.repeat([0, 1], 100)
    y = np.tile(np.repeat([0, 1], 50), 2)
    s = np.where(g == 1, 0.2 + 0.6 * y, 0.9 - 0.8 * y) + 0.01 * rng.random(200)  # worse than chance in group 0
    peer = aif360(s, y, g, constraint)
    assert max(peer.unpriv_mix_rate, peer.priv_mix_rate) > 1
    with pytest.raises(ValueError, match=r"group 1 has 0\..* if all its scores are withheld, and group 0 has 0\."):
        CalibratedEqualizedOdds(cost_constraint=constraint).fit(s, y, sensitive_features=g)


def test_equal_costs_need_nothing_even_where_scores_say_nothing():
    y, g = np.array([0, 1, 0, 1]), np.array(list("aabb"))
    for s in (np.full(4, 0.5), np.array([0.2, 0.8, 0.2, 0.8])):
        rule = CalibratedEqualizedOdds().fit(s, y, sensitive_features=g)
        assert rule.mix_rate_.to_list() == [0, 0]
        assert rule.transform(s, sensitive_features=g).tolist() == s.tolist()


def test_draws_have_the_probabilities_and_can_be_repeated():
    s, y, g = two_calibrated_groups()
    rule = CalibratedEqualizedOdds(cost_constraint="fnr", threshold=0.3).fit(s, y, sensitive_features=g)
    few = slice(None, None, 40)
    q = rule.predict_proba(s[few], sensitive_features=g[few])[:, 1]
    draws = np.array([rule.predict(s[few], sensitive_features=g[few], random_state=seed) for seed in range(3000)])
    assert draws.mean(axis=0) == pytest.approx(q, abs=5 * 0.5 / np.sqrt(3000))
    tossed = (q > 0) & (q < 1)
    assert tossed.sum() > 3
    assert np.abs(np.corrcoef(draws[:, tossed].T) - np.eye(tossed.sum())).max() < 0.12
    scores = rule.transform(s, sensitive_features=g, random_state=7)
    assert rule.predict(s, sensitive_features=g, random_state=7).tolist() == (scores >= 0.3).tolist()


def test_a_score_at_the_threshold_is_selected():
    s, y, g = two_calibrated_groups()
    rule = CalibratedEqualizedOdds(threshold=0.25).fit(s, y, sensitive_features=g)
    b = g == "b"  # whose scores are .25 and .75, and not withheld
    assert rule.predict(s[b], sensitive_features=g[b]).all()
    assert rule.predict_proba(s[b], sensitive_features=g[b])[:, 1].all()


def test_an_estimators_probabilities_are_used():
    rng = np.random.default_rng(0)
    X, g = rng.normal(size=(300, 2)), rng.integers(0, 2, 300)
    y = (X[:, 0] * (1 + g) + rng.normal(size=300) > 0).astype(int)
    model = LogisticRegression().fit(X, y)
    given = CalibratedEqualizedOdds().fit(model.predict_proba(X)[:, 1], y, sensitive_features=g)
    assert given.mix_rate_.max() > 0
    for rule in (
        CalibratedEqualizedOdds(estimator=model, prefit=True),
        CalibratedEqualizedOdds(estimator=LogisticRegression()),
    ):
        assert rule.fit(X, y, sensitive_features=g).mix_rate_.equals(given.mix_rate_)
        drawn = rule.transform(X, sensitive_features=g, random_state=0)
        same = given.transform(model.predict_proba(X)[:, 1], sensitive_features=g, random_state=0)
        assert drawn.tolist() == same.tolist()


@pytest.mark.parametrize(
    ("options", "changes", "message"),
    [
        ({}, {"sensitive_features": list("aabc")}, "sensitive_features has 3 groups, 'a', 'b', 'c'; the method needs"),
        ({}, {"sensitive_features": list("aaaa")}, "sensitive_features has 1 groups"),
        ({}, {"y": [0, 1, 1, 1]}, "in group 'b' nobody has label 0"),
        ({}, {"y": [0, 0, 0, 1]}, "in group 'a' nobody has label 1"),
        ({}, {"X": [0.1, -0.2, 0.3, 0.4]}, "X holds -0.2 at position 1"),
        ({}, {"X": [0.1, np.nan, 0.3, 0.4]}, "X is missing"),
        ({"cost_constraint": "both"}, {}, "cost_constraint is 'both'; it must be one of 'weighted', 'fpr', 'fnr'"),
        ({"threshold": 2}, {}, "threshold is 2"),
    ],
)
def test_what_cannot_be_understood_is_refused(options, changes, message):
    given = {"X": [0.1, 0.7, 0.3, 0.8], "y": [0, 1, 0, 1], "sensitive_features": ["a", "a", "b", "b"]}
    with pytest.raises(ValueError, match=message):
        CalibratedEqualizedOdds(**options).fit(**given | changes)


def test_an_unknown_group_is_refused_where_aif360_gives_a_score_of_0():
    s, y, g = two_calibrated_groups()
    rule = CalibratedEqualizedOdds().fit(s, y, sensitive_features=g)
    for method in (rule.predict, rule.predict_proba, rule.transform):
        with pytest.raises(ValueError, match="holds 'c' at position 1, which nobody had in fit"):
            method([0.5, 0.5], sensitive_features=["a", "c"])
    s, y, g = sampled(0)
    peer = aif360(s, y, g, "weighted")
    assert peer.predict(dataset(np.full(3, 0.9), np.array([0, 1, 1]), np.array([2, 0, 1]))).scores[0] == 0


def test_it_is_a_scikit_learn_estimator():
    rule = CalibratedEqualizedOdds(cost_constraint="fnr", threshold=0.4)
    assert clone(rule).get_params() == rule.get_params()
    with pytest.raises(ValueError, match="not fitted"):
        rule.predict([0.5], sensitive_features=["a"])
    s, y, g = two_calibrated_groups()
    assert rule.fit(s, y, sensitive_features=g) is rule
    copy = pickle.loads(pickle.dumps(rule))
    assert (
        copy.transform(s, sensitive_features=g, random_state=0).tolist()
        == rule.transform(s, sensitive_features=g, random_state=0).tolist()
    )
