"""Every number that lesson 02's prose states about its own data, recomputed by other code than the lesson's."""

from math import comb, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, norm

from evenodds.datasets import berkeley_admissions, fetch_german, make_lending
from evenodds.explorers import EvidenceExplorer

LESSON = Path(__file__).resolve().parents[2] / "course" / "02_evidence" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def gap_and_error(k, n, k0, n0):
    outcomes = [np.repeat([1.0, 0.0], [a, b - a]) for a, b in ((k, n), (k0, n0))]
    return outcomes[0].mean() - outcomes[1].mean(), sqrt(sum(o.var() / len(o) for o in outcomes))


def wilson(k, n):
    return tuple(binomtest(k, n).proportion_ci(method="wilson"))


def newcombe(k, n, k0, n0):
    (low, high), (low0, high0) = wilson(k, n), wilson(k0, n0)
    r, r0 = k / n, k0 / n0
    return r - r0 - np.hypot(r - low, high0 - r0), r - r0 + np.hypot(high - r, r0 - low0)


def holm(p):
    """Of all p-values that are not larger, the largest product with the number of those not smaller."""
    return np.array([min(1, max(q * sum(other >= q for other in p) for q in p if q <= value)) for value in p])


def exact_deal(k, n, k0, n0):
    """Share of all deals whose gap is at least as large."""
    yes, everyone = k + k0, n + n0
    ways = {j: comb(yes, j) * comb(everyone - yes, n - j) for j in range(max(0, yes - n0), min(n, yes) + 1)}
    gap = {j: abs(j / n - (yes - j) / n0) for j in ways}
    return sum(w for j, w in ways.items() if gap[j] >= gap[k] - 1e-9) / sum(ways.values())


def test_the_two_reports(text):
    town, bank = gap_and_error(6, 8, 180, 200), gap_and_error(110, 190, 590, 810)
    assert round(100 * town[0]) == round(100 * bank[0]) == -15
    assert f"= {town[1]:.3f}$. The error of the gap is as large as the gap" in text
    assert f"0.9 \\cdot 0.1 / 200}} = {sqrt(0.09 / 200):.3f}$" in text
    assert f"0.75 \\cdot 0.25 / 8}} = {sqrt(0.1875 / 8):.3f}$" in text
    low, high = (round(100 * abs(bank[0] + side * 1.96 * bank[1])) for side in (-1, 1))
    assert f"from {low} points to {high} points below the others" in text
    low, high = (round(100 * (town[0] + side * 1.96 * town[1])) for side in (-1, 1))
    assert f"from {-low} points *below* to {high} points *above*" in text
    low, high = (round(100 * end) for end in newcombe(6, 8, 180, 200))
    assert f"goes from {-low} points below to {high} points above, in place of 45 below to 15 above" in text
    assert f"from {-low} points less to {high} points more" in text
    assert f"has a 95 % interval from −{-low} to +{high} points" in text
    assert np.allclose(newcombe(110, 190, 590, 810), [bank[0] + side * 1.96 * bank[1] for side in (-1, 1)], atol=0.005)
    assert f"it says {2 * norm.sf(abs(town[0] / town[1])):.2f}, where dealing slips said" in text
    assert f"slips said {exact_deal(6, 8, 180, 200):.2f}" in text
    assert "In one of five deals" in text


def test_a_group_of_eight(text):
    six_or_fewer = sum(comb(8, k) * 0.9**k * 0.1 ** (8 - k) for k in range(7))
    assert 0.18 < six_or_fewer < 0.2
    assert "in nearly one group of five" in text
    low, high = wilson(6, 8)
    assert f"anything from {low:.2f} to {high:.2f}" in text
    assert f"or Wilson's {low:.2f} to {high:.2f}" in text
    low, high = wilson(1, 2)
    assert f"the Wilson interval goes from {low:.2f} to {high:.2f}." in text
    assert f"it ends at {0.75 + 1.96 * sqrt(0.1875 / 8):.2f}, a rate that cannot be" in text


