"""Tables and errors against loops and scikit-learn, Platt maps against logistic regression, and mistakes told apart."""

import pickle
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.base import clone
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evenodds.calibration import (
    GroupPlattScaling,
    expected_calibration_error,
    maximum_calibration_error,
    reliability_table,
)
from evenodds.datasets import fetch_compas
from evenodds.metrics import MetricFrame, UndefinedMetricWarning
from evenodds.uncertainty import wilson_interval

STRATEGIES = ["uniform", "quantile"]


@st.composite
def people(draw, min_size=1, groups=3):
    """Labels, scores with ties and with 0 and 1 among them, groups, and whole weights of which some are 0."""
    n = draw(st.integers(min_size, 50))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = rng.integers(0, 21, n) / 20 if draw(st.booleans()) else rng.random(n)
    return rng.integers(0, 2, n), scores, rng.integers(0, groups, n), rng.integers(0, 3, n) + (rng.random(n) < 0.2)


def bin_by_loop(score, everyone, weights, n_bins, strategy):
    """The bin of one score, from the sentence that defines it."""
    if strategy == "quantile":
        below = sum(w for s, w in zip(everyone, weights, strict=True) if s < score)
        total = sum(weights)
        return next(k for k in range(n_bins) if below * n_bins < (k + 1) * total)
    edges = np.linspace(0, 1, n_bins + 1)
    return next(k for k in range(n_bins) if score <= edges[k + 1])


def table_by_loop(y, s, w, n_bins, strategy):
    """One row a bin: people, weight, mean score, observed rate."""
    rows = [[] for _ in range(n_bins)]
    for label, score, weight in zip(y, s, w, strict=True):
        rows[bin_by_loop(score, s, w, n_bins, strategy)].append((label, score, weight))
    result = []
    for members in rows:
        total = sum(weight for *_, weight in members)
        mean = sum(weight * score for _, score, weight in members) / total if total else np.nan
        rate = sum(weight * label for label, _, weight in members) / total if total else np.nan
        result.append((len(members), total, mean, rate))
    return result


def error_by_loop(y, s, w, n_bins, strategy):
    rows = [row for row in table_by_loop(y, s, w, n_bins, strategy) if row[1]]
    return sum(total * abs(mean - rate) for _, total, mean, rate in rows) / sum(w)


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(deadline=None, max_examples=100)
@given(data=people(), n_bins=st.integers(1, 12), weighted=st.booleans())
def test_the_table_and_both_errors_agree_with_a_loop_over_people(strategy, data, n_bins, weighted):
    y, s, _, w = data
    w = w + 1 if weighted else np.ones(len(y), int)
    options = {"n_bins": n_bins, "strategy": strategy, "sample_weight": w if weighted else None}
    table, loop = reliability_table(y, s, **options), table_by_loop(y, s, w, n_bins, strategy)
    assert table["n"].tolist() == [row[0] for row in loop]
    assert table["share"].to_numpy() == pytest.approx([row[1] / w.sum() for row in loop])
    assert table["mean_score"].to_numpy() == pytest.approx([row[2] for row in loop], nan_ok=True)
    assert table["observed_rate"].to_numpy() == pytest.approx([row[3] for row in loop], nan_ok=True)
    assert expected_calibration_error(y, s, **options) == pytest.approx(error_by_loop(y, s, w, n_bins, strategy))
    largest = max(abs(mean - rate) for _, total, mean, rate in loop if total)
    assert maximum_calibration_error(y, s, **options) == pytest.approx(largest)


