"""Intervals and tests of a gap against SciPy, published tables, exhaustive enumeration, and common mistakes."""

import itertools
import subprocess
import sys
import warnings
from math import comb, inf, sqrt

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from evenodds import metrics, uncertainty
from evenodds.metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    equal_opportunity_difference,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    statistical_parity_difference,
    true_positive_rate,
)
from evenodds.uncertainty import (
    Interval,
    adjust_p_values,
    bootstrap_interval,
    bootstrap_replicates,
    disparity_test,
    disparity_tests,
    power_for_gap,
    sample_size_for_gap,
    wilson_interval,
)

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def two_groups(hits, n, reference_hits, reference_n):
    """Decisions of group u and of group p; the labels are the decisions."""
    decisions = np.repeat([1, 0, 1, 0], [hits, n - hits, reference_hits, reference_n - reference_hits])
    return decisions, np.repeat(["u", "p"], [n, reference_n])


def compare(hits, n, reference_hits, reference_n, **options):
    decisions, side = two_groups(hits, n, reference_hits, reference_n)
    return disparity_test(selection_rate, decisions, decisions, sensitive_features=side, privileged="p", **options)


def draw_people(n=300, seed=0):
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2])
    y = (rng.random(n) < np.where(group == "a", 0.6, 0.4)).astype(int)
    return y, (rng.random(n) < np.where(y == 1, 0.7, 0.2)).astype(int), group


class TestWilson:
    @settings(deadline=None, max_examples=100)
    @given(counts=COUNTS, confidence=st.floats(0.5, 0.999))
    def test_it_is_scipys(self, counts, confidence):
        expected = scipy.stats.binomtest(*counts).proportion_ci(confidence, method="wilson")
        assert wilson_interval(*counts, confidence=confidence) == pytest.approx(tuple(expected), abs=1e-12)

    @pytest.mark.parametrize("counts", [(6, 8), (180, 200), (1, 3)])
    def test_its_ends_are_the_rates_whose_own_error_just_reaches_the_share(self, counts):
        hits, n = counts
        for p in wilson_interval(hits, n, confidence=0.9):
            assert abs(hits / n - p) == pytest.approx(1.6448536269514722 * sqrt(p * (1 - p) / n))

    @given(counts=COUNTS)
    def test_it_holds_the_share_stays_in_range_and_has_a_width(self, counts):
        hits, n = counts
        low, high = wilson_interval(hits, n)
        assert 0 <= low <= hits / n <= high <= 1
        assert high - low > 0

    @given(counts=COUNTS)
    def test_successes_and_failures_mirror_each_other(self, counts):
        hits, n = counts
        low, high = wilson_interval(hits, n)
        assert wilson_interval(n - hits, n) == pytest.approx((1 - high, 1 - low))

    def test_nobody_and_everybody_reach_exactly_0_and_1(self):
        for n in range(1, 200):
            assert wilson_interval(0, n).low == 0
            assert wilson_interval(n, n).high == 1

    def test_a_wald_interval_would_fail_here(self):
        assert wilson_interval(8, 8).low == pytest.approx(8 / (8 + 1.959963984540054**2))

    def test_shapes_follow_the_input(self):
        low, high = wilson_interval([[1, 2, 3]], [[10], [20]])
        assert low.shape == high.shape == (2, 3)
        assert low[1, 2] == wilson_interval(3, 20).low
        assert type(wilson_interval(1, 2).low) is float
        interval = wilson_interval(pd.Series([1, 2], index=["x", "y"]), 4)
        assert isinstance(interval, Interval)
        assert interval.high["y"] == wilson_interval(2, 4).high

    def test_a_group_without_people_is_nan_and_named(self):
        n = pd.Series({"a": 4, "b": 0})
        with pytest.warns(UndefinedMetricWarning, match="undefined for group 'b': n is 0") as caught:
            low, high = wilson_interval(n * 0, n)
        assert caught[0].filename == __file__
        assert np.isnan([low["b"], high["b"]]).all()
        assert low["a"] == 0
        with pytest.warns(UndefinedMetricWarning, match="is undefined: n is 0"):
            assert np.isnan(wilson_interval(0, 0)).all()

    def test_the_true_rate_is_inside_about_as_often_as_promised(self):
        for n, p in itertools.product((20, 50, 100), (0.1, 0.3, 0.5)):
            hits = np.arange(n + 1)
            low, high = wilson_interval(hits, n)
            covered = scipy.stats.binom.pmf(hits, n, p)[(low <= p) & (p <= high)].sum()
            assert 0.92 < covered < 0.99

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: wilson_interval(9, 8), "successes is 9 where n is 8"),
            (lambda: wilson_interval(0.75, 8), r"successes holds 0\.75; .* Pass counts, not shares"),
            (lambda: wilson_interval([1, -1], 8), "successes holds -1"),
            (lambda: wilson_interval(1, np.nan), "n holds nan"),
            (lambda: wilson_interval("six", 8), "successes is 'six'"),
            (lambda: wilson_interval(6, 8, confidence=95), "confidence is 95"),
            (lambda: wilson_interval(6, 8, confidence=1), "confidence is 1"),
            (
                lambda: wilson_interval(pd.Series({"a": 1, "b": 2}), pd.Series({"b": 3, "a": 4})),
                "same index labels in a different order",
            ),
            (lambda: wilson_interval(pd.Series([1, 2]), pd.Series([3])), "n has 1 entries but successes has 2"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, call, message):
        with pytest.raises(ValueError, match=message):
            call()