def test_overlap(text):
    ends = 0.5 + 1.96 * 0.05, 0.64 - 1.96 * sqrt(0.64 * 0.36 / 100)
    assert f"ends at {ends[0]:.3f} and the second begins at {ends[1]:.3f}" in text
    gap, error = gap_and_error(50, 100, 64, 100)
    assert gap + 1.96 * error < 0
    gap, error = gap_and_error(60, 100, 74, 100)
    assert f"√(0.049² + 0.044²) = {error:.3f}, and 0.14 / {error:.3f} = {-gap / error:.1f}" in text


@pytest.mark.usefixtures("public_data")
def test_the_counts_of_the_bank_are_those_of_its_file():
    german = fetch_german(download=False)
    age = german.X["age"]
    for young, counts in ((age <= 25, [110, 80, 590, 220]), (age < 25, [88, 61, 612, 239])):
        good = german.y == 1
        assert [(young & good).sum(), (young & ~good).sum(), (~young & good).sum(), (~young & ~good).sum()] == counts


def test_a_flag_on_one_birthday(text):
    at, under = (110 / 190) / (590 / 810), (88 / 149) / (612 / 851)
    assert f"the ratio is {at:.4f} and" in text
    assert f"it is {under:.4f} and" in text
    assert f"only the {190 - 149} who are exactly 25" in text
    gaps = [gap_and_error(110, 190, 590, 810), gap_and_error(88, 149, 612, 851)]
    assert "{:.0f} and {:.0f} points, both".format(*(100 * abs(gap) for gap, _ in gaps)) in text
    assert all(abs(gap) > 2.9 * error for gap, error in gaps)
    for counts in ([110, 80, 590, 220], [88, 61, 612, 239]):
        u, p = (np.random.default_rng(s).binomial(a + b, a / (a + b), 20_000) / (a + b) for s, (a, b) in
                enumerate((counts[:2], counts[2:])))  # fmt: skip
        low, high = np.quantile(u / p, [0.025, 0.975])
        assert low < 0.8 < high


def test_missing_labels(text):
    loans = make_lending(n_samples=6000, historical_bias=1.2, measurement_bias=0, random_state=1)
    approved = loans.X.income > 24 + 6 * loans.X.late_payments
    place = loans.sensitive.neighbourhood
    gone = (place == "Harbour") & ~approved & (np.random.default_rng(3).random(6000) < 0.5)
    hillside = approved[place == "Hillside"].mean()
    truly, answered = (
        hillside - approved[place == "Harbour"].mean(),
        hillside - approved[(place == "Harbour") & ~gone].mean(),
    )
    assert f"Truly the Harbour is {100 * truly:.0f} points behind" in text
    assert f"who answered it is {100 * answered:.0f} points" in text
    assert f"{gone.sum()} people without a label, and not one of them approved" in text


def postcodes():
    rng = np.random.default_rng(2)
    decided, where = (rng.random(10_000) < 0.6).astype(int), rng.integers(0, 100, size=10_000)
    return np.array([decided[where == k].sum() for k in range(100)]), np.array([(where == k).sum() for k in range(100)])


def p_values(yes, people):
    everyone = yes.sum(), people.sum()
    found = [gap_and_error(k, n, everyone[0] - k, everyone[1] - n) for k, n in zip(yes, people, strict=True)]
    return np.array([2 * norm.sf(abs(gap / error)) for gap, error in found]), np.array([gap for gap, _ in found])


def test_the_worst_of_a_hundred(text):
    yes, people = postcodes()
    p, gaps = p_values(yes, people)
    worst = int(np.argmin(p))
    assert (
        f"Postcode {worst} looks dramatic. It is {-100 * gaps[worst]:.0f} points behind all others, "
        f"with {people[worst]} people and a p-value of {p[worst]:.4f}" in text
    )
    assert (p < 0.05).sum() == 6
    assert "six intervals leave out 0" in text
    assert round(1 - 0.95**40, 2) == 0.87  # "nearly nine of ten such audits"


