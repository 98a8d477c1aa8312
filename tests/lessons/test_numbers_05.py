"""The numbers that lesson 05 states, computed another way: pandas, scikit-learn and loops over pairs."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, pairwise_distances, recall_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from evenodds.datasets import fetch_adult, make_lending

LESSON = Path(__file__).resolve().parents[2] / "course" / "05_proxies_and_individuals" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def adult(public_data):
    return fetch_adult(download=False)


def learner(table):
    """One-hot columns and scaling in one transformer, where the lesson makes the columns first."""
    words = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    numbers = [name for name in table if name not in words]
    coding = make_column_transformer(
        (OneHotEncoder(sparse_output=False, handle_unknown="ignore"), words), ("passthrough", numbers)
    )
    return make_pipeline(coding, StandardScaler(), LogisticRegression(max_iter=1000))


@pytest.fixture(scope="module")
def models(adult):
    woman = (adult.sensitive["sex"] == "Female").astype(int)
    filled = adult.X.fillna("?")
    tables = {
        "aware": filled.assign(woman=woman),
        "unaware": filled,
        "bare": filled.drop(columns=["relationship", "marital-status"]),
    }
    return {
        name: learner(table).fit(table.iloc[adult.train_rows], adult.y.iloc[adult.train_rows])
        for name, table in tables.items()
    }, {name: table.iloc[adult.test_rows] for name, table in tables.items()}


@pytest.fixture(scope="module")
def rates(adult, models):
    fitted, tables = models
    woman = (adult.sensitive["sex"].iloc[adult.test_rows] == "Female").to_numpy()
    label = adult.y_test.to_numpy()
    found = {}
    for name, model in fitted.items():
        offers = model.predict(tables[name])
        found[name] = {
            "women": offers[woman].mean(),
            "men": offers[~woman].mean(),
            "TPR women": recall_score(label[woman], offers[woman]),
            "TPR men": recall_score(label[~woman], offers[~woman]),
            "accuracy": accuracy_score(label, offers),
        }
    return pd.DataFrame(found).T


def test_the_incident(text, rates):
    aware = rates.loc["aware"]
    assert f"{100 * aware['men']:.1f} % of the men and {100 * aware['women']:.1f} % of the women get an offer" in text
    assert "one man in four and to one woman in thirteen" in text
    assert round(1 / aware["men"]) == 4
    assert round(1 / aware["women"]) == 13
    gap = 100 * (rates["men"] - rates["women"])
    assert f"The gap in offers was {gap['aware']:.1f} points, and it is {gap['unaware']:.1f} now" in text
    assert f"deleting the column took away {gap['aware'] - gap['unaware']:.1f} points" in text
    assert f"The impact shrinks by {gap['aware'] - gap['unaware']:.1f} points of {gap['aware']:.1f}" in text
    missed = 100 * (rates["TPR men"] - rates["TPR women"])
    assert f"shrinks more, from {missed['aware']:.1f} to {missed['unaware']:.1f} points: by nearly a third" in text
    assert 0.28 < 1 - missed["unaware"] / missed["aware"] < 0.33
    assert f"it was {missed['unaware']:.1f} points and is about {missed['bare']:.0f}" in text
    assert f"The impact is −{gap['aware'] / 100:.3f} and −{gap['unaware'] / 100:.3f}" in text
    assert f"women got offers {gap['aware']:.1f} percentage points less often" in text
    assert f"without it, {gap['unaware']:.1f} points less often" in text


def test_the_labels_differ_more_than_the_offers(text, adult, rates):
    earns = adult.y_test.groupby(adult.sensitive["sex"].iloc[adult.test_rows].to_numpy()).mean() * 100
    assert f"{earns['Female']:.1f} % of the women and {earns['Male']:.1f} % of the men earn more" in text
    assert f"a difference of {earns['Male'] - earns['Female']:.1f} points, larger than the gap in offers" in text
    assert earns["Male"] - earns["Female"] > 100 * (rates["men"] - rates["women"])["unaware"]


def test_what_deleting_proxies_costs(text, rates):
    unaware, bare = rates.loc["unaware"], rates.loc["bare"]
    moved = 100 * (rates.loc["unaware"] - rates.loc["aware"]).drop("accuracy").abs().max()
    assert "deleting the column moves each rate by about two points at most" in text
    assert round(moved) == 2
    gap = 100 * (rates["men"] - rates["women"])
    assert f"The gap shrinks from {gap['unaware']:.1f} to {gap['bare']:.1f} points" in text
    assert f"({100 * bare['women']:.1f} % in place of {100 * unaware['women']:.1f} %); men get fewer" in text
    assert bare["men"] < unaware["men"]
    assert f"{100 * bare['TPR women']:.0f} % get an offer in place of {100 * unaware['TPR women']:.0f} %" in text
    assert f"For men it is {100 * bare['TPR men']:.0f} % in place of {100 * unaware['TPR men']:.0f} %" in text
    assert f"Accuracy falls from {unaware['accuracy']:.3f} to {bare['accuracy']:.3f}" in text
    assert f"The ratio of offers is {unaware['women'] / unaware['men']:.2f} without the column" in text
    assert f"their true positive rate is {unaware['TPR women']:.2f} against {unaware['TPR men']:.2f}" in text


def guesses(adult, columns):
    woman = (adult.sensitive["sex"] == "Female").to_numpy().astype(int)
    table = adult.X.fillna("?")[columns]
    model = learner(table).fit(table.iloc[adult.train_rows], woman[adult.train_rows])
    return woman[adult.test_rows], model.predict_proba(table.iloc[adult.test_rows])[:, 1]


def test_the_sex_is_recovered(text, adult):
    some = np.random.default_rng(0).choice(adult.test_rows, 2000, replace=False) - adult.test_rows[0]
    woman, chance = guesses(adult, list(adult.X))
    everyone, sample = roc_auc_score(woman, chance), roc_auc_score(woman[some], chance[some])
    assert f"On Adult the AUC is {everyone:.3f} for everybody, and {sample:.3f} for the 2,000" in text
    assert f"in {100 * everyone:.0f} of 100 such pairs" in text
    assert f"recover the sex with an AUC of {everyone:.2f}" in text
    woman, chance = guesses(adult, [name for name in adult.X if name not in ("relationship", "marital-status")])
    fewer = roc_auc_score(woman[some], chance[some])
    assert f"the AUC for the group falls from {sample:.3f} to {fewer:.3f}" in text
    few = adult.rows(some[:600] + adult.test_rows[0])
    husband = roc_auc_score(few.sensitive["sex"] == "Male", few.X["relationship"] == "Husband")
    assert f"*relationship: Husband*, with {husband:.3f}" in text


def test_the_flip_test_on_adult(text, models):
    fitted, tables = models
    people = tables["aware"]
    as_is, turned = (fitted["aware"].predict(t) for t in (people, people.assign(woman=1 - people["woman"])))
    changed = (as_is != turned).mean()
    assert f"{100 * changed:.1f} % of the people would get another decision" in text
    assert f"on which {100 * changed:.1f} % of the decisions depend" in text


def test_the_pairs_by_hand(text):
    inside, outside = [0.9, 0.6, 0.4], [0.7, 0.6, 0.5, 0.2, 0.1]
    worth = sum(1 if a > b else 0.5 if a == b else 0 for a in inside for b in outside)
    assert f"{worth:g} / 15 = {worth / 15:g}" in text


def test_the_traps(text):
    rng = np.random.default_rng(7)
    group = rng.integers(0, 2, 4000)
    spread = np.array([rng.normal(0, 3 if g else 1) for g in group])
    tree = DecisionTreeClassifier(max_depth=4).fit(spread[:2000, None], group[:2000])
    found = roc_auc_score(group[2000:], tree.predict_proba(spread[2000:, None])[:, 1])
    assert f"the correlation is −{-np.corrcoef(spread, group)[0, 1]:.3f}" in text
    assert f"A tree recovers the group with an AUC of {found:.3f}" in text


@pytest.fixture(scope="module")
def crowd():
    loans = make_lending(n_samples=6000, random_state=5).split()
    scaler = StandardScaler().fit(loans.X_train)
    model = LogisticRegression().fit(scaler.transform(loans.X_train), loans.y_train)
    people = scaler.transform(loans.X_test.iloc[:300])
    away = (loans.sensitive["neighbourhood"].iloc[loans.test_rows[:300]] != "Hillside").to_numpy()
    return loans, people, model.predict_proba(people)[:, 1], away, model.coef_


def broken(people, scores, bound):
    away = pairwise_distances(people)
    return sum(abs(scores[i] - scores[j]) > bound * away[i, j] for i, j in combinations(range(len(scores)), 2))


def test_who_is_similar_is_a_choice(text, crowd):
    _, people, scores, _, weights = crowd
    assert broken(people, scores, 0.2) == 0  # "nobody has a complaint"
    assert f"is *no* reason to treat people differently, {broken(people[:, :4], scores, 0.2)} pairs do" in text
    assert f"for each unit of distance: here {np.sqrt((weights**2).sum()) / 4:.2f}, less than L = 0.2" in text


def agreement(people, decisions, k=5):
    away = pairwise_distances(people)
    np.fill_diagonal(away, np.inf)
    near = [decisions[np.argsort(row)[:k]].mean() for row in away]
    return 1 - np.abs(decisions - near).mean()


def test_what_consistency_does_not_see(text, crowd):
    loans, people, scores, away, _ = crowd
    decisions = (scores > 0.5).astype(int)
    lots = decisions.copy()
    for side in (False, True):
        lots[away == side] = np.random.default_rng(0).permutation(decisions[away == side])
    agreed = people[:, :4]
    before, after = agreement(agreed, decisions), agreement(agreed, lots)
    assert f"Consistency (the agreed four) falls from {before:.3f} to {after:.3f}" in text
    near = (loans.X_test["branch_distance"].iloc[:300] < 2.2).to_numpy().astype(int)
    assert f"approves {100 * near[~away].mean():.1f} % on the Hillside and {100 * near[away].mean():.1f} %" in text
    assert (
        f"consistency is {agreement(people, near):.3f}, close to the model's {agreement(people, decisions):.3f}" in text
    )
    assert f"it falls to {agreement(agreed, near):.3f}, and the model's only to {before:.3f}" in text
    in_dollars = loans.X_test.iloc[:300].to_numpy() * [1000, 1, 1, 1, 1]
    assert f"a consistency of {agreement(in_dollars, decisions):.3f} once income is in dollars" in text


def test_equal_rates_by_side_pull_two_people_apart(text, crowd):
    _, people, scores, away, _ = crowd
    rate = (scores[~away] > 0.5).mean()
    cut = np.quantile(scores[away], 1 - rate)
    assert abs((scores[away] > cut).mean() - rate) < 0.005  # "within half a point of each other"
    by_side = (scores > np.where(away, cut, 0.5)).astype(int)
    approved, refused = np.flatnonzero(away & (by_side == 1)), np.flatnonzero(~away & (by_side == 0))
    apart = {(i, j): np.linalg.norm(people[i, :4] - people[j, :4]) for i in approved for j in refused}
    one, other = min(apart, key=apart.get)
    assert scores[one] < scores[other] <= 0.5  # "one threshold would refuse both", "with the lower score"


def test_the_model_without_proxies_is_the_most_consistent(text, adult, models):
    fitted, tables = models
    columns = pd.get_dummies(adult.X, dtype=float)
    scaler = StandardScaler().fit(columns.iloc[adult.train_rows])
    people = scaler.transform(columns.iloc[adult.test_rows[:300]])
    found = {name: agreement(people, model.predict(tables[name].iloc[:300])) for name, model in fitted.items()}
    assert f"the highest consistency, {found['bare']:.3f}" in text
    assert max(found, key=found.get) == "bare"


def test_all_husbands_but_one_are_recorded_as_men(text, adult):
    husbands = adult.train.sensitive["sex"][adult.train.X["relationship"] == "Husband"]
    assert (husbands != "Male").sum() == 1
    assert "All but one of the husbands in the training data are recorded as men" in text
