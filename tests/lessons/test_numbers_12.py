"""The numbers that lesson 12 states, computed another way: loops over people, plain scikit-learn, and Fairlearn."""

from itertools import product
from math import exp
from pathlib import Path

import numpy as np
import pytest
from fairlearn.reductions import DemographicParity as TheirParity
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from evenodds.datasets import make_audit_lab, make_hiring
from evenodds.inprocessing import (
    DemographicParity,
    EqualizedOdds,
    ExponentiatedGradient,
    GridSearch,
    TruePositiveRateParity,
)

LESSON = Path(__file__).resolve().parents[2] / "course" / "12_reductions" / "lesson.md"
LAB = make_audit_lab()
X, Y, GROUP = LAB.X_train, LAB.y_train.to_numpy(), LAB.a_train.to_numpy()
NEW_Y, NEW_GROUP = LAB.y_test.to_numpy(), LAB.a_test.to_numpy()


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def rate(chances, *masks):
    return chances[np.logical_and.reduce(masks)].mean()


def by_group(q, y, group, groups=(0, 1)):
    """Selection rates, true positive rates and accuracy."""
    return (
        [rate(q, group == g) for g in groups],
        [rate(q, group == g, y == 1) for g in groups],
        np.where(y == 1, q, 1 - q).mean(),
    )


def logistic():
    return LogisticRegression(max_iter=2000)


@pytest.fixture(scope="module")
def before():
    return logistic().fit(X, Y).predict(LAB.X_test).astype(float)


@pytest.fixture(scope="module")
def enforced():
    return ExponentiatedGradient(logistic(), DemographicParity()).fit(X, Y, sensitive_features=GROUP)


@pytest.fixture(scope="module")
def chances(enforced):
    decisions = np.array([p.predict(LAB.X_test) for p in enforced.predictors_])
    return (enforced.weights_[:, None] * decisions).sum(axis=0)


def test_the_incident(text, before, chances):
    selected, tpr, accuracy = by_group(before, NEW_Y, NEW_GROUP)
    later, tpr_later, accuracy_later = by_group(chances, NEW_Y, NEW_GROUP)
    assert f"{len(Y):,} earlier applicants and decides about {len(NEW_Y)} new ones" in text
    assert f"{100 * selected[0]:.1f} % against {100 * selected[1]:.1f} %" in text
    gaps = 100 * (selected[0] - selected[1]), 100 * (later[0] - later[1])
    assert f"a gap of {gaps[0]:.1f} points" in text
    assert f"It was {gaps[0]:.1f} points and is now {gaps[1]:.1f}" in text
    assert f"The gap is {gaps[1]:.1f} points, as reported" in text
    assert f"{tpr[0]:.3f} and {tpr[1]:.3f}, a gap of {100 * (tpr[0] - tpr[1]):.1f} points" in text
    assert f"{100 * tpr_later[0]:.1f} % of those who would finish in group 0" in text
    assert f"{100 * tpr_later[1]:.1f} % in group 1" in text
    assert f"Accuracy fell from {accuracy:.3f} to {accuracy_later:.3f}" in text
    assert f"*everybody* would be right about {(NEW_Y == 0).mean():.3f}" in text
    higher = chances > before
    assert f"{higher.sum()} people have a higher chance than before, and only {NEW_Y[higher].sum()} of them" in text
    finishers = (NEW_Y[NEW_GROUP == 1] == 1).sum()
    assert f"Of group 1 only {finishers} would finish" in text
    assert (tpr[0] - tpr[1]) * finishers < 1  # "less than one person"
    assert f"fell from {gaps[0]:.1f} to {gaps[1]:.1f} points, as you asked" in text
    assert [round(100 * t) for t in (*tpr, *tpr_later)] == [80, 78, 21, 23]  # the essay's model answer


