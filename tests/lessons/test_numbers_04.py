"""Every number that the prose of lesson 04 states, recomputed by other code than the lesson's."""

from fractions import Fraction as F
from math import isclose
from pathlib import Path
from statistics import mean

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

LESSON = Path(__file__).resolve().parents[2] / "course" / "04_impossibility" / "lesson.md"

# ProPublica 2016: low and survived, high and survived, low and charged again, high and charged again
TN, FP, FN, TP = range(4)
COUNTS = {"Black": (990, 805, 532, 1369), "White": (1139, 349, 461, 505), "everyone": (2681, 1282, 1216, 2035)}


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def base_rate(c):
    return F(c[FN] + c[TP], sum(c))


def fpr(c):
    return F(c[FP], c[FP] + c[TN])


def fnr(c):
    return F(c[FN], c[FN] + c[TP])


def precision(c):
    return F(c[TP], c[TP] + c[FP])


def points(share):
    return float(100 * share)


def test_the_incident(text):
    black, white, everyone = COUNTS.values()
    assert f"*Everyone* includes {sum(everyone) - sum(black) - sum(white):,} people" in text
    assert f"the same precision, {float(precision(everyone)):.4f}, and the same FNR, {float(fnr(everyone)):.4f}" in text
    assert f"{float(base_rate(black)):.2f} and {float(base_rate(white)):.2f}. How far apart" in text
    assert 1.8 < fpr(black) / fpr(white) < 2  # "almost twice as often"
    assert sum(black) + sum(white) == 6150
    assert "6,150 people" in text


def test_the_three_links_of_compas(text):
    black, white = COUNTS["Black"], COUNTS["White"]
    assert f"The FPR of Black defendants is {float(fpr(black) / fpr(white)):.2f} times that of White" in text
    odds = [base_rate(c) / (1 - base_rate(c)) for c in (black, white)]
    caught = [1 - fnr(c) for c in (black, white)]
    wrong = [F(c[FP], c[TP]) for c in (black, white)]
    assert f"contributes a factor of {float(odds[0] / odds[1]):.2f}" in text
    assert f"link 1 is {float(odds[0] / odds[1]):.2f} times as large" in text
    assert f"Link 2 contributes {float(caught[0] / caught[1]):.2f}" in text
    typed = [", ".join(f"{float(link[i]):.7f}" for link in (odds, caught, wrong)) for i in (0, 1)]
    assert f"published = {{1369: [{typed[0]}], 505: [{typed[1]}]}}" in text
    assert f"a little lower for Black defendants, {float(wrong[0] / wrong[1]):.2f}" in text


def test_the_identity_is_exact_on_the_published_counts():
    for c in COUNTS.values():
        p, v = base_rate(c), precision(c)
        assert p / (1 - p) * (1 - v) / v * (1 - fnr(c)) == fpr(c)


def test_the_rebuilt_score(text):
    everyone = COUNTS["everyone"]
    implied = []
    for race in ("Black", "White"):
        ones = base_rate(COUNTS[race])
        caught = ones * (1 - fnr(everyone))
        implied.append((caught / precision(everyone) - caught) / (1 - ones))
    assert f"the FPRs are {float(implied[0]):.3f} and {float(implied[1]):.3f}" in text
    assert f"{points(implied[0] - implied[1]):.0f} percentage points apart. Nothing but the base rates differs" in text


def test_what_the_explorer_shows(text):
    shown = [p / (1 - p) * (1 - 0.61) / 0.61 * (1 - 0.37) for p in (0.51, 0.39)]
    assert (
        f"The FPRs: {shown[0]:.2f} and {shown[1]:.2f}, about {points(shown[0] - shown[1]):.0f} percentage points"
        in text
    )


