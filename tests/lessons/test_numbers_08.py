"""The numbers that lesson 08 states, computed another way: tables of counts, pandas, scikit-learn, AIF360's formula."""

from fractions import Fraction
from itertools import product
from math import ceil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, recall_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from evenodds.datasets import fetch_adult, fetch_german, make_hiring
from evenodds.preprocessing import massage_labels, resample

LESSON = Path(__file__).resolve().parents[2] / "course" / "08_reweighing" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def factors(y, group):
    """P(a) P(y) / P(a, y) of every cell, from a table of shares."""
    joint = pd.crosstab(np.asarray(group), np.asarray(y), normalize="all")
    return pd.DataFrame(np.outer(joint.sum(axis=1), joint.sum(axis=0)), joint.index, joint.columns) / joint


def weights(y, group):
    table = factors(y, group)
    return np.array([table.loc[g, v] for g, v in zip(group, y, strict=True)])


def signed(number, digits=3):
    return f"{number:.{digits}f}".replace("-", "−")


# The lender


@pytest.fixture(scope="module")
def adult(public_data):
    return fetch_adult(download=False)


@pytest.fixture(scope="module")
def lender(adult):
    columns = []
    for name in adult.X:
        column = adult.X[name]
        number = pd.api.types.is_numeric_dtype(column)
        columns += [column] if number else [column == value for value in sorted(column.dropna().unique())]
    table = np.column_stack(columns).astype(float)
    X = StandardScaler().fit(table[adult.train_rows]).transform(table)
    learn, held_out = adult.train_rows, adult.test_rows
    sex, y = adult.sensitive["sex"].to_numpy(), adult.y.to_numpy()
    w = weights(y[learn], sex[learn])
    found = {"w": w, "X": X, "sex": sex, "y": y}
    for way, given in (("before", None), ("after", w)):
        model = LogisticRegression(max_iter=1000).fit(X[learn], y[learn], given)
        found[way] = model.predict(X[held_out])
        found[f"score {way}"] = model.predict_proba(X[held_out])[:, 1]
    return found


@pytest.fixture(scope="module")
def by_sex(adult, lender):
    test, rows = adult.test_rows, {}
    for way, sex in product(("before", "after"), ("Female", "Male")):
        who, offers, y = lender["sex"][test] == sex, lender[way], lender["y"][test]
        rows[way, sex] = {
            "offers": offers[who].mean(),
            "TPR": recall_score(y[who], offers[who]),
            "hits": int(y[who].sum()),
            "base": y[who].mean(),
            "score": lender[f"score {way}"][who].mean(),
        }
    return pd.DataFrame(rows).T


def test_the_incident(text, adult, lender, by_sex):
    learn = adult.train_rows
    labels = pd.Series(lender["y"][learn]).groupby(lender["sex"][learn]).mean()
    assert f"differed by {100 * (labels['Male'] - labels['Female']):.1f} points between women and men" in text
    offers = {way: by_sex.loc[way, "offers"] for way in ("before", "after")}
    gap = {way: 100 * (rates["Male"] - rates["Female"]) for way, rates in offers.items()}
    assert f"The gap in offers is {gap['before']:.1f} points" in text
    assert f"The gap falls from {gap['before']:.1f} to {gap['after']:.1f} points" in text
    assert f"On Adult it was {gap['after']:.1f} points, on {len(adult.test_rows):,} people" in text
    tpr = by_sex["TPR"]
    behind = {way: tpr[way]["Female"] - tpr[way]["Male"] for way in ("before", "after")}
    assert f"the harm's own, is {-100 * behind['before']:.1f} points" in text
    assert f"points below men's (women minus men: {signed(behind['before'])}). It is now" in text
    assert f"It is now {100 * behind['after']:.1f} points above" in text
    assert f"points above (+{behind['after']:.3f})" in text
    assert f"{100 * tpr['before', 'Male']:.1f} % got an offer before and {100 * tpr['after', 'Male']:.1f} %" in (text)
    assert f"There are {by_sex.loc[('after', 'Male'), 'hits']:,.0f} such men" in text
    assert f"get an offer (before: {100 * tpr['before', 'Female']:.0f} %)" in text
    y = lender["y"][adult.test_rows]
    woman = lender["sex"][adult.test_rows] == "Female"
    (lost, gained), (lost_by_women, gained_by_women) = (
        [int(((lender[one] > lender[other]) & who & (y == 1)).sum()) for one, other in (orders, orders[::-1])]
        for who in (~woman, woman)
        for orders in [("before", "after")]
    )
    assert lost_by_women == 0
    assert f"{lost} of them lose their offer and {gained} gain one" in text
    assert f"of the women who earn enough, {gained_by_women} gain one and none loses it" in text
    before, after = accuracy_score(y, lender["before"]), accuracy_score(y, lender["after"])
    assert f"falls from {before:.3f} to {after:.3f}, and that hides both" in text
    assert f"fell from {100 * before:.1f} % to {100 * after:.1f} %" in text
    base = 100 * by_sex["base"]["before"]
    assert f"the base rates differ so much ({base['Female']:.1f} % and {base['Male']:.1f} %)" in text


