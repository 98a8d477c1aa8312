"""Before and after: against masks, `MetricFrame`, many draws and brute force; who lost; levelling down."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from evenodds import plots
from evenodds.calibration import expected_calibration_error
from evenodds.metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    accuracy,
    demographic_parity_difference,
    false_negative_rate,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    true_positive_rate,
)
from evenodds.tradeoffs import before_after, compare_mitigations, in_words, levelled_down, pareto_frontier

RATES = (selection_rate, true_positive_rate, false_positive_rate, positive_predictive_value)


def sampled(seed, n=120):
    rng = np.random.default_rng(seed)
    y, before, after = rng.integers(0, 2, (3, n))
    return y, before, after, rng.choice(["a", "b", "c"], n)


def audited(y, before, after, group, **options):
    return before_after(y, before, after, sensitive_features=group, **options)


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_are_what_metric_frame_and_masks_say(seed):
    y, before, after, group = sampled(seed)
    table = audited(y, before, after, group)
    for when, decisions in (("before", before), ("after", after)):
        frame = MetricFrame(
            metrics={rate.__name__: rate for rate in RATES}, y_true=y, y_pred=decisions, sensitive_features=group
        )
        for name, gap in frame.difference().items():
            who = "harm gap" if name == "true_positive_rate" else "gap"
            assert table.loc[(name, who), when] == pytest.approx(gap)
        for name in ("selection_rate", "true_positive_rate"):
            for who, rate in frame.by_group[name].items():
                assert table.loc[(name, who), when] == pytest.approx(rate)
        assert table.loc[("accuracy", "everyone"), when] == pytest.approx(accuracy(y, decisions))
    for who in ("a", "b", "c"):
        lost = (group == who) & (before == 1) & (after == 0)
        assert table.loc[("lost", who), "after"] == lost.sum()
        assert table.loc[("lost_with_label_1", who), "after"] == (lost & (y == 1)).sum()
        assert table.loc[("gained", who), "after"] == ((group == who) & (before == 0) & (after == 1)).sum()
    assert table.loc[("lost", "everyone"), "after"] == ((before == 1) & (after == 0)).sum()
    np.testing.assert_allclose(table["change"], table["after"] - table["before"])
    assert table.index[0] == ("true_positive_rate", "harm gap")
    assert table.index.is_unique


def test_probabilities_give_what_draws_give_on_average():
    y, before, _, group = sampled(0, n=60)
    q = np.random.default_rng(1).random(60).round(2)
    expected = audited(y, before, q, group)["after"]
    draws = np.random.default_rng(2).random((1500, 60)) < q
    drawn = pd.concat([audited(y, before, d.astype(int), group)["after"] for d in draws], axis=1)
    rates = [(rate.__name__, who) for rate in RATES[:2] for who in "abc"] + [("accuracy", "everyone")]
    np.testing.assert_allclose(drawn.mean(axis=1)[rates], expected[rates], atol=0.02)
    people = [(what, who) for what in ("lost", "lost_with_label_1", "gained") for who in ["a", "b", "c", "everyone"]]
    np.testing.assert_allclose(drawn.mean(axis=1)[people], expected[people], atol=0.4)


def test_weights_are_repetition_and_the_order_of_rows_is_nothing():
    y, before, _, group = sampled(3)
    rng = np.random.default_rng(5)
    q, w = rng.random(len(y)), rng.integers(1, 4, len(y))
    many = rng.permutation(np.repeat(np.arange(len(y)), w))
    weighted = audited(y, before, q, group, sample_weight=w, scores_before=q, scores_after=1 - q)
    repeated = audited(y[many], before[many], q[many], group[many], scores_before=q[many], scores_after=1 - q[many])
    pd.testing.assert_frame_equal(weighted, repeated)


def test_calibration_is_that_of_the_group_where_it_is_worst():
    y, before, after, group = sampled(4)
    scores = np.random.default_rng(0).random(len(y))
    table = audited(y, before, after, group, scores_before=scores)
    worst = expected_calibration_error(y, scores, sensitive_features=group).max()
    row = table.loc[("expected_calibration_error", "largest")]
    assert row["before"] == pytest.approx(worst)
    assert np.isnan(row["after"])
    assert "expected_calibration_error" not in audited(y, before, after, group).index.get_level_values("what")


@pytest.mark.parametrize("harm", ["selection_rate", "false_negative_rate", "accuracy"])
def test_the_harm_comes_first_and_is_listed_once(harm):
    y, before, after, group = sampled(1)
    table = audited(y, before, after, group, harm=harm)
    assert table.index[0] == (harm, "harm gap")
    assert list(table.index.get_level_values("who")).count("harm gap") == 1
    assert (harm, "gap") not in table.index
    assert table.index.is_unique
    assert (table.loc[[(harm, who) for who in "abc"]].notna()).all(axis=None)
    if harm == "selection_rate":
        gap = demographic_parity_difference(y, after, sensitive_features=group)
        assert table["after"].iloc[0] == pytest.approx(gap)
    if harm == "false_negative_rate":
        rates = [false_negative_rate(y[group == g], after[group == g]) for g in "abc"]
        assert table["after"].iloc[0] == pytest.approx(np.ptp(rates))


Y, GROUP = [1, 1, 0, 1, 1, 0], list("aaabbb")
NOW = [1, 1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("after", "harm", "levelled"),
    [
        ([1, 0, 0, 1, 0, 0], "true_positive_rate", True),  # a loses, b stays
        ([1, 0, 0, 0, 0, 0], "true_positive_rate", False),  # both lose, the gap does not shrink
        ([0, 0, 0, 0, 0, 0], "true_positive_rate", True),  # nobody
        ([1, 1, 0, 1, 1, 0], "true_positive_rate", False),  # b gains
        ([0, 1, 0, 1, 0, 1], "selection_rate", False),  # a loses, b gains
        (NOW, "true_positive_rate", False),  # nothing moved
        ([1, 0, 0, 1, 0, 0], "false_negative_rate", True),  # a's misses rise to b's
        ([1, 1, 0, 1, 1, 0], "false_negative_rate", False),  # b's misses fall
    ],
)
@pytest.mark.filterwarnings("ignore:positive_predictive_value")
def test_levelling_down_is_a_smaller_gap_from_which_no_group_gains(after, harm, levelled):
    table = audited(Y, NOW, after, GROUP, harm=harm)
    assert levelled_down(table) is levelled
    assert ("is levelling down" in in_words(table)) is levelled
    if levelled:
        assert table.loc[("better_off", "everyone"), "after"] == 0


def test_a_gain_within_noise_can_be_passed_over():
    table = audited(Y, [1, 1, 0, 0.5, 0, 0], [0.3, 0.3, 0, 0.52, 0, 0], GROUP)
    assert not levelled_down(table)
    assert levelled_down(table, by=0.05)


def test_the_sentence_says_gap_groups_and_people():
    said = in_words(audited(Y, NOW, [1, 0.25, 0, 1, 0, 1], GROUP, harm="selection_rate"))
    assert said == (
        "The gap in selection rate falls from 0.33 to 0.25. Selection rate: a 0.67 to 0.42 (worse), "
        "b 0.33 to 0.67 (better). No levelling down: 1 of 2 groups is better off. "
        "0.8 lost the favourable decision, 0.8 with label 1; 1 gained it."
    )
    assert "stays at 0.50" in in_words(audited(Y, NOW, NOW, GROUP))
    assert "rises from 0.00 to 0.50" in in_words(audited(Y, Y, NOW, GROUP))


def test_crossed_features_get_one_name_each_and_empty_crossings_no_row():
    features = pd.DataFrame({"sex": ["F", "F", "M", "M"], "age": [1, 1, 1, 2]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        table = before_after(
            [1, 0, 1, 0], [1, 1, 1, 1], [1, 0, 1, 1], sensitive_features=features, harm="selection_rate"
        )
    assert list(table.loc["selection_rate"].index) == ["harm gap", "F, 1", "M, 1", "M, 2"]
    assert table.loc[("selection_rate", "F, 1"), "after"] == 0.5


def test_an_undefined_rate_is_nan_and_says_whose():
    with pytest.warns(UndefinedMetricWarning, match="true_positive_rate is undefined for group 'b' after"):
        table = audited([1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0], list("aabb"))
    assert np.isnan(table.loc[("true_positive_rate", "harm gap"), "change"])
    assert "undefined" in in_words(table)
    assert not levelled_down(table)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"before": [0, 1.5]}, "before holds 1.5 at position 1"),
        ({"after": [0, np.nan]}, "after is missing"),
        ({"after": [0]}, "after has 1 entries"),
        ({"y_true": [0, 2]}, "y_true holds 2"),
        ({"harm": "tpr"}, "harm is 'tpr'; it must name a rate: 'accuracy'"),
        ({"harm": ["selection_rate"]}, "it must name a rate"),
        ({"scores_after": [0.5, 2]}, "scores_after holds 2"),
        ({"sensitive_features": ["a", "everyone"]}, "rename the group"),
    ],
)
def test_what_cannot_be_understood_is_refused(changes, message):
    given = {"y_true": [0, 1], "before": [0, 1], "after": [1, 1], "sensitive_features": ["a", "a"]}
    with pytest.raises(ValueError, match=message):
        before_after(**given | changes)


def test_a_table_that_is_no_audit_is_refused():
    for table in (pd.DataFrame({"a": [1]}), audited(Y, NOW, Y, GROUP).iloc[1:]):
        with pytest.raises(ValueError, match="harm gap"):
            levelled_down(table)


@pytest.mark.parametrize("seed", range(3))
def test_each_row_of_the_comparison_is_its_own_audit(seed):
    y, before, after, group = sampled(seed)
    q = np.random.default_rng(seed).random(len(y))
    table = compare_mitigations(
        y,
        {"nothing": before, "this": after, "dice": q},
        sensitive_features=group,
        scores={"dice": q},
        needs_group={"nothing": "never"},
    )
    assert table.index.tolist() == ["nothing", "this", "dice"]
    audit = audited(y, before, q, group, scores_after=q)["after"]
    row = table.loc["dice"]
    assert row["true_positive_rate_gap"] == audit.iloc[0]
    assert row["selection_rate_gap"] == audit[("selection_rate", "gap")]
    assert row["accuracy"] == audit[("accuracy", "everyone")]
    assert row["expected_calibration_error"] == audit[("expected_calibration_error", "largest")]
    assert row["lowest_true_positive_rate"] == min(audit[("true_positive_rate", who)] for who in "abc")
    assert row["lost"] == audit[("lost", "everyone")]
    assert table.loc["nothing", ["lost", "gained"]].tolist() == [0, 0]
    assert table["expected_calibration_error"].isna().tolist() == [True, True, False]
    assert table["needs_group"].tolist() == ["never", None, None]
    assert table["levelled_down"].dtype == table["non_dominated"].dtype == bool


def test_the_worst_off_have_the_most_misses_where_misses_are_the_harm():
    table = compare_mitigations(Y, {"nothing": NOW, "all": Y}, sensitive_features=GROUP, harm="false_negative_rate")
    assert table["highest_false_negative_rate"].tolist() == [0.5, 0]
    assert table["non_dominated"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decisions": {}}, "at least one method"),
        ({"decisions": [NOW]}, "must be a dict"),
        ({"scores": {"that": NOW}}, "scores names 'that'"),
        ({"needs_group": {"that": True}}, "needs_group names 'that'"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(changes, message):
    given = {"y_true": Y, "decisions": {"this": NOW}, "sensitive_features": GROUP}
    with pytest.raises(ValueError, match=message):
        compare_mitigations(**given | changes)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_frontier_is_what_pairs_say(k):
    costs = np.random.default_rng(k).integers(0, 6, (60, k))
    expected = [not any((other <= row).all() and (other < row).any() for other in costs) for row in costs]
    assert pareto_frontier(costs).tolist() == expected
    assert pareto_frontier(pd.DataFrame(costs)).tolist() == expected


def test_ties_stay_and_what_is_undefined_does_not():
    assert pareto_frontier([[1, 1], [1, 1], [np.nan, 0], [2, 0]]).tolist() == [True, True, False, True]


@pytest.mark.parametrize("costs", [[1, 2], [], [[]], [["a", "b"]], [[1], [1, 2]]])
def test_costs_that_are_no_table_are_refused(costs):
    with pytest.raises(ValueError, match="costs"):
        pareto_frontier(costs)


def test_the_figure_says_every_number_and_is_the_same_twice():
    table = audited(Y, NOW, [1, 0.25, 0, 1, 0.5, 0], GROUP)
    picture = plots.before_after(table, title="A title.", caption="How.")
    assert picture.alt == (
        "Arrows from before to after, one row a group. A title. True positive rate: a 1.00 to 0.62, b 0.50 to 0.75; "
        "Selection rate: a 0.67 to 0.42, b 0.33 to 0.50."
    )
    assert picture.png() == plots.before_after(table, title="A title.").png()
    assert 500 < Image.open(io.BytesIO(picture.png())).size[0] < 1000
    assert "the gap goes from 0.50 to 0.12" in plots.before_after(table).alt


def test_the_figure_tells_before_from_after_by_shape_and_places_them_by_value():
    axes = plots.before_after(audited(Y, NOW, Y, GROUP)).figure.axes[0]
    points = {line.get_marker(): [] for line in axes.lines}
    for line in axes.lines:
        points[line.get_marker()].append((line.get_xdata()[0], line.get_ydata()[0]))
    assert points == {"o": [(1.0, 0), (0.5, 1)], "D": [(1.0, 0), (1.0, 1)]}


def test_the_figure_shows_what_is_undefined_as_words():
    with pytest.warns(UndefinedMetricWarning):
        table = audited([1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0], list("aabb"))
    figure = plots.before_after(table).figure
    assert "undefined to undefined" in [text.get_text() for text in figure.axes[0].texts]
