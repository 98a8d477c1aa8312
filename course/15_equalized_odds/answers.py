"""Answers to lesson 15 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from coursekit.answers import right, wrong

# Exercise 1


@wrong("mixed_rates", "the TPR comes first")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * fpr + p0 * (1 - fpr), p1 * tpr + p0 * (1 - tpr)


@wrong("mixed_rates", "changed places")
def mixed_rates(tpr, fpr, p0, p1):
    return p1 * tpr + p0 * (1 - tpr), p1 * fpr + p0 * (1 - fpr)


@wrong("mixed_rates", "some of the yeses only")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr, p1 * fpr


@wrong("mixed_rates", "added in full")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr + p0, p1 * fpr + p0


@wrong("mixed_rates", "share that has a no")
def mixed_rates(tpr, fpr, p1, p0):
    return (p1 + p0) * tpr, (p1 + p0) * fpr


@wrong("mixed_rates", "is subtracted")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr - p0 * (1 - tpr), p1 * fpr - p0 * (1 - fpr)


@wrong("mixed_rates", "chance that a yes stays")
def mixed_rates(tpr, fpr, p1, p0):
    return (1 - p1) * tpr + p0 * (1 - tpr), (1 - p1) * fpr + p0 * (1 - fpr)


@wrong("mixed_rates", "chance that it becomes a yes")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr + (1 - p0) * (1 - tpr), p1 * fpr + (1 - p0) * (1 - fpr)


@wrong("mixed_rates", "one minus the TPR")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr + p0 * fpr, p1 * fpr + p0 * (1 - fpr)


@wrong("mixed_rates", "You took 1 − p1 for p0")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr + (1 - p1) * (1 - tpr), p1 * fpr + (1 - p1) * (1 - fpr)


@wrong("mixed_rates", "FPR comes from the TPR")
def mixed_rates(tpr, fpr, p1, p0):
    fpr = 1 - tpr
    return p1 * tpr + p0 * (1 - tpr), p1 * fpr + p0 * (1 - fpr)


@wrong("mixed_rates", "p0 with the share that has a no")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr + p0 * fpr, p1 * (1 - tpr) + p0 * (1 - fpr)


@wrong("mixed_rates", "among themselves")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr + p0 * fpr, p1 * tpr + p0 * fpr


@wrong("mixed_rates", "rounded")
def mixed_rates(tpr, fpr, p1, p0):
    return round(p1 * tpr + p0 * (1 - tpr), 3), round(p1 * fpr + p0 * (1 - fpr), 3)


@wrong("mixed_rates", "2 values in a row were expected")
def mixed_rates(tpr, fpr, p1, p0):
    return p1 * tpr + p0 * (1 - tpr)


@wrong("mixed_rates", "this is a DataFrame")
def mixed_rates(tpr, fpr, p1, p0):
    return pd.DataFrame({"rate": [p1 * tpr + p0 * (1 - tpr), p1 * fpr + p0 * (1 - fpr)]})


@wrong("mixed_rates", "this is a dict")
def mixed_rates(tpr, fpr, p1, p0):
    return {"tpr": p1 * tpr + p0 * (1 - tpr), "fpr": p1 * fpr + p0 * (1 - fpr)}


@right("mixed_rates")
def mixed_rates(tpr, fpr, p1, p0):
    return [p0 + (p1 - p0) * rate for rate in (tpr, fpr)]


@right("mixed_rates")
def mixed_rates(tpr, fpr, p1, p0):
    table = pd.DataFrame({"yes": [tpr, fpr], "no": [1 - tpr, 1 - fpr]})
    return (table["yes"] * p1 + table["no"] * p0).to_numpy()


# Exercise 2


@wrong("error_costs", "The sign is flipped")
def error_costs(y_true, y_pred, group):
    found = []
    for g, d in [(0, 1), (0, 0), (1, 1), (1, 0)]:
        labels = y_true[(group == g) & (y_pred == d)]
        found.append(((labels == 1).sum() - (labels == 0).sum()) / len(y_true))
    return np.array(found)


@wrong("error_costs", "counts of people")
def error_costs(y_true, y_pred, group):
    found = []
    for g, d in [(0, 1), (0, 0), (1, 1), (1, 0)]:
        labels = y_true[(group == g) & (y_pred == d)]
        found.append((labels == 0).sum() - (labels == 1).sum())
    return np.array(found)


@wrong("error_costs", "group's own size")
def error_costs(y_true, y_pred, group):
    found = []
    for g, d in [(0, 1), (0, 0), (1, 1), (1, 0)]:
        labels = y_true[(group == g) & (y_pred == d)]
        found.append((1 - 2 * labels).sum() / (group == g).sum())
    return np.array(found)


@wrong("error_costs", "averaged within each kind")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_pred == d)]).mean() for g, d in kinds])


@wrong("error_costs", "0, not nan")
def error_costs(y_true, y_pred, group):
    found = []
    for g, d in [(0, 1), (0, 0), (1, 1), (1, 0)]:
        labels = y_true[(group == g) & (y_pred == d)]
        found.append((1 - 2 * labels).mean() * len(labels) / len(y_true))
    return np.array(found)


@wrong("error_costs", "add up rates")
def error_costs(y_true, y_pred, group):
    found = []
    for g in (0, 1):
        tpr = y_pred[(group == g) & (y_true == 1)].mean()
        fpr = y_pred[(group == g) & (y_true == 0)].mean()
        found += [fpr - tpr, (1 - fpr) - (1 - tpr)]
    return np.array(found)


@wrong("error_costs", "p0 comes before p1")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 0), (0, 1), (1, 0), (1, 1)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "Both p1 come first")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (1, 1), (0, 0), (1, 0)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "Group 1 comes before group 0")
def error_costs(y_true, y_pred, group):
    kinds = [(1, 1), (1, 0), (0, 1), (0, 0)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "reverse order")
def error_costs(y_true, y_pred, group):
    kinds = [(1, 0), (1, 1), (0, 0), (0, 1)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "Only label 1 is counted")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([-y_true[(group == g) & (y_pred == d)].sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "Only label 0 is counted")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([(1 - y_true[(group == g) & (y_pred == d)]).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "errors made now")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([((group == g) & (y_pred == d) & (y_true != d)).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "errors made now, with a minus")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return -np.array([((group == g) & (y_pred == d) & (y_true != d)).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "A minus got lost")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([abs((1 - 2 * y_true[(group == g) & (y_pred == d)]).sum()) for g, d in kinds]) / len(y_true)


@wrong("error_costs", "divided by the people with this answer")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() / (y_pred == d).sum() for g, d in kinds])


@wrong("error_costs", "You pick people by their label")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_true == d)]).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "All are 0")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([int((1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() / len(y_true)) for g, d in kinds])


@wrong("error_costs", "The shape (4,) was expected")
def error_costs(y_true, y_pred, group):
    kind = 2 * group + 1 - y_pred  # as long as the last kind that anybody has
    return np.bincount(kind, weights=1.0 - 2 * y_true) / len(y_true)


@wrong("error_costs", "p0 has the wrong sign")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    signs = np.array([1, -1, 1, -1])
    return signs * [(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() for g, d in kinds] / len(y_true)


@wrong("error_costs", "Labels and decisions have changed places")
def error_costs(y_pred, y_true, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() for g, d in kinds]) / len(y_true)


@wrong("error_costs", "Work on a copy of `y_true`")
def error_costs(y_true, y_pred, group):
    n = len(y_true)
    y_true *= -2
    y_true += 1
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.array([y_true[(group == g) & (y_pred == d)].sum() for g, d in kinds]) / n


@wrong("error_costs", "rounded")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return np.round([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() / len(y_true) for g, d in kinds], 3)


@wrong("error_costs", "this is a DataFrame")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    return pd.DataFrame([(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() / len(y_true) for g, d in kinds])


@wrong("error_costs", "The shape (4,) was expected")
def error_costs(y_true, y_pred, group):
    kinds = [(0, 1), (0, 0), (1, 1), (1, 0)]
    found = [(1 - 2 * y_true[(group == g) & (y_pred == d)]).sum() / len(y_true) for g, d in kinds]
    return np.reshape(found, (2, 2))


@right("error_costs")
def error_costs(y_true, y_pred, group):
    place = {(0, 1): 0, (0, 0): 1, (1, 1): 2, (1, 0): 3}
    total = [0, 0, 0, 0]
    for y, d, g in zip(y_true, y_pred, group, strict=True):
        total[place[int(g), int(d)]] += 1 if y == 0 else -1
    return [value / len(y_true) for value in total]


@right("error_costs")
def error_costs(y_true, y_pred, group):
    table = pd.DataFrame({"cost": 1 - 2 * np.asarray(y_true), "no": 1 - np.asarray(y_pred), "group": group})
    sums = table.groupby(["group", "no"])["cost"].sum()
    wanted = pd.MultiIndex.from_product([[0, 1], [0, 1]])
    return sums.reindex(wanted, fill_value=0) / len(table)


@right("error_costs")
def error_costs(y_true, y_pred, group):
    kind = 2 * np.asarray(group) + 1 - np.asarray(y_pred)
    return np.bincount(kind, 1.0 - 2 * np.asarray(y_true), 4) / len(y_true)


# Exercise 3


@wrong("best_mix", "default bounds go to infinity")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], method="highs").x


@wrong("best_mix", "default bounds go to infinity")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(None, 1), method="highs").x


@wrong("best_mix", "Only the TPRs are equal")
def best_mix(tpr, fpr, costs):
    row = [tpr[0], 1 - tpr[0], -tpr[1], tpr[1] - 1]
    return linprog(costs, A_eq=[row], b_eq=[0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "Only the FPRs are equal")
def best_mix(tpr, fpr, costs):
    row = [fpr[0], 1 - fpr[0], -fpr[1], fpr[1] - 1]
    return linprog(costs, A_eq=[row], b_eq=[0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "p0 comes before p1")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x[[1, 0, 3, 2]]


@wrong("best_mix", "Group 1 comes before group 0")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x[[2, 3, 0, 1]]


@wrong("best_mix", "The chances are rounded")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x.round(3)


@wrong("best_mix", "The chances are rounded")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x.round(4)


@wrong("best_mix", "The chances are rounded")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x.round(1)


@wrong("best_mix", "Work on a copy")
def best_mix(tpr, fpr, costs):
    costs *= 1000
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "Nobody is selected")
def best_mix(tpr, fpr, costs):
    return np.zeros(4)


@wrong("best_mix", "Are the costs handed over")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(np.ones(4), A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "Two *equations* are needed")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_ub=rows, b_ub=[0, 0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "with the bounds (0, 1)")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 0.5), method="highs").x


@wrong("best_mix", "no coins")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x.round()


@wrong("best_mix", "hand it the costs as they are")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(-np.asarray(costs), A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "minus for group 1")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], rate[1], 1 - rate[1]] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "Neither is equal")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], -(1 - rate[0]), -rate[1], 1 - rate[1]] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "compare TPR with FPR inside a group")
def best_mix(tpr, fpr, costs):
    rows = [[tpr[0] - fpr[0], fpr[0] - tpr[0], 0, 0], [0, 0, tpr[1] - fpr[1], fpr[1] - tpr[1]]]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x


@wrong("best_mix", "look at the targets")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[1, 1], bounds=(0, 1), method="highs").x


@wrong("best_mix", "everything the solver says")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs")


@wrong("best_mix", "the smallest sum perhaps")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").fun


@wrong("best_mix", "yours have the shape (2, 2)")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    return pd.DataFrame(linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x.reshape(2, 2))


@wrong("best_mix", "A dict was expected nowhere")
def best_mix(tpr, fpr, costs):
    rows = [[rate[0], 1 - rate[0], -rate[1], rate[1] - 1] for rate in (tpr, fpr)]
    found = linprog(costs, A_eq=rows, b_eq=[0, 0], bounds=(0, 1), method="highs").x
    return dict(enumerate(found))


@wrong("best_mix", "your own work")
def best_mix(tpr, fpr, costs):
    from evenodds.postprocessing.equalized_odds import solve_mix_rates

    loss, gain = np.array([0.25, 0.35]), np.array([0.25, 0.15])
    return solve_mix_rates(np.asarray(fpr), np.asarray(tpr), loss, gain).ravel()


@right("best_mix")
def best_mix(tpr, fpr, costs):
    (t0, t1), (f0, f1) = tpr, fpr
    table = np.array([[t0, 1 - t0, -t1, t1 - 1], [f0, 1 - f0, -f1, f1 - 1]])
    return list(linprog(c=costs, A_eq=table, b_eq=np.zeros(2), bounds=[(0, 1)] * 4).x)


@right("best_mix")
def best_mix(tpr, fpr, costs):
    """The same equations as four inequalities, and 1 minus the chances as unknowns."""
    rows = np.array([[r[0], 1 - r[0], -r[1], r[1] - 1] for r in (tpr, fpr)])
    both = np.vstack([rows, -rows])
    found = linprog(-np.asarray(costs), A_ub=both, b_ub=both.sum(axis=1), bounds=[(0, 1)] * 4, method="highs-ds")
    return pd.Series(1 - found.x, index=["p1 of 0", "p0 of 0", "p1 of 1", "p0 of 1"])


# Exercise 4


@wrong("toss", "All with the same chance get the same")
def toss(chance, rng):
    return (rng.random() < chance).astype(int)


@wrong("toss", "do they share a random number")
def toss(chance, rng):
    return (np.repeat(rng.random(len(chance) // 4 + 1), 4)[: len(chance)] < chance).astype(int)


@wrong("toss", "a quota, not 20 coins")
def toss(chance, rng):
    new = np.zeros(len(chance), dtype=int)
    for p in np.unique(chance):
        alike = rng.permutation(np.flatnonzero(chance == p))
        new[alike[: round(len(alike) * p)]] = 1
    return new


@wrong("toss", "far more often than others")
def toss(chance, rng):
    return (np.sort(rng.random(len(chance))) < chance).astype(int)


@wrong("toss", "the result is always the same")
def toss(chance, rng):
    rng = np.random.default_rng(1)
    return (rng.random(len(chance)) < chance).astype(int)


@wrong("toss", "rounded to 0 or 1")
def toss(chance, rng):
    return (chance > 0.5).astype(int)


@wrong("toss", "*below* the chance")
def toss(chance, rng):
    return (rng.random(len(chance)) > chance).astype(int)


@wrong("toss", "A chance is no decision yet")
def toss(chance, rng):
    return chance


@wrong("toss", "The same seed gives other decisions")
def toss(chance, rng):
    return (np.random.random(len(chance)) < chance).astype(int)  # noqa: NPY002


@wrong("toss", "Another seed gives the same decisions")
def toss(chance, rng):
    return (np.random.default_rng(0).random(len(chance)) < chance).astype(int)


@wrong("toss", "Make a new array")
def toss(chance, rng):
    chance[:] = rng.random(len(chance)) < chance
    return chance


@wrong("toss", "decisions in a row were expected")
def toss(chance, rng):
    return pd.DataFrame({"decision": (rng.random(len(chance)) < chance).astype(int)})


@wrong("toss", "decisions in a row were expected")
def toss(chance, rng):
    return (rng.random(len(chance)) < chance).astype(int).sum()


@wrong("toss", "A fair coin decides")
def toss(chance, rng):
    return np.where(np.isin(chance, [0, 1]), chance, rng.integers(0, 2, len(chance))).astype(int)


@right("toss")
def toss(chance, rng):
    new = []
    for p in chance:
        new.append(1 if rng.uniform() < p else 0)
    return new


@right("toss")
def toss(chance, rng):
    return pd.Series(rng.binomial(1, chance))


@right("toss")
def toss(chance, rng):
    return rng.random(len(chance)) < chance


@right("toss")
def toss(chance, rng):
    return np.ceil(chance - rng.uniform(size=chance.shape)).clip(0, 1)


# Exercise 5


@wrong("withholding", "half of these people have label 1")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (0.5 - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, 0.5


@wrong("withholding", "half of these people have label 1")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, 0.5


@wrong("withholding", "mean of the *labels*")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - scores.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, scores.mean()


@wrong("withholding", "people with label 0 (GFPR)")
def withholding(labels, scores, target):
    cost = scores[labels == 0].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "over everybody")
def withholding(labels, scores, target):
    cost = 1 - scores.mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "take the group's present cost away")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean())
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "upside down")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    return (1 - labels.mean() - cost) / (target - cost), labels.mean()


@wrong("withholding", "share whose score is *kept*")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = 1 - (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "decisions behind a threshold")
def withholding(labels, scores, target):
    cost = (scores[labels == 1] <= 0.5).mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "is *one minus* the score")
def withholding(labels, scores, target):
    cost = scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "is divided by everybody")
def withholding(labels, scores, target):
    cost = (1 - scores)[labels == 1].sum() / len(labels)
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "GFNR 0.2, without scores 0.375, target 0.3")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (cost - target) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "alpha would be −0.3")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = abs(target - cost) / (1 - labels.mean() - cost)
    if alpha > 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "alpha would be −0.3")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if alpha < -1 or alpha > 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "alpha would be 1.5")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if alpha < 0 or alpha > 2:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "withhold all")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if alpha < 0 or alpha >= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "return `(alpha, value)`")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return labels.mean(), alpha


@wrong("withholding", "gap in the costs")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    return target - cost, labels.mean()


@wrong("withholding", "You took μ")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "You took 1")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha, labels.mean()


@wrong("withholding", "The cost is a sum")
def withholding(labels, scores, target):
    cost = (1 - scores[labels == 1]).sum()
    return (target - cost) / (1 - labels.mean() - cost), labels.mean()


@wrong("withholding", "raise a ValueError here")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    return np.clip((target - cost) / (1 - labels.mean() - cost), 0, 1), labels.mean()


@wrong("withholding", "A ValueError was expected")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    assert 0 <= alpha <= 1, "alpha"
    return alpha, labels.mean()


@wrong("withholding", "does not mention")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("impossible")
    return alpha, labels.mean()


@wrong("withholding", "rounded")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return round(alpha, 3), round(labels.mean(), 3)


@wrong("withholding", "Return two numbers")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    alpha = (target - cost) / (1 - labels.mean() - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    return alpha


@wrong("withholding", "Work on a copy")
def withholding(labels, scores, target):
    cost = 1 - scores[labels == 1].mean()
    base = labels.mean()
    alpha = (target - cost) / (1 - base - cost)
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    scores[: int(alpha * len(scores))] = base
    return alpha, base


@wrong("withholding", "your own work")
def withholding(labels, scores, target):
    from evenodds.postprocessing import CalibratedEqualizedOdds

    rule = CalibratedEqualizedOdds(cost_constraint="fnr").fit(
        np.concatenate([scores, [1 - target, 0]]),
        np.concatenate([labels, [1, 0]]),
        sensitive_features=["first"] * len(labels) + ["other"] * 2,
    )
    return rule.mix_rate_["first"], rule.base_rate_["first"]


@right("withholding")
def withholding(labels, scores, target):
    denied = [1 - s for y, s in zip(labels, scores, strict=True) if y == 1]
    base = sum(labels) / len(labels)
    now, none = sum(denied) / len(denied), 1 - base
    share = (target - now) / (none - now)
    if share < 0 or share > 1:
        raise ValueError("there is no such alpha")
    return [share, base]


@right("withholding")
def withholding(labels, scores, target):
    group = pd.DataFrame({"y": labels, "s": scores})
    mean_one = group.loc[group["y"] == 1, "s"].mean()
    base = group["y"].mean()
    alpha = (mean_one - (1 - target)) / (mean_one - base)
    if 0 <= alpha <= 1:
        return alpha, base
    raise ValueError(f"Alpha is {alpha}")