@settings(deadline=None, max_examples=100)
@given(data=people(min_size=2), n_bins=st.integers(1, 12))
def test_filled_uniform_bins_are_those_of_scikit_learn(data, n_bins):
    y, s, _, _ = data
    y[:2] = 0, 1
    table = reliability_table(y, s, n_bins=n_bins).query("n > 0")
    rate, mean = calibration_curve(y, s, n_bins=n_bins)
    assert table["observed_rate"].to_numpy() == pytest.approx(rate)
    assert table["mean_score"].to_numpy() == pytest.approx(mean)


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**32 - 1), n_bins=st.integers(1, 10), per_bin=st.integers(2, 9))
def test_quantile_bins_that_come_out_even_are_those_of_scikit_learn(seed, n_bins, per_bin):
    rng = np.random.default_rng(seed)
    s = rng.random(n_bins * per_bin)
    y = np.arange(len(s)) % 2
    table = reliability_table(y, s, n_bins=n_bins, strategy="quantile")
    rate, mean = calibration_curve(y, s, n_bins=n_bins, strategy="quantile")
    assert table["n"].tolist() == [per_bin] * n_bins
    assert table["observed_rate"].to_numpy() == pytest.approx(rate)
    assert table["mean_score"].to_numpy() == pytest.approx(mean)


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(deadline=None, max_examples=60)
@given(data=people(min_size=3), seed=st.integers(0, 2**32 - 1))
def test_order_does_not_matter_and_whole_weights_are_repetitions(strategy, data, seed):
    y, s, g, w = data
    w = w + 1
    order = np.random.default_rng(seed).permutation(len(y))

    def errors(rows, weights=None):
        return expected_calibration_error(
            y[rows], s[rows], sensitive_features=g[rows], sample_weight=weights, strategy=strategy, n_bins=4
        )

    everyone = np.arange(len(y))
    pd.testing.assert_series_equal(errors(order), errors(everyone))
    pd.testing.assert_series_equal(errors(everyone, w), errors(np.repeat(everyone, w)))
    pd.testing.assert_series_equal(errors(everyone, 1e-9 * w), errors(everyone, w))


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(deadline=None, max_examples=60)
@given(data=people())
def test_a_group_has_the_table_and_errors_that_it_has_alone(strategy, data):
    y, s, g, _ = data
    table = reliability_table(y, s, sensitive_features=g, n_bins=5, strategy=strategy)
    error = expected_calibration_error(y, s, sensitive_features=g, n_bins=5, strategy=strategy)
    largest = maximum_calibration_error(y, s, sensitive_features=g, n_bins=5, strategy=strategy)
    assert error.name == "expected_calibration_error"
    assert largest.name == "maximum_calibration_error"
    for group in np.unique(g):
        alone = {"y_true": y[g == group], "y_prob": s[g == group], "n_bins": 5, "strategy": strategy}
        pd.testing.assert_frame_equal(table.loc[group], reliability_table(**alone))
        assert error[group] == pytest.approx(expected_calibration_error(**alone))
        assert largest[group] == pytest.approx(maximum_calibration_error(**alone))
        assert 0 <= error[group] <= largest[group] + 1e-12 <= 1 + 1e-12


@settings(deadline=None, max_examples=60)
@given(data=people(min_size=2))
def test_people_of_weight_0_change_nothing_but_the_count(data):
    y, s, _, w = data
    if not w.any():
        return
    for strategy in STRATEGIES:
        options = {"strategy": strategy, "n_bins": 4}
        kept = expected_calibration_error(y[w > 0], s[w > 0], sample_weight=w[w > 0], **options)
        assert expected_calibration_error(y, s, sample_weight=w, **options) == pytest.approx(kept)
    assert reliability_table(y, s, sample_weight=w)["n"].sum() == len(y)


def test_the_highest_score_of_weight_0_is_counted_in_the_last_quantile_bin():
    table = reliability_table([0, 1, 1], [0.1, 0.5, 0.9], sample_weight=[1, 1, 0], n_bins=2, strategy="quantile")
    assert table["n"].tolist() == [1, 2]


# What students write instead; each is told apart by one of the inputs beneath.


def bins_of_equal_count(y, s, n_bins):
    return expected_calibration_error(y, s, n_bins=n_bins, strategy="quantile")


def _uniform_rows(y, s, n_bins):
    cell = np.clip(np.ceil(np.asarray(s) * n_bins).astype(int) - 1, 0, n_bins - 1)
    return pd.DataFrame({"y": y, "s": s, "cell": cell}).groupby("cell").agg(["mean", "size"])


