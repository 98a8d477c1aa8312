"""`MetricFrame` against Fairlearn's, and where it differs on purpose."""

import functools
import itertools
import re
import warnings

import fairlearn.metrics as fairlearn
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
from hypothesis import given, settings
from hypothesis import strategies as st

from evenodds import metrics
from evenodds.metrics import MetricFrame, UndefinedMetricWarning

SHARED = [
    "count",
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
]
FOREIGN = {
    "accuracy_score": skm.accuracy_score,
    "balanced": skm.balanced_accuracy_score,
    "fbeta": functools.partial(skm.fbeta_score, beta=2, zero_division=0),
    "negative": lambda *columns, **params: skm.matthews_corrcoef(*columns, **params) - 1.5,
    "mean": lambda y_true, y_pred, sample_weight=None: np.average(y_pred, weights=sample_weight) - 0.3,
}
METHODS = ["between_groups", "to_overall"]


def draw_people(rng, n=60, n_sensitive=2, n_control=2):
    """Random people among whom every crossing of the features holds each label with each decision."""
    features = [list("abc")[: rng.integers(2, 4)] for _ in range(n_sensitive + n_control)]
    everywhere = list(itertools.product([0, 1], [0, 1], *features))
    rows = everywhere + [everywhere[i] for i in rng.integers(len(everywhere), size=n)]
    table = pd.DataFrame([rows[i] for i in rng.permutation(len(rows))])
    sensitive, control = table.iloc[:, 2 : 2 + n_sensitive], table.iloc[:, 2 + n_sensitive :]
    sensitive.columns = [f"sex{i}" for i in range(n_sensitive)]
    control.columns = [f"region{i}" for i in range(n_control)]
    return table[0].to_numpy(), table[1].to_numpy(), sensitive, control, rng.uniform(0.1, 3, len(rows))


def called_with(rate, *columns, **params):
    """A rate in disguise, which has to be called group by group."""
    return rate(*columns, **params)


def assert_same(ours, theirs):
    if isinstance(theirs, pd.DataFrame):
        pd.testing.assert_frame_equal(ours, theirs, rtol=1e-10, atol=1e-12)
    elif isinstance(theirs, pd.Series):
        pd.testing.assert_series_equal(ours, theirs, rtol=1e-10, atol=1e-12)
    else:
        assert ours == pytest.approx(theirs, rel=1e-10, abs=1e-12, nan_ok=True)


def assert_same_frame(ours, theirs):
    assert_same(ours.by_group, theirs.by_group)
    assert_same(ours.overall, theirs.overall)
    assert_same(ours.group_min(), theirs.group_min())
    assert_same(ours.group_max(), theirs.group_max())
    for method in METHODS:
        assert_same(ours.difference(method=method), theirs.difference(method=method))
        ratio = theirs.ratio(method=method)
        if isinstance(ratio, pd.DataFrame):
            ratio = ratio[ours.ratio(method=method).columns]
        assert_same(ours.ratio(method=method), ratio)
    assert ours.control_levels == theirs.control_levels
    assert ours.sensitive_levels == theirs.sensitive_levels


def both(ours, theirs, **arguments):
    return MetricFrame(metrics=ours, **arguments), fairlearn.MetricFrame(metrics=theirs, **arguments)


@settings(deadline=None, max_examples=15)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_sensitive=st.integers(1, 2),
    n_control=st.integers(0, 2),
    weighted=st.booleans(),
)
def test_a_dict_of_metrics_gives_what_fairlearn_gives(seed, n_sensitive, n_control, weighted):
    y, p, sensitive, control, w = draw_people(np.random.default_rng(seed), 60, n_sensitive, n_control)
    ours = {name: getattr(metrics, name) for name in SHARED} | FOREIGN
    theirs = {name: getattr(fairlearn, name) for name in SHARED} | FOREIGN
    params = {name: {"sample_weight": w} for name in ours if name != "count"} if weighted else None
    assert_same_frame(
        *both(
            ours,
            theirs,
            y_true=y,
            y_pred=p,
            sensitive_features=sensitive,
            control_features=control if n_control else None,
            sample_params=params,
        )
    )