def test_the_selection_gap_that_equal_errors_leave(text):
    black, white, everyone = COUNTS.values()
    selected = [base_rate(c) * (1 - fnr(everyone)) + (1 - base_rate(c)) * fpr(everyone) for c in (black, white)]
    assert 0.03 < selected[0] - selected[1] < 0.04  # "Less than 4 percentage points"
    assert "Less than 4 percentage points" in text
    rates = [p * 0.54 + (1 - p) * 0.46 for p in (0.6, 0.2)]
    assert {round(r, 1) for r in (*rates, 0.54, 0.46)} == {0.5}
    assert f"$0.4 \\cdot 0.08$, that is {points(rates[0] - rates[1]):.1f} percentage points" in text


def test_mean_scores_by_label(text):
    scores = {  # score and label of every person
        "a": [(0.2, 1)] * 2 + [(0.2, 0)] * 8 + [(0.8, 1)] * 8 + [(0.8, 0)] * 2,
        "b": [(0.2, 1)] * 4 + [(0.2, 0)] * 16 + [(0.8, 1)] * 8 + [(0.8, 0)] * 2,
    }
    by = {(g, y): mean(s for s, label in people if label == y) for g, people in scores.items() for y in (0, 1)}
    assert f"/10 = {by['a', 1]:.2f}$ in a" in text
    assert f"/12 = {by['b', 1]:.2f}$ in b" in text
    assert f"0.4 \\cdot 0.6 + 0.6 \\cdot {by['b', 0]:.3f} = 0.4" in text
    gaps = [by["a", y] - by["b", y] for y in (1, 0)]
    assert f"mean scores are lower in group b, by {gaps[0]:.3f} with label 1 and by {gaps[1]:.3f} with label 0" in text
    assert f"= {sum(s for s, label in scores['a'] if label == 1):.1f}$ of the ten" in text
    assert f"TPR of these decisions is {by['a', 1]:.2f}" in text
    for people in scores.values():
        assert isclose(sum(s for s, _ in people), sum(label for _, label in people))


def test_parity_by_raising_five_people(text):
    high = [1] * (8 + 1) + [0] * (2 + 4)
    assert f"Now {len(high)} of 30 are called risky" in text
    assert f"a share of {mean(high):.1f} has label 1" in text


def test_the_limits_of_the_imperfect_score_pass_through_its_corners():
    steep, flat = (lambda x: 4 * x), (lambda x: 0.75 + 0.25 * x)
    assert steep(0) == 0
    assert isclose(steep(0.2), 0.8)
    assert isclose(flat(0.2), 0.8)
    assert flat(1) == 1


@pytest.fixture(scope="module")
def defendants(public_data):
    people = pd.read_csv(public_data / "compas" / "compas-scores-two-years.csv.gz")
    return people[["race", "decile_score", "two_year_recid"]]


def at_cut(people, race, cut):
    here = people[people.race == race]
    risky, again = here.decile_score >= cut, here.two_year_recid == 1
    cells = (~risky & ~again, risky & ~again, ~risky & again, risky & again)
    return tuple(int(cell.sum()) for cell in cells)


def test_cut_offs_that_nearly_equalise_errors(text, defendants):
    white = at_cut(defendants, "Caucasian", 5)
    assert white == COUNTS["White"]
    tables = {cut: at_cut(defendants, "African-American", cut) for cut in range(2, 11)}
    far = {cut: max(abs(fpr(c) - fpr(white)), abs(fnr(c) - fnr(white))) for cut, c in tables.items()}
    closest = min(far, key=far.get)
    assert f"The closest for Black defendants is {closest}" in text
    black = tables[closest]
    assert f"FPRs are then {float(fpr(white)):.3f} and {float(fpr(black)):.3f}" in text
    assert f"the FNRs {float(fnr(white)):.3f} and {float(fnr(black)):.3f}: at most {points(far[closest]):.1f}" in text
    assert f"the precision: {float(precision(white)):.3f} and {float(precision(black)):.3f}" in text

    before = COUNTS["Black"]
    assert f"precision is {points(precision(before) - precision(white)):.0f} percentage points apart" in text
    assert f"and the FPR {points(fpr(before) - fpr(white)):.0f}. With 7 and 5" in text
    assert f"the FPR is {points(fpr(black) - fpr(white)):.1f} percentage points apart" in text
    assert f"and the precision {points(precision(black) - precision(white)):.1f}." in text
    missed = f"{points(fnr(black)):.0f} % are now missed instead of {points(fnr(before)):.0f} %"
    assert missed in text

    essay = text[text.index("*Model answer.*") :]
    assert f"{points(fpr(before)):.0f} % of such Black defendants are now called risky" in essay
    assert f"{points(fpr(white)):.0f} % of such White defendants" in essay
    assert f"these rates would be {points(fpr(black)):.0f} % and {points(fpr(white)):.0f} %" in essay
    assert f"mean {points(precision(black)):.0f} % charged again for Black" in essay
    assert f"and {points(precision(white)):.0f} % for White defendants" in essay
    assert f"{points(base_rate(before)):.0f} % were charged again" in essay
    assert f"of the White defendants {points(base_rate(white)):.0f} %" in essay


