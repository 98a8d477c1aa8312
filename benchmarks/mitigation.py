"""Mitigations before and after training beside their peers: answers as good first, then the time they take.

Run with ``python benchmarks/mitigation.py`` (or ``make bench``) where the Adult data can be had; it takes some minutes,
nearly all of them the peers'. Prints Markdown: seconds are medians, a ratio is the peer's time over ours.
"""

from __future__ import annotations

import logging
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

logging.disable(logging.WARNING)  # AIF360 warns of every optional package that is not there

import fairlearn.postprocessing  # noqa: E402
import fairlearn.preprocessing  # noqa: E402
from aif360.algorithms.postprocessing import (  # noqa: E402
    CalibratedEqOddsPostprocessing,
    EqOddsPostprocessing,
)
from aif360.algorithms.postprocessing import RejectOptionClassification as RejectOption  # noqa: E402
from aif360.algorithms.preprocessing import LFR, Reweighing  # noqa: E402
from aif360.datasets import BinaryLabelDataset  # noqa: E402

from evenodds import datasets, postprocessing, preprocessing  # noqa: E402

GROUPS = [{"g": 0}], [{"g": 1}]


@dataclass(frozen=True)
class People:
    """Features without the group, labels, group (1 the privileged) and a model's scores."""

    name: str
    X: np.ndarray
    y: np.ndarray
    g: np.ndarray
    scores: np.ndarray

    @classmethod
    def of(cls, name: str, X: pd.DataFrame, y: pd.Series, privileged: pd.Series) -> People:
        table = StandardScaler().fit_transform(pd.get_dummies(X, dtype=float))
        labels, group = y.to_numpy(), privileged.to_numpy().astype(int)
        scores = LogisticRegression(max_iter=1000).fit(table, labels).predict_proba(table)[:, 1]
        return cls(name, table, labels, group, scores)

    def for_aif360(self, labels: np.ndarray | None = None, *, features: bool = False) -> BinaryLabelDataset:
        """The people as AIF360 takes them."""
        columns = {f"x{i}": column for i, column in enumerate(self.X.T)} if features else {}
        frame = pd.DataFrame({**columns, "g": self.g.astype(float), "y": (self.y if labels is None else labels) * 1.0})
        dataset = BinaryLabelDataset(df=frame, label_names=["y"], protected_attribute_names=["g"])
        dataset.scores = self.scores.reshape(-1, 1)
        return dataset


@dataclass(frozen=True)
class Case:
    """One piece of work, done by us and by a peer, and what must hold of the two results."""

    name: str
    peer: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    agree: Callable[[Any, Any], bool]
    repeats: tuple[int, int] = (7, 3)


def cases(people: People) -> list[Case]:
    y, g, X, s = people.y, people.g, people.X, people.scores
    plain, decided = people.for_aif360(), people.for_aif360((s >= 0.5).astype(int))
    joined, group_column = np.column_stack([X, g]), [X.shape[1]]
    fitted = DummyClassifier().fit(X, y)
    found = [
        Case(
            "reweighing",
            "AIF360",
            lambda: preprocessing.reweighing_weights(y, sensitive_features=g),
            lambda: Reweighing(*GROUPS).fit_transform(plain).instance_weights,
            np.allclose,
        ),
        Case(
            "correlation remover",
            "Fairlearn",
            lambda: preprocessing.CorrelationRemover(sensitive_feature_ids=group_column).fit_transform(joined),
            lambda: fairlearn.preprocessing.CorrelationRemover(sensitive_feature_ids=group_column).fit_transform(
                joined
            ),
            np.allclose,
        ),
        Case(
            "reject option, 100 × 50 grid",
            "AIF360",
            lambda: reject(people),
            lambda: RejectOption(*GROUPS, metric_ub=0.05, metric_lb=-0.05).fit(plain, plain),
            lambda ours, theirs: (
                (ours.threshold_, ours.margin_) == (theirs.classification_threshold, theirs.ROC_margin)
            ),
            (7, 1),
        ),
        Case(
            "equalized odds",
            "AIF360",
            lambda: postprocessing.EqualizedOddsPostprocessing(objective="balanced_accuracy_score").fit(
                decided.labels.ravel(), y, sensitive_features=g
            ),
            lambda: EqOddsPostprocessing(*GROUPS).fit(plain, decided),
            lambda ours, theirs: balanced(people, decided, ours) >= balanced_aif360(people, decided, theirs) - 1e-6,
        ),
        Case(
            "calibrated equalized odds",
            "AIF360",
            lambda: postprocessing.CalibratedEqualizedOdds(cost_constraint="fnr").fit(s, y, sensitive_features=g),
            lambda: CalibratedEqOddsPostprocessing(*GROUPS, cost_constraint="fnr").fit(plain, plain),
            lambda ours, theirs: np.allclose(ours.mix_rate_, [theirs.unpriv_mix_rate, theirs.priv_mix_rate]),
        ),
    ]
    for constraint in ("demographic_parity", "equalized_odds", "true_positive_rate_parity"):
        found.append(
            Case(
                f"ThresholdOptimizer, {constraint}",
                "Fairlearn",
                lambda c=constraint: postprocessing.ThresholdOptimizer(constraints=c).fit(s, y, sensitive_features=g),
                lambda c=constraint: fairlearn.postprocessing.ThresholdOptimizer(
                    estimator=Scores(fitted, s), constraints=c, prefit=True, predict_method="predict_proba"
                ).fit(X, y, sensitive_features=g),
                lambda ours, theirs: accuracy_of(people, ours) >= accuracy_of_fairlearn(people, theirs) - 1e-3,
            )
        )
    if people.name == "audit lab":
        weights = {"Ax": 0.01, "Ay": 1.0, "Az": 50.0}
        scaled = people.for_aif360(features=True)
        found.append(
            Case(
                "LFR, 5 prototypes",
                "AIF360",
                lambda: preprocessing.LearnedFairRepresentations(
                    5, 2 * weights["Ax"] / X.shape[1], weights["Ay"], weights["Az"], random_state=0
                ).fit(X, y, sensitive_features=g),
                lambda: LFR(*GROUPS, k=5, **weights, seed=0).fit(scaled, maxiter=5000, maxfun=5000),
                lambda ours, theirs: True,
                (7, 1),
            )
        )
    return found


