"""The numbers that lesson 11 states, computed another way: masks, other solvers, scikit-learn and sums by hand."""

from math import log
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, mutual_info_score, precision_score, recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evenodds.datasets import make_hiring
from evenodds.inprocessing import FairLogisticRegression

LESSON = Path(__file__).resolve().parents[2] / "course" / "11_penalties" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


class Case:
    """The shared case with one split; everything by mask, and a search by SLSQP with slopes in closed form."""

    def __init__(self, seed=0):
        data = make_hiring(n_samples=12_000).split(random_state=seed)
        scaler = StandardScaler().fit(data.X_train)
        self.A, self.B = (np.column_stack([scaler.transform(X), np.ones(len(X))]) for X in (data.X_train, data.X_test))
        self.y, self.label = data.y_train.to_numpy(), data.y_test.to_numpy()
        disabled = (data.sensitive["disability"] == "disabled").to_numpy()
        self.a, self.b = disabled[data.train_rows], disabled[data.test_rows]
        self.career_gap = data.X_test["career_gap"].to_numpy()
        nothing = make_pipeline(StandardScaler(), LogisticRegression()).fit(data.X_train, self.y)
        self.nothing, self.nothing_scores = nothing.predict(data.X_test), nothing.predict_proba(data.X_test)[:, 1]

    def error(self, theta, ridge=0.0):
        """Mean log loss and its slope."""
        z = self.A @ theta
        w = np.append(theta[:-1], 0)
        value = np.mean(np.log1p(np.exp(-np.where(self.y == 1, z, -z))))
        slope = self.A.T @ (expit(z) - self.y) / len(z)
        return value + ridge * w @ w / (2 * len(z)), slope + ridge * w / len(z)

    def behind(self, theta):
        """By how much disabled staff who did well are behind in mean score, and its slope."""
        value, slope = 0.0, 0.0
        for sign, side in ((1, ~self.a), (-1, self.a)):
            rows = self.A[side & (self.y == 1)]
            p = expit(rows @ theta)
            value, slope = value + sign * p.mean(), slope + sign * (p * (1 - p)) @ rows / len(rows)
        return value, slope

    def search(self, price=lambda gap: (0.0, 0.0), ridge=0.0, **options):
        """Minimise the log loss plus a function of the gap, given with its derivative."""

        def objective(theta):
            (value, slope), (gap, moves) = self.error(theta, ridge), self.behind(theta)
            extra, by_gap = price(gap)
            return value + extra, slope + by_gap * moves

        return minimize(objective, np.zeros(6), jac=True, method="SLSQP", options={"ftol": 1e-13}, **options).x

    def penalised(self, weight, ridge=0.0):
        return self.search(lambda gap: (weight * gap**2, 2 * weight * gap), ridge)

    def bounded(self, bound, ridge=0.0):
        room = {
            "type": "ineq",
            "fun": lambda theta: bound - self.behind(theta)[0],
            "jac": lambda theta: -self.behind(theta)[1],
        }
        return self.search(ridge=ridge, constraints=room)

    def invited(self, theta):
        return (self.B @ theta > 0).astype(int)

    def tpr(self, decided, disabled, also=True):
        here = (self.b == disabled) & also
        return recall_score(self.label[here], decided[here])

    def tpr_gap(self, decided):
        return self.tpr(decided, False) - self.tpr(decided, True)


@pytest.fixture(scope="module")
def case():
    return Case()


def test_the_incident(text, case):
    few, many = case.tpr(case.nothing, True), case.tpr(case.nothing, False)
    well = (case.label == 1) & case.b
    assert f"Of {well.sum()} disabled applicants who would do well, {100 * few:.1f} % are invited" in text
    assert f"of the others, {100 * many:.1f} %. The gap is {100 * (many - few):.1f} points" in text
    assert 7 / 8 < 1 - case.a.mean() < 0.9  # "seven in eight of our people are not disabled"


EIGHT = [(1, 0, 0.3), (1, 1, 0.6), (1, 1, 0.3), (0, 1, 0.8), (0, 0, 0.5), (0, 1, 0.7), (0, 0, 0.4), (0, 1, 0.6)]


def test_the_eight_people_by_hand(text):
    loss = -sum(log(p if y else 1 - p) for _, y, p in EIGHT) / 8
    means = {m: np.mean([p for n, _, p in EIGHT if n == m]) for m in (0, 1)}
    well = {m: np.mean([p for n, y, p in EIGHT if n == m and y]) for m in (0, 1)}
    assert f"members is (0.3 + 0.6 + 0.3) / 3 = {means[1]:.1f}, of the five others {means[0]:.1f}" in text
    assert f"it is {well[1]:.2f} − {well[0]:.1f} = −{well[0] - well[1]:.2f}" in text
    penalty = 3 * (means[1] - means[0]) ** 2
    assert f"the log loss is {loss:.4f}" in text
    assert f"= {penalty:.2f}$, in all {loss + penalty:.4f}" in text