def test_the_six_by_fractions(text):
    group, y = "aaaabb", [1, 1, 1, 0, 1, 0]

    def lagrangian(way, price):
        r_a = sum(d for d, g in zip(way, group, strict=True) if g == "a") / 4
        return sum(d != t for d, t in zip(way, y, strict=True)) / 6 + price * (r_a - sum(way) / 6)

    ways = list(product([0, 1], repeat=6))
    assert "decided in 64 ways" in text
    assert len(ways) == 64
    assert min(ways, key=lambda way: lagrangian(way, 1.2)) == (1, 1, 1, 0, 1, 1)
    assert min(ways, key=lambda way: lagrangian(way, 0.8)) == (1, 1, 1, 0, 1, 0)
    worth = [6 * (lagrangian((0,) * 6, 1.2) - lagrangian(tuple(int(i == k) for i in range(6)), 1.2)) for k in range(6)]
    assert worth == pytest.approx([0.4, 0.4, 0.4, -1.6, 2.2, 0.2])
    assert "**0.4** | **−1.6** | **2.2** | **0.2**" in text
    assert f"= 3/4 - 4/6 = {3 / 4 - 4 / 6:.3f}" in text
    assert f"= 1/2 - 4/6 = {1 / 2 - 4 / 6:.3f}" in text
    assert pytest.approx(1.8) == 6 * 1.2 / 4
    assert "and costs $6 \\cdot 1.2 / 4 = 1.8$" in text


@pytest.fixture(scope="module")
def path():
    """Answers to nine prices, with Fairlearn's signed weights."""
    theirs = TheirParity()
    theirs.load_data(X, Y, sensitive_features=GROUP)
    found = []
    for price in np.arange(9) / 5:
        lam = theirs.bound() * 0
        lam["+", "all", 0] = price
        worth = (theirs.signed_weights(lam) + 2 * Y - 1).to_numpy()
        decided = logistic().fit(X, worth > 0, sample_weight=abs(worth)).predict(X)
        found.append((price, ((worth > 0) != Y).sum(), decided))
    return found


def test_the_path_of_prices(text, path):
    turned = {round(price, 1): n for price, n, _ in path}
    assert all(turned[price] == 0 for price in (0.2, 0.4, 0.6, 0.8))
    assert f"At 1.0 the labels of {turned[1.0]} people are turned: all of group 0 with label 1" in text
    assert turned[1.0] == ((GROUP == 0) & (Y == 1)).sum()
    assert f'they are back as "select", and {turned[1.2]:,} labels are turned' in text
    assert turned[1.2] == ((GROUP == 0) == (Y == 1)).sum()
    gap = {round(price, 1): rate(d, GROUP == 0) - rate(d, GROUP == 1) for price, _, d in path}
    assert gap[1.2] > 0 > gap[1.4]


def test_the_weights_at_three_prices(text):
    def worth(price):
        n = len(Y)
        return [
            2 * int(y) - 1 + price - (price * n / (GROUP == 0).sum() if g == 0 else 0)
            for y, g in zip(Y, GROUP, strict=True)
        ]

    at = {price: np.array(worth(price)) for price in (0.8, 1.0, 1.2)}
    assert f"group 0's qualified people hardly count: {at[0.8][(GROUP == 0) & (Y == 1)][0]:.2f} each" in text
    assert np.allclose(at[1.0][(GROUP == 1) & (Y == 0)], 0)
    assert f"The {((GROUP == 1) & (Y == 0)).sum()} of group 1 with label 0 have dropped out" in text
    weight, labels = abs(at[1.2]), at[1.2] > 0
    turned = labels != Y
    assert f"The turned have only {100 * weight[turned].sum() / weight.sum():.0f} % of the weight" in text
    assert round(3 * weight[~labels].sum() / weight.sum()) == 2
    assert "the two thirds of the weight with label 0" in text
    scores = logistic().fit(X, Y).predict_proba(X)[:, 1]
    means = [rate(scores, g == GROUP, k == Y) for g, k in ((1, 0), (0, 0), (1, 1), (0, 1))]
    assert means == sorted(means)  # "with the highest scores", "with the lowest"
    shrunk, before = (logistic().fit(X, at[p] > 0, sample_weight=abs(at[p])).coef_[0] for p in (1.2, 0.8))
    without = logistic().fit(X[~turned], labels[~turned], sample_weight=weight[~turned]).coef_[0]
    assert (shrunk < before).all()
    assert (shrunk < without).all()  # it is the turned who flatten