def test_precision_parts_at_every_pair_of_closest_cut_offs(text, defendants):
    black = {cut: at_cut(defendants, "African-American", cut) for cut in range(2, 11)}
    for cut in range(2, 11):
        white = at_cut(defendants, "Caucasian", cut)
        near = min(black.values(), key=lambda c: max(abs(fpr(c) - fpr(white)), abs(fnr(c) - fnr(white))))
        assert precision(near) > precision(white)
    assert "In every row of the table precision is higher for Black defendants" in text


def test_recorded_labels(text):
    def recorded(noticed, people=1000):
        again_risky, again_not, never_risky = 350.0, 150.0, 150.0
        unseen_risky = again_risky * (1 - noticed)
        ones = (again_risky + again_not) * noticed
        return {
            "base": ones / people,
            "fpr": (never_risky + unseen_risky) / (people - ones),
            "precision": again_risky * noticed / (again_risky + never_risky),
        }

    well, badly = recorded(0.9), recorded(0.6)
    assert f"the base rates are {well['base']:.2f} and {badly['base']:.2f}" in text
    assert f"precision is {points(well['precision'] - badly['precision']):.0f} percentage points apart" in text
    assert f"the FPR is {points(badly['fpr'] - well['fpr']):.0f} percentage points higher" in text


def test_equal_base_rates_make_everything_equal(text):
    selected = F(4, 10) * F(8, 10) + F(6, 10) * F(2, 10)
    assert f"Selection rate {float(selected):.2f} and precision {float(F(32, 100) / selected):.3f} in both" in text


def test_question_2(text):
    right = F(1, 3) * F(6, 10) * 1
    assert right == F(1, 5)
    assert f"[x] c. {float(right):.2f}" in text


@pytest.mark.parametrize(
    ("wanted", "base_rates", "best"),
    [
        ("odds", (0.5, 0.4), 0.6),
        ("opportunity and parity", (0.5, 0.4), 0.55),
        ("precision and parity", (0.5, 0.4), 0.5),
        ("odds", (0.4, 0.4), 0.6),
    ],
)
def test_most_pairs_of_demands_stay_far_from_a_coin_toss(text, wanted, base_rates, best):
    assert "Four of the five sets are possible, with 0.5 or more" in text
    p, q = base_rates
    parity = [p, 1 - p, -q, -(1 - q)]
    equal = {
        "odds": [[1, 0, -1, 0], [0, 1, 0, -1]],
        "opportunity and parity": [parity, [1, 0, -1, 0]],
        "precision and parity": [parity, [p, 0, -q, 0]],  # equal selection: equal precision is equal true positives
    }[wanted]
    hull = np.kron(np.eye(2), [[1, -4], [1, -0.25]])
    found = linprog([-0.5, 0.5, -0.5, 0.5], A_ub=hull, b_ub=[0, 0.75] * 2, A_eq=equal, b_eq=[0, 0], bounds=(0, 1))
    assert found.success
    assert -found.fun == pytest.approx(best, abs=1e-6)
