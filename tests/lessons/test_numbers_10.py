"""The numbers that lesson 10 states, computed another way: loops, scikit-learn's metrics, masks and brute force.

What a search for prototypes arrives at may differ a little between machines; such numbers are held to a tolerance.
"""

import ast
import math
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, recall_score, roc_auc_score
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from evenodds.datasets import make_hiring
from evenodds.preprocessing import LearnedFairRepresentations, OptimizedPreprocessing

LESSON = Path(__file__).resolve().parents[2] / "course" / "10_representations" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def world():
    hiring = make_hiring(n_samples=12_000).split(random_state=0)
    newcomers = make_hiring(n_samples=40_000, random_state=1)
    scaler = StandardScaler().fit(hiring.X_train)

    def people(data):
        return scaler.transform(data.X), data.y.to_numpy(), (data.sensitive["disability"] == "disabled").to_numpy()

    return {"staff": people(hiring.train), "applicants": people(hiring.test), "newcomers": people(newcomers)} | {
        "hiring": hiring,
        "fresh": newcomers,
        "scaler": scaler,
    }


def learned(world, A_z, K=2):
    X, y, disabled = world["staff"]
    return LearnedFairRepresentations(K, 0.1, 1.0, A_z, random_state=0).fit(X, y, sensitive_features=disabled)


@pytest.fixture(scope="module")
def found(world):
    """What the search finds, here."""
    return learned(world, 10)


@pytest.fixture(scope="module")
def fair(text, found):
    """The representation that the lesson publishes."""
    published = ast.literal_eval(re.search(r"published = (\{.*?\})", text)[1])
    return SimpleNamespace(**{name: np.array(numbers) for name, numbers in published.items()})


def profiles(learner, X):
    """Memberships by their definition, one prototype at a time."""
    away = np.column_stack([np.sqrt((learner.alpha_ * (X - v) ** 2).sum(axis=1)) for v in learner.prototypes_])
    powers = np.exp(-away)
    return powers / powers.sum(axis=1, keepdims=True)


def mixed(learner, X):
    return profiles(learner, X) @ learner.coef_


def rates(scores, y, disabled):
    invited = scores >= 0.5
    return [recall_score(y[side], invited[side]) for side in (disabled, ~disabled)]


def stated(text, template, *values, within=0.02):
    """The text has the template, with numbers that are these values, nearly."""
    found = re.search(re.escape(template).replace(re.escape("{}"), r"(\d+(?:\.\d+)?)"), text)
    assert found, template
    assert [float(number) for number in found.groups()] == pytest.approx(values, abs=within)


def baseline(world):
    X, y, _ = world["staff"]
    return LogisticRegression().fit(X, y)


def test_the_incident(text, world):
    X, y, disabled = world["applicants"]
    here = rates(baseline(world).predict_proba(X)[:, 1], y, disabled)
    assert f"who did well {100 * here[0]:.1f} % are invited, of the others {100 * here[1]:.1f} %" in text
    n = int((disabled & (y == 1)).sum())
    assert f"rests on {n} people, and could be {196 * math.sqrt(here[0] * (1 - here[0]) / n):.0f} points off" in text
    X, y, disabled = world["newcomers"]
    scores = baseline(world).predict_proba(X)[:, 1]
    there = rates(scores, y, disabled)
    assert f"TPR {there[0]:.3f} and {there[1]:.3f}, a gap of {100 * (there[1] - there[0]):.0f} points" in text
    assert f"now {(disabled & (y == 1)).sum():,} disabled people stand behind" in text
    tree = DecisionTreeClassifier(max_depth=5, min_samples_leaf=50).fit(world["staff"][0], world["staff"][2])
    found = roc_auc_score(disabled, tree.predict_proba(X)[:, 1])
    assert f"The columns recover the group with an AUC of {found:.3f}" in text


def test_the_eight_by_hand(text):
    x = [1, 1, 0.5, 0, -1, 0, -0.5, -1]
    second = [math.exp(-abs(v - 1)) / (math.exp(-abs(v - 1)) + math.exp(-abs(v + 1))) for v in x]
    row = " | ".join(f"{m:.2f}" for m in second[:5]) + f" | **{np.mean(second[:5]):.2f}** | "
    assert row + " | ".join(f"{m:.2f}" for m in second[5:]) + f" | **{np.mean(second[5:]):.2f}**" in text
    first = [1 - m for m in second]
    assert " | ".join(f"{m:.2f}" for m in first[:5]) + f" | **{np.mean(first[:5]):.2f}**" in text
    assert f"the powers $e^{{-1.5}} = {math.exp(-1.5):.3f}$ and $e^{{-0.5}} = {math.exp(-0.5):.3f}$" in text
    assert f"the shares $0.223 / 0.830 = {0.223 / 0.830:.2f}$ and $0.73$" in text
    assert f"({np.mean(second[:5]) - np.mean(second[5:]):.2f} if nothing is rounded" in text
    back = second[0] - first[0]
    assert f"$\\hat x = -0.12 + 0.88 = {back:.2f}$, and the square is $0.24^2 = {(1 - back) ** 2:.2f}$" in text
    assert f"0.12 \\cdot 0.2 + 0.88 \\cdot 0.8 = {0.2 * first[0] + 0.8 * second[0]:.2f}$" in text


