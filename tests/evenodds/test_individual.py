"""Individual fairness against AIF360, loops over every pair, and the mistakes that students make."""

import warnings

import numpy as np
import pandas as pd
import pytest
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import BinaryLabelDatasetMetric, ClassificationMetric
from hypothesis import given, settings
from hypothesis import strategies as st

from evenodds import individual
from evenodds.individual import consistency, generalized_entropy_index, lipschitz_violations, theil_index
from evenodds.metrics import UndefinedMetricWarning


@st.composite
def people(draw, min_size=7):
    """Features without ties, scores, labels, decisions, groups and weights."""
    n = draw(st.integers(min_size, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X = rng.normal(size=(n, draw(st.integers(1, 4))))
    return X, rng.random(n), rng.integers(0, 2, n), rng.integers(0, 2, n), rng.integers(0, 3, n), rng.uniform(0.1, 4, n)


def distance(a, b):
    return np.sqrt(((a - b) ** 2).sum())


def consistency_by_loops(X, predictions, k, include_self=False):
    total = 0.0
    for i in range(len(X)):
        others = [j for j in range(len(X)) if include_self or j != i]
        nearest = sorted(others, key=lambda j: distance(X[i], X[j]))[:k]
        total += abs(predictions[i] - sum(predictions[j] for j in nearest) / k)
    return 1 - total / len(X)


def violations_by_loops(X, scores, bound):
    n = len(X)
    return {
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) > bound * distance(X[i], X[j]) + 1e-12
    }


def pairs(table):
    return set(zip(table["first"], table["second"], strict=True))


def as_aif360(y_true, y_pred, group, X=None):
    features = pd.DataFrame(np.zeros((len(y_true), 0)) if X is None else X).add_prefix("x")
    tables = [features.assign(group=np.asarray(group, float), y=np.asarray(y, float)) for y in (y_true, y_pred)]
    return [BinaryLabelDataset(df=t, label_names=["y"], protected_attribute_names=["group"]) for t in tables]


class TestConsistency:
    @settings(deadline=None, max_examples=40)
    @given(data=people(), k=st.integers(1, 6))
    def test_it_is_what_loops_over_neighbours_give(self, data, k):
        X, scores, _, decisions, _, _ = data
        for predictions in (scores, decisions):
            ours = consistency(X, predictions, n_neighbors=k)
            assert ours == pytest.approx(consistency_by_loops(X, predictions, k))

    @settings(deadline=None, max_examples=20)
    @given(data=people(), k=st.integers(1, 5))
    def test_aif360_counts_the_person_as_a_neighbour_and_is_otherwise_the_same(self, data, k):
        X, _, labels, decisions, _, _ = data
        # Its protected column is among the features, so it is held constant here.
        _, predicted = as_aif360(labels, decisions, np.zeros(len(labels)), X)
        theirs = BinaryLabelDatasetMetric(predicted).consistency(n_neighbors=k + 1).item()
        assert 1 - theirs == pytest.approx(k / (k + 1) * (1 - consistency(X, decisions, n_neighbors=k)))

    @settings(deadline=None, max_examples=25)
    @given(data=people(), seed=st.integers(0, 2**32 - 1))
    def test_order_scale_and_shift_of_everything_do_not_matter(self, data, seed):
        X, scores, *_, weights = data
        order = np.random.default_rng(seed).permutation(len(X))
        value = consistency(X, scores, sample_weight=weights)
        assert 0 <= value <= 1
        assert consistency(X[order], scores[order], sample_weight=weights[order]) == pytest.approx(value)
        assert consistency(3 * X + 1, 1 - scores, sample_weight=weights) == pytest.approx(value)

    def test_a_person_with_weight_zero_still_is_a_neighbour(self):
        X, decisions = [[0.0], [1.0], [3.0]], [1, 0, 0]
        assert consistency(X, decisions, n_neighbors=1) == pytest.approx(1 / 3)
        assert consistency(X, decisions, n_neighbors=1, sample_weight=[0, 1, 1]) == 0.5

    def test_identical_people_are_each_others_neighbours_but_nobody_is_their_own(self):
        X = np.zeros((4, 2))
        assert consistency(X, [1, 0, 0, 0], n_neighbors=3) == pytest.approx(1 - (1 + 3 / 3) / 4)
        assert consistency(np.repeat([[0.0], [9.0]], 30, axis=0), np.repeat([0, 1], 30)) == 1

    def test_it_judges_predictions_so_a_constant_one_is_consistent(self):
        X = np.arange(8.0)[:, None]
        assert consistency(X, np.ones(8)) == 1

    def test_group_parity_can_hide_arbitrary_treatment_within_groups(self):
        X = np.concatenate([np.linspace(0, 1, 50), np.linspace(0, 1, 50)])[:, None]
        group = np.repeat([0, 1], 50)
        by_merit = (X[:, 0] > 0.5).astype(int)
        by_lot = np.tile([0, 1], 50)
        for decisions in (by_merit, by_lot):
            assert decisions[group == 0].mean() == decisions[group == 1].mean() == 0.5
        assert consistency(X, by_merit) > 0.9 > 0.6 > consistency(X, by_lot)

    def test_who_is_similar_is_a_choice_that_changes_the_verdict(self):
        income, schooling = [20_000, 21_000, 40_000, 41_000], [8, 16, 8, 16]
        people, decisions = np.column_stack([income, schooling]), [0, 1, 0, 1]
        assert consistency(people, decisions, n_neighbors=1) == 0
        assert consistency(people / people.std(axis=0), decisions, n_neighbors=1) == 1

    def test_distances_can_be_given(self):
        X = np.random.default_rng(0).normal(size=(12, 2))
        given = np.array([[distance(a, b) for b in X] for a in X])
        decisions = np.arange(12) % 2
        assert consistency(given, decisions, metric="precomputed") == pytest.approx(consistency(X, decisions))
        by_function = consistency(X, decisions, metric=lambda a, b: np.abs(a - b).sum())
        assert by_function == pytest.approx(consistency(X, decisions, metric="cityblock"))

    @pytest.mark.parametrize(
        ("wrong", "X", "predictions", "k"),
        [
            (lambda X, p, k: consistency_by_loops(X, p, k, include_self=True), [0, 1, 5, 6], [1, 0, 0, 1], 1),
            (lambda X, p, k: 1 - consistency_by_loops(X, p, k), [0, 1, 5, 6], [1, 1, 1, 1], 1),
            (lambda X, p, k: consistency_by_loops(X / X.std(0), p, k),
             [[20000, 8], [21000, 16], [40000, 8], [41000, 16]], [0, 1, 0, 1], 1),
            (lambda X, p, k: 1 - np.mean(np.abs(np.diff(p))), [0, 5, 0.1, 5.1], [1, 0, 1, 0], 1),
        ],
        ids=["self counted", "not one minus", "scaled in secret", "consecutive rows only"],
    )  # fmt: skip
    def test_mistakes_give_another_value(self, wrong, X, predictions, k):
        X = np.array(X, dtype=float).reshape(4, -1)
        assert wrong(X, predictions, k) != pytest.approx(consistency(X, predictions, n_neighbors=k))

    @pytest.mark.parametrize(
        ("X", "predictions", "options", "says"),
        [
            ([[1.0]], [1], {}, "n_neighbors is 5 and there are 1 people"),
            (np.zeros((5, 1)), [1] * 5, {"n_neighbors": 5}, "at most 4, because nobody is their own neighbour"),
            (np.zeros((5, 1)), [1] * 5, {"n_neighbors": 0}, "n_neighbors is 0"),
            ([["a"], ["b"]], [1, 0], {"n_neighbors": 1}, "not a number; code the categories first"),
            ([[1.0], [np.nan]], [1, 0], {"n_neighbors": 1}, r"missing or not finite \(nan\) at row 1, column 0"),
            ([[1.0], [2.0]], [1, np.nan], {"n_neighbors": 1}, "y_pred is missing"),
            ([[1.0], [2.0]], [1, 3], {"n_neighbors": 1}, "y_pred holds 3.0 at position 1"),
            ([[1.0], [2.0]], [1], {"n_neighbors": 1}, "y_pred has 1 entries but X has 2"),
            ([], [], {}, "X is empty"),
            (np.zeros((3, 2)), [1, 0, 1], {"n_neighbors": 1, "metric": "precomputed"}, r"shape \(3, 2\)"),
            (np.zeros((2, 1, 1, 1)), [1, 0], {"n_neighbors": 1}, "one row per person and one column per feature"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_in_words(self, X, predictions, options, says):
        with pytest.raises(ValueError, match=says):
            consistency(X, predictions, **options)


class TestLipschitz:
    @settings(deadline=None, max_examples=40)
    @given(data=people(min_size=1), bound=st.sampled_from([0, 0.1, 0.5, 1, 5]), block=st.sampled_from([1, 7, 2**22]))
    def test_it_finds_exactly_the_pairs_that_loops_find_in_blocks_of_any_size(self, data, bound, block):
        X, scores, *_ = data
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(individual, "_DISTANCES_AT_ONCE", block)
            table = lipschitz_violations(X, scores, lipschitz=bound)
        assert pairs(table) == violations_by_loops(X, scores, bound)
        assert len(table) == len(pairs(table))

    def test_every_number_in_the_table_is_about_its_pair_and_the_worst_comes_first(self):
        rng = np.random.default_rng(1)
        X, scores = rng.normal(size=(30, 2)), rng.random(30)
        table = lipschitz_violations(X, scores, lipschitz=0.5)
        assert len(table) > 10
        for row in table.itertuples():
            assert row.distance == pytest.approx(distance(X[row.first], X[row.second]))
            assert row.gap == pytest.approx(abs(scores[row.first] - scores[row.second]))
            assert row.excess == pytest.approx(row.gap - 0.5 * row.distance)
        assert table["excess"].is_monotonic_decreasing

    def test_three_people_and_two_bounds(self):
        X, scores = [[0.0], [0.1], [2.0]], [0.2, 0.6, 0.9]
        assert pairs(lipschitz_violations(X, scores, lipschitz=1)) == {(0, 1)}
        assert pairs(lipschitz_violations(X, scores, lipschitz=5)) == set()

    def test_another_metric_gives_another_verdict(self):
        X, scores = [[0.0, 0.0], [0.3, 0.4]], [0.0, 0.6]
        assert len(lipschitz_violations(X, scores)) == 1
        assert len(lipschitz_violations(X, scores, metric="cityblock")) == 0
        assert len(lipschitz_violations(X, scores, metric=lambda a, b: abs(a[0] - b[0]))) == 1
        assert len(lipschitz_violations([[0, 0.7], [0.7, 0]], scores, metric="precomputed")) == 0

    def test_equality_with_the_bound_is_no_violation_in_spite_of_rounding(self):
        scores = np.linspace(0, 1, 37)
        on_a_line = np.outer(scores, [0.6, 0.8])
        gap, allowed = abs(scores[:, None] - scores), np.hypot(*(on_a_line[:, None] - on_a_line).T)
        assert (gap > allowed).any()
        assert len(lipschitz_violations(on_a_line, scores)) == 0
        assert len(lipschitz_violations(on_a_line, scores, lipschitz=1 - 1e-9)) == 37 * 36 / 2

    def test_identical_people_stay_identical_far_from_zero(self):
        X = np.full((3, 2), 1e6) + 1 / 3
        assert lipschitz_violations(X, [0.2, 0.2, 0.200001], lipschitz=1e6)["distance"].tolist() == [0, 0]

    @pytest.mark.parametrize(
        ("wrong", "X", "scores"),
        [
            (lambda X, f: {(i, i + 1) for i in range(2) if abs(f[i] - f[i + 1]) > distance(X[i], X[i + 1])},
             [0, 5, 0.1], [0.2, 0.9, 0.7]),
            (lambda X, f: {(0, 1)} if abs(f[0] - f[1]) > distance(X[0], X[1]) ** 2 else set(), [0, 0.6], [0.0, 0.5]),
            (lambda X, f: {(0, 1)} if 0 < distance(X[0], X[1]) < abs(f[0] - f[1]) else set(), [1, 1], [0.0, 1.0]),
            (lambda X, f: violations_by_loops(np.array(f)[:, None], f, 1), [0, 0.1], [0.2, 0.9]),
        ],
        ids=["consecutive rows only", "squared distance", "zero distance skipped", "similar scores, not people"],
    )  # fmt: skip
    def test_mistakes_find_other_pairs(self, wrong, X, scores):
        X = np.array(X, dtype=float)[:, None]
        right = violations_by_loops(X, scores, 1)
        assert pairs(lipschitz_violations(X, scores)) == right
        assert wrong(X, scores) != right

    def test_the_same_score_on_both_sides_of_group_thresholds_is_a_violation(self):
        score, group = np.array([0.5, 0.5]), np.array(["a", "b"])
        decisions = (score > np.where(group == "a", 0.4, 0.6)).astype(int)
        assert len(lipschitz_violations(score[:, None], decisions, lipschitz=1e9)) == 1

    @pytest.mark.parametrize(
        ("X", "scores", "options", "says"),
        [
            ([[0.0]], [0.5], {"lipschitz": -1}, "lipschitz is -1"),
            ([[0.0]], [0.5], {"lipschitz": np.nan}, "lipschitz is nan"),
            ([[0.0], [1.0]], [0.5, 2], {}, "scores holds 2.0 at position 1"),
            ([[0.0], [1.0]], [0.5], {}, "scores has 1 entries but X has 2"),
            ([[0, 1], [2, 0]], [0.5, 0.5], {"metric": "precomputed"}, r"differ between \(i, j\) and \(j, i\)"),
            ([[0.0], [1.0]], [0.5, 0.5], {"metric": lambda a, b: -1.0}, "positions 0 and 0 is -1.0"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_in_words(self, X, scores, options, says):
        with pytest.raises(ValueError, match=says):
            lipschitz_violations(X, scores, **options)

    def test_one_person_violates_nothing(self):
        table = lipschitz_violations([[0.0]], [0.5])
        assert list(table) == ["first", "second", "distance", "gap", "excess"]
        assert len(table) == 0


ALPHAS = st.sampled_from([-1, 0.5, 1, 2, 3])


def entropy_by_loops(benefits, weights, alpha):
    total = sum(weights)
    mean = sum(b * w for b, w in zip(benefits, weights, strict=True)) / total
    value = 0.0
    for b, w in zip(benefits, weights, strict=True):
        share = b / mean
        if alpha == 1:
            term = share * np.log(share) if share > 0 else 0
        elif alpha == 0:
            term = -np.log(share)
        else:
            term = (share**alpha - 1) / (alpha * (alpha - 1))
        value += w * term / total
    return value


class TestEntropy:
    @settings(deadline=None, max_examples=25)
    @given(data=people(), alpha=st.sampled_from([0.5, 1, 2, 3]))
    def test_it_is_aif360s_overall_and_between_two_groups(self, data, alpha):
        _, _, labels, decisions, groups, _ = data
        labels[:2], decisions[:2], groups = (1, 0), (1, 1), groups % 2
        groups[:2] = 0, 1
        theirs = ClassificationMetric(
            *as_aif360(labels, decisions, groups),
            unprivileged_groups=[{"group": 0}],
            privileged_groups=[{"group": 1}],
        )
        assert generalized_entropy_index(labels, decisions, alpha) == pytest.approx(
            theirs.generalized_entropy_index(alpha)
        )
        assert theil_index(labels, decisions) == pytest.approx(theirs.theil_index())
        parts = generalized_entropy_index(labels, decisions, alpha, sensitive_features=groups)
        expected = theirs.between_group_generalized_entropy_index(alpha)
        assert parts["between_groups"] == pytest.approx(expected, abs=1e-12)

    @settings(deadline=None, max_examples=40)
    @given(data=people(), alpha=ALPHAS)
    def test_it_is_the_formula_and_the_parts_add_up(self, data, alpha):
        _, _, labels, decisions, groups, weights = data
        if alpha <= 0:
            decisions = np.maximum(labels, decisions)
        decisions[labels.argmax()] = 1
        benefit = decisions.astype(float) - labels + 1
        ours = generalized_entropy_index(labels, decisions, alpha, sensitive_features=groups, sample_weight=weights)
        assert ours["overall"] == pytest.approx(entropy_by_loops(benefit, weights, alpha), abs=1e-12)
        assert ours["overall"] >= -1e-12
        mean, total, within = np.average(benefit, weights=weights), weights.sum(), 0.0
        for g in np.unique(groups):
            here = groups == g
            group_mean = np.average(benefit[here], weights=weights[here])
            if group_mean > 0:
                factor = weights[here].sum() / total * (group_mean / mean) ** alpha
                within += factor * entropy_by_loops(benefit[here], weights[here], alpha)
        assert ours["within_groups"] == pytest.approx(within, abs=1e-9)
        assert ours["between_groups"] + ours["within_groups"] == pytest.approx(ours["overall"])

    @settings(deadline=None, max_examples=25)
    @given(data=people(), seed=st.integers(0, 2**32 - 1))
    def test_order_does_not_matter_and_whole_weights_are_repetitions(self, data, seed):
        _, _, labels, decisions, groups, _ = data
        decisions[0] = 1
        rng = np.random.default_rng(seed)
        order, times = rng.permutation(len(labels)), rng.integers(1, 4, len(labels))
        value = generalized_entropy_index(labels, decisions, sensitive_features=groups, sample_weight=times)
        again = generalized_entropy_index(
            labels[order], decisions[order], sensitive_features=groups[order], sample_weight=times[order]
        )
        repeated = [np.repeat(column, times) for column in (labels, decisions, groups)]
        assert again.to_numpy() == pytest.approx(value.to_numpy())
        assert generalized_entropy_index(*repeated[:2], sensitive_features=repeated[2]).to_numpy() == pytest.approx(
            value.to_numpy()
        )

    def test_by_hand(self):
        # Benefits 1 0 2 1, mean 1: squares sum to 6, so (6/4 - 1)/2.
        assert generalized_entropy_index([1, 1, 0, 0], [1, 0, 1, 0]) == 0.25
        assert theil_index([1, 1, 0, 0], [1, 0, 1, 0]) == pytest.approx(2 * np.log(2) / 4)

    def test_a_perfect_predictor_is_equal_between_three_groups_where_aif360s_is_not(self):
        y, group = [1, 0, 1, 0, 1, 0], [0, 0, 1, 1, 2, 2]
        assert theil_index(y, y, sensitive_features=group).tolist() == [0, 0, 0]
        theirs = ClassificationMetric(
            *as_aif360(y, y, group), unprivileged_groups=[{"group": 0}], privileged_groups=[{"group": 1}]
        )
        assert theirs.between_group_theil_index() == pytest.approx(np.log(1.5))

    def test_a_hundred_groups_of_one_leave_nothing_within(self):
        rng = np.random.default_rng(0)
        y, p = rng.integers(0, 2, (2, 100))
        parts = generalized_entropy_index(y, p, sensitive_features=np.arange(100))
        assert parts["within_groups"] == pytest.approx(0)
        together = generalized_entropy_index(y, p, sensitive_features=np.zeros(100))
        assert together["between_groups"] == 0

    def test_crossed_groups(self):
        y, p = [1, 1, 0, 0], [0, 1, 1, 0]
        crossed = {"sex": ["F", "F", "M", "M"], "age": [1, 2, 1, 2]}
        assert theil_index(y, p, sensitive_features=crossed)["within_groups"] == 0

    def test_a_predictor_that_denies_everyone_what_they_deserved_has_no_inequality_to_speak_of(self):
        with pytest.warns(UndefinedMetricWarning, match="none of the 2 people has a benefit above 0"):
            assert np.isnan(theil_index([1, 1], [0, 0]))

    def test_log_of_no_benefit_is_infinite_and_said_aloud(self):
        with pytest.warns(UndefinedMetricWarning, match="alpha=0 a benefit of 0 outweighs"):
            assert generalized_entropy_index([1, 0], [0, 0], 0) == np.inf
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert generalized_entropy_index([1, 0], [1, 1], 0) == pytest.approx(-np.log(2 / 2.25) / 2)

    @pytest.mark.parametrize(
        ("wrong", "y", "p"),
        [
            (lambda y, p: np.var(y - p + 1) / np.mean(y - p + 1) ** 2 / 2, [1, 1, 0], [0, 0, 0]),
            (lambda y, p: np.var(p - y) / np.mean(p - y) ** 2 / 2, [1, 0, 0], [0, 1, 1]),
            (lambda y, p: np.var(p - y + 1) / np.mean(p - y + 1) ** 2, [1, 0], [0, 0]),
            (lambda y, p: np.var(p - y + 1, ddof=1) / np.mean(p - y + 1) ** 2 / 2, [1, 0], [0, 0]),
        ],
        ids=["label minus decision", "benefit without the 1", "not halved", "n minus 1"],
    )
    def test_mistakes_give_another_value(self, wrong, y, p):
        assert wrong(np.array(y), np.array(p)) != pytest.approx(generalized_entropy_index(y, p))

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (([1, 0], [1]), "y_pred has 1 entries but y_true has 2"),
            (([1, 0], [0.5, 1]), "y_pred holds 0.5"),
            (([1, 0], [1, 0], np.nan), "alpha is nan"),
            (([1, 0], [1, 0], "1"), "alpha is '1'"),
            (([], []), "y_true is empty"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_in_words(self, arguments, says):
        with pytest.raises(ValueError, match=says):
            generalized_entropy_index(*arguments)
        with pytest.raises(ValueError, match="missing at position 1"):
            generalized_entropy_index([1, 0], [1, 0], sensitive_features=["a", None])
