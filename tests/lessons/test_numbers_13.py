"""The numbers that lesson 13 states: the game by another program, audits by masks in pandas and scikit-learn."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, recall_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from evenodds.datasets import make_hiring
from evenodds.explorers import AdversaryExplorer
from evenodds.inprocessing import AdversarialDebiasing
from evenodds.neural import MLP
from evenodds.preprocessing import CorrelationRemover

LESSON = Path(__file__).resolve().parents[2] / "course" / "13_adversaries" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def applicants(n, seed):
    """The support desk's applicants, as a table; the draws in the lesson's order."""
    rng = np.random.default_rng(seed)
    people = pd.DataFrame({"reader": rng.random(n) < 0.4})
    skill = rng.normal(size=n)
    people["test"] = skill + 1.5 * rng.normal(size=n)
    people["pace"] = rng.normal(size=n) * (1 + 7 * people.reader)
    people["well"] = skill + 0.5 * rng.normal(size=n) > people.reader.astype(int)
    return people


@pytest.fixture(scope="module")
def desk():
    train, new = applicants(4000, 0), applicants(6000, 1)
    columns = ["test", "pace"]
    centre, spread = train[columns].mean(), train[columns].std(ddof=0)
    for people in (train, new):
        people[["z_test", "z_pace"]] = (people[columns] - centre) / spread
    return train, new


def inputs(people):
    return people[["z_test", "z_pace"]].to_numpy()


def rates(people, scores):
    """Everything in points, readers first."""
    invited = pd.Series(scores > 0, index=people.index)
    found = {"accuracy": 100 * accuracy_score(people.well, invited)}
    for name, of in (("readers", people.reader), ("others", ~people.reader)):
        found[f"invited {name}"] = 100 * invited[of].mean()
        found[f"TPR {name}"] = 100 * recall_score(people.well[of], invited[of])
        found[f"FPR {name}"] = 100 * invited[of & ~people.well].mean()
    return found


def gap(people, scores, rate):
    found = rates(people, scores)
    return found[f"{rate} readers"] - found[f"{rate} others"]


def judged(people, scores, well=None):
    """A tree of the first, third, … person, judged on the others."""
    among = np.ones(len(people), dtype=bool) if well is None else (people.well == well).to_numpy()
    even = np.arange(len(people)) % 2 == 0
    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=50, random_state=0)
    tree.fit(scores[among & even].reshape(-1, 1), people.reader[among & even])
    guess = tree.predict_proba(scores[among & ~even].reshape(-1, 1))[:, 1]
    return roc_auc_score(people.reader[among & ~even], guess)


@pytest.fixture(scope="module")
def networks(desk):
    train, new = desk
    remover = CorrelationRemover().fit(inputs(train), sensitive_features=train.reader.astype(int))
    flat, new_flat = (
        remover.transform(inputs(people), sensitive_features=people.reader.astype(int)) for people in desk
    )
    well = train.well.astype(int)
    return {
        "network": [
            MLP((16,), random_state=s).fit(inputs(train), well).decision_function(inputs(new)) for s in range(5)
        ],
        "remover": [MLP((16,), random_state=s).fit(flat, well).decision_function(new_flat) for s in range(5)],
    }


def minus(number):
    return f"−{-number:.1f}" if number < 0 else f"{number:.1f}"


def test_the_eight_people_by_hand(text):
    q = {0.75: 5, 0.5: 2, 0.25: 1}
    for share, value in zip(q, ("0.288", "0.693", "1.386"), strict=True):
        assert f"{-math.log(share):.3f}" == value
        assert value in text
    assert f"The mean is {sum(-math.log(share) * n for share, n in q.items()) / 8:.3f}" in text
    errors = [-0.25, -0.25, -0.5, 0.5, 0.25, 0.25, 0.25, 0.75]
    assert (sum(errors), f"= {-2 * errors[0] / 8:.4f}$" in text) == (1, True)


def test_the_incident(text, desk, networks):
    _, new = desk
    plain = rates(new, networks["network"][0])
    assert f"invites {plain['TPR readers']:.1f} %, of the others who do well {plain['TPR others']:.1f} %" in text
    assert abs(gap(new, networks["remover"][0], "TPR") - gap(new, networks["network"][0], "TPR")) < 1  # "the gap stays"
    assert f"With {(new.reader & new.well).sum()} readers who do well" in text
    shares = 100 * new.groupby("reader").well.mean()
    assert f"{shares[True]:.1f} % against {shares[False]:.1f} %" in text
    assert abs(np.corrcoef(desk[0].pace, desk[0].reader)[0, 1]) < 0.02  # "Pace is not correlated with the group"
    assert np.corrcoef(desk[0].pace ** 2, desk[0].reader)[0, 1] > 0.3
    errors = [(0.25 / n) ** 0.5 for n in (new.reader & new.well, ~new.reader & new.well) for n in (n.sum(),)]
    assert round(100 * 1.96 * math.hypot(*errors)) == 5  # "known to about ±5 points"


def game(train, alpha, rounds):
    """The game with sums over people written out as tables, from a logistic regression without penalty."""
    S = np.column_stack([np.ones(len(train)), inputs(train), train.z_pace**2])
    well, reader = train.well.to_numpy(dtype=float), train.reader.to_numpy(dtype=float)
    w = LogisticRegression(C=np.inf, tol=1e-8).fit(S[:, 1:], well)
    w = np.append(w.intercept_, w.coef_)
    start, u, c, losses = w, 0.0, 0.0, []
    for _ in range(rounds):
        z = S @ w
        p, q = (1 / (1 + np.exp(-np.clip(logits, -700, 700))) for logits in (z, u * z + c))
        g, h = ((p - well)[:, None] * S).mean(axis=0), ((q - reader)[:, None] * u * S).mean(axis=0)
        length = np.linalg.norm(h)
        along = np.outer(h, h) / length**2 if length else np.zeros((4, 4))
        w, u, c = (
            w - 0.5 * ((np.eye(4) - along) @ g - alpha * h),
            u - 0.5 * ((q - reader) * z).mean(),
            c - 0.5 * (q - reader).mean(),
        )
        t = u * (S @ w) + c
        losses.append(np.mean(np.maximum(t, 0) + np.log1p(np.exp(-np.abs(t))) - reader * t))
    return start, w, losses, u


def with_square(people):
    return np.column_stack([np.ones(len(people)), inputs(people), people.z_pace**2])


def test_your_game(text, desk):
    train, new = desk
    start, w, losses, u = game(train, 1, 600)
    assert f"learns for a few rounds ({losses[4]:.3f})" in text
    assert f"its loss, {losses[-1]:.3f}, is that of somebody" in text
    knows = log_loss(train.reader, np.full(len(train), train.reader.mean()))
    assert losses[-1] == pytest.approx(knows, abs=5e-4)
    assert abs(u) < 0.0005  # "its slope is 0"
    assert f"−{-start[3]:.2f} before, {w[3]:.2f} after" in text
    before, after = rates(new, with_square(new) @ start), rates(new, with_square(new) @ w)
    assert f"now meet, {after['invited readers']:.1f} % and {after['invited others']:.1f} %" in text
    assert f"They were {before['TPR readers']:.1f} % for readers and {before['TPR others']:.1f} % for others" in text
    assert f"they are {after['TPR readers']:.1f} % and {after['TPR others']:.1f} %" in text


def test_the_verdicts(text, desk, networks):
    train, new = desk
    z = with_square(new) @ game(train, 1, 600)[1]
    network = networks["network"][0]
    assert f"{judged(new, z):.3f} for everyone, where the network gave it {judged(new, network):.3f}" in text
    assert f"*among people who do well* it finds {judged(new, z, True):.3f}" in text
    floor = [roc_auc_score(new.well, scores) for scores in (with_square(new) @ game(train, 1, 0)[0], z)]
    assert f"keep a floor: {floor[0]:.3f} before your game, {floor[1]:.3f} after" in text
    odd = new[1::2]
    inside, outside = (odd.reader & odd.well).sum(), (~odd.reader & odd.well).sum()
    assert round(inside, -1) == 230
    assert round(1.96 * ((inside + outside + 1) / (12 * inside * outside)) ** 0.5, 2) == 0.04


def test_going_wild(text, desk):
    train, new = desk
    scores = {
        (alpha, rounds): with_square(new) @ game(train, alpha, rounds)[1]
        for alpha, rounds in ((5, 10), (5, 20), (5, 60), (20, 15))
    }
    found = {moment: rates(new, z) for moment, z in scores.items()}
    ten, twenty, sixty = (found[5, rounds]["TPR readers"] for rounds in (10, 20, 60))
    assert (
        f"After 10 rounds the readers' TPR is {ten:.1f} %, after 20 it is {twenty:.1f} %, after 60 {sixty:.1f} %"
        in text
    )
    assert found[20, 15]["invited readers"] == found[20, 15]["invited others"] == 0
    assert f"finds the group with {judged(new, scores[20, 15]):.3f}" in text


def against(train, seed, **options):
    settings = {"hidden_layer_sizes": (16,), "adversary_hidden_layer_sizes": (8,), "epochs": 40, "decay": 0.5}
    model = AdversarialDebiasing(**settings | options, random_state=seed)
    return model.fit(inputs(train), train.well.astype(int), sensitive_features=train.reader.astype(int))


def test_where_the_adversary_looks(text, desk, networks):
    train, new = desk

    def means(**options):
        scores = [against(train, seed, **options).decision_function(inputs(new)) for seed in range(3)]
        return {rate: [gap(new, z, rate) for z in scores] for rate in ("invited", "TPR", "FPR")}

    parity, odds, chance = (
        means(**options) for options in ({}, {"constraints": "equalized_odds"}, {"constraints": "equal_opportunity"})
    )
    plain = gap(new, networks["network"][0], "invited")
    assert f"from {-plain:.1f} points to {-np.mean(parity['invited']):.1f}" in text
    assert f"readers are {np.mean(parity['TPR']):.1f} points *ahead*" in text
    assert f"TPR and FPR are level: {minus(np.mean(odds['TPR']))} and {minus(np.mean(odds['FPR']))} points" in text
    assert f"stay {-np.mean(odds['invited']):.1f} points apart" in text
    assert f"The TPR gap is {minus(np.mean(chance['TPR']))} points" in text
    assert min(parity["TPR"]) > max(odds["TPR"] + chance["TPR"]) + 4  # "parity differs from the other two"


def test_five_seeds(text, desk, networks):
    train, new = desk
    odds = {"constraints": "equalized_odds"}
    calm = [against(train, seed, **odds).decision_function(inputs(new)) for seed in range(5)]
    hasty = [against(train, seed, **odds, decay=0).decision_function(inputs(new)) for seed in range(5)]

    def ends(runs):
        gaps = [gap(new, z, "TPR") for z in runs]
        return [f"{edge:.0f}".replace("-", "−") for edge in (min(gaps), max(gaps))]

    assert "the TPR gap lies between {} and {}".format(*ends(calm)) in text
    assert "stay long: {} to {}".format(*ends(hasty)) in text
    before, after = (np.mean([rates(new, z)["accuracy"] for z in runs]) for runs in (networks["network"], calm))
    assert f"It costs about a point of accuracy, {before:.1f} % to {after:.1f} %" in text
    assert 0.7 < before - after < 1.3
    gaps = [gap(new, z, "TPR") for z in calm]
    assert round(max(gaps) - min(gaps)) == 8  # the model answer's "over 8 points"
    long = sorted(-gap(new, z, "TPR") for z in hasty)
    assert f"left {long[0]:.0f} to {long[-1]:.0f} points open" in text


def test_what_the_explorer_shows(text, desk):
    tables = [(with_square(people)[:, 1:], people.well.astype(int), people.reader.astype(int)) for people in desk]
    explorer = AdversaryExplorer(*tables[0], *tables[1], epochs=25)

    def audit(alpha, seed=1):
        for control, value in ((explorer._alpha, alpha), (explorer._seed, seed)):
            control.unobserve_all()
            control.value = value
        return explorer.audit(explorer.play())

    none, little = audit(0), audit(0.25)
    judge = "judge's AUC"
    assert f"AUC is {none[judge]:.3f} for α = 0 and {little[judge]:.3f} for α = 0.25" in text
    assert f"shrinks from −{-none['selection gap']:.3f} to {little['selection gap']:.3f}" in text
    assert f"turns round, from −{-none['TPR gap']:.3f} to {little['TPR gap']:.3f}: now readers are ahead" in text


@pytest.fixture(scope="module")
def shared():
    data = make_hiring(n_samples=12_000).split(random_state=0)
    mean, spread = data.X_train.mean(), data.X_train.std(ddof=0)
    X, new_X = ((part - mean) / spread for part in (data.X_train, data.X_test))
    disabled = data.sensitive["disability"] == "disabled"
    group, new_group = disabled.iloc[data.train_rows], disabled.iloc[data.test_rows]
    scores = {"nothing": LogisticRegression().fit(X, data.y_train).decision_function(new_X)}
    for constraints, seeds in (("equal_opportunity", 5), ("equalized_odds", 1), ("demographic_parity", 1)):
        for seed in range(seeds):
            model = AdversarialDebiasing(constraints=constraints, random_state=seed)
            model.fit(X.to_numpy(), data.y_train, sensitive_features=np.where(group, "disabled", "not disabled"))
            scores[constraints, seed] = model.decision_function(new_X.to_numpy())
            if (constraints, seed) == ("equal_opportunity", 0):
                after = np.linalg.lstsq(
                    np.column_stack([new_X, np.ones(len(new_X))]), scores[constraints, seed], rcond=None
                )[0]
    before = LogisticRegression().fit(X, data.y_train).coef_[0]
    weights = pd.DataFrame({"before": before, "after": after[:5], "r": X.corrwith(group)}, index=X.columns)
    flat = X - X.groupby(group).transform("mean")
    means = X.groupby(group).mean()
    new_flat = new_X - means.reindex(new_group).to_numpy()
    scores["remover"] = LogisticRegression().fit(flat, data.y_train).decision_function(new_flat)
    people = pd.DataFrame({"reader": new_group.to_numpy(), "well": data.y_test.to_numpy() == 1})
    people["career_gap"] = data.X_test["career_gap"].to_numpy()
    return people, scores, weights


def test_the_shared_case(text, shared):
    people, scores, weights = shared
    chosen = scores["equal_opportunity", 0]
    before, after = rates(people, scores["nothing"]), rates(people, chosen)
    old, new = scores["nothing"] > 0, chosen > 0
    low, high = before["TPR readers"] / 100, after["TPR readers"] / 100
    assert f"disabled applicants rises from {low:.3f} to {high:.3f}" in text
    members = (people.reader & people.well).sum()
    assert f"{round((high - low) * members)} more of the {members} who would do well" in text
    tpr = [abs(gap(people, scores["equal_opportunity", seed], "TPR")) for seed in range(5)]
    first = abs(gap(people, scores["nothing"], "TPR"))
    assert f"falls from {first:.1f} to {tpr[0]:.1f} points, and over five seeds to between {min(tpr):.1f}" in text
    assert f"and {max(tpr):.1f}: a straight predictor" in text
    assert f"the others falls by {before['TPR others'] - after['TPR others']:.1f} points" in text
    other = ~people.reader
    lost, gained = (old & ~new & other).sum(), (~old & new & other).sum()
    assert f"{lost} of them lose their invitation, {(old & ~new & other & people.well).sum()} of whom would" in text
    assert f"{gained} others gain one" in text
    lengths = people.career_gap[~old & new & other].mean(), people.career_gap[other].mean()
    assert "have a career gap of {:.1f} on average, all others {:.1f}".format(*lengths) in text
    test_score, career_gap = weights.loc["test_score"], weights.loc["career_gap"]
    assert f"test score counts less, {test_score.before:.2f} to {test_score.after:.2f}" in text
    assert f"{career_gap.before:.2f} before, {career_gap.after:.2f} after" in text
    assert f"with being disabled is {career_gap.r:.2f})" in text
    assert weights.r.abs().idxmax() == "career_gap"  # "the column that tells the group best"
    assert f"{(old & ~new & people.well).sum()} people who would do well lose" in text
    assert f"Accuracy falls by {before['accuracy'] - after['accuracy']:.1f} points" in text

    def precision_gap(decided):
        return 100 * abs(people.well[decided & people.reader].mean() - people.well[decided & other].mean())

    assert f"gap in precision grows from {precision_gap(old):.1f} to {precision_gap(new):.1f} points" in text


def test_the_row(text, shared):
    people, scores, _ = shared
    adversaries = [scores[name, 0] for name in ("equal_opportunity", "equalized_odds", "demographic_parity")]
    gaps = [abs(gap(people, z, "TPR")) for z in (*adversaries, scores["remover"])]
    assert f"The four gaps lie between {min(gaps):.1f} and {max(gaps):.1f} points" in text
    accuracies = [rates(people, z)["accuracy"] / 100 for z in adversaries]
    own = rates(people, scores["remover"])["accuracy"] / 100
    assert own > max(accuracies)
    assert gaps[3] < min(gaps[:3])  # all adversaries are dominated
    assert abs(100 * (own - accuracies[0]) - 1.8) < 0.15
    assert abs(100 * (own - accuracies[2]) - 1.8) < 0.15
    right = [(z > 0) == people.well.to_numpy() for z in (*adversaries, scores["remover"])]
    ahead = [np.subtract(right[3], one, dtype=float) for one in right[:3]]
    assert [bool(d.mean() > 1.96 * d.std() / len(d) ** 0.5) for d in ahead] == [True, False, True]
    taken = [int(((scores["nothing"] > 0) & ~(z > 0)).sum()) for z in (scores["remover"], *adversaries)]
    assert f"takes {taken[0]} invitations where they take {min(taken[1:])} to {max(taken[1:])}" in text
