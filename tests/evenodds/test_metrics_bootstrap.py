"""Bootstrap intervals: the same distribution as drawing people anew, Fairlearn's shapes, and honest gaps."""

import functools
import warnings

import fairlearn.metrics as fairlearn
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm

from evenodds import metrics
from evenodds.metrics import MetricFrame, UndefinedMetricWarning
from evenodds.metrics.bootstrap import quantiles_of

QUANTILES = [0.025, 0.5, 0.975]
RATES = {
    "selected": metrics.selection_rate,
    "tpr": metrics.true_positive_rate,
    "accuracy": metrics.accuracy,
}


def draw_people(n=400, seed=0):
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2])
    y = rng.random(n) < np.where(group == "a", 0.6, 0.4)
    p = rng.random(n) < np.where(y, 0.7, 0.2)
    return {"y_true": y.astype(int), "y_pred": p.astype(int), "sensitive_features": group}


def frame_of(functions, people, weights=None, n_boot=2000, random_state=1, **options):
    params = None if weights is None else {name: {"sample_weight": weights} for name in functions}
    return MetricFrame(
        metrics=functions,
        sample_params=params,
        n_boot=n_boot,
        ci_quantiles=QUANTILES,
        random_state=random_state,
        **(people | options),
    )


def called_with(rate, *columns, **params):
    """A rate in disguise, whose people have to be drawn anew row by row."""
    return rate(*columns, **params)


SUMMARIES = {
    "overall": lambda frame: frame.overall_ci,
    "by_group": lambda frame: frame.by_group_ci,
    "group_min": lambda frame: frame.group_min_ci(),
    "group_max": lambda frame: frame.group_max_ci(),
    "difference": lambda frame: frame.difference_ci(),
    "difference to overall": lambda frame: frame.difference_ci(method="to_overall"),
    "ratio": lambda frame: frame.ratio_ci(),
    "ratio to overall": lambda frame: frame.ratio_ci(method="to_overall"),
}


@pytest.mark.parametrize("weighting", ["unweighted", "few distinct weights", "all weights different"])
def test_resampling_counts_has_the_distribution_of_resampling_people(weighting):
    people = draw_people()
    rng = np.random.default_rng(9)
    weights = {
        "unweighted": None,
        "few distinct weights": rng.choice([0.5, 1, 4], 400),
        "all weights different": rng.exponential(size=400),
    }[weighting]
    by_counts = frame_of(RATES, people, weights, n_boot=4000)
    w = np.ones(400) if weights is None else weights
    y, p, group = people.values()
    replicates = []
    for _ in range(1000):
        i = rng.integers(400, size=400)
        parts = [(i[group[i] == g]) for g in "abc"]
        replicates.append(
            [
                [np.average(p[k], weights=w[k]) for k in parts],
                [np.average(p[k][y[k] == 1], weights=w[k][y[k] == 1]) for k in parts],
            ]
        )
    replicates = np.array(replicates)
    gaps = replicates.max(axis=2) - replicates.min(axis=2)
    for position, q in enumerate(QUANTILES):
        ours = by_counts.by_group_ci[position][["selected", "tpr"]].to_numpy().T
        np.testing.assert_allclose(ours, np.quantile(replicates, q, axis=0), atol=0.03)
        ours = by_counts.difference_ci()[position][["selected", "tpr"]].to_numpy()
        np.testing.assert_allclose(ours, np.quantile(gaps, q, axis=0), atol=0.03)


def test_the_spread_is_the_binomial_one():
    y = p = np.repeat([0, 1], [700, 300])
    frame = frame_of({"selected": metrics.selection_rate}, {"y_true": y, "y_pred": p, "sensitive_features": y * 0})
    low, middle, high = (value["selected"] for value in frame.overall_ci)
    error = np.sqrt(0.3 * 0.7 / 1000)
    assert middle == pytest.approx(0.3, abs=0.002)
    assert (high - low) / (2 * 1.96) == pytest.approx(error, rel=0.08)


@pytest.mark.parametrize("summary", SUMMARIES)
def test_counting_and_calling_give_intervals_that_agree(summary):
    people = draw_people()
    called = {name: functools.partial(called_with, rate) for name, rate in RATES.items()}
    for one, other in zip(
        SUMMARIES[summary](frame_of(RATES, people, n_boot=2000)),
        SUMMARIES[summary](frame_of(called, people, n_boot=300)),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=0.05)