def mean_over_bins(y, s, n_bins):
    rows = _uniform_rows(y, s, n_bins)
    return (rows["y"]["mean"] - rows["s"]["mean"]).abs().mean()


def midpoint_instead_of_mean_score(y, s, n_bins):
    rows = _uniform_rows(y, s, n_bins)
    gaps = (rows["y"]["mean"] - (rows.index + 0.5) / n_bins).abs()
    return np.average(gaps, weights=rows["y"]["size"])


def divided_by_all_bins_with_the_empty_ones(y, s, n_bins):
    return mean_over_bins(y, s, n_bins) * len(_uniform_rows(y, s, n_bins)) / n_bins


def open_outer_edges(y, s, n_bins, side="right"):
    edges, result = np.linspace(0, 1, n_bins + 1), 0
    y, s = np.asarray(y), np.asarray(s)
    for low, high in pairwise(edges):
        inside = (s > low) & (s <= high) if side == "right" else (s >= low) & (s < high)
        if inside.any():
            result += inside.mean() * abs(y[inside].mean() - s[inside].mean())
    return result


def score_of_1_dropped(y, s, n_bins):
    return open_outer_edges(y, s, n_bins, side="left")


def signed_gaps(y, s, n_bins):
    return abs(np.mean(y) - np.mean(s))


def brier_score(y, s, n_bins):
    return np.mean((np.asarray(y) - np.asarray(s)) ** 2)


SKEWED = [1, 0, 0, 0, 0, 0, 0, 0], [0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.6, 0.9]
EIGHTY_TEN_TEN = [0] * 76 + [1] * 4 + [0] * 7 + [1] * 3 + [0] * 4 + [1] * 6, [0.05] * 80 + [0.4] * 10 + [0.85] * 10
ALL_LOW = [1] + [0] * 9, [0.1] * 10
EXTREMES = [1, 0, 1, 0], [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("data", "n_bins", "right", "mutant", "wrong"),
    [
        (SKEWED, 2, 0.1875, bins_of_equal_count, 0.3375),
        (EIGHTY_TEN_TEN, 3, 0.035, mean_over_bins, 0.1167),
        (ALL_LOW, 2, 0.0, midpoint_instead_of_mean_score, 0.15),
        (EIGHTY_TEN_TEN, 20, 0.035, divided_by_all_bins_with_the_empty_ones, 0.0175),
        (EXTREMES, 2, 0.5, open_outer_edges, 0.25),
        (EXTREMES, 2, 0.5, score_of_1_dropped, 0.25),
        (EXTREMES, 2, 0.5, signed_gaps, 0.0),
        (ALL_LOW, 2, 0.0, brier_score, 0.09),
    ],
)
def test_the_error_is_right_where_a_common_mistake_is_wrong(data, n_bins, right, mutant, wrong):
    y, s = data
    assert expected_calibration_error(y, s, n_bins=n_bins) == pytest.approx(right, abs=5e-5)
    assert mutant(y, s, n_bins) == pytest.approx(wrong, abs=5e-5)


def test_scores_on_an_edge_belong_to_the_bin_below_and_0_to_the_first():
    table = reliability_table([0] * 11, np.arange(11) / 10)
    assert table["n"].tolist() == [2] + [1] * 9
    assert table.loc[0, ["lower", "upper"]].tolist() == [0, 0.1]
    assert table.loc[9, "upper"] == 1


def test_shares_sum_to_1_and_empty_bins_are_nan_with_n_0():
    table = reliability_table([0, 1, 1], [0.0, 1.0, 1.0], n_bins=4)
    assert table["n"].tolist() == [1, 0, 0, 2]
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc[[1, 2], ["mean_score", "observed_rate", "ci_low", "ci_high"]].isna().all(axis=None)


