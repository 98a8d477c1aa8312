"""Measuring every metric in every group: our rates from the count table, any other callable by calling it per group.

Results are plain arrays: `by_group` of shape (metrics, control groups, sensitive groups) and `overall` of shape
(metrics, control groups). Without control features there is one control group, everyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenodds._validation import check_rows, check_weights
from evenodds.metrics.counts import count_table
from evenodds.metrics.rates import Rate, count

Tables = Mapping[int | None, NDArray[Any]]
"""Count tables, shape (..., groups, 4): unweighted under None, weighted under the number of the weights' column."""


@dataclass(frozen=True, eq=False)
class Metric:
    """What to call, and which of `People.extras` goes to which of its parameters."""

    function: Callable[..., Any]
    params: Mapping[str, int]
    pos_label: int = 1

    @property
    def is_counted(self) -> bool:
        """Whether the count table is all that the metric needs."""
        return isinstance(self.function, Rate) or self.function is count


@dataclass(frozen=True, eq=False)
class People:
    """The columns that metrics are computed from, one row per person."""

    y_true: NDArray[Any]
    y_pred: NDArray[Any]
    groups: NDArray[Any]
    cells: NDArray[Any]
    extras: tuple[NDArray[Any], ...]

    def take(self, rows: NDArray[Any] | slice) -> People:
        """Return these rows, each as often as it is listed."""
        extras = tuple(column[rows] for column in self.extras)
        return People(self.y_true[rows], self.y_pred[rows], self.groups[rows], self.cells[rows], extras)


class Measured(NamedTuple):
    """The values of all metrics."""

    by_group: NDArray[Any]
    overall: NDArray[Any]


def as_metrics(
    functions: Mapping[str, Any], sample_params: Mapping[str, Any]
) -> tuple[dict[str, Metric], dict[str, Any], tuple[NDArray[Any], ...]]:
    """Check metrics and sample parameters.

    Returns
    -------
    metrics : dict of Metric
    given : dict
        The distinct columns among the sample parameters as they were given, by the name to use in messages.
    extras : tuple of ndarray
        The same columns, checked.
    """
    if not functions:
        raise ValueError("metrics is empty; at least one metric is needed")
    if unknown := [name for name in sample_params if name not in functions]:
        raise ValueError(f"sample_params names {unknown[0]!r}, which is not one of the metrics {[*functions]}")
    numbers: dict[tuple[int, bool], int] = {}
    given: dict[str, Any] = {}
    extras: list[NDArray[Any]] = []
    metrics = {}
    for name, function in functions.items():
        if not callable(function):
            raise ValueError(f"metrics holds {function!r}; a metric must be callable as metric(y_true, y_pred)")
        function, pos_label = _without_pos_label(function)
        params = {}
        for param, values in _params_of(name, function, sample_params.get(name)).items():
            key = (id(values), param == "sample_weight")
            if key not in numbers:
                called = param if len(functions) == 1 else f"{param} of {name!r}"
                given[called] = values
                numbers[key] = len(extras)
                extras.append((check_weights if param == "sample_weight" else check_rows)(values, called))
            params[param] = numbers[key]
        metrics[name] = Metric(function, params, pos_label)
    return metrics, given, tuple(extras)


def count_tables(metrics: Iterable[Metric], people: People, n_groups: int) -> Tables:
    """Count the people of each cell, once without weights and once for each weighting that a rate asks for."""
    tables: dict[int | None, NDArray[Any]] = {None: count_table(people.cells, n_groups)}
    for number in weightings(metrics):
        tables[number] = count_table(people.cells, n_groups, people.extras[number])
    return tables


def weightings(metrics: Iterable[Metric]) -> list[int]:
    """Return the numbers of the columns that rates are weighted with."""
    return sorted({number for metric in metrics if metric.is_counted for number in metric.params.values()})


