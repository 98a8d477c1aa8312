"""Every number that the prose of lesson 06 states, recomputed by other code than the lesson's."""

from ast import literal_eval
from math import inf
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import binomtest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

LESSON = Path(__file__).resolve().parents[2] / "course" / "06_coverage" / "lesson.md"
WAYS = ("typed", "translated", "relayed")


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def receive(n, rng, shares=(0.80, 0.19, 0.01)):
    way = rng.choice(WAYS, n, p=shares)
    right = rng.integers(0, 5, n)
    noise = rng.normal(size=(n, 5))
    for i in range(n):
        noise[i] *= {"typed": 0.9, "translated": 2.0, "relayed": 2.0}[way[i]]
        noise[i, right[i]] += 2
    return noise, right, way


def rank(n, alpha=0.1):
    return next(k for k in range(1, n + 2) if k >= (n + 1) * (1 - alpha) - 1e-9)


def cut(scores, alpha=0.1):
    k = rank(len(scores), alpha)
    return sorted(scores)[k - 1] if k <= len(scores) else inf


def measured(proba, right, way, limits):
    """Coverage and size of every group, and of all; counted with loops over rows."""
    held = np.array([1 - p[r] <= limits[w] for p, r, w in zip(proba, right, way, strict=True)])
    size = np.array([sum(1 - q <= limits[w] for q in p) for p, w in zip(proba, way, strict=True)])
    groups = {"everyone": np.ones(len(way), bool)} | {w: way == w for w in WAYS}
    return {
        name: (held[here].mean(), size[here].mean(), int(here.sum())) for name, here in groups.items() if here.any()
    }


@pytest.fixture(scope="module")
def clinic():
    rng = np.random.default_rng(38)
    train, past, new = receive(2000, rng), receive(1000, rng), receive(6000, rng)
    model = LogisticRegression(max_iter=1000).fit(*train[:2])

    def proba(hints):
        return softmax(hints @ model.coef_.T + model.intercept_, axis=1)

    scores = np.array([1 - p[r] for p, r in zip(proba(past[0]), past[1], strict=True)])
    one = dict.fromkeys(WAYS, cut(scores))
    own = {w: cut(scores[past[2] == w]) for w in WAYS}
    return {
        "train": train,
        "past": past,
        "new": new,
        "proba": proba,
        "scores": scores,
        "one": one,
        "own": own,
        "with one": measured(proba(new[0]), *new[1:], one),
        "with own": measured(proba(new[0]), *new[1:], own),
    }


def test_the_vendors_rule(clinic, text):
    limit = clinic["one"]["typed"]
    assert f"at least {1 - limit:.4f}. Where that number comes from" in text
    proba = clinic["proba"](clinic["new"][0])
    assert ((proba >= 0.1463) == (1 - proba <= limit)).mean() > 0.9999
    coverage, size, n = clinic["with one"]["everyone"]
    assert f"{n:,} new messages" in text
    assert f"name {size:.2f} departments on average" in text
    assert f"{coverage:.3f} is what it gave" in text
    assert abs((proba.argmax(1) == clinic["new"][1]).mean() - 0.75) < 0.02  # "three messages in four"


def test_who_is_covered_with_one_threshold(clinic, text):
    found = clinic["with one"]
    typed, translated, relayed = (found[w] for w in WAYS)
    assert f"Of 100 typed messages, {100 * typed[0]:.0f} reach" in text
    assert f"of 100 translated ones, {100 * translated[0]:.0f}." in text
    low, high = binomtest(round(translated[0] * translated[2]), translated[2]).proportion_ci(method="wilson")
    assert f"There are {translated[2]:,} translated messages, and their interval, {low:.3f} to {high:.3f}" in text
    assert f"messages are {relayed[2]}, and their interval is wide" in text
    for coverage, _, n in (translated, relayed):
        assert binomtest(round(coverage * n), n).proportion_ci(method="wilson").high < 0.85
    sizes = [size for _, size, _ in (typed, translated, relayed)]
    assert f"almost equally large, {min(sizes):.2f} to {max(sizes):.2f} departments" in text
    new, way = clinic["proba"](clinic["new"][0]), clinic["new"][2]
    sure, right = new.max(1)[way == "typed"].mean(), (new.argmax(1) == clinic["new"][1])[way == "typed"].mean()
    assert f"it is the other way round, {sure:.2f} and {right:.2f}" in text
    sure = new.max(1)[way == "translated"].mean()
    right = (new.argmax(1) == clinic["new"][1])[way == "translated"].mean()
    assert f"highest probability is {sure:.2f} on average, and the best guess is right for {right:.2f}" in text