class Scores(DummyClassifier):
    """A fitted classifier that hands out ready-made scores, so that only the mitigation is timed."""

    def __init__(self, fitted: DummyClassifier, scores: np.ndarray):
        self.__dict__ |= fitted.__dict__
        self.fitted, self.scores = fitted, scores

    def predict_proba(self, X: Any) -> np.ndarray:
        return np.column_stack([1 - self.scores, self.scores])


def reject(people: People) -> Any:
    rule = postprocessing.RejectOptionClassification(privileged=1)
    return rule.fit(people.scores, people.y, sensitive_features=people.g)


def balanced(people: People, decided: BinaryLabelDataset, rule: Any) -> float:
    chance = rule.predict_proba(decided.labels.ravel(), sensitive_features=people.g)[:, 1]
    return balanced_accuracy(people, chance)


def balanced_aif360(people: People, decided: BinaryLabelDataset, rule: Any) -> float:
    p = np.array([rule.model_params.x[2:], rule.model_params.x[:2]])
    return balanced_accuracy(people, np.where(decided.labels.ravel() == 1, p[people.g, 0], p[people.g, 1]))


def balanced_accuracy(people: People, chance: np.ndarray) -> float:
    """Half the sum of the expected rates of right decisions over groups and labels."""
    right = np.where(people.y == 1, chance, 1 - chance)
    return float(np.mean([right[(people.g == a) & (people.y == label)].mean() for a in (0, 1) for label in (0, 1)]))


def accuracy_of(people: People, rule: Any) -> float:
    chance = rule.predict_proba(people.scores, sensitive_features=people.g)[:, 1]
    return float(np.where(people.y == 1, chance, 1 - chance).mean())


def accuracy_of_fairlearn(people: People, rule: Any) -> float:
    chance = rule._pmf_predict(people.X, sensitive_features=people.g)[:, 1]
    return float(np.where(people.y == 1, chance, 1 - chance).mean())


def seconds(function: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the median wall time of some calls, and what the last one returned."""
    times, result = [], function() if repeats > 1 else None
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


def main() -> None:
    lab, adult = datasets.make_audit_lab(), datasets.fetch_adult()
    print("| work | data | peer | Even Odds | peer's time |", "| --- | --- | --- | --- | --- |", sep="\n")
    for people in (
        People.of("audit lab", lab.X, lab.y, lab.sensitive["a"] == 0),
        People.of("Adult", adult.X, adult.y, adult.sensitive["sex"] == "Male"),
    ):
        for case in cases(people):
            ours, our_result = seconds(case.ours, case.repeats[0])
            theirs, their_result = seconds(case.theirs, case.repeats[1])
            if not case.agree(our_result, their_result):
                raise SystemExit(f"{case.name} on {people.name}: the answers differ")
            row = f"{case.name} | {people.name}, {len(people.y):,} | {case.peer}"
            print(f"| {row} | {1e3 * ours:.1f} ms | {theirs:.3g} s ({theirs / ours:,.1f} ×) |", flush=True)


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