def test_profiles_of_two_prototypes(text, world, found, fair):
    X, y, disabled = world["newcomers"]
    scores = mixed(fair, X)
    ours, others = rates(scores, y, disabled)
    before = baseline(world).predict_proba(X)[:, 1]
    assert ours > others
    for name in ("prototypes_", "coef_", "alpha_"):
        np.testing.assert_allclose(getattr(fair, name), getattr(found, name), atol=0.05)
    stated(text, "The gap is {}, and it points the other way", ours - others)
    stated(text, "{} % of the disabled are invited, and {} % of the others", 100 * ours, 100 * others, within=2)
    stated(text, "Disabled newcomers come out {} points ahead", 100 * (ours - others), within=0.5)
    stated(
        text, "falls from {} to {}. That is the price", *(roc_auc_score(y, s) for s in (before, scores)), within=0.005
    )
    tree = DecisionTreeClassifier(max_depth=5, min_samples_leaf=50)
    tree.fit(profiles(fair, world["staff"][0]), world["staff"][2])
    found = roc_auc_score(disabled, tree.predict_proba(profiles(fair, X))[:, 1])
    stated(text, "a tree cannot recover the group any more, {}.", found, within=0.03)


def test_the_price_as_the_weight_grows(text, world):
    """ "Little happens up to 0.3, nearly everything before 1", one step more up to 1.5, and nothing after that."""
    X, y, disabled = world["newcomers"]
    gaps, aucs, apart = [], [], []
    for A_z in (0, 0.3, 1, 1.5, 3):
        learner = learned(world, A_z)
        M = profiles(learner, X)
        gaps.append(np.abs(M[disabled].mean(axis=0) - M[~disabled].mean(axis=0)).mean())
        aucs.append(roc_auc_score(y, mixed(learner, X)))
        apart.append(np.subtract(*rates(mixed(learner, X), y, disabled)))
    assert gaps[1] > 0.75 * gaps[0]
    assert max(gaps[2:]) < 0.15 * gaps[0]
    assert aucs[2] - aucs[3] > 0.004
    assert aucs[3] == pytest.approx(aucs[4], abs=0.002)
    assert 0 < apart[2] <= apart[3]
    assert apart[3] == pytest.approx(apart[4], abs=0.005)
    assert "Little happens up to 0.3, nearly everything before 1. From there to 1.5 the AUC falls a last step" in text


def test_how_it_became_fair(text, world, fair):
    loose = learned(world, 0)
    months = {}
    for name, learner in (("loose", loose), ("fair", fair)):
        points = world["scaler"].inverse_transform(learner.prototypes_)[:, 4]
        months[name] = points[np.argsort(learner.coef_)]
    assert "({:.0f} months against {:.0f})".format(*months["loose"][::-1]) in text
    stated(text, "*promising* prototype has a gap of {} months, the other one of minus {}.", months["fair"][1],
           -months["fair"][0], within=1)  # fmt: skip
    assert [loose.alpha_.argmin(), fair.alpha_.argmax()] == [4, 4]


def test_whom_the_bonus_reaches(text, world, fair):
    X, y, disabled = world["newcomers"]
    long = (world["fresh"].X["career_gap"] >= 12).to_numpy()
    before, after = baseline(world).predict_proba(X)[:, 1] >= 0.5, mixed(fair, X) >= 0.5

    def both(side):
        return [decided[side & (y == 1)].mean() for decided in (before, after)]

    stated(text, "gain a great deal, {} to {}.", *both(disabled & long), within=0.002)
    stated(text, "nothing gets better ({} and {})", *both(disabled & ~long), within=0.002)
    stated(text, "without a long gap pay, {} to {}.", *both(~disabled & ~long), within=0.002)
    stated(text, "reach the same rate, {} to {}:", *both(~disabled & long), within=0.002)
    able = disabled & (y == 1)
    assert f"Of the {able.sum():,} disabled people, {(able & ~long).sum():,} have no long gap" in text