class TestDisparity:
    def test_six_of_eight_against_180_of_200_is_a_gap_as_large_as_its_error(self):
        test = compare(6, 8, 180, 200)
        assert test.estimate == pytest.approx(-0.15)
        assert test.se == pytest.approx(0.155, abs=0.0005)
        assert test.se == pytest.approx(sqrt(0.75 * 0.25 / 8 + 0.9 * 0.1 / 200))
        assert test.interval == pytest.approx((-0.15 - 1.959964 * test.se, -0.15 + 1.959964 * test.se))
        assert test.p_value == pytest.approx(2 * scipy.stats.norm.sf(0.15 / test.se))
        assert (test.rate, test.n, test.reference_rate, test.reference_n) == (0.75, 8, 0.9, 200)
        assert type(test.n) is int
        assert type(test.estimate) is float

    @pytest.mark.parametrize(
        ("counts", "wald", "newcombe"),
        [
            ((56, 70, 48, 80), (0.0575, 0.3425), (0.0524, 0.3339)),
            ((9, 10, 3, 10), (0.2605, 0.9395), (0.1705, 0.8090)),
            ((6, 7, 2, 7), (0.1481, 0.9947), (0.0582, 0.8062)),
        ],
    )
    def test_intervals_are_those_of_newcombe_1998_table_2(self, counts, wald, newcombe):
        assert compare(*counts).interval == pytest.approx(wald, abs=5e-5)
        assert compare(*counts, method="exact").interval == pytest.approx(newcombe, abs=5e-5)

    @pytest.mark.parametrize(
        "name", [n for n in metrics.__all__ if isinstance(getattr(metrics, n), type(selection_rate))]
    )
    def test_every_rate_counts_the_people_in_its_own_denominator(self, name):
        rate = getattr(metrics, name)
        y, p, group = draw_people()
        hit = {"base_rate": y == 1, "selection_rate": p == 1, "accuracy": y == p}
        among = {"true": y == 1, "false": y == 0, "positive": p == 1, "negative": p == 0}
        conditions = {
            "true_positive_rate": ("true", p == 1),
            "false_negative_rate": ("true", p == 0),
            "false_positive_rate": ("false", p == 1),
            "true_negative_rate": ("false", p == 0),
            "positive_predictive_value": ("positive", y == 1),
            "negative_predictive_value": ("negative", y == 0),
        }
        if name in hit:
            counted, hits = np.ones(len(y), bool), hit[name]
        else:
            counted, hits = among[conditions[name][0]], conditions[name][1]
        test = disparity_test(rate, y, p, sensitive_features=group, privileged="a", unprivileged="c")
        sides = [hits[counted & (group == g)] for g in "ca"]
        assert (test.n, test.reference_n) == tuple(len(side) for side in sides)
        assert test.estimate == pytest.approx(sides[0].mean() - sides[1].mean())
        assert test.se == pytest.approx(sqrt(sum(side.var() / len(side) for side in sides)))

    def test_a_true_positive_rate_rests_on_the_people_with_label_1_alone(self):
        """Of 500 people 8 have label 1; an error that divides by 500 is eight times too small."""
        y = np.repeat([1, 0, 1, 0], [8, 492, 100, 400])
        p = np.repeat([1, 0, 0, 1, 0, 0], [6, 2, 492, 90, 10, 400])
        test = disparity_test(true_positive_rate, y, p, sensitive_features=["u"] * 500 + ["p"] * 500, privileged="p")
        wrong = sqrt(0.75 * 0.25 / 500 + 0.9 * 0.1 / 500)
        assert test.n == 8
        assert test.se == pytest.approx(sqrt(0.75 * 0.25 / 8 + 0.9 * 0.1 / 100))
        assert test.se > 5 * wrong
        assert test.p_value > 0.3

    def test_overlapping_intervals_do_not_mean_no_difference(self):
        """6/8 against 180/200 cannot tell the two rules apart, 60/100 against 75/100 can."""
        overlap = {}
        for counts in ((6, 8, 180, 200), (60, 100, 75, 100)):
            low, high = wilson_interval(counts[::2], counts[1::2])
            overlap[counts] = low.max() < high.min()
        assert all(overlap.values())
        assert compare(6, 8, 180, 200).p_value > 0.05
        assert compare(60, 100, 75, 100).p_value < 0.05
        assert compare(60, 100, 75, 100, method="exact").p_value < 0.05

    @settings(deadline=None, max_examples=40)
    @given(counts=st.tuples(st.integers(1, 6), st.integers(1, 6)), data=st.data())
    def test_the_exact_p_value_is_the_share_of_all_ways_to_deal_the_outcomes(self, counts, data):
        n, n0 = counts
        outcomes = np.array(data.draw(st.lists(st.integers(0, 1), min_size=n + n0, max_size=n + n0)))
        gap = abs(outcomes[:n].mean() - outcomes[n:].mean())
        as_large = 0
        for chosen in itertools.combinations(range(n + n0), n):
            inside = np.isin(np.arange(n + n0), chosen)
            as_large += abs(outcomes[inside].mean() - outcomes[~inside].mean()) >= gap - 1e-12
        test = disparity_test(
            selection_rate,
            outcomes,
            outcomes,
            sensitive_features=["u"] * n + ["p"] * n0,
            privileged="p",
            method="exact",
        )
        assert test.p_value == pytest.approx(as_large / comb(n + n0, n))

    @settings(deadline=None, max_examples=50)
    @given(n=st.integers(1, 60), data=st.data())
    def test_between_groups_of_equal_size_the_exact_test_is_fishers(self, n, data):
        hits, hits0 = data.draw(st.tuples(st.integers(0, n), st.integers(0, n)))
        expected = scipy.stats.fisher_exact([[hits, n - hits], [hits0, n - hits0]]).pvalue
        assert compare(hits, n, hits0, n, method="exact").p_value == pytest.approx(expected)

    def test_on_large_groups_both_methods_agree(self):
        z, exact = compare(820, 2000, 900, 2000), compare(820, 2000, 900, 2000, method="exact")
        assert exact.p_value == pytest.approx(z.p_value, rel=0.15)
        assert exact.interval == pytest.approx(z.interval, abs=1e-3)
        assert exact.se == z.se

    def test_the_exact_test_takes_the_size_of_adult(self):
        assert compare(1769, 16192, 9918, 32650, method="exact").p_value < 1e-100

    @pytest.mark.parametrize("method", ["z", "exact"])
    def test_swapping_the_groups_turns_the_sign(self, method):
        decisions, side = two_groups(6, 20, 40, 60)
        one, other = (
            disparity_test(
                selection_rate, decisions, decisions, sensitive_features=side, privileged=privileged, method=method
            )
            for privileged in ("p", "u")
        )
        assert other.estimate == pytest.approx(-one.estimate)
        assert other.interval == pytest.approx((-one.high, -one.low))
        assert other.p_value == pytest.approx(one.p_value)

    def test_without_an_unprivileged_group_everyone_else_is_compared(self):
        y, p, group = draw_people()
        pooled = disparity_test(true_positive_rate, y, p, sensitive_features=group, privileged="a")
        merged = disparity_test(
            true_positive_rate, y, p, sensitive_features=np.where(group == "a", "a", "rest"), privileged="a"
        )
        assert pooled == merged
        assert pooled.estimate == pytest.approx(
            metrics.true_positive_rate_difference(y, p, sensitive_features=group, privileged="a")
        )

    def test_weights_are_not_people(self):
        y, p, group = draw_people()
        options = {"sensitive_features": group, "privileged": "a"}
        plain = disparity_test(selection_rate, y, p, **options)
        doubled = disparity_test(selection_rate, y, p, sample_weight=np.full(len(y), 2.0), **options)
        assert doubled.se == pytest.approx(plain.se)
        assert doubled.n == plain.n
        w = np.random.default_rng(1).exponential(size=len(y))
        weighted = disparity_test(selection_rate, y, p, sample_weight=w, **options)
        assert weighted.estimate == pytest.approx(
            statistical_parity_difference(y, p, sensitive_features=group, privileged="a", sample_weight=w)
        )
        assert weighted.se > plain.se

    def test_the_weighted_error_is_that_of_repeated_draws(self):
        rng = np.random.default_rng(5)
        side = np.repeat(["u", "p"], [300, 500])
        w = rng.choice([0.2, 1, 5], 800)
        tests = [
            disparity_test(selection_rate, d, d, sensitive_features=side, privileged="p", sample_weight=w)
            for d in (rng.random((400, 800)) < np.where(side == "u", 0.3, 0.5)).astype(int)
        ]
        assert np.mean([t.se for t in tests]) == pytest.approx(np.std([t.estimate for t in tests]), rel=0.1)

    @pytest.mark.parametrize(("method", "low", "high"), [("z", 0.03, 0.07), ("exact", 0.02, 0.055)])
    def test_without_a_gap_few_tests_find_one(self, method, low, high):
        hits = np.random.default_rng(0).binomial([60, 90], 0.4, size=(1000, 2))
        found = [compare(a, 60, b, 90, method=method).p_value <= 0.05 for a, b in hits]
        assert low < np.mean(found) < high

    def test_a_group_without_label_1_has_no_test_and_is_named(self):
        with pytest.warns(UndefinedMetricWarning, match="undefined for group 'u': none of its 2 people has label 1"):
            test = disparity_test(
                true_positive_rate, [0, 0, 1, 1], [1, 0, 1, 0],
                sensitive_features=list("uupp"), privileged="p", unprivileged="u",
            )  # fmt: skip
        assert np.isnan([test.estimate, test.se, test.low, test.high, test.p_value, test.rate]).all()
        assert (test.n, test.reference_n, test.reference_rate) == (0, 2, 0.5)
        with pytest.warns(UndefinedMetricWarning, match="everyone outside the privileged group 'p'"):
            exact = disparity_test(
                true_positive_rate, [0, 0, 1, 1], [1, 0, 1, 0],
                sensitive_features=list("uupp"), privileged="p", method="exact",
            )  # fmt: skip
        assert np.isnan([exact.low, exact.high, exact.p_value]).all()

    def test_an_error_of_0_is_no_certainty(self):
        with pytest.warns(UndefinedMetricWarning, match="standard error is 0. Use method='exact'") as caught:
            test = compare(0, 3, 5, 5)
        assert caught[0].filename == __file__
        assert (test.estimate, test.se) == (-1, 0)
        assert np.isnan([test.low, test.high, test.p_value]).all()
        exact = compare(0, 3, 5, 5, method="exact")
        assert exact.p_value == pytest.approx(1 / comb(8, 3))
        assert exact.low == -1 < exact.high < 0

    def test_one_person_on_each_side(self):
        assert compare(1, 1, 0, 1, method="exact").p_value == 1

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"rate": f1_score}, "rate is 'f1_score'; it must be a rate of evenodds.metrics"),
            ({"rate": equal_opportunity_difference}, "it must be a rate"),
            ({"privileged": "q"}, "privileged is 'q', which is not one of the groups: 'p', 'u'"),
            ({"unprivileged": "q"}, "unprivileged is 'q'"),
            ({"unprivileged": "p"}, "unprivileged and privileged are both 'p'"),
            ({"sensitive_features": list("pppp")}, "everyone is in the privileged group 'p'"),
            ({"sensitive_features": ["u", "u", None, "p"]}, "is missing at position 2; .*fillna"),
            ({"sensitive_features": list("up")}, "has 2 entries"),
            ({"y_true": [0, 1, 2, 1]}, "y_true holds 2 at position 2"),
            ({"y_pred": [0, 1, 0.5, 1]}, "y_pred holds 0.5"),
            ({"y_true": [], "y_pred": []}, "y_true is empty"),
            ({"sample_weight": [1, 1, 1, -1]}, "sample_weight holds -1"),
            ({"method": "t"}, "method is 't'; it must be 'z' or 'exact'"),
            ({"method": "exact", "sample_weight": [1, 1, 1, 1]}, "takes no sample_weight"),
            ({"confidence": 0}, "confidence is 0"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, change, message):
        arguments = {
            "rate": selection_rate,
            "y_true": [0, 1, 0, 1],
            "y_pred": [1, 1, 0, 0],
            "sensitive_features": list("uupp"),
            "privileged": "p",
        }
        with pytest.raises(ValueError, match=message):
            disparity_test(**(arguments | change))