def test_what_adjustments_find(text):
    """Of 2,000 other worlds, by the procedures' own thresholds in place of adjusted p-values."""
    rng, really, worlds = np.random.default_rng(77), np.arange(100) < 10, 2000
    people = rng.multinomial(100_000, np.full(100, 0.01), size=worlds)
    yes = rng.binomial(people, 0.6 - 0.05 * really)
    p = 2 * norm.sf(np.abs(yes / people - 0.6) / np.sqrt(0.24 / people))
    order, steps = np.argsort(p, axis=1), np.arange(1, 101)
    ordered = np.take_along_axis(p, order, axis=1)
    holm_count = np.logical_and.accumulate(ordered < 0.05 / (101 - steps), axis=1).sum(1)
    bh_count = np.where(ordered < 0.05 * steps / 100, steps, 0).max(1)
    rank = np.argsort(order, axis=1)
    found = {"none": p < 0.05, "holm": rank < holm_count[:, None], "bh": rank < bh_count[:, None]}
    true = {name: calls[:, really].sum(1).mean() for name, calls in found.items()}
    with_false = {name: calls[:, ~really].any(1).mean() for name, calls in found.items()}
    assert "Without adjustment nine of the ten are found, and four or five false ones besides" in text
    assert true["none"] == pytest.approx(9, abs=0.3)
    assert found["none"][:, ~really].sum(1).mean() == pytest.approx(4.5, abs=0.3)
    assert with_false["none"] > 0.98
    assert "a false finding in 5 of 100 worlds), at a price: only four of the ten are found" in text
    assert with_false["holm"] == pytest.approx(0.05, abs=0.015)
    assert true["holm"] == pytest.approx(4, abs=0.3)
    assert "Benjamini and Hochberg find six, with a false one in 27 of 100 worlds" in text
    assert true["bh"] == pytest.approx(6, abs=0.3)
    assert with_false["bh"] == pytest.approx(0.27, abs=0.03)


def power(rate, other, n, n0):
    away = abs(rate - other) / sqrt(rate * (1 - rate) / n + other * (1 - other) / n0)
    return norm.cdf(away - 1.96) + norm.cdf(-away - 1.96)


def test_the_plan(text):
    n = 2.8**2 * (0.75 * 0.25 + 0.9 * 0.1) / 0.15**2
    assert f"= {n:.1f}$, so 97 people in each group" in text
    assert round(power(0.75, 0.9, 97, 97), 2) == 0.80
    eight = np.random.default_rng(0).binomial(8, 0.75, 20_000), np.random.default_rng(1).binomial(200, 0.9, 20_000)
    a, b = eight[0] / 8, eight[1] / 200
    assert np.mean(np.abs(a - b) > 1.96 * np.sqrt(a * (1 - a) / 8 + b * (1 - b) / 200)) < 0.25


def test_the_explorer_finds_what_the_text_says(text):
    explorer = EvidenceExplorer()
    people = explorer.children[0]

    def holds_zero(n):
        people.value = n
        gap = explorer.table().loc["gap"]
        return gap.low <= 0 <= gap.high

    assert "From 22 people on the interval leaves out 0" in text
    assert "with 14, 15, 19 and 20 people, and not with 16 to 18 or 21" in text
    assert [n for n in range(people.min, 22) if not holds_zero(n)] == [14, 15, 19, 20]
    assert not any(holds_zero(n) for n in range(22, 200))
    people.value = 8
    before = explorer.table().loc["gap"]
    explorer.children[1].value = 1000
    after = explorer.table().loc["gap"]
    assert f"from −{-after.low:.2f} to +{after.high:.2f} in place of +{before.high:.2f}" in text


def branch():
    data = make_lending(n_samples=1500, historical_bias=1.2, measurement_bias=0, random_state=4)
    age = data.sensitive.age_band.where(np.random.default_rng(6).random(1500) >= 0.06, "missing")
    return data, data.X.income > 24 + 6 * data.X.late_payments, age