def test_the_weights_of_adult(text, lender):
    table = factors(lender["y"], lender["sex"])
    four = [table.loc["Female", 1], table.loc["Female", 0], table.loc["Male", 1], table.loc["Male", 0]]
    assert "the four weights are {:.3f}, {:.3f}, {:.3f} and {:.3f}".format(*four) in text


def test_husbands_and_wives(text, adult, lender):
    learn = adult.train_rows
    table = pd.DataFrame({"kind": adult.X["relationship"].to_numpy()[learn], "y": lender["y"][learn], "w": lender["w"]})
    plain = table.groupby("kind")["y"].mean()
    heavy = (table["w"] * table["y"]).groupby(table["kind"]).sum() / table.groupby("kind")["w"].sum()
    assert f"about equally often: {plain['Husband']:.3f} and {plain['Wife']:.3f}" in text
    assert f"In the weighted data it is {heavy['Husband']:.3f} and {heavy['Wife']:.3f}" in text
    assert 1.8 < heavy["Wife"] / heavy["Husband"] < 2  # "nearly twice as often"
    kind = adult.X["relationship"].to_numpy()[adult.test_rows]
    offers = {way: [lender[way][kind == who].mean() for who in ("Wife", "Husband")] for way in ("before", "after")}
    assert offers["after"][0] > offers["after"][1] + 0.1  # "hands out offers accordingly"
    assert offers["after"][0] - offers["after"][1] > offers["before"][0] - offers["before"][1]


def test_scores_no_longer_mean_what_they_say(text, by_sex):
    women = 100 * by_sex.loc[("after", "Female")]
    assert f"On Adult {women['base']:.1f} % of the women have the label" in text
    before = 100 * by_sex.loc[("before", "Female"), "score"]
    assert f"The scores said {before:.1f} % before, and now say {women['score']:.1f} %" in text


def test_trees(text, adult, lender):
    assert "it splits until most leaves hold a single label" in text
    learn, test = adult.train_rows, adult.test_rows
    X, y, woman = lender["X"], lender["y"], lender["sex"][test] == "Female"
    moved = {}
    for depth, w in product((2, None), (None, lender["w"])):
        tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X[learn], y[learn], w)
        decided = tree.predict(X[test])
        moved[depth, w is not None] = decided[woman].mean() - decided[~woman].mean()
        if depth == 2:
            assert tree.get_n_leaves() == 4
        if depth is None:
            shares = pd.Series(y[learn]).groupby(tree.apply(X[learn])).mean()
            assert shares.isin([0, 1]).mean() > 0.8
    assert moved[2, True] == pytest.approx(moved[2, False])
    assert moved[None, True] == pytest.approx(moved[None, False], abs=0.01)


# The ten, and the regions