def test_prices_by_hand_and_the_best_lottery(text, path):
    below = 1 + exp(1) + exp(-0.5)
    assert f"$1 + {exp(1):.3f} + {exp(-0.5):.3f} = {below:.3f}$" in text
    assert f"$\\lambda = ({10 * exp(1) / below:.2f}, {10 * exp(-0.5) / below:.2f})$" in text
    second, third = exp(-1) / (1 + exp(-1)), 2 * exp(-2) / (1 + exp(-2))
    for price, plays in ((1, 1), (2 * second, 1), (third, 0)):
        assert np.argmin([0.1 + 0.2 * price, 0.3 - 0.2 * price]) == plays
    assert f"are 1, {2 * second:.3f} and {third:.3f}, the rounds are played by 1, 1 and 0" in text
    errors = np.array([(d != Y).mean() for _, _, d in path])
    excess = np.array([[rate(d, g == GROUP) - d.mean() for g in (0, 1)] for _, _, d in path])
    broken = np.hstack([excess, -excess]) - 0.01
    best = linprog(errors, A_ub=broken.T, b_ub=np.zeros(4), A_eq=np.ones((1, 9)), b_eq=[1])
    assert best.x.round(1).tolist() == [0, 0, 0, 0, 0, 0, 0.4, 0.6, 0]
    assert "0.6 of the answer to price 1.4, 0.4 of that to 1.2" in text
    assert f"Its own price, {-best.ineqlin.marginals[0]:.3f}," in text


def test_the_lottery(text, enforced, chances):
    between = (chances > 0.001) & (chances < 0.999)
    assert f"{between.sum()} of {len(chances)} people have neither chance 0 nor chance 1" in text
    assert 0.22 < (2 * chances * (1 - chances))[between].mean() < 0.26  # "on average one in four"
    shares = sorted(enforced.weights_[enforced.weights_ > 0])
    assert f"two classifiers are left, with shares of {shares[0]:.3f} and {shares[1]:.3f}" in text
    draws = [enforced.predict(LAB.X_test, random_state=seed) for seed in range(200)]
    gaps = [rate(d, NEW_GROUP == 0) - rate(d, NEW_GROUP == 1) for d in draws]
    assert max(gaps) - min(gaps) > 0.04  # "a single draw strays by several points"


def test_the_grid(text):
    search = GridSearch(logistic(), DemographicParity(), grid_size=21).fit(X, Y, sensitive_features=GROUP)
    assert len(search.predictors_) == 21
    assert "A grid of 21 prices" in text
    assert 5 ** (2 * 4) == 390_625
    assert "would need $5^8$ = 390,625 trainings" in text
    net = (search.lambda_vecs_.loc[("+", "all", 0)] - search.lambda_vecs_.loc[("-", "all", 0)]).to_numpy()
    at = search.predictors_[int(abs(net - 1.2).argmin())].predict(LAB.X_test)
    gap = rate(at, NEW_GROUP == 0) - rate(at, NEW_GROUP == 1)
    assert f"price 1.2 has a smaller gap than the large tree, {gap:.3f}" in text
    assert f"a smaller error, {(at != NEW_Y).mean():.3f} against 0.300" in text
    assert "0.003 is two of 660" in text
    assert round(0.003 * 660) == 2


def test_three_constraints(text):
    found = {}
    for constraint in (TruePositiveRateParity(), EqualizedOdds()):
        game = ExponentiatedGradient(logistic(), constraint).fit(X, Y, sensitive_features=GROUP)
        found[type(constraint)] = by_group(game.predict_proba(LAB.X_test)[:, 1], NEW_Y, NEW_GROUP)
    _, tpr, accuracy = found[TruePositiveRateParity]
    assert f"true positive rates are {tpr[0]:.3f} and {tpr[1]:.3f}, accuracy is {accuracy:.3f}" in text
    assert pytest.approx(40 / 51, abs=5e-4) == 0.784
    assert tpr[1] == pytest.approx(41 / 51, abs=5e-4)  # "one person more of 51"
    finish = [(NEW_Y[g == NEW_GROUP] == 1).sum() for g in (0, 1)]
    people = [(g == NEW_GROUP).sum() for g in (0, 1)]
    assert f"{finish[0]} of {people[0]} and {finish[1]} of {people[1]} would finish" in text


