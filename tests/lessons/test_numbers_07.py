"""Every number that lesson 07's prose states is recomputed here, by other code than the lesson's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import hypergeom
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


def wilson(hits):
    n, p, z = len(hits), hits.mean(), 1.959964
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


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
    assert f'"Accuracy {100 * (offers.y == offers.before).mean():.0f} %.' in prose
    (_, high), (men_low, _) = (wilson(part.before[part.y == 1]) for part in (women, men))
    assert "two intervals do not overlap" in prose
    assert high < men_low


def p_value(hits, n, other_hits, other_n):
    """How often chance alone deals a gap at least as large: the exact permutation test, by its definition."""
    selected = hits + other_hits
    ways = np.arange(max(0, selected - other_n), min(n, selected) + 1)
    gaps = np.abs(ways / n - (selected - ways) / other_n)
    seen = abs(hits / n - other_hits / other_n)
    return hypergeom.pmf(ways, n + other_n, n, selected)[gaps >= seen - 1e-12].sum()


def holm(raw):
    adjusted, largest = {}, 0.0
    for done, look in enumerate(sorted(raw, key=raw.get)):
        largest = adjusted[look] = max(largest, min(1, (len(raw) - done) * raw[look]))
    return adjusted


def test_two_rows_are_behind_after_holm(offers, prose):
    earners = offers[offers.y == 1]

    def looks(columns):
        rows = earners.groupby(columns).before.agg(["sum", "size"])
        return {
            cell: p_value(hits, n, earners.before.sum() - hits, len(earners) - n)
            for cell, (hits, n) in zip(rows.index, rows.to_numpy(), strict=True)
        }

    rows = earners.groupby(["sex", "race"]).before.agg(["sum", "size"])
    raw = looks(["sex", "race"])
    adjusted = holm(raw)
    every = holm(raw | looks("race") | {"sex": looks("sex")["Female"]})
    assert f"({len(every)} looks), White women's p would be {every['Female', 'White']:.3f}" in prose
    share = rows["sum"] / rows["size"]
    behind = {cell for cell in raw if adjusted[cell] <= 0.05 and share[cell] < tpr(offers)}
    assert behind == {("Male", "Black"), ("Female", "White")}
    assert adjusted["Male", "White"] <= 0.05
    assert share["Male", "White"] > tpr(offers)

    def said(cell):
        return f"{share[cell]:.3f}, n = {rows['size'][cell]}"

    assert f"Black men ({said(('Male', 'Black'))}, adjusted p = {adjusted['Male', 'Black']:.3f})" in prose
    assert f"White women ({said(('Female', 'White'))}, {adjusted['Female', 'White']:.3f})" in prose
    assert f"Other men ({said(('Male', 'Other'))}, {adjusted['Male', 'Other']:.3f})" in prose
    assert f"whose {share['Female', 'Black']:.3f} rests on {rows['size']['Female', 'Black']} people" in prose


def test_exactly_three_intervals_lie_wholly_below(offers):
    cells = offers[offers.y == 1].groupby(["sex", "race"]).before
    below = {cell for cell, part in cells if wilson(part)[1] < tpr(offers)}
    assert below == {("Female", "White"), ("Male", "Black"), ("Male", "Other")}


def test_the_impact_ratios(offers, prose):
    cells = offers.groupby(["sex", "race"]).before.agg(["size", "mean"])
    large = cells[cells["size"] >= 0.02 * len(offers)]
    assert f"at least 2 % means at least {np.ceil(0.02 * len(offers)):.0f} people" in prose
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
    assert f'"Base rates explain {100 * base / gap:.0f} %"' in prose
    assert f"(FPR {fm:.3f} and {fw:.3f})" in prose
    assert round(fm / fw) == 4


def test_the_trial(offers, prose):
    women, men = (offers[offers.sex == s] for s in ("Female", "Male"))
    gaps = [100 * (tpr(men, when) - tpr(women, when)) for when in ("before", "after")]
    assert f"the TPR gap by sex falls from {gaps[0]:.1f} to {gaps[1]:.1f} points" in prose
    right = [(offers.y == offers[when]).sum() for when in ("before", "after")]
    assert f"= {right[0] - right[1]} more errors among {len(offers):,} people" in prose
    accuracies = [f"{n / len(offers):.4f}" for n in right]
    assert f"Accuracy falls from {accuracies[0]} to {accuracies[1]}" in prose
    lost = offers[offers.after < offers.before]
    assert lost[["sex", "y"]].to_numpy().tolist() == [["Male", 0]]
    new = offers[offers.after > offers.before]
    assert set(new.sex) == {"Female"}
    assert f"{len(new)} new offers to women, of which {new.y.sum()} reach" in prose
    assert f"{len(new) - new.y.sum()} − {new.y.sum()} − 1 = {right[0] - right[1]} more errors" in prose
    white = women[women.race == "White"]
    assert f"White women gain: {tpr(white):.3f} to {tpr(white, 'after'):.3f}" in prose
    stays = {"women": women[women.race == "Black"], "men": men[men.race == "Black"]}
    assert all(tpr(part) == tpr(part, "after") for part in stays.values())
    assert f"Black women stay at {tpr(stays['women']):.3f} and Black men at {tpr(stays['men']):.3f}" in prose
    precision = [100 * women.loc[women[when] == 1, "y"].mean() for when in ("before", "after")]
    assert f"{precision[1]:.1f} % now go to someone who earns enough, where it was {precision[0]:.1f} %" in prose


def test_the_gap_by_race_moves_by_one_person(offers, prose):
    earners = offers[offers.y == 1]
    rates = earners.groupby("race")[["before", "after"]].mean()
    before, after = 100 * (rates.max() - rates.min())
    assert f"from {before:.1f} to {after:.1f} points" in prose
    best = rates.after.idxmax()
    assert best == rates.before.idxmax() == "Asian-Pac-Islander"
    gained = earners[(earners.race == best) & (earners.after > earners.before)]
    assert gained.sex.tolist() == ["Female"]
    worst = rates.after.idxmin()
    assert rates.before[worst] == rates.after[worst]


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
    rechecked = np.zeros(n, bool)
    for v in ("North", "South"):
        rechecked[rng.choice(np.flatnonzero(village == v), 300, replace=False)] = True
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
            "rechecked": rechecked,
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
    assert f"over everybody it is {roc_auc_score(farms.repays, farms.letters):.3f}" in prose
    south = farms[farms.village == "South"]
    assert roc_auc_score(south.repays, south.letters) == 0


def test_the_gap_without_letters_is_chance(farms):
    newer = farms[4000:].copy()
    newer["said"] = LogisticRegression().fit(farms[["report"]][:4000], farms.repays[:4000]).predict(newer[["report"]])
    wrongly = newer[newer.repays == 0].groupby("village").said.agg(["sum", "size"]).to_numpy()
    assert p_value(*wrongly[0], *wrongly[1]) > 0.05


def test_six_hundred_papers(farms, prose):
    assert "about one southern label in seven" in prose
    assert "none of the 300 northern" in prose
    rechecked = farms.loc[farms.rechecked]
    wrong = (rechecked.recorded != rechecked.repays).groupby(rechecked.village).agg(["mean", "size"])
    assert wrong["size"].tolist() == [300, 300]
    assert wrong["mean"]["North"] == 0
    assert round(1 / wrong["mean"]["South"]) == 7
    assert f"(Wilson interval 0 to {100 * wilson(np.zeros(300))[1]:.1f} %)" in prose


def test_the_wrong_model(farms, prose):
    seen = ["rain", "altitude"]
    linear = audited(farms, seen, "harvest", "harvest", "place")
    low, high = (100 * linear[p]["accuracy"] for p in ("Lowland", "Highland"))
    assert f"about {low:.0f} % of the lowland farms and {high:.0f} % of the highland farms" in prose
    assert f"wrong for {100 - high:.0f} % of the highland farms" in prose
    assert f"linear and published, {high:.0f} % right in the highlands" in prose
    forest = DecisionTreeClassifier(min_samples_leaf=50, random_state=0)
    tree = audited(farms, seen, "harvest", "harvest", "place", forest)
    low, high = (100 * tree[p]["accuracy"] for p in ("Lowland", "Highland"))
    assert f"is right about {low:.0f} % and {high:.0f} %" in prose
    fitting = farms.assign(both=farms.rain * farms.altitude)
    product = audited(fitting, [*seen, "both"], "harvest", "harvest", "place")
    assert min(product[p]["accuracy"] for p in product) > 0.8


def test_a_better_model_may_do_anything_to_a_gap(prose):
    for west, east in ((0.70, 0.60), (0.75, 0.75), (0.80, 0.70), (0.95, 0.65)):
        right = west + (1 - (1 - west)) + east + (1 - (1 - east))  # of one person of each label in each town
        assert f"| {west:.2f} | {east:.2f} | {right / 4:.2f} | {west - east:.2f} |" in prose


def test_the_dispute(prose):
    lab = make_audit_lab("lab")
    score = LogisticRegression(max_iter=2000).fit(lab.X_train, lab.y_train).predict_proba(lab.X_test)[:, 1]
    people = pd.DataFrame({"side": lab.a_test.to_numpy(), "y": lab.y_test.to_numpy(), "score": score})
    people["one"] = people.score > 0.5
    assert f"approves {people.one.sum()} of {len(people)}." in prose
    each = round(people.one.sum() / 2 + 1e-9)
    sizes = people.groupby("side").size()
    assert f"the best-scored {each} of the {sizes[0]} on each side, {2 * each} in all" in prose
    assert sizes[0] == sizes[1]
    people["equal"] = people.groupby("side").score.rank(ascending=False) <= each
    rates = people[people.y == 1].groupby("side")[["one", "equal"]].mean()
    before, after = (rates.loc[0] - rates.loc[1]).abs()
    assert f"by the river, TPR gap {before:.3f} to {after:.3f}" in prose


def test_the_mistakes_of_the_recap(offers, prose):
    women, men = (offers[offers.sex == s] for s in ("Female", "Male"))
    assert f"without it, {100 * (men.before.mean() - women.before.mean()):.1f} points between men and women" in prose
    precision = [b * 0.8 / (b * 0.8 + (1 - b) * 0.2) for b in (0.5, 0.2)]
    assert "precision {:.1f} if half qualify, {:.1f} if one in five does".format(*precision) in prose
    assert f"TPR gap 0, accuracy {1 - offers.y.mean():.3f}" in prose
    assert f"ratio {0.06 / 0.08:.2f}, difference {100 * (0.08 - 0.06):.0f} points" in prose


def test_quiz_arithmetic():
    assert pytest.approx(0.5) == 0.6 * 0.75 + 0.4 * 0.125
    assert pytest.approx(0.2) == 0.2 * 0.75 + 0.8 * 0.0625
    assert pytest.approx(0.9375) == (900 - 150) / 800
