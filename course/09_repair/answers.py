"""Answers to lesson 09 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("remove_correlation", "Subtract the mean of the sensitive column first")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if (centred == 0).all():
        return Z
    w = centred @ Z / (centred @ centred)
    return Z - alpha * np.outer(s, w)


@wrong("remove_correlation", "a line through the origin")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    return Z - alpha * np.outer(s, s @ Z / (s @ s))


@wrong("remove_correlation", "a line through the origin")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    return Z - alpha * np.outer(s - s.mean(), s @ Z / (s @ s))


@wrong("remove_correlation", "lose their means")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    w = centred @ Z / (centred @ centred)
    return Z - Z.mean(axis=0) - alpha * np.outer(centred, w)


@wrong("remove_correlation", "You add it")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    w = centred @ Z / (centred @ centred)
    return Z + alpha * np.outer(centred, w)


@wrong("remove_correlation", "is a correlation")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    w = np.array([np.corrcoef(s, z)[0, 1] for z in Z.T])
    return Z - alpha * np.outer(s - s.mean(), w)


@wrong("remove_correlation", "The slope is the wrong way round")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    w = np.array([np.polyfit(z, s, 1)[0] for z in Z.T])
    return Z - alpha * np.outer(s - s.mean(), w)


@wrong("remove_correlation", "the share that *goes*")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    return Z - (1 - alpha) * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "`alpha` is not used")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    return Z - np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "divide by n − 1")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    w = np.array([np.cov(s, z)[0, 1] / np.var(s) for z in Z.T])
    return Z - alpha * np.outer(s - s.mean(), w)


@wrong("remove_correlation", "That is a covariance")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    return Z - alpha * np.outer(centred, centred @ Z / len(s))


@wrong("remove_correlation", "takes every value for a group of its own")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    own = np.array([Z[s == v].mean(axis=0) for v in s])
    return Z - alpha * (own - Z.mean(axis=0))


@wrong("remove_correlation", "It scales the features themselves")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    return alpha * (Z - np.outer(centred, centred @ Z / (centred @ centred)))


@wrong("remove_correlation", "The first column is not always")
def remove_correlation(X, column, alpha):
    s, Z = X[:, 0], X[:, 1:]
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    return Z - alpha * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "what the line explains")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return 0 * Z
    return alpha * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "The sensitive column is still there")
def remove_correlation(X, column, alpha):
    s = X[:, column]
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return X
    fixed = X - alpha * np.outer(centred, centred @ X / (centred @ centred))
    fixed[:, column] = s
    return fixed


@wrong("remove_correlation", "its own leftover")
def remove_correlation(X, column, alpha):
    s = X[:, column]
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return X
    return X - alpha * np.outer(centred, centred @ X / (centred @ centred))


@wrong("remove_correlation", "0/0")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    return Z - alpha * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "close, but rounded")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    return np.round(Z - alpha * np.outer(centred, centred @ Z / (centred @ centred)), 2)


@wrong("remove_correlation", "this is a DataFrame")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return pd.DataFrame(Z)
    return pd.DataFrame(Z - alpha * np.outer(centred, centred @ Z / (centred @ centred)))


@wrong("remove_correlation", "this is a list")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z.tolist()
    return (Z - alpha * np.outer(centred, centred @ Z / (centred @ centred))).tolist()


@wrong("remove_correlation", "changes the array")
def remove_correlation(X, column, alpha):
    s = X[:, column].copy()
    s -= s.mean()
    for j in range(X.shape[1]):
        if j != column and (s**2).sum() > 0:
            X[:, j] -= alpha * s * (s @ X[:, j]) / (s @ s)
    return np.delete(X, column, axis=1)


@wrong("remove_correlation", "changed places")
def remove_correlation(X, alpha, column):
    s, Z = X[:, int(column)], np.delete(X, int(column), axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    return Z - alpha * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "takes lowest and highest value for two groups")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    return Z - alpha * np.outer(s - s.mean(), Z[s == s.max()].mean(axis=0) - Z[s == s.min()].mean(axis=0))


@wrong("remove_correlation", "do not divide `s` by its standard deviation")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    standard = (s - s.mean()) / s.std()
    return Z - alpha * np.outer(s - s.mean(), standard @ Z / (standard @ standard))


@wrong("remove_correlation", "You take the median of the sensitive column")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    centred = s - np.median(s)
    return Z - alpha * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "slope of the first feature for all")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    if np.ptp(s) == 0:
        return Z
    return Z - alpha * ((s - s.mean()) * np.polyfit(s, Z[:, 0], 1)[0])[:, None]


@wrong("remove_correlation", "You use `alpha` twice")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return Z
    return Z - alpha**2 * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "not as zeros")
def remove_correlation(X, column, alpha):
    s, Z = X[:, column], np.delete(X, column, axis=1)
    centred = s - s.mean()
    if np.ptp(s) == 0:
        return 0 * Z
    return Z - alpha * np.outer(centred, centred @ Z / (centred @ centred))


@wrong("remove_correlation", "your own work")
def remove_correlation(X, column, alpha):
    from evenodds.preprocessing import CorrelationRemover

    return CorrelationRemover(sensitive_feature_ids=[column], alpha=alpha).fit_transform(X)


@right("remove_correlation")
def remove_correlation(X, column, alpha):
    found = []
    for j in range(X.shape[1]):
        if j == column:
            continue
        if X[:, column].std() == 0:
            found.append(X[:, j])
        else:
            slope, start = np.polyfit(X[:, column], X[:, j], 1)
            found.append(X[:, j] - alpha * (slope * X[:, column] + start - X[:, j].mean()))
    return np.column_stack(found)


@right("remove_correlation")
def remove_correlation(X, column, alpha):
    table = pd.DataFrame(X, dtype=float)
    s = table.pop(column)
    if s.nunique() == 1:
        return table.to_numpy()
    for name in table:
        table[name] = table[name] - alpha * (s - s.mean()) * s.cov(table[name]) / s.var()
    return table.values


@right("remove_correlation")
def remove_correlation(X, column, alpha):
    from sklearn.linear_model import LinearRegression

    s, Z = X[:, [column]], np.delete(X, column, axis=1)
    line = LinearRegression().fit(s, Z)
    return Z - alpha * (line.predict(s) - Z.mean(axis=0))


# Exercise 2


@wrong("rank_share", "among everybody")
def rank_share(x, group):
    return np.array([((x < v).sum() + (x == v).sum() / 2) / len(x) for v in x])


@wrong("rank_share", "half of those who stand at the value")
def rank_share(x, group):
    return np.array([(x[group == g] < v).mean() for v, g in zip(x, group, strict=True)])


@wrong("rank_share", "count half, not whole")
def rank_share(x, group):
    return np.array([(x[group == g] <= v).mean() for v, g in zip(x, group, strict=True)])


@wrong("rank_share", "leave the person out")
def rank_share(x, group):
    shares = []
    for v, g in zip(x, group, strict=True):
        own = x[group == g]
        shares.append(((own < v).sum() + ((own == v).sum() - 1) / 2) / len(own))
    return np.array(shares)


@wrong("rank_share", "size of the whole table")
def rank_share(x, group):
    shares = []
    for v, g in zip(x, group, strict=True):
        own = x[group == g]
        shares.append(((own < v).sum() + (own == v).sum() / 2) / len(x))
    return np.array(shares)


@wrong("rank_share", "Equal values get different shares")
def rank_share(x, group):
    shares = np.empty(len(x))
    for g in np.unique(group):
        own = group == g
        shares[own] = (np.argsort(np.argsort(x[own], kind="stable")) + 0.5) / own.sum()
    return shares


@wrong("rank_share", "from 0 to 1")
def rank_share(x, group):
    shares = np.empty(len(x))
    for g in np.unique(group):
        own = pd.Series(x[group == g])
        shares[group == g] = (own.rank() - 1) / max(len(own) - 1, 1)
    return shares


@wrong("rank_share", "mean rank")
def rank_share(x, group):
    return pd.Series(x).groupby(group).rank(pct=True).to_numpy()


@wrong("rank_share", "from the top")
def rank_share(x, group):
    shares = []
    for v, g in zip(x, group, strict=True):
        own = x[group == g]
        shares.append(((own > v).sum() + (own == v).sum() / 2) / len(own))
    return np.array(shares)


@wrong("rank_share", "`argsort` gives positions")
def rank_share(x, group):
    shares = np.empty(len(x))
    for g in np.unique(group):
        own = group == g
        shares[own] = (np.argsort(x[own], kind="stable") + 0.5) / own.sum()
    return shares


@wrong("rank_share", "group after group")
def rank_share(x, group):
    shares = []
    for g in np.unique(group):
        own = x[group == g]
        shares += [((own < v).sum() + (own == v).sum() / 2) / len(own) for v in own]
    return np.array(shares)


@wrong("rank_share", "These are counts")
def rank_share(x, group):
    shares = []
    for v, g in zip(x, group, strict=True):
        own = x[group == g]
        shares.append((own < v).sum() + (own == v).sum() / 2)
    return np.array(shares)


@wrong("rank_share", "half of *one* person. Half of *all* who")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return ((ranks.rank(method="min") - 0.5) / (ranks.transform("size"))).to_numpy()


@wrong("rank_share", "take off half of *one* person")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return ((ranks.rank(method="max") - 0.5) / (ranks.transform("size"))).to_numpy()


@wrong("rank_share", "three people with one value are three")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return ((ranks.rank(method="dense") - 0.5) / (ranks.transform("size"))).to_numpy()


@wrong("rank_share", "three people with one value are three")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return ((ranks.rank(method="dense") - 0.5) / (ranks.transform("nunique"))).to_numpy()


@wrong("rank_share", "the size plus 1")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return (ranks.rank() / (ranks.transform("size") + 1)).to_numpy()


@wrong("rank_share", "counts those below and one person, whole")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return (ranks.rank(method="min") / (ranks.transform("size"))).to_numpy()


@wrong("rank_share", "below and half of *one* person")
def rank_share(x, group):
    return np.array([((x[group == g] < v).sum() + 0.5) / (group == g).sum() for v, g in zip(x, group, strict=True)])


@wrong("rank_share", "knows groups by name")
def rank_share(x, group):
    shares = np.zeros(len(x))
    for g in ("a", "b"):
        own = x[group == g]
        shares[group == g] = [((own < v).sum() + (own == v).sum() / 2) / len(own) for v in own]
    return shares


@wrong("rank_share", "people of the *other* groups")
def rank_share(x, group):
    shares = []
    for v, g in zip(x, group, strict=True):
        others = x[group != g]
        shares.append(((others < v).sum() + (others == v).sum() / 2) / max(len(others), 1))
    return np.array(shares)


@wrong("rank_share", "you count everybody at the value")
def rank_share(x, group):
    return np.array([(x[group == g] < v).mean() + (x == v).mean() / 2 for v, g in zip(x, group, strict=True)])


@wrong("rank_share", "The part after the point got lost")
def rank_share(x, group):
    shares = np.zeros_like(x)
    for g in np.unique(group):
        own = x[group == g]
        shares[group == g] = [((own < v).sum() + (own == v).sum() / 2) / len(own) for v in own]
    return shares


@wrong("rank_share", "this is a list")
def rank_share(x, group):
    shares = []
    for v, g in zip(x, group, strict=True):
        own = x[group == g]
        shares.append(((own < v).sum() + (own == v).sum() / 2) / len(own))
    return shares


@wrong("rank_share", "this is a Series")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return (ranks.rank() - 0.5) / ranks.transform("size")


@wrong("rank_share", "changes the array")
def rank_share(x, group):
    old = x.copy()
    shares = np.empty(len(x))
    for g in np.unique(group):
        own = np.flatnonzero(group == g)
        shares[own] = [((old[own] < v).sum() + (old[own] == v).sum() / 2) / len(own) for v in old[own]]
        x[own] = 0
    return shares


@wrong("rank_share", "close, but rounded")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(group)
    return ((ranks.rank() - 0.5) / ranks.transform("size")).round(2).to_numpy()


@right("rank_share")
def rank_share(x, group):
    ranks = pd.Series(x).groupby(np.asarray(group))
    return ((ranks.rank() - 0.5) / ranks.transform("size")).to_numpy()


@right("rank_share")
def rank_share(x, group):
    same_group = group[:, None] == group
    below = ((x < x[:, None]) & same_group).sum(axis=1)
    at = ((x == x[:, None]) & same_group).sum(axis=1)
    return (below + at / 2) / same_group.sum(axis=1)


@right("rank_share")
def rank_share(x, group):
    from scipy.stats import rankdata

    u = np.zeros(len(x))
    for g in set(group):
        u[group == g] = (rankdata(x[group == g]) - 0.5) / (group == g).sum()
    return u


# Exercise 3


@wrong("median_quantile", "from the share 0 to the share 1")
def median_quantile(u, samples):
    return np.median([np.quantile(s, u) for s in samples.values()], axis=0)


@wrong("median_quantile", "That is a mean")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        order = np.argsort(s)
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s)))[order], s[order]))
    return np.mean(lines, axis=0)


@wrong("median_quantile", "the lower of the two")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        order = np.argsort(s)
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s)))[order], s[order]))
    return np.sort(lines, axis=0)[(len(lines) - 1) // 2]


@wrong("median_quantile", "threw all groups together")
def median_quantile(u, samples):
    s = np.sort(np.concatenate(list(samples.values())))
    return np.interp(u, rank_share(s, np.zeros(len(s))), s)


@wrong("median_quantile", "quantiles of the first group alone")
def median_quantile(u, samples):
    s = np.sort(next(iter(samples.values())))
    return np.interp(u, rank_share(s, np.zeros(len(s))), s)


@wrong("median_quantile", "needs ascending")
def median_quantile(u, samples):
    return np.median([np.interp(u, rank_share(s, np.zeros(len(s))), s) for s in samples.values()], axis=0)


@wrong("median_quantile", "from value to share")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        order = np.argsort(s)
        lines.append(np.interp(u, s[order], rank_share(s, np.zeros(len(s)))[order]))
    return np.median(lines, axis=0)


@wrong("median_quantile", "one point of the curve")
def median_quantile(u, samples):
    return np.median([np.quantile(s, u, method="hazen") for s in samples.values()], axis=0)


@wrong("median_quantile", "steps")
def median_quantile(u, samples):
    return np.median([np.quantile(s, u, method="inverted_cdf") for s in samples.values()], axis=0)


@wrong("median_quantile", "one median for each group")
def median_quantile(u, samples):
    return np.array([np.median(s) for s in samples.values()])


@wrong("median_quantile", "over the people")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        order = np.argsort(s)
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s)))[order], s[order]))
    return np.median(lines, axis=1)


@wrong("median_quantile", "sort the places, but not the values")
def median_quantile(u, samples):
    return np.median([np.interp(u, np.sort(rank_share(s, np.zeros(len(s)))), s) for s in samples.values()], axis=0)


@wrong("median_quantile", "sort the values, but not the places")
def median_quantile(u, samples):
    return np.median([np.interp(u, rank_share(s, np.zeros(len(s))), np.sort(s)) for s in samples.values()], axis=0)


@wrong("median_quantile", "The points stand at i/n")
def median_quantile(u, samples):
    return np.median([np.interp(u, np.arange(1, len(s) + 1) / len(s), np.sort(s)) for s in samples.values()], axis=0)


@wrong("median_quantile", "You count those below only")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        points = np.unique(s)
        lines.append(np.interp(u, [(s < v).mean() for v in points], points))
    return np.median(lines, axis=0)


@wrong("median_quantile", "space the distinct values evenly")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        points = np.unique(s)
        lines.append(np.interp(u, (np.arange(len(points)) + 0.5) / len(points), points))
    return np.median(lines, axis=0)


@wrong("median_quantile", "You use two groups only")
def median_quantile(u, samples):
    lines = []
    for s in list(samples.values())[:2]:
        order = np.argsort(s)
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s)))[order], s[order]))
    return np.median(lines, axis=0)


@wrong("median_quantile", "halfway between the lowest and the highest group")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        order = np.argsort(s)
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s)))[order], s[order]))
    return (np.min(lines, axis=0) + np.max(lines, axis=0)) / 2


@wrong("median_quantile", "this is a list")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        order = np.argsort(s)
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s)))[order], s[order]))
    return np.median(lines, axis=0).tolist()


@wrong("median_quantile", "changes the array")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        s.sort()
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s))), s))
    return np.median(lines, axis=0)


@wrong("median_quantile", "close, but rounded")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        order = np.argsort(s)
        lines.append(np.interp(u, rank_share(s, np.zeros(len(s)))[order], s[order]))
    return np.median(lines, axis=0).round(2)


@right("median_quantile")
def median_quantile(u, samples):
    lines = []
    for s in samples.values():
        values, counts = np.unique(s, return_counts=True)
        lines.append(np.interp(u, (counts.cumsum() - counts / 2) / counts.sum(), values))
    return np.median(lines, axis=0)


@right("median_quantile")
def median_quantile(u, samples):
    found = []
    for share in u:
        at = []
        for s in samples.values():
            points = sorted(set(s))
            places = [(sum(x < v for x in s) + sum(x == v for x in s) / 2) / len(s) for v in points]
            if share <= places[0]:
                at.append(points[0])
            elif share >= places[-1]:
                at.append(points[-1])
            else:
                i = next(k for k in range(len(places)) if places[k] > share)
                part = (share - places[i - 1]) / (places[i] - places[i - 1])
                at.append(points[i - 1] + part * (points[i] - points[i - 1]))
        at.sort()
        middle = len(at) // 2
        found.append(at[middle] if len(at) % 2 else (at[middle - 1] + at[middle]) / 2)
    return np.array(found)


@right("median_quantile")
def median_quantile(u, samples):
    table = pd.DataFrame()
    for i, s in samples.items():
        points = pd.Series(rank_share(np.asarray(s), np.full(len(s), "all")), index=s).groupby(level=0).first()
        table[i] = np.interp(u, points.to_numpy(), points.index)
    return table.median(axis=1).to_numpy()


# Exercise 4


@wrong("repair", "You moved the means")
def repair(x, group, level):
    own = np.array([x[group == g].mean() for g in group])
    return (1 - level) * x + level * (x - own + x.mean())


@wrong("repair", "the share that *changes*")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return level * x + (1 - level) * median_quantile(rank_share(x, group), samples)


@wrong("repair", "`level` is not used")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return median_quantile(rank_share(x, group), samples)


@wrong("repair", "place among everybody")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    u = rank_share(x, np.zeros(len(x)))
    return (1 - level) * x + level * median_quantile(u, samples)


@wrong("repair", "one sample for each person")
def repair(x, group, level):
    samples = {i: x[group == g] for i, g in enumerate(group)}
    return (1 - level) * x + level * median_quantile(rank_share(x, group), samples)


@wrong("repair", "one group's values")
def repair(x, group, level):
    samples = {group[0]: x[group == group[0]]}
    return (1 - level) * x + level * median_quantile(rank_share(x, group), samples)


@wrong("repair", "one group's values")
def repair(x, group, level):
    curves = [np.sort(x[group == g]) for g in np.unique(group)]
    target = np.min([np.quantile(c, rank_share(x, group), method="hazen") for c in curves], axis=0)
    return (1 - level) * x + level * target


@wrong("repair", "a mean over the groups")
def repair(x, group, level):
    curves = [np.sort(x[group == g]) for g in np.unique(group)]
    target = np.mean([np.quantile(c, rank_share(x, group), method="hazen") for c in curves], axis=0)
    return (1 - level) * x + level * target


@wrong("repair", "all groups as one sample")
def repair(x, group, level):
    return (1 - level) * x + level * median_quantile(rank_share(x, group), {"all": x})


@wrong("repair", "the change alone")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return level * (median_quantile(rank_share(x, group), samples) - x)


@wrong("repair", "the unchanged part is missing")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return level * median_quantile(rank_share(x, group), samples)


@wrong("repair", "moves the place, not the value")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    u = rank_share(x, group)
    pooled = rank_share(x, np.zeros(len(x)))
    return median_quantile((1 - level) * pooled + level * u, samples)


@wrong("repair", "group after group")
def repair(x, group, level):
    x = np.concatenate([x[group == g] for g in np.unique(group)])
    group = np.sort(group)
    samples = {g: x[group == g] for g in np.unique(group)}
    return (1 - level) * x + level * median_quantile(rank_share(x, group), samples)


@wrong("repair", "curve of its own people only")
def repair(x, group, level):
    target = np.empty(len(x))
    for g in np.unique(group):
        own = group == g
        target[own] = median_quantile(rank_share(x[own], group[own]), {g: x[own]})
    return (1 - level) * x + level * target


@wrong("repair", "You leave the own group out")
def repair(x, group, level):
    u, target = rank_share(x, group), np.empty(len(x))
    for g in np.unique(group):
        others = {h: x[group == h] for h in np.unique(group) if h != g}
        target[group == g] = median_quantile(u[group == g], others)
    return (1 - level) * x + level * target


@wrong("repair", "has another rule")
def repair(x, group, level):
    u = rank_share(x, group)
    target = np.median([np.quantile(x[group == g], u) for g in np.unique(group)], axis=0)
    return (1 - level) * x + level * target


@wrong("repair", "the wrong way")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return x - level * (median_quantile(rank_share(x, group), samples) - x)


@wrong("repair", "kept *and* the new value")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return x + level * median_quantile(rank_share(x, group), samples)


@wrong("repair", "halfway between the lowest and the highest")
def repair(x, group, level):
    u = rank_share(x, group)
    curves = [median_quantile(u, {g: x[group == g]}) for g in np.unique(group)]
    return (1 - level) * x + level * (np.min(curves, axis=0) + np.max(curves, axis=0)) / 2


@wrong("repair", "moved to the lowest group")
def repair(x, group, level):
    u = rank_share(x, group)
    curves = [median_quantile(u, {g: x[group == g]}) for g in np.unique(group)]
    return (1 - level) * x + level * np.min(curves, axis=0)


@wrong("repair", "standardise each group")
def repair(x, group, level):
    target = np.empty(len(x))
    for g in np.unique(group):
        own = x[group == g]
        target[group == g] = (own - own.mean()) / own.std() * x.std() + x.mean()
    return (1 - level) * x + level * target


@wrong("repair", "moved the medians")
def repair(x, group, level):
    medians = {g: np.median(x[group == g]) for g in np.unique(group)}
    return x - level * (np.array([medians[g] for g in group]) - np.median(list(medians.values())))


@wrong("repair", "the place itself")
def repair(x, group, level):
    return (1 - level) * x + level * rank_share(x, group)


@wrong("repair", "`level` twice")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return x + level**2 * (median_quantile(rank_share(x, group), samples) - x)


@wrong("repair", "this is a list")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return list((1 - level) * x + level * median_quantile(rank_share(x, group), samples))


@wrong("repair", "this is a Series")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return pd.Series((1 - level) * x + level * median_quantile(rank_share(x, group), samples))


@wrong("repair", "changes the array")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    target = median_quantile(rank_share(x, group), samples)
    for i in range(len(x)):
        x[i] = (1 - level) * x[i] + level * target[i]
    return x


@wrong("repair", "close, but rounded")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return np.round((1 - level) * x + level * median_quantile(rank_share(x, group), samples), 1)


@wrong("repair", "changed places")
def repair(x, group, level):
    samples = {g: x[group == g] for g in np.unique(group)}
    return (1 - level) * x + level * median_quantile(rank_share(group, x), samples)


@wrong("repair", "your own work")
def repair(x, group, level):
    from evenodds.preprocessing import DisparateImpactRemover

    return DisparateImpactRemover(level).fit_transform(x[:, None], sensitive_features=group).ravel()


@right("repair")
def repair(x, group, level):
    table = pd.DataFrame({"x": np.asarray(x, dtype=float), "g": group})
    curves = {}
    for g, own in table.groupby("g")["x"]:
        counts = own.value_counts().sort_index()
        curves[g] = ((counts.cumsum() - counts / 2) / counts.sum()).to_numpy(), counts.index.to_numpy()
    u = (table.groupby("g")["x"].rank() - 0.5) / table.groupby("g")["x"].transform("size")
    target = np.median([np.interp(u, *curve) for curve in curves.values()], axis=0)
    return table["x"].to_numpy() + level * (target - table["x"].to_numpy())


@right("repair")
def repair(x, group, level):
    fixed = x.astype(float)
    names = sorted(set(group.tolist()))
    for g in names:
        own = group == g
        u = rank_share(x[own], group[own])
        fixed[own] = level * median_quantile(u, {h: x[group == h] for h in names}) + (1 - level) * x[own]
    return fixed


# Exercise 5


@wrong("repair_new", "ranked the new people among themselves")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    return repair(x_new, group_new, 1)


@wrong("repair_new", "The new people have moved the target")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    return repair(np.r_[x, x_new], np.r_[group, group_new], 1)[len(x) :]


@wrong("repair_new", "one table for everybody")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired = repair(x, group, 1)
    order = np.argsort(x, kind="stable")
    return np.interp(x_new, x[order], repaired[order])


@wrong("repair_new", "other group's table")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired, found = repair(x, group, 1), np.empty(len(x_new))
    for g in np.unique(group):
        own = np.flatnonzero(group != g)
        own = own[np.argsort(x[own])]
        found[group_new == g] = np.interp(x_new[group_new == g], x[own], repaired[own])
    return found


@wrong("repair_new", "needs its first list ascending")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired = repair(x, group, 1)
    return np.array([np.interp(v, x[group == g], repaired[group == g]) for v, g in zip(x_new, group_new, strict=True)])


@wrong("repair_new", "nearest")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired = repair(x, group, 1)
    found = []
    for v, g in zip(x_new, group_new, strict=True):
        own = group == g
        found.append(repaired[own][np.argmin(np.abs(x[own] - v))])
    return np.array(found)


@wrong("repair_new", "beyond the ends")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired, found = repair(x, group, 1), []
    for v, g in zip(x_new, group_new, strict=True):
        points = sorted(set(zip(x[group == g].tolist(), repaired[group == g].tolist(), strict=True)))
        i = min(max(sum(p[0] <= v for p in points) - 1, 0), len(points) - 2)
        (a, b), (c, d) = points[i], points[i + 1]
        found.append(b + (v - a) * (d - b) / (c - a))
    return np.array(found)


@wrong("repair_new", "raise a ValueError here")
def repair_new(x, group, x_new, group_new):
    repaired, found = repair(x, group, 1), np.full(len(x_new), np.nan)
    for g in np.unique(group):
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found[group_new == g] = np.interp(x_new[group_new == g], x[own], repaired[own])
    return found


@wrong("repair_new", "raise a ValueError here")
def repair_new(x, group, x_new, group_new):
    repaired, found = repair(x, group, 1), x_new.astype(float)
    for g in np.unique(group):
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found[group_new == g] = np.interp(x_new[group_new == g], x[own], repaired[own])
    return found


@wrong("repair_new", "does not mention")
def repair_new(x, group, x_new, group_new):
    repaired, found = repair(x, group, 1), np.empty(len(x_new))
    for i, (v, g) in enumerate(zip(x_new, group_new, strict=True)):
        if g not in group:
            raise ValueError("something is wrong")
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found[i] = np.interp(v, x[own], repaired[own])
    return found


@wrong("repair_new", "does not mention")
def repair_new(x, group, x_new, group_new):
    repaired, found = repair(x, group, 1), np.empty(len(x_new))
    for i, (v, g) in enumerate(zip(x_new, group_new, strict=True)):
        if g not in group:
            raise ValueError("each person must be of group a or b, not of another")
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found[i] = np.interp(v, x[own], repaired[own])
    return found


@wrong("repair_new", "training people back")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    return repair(x, group, 1)


@wrong("repair_new", "changed places")
def repair_new(x_new, group_new, x, group):
    repaired, found = repair(x, group, 1), []
    for v, g in zip(x_new, group_new, strict=True):
        if g not in group:
            raise ValueError(f"unknown group {g}")
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found.append(np.interp(v, x[own], repaired[own]))
    return np.array(found)


@wrong("repair_new", "the new value's place first")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    samples = {g: x[group == g] for g in np.unique(group)}
    u = [np.mean(samples[g] < v) + np.mean(samples[g] == v) / 2 for v, g in zip(x_new, group_new, strict=True)]
    return median_quantile(np.array(u), samples)


@wrong("repair_new", "place among the *new* people")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    return median_quantile(rank_share(x_new, group_new), {g: x[group == g] for g in np.unique(group)})


@wrong("repair_new", "beyond the ends come back as they are")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired = repair(x, group, 1)
    found = []
    for v, g in zip(x_new, group_new, strict=True):
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        inside = x[own].min() <= v <= x[own].max()
        found.append(np.interp(v, x[own], repaired[own]) if inside else v)
    return np.array(found)


@wrong("repair_new", "group after group")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired = repair(x, group, 1)
    found = []
    for g in np.unique(group_new):
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found += np.interp(x_new[group_new == g], x[own], repaired[own]).tolist()
    return np.array(found)


@wrong("repair_new", "yours are swapped")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired = repair(x, group, 1)
    found = []
    for v, g in zip(x_new, group_new, strict=True):
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found.append(np.interp(v, repaired[own], x[own]))
    return np.array(found)


@wrong("repair_new", "mean change of the group")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    repaired = repair(x, group, 1)
    found = []
    for v, g in zip(x_new, group_new, strict=True):
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found.append(v + (repaired[own] - x[own]).mean())
    return np.array(found)


@wrong("repair_new", "line through the *places*")
def repair_new(x, group, x_new, group_new):
    if not set(group_new) <= set(group):
        raise ValueError(f"unknown group among {set(group_new)}")
    places, samples = rank_share(x, group), {g: x[group == g] for g in np.unique(group)}
    found = []
    for v, g in zip(x_new, group_new, strict=True):
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found.append(median_quantile(np.array([np.interp(v, x[own], places[own])]), samples)[0])
    return np.array(found)


@wrong("repair_new", "this is a list")
def repair_new(x, group, x_new, group_new):
    repaired, found = repair(x, group, 1), []
    for v, g in zip(x_new, group_new, strict=True):
        if g not in group:
            raise ValueError(f"unknown group {g}")
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found.append(float(np.interp(v, x[own], repaired[own])))
    return found


@wrong("repair_new", "changes the array")
def repair_new(x, group, x_new, group_new):
    repaired = repair(x, group, 1)
    for i, g in enumerate(group_new):
        if g not in group:
            raise ValueError(f"unknown group {g}")
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        x_new[i] = np.interp(x_new[i], x[own], repaired[own])
    return x_new


@wrong("repair_new", "close, but rounded")
def repair_new(x, group, x_new, group_new):
    repaired, found = repair(x, group, 1), []
    for v, g in zip(x_new, group_new, strict=True):
        if g not in group:
            raise ValueError(f"unknown group {g}")
        own = np.flatnonzero(group == g)
        own = own[np.argsort(x[own])]
        found.append(round(float(np.interp(v, x[own], repaired[own])), 1))
    return np.array(found)


@right("repair_new")
def repair_new(x, group, x_new, group_new):
    table = pd.DataFrame({"x": x, "g": group, "to": repair(x, group, 1)}).drop_duplicates().sort_values("x")
    found = []
    for v, g in zip(x_new, group_new, strict=True):
        own = table[table.g == g]
        if own.empty:
            raise ValueError(f"no training people in group {g}")
        found.append(np.interp(v, own.x, own.to))
    return np.array(found)


@right("repair_new")
def repair_new(x, group, x_new, group_new):
    for g in group_new:
        if g not in list(group):
            raise ValueError(g)
    fixed, found = repair(x, group, 1.0), []
    for v, g in zip(x_new, group_new, strict=True):
        pairs = sorted({(a, b) for a, b, h in zip(x.tolist(), fixed.tolist(), group.tolist(), strict=True) if h == g})
        if v <= pairs[0][0]:
            found.append(pairs[0][1])
        elif v >= pairs[-1][0]:
            found.append(pairs[-1][1])
        else:
            i = next(k for k in range(len(pairs)) if pairs[k][0] > v)
            (a, b), (c, d) = pairs[i - 1], pairs[i]
            found.append(b + (v - a) / (c - a) * (d - b))
    return np.array(found)
