"""Step 3: every quantity in every group, with counts and intervals, and a fingerprint of the data."""

from __future__ import annotations

import hashlib
import json
import platform
import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenodds._validation import check_binary, check_column, check_groups, check_scores, split_features
from evenodds.audit.harms import Metric
from evenodds.audit.record import Comparison, Estimate, GroupRow, Measurement, View
from evenodds.calibration import expected_calibration_error
from evenodds.metrics import (
    MetricFrame,
    UndefinedMetricWarning,
    accuracy,
    base_rate,
    false_positive_rate,
    positive_predictive_value,
    selection_rate,
    true_positive_rate,
)
from evenodds.metrics.counts import cell_codes, count_table
from evenodds.metrics.rates import Rate
from evenodds.uncertainty import wilson_interval
from evenodds.uncertainty.intervals import check_share

Batch = tuple[Mapping[str, Callable[..., Any]], NDArray[Any]]

RATES = {
    "base_rate": base_rate,
    "selection_rate": selection_rate,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "positive_predictive_value": positive_predictive_value,
    "accuracy": accuracy,
}


def measure_groups(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sensitive_features: Any,
    metric: Metric,
    data: str,
    y_score: ArrayLike | None = None,
    covered: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    confidence: float = 0.95,
    n_boot: int = 1000,
    seed: int = 0,
) -> Measurement:
    """Measure the usual rates, and what `metric` compares, in every group.

    With several sensitive features, people are split by each of them and by all of them crossed.

    Parameters
    ----------
    y_true, y_pred : array-like of 0 and 1, shape (n,)
        Labels and decisions.
    sensitive_features : array-like, DataFrame or dict
        The groups.
    metric : Metric
        Which quantities to compare between the groups.
    data : str
        Which people these are, and that the model has not been trained on them.
    y_score : array-like, shape (n,), optional
        Scores between 0 and 1; needed for calibration.
    covered : array-like of 0 and 1, shape (n,), optional
        Whether each person's prediction set holds the truth; needed for coverage.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.
    confidence : float
        Level of the intervals.
    n_boot : int
        Number of bootstrap resamples.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Measurement
        Intervals of rates are Wilson's; those of differences, of calibration errors and of everything weighted are
        percentiles of the bootstrap. The interval of the difference between the extreme groups never reaches below
        0, so it cannot show that there is none.
    """
    if metric is Metric.CALIBRATION and y_score is None:
        raise ValueError("y_score is missing; calibration within groups needs everyone's score between 0 and 1")
    if metric is Metric.COVERAGE_PARITY and covered is None:
        raise ValueError(
            "covered is missing; coverage parity needs, for everyone, whether their prediction set holds the truth"
        )
    features = split_features(sensitive_features)
    batches: list[Batch] = [(RATES, check_binary(y_pred, "y_pred", "decisions"))]
    if covered is not None:
        batches.append(({"coverage": selection_rate}, check_binary(covered, "covered")))
    if y_score is not None:
        batches.append(({"expected_calibration_error": expected_calibration_error}, check_scores(y_score)))
    tail = (1 - check_share(confidence, "confidence", "0.95")) / 2
    if not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed is {seed!r}; it must be a whole number of at least 0, so that the record can repeat it")
    bootstrap = {"n_boot": n_boot, "ci_quantiles": [tail, 1 - tail], "random_state": seed}

    def tables(columns: dict[str, Any]) -> list[_Table]:
        return [_Table(*batch, y_true, columns, sample_weight, confidence, bootstrap) for batch in batches]

    def view(columns: dict[str, Any]) -> View:
        measured = tables(columns)
        compared = [t.compare(quantity) for quantity in metric.compares for t in measured if quantity in t.metrics]
        return View([*columns], _merge([table.rows() for table in measured]), compared)

    splits = [{name: column} for name, column in features.items()] + ([features] if len(features) > 1 else [])
    views = [view(columns) for columns in splits]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        people = np.zeros(len(check_column(y_true, "y_true")), dtype=np.uint8)
        (everyone,) = _merge([table.rows() for table in tables({"everyone": people})])
    given = {"y_true": y_true, "y_pred": y_pred, "y_score": y_score, "covered": covered, "sample_weight": sample_weight}
    return Measurement(
        data=data,
        data_sha256=fingerprint(features, **{name: column for name, column in given.items() if column is not None}),
        people=everyone.count,
        confidence=confidence,
        n_boot=n_boot,
        seed=seed,
        versions={"python": platform.python_version()} | {p: version(p) for p in ("even-odds", "numpy", "pandas")},
        overall=everyone.estimates,
        views=views,
    )


