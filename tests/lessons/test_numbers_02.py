"""Every number that lesson 02's prose states about its own data, recomputed by other code than the lesson's."""

from math import comb, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from evenodds.datasets import berkeley_admissions, make_lending
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
    town, city = gap_and_error(6, 8, 180, 200), gap_and_error(75, 100, 180, 200)
    assert round(100 * town[0]) == round(100 * city[0]) == -15
    squares = f"{sqrt(0.1875 / 8):.4f}^2 + {sqrt(0.09 / 200):.4f}^2"
    assert f"\\sqrt{{{squares}}} = {town[1]:.3f}$, a little more than the gap itself" in text
    assert f"0.9 \\cdot 0.1 / 200}} = {sqrt(0.09 / 200):.3f}$" in text
    assert f"0.75 \\cdot 0.25 / 8}} = {sqrt(0.1875 / 8):.3f}$" in text
    low, high = (100 * abs(city[0] + side * 1.96 * city[1]) for side in (-1, 1))
    assert f"The city: from {low:.1f} points to {high:.1f} points below the others" in text
    low, high = (round(100 * (town[0] + side * 1.96 * town[1])) for side in (-1, 1))
    assert f"The town: from {-low} points *below* to {high} points *above*" in text
    low, high = (round(100 * end) for end in newcombe(6, 8, 180, 200))
    assert f"goes from {-low} points below to {high} points above, in place of 45 below to 15 above" in text
    assert f"from {-low} points less to {high} points more" in text
    assert f"has a 95 % interval from −{-low} to +{high} points" in text
    assert np.allclose(newcombe(75, 100, 180, 200), [city[0] + side * 1.96 * city[1] for side in (-1, 1)], atol=0.006)
    assert exact_deal(6, 8, 180, 200) == pytest.approx(1 / 5, abs=0.01)
    assert exact_deal(75, 100, 180, 200) == pytest.approx(1 / 1000, abs=0.0004)
    assert "in one of five deals; in the city in one of a thousand" in text


def test_wilson(text):
    low, high = wilson(6, 8)
    assert f"no surprise if the true rate lies between {low:.2f} and {high:.2f}" in text
    assert f"or Wilson's {low:.2f} to {high:.2f}" in text
    assert f"for 6 of 8: $7.92 / 11.84 = {(low + high) / 2:.3f}$" in text
    assert f"\\sqrt{{1.5 + 0.96}} = {(high - low) / 2:.3f}$." in text
    low, high = wilson(1, 2)
    assert f"the Wilson interval goes from {low:.2f} to {high:.2f}." in text
    assert f"it ends at {0.75 + 1.96 * sqrt(0.1875 / 8):.2f}, a rate that cannot be" in text


def test_the_ratio_of_the_city(text):
    rng = np.random.default_rng(1)
    ratio = rng.binomial(100, 0.75, 20_000) / 100 / (rng.binomial(200, 0.9, 20_000) / 200)
    low, high = np.quantile(ratio, [0.025, 0.975])
    assert low < 0.8 < 0.75 / 0.9 < high
    assert "The city's ratio is above 0.8, but its interval holds 0.8" in text


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


def test_the_worst_of_a_hundred(text):
    yes, people = postcodes()
    p = np.array([exact_deal(k, n, yes.sum() - k, people.sum() - n) for k, n in zip(yes, people, strict=True)])
    worst = int(np.argmin(p))
    behind = (yes.sum() - yes[worst]) / (people.sum() - people[worst]) - yes[worst] / people[worst]
    assert (
        f"Postcode {worst} looks dramatic: {100 * behind:.0f} points behind all others, "
        f"with {people[worst]} people and a p-value below 0.003" in text
    )
    assert p[worst] < 0.003
    assert (p < 0.05).sum() == 6
    intervals = [gap_and_error(k, n, yes.sum() - k, people.sum() - n) for k, n in zip(yes, people, strict=True)]
    assert sum(abs(gap) > 1.96 * error for gap, error in intervals) == 6
    assert "six intervals leave out 0" in text
    assert holm(p)[worst] > 0.05
    assert "Postcode 31 is no longer a finding" in text


def test_the_plan(text):
    n = 2.8**2 * (0.75 * 0.25 + 0.9 * 0.1) / 0.15**2
    assert f"= {n:.1f}$, so 97 people in each group" in text
    beside_200 = 0.75 * 0.25 / ((0.15 / 2.8) ** 2 - 0.9 * 0.1 / 200)
    assert f"Beside 200 others, as in the town, {np.ceil(beside_200):.0f} in the small group would do" in text
    away = 0.15 / sqrt((0.75 * 0.25 + 0.9 * 0.1) / 97)
    assert norm.cdf(away - 1.96) + norm.cdf(-away - 1.96) == pytest.approx(0.80, abs=0.005)


def test_the_explorer_finds_what_the_text_says(text):
    explorer = EvidenceExplorer()
    people, others = explorer.children[:2]
    before = explorer.table().loc["gap"]
    others.value = 1000
    after = explorer.table().loc["gap"]
    assert f"With 1,000 others: from −{-after.low:.2f} to +{after.high:.2f} in place of +{before.high:.2f}." in text
    people.value, others.value = 80, 200
    after = explorer.table().loc["gap"]
    assert f"(and 200 others): from −{-after.low:.2f} to −{-after.high:.2f}." in text


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
        f"With {cells[older][1]} people the interval reaches from {-100 * low:.0f} points behind "
        f"to {100 * high:.0f} points ahead" in text
    )
    ends = [newcombe(*c, *reference) for c in cells.values()]
    assert sum(low > 0 or high < 0 for low, high in ends) == 5
    assert "In the figure five dots are filled" in text
    assert -0.15 < low < -0.10
    assert "It leaves out a gap of 15 points, but not one of 10" in text
    top = reference[0] / reference[1]
    needed = np.ceil(2.8**2 * (top * (1 - top) + (top - 0.1) * (1.1 - top)) / 0.01)
    assert f"No row of the table has {needed:.0f}, not even the reference" in text
    assert reference[1] < needed
    assert max(n for _, n in cells.values()) < needed


def test_berkeley(text):
    people = berkeley_admissions(expand=True)
    rates = people.groupby("gender").admitted.mean()
    assert f"admitted {100 * rates.men:.0f} % of the men and {100 * rates.women:.0f} % of the women" in text
    sums = people.groupby("gender").admitted.agg(["sum", "size"])
    gap, error = gap_and_error(*sums.loc["women"], *sums.loc["men"])
    assert 9.5 < -gap / error < 10
    assert "a gap of nearly ten standard errors" in text
    inside = people.groupby(["gender", "department"]).admitted.mean()
    gaps = inside["women"] - inside["men"]
    assert gaps[gaps.abs().idxmax()] > 0
    assert "the largest gap within any one department was in favour of women" in text