def test_the_weights_and_the_exchange_by_hand(text):
    women, men, n = (2, 3), (4, 1), 10
    for cell, (ones, zeros) in {"women": women, "men": men}.items():
        in_group = ones + zeros
        assert f"| {cell}, hired | " in text
        assert f"= {float(Fraction(in_group * 6, n * ones)):.3g} |" in text
        assert f"= {float(Fraction(in_group * 4, n * zeros)):.3g} |" in text
    assert ceil((Fraction(4, 5) - Fraction(2, 5)) * 5 * 5 / 10) == 1
    assert r"$(0.8 - 0.4) \cdot 25 / 10 = 1$" in text


def test_regions(text):
    table = pd.DataFrame({"region": ["city"] * 6 + ["country"] * 6, "sex": list("ffmmmmffffmm")})
    table["y"] = [1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0]
    w = pd.Series(weights(table["y"], table["sex"]))
    by = [table["region"], table["sex"]]
    plain, heavy = table["y"].groupby(by).mean(), (table["y"] * w).groupby(by).sum() / w.groupby(by).sum()
    for region in ("city", "country"):
        assert plain[region, "m"] - plain[region, "f"] == 0.25  # "behind in both regions, by 25 points"
        assert heavy[region, "f"] - heavy[region, "m"] == pytest.approx(1 / 15)  # "ahead in both, by nearly 7"
    inside = np.r_[tuple(weights(part["y"], part["sex"]) for _, part in table.groupby("region"))]
    overall = (table["y"] * inside).groupby(table.sex).sum() / pd.Series(inside).groupby(table.sex).sum()
    assert f"women are still behind, {overall['f']:.3f} against {overall['m']:.3f}" in text


def test_german_credit(text, public_data):
    credit = fetch_german(download=False)
    young = (credit.sensitive["age_group"] == "25 or under").to_numpy()
    good = credit.y.to_numpy()
    assert f"{young.sum()} of 1,000 people are 25 or younger" in text
    a, b = good[young].mean(), good[~young].mean()
    assert f"SPD {signed(a - b)}, and a ratio of {a / b:.3f}" in text
    X, gaps = pd.get_dummies(credit.X, dtype=float).to_numpy(), []
    for seed in range(10):
        fit, test = train_test_split(np.arange(1000), test_size=0.3, stratify=good, random_state=seed)
        scaler, row = StandardScaler().fit(X[fit]), []
        for w in (None, weights(good[fit], young[fit])):
            model = LogisticRegression(max_iter=500).fit(scaler.transform(X[fit]), good[fit], w)
            decided = model.predict(scaler.transform(X[test]))
            row.append(decided[young[test]].mean() - decided[~young[test]].mean())
        gaps.append(row)
    gaps = np.array(gaps)
    assert f"falls from {signed(gaps[:, 0].mean())} to {signed(gaps[:, 1].mean())} on average" in text
    assert (abs(gaps[:, 1]) < abs(gaps[:, 0])).all()  # "closer to 0 in each of the ten splits"
    assert f"with weights go from {signed(gaps[:, 1].min())} to {signed(gaps[:, 1].max())}" in text


# The shared case


@pytest.fixture(scope="module")
def hiring():
    return make_hiring(n_samples=12_000).split(random_state=0)


def fitted(X, y, w=None):
    scaler = StandardScaler().fit(X)
    model = LogisticRegression().fit(scaler.transform(X), y, w)
    return lambda table: model.predict_proba(scaler.transform(table))[:, 1]


@pytest.fixture(scope="module")
def chances(hiring):
    X, y, group = hiring.X_train, hiring.y_train.to_numpy(), hiring.train.sensitive["disability"].to_numpy()
    plain = fitted(X, y)
    by_doubt = resample(y, sensitive_features=group, method="preferential", y_score=plain(X))
    massaged = massage_labels(y, plain(X), sensitive_features=group)
    models = {
        "nothing": plain,
        "reweighing": fitted(X, y, weights(y, group)),
        "preferential sampling": fitted(X.iloc[by_doubt], y[by_doubt]),
        "massaging": fitted(X, massaged),
    }
    return {way: model(hiring.X_test) for way, model in models.items()}, int((massaged != y).sum())