class TestManyComparisons:
    def test_each_row_is_the_test_of_its_group(self):
        y, p, group = draw_people()
        for method in ("z", "exact"):
            table = disparity_tests(
                positive_predictive_value, y, p, sensitive_features=group, reference="b", method=method
            )
            assert list(table.index) == ["a", "c"]
            for label, row in table.iterrows():
                one = disparity_test(
                    positive_predictive_value, y, p,
                    sensitive_features=group, privileged="b", unprivileged=label, method=method,
                )  # fmt: skip
                assert row.drop("p_adjusted").to_dict() == pytest.approx(vars(one))

    def test_without_a_reference_each_group_meets_everyone_else(self):
        y, p, group = draw_people()
        table = disparity_tests(selection_rate, y, p, sensitive_features=group, adjust="bh")
        assert list(table.index) == ["a", "b", "c"]
        against_rest = disparity_test(selection_rate, y, p, sensitive_features=group == "b", privileged=False)
        assert table.loc["b", "p_value"] == pytest.approx(against_rest.p_value)
        assert table.loc["b", "estimate"] == pytest.approx(against_rest.estimate)
        np.testing.assert_allclose(table["p_adjusted"], scipy.stats.false_discovery_control(table["p_value"]))

    def test_equal_margins_can_hide_crossed_cells(self):
        cells = pd.DataFrame({"sex": ["F", "F", "M", "M"] * 10, "age": ["old", "young"] * 20})
        hired = [0, 1, 1, 0] * 10
        for axis in cells:
            assert disparity_tests(selection_rate, hired, hired, sensitive_features=cells[axis])["estimate"].eq(0).all()
        crossed = disparity_tests(selection_rate, hired, hired, sensitive_features=cells, method="exact")
        assert crossed["rate"].tolist() == [0, 1, 1, 0]
        assert (crossed["p_adjusted"] < 0.01).all()

    def test_an_empty_crossing_is_no_data_and_no_comparison(self):
        cells = pd.DataFrame({"sex": ["F"] * 10 + ["M"] * 20, "age": ["old"] * 20 + ["young"] * 10})
        hired = [1, 0] * 15
        with pytest.warns(UndefinedMetricWarning, match=r"\('F', 'young'\): there are no people"):
            table = disparity_tests(selection_rate, hired, hired, sensitive_features=cells, adjust="bonferroni")
        empty = table.loc[("F", "young")]
        assert empty["n"] == 0
        assert empty.drop(["n", "reference_rate", "reference_n"]).isna().all()
        rest = table.drop(("F", "young"))
        np.testing.assert_allclose(rest["p_adjusted"], np.minimum(1, 3 * rest["p_value"]))

    def test_missing_labels_are_refused_and_can_be_a_group_of_their_own(self):
        group = pd.Series(["a", "b", None, "a", "b", None, "b", "a"], name="side")
        hired = [1, 0, 0, 1, 0, 1, 1, 0]
        with pytest.raises(ValueError, match="'side' is missing at position 2"):
            disparity_tests(selection_rate, hired, hired, sensitive_features=group, reference="a")
        table = disparity_tests(
            selection_rate, hired, hired, sensitive_features=group.fillna("missing"), reference="a", method="exact"
        )
        assert table["n"].sum() + table["reference_n"].iloc[0] == len(hired)

    def test_the_worst_of_a_hundred_groups_that_do_not_differ_is_no_finding_once_adjusted(self):
        alarms = {"p_value": 0, "p_adjusted": 0}
        for seed in range(40):
            rng = np.random.default_rng(seed)
            group, hired = np.repeat(np.arange(100), 40), rng.integers(0, 2, 4000)
            table = disparity_tests(selection_rate, hired, hired, sensitive_features=group, method="exact")
            assert len(table) == 100
            for column in alarms:
                alarms[column] += table[column].min() <= 0.05
        assert alarms["p_value"] >= 35
        assert alarms["p_adjusted"] <= 5

    def test_one_group_has_nobody_to_be_compared_with(self):
        with pytest.raises(ValueError, match="everyone is in group 'a'"):
            disparity_tests(selection_rate, [1, 0], [1, 0], sensitive_features=["a", "a"])

    def test_an_unknown_reference_is_refused(self):
        with pytest.raises(ValueError, match="reference is 'z', which is not one of the groups"):
            disparity_tests(selection_rate, [1, 0], [1, 0], sensitive_features=["a", "b"], reference="z")

    @settings(deadline=None)
    @given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30))
    def test_adjusted_values_are_those_of_scipy_and_of_the_step_procedures(self, p):
        p = np.array(p)
        bonferroni, holm, bh = (adjust_p_values(p, method=m) for m in ("bonferroni", "holm", "bh"))
        np.testing.assert_allclose(bh, scipy.stats.false_discovery_control(p, method="bh"))
        np.testing.assert_allclose(bonferroni, [min(1, len(p) * value) for value in p])
        assert (p <= bh + 1e-15).all()
        assert (bh <= holm + 1e-15).all()
        assert (holm <= bonferroni + 1e-15).all()
        for level in (0.013, 0.05, 0.2):
            rejected = np.zeros(len(p), bool)
            for step, position in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
                if p[position] > level / (len(p) - step):
                    break
                rejected[position] = True
            near = np.isclose(holm, level, rtol=1e-12)
            np.testing.assert_array_equal((holm <= level)[~near], rejected[~near])

    @given(p=st.lists(st.floats(0, 1), min_size=1, max_size=12), seed=st.integers(0, 99))
    def test_the_order_of_comparisons_does_not_matter(self, p, seed):
        order = np.random.default_rng(seed).permutation(len(p))
        for method in ("holm", "bh", "bonferroni"):
            np.testing.assert_array_equal(
                adjust_p_values(np.array(p)[order], method=method), adjust_p_values(p, method=method)[order]
            )

    def test_values_can_be_told_from_the_three_common_mistakes(self):
        p = np.array([0.01, 0.04, 0.03, 0.5])
        holm = adjust_p_values(p)
        without_running_maximum = np.array([4, 2, 3, 1]) * p
        in_the_given_order = np.maximum.accumulate(np.array([4, 3, 2, 1]) * p)
        assert not np.allclose(holm, without_running_maximum)
        assert not np.allclose(holm, in_the_given_order)
        assert not np.allclose(holm, 4 * p)

    def test_undefined_values_stay_and_do_not_count(self):
        p = pd.Series([0.02, np.nan, 0.01], index=["a", "b", "c"])
        for method in ("holm", "bh", "bonferroni"):
            adjusted = adjust_p_values(p, method=method)
            assert np.isnan(adjusted["b"])
            np.testing.assert_allclose(adjusted[["a", "c"]], adjust_p_values([0.02, 0.01], method=method))
        assert len(adjust_p_values([])) == 0

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: adjust_p_values([0.1, 1.2]), "p_values holds 1.2 at position 1"),
            (lambda: adjust_p_values([[0.1]]), "it must be 1-D"),
            (
                lambda: adjust_p_values([0.1], method="by"),
                "method is 'by'; it must be one of 'holm', 'bh', 'bonferroni'",
            ),
        ],
    )
    def test_bad_input_is_refused_in_words(self, call, message):
        with pytest.raises(ValueError, match=message):
            call()