def test_the_coins_by_hand(text):
    people = np.array([[9, 1, 3, 3], [8, 4, 4, 8]], dtype=float)
    after = people.copy()
    for group, cell, to in [(0, 0, 1), (0, 2, 3), (1, 1, 0), (1, 3, 2)]:
        after[group, cell] -= 0.2 * people[group, cell]
        after[group, to] += 0.2 * people[group, cell]
    assert after[:, [1, 3]].sum(axis=1) == pytest.approx([6.4, 9.6])
    assert "$6.4 / 16 = 0.4$ and $9.6 / 24 = 0.4$" in text
    old, new = people.sum(axis=0), after.sum(axis=0)
    listed = [", ".join(f"{n:.0f}" for n in cells) for cells in (old, new)]
    assert f"from {listed[0]} to {listed[1]}: $\\frac12 \\cdot 4 / 40 = {np.abs(new - old).sum() / 80:.2f}$" in text
    assert f"$4.8 / 40 = {0.2 * (12 + 12) / 40:.2f}$" in text


def best_variation_with_label_flips_only(cap):
    """Brute force over maps of the forty that change labels only and end at 0.4: the least variation."""
    best = math.inf
    steps = np.linspace(0, cap, 41)
    for low in steps:
        high = (2.4 - 9 * low) / 3
        for others_low in steps:
            others_high = (2.4 - 4 * others_low) / 8
            if min(high, others_high) >= -1e-9 and max(high, others_high) <= cap + 1e-9:
                best = min(best, (abs(9 * low - 4 * others_low) + abs(3 * high - 8 * others_high)) / 40)
    return best


def test_the_program_on_the_forty(text):
    assert best_variation_with_label_flips_only(0.5) == pytest.approx(0, abs=1e-3)
    assert "At the same mean distortion as the coins, 0.12, the program leaves the table as it is" in text
    cells = [(0, 0), (0, 1), (1, 0), (1, 1)]
    counts = [[9, 1, 3, 3], [8, 4, 4, 8]]
    people = pd.DataFrame(
        [(g, *cell) for g in (0, 1) for cell, n in zip(cells, counts[g], strict=True) for _ in range(n)],
        columns=["group", "score", "well"],
    )

    def solved(cap):
        program = OptimizedPreprocessing(epsilon=0, max_distortion=cap)
        return program.fit(people[["score"]], people["well"], sensitive_features=people["group"])

    assert solved(0.5).expected_distortion_ == pytest.approx(0.12, abs=1e-6)
    held = solved(0.2)
    assert f"the variation is {held.objective_:.3f}, half of that of the coins" in text
    assert f"the mean distortion rises to {held.expected_distortion_:.3f}" in text
    with pytest.raises(ValueError, match="no map"):
        solved(0.1)
    assert "With a cap of 0.1 there is no such map" in text
    assert 0.25 + 0.1 * 0.75 < 0.5 - 0.1 * 0.5  # flips of at most 0.1 cannot make the rates meet


@pytest.fixture(scope="module")
def optimized(world):
    hiring = world["hiring"]

    def binned(X):
        return pd.DataFrame(
            {
                "score": pd.cut(X["test_score"], [-1, 51, 59, 67, 101], labels=False),
                "gap": pd.cut(X["career_gap"], [-1, 1, 5, 999], labels=False),
            }
        )

    bins, new = binned(hiring.X_train), binned(hiring.X_test)
    disabled = world["staff"][2].astype(int)
    program = OptimizedPreprocessing(epsilon=0, max_distortion=0.5).fit(
        bins, hiring.y_train, sensitive_features=disabled
    )
    chances = program.transform_proba(bins, hiring.y_train, sensitive_features=disabled)
    return bins, new, program, chances


def one_hot(bins, disabled=None):
    columns = [(bins[name] == value).astype(float) for name, n in (("score", 4), ("gap", 3)) for value in range(n)]
    return np.column_stack(columns if disabled is None else [*columns, disabled])