def test_who_pays_for_own_thresholds(clinic, text):
    one, own = clinic["with one"], clinic["with own"]
    coverage, _, n = own["translated"]
    low, high = binomtest(round(coverage * n), n).proportion_ci(method="wilson")
    assert low < 0.9 < high
    assert (
        f"rise from {one['translated'][0]:.2f} to {own['translated'][0]:.2f} ({own['translated'][0]:.3f}; "
        f"the 95 % interval, {low:.3f} to {high:.3f}, holds the promised 0.90), and their lists grow from "
        f"{one['translated'][1]:.2f} to {own['translated'][1]:.2f} departments" in text
    )
    assert (
        f"({one['typed'][0]:.2f} to {own['typed'][0]:.2f}) and get shorter lists, {own['typed'][1]:.2f}. Over everyone "
        f"little seems to happen: a coverage of {own['everyone'][0]:.2f} before and after, and "
        f"{one['everyone'][1]:.2f} departments become {own['everyone'][1]:.2f}." in text
    )
    assert f"coverage {own['typed'][0]:.3f}, {own['translated'][0]:.3f} and {own['relayed'][0]:.3f}" in text
    assert f"with {own['typed'][1]:.2f}, {own['translated'][1]:.2f} and {own['relayed'][1]:.2f} departments" in text
    assert round(one["everyone"][0], 2) == round(own["everyone"][0], 2)
    calibration = {w: int((clinic["past"][2] == w).sum()) for w in WAYS}
    assert calibration["relayed"] == 8
    assert clinic["own"]["relayed"] == inf
    assert f"how many of the {calibration['translated']} translated calibration rows" in text
    essay = text[text.index("*Model answer.*") :]
    assert f"{100 * one['typed'][0]:.0f} of 100 typed lists" in essay
    assert f"({one['typed'][1]:.2f} and {one['translated'][1]:.2f} departments)" in essay
    assert f"{own['translated'][1]:.2f} departments and typed ones {own['typed'][1]:.2f}" in essay


def test_what_the_explorer_shows(text):
    finite = [a / 100 for a in range(1, 51) if rank(8, a / 100) <= 8]
    assert f"from {finite[0]:.2f} on" in text
    rows = [next(n for n in range(1, 200) if rank(n, a) <= n) for a in (0.1, 0.05, 0.01)]
    assert "which is {} for alpha 0.1, {} for 0.05 and {} for 0.01".format(*rows) in text


def test_ranks_and_exact_coverage(text):
    for n, decimals in ((9, "9/10 = 0.900"), (10, "10/11 = 0.909"), (100, "91/101 = 0.90099")):
        fraction, value = decimals.split(" = ")
        k, places = map(int, fraction.split("/"))
        assert (k, places) == (rank(n), n + 1)
        assert f"{k / places:.{len(value) - 2}f}" == value
        assert decimals in text
    assert rank(8) == 9
    assert f"8/9 = {8 / 9:.3f}" in text
    assert f"9/11 = {9 / 11:.3f}" in text
    assert 10 * (1 - 0.7) == 3.0000000000000004


def test_the_scores_of_the_ten_messages(text):
    table = "| score | 0.08 | 0.15 | 0.22 | 0.30 | 0.34 | 0.52 | 0.55 | 0.65 | 0.88 |"
    right = [0.92, 0.45, 0.70, 0.85, 0.12, 0.66, 0.35, 0.78, 0.48]
    assert table in text
    assert [f"{1 - p:.2f}" for p in sorted(right, reverse=True)] == table.strip("| ").split(" | ")[1:]


def test_how_far_single_draws_lie_apart(text):
    rng = np.random.default_rng(1)
    for n, low, high in ((9, 0.78, 0.99), (1000, 0.89, 0.91)):
        drawn = rng.beta(rank(n), n + 1 - rank(n), 200_000)  # how the order statistic of even scores is distributed
        assert np.quantile(drawn, [0.1, 0.9]) == pytest.approx([low, high], abs=0.006)
    assert "coverage between 0.78 and 0.99" in text
    assert "with 1,000, between 0.89 and 0.91" in text


