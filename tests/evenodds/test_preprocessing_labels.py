"""Reweighing, massaging and sampling against AIF360, loops, the paper's toy, and the errors students make."""

import numpy as np
import pandas as pd
import pytest
from aif360.algorithms.preprocessing import Reweighing
from aif360.datasets import BinaryLabelDataset
from hypothesis import given, settings
from hypothesis import strategies as st

from evenodds.datasets import fetch_adult, fetch_german
from evenodds.metrics import selection_rate, statistical_parity_difference
from evenodds.preprocessing import massage_labels, resample, reweighing_weights

Y = np.array([1, 1, 0, 0, 0, 1, 1, 1, 1, 0])
GROUP = np.array(["f"] * 5 + ["m"] * 5)
SCORE = np.array([0.9, 0.8, 0.5, 0.6, 0.1, 0.9, 0.8, 0.6, 0.7, 0.2])


@st.composite
def people(draw, groups=4, most=60):
    """Labels, scores with ties, groups, and whole weights; every group has both labels."""
    n = draw(st.integers(2 * groups, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y, group = rng.integers(0, 2, n), rng.integers(0, groups, n)
    y[: 2 * groups], group[: 2 * groups] = np.arange(2 * groups) % 2, np.arange(2 * groups) // 2
    order = rng.permutation(n)
    return y[order], rng.integers(0, 12, n) / 4, group[order], rng.integers(1, 5, n)


def rates(y, group, weights=None):
    weights = np.ones(len(y)) if weights is None else weights
    return [np.average(y[group == g], weights=weights[group == g]) for g in np.unique(group)]


class TestReweighing:
    def test_the_papers_toy(self):
        weights = reweighing_weights(Y, sensitive_features=GROUP)
        assert weights.tolist() == pytest.approx([1.5] * 2 + [2 / 3] * 3 + [0.75] * 4 + [2.0])
        spd = statistical_parity_difference(Y, Y, sensitive_features=GROUP, privileged="m", sample_weight=weights)
        assert spd == pytest.approx(0)
        assert statistical_parity_difference(Y, Y, sensitive_features=GROUP, privileged="m") == pytest.approx(-0.4)

    @pytest.mark.usefixtures("public_data")
    def test_adult(self, tmp_path):
        adult = fetch_adult(data_home=tmp_path, download=False)
        y = np.asarray(adult.y)
        sex = np.asarray(adult.sensitive["sex"])
        weights = reweighing_weights(y, sensitive_features=sex)
        cells = {(s, label): set(weights[(sex == s) & (y == label)]) for s in ("Female", "Male") for label in (0, 1)}
        assert {cell: [round(w, 3) for w in found] for cell, found in cells.items()} == {
            ("Female", 1): [2.190],
            ("Female", 0): [0.854],
            ("Male", 1): [0.788],
            ("Male", 0): [1.093],
        }

    @pytest.mark.usefixtures("public_data")
    def test_german_loses_its_gap_by_age(self, tmp_path):
        german = fetch_german(data_home=tmp_path, download=False)
        old = np.asarray(german.X["age"]) > 25
        y = np.asarray(german.y)
        gap = statistical_parity_difference(y, y, sensitive_features=old, privileged=True)
        assert round(gap, 3) == -0.149
        weights = reweighing_weights(y, sensitive_features=old)
        assert statistical_parity_difference(
            y, y, sensitive_features=old, privileged=True, sample_weight=weights
        ) == pytest.approx(0)

    @settings(deadline=None, max_examples=40)
    @given(data=people(groups=2), weighted=st.booleans())
    def test_weights_are_those_of_aif360(self, data, weighted):
        y, _, group, given_weights = data
        frame = pd.DataFrame({"g": group.astype(float), "y": y.astype(float), "w": given_weights.astype(float)})
        dataset = BinaryLabelDataset(
            df=frame if weighted else frame.drop(columns="w"),
            label_names=["y"],
            protected_attribute_names=["g"],
            instance_weights_name="w" if weighted else None,
        )
        peer = Reweighing(unprivileged_groups=[{"g": 0}], privileged_groups=[{"g": 1}]).fit_transform(dataset)
        mine = reweighing_weights(y, sensitive_features=group, sample_weight=given_weights if weighted else None)
        assert mine == pytest.approx(peer.instance_weights)

    @settings(deadline=None, max_examples=60)
    @given(data=people())
    def test_rates_become_equal_and_groups_and_labels_keep_their_sums(self, data):
        y, _, group, before = data
        after = reweighing_weights(y, sensitive_features=group, sample_weight=before)
        assert rates(y, group, after) == pytest.approx([np.average(y, weights=before)] * 4)
        for column in (y, group):
            assert np.bincount(column, after) == pytest.approx(np.bincount(column, before))

    @settings(deadline=None, max_examples=40)
    @given(data=people(), seed=st.integers(0, 2**32 - 1))
    def test_weights_are_repetitions_and_order_does_not_matter(self, data, seed):
        y, _, group, times = data
        weighted = reweighing_weights(y, sensitive_features=group, sample_weight=times)
        repeated = reweighing_weights(np.repeat(y, times), sensitive_features=np.repeat(group, times))
        assert np.repeat(weighted / times, times) == pytest.approx(repeated)
        order = np.random.default_rng(seed).permutation(len(y))
        assert reweighing_weights(y[order], sensitive_features=group[order], sample_weight=times[order]) == (
            pytest.approx(weighted[order])
        )

    def test_small_groups_keep_their_share(self):
        """n_y / n_ay, without P(A = a), gives parity too, but half of the weight to the 2 of 10."""
        y, group = np.array([1, 0] + [1] * 4 + [0] * 4), np.array(["small"] * 2 + ["big"] * 8)
        weights = reweighing_weights(y, sensitive_features=group)
        assert weights[:2].sum() == pytest.approx(2)
        assert weights.sum() == pytest.approx(10)

    def test_crossed_features_are_their_crossing(self):
        rng = np.random.default_rng(0)
        a, b, y = rng.integers(0, 2, 300), rng.integers(0, 3, 300), rng.integers(0, 2, 300)
        crossed = reweighing_weights(y, sensitive_features=pd.DataFrame({"a": a, "b": b}))
        assert crossed == pytest.approx(reweighing_weights(y, sensitive_features=3 * a + b))

    def test_one_group_and_equal_labels_change_nothing(self):
        assert reweighing_weights(Y, sensitive_features=["all"] * 10).tolist() == [1] * 10
        assert reweighing_weights([1] * 10, sensitive_features=GROUP).tolist() == [1] * 10

    def test_whoever_weighs_nothing_keeps_it(self):
        weights = reweighing_weights([*Y, 1], sensitive_features=[*GROUP, "x"], sample_weight=[1] * 10 + [0])
        assert weights.tolist() == pytest.approx([*reweighing_weights(Y, sensitive_features=GROUP), 0])


class TestMassaging:
    def test_the_papers_toy_needs_one_pair(self):
        after = massage_labels(Y, SCORE, sensitive_features=GROUP)
        assert np.flatnonzero(after != Y).tolist() == [3, 7]
        assert rates(after, GROUP) == [0.6, 0.6]

    def test_the_number_of_pairs_is_rounded_up(self):
        """8 and 4 people, rates 1/4 and 3/4: M is 16/12, so 2; discrimination times n would be 6."""
        y, group = np.array([1, 1] + [0] * 6 + [1, 1, 1, 0]), np.array(["f"] * 8 + ["m"] * 4)
        after = massage_labels(y, np.linspace(0, 1, 12), sensitive_features=group)
        assert [np.sum(after > y), np.sum(after < y)] == [2, 2]

    @settings(deadline=None, max_examples=100)
    @given(data=people())
    def test_rates_meet_within_one_person_and_as_many_rise_as_fall(self, data):
        y, score, group, _ = data
        after = massage_labels(y, score, sensitive_features=group)
        assert after.sum() == y.sum()
        for g in range(4):
            mine, target = group == g, np.sum(group == g) * y.mean()
            assert abs(after[mine].sum() - target) < 1
            change = after[mine] - y[mine]
            assert (change >= 0).all() or (change <= 0).all()
            promoted, left = score[mine & (after > y)], score[mine & (after == 0)]
            assert promoted.min(initial=np.inf) >= left.max(initial=-np.inf)
            demoted, kept = score[mine & (after < y)], score[mine & (y == 1) & (after == 1)]
            assert demoted.max(initial=-np.inf) <= kept.min(initial=np.inf)

    @settings(deadline=None, max_examples=60)
    @given(data=people(groups=2))
    def test_two_groups_follow_the_papers_formula(self, data):
        y, score, group, _ = data
        sizes, (low, high) = np.bincount(group), sorted(rates(y, group))
        pairs = int(np.ceil(round((high - low) * sizes.prod() / sizes.sum(), 9)))
        after = massage_labels(y, score, sensitive_features=group)
        assert [np.sum(after > y), np.sum(after < y)] == [pairs, pairs]

    @settings(deadline=None, max_examples=40)
    @given(data=people(), seed=st.integers(0, 2**32 - 1))
    def test_order_does_not_matter_where_scores_differ(self, data, seed):
        y, _, group, _ = data
        rng = np.random.default_rng(seed)
        score, order = rng.permutation(len(y)) / 7, rng.permutation(len(y))
        shuffled = massage_labels(y[order], score[order], sensitive_features=group[order])
        assert shuffled.tolist() == massage_labels(y, score, sensitive_features=group)[order].tolist()

    def test_groups_with_one_label_are_massaged_too(self):
        after = massage_labels([1] * 4 + [0] * 4, np.arange(8), sensitive_features=list("aaaabbbb"))
        assert after.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]

    def test_one_group_and_equal_labels_change_nothing(self):
        assert massage_labels(Y, SCORE, sensitive_features=["all"] * 10).tolist() == Y.tolist()
        assert massage_labels([1] * 10, SCORE, sensitive_features=GROUP).tolist() == [1] * 10


class TestResampling:
    @settings(deadline=None, max_examples=100)
    @given(data=people(), method=st.sampled_from(["uniform", "preferential"]), seed=st.integers(0, 1000))
    def test_cells_get_their_sizes_from_their_own_people(self, data, method, seed):
        y, score, group, _ = data
        options = {"method": method, "y_score": score, "random_state": seed}
        rows = resample(y, sensitive_features=group, **options)
        assert (np.diff(rows) >= 0).all()
        assert np.bincount(group[rows]).tolist() == np.bincount(group).tolist()
        assert y[rows].sum() == y.sum()
        for g in range(4):
            for label in (0, 1):
                cell = (group == g) & (y == label)
                times = np.bincount(rows, minlength=len(y))[cell]
                assert abs(times.sum() - np.sum(group == g) * np.mean(y == label)) < 1
                assert times.max() - times.min() <= 1
                if method == "preferential" and times.min() < times.max():
                    doubt = -score[cell] if label else score[cell]
                    near, far = doubt[times == times.max()], doubt[times == times.min()]
                    if times.sum() < len(times):
                        near, far = far, near
                    assert near.min() >= far.max()

    def test_preferential_leaves_out_and_repeats_at_the_boundary(self):
        rows = resample(Y, sensitive_features=GROUP, method="preferential", y_score=SCORE)
        assert rows.tolist() == [0, 1, 1, 2, 4, 5, 6, 8, 9, 9]

    def test_uniform_repeats_a_row_on_average_as_often_as_it_weighs(self):
        draws = [np.bincount(resample(Y, sensitive_features=GROUP, random_state=i), minlength=10) for i in range(2000)]
        weights = reweighing_weights(Y, sensitive_features=GROUP)
        assert np.mean(draws, axis=0) == pytest.approx(weights, abs=0.05)

    def test_the_seed_decides(self):
        y, group = np.tile(Y, 20), np.repeat(["f", "m"], 100)
        y[:60] = 0
        first = resample(y, sensitive_features=group, random_state=3)
        assert first.tolist() == resample(y, sensitive_features=group, random_state=3).tolist()
        assert first.tolist() != resample(y, sensitive_features=group, random_state=4).tolist()
        assert rates(y[first], group[first])[0] == pytest.approx(rates(y[first], group[first])[1], abs=0.01)

    def test_one_group_and_equal_labels_change_nothing(self):
        assert resample(Y, sensitive_features=["all"] * 10).tolist() == list(range(10))
        assert resample([0] * 10, sensitive_features=GROUP).tolist() == list(range(10))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: reweighing_weights([1, 1, 0, 1], sensitive_features=list("aabb")),
            "group 'a' has nobody with label 0",
        ),
        (lambda: resample([1, 1, 0, 1], sensitive_features=list("aabb")), "group 'a' has nobody with label 0.*repeat"),
        (
            lambda: reweighing_weights([1, 0, 0, 1], sensitive_features=list("aabb"), sample_weight=[0, 1, 1, 1]),
            "group 'a' has nobody with label 1",
        ),
        (lambda: reweighing_weights(Y, sensitive_features=GROUP, sample_weight=[0] * 10), "zero for everyone"),
        (lambda: reweighing_weights(Y, sensitive_features=GROUP, sample_weight=[-1] * 10), "holds -1"),
        (lambda: reweighing_weights(Y, sensitive_features=GROUP[:9]), "9 entries"),
        (lambda: reweighing_weights([2, *Y[1:]], sensitive_features=GROUP), "y holds 2 at position 0"),
        (lambda: reweighing_weights(Y, sensitive_features=[None, *GROUP[1:]]), "missing at position 0"),
        (lambda: massage_labels(Y, [np.nan, *SCORE[1:]], sensitive_features=GROUP), "y_score is missing"),
        (lambda: massage_labels(Y, SCORE[:9], sensitive_features=GROUP), "9 entries"),
        (lambda: massage_labels([], [], sensitive_features=[]), "empty"),
        (lambda: resample(Y, sensitive_features=GROUP, method="preferential"), "needs y_score"),
        (lambda: resample(Y, sensitive_features=GROUP, method="nearest"), "'uniform' or 'preferential'"),
        (lambda: resample(Y, sensitive_features=GROUP, random_state=-1), "random_state is -1"),
        (
            lambda: reweighing_weights(
                pd.Series(Y), sensitive_features=pd.Series(GROUP, index=np.arange(10)[::-1].tolist())
            ),
            "different order",
        ),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_lists_series_and_booleans_are_as_good_as_arrays():
    series = pd.Series(Y == 1), pd.Series(GROUP, dtype="category")
    expected = reweighing_weights(Y, sensitive_features=GROUP)
    assert reweighing_weights(series[0], sensitive_features=series[1]).tolist() == expected.tolist()
    assert reweighing_weights(Y.tolist(), sensitive_features=GROUP.tolist()).tolist() == expected.tolist()
    assert selection_rate(Y, massage_labels(series[0], SCORE, sensitive_features=series[1])) == 0.6