def test_quantile_bins_report_the_scores_in_them_and_never_part_equal_scores():
    table = reliability_table([0, 1] * 4, [0.1] * 4 + [0.2, 0.4, 0.6, 0.9], n_bins=4, strategy="quantile")
    assert table["n"].tolist() == [4, 0, 2, 2]
    assert table["lower"].tolist() == pytest.approx([0.1, np.nan, 0.2, 0.6], nan_ok=True)
    assert table["upper"].tolist() == pytest.approx([0.1, np.nan, 0.4, 0.9], nan_ok=True)


def test_intervals_are_wilsons_and_shrink_with_effective_people_under_weights():
    y, s = np.array([0] * 6 + [1] * 4), np.full(10, 0.3)
    row = reliability_table(y, s, n_bins=1).iloc[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(wilson_interval(4, 10)))
    assert reliability_table([0], [0.5], n_bins=1).loc[0, "ci_low"] == 0
    same = reliability_table(y, s, n_bins=1, sample_weight=np.full(10, 7)).iloc[0]
    assert same["ci_low"] == pytest.approx(row["ci_low"])
    heavy = reliability_table(y, s, n_bins=1, sample_weight=[1] * 9 + [100]).iloc[0]
    effective = 109**2 / (9 + 100**2)
    assert heavy["ci_high"] - heavy["ci_low"] > row["ci_high"] - row["ci_low"]
    rate, z = 103 / 109, 1.959964
    for bound in heavy[["ci_low", "ci_high"]]:
        assert abs(rate - bound) == pytest.approx(z * np.sqrt(bound * (1 - bound) / effective), rel=1e-5)


def test_crossed_features_are_crossed_and_a_crossing_without_people_is_nan_with_a_warning():
    features = pd.DataFrame({"sex": ["F", "F", "M"], "age": [1, 2, 1]})
    with pytest.warns(UndefinedMetricWarning, match=r"group \('M', 2\): there are no people"):
        table = reliability_table([0, 1, 1], [0.1, 0.9, 0.5], sensitive_features=features, n_bins=2)
    assert table.index.names == ["sex", "age", "bin"]
    assert table.loc[("F", 2, 1), "n"] == 1
    assert table.loc[("M", 2), "n"].tolist() == [0, 0]
    with pytest.warns(UndefinedMetricWarning):
        error = expected_calibration_error([0, 1, 1], [0.1, 0.9, 0.5], sensitive_features=features)
    assert error.to_dict() == pytest.approx(
        {("F", 1): 0.1, ("F", 2): 0.1, ("M", 1): 0.5, ("M", 2): np.nan}, nan_ok=True
    )


def test_a_group_whose_weights_are_0_is_undefined_and_not_perfect():
    with pytest.warns(UndefinedMetricWarning, match=r"group 'b': the weights of its 2 people sum to 0"):
        error = expected_calibration_error(
            [0, 1, 1], [0.2, 0.9, 0.9], sensitive_features=list("abb"), sample_weight=[1, 0, 0]
        )
    assert error["a"] == pytest.approx(0.2)
    assert np.isnan(error["b"])


def test_one_person_and_a_hundred_groups():
    assert expected_calibration_error([1], [0.25]) == 0.75
    rng = np.random.default_rng(0)
    g, s = np.repeat(np.arange(100), 30), rng.random(3000)
    error = expected_calibration_error((rng.random(3000) < s).astype(int), s, sensitive_features=g)
    assert len(error) == 100
    assert error.between(0.001, 0.999).all()


def test_the_interval_holds_its_rate_also_where_that_is_0_or_1():
    for n in range(1, 400):
        for label in (0, 1):
            row = reliability_table([label] * n, [0.5] * n, n_bins=1).loc[0]
            assert row["ci_low"] <= row["observed_rate"] <= row["ci_high"]


def test_a_group_without_positives_is_no_special_case():
    error = expected_calibration_error([0, 0, 1, 0], [0.3, 0.3, 0.5, 0.5], sensitive_features=list("aabb"))
    assert error.to_dict() == pytest.approx({"a": 0.3, "b": 0})