@pytest.fixture(scope="module")
def people(hiring):
    return (hiring.test.sensitive["disability"] == "disabled").to_numpy(), (hiring.y_test == 1).to_numpy()


def tpr_gap(decided, disabled, well):
    return decided[~disabled & well].mean() - decided[disabled & well].mean()


def test_the_shared_case_before(text, hiring, chances, people):
    disabled, well = people
    invited = chances[0]["nothing"] > 0.5
    assert f"A model learns from {len(hiring.train_rows):,} of them" in text
    assert f"the audit looks at the other {len(hiring.test_rows):,}" in text
    assert (
        f"{100 * invited[~disabled & well].mean():.0f} are invited if they are not disabled and "
        f"{100 * invited[disabled & well].mean():.0f} if they are" in text
    )


def test_the_training_data_after_each_way(text, hiring, chances):
    disabled = (hiring.train.sensitive["disability"] == "disabled").to_numpy()
    y = hiring.y_train.to_numpy()
    assert f"bring the label gap from {signed(y[disabled].mean() - y[~disabled].mean())} to 0.000" in text
    assert f"{chances[1]} people now have a label that nobody observed" in text


def test_the_audit(text, hiring, chances, people):
    disabled, well = people
    before, after = (chances[0][way] > 0.5 for way in ("nothing", "reweighing"))
    gaps = [tpr_gap(d, disabled, well) for d in (before, after)]
    assert f"true positive rates falls from {gaps[0]:.3f} to {gaps[1]:.3f}" in text
    hit = disabled & well
    rise = after[hit].sum() - before[hit].sum()
    assert (
        f"Disabled applicants gain, {before[hit].mean():.3f} to {after[hit].mean():.3f}: {rise} more of the "
        f"{hit.sum()}" in text
    )
    rest = ~disabled & well
    assert f"{before[rest].mean():.2f}" == f"{after[rest].mean():.2f}" == "0.68"
    lost, gained = before & ~after, after & ~before
    assert not (lost & disabled).any()
    assert f"{lost.sum()} people lose their invitation, none of them disabled, and {gained.sum()} gain one" in text


def test_ten_splits(text, hiring):
    gaps = []
    for seed in range(10):
        parts = hiring.split(random_state=seed)
        X, y, group = parts.X_train, parts.y_train.to_numpy(), parts.train.sensitive["disability"].to_numpy()
        here = (parts.test.sensitive["disability"] == "disabled").to_numpy(), (parts.y_test == 1).to_numpy()
        plain = fitted(X, y)
        doubts = resample(y, sensitive_features=group, method="preferential", y_score=plain(X))
        models = {
            "nothing": plain,
            "reweighing": fitted(X, y, weights(y, group)),
            "preferential": fitted(X.iloc[doubts], y[doubts]),
            "massaging": fitted(X, massage_labels(y, plain(X), sensitive_features=group)),
        }
        gaps.append({way: tpr_gap(model(parts.X_test) > 0.5, *here) for way, model in models.items()})
    gaps = pd.DataFrame(gaps)
    changes = gaps.sub(gaps["nothing"], axis=0)
    ours, mean = changes["reweighing"], changes.mean()
    assert (
        f"shrinks the gap by {-mean['reweighing']:.3f} on average. The split of the tables showed {-ours[0]:.3f}"
        in text
    )
    assert ours[0] == ours.min()  # "the kindest of the ten"
    assert (ours > 0).sum() == 2
    assert f"in two the gap grows, by at most {ours.max():.3f}" in text
    assert (changes[["preferential", "massaging"]] < 0).all(axis=None)
    assert f"in all ten, by {-mean['preferential']:.3f} and {-mean['massaging']:.3f} on average" in text
    assert f"leaves {gaps['preferential'].mean():.3f} of {gaps['nothing'].mean():.3f}" in text


