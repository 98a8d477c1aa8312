"""Answers to lesson 13 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.answers import right, wrong

auc = ...  # the lesson's

# Exercise 1


@wrong("adversary_loss", "sum over people")
def adversary_loss(z, group, u, c):
    t = u * z + c
    return np.sum(np.logaddexp(0, t) - group * t)


@wrong("adversary_loss", "sign is missing")
def adversary_loss(z, group, u, c):
    t = u * z + c
    return -np.mean(np.logaddexp(0, t) - group * t)


@wrong("adversary_loss", "base 2")
def adversary_loss(z, group, u, c):
    q = expit(u * z + c)
    return -np.mean(group * np.log2(q) + (1 - group) * np.log2(1 - q))


@wrong("adversary_loss", "σ(1000) is stored as 1")
def adversary_loss(z, group, u, c):
    q = expit(u * z + c)
    return -np.mean(group * np.log(q) + (1 - group) * np.log(1 - q))


@wrong("adversary_loss", "σ(1000) is stored as 1")
def adversary_loss(z, group, u, c):
    q = 1 / (1 + np.exp(-(u * z + c)))
    return np.mean([-np.log(q[i]) if group[i] == 1 else -np.log(1 - q[i]) for i in range(len(z))])


@wrong("adversary_loss", "changed places: q is")
def adversary_loss(z, group, u, c):
    t = u * z + c
    return np.mean(np.logaddexp(0, t) - (1 - group) * t)


@wrong("adversary_loss", "intercept c is not used")
def adversary_loss(z, group, u, c):
    t = u * z
    return np.mean(np.logaddexp(0, t) - group * t)


@wrong("adversary_loss", "slope u is not used")
def adversary_loss(z, group, u, c):
    t = z + c
    return np.mean(np.logaddexp(0, t) - group * t)


@wrong("adversary_loss", "scores come first")
def adversary_loss(group, z, u, c):
    t = u * z + c
    return np.mean(np.logaddexp(0, t) - group * t)


@wrong("adversary_loss", "Only readers add")
def adversary_loss(z, group, u, c):
    return np.mean(group * np.logaddexp(0, -(u * z + c)))


@wrong("adversary_loss", "Only readers are in your mean")
def adversary_loss(z, group, u, c):
    return np.mean(np.logaddexp(0, -(u * z + c))[group == 1])


@wrong("adversary_loss", "squared error")
def adversary_loss(z, group, u, c):
    return np.mean((expit(u * z + c) - group) ** 2)


@wrong("adversary_loss", "share of wrong guesses")
def adversary_loss(z, group, u, c):
    return np.mean((u * z + c > 0) != (group == 1))


@wrong("adversary_loss", "two groups' means")
def adversary_loss(z, group, u, c):
    t = u * z + c
    losses = np.logaddexp(0, t) - group * t
    return (losses[group == 1].mean() + losses[group == 0].mean()) / 2


@wrong("adversary_loss", "pass on decisions")
def adversary_loss(z, group, u, c):
    t = u * (z > 0) + c
    return np.mean(np.logaddexp(0, t) - group * t)


@wrong("adversary_loss", "σ to z first")
def adversary_loss(z, group, u, c):
    t = u * expit(z) + c
    return np.mean(np.logaddexp(0, t) - group * t)


@wrong("adversary_loss", "Do not round")
def adversary_loss(z, group, u, c):
    t = u * z + c
    return round(float(np.mean(np.logaddexp(0, t) - group * t)), 3)


@wrong("adversary_loss", "summed, or averaged")
def adversary_loss(z, group, u, c):
    t = u * z + c
    return np.logaddexp(0, t) - group * t


@wrong("adversary_loss", "your own work")
def adversary_loss(z, group, u, c):
    from sklearn.metrics import log_loss

    return log_loss(group, expit(u * z + c), labels=[0, 1])


@right("adversary_loss")
def adversary_loss(z, group, u, c):
    total = 0.0
    for score, member in zip(z, group, strict=True):
        t = u * score + c
        t = -t if member == 1 else t
        total += max(t, 0) + np.log1p(np.exp(-abs(t)))
    return total / len(z)


@right("adversary_loss")
def adversary_loss(z, group, u, c):
    people = pd.DataFrame({"t": u * pd.Series(z) + c, "a": list(group)})
    people["loss"] = np.logaddexp(0, people.t.where(people.a == 0, -people.t))
    return people.loss.mean()


@right("adversary_loss")
def adversary_loss(z, group, u, c):
    from scipy.special import log_expit

    t = u * np.array(z) + c
    return -(log_expit(t[group == 1]).sum() + log_expit(-t[group == 0]).sum()) / t.size


@wrong("adversary_loss", "holds other numbers")
def adversary_loss(z, group, u, c):
    z *= u
    z += c
    return np.mean(np.logaddexp(0, z) - group * z)


# Exercise 2


@wrong("adversary_gradients", "q − a, not a − q")
def adversary_gradients(z, group, u, c):
    e = (group - expit(u * z + c)) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "divide by n.")
def adversary_gradients(z, group, u, c):
    e = expit(u * z + c) - group
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "lack the 1/n")
def adversary_gradients(z, group, u, c):
    e = expit(u * z + c) - group
    return {"u": (e * z).mean(), "c": e.mean(), "z": u * e}


@wrong("adversary_gradients", "sums over people; divide them by n")
def adversary_gradients(z, group, u, c):
    e = expit(u * z + c) - group
    return {"u": e @ z, "c": e.sum(), "z": u * e / len(z)}


@wrong("adversary_gradients", "lack the factor u")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": e}


@wrong("adversary_gradients", "decides later to step against")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": -u * e}


@wrong("adversary_gradients", "lacks the factor z")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e.sum(), "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "has the factor z, not u")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": u * e.sum(), "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "the adversary itself learns normally")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": -e @ z, "c": -e.sum(), "z": u * e}


@wrong("adversary_gradients", "a number, and not z")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e * z}


@wrong("adversary_gradients", "c is not used")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "changed places: a is 1")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - (group == 0)) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "hard guesses")
def adversary_gradients(z, group, u, c):
    e = ((u * z + c > 0).astype(int) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "of the squared error")
def adversary_gradients(z, group, u, c):
    q = expit(u * z + c)
    e = 2 * (q - group) * q * (1 - q) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "scores come first")
def adversary_gradients(group, z, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "Do not round")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": round(e @ z, 3), "c": round(e.sum(), 3), "z": np.round(u * e, 3)}


@wrong("adversary_gradients", "A dict was expected")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return e @ z, e.sum(), u * e


@wrong("adversary_gradients", "values in a row")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": (u * e).sum()}


@wrong("adversary_gradients", "your own work")
def adversary_gradients(z, group, u, c):
    from evenodds.neural import logit_loss

    e = logit_loss((u * z + c)[:, None], group, np.ones(len(z)))[1][:, 0]
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@right("adversary_gradients")
def adversary_gradients(z, group, u, c):
    n = len(z)
    by_u = by_c = 0.0
    by_z = []
    for score, member in zip(z, group, strict=True):
        error = 1 / (1 + np.exp(-(u * score + c))) - member
        by_u += error * score / n
        by_c += error / n
        by_z.append(error * u / n)
    return {"u": by_u, "c": by_c, "z": by_z}


@right("adversary_gradients")
def adversary_gradients(z, group, u, c):
    z = pd.Series(z)
    error = 1 / (1 + np.exp(-(u * z + c))) - pd.Series(group)
    return {"c": error.mean(), "z": error * u / error.size, "u": (error * z).mean()}


@wrong("adversary_gradients", "holds other numbers")
def adversary_gradients(z, group, u, c):
    first = z.copy()
    z *= u
    z += c
    e = (expit(z) - group) / len(z)
    return {"u": e @ first, "c": e.sum(), "z": u * e}


# Exercise 3


@wrong("direction", "would *help* the adversary. Subtract")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - (g @ h) / (h @ h) * h + alpha * h


@wrong("direction", "projection is missing: g still")
def direction(g, h, alpha):
    return g - alpha * h


@wrong("direction", "projection is missing, and + α h")
def direction(g, h, alpha):
    return g + alpha * h


@wrong("direction", "term with α is missing")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - (g @ h) / (h @ h) * h


@wrong("direction", "You project h on g")
def direction(g, h, alpha):
    return g - (g @ h) / (g @ g) * g - alpha * h


@wrong("direction", "not by g · g")
def direction(g, h, alpha):
    return g - (g @ h) / (g @ g) * h - alpha * h


@wrong("direction", "*squared*")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - (g @ h) / np.linalg.norm(h) * h - alpha * h


@wrong("direction", "too long")
def direction(g, h, alpha):
    return g - (g @ h) * h - alpha * h


@wrong("direction", "cosine")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - (g @ h) / (np.linalg.norm(g) * np.linalg.norm(h)) * h - alpha * h


@wrong("direction", "The projection is added")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g + (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "not the projection")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - alpha * (g @ h) / (h @ h) * h


@wrong("direction", "α multiplies h only")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - alpha * ((g @ h) / (h @ h) * h + h)


@wrong("direction", "lost what is left")
def direction(g, h, alpha):
    if not h.any():
        return g
    return (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "minus of the step comes later")
def direction(g, h, alpha):
    if not h.any():
        return g
    return -(g - (g @ h) / (h @ h) * h - alpha * h)


@wrong("direction", "entry by entry")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - g * h / (h * h) * h - alpha * h


@wrong("direction", "where g · h is below 0")
def direction(g, h, alpha):
    if g @ h <= 0:
        return g - alpha * h
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "do not divide it by its norm")
def direction(g, h, alpha):
    length = np.linalg.norm(h)
    if length == 0:
        return g
    unit = h / length
    return g - (g @ unit) * unit - alpha * unit


@wrong("direction", "0/0 is no number")
def direction(g, h, alpha):
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "have changed places")
def direction(h, g, alpha):
    if not h.any():
        return g
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "holds other numbers")
def direction(g, h, alpha):
    if h.any():
        g -= (g @ h) / (h @ h) * h
        g -= alpha * h
    return g


@wrong("direction", "Do not round")
def direction(g, h, alpha):
    if not h.any():
        return g
    return np.round(g - (g @ h) / (h @ h) * h - alpha * h, 2)


@wrong("direction", "values in a row")
def direction(g, h, alpha):
    if not h.any():
        return g
    return np.linalg.norm(g - (g @ h) / (h @ h) * h - alpha * h)


@wrong("direction", "your own work")
def direction(g, h, alpha):
    from evenodds.inprocessing.adversary import against_adversary

    return against_adversary(g, h, alpha)


@right("direction")
def direction(g, h, alpha):
    length = np.sqrt(np.sum(np.square(h)))
    if length == 0:
        return np.array(g)
    unit = np.array(h) / length
    return g - np.dot(g, unit) * unit - alpha * length * unit


@right("direction")
def direction(g, h, alpha):
    inner = squared = 0
    for a, b in zip(g, h, strict=True):
        inner += a * b
        squared += b * b
    along = inner / squared if squared else 0
    return [a - along * b - alpha * b for a, b in zip(g, h, strict=True)]


# Exercise 4


@wrong("one_round", "adversary climbs its own loss")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u + eta * s["u"], "c": c + eta * s["c"]}


@wrong("one_round", "predictor steps along d")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w + eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "predictor helps the adversary")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), -(X.T @ s["z"]), alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "*new* u and c")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    u = u - eta * s["u"]
    c = c - eta * s["c"]
    h = X.T @ adversary_gradients(z, group, u, c)["z"]
    w = w - eta * direction(X.T @ (expit(z) - y) / len(y), h, alpha)
    return {"w": w, "u": u, "c": c}


@wrong("one_round", "scores of the *new* w")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    w = w - eta * direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    s = adversary_gradients(X @ w, group, u, c)
    return {"w": w, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "adversary stands still")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u, "c": c}


@wrong("one_round", "given probabilities")
def one_round(w, u, c, X, y, group, alpha, eta):
    p = expit(X @ w)
    s = adversary_gradients(p, group, u, c)
    d = direction(X.T @ (p - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "given decisions")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients((z > 0).astype(int), group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "not z − y")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (z - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "g lacks the 1/n")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "In g it is p − y")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (y - expit(z)) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "1/n already")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"] / len(y), alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "projection is missing in your round")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = X.T @ (expit(z) - y) / len(y) - alpha * X.T @ s["z"]
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "against g alone")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    return {"w": w - eta * X.T @ (expit(z) - y) / len(y), "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "g first, then h")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ s["z"], X.T @ (expit(z) - y) / len(y), alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "η, is not used")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - d, "u": u - s["u"], "c": c - s["c"]}


@wrong("one_round", "adversary's step lacks η")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - s["u"], "c": c - s["c"]}


@wrong("one_round", "Label and group have changed places")
def one_round(w, u, c, X, group, y, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "Do not round")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": np.round(w - eta * d, 3), "u": round(u - eta * s["u"], 3), "c": round(c - eta * s["c"], 3)}


@wrong("one_round", "`w` holds other numbers")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    w -= eta * direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "A dict was expected")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return w - eta * d, u - eta * s["u"], c - eta * s["c"]


@wrong("one_round", "your own work")
def one_round(w, u, c, X, y, group, alpha, eta):
    from evenodds.inprocessing import duel

    return duel.one_round(w, u, c, X, y, group, alpha, eta)


@right("one_round")
def one_round(w, u, c, X, y, group, alpha, eta):
    n, d = X.shape
    g, h, by_u, by_c = [0.0] * d, [0.0] * d, 0.0, 0.0
    for row, label, member in zip(X, y, group, strict=True):
        z = sum(a * b for a, b in zip(row, w, strict=True))
        error = (1 / (1 + np.exp(-z)) - label) / n
        guess = (1 / (1 + np.exp(-(u * z + c))) - member) / n
        by_u += guess * z
        by_c += guess
        for j in range(d):
            g[j] += error * row[j]
            h[j] += guess * u * row[j]
    squared = sum(b * b for b in h)
    along = sum(a * b for a, b in zip(g, h, strict=True)) / squared if squared else 0.0
    new = [w[j] - eta * (g[j] - along * h[j] - alpha * h[j]) for j in range(d)]
    return {"w": new, "u": u - eta * by_u, "c": c - eta * by_c}


@right("one_round")
def one_round(w, u, c, X, y, group, alpha, eta):
    table = pd.DataFrame(X)
    z = table.dot(w)
    slopes = adversary_gradients(z.to_numpy(), group, u, c)
    g = table.mul(expit(z) - y, axis=0).mean().to_numpy()
    h = np.asarray(slopes["z"]) @ X
    return {"u": u - eta * slopes["u"], "c": c - eta * slopes["c"], "w": w - eta * np.asarray(direction(g, h, alpha))}


# Exercise 5


@wrong("judge", "judged on people they have learned from")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen = people & learn
        if len(set(group[seen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[seen, None])[:, 1], group[seen])
    return answers


@wrong("judge", "learn from everybody, also")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        unseen = people & ~learn
        if len(set(group[people])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[people, None], group[people])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
    return answers


@wrong("judge", "Turned round: those in `learn` teach")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & ~learn, people & learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
    return answers


@wrong("judge", "judge on everybody")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen = people & learn
        if len(set(group[seen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[people, None])[:, 1], group[people])
    return answers


@wrong("judge", "compare guesses 0 or 1")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict(z[unseen, None]), group[unseen])
    return answers


@wrong("judge", "*not* being in group 1")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 0], group[unseen])
    return answers


@wrong("judge", "That is the accuracy")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = np.mean(model.predict(z[unseen, None]) == group[unseen])
    return answers


@wrong("judge", "turn an AUC below 0.5 round")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        found = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
        answers[name] = max(found, 1 - found)
    return answers


@wrong("judge", "Split by the *label*")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, group == 0), (1, group == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
    return answers


@wrong("judge", "labels have changed places")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 1), (1, y == 0)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
    return answers


@wrong("judge", "One model answers all three")
def judge(new_model, z, group, y, learn):
    if len(set(group[learn])) < 2:
        return dict.fromkeys(("everyone", 0, 1), float("nan"))
    model = new_model().fit(z[learn, None], group[learn])
    chance = model.predict_proba(z[:, None])[:, 1]
    parts = {"everyone": ~learn, 0: ~learn & (y == 0), 1: ~learn & (y == 1)}
    return {name: auc(chance[people], group[people]) for name, people in parts.items()}


@wrong("judge", "AUC of the score itself")
def judge(new_model, z, group, y, learn):
    parts = {"everyone": ~learn, 0: ~learn & (y == 0), 1: ~learn & (y == 1)}
    return {name: auc(z[people], group[people]) for name, people in parts.items()}


@wrong("judge", "0.5 would claim")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = 0.5
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
    return answers


@wrong("judge", "no entry for 0")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), ("0", y == 0), ("1", y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
    return answers


@wrong("judge", "Do not round")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = round(auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen]), 2)
    return answers


@wrong("judge", "your own work")
def judge(new_model, z, group, y, learn):
    from sklearn.metrics import roc_auc_score

    answers = {}
    for name, people in (("everyone", y == y), (0, y == 0), (1, y == 1)):
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = roc_auc_score(group[unseen], model.predict_proba(z[unseen, None])[:, 1])
    return answers


@right("judge")
def judge(new_model, z, group, y, learn):
    people = pd.DataFrame({"z": z, "group": group, "y": y, "learn": learn})

    def asked(table):
        teach, test = table[table.learn], table[~table.learn]
        if teach.group.nunique() < 2 or test.group.nunique() < 2:
            return np.nan
        model = new_model()
        model.fit(teach[["z"]].to_numpy(), teach.group.to_numpy())
        return auc(model.predict_proba(test[["z"]].to_numpy())[:, -1], test.group.to_numpy())

    return {1: asked(people[people.y == 1]), 0: asked(people[people.y == 0]), "everyone": asked(people)}


@right("judge")
def judge(new_model, z, group, y, learn):
    found = {}
    for name in ["everyone", 0, 1]:
        teach = [i for i in range(len(z)) if learn[i] and (name == "everyone" or y[i] == name)]
        test = [i for i in range(len(z)) if not learn[i] and (name == "everyone" or y[i] == name)]
        inside = [i for i in test if group[i] == 1]
        outside = [i for i in test if group[i] == 0]
        if not inside or not outside or len({int(group[i]) for i in teach}) < 2:
            found[name] = float("nan")
            continue
        model = new_model()
        model.fit(np.array([[z[i]] for i in teach]), [group[i] for i in teach])
        chance = {i: model.predict_proba([[z[i]]])[0][1] for i in test}
        wins = sum((chance[i] > chance[j]) + (chance[i] == chance[j]) / 2 for i in inside for j in outside)
        found[name] = wins / (len(inside) * len(outside))
    return found


@wrong("judge", "holds other values")
def judge(new_model, z, group, y, learn):
    answers = {}
    for name in ("everyone", 0, 1):
        people = np.ones(len(y), dtype=bool) if name == "everyone" else y == name
        seen, unseen = people & learn, people & ~learn
        if len(set(group[seen])) < 2 or len(set(group[unseen])) < 2:
            answers[name] = float("nan")
            continue
        model = new_model().fit(z[seen, None], group[seen])
        answers[name] = auc(model.predict_proba(z[unseen, None])[:, 1], group[unseen])
    learn &= y == 1
    return answers