def test_parity_by_a_model_that_sees_the_group(text):
    game = ExponentiatedGradient(logistic(), DemographicParity())
    game.fit(X.assign(group=GROUP), Y, sensitive_features=GROUP)
    q = game.predict_proba(LAB.X_test.assign(group=NEW_GROUP))[:, 1]
    selected, tpr, accuracy = by_group(q, NEW_Y, NEW_GROUP)
    assert f"Accuracy is {accuracy:.3f}, not 0.652" in text
    assert f"true positive rates are {tpr[0]:.3f} and {tpr[1]:.3f}" in text
    assert abs(selected[0] - selected[1]) < 0.02


def test_other_samples(text):
    before, after = [], []
    for seed in range(5):
        lab = make_audit_lab(random_state=seed)
        y, of = lab.y_test.to_numpy(), lab.a_test.to_numpy()
        plain = logistic().fit(lab.X_train, lab.y_train).predict(lab.X_test)
        game = ExponentiatedGradient(logistic(), DemographicParity())
        game.fit(lab.X_train, lab.y_train, sensitive_features=lab.a_train)
        before.append(by_group(plain, y, of)[1])
        after.append(by_group(game.predict_proba(lab.X_test)[:, 1], y, of)[1])
    before, after = np.array(before), np.array(after)
    assert f"to between {after.min():.3f} and {after.max():.3f}" in text
    assert (after < before).all()
    assert (after[:, 1] > after[:, 0]).all()
    assert after[:, 0].min() > 0.213
    assert after[:, 1].min() > 0.234
    gaps = sorted(before[:, 0] - before[:, 1])
    assert "in two of the five it is above 0.10" in text
    assert gaps[-3] < 0.1 < gaps[-2]
    assert max(map(abs, gaps[:-2])) < 0.05


def test_the_price_of_true_positive_rate_parity(text):
    n, counted = len(Y), Y == 1
    first = counted & (GROUP == 0)
    worth = 2.0 * Y - 1 + n / counted.sum() * counted - n / first.sum() * first
    decided = logistic().fit(X, worth > 0, sample_weight=abs(worth)).predict(X)
    assert ((worth > 0) == Y).all()  # no label is turned
    assert abs(rate(decided, first) - rate(decided, GROUP == 1, counted)) < 0.005
    assert "the true positive rates meet at a price of 1.0" in text


def test_learners(text):
    gaps, accuracies = {}, {}
    for learner in (
        logistic(),
        DecisionTreeClassifier(max_depth=4, random_state=0),
        DecisionTreeClassifier(random_state=0),
    ):
        game = ExponentiatedGradient(learner, DemographicParity(), max_iter=15).fit(X, Y, sensitive_features=GROUP)
        q, q_new = game.predict_proba(X)[:, 1], game.predict_proba(LAB.X_test)[:, 1]
        gaps[str(learner)] = abs(rate(q_new, NEW_GROUP == 0) - rate(q_new, NEW_GROUP == 1))
        accuracies[str(learner)] = np.where(NEW_Y == 1, q_new, 1 - q_new).mean()
        assert f"{abs(rate(q, GROUP == 0) - rate(q, GROUP == 1)):.3f}" == "0.019"
        assert 10 <= game.n_oracle_calls_ <= 30  # "around twenty trainings"
    small, large = list(gaps.values())[1:]
    assert f"the gap is {small:.3f} for the small tree and {large:.3f} for the large one" in text
    assert "with a gap of 0.019" in text
    first = list(accuracies.values())
    assert min(first[1:]) > first[0]  # "The trees seem to keep more accuracy"
    assert f"against {1 - first[2]:.3f}. Compare methods" in text


def employer_lottery(part, constraint):
    rule = ExponentiatedGradient(
        make_pipeline(StandardScaler(), LogisticRegression()),
        constraint,
        sample_weight_name="logisticregression__sample_weight",
    )
    return rule.fit(part.X_train, part.y_train, sensitive_features=part.train.sensitive["disability"])