class TestPower:
    @pytest.mark.parametrize(("rates", "people"), [((0.6, 0.75), (120, 150)), ((0.5, 0.55), (400, 900))])
    def test_power_is_how_often_the_test_finds_the_gap(self, rates, people):
        (r, r0), (n, n0) = rates, people
        found = 0.0
        hits, hits0 = np.arange(n + 1)[:, None], np.arange(n0 + 1)[None, :]
        a, b = hits / n, hits0 / n0
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.abs(a - b) / np.sqrt(a * (1 - a) / n + b * (1 - b) / n0)
        chance = scipy.stats.binom.pmf(hits, n, r) * scipy.stats.binom.pmf(hits0, n0, r0)
        found = chance[z >= 1.959964].sum()
        assert power_for_gap(r, r0, n=n, reference_n=n0) == pytest.approx(found, abs=0.02)

    def test_simulated_audits_of_the_recommended_size_find_the_gap_as_often_as_asked(self):
        n, n0 = sample_size_for_gap(0.6, 0.75, power=0.8)
        hits = np.random.default_rng(0).binomial([n, n0], [0.6, 0.75], size=(1500, 2))
        found = [compare(a, n, b, n0).p_value <= 0.05 for a, b in hits]
        assert np.mean(found) == pytest.approx(0.8, abs=0.04)

    @settings(deadline=None)
    @given(
        rates=st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)).filter(lambda r: abs(r[0] - r[1]) > 0.02),
        power=st.floats(0.5, 0.99),
        ratio=st.floats(0.1, 20),
    )
    def test_the_sample_size_is_enough_and_no_larger_than_needed(self, rates, power, ratio):
        n, n0 = sample_size_for_gap(*rates, power=power, ratio=ratio)
        assert power_for_gap(*rates, n=n, reference_n=n0) >= power - 1e-9
        if n > 1:
            assert power_for_gap(*rates, n=n - 1, reference_n=ratio * (n - 1)) < power + 0.003

    def test_half_the_gap_takes_four_times_the_people(self):
        small, large = (sample_size_for_gap(0.5 - gap / 2, 0.5 + gap / 2)[0] for gap in (0.01, 0.02))
        assert small / large == pytest.approx(4, rel=1e-2)

    def test_without_a_gap_power_is_the_rate_of_false_alarms(self):
        assert power_for_gap(0.4, 0.4, n=50, reference_n=80) == pytest.approx(0.05)

    def test_power_grows_with_people_and_takes_arrays(self):
        power = power_for_gap(0.6, 0.75, n=np.array([10, 100, 1000]), reference_n=1000)
        assert (np.diff(power) > 0).all()
        assert type(power_for_gap(0.6, 0.75, n=10, reference_n=10)) is float

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: sample_size_for_gap(0.5, 0.5), "both rates are 0.5; no number of people"),
            (lambda: sample_size_for_gap(0, 0.5), "rate is 0"),
            (lambda: sample_size_for_gap(0.5, 60), "reference_rate is 60"),
            (lambda: sample_size_for_gap(0.5, 0.6, power=80), "power is 80"),
            (lambda: sample_size_for_gap(0.5, 0.6, power=0.04), "ask for more"),
            (lambda: sample_size_for_gap(0.5, 0.6, ratio=0), "ratio is 0"),
            (lambda: sample_size_for_gap(0.5, 0.6, ratio=inf), "ratio is inf"),
            (lambda: power_for_gap(0.5, 0.6, n=0, reference_n=5), "numbers of people above 0"),
            (lambda: power_for_gap(0.5, 0.6, n=5, reference_n=5, confidence=2), "confidence is 2"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, call, message):
        with pytest.raises(ValueError, match=message):
            call()


