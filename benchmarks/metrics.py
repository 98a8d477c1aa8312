"""`evenodds.metrics` beside its peers: the same answers first, then the time they take.

Run with ``python benchmarks/metrics.py`` (or ``make bench``); it takes a few minutes, nearly all of them Fairlearn's.
Prints Markdown: seconds are medians, a ratio is the peer's time over ours.
"""

from __future__ import annotations

import importlib.util
import logging
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import fairlearn.metrics as fairlearn
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score

from evenodds import metrics

N_PEOPLE = 1_000_000
N_ADULT = 48_842
OURS = {
    "count": metrics.count,
    "selection_rate": metrics.selection_rate,
    "accuracy": metrics.accuracy,
    "false_positive_rate": metrics.false_positive_rate,
    "true_positive_rate": metrics.true_positive_rate,
}
FAIRLEARN = {name: getattr(fairlearn, name, accuracy_score) for name in OURS}


def names_of(group: np.ndarray) -> np.ndarray:
    """Return the groups as strings, one object per distinct one, as a CSV reader does."""
    return np.array([f"group {code}" for code in range(group.max() + 1)], dtype=object)[group]


LABELS: dict[str, Callable[[np.ndarray], Any]] = {
    "integers": lambda group: group,
    "Categorical": lambda group: pd.Series(pd.Categorical(names_of(group))),
    "Series of strings": lambda group: pd.Series(names_of(group)),
    "array of strings": lambda group: names_of(group).astype(str),
}


