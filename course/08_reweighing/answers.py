"""Answers to lesson 08 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("reweigh", "observed over expected")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = len(y) * cell.sum() / ((group == a).sum() * (y == v).sum())
    return weights


@wrong("reweigh", "left out the group's share")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (y == v).sum() / cell.sum()
    return weights


@wrong("reweigh", "left out the label's share")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() / cell.sum()
    return weights


@wrong("reweigh", "equally heavy")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = len(y) / (4 * cell.sum())
    return weights


@wrong("reweigh", "number of people in the cell")
def reweigh(y, group):
    return pd.DataFrame({"y": y, "g": group}).groupby(["g", "y"])["y"].transform("size").to_numpy()


@wrong("reweigh", "balance the labels")
def reweigh(y, group):
    for a in np.unique(group):
        if len(np.unique(y[group == a])) < 2:
            raise ValueError(a)
    counts = np.bincount(y)
    return len(y) / (2 * counts[y])


@wrong("reweigh", "balance the groups")
def reweigh(y, group):
    sizes = pd.Series(group).map(pd.Series(group).value_counts()).to_numpy()
    for a in np.unique(group):
        if len(np.unique(y[group == a])) < 2:
            raise ValueError(a)
    return len(y) / (2 * sizes)


@wrong("reweigh", "expected number of people")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() * (y == v).sum() / len(y)
    return weights


@wrong("reweigh", "expected *share*")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).mean() * (y == v).mean()
    return weights


@wrong("reweigh", "division by n is missing")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() * (y == v).sum() / cell.sum()
    return weights


@wrong("reweigh", "add up to 1")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() * (y == v).sum() / cell.sum()
    return weights / weights.sum()


@wrong("reweigh", "*other* label")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == 1 - v)
            if not cell.any() or cell.all():
                raise ValueError(a)
            other = (group == a) & (y == v)
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * other.sum())
    return weights


@wrong("reweigh", "part after the point")
def reweigh(y, group):
    weights = np.zeros_like(y)
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "one weight for each cell")
def reweigh(y, group):
    weights = {}
    for a in np.unique(group).tolist():
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[a, v] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "one weight for each cell")
def reweigh(y, group):
    weights = []
    for a in np.unique(group).tolist():
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights.append((group == a).sum() * (y == v).sum() / (len(y) * cell.sum()))
    return np.array(weights)


@wrong("reweigh", "an array was asked for, and this is a list")
def reweigh(y, group):
    table = pd.crosstab(group, y)
    if (table == 0).any(axis=None):
        raise ValueError(table.index[(table == 0).any(axis=1)].tolist())
    return [table.loc[g].sum() * table[v].sum() / (len(y) * table.loc[g, v]) for g, v in zip(group, y, strict=True)]


@wrong("reweigh", "an array was asked for, and this is a Series")
def reweigh(y, group):
    people = pd.DataFrame({"y": y, "g": group})
    for a, part in people.groupby("g"):
        if part["y"].nunique() < 2:
            raise ValueError(f"{a} has only one label")
    size = [people.groupby(by)["y"].transform("size") for by in ("g", "y", ["g", "y"])]
    return size[0] * size[1] / (size[2] * len(y))


@wrong("reweigh", "raise a ValueError here")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if cell.any():
                weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "does not mention")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError("empty")
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "rounded")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = round((group == a).sum() * (y == v).sum() / (len(y) * cell.sum()), 3)
    return weights


@wrong("reweigh", "your own work")
def reweigh(y, group):
    from evenodds.preprocessing import reweighing_weights

    return reweighing_weights(y, sensitive_features=group)


@right("reweigh")
def reweigh(y, group):
    people = list(zip(group.tolist(), y.tolist(), strict=True))
    weights = []
    for a, _ in people:
        for v in set(y.tolist()):
            if (a, v) not in people:
                raise ValueError(f"nobody in {a} has label {v}")
    for a, v in people:
        n_a = sum(1 for b, _ in people if b == a)
        n_y = sum(1 for _, u in people if u == v)
        weights.append(n_a * n_y / len(people) / people.count((a, v)))
    return np.array(weights)


@right("reweigh")
def reweigh(outcome, sex):
    joint = pd.crosstab(pd.Series(sex), pd.Series(outcome), normalize=True)
    for name, row in joint.iterrows():
        if (row == 0).any():
            raise ValueError(f"{name}: a label is missing")
    expected = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    table = expected / joint
    return np.array([table.loc[g, v] for g, v in zip(sex, outcome, strict=True)])


@right("reweigh")
def reweigh(y, group):
    for a in np.unique(group):
        if y[group == a].std() == 0 and y.std() > 0:
            raise ValueError(f"{a} needs both labels")
    y1, g1 = y[:, None] == y, group[:, None] == group
    return g1.sum(axis=0) * y1.sum(axis=0) / ((y1 & g1).sum(axis=0) * len(y))


@wrong("reweigh", "wrong way round")
def reweigh(y, group):
    for a in np.unique(group):
        if len(np.unique(y[group == a])) < 2:
            raise ValueError(a)
    sex = (group == np.unique(group)[0]).astype(int)
    table = np.array([[sum((sex == a) & (y == v)) for v in (0, 1)] for a in (0, 1)])
    weights = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum() / table
    return weights[y, sex]


@wrong("reweigh", "people with label 1 only")
def reweigh(y, group):
    weights = np.ones(len(y))
    for a in np.unique(group):
        for v in [1]:
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "people with label 1 only")
def reweigh(y, group):
    weights = np.zeros(len(y))
    for a in np.unique(group):
        for v in [1]:
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "fixed in your code")
def reweigh(y, group):
    weights = np.ones(len(y))
    for a in ("f", "m"):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if cell.any():
                weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "you weigh two groups only")
def reweigh(y, group):
    weights = np.ones(len(y))
    for a in np.unique(group)[:2]:
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(a)
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "does not mention")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError("a cell has zero people")
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "does not mention")
def reweigh(y, group):
    weights = np.empty(len(y))
    for a in np.unique(group):
        for v in (0, 1):
            cell = (group == a) & (y == v)
            if not cell.any():
                raise ValueError(np.unique(group)[-1])
            weights[cell] = (group == a).sum() * (y == v).sum() / (len(y) * cell.sum())
    return weights


@wrong("reweigh", "raise a ValueError here")
def reweigh(y, group):
    for a in np.unique(group):
        if y[group == a].mean() == 0:
            raise ValueError(a)
    return np.array(
        [
            (group == g).mean() * (y == v).mean() / ((group == g) & (y == v)).mean()
            for g, v in zip(group, y, strict=True)
        ]
    )


@wrong("reweigh", "weight of label 1 in their group")
def reweigh(y, group):
    return np.array([y.mean() / y[group == g].mean() for g in group])


# Exercise 2


@wrong("weighted_rates", "weights play no part")
def weighted_rates(y, group, weights):
    return {a: y[group == a].mean() for a in np.unique(group)}


@wrong("weighted_rates", "number of people; take the sum")
def weighted_rates(y, group, weights):
    return {a: (weights * y)[group == a].mean() for a in np.unique(group)}


@wrong("weighted_rates", "everybody's weights")
def weighted_rates(y, group, weights):
    return {a: (weights * y)[group == a].sum() / weights.sum() for a in np.unique(group)}


@wrong("weighted_rates", "number of all people")
def weighted_rates(y, group, weights):
    return {a: (weights * y)[group == a].sum() / len(y) for a in np.unique(group)}


@wrong("weighted_rates", "all who have label 1")
def weighted_rates(y, group, weights):
    return {a: (weights * y)[group == a].sum() / (weights * y).sum() for a in np.unique(group)}


@wrong("weighted_rates", "mean weight of those with label 1")
def weighted_rates(y, group, weights):
    return {a: weights[(group == a) & (y == 1)].mean() for a in np.unique(group)}


@wrong("weighted_rates", "sum above the line only")
def weighted_rates(y, group, weights):
    return {a: (weights * y)[group == a].sum() for a in np.unique(group)}


@wrong("weighted_rates", "share of label 0")
def weighted_rates(y, group, weights):
    rates = {}
    for a in np.unique(group):
        w, v = weights[group == a], y[group == a]
        rates[a] = w[v == 0].sum() / w.sum() if w.sum() else float("nan")
    return rates


@wrong("weighted_rates", "missing above the line")
def weighted_rates(y, group, weights):
    return {a: y[group == a].sum() / weights[group == a].sum() for a in np.unique(group)}


@wrong("weighted_rates", "Every group gets everybody's rate")
def weighted_rates(y, group, weights):
    return {a: np.average(y, weights=weights) for a in np.unique(group)}


@wrong("weighted_rates", "return` stand inside the loop")
def weighted_rates(y, group, weights):
    for a in np.unique(group):
        return {a: np.average(y[group == a], weights=weights[group == a])}


@wrong("weighted_rates", "unknown, not 0")
def weighted_rates(y, group, weights):
    rates = {}
    for a in np.unique(group):
        w = weights[group == a]
        rates[a] = (w * y[group == a]).sum() / w.sum() if w.sum() > 0 else 0.0
    return rates


@wrong("weighted_rates", "leaving it out")
def weighted_rates(y, group, weights):
    rates = {}
    for a in np.unique(group):
        w = weights[group == a]
        if w.sum() > 0:
            rates[a] = (w * y[group == a]).sum() / w.sum()
    return rates


@wrong("weighted_rates", "rounded")
def weighted_rates(y, group, weights):
    rates = {}
    for a in np.unique(group):
        w = weights[group == a]
        rates[a] = round((w * y[group == a]).sum() / w.sum(), 3) if w.sum() > 0 else float("nan")
    return rates


@wrong("weighted_rates", "That is the gap")
def weighted_rates(y, group, weights):
    rates = [np.average(y[group == a], weights=weights[group == a]) for a in np.unique(group)]
    return rates[0] - rates[1]


@wrong("weighted_rates", "A dict was expected")
def weighted_rates(y, group, weights):
    return [np.average(y[group == a], weights=weights[group == a]) for a in np.unique(group)]


@wrong("weighted_rates", "your own work")
def weighted_rates(y, group, weights):
    from evenodds.metrics import base_rate

    return {a: base_rate(y[group == a], y[group == a], sample_weight=weights[group == a]) for a in np.unique(group)}


@right("weighted_rates")
def weighted_rates(y, group, weights):
    people = pd.DataFrame({"g": group, "w": weights, "wy": np.asarray(weights) * np.asarray(y)})
    sums = people.groupby("g")[["w", "wy"]].sum()
    return (sums["wy"] / sums["w"]).to_dict()


@right("weighted_rates")
def weighted_rates(labels, sex, w):
    rates = {}
    for a in set(sex.tolist()):
        above = below = 0.0
        for i in range(len(labels)):
            if sex[i] == a:
                below += w[i]
                above += w[i] if labels[i] == 1 else 0
        rates[a] = above / below if below else float("nan")
    return rates


@wrong("weighted_rates", "the other way round")
def weighted_rates(y, weights, group):
    rates = {}
    for a in np.unique(group):
        inside = group == a
        rates[a] = (weights[inside] * y[inside]).sum() / weights[inside].sum()
    return rates


@wrong("weighted_rates", "a dict was asked for, and this is a Series")
def weighted_rates(y, group, weights):
    weights = pd.Series(weights)
    return (weights * y).groupby(group).sum() / weights.groupby(group).sum()


@wrong("weighted_rates", "read-only")
def weighted_rates(y, group, weights):
    rates = {}
    for a in np.unique(group):
        weights[group == a] /= weights[group == a].sum()
        rates[a] = (weights * y)[group == a].sum()
    return rates


@right("weighted_rates")
def weighted_rates(y, group, weights):
    inside = np.unique(group)[:, None] == group
    rates = (inside * weights * y).sum(axis=1) / (inside * weights).sum(axis=1)
    return pd.Series(rates, np.unique(group)).to_dict()


@wrong("weighted_rates", "every rate is 1")
def weighted_rates(y, group, weights):
    return {a: (weights * y)[group == a].sum() / weights[(group == a) & (y == 1)].sum() for a in np.unique(group)}


@wrong("weighted_rates", "ratio of mean weights")
def weighted_rates(y, group, weights):
    return {a: weights[(group == a) & (y == 1)].mean() / weights[group == a].mean() for a in np.unique(group)}


@wrong("weighted_rates", "more than 0")
def weighted_rates(y, group, weights):
    rates = {}
    for a in np.unique(group):
        w = weights[group == a]
        rates[a] = (w * y[group == a]).sum() / w.sum() if w.sum() >= 1 else float("nan")
    return rates


# Exercise 3


@wrong("massage", "Nobody is demoted")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    new = y.copy()
    zeros = np.flatnonzero((group == a) & (y == 0))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    return new


@wrong("massage", "Nobody is promoted")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    new = y.copy()
    ones = np.flatnonzero((group == b) & (y == 1))
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "promote the lowest scores")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "demote the highest scores")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(-scores[ones])][:m]] = 0
    return new


@wrong("massage", "Both ends are wrong")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(scores[zeros])][:m]] = 1
    new[ones[np.argsort(-scores[ones])][:m]] = 0
    return new


@wrong("massage", "promote in the group with the higher rate")
def massage(y, scores, group):
    a, b = np.unique(group)  # the first in the alphabet
    gap = abs(y[group == b].mean() - y[group == a].mean())
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "each group has its own direction")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    new = y.copy()
    zeros, ones = np.flatnonzero(y == 0), np.flatnonzero(y == 1)
    new[sorted(zeros, key=lambda i: -scores[i])[:m]] = 1
    new[sorted(ones, key=lambda i: scores[i])[:m]] = 0
    return new


@wrong("massage", "rounded *up*")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y) + 1e-9)
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "rounded *up*")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = round((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "Too many exchanges")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "M depends on the gap")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    new = y.copy()
    if y[group == a].mean() == y[group == b].mean():
        return new
    new[max(np.flatnonzero((group == a) & (y == 0)), key=lambda i: scores[i])] = 1
    new[min(np.flatnonzero((group == b) & (y == 1)), key=lambda i: scores[i])] = 0
    return new


@wrong("massage", "decisions of the ranker")
def massage(y, scores, group):
    return (scores > 0.5).astype(int)


@wrong("massage", "labels come first")
def massage(scores, y, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    new = y.copy()
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "Nothing is changed")
def massage(y, scores, group):
    return y


@wrong("massage", "positions of those who change")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    return np.r_[zeros[np.argsort(-scores[zeros])][:m], ones[np.argsort(scores[ones])][:m]]


@wrong("massage", "read-only")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    y[zeros[np.argsort(-scores[zeros])][:m]] = 1
    y[ones[np.argsort(scores[ones])][:m]] = 0
    return y


@wrong("massage", "an array was asked for, and this is a list")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.tolist()
    for i in sorted(np.flatnonzero((group == a) & (y == 0)), key=lambda i: -scores[i])[:m]:
        new[i] = 1
    for i in sorted(np.flatnonzero((group == b) & (y == 1)), key=lambda i: scores[i])[:m]:
        new[i] = 0
    return new


@wrong("massage", "your own work")
def massage(y, scores, group):
    from evenodds.preprocessing import massage_labels

    return massage_labels(y, scores, sensitive_features=group)


@right("massage")
def massage(y, scores, group):
    people = pd.DataFrame({"y": y, "s": scores, "g": group})
    rate = people.groupby("g")["y"].mean()
    low, high = rate.idxmin(), rate.idxmax()
    if low == high:
        return people["y"].to_numpy().copy()
    size = people["g"].value_counts()
    m = int(np.ceil((rate[high] - rate[low]) / (1 / size[low] + 1 / size[high]) - 1e-12))
    up = people[(people.g == low) & (people.y == 0)].nlargest(m, "s").index
    down = people[(people.g == high) & (people.y == 1)].nsmallest(m, "s").index
    new = people["y"].copy()
    new[up] = 1
    new[down] = 0
    return new.to_numpy()


@right("massage")
def massage(labels, ranks, who):
    import math

    new = [int(v) for v in labels]
    one, two = sorted(set(who.tolist()))

    def rate(g):
        inside = [v for v, h in zip(labels, who, strict=True) if h == g]
        return sum(inside) / len(inside)

    low, high = (one, two) if rate(one) <= rate(two) else (two, one)
    n_low, n_high = sum(who == low), sum(who == high)
    m = math.ceil(round((rate(high) - rate(low)) * n_low * n_high / len(new), 9))
    for _ in range(m):
        up = [i for i in range(len(new)) if who[i] == low and labels[i] == 0 and new[i] == 0]
        down = [i for i in range(len(new)) if who[i] == high and labels[i] == 1 and new[i] == 1]
        new[max(up, key=lambda i: ranks[i])] = 1
        new[min(down, key=lambda i: ranks[i])] = 0
    return np.array(new)


@right("massage")
def massage(y, scores, group):
    """With the plain formula, not minding rounding errors, and floats as labels."""
    a, b = np.unique(group)
    if y[group == a].mean() > y[group == b].mean():
        a, b = b, a
    m = int(np.ceil((y[group == b].mean() - y[group == a].mean()) * sum(group == a) * sum(group == b) / len(y)))
    order = np.argsort(scores)
    new = y.astype(float)
    new[[i for i in order[::-1] if group[i] == a and y[i] == 0][:m]] = 1
    new[[i for i in order if group[i] == b and y[i] == 1][:m]] = 0
    return new


@wrong("massage", "label 1 already")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero(group == a), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "label 0 already")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero(group == b)
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "the new label already")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero(group == a), np.flatnonzero(group == b)
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "Too many exchanges")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * len(y) / 2 - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "Too many exchanges")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(-scores[zeros])][:m]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


@wrong("massage", "counts inside what it sorts")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[np.argsort(-scores[zeros])[:m]] = 1
    new[np.argsort(scores[ones])[:m]] = 0
    return new


@wrong("massage", "the first in the table")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[:m]] = 1
    new[ones[:m]] = 0
    return new


@wrong("massage", "nearest to 0.5")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(abs(scores[zeros] - 0.5))][:m]] = 1
    new[ones[np.argsort(abs(scores[ones] - 0.5))][:m]] = 0
    return new


@wrong("massage", "is everyone")
def massage(y, scores, group):
    a, b = sorted(np.unique(group), key=lambda g: y[group == g].mean())
    gap = y[group == b].mean() - y[group == a].mean()
    m = int(np.ceil(gap * sum(group == a) * sum(group == b) / len(y) - 1e-9))
    new = y.copy()
    zeros, ones = np.flatnonzero((group == a) & (y == 0)), np.flatnonzero((group == b) & (y == 1))
    new[zeros[np.argsort(scores[zeros])][-m:]] = 1
    new[ones[np.argsort(scores[ones])][:m]] = 0
    return new


# Exercise 4


@wrong("reweigh_within", "regions play no part")
def reweigh_within(y, group, region):
    return reweigh(y, group)


@wrong("reweigh_within", "crossed group and region")
def reweigh_within(y, group, region):
    return reweigh(y, np.array([f"{a}-{b}" for a, b in zip(group, region, strict=True)]))


@wrong("reweigh_within", "label and region independent")
def reweigh_within(y, group, region):
    return reweigh(y, region)


@wrong("reweigh_within", "product of two sets")
def reweigh_within(y, group, region):
    return reweigh(y, group) * reweigh(y, region)


@wrong("reweigh_within", "in the order of the people")
def reweigh_within(y, group, region):
    return np.concatenate([reweigh(y[region == r], group[region == r]) for r in np.unique(region)])


@wrong("reweigh_within", "multiply by its share")
def reweigh_within(y, group, region):
    weights = np.zeros(len(y))
    for r in np.unique(region):
        here = region == r
        weights[here] = reweigh(y[here], group[here]) * here.mean()
    return weights


@wrong("reweigh_within", "part after the point")
def reweigh_within(y, group, region):
    weights = np.zeros_like(y)
    for r in np.unique(region):
        here = region == r
        weights[here] = reweigh(y[here], group[here])
    return weights


@wrong("reweigh_within", "an array was asked for, and this is a Series")
def reweigh_within(y, group, region):
    weights = pd.Series(0.0, index=range(len(y)))
    for r in np.unique(region):
        weights[region == r] = reweigh(y[region == r], group[region == r])
    return weights


@wrong("reweigh_within", "changed places")
def reweigh_within(y, group, region):
    weights = np.zeros(len(y))
    for a in np.unique(group):
        weights[group == a] = reweigh(y[group == a], region[group == a])
    return weights


@wrong("reweigh_within", "your own work")
def reweigh_within(y, group, region):
    from evenodds.preprocessing import reweighing_weights

    weights = np.zeros(len(y))
    for r in np.unique(region):
        weights[region == r] = reweighing_weights(y[region == r], sensitive_features=group[region == r])
    return weights


@right("reweigh_within")
def reweigh_within(y, group, region):
    people = pd.DataFrame({"y": y, "g": group, "r": region})
    size = {by: people.groupby(list(by))["y"].transform("size").to_numpy() for by in ("rg", "ry", "rgy", "r")}
    return size["rg"] * size["ry"] / (size["rgy"] * size["r"])


@right("reweigh_within")
def reweigh_within(y, group, region):
    weights = [0.0] * len(y)
    for place in set(region.tolist()):
        who = [i for i in range(len(y)) if region[i] == place]
        for i, w in zip(who, reweigh(y[who], group[who]), strict=True):
            weights[i] = w
    return np.array(weights)


@wrong("reweigh_within", "by the region in place of the group")
def reweigh_within(y, group, region):
    weights = np.zeros(len(y))
    for r in np.unique(region):
        weights[region == r] = reweigh(y[region == r], region[region == r])
    return weights


@wrong("reweigh_within", "takes `y` first")
def reweigh_within(y, group, region):
    weights = np.zeros(len(y))
    for r in np.unique(region):
        weights[region == r] = reweigh(group[region == r], y[region == r])
    return weights


@wrong("reweigh_within", "Loop over the regions of this table")
def reweigh_within(y, group, region):
    weights = np.zeros(len(y))
    for r in ("city", "country"):
        weights[region == r] = reweigh(y[region == r], group[region == r])
    return weights
