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
    assert all(e < 0.005 for e in after)  # "no more than chance makes of 100,000 people"


def test_who_wins_of_those_told_08_after_the_repair(tenants):
    now = tenants["now"]
    rates = now[(now.repaired - 0.8).abs() < 0.01].groupby("g").won.mean()
    says(
        f"Of those now told 0.8, {percent(rates['fluent'])} in 100 fluent tenants win, "
        f"and {percent(rates['interpreter'])} in 100 with an interpreter."
    )


def test_the_slopes_are_those_of_the_simulation(tenants):
    says("The slopes come out as 2.00 and 0.50")
    assert np.abs([intercept for intercept, _ in tenants["maps"].values()]).max() < 0.01  # "about 0"
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
    says("The AUC of each group is what it was, 0.92 and 0.69:")


def test_one_bin_flatters(tenants):
    for part in tenants["groups"].values():
        assert ece(part.s, part.won, 1) < 0.005
        assert [ece(part.s, part.won, n) for n in (2, 4, 8)] == pytest.approx([ece(part.s, part.won, 16)] * 3, abs=5e-4)
    says("With one bin both groups look perfect")
    says("For the tenants two bins are enough")


def test_eight_people_two_kinds_of_bins():
    s, y = np.array([0.1] * 4 + [0.2, 0.4, 0.6, 0.9]), np.array([1] + [0] * 7)
    halves = np.arange(8) // 4
    assert ece(s, y, 2) == pytest.approx(0.1875)
    assert sum(abs((y - s)[halves == h].sum()) for h in (0, 1)) / 8 == pytest.approx(0.3375)
    says("from 0.188 to 0.338")


def test_the_base_rate_of_a_group_is_calibrated_and_useless(tenants):
    before, part = tenants["before"], tenants["groups"]["interpreter"]
    told = before.won[before.g == "interpreter"].mean()
    assert 0.5 < told < 0.505  # "just above 0.5, all of them get a lawyer"
    assert abs(part.won.mean() - told) < 0.0005
    says("The ECE of the group is 0.000")


def test_perfect_scores_of_few_people_have_a_large_error():
    rng = np.random.default_rng(11)
    found = {}
    for n, n_bins in ((50, 5), (50, 20), (1000, 10), (100_000, 10)):
        scores = rng.random((300 if n < 100_000 else 20, n))
        found[n, n_bins] = np.mean([ece(s, rng.random(n) < s, n_bins) for s in scores])
    assert found[50, 5] == pytest.approx(0.10, abs=0.01)
    assert found[50, 20] == pytest.approx(0.18, abs=0.015)
    assert found[100_000, 10] == pytest.approx(0.003, abs=0.0007)
    says("the ECE of 50 people is 0.10 to 0.18")
    assert found[1000, 10] == pytest.approx(0.032, abs=0.001)
    says("what chance alone makes of 1,000 people (0.032 in the table above)")


def test_intervals_of_sixty_people_are_wide_and_reach_the_diagonal(tenants):
    widths = []
    for part in tenants["groups"].values():
        some = part[180:240]
        bins = some.groupby(np.ceil(some.s * 10)).agg(k=("won", "sum"), n=("won", "size"), s=("s", "mean"))
        for k, n, s in bins.itertuples(index=False):
            z = 1.96
            middle, half = (k + z**2 / 2) / (n + z**2), z * np.sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2)
            assert middle - half < s < middle + half
            widths.append(2 * half)
    assert len(widths) == 20
    assert np.mean(np.array(widths) > 0.4) > 0.6
    says("most intervals are wider than 0.4")
    says("All 20 intervals reach the diagonal.")


def test_one_map_for_the_54_tenants():
    slope = (logit(24 / 27) - logit(6 / 27)) / (logit(0.8) - logit(0.2))
    says(f"The pool's slope, {slope:.1f}, fits neither group.")


