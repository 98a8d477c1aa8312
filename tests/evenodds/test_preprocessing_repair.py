"""The disparate impact remover against its definition in loops, AIF360's repairer, and the errors students make."""

import pickle
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp, rankdata
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from evenodds.metrics import demographic_parity_difference
from evenodds.preprocessing import DisparateImpactRemover

A, B = [1, 2, 3, 4], [10, 11, 20, 59]
GROUP = list("aaaabbbb")

GOLDEN_GROUP = "acbabccbababcac"
GOLDEN_X = [
    [94, 68, 57, 83, 5, 28, 91, 49, 13, 11, 81, 34, 71, 99, 47],
    [62, 89, 77, 22, 30, 87, 0, 82, 79, 46, 30, 27, 25, 44, 50],
]
GOLDEN_REPAIRED = [
    [71, 68, 91, 68, 13, 13, 91, 71, 13, 47, 47, 68, 71, 91, 47],
    [77, 82, 77, 22, 30, 77, 22, 82, 82, 46, 30, 22, 30, 46, 46],
]


def column(*values):
    return np.concatenate(values).reshape(-1, 1).astype(float)


def repair(X, group, level=1.0, **options):
    return DisparateImpactRemover(level).fit_transform(X, sensitive_features=group, **options)


@st.composite
def tables(draw, groups=3):
    """Two columns, one with ties, groups of any sizes, whole weights."""
    n = draw(st.integers(groups, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    group = rng.integers(0, groups, n)
    group[:groups] = range(groups)
    X = np.column_stack([rng.normal(size=n) * (1 + group) + 3 * group, rng.integers(0, 6, n) + group])
    return X, group, rng.integers(1, 4, n)


class Plain(DisparateImpactRemover):
    """The remover without groups of its own, for scikit-learn's checks: everyone is one group."""

    def fit(self, X, y=None):
        return super().fit(X, y, sensitive_features=self._one_group(X))

    def transform(self, X):
        return super().transform(X, sensitive_features=self._one_group(X))

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def _one_group(self, X):
        return ["everyone"] * (X.shape[0] if hasattr(X, "shape") else max(len(np.asarray(X)), 1))


def test_it_keeps_scikit_learns_conventions():
    check_estimator(Plain(0.5), on_skip=None)


def quantile_by_loop(values, weights, u):
    """The definition: shares below plus half the share at, straight lines between, constant beyond."""
    distinct, total = sorted(set(values)), sum(weights)
    points = []
    for v in distinct:
        below = sum(w for x, w in zip(values, weights, strict=True) if x < v)
        at = sum(w for x, w in zip(values, weights, strict=True) if x == v)
        points.append(((below + at / 2) / total, v))
    if u <= points[0][0]:
        return points[0][1]
    for (u0, v0), (u1, v1) in pairwise(points):
        if u <= u1:
            return v0 + (v1 - v0) * (u - u0) / (u1 - u0)
    return points[-1][1]


@settings(deadline=None, max_examples=30)
@given(data=tables(), level=st.floats(0, 1), weighted=st.booleans())
def test_it_is_the_median_of_the_quantile_functions(data, level, weighted):
    X, group, weights = data
    weights = weights if weighted else np.ones(len(X))
    repaired = repair(X, group, level, sample_weight=weights if weighted else None)
    for j in range(2):
        for i in range(len(X)):
            mine = group == group[i]
            total = weights[mine].sum()
            u = (weights[mine & (X[:, j] < X[i, j])].sum() + weights[mine & (X[:, j] == X[i, j])].sum() / 2) / total
            quantiles = [quantile_by_loop(X[group == g, j], weights[group == g], u) for g in range(3)]
            assert repaired[i, j] == pytest.approx((1 - level) * X[i, j] + level * np.median(quantiles))


class TestPeers:
    def test_three_groups_of_five_are_repaired_as_by_aif360(self):
        """What the repairer behind AIF360 (BlackBoxAuditing 0.1.54), which tests do without, made of this table."""
        X = np.array(GOLDEN_X, dtype=float).T
        assert repair(X, list(GOLDEN_GROUP)).astype(int).T.tolist() == GOLDEN_REPAIRED

    def test_two_groups_meet_half_way_and_not_at_the_lower(self):
        """AIF360 maps both to 1 2 3 4 5 6, the lower of the two middle quantile functions."""
        low, high = np.arange(1, 7), np.arange(10, 61, 10)
        repaired = repair(column(low, high), ["a"] * 6 + ["b"] * 6).ravel()
        assert repaired.tolist() == [*(low + high) / 2] * 2


class TestInvariants:
    @settings(deadline=None, max_examples=60)
    @given(data=tables(), level=st.floats(0, 1))
    def test_everyone_keeps_their_rank_and_ties_stay_ties(self, data, level):
        X, group, _ = data
        repaired = repair(X, group, level)
        for g in range(3):
            for before, after in zip(X[group == g].T, repaired[group == g].T, strict=True):
                assert (np.diff(after[np.argsort(before, kind="stable")]) >= 0).all()
                assert len(set(zip(before, after, strict=True))) == len(set(before))
                if level < 0.99:
                    assert rankdata(before).tolist() == rankdata(after.round(12)).tolist()

    @settings(deadline=None, max_examples=40)
    @given(data=tables(), seed=st.integers(0, 2**32 - 1))
    def test_weights_are_repetitions_and_order_does_not_matter(self, data, seed):
        X, group, times = data
        weighted = repair(X, group, sample_weight=times)
        repeated = repair(np.repeat(X, times, axis=0), np.repeat(group, times))
        np.testing.assert_allclose(np.repeat(weighted, times, axis=0), repeated, rtol=1e-9, atol=1e-9)
        order = np.random.default_rng(seed).permutation(len(X))
        shuffled = repair(X[order], group[order], sample_weight=times[order])
        np.testing.assert_allclose(shuffled, weighted[order], rtol=1e-9, atol=1e-9)

    @settings(deadline=None, max_examples=40)
    @given(data=tables(), a=st.floats(0.1, 10), b=st.floats(-100, 100))
    def test_units_do_not_matter(self, data, a, b):
        X, group, _ = data
        np.testing.assert_allclose(repair(a * X + b, group), a * repair(X, group) + b, rtol=1e-6, atol=1e-6)

    @settings(deadline=None, max_examples=30)
    @given(seed=st.integers(0, 2**32 - 1), groups=st.integers(2, 5), size=st.integers(1, 30))
    def test_equal_groups_without_ties_end_with_the_same_values(self, seed, groups, size):
        rng = np.random.default_rng(seed)
        X = rng.permutation(groups * size).reshape(-1, 1) ** 1.5
        group = rng.permutation(np.repeat(np.arange(groups), size))
        repaired = repair(X, group).ravel()
        expected = np.median([np.sort(X[group == g].ravel()) for g in range(groups)], axis=0)
        for g in range(groups):
            assert np.sort(repaired[group == g]) == pytest.approx(expected)

    def test_unequal_groups_nearly_do(self):
        rng = np.random.default_rng(0)
        x = column(rng.normal(size=700), rng.exponential(size=300) * 5)
        group = np.repeat(["a", "b"], [700, 300])
        after = repair(x, group).ravel()
        assert ks_2samp(x[:700, 0], x[700:, 0]).statistic > 0.5
        assert ks_2samp(after[:700], after[700:]).statistic < 2 / 300
        assert demographic_parity_difference(after > 1, after > 1, sensitive_features=group) < 2 / 300


class TestByHand:
    def test_feldmans_two_groups(self):
        """Means shifted would make 12.25 of the 1; ranks over everyone would change nothing."""
        assert repair(column(A, B), GROUP).ravel().tolist() == [5.5, 6.5, 11.5, 31.5] * 2

    def test_levels_are_shares_of_the_way(self):
        X = column(A, B)
        assert repair(X, GROUP, 0).tolist() == X.tolist()
        assert repair(X, GROUP, 0.5).ravel().tolist() == [3.25, 4.25, 7.25, 17.75, 7.75, 8.75, 15.75, 45.25]

    def test_three_groups_go_to_the_median_and_not_to_the_mean(self):
        assert repair(column([0], [1], [100]), list("abc")).ravel().tolist() == [1, 1, 1]

    def test_new_people_move_by_the_old_quantiles(self):
        remover = DisparateImpactRemover().fit(column(A, B), sensitive_features=GROUP)
        new = remover.transform(column([2, 2.5, 0, 99], [11]), sensitive_features=list("aaaab"))
        assert new.ravel().tolist() == [6.5, 9, 5.5, 31.5, 6.5]

    def test_binary_columns_keep_their_ties_and_stay_apart(self):
        repaired = repair(column([0, 1], [0] * 9 + [1]), ["a"] * 2 + ["b"] * 10).ravel()
        assert repaired[:2] == pytest.approx([0, 0.8])
        assert repaired[2:] == pytest.approx([0.2] * 9 + [1])

    def test_one_group_and_constant_columns(self):
        X = column(A, B)
        assert repair(X, ["all"] * 8).tolist() == X.tolist()
        assert repair(np.full((8, 1), 3.5), GROUP).ravel().tolist() == [3.5] * 8
        assert repair(column([2] * 3, [1, 2, 6]), list("aaabbb")).ravel().tolist() == [2, 2, 2, 1.5, 2, 4]

    def test_a_group_of_one_moves_to_the_middle_and_leaves_the_others_in_order(self):
        assert repair(column([7], [1, 3, 5]), list("abbb")).ravel().tolist() == [5, 4, 5, 6]

    def test_weight_0_has_no_say_but_is_repaired(self):
        X = column(A, [100], B)
        repaired = repair(X, list("aaaaabbbb"), sample_weight=[1] * 4 + [0] + [1] * 4).ravel()
        assert repaired.tolist() == [5.5, 6.5, 11.5, 31.5, 31.5, 5.5, 6.5, 11.5, 31.5]

    def test_frames_keep_names_and_crossed_groups_work(self):
        frame = pd.DataFrame({"u": column(A, B).ravel(), "v": np.arange(8.0)})
        groups = pd.DataFrame({"sex": list("ffmmffmm"), "old": [0, 1] * 4})
        remover = DisparateImpactRemover().set_output(transform="pandas")
        result = remover.fit_transform(frame, sensitive_features=groups)
        assert result.columns.tolist() == ["u", "v"]
        np.testing.assert_allclose(result, repair(frame, groups["sex"] + groups["old"].astype(str)))

    def test_clones_and_pickles(self):
        X = column(A, B)
        remover = DisparateImpactRemover(repair_level=0.5).fit(X, sensitive_features=GROUP)
        again = pickle.loads(pickle.dumps(remover))
        expected = remover.transform(X, sensitive_features=GROUP).tolist()
        assert again.transform(X, sensitive_features=GROUP).tolist() == expected
        assert clone(remover).get_params() == {"repair_level": 0.5}
        with pytest.raises(NotFittedError):
            clone(remover).transform(X, sensitive_features=GROUP)


def fitted():
    return DisparateImpactRemover().fit(column(A, B), sensitive_features=GROUP)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: repair(column(A, B), GROUP, 1.1), "repair_level is 1.1"),
        (lambda: repair(column(A, B), GROUP, np.nan), "repair_level is nan"),
        (lambda: repair(column(A, B), GROUP[:7]), "7 entries"),
        (lambda: repair(column(A, [np.nan] * 4), GROUP), "NaN"),
        (lambda: repair(column(A, [np.inf] * 4), GROUP), "infinity"),
        (lambda: repair(column(A, B), [None, *GROUP[1:]]), "missing at position 0"),
        (lambda: repair(A, GROUP), "1D array"),
        (lambda: repair(column(A, B), GROUP, sample_weight=[1] * 4 + [0] * 4), "everyone in group 'b' has weight 0"),
        (lambda: fitted().transform(column([1]), sensitive_features=["z"]), "'z' at position 0.*'a', 'b'"),
        (lambda: fitted().transform([[1, 2]], sensitive_features=["a"]), "2 features"),
        (lambda: fitted().transform([[1]], sensitive_features=np.array([["a", "b"]])), "columns"),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