def test_the_laboratory(text):
    rng = np.random.default_rng(3)
    island = rng.random(4000) < 0.2
    error = rng.normal(0, np.where(island, 3.0, 1.0))
    past, new, there = abs(error[:2000]), abs(error[2000:]), island[2000:]
    q = cut(past)
    everyone, mainland, islands = ((new[here] <= q).mean() for here in (slice(None), ~there, there))
    assert (round(everyone, 3), round(mainland, 3), round(islands, 3)) == (0.903, 0.987, 0.573)
    assert f"{everyone:.3f} over everyone, {mainland:.3f} on the mainland and **{islands:.3f}** on the islands" in text
    assert f'"give or take {q:.1f} hours"' in text
    own = {side: cut(past[island[:2000] == side]) for side in (False, True)}
    covered = [(new[there == side] <= own[side]).mean() for side in (False, True)]
    assert f"Coverage is {covered[0]:.3f} and {covered[1]:.3f}" in text
    assert f"{own[False]:.1f} hours on the mainland, {own[True]:.1f} on the islands" in text
    low, high = binomtest(int((new[there] <= own[True]).sum()), int(there.sum())).proportion_ci(method="wilson")
    assert low < 0.9 < high
    assert "the interval of the second holds 0.90" in text


def test_calibration_rows_that_the_model_has_seen(clinic, text):
    forest = RandomForestClassifier(100, random_state=0).fit(*clinic["train"][:2])
    hints, right = clinic["train"][:2]
    limit = cut([1 - p[r] for p, r in zip(forest.predict_proba(hints), right, strict=True)])
    new = clinic["new"]
    sets = 1 - forest.predict_proba(new[0]) <= limit
    covered = np.mean([s[r] for s, r in zip(sets, new[1], strict=True)])
    assert f"the threshold is {limit:.2f} and the coverage of new messages {covered:.2f}" in text
    assert f"mean size is {sets.sum(1).mean():.2f} departments, and a share of {(sets.sum(1) == 0).mean():.2f}" in text


def test_when_the_messages_change(clinic, text):
    typed, translated = (round(clinic["with one"][w][0], 2) for w in ("typed", "translated"))
    mixed = 0.4 * typed + 0.6 * translated
    assert f"$0.4 \\cdot {typed:.2f} + 0.6 \\cdot {translated:.2f} = {mixed:.2f}$" in text
    later = receive(60_000, np.random.default_rng(1), shares=(0.40, 0.60, 0.0))
    assert measured(clinic["proba"](later[0]), *later[1:], clinic["one"])["everyone"][0] == pytest.approx(
        mixed, abs=0.02
    )


def test_within_a_group(clinic, text):
    hints, right, way = (part[clinic["new"][2] == "translated"] for part in clinic["new"])
    proba = clinic["proba"](hints)
    sure = proba.max(1)
    above = measured(proba[sure > 0.8], right[sure > 0.8], way[sure > 0.8], clinic["own"])["translated"]
    below = measured(proba[sure <= 0.5], right[sure <= 0.5], way[sure <= 0.5], clinic["own"])["translated"]
    assert f"above 0.8, it is {above[0]:.2f}; below 0.5 it is {below[0]:.2f}, with {below[1]:.1f} departments" in text


def test_the_quiz(text):
    assert rank(15, 0.05) == 16
    assert rank(19, 0.05) == 19
    assert "0.785, which is 11.5 percentage points below" in text
    assert f"0.8 · 0.96 + 0.2 · 0.61 = {0.8 * 0.96 + 0.2 * 0.61:.3f}" in text


def promises_kept(rows):
    calibrated, coverage, odds, held, people = True, [], [], 0, 0
    for side in ("East", "West"):
        here = [row[1:] for row in rows if row[0] == side]
        calibrated &= all(abs(ones / n - score) < 1e-9 for n, score, ones, _ in here)
        right = sum(ones * ("1" in s) + (n - ones) * ("0" in s) for n, _, ones, s in here)
        total, positives = sum(n for n, *_ in here), sum(ones for _, _, ones, _ in here)
        tp = sum(ones for _, score, ones, _ in here if score > 0.5)
        fp = sum(n - ones for n, score, ones, _ in here if score > 0.5)
        coverage.append(right / total)
        odds.append((tp / positives, fp / (total - positives)))
        held, people = held + right, people + total
    equal = np.allclose(*odds)
    flags = (calibrated, held / people >= 0.9 - 1e-9, min(coverage) >= 0.9 - 1e-9, equal)
    return "".join(letter for letter, flag in zip("cmge", flags, strict=True) if flag)


def test_the_promises_of_each_town_counted_from_its_rows_as_printed(text):
    source = LESSON.read_text(encoding="utf-8")
    block = source[source.index("towns = pd.DataFrame(") :]
    rows = literal_eval(block[block.index("[") : block.index("]", block.index("Cliffe"))] + "]")
    for town in ("Ashby", "Birch", "Cliffe"):
        assert f"- [{promises_kept([row[1:] for row in rows if row[0] == town])}] **{town}**" in text
