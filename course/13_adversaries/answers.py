"""Answers to lesson 13 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.answers import right, wrong

auc = ...  # the lesson's

# Exercise 1


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


@wrong("adversary_gradients", '`"u"` is a sum over people')
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": len(z) * (e @ z), "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", '`"c"` is a sum over people')
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": len(z) * e.sum(), "z": u * e}


@wrong("adversary_gradients", "and not z.")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": e * z}


@wrong("adversary_gradients", "not u as well")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": u * (e @ z), "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "person by person")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e.sum() * z.mean(), "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "not the decision")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ (z > 0), "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "c stands in u z + c alone")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) / len(z)
    return {"u": e @ z, "c": c * e.sum(), "z": u * e}


@wrong("adversary_gradients", "σ is missing")
def adversary_gradients(z, group, u, c):
    e = (u * z + c - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "it cancels")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z + c) - group) * expit(u * z + c) * expit(-u * z - c) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "not taken away: u z")
def adversary_gradients(z, group, u, c):
    e = (expit(u * z - c) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


@wrong("adversary_gradients", "without brackets")
def adversary_gradients(z, group, u, c):
    e = (expit(u * (z + c)) - group) / len(z)
    return {"u": e @ z, "c": e.sum(), "z": u * e}


# Exercise 2


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


@wrong("direction", "only if *every* entry")
def direction(g, h, alpha):
    if np.all(h) == 0:
        return g
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "only if *every* entry")
def direction(g, h, alpha):
    if h.sum() == 0:
        return g
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "only if *every* entry")
def direction(g, h, alpha):
    if h[0] == 0:
        return g
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "only if *every* entry")
def direction(g, h, alpha):
    if g @ h == 0:
        return g
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "where h is short")
def direction(g, h, alpha):
    if h @ h < 1e-3:
        return g
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "where h is short")
def direction(g, h, alpha):
    if np.isclose(h @ h, 0, atol=1e-2):
        return g
    return g - (g @ h) / (h @ h) * h - alpha * h


@wrong("direction", "no `+ 1e-8`")
def direction(g, h, alpha):
    return g - (g @ h) / (h @ h + 1e-8) * h - alpha * h


@wrong("direction", "no `+ 1e-8`")
def direction(g, h, alpha):
    return g - (g @ h) / (h @ h + 1e-12) * h - alpha * h


@wrong("direction", "not g − α h")
def direction(g, h, alpha):
    if not h.any():
        return g
    d = g - alpha * h
    return d - (d @ h) / (h @ h) * h


@wrong("direction", "not their mean")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - np.mean(g * h) / (h @ h) * h - alpha * h


@wrong("direction", "once more")
def direction(g, h, alpha):
    if not h.any():
        return g
    return g - (1 + alpha) * (g @ h) / (h @ h) * h


# Exercise 3


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


@wrong("one_round", "u stands still")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u, "c": c - eta * s["c"]}


@wrong("one_round", "c stands still")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c}


@wrong("one_round", "in the adversary's step")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - alpha * eta * s["u"], "c": c - alpha * eta * s["c"]}


@wrong("one_round", "by η again")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha * eta)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "α is not used")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], 1)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "η twice")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * eta * d, "u": u - eta * eta * s["u"], "c": c - eta * eta * s["c"]}


@wrong("one_round", "return the gradients")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": d, "u": s["u"], "c": s["c"]}


@wrong("one_round", "factor u is missing")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ (expit(u * z + c) - group) / len(y), alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "In g stands the group")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    d = direction(X.T @ (expit(z) - group) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "adversary guesses y")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, y, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "z first, then the group")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(group, z, u, c)
    d = direction(X.T @ (expit(z) - y) / len(y), X.T @ s["z"], alpha)
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "as u is 0")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    g, h = X.T @ (expit(z) - y) / len(y), X.T @ s["z"]
    d = g - (g @ h) / (h @ h) * h - alpha * h
    return {"w": w - eta * d, "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "taken away twice")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    g, h = X.T @ (expit(z) - y) / len(y), X.T @ s["z"]
    return {"w": w - eta * (direction(g, h, alpha) - alpha * h), "u": u - eta * s["u"], "c": c - eta * s["c"]}


@wrong("one_round", "is η, not α")
def one_round(w, u, c, X, y, group, alpha, eta):
    z = X @ w
    s = adversary_gradients(z, group, u, c)
    g, h = X.T @ (expit(z) - y) / len(y), X.T @ s["z"]
    return {"w": w - alpha * (direction(g, h, alpha)), "u": u - eta * s["u"], "c": c - eta * s["c"]}


# Exercise 4


@wrong("judge", "judged on people it has learned from")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[learn, None])[:, 1], group[learn])


@wrong("judge", "learns from everybody, also")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn | True, None], group[learn | True])
    return auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])


@wrong("judge", "Turned round: those in `learn` teach")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[~learn, None], group[~learn])
    return auc(model.predict_proba(z[learn, None])[:, 1], group[learn])


@wrong("judge", "judged on everybody")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn | True, None], group[learn | True])
    return auc(model.predict_proba(z[learn | True, None])[:, 1], group[learn | True])


@wrong("judge", "You judge on everybody")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[learn | True, None])[:, 1], group[learn | True])


@wrong("judge", "compare guesses 0 or 1")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return auc(model.predict(z[~learn, None]), group[~learn])


@wrong("judge", "*not* being in group 1")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[~learn, None])[:, 0], group[~learn])


@wrong("judge", "That is the accuracy")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return np.mean(model.predict(z[~learn, None]) == group[~learn])


@wrong("judge", "do not turn it round")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    found = auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])
    return max(found, 1 - found)


@wrong("judge", "a straight line finds")
def judge(new_model, z, group, learn):
    return auc(z[~learn], group[~learn])


@wrong("judge", "a straight line finds")
def judge(new_model, z, group, learn):
    from sklearn.linear_model import LogisticRegression

    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = LogisticRegression().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])


@wrong("judge", "Whoever asks chooses the model")
def judge(new_model, z, group, learn):
    from sklearn.tree import DecisionTreeClassifier

    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = DecisionTreeClassifier().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])


@wrong("judge", "`auc` takes the scores first")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return auc(group[~learn], model.predict_proba(z[~learn, None])[:, 1])


@wrong("judge", "gets decisions")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit((z > 0)[learn, None], group[learn])
    return auc(model.predict_proba((z > 0)[~learn, None])[:, 1], group[~learn])


@wrong("judge", "0.5 would claim")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return 0.5
    model = new_model().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])


@wrong("judge", "None is no number")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return None
    model = new_model().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])


@wrong("judge", "Do not round")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return round(auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn]), 2)


@wrong("judge", "0.5 would claim")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2:
        return float("nan")
    if len(set(group[~learn])) < 2:
        return 0.5
    model = new_model().fit(z[learn, None], group[learn])
    return auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])


@wrong("judge", "your own work")
def judge(new_model, z, group, learn):
    from sklearn.metrics import roc_auc_score

    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    return roc_auc_score(group[~learn], model.predict_proba(z[~learn, None])[:, 1])


@wrong("judge", "holds other values")
def judge(new_model, z, group, learn):
    if len(set(group[learn])) < 2 or len(set(group[~learn])) < 2:
        return float("nan")
    model = new_model().fit(z[learn, None], group[learn])
    found = auc(model.predict_proba(z[~learn, None])[:, 1], group[~learn])
    learn &= group == 1
    return found


@right("judge")
def judge(new_model, z, group, learn):
    people = pd.DataFrame({"z": z, "group": group, "learn": learn})
    teach, test = people[people.learn], people[~people.learn]
    if teach.group.nunique() < 2 or test.group.nunique() < 2:
        return np.nan
    model = new_model()
    model.fit(teach[["z"]].to_numpy(), teach.group.to_numpy())
    return auc(model.predict_proba(test[["z"]].to_numpy())[:, -1], test.group.to_numpy())


@right("judge")
def judge(new_model, z, group, learn):
    if len(np.unique(group[learn])) < 2:
        return float("nan")
    model = new_model()
    model.fit([[score] for score in z[learn]], list(group[learn]))
    return auc(model.predict_proba(z[~learn].reshape(-1, 1))[:, 1], group[~learn])


@right("judge")
def judge(new_model, z, group, learn):
    teach, test = np.flatnonzero(learn), np.flatnonzero(~learn)
    inside, outside = [i for i in test if group[i] == 1], [i for i in test if group[i] == 0]
    if not inside or not outside or len({int(group[i]) for i in teach}) < 2:
        return float("nan")
    model = new_model().fit(z[teach][:, None], group[teach])
    chance = {i: model.predict_proba([[z[i]]])[0][1] for i in test}
    wins = sum((chance[i] > chance[j]) + (chance[i] == chance[j]) / 2 for i in inside for j in outside)
    return wins / (len(inside) * len(outside))