def test_fair_labels_and_the_same_model(text, world, optimized, fair):
    bins, new, program, chances = optimized
    y, disabled = world["staff"][1], world["staff"][2]
    mapped = chances @ program.cells_["y"].to_numpy()
    assert f"On average {100 * np.where(y == 1, 1 - mapped, mapped).mean():.1f} % of the labels change" in text
    assert mapped[disabled].mean() == pytest.approx(mapped[~disabled].mean(), abs=1e-6)
    assert f"the same share who did well: {100 * mapped.mean():.1f} %" in text
    _, did_well, theirs = world["applicants"]
    plain = LogisticRegression(max_iter=1000).fit(one_hot(bins), y).predict_proba(one_hot(new))[:, 1]
    ours, others = rates(plain, did_well, theirs)
    assert f"(With the same bins and no map it is {others - ours:.2f}.)" in text
    repeated = pd.concat([bins.assign(y=0, w=1 - mapped), bins.assign(y=1, w=mapped)])
    blind = LogisticRegression(max_iter=1000).fit(one_hot(repeated), repeated["y"], sample_weight=repeated["w"])
    np.testing.assert_allclose(blind.predict_proba(one_hot(new))[:, 1], plain, atol=1e-4)
    both = np.r_[disabled, disabled]
    aware = LogisticRegression(max_iter=1000).fit(one_hot(repeated, both), repeated["y"], sample_weight=repeated["w"])
    scores = aware.predict_proba(one_hot(new, theirs))[:, 1]
    now = rates(scores, did_well, theirs)
    assert f"the gap falls from {others - ours:.3f} to {abs(now[1] - now[0]):.3f}" in text
    wide = baseline(world).predict_proba(world["applicants"][0])[:, 1]
    auc = [roc_auc_score(did_well, s) for s in (wide, plain)]
    assert f"Two columns in bins, in place of five, cost AUC: {auc[0]:.3f} to {auc[1]:.3f}, before any fairness" in text
    assert auc[1] - roc_auc_score(did_well, scores) < 0.005  # "hardly fall further"
    loss = [accuracy_score(did_well, s >= 0.5) for s in (plain, scores)]
    assert loss[0] - loss[1] < 0.005

    def precision_gap(s):
        return abs(np.diff([did_well[(s >= 0.5) & side].mean() for side in (theirs, ~theirs)])[0])

    assert f"the gap in precision from {precision_gap(plain):.3f} to {precision_gap(scores):.3f}" in text
    of_profiles = accuracy_score(did_well, mixed(fair, world["applicants"][0]) >= 0.5)
    stated(text, "the accuracies, {} and {}, on 3,600", of_profiles, loss[1], within=0.001)

    def calibration_error(s):
        """The larger of the groups' errors, in ten bins of equal width."""
        errors = []
        for side in (theirs, ~theirs):
            bins = np.minimum((s[side] * 10).astype(int), 9)
            sums = [(did_well[side] - s[side])[bins == b].sum() for b in range(10)]
            errors.append(np.abs(sums).sum() / side.sum())
        return max(errors)

    goes = f"the calibration error goes from {calibration_error(plain):.3f} to {calibration_error(scores):.3f}"
    assert goes in text


@pytest.mark.parametrize("last_digits", [0, 1e-13])
def test_another_model_takes_the_gap_back(text, world, last_digits):
    """The old gap, or most of it, and the old AUC: wherever the search with eight prototypes ends."""
    X, y, disabled = world["newcomers"]
    seen, label, theirs = world["staff"]
    shaken = seen * (1 + last_digits * np.random.default_rng(5).normal(size=seen.shape))
    eight = LearnedFairRepresentations(8, 0.1, 1.0, 10, random_state=0).fit(shaken, label, sensitive_features=theirs)
    assert eight.losses_["fairness"] < 0.02
    old = roc_auc_score(y, baseline(world).predict_proba(X)[:, 1])
    for C, gap, within in [(100, 0.16, 0.015), (1, 0.14, 0.04)]:
        employer = LogisticRegression(C=C, max_iter=1000).fit(profiles(eight, seen), label)
        scores = employer.predict_proba(profiles(eight, X))[:, 1]
        ours, others = rates(scores, y, disabled)
        assert others - ours == pytest.approx(gap, abs=within)
        assert roc_auc_score(y, scores) == pytest.approx(old, abs=0.01)
    assert '"gap in TPR": [0.16, 0.14], "AUC": [0.76, 0.76]' in text


def test_the_audit(text, world, fair):
    X, y, disabled = world["applicants"]
    before, after = baseline(world).predict_proba(X)[:, 1], mixed(fair, X)
    (b1, b0), (a1, a0) = rates(before, y, disabled), rates(after, y, disabled)
    stated(text, "the gap in TPR, from {} to {}.", b0 - b1, abs(a0 - a1), within=0.001)
    stated(text, "invited in {} % of cases, in place of {} %.", 100 * a1, 100 * b1, within=0.1)
    stated(text, "everybody else's TPR, from {} % to {} %", 100 * b0, 100 * a0, within=0.1)
    lost = 100 * (accuracy_score(y, before >= 0.5) - accuracy_score(y, after >= 0.5))
    stated(text, "accuracy, by {} points", lost, within=0.1)
    well = y == 1
    won = (after >= 0.5)[disabled & well].sum() - (before >= 0.5)[disabled & well].sum()
    fewer = (before >= 0.5)[~disabled & well].sum() - (after >= 0.5)[~disabled & well].sum()
    stated(text, "{} more disabled people who did well are invited, and {} fewer others", won, fewer, within=0.1)


def test_the_model_answer_quotes_the_lesson(text):
    for quoted in ("65 % of the disabled who would do well", "before it was 54 %", "it is 63 % in place of 70 %"):
        assert quoted in text
    assert "AUC falls from 0.763 to 0.717" in text
