"""The ten rates against boolean masks, scikit-learn, each other, and the fixture that every lesson uses."""

import functools
import inspect
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
from hypothesis import given, settings
from hypothesis import strategies as st

from evenodds import metrics
from evenodds.metrics import UndefinedMetricWarning, count

RATES = [
    "base_rate",
    "selection_rate",
    "accuracy",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
    "positive_predictive_value",
    "negative_predictive_value",
]

# Each rate is the weighted share of `hit` among `among`, both masks written down from its definition.
MASKS = {
    "base_rate": lambda y, p: (y == 1, y >= 0),
    "selection_rate": lambda y, p: (p == 1, y >= 0),
    "accuracy": lambda y, p: (p == y, y >= 0),
    "true_positive_rate": lambda y, p: (p == 1, y == 1),
    "false_positive_rate": lambda y, p: (p == 1, y == 0),
    "true_negative_rate": lambda y, p: (p == 0, y == 0),
    "false_negative_rate": lambda y, p: (p == 0, y == 1),
    "positive_predictive_value": lambda y, p: (y == 1, p == 1),
    "negative_predictive_value": lambda y, p: (y == 0, p == 0),
}

SKLEARN = {
    "accuracy": skm.accuracy_score,
    "true_positive_rate": skm.recall_score,
    "true_negative_rate": functools.partial(skm.recall_score, pos_label=0),
    "positive_predictive_value": skm.precision_score,
    "negative_predictive_value": functools.partial(skm.precision_score, pos_label=0),
}


def by_mask(name, y, p, w):
    hit, among = MASKS[name](y, p)
    return w[hit & among].sum() / w[among].sum()


@st.composite
def people(draw, min_size=1):
    """Labels, decisions and positive weights, with each of the four cells taken at least once."""
    n = draw(st.integers(min_size, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y, p = (np.concatenate([rng.integers(0, 2, n), cells]) for cells in ([0, 0, 1, 1], [0, 1, 0, 1]))
    return y, p, rng.uniform(0.1, 5, n + 4)


@pytest.mark.parametrize("name", RATES)
@settings(deadline=None, max_examples=40)
@given(data=people())
def test_a_rate_is_a_share_of_one_mask_in_another(name, data):
    y, p, w = data
    rate = getattr(metrics, name)
    assert rate(y, p) == pytest.approx(by_mask(name, y, p, np.ones(len(y))), abs=1e-12)
    assert rate(y, p, sample_weight=w) == pytest.approx(by_mask(name, y, p, w), abs=1e-12)


@pytest.mark.parametrize("name", SKLEARN)
@settings(deadline=None, max_examples=40)
@given(data=people())
def test_a_rate_agrees_with_scikit_learn(name, data):
    y, p, w = data
    assert getattr(metrics, name)(y, p, sample_weight=w) == pytest.approx(SKLEARN[name](y, p, sample_weight=w))


@pytest.mark.parametrize("name", RATES)
@settings(deadline=None, max_examples=40)
@given(data=people())
def test_counting_0_as_positive_is_swapping_labels_and_decisions(name, data):
    y, p, w = data
    rate = getattr(metrics, name)
    assert rate(y, p, sample_weight=w, pos_label=0) == pytest.approx(rate(1 - y, 1 - p, sample_weight=w))


@pytest.mark.parametrize("name", RATES)
@settings(deadline=None, max_examples=40)
@given(data=people(), seed=st.integers(0, 2**32 - 1))
def test_order_does_not_matter_and_whole_weights_are_repetitions(name, data, seed):
    y, p, _ = data
    rng = np.random.default_rng(seed)
    rate, order, times = getattr(metrics, name), rng.permutation(len(y)), rng.integers(1, 4, len(y))
    assert rate(y[order], p[order]) == pytest.approx(rate(y, p), abs=1e-12)
    assert rate(y, p, sample_weight=times) == pytest.approx(rate(np.repeat(y, times), np.repeat(p, times)))
    assert rate(y, p, sample_weight=1e-9 * times) == pytest.approx(rate(y, p, sample_weight=times))
    assert 0 <= rate(y, p) <= 1


@settings(deadline=None, max_examples=100)
@given(data=people())
def test_rates_keep_the_identities_between_them(data):
    y, p, w = data
    r = {name: getattr(metrics, name)(y, p, sample_weight=w) for name in RATES}
    base, tpr, fpr = r["base_rate"], r["true_positive_rate"], r["false_positive_rate"]
    assert r["false_negative_rate"] == pytest.approx(1 - tpr)
    assert r["true_negative_rate"] == pytest.approx(1 - fpr)
    assert r["selection_rate"] == pytest.approx(base * tpr + (1 - base) * fpr)
    assert r["accuracy"] == pytest.approx(base * tpr + (1 - base) * (1 - fpr))
    assert r["positive_predictive_value"] == pytest.approx(base * tpr / r["selection_rate"])
    assert r["negative_predictive_value"] == pytest.approx((1 - base) * (1 - fpr) / (1 - r["selection_rate"]))


Y = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0])
P = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0, 0])
PRIVILEGED = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=bool)