@pytest.mark.parametrize("name", [*SHARED, *FOREIGN])
@pytest.mark.parametrize("n_control", [0, 1, 2])
def test_a_single_metric_gives_what_fairlearn_gives(name, n_control):
    y, p, sensitive, control, w = draw_people(np.random.default_rng(5), 80, 2, n_control)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Supplied 'func' had no __name__")
        frames = both(
            getattr(metrics, name, FOREIGN.get(name)),
            getattr(fairlearn, name, FOREIGN.get(name)),
            y_true=y,
            y_pred=p,
            sensitive_features=sensitive,
            control_features=control if n_control else None,
            sample_params={} if name == "count" else {"sample_weight": w},
        )
    assert_same_frame(*frames)


ODD = [9, 4, 4, 0, -1, 7, 3, 12]
LABELS = ["b", "a", "b", "a", "a", "b", "b", "a"]
CONTAINERS = {
    "list": LABELS,
    "list of numbers": [2, 1, 2, 1, 1, 2, 2, 1],
    "list of booleans": [True, False, True, False, False, True, True, False],
    "array": np.array(LABELS),
    "array of objects": np.array(LABELS, dtype=object),
    "array of small integers": np.array([2, 1, 2, 1, 1, 2, 2, 1], dtype=np.int8),
    "array of floats": np.array([0.5, -1, 0.5, -1, -1, 0.5, 0.5, -1]),
    "array of booleans": np.array([1, 0, 1, 0, 0, 1, 1, 0], dtype=bool),
    "column vector": np.array(LABELS)[:, np.newaxis],
    "named Series with an odd index": pd.Series(LABELS, index=ODD, name="sex"),
    "Series without a name": pd.Series(LABELS),
    "Series of categories": pd.Series(LABELS, name="sex").astype(pd.CategoricalDtype(["z", "b", "a"])),
    "Series of nullable integers": pd.Series([2, 1, 2, 1, 1, 2, 2, 1], dtype="Int64"),
    "Series of dates": pd.Series(pd.to_datetime(["2024-02-01", "2024-01-01"] * 4)),
    "2-D array": np.array([LABELS, [1, 1, 1, 1, 2, 2, 2, 2]], dtype=object).T,
    "DataFrame with an odd index": pd.DataFrame({"sex": LABELS, "age": [1, 1, 1, 1, 2, 2, 2, 2]}, index=ODD),
    "dict": {"sex": LABELS, "age": np.array([1, 1, 1, 1, 2, 2, 2, 2])},
}


@pytest.mark.filterwarnings("ignore::evenodds.metrics.UndefinedMetricWarning")
@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_groups_in_any_container_give_what_fairlearn_gives(container):
    y, p = [1, 0, 1, 1, 0, 1, 0, 0], pd.Series([1, 0, 0, 1, 1, 0, 0, 1], index=range(8))
    for group_by in ({"sensitive_features": container}, {"sensitive_features": LABELS, "control_features": container}):
        ours = {"count": metrics.count, "selected": metrics.selection_rate}
        theirs = {"count": fairlearn.count, "selected": fairlearn.selection_rate}
        frame, oracle = both(ours, theirs, y_true=y, y_pred=p, **group_by)
        assert_same(frame.by_group, oracle.by_group)
        assert_same(frame.overall, oracle.overall)


@pytest.mark.parametrize(
    "as_given",
    [list, tuple, np.array, pd.Series, lambda y: np.array(y, dtype=bool), lambda y: pd.DataFrame({"y": y})],
    ids=["list", "tuple", "array", "Series", "booleans", "DataFrame"],
)
def test_labels_and_decisions_in_any_container_give_the_same(as_given):
    y, p, group = [1, 0, 1, 1, 0, 0], [1, 0, 0, 1, 1, 0], ["a", "a", "a", "b", "b", "b"]
    functions = {"tpr": metrics.true_positive_rate, "accuracy": skm.accuracy_score}
    frame = MetricFrame(metrics=functions, y_true=as_given(y), y_pred=as_given(p), sensitive_features=group)
    expected = pd.DataFrame(
        {"tpr": [0.5, 1.0], "accuracy": [2 / 3, 2 / 3]}, index=pd.Index(["a", "b"], name="sensitive_feature_0")
    )
    pd.testing.assert_frame_equal(frame.by_group, expected)