def test_the_shared_case(text):
    hiring = make_hiring(n_samples=12_000).split(random_state=0)
    group, y = hiring.test.sensitive["disability"].to_numpy(), hiring.y_test.to_numpy()
    names = ("disabled", "not disabled")
    plain = make_pipeline(StandardScaler(), LogisticRegression()).fit(hiring.X_train, hiring.y_train)
    old = plain.predict(hiring.X_test).astype(float)
    new = employer_lottery(hiring, TruePositiveRateParity()).predict_proba(hiring.X_test)[:, 1]
    (_, tpr, accuracy), (_, later, accuracy_later) = (by_group(q, y, group, names) for q in (old, new))
    assert f"falls from {tpr[1] - tpr[0]:.3f} to {later[1] - later[0]:.3f}. Disabled" in text
    assert f"invited in {100 * later[0]:.1f} % of cases, up from {100 * tpr[0]:.1f} %" in text
    assert f"the others in {100 * later[1]:.1f} %, down from {100 * tpr[1]:.1f} %" in text
    lost = np.maximum(old - new, 0)
    assert f"{lost.sum():.0f} are lost in expectation, {(lost * y).sum():.0f} of them" in text
    gained, disabled = np.maximum(new - old, 0), group == "disabled"
    assert f"{gained.sum():.0f} are gained, {gained[~disabled].sum():.0f} of them by people who are not" in text
    net = (gained - lost)[disabled].sum(), (lost - gained)[~disabled].sum()
    assert f"have {net[0]:.0f} invitations more, and the others, seven times as many people, {net[1]:.0f} fewer" in text
    other = employer_lottery(hiring, DemographicParity()).predict_proba(hiring.X_test)[:, 1]
    tpr_other = by_group(other, y, group, names)[1]
    assert f"lowest rate, {min(tpr_other):.3f} against {min(later):.3f}" in text
    assert f"loses {np.maximum(old - other, 0).sum():.0f} invitations instead of {lost.sum():.0f}" in text
    assert f"same gap, {abs(np.diff(tpr_other)[0]):.3f} against {abs(np.diff(later)[0]):.3f}" in text
    assert f"Accuracy falls from {accuracy:.3f} to {accuracy_later:.3f}" in text
    ppv = [[(q * y)[group == g].sum() / q[group == g].sum() for g in names] for q in (old, new)]
    assert f"precision widens from {np.ptp(ppv[0]):.3f} to {np.ptp(ppv[1]):.3f}" in text
    assert ppv[1][0] < ppv[1][1]
    assert round((~disabled).sum() / disabled.sum()) == 7
    assert "seven times as many people" in text
    assert f"{(disabled & (y == 1)).sum()} disabled people in the first test part did well" in text
    shares = [y[group == g].mean() for g in names]
    assert f"{100 * shares[0]:.0f} % of {disabled.sum()}" in text
    assert f"Here {100 * shares[0]:.0f} % and {100 * shares[1]:.0f} % did well" in text
    assert round(100 * 10 / 155) == 6
    assert "ten of them move the rate by six points" in text


def test_five_splits(text):
    hiring, gaps = make_hiring(n_samples=12_000), []
    for seed in range(5):
        part = hiring.split(random_state=seed)
        rule = employer_lottery(part, TruePositiveRateParity())
        row = []
        for people, y, of in (
            (part.X_train, part.y_train, part.train.sensitive["disability"]),
            (part.X_test, part.y_test, part.test.sensitive["disability"]),
        ):
            _, tpr, _ = by_group(
                rule.predict_proba(people)[:, 1], y.to_numpy(), of.to_numpy(), ("disabled", "not disabled")
            )
            row.append(tpr[1] - tpr[0])
        gaps.append(row)
    learned, new = np.array(gaps).T
    assert (learned.round(3) == 0.011).all()
    assert sorted(map(int, (np.sum(new > 0), np.sum(new < 0)))) == [2, 3]  # "one way in three and the other way in two"
    assert f"it lies between −{-new.min():.3f} and {new.max():.3f}" in text
