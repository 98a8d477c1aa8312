"""Answers to lesson 10 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from coursekit.answers import right, wrong

# Exercise 1


@right("soft_assignment")
def soft_assignment(X, prototypes):
    result = np.zeros((len(X), len(prototypes)))
    for n, x in enumerate(X):
        away = [np.sqrt(((x - v) ** 2).sum()) for v in prototypes]
        powers = [np.exp(min(away) - d) for d in away]
        result[n] = [p / sum(powers) for p in powers]
    return result


@right("soft_assignment")
def soft_assignment(X, prototypes):
    from scipy.special import softmax

    return softmax(-np.linalg.norm(X[:, None, :] - prototypes[None], axis=2), axis=1)


@right("soft_assignment")
def soft_assignment(X, prototypes):
    d = pd.DataFrame(cdist(X, prototypes))
    d = d.sub(d.min(axis=1), axis=0)
    powers = np.exp(-d)
    return powers.div(powers.sum(axis=1), axis=0).to_numpy()


@wrong("soft_assignment", "the minus is missing")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d - d.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "You squared the distance")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes) ** 2
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "root of the sum")
def soft_assignment(X, prototypes):
    d = np.abs(X[:, None, :] - prototypes[None]).sum(axis=2)
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "0/0 is nan")
def soft_assignment(X, prototypes):
    powers = np.exp(-cdist(X, prototypes))
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "do not sum to 1 yet")
def soft_assignment(X, prototypes):
    return np.exp(-cdist(X, prototypes))


@wrong("soft_assignment", "*columns* sum to 1")
def soft_assignment(X, prototypes):
    powers = np.exp(-cdist(X, prototypes))
    return powers / powers.sum(axis=0)


@wrong("soft_assignment", "sum of the whole table")
def soft_assignment(X, prototypes):
    powers = np.exp(-cdist(X, prototypes))
    return powers / powers.sum()


@wrong("soft_assignment", "in one box")
def soft_assignment(X, prototypes):
    return np.eye(len(prototypes))[cdist(X, prototypes).argmin(axis=1)]


@wrong("soft_assignment", "weigh with 1/d")
def soft_assignment(X, prototypes):
    near = 1 / (cdist(X, prototypes) + 1e-12)
    return near / near.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "weigh with the distance itself")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    return d / d.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "Those are the distances")
def soft_assignment(X, prototypes):
    return cdist(X, prototypes)


@wrong("soft_assignment", "people are rows")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return (powers / powers.sum(axis=1, keepdims=True)).T


@wrong("soft_assignment", "changed places")
def soft_assignment(prototypes, X):
    d = cdist(X, prototypes)
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "rounded")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return (powers / powers.sum(axis=1, keepdims=True)).round(2)


@wrong("soft_assignment", "this is a list")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return (powers / powers.sum(axis=1, keepdims=True)).tolist()


@wrong("soft_assignment", "this is a DataFrame")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return pd.DataFrame(powers / powers.sum(axis=1, keepdims=True))


@wrong("soft_assignment", "your own work")
def soft_assignment(X, prototypes):
    from evenodds.preprocessing import LearnedFairRepresentations

    learner = LearnedFairRepresentations(len(prototypes))
    learner.prototypes_, learner.alpha_ = prototypes, np.ones(X.shape[1])
    learner.n_features_in_ = X.shape[1]
    return learner.transform(X)


@wrong("soft_assignment", "too large for a computer")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.max(axis=1, keepdims=True) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "row's *smallest* distance")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.mean(axis=1, keepdims=True) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "Subtract the row's smallest distance")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.min() - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "in a DataFrame")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return pd.DataFrame(powers / powers.sum(axis=1, keepdims=True))


@wrong("soft_assignment", "power of 2")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = 2 ** (d.min(axis=1, keepdims=True) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "Take it off a *row*")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(d.min(axis=0) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "bell curve")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes) ** 2 / 2
    powers = np.exp(d.min(axis=1, keepdims=True) - d)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("soft_assignment", "nearer by 1 has e times the share")
def soft_assignment(X, prototypes):
    d = cdist(X, prototypes)
    powers = np.exp(-d)
    lost = powers.sum(axis=1) == 0
    powers[lost] = np.eye(len(prototypes))[d[lost].argmin(axis=1)]
    return powers / powers.sum(axis=1, keepdims=True)


# Exercise 2


@right("parity_loss")
def parity_loss(M, in_group):
    total = 0
    for k in range(M.shape[1]):
        members = [M[n, k] for n in range(len(M)) if in_group[n]]
        others = [M[n, k] for n in range(len(M)) if not in_group[n]]
        if not members or not others:
            return float("nan")
        total += abs(sum(members) / len(members) - sum(others) / len(others))
    return total / M.shape[1]


@right("parity_loss")
def parity_loss(M, in_group):
    means = pd.DataFrame(M).groupby(in_group).mean()
    return (means.max() - means.min()).mean() if len(means) == 2 else np.nan


@wrong("parity_loss", "cancel")
def parity_loss(M, in_group):
    if in_group.min() == in_group.max():
        return float("nan")
    return (M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).mean()


@wrong("parity_loss", "sum over prototypes")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).sum()


@wrong("parity_loss", "half the sum")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).sum() / 2


@wrong("parity_loss", "largest difference")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).max()


@wrong("parity_loss", "squared the differences")
def parity_loss(M, in_group):
    return ((M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)) ** 2).mean()


@wrong("parity_loss", "first prototype")
def parity_loss(M, in_group):
    return abs(M[in_group == 1, 0].mean() - M[in_group == 0, 0].mean())


@wrong("parity_loss", "return their mean")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0))


@wrong("parity_loss", "compare sums")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].sum(axis=0) - M[in_group == 0].sum(axis=0)).mean()


@wrong("parity_loss", "number of all people")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].sum(axis=0) - M[in_group == 0].sum(axis=0)).mean() / len(M)


@wrong("parity_loss", "themselves included")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].mean(axis=0) - M.mean(axis=0)).mean()


@wrong("parity_loss", "is no mask")
def parity_loss(M, in_group):
    if in_group.min() == in_group.max():
        return float("nan")
    return np.abs(M[in_group == 1].mean(axis=0) - M[~in_group.astype(int)].mean(axis=0)).mean()


@wrong("parity_loss", "return nan")
def parity_loss(M, in_group):
    if in_group.min() == in_group.max():
        return 0
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).mean()


@wrong("parity_loss", "rounded")
def parity_loss(M, in_group):
    if in_group.min() == in_group.max():
        return float("nan")
    return round(np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).mean(), 2)


@wrong("parity_loss", "stopped with")
def parity_loss(in_group, M):
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).mean()


@wrong("parity_loss", "smallest difference")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).min()


@wrong("parity_loss", "median difference")
def parity_loss(M, in_group):
    return np.median(np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)))


@wrong("parity_loss", "last prototype")
def parity_loss(M, in_group):
    return abs(M[in_group == 1, -1].mean() - M[in_group == 0, -1].mean())


@wrong("parity_loss", "root of the sum of squares")
def parity_loss(M, in_group):
    return np.linalg.norm(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0))


@wrong("parity_loss", "so do means of rows")
def parity_loss(M, in_group):
    return abs(M[in_group == 1].mean(axis=1).mean() - M[in_group == 0].mean(axis=1).mean())


@wrong("parity_loss", "1 and 0 are positions")
def parity_loss(M, in_group):
    return np.abs(M[in_group].mean(axis=0) - M[in_group == 0].mean(axis=0)).mean()


@wrong("parity_loss", "two rows again and again")
def parity_loss(M, in_group):
    return np.abs(M[in_group].mean(axis=0) - M[1 - in_group].mean(axis=0)).mean()


@wrong("parity_loss", "K − 1")
def parity_loss(M, in_group):
    return np.abs(M[in_group == 1].mean(axis=0) - M[in_group == 0].mean(axis=0)).sum() / (M.shape[1] - 1)


# Exercise 3


@right("reconstruction_loss")
def reconstruction_loss(X, M, prototypes):
    total = 0
    for x, shares in zip(X, M, strict=True):
        mixture = sum(s * v for s, v in zip(shares, prototypes, strict=True))
        total += np.sum((x - mixture) ** 2)
    return total / len(X)


@right("reconstruction_loss")
def reconstruction_loss(X, M, prototypes):
    return np.mean(np.linalg.norm(np.einsum("nk,kd->nd", M, prototypes) - X, axis=1) ** 2)


@wrong("reconstruction_loss", "people *and* features")
def reconstruction_loss(X, M, prototypes):
    return ((X - M @ prototypes) ** 2).mean()


@wrong("reconstruction_loss", "sum over people")
def reconstruction_loss(X, M, prototypes):
    return ((X - M @ prototypes) ** 2).sum()


@wrong("reconstruction_loss", "takes their squares")
def reconstruction_loss(X, M, prototypes):
    return np.linalg.norm(X - M @ prototypes, axis=1).mean()


@wrong("reconstruction_loss", "root of the mean")
def reconstruction_loss(X, M, prototypes):
    return np.sqrt(((X - M @ prototypes) ** 2).sum(axis=1).mean())


@wrong("reconstruction_loss", "absolute differences")
def reconstruction_loss(X, M, prototypes):
    return np.abs(X - M @ prototypes).sum(axis=1).mean()


@wrong("reconstruction_loss", "signs cancel")
def reconstruction_loss(X, M, prototypes):
    return (X - M @ prototypes).sum(axis=1).mean()


@wrong("reconstruction_loss", "largest prototype")
def reconstruction_loss(X, M, prototypes):
    return ((X - prototypes[M.argmax(axis=1)]) ** 2).sum(axis=1).mean()


@wrong("reconstruction_loss", "Mix the prototypes first")
def reconstruction_loss(X, M, prototypes):
    return (M * cdist(X, prototypes) ** 2).sum(axis=1).mean()


@wrong("reconstruction_loss", "return their mean")
def reconstruction_loss(X, M, prototypes):
    return ((X - M @ prototypes) ** 2).sum(axis=1)


@wrong("reconstruction_loss", "rounded")
def reconstruction_loss(X, M, prototypes):
    return round(((X - M @ prototypes) ** 2).sum(axis=1).mean(), 2)


@wrong("reconstruction_loss", "stopped with")
def reconstruction_loss(M, X, prototypes):
    return ((X - M @ prototypes) ** 2).sum(axis=1).mean()


@wrong("reconstruction_loss", "number of prototypes")
def reconstruction_loss(X, M, prototypes):
    return ((X - M @ prototypes) ** 2).sum() / len(prototypes)


@wrong("reconstruction_loss", "number of features, not of people")
def reconstruction_loss(X, M, prototypes):
    return ((X - M @ prototypes) ** 2).sum(axis=0).mean()


@wrong("reconstruction_loss", "Half of that is not asked for")
def reconstruction_loss(X, M, prototypes):
    return ((X - M @ prototypes) ** 2).sum(axis=1).mean() / 2


@wrong("reconstruction_loss", "square each first")
def reconstruction_loss(X, M, prototypes):
    return ((X - M @ prototypes).sum(axis=1) ** 2).mean()


@wrong("reconstruction_loss", "shares of your own")
def reconstruction_loss(X, M, prototypes):
    powers = np.exp(-cdist(X, prototypes))
    M = powers / powers.sum(axis=1, keepdims=True)
    return ((X - M @ prototypes) ** 2).sum(axis=1).mean()


# Exercise 4


@right("table_after")
def table_after(p, f):
    after = np.zeros(p.shape)
    for d in range(len(p)):
        for z in range(p.shape[1]):
            if p[d, z] > 0:
                after[d] += p[d, z] * f[d, z]
    return after


@right("table_after")
def table_after(p, f):
    return np.einsum("dz,dzn->dn", p, np.nan_to_num(f))


@right("table_after")
def table_after(p, f):
    return np.array([p[d] @ np.where(p[d][:, None] > 0, f[d], 0) for d in range(len(p))])


@wrong("table_after", "exchanged")
def table_after(p, f):
    return np.einsum("dz,dnz->dn", p, np.nan_to_num(f))


@wrong("table_after", "from *every* cell")
def table_after(p, f):
    return p * np.nan_to_num(f).sum(axis=1)


@wrong("table_after", "gives the old table back")
def table_after(p, f):
    return (p[:, :, None] * np.nan_to_num(f)).sum(axis=2)


@wrong("table_after", "Those are probabilities")
def table_after(p, f):
    return f.sum(axis=1)


@wrong("table_after", "mean over cells")
def table_after(p, f):
    return (p[:, :, None] * np.nan_to_num(f)).mean(axis=1)


@wrong("table_after", "a row for each")
def table_after(p, f):
    return (p[:, :, None] * np.nan_to_num(f)).sum(axis=(0, 1))


@wrong("table_after", "keep them apart")
def table_after(p, f):
    return p @ f


@wrong("table_after", "who arrive in a cell")
def table_after(p, f):
    return p[:, :, None] * f


@wrong("table_after", "shares of each group")
def table_after(p, f):
    return (p[:, :, None] * np.nan_to_num(f)).sum(axis=1) / p.sum(axis=1, keepdims=True)


@wrong("table_after", "likeliest cell")
def table_after(p, f):
    return np.array([p[d] @ np.eye(p.shape[1])[np.nan_to_num(f[d]).argmax(axis=1)] for d in range(len(p))])


@wrong("table_after", "2.4 people can move")
def table_after(p, f):
    return (p[:, :, None] * np.nan_to_num(f)).sum(axis=1).round()


@wrong("table_after", "0 times nan is nan")
def table_after(p, f):
    return (p[:, :, None] * f).sum(axis=1)


@wrong("table_after", "this is a list")
def table_after(p, f):
    return (p[:, :, None] * np.nan_to_num(f)).sum(axis=1).tolist()


@wrong("table_after", "your own work")
def table_after(p, f):
    from evenodds import preprocessing

    return preprocessing.table_after(p, f)


@wrong("table_after", "Whole numbers only")
def table_after(p, f):
    after = np.zeros_like(p)
    for d in range(p.shape[0]):
        for new in range(p.shape[1]):
            after[d, new] = sum(p[d, z] * f[d, z, new] for z in range(p.shape[1]) if p[d, z] > 0)
    return after


@wrong("table_after", "Whole numbers only")
def table_after(p, f):
    after = np.zeros_like(p)
    for d in range(p.shape[0]):
        for z in range(p.shape[1]):
            for new in range(p.shape[1]):
                if p[d, z] > 0:
                    after[d, new] += p[d, z] * f[d, z, new]
    return after


@wrong("table_after", "need not sum to 1 here")
def table_after(p, f):
    f = f / f.sum(axis=2, keepdims=True)
    return (p[:, :, None] * np.nan_to_num(f)).sum(axis=1)


@wrong("table_after", "`p` may hold shares")
def table_after(p, f):
    return np.where(p[:, :, None] >= 1, p[:, :, None] * f, 0).sum(axis=1)


@wrong("table_after", "axis of the *old* cell")
def table_after(p, f):
    return (p[:, None, :] * f).sum(axis=1)


@wrong("table_after", "in a DataFrame")
def table_after(p, f):
    return pd.DataFrame(np.where(p[:, :, None] > 0, p[:, :, None] * f, 0).sum(axis=1))


# Exercise 5


@right("map_costs")
def map_costs(p, f, delta):
    everybody, total, worst = p.sum(), 0, 0
    after = np.zeros(p.shape[1])
    for d in range(p.shape[0]):
        for z in range(p.shape[1]):
            if p[d, z] == 0:
                continue
            if abs(sum(f[d, z]) - 1) > 1e-6:
                raise ValueError(f"row {d}, {z} does not sum to 1")
            suffered = sum(f[d, z, k] * delta[z, k] for k in range(p.shape[1]))
            total, worst = total + p[d, z] * suffered, max(worst, suffered)
            after += p[d, z] * f[d, z]
    return sum(abs(after - p.sum(axis=0))) / 2 / everybody, total / everybody, worst


@right("map_costs")
def map_costs(p, f, delta):
    f = np.where(p[:, :, None] > 0, f, np.eye(p.shape[1]))
    if (abs(f.sum(axis=2) - 1) > 1e-6).any():
        raise ValueError("the probabilities of a kind must sum to one")
    suffered = np.einsum("dzn,zn->dz", f, delta)
    change = np.einsum("dz,dzn->n", p, f) - p.sum(axis=0)
    return [change[change > 0].sum() / p.sum(), np.average(suffered, weights=p), suffered[p > 0].max()]


@wrong("map_costs", "½ is missing")
def map_costs(p, f, delta):
    there = p > 0
    if not np.allclose(f[there].sum(axis=1), 1, atol=1e-6):
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "both groups *together*")
def map_costs(p, f, delta):
    f = np.where(p[:, :, None] > 0, f, np.eye(p.shape[1]))
    if (abs(f.sum(axis=2) - 1) > 1e-6).any():
        raise ValueError("must sum to one")
    suffered = (f * delta).sum(axis=2)
    after = (p[:, :, None] * f).sum(axis=1)
    return np.abs(after - p).sum() / 2 / p.sum(), (p * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "weigh with how many people")
def map_costs(p, f, delta):
    there = p > 0
    if not np.allclose(f[there].sum(axis=1), 1, atol=1e-6):
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), suffered.mean(), suffered.max()


@wrong("map_costs", "divide it by their number")
def map_costs(p, f, delta):
    there = p > 0
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum(), suffered.max()


@wrong("map_costs", "share of people who move")
def map_costs(p, f, delta):
    there = p > 0
    stay = np.array([np.diag(rows) for rows in f])
    after = (p[there][:, None] * f[there]).sum(axis=0)
    moved = (1 - stay)[there]
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * moved).sum() / p.sum(), moved.max()


@wrong("map_costs", "take one person")
def map_costs(p, f, delta):
    there = p > 0
    suffered = (f * delta).sum(axis=2)[there] * p[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), suffered.sum() / p.sum(), suffered.max()


@wrong("map_costs", "largest single move")
def map_costs(p, f, delta):
    there = p > 0
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), (f * delta).max()


@wrong("map_costs", "changed places")
def map_costs(p, f, delta):
    there = p > 0
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return (p[there] * suffered).sum() / p.sum(), suffered.max(), np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum()


@wrong("map_costs", "ValueError here")
def map_costs(p, f, delta):
    there = p > 0
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "does not mention")
def map_costs(p, f, delta):
    there = p > 0
    if not np.allclose(f[there].sum(axis=1), 1, atol=1e-6):
        raise ValueError("bad map")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "Three numbers were asked for")
def map_costs(p, f, delta):
    return np.nansum(p * (f * delta).sum(axis=2)) / p.sum()


@wrong("map_costs", "your own work")
def map_costs(p, f, delta):
    from evenodds.preprocessing import map_report

    report = map_report(p, f, favourable=[True] * p.shape[1], distortion=delta)
    return report["variation"], report["mean_distortion"], report["worst_distortion"]


@wrong("map_costs", "rounded")
def map_costs(p, f, delta):
    there = p > 0
    if not np.allclose(f[there].sum(axis=1), 1, atol=1e-6):
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    found = np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()
    return tuple(round(number, 2) for number in found)


@wrong("map_costs", "turned round")
def map_costs(p, f, delta):
    there = p > 0
    if not np.allclose(f[there].sum(axis=1), 1, atol=1e-6):
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta.T).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "nan")
def map_costs(p, f, delta):
    if not np.allclose(f[p > 0].sum(axis=1), 1, atol=1e-6):
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)
    after = (p[:, :, None] * f).sum(axis=(0, 1))
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "no part, in the worst distortion")
def map_costs(p, f, delta):
    there = p > 0
    if (abs(f[there].sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return (
        np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(),
        (p[there] * suffered).sum() / p.sum(),
        np.nan_to_num((f * delta).sum(axis=2)).max(),
    )


@wrong("map_costs", "row that is no map")
def map_costs(p, f, delta):
    if (abs(f.sum(axis=2) - 1) > 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    f = np.nan_to_num(f)
    suffered = (f * delta).sum(axis=2)
    after = (p[:, :, None] * f).sum(axis=(0, 1))
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p * suffered).sum() / p.sum(), suffered[p > 0].max()


@wrong("map_costs", "raise a ValueError here")
def map_costs(p, f, delta):
    there = p > 0
    if (f[there].sum(axis=1) > 1 + 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "raise a ValueError here")
def map_costs(p, f, delta):
    there = p > 0
    if (abs(f[there].sum(axis=1) - 1) > 0.01).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "two rows that are no map")
def map_costs(p, f, delta):
    there = p > 0
    if abs(f[there].sum() - there.sum()) > 1e-6:
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "but for the last digits")
def map_costs(p, f, delta):
    there = p > 0
    if (f[there].sum(axis=1) != 1).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "parts of people")
def map_costs(p, f, delta):
    there = p >= 1
    if (abs(f[there].sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "With their signs")
def map_costs(p, f, delta):
    there = p > 0
    if (abs(f[there].sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return (after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "average over the new cells")
def map_costs(p, f, delta):
    there = p > 0
    if (abs(f[there].sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).mean(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p[there] * suffered).sum() / p.sum(), suffered.max()


@wrong("map_costs", "is turned round")
def map_costs(p, f, delta):
    there = p > 0
    if (abs(f[there].sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    return (
        np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(),
        (p[there] * suffered).sum() / p.sum(),
        (f * delta.T).sum(axis=2)[there].max(),
    )


@wrong("map_costs", "worst *group*")
def map_costs(p, f, delta):
    there = p > 0
    if (abs(f[there].sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("each row of a map must sum to 1")
    suffered = (f * delta).sum(axis=2)[there]
    after = (p[there][:, None] * f[there]).sum(axis=0)
    suffered = np.nan_to_num((f * delta).sum(axis=2))
    by_group = (p * suffered).sum(axis=1) / p.sum(axis=1)
    return np.abs(after - p.sum(axis=0)).sum() / 2 / p.sum(), (p * suffered).sum() / p.sum(), by_group.max()


# Answers that change what they are given


@wrong("soft_assignment", "read-only")
def soft_assignment(X, prototypes):
    result = np.zeros((len(X), len(prototypes)))
    for k, v in enumerate(prototypes.copy()):
        X -= v
        result[:, k] = np.sqrt((X**2).sum(axis=1))
        X += v
    powers = np.exp(result.min(axis=1, keepdims=True) - result)
    return powers / powers.sum(axis=1, keepdims=True)


@wrong("parity_loss", "read-only")
def parity_loss(M, in_group):
    M[in_group == 0] *= -1
    members, others = M[in_group == 1], M[in_group == 0]
    if len(members) == 0 or len(others) == 0:
        return float("nan")
    return np.abs(members.mean(axis=0) + others.mean(axis=0)).mean()


@wrong("reconstruction_loss", "read-only")
def reconstruction_loss(X, M, prototypes):
    X -= M @ prototypes
    return (X**2).sum(axis=1).mean()


@wrong("table_after", "read-only")
def table_after(p, f):
    f[p == 0] = 0
    return (p[:, :, None] * f).sum(axis=1)


@wrong("map_costs", "read-only")
def map_costs(p, f, delta):
    f[p == 0] = np.eye(p.shape[1])[np.nonzero(p == 0)[1]]
    if (abs(f.sum(axis=2) - 1) > 1e-6).any():
        raise ValueError("must sum to one")
    suffered = np.einsum("dzn,zn->dz", f, delta)
    change = np.einsum("dz,dzn->n", p, f) - p.sum(axis=0)
    return abs(change).sum() / 2 / p.sum(), np.average(suffered, weights=p), suffered[p > 0].max()