class TestBootstrap:
    def test_replicates_have_the_distribution_of_drawing_people(self):
        y, p, group = draw_people()
        ours = {
            "rate": bootstrap_replicates(true_positive_rate, y, p, n_boot=4000, random_state=0),
            "difference": bootstrap_replicates(
                true_positive_rate, y, p,
                sensitive_features=group, privileged="a", unprivileged="b", n_boot=4000, random_state=0,
            ),
            "called": bootstrap_replicates(
                equal_opportunity_difference, y, p, sensitive_features=group, n_boot=600, random_state=0
            ),
        }  # fmt: skip
        rng = np.random.default_rng(1)
        theirs = {name: [] for name in ours}
        for _ in range(2000):
            rows = rng.integers(len(y), size=len(y))
            tpr = {g: p[rows][(y[rows] == 1) & (group[rows] == g)].mean() for g in "abc"}
            theirs["rate"].append(p[rows][y[rows] == 1].mean())
            theirs["difference"].append(tpr["b"] - tpr["a"])
            theirs["called"].append(max(tpr.values()) - min(tpr.values()))
        for name, replicates in ours.items():
            quantiles = [0.025, 0.25, 0.5, 0.75, 0.975]
            np.testing.assert_allclose(
                np.quantile(replicates, quantiles), np.quantile(theirs[name], quantiles), atol=0.03, err_msg=name
            )

    def test_weights_are_drawn_with_their_people(self):
        y, p, _ = draw_people()
        w = np.random.default_rng(2).choice([0.5, 4.0], len(y))
        rng = np.random.default_rng(3)
        theirs = []
        for _ in range(2000):
            rows = rng.integers(len(y), size=len(y))
            theirs.append(np.average(p[rows], weights=w[rows]))
        for metric in (selection_rate, lambda y, p, sample_weight: selection_rate(y, p, sample_weight=sample_weight)):
            ours = bootstrap_replicates(metric, y, p, sample_weight=w, n_boot=2000, random_state=4)
            assert ours.std() == pytest.approx(np.std(theirs), rel=0.08)
            assert ours.mean() == pytest.approx(np.average(p, weights=w), abs=0.005)
        unweighted = bootstrap_replicates(selection_rate, y, p, n_boot=2000, random_state=4)
        assert unweighted.std() < 0.95 * np.std(theirs)

    def test_the_percentile_interval_is_quantiles_of_the_replicates_and_agrees_with_the_frame(self):
        y, p, group = draw_people()
        options = {"sensitive_features": group, "n_boot": 3000}
        metric = metrics.demographic_parity_difference
        low, high = bootstrap_interval(metric, y, p, confidence=0.8, random_state=5, **options)
        replicates = bootstrap_replicates(metric, y, p, random_state=5, **options)
        assert (low, high) == pytest.approx(tuple(np.quantile(replicates, [0.1, 0.9])))
        frame = MetricFrame(
            metrics=selection_rate, y_true=y, y_pred=p, ci_quantiles=[0.1, 0.9], random_state=0, **options
        )
        assert (low, high) == pytest.approx(tuple(frame.difference_ci()), abs=0.01)

    @pytest.mark.parametrize("hits", [(9, 40), (70, 90)])
    def test_the_bca_interval_is_scipys(self, hits):
        successes, n = hits
        outcomes = np.repeat([1, 0], [successes, n - successes])
        expected = scipy.stats.bootstrap(
            (outcomes,), np.mean, n_resamples=20000, method="BCa", rng=np.random.default_rng(0)
        ).confidence_interval
        ours = bootstrap_interval(selection_rate, outcomes, outcomes, method="BCa", n_boot=20000, random_state=1)
        assert tuple(ours) == pytest.approx(tuple(expected), abs=1.01 / n)
        percentile = bootstrap_interval(selection_rate, outcomes, outcomes, n_boot=20000, random_state=1)
        assert sum(ours) > sum(percentile) or hits != (9, 40)

    def test_the_bca_interval_of_a_difference_is_scipys(self):
        y, p, group = draw_people(120)

        def gap(y, p, group):
            return p[(y == 1) & (group == 1)].mean() - p[(y == 1) & (group == 0)].mean()

        side = (group == "b").astype(int)
        expected = scipy.stats.bootstrap(
            (y, p, side), gap, paired=True, vectorized=False, n_resamples=4000, method="BCa",
            rng=np.random.default_rng(0),
        ).confidence_interval  # fmt: skip
        ours = bootstrap_interval(
            true_positive_rate, y, p,
            sensitive_features=side, privileged=0, method="BCa", n_boot=8000, random_state=1,
        )  # fmt: skip
        assert tuple(ours) == pytest.approx(tuple(expected), abs=0.02)

    def test_bca_allows_for_the_upward_bias_of_an_unsigned_gap(self):
        """Five groups that hardly differ: nearly all resamples show a larger gap than the people themselves."""
        group = np.repeat(np.arange(5), 40)
        hired = np.concatenate([np.repeat([1, 0], [20 + extra, 20 - extra]) for extra in (0, 0, 1, 0, 1)])
        options = {"sensitive_features": group, "n_boot": 400, "random_state": 0}
        metric = metrics.demographic_parity_difference
        percentile = bootstrap_interval(metric, hired, hired, **options)
        corrected = bootstrap_interval(metric, hired, hired, method="BCa", **options)
        assert metric(hired, hired, sensitive_features=group) == pytest.approx(0.025)
        assert percentile.low > 0.025
        assert corrected.low < percentile.low
        assert corrected.high < percentile.high

    def test_the_bca_interval_of_a_biased_metric_is_scipys(self):
        hired, group = np.repeat([1, 0, 1, 0], [54, 46, 50, 50]), np.repeat([0, 1], 100)

        def gap(hired, group):
            return abs(hired[group == 0].mean() - hired[group == 1].mean())

        expected = scipy.stats.bootstrap(
            (hired, group), gap, paired=True, vectorized=False, n_resamples=6000, confidence_level=0.5, method="BCa",
            rng=np.random.default_rng(0),
        ).confidence_interval  # fmt: skip
        metric = metrics.demographic_parity_difference
        options = {"sensitive_features": group, "confidence": 0.5, "n_boot": 6000, "random_state": 1}
        ours = bootstrap_interval(metric, hired, hired, method="BCa", **options)
        assert tuple(ours) == pytest.approx(tuple(expected), abs=0.006)

    def test_the_interval_covers_a_true_difference_about_as_often_as_promised(self):
        rng = np.random.default_rng(0)
        side = np.repeat([0, 1], [120, 180])
        for method in ("percentile", "BCa"):
            covered = 0
            for seed in range(200):
                hired = (rng.random(300) < np.where(side == 0, 0.6, 0.3)).astype(int)
                low, high = bootstrap_interval(
                    selection_rate, hired, hired,
                    sensitive_features=side, privileged=1, confidence=0.9, method=method, n_boot=300,
                    random_state=seed,
                )  # fmt: skip
                covered += low <= 0.3 <= high
            assert 0.83 <= covered / 200 <= 0.96

    def test_the_same_seed_gives_the_same_interval(self):
        y, p, _ = draw_people()
        one, other, another = (bootstrap_interval(selection_rate, y, p, random_state=seed) for seed in (1, 1, 2))
        assert one == other != another

    def test_signed_disparities_take_the_privileged_group(self):
        y, p, group = draw_people()
        options = {"sensitive_features": group, "privileged": "a", "n_boot": 2000, "random_state": 0}
        np.testing.assert_allclose(
            bootstrap_interval(statistical_parity_difference, y, p, **options),
            bootstrap_interval(selection_rate, y, p, **options),
            atol=0.02,
        )

    def test_crossed_features_and_labels_of_any_type_reach_the_metric(self):
        y, p, group = draw_people()
        features = pd.DataFrame({"letter": group, "even": np.arange(len(y)) % 2 == 0})
        interval = bootstrap_interval(
            statistical_parity_difference, y, p,
            sensitive_features=features, privileged=("a", True), n_boot=50, random_state=0,
        )  # fmt: skip
        estimate = statistical_parity_difference(y, p, sensitive_features=features, privileged=("a", True))
        assert interval.low < estimate < interval.high

    def test_an_interval_without_width_where_everyone_is_selected_alike(self):
        for method in ("percentile", "BCa"):
            assert bootstrap_interval(selection_rate, [1] * 8, [1] * 8, method=method, n_boot=50) == (1, 1)
        assert wilson_interval(8, 8).low < 0.7

    def test_resamples_without_a_value_are_passed_over_and_counted_aloud(self):
        y = np.array([1] * 20 + [1] + [0] * 19)
        p, group = np.tile([1, 0], 20), ["a"] * 20 + ["b"] * 20
        with pytest.warns(UndefinedMetricWarning, match="3[3-9]% of 2000") as caught:
            low, high = bootstrap_interval(
                true_positive_rate, y, p, sensitive_features=group, privileged="a", random_state=0
            )
        assert caught[0].filename == __file__
        assert 0.2 < low < high < 0.8
        with pytest.warns(UndefinedMetricWarning, match="(3[0-9]|4[0-2])% of 400"):
            bootstrap_interval(
                equal_opportunity_difference, y, p,
                sensitive_features=group, method="BCa", n_boot=400, random_state=0,
            )  # fmt: skip

    @pytest.mark.parametrize("metric", [true_positive_rate, equal_opportunity_difference])
    def test_what_the_data_leave_undefined_is_nan_and_said_once(self, metric):
        options = {"privileged": "a"} if metric is true_positive_rate else {}
        with pytest.warns(UndefinedMetricWarning, match="group 'a'.*none of its 2 people has label 1") as caught:
            interval = bootstrap_interval(
                metric, [1, 1, 0, 0], [1, 0, 0, 0], sensitive_features=list("bbaa"), n_boot=20, **options
            )
        assert np.isnan(interval).all()
        assert len(caught) == 1

    def test_one_person_is_certain_of_nothing_but_says_so_only_by_width_0(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert bootstrap_interval(selection_rate, [1], [1], n_boot=5) == (1, 1)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"sensitive_features": list("aabb")}, "give sensitive_features and privileged, or neither"),
            ({"privileged": "a"}, "give sensitive_features and privileged, or neither"),
            ({"metric": metrics.count}, "metric is count; it must be callable as"),
            ({"metric": 3}, "metric is 3; it must be callable"),
            (
                {
                    "metric": statistical_parity_difference,
                    "sensitive_features": list("aabb"),
                    "privileged": "a",
                    "unprivileged": "b",
                },
                "statistical_parity_difference compares as it is defined",
            ),
            ({"n_boot": 0}, "n_boot is 0"),
            ({"n_boot": 2.5}, "n_boot is 2.5"),
            ({"method": "bca"}, "method is 'bca'; it must be 'percentile' or 'BCa'"),
            ({"confidence": 95}, "confidence is 95"),
            ({"random_state": "seed"}, "random_state is 'seed'"),
            ({"y_true": [1, 0, 2, 0]}, "y_true holds 2"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, change, message):
        arguments = {"metric": false_positive_rate, "y_true": [1, 0, 1, 0], "y_pred": [1, 1, 0, 0]}
        with pytest.raises(ValueError, match=message):
            bootstrap_interval(**(arguments | change))


def test_importing_the_metrics_does_not_bring_this_room_nor_scipy():
    code = (
        "import sys, evenodds.metrics; print(sorted(m for m in sys.modules if m in ('scipy', 'evenodds.uncertainty')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_every_public_function_has_an_example():
    functions = [name for name in uncertainty.__all__ if name not in ("DisparityTest", "Interval")]
    assert [name for name in functions if ">>>" not in getattr(uncertainty, name).__doc__] == []