def test_the_error_is_a_metric_for_metric_frame():
    rng = np.random.default_rng(0)
    s, g, w = rng.random(300), rng.choice(list("abc"), 300), rng.random(300)
    y = (rng.random(300) < s).astype(int)
    frame = MetricFrame(
        metrics=expected_calibration_error, y_true=y, y_pred=s, sensitive_features=g, sample_params={"sample_weight": w}
    )
    own = expected_calibration_error(y, s, sensitive_features=g, sample_weight=w)
    assert frame.by_group.to_dict() == pytest.approx(own.to_dict())
    assert frame.overall == pytest.approx(expected_calibration_error(y, s, sample_weight=w))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"y_true": [], "y_prob": []}, "y_true is empty"),
        ({"y_true": [0, 2]}, "y_true holds 2 at position 1"),
        ({"y_prob": [0.5, 1.5]}, "y_prob holds 1.5 at position 1"),
        ({"y_prob": [0.5, np.nan]}, "y_prob is missing"),
        ({"y_prob": [0.5]}, "y_prob has 1 entries but y_true has 2"),
        ({"sensitive_features": ["a", None]}, "everyone needs a group label"),
        ({"sensitive_features": ["a"]}, "has 1 entries but"),
        ({"sample_weight": [1, -1]}, "must be finite and not negative"),
        ({"n_bins": 0}, "n_bins is 0"),
        ({"n_bins": 2.5}, "n_bins is 2.5"),
        ({"strategy": "equal"}, "strategy is 'equal'; it must be 'uniform' or 'quantile'"),
        (
            {"y_true": pd.Series([0, 1], index=[1, 2]), "y_prob": pd.Series([0.1, 0.2], index=[2, 1])},
            "same index labels in a different order",
        ),
    ],
)
def test_bad_input_is_refused_with_a_reason(changed, message):
    given_ = {"y_true": [0, 1], "y_prob": [0.2, 0.8]} | changed
    for function in (reliability_table, expected_calibration_error, maximum_calibration_error):
        with pytest.raises(ValueError, match=message):
            function(**given_)


def test_compas_deciles_mean_nearly_the_same_for_black_and_white_defendants(public_data):
    compas = fetch_compas(filtered=True, data_home=public_data, download=False)
    table = reliability_table(
        compas.y, compas.predictions["decile_score"] / 10, sensitive_features=compas.sensitive["race"]
    )
    rates = table["observed_rate"].round(3)
    assert rates["African-American"][[0, 4, 6, 9]].tolist() == [0.233, 0.489, 0.609, 0.837]
    assert rates["Caucasian"][[0, 4, 6, 9]].tolist() == [0.212, 0.455, 0.602, 0.700]
    assert table.loc["African-American", "n"].sum() == 3175
    assert table.loc["Caucasian", "n"].sum() == 2103


@pytest.fixture(scope="module")
def world():
    """200,000 people; the true logit is twice the scored one in group "cautious", half of it in group "sure"."""
    rng = np.random.default_rng(0)
    n = 100_000
    z = rng.normal(0, 1.5, 2 * n)
    group = np.repeat(["cautious", "sure"], n)
    slope = np.where(group == "cautious", 2.0, 0.5)
    return (rng.random(2 * n) < expit(slope * z)).astype(int), expit(z), group


def test_a_calibrated_pool_can_hide_two_miscalibrated_groups(world):
    y, s, group = world
    assert expected_calibration_error(y, s) == pytest.approx(0.020, abs=0.003)
    by_group = expected_calibration_error(y, s, sensitive_features=group)
    assert by_group.to_dict() == pytest.approx({"cautious": 0.102, "sure": 0.094}, abs=0.004)


def test_platt_maps_recover_the_slopes_and_repair_calibration_but_not_error_rates(world):
    y, s, group = world
    platt = GroupPlattScaling().fit(s, y, sensitive_features=group)
    assert platt.slope_.to_dict() == pytest.approx({"cautious": 2, "sure": 0.5}, abs=0.02)
    assert platt.intercept_.to_dict() == pytest.approx({"cautious": 0, "sure": 0}, abs=0.02)
    mapped = platt.transform(s, sensitive_features=group)
    assert (expected_calibration_error(y, mapped, sensitive_features=group) < 0.005).all()
    hits = [(mapped[(group == g) & (y == 1)] > 0.5).mean() for g in ("cautious", "sure")]
    assert hits == pytest.approx([0.837, 0.639], abs=0.006)