def test_the_worked_examples(text):
    loss = -(log(0.5) + log(0.5) + log(0.8) + log(0.8)) / 4
    assert f"about `{loss + 2 * 0.3**2:.4f}`: the log loss {loss:.4f} and the penalty {2 * 0.3**2:.2f}" in text
    X, theta = np.array([[1, 1], [1, 1], [-1, 1], [0, 1.0]]), np.array([np.log(3), 0])
    y, member = np.array([1, 0, 0, 1]), np.array([1, 0, 0, 0])

    def value(theta):
        p = expit(X @ theta)
        return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + 3 * (p[member == 1].mean() - p[member == 0].mean()) ** 2

    steps = 1e-6 * np.eye(2)
    slope = [(value(theta + s) - value(theta - s)) / 2e-6 for s in steps]
    assert slope == pytest.approx([0.34375, 0.03125], abs=1e-7)
    assert "it returns `array([0.34375, 0.03125])`" in text
    assert expit(X @ theta) == pytest.approx([0.75, 0.75, 0.25, 0.5])


def test_the_sweep(text, case):
    rows = {weight: case.penalised(weight) for weight in (0, 10, 100)}
    gaps = {weight: case.behind(theta)[0] for weight, theta in rows.items()}
    assert f"{gaps[0]:.4f} to {gaps[100]:.4f}, and the log loss grows" in text
    assert case.error(rows[0])[0] < case.error(rows[10])[0] < case.error(rows[100])[0]
    assert f"At $\\lambda = 10$ the gap was {gaps[10]:.4f}, and one unit more of it costs" in text
    assert f"$2 \\cdot 10 \\cdot {gaps[10]:.4f} = {20 * gaps[10]:.2f}$" in text
    before, after = case.invited(rows[0]), case.invited(rows[10])
    points = [100 * case.tpr_gap(decided) for decided in (before, after)]
    assert f"true positive rates from {points[0]:.1f} points to {points[1]:.1f}. Disabled applicants rise" in text
    few, many = ([case.tpr(d, side) for d in (before, after)] for side in (True, False))
    risen = round(155 * (few[1] - few[0]))
    assert f"rise from {few[0]:.4f} to {few[1]:.4f}, which is {risen} more of the 155" in text
    assert f"the others fall from {many[0]:.4f} to {many[1]:.4f}" in text
    cost = accuracy_score(case.label, before) - accuracy_score(case.label, after)
    assert f"Accuracy falls by {100 * cost:.1f} points" in text


def test_every_step_costs_accuracy(case):  # the title of the figure
    path = [accuracy_score(case.label, case.invited(case.penalised(w))) for w in (0, 0.1, 1, 3, 10, 30, 100)]
    assert path == sorted(path, reverse=True)


def test_a_gap_that_is_not_squared_overshoots(text, case):
    gaps = [case.behind(case.search(lambda gap, w=w: (w * gap, w)))[0] for w in (0, 1, 3)]
    assert gaps[1] < 0
    assert f"and at 3 by {-gaps[2]:.3f}: more than the gap" in text
    assert -gaps[2] > gaps[0]


def test_the_price(text, case):
    bounds = 0.0195, 0.02, 0.0205
    losses = [case.error(case.bounded(bound))[0] for bound in bounds]
    price = (losses[0] - losses[2]) / 0.001
    assert f"settles at about {price:.2f}" in text
    assert f"the log loss would fall by about {price / 100:.3f}" in text
    library = FairLogisticRegression("equal_opportunity", method="lagrangian", difference_bound=0.02)
    library.fit(case.A[:, :-1], case.y, sensitive_features=case.a)
    assert len(library.history_) - 1 < 15


def test_with_too_large_a_rate_the_price_swings(case):
    prices = [0.0]
    for _ in range(8):
        gap = case.behind(case.search(lambda gap, price=prices[-1]: (price * gap, price)))[0]
        prices.append(max(0.0, prices[-1] + 20 * (gap - 0.02)))
    assert np.abs(np.diff(prices)).min() > 1


def test_the_index_of_ten_people(text):
    selected, group = [1] * 5 + [0] * 5, list("aaabbabbbb")
    assert f"= {mutual_info_score(selected, group):.4f}$" in text