def test_our_metrics_on_their_own_agree_with_the_same_metrics_called_group_by_group():
    y, p, sensitive, control, w = draw_people(np.random.default_rng(8))
    names = [name for name in metrics.__all__ if isinstance(getattr(metrics, name), type(metrics.accuracy))]
    assert len(names) == 9
    counted = {name: getattr(metrics, name) for name in names}
    called = {name: functools.partial(called_with, rate) for name, rate in counted.items()}
    arguments = {"y_true": y, "y_pred": p, "sensitive_features": sensitive, "control_features": control}
    params = {name: {"sample_weight": w} for name in names}
    assert_same_frame(
        MetricFrame(metrics=counted, sample_params=params, **arguments),
        MetricFrame(metrics=called, sample_params=params, **arguments),
    )


def test_each_metric_is_weighted_with_its_own_weights():
    y, p, group = [1, 0, 1, 0], [1, 1, 0, 0], ["a", "a", "b", "b"]
    frame = MetricFrame(
        metrics=dict.fromkeys(["plain", "first", "second"], metrics.selection_rate) | {"n": metrics.count},
        y_true=y,
        y_pred=p,
        sensitive_features=group,
        sample_params={"first": {"sample_weight": [1, 1, 2, 2]}, "second": {"sample_weight": np.array([3, 1, 0, 4])}},
    )
    assert frame.overall.to_dict() == {"plain": 0.5, "first": 1 / 3, "second": 0.5, "n": 4}


def test_a_rate_with_its_positive_label_fixed_is_that_rate():
    y, p, sensitive, _, w = draw_people(np.random.default_rng(2), 50, 1, 0)
    fixed = functools.partial(metrics.true_positive_rate, pos_label=0)
    arguments = {"y_true": y, "y_pred": p, "sensitive_features": sensitive}
    arguments["sample_params"] = {"m": {"sample_weight": w}}
    frame = MetricFrame(metrics={"m": fixed}, **arguments)
    tnr = MetricFrame(metrics={"m": metrics.true_negative_rate}, **arguments)
    assert_same_frame(frame, tnr)


def test_metrics_of_scores_and_numbers_are_called_with_what_was_given():
    rng = np.random.default_rng(0)
    y, score, group = rng.integers(0, 2, 60), rng.random(60), rng.choice(list("ab"), 60)
    functions = {"auc": skm.roc_auc_score, "mae": skm.mean_absolute_error}
    frame, oracle = both(
        functions | {"n": metrics.count},
        functions | {"n": fairlearn.count},
        y_true=y,
        y_pred=score,
        sensitive_features=group,
    )
    assert_same_frame(frame, oracle)


def test_labels_of_any_kind_reach_a_metric_that_can_read_them():
    y, p = ["yes", "no", "yes", "yes"], ["yes", "no", "no", "yes"]
    frame = MetricFrame(metrics=skm.accuracy_score, y_true=y, y_pred=p, sensitive_features=[1, 1, 2, 2])
    assert frame.by_group.to_dict() == {1: 1.0, 2: 0.5}


def test_predictions_with_a_row_per_person_reach_a_metric_that_can_read_them():
    y, p = [0, 1, 2, 0], np.eye(3)[[0, 1, 2, 1]] * 0.8 + 0.05
    log_loss = functools.partial(skm.log_loss, labels=[0, 1, 2])
    arguments = {"y_true": y, "y_pred": p / p.sum(1, keepdims=True), "sensitive_features": ["a", "b", "a", "b"]}
    frame = MetricFrame(metrics={"loss": log_loss}, **arguments)
    right, wrong = -np.log(0.85 / 0.95), -np.log(0.05 / 0.95)
    assert frame.by_group["loss"].to_dict() == pytest.approx({"a": right, "b": (right + wrong) / 2})


def test_other_parameters_are_split_along_with_the_people():
    def paid(y_true, y_pred, wage):
        return (y_pred * wage).sum()

    frame = MetricFrame(
        metrics=paid,
        y_true=[0, 0, 0],
        y_pred=[1, 0, 1],
        sensitive_features=["b", "a", "b"],
        sample_params={"wage": [10, 20, 30]},
    )
    assert frame.by_group.to_dict() == {"a": 0, "b": 40}
    assert frame.overall == 40