def test_the_audit_of_the_branch(text):
    data, approved, age = branch()
    repays, place = data.y == 1, data.sensitive.neighbourhood

    def counts(where, band):
        here = repays & (place == where) & (age == band)
        return int(approved[here].sum()), int(here.sum())

    reference = counts("Hillside", "30 to 59")
    cells = {(w, b): counts(w, b) for w in place.unique() for b in age.unique() if (w, b) != ("Hillside", "30 to 59")}
    p = {cell: exact_deal(*c, *reference) for cell, c in cells.items()}
    adjusted = dict(zip(p, holm(list(p.values())), strict=True))
    gap = {cell: c[0] / c[1] - reference[0] / reference[1] for cell, c in cells.items()}
    young, harbour, older = ("Hillside", "under 30"), ("Harbour", "under 30"), ("Hillside", "60 and over")
    assert len(cells) == 11
    assert [cell for cell, q in adjusted.items() if q < 0.05] == [young]
    assert f"Hillside, under 30, is {-100 * gap[young]:.0f} points behind" in text
    assert adjusted[young] == pytest.approx(0.010, abs=0.003)
    assert min(gap, key=gap.get) == harbour
    assert f"are {-100 * gap[harbour]:.0f} points behind, the largest gap of all, and there are ten of them" in text
    assert cells[harbour][1] == 10
    assert adjusted[harbour] == pytest.approx(0.082, abs=0.01)
    low, high = newcombe(*cells[older], *reference)
    assert (
        f"With {cells[older][1]} people the interval of the gap reaches from {-100 * low:.0f} points behind "
        f"to {100 * high:.0f} points ahead" in text
    )
    ageless = "Hillside", "missing"
    assert (
        f"People without a stated age on the Hillside are {-100 * gap[ageless]:.0f} points behind in the table, "
        f"with a Holm's value of about {adjusted[ageless]:.2f}" in text
    )
    ends = [newcombe(*c, *reference) for c in cells.values()]
    assert sum(low > 0 or high < 0 for low, high in ends) == 5
    assert "In the figure five dots are filled" in text
    assert max(n for _, n in cells.values()) < 346
    top = reference[0] / reference[1]
    needed = np.ceil(2.8**2 * (top * (1 - top) + (top - 0.1) * (1.1 - top)) / 0.01)
    assert f"ten people under 30 in the Harbour who would repay; {needed:.0f} are needed" in text
    harbour_rate, hillside_rate = approved[place == "Harbour"].mean(), approved[place == "Hillside"].mean()
    assert f"the ratio is {harbour_rate / hillside_rate:.2f}, and its interval stays below 0.8" in text


def test_in_the_world_of_the_branch_most_gaps_that_were_not_found_are_there(text):
    data = make_lending(n_samples=300_000, historical_bias=1.2, measurement_bias=0, random_state=9)
    approved = (data.X.income > 24 + 6 * data.X.late_payments)[data.y == 1]
    groups = data.sensitive[data.y == 1]
    rates = approved.groupby([groups.neighbourhood, groups.age_band]).mean()
    ageless = approved.groupby(groups.neighbourhood).mean()
    ageless.index = pd.MultiIndex.from_product([ageless.index, ["missing"]])
    behind = rates["Hillside", "30 to 59"] - pd.concat([rates, ageless])
    assert f"put their true gap at {100 * behind['Hillside', 'missing']:.0f} points" in text
    not_found = behind.drop([("Hillside", "30 to 59"), ("Hillside", "under 30")])
    assert len(not_found) == 10
    assert (not_found > 0.12).sum() == 8
    assert "of the ten rows with a Holm's value above 0.05, eight have a true gap of more than 12 points" in text


def test_berkeley(text):
    people = berkeley_admissions(expand=True)
    rates = people.groupby("gender").admitted.mean()
    assert f"admitted {100 * rates.men:.0f} % of the men and {100 * rates.women:.0f} % of the women" in text
    assert f"women are {100 * (rates.men - rates.women):.0f} points behind, nearly ten standard errors" in text
    department_a = people[people.department == "A"].groupby("gender").admitted.mean()
    assert f"there women are {100 * (department_a.women - department_a.men):.0f} points *ahead*" in text
    p = {}
    for department, rows in people.groupby("department"):
        counts = rows.groupby("gender").admitted.agg(["sum", "size"])
        gap, error = gap_and_error(*counts.loc["women"], *counts.loc["men"])
        p[department] = 2 * norm.sf(abs(gap / error))
    survives = holm(list(p.values())) < 0.05
    assert [d for d, s in zip(p, survives, strict=True) if s] == ["A"]