def test_one_map_for_all_leaves_both_groups_miscalibrated(world):
    y, s, group = world
    everyone = np.zeros(len(y))
    pooled = GroupPlattScaling().fit(s, y, sensitive_features=everyone).transform(s, sensitive_features=everyone)
    by_group = expected_calibration_error(y, pooled, sensitive_features=group)
    assert by_group.to_dict() == pytest.approx({"cautious": 0.112, "sure": 0.085}, abs=0.004)


def test_platt_on_probabilities_or_with_swapped_maps_does_not_recover_the_slopes(world):
    y, s, group = world
    on_probabilities = LogisticRegression(C=np.inf).fit(s[group == "cautious", None], y[group == "cautious"])
    assert abs(on_probabilities.coef_[0, 0] - 2) > 1
    platt = GroupPlattScaling().fit(s, y, sensitive_features=group)
    swapped = platt.transform(s, sensitive_features=np.where(group == "sure", "cautious", "sure"))
    assert (expected_calibration_error(y, swapped, sensitive_features=group) > 0.15).all()


def sampled(seed, n=120, groups="abc"):
    rng = np.random.default_rng(seed)
    s, g = rng.beta(1, 1, n), rng.choice(list(groups), n)
    y = (rng.random(n) < 0.2 + 0.6 * s).astype(int)
    return s, y, g, rng.integers(1, 4, n)


@pytest.mark.parametrize("seed", range(8))
def test_without_smoothing_a_map_is_scikit_learns_unpenalised_logistic_regression(seed):
    s, y, g, w = sampled(seed)
    platt = GroupPlattScaling(smoothing=False).fit(s, y, sensitive_features=g, sample_weight=w)
    for group in "abc":
        here = g == group
        oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000, solver="newton-cholesky").fit(
            logit(s[here])[:, None], y[here], sample_weight=w[here]
        )
        assert platt.slope_[group] == pytest.approx(oracle.coef_[0, 0], rel=1e-5, abs=1e-6)
        assert platt.intercept_[group] == pytest.approx(oracle.intercept_[0], rel=1e-5, abs=1e-6)
        mapped = platt.transform(s[here], sensitive_features=g[here])
        assert mapped == pytest.approx(oracle.predict_proba(logit(s[here])[:, None])[:, 1], abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_with_smoothing_a_map_minimises_the_loss_on_platts_targets(seed):
    s, y, g, w = sampled(seed, n=40, groups="a")
    platt = GroupPlattScaling().fit(s, y, sensitive_features=g, sample_weight=w)
    ones, zeros = w[y == 1].sum(), w[y == 0].sum()
    targets = np.where(y == 1, (ones + 1) / (ones + 2), 1 / (zeros + 2))

    def loss(theta):
        p = expit(theta[0] + theta[1] * logit(s))
        return -(w * (targets * np.log(p) + (1 - targets) * np.log(1 - p))).sum()

    oracle = minimize(loss, [0, 1], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000}).x
    assert [platt.intercept_["a"], platt.slope_["a"]] == pytest.approx(oracle, abs=1e-5)