@pytest.mark.parametrize(
    ("name", "unprivileged", "privileged"),
    [
        ("base_rate", 2 / 6, 3 / 4),
        ("selection_rate", 1 / 6, 3 / 4),
        ("accuracy", 5 / 6, 2 / 4),
        ("true_positive_rate", 1 / 2, 2 / 3),
        ("false_positive_rate", 0, 1),
        ("true_negative_rate", 1, 0),
        ("false_negative_rate", 1 / 2, 1 / 3),
        ("positive_predictive_value", 1, 2 / 3),
        ("negative_predictive_value", 4 / 5, 0),
    ],
)
def test_the_pencil_fixture(name, unprivileged, privileged):
    rate = getattr(metrics, name)
    assert rate(Y[~PRIVILEGED], P[~PRIVILEGED]) == pytest.approx(unprivileged)
    assert rate(Y[PRIVILEGED], P[PRIVILEGED]) == pytest.approx(privileged)


@pytest.mark.parametrize(
    ("name", "y", "p", "missing"),
    [
        ("true_positive_rate", [0, 0, 0], [0, 1, 0], "none of its 3 people has label 1"),
        ("false_negative_rate", [0], [0], "none of its 1 person has label 1"),
        ("false_positive_rate", [1, 1], [0, 1], "none of its 2 people has label 0"),
        ("true_negative_rate", [1, 1], [0, 1], "none of its 2 people has label 0"),
        ("positive_predictive_value", [0, 1], [0, 0], "none of its 2 people has decision 1"),
        ("negative_predictive_value", [0, 1], [1, 1], "none of its 2 people has decision 0"),
    ],
)
def test_an_empty_denominator_is_nan_and_says_what_is_missing(name, y, p, missing):
    with pytest.warns(UndefinedMetricWarning, match=f"^{name} is undefined: {missing}$") as caught:
        assert np.isnan(getattr(metrics, name)(y, p))
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_with_0_as_positive_the_warning_speaks_of_label_0():
    with pytest.warns(UndefinedMetricWarning, match="none of its 2 people has label 0"):
        metrics.true_positive_rate([1, 1], [1, 0], pos_label=0)


def test_people_of_weight_zero_do_not_define_a_rate():
    with pytest.warns(UndefinedMetricWarning, match="the weights of its 2 people with label 1 sum to 0"):
        assert np.isnan(metrics.true_positive_rate([1, 1, 0], [1, 0, 0], sample_weight=[0, 0, 3]))


def test_defined_rates_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert metrics.selection_rate([0], [0]) == 0
        assert metrics.true_positive_rate([1], [0]) == 0


def test_count_is_the_number_of_people_whatever_was_predicted():
    assert count([0, 1, 1], [0.2, 0.9, 0.4]) == 3
    assert type(count([2.5], [np.nan])) is int


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.accuracy([0, 2], [0, 1]), "y_true holds 2 at position 1; labels must be 0 or 1"),
        (lambda: metrics.accuracy([0, 1], [0, 0.5]), "y_pred holds 0.5 at position 1; decisions must be 0 or 1"),
        (lambda: metrics.selection_rate([0, 2], [0, 1]), "y_true holds 2"),
        (lambda: metrics.base_rate([0, 1], [0, 0.5]), "y_pred holds 0.5"),
        (lambda: metrics.accuracy([0, 1], [0]), "y_pred has 1 entries but y_true has 2"),
        (lambda: metrics.accuracy([0, 1], [0, 1], sample_weight=[1]), "sample_weight has 1 entries"),
        (lambda: metrics.accuracy([0, 1], [0, 1], sample_weight=[1, -1]), "sample_weight holds -1.0 at position 1"),
        (lambda: metrics.accuracy([0, 1], [0, 1], pos_label=2), "pos_label is 2; it must be 0 or 1"),
        (lambda: metrics.accuracy([], []), "y_true is empty"),
        (lambda: count([], []), "is empty"),
        (lambda: count([1], [1, 0]), "y_pred has 2 entries but y_true has 1"),
        (
            lambda: metrics.accuracy(pd.Series([0, 1], index=["a", "b"]), pd.Series([0, 1], index=["b", "a"])),
            "same index labels in a different order",
        ),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("name", RATES)
def test_a_rate_looks_and_travels_like_a_function(name):
    rate = getattr(metrics, name)
    assert rate.__name__ == name
    assert list(inspect.signature(rate).parameters) == ["y_true", "y_pred", "sample_weight", "pos_label"]
    assert "Examples" in rate.__doc__
    assert pickle.loads(pickle.dumps(rate)) is rate
    assert isinstance(rate([1, 0], [1, 0]), float)


def test_importing_the_metrics_brings_only_numpy_and_pandas():
    heavy = {"sklearn", "scipy", "matplotlib", "IPython", "ipywidgets", "fairlearn"}
    code = f"import sys, numpy, pandas; before = {{*sys.modules}}; import evenodds.metrics; \
print(sorted({heavy!r} & {{name.partition('.')[0] for name in {{*sys.modules}} - before}}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_everything_public_has_an_example():
    assert [name for name in metrics.__all__ if ">>>" not in (getattr(metrics, name).__doc__ or "")] == [
        "UndefinedMetricWarning"
    ]