def fingerprint(sensitive_features: Any, **columns: Any) -> str:
    """Return the sha256 of the data, by which a reader can tell that theirs are the same.

    Hashed are, in order of their names: each column of numbers as its name and little-endian float64, then each
    sensitive feature as its name, its sorted labels in JSON and everyone's position among them as little-endian int64.
    So the container does not matter, and any change of a value, a name or the order of people does.

    Examples
    --------
    >>> fingerprint({"sex": ["F", "M"]}, y_true=[0, 1])[:12]
    '3dc1cdd448e3'
    """
    digest = hashlib.sha256()
    for name in sorted(columns):
        digest.update(name.encode() + b"\0" + check_column(columns[name], name).astype("<f8").tobytes())
    features = split_features(sensitive_features)
    for name in sorted(features):
        groups = check_groups({name: features[name]})
        labels = json.dumps([str(label) for label in groups.index])
        digest.update(name.encode() + b"\0" + labels.encode() + b"\0" + groups.codes.astype("<i8").tobytes())
    return digest.hexdigest()


class _Table:
    """Some quantities of the same predictions, in every group of a view."""

    def __init__(
        self,
        metrics: Mapping[str, Callable[..., Any]],
        predictions: NDArray[Any],
        y_true: Any,
        columns: dict[str, Any],
        weights: Any,
        confidence: float,
        bootstrap: dict[str, Any],
    ) -> None:
        labels = check_binary(y_true, "y_true")
        self.metrics, self.weighted, self.confidence = dict(metrics), weights is not None, confidence
        self.groups = check_groups(columns)
        self.people = {"y_true": y_true, "y_pred": predictions, "sensitive_features": columns}
        self.options = {"sample_params": {name: {"sample_weight": weights} for name in metrics}} | bootstrap
        self.frame = self._frame(self.metrics)
        decisions = predictions if predictions.dtype == np.uint8 else np.zeros_like(labels)
        self.counts = count_table(cell_codes(self.groups.codes, labels, decisions), self.groups.n_groups)

    def _frame(self, metrics: dict[str, Any]) -> MetricFrame:
        params = {name: self.options["sample_params"][name] for name in metrics}
        return MetricFrame(metrics=metrics, **self.people, **(self.options | {"sample_params": params}))

    def rows(self) -> list[GroupRow]:
        """Return every group with its quantities, in the order of their labels."""
        values = self.frame.by_group
        estimates: list[dict[str, Estimate]] = [{} for _ in values.index]
        for name, metric in self.metrics.items():
            among = self.counts[:, metric.among].sum(axis=1) if isinstance(metric, Rate) else self.counts.sum(axis=1)
            low, high = self._ends(name, among)
            for i, value in enumerate(values[name]):
                estimates[i][name] = _estimate(value, low[i], high[i], among[i])
        return [
            GroupRow(_label(self.groups.label(i)), int(size), estimates[i]) for i, size in enumerate(self.groups.sizes)
        ]

    def _ends(self, name: str, among: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the intervals of every group; nan where nobody is counted, of which `MetricFrame` has warned."""
        metric = self.metrics[name]
        if self.weighted or not isinstance(metric, Rate):
            low, high = self.frame.by_group_ci
            return low[name].to_numpy(), high[name].to_numpy()
        hits = self.counts[:, metric.of].sum(axis=1)
        low, high = wilson_interval(hits, np.maximum(among, 1), confidence=self.confidence)
        return np.where(among > 0, low, np.nan), np.where(among > 0, high, np.nan)

    def compare(self, quantity: str) -> Comparison:
        """Return how far apart the groups are, with the names of those furthest apart."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)
            alone = self._frame({quantity: self.metrics[quantity]})
        by_group, difference = alone.by_group[quantity].to_numpy(), alone.difference()[quantity]
        low, high = (end[quantity] for end in alone.difference_ci())
        lowest = highest = "undefined"
        if np.isfinite(difference):
            lowest = _label(self.groups.label(int(np.nanargmin(by_group))))
            highest = _label(self.groups.label(int(np.nanargmax(by_group))))
        estimate = _estimate(difference, low, high, self.groups.sizes.sum())
        return Comparison(quantity, estimate, _or_none(alone.ratio()[quantity]), lowest, highest)


def _merge(tables: list[list[GroupRow]]) -> list[GroupRow]:
    return [
        GroupRow(rows[0].group, rows[0].count, {k: v for row in rows for k, v in row.estimates.items()})
        for rows in zip(*tables, strict=True)
    ]


def _estimate(value: Any, low: Any, high: Any, people: Any) -> Estimate:
    return Estimate(_or_none(value), _or_none(low), _or_none(high), int(people))


def _or_none(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _label(label: Any) -> str:
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)