@settings(deadline=None, max_examples=60)
@given(data=people(min_size=4, groups=1), seed=st.integers(0, 2**32 - 1))
def test_smoothed_maps_exist_wherever_there_are_two_labels_and_two_scores_and_keep_or_reverse_order(data, seed):
    y, s, g, w = data
    y[:2], s[:2], w = [0, 1], [0.0, 0.7], w + 1
    order = np.random.default_rng(seed).permutation(len(y))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        platt = GroupPlattScaling().fit(s, y, sensitive_features=g, sample_weight=w)
        shuffled = GroupPlattScaling().fit(s[order], y[order], sensitive_features=g[order], sample_weight=w[order])
        repeated = GroupPlattScaling().fit(np.repeat(s, w), np.repeat(y, w), sensitive_features=np.repeat(g, w))
    for other in (shuffled, repeated):
        assert other.slope_[0] == pytest.approx(platt.slope_[0], rel=1e-5, abs=1e-7)
        assert other.intercept_[0] == pytest.approx(platt.intercept_[0], rel=1e-5, abs=1e-7)
    mapped = platt.transform(s, sensitive_features=g)
    assert ((mapped >= 0) & (mapped <= 1)).all()
    rising = np.diff(mapped[np.argsort(s, kind="stable")]) * np.sign(platt.slope_[0])
    assert (rising >= -1e-12).all()


def test_within_a_group_the_auc_stays_as_it_was():
    s, y, g, _ = sampled(3, n=400)
    mapped = GroupPlattScaling().fit(s, y, sensitive_features=g).transform(s, sensitive_features=g)
    for group in "abc":
        here = g == group
        assert roc_auc_score(y[here], mapped[here]) == roc_auc_score(y[here], s[here])
    assert roc_auc_score(y, mapped) != roc_auc_score(y, s)


def test_without_smoothing_the_mean_mapped_score_of_a_group_is_its_base_rate():
    s, y, g, _ = sampled(4)
    mapped = GroupPlattScaling(smoothing=False).fit(s, y, sensitive_features=g).transform(s, sensitive_features=g)
    for group in "abc":
        assert mapped[g == group].mean() == pytest.approx(y[g == group].mean(), abs=1e-8)


def test_groups_are_looked_up_by_label_also_where_fewer_are_there_than_in_fit():
    s, y, g, _ = sampled(5)
    platt = GroupPlattScaling().fit(s, y, sensitive_features=g)
    everyone = platt.transform(s, sensitive_features=g)
    assert platt.transform(s[g == "c"], sensitive_features=g[g == "c"]).tolist() == everyone[g == "c"].tolist()


def test_crossed_groups_have_a_map_each_and_keep_the_order_of_columns():
    s, y, g, _ = sampled(6)
    features = pd.DataFrame({"race": g, "sex": np.where(np.arange(len(g)) % 2, "F", "M")})
    platt = GroupPlattScaling().fit(s, y, sensitive_features=features)
    assert platt.slope_.index.tolist() == [(r, x) for r in "abc" for x in "FM"]
    joined = features["race"] + features["sex"]
    same = GroupPlattScaling().fit(s, y, sensitive_features=joined).transform(s, sensitive_features=joined)
    assert platt.transform(s, sensitive_features=features) == pytest.approx(same)
    with pytest.raises(ValueError, match="pass those, in that order"):
        platt.transform(s, sensitive_features=features[["sex", "race"]])
    with pytest.raises(ValueError, match="in fit they were"):
        platt.transform(s, sensitive_features=g)


@pytest.mark.parametrize("unknown", ["d", np.nan, None])
def test_an_unknown_or_missing_group_is_refused_and_not_given_another_groups_map(unknown):
    s, y, g, _ = sampled(7)
    platt = GroupPlattScaling().fit(s, y, sensitive_features=g)
    with pytest.raises(ValueError, match=r"'d' at position 1.*'a', 'b', 'c'|missing at position 1"):
        platt.transform([0.5, 0.5], sensitive_features=["a", unknown])


@pytest.mark.parametrize(
    ("s", "y", "options", "message"),
    [
        ([0.2, 0.8, 0.3], [1, 1, 1], {}, r"group 'b': all its 3 people have label 1"),
        ([0.4, 0.4, 0.4], [0, 1, 1], {}, r"group 'b': all its 3 people have the same score"),
        ([0.2, 0.8, 0.9], [0, 1, 1], {"smoothing": False}, r"group 'b': its scores separate .*smoothing=True"),
        ([0.2, 0.8, 0.9], [1, 0, 0], {"smoothing": False}, r"group 'b': its scores separate"),
        ([0.2, 0.8, 0.8], [0, 0, 1], {"smoothing": False}, r"group 'b': its scores separate"),
        ([0.2, 0.8, 0.9], [0, 1, 0], {"clip": 0.5}, "clip is 0.5"),
        ([0.2, 0.8, 1.1], [0, 1, 0], {}, "scores holds 1.1"),
    ],
)
def test_a_group_without_a_map_is_named(s, y, options, message):
    others = [0.1, 0.5, 0.6, 0.9], [0, 1, 0, 1]
    with pytest.raises(ValueError, match=message):
        GroupPlattScaling(**options).fit(others[0] + s, others[1] + y, sensitive_features=["a"] * 4 + ["b"] * 3)


