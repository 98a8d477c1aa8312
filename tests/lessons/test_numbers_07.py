"""Every number that lesson 07's prose states is recomputed here, by other code than the lesson's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from evenodds.datasets import fetch_adult, make_audit_lab

LESSON = Path(__file__).resolve().parents[2] / "course" / "07_audit" / "lesson.md"


@pytest.fixture(scope="module")
def prose():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def adult(public_data):
    return fetch_adult(download=False)


@pytest.fixture(scope="module")
def offers(adult):
    """The audited people, with the decisions before and after the trial."""
    X, y, sex = adult.X, adult.y.to_numpy(), adult.sensitive["sex"].to_numpy()
    train, test = adult.train_rows, adult.test_rows
    learn, tune = train_test_split(train, test_size=0.3, stratify=y[train], random_state=0)
    words = X.select_dtypes(exclude="number").columns
    numbers = X.columns.difference(words)
    coded = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(X[words].iloc[learn])
    scaled = StandardScaler().fit(X[numbers].iloc[learn])
    features = np.hstack([coded.transform(X[words]), scaled.transform(X[numbers])])
    score = LogisticRegression(max_iter=1000).fit(features[learn], y[learn]).predict_proba(features)[:, 1]
    earners = {s: score[tune][(sex[tune] == s) & (y[tune] == 1)] for s in ("Female", "Male")}
    best = max((scores > 0.5).mean() for scores in earners.values())
    cut = {s: np.quantile(scores, 1 - best) for s, scores in earners.items()}
    people = pd.DataFrame({"sex": sex, "race": adult.sensitive["race"], "y": y, "score": score}).iloc[test]
    people["before"] = (people.score > 0.5).astype(int)
    people["after"] = (people.score > people.sex.map(cut)).astype(int)
    return people


def tpr(people, when="before"):
    return people.loc[people.y == 1, when].mean()


def fpr(people, when="before"):
    return people.loc[people.y == 0, when].mean()


def test_who_is_in_adult(adult, prose):
    sex, race = adult.sensitive["sex"], adult.sensitive["race"]
    assert f"{100 * (sex == 'Female').mean():.0f} % of the people are women" in prose
    assert f"{100 * (race == 'Other').mean():.1f} % are in the race" in prose
    base = adult.y.groupby(sex).mean()
    assert f"{base['Female']:.4f} of the women and {base['Male']:.4f} of the men" in prose


def test_the_measured_rates(offers, prose):
    women, men = (offers[offers.sex == s] for s in ("Female", "Male"))
    assert f"Women's TPR is {tpr(women):.3f}, men's {tpr(men):.3f}" in prose
    assert f"of 100 women who earn enough, {100 * (tpr(men) - tpr(women)):.0f} more are refused" in prose
    by_race = {r: tpr(part) for r, part in offers.groupby("race")}
    assert f"For Black people it is {by_race['Black']:.3f}, and for White people {by_race['White']:.3f}" in prose
    assert f'"Accuracy {100 * (offers.y == offers.before).mean():.0f} %.' in prose
    rows = {"White women": ("Female", "White"), "Black men": ("Male", "Black"), "Other men": ("Male", "Other")}
    for name, (sex, race) in rows.items():
        part = offers[(offers.sex == sex) & (offers.race == race)]
        assert f"{name} ({tpr(part):.3f}, n = {part.y.sum()})" in prose
    black_women = women[women.race == "Black"]
    assert f"Black women ({tpr(black_women):.3f}, n = {black_women.y.sum()})" in prose
    other = women[women.race == "Other"]
    assert f"highest TPR, {tpr(other):.3f}, and there are five" in prose
    assert other.y.sum() == 5


def test_exactly_three_intervals_lie_wholly_below(offers):
    below = []
    for cell, part in offers[offers.y == 1].groupby(["sex", "race"]):
        n, p, z = len(part), part.before.mean(), 1.959964
        middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        if (middle + half) / (1 + z * z / n) < tpr(offers):
            below.append(cell)
    assert set(below) == {("Female", "White"), ("Male", "Black"), ("Male", "Other")}


def test_the_impact_ratios(offers, prose):
    cells = offers.groupby(["sex", "race"]).before.agg(["size", "mean"])
    large = cells[cells["size"] >= 0.02 * len(offers)]
    assert f"The 2 % are {np.ceil(0.02 * len(offers)):.0f} people" in prose
    assert large["mean"].idxmax() == ("Male", "White")
    ratio = large["mean"]["Female", "Black"] / large["mean"].max()
    assert f"Black women have an impact ratio of {ratio:.3f}" in prose
    assert cells["mean"].idxmax() == ("Male", "Asian-Pac-Islander")
    top = cells.loc[("Male", "Asian-Pac-Islander")]
    assert f"of all, {top['mean']:.3f}, and no ratio, because there are {top['size']:.0f}" in prose


def test_the_parts_of_the_gap(offers, prose):
    (bw, tw, fw), (bm, tm, fm) = (
        (p.y.mean(), tpr(p), fpr(p)) for p in (offers[offers.sex == s] for s in ("Female", "Male"))
    )
    base = (bm - bw) * (tm + tw - fm - fw) / 2
    hits, burdens = (bm + bw) / 2 * (tm - tw), (1 - (bm + bw) / 2) * (fm - fw)
    gap = offers[offers.sex == "Male"].before.mean() - offers[offers.sex == "Female"].before.mean()
    assert base + hits + burdens == pytest.approx(gap)
    assert (
        f"of {100 * gap:.1f} points, {100 * base:.1f} come from base rates, {100 * hits:.1f} from the TPR and "
        f"{100 * burdens:.1f} from the FPR"
    ) in prose
    assert f"the gap is {100 * gap:.1f} percentage points" in prose
    assert f'"Base rates explain {100 * base / gap:.0f} %"' in prose
    assert f"(FPR {fm:.3f} and {fw:.3f})" in prose
    assert round(fm / fw) == 4


def test_the_trial(offers, prose):
    women, men = (offers[offers.sex == s] for s in ("Female", "Male"))
    gaps = [100 * (tpr(men, when) - tpr(women, when)) for when in ("before", "after")]
    assert f"the TPR gap by sex falls from {gaps[0]:.1f} to {gaps[1]:.1f} points" in prose
    right = [(offers.y == offers[when]).sum() for when in ("before", "after")]
    assert (
        f"from {right[0] / len(offers):.4f} to {right[1] / len(offers):.4f}: {right[0] - right[1]} more errors" in prose
    )

    def spread(columns, when):
        rates = [tpr(part, when) for _, part in offers.groupby(columns)]
        return 100 * (max(rates) - min(rates))

    assert f"grows from {spread('race', 'before'):.1f} to {spread('race', 'after'):.1f} points" in prose
    assert f"The crossed gap stays at {spread(['sex', 'race'], 'before'):.1f}" in prose
    assert spread(["sex", "race"], "after") == pytest.approx(spread(["sex", "race"], "before"))
    white = women[women.race == "White"]
    assert f"White women gain, from {tpr(white):.3f} to {tpr(white, 'after'):.3f}" in prose
    for part in (women[women.race == "Black"], men[men.race == "Black"]):
        assert tpr(part) == tpr(part, "after")
    black_men = men[men.race == "Black"]
    assert f"Black men, who have the lowest TPR of these rows, stay at {tpr(black_men):.3f}" in prose
    precision = [100 * women.loc[women[when] == 1, "y"].mean() for when in ("before", "after")]
    assert f"of the offers to women {precision[1]:.1f} % now" in prose
    assert f"before it was {precision[0]:.1f} %" in prose


@pytest.fixture(scope="module")
def farms():
    """The simulated farms: drawn in the lesson's order, audited by plain counting."""
    rng = np.random.default_rng(7)
    n = 8000
    village = np.where(rng.random(n) < 0.4, "South", "North")
    care = rng.normal(size=n)
    repays = (rng.random(n) < expit(2.5 * care)).astype(int)
    report = care + 0.4 * rng.normal(size=n)
    southern = np.flatnonzero(village == "South")
    recorded = repays.copy()
    recorded[rng.choice(southern, size=int(0.15 * len(southern)), replace=False)] ^= 1
    for v in ("North", "South"):
        rng.choice(np.flatnonzero(village == v), 300, replace=False)
    letters = np.where((village == "South") & (repays == 0), 1 + rng.poisson(1, n), 0)
    place = np.where(rng.random(n) < 0.25, "Highland", "Lowland")
    rain = rng.normal(size=n)
    altitude = np.where(place == "Highland", 1.2, 0.2) + 0.08 * rng.normal(size=n)
    harvest = (rng.random(n) < expit(3 * rain * np.where(place == "Highland", -1, 1))).astype(int)
    return pd.DataFrame(
        {
            "village": village,
            "repays": repays,
            "report": report,
            "recorded": recorded,
            "letters": letters,
            "place": place,
            "rain": rain,
            "altitude": altitude,
            "harvest": harvest,
        }
    )