def test_odds_and_logits_by_hand():
    assert logit(0.8) == pytest.approx(1.386, abs=5e-4)
    assert expit(2 * logit(0.8)) == pytest.approx(16 / 17)
    assert expit(0.5 * logit(0.8)) == pytest.approx(2 / 3)
    assert expit(0.5 * logit(0.9)) == pytest.approx(0.75)
    says("4² = 16, and 16/17 = 0.941")
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
    says(f"{compas['all rows'][0]:,} filtered people")
    says(
        f"At decile 5, {percent(black[5], 1)} % of the Black defendants (African-American in the data) and "
        f"{percent(white[5], 1)} % of the White ones (Caucasian) were charged again; "
        f"at decile 7, {percent(black[7], 1)} % and {percent(white[7], 1)} %"
    )
    assert (black - white).abs().idxmax() == 10  # "The largest difference is at decile 10"
    says(f"only {((compas.g == 'Caucasian') & (compas.d == 10)).sum()} White defendants")


def test_compas_at_the_same_decile_on_average(compas):
    """The interval once more, by bootstrap within each group and decile."""
    rng = np.random.default_rng(5)
    cells = compas.pivot_table(index="d", columns="g", values="y", aggfunc=["sum", "size"])
    weight = cells["size"].sum(axis=1) / len(compas)
    rate = cells["sum"] / cells["size"]
    drawn = rng.binomial(cells["size"].to_numpy(), rate.to_numpy(), (20_000, *rate.shape)) / cells["size"].to_numpy()
    gaps = (drawn[..., 0] - drawn[..., 1]) @ weight.to_numpy()
    assert gaps.mean() == pytest.approx(0.027, abs=0.001)
    says("charged about 3 points more often")
    low, high = np.quantile(gaps, [0.025, 0.975])
    assert -0.001 < low < 0.002  # "only just leaves out 0"
    assert 0.05 < high < 0.06


def test_compas_error_rates_of_the_same_rows(compas):
    fpr = compas[compas.y == 0].assign(risky=lambda t: t.d >= 5).groupby("g").risky.mean()
    says(
        f"{percent(fpr['African-American'], 1)} % "
        f"of the Black and {percent(fpr['Caucasian'], 1)} % of the White defendants"
    )


def test_compas_after_the_repair_in_a_hundred_splits(compas):
    s, y, g = ((compas.d - 0.5) / 10).to_numpy(), compas.y.to_numpy(), compas.g.to_numpy()
    names = ["African-American", "Caucasian"]
    splits = []
    for seed in range(100):
        fit = np.random.default_rng(seed).random(len(s)) < 0.5
        new = mapped(s, g, fitted(s[fit], y[fit], g[fit]))
        groups = [(g == name) & ~fit for name in names]
        splits.append(
            {
                "fifth": [new[m & (compas.d == 5)][0] for m in groups],
                **{f"ECE {k}": [ece(v[m], y[m]) for m in groups] for k, v in (("old", s), ("new", new))},
                **{f"FPR {k}": [(v[m & (y == 0)] > 0.5).mean() for m in groups] for k, v in (("old", s), ("new", new))},
            }
        )
    found = {k: np.array([split[k] for split in splits]) for k in splits[0]}
    old, new = (np.median(found[f"ECE {k}"], axis=0) for k in ("old", "new"))
    says(f"in the median from {old[0]:.3f} and {old[1]:.3f} to {new[0]:.3f} and {new[1]:.3f}, about what chance")
    black, white = found["fifth"].T
    says(f"In {((black > 0.5) & (white <= 0.5)).sum()} of 100 splits decile 5 lands above 0.5 for Black defendants")
    old, new = (found[f"FPR {k}"][:, 0] - found[f"FPR {k}"][:, 1] for k in ("old", "new"))
    says(
        f"in {(new > old).sum()} of 100 splits the gap in false positive rates grows, "
        f"in the median from {percent(np.median(old))} to {percent(np.median(new))} points"
    )
