"""`expected_rates` against `MetricFrame` on decisions, and against the mean of many draws."""

import warnings

import numpy as np
import pandas as pd
import pytest

from evenodds.metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    accuracy,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from evenodds.postprocessing import ThresholdOptimizer, expected_rates

METRICS = {m.__name__: m for m in (selection_rate, true_positive_rate, false_positive_rate, accuracy)}


def sampled(seed, n=90):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, n), rng.random(n).round(1), rng.integers(0, 3, n), rng.integers(1, 4, n)


@pytest.mark.parametrize("seed", range(5))
def test_for_decisions_the_rates_are_metric_frames(seed):
    y, q, g, w = sampled(seed)
    decisions = (q > 0.5).astype(int)
    features = pd.DataFrame({"race": g, "sex": np.where(np.arange(len(g)) % 2, "F", "M")})
    ours = expected_rates(y, decisions, sensitive_features=features, sample_weight=w)
    frame = MetricFrame(
        metrics=METRICS,
        y_true=y,
        y_pred=decisions,
        sensitive_features=features,
        sample_params={name: {"sample_weight": w} for name in METRICS},
    )
    pd.testing.assert_frame_equal(ours, frame.by_group[[*METRICS]].astype(float))


@pytest.mark.parametrize("seed", range(3))
def test_they_are_the_mean_rates_of_draws_and_repetition_is_weight(seed):
    y, s, g, w = sampled(seed)
    rule = ThresholdOptimizer(constraints="true_positive_rate_parity").fit(s, y, sensitive_features=g, sample_weight=w)
    q = rule.predict_proba(s, sensitive_features=g)[:, 1]
    rates = expected_rates(y, q, sensitive_features=g, sample_weight=w)
    assert np.ptp(rates["true_positive_rate"]) < 1e-12
    many = np.repeat(np.arange(len(y)), w)
    repeated = expected_rates(y[many], q[many], sensitive_features=g[many])
    pd.testing.assert_frame_equal(rates, repeated)
    draws = [rule.predict(s, sensitive_features=g, random_state=seed) for seed in range(1500)]
    tables = [expected_rates(y, d, sensitive_features=g, sample_weight=w).to_numpy() for d in draws]
    assert np.mean(tables, axis=0) == pytest.approx(rates.to_numpy(), abs=0.02)


def test_an_undefined_rate_is_nan_and_said_aloud():
    with pytest.warns(UndefinedMetricWarning, match="true_positive_rate is undefined for group 'b'"):
        rates = expected_rates([0, 1, 0], [0.2, 0.4, 0.6], sensitive_features=list("aab"))
    assert rates.isna().sum().sum() == 1
    assert rates.loc["b"].drop("true_positive_rate").to_list() == pytest.approx([0.6, 0.6, 0.4])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected_rates([0, 1], [0.2, 0.4], sensitive_features=["a", "a"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"y_proba": [0.5, 1.5]}, "y_proba holds 1.5 at position 1"),
        ({"y_proba": [0.5, np.nan]}, "y_proba is missing"),
        ({"y_true": [0, 2]}, "y_true holds 2"),
        ({"sensitive_features": ["a", None]}, "missing at position 1"),
        ({"sensitive_features": ["a"]}, "entries"),
    ],
)
def test_what_cannot_be_understood_is_refused(changes, message):
    given = {"y_true": [0, 1], "y_proba": [0.5, 0.5], "sensitive_features": ["a", "b"]}
    with pytest.raises(ValueError, match=message):
        expected_rates(**given | changes)