def test_all_metrics_of_a_resample_come_from_the_same_people():
    people = draw_people()
    weights = np.random.default_rng(3).choice([1.0, 3.0], 400)
    functions = {"fnr": metrics.false_negative_rate, "tpr": metrics.true_positive_rate, "weighted": metrics.accuracy}
    frame = MetricFrame(
        metrics=functions,
        sample_params={"weighted": {"sample_weight": weights}},
        n_boot=200,
        ci_quantiles=[0.1, 0.9],
        random_state=0,
        **people,
    )
    low, high = frame.overall_ci
    assert low["fnr"] == pytest.approx(1 - high["tpr"])
    assert high["fnr"] == pytest.approx(1 - low["tpr"])


def test_a_quarter_of_the_weight_of_a_resample_is_that_of_the_drawn_people():
    """With weight on label 1 alone, the weighted accuracy of every resample is its true positive rate."""
    people = draw_people()
    frame = MetricFrame(
        metrics={"tpr": metrics.true_positive_rate, "accuracy": metrics.accuracy},
        sample_params={"accuracy": {"sample_weight": people["y_true"]}},
        n_boot=100,
        ci_quantiles=QUANTILES,
        random_state=0,
        **people,
    )
    for value in frame.by_group_ci:
        np.testing.assert_allclose(value["accuracy"], value["tpr"])


@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize("n_control", [0, 1])
@pytest.mark.parametrize("foreign", [False, True])
@pytest.mark.parametrize("summary", SUMMARIES)
def test_intervals_have_fairlearns_shape(single, n_control, foreign, summary):
    people = draw_people(150)
    arguments = people | {
        "control_features": np.tile([1, 2], 75) if n_control else None,
        "n_boot": 3,
        "ci_quantiles": QUANTILES,
        "random_state": 1,
    }
    ours, theirs = (skm.accuracy_score if foreign else module.selection_rate for module in (metrics, fairlearn))
    if not single:
        ours, theirs = (
            {"m": function, "n": module.count} for function, module in ((ours, metrics), (theirs, fairlearn))
        )
    result = SUMMARIES[summary](MetricFrame(metrics=ours, **arguments))
    expected = SUMMARIES[summary](fairlearn.MetricFrame(metrics=theirs, **arguments))
    assert isinstance(result, list)
    assert len(result) == len(expected) == 3
    for one, other in zip(result, expected, strict=True):
        assert isinstance(one, type(other)) or (np.ndim(other) == 0 and isinstance(one, float))
        if np.ndim(other):
            pd.testing.assert_index_equal(one.index, other.index)
        if np.ndim(other) == 2:
            pd.testing.assert_index_equal(one.columns, other.columns)


def test_the_quantiles_are_in_the_order_asked_for_and_reported():
    frame = MetricFrame(
        metrics=metrics.selection_rate, n_boot=50, ci_quantiles=[0.9, 0.1], random_state=0, **draw_people()
    )
    high, low = frame.difference_ci()
    assert high > low
    assert frame.ci_quantiles == [0.9, 0.1]
    assert frame.n_boot == 50


@pytest.mark.parametrize(
    "seed",
    [7, np.int64(7), lambda: np.random.default_rng(7), lambda: np.random.RandomState(7)],
    ids=["int", "numpy integer", "Generator", "RandomState"],
)
@pytest.mark.parametrize("functions", [RATES, {"acc": skm.accuracy_score}], ids=["counted", "called"])
def test_the_same_seed_gives_the_same_intervals(seed, functions):
    one, other = (
        frame_of(functions, draw_people(), n_boot=20, random_state=seed() if callable(seed) else seed) for _ in range(2)
    )
    pd.testing.assert_series_equal(one.difference_ci()[0], other.difference_ci()[0])
    pd.testing.assert_frame_equal(one.by_group_ci[0], other.by_group_ci[0])


def test_without_a_seed_and_with_other_seeds_the_intervals_differ():
    results = [
        frame_of(RATES, draw_people(), n_boot=20, random_state=seed).difference_ci()[0]["selected"]
        for seed in (None, None, 1, 2)
    ]
    assert len(set(results)) == 4


def test_the_order_of_questions_does_not_change_the_answers():
    first, second = (frame_of(RATES, draw_people(), n_boot=20) for _ in range(2))
    asked_first = first.by_group_ci[0]
    second.ratio_ci(), second.overall_ci
    pd.testing.assert_frame_equal(asked_first, second.by_group_ci[0])


