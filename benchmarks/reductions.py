"""`evenodds.inprocessing`'s reductions beside Fairlearn's: the same base learner, the guarantee first, then the time.

Run with ``python benchmarks/reductions.py`` (or ``make bench``); it takes some minutes, nearly all of them Fairlearn's.
Needs the Adult data set, see ``evenodds.datasets.fetch_adult``. Prints Markdown.
"""

from __future__ import annotations

import time
import warnings
from typing import Any

import fairlearn.reductions as fairlearn
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from evenodds import datasets, inprocessing

BOUND = 0.01


def adult() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 34,189 people of Adult, one-hot and standardised, with label and sex."""
    data = datasets.fetch_adult()
    data = data.rows(np.random.default_rng(0).permutation(len(data))[:34_189])
    X = StandardScaler().fit_transform(pd.get_dummies(data.X, dtype=float))
    return X, data.y.to_numpy(), data.sensitive["sex"].to_numpy().astype(str)


def timed(model: Any, X: np.ndarray, y: np.ndarray, group: np.ndarray) -> tuple[float, float]:
    """Return seconds of wall time and of processor time of a fit."""
    wall, cpu = time.perf_counter(), time.process_time()
    model.fit(X, y, sensitive_features=group)
    return time.perf_counter() - wall, time.process_time() - cpu


def row(name: str, kind: str, X: np.ndarray, y: np.ndarray, group: np.ndarray, **options: Any) -> str:
    """Fit both libraries' `kind` under the constraint `name`, and compare what they reached."""
    learner = LogisticRegression(max_iter=1000)
    ours = getattr(inprocessing, kind)(learner, getattr(inprocessing, name)(), **options)
    theirs = getattr(fairlearn, kind)(learner, getattr(fairlearn, name)(), **options)
    our_time, their_time = (timed(model, X, y, group) for model in (ours, theirs))
    moments = getattr(inprocessing, name)().moments(y, sensitive_features=group)

    def reached(model: Any) -> tuple[float, float]:
        q = np.clip(model._pmf_predict(X)[:, 1], 0, 1) if kind == "ExponentiatedGradient" else model.predict(X)
        return moments.error(q), moments.gamma(q).max()

    (error, broken), (their_error, their_broken) = reached(ours), reached(theirs)
    if kind == "ExponentiatedGradient":
        worst, their_worst = (
            e + max(b - BOUND, 0) / ours.eps for e, b in ((error, broken), (their_error, their_broken))
        )
        assert worst <= their_worst + theirs.nu, f"{name}: {worst} is worse than Fairlearn's {their_worst}"
        calls = theirs.n_oracle_calls_
    else:
        assert np.mean(ours.predict(X) != theirs.predict(X)) < 0.001
        calls = len(theirs.predictors_)
    return (
        f"| {kind} | {name} | {our_time[0]:.1f} s, {our_time[1]:.1f} s | {their_time[0]:.1f} s, {their_time[1]:.1f} s "
        f"({their_time[1] / our_time[1]:.1f} ×) | {ours.n_oracle_calls_} | {calls} "
        f"| {error:.4f}, {broken:.4f} | {their_error:.4f}, {their_broken:.4f} |"
    )


def main() -> None:
    warnings.simplefilter("ignore")
    X, y, group = adult()
    start = time.process_time()
    LogisticRegression(max_iter=1000).fit(X, y)
    one = time.process_time() - start
    print(f"One LogisticRegression on {X.shape[0]:,} × {X.shape[1]}: {one:.2f} s of processor time.\n")
    print(
        "| method | constraint | Even Odds: wall, CPU | Fairlearn: wall, CPU | trained on everyone | by Fairlearn "
        "| our error, largest γ | Fairlearn's |\n" + "| --- " * 8 + "|"
    )
    for name in ("DemographicParity", "EqualizedOdds"):
        print(row(name, "ExponentiatedGradient", X, y, group), flush=True)
    print(row("DemographicParity", "GridSearch", X, y, group, grid_size=10), flush=True)


if __name__ == "__main__":
    main()