def measure_tables(metrics: Iterable[Metric], tables: Tables, present: NDArray[np.bool_]) -> list[Measured]:
    """Compute counted metrics from count tables; `present` has shape (control groups, sensitive groups)."""
    measured = []
    for metric in metrics:
        table = tables[metric.params.get("sample_weight")]
        table = table.reshape(*table.shape[:-2], *present.shape, 4)
        if isinstance(metric.function, Rate):
            by_group = metric.function.from_counts(table, metric.pos_label)
            overall = metric.function.from_counts(table.sum(-2), metric.pos_label)
        else:
            by_group = _nan_unless(present, table.sum(-1))
            overall = _nan_unless(np.asarray(present.any(-1)), table.sum((-2, -1)))
        measured.append(Measured(by_group, overall))
    return measured


def measure_calls(metrics: Iterable[Metric], people: People, shape: tuple[int, int]) -> list[Measured]:
    """Compute any other metrics by calling each with the rows of every group, sorted once."""
    metrics = list(metrics)
    if not metrics:
        return []
    n_control, n_sensitive = shape
    in_order = people.take(np.argsort(people.groups, kind="stable"))
    bounds = np.searchsorted(in_order.groups, np.arange(n_control * n_sensitive + 1))
    whole = [people] if n_control == 1 else _slices(in_order, bounds[::n_sensitive])
    parts = _slices(in_order, bounds)
    return [
        Measured(
            _as_values([_call(metric, part) for part in parts]).reshape(shape),
            _as_values([_call(metric, part) for part in whole]),
        )
        for metric in metrics
    ]


def measure(metrics: Iterable[Metric], people: People, tables: Tables, present: NDArray[np.bool_]) -> Measured:
    """Compute every metric in every group."""
    metrics = list(metrics)
    counted = iter(measure_tables([m for m in metrics if m.is_counted], tables, present))
    called = iter(measure_calls([m for m in metrics if not m.is_counted], people, present.shape))
    measured = [next(counted if metric.is_counted else called) for metric in metrics]
    return Measured(*(np.stack(values) for values in zip(*measured, strict=True)))


def _without_pos_label(function: Callable[..., Any]) -> tuple[Callable[..., Any], int]:
    """Look through ``functools.partial(rate, pos_label=...)``, which is a counted metric still."""
    if not isinstance(function, partial) or not isinstance(function.func, Rate):
        return function, 1
    if function.args or function.keywords.keys() != {"pos_label"}:
        return function, 1
    return function.func, function.keywords["pos_label"]


def _params_of(name: str, function: Callable[..., Any], params: Any) -> dict[str, Any]:
    if params is None:
        return {}
    if not isinstance(params, Mapping):
        raise ValueError(
            f"sample_params for {name!r} is {params!r}; it must be a dict such as {{'sample_weight': weights}}"
        )
    given = {param: values for param, values in params.items() if values is not None}
    if given and function is count:
        raise ValueError(f"sample_params gives {name!r} {min(given)!r}; count counts people and takes no parameters")
    if isinstance(function, Rate) and (unknown := given.keys() - {"sample_weight"}):
        raise ValueError(
            f"sample_params gives {name!r} {min(unknown)!r}; a rate takes only sample_weight, one entry per person. "
            "Fix other parameters with functools.partial, for example partial(selection_rate, pos_label=0)"
        )
    return given


def is_number(result: Any) -> bool:
    """Whether groups can be compared by this result of a metric."""
    return bool(np.isscalar(result)) and not isinstance(result, str | bytes)


def _slices(in_order: People, bounds: NDArray[np.intp]) -> list[People]:
    return [in_order.take(slice(*pair)) for pair in pairwise(bounds)]


def _call(metric: Metric, people: People) -> Any:
    if len(people.groups) == 0:
        return np.nan
    params = {param: people.extras[number] for param, number in metric.params.items()}
    return metric.function(people.y_true, people.y_pred, **params)


def _as_values(results: list[Any]) -> NDArray[Any]:
    """Return numbers as an array of numbers; results that are not, such as matrices, as an array of objects."""
    if all(is_number(result) for result in results):
        values = np.array(results)
        return values.astype(float) if values.dtype == bool else values
    values = np.empty(len(results), dtype=object)
    for position, result in enumerate(results):
        values[position] = result
    return values


def _nan_unless(present: NDArray[np.bool_], sizes: NDArray[np.int64]) -> NDArray[Any]:
    return sizes if present.all() else np.where(present, sizes, np.nan)