def test_a_metric_that_is_not_a_number_is_shown_but_not_compared():
    y, p, group = [1, 0, 1, 0], [1, 1, 0, 0], ["a", "a", "b", "b"]
    functions = {"matrix": skm.confusion_matrix, "accuracy": skm.accuracy_score}
    frame, oracle = both(functions, functions, y_true=y, y_pred=p, sensitive_features=group)
    np.testing.assert_array_equal(frame.by_group["matrix"]["a"], [[0, 1], [0, 1]])
    assert frame.by_group.dtypes.to_dict() == oracle.by_group.dtypes.to_dict()
    assert_same(frame.difference(), oracle.difference())
    assert_same(frame.group_min(errors="coerce"), oracle.group_min(errors="coerce"))
    for refuse in (frame.group_min, frame.group_max, lambda: frame.difference(errors="raise")):
        with pytest.raises(ValueError, match="not a number"):
            refuse()


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_and_names_of_groups_do_not_matter_and_whole_weights_are_repetitions(seed):
    rng = np.random.default_rng(seed)
    y, p, sensitive, _, _ = draw_people(rng, 40, 1, 0)
    group, order, times = sensitive["sex0"].to_numpy(), rng.permutation(len(y)), rng.integers(1, 4, len(y))
    rates = {name: getattr(metrics, name) for name in SHARED}
    frame = MetricFrame(metrics=rates, y_true=y, y_pred=p, sensitive_features=group)
    shuffled = MetricFrame(metrics=rates, y_true=y[order], y_pred=p[order], sensitive_features=group[order])
    assert_same_frame(shuffled, frame)

    renamed = MetricFrame(
        metrics=rates, y_true=y, y_pred=p, sensitive_features=pd.Series(group).map({"a": 7, "b": -2, "c": 0})
    )
    assert_same(renamed.by_group.loc[7].rename("a"), frame.by_group.loc["a"])
    assert_same(renamed.difference(), frame.difference())

    weighted = {name: rate for name, rate in rates.items() if name != "count"}
    params = {name: {"sample_weight": times} for name in weighted}
    assert_same_frame(
        MetricFrame(metrics=weighted, y_true=y, y_pred=p, sensitive_features=group, sample_params=params),
        MetricFrame(
            metrics=weighted,
            **{k: np.repeat(v, times) for k, v in {"y_true": y, "y_pred": p, "sensitive_features": group}.items()},
        ),
    )


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_comparisons_keep_their_bounds_and_overall_is_the_mix_of_groups(seed):
    y, p, sensitive, control, _ = draw_people(np.random.default_rng(seed), 40, 1, 1)
    functions = {"n": metrics.count, "accuracy": metrics.accuracy, "selected": metrics.selection_rate}
    frame = MetricFrame(metrics=functions, y_true=y, y_pred=p, sensitive_features=sensitive, control_features=control)
    for name in ("accuracy", "selected"):
        mix = (frame.by_group["n"] * frame.by_group[name]).groupby("region0").sum() / frame.overall["n"]
        np.testing.assert_allclose(mix, frame.overall[name])
    for method in METHODS:
        for value in (frame.difference(method)[["accuracy", "selected"]], frame.ratio(method)):
            assert ((value >= 0) & (value <= 1)).all(axis=None)
    assert (frame.difference("to_overall") <= frame.difference() + 1e-12)[["accuracy", "selected"]].all(axis=None)
    pd.testing.assert_frame_equal(frame.difference(), frame.group_max() - frame.group_min())


@pytest.mark.parametrize("n_groups", [63, 64, 65, 300, 20_000])
def test_many_groups_keep_their_own_people(n_groups):
    rng = np.random.default_rng(n_groups)
    people = pd.DataFrame({"group": np.arange(3 * n_groups) % n_groups, "y": rng.integers(0, 2, 3 * n_groups)})
    people["p"] = rng.integers(0, 2, 3 * n_groups)
    frame = MetricFrame(
        metrics={"base": metrics.base_rate, "selected": metrics.selection_rate, "n": metrics.count},
        y_true=people["y"],
        y_pred=people["p"],
        sensitive_features=people["group"],
    )
    expected = people.groupby("group").agg(base=("y", "mean"), selected=("p", "mean"), n=("p", "size"))
    pd.testing.assert_frame_equal(frame.by_group, expected.astype(float))


