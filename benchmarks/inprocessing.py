"""`evenodds.inprocessing`'s logistic regressions beside their peers: the same objective first, then the time they take.

Run with ``python benchmarks/inprocessing.py``; it takes about a minute, nearly all of it AIF360's. Needs the Adult data
set under ``EVENODDS_DATA``, otherwise people are simulated. Prints Markdown: seconds are medians of wall time.
"""

from __future__ import annotations

import logging
import statistics
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from evenodds import datasets
from evenodds.inprocessing import FairLogisticRegression, PrejudiceRemover, prejudice_index

ETA = 25.0


def seconds(call: Callable[[], object], times: int) -> float:
    """Return the median wall time of some calls."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def load() -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    """Return a name, scaled one-hot columns, labels and a group of 0 and 1."""
    data = datasets.or_simulated(datasets.fetch_adult, datasets.make_lending)
    columns = pd.get_dummies(data.X, dtype=float)
    group = pd.factorize(data.sensitive.iloc[:, 0], sort=True)[0] > 0
    return data.name, StandardScaler().fit_transform(columns), data.y.to_numpy(), group.astype(int)


def objective(p: np.ndarray, y: np.ndarray, group: np.ndarray) -> float:
    """Return the prejudice remover's objective without its ridge term."""
    loss = -np.log(np.clip(np.where(y == 1, p, 1 - p), 1e-12, None)).mean()
    return float(loss + ETA * prejudice_index(p, sensitive_features=group))


def aif360_scores(X: np.ndarray, y: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the scores of AIF360's prejudice remover, trained and used on the same people."""
    logging.disable(logging.WARNING)
    from aif360.algorithms.inprocessing import PrejudiceRemover as Peer
    from aif360.datasets import BinaryLabelDataset

    frame = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])]).assign(group=group, label=y)
    people = BinaryLabelDataset(df=frame, label_names=["label"], protected_attribute_names=["group"])
    peer = Peer(eta=ETA, sensitive_attr="group", class_attr="label")
    return peer.fit(people).predict(people).scores.ravel()


def main() -> None:
    """Print the tables."""
    warnings.simplefilter("ignore")
    name, X, y, group = load()
    print(f"{name}: {len(X):,} people, {X.shape[1]} columns. scikit-learn {version('scikit-learn')}.\n")
    print("| regression | seconds |\n| --- | --- |")
    print(f"| scikit-learn, no fairness | {seconds(lambda: LogisticRegression(max_iter=1000).fit(X, y), 3):.2f} |")
    for words, model in {
        "no penalty": FairLogisticRegression(penalty_weight=0),
        "penalty, λ = 10": FairLogisticRegression(penalty_weight=10),
        "bound 0.02": FairLogisticRegression(method="lagrangian", difference_bound=0.02),
        "equalized odds, bound 0.02": FairLogisticRegression(
            "equalized_odds", method="lagrangian", difference_bound=0.02
        ),
        "prejudice remover, η = 25": PrejudiceRemover(ETA),
        "the same with weights per group": PrejudiceRemover(ETA, per_group=True),
    }.items():
        taken = seconds(lambda model=model: model.fit(X, y, sensitive_features=group), 3)
        print(f"| {words} | {taken:.2f} |", flush=True)
    start = time.perf_counter()
    theirs = aif360_scores(X, y, group)
    taken = time.perf_counter() - start
    print(f"| AIF360 {version('aif360')}, prejudice remover, η = 25 (one call, its data set included) | {taken:.2f} |")
    mine = model.predict_proba(X, sensitive_features=group)[:, 1]
    print(f"\nLog loss + 25 · PI: {objective(mine, y, group):.4f}; AIF360 {objective(theirs, y, group):.4f}.")


if __name__ == "__main__":
    main()
