"""Every number that lesson 03 states about its own data, recomputed by other code than the lesson's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evenodds.datasets import fetch_compas

LESSON = Path(__file__).resolve().parents[2] / "course" / "03_calibration" / "lesson.md"
PROSE = " ".join(LESSON.read_text(encoding="utf-8").split())


def says(sentence):
    assert sentence in PROSE, f"the lesson does not say: {sentence}"


def percent(share, digits=0):
    return f"{100 * share:.{digits}f}"


def court(seed, people=100_000):
    rng = np.random.default_rng(seed)
    evidence = rng.normal(0, 1.5, 2 * people)
    strength = np.r_[np.full(people, 2.0), np.full(people, 0.5)]
    won = rng.random(2 * people) < expit(strength * evidence)
    return pd.DataFrame({"s": expit(evidence), "won": won, "g": np.repeat(["fluent", "interpreter"], people)})


def ece(s, y, n_bins=10):
    """Sum over bins of |sum of labels minus sum of scores|, per person."""
    number = np.clip(np.ceil(np.asarray(s) * n_bins), 1, n_bins)
    surplus = pd.Series(np.asarray(y, dtype=float) - np.asarray(s)).groupby(number).sum()
    return surplus.abs().sum() / len(s)


def fitted(s, y, g):
    """The map of each group, as the lesson fits it."""
    maps = {}
    for group in np.unique(g):
        model = LogisticRegression(C=1e12, solver="newton-cholesky").fit(
            logit(s[g == group]).reshape(-1, 1), y[g == group]
        )
        maps[group] = model.intercept_[0], model.coef_[0, 0]
    return maps


def mapped(s, g, maps):
    line = np.array([maps[k] for k in g])
    return expit(line[:, 0] + line[:, 1] * logit(s))


@pytest.fixture(scope="module")
def tenants():
    now, before = court(56), court(2016)
    maps = fitted(before.s.to_numpy(), before.won.to_numpy(), before.g.to_numpy())
    one = fitted(before.s.to_numpy(), before.won.to_numpy(), np.full(len(before), "all"))
    now["repaired"] = mapped(now.s, now.g, maps)
    now["one"] = mapped(now.s, np.full(len(now), "all"), one)
    now["swapped"] = mapped(now.s, now.g.map({"fluent": "interpreter", "interpreter": "fluent"}), maps)
    now["naive"] = np.nan
    for group in maps:
        b, n = before.g == group, now.g == group
        line = LogisticRegression(C=1e12).fit(before.s[b].to_numpy().reshape(-1, 1), before.won[b])
        now.loc[n, "naive"] = line.predict_proba(now.s[n].to_numpy().reshape(-1, 1))[:, 1]
    return {"now": now, "before": before, "maps": maps, "groups": dict(list(now.groupby("g")))}


def errors(tenants, column):
    return [ece(part[column], part.won) for part in tenants["groups"].values()]


def test_the_ten_tenants():
    says("| fluent | 3 of 3 won: 1.00 | 0 of 2 won: 0.00 |")
    s, y = np.array([0.8] * 3 + [0.2] * 2 + [0.8] * 2 + [0.2] * 3), np.array([1, 1, 1, 0, 0, 1, 0, 1, 0, 0])
    assert ece(s, y) == pytest.approx(0)
    assert [ece(s[:5], y[:5]), ece(s[5:], y[5:])] == pytest.approx([0.2, 0.2])
    says("For the five fluent tenants it is 0.20 as well")


def test_what_tenants_who_are_told_the_same_number_can_expect(tenants):
    now = tenants["now"]
    rates = {v: now[(now.s - v).abs() < 0.01].groupby("g").won.mean() for v in (0.2, 0.8)}
    pooled = {v: now[(now.s - v).abs() < 0.01].won.mean() for v in (0.2, 0.8)}
    says(
        f'told "about 0.8", {percent(pooled[0.8])} in 100 win. '
        f'Of those told "about 0.2", {percent(pooled[0.2])} in 100 win'
    )
    says(f"Of those told 0.8, {percent(pooled[0.8])} in 100 win.")
    assert rates[0.8]["interpreter"] == pytest.approx(2 / 3, abs=0.02)  # "about two in three win"
    assert rates[0.2]["interpreter"] == pytest.approx(1 / 3, abs=0.02)  # "about one in three would win"
    assert round(100 * rates[0.2]["fluent"]) == 6
    says("of those told 0.2 only six in 100 win")


def test_the_pool_looks_fine(tenants):
    now = tenants["now"]
    bins = now.groupby(np.ceil(now.s * 10))[["won", "s"]].mean()
    assert (bins.won - bins.s).abs().max() < 0.05  # the figure's title
    assert now.groupby(np.ceil(now.s * 10)).size().min() > 14_000
    says("every point rests on more than 14,000 people")


def test_the_calibration_errors_before_and_after(tenants):
    now = tenants["now"]
    pool, before, after = ece(now.s, now.won), errors(tenants, "s"), errors(tenants, "repaired")
    assert f"{pool:.3f}" == "0.020"
    says("the calibration error is 0.020 for everyone, but 0.102 for fluent tenants")
    assert [f"{e:.3f}" for e in before] == ["0.102", "0.094"]
    assert [f"{e:.3f}" for e in after] == ["0.003", "0.003"]
    says("the ECE falls from 0.102 and 0.094 to 0.003 in both groups")
    says("Each group is about 10 points off on average, and the pool shows 2.")
    one = errors(tenants, "one")
    says(f"One map for everyone changes next to nothing ({one[0]:.3f} and {one[1]:.3f})")
    assert np.divide(errors(tenants, "swapped"), before) == pytest.approx([2, 2], abs=0.15)
    assert (
        (np.divide(errors(tenants, "naive"), after) > 2.9) & (np.divide(errors(tenants, "naive"), after) < 6.1)
    ).all()
    says("leave an error three to six times as large")


def test_the_slopes_are_those_of_the_simulation(tenants):
    says("The slopes come out as 2.00 and 0.50")
    assert [f"{slope:.2f}" for _, slope in tenants["maps"].values()] == ["2.00", "0.50"]


def test_auc_and_true_positive_rates_stay(tenants):
    for column in ("s", "repaired"):
        tpr = [(part[column][part.won] > 0.5).mean() for part in tenants["groups"].values()]
        assert [round(100 * rate) for rate in tpr] == [84, 64]
        assert tpr[0] - tpr[1] == pytest.approx(0.2, abs=0.01)  # "20 points apart"
    says("84 in 100 get the lawyer; of those with an interpreter, 64 in 100, before the repair as after it")
    auc = {c: [roc_auc_score(p.won, p[c]) for p in tenants["groups"].values()] for c in ("s", "repaired")}
    assert auc["s"] == auc["repaired"]  # "to the last digit"
    assert [f"{a:.2f}" for a in auc["s"]] == ["0.92", "0.69"]
    says("is what it was, 0.92 and 0.69, to the last digit")


def test_one_bin_flatters(tenants):
    for part in tenants["groups"].values():
        assert ece(part.s, part.won, 1) < 0.005
        assert [f"{part.s.mean():.2f}", f"{part.won.mean():.2f}"] == ["0.50", "0.50"]
    says("each has a mean score of 0.50, half of its people win")


def test_eight_people_two_kinds_of_bins():
    s, y = np.array([0.1] * 4 + [0.2, 0.4, 0.6, 0.9]), np.array([1] + [0] * 7)
    halves = np.arange(8) // 4
    assert ece(s, y, 2) == pytest.approx(0.1875)
    assert sum(abs((y - s)[halves == h].sum()) for h in (0, 1)) / 8 == pytest.approx(0.3375)
    says("2/8 × 0.75 = 0.1875")
    says("4/8 × 0.525 = 0.3375")


def test_the_base_rate_of_a_group_is_calibrated_and_useless(tenants):
    before, part = tenants["before"], tenants["groups"]["interpreter"]
    told = before.won[before.g == "interpreter"].mean()
    assert 0.5 < told < 0.505  # "just above 0.5, all of them get a lawyer"
    assert abs(part.won.mean() - told) < 0.0005
    says("The ECE of the group is 0.000")


def test_bin_rates_of_few_people_jump(tenants):
    part = tenants["groups"]["interpreter"]
    number = np.ceil(part.s * 10)
    rates = part.won[:100].groupby(number[:100]).mean()
    assert [f"{rates[8]:.2f}", f"{rates[9]:.2f}"] == ["0.75", "0.43"]
    says("The eighth bin has a rate of 0.75, the ninth 0.43")
    after = roc_auc_score(part.won, number.map(rates))
    says(f"the AUC falls from {roc_auc_score(part.won, part.s):.3f} to {after:.3f}")


def test_perfect_scores_of_few_people_have_a_large_error():
    rng = np.random.default_rng(11)
    found = {}
    for n, n_bins in ((50, 5), (50, 20), (100_000, 10)):
        scores = rng.random((300 if n == 50 else 20, n))
        found[n, n_bins] = np.mean([ece(s, rng.random(n) < s, n_bins) for s in scores])
    assert found[50, 5] == pytest.approx(0.10, abs=0.01)
    assert found[50, 20] == pytest.approx(0.18, abs=0.015)
    assert found[100_000, 10] == pytest.approx(0.003, abs=0.0007)
    says("the ECE of 50 people is 0.10 to 0.18")


def test_most_intervals_of_sixty_people_are_wide(tenants):
    widths = []
    for part in tenants["groups"].values():
        bins = part.won[:60].groupby(np.ceil(part.s[:60] * 10)).agg(["sum", "size"])
        for k, n in bins.itertuples(index=False):
            z = 1.96
            widths.append(2 * z * np.sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2))
    assert np.mean(np.array(widths) > 0.4) > 0.6
    says("most intervals are wider than 0.4")


def test_odds_and_logits_by_hand():
    assert logit(0.8) == pytest.approx(1.386, abs=5e-4)
    assert expit(2 * logit(0.8)) == pytest.approx(16 / 17)
    assert expit(0.5 * logit(0.8)) == pytest.approx(2 / 3)
    assert expit(0.5 * logit(0.9)) == pytest.approx(0.75)
    says("$4^2 = 16$, and $16/17 = 0.941$")
    assert 2 * logit(0.8) == pytest.approx(2.773, abs=5e-4)
    assert 0.5 * logit(0.8) == pytest.approx(0.693, abs=5e-4)
    says("$0.5 \\cdot 1.386 = 0.693$")


@pytest.fixture(scope="module")
def compas(public_data):
    data = fetch_compas(filtered=True, data_home=public_data, download=False)
    race = data.sensitive.race
    kept = race.isin(["African-American", "Caucasian"]).to_numpy()
    people = pd.DataFrame({"d": data.predictions.decile_score, "y": data.y, "g": race})[kept].reset_index(drop=True)
    people["all rows"] = len(data)
    return people


def test_compas_deciles(compas):
    rate = compas.pivot_table(index="d", columns="g", values="y")
    black, white = rate["African-American"], rate["Caucasian"]
    says(f"{compas['all rows'][0]:,} people")
    says(
        f"with decile 1, {percent(black[1], 1)} % were charged again; "
        f"of the White defendants (Caucasian), {percent(white[1], 1)} %"
    )
    says(
        f"At decile 5 it is {percent(black[5], 1)} % and {percent(white[5], 1)} %, "
        f"at decile 7 {percent(black[7], 1)} % and {percent(white[7], 1)} %"
    )
    says(f"at decile 10 {percent(black[10], 1)} % and {percent(white[10], 1)} %")
    assert (black - white)[:9].abs().max() < 0.08
    says(f"At decile 10 they differ by {percent((black - white)[10])} points")
    assert (black - white).abs().idxmax() == 10  # "the largest of ten differences"
    says(f"at decile 1 it is {percent(black[1])} % and {percent(white[1])} % in place of 10 %")
    says(f"at decile 10 {percent(black[10])} % and {percent(white[10])} % in place of 100 %")
    n = ((compas.g == "Caucasian") & (compas.d == 10)).sum()
    says(f"only {n} White defendants have it")
    wilson = [
        (0.7 + 1.96**2 / (2 * n) + sign * 1.96 * np.sqrt(0.21 / n + 1.96**2 / (4 * n * n))) / (1 + 1.96**2 / n)
        for sign in (-1, 1)
    ]
    says(f"reaches from {wilson[0]:.2f} to {wilson[1]:.2f}")


def test_compas_error_rates_of_the_same_rows(compas):
    fpr = compas[compas.y == 0].assign(risky=lambda t: t.d >= 5).groupby("g").risky.mean()
    base = compas.groupby("g").y.mean()
    says(
        f"{percent(fpr['African-American'], 1)} % "
        f"of the Black and {percent(fpr['Caucasian'], 1)} % of the White defendants"
    )
    says(f"base rates, {base['African-American']:.3f} and {base['Caucasian']:.3f},")


def test_compas_after_the_repair(compas):
    s, y, g = ((compas.d - 0.5) / 10).to_numpy(), compas.y.to_numpy(), compas.g.to_numpy()
    fit = np.random.default_rng(0).random(len(s)) < 0.5
    new = mapped(s, g, fitted(s[fit], y[fit], g[fit]))
    black, white = ((g == k) & ~fit for k in ("African-American", "Caucasian"))
    says(
        f"Both ECEs fall, from {ece(s[black], y[black]):.2f} and {ece(s[white], y[white]):.2f} to "
        f"{ece(new[black], y[black]):.2f} and {ece(new[white], y[white]):.2f}; the AUCs stay at "
        f"{roc_auc_score(y[black], s[black]):.2f} and {roc_auc_score(y[white], s[white]):.2f}"
    )
    says(
        f"decile 5 stands at {new[black & (s == 0.45)][0]:.2f} "
        f"for Black defendants and at {new[white & (s == 0.45)][0]:.2f} for White"
    )
    says(
        f"{percent((new[black] > 0.5).mean())} % are now called risky, in place of {percent((s[black] > 0.5).mean())} %"
    )
    fpr = {
        (name, who): (v[m & (y == 0)] > 0.5).mean()
        for name, v in (("s", s), ("new", new))
        for who, m in (("b", black), ("w", white))
    }
    says(
        f"it is {percent(fpr['new', 'b'])} %, in place of {percent(fpr['s', 'b'])} %; "
        f"for the White defendants it is {percent(fpr['s', 'w'])} % before and after"
    )
    assert fpr["s", "w"] == fpr["new", "w"]
    says(f"grows from {percent(fpr['s', 'b'] - fpr['s', 'w'])} to {percent(fpr['new', 'b'] - fpr['new', 'w'])} points")