def test_a_group_of_people_who_do_not_count_has_no_map():
    with pytest.raises(ValueError, match="group 'b': nobody in it has a positive weight"):
        GroupPlattScaling().fit([0.2, 0.8, 0.5], [0, 1, 1], sensitive_features=["a", "a", "b"], sample_weight=[1, 1, 0])


def test_smoothing_keeps_a_separated_group_finite_and_two_people_are_enough():
    platt = GroupPlattScaling().fit([0.2, 0.8], [0, 1], sensitive_features=["a", "a"])
    assert platt.transform([0.2, 0.8], sensitive_features=["a", "a"]) == pytest.approx([1 / 3, 2 / 3])


def test_scores_of_0_and_1_are_clipped_where_the_parameter_says():
    y, everyone = [0, 1, 0, 1], np.zeros(4)
    inside = GroupPlattScaling(clip=0.01).fit([0.01, 0.2, 0.7, 0.99], y, sensitive_features=everyone)
    beyond = GroupPlattScaling(clip=0.01).fit([0, 0.2, 0.7, 1], y, sensitive_features=everyone)
    assert beyond.slope_[0] == pytest.approx(inside.slope_[0])
    wider = GroupPlattScaling().fit([0, 0.2, 0.7, 1], y, sensitive_features=everyone)
    assert 0 < wider.slope_[0] < inside.slope_[0]


def test_a_map_that_reverses_its_group_is_announced():
    s, y = [0.1, 0.2, 0.8, 0.9, 0.4], [1, 1, 0, 0, 1]
    with pytest.warns(UserWarning, match="slope of group 'b' is negative"):
        GroupPlattScaling().fit(s + s, y + [1 - v for v in y], sensitive_features=["b"] * 5 + ["a"] * 5)


def test_it_is_a_scikit_learn_estimator():
    platt = GroupPlattScaling(smoothing=False, clip=0.001)
    assert clone(platt).get_params() == {"smoothing": False, "clip": 0.001}
    with pytest.raises(ValueError, match="not fitted"):
        platt.transform([0.5], sensitive_features=["a"])
    s, y, g, _ = sampled(8)
    assert platt.fit(s, y, sensitive_features=g) is platt
    copy = pickle.loads(pickle.dumps(platt))
    assert copy.transform(s, sensitive_features=g).tolist() == platt.transform(s, sensitive_features=g).tolist()


def test_misaligned_inputs_are_refused_by_the_estimator_too():
    s, y, g, _ = sampled(9)
    rows = pd.RangeIndex(len(s))
    with pytest.raises(ValueError, match="different order"):
        GroupPlattScaling().fit(pd.Series(s, rows), pd.Series(y, rows[::-1]), sensitive_features=g)
    with pytest.raises(ValueError, match="entries"):
        GroupPlattScaling().fit(s, y, sensitive_features=g[:-1])


def test_ppv_can_be_equal_where_calibration_is_not():
    y = [1, 1, 0, 0] * 2
    s = [0.5, 0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9]
    g = ["a"] * 4 + ["b"] * 4
    error = expected_calibration_error(y, s, sensitive_features=g)
    ppv = [np.mean([y[i] for i in range(8) if g[i] == group and s[i] >= 0.5]) for group in "ab"]
    assert ppv == [0.5, 0.5]
    assert error.to_dict() == pytest.approx({"a": 0, "b": 0.4})