def audited(farms, features, label, judged_by, groups, estimator=None):
    """TPR, FPR and accuracy of each group among the second half."""
    older, newer = farms[:4000], farms[4000:].copy()
    newer["said"] = (estimator or LogisticRegression()).fit(older[features], older[label]).predict(newer[features])
    return {
        group: {
            "TPR": part.said[part[judged_by] == 1].mean(),
            "FPR": part.said[part[judged_by] == 0].mean(),
            "accuracy": (part.said == part[judged_by]).mean(),
        }
        for group, part in newer.groupby(groups)
    }


def test_bad_labels(farms, prose):
    books = audited(farms, ["report"], "recorded", "recorded", "village")
    north, south = books["North"], books["South"]
    assert f"the South has a TPR of {south['TPR']:.3f} and the North {north['TPR']:.3f}" in prose
    assert f"(FPR {south['FPR']:.3f} and {north['FPR']:.3f})" in prose
    mended = audited(farms, ["report"], "repays", "repays", "village")
    gaps = [100 * (a["North"]["TPR"] - a["South"]["TPR"]) for a in (books, mended)]
    assert f"a gap of {gaps[0]:.1f} points. Mend the labels and it is {gaps[1]:.1f} points" in prose
    judged = audited(farms, ["report"], "recorded", "repays", "village")
    assert abs(judged["North"]["TPR"] - judged["South"]["TPR"]) < 0.01