def test_with_one_group_there_is_no_difference():
    frame = MetricFrame(
        metrics=metrics.selection_rate, y_true=[0, 1, 1], y_pred=[1, 0, 1], sensitive_features=["a"] * 3
    )
    for method in METHODS:
        assert frame.difference(method) == 0.0
        assert frame.ratio(method) == 1.0


UNDEFINED = {
    "y_true": [1, 0, 1, 0, 0, 0],
    "y_pred": [1, 0, 0, 1, 0, 1],
    "sensitive_features": ["a", "a", "b", "b", "c", "c"],
}


@pytest.mark.parametrize("control", [None, ["x"] * 6])
def test_a_group_without_positives_has_no_true_positive_rate(control):
    with pytest.warns(UndefinedMetricWarning) as caught:
        frame = MetricFrame(
            metrics={"tpr": metrics.true_positive_rate, "fpr": metrics.false_positive_rate},
            control_features=control,
            **UNDEFINED,
        )
    name = "'c'" if control is None else "('x', 'c')"
    assert [str(warning.message) for warning in caught] == [
        f"true_positive_rate is undefined for group {name}: none of its 2 people has label 1"
    ]
    assert caught[0].filename == __file__
    assert frame.by_group["tpr"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(frame.by_group["tpr"].iloc[2])
    for compare, method in itertools.product([frame.difference, frame.ratio], METHODS):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = np.ravel(compare(method=method).to_numpy())
        assert np.isnan(result[0])
        assert not np.isnan(result[1])
    for value in (frame.group_min(), frame.group_max()):
        assert np.isnan(np.ravel(value.to_numpy())[0])
    assert np.ravel(frame.overall)[0] == 0.5


def test_every_group_without_a_rate_is_named():
    with pytest.warns(UndefinedMetricWarning) as caught:
        MetricFrame(
            metrics=metrics.true_positive_rate,
            y_true=[1, 0, 0, 0],
            y_pred=[1, 0, 1, 0],
            sensitive_features=[1, 2, 3, 3],
        )
    assert str(caught[0].message) == (
        "true_positive_rate is undefined for group 2: none of its 1 person has label 1; "
        "for group 3: none of its 2 people has label 1"
    )


def test_a_group_whose_weights_are_zero_has_no_rate():
    with pytest.warns(UndefinedMetricWarning, match="for group 'b': the weights of its 2 people sum to 0"):
        frame = MetricFrame(
            metrics=metrics.selection_rate,
            y_true=[1, 0, 1],
            y_pred=[1, 0, 1],
            sensitive_features=["a", "b", "b"],
            sample_params={"sample_weight": [1, 0, 0]},
        )
    assert np.isnan(frame.by_group["b"])
    assert np.isnan(frame.difference())


def test_a_metric_of_ones_own_that_is_nan_is_named_too():
    def undefined_for_one(y_true, y_pred):
        return np.nan if len(y_true) == 1 else 0.5

    with pytest.warns(UndefinedMetricWarning, match="^undefined_for_one is undefined for group 'b'"):
        frame = MetricFrame(
            metrics=undefined_for_one, y_true=[0, 1, 1], y_pred=[0, 1, 1], sensitive_features=["a", "a", "b"]
        )
    assert np.isnan(frame.difference())


EMPTY_CELL = {
    "y_true": [1, 0, 1, 0, 1, 0],
    "y_pred": [1, 0, 0, 0, 1, 1],
    "sensitive_features": {"sex": list("FFMMMM"), "age": ["old"] * 4 + ["young"] * 2},
}


def test_a_crossing_without_people_is_a_row_of_nan_that_comparisons_pass_over():
    functions = {"n": metrics.count, "selected": metrics.selection_rate, "accuracy": skm.accuracy_score}
    with pytest.warns(UndefinedMetricWarning) as caught:
        frame = MetricFrame(metrics=functions, **EMPTY_CELL)
    assert len(caught) == 1
    assert "nobody is in 1 of the 4 groups that the features cross into: ('F', 'young');" in str(caught[0].message)
    oracle = fairlearn.MetricFrame(metrics=functions | {"n": fairlearn.count}, **EMPTY_CELL)
    assert frame.by_group.loc[("F", "young")].isna().all()
    assert_same_frame(frame, oracle)


def test_a_control_group_without_some_group_still_compares_the_others():
    control, sensitive = EMPTY_CELL["sensitive_features"]["sex"], EMPTY_CELL["sensitive_features"]["age"]
    with pytest.warns(UndefinedMetricWarning, match=re.escape("('F', 'young')")):
        frame = MetricFrame(
            metrics={"selected": metrics.selection_rate},
            y_true=EMPTY_CELL["y_true"],
            y_pred=EMPTY_CELL["y_pred"],
            sensitive_features=sensitive,
            control_features={"sex": control},
        )
    assert frame.difference()["selected"].to_dict() == {"F": 0.0, "M": 1.0}


def test_a_control_crossing_without_people_is_nan_throughout():
    functions = {"n": metrics.count, "selected": metrics.selection_rate}
    arguments = {
        "y_true": EMPTY_CELL["y_true"],
        "y_pred": EMPTY_CELL["y_pred"],
        "sensitive_features": [1, 2, 1, 2, 1, 2],
        "control_features": EMPTY_CELL["sensitive_features"],
    }
    with pytest.warns(UndefinedMetricWarning, match="nobody is in 2 of the 8 groups"):
        frame = MetricFrame(metrics=functions, **arguments)
    oracle = fairlearn.MetricFrame(metrics={"n": fairlearn.count, "selected": fairlearn.selection_rate}, **arguments)
    assert frame.overall.loc[("F", "young")].isna().all()
    assert frame.difference().loc[("F", "young")].isna().all()
    with pytest.warns(
        UndefinedMetricWarning, match=re.escape("selected in control group ('M', 'old') is undefined (0/0)")
    ):
        assert_same_frame(frame, oracle)


@pytest.mark.parametrize("method", METHODS)
def test_a_ratio_of_nothing_to_nothing_is_nan_with_a_warning(method):
    frame = MetricFrame(
        metrics=metrics.selection_rate, y_true=[0, 1, 1], y_pred=[0, 0, 0], sensitive_features=["a", "b", "b"]
    )
    assert frame.difference(method) == 0
    with pytest.warns(UndefinedMetricWarning, match="ratio of selection_rate is undefined") as caught:
        assert np.isnan(frame.ratio(method))
    assert caught[0].filename == __file__


def test_a_ratio_of_nothing_to_something_is_zero_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = MetricFrame(
            metrics=metrics.selection_rate, y_true=[0, 1, 1], y_pred=[0, 1, 0], sensitive_features=["a", "b", "b"]
        )
        assert frame.ratio() == frame.ratio("to_overall") == 0


GOOD = {"metrics": metrics.accuracy, "y_true": [0, 1, 1], "y_pred": [0, 1, 0], "sensitive_features": ["a", "b", "b"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metrics": {}}, "metrics is empty"),
        ({"metrics": None}, "metrics holds None; a metric must be callable"),
        ({"metrics": {"a": "accuracy"}}, "metrics holds 'accuracy'; a metric must be callable"),
        ({"y_true": [0, 1, 3]}, "y_true holds 3 at position 2; labels must be 0 or 1"),
        ({"y_pred": [0, 1, 0.73]}, "y_pred holds 0.73 at position 2; decisions must be 0 or 1. Threshold"),
        ({"y_pred": [0, 1]}, "y_pred has 2 entries but y_true has 3"),
        ({"y_true": []}, "y_true is empty"),
        ({"sensitive_features": ["a", "b"]}, "sensitive_features 'sensitive_feature_0' has 2 entries but y_pred has 3"),
        ({"sensitive_features": ["a", None, "b"]}, "is missing at position 1; everyone needs a group label"),
        ({"control_features": [1, 2]}, "control_features 'control_feature_0' has 2 entries"),
        ({"control_features": pd.Series([1, 2, 2], name="sensitive_feature_0")}, "two features are called"),
        ({"sample_params": [1, 1, 1]}, "sample_params is [1, 1, 1]; it must be a dict"),
        ({"sample_params": {"weights": [1, 1, 1]}}, "sample_params gives 'accuracy' 'weights'; a rate takes only"),
        ({"sample_params": {"sample_weight": [1, 1]}}, "sample_weight has 2 entries"),
        ({"sample_params": {"sample_weight": [1, 1, -1]}}, "sample_weight holds -1.0 at position 2"),
        ({"sample_params": {"sample_weight": [0, 0, 0]}}, "sample_weight is zero for everyone"),
        ({"metrics": skm.accuracy_score, "sample_params": {"sample_weight": [1, 1, -1]}}, "sample_weight holds -1"),
        ({"metrics": metrics.count, "sample_params": {"sample_weight": [1, 1, 1]}}, "count counts people"),
        (
            {"metrics": {"m": metrics.accuracy}, "sample_params": {"sample_weight": [1, 1, 1]}},
            "sample_params names 'sample_weight', which is not one of the metrics ['m']",
        ),
        ({"metrics": {"m": metrics.accuracy}, "sample_params": {"m": [1, 1, 1]}}, "sample_params for 'm' is [1, 1, 1]"),
        (
            {
                "y_true": pd.Series([0, 1, 1], index=[0, 1, 2]),
                "sensitive_features": pd.Series(["a", "b", "b"], index=[2, 1, 0]),
            },
            "hold the same index labels in a different order",
        ),
        (
            {
                "y_true": pd.Series([0, 1, 1], index=[0, 1, 2]),
                "sample_params": {"sample_weight": pd.Series([1, 2, 3], index=[2, 1, 0])},
            },
            "sample_weight and y_true hold the same index labels in a different order",
        ),
        ({"n_boot": 10}, "n_boot is 10 and ci_quantiles is None; give both"),
        ({"ci_quantiles": [0.5]}, "n_boot is None and ci_quantiles is [0.5]; give both"),
        ({"n_boot": 0, "ci_quantiles": [0.5]}, "n_boot is 0; it must be an integer of at least 1"),
        ({"n_boot": 1.5, "ci_quantiles": [0.5]}, "n_boot is 1.5"),
        ({"n_boot": True, "ci_quantiles": [0.5]}, "n_boot is True"),
        ({"n_boot": 5, "ci_quantiles": [0.5, 1.0]}, "ci_quantiles holds 1.0 at position 1"),
        ({"n_boot": 5, "ci_quantiles": [2.5, 97.5]}, "ci_quantiles holds 2.5 at position 0"),
        ({"n_boot": 5, "ci_quantiles": ["0.5"]}, "ci_quantiles holds '0.5' at position 0"),
        ({"n_boot": 5, "ci_quantiles": [0.5], "random_state": "x"}, "random_state is 'x'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_refused_in_words(change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        MetricFrame(**(GOOD | change))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda frame: frame.difference(method="between"), "method is 'between'; it must be 'between_groups' or"),
        (lambda frame: frame.ratio(method=None), "method is None"),
        (lambda frame: frame.difference_ci(method="x"), "method is 'x'"),
        (lambda frame: frame.group_min(errors="ignore"), "errors is 'ignore'; it must be 'raise' or 'coerce'"),
        (lambda frame: frame.by_group_ci, "there are no resamples; give n_boot and ci_quantiles"),
        (lambda frame: frame.ratio_ci(), "there are no resamples"),
    ],
)
def test_bad_questions_are_refused_in_words(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call(MetricFrame(**GOOD))


@pytest.mark.filterwarnings("ignore::evenodds.metrics.UndefinedMetricWarning")
def test_the_inputs_are_left_as_they_were():
    y, p, w = np.array([0, 1, 1]), np.array([0, 1, 0]), np.array([1.0, 2, 3])
    group = pd.DataFrame({"g": ["a", "b", "b"]}, index=[5, 5, 1])
    before = y.copy(), p.copy(), w.copy(), group.copy()
    frame = MetricFrame(
        metrics={"m": metrics.accuracy, "s": skm.accuracy_score},
        y_true=y,
        y_pred=p,
        sensitive_features=group,
        sample_params={"m": {"sample_weight": w}, "s": {"sample_weight": w}},
        n_boot=3,
        ci_quantiles=[0.5],
    )
    assert len(frame.by_group_ci) == 1
    for old, new in zip(before[:3], (y, p, w), strict=True):
        np.testing.assert_array_equal(old, new)
    pd.testing.assert_frame_equal(before[3], group)
