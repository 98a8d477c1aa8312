"""Bootstrap: how the metrics would vary had other people of the same kind been drawn.

Drawing n people with replacement and counting their cells is the same as drawing the counts from a multinomial
distribution with the observed shares. So for our rates only the count table is resampled, not the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evenodds.metrics.counts import count_table
from evenodds.metrics.measure import (
    Measured,
    Metric,
    People,
    Tables,
    count_tables,
    measure,
    measure_tables,
    weightings,
)


def check_bootstrap(n_boot: Any, ci_quantiles: Any) -> list[float]:
    """Return the quantiles as a list, empty if no bootstrap is asked for."""
    quantiles = [] if ci_quantiles is None else list(np.atleast_1d(ci_quantiles).tolist())
    if (n_boot is None) != (not quantiles):
        raise ValueError(
            f"n_boot is {n_boot!r} and ci_quantiles is {ci_quantiles!r}; give both, for example "
            "n_boot=1000, ci_quantiles=[0.025, 0.975], or neither"
        )
    if n_boot is not None and (not isinstance(n_boot, Integral) or isinstance(n_boot, bool) or n_boot < 1):
        raise ValueError(f"n_boot is {n_boot!r}; it must be an integer of at least 1")
    for position, quantile in enumerate(quantiles):
        if not isinstance(quantile, float) or not 0 < quantile < 1:
            raise ValueError(
                f"ci_quantiles holds {quantile!r} at position {position}; quantiles lie strictly between 0 and 1"
            )
    return quantiles


def bootstrap(
    metrics: Iterable[Metric],
    people: People,
    present: NDArray[np.bool_],
    n_boot: int,
    rng: np.random.Generator,
) -> Measured:
    """Measure the metrics in `n_boot` resamples of the people.

    Returns
    -------
    Measured
        `by_group` of shape (resamples, metrics, control groups, sensitive groups) and `overall` of shape
        (resamples, metrics, control groups). A group of which a resample holds nobody is nan there.
    """
    metrics = list(metrics)
    if all(metric.is_counted for metric in metrics):
        tables = resample_tables(people, present.size, weightings(metrics), n_boot, rng)
        by_group, overall = zip(*measure_tables(metrics, tables, present), strict=True)
        return Measured(np.stack(by_group, axis=1), np.stack(overall, axis=1))
    n = len(people.groups)
    resamples = []
    for _ in range(n_boot):
        sample = people.take(rng.integers(n, size=n))
        resamples.append(measure(metrics, sample, count_tables(metrics, sample, present.size), present))
    return Measured(*(np.stack(values) for values in zip(*resamples, strict=True)))


def resample_tables(
    people: People, n_groups: int, weighted_by: list[int], n_boot: int, rng: np.random.Generator
) -> Tables:
    """Draw the count tables of `n_boot` resamples, without drawing the people.

    People in the same cell with the same weights are interchangeable, so one multinomial draw over the distinct
    (cell, weights) rows gives a resample's unweighted and weighted tables together.
    """
    kind = pd.factorize(people.cells, sort=True)[0]
    for number in weighted_by:
        position, values = pd.factorize(people.extras[number], sort=True)
        kind = pd.factorize(kind * len(values) + position, sort=True)[0]
    shares = np.bincount(kind) / len(kind)
    representative = np.empty(len(shares), dtype=np.intp)
    representative[kind] = np.arange(len(kind))
    cells = people.cells[representative]
    weights = {number: people.extras[number][representative] for number in weighted_by}
    tables: dict[int | None, list[NDArray[Any]]] = {number: [] for number in (None, *weighted_by)}
    for _ in range(n_boot):
        drawn = rng.multinomial(len(kind), shares).astype(float)
        tables[None].append(count_table(cells, n_groups, drawn))
        for number in weighted_by:
            tables[number].append(count_table(cells, n_groups, drawn * weights[number]))
    return {number: np.stack(drawn_tables) for number, drawn_tables in tables.items()}


def quantiles_of(replicates: NDArray[Any], quantiles: list[float]) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return the quantiles over the resamples in which a value is defined, and the share in which it is not.

    Parameters
    ----------
    replicates : ndarray, shape (resamples, ...)
        The values.
    quantiles : list of float
        Which quantiles.

    Returns
    -------
    values : ndarray, shape (quantiles, ...)
        The quantiles; nan where no resample has a value.
    undefined : ndarray, shape (...)
        The share of resamples that were left out.

    Examples
    --------
    >>> values, undefined = quantiles_of(np.array([1.0, 3.0, np.nan, 2.0]), [0.5])
    >>> values.tolist(), float(undefined)
    ([2.0], 0.25)
    """
    missing = np.isnan(replicates)
    if not missing.any():
        return np.quantile(replicates, quantiles, axis=0), np.zeros(replicates.shape[1:])
    flat, gaps = replicates.reshape(len(replicates), -1), missing.reshape(len(replicates), -1)
    values = np.full((len(quantiles), flat.shape[1]), np.nan)
    for column in np.flatnonzero(~gaps.all(axis=0)):
        values[:, column] = np.quantile(flat[~gaps[:, column], column], quantiles)
    return values.reshape(len(quantiles), *replicates.shape[1:]), missing.mean(axis=0)
