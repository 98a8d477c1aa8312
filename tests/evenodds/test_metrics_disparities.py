"""The named disparities against Fairlearn, AIF360 and the pencil fixture."""

import functools
import inspect
import re
import warnings

import fairlearn.metrics as fairlearn
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenodds import metrics
from evenodds.metrics import UndefinedMetricWarning

UNSIGNED = [
    f"{family}_{kind}"
    for family in ("demographic_parity", "equal_opportunity", "equalized_odds", "predictive_parity")
    for kind in ("difference", "ratio")
]
SIGNED = [
    "statistical_parity_difference",
    "disparate_impact",
    "true_positive_rate_difference",
    "average_odds_difference",
    "average_absolute_odds_difference",
]


@st.composite
def people(draw, labels="abc"):
    """Labels, decisions, groups and weights; every group holds each label with each decision."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(0, 60))
    cells = [(y, p, g) for y in (0, 1) for p in (0, 1) for g in labels]
    rows = cells + [cells[i] for i in rng.integers(len(cells), size=n)]
    y, p, group = zip(*(rows[i] for i in rng.permutation(len(rows))), strict=True)
    return np.array(y), np.array(p), np.array(group), rng.uniform(0.1, 4, len(rows))


METHODS = st.sampled_from(["between_groups", "to_overall"])


@pytest.mark.parametrize("name", [name for name in UNSIGNED if "predictive" not in name])
@settings(deadline=None, max_examples=25)
@given(data=people(), method=METHODS, weighted=st.booleans(), agg=st.sampled_from(["worst_case", "mean"]))
def test_an_unsigned_disparity_is_fairlearns(name, data, method, weighted, agg):
    y, p, group, w = data
    options = {"method": method, "sample_weight": w if weighted else None}
    if "odds" in name:
        options["agg"] = agg
    ours = getattr(metrics, name)(y, p, sensitive_features=group, **options)
    assert ours == pytest.approx(getattr(fairlearn, name)(y, p, sensitive_features=group, **options))


@settings(deadline=None, max_examples=25)
@given(data=people(), method=METHODS)
def test_predictive_parity_compares_precision(data, method):
    y, p, group, w = data
    precision = {g: w[(y == 1) & (p == 1) & (group == g)].sum() / w[(p == 1) & (group == g)].sum() for g in "abc"}
    everyone = w[(y == 1) & (p == 1)].sum() / w[p == 1].sum()
    values = np.array(list(precision.values()))
    expected = {
        "between_groups": (values.max() - values.min(), values.min() / values.max()),
        "to_overall": (np.abs(values - everyone).max(), np.minimum(values / everyone, everyone / values).min()),
    }[method]
    options = {"sensitive_features": group, "method": method, "sample_weight": w}
    assert metrics.predictive_parity_difference(y, p, **options) == pytest.approx(expected[0])
    assert metrics.predictive_parity_ratio(y, p, **options) == pytest.approx(expected[1])


@functools.cache
def aif360_metric():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from aif360.datasets import BinaryLabelDataset
        from aif360.metrics import ClassificationMetric

    def measure(y, p, is_privileged, w):
        truth, decided = (
            BinaryLabelDataset(
                df=pd.DataFrame({"a": is_privileged.astype(float), "y": values.astype(float), "w": w}),
                label_names=["y"],
                protected_attribute_names=["a"],
                instance_weights_name="w",
            )
            for values in (y, p)
        )
        return ClassificationMetric(truth, decided, unprivileged_groups=[{"a": 0}], privileged_groups=[{"a": 1}])

    return measure


@settings(deadline=None, max_examples=25)
@given(data=people(), privileged=st.sampled_from("abc"))
def test_a_signed_disparity_is_aif360s(data, privileged):
    y, p, group, w = data
    oracle = aif360_metric()(y, p, group == privileged, w)
    expected = {
        "statistical_parity_difference": oracle.statistical_parity_difference(),
        "disparate_impact": oracle.disparate_impact(),
        "true_positive_rate_difference": oracle.equal_opportunity_difference(),
        "average_odds_difference": oracle.average_odds_difference(),
        "average_absolute_odds_difference": oracle.average_abs_odds_difference(),
    }
    for name, value in expected.items():
        ours = getattr(metrics, name)(y, p, sensitive_features=group, privileged=privileged, sample_weight=w)
        assert ours == pytest.approx(value), name


Y = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
P = [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
A = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("demographic_parity_difference", {}, 7 / 12),
        ("demographic_parity_ratio", {}, 2 / 9),
        ("equal_opportunity_difference", {}, 1 / 6),
        ("equal_opportunity_ratio", {}, 3 / 4),
        ("equalized_odds_difference", {}, 1),
        ("equalized_odds_difference", {"agg": "mean"}, 7 / 12),
        ("equalized_odds_ratio", {}, 0),
        ("equalized_odds_ratio", {"agg": "mean"}, 3 / 8),
        ("predictive_parity_difference", {}, 1 / 3),
        ("predictive_parity_ratio", {}, 2 / 3),
        ("statistical_parity_difference", {"privileged": 1}, -7 / 12),
        ("disparate_impact", {"privileged": 1}, 2 / 9),
        ("true_positive_rate_difference", {"privileged": 1}, -1 / 6),
        ("average_odds_difference", {"privileged": 1}, -7 / 12),
        ("average_absolute_odds_difference", {"privileged": 1}, 7 / 12),
        ("statistical_parity_difference", {"privileged": 0}, 7 / 12),
        ("disparate_impact", {"privileged": 0}, 9 / 2),
        ("true_positive_rate_difference", {"privileged": 0}, 1 / 6),
        ("average_odds_difference", {"privileged": 0}, 7 / 12),
        ("average_absolute_odds_difference", {"privileged": 0}, 7 / 12),
    ],
)
def test_the_pencil_fixture(name, options, expected):
    result = getattr(metrics, name)(Y, P, sensitive_features=A, **options)
    assert result == pytest.approx(expected)
    assert type(result) is float


def test_opposite_gaps_cancel_in_the_average_but_not_in_the_absolute_one():
    y = [1] * 20 + [0] * 20
    group = (["u"] * 10 + ["p"] * 10) * 2
    p = [1] * 5 + [0] * 5 + [1] * 7 + [0] * 3 + [1] * 4 + [0] * 6 + [1] * 2 + [0] * 8
    options = {"sensitive_features": group, "privileged": "p"}
    assert metrics.average_odds_difference(y, p, **options) == pytest.approx(0)
    assert metrics.average_absolute_odds_difference(y, p, **options) == pytest.approx(0.2)


def test_three_groups_are_all_compared_and_all_but_the_privileged_are_pooled():
    p = [1] * 2 + [0] * 8 + [1] * 5 + [0] * 5 + [1] * 18 + [0] * 2
    group = ["a"] * 10 + ["b"] * 10 + ["c"] * 20
    assert metrics.demographic_parity_difference(p, p, sensitive_features=group) == pytest.approx(0.7)
    assert metrics.demographic_parity_ratio(p, p, sensitive_features=group) == pytest.approx(2 / 9)
    signed = metrics.statistical_parity_difference(p, p, sensitive_features=group, privileged="b")
    assert signed == pytest.approx(20 / 30 - 5 / 10)


@pytest.mark.parametrize("name", SIGNED)
@settings(deadline=None, max_examples=15)
@given(data=people(labels="ab"))
def test_swapping_the_privileged_group_turns_the_sign(name, data):
    y, p, group, w = data
    disparity = functools.partial(getattr(metrics, name), y, p, sensitive_features=group, sample_weight=w)
    one, other = disparity(privileged="a"), disparity(privileged="b")
    turned = {"disparate_impact": 1 / other, "average_absolute_odds_difference": other}.get(name, -other)
    assert one == pytest.approx(turned)


@pytest.mark.parametrize("name", SIGNED)
def test_a_crossing_of_features_can_be_privileged(name):
    rng = np.random.default_rng(4)
    y, p = rng.integers(0, 2, 200), rng.integers(0, 2, 200)
    features = pd.DataFrame({"sex": rng.choice(list("FM"), 200), "age": rng.choice([30, 60], 200)})
    joined = features["sex"] + features["age"].astype(str)
    disparity = getattr(metrics, name)
    crossed = disparity(y, p, sensitive_features=features, privileged=("M", 60))
    assert crossed == disparity(y, p, sensitive_features=joined.rename("group"), privileged="M60")


@pytest.mark.parametrize("name", SIGNED)
def test_an_unknown_privileged_group_is_refused_with_a_list_of_the_groups(name):
    with pytest.raises(ValueError, match="privileged is 'x', which is not one of the groups: 'a', 'b'"):
        getattr(metrics, name)([0, 1], [0, 1], sensitive_features=["b", "a"], privileged="x")
    with pytest.raises(TypeError, match="privileged"):
        getattr(metrics, name)([0, 1], [0, 1], sensitive_features=["b", "a"])


@pytest.mark.parametrize("name", UNSIGNED)
def test_identical_groups_have_no_disparity_and_one_group_neither(name):
    for group in (["a"] * 4 + ["b"] * 4, ["a"] * 8):
        result = getattr(metrics, name)([0, 0, 1, 1] * 2, [0, 1, 0, 1] * 2, sensitive_features=group)
        assert result == (1.0 if name.endswith("ratio") else 0.0)


@pytest.mark.parametrize(
    ("name", "y", "p", "message"),
    [
        ("equal_opportunity_difference", [0, 0, 1], [0, 1, 1], "true_positive_rate is undefined for group 'a'"),
        ("equal_opportunity_ratio", [0, 0, 1], [0, 1, 1], "none of its 2 people has label 1"),
        ("equalized_odds_difference", [0, 1, 1], [0, 1, 1], "false_positive_rate is undefined for group 'b'"),
        ("equalized_odds_ratio", [0, 1, 1], [0, 1, 1], "none of its 1 person has label 0"),
        ("predictive_parity_difference", [0, 1, 1], [0, 0, 1], "positive_predictive_value is undefined for group 'a'"),
        ("demographic_parity_ratio", [0, 1, 1], [0, 0, 0], "ratio of selection_rate is undefined (0/0)"),
    ],
)
def test_a_disparity_over_an_undefined_rate_is_nan_with_a_warning(name, y, p, message):
    with pytest.warns(UndefinedMetricWarning, match=re.escape(message)) as caught:
        assert np.isnan(getattr(metrics, name)(y, p, sensitive_features=["a", "a", "b"]))
    assert {warning.filename for warning in caught} == {__file__}


def test_a_perfect_prediction_has_no_equalized_odds_ratio():
    y, group = [0, 1, 0, 1], ["a", "a", "b", "b"]
    for agg in ("worst_case", "mean"):
        with pytest.warns(UndefinedMetricWarning, match="ratio of false_positive_rate is undefined"):
            assert np.isnan(metrics.equalized_odds_ratio(y, y, sensitive_features=group, agg=agg))
        assert metrics.equalized_odds_difference(y, y, sensitive_features=group, agg=agg) == 0


def test_a_perfect_prediction_is_not_blamed_for_a_group_without_positives():
    y, group = [0, 1, 0, 0], ["a", "a", "b", "b"]
    with pytest.warns(UndefinedMetricWarning, match="for group 'b': none of its 2 people has label 1"):
        assert np.isnan(metrics.equal_opportunity_difference(y, y, sensitive_features=group))


@pytest.mark.parametrize(
    ("name", "y", "p", "message"),
    [
        (
            "true_positive_rate_difference",
            [0, 0, 1],
            [0, 1, 1],
            "true_positive_rate is undefined for the privileged group 'a': none of its 2 people has label 1",
        ),
        (
            "average_odds_difference",
            [0, 1, 1],
            [0, 1, 1],
            "false_positive_rate is undefined for everyone outside the privileged group 'a': none of its 1 person",
        ),
        ("average_absolute_odds_difference", [0, 1, 1], [0, 1, 1], "none of its 1 person has label 0"),
        ("disparate_impact", [0, 1, 1], [0, 0, 0], "disparate_impact is undefined (0/0)"),
    ],
)
def test_a_signed_disparity_over_an_undefined_rate_is_nan_with_a_warning(name, y, p, message):
    with pytest.warns(UndefinedMetricWarning, match=re.escape(message)) as caught:
        assert np.isnan(getattr(metrics, name)(y, p, sensitive_features=["a", "a", "b"], privileged="a"))
    assert {warning.filename for warning in caught} == {__file__}


@pytest.mark.parametrize("name", SIGNED)
def test_with_nobody_outside_the_privileged_group_there_is_nothing_to_compare(name):
    with pytest.warns(UndefinedMetricWarning, match="everyone outside the privileged group 'a': there are no people"):
        assert np.isnan(getattr(metrics, name)([0, 1], [1, 0], sensitive_features=["a", "a"], privileged="a"))


def test_a_selection_only_outside_the_privileged_group_is_an_infinite_impact():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        impact = metrics.disparate_impact([0, 1], [0, 1], sensitive_features=["a", "b"], privileged="a")
    assert impact == np.inf


@pytest.mark.parametrize("name", UNSIGNED + SIGNED)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_true": [0, 1, 2]}, "y_true holds 2 at position 2"),
        ({"y_pred": [0, 1, 0.4]}, "y_pred holds 0.4 at position 2"),
        ({"y_pred": [0, 1]}, "y_pred has 2 entries"),
        ({"sensitive_features": ["a", None, "b"]}, "is missing at position 1"),
        ({"sensitive_features": ["a", "b"]}, "has 2 entries"),
        ({"sample_weight": [1, -1, 1]}, "holds -1.0 at position 1"),
        ({"sample_weight": [0, 0, 0]}, "is zero for everyone"),
    ],
    ids=str,
)
def test_bad_input_is_refused_in_words(name, change, message):
    arguments = {"y_true": [0, 1, 1], "y_pred": [0, 1, 0], "sensitive_features": ["a", "b", "b"]}
    if name in SIGNED:
        arguments["privileged"] = "b"
    with pytest.raises(ValueError, match=message):
        getattr(metrics, name)(**(arguments | change))


@pytest.mark.parametrize("name", UNSIGNED)
def test_unknown_ways_to_compare_are_refused(name):
    arguments = {"y_true": [0, 1], "y_pred": [0, 1], "sensitive_features": ["a", "b"]}
    disparity = getattr(metrics, name)
    with (
        warnings.catch_warnings(action="ignore", category=UndefinedMetricWarning),
        pytest.raises(ValueError, match="method is 'max'"),
    ):
        disparity(**arguments, method="max")
    if "odds" in name:
        with pytest.raises(ValueError, match="agg is 'max'; it must be 'worst_case' or 'mean'"):
            disparity(**arguments, agg="max")


@pytest.mark.parametrize("name", [name for name in UNSIGNED if "predictive" not in name])
def test_the_signature_is_fairlearns(name):
    ours, theirs = (inspect.signature(getattr(module, name)).parameters for module in (metrics, fairlearn))
    assert [(p.name, p.kind, p.default) for p in ours.values()] == [
        (p.name, p.kind, p.default) for p in theirs.values()
    ]