def test_the_row_for_the_comparison(text, hiring, chances, people):
    disabled, well = people
    decided = {way: score > 0.5 for way, score in chances[0].items()}
    y, group = hiring.y_train.to_numpy(), hiring.train.sensitive["disability"].to_numpy()
    lots = resample(y, sensitive_features=group, random_state=0)
    decided["uniform sampling"] = fitted(hiring.X_train.iloc[lots], y[lots])(hiring.X_test) > 0.5
    gaps = {way: tpr_gap(d, disabled, well) for way, d in decided.items()}
    assert "between 0.20 and 0.22, of 0.24" in text
    assert all(0.195 <= gap <= 0.225 for way, gap in gaps.items() if way != "nothing")
    lost = {way: decided["nothing"] & ~d for way, d in decided.items()}
    most = max(lost, key=lambda way: lost[way].sum())
    assert most == "preferential sampling"
    assert f"takes the most invitations, {lost[most].sum()}, and {(lost[most] & well).sum()} of these people" in text


def test_why_the_weights_reach_little(text, hiring, chances, people):
    disabled = (hiring.train.sensitive["disability"] == "disabled").to_numpy()
    y, invited = hiring.y_train.to_numpy(), chances[0]["nothing"] > 0.5
    w = weights(y, disabled)
    labels = 100 * (y[~disabled].mean() - y[disabled].mean())
    invitations = 100 * (invited[~people[0]].mean() - invited[people[0]].mean())
    assert f"The labels are {labels:.1f} points apart, so the weights are mild: {w.min():.2f} to {w.max():.2f}" in text
    assert f"The invitations are {invitations:.1f} points apart, more than twice as much" in text
    assert invitations > 2 * labels


def test_preferential_sampling_of_the_ten(text):
    y, scores = [1, 1, 0, 0, 0, 1, 1, 1, 1, 0], [0.9, 0.8, 0.5, 0.6, 0.1, 0.9, 0.8, 0.6, 0.7, 0.2]
    people = pd.DataFrame({"y": y, "score": scores, "sex": list("fffffmmmmm")}, index=list("ABCDEFGHIJ"))
    doubted = {}
    for (sex, label), cell in people.groupby(["sex", "y"]):
        order = cell["score"].sort_values(ascending=label == 1).index
        change = round((people.sex == sex).sum() * (people.y == label).sum() / 10) - len(cell)
        doubted |= dict.fromkeys(order[: abs(change)], change)
    twice, gone = (sorted(who for who, change in doubted.items() if change * sign > 0) for sign in (1, -1))
    assert (twice, gone) == (["B", "J"], ["D", "H"])
    assert "B (hired, the lower score of the two women) and J come twice; D and H are left out" in text


def test_what_the_explorer_shows(text, hiring, people):
    disabled, well = people
    group, y = (hiring.train.sensitive["disability"] == "disabled").to_numpy(), hiring.y_train.to_numpy()
    seen = {"train": hiring.X_train.assign(group=group), "test": hiring.X_test.assign(group=disabled)}
    w = weights(y, group)
    at = {s: tpr_gap(fitted(hiring.X_train, y, w**s)(hiring.X_test) > 0.5, disabled, well) for s in (0, 1, 4)}
    strong = w**4
    labels = np.average(y[group], weights=strong[group]) - np.average(y[~group], weights=strong[~group])
    assert f"true positive rates still {at[1]:.2f}, down from {at[0]:.2f}" in text
    assert f"the labels are {labels:.2f} apart, now in favour of disabled people" in text
    assert f"and the true positive rates still {at[4]:.2f}" in text
    ticked = tpr_gap(fitted(seen["train"], y, w)(seen["test"]) > 0.5, disabled, well)
    assert f"brings the true positive rates to {ticked:.2f}" in text
    auc = roc_auc_score(disabled, fitted(hiring.X_train, group)(hiring.X_test))
    assert f"(AUC {auc:.2f}; on Adult 0.93)" in text