def test_the_audit(text, case):
    theta = case.penalised(10, ridge=1.0)
    after, scores = case.invited(theta), expit(case.B @ theta)
    before = case.nothing
    assert f"the gap in true positive rates, {case.tpr_gap(before):.3f} to {case.tpr_gap(after):.3f}." in text
    (few, rise), (many, fall) = ([case.tpr(d, side) for d in (before, after)] for side in (True, False))
    assert (
        f"rising, from {few:.3f} to {rise:.3f}, and a quarter the others falling, from {many:.3f} to {fall:.3f}" in text
    )
    assert 0.72 < (rise - few) / (rise - few + many - fall) < 0.78  # "three quarters"
    cost = accuracy_score(case.label, before) - accuracy_score(case.label, after)
    assert f"accuracy, by {100 * cost:.1f} points" in text

    def precision_gap(decided):
        return np.ptp([precision_score(case.label[case.b == side], decided[case.b == side]) for side in (True, False)])

    assert f"the gap in precision, {precision_gap(before):.3f} to {precision_gap(after):.3f}" in text
    too_high = [100 * (p[case.b].mean() - case.label[case.b].mean()) for p in (case.nothing_scores, scores)]
    assert abs(too_high[0]) < 0.5  # "at the share who do well before"
    assert f"is now {too_high[1]:.0f} points *above* it" in text
    lost, gained = (before == 1) & (after == 0), (before == 0) & (after == 1)
    assert f"{lost.sum()} people lose an invitation, {(lost & (case.label == 1)).sum()} of whom" in text
    assert f"and {(lost & case.b).sum()} of the {lost.sum()} are disabled" in text
    assert f"{gained.sum()} gain one, {(gained & ~case.b).sum()} of them not disabled" in text


def test_ten_splits(text):
    rows = []
    for seed in range(10):
        case = Case(seed)
        after = case.invited(case.penalised(10, ridge=1.0))
        accuracies = [accuracy_score(case.label, d) for d in (case.nothing, after)]
        rows.append([case.tpr_gap(case.nothing), abs(case.tpr_gap(after)), accuracies[0] - accuracies[1]])
    before, after, cost = np.array(rows).T
    assert (after < before).all()
    assert f"with the penalty, {after.max():.3f}, is below the smallest without, {before.min():.3f}" in text
    assert f"on average from {before.mean():.3f} to {after.mean():.3f}, for {100 * cost.mean():.1f} points of" in text


def test_what_the_bound_holds(text, case):
    theta = case.bounded(0.02, ridge=1.0)
    decided, well = case.A @ theta > 0, case.y == 1
    gap = decided[well & ~case.a].mean() - decided[well & case.a].mean()
    assert f"{case.behind(theta)[0]:.3f} in one cell of four. The gap of *decisions* is {gap:.3f} already" in text
    assert f"and {case.tpr_gap(case.invited(theta)):.3f} among the applicants" in text


def test_by_which_column(text, case):
    before, after = case.penalised(0, ridge=1.0), case.penalised(10, ridge=1.0)
    assert 0.36 < 1 - after[2] / before[2] < 0.4  # "loses nearly two fifths of its weight"
    assert f"the career gap goes from {before[4]:.2f} to {after[4]:.2f}" in text
    assert f"`referred` goes from {before[3]:.2f} to −{-after[3]:.2f}" in text
    decided = case.nothing, case.invited(after)
    long = case.career_gap >= 12
    gapped, others = ([case.tpr(d, True, also) for d in decided] for also in (long, ~long))
    assert f"a year or more out of work, from {gapped[0]:.3f} to {gapped[1]:.3f}" in text
    people = (case.b & ~long & (case.label == 1)).sum()
    assert f"The {people} disabled people with less" in text
    assert f"{others[0]:.3f} and {others[1]:.3f}, and are now *behind*" in text
    assert people > 155 / 2  # "most of the group"
    average = case.tpr(decided[1], True) - case.tpr(decided[0], True)
    assert f"rose by {100 * average:.0f} points" in text
    assert case.tpr(decided[1], False, long) > case.tpr(decided[0], False, long)  # "gains too"


def test_the_essays_numbers(text, case):
    after = case.invited(case.penalised(10, ridge=1.0))
    rates = [100 * case.tpr(d, side) for side in (True, False) for d in (case.nothing, after)]
    assert f"{rates[0]:.1f} % were invited; it is {rates[1]:.1f} % now" in text
    assert f"it was {rates[2]:.1f} % and is {rates[3]:.1f} %" in text
    gaps = [100 * case.tpr_gap(d) for d in (case.nothing, after)]
    assert f"from {gaps[0]:.1f} points to {gaps[1]:.1f}" in text