def test_an_interval_of_90_percent_covers_the_truth_about_that_often():
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], [150, 250])
    covered = 0
    for seed in range(400):
        p = (rng.random(400) < np.where(group == 0, 0.6, 0.3)).astype(int)
        frame = MetricFrame(
            metrics=metrics.selection_rate,
            y_true=p,
            y_pred=p,
            sensitive_features=group,
            n_boot=200,
            ci_quantiles=[0.05, 0.95],
            random_state=seed,
        )
        low, high = frame.difference_ci()
        covered += low <= 0.3 <= high
    assert 0.84 <= covered / 400 <= 0.95


RARE = {
    "y_true": [1] * 20 + [1] + [0] * 19,
    "y_pred": [1, 0] * 20,
    "sensitive_features": ["a"] * 20 + ["b"] * 20,
}


def test_resamples_without_a_value_are_passed_over_and_counted_aloud():
    frame = frame_of({"tpr": metrics.true_positive_rate}, RARE)
    with pytest.warns(UndefinedMetricWarning, match="3[4-9]% of 2000 for tpr of group 'b'") as caught:
        low, _, high = frame.by_group_ci
    assert caught[0].filename == __file__
    assert low["tpr"]["b"] == high["tpr"]["b"] == 1
    assert 0.2 < low["tpr"]["a"] < 0.5 < high["tpr"]["a"] < 0.8
    with pytest.warns(UndefinedMetricWarning, match="3[4-9]% of 2000 for tpr"):
        assert 0.2 < frame.difference_ci()[0]["tpr"] < 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert frame.overall_ci[1]["tpr"] == pytest.approx(11 / 21, abs=0.05)


def test_a_group_that_a_resample_leaves_out_makes_its_comparison_undefined():
    people = {"y_true": [1] * 30, "y_pred": [1, 0] * 14 + [0, 1], "sensitive_features": ["a"] * 29 + ["b"]}
    frame = frame_of({"selected": metrics.selection_rate}, people)
    with pytest.warns(UndefinedMetricWarning, match="3[3-9]% of 2000 for selected"):
        assert frame.difference_ci()[0]["selected"] > 0.2


def test_what_the_data_leave_undefined_stays_so_and_is_not_announced_again():
    people = {"y_true": [1, 1, 0, 0] * 10, "y_pred": [1, 0, 0, 0] * 10, "sensitive_features": ["a", "a", "b", "b"] * 10}
    with pytest.warns(UndefinedMetricWarning, match="for group 'b'"):
        frame = frame_of({"tpr": metrics.true_positive_rate}, people, n_boot=50)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(frame.by_group_ci[0]["tpr"]["b"])
        assert frame.by_group_ci[0]["tpr"]["a"] > 0
        assert np.isnan(frame.difference_ci()[0]["tpr"])


def test_a_crossing_without_people_stays_empty_in_every_resample():
    features = {"sex": ["F"] * 20 + ["M"] * 40, "age": ["old"] * 40 + ["young"] * 20}
    people = {"y_true": [0, 1] * 30, "y_pred": [1, 1, 0] * 20, "sensitive_features": features}
    with pytest.warns(UndefinedMetricWarning, match="nobody is in 1 of the 4"):
        frame = frame_of({"selected": metrics.selection_rate, "n": metrics.count}, people, n_boot=50)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert frame.by_group_ci[1].loc[("F", "young")].isna().all()
        assert frame.by_group_ci[1].drop(("F", "young")).notna().all(axis=None)
        assert frame.difference_ci()[1].notna().all()


def test_the_number_of_people_varies_in_the_groups_but_not_overall():
    frame = frame_of({"n": metrics.count}, draw_people(), n_boot=100)
    assert [value["n"] for value in frame.overall_ci] == [400, 400, 400]
    low, _, high = frame.by_group_ci
    assert (low["n"] < high["n"]).all()


def test_a_metric_that_is_not_a_number_has_no_interval():
    frame = frame_of({"matrix": skm.confusion_matrix}, draw_people(), n_boot=2)
    with pytest.raises(ValueError, match="not a number"):
        frame.difference_ci()


def test_quantiles_with_gaps_are_those_of_the_rest():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(50, 3, 4))
    gappy = np.where(rng.random(values.shape) < 0.3, np.nan, values)
    gappy[:, 0, 0] = np.nan
    result, undefined = quantiles_of(gappy, [0.2, 0.7])
    with warnings.catch_warnings(action="ignore"):
        np.testing.assert_allclose(result, np.nanquantile(gappy, [0.2, 0.7], axis=0))
    np.testing.assert_allclose(undefined, np.isnan(gappy).mean(axis=0))
