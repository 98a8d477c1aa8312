"""Answers to lesson 11 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd
from scipy.special import expit as sigmoid

from coursekit.answers import right, wrong

# Exercise 1


@wrong("score_gap", "Turned round")
def score_gap(p, member, among):
    a, b = p[among & (member == 1)], p[among & (member == 0)]
    return b.mean() - a.mean() if len(a) and len(b) else float("nan")


@wrong("score_gap", "`among` is forgotten")
def score_gap(p, member, among):
    return p[member == 1].mean() - p[member == 0].mean()


@wrong("score_gap", "Each mean has its own denominator")
def score_gap(p, member, among):
    a, b = among & (member == 1), among & (member == 0)
    if not a.any() or not b.any():
        return float("nan")
    return (p * a).sum() / len(p) - (p * b).sum() / len(p)


@wrong("score_gap", "its own denominator")
def score_gap(p, member, among):
    a, b = member == 1, member == 0
    if not (among & a).any() or not (among & b).any():
        return float("nan")
    return (p * among)[a].mean() - (p * among)[b].mean()


@wrong("score_gap", "You thresholded")
def score_gap(p, member, among):
    d = (p > 0.5).astype(float)
    a, b = d[among & (member == 1)], d[among & (member == 0)]
    return a.mean() - b.mean() if len(a) and len(b) else float("nan")


@wrong("score_gap", "unknown")
def score_gap(p, member, among):
    a, b = p[among & (member == 1)], p[among & (member == 0)]
    return a.mean() - b.mean() if len(a) and len(b) else 0.0


@wrong("score_gap", "That is squared")
def score_gap(p, member, among):
    a, b = p[among & (member == 1)], p[among & (member == 0)]
    return (a.mean() - b.mean()) ** 2 if len(a) and len(b) else float("nan")


@wrong("score_gap", "Those are sums")
def score_gap(p, member, among):
    a, b = p[among & (member == 1)], p[among & (member == 0)]
    return a.sum() - b.sum() if len(a) and len(b) else float("nan")


@wrong("score_gap", "changed places")
def score_gap(member, p, among):
    a, b = p[among & (member == 1)], p[among & (member == 0)]
    return a.mean() - b.mean() if len(a) and len(b) else float("nan")


@wrong("score_gap", "rounded")
def score_gap(p, member, among):
    a, b = p[among & (member == 1)], p[among & (member == 0)]
    return round(a.mean() - b.mean(), 2) if len(a) and len(b) else float("nan")


@wrong("score_gap", "One number was expected")
def score_gap(p, member, among):
    return pd.Series(p[among]).groupby(member[among]).mean()


@wrong("score_gap", "your own work")
def score_gap(p, member, among):
    from evenodds.inprocessing import mean_scores

    means = mean_scores(p, sensitive_features=member, among=among)
    return means[1] - means[0]


@right("score_gap")
def score_gap(p, member, among):
    totals, counts = [0.0, 0.0], [0, 0]
    for score, m, counts_here in zip(p, member, among, strict=True):
        if counts_here:
            totals[m] += score
            counts[m] += 1
    if 0 in counts:
        return float("nan")
    return totals[1] / counts[1] - totals[0] / counts[0]


@right("score_gap")
def score_gap(p, member, among):
    means = pd.Series(p)[among].groupby(pd.Series(member)[among]).mean().reindex([0, 1])
    return means[1] - means[0]


@wrong("score_gap", "0.6 is not")
def score_gap(p, member, among):
    return p[(member == 1) & among].mean() - p[member == 0].mean()


@wrong("score_gap", "0.4 is not")
def score_gap(p, member, among):
    return p[member == 1].mean() - p[(member == 0) & among].mean()


@wrong("score_gap", "0.6 is not")
def score_gap(p, member, among):
    return p[member == 1 & among].mean() - p[member == 0 & among].mean()


@wrong("score_gap", "`~` makes −1 and −2")
def score_gap(p, member, among):
    return p[member.astype(bool) & among].mean() - p[~member & among].mean()


@wrong("score_gap", "used as positions")
def score_gap(p, member, among):
    return p[member].mean() - p[1 - member].mean()


@wrong("score_gap", "medians")
def score_gap(p, member, among):
    return np.median(p[(member == 1) & among]) - np.median(p[(member == 0) & among])


@wrong("score_gap", "changes the array")
def score_gap(p, member, among):
    p *= among
    return p[(member == 1) & among].mean() - p[(member == 0) & among].mean()


# Exercise 2


@wrong("penalised_loss", "square it")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + weight * score_gap(p, member, among)


@wrong("penalised_loss", "gap's size")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + weight * abs(score_gap(p, member, among))


@wrong("penalised_loss", "gap is one of decisions")
def penalised_loss(p, y, member, among, weight):
    d = (p > 0.5).astype(float)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + weight * score_gap(d, member, among) ** 2


@wrong("penalised_loss", "λ multiplies the penalty")
def penalised_loss(p, y, member, among, weight):
    return -weight * np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + score_gap(p, member, among) ** 2


@wrong("penalised_loss", "λ is missing")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + score_gap(p, member, among) ** 2


@wrong("penalised_loss", "you summed")
def penalised_loss(p, y, member, among, weight):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "*minus* its mean")
def penalised_loss(p, y, member, among, weight):
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "For y = 0 it is")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(y * np.log(p)) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "natural logarithm")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log2(np.where(y == 1, p, 1 - p))) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "compares other people")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * score_gap(p, member, among | True) ** 2


@wrong("penalised_loss", "penalty is *added*")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) - weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "squared λ too")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + (weight * score_gap(p, member, among)) ** 2


@wrong("penalised_loss", "mean squared error")
def penalised_loss(p, y, member, among, weight):
    return np.mean((p - y) ** 2) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "log loss is over everybody")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))[among]) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "your own work")
def penalised_loss(p, y, member, among, weight):
    from sklearn.metrics import log_loss

    return log_loss(y, p, labels=[0, 1]) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "your own work")
def penalised_loss(p, y, member, among, weight):
    from evenodds.inprocessing import penalised_log_loss

    z = np.log(p / (1 - p))
    return penalised_log_loss(z, y, sensitive_features=member, among=among, penalty_weight=weight)[0]


@right("penalised_loss")
def penalised_loss(p, y, member, among, weight):
    error = 0.0
    for score, label in zip(p, y, strict=True):
        error -= np.log(score) if label == 1 else np.log(1 - score)
    inside = [s for s, m, a in zip(p, member, among, strict=True) if a and m == 1]
    outside = [s for s, m, a in zip(p, member, among, strict=True) if a and m == 0]
    gap = sum(inside) / len(inside) - sum(outside) / len(outside)
    return error / len(p) + weight * gap * gap


@right("penalised_loss")
def penalised_loss(p, y, member, among, weight):
    table = pd.DataFrame({"p": p, "m": member})[among]
    happened = abs(p - (1 - y))
    return -sum(np.log(happened)) / len(y) + weight * table.groupby("m")["p"].mean().diff().iloc[-1] ** 2


@wrong("penalised_loss", "changed places")
def penalised_loss(y, p, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "You add two means")
def penalised_loss(p, y, member, among, weight):
    error = -np.log(p[y == 1]).mean() - np.log(1 - p[y == 0]).mean()
    return error + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "A sign or a bracket")
def penalised_loss(p, y, member, among, weight):
    return np.mean(-y * np.log(p) - 1 - y * np.log(1 - p)) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "A sign or a bracket")
def penalised_loss(p, y, member, among, weight):
    return np.mean(-y * np.log(p) + (1 - y) * np.log(1 - p)) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "without ½")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight / 2 * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "λ multiplies the penalty only")
def penalised_loss(p, y, member, among, weight):
    return (1 - weight) * -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "divide the penalty by n")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * score_gap(p, member, among) ** 2 / len(p)


@wrong("penalised_loss", "one of sums")
def penalised_loss(p, y, member, among, weight):
    gap = p[(member == 1) & among].sum() - p[(member == 0) & among].sum()
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * gap**2


@wrong("penalised_loss", "a fixed number")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + 3 * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "one of labels")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * score_gap(y, member, among) ** 2


@wrong("penalised_loss", "whichever side is ahead")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * max(0, score_gap(p, member, among)) ** 2


@wrong("penalised_loss", "whichever side is ahead")
def penalised_loss(p, y, member, among, weight):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p))) + weight * max(0, -score_gap(p, member, among)) ** 2


@wrong("penalised_loss", "not the probability of what happened")
def penalised_loss(p, y, member, among, weight):
    p = np.where(y == 1, p, 1 - p)
    return -np.mean(np.log(p)) + weight * score_gap(p, member, among) ** 2


@wrong("penalised_loss", "changes the array")
def penalised_loss(p, y, member, among, weight):
    gap = score_gap(p, member, among)
    p[y == 0] = 1 - p[y == 0]
    return -np.mean(np.log(p)) + weight * gap**2


# Exercise 3


@wrong("penalised_gradient", "changed places")
def penalised_gradient(theta, X, member, y, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "A 2 is missing")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "gap itself is missing")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * d


@wrong("penalised_gradient", "The gap is squared")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + weight * d


@wrong("penalised_gradient", "p (1 − p) is missing")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    d = X[among & (member == 1)].mean(axis=0) - X[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "The sigmoid's slope is p (1 − p)")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = p[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "divide by n")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "it is p − y")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (y - p) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "penalty's slope is missing")
def penalised_gradient(theta, X, y, member, among, weight):
    return X.T @ (sigmoid(X @ theta) - y) / len(y)


@wrong("penalised_gradient", "log loss's slope is missing")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "the wrong sign. It is *added*")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) - 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "λ is missing")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * score_gap(p, member, among) * d


@wrong("penalised_gradient", "not the log loss")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return weight * X.T @ (p - y) / len(y) + 2 * score_gap(p, member, among) * d


@wrong("penalised_gradient", "means over their own side")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = (s[among & (member == 1)].sum(axis=0) - s[among & (member == 0)].sum(axis=0)) / len(y)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "d₁ *minus* d₀")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) + s[among & (member == 0)].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "takes everybody")
def penalised_gradient(theta, X, y, member, among, weight):
    p, everyone = sigmoid(X @ theta), among | True
    s = (p * (1 - p))[:, None] * X
    d = s[member == 1].mean(axis=0) - s[member == 0].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, everyone) * d


@wrong("penalised_gradient", "first part is over everybody")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return X[among].T @ (p - y)[among] / among.sum() + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "changes the array")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    error = X.T @ (p - y) / len(y)
    X = X.astype(float) if X.dtype.kind == "i" else X
    theta *= 1.0
    theta += 1e-3
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return error + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "One NumPy array of shape (2,) was asked for; this is of type Series")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    s = (p * (1 - p))[:, None] * X
    d = s[among & (member == 1)].mean(axis=0) - s[among & (member == 0)].mean(axis=0)
    return pd.Series(X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d)


@wrong("penalised_gradient", "your own work")
def penalised_gradient(theta, X, y, member, among, weight):
    from evenodds.inprocessing import penalised_log_loss

    options = {"sensitive_features": member, "among": among, "penalty_weight": weight}
    return X.T @ penalised_log_loss(X @ theta, y, **options)[1]


@right("penalised_gradient")
def penalised_gradient(theta, X, y, member, among, weight):
    n, d = X.shape
    p = [1 / (1 + np.exp(-sum(X[i, k] * theta[k] for k in range(d)))) for i in range(n)]
    sides = [[i for i in range(n) if among[i] and member[i] == m] for m in (0, 1)]
    gap = sum(p[i] for i in sides[1]) / len(sides[1]) - sum(p[i] for i in sides[0]) / len(sides[0])
    slope = np.zeros(d)
    for k in range(d):
        slope[k] = sum((p[i] - y[i]) * X[i, k] for i in range(n)) / n
        for sign, side in ((-1, sides[0]), (1, sides[1])):
            slope[k] += 2 * weight * gap * sign * sum(p[i] * (1 - p[i]) * X[i, k] for i in side) / len(side)
    return slope


@right("penalised_gradient")
def penalised_gradient(theta, X, y, member, among, weight):
    z = np.asarray(X, dtype=float).dot(theta)
    p = sigmoid(z)
    share = np.where(member == 1, 1.0, -1.0) * among
    share = share / np.where(member == 1, (among & (member == 1)).sum(), (among & (member == 0)).sum())
    by_score = (p - y) / len(y) + 2 * weight * (share @ p) * share * p * (1 - p)
    return by_score @ X


@wrong("penalised_gradient", "not sums, nor divided")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].sum(axis=0) - s[rest].sum(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "`axis=0`")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean() - s[rest].mean()
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "stands in the slope once, not squared")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) ** 2 * d


@wrong("penalised_gradient", "λ stands in the slope once")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight**2 * score_gap(p, member, among) * d


@wrong("penalised_gradient", "d₀ is missing")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one = among & (member == 1)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "the wrong sign. It is *added*")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[rest].mean(axis=0) - s[one].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "the gap keeps its sign")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * abs(score_gap(p, member, among)) * d


@wrong("penalised_gradient", "takes everybody")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among | True) * d


@wrong("penalised_gradient", "takes everybody")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    _one = among & (member == 1)
    s = (p * (1 - p))[:, None] * X
    d = s[member == 1].mean(axis=0) - s[member == 0].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "The sigmoid's slope is p (1 − p)")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (1 - p)[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "of the mean score")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = X
    a, b = p[one].mean(), p[rest].mean()
    d = a * (1 - a) * s[one].mean(axis=0) - b * (1 - b) * s[rest].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "multiplied by the person's x")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return np.mean(p - y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "number of columns")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return X.T @ (p - y) / X.shape[1] + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "squared error")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return s.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "you work with X @ theta itself")
def penalised_gradient(theta, X, y, member, among, weight):
    p = X @ theta
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d


@wrong("penalised_gradient", "an array of shape (2, 1)")
def penalised_gradient(theta, X, y, member, among, weight):
    p = sigmoid(X @ theta)
    one, rest = among & (member == 1), among & (member == 0)
    s = (p * (1 - p))[:, None] * X
    d = s[one].mean(axis=0) - s[rest].mean(axis=0)
    return (X.T @ (p - y) / len(y) + 2 * weight * score_gap(p, member, among) * d)[:, None]


# Exercise 4


@wrong("price_path", "Gap *minus* bound, with its sign")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] - rate * (gap_at(minimise(prices[-1])) - bound)))
    return prices


@wrong("price_path", "A price below 0 pays for a gap")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(prices[-1] + rate * (gap_at(minimise(prices[-1])) - bound))
    return prices


@wrong("price_path", "bound is missing")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * gap_at(minimise(prices[-1]))))
    return prices


@wrong("price_path", "rate is missing")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + gap_at(minimise(prices[-1])) - bound))
    return prices


@wrong("price_path", "never hears the price")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * (gap_at(minimise(0)) - bound)))
    return prices


@wrong("price_path", "The first price, 0, belongs in the list")
def price_path(minimise, gap_at, bound, rate, rounds):
    price, prices = 0.0, []
    for _ in range(rounds):
        price = max(0.0, price + rate * (gap_at(minimise(price)) - bound))
        prices.append(price)
    return prices


@wrong("price_path", "That is the last price")
def price_path(minimise, gap_at, bound, rate, rounds):
    price = 0.0
    for _ in range(rounds):
        price = max(0.0, price + rate * (gap_at(minimise(price)) - bound))
    return price


@wrong("price_path", "add to it")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, rate * (gap_at(minimise(prices[-1])) - bound)))
    return prices


@wrong("price_path", "stopped at 0 only in the end")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(prices[-1] + rate * (gap_at(minimise(prices[-1])) - bound))
    return [max(0.0, price) for price in prices]


@wrong("price_path", "Your price never falls")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * abs(gap_at(minimise(prices[-1])) - bound)))
    return prices


@wrong("price_path", "Collect the prices")
def price_path(minimise, gap_at, bound, rate, rounds):
    price, seen = 0.0, []
    for _ in range(rounds + 1):
        seen.append(gap_at(minimise(price)))
        price = max(0.0, price + rate * (seen[-1] - bound))
    return seen


@wrong("price_path", "rounded")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * (gap_at(minimise(prices[-1])) - bound)))
    return [round(price, 3) for price in prices]


@wrong("price_path", "your own work")
def price_path(minimise, gap_at, bound, rate, rounds):
    from evenodds.inprocessing import dual_ascent

    return dual_ascent(minimise, gap_at, bound=bound, rate=rate, rounds=rounds)


@right("price_path")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = np.zeros(rounds + 1)
    for i in range(rounds):
        theta = minimise(prices[i])
        step = prices[i] + rate * (gap_at(theta) - bound)
        prices[i + 1] = step if step > 0 else 0
    return prices


@right("price_path")
def price_path(minimise, gap_at, bound, rate, rounds):
    if rounds == 0:
        return [0.0]
    earlier = list(price_path(minimise, gap_at, bound, rate, rounds - 1))
    last = earlier[-1]
    return [*earlier, np.maximum(0, last - rate * (bound - gap_at(minimise(last))))]


@wrong("price_path", "Your price never falls")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(prices[-1] + rate * max(0.0, gap_at(minimise(prices[-1])) - bound))
    return prices


@wrong("price_path", "Your price never falls")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        excess = gap_at(minimise(prices[-1])) - bound
        prices.append(prices[-1] + rate * excess if excess > 0 else prices[-1])
    return prices


@wrong("price_path", "You take the gap's size")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * (abs(gap_at(minimise(prices[-1]))) - bound)))
    return prices


@wrong("price_path", "You take the price's size")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(abs(prices[-1] + rate * (gap_at(minimise(prices[-1])) - bound)))
    return prices


@wrong("price_path", "Brackets")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * gap_at(minimise(prices[-1])) - bound))
    return prices


@wrong("price_path", "You divide by the bound")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * (gap_at(minimise(prices[-1])) - bound) / bound))
    return prices


@wrong("price_path", "`gap_at` is not used")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * (minimise(prices[-1]) - bound)))
    return prices


@wrong("price_path", "You ask for the gap of the price")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * (gap_at(prices[-1]) - bound)))
    return prices


@wrong("price_path", "no upper limit")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        prices.append(min(1.0, max(0.0, prices[-1] + rate * (gap_at(minimise(prices[-1])) - bound))))
    return prices


@wrong("price_path", "not the number of the round")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for i in range(rounds):
        prices.append(max(0.0, prices[-1] + rate * (gap_at(minimise(i)) - bound)))
    return prices


@wrong("price_path", "Your list ends early")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for _ in range(rounds):
        if gap_at(minimise(prices[-1])) <= bound:
            break
        prices.append(prices[-1] + rate * (gap_at(minimise(prices[-1])) - bound))
    return prices


@wrong("price_path", "rate stays the same")
def price_path(minimise, gap_at, bound, rate, rounds):
    prices = [0.0]
    for i in range(rounds):
        prices.append(max(0.0, prices[-1] + rate / (i + 1) * (gap_at(minimise(prices[-1])) - bound)))
    return prices


# Exercise 5


@wrong("prejudice_index", "logarithms without weights")
def prejudice_index(p, group):
    total = 0
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / len(p)
            if joint > 0:
                total += np.log(joint / (outcome.mean() * (group == a).mean()))
    return total


@wrong("prejudice_index", "natural logarithm")
def prejudice_index(p, group):
    total = 0
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / len(p)
            if joint > 0:
                total += joint * np.log2(joint / (outcome.mean() * (group == a).mean()))
    return total


@wrong("prejudice_index", "Only the selected")
def prejudice_index(p, group):
    total = 0
    for a in np.unique(group):
        joint = p[group == a].sum() / len(p)
        if joint > 0:
            total += joint * np.log(joint / (p.mean() * (group == a).mean()))
    return total


@wrong("prejudice_index", "You thresholded")
def prejudice_index(p, group):
    total, d = 0, (p > 0.5).astype(float)
    for outcome in (d, 1 - d):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / len(p)
            if joint > 0:
                total += joint * np.log(joint / (outcome.mean() * (group == a).mean()))
    return total


@wrong("prejudice_index", "rate *within* a group")
def prejudice_index(p, group):
    total = 0
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            within = outcome[group == a].mean()
            if within > 0:
                total += within * np.log(within / outcome.mean())
    return total


@wrong("prejudice_index", "P(a) is missing")
def prejudice_index(p, group):
    total = 0
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / len(p)
            if joint > 0:
                total += joint * np.log(joint / outcome.mean())
    return total


@wrong("prejudice_index", "upside down")
def prejudice_index(p, group):
    total = 0
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / len(p)
            if joint > 0:
                total += joint * np.log(outcome.mean() * (group == a).mean() / joint)
    return total


@wrong("prejudice_index", "0 · log 0")
def prejudice_index(p, group):
    total = 0
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / len(p)
            total += joint * np.log(joint / (outcome.mean() * (group == a).mean()))
    return total


@wrong("prejudice_index", "joint *shares*")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum()
            if joint > 0:
                total += joint * np.log(joint / (outcome.sum() * (group == a).sum() / n))
    return total


@wrong("prejudice_index", "gap in selection rates")
def prejudice_index(p, group):
    rates = [p[group == a].mean() for a in np.unique(group)]
    return max(rates) - min(rates)


@wrong("prejudice_index", "changes the array")
def prejudice_index(p, group):
    p, total = np.asarray(p), 0
    for _ in range(2):
        for a in np.unique(group):
            joint = p[group == a].sum() / len(p)
            if joint > 0:
                total += joint * np.log(joint / (p.mean() * (group == a).mean()))
        np.subtract(1, p, out=p)
    np.clip(p, 0.3, None, out=p, casting="unsafe")
    return total


@wrong("prejudice_index", "your own work")
def prejudice_index(p, group):
    from evenodds import inprocessing

    return inprocessing.prejudice_index(p, sensitive_features=group)


@right("prejudice_index")
def prejudice_index(p, group):
    table = pd.DataFrame({"1": p, "0": 1 - p}).groupby(pd.Series(group)).sum() / len(p)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    ratio = table.to_numpy() / expected
    return float((table.to_numpy() * np.log(np.where(ratio > 0, ratio, 1))).sum())


@right("prejudice_index")
def prejudice_index(p, group):
    def entropy(q):
        return -sum(v * np.log(v) for v in (q, 1 - q) if v > 0)

    total = entropy(sum(p) / len(p))
    for a in sorted(set(group)):
        own = [s for s, g in zip(p, group, strict=True) if g == a]
        total -= len(own) / len(p) * entropy(sum(own) / len(own))
    return total


@wrong("prejudice_index", "P(ŷ) is missing")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += joint * np.log(joint / own)
    return total


@wrong("prejudice_index", "The product is missing")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / n
            if joint > 0:
                total += joint * np.log(joint)
    return total


@wrong("prejudice_index", "may add a negative number")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += max(0, joint * np.log(joint / (outcome.mean() * own)))
    return total


@wrong("prejudice_index", "may add a negative number")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += abs(joint * np.log(joint / (outcome.mean() * own)))
    return total


@wrong("prejudice_index", "not by the product")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += outcome.mean() * own * np.log(joint / (outcome.mean() * own))
    return total


@wrong("prejudice_index", "Divide by the number of people")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += n * joint * np.log(n * joint / (outcome.sum() * own * n))
    return total


@wrong("prejudice_index", "one over the number of groups")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / n
            if joint > 0:
                total += joint * np.log(joint * len(set(group)) / outcome.mean())
    return total


@wrong("prejudice_index", "the share of refused")
def prejudice_index(p, group):
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += joint * np.log(joint / (p.mean() * own))
    return total


@wrong("prejudice_index", "every group has cells of its own")
def prejudice_index(p, group):
    group = group == group[-1]
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += joint * np.log(joint / (outcome.mean() * own))
    return total


@wrong("prejudice_index", "the labels found in `group`")
def prejudice_index(p, group):
    group = np.where(group == "a", "a", np.where(group == "b", "b", "?"))
    total, n = 0, len(p)
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint, own = outcome[group == a].sum() / n, (group == a).mean()
            if joint > 0:
                total += joint * np.log(joint / (outcome.mean() * own))
    return total


@wrong("prejudice_index", "no outcome itself")
def prejudice_index(p, group):
    total = 0
    for score in set(p):
        for a in set(group):
            joint = np.mean((p == score) & (group == a))
            if joint > 0:
                total += joint * np.log(joint / (np.mean(p == score) * np.mean(group == a)))
    return total


@wrong("prejudice_index", "changes the array")
def prejudice_index(p, group):
    order = np.argsort(group)
    p[:], group[:] = p[order], group[order]
    total = 0
    for outcome in (p, 1 - p):
        for a in np.unique(group):
            joint = outcome[group == a].sum() / len(p)
            total += joint * np.log(joint / (outcome.mean() * np.mean(group == a))) if joint > 0 else 0
    return total