def make_people(n: int, n_groups: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw labels, decisions and groups with rates that differ between groups."""
    rng = np.random.default_rng(n_groups)
    group = rng.integers(0, n_groups, n)
    y_true = (rng.random(n) < 0.3 + 0.3 * group / n_groups).astype(int)
    y_pred = (rng.random(n) < np.where(y_true, 0.7, 0.2)).astype(int)
    return y_true, y_pred, group


def seconds(function: Callable[[], Any], repeats: int) -> float:
    """Return the median wall time of some calls, after one that does not count if there are several."""
    if repeats > 1:
        function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def five_rates(library: Any, functions: dict[str, Any], y_true: Any, y_pred: Any, group: Any) -> list[Any]:
    """Compute five metrics by group with their differences and ratios, as anyone would."""
    frame = library.MetricFrame(metrics=functions, y_true=y_true, y_pred=y_pred, sensitive_features=group)
    return [frame.by_group, frame.difference(), frame.ratio()]


def agree(ours: list[Any], theirs: list[Any]) -> None:
    """Stop the benchmark if two libraries do not give the same answers."""
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-9)


def aif360_metric(y_true: np.ndarray, y_pred: np.ndarray, group: np.ndarray) -> Any:
    """Return AIF360's metric object for two groups."""
    from aif360.datasets import BinaryLabelDataset
    from aif360.metrics import ClassificationMetric

    truth, decided = (
        BinaryLabelDataset(
            df=pd.DataFrame({"group": group, "y": y}, dtype=float),
            label_names=["y"],
            protected_attribute_names=["group"],
        )
        for y in (y_true, y_pred)
    )
    return ClassificationMetric(truth, decided, unprivileged_groups=[{"group": 0}], privileged_groups=[{"group": 1}])


def aif360_rates(metric: Any) -> np.ndarray:
    """Return the five metrics of both groups from AIF360."""
    functions = (
        metric.num_instances,
        metric.selection_rate,
        metric.accuracy,
        metric.false_positive_rate,
        metric.true_positive_rate,
    )
    return np.array([[function(privileged=side) for function in functions] for side in (False, True)])


def oxonfair_rates(y_true: np.ndarray, y_pred: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the five metrics by group from OxonFair."""
    from oxonfair.utils import group_metrics as oxonfair

    functions = (
        oxonfair.count,
        oxonfair.pos_pred_rate,
        oxonfair.accuracy,
        oxonfair.false_pos_rate,
        oxonfair.true_pos_rate,
    )
    return np.array([function.per_group(y_true, y_pred, group) for function in functions])[:, 0].T


def compare_rates(n_groups: int, labels: str) -> list[str]:
    """Measure five rates on a million people; return the cells of a table row."""
    y_true, y_pred, codes = make_people(N_PEOPLE, n_groups)
    group = LABELS[labels](codes)
    cells = (codes * 2 + y_true) * 2 + y_pred
    floor = seconds(lambda: np.bincount(cells), 15)
    ours = seconds(lambda: five_rates(metrics, OURS, y_true, y_pred, group), 15)
    answers = five_rates(metrics, OURS, y_true, y_pred, group)
    agree(answers, five_rates(fairlearn, FAIRLEARN, y_true, y_pred, group))
    theirs = seconds(lambda: five_rates(fairlearn, FAIRLEARN, y_true, y_pred, group), 1)
    row = [
        f"{n_groups}",
        labels,
        f"{1e3 * ours:.1f} ms",
        f"{ours / floor:.1f}",
        f"{theirs:.1f} s ({theirs / ours:.0f} ×)",
    ]
    if n_groups == 2 and labels == "integers":
        metric = aif360_metric(y_true, y_pred, codes)
        np.testing.assert_allclose(aif360_rates(metric), answers[0])
        built = seconds(lambda: aif360_metric(y_true, y_pred, codes), 3)
        # AIF360 remembers what it has computed on an object, so every timed call gets a fresh one.
        fresh = iter([aif360_metric(y_true, y_pred, codes) for _ in range(4)])
        measured = seconds(lambda: aif360_rates(next(fresh)), 3)
        row.append(f"{measured:.2f} s ({measured / ours:.0f} ×); with its data sets {measured + built:.2f} s")
    else:
        row.append("–")
    if importlib.util.find_spec("oxonfair") and labels == "integers":
        np.testing.assert_allclose(oxonfair_rates(y_true, y_pred, codes), answers[0])
        measured = seconds(lambda: oxonfair_rates(y_true, y_pred, codes), 3)
        row.append(f"{measured:.2f} s ({measured / ours:.0f} ×)")
    else:
        row.append("–")
    return row


def compare_bootstrap() -> list[str]:
    """Measure intervals from 100 resamples of as many people as the Adult data set has."""
    y_true, y_pred, group = make_people(N_ADULT, 2)
    options: dict[str, Any] = {"y_true": y_true, "y_pred": y_pred, "sensitive_features": group}
    options |= {"n_boot": 100, "ci_quantiles": [0.025, 0.975], "random_state": 0}

    def intervals(library: Any, functions: dict[str, Any]) -> list[Any]:
        frame = library.MetricFrame(metrics=functions, **options)
        return [*frame.by_group_ci, *frame.difference_ci(), *frame.ratio_ci()]

    start = time.perf_counter()
    oracle = intervals(fairlearn, FAIRLEARN)
    theirs = time.perf_counter() - start
    for one, other in zip(intervals(metrics, OURS), oracle, strict=True):
        np.testing.assert_allclose(one.iloc[..., 1:], other.iloc[..., 1:], atol=0.02)
    ours = seconds(lambda: intervals(metrics, OURS), 15)
    return [f"{1e3 * ours:.1f} ms", f"{theirs:.0f} s ({theirs / ours:,.0f} ×)"]


def compare_imports() -> list[str]:
    """Measure imports in fresh processes, taken in turns."""
    statements = ["import numpy, pandas", "import evenodds.metrics", "import fairlearn.metrics"]
    times: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(11):
        for statement in statements:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            times[statement].append(time.perf_counter() - start)
    base, ours, theirs = (statistics.median(times[statement]) for statement in statements)
    return [f"{base:.2f} s", f"{ours:.2f} s ({ours / base:.2f} ×)", f"{theirs:.2f} s ({theirs / base:.2f} ×)"]


def table(header: list[str], rows: list[list[str]]) -> str:
    """Lay out rows as a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def main() -> None:
    """Measure everything and print it."""
    warnings.simplefilter("ignore")
    logging.disable()
    packages = ["numpy", "pandas", "scikit-learn", "fairlearn", "aif360"]
    packages += ["oxonfair"] if importlib.util.find_spec("oxonfair") else []
    print(f"Python {sys.version.split()[0]}, " + ", ".join(f"{name} {version(name)}" for name in packages) + "\n")
    cases = [(n_groups, "integers") for n_groups in (2, 10, 100)] + [(10, labels) for labels in list(LABELS)[1:]]
    print(
        table(
            ["groups", "labels", "Even Odds", "in bincounts", "Fairlearn", "AIF360", "OxonFair"],
            [compare_rates(*case) for case in cases],
        )
    )
    print(table(["100 resamples: Even Odds", "Fairlearn"], [compare_bootstrap()]))
    print(table(["numpy and pandas", "evenodds.metrics", "fairlearn.metrics"], [compare_imports()]))


if __name__ == "__main__":
    main()
