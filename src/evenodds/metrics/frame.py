"""`MetricFrame`: metrics for each group, and how far apart the groups are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evenodds._validation import (
    check_binary,
    check_groups,
    check_random_state,
    check_rows,
    check_same_people,
    plain,
    split_features,
)
from evenodds.metrics import comparisons
from evenodds.metrics.bootstrap import bootstrap, check_bootstrap, quantiles_of
from evenodds.metrics.comparisons import Method, check_method
from evenodds.metrics.counts import cell_codes
from evenodds.metrics.measure import Measured, People, as_metrics, count_tables, is_number, measure
from evenodds.metrics.rates import Rate
from evenodds.metrics.undefined import warn_undefined

Errors = Literal["raise", "coerce"]
_MOST_NAMED = 10


class MetricFrame:
    """Metrics for each group, side by side, and comparisons between the groups.

    A drop-in for Fairlearn's class of this name. The rates of `evenodds.metrics` are computed from one table of
    counts; any other callable ``metric(y_true, y_pred, **sample_params)`` is called once per group.

    Parameters
    ----------
    metrics : callable or dict of callables
        With a single callable, results are Series and numbers; with a dict, they are DataFrames and Series with the
        dict's keys as columns, even if it has one entry.
    y_true, y_pred : array-like, shape (n,)
        Labels and predictions: zeros and ones for the rates of this module, anything that the callables take
        otherwise.
    sensitive_features : array-like, shape (n,) or (n, k); DataFrame; dict; or list of k columns
        The groups; several features are crossed.
    control_features : as `sensitive_features`, optional
        Groups within which the comparisons are made separately.
    sample_params : dict, optional
        Further columns for the metrics, such as ``{"sample_weight": weights}``; with a dict of metrics, one such
        dict for each metric's name.
    n_boot : int, optional
        Number of bootstrap resamples, for the attributes and methods ending in ``_ci``.
    ci_quantiles : list of float, optional
        The quantiles of the resamples to report, each between 0 and 1; given together with `n_boot`.
    random_state : int, numpy Generator, RandomState or None
        Seed of the resampling.

    Attributes
    ----------
    overall : number, Series or DataFrame
        The metrics over all people; over the people of each control group if there are control features.
    by_group : Series or DataFrame
        The metrics of each group, sorted by label, control features first.
    control_levels, sensitive_levels : list of str
        The names of the features; `control_levels` is None if there are none.

    Raises
    ------
    ValueError
        If lengths differ, a group label is missing, labels or decisions of a rate are not 0 or 1, weights are
        negative, or parameters do not fit the metrics. Messages name the argument, value and position.

    Warns
    -----
    UndefinedMetricWarning
        If a metric has no value in a group that has people, or if crossed features leave a group without people.

    Notes
    -----
    Deliberate differences from Fairlearn 0.15:

    - A rate whose denominator is empty, such as the true positive rate where nobody has label 1, is nan with a
      warning that names the group; Fairlearn reports 0.0 in silence. A comparison over such a nan is nan too;
      Fairlearn passes over nan.
    - A crossing of features in which there is nobody is a row of nan, `count` included, as in Fairlearn, but with a
      warning that names it. Comparisons pass over it, because there is nobody to compare.
    - A ratio of 0 to 0 is nan, as in Fairlearn, but with a warning.
    - pandas inputs whose indexes hold the same labels in a different order are refused; Fairlearn matches them by
      position. All other inputs are matched by position here too.
    - Quantiles of the bootstrap pass over resamples in which a value is undefined, and a warning gives their share.
      A resample that draws nobody from a group leaves comparisons undefined rather than comparing the others.

    References
    ----------
    B. Efron (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1), section 2.

    Examples
    --------
    >>> from evenodds.metrics import MetricFrame, selection_rate, true_positive_rate
    >>> frame = MetricFrame(
    ...     metrics={"selected": selection_rate, "hit": true_positive_rate},
    ...     y_true=[1, 1, 0, 1, 1, 0],
    ...     y_pred=[1, 1, 0, 1, 0, 0],
    ...     sensitive_features=["a", "a", "a", "b", "b", "b"],
    ... )
    >>> print(frame.by_group.round(3))  # doctest: +NORMALIZE_WHITESPACE
                         selected  hit
    sensitive_feature_0
    a                       0.667  1.0
    b                       0.333  0.5
    >>> frame.difference().round(3).to_dict()
    {'selected': 0.333, 'hit': 0.5}
    """

    def __init__(
        self,
        *,
        metrics: Callable[..., Any] | Mapping[str, Callable[..., Any]],
        y_true: Any,
        y_pred: Any,
        sensitive_features: Any,
        control_features: Any = None,
        sample_params: Mapping[str, Any] | None = None,
        n_boot: int | None = None,
        ci_quantiles: list[float] | None = None,
        random_state: Any = None,
    ) -> None:
        self._single = not isinstance(metrics, Mapping)
        functions = metrics if isinstance(metrics, Mapping) else {getattr(metrics, "__name__", "metric"): metrics}
        if sample_params is not None and not isinstance(sample_params, Mapping):
            raise ValueError(f"sample_params is {sample_params!r}; it must be a dict")
        params = dict.fromkeys(functions, sample_params) if self._single else sample_params or {}
        self._metrics, given_params, extras = as_metrics(functions, params)
        self._ci_quantiles, self._n_boot = check_bootstrap(n_boot, ci_quantiles), n_boot
        self._seed = int(check_random_state(random_state).integers(2**63)) if n_boot else None

        columns = {"sensitive_features": split_features(sensitive_features, "sensitive_features")}
        if control_features is not None:
            columns["control_features"] = split_features(control_features, "control_features")
        groups = {name: check_groups(features, name) for name, features in columns.items()}
        labels, predictions = check_rows(y_true, "y_true"), check_rows(y_pred, "y_pred")
        named = {f"{name} {key!r}": column for name in columns for key, column in columns[name].items()}
        check_same_people({"y_true": y_true, "y_pred": y_pred} | named | given_params)

        self._sensitive, self._control = groups["sensitive_features"], groups.get("control_features")
        self._groups = self._control.cross(self._sensitive) if self._control else self._sensitive
        cells = self._cells(labels, predictions)
        self._people = People(labels, predictions, self._groups.codes, cells, extras)
        tables = count_tables(self._metrics.values(), self._people, self._groups.n_groups)
        self._counts = tables[None]
        self._present = (self._counts.sum(-1) > 0).reshape(-1, self._sensitive.n_groups)
        self._measured = measure(self._metrics.values(), self._people, tables, self._present)
        self._warn_of_gaps()

    @cached_property
    def overall(self) -> Any:
        """The metrics over all people, or over the people of each control group."""
        return self._summary(self._measured.overall)

    @cached_property
    def by_group(self) -> Any:
        """The metrics of each group."""
        return self._table(self._measured.by_group)

    @property
    def control_levels(self) -> list[str] | None:
        """Names of the control features."""
        return list(self._control.names) if self._control else None

    @property
    def sensitive_levels(self) -> list[str]:
        """Names of the sensitive features."""
        return list(self._sensitive.names)

    @property
    def n_boot(self) -> int | None:
        """Number of bootstrap resamples."""
        return self._n_boot

    @property
    def ci_quantiles(self) -> list[float] | None:
        """The quantiles that the attributes and methods ending in ``_ci`` report."""
        return self._ci_quantiles or None

    def group_min(self, errors: Errors = "raise") -> Any:
        """Return the smallest value over the groups, for each metric (and control group).

        Parameters
        ----------
        errors : {"raise", "coerce"}
            Whether a metric whose values are not numbers is a ValueError or a nan.
        """
        return self._compare(self._group_min, errors)

    def group_max(self, errors: Errors = "raise") -> Any:
        """Return the largest value over the groups; see `group_min`."""
        return self._compare(self._group_max, errors)

    def difference(self, method: Method = "between_groups", errors: Errors = "coerce") -> Any:
        """Return how far apart the groups are, as a difference.

        Parameters
        ----------
        method : {"between_groups", "to_overall"}
            ``max − min`` over the groups, or the largest ``|group − overall|``.
        errors : {"raise", "coerce"}
            Whether a metric whose values are not numbers is a ValueError or a nan.
        """
        return self._compare(self._difference(method), errors)

    def ratio(self, method: Method = "between_groups", errors: Errors = "coerce") -> Any:
        """Return how far apart the groups are, as a ratio of at most 1.

        Parameters
        ----------
        method : {"between_groups", "to_overall"}
            ``min / max`` over the groups, or the smallest of ``group / overall`` and its inverse.
        errors : {"raise", "coerce"}
            Whether a metric whose values are not numbers is a ValueError or a nan.

        Warns
        -----
        UndefinedMetricWarning
            If the ratio is 0 to 0, which is nan.
        """
        compare = self._ratio(method)
        numbers = self._numbers(errors)
        undefined = np.isnan(compare(numbers)) & ~np.isnan(self._group_max(numbers))
        where = "in every group" if method == "between_groups" else "overall"
        for name, control in zip(*np.nonzero(undefined), strict=True):
            warn_undefined(f"the ratio of {self._describe(name, control)} is undefined (0/0): it is 0 {where}")
        return self._compare(compare, errors)

    @property
    def overall_ci(self) -> list[Any]:
        """`overall` in the resamples: one entry of its type for each quantile."""
        return self._intervals(lambda measured: measured.overall)

    @property
    def by_group_ci(self) -> list[Any]:
        """`by_group` in the resamples: one entry of its type for each quantile."""
        return self._intervals(lambda measured: measured.by_group)

    def group_min_ci(self) -> list[Any]:
        """Return `group_min` in the resamples: one entry of its type for each quantile."""
        return self._intervals(self._group_min)

    def group_max_ci(self) -> list[Any]:
        """Return `group_max` in the resamples: one entry of its type for each quantile."""
        return self._intervals(self._group_max)

    def difference_ci(self, method: Method = "between_groups") -> list[Any]:
        """Return `difference` in the resamples: one entry of its type for each quantile."""
        return self._intervals(self._difference(method))

    def ratio_ci(self, method: Method = "between_groups") -> list[Any]:
        """Return `ratio` in the resamples: one entry of its type for each quantile."""
        return self._intervals(self._ratio(method))

    def _group_min(self, measured: Measured) -> NDArray[Any]:
        return comparisons.group_min(measured.by_group, self._present)

    def _group_max(self, measured: Measured) -> NDArray[Any]:
        return comparisons.group_max(measured.by_group, self._present)

    def _difference(self, method: Method) -> Callable[[Measured], NDArray[Any]]:
        check_method(method)
        return lambda measured: comparisons.difference(*measured, self._present, method)

    def _ratio(self, method: Method) -> Callable[[Measured], NDArray[Any]]:
        check_method(method)
        return lambda measured: comparisons.ratio(*measured, self._present, method)

    def _compare(self, compare: Callable[[Measured], NDArray[Any]], errors: Errors) -> Any:
        return self._summary(compare(self._numbers(errors)))

    def _intervals(self, value: Callable[[Measured], NDArray[Any]]) -> list[Any]:
        """Return the quantiles of `value` over the resamples, in the shapes of its estimate."""
        values, undefined = quantiles_of(value(self._resampled), self._ci_quantiles)
        estimate = value(self._measured)
        wrap = self._table if estimate.ndim == 3 else self._summary
        partly = np.where(np.isnan(estimate), 0, undefined)
        if partly.any():
            worst = tuple(int(i) for i in np.unravel_index(np.argmax(partly), partly.shape))
            warn_undefined(
                f"quantiles pass over resamples in which a value is undefined: {partly[worst]:.0%} of "
                f"{self._n_boot} for {self._describe(*worst)}"
                + (f", and fewer for {n - 1} more" if (n := np.count_nonzero(partly)) > 1 else "")
            )
        return [wrap(quantile) for quantile in values]

    @cached_property
    def _resampled(self) -> Measured:
        if self._n_boot is None:
            raise ValueError("there are no resamples; give n_boot and ci_quantiles to MetricFrame")
        self._numbers("raise")
        rng = np.random.default_rng(self._seed)
        return bootstrap(self._metrics.values(), self._people, self._present, self._n_boot, rng)

    def _numbers(self, errors: Errors) -> Measured:
        """Return the values as numbers, with those that are not refused or replaced by nan."""
        if errors not in ("raise", "coerce"):
            raise ValueError(f"errors is {errors!r}; it must be 'raise' or 'coerce'")
        if self._measured.by_group.dtype != object and self._measured.overall.dtype != object:
            return self._measured
        if errors == "raise":
            raise ValueError(
                "a metric returned something that is not a number, so groups cannot be compared by it. "
                "Leave it out, or pass errors='coerce' to get nan"
            )
        as_number = np.vectorize(lambda value: value if is_number(value) else np.nan, otypes=[float])
        return Measured(*(as_number(values) for values in self._measured))

    def _cells(self, labels: NDArray[Any], predictions: NDArray[Any]) -> NDArray[Any]:
        """Return everyone's cell of the count table; with no rate to compute, only its group matters."""
        if any(isinstance(metric.function, Rate) for metric in self._metrics.values()):
            binary = check_binary(labels, "y_true"), check_binary(predictions, "y_pred", "decisions")
        else:
            binary = (np.zeros(len(labels), np.uint8),) * 2
        return cell_codes(self._groups.codes, *binary)

    def _table(self, values: NDArray[Any]) -> Any:
        """Return values of shape (metrics, control groups, sensitive groups) as pandas shows them."""
        columns = dict(zip(self._metrics, values.reshape(len(values), -1), strict=True))
        table = pd.DataFrame(columns, index=self._groups.index).infer_objects()
        return table.iloc[:, 0] if self._single else table

    def _summary(self, values: NDArray[Any]) -> Any:
        """Return values of shape (metrics, control groups) as pandas shows them."""
        if self._control:
            summary = pd.DataFrame(dict(zip(self._metrics, values, strict=True)), index=self._control.index)
            return summary.iloc[:, 0] if self._single else summary.infer_objects()
        if self._single:
            return plain(values[0, 0])
        return pd.Series(values[:, 0], index=list(self._metrics)).infer_objects()

    def _describe(self, metric: int, control: int, sensitive: int | None = None) -> str:
        """Name one entry of the results."""
        name = list(self._metrics)[metric]
        if sensitive is not None:
            return f"{name} of group {self._groups.label(control * self._sensitive.n_groups + sensitive)!r}"
        return f"{name} in control group {self._control.label(control)!r}" if self._control else name

    def _warn_of_gaps(self) -> None:
        """Say which groups have nobody, and which metrics have no value in a group that has people."""
        empty = np.flatnonzero(~self._present).tolist()
        if empty:
            warn_undefined(
                f"nobody is in {len(empty)} of the {self._present.size} groups that the features cross into: "
                f"{_listed(repr(self._groups.label(code)) for code in empty)}; their rows are nan and comparisons "
                "pass over them"
            )
        for (name, metric), values in zip(self._metrics.items(), self._measured.by_group, strict=True):
            gaps = np.flatnonzero(pd.isna(values) & self._present).tolist()
            if not gaps:
                continue
            if isinstance(metric.function, Rate):
                name = metric.function.__name__
                reasons = [metric.function.why_undefined(self._counts[code], metric.pos_label) for code in gaps]
            else:
                reasons = [f"it is nan for these {self._counts[code].sum()} people" for code in gaps]
            described = [
                f"for group {self._groups.label(code)!r}: {reason}" for code, reason in zip(gaps, reasons, strict=True)
            ]
            warn_undefined(f"{name} is undefined {_listed(described, '; ')}")


def _listed(items: Iterable[str], separator: str = ", ") -> str:
    """Join the items, the first few of many."""
    items = list(items)
    more = len(items) - _MOST_NAMED
    return separator.join(items[:_MOST_NAMED]) + (f"{separator}and {more} more" if more > 0 else "")