def test_leakage(farms, prose):
    leaky = audited(farms, ["report", "letters"], "repays", "repays", "village")
    assert f"FPR is {leaky['South']['FPR']:.3f} and the North's is {leaky['North']['FPR']:.3f}" in prose
    assert f"accuracies are {100 * (leaky['South']['accuracy'] - leaky['North']['accuracy']):.0f} points apart" in prose
    clean = audited(farms, ["report"], "repays", "repays", "village")
    assert f"the FPR gap is {100 * (clean['South']['FPR'] - clean['North']['FPR']):.1f} points" in prose
    assert f"AUC over everybody, {roc_auc_score(farms.repays, farms.letters):.3f}" in prose


def test_the_wrong_model(farms, prose):
    seen = ["rain", "altitude"]
    linear = audited(farms, seen, "harvest", "harvest", "place")
    low, high = (100 * linear[p]["accuracy"] for p in ("Lowland", "Highland"))
    assert f"about {low:.0f} % of the lowland farms and {high:.0f} % of the highland farms" in prose
    assert f"wrong for {100 - high:.0f} % of the highland farms" in prose
    forest = DecisionTreeClassifier(min_samples_leaf=50, random_state=0)
    tree = audited(farms, seen, "harvest", "harvest", "place", forest)
    low, high = (100 * tree[p]["accuracy"] for p in ("Lowland", "Highland"))
    assert f"is right about {low:.0f} % and {high:.0f} %" in prose


def test_the_dispute(prose):
    lab = make_audit_lab("lab")
    score = LogisticRegression(max_iter=2000).fit(lab.X_train, lab.y_train).predict_proba(lab.X_test)[:, 1]
    share = (score > 0.5).mean()
    assert f"the best-scored {100 * share:.0f} % of each side" in prose
    people = pd.DataFrame({"side": lab.a_test.to_numpy(), "y": lab.y_test.to_numpy(), "score": score})
    people["equal"] = people.score > people.groupby("side").score.transform(lambda s: s.quantile(1 - share))
    assert people.groupby("side").equal.mean().diff().abs().iloc[-1] < 0.005
    earners = people[people.y == 1]
    one = earners.assign(yes=earners.score > 0.5).groupby("side").yes.mean().diff().abs().iloc[-1]
    assert one < 0.02 < 0.3 < earners.groupby("side").equal.mean().diff().abs().iloc[-1]


def test_quiz_arithmetic():
    assert pytest.approx(0.5) == 0.6 * 0.75 + 0.4 * 0.125
    assert pytest.approx(0.2) == 0.2 * 0.75 + 0.8 * 0.0625
    assert pytest.approx(0.9375) == (900 - 150) / 800
