"""The numbers that lesson 15 states, computed another way: corners of the program, people one by one, scikit-learn."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.preprocessing import StandardScaler

from evenodds.datasets import make_hiring
from evenodds.postprocessing import ThresholdOptimizer

LESSON = Path(__file__).resolve().parents[2] / "course" / "15_equalized_odds" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def rates(counts):
    """TPR and FPR of (TP, FN, FP, TN)."""
    tp, fn, fp, tn = counts
    return tp / (tp + fn), fp / (fp + tn)


def best_by_corners(groups, by_people=True):
    """The best chances: fix two of the four at 0 or 1, solve both equations for the others, keep the best that fit."""
    (t0, f0), (t1, f1) = (rates(g) for g in groups)
    rows = np.array([[t0, 1 - t0, -t1, t1 - 1], [f0, 1 - f0, -f1, f1 - 1]])
    if by_people:
        cost = np.array([v for tp, fn, fp, tn in groups for v in (fp - tp, tn - fn)]) / np.sum(groups)
    else:
        cost = np.array([f0 - t0, t0 - f0, f1 - t1, t1 - f1])
    best = np.zeros(4)
    for fixed in itertools.combinations(range(4), 2):
        free = [i for i in range(4) if i not in fixed]
        if abs(np.linalg.det(rows[:, free])) < 1e-12:
            continue
        for ends in itertools.product([0, 1], repeat=2):
            x = np.zeros(4)
            x[list(fixed)] = ends
            x[free] = np.linalg.solve(rows[:, free], -rows[:, list(fixed)] @ ends)
            if x.min() > -1e-12 and x.max() < 1 + 1e-12 and cost @ x < cost @ best - 1e-12:
                best = x
    return best


def after(groups, x):
    """Expected (TP, FN, FP, TN) of each group."""
    return [
        (p1 * tp + p0 * fn, tp + fn - p1 * tp - p0 * fn, p1 * fp + p0 * tn, fp + tn - p1 * fp - p0 * tn)
        for (tp, fn, fp, tn), (p1, p0) in zip(groups, np.reshape(x, (2, 2)), strict=True)
    ]


def wrong_share(groups):
    return sum(fn + fp for _, fn, fp, _ in groups) / np.sum(groups)


YOUNGER, OLDER = CITY = (400, 100, 150, 350), (180, 120, 70, 630)
OTHERS = (49, 21, 189, 441), (126, 54, 24, 96)


def test_the_people_of_the_prose_are_those_of_the_cells(text):
    for counts in (CITY, OTHERS):
        assert str([n for group in counts for n in group]) in text
    assert [rates(g) for g in CITY] == [pytest.approx((0.8, 0.3)), pytest.approx((0.6, 0.1))]
    assert "refused a place more often: 40 % of them, against 20 % of the younger" in text
    assert "the younger are worse off, 0.3 against 0.1" in text


def test_the_ten_people_by_hand(text):
    chance = [0.75] * 4 + [0.25] + [0.75] * 2 + [0.25] * 3
    assert sum(chance[:5]) == 3.25
    assert f"3.25/5 = {sum(chance[:5]) / 5:.2f}" in text
    assert f"= 2¼, so {sum(chance[5:]) / 5:.2f}" in text
    assert sum(chance[5:]) == 2.25


def test_the_costs(text):
    assert "150 − 400 = −250" in text
    assert f"As a share of all 2,000 people that is −{250 / 2000:.3f}" in text


def test_the_best_coins(text):
    x = best_by_corners(CITY)
    assert x == pytest.approx([5 / 6, 0, 1, 1 / 6])
    later = after(CITY, x)
    (tpr, fpr), other = (rates(g) for g in later)
    assert other == pytest.approx((tpr, fpr))
    assert f"Both groups land on TPR {tpr:.3f} and FPR {fpr:g}" in text
    assert f"keep it with chance {x[0]:.3f}. One in six" in text
    assert f"{550 * (1 - x[0]):.1f} people on average, of whom {400 * (1 - x[0]):.1f} would have finished" in text
    assert f"with chance {x[3]:.3f}: {750 * x[3]:.0f} people on average" in text
    assert f"Only {120 * x[3]:.0f} of them would finish; {630 * x[3]:.0f} would not" in text
    assert f"the FPR of the older rises from 0.1 to {fpr:g}" in text
    assert f"rises from {wrong_share(CITY):.2f} to {wrong_share(later):.3f}" in text
    assert f"with equal rates, {wrong_share(later):.3f} is the smallest share" in text
    assert f"TPR {tpr:.3f} and FPR {fpr:g} in both groups" in text  # the essay's model answer
    assert f"about {550 / 6:.0f} younger people lose a place, {400 / 6:.0f} of whom" in text


def test_rounded_chances_bring_the_gaps_back():
    assert after(CITY, best_by_corners(CITY).round()) == [pytest.approx(group) for group in CITY]


def test_refusing_everybody_is_the_best(text):
    assert [rates(g) for g in OTHERS] == [pytest.approx((0.7, 0.3)), pytest.approx((0.7, 0.2))]
    assert best_by_corners(OTHERS) == pytest.approx(np.zeros(4))
    nobody = wrong_share(after(OTHERS, np.zeros(4)))
    assert (
        f"{100 * nobody:.1f} % of the decisions are wrong, *fewer* than the program's {100 * wrong_share(OTHERS):.1f} %"
        in text
    )
    label_1, label_0 = (sum(g[i] + g[i + 1] for g in OTHERS) for i in (0, 2))
    assert f"together they have {label_1} people with label 1 and {label_0} with label 0" in text
    assert label_0 == 3 * label_1  # "more than three times the FPR"
    assert f"0.7 / 0.3, about {0.7 / 0.3:.1f} times" in text
    assert f"Then 49 + 126 = {49 + 126} people with label 1 lose their yes" in text


SCORES = {
    "younger": {0.1: 200, 0.4: 200, 0.7: 200, 0.9: 400},
    "older": {0.05: 500, 0.4: 200, 0.85: 300},
}


def costs_of_scores(name):
    """Base rate, GFNR and GFPR of exactly calibrated scores, summed over the levels."""
    levels = SCORES[name].items()
    n, finish = sum(k for _, k in levels), sum(s * k for s, k in levels)
    denied = sum(s * k * (1 - s) for s, k in levels)
    return finish / n, denied / finish, denied / (n - finish)


def test_withholding(text):
    (mu, gfnr, gfpr), (mu_older, gfnr_older, gfpr_older) = (costs_of_scores(name) for name in SCORES)
    assert f"144 / 600 = {gfnr:.2f}. For the older it is 110 / 360 = {gfnr_older:.3f}" in text
    assert (mu, mu_older) == pytest.approx((0.6, 0.36))
    alpha = (gfnr_older - gfnr) / (1 - mu - gfnr)
    assert (
        f"{1000 * alpha:.0f} of 1,000 younger people on average, score {mu:.1f}, and {100 * mu:.0f} % of them finish"
        in text
    )
    assert "two in five of the younger" in text
    assert alpha == pytest.approx(2 / 5, abs=0.02)
    assert f"The GFNR are equal now, {gfnr_older:.3f}." in text
    later = (1 - alpha) * gfpr + alpha * mu
    gap, new_gap = gfpr - gfpr_older, later - gfpr_older
    assert f"{gfpr:.3f} − {gfpr_older:.3f} = {gap:.3f} and is {new_gap:.3f}" in text
    assert gfpr / gfnr == pytest.approx(mu / (1 - mu))


def hired_people(seed):
    data = make_hiring(n_samples=12_000, random_state=seed).split(random_state=seed)
    scaler = StandardScaler().fit(data.X_train)
    model = LogisticRegression().fit(scaler.transform(data.X_train), data.y_train)
    found = {}
    for part, X in (("train", data.X_train), ("test", data.X_test)):
        people = getattr(data, part)
        found[part] = {
            "y": people.y.to_numpy(),
            "disabled": (people.sensitive["disability"] == "disabled").to_numpy(),
            "score": model.predict_proba(scaler.transform(X))[:, 1],
        }
    return found


@pytest.fixture(scope="module")
def hiring():
    return hired_people(0)


def counted(part):
    """(TP, FN, FP, TN) of the disabled and of the others."""
    return [
        confusion_matrix(part["y"][m], part["score"][m] > 0.5, labels=[1, 0]).ravel().tolist()
        for m in (part["disabled"], ~part["disabled"])
    ]


def test_the_audit(text, hiring):
    x = best_by_corners(counted(hiring["train"]))
    fitted = [rates(g) for g in after(counted(hiring["train"]), x)]
    assert fitted[0] == pytest.approx(fitted[1])  # "on the training people both are exactly 0"
    before = counted(hiring["test"])
    later = after(before, x)
    (t0, f0), (t1, f1) = (rates(g) for g in before)
    (s0, g0), (s1, g1) = (rates(g) for g in later)
    assert (
        f"TPR falls from {t1 - t0:.3f} to {s1 - s0:.3f}, and the gap in FPR from {f1 - f0:.3f} to {g1 - g0:.3f}" in text
    )
    well = before[0][0] + before[0][1]
    assert f"Here {well} disabled people did well" in text
    assert "uncertain by about 8 points either way" in text
    assert round(196 * np.sqrt(t0 * (1 - t0) / well)) == 8
    assert f"The TPR of the disabled rises from {t0:.3f} to {s0:.3f}" in text
    assert x[0] == 1  # nobody among the disabled loses an invitation
    assert x[1] > 0
    assert 0.24 < 1 - x[2] < 0.26  # "a quarter of the invitations"
    lost, lost_well = (1 - x[2]) * (before[1][0] + before[1][2]), (1 - x[2]) * before[1][0]
    gained = x[1] * (before[0][1] + before[0][3])
    assert f"withdrawn by lot: {lost:.0f} on average, {lost_well:.0f} of them from people who would do well" in text
    assert f"The disabled gain {gained:.0f} invitations in all" in text
    assert f"for each invitation that a disabled person gains, {lost / gained:.0f} are taken" in text
    assert f"Accuracy falls from {1 - wrong_share(before):.3f} to {1 - wrong_share(later):.3f}" in text
    assert f"the TPR of the others comes down to {s1:.3f}" in text


def test_withholding_fails_on_the_same_people(text, hiring):
    part = hiring["train"]
    base, gfnr = {}, {}
    for name, m in (("disabled", part["disabled"]), ("others", ~part["disabled"])):
        y, s = part["y"][m], part["score"][m]
        base[name], gfnr[name] = y.mean(), 1 - s[y == 1].mean()
    assert f"would have a GFNR of {1 - base['others']:.1f}, and the disabled have {gfnr['disabled']:.3f}" in text
    assert gfnr["others"] < 1 - base["others"] < gfnr["disabled"]


def test_coins_between_thresholds(text, hiring):
    train, test = hiring["train"], hiring["test"]
    rule = ThresholdOptimizer(constraints="equalized_odds").fit(
        train["score"], train["y"], sensitive_features=train["disabled"]
    )
    q = rule.predict_proba(test["score"], sensitive_features=test["disabled"])[:, 1]
    invited, well = test["score"] > 0.5, test["y"] == 1
    assert f"the TPR of the disabled goes up to {q[test['disabled'] & well].mean():.3f}" in text
    assert q[~test["disabled"] & well].mean() > invited[~test["disabled"] & well].mean()
    disabled, others = (
        f"from {invited[m & ~well].mean():.3f} to {q[m & ~well].mean():.3f}"
        for m in (test["disabled"], ~test["disabled"])
    )
    assert f"the FPR of the disabled rises {disabled}, that of the others {others}" in text


def test_more_is_taken_than_given_on_other_draws_too(text):
    assert "Other draws of the data give other numbers, all far above 1" in text
    for seed in (1, 2, 3):
        hired = hired_people(seed)
        x = best_by_corners(counted(hired["train"]))
        disabled, others = counted(hired["test"])
        lost, gained = (1 - x[2]) * (others[0] + others[2]), x[1] * (disabled[1] + disabled[3])
        assert x[0] == 1
        assert lost > 5 * gained
