"""Answers to lesson 12 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong
from evenodds.inprocessing.game import multipliers as prices_from  # the lesson gives it

# Exercise 1


@wrong("excess", "Turned round")
def excess(chances, group, counted):
    inside = counted == 1
    return {g: chances[inside].mean() - chances[inside & (group == g)].mean() for g in np.unique(group)}


@wrong("excess", "above everyone's")
def excess(chances, group, counted):
    return {g: chances[(group == g) & (counted == 1)].mean() for g in np.unique(group)}


@wrong("excess", "Keep the sign")
def excess(chances, group, counted):
    inside = counted == 1
    return {g: abs(chances[inside & (group == g)].mean() - chances[inside].mean()) for g in np.unique(group)}


@wrong("excess", "`counted` plays no part")
def excess(chances, group, counted):
    return {g: chances[group == g].mean() - chances.mean() for g in np.unique(group)}


@wrong("excess", "Everyone's rate is among the counted")
def excess(chances, group, counted):
    return {g: chances[(group == g) & (counted == 1)].mean() - chances.mean() for g in np.unique(group)}


@wrong("excess", "The group's rate is among the counted")
def excess(chances, group, counted):
    return {g: chances[group == g].mean() - chances[counted == 1].mean() for g in np.unique(group)}


@wrong("excess", "number of *counted* people")
def excess(chances, group, counted):
    return {
        g: (chances * counted)[group == g].sum() / (group == g).sum() - (chances * counted).mean()
        for g in np.unique(group)
    }


@wrong("excess", "own size below the line")
def excess(chances, group, counted):
    inside = counted == 1
    n = inside.sum()
    return {g: chances[inside & (group == g)].sum() / n - chances[inside].sum() / n for g in np.unique(group)}


@wrong("excess", "Compare with *everyone's* rate")
def excess(chances, group, counted):
    inside = counted == 1
    return {g: chances[inside & (group == g)].mean() - chances[inside & (group != g)].mean() for g in np.unique(group)}


@wrong("excess", "makes decisions of them")
def excess(chances, group, counted):
    decided, inside = chances >= 0.5, counted == 1
    return {g: decided[inside & (group == g)].mean() - decided[inside].mean() for g in np.unique(group)}


@wrong("excess", "unknown, not 0")
def excess(chances, group, counted):
    inside = counted == 1
    result = {}
    for g in np.unique(group):
        here = chances[inside & (group == g)]
        result[g] = (here.mean() if len(here) else 0.0) - chances[inside].mean()
    return result


@wrong("excess", "Group q is missing")
def excess(chances, group, counted):
    table = pd.DataFrame({"q": chances, "g": group})[counted == 1]
    return (table.groupby("g")["q"].mean() - table["q"].mean()).to_dict()


@wrong("excess", "rounded")
def excess(chances, group, counted):
    inside = counted == 1
    return {
        g: round(float(chances[inside & (group == g)].mean() - chances[inside].mean()), 2) for g in np.unique(group)
    }


@wrong("excess", "dict was expected")
def excess(chances, group, counted):
    inside = counted == 1
    return [chances[inside & (group == g)].mean() - chances[inside].mean() for g in np.unique(group)]


@wrong("excess", "your own work")
def excess(chances, group, counted):
    from evenodds.inprocessing import DemographicParity

    inside = counted == 1
    moments = DemographicParity().moments((chances[inside] > 0.5).astype(int), sensitive_features=group[inside])
    return moments.gamma(chances[inside])["+"]["all"].to_dict()


@right("excess")
def excess(chances, group, counted):
    result = {}
    total = [q for q, c in zip(chances, counted, strict=True) if c == 1]
    for name in set(group.tolist()):
        own = [q for q, g, c in zip(chances, group, counted, strict=True) if g == name and c == 1]
        result[name] = sum(own) / len(own) - sum(total) / len(total) if own else float("nan")
    return result


@right("excess")
def excess(chances, group, counted):
    table = pd.DataFrame({"q": np.where(counted == 1, chances, np.nan), "g": group})
    return table.groupby("g")["q"].mean() - table["q"].mean()


# Exercise 2


@wrong("relabel", "wrong sign")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] -= price * len(y) / counted.sum()
        worth[inside] += price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "one of everyone")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "as a member of their own group")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    worth[counted == 1] += sum(prices.values()) * len(y) / counted.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "*small* group")
def relabel(y, group, counted, prices):
    own = np.array([prices[g] for g in group])
    worth = 2.0 * y - 1 + counted * (sum(prices.values()) - own)
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "multiply the price by n")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price / counted.sum()
        worth[inside] -= price / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "Prices touch counted people only")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        worth += price * len(y) / counted.sum()
        worth[group == g] -= price * len(y) / ((counted == 1) & (group == g)).sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "number of *all* people")
def relabel(y, group, counted, prices):
    worth, n = 2.0 * y - 1, counted.sum()
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price
        worth[inside] -= price * n / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "where you count 0")
def relabel(y, group, counted, prices):
    worth = 1.0 * y
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "turned the wrong way")
def relabel(y, group, counted, prices):
    cost = 1 - 2.0 * y
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        cost[counted == 1] -= price * len(y) / counted.sum()
        cost[inside] += price * len(y) / inside.sum()
    return (cost > 0).astype(int), np.abs(cost)


@wrong("relabel", "worth *above* 0")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth >= 0).astype(int), np.abs(worth)


@wrong("relabel", "A weight is not negative")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), worth


@wrong("relabel", "sum to 1")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth) / np.abs(worth).sum()


@wrong("relabel", "The labels are the old ones")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return y, np.abs(worth)


@wrong("relabel", "labels first")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return np.abs(worth), (worth > 0).astype(int)


@wrong("relabel", "Keep its sign")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += abs(price) * len(y) / counted.sum()
        worth[inside] -= abs(price) * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "Both must be arrays")
def relabel(y, group, counted, prices):
    n, n_c, total = len(y), counted.sum(), sum(prices.values())
    size = {g: ((group == g) & (counted == 1)).sum() for g in prices}
    worth = [
        2 * v - 1 + (n * (total / n_c - prices[g] / size[g]) if c else 0.0)
        for v, g, c in zip(y, group, counted, strict=True)
    ]
    return [int(s > 0) for s in worth], [abs(s) for s in worth]


@wrong("relabel", "return labels, weights")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return pd.DataFrame({"labels": worth > 0, "weights": np.abs(worth)})


@wrong("relabel", "your own work")
def relabel(y, group, counted, prices):
    from evenodds.inprocessing import DemographicParity

    moments = DemographicParity().moments(y, sensitive_features=group)
    names = list(prices)
    signed = [max(prices[g], 0) for g in names] + [max(-prices[g], 0) for g in names]
    worth = moments.signed_weights(signed) + moments.error_weights()
    return (worth > 0).astype(int), np.abs(worth)


@right("relabel")
def relabel(y, group, counted, prices):
    n, n_c, total = len(y), sum(counted), sum(prices.values())
    labels, weights = [], []
    for i in range(n):
        s = 1.0 if y[i] == 1 else -1.0
        if counted[i] == 1:
            own = sum(1 for j in range(n) if counted[j] == 1 and group[j] == group[i])
            s = s + total * n / n_c - prices[group[i]] * n / own
        labels.append(1 if s > 0 else 0)
        weights.append(abs(s))
    return np.array(labels), np.array(weights)


@right("relabel")
def relabel(y, group, counted, prices):
    table = pd.DataFrame({"y": y, "g": group, "c": counted})
    share = table["c"].sum() / len(table)
    own = table.groupby("g")["c"].transform("sum") / len(table)
    push = sum(prices.values()) / share - table["g"].map(prices) / own.where(own > 0, 1)
    s = (2 * table["y"] - 1 + table["c"] * push).to_numpy()
    return np.where(s > 0, 1, 0), np.absolute(s)


# Exercise 3


@wrong("play", "The prices fall")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta -= rate * broken[best]
    return played / rounds


@wrong("play", "The rate is missing")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta += broken[best]
    return played / rounds


@wrong("play", "The prices never change")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        played[np.argmin(errors + broken @ prices_from(theta, highest))] += 1
    return played / rounds


@wrong("play", "forgets what was before")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = rate * broken[best]
    return played / rounds


@wrong("play", "it is the price that may not")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = np.maximum(theta + rate * broken[best], 0)
    return played / rounds


@wrong("play", "only let it rise")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * np.where(broken[best] > 0, broken[best], 0)
    return played / rounds


@wrong("play", "wants the *least* sum")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmax(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "The error plays no part")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "What is broken costs")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors - broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "one classifier alone")
def play(errors, broken, rounds, rate, highest):
    theta = np.zeros(broken.shape[1])
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        theta = theta + rate * broken[best]
    last = np.zeros(len(errors))
    last[best] = 1
    return last


@wrong("play", "Those are counts")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played


@wrong("play", "as often as it was played")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] = 1
        theta = theta + rate * broken[best]
    return played / played.sum()


@wrong("play", "not by the average")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        played[np.argmin(errors + broken @ prices_from(theta, highest))] += 1
        theta = theta + rate * (played @ broken) / played.sum()
    return played / rounds


@wrong("play", "θ begins at 0")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.ones(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "The 1 below the line of the prices")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = highest * np.exp(theta) / np.exp(theta).sum()
        best = np.argmin(errors + broken @ lam)
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "θ is not yet a price")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ (highest * theta))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "Make an array of it")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), [0] * len(errors)
    for _ in range(rounds):
        best = int(np.argmin(errors + broken @ prices_from(theta, highest)))
        played[best] += 1
        theta = theta + rate * broken[best]
    return [p / rounds for p in played]


@wrong("play", "your own work")
def play(errors, broken, rounds, rate, highest):
    from evenodds.inprocessing.game import play_rounds

    return play_rounds(errors, broken, rounds=rounds, rate=rate, highest=highest)


@right("play")
def play(errors, broken, rounds, rate, highest):
    moved = np.zeros(broken.shape[1])
    history = []
    while len(history) < rounds:
        e = np.exp(rate * moved)
        lam = highest * e / (1 + e.sum())
        sums = [errors[h] + (lam * broken[h]).sum() for h in range(len(errors))]
        history.append(sums.index(min(sums)))
        moved = moved + broken[history[-1]]
    return np.array([history.count(h) / rounds for h in range(len(errors))])


@right("play")
def play(errors, broken, rounds, rate, highest):
    v = pd.DataFrame(broken)
    theta = pd.Series(0.0, v.columns)
    played = pd.Series(0.0, v.index)
    for _ in range(rounds):
        answer = (v @ np.asarray(prices_from(theta.to_numpy(), highest)) + errors).idxmin()
        played[answer] += 1 / rounds
        theta = theta + rate * v.loc[answer]
    return played.to_numpy()


# Exercise 4


@wrong("chance_selected", "cut the chances at one half")
def chance_selected(decisions, shares):
    return (shares @ decisions >= 0.5).astype(int)


@wrong("chance_selected", "different shares")
def chance_selected(decisions, shares):
    return decisions.mean(axis=0)


@wrong("chance_selected", "largest share")
def chance_selected(decisions, shares):
    return decisions[shares.argmax()]


@wrong("chance_selected", "last classifier")
def chance_selected(decisions, shares):
    return decisions[-1]


@wrong("chance_selected", "not for each classifier")
def chance_selected(decisions, shares):
    return decisions.mean(axis=1)


@wrong("chance_selected", "chance of their own")
def chance_selected(decisions, shares):
    return float((shares @ decisions).mean())


@wrong("chance_selected", "being refused")
def chance_selected(decisions, shares):
    return shares @ (1 - decisions)


@wrong("chance_selected", "sum to 1 already")
def chance_selected(decisions, shares):
    return (shares[:, None] * decisions).mean(axis=0)


@wrong("chance_selected", "Sum over the classifiers")
def chance_selected(decisions, shares):
    return shares[:, None] * decisions


@wrong("chance_selected", "Make an array of it")
def chance_selected(decisions, shares):
    return (shares @ decisions).tolist()


@wrong("chance_selected", "not")
def chance_selected(decisions, shares):
    rng = np.random.default_rng(0)
    return np.array([decisions[rng.choice(len(shares), p=shares), i] for i in range(decisions.shape[1])])


@right("chance_selected")
def chance_selected(decisions, shares):
    chance = np.zeros(decisions.shape[1])
    for row, share in zip(decisions, shares, strict=True):
        chance += share * row
    return chance


@right("chance_selected")
def chance_selected(decisions, shares):
    return np.array([sum(s for s, d in zip(shares, column, strict=True) if d) for column in decisions.T])


@right("chance_selected")
def chance_selected(decisions, shares):
    return np.average(decisions, axis=0, weights=shares)


# Inputs that are changed or exchanged


@wrong("excess", "Work on a copy")
def excess(chances, group, counted):
    chances[counted == 0] = 0
    result = {}
    for g in np.unique(group):
        n = counted[group == g].sum()
        result[g] = chances[group == g].sum() / n - chances.sum() / counted.sum() if n else float("nan")
    return result


@wrong("excess", "changed places")
def excess(counted, group, chances):
    inside = counted == 1
    return {g: chances[inside & (group == g)].mean() - chances[inside].mean() for g in np.unique(group)}


@wrong("relabel", "Work on a copy")
def relabel(y, group, counted, prices):
    y[y == 0] = -1
    worth = 1.0 * y
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "changed places")
def relabel(counted, group, y, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("play", "Work on a copy")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    errors -= errors.min()
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "changed places")
def play(errors, broken, rounds, highest, rate):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("chance_selected", "Work on a copy")
def chance_selected(decisions, shares):
    shares *= 2
    return shares @ decisions / 2


# More of what a reader tried


@wrong("excess", "not the mean of the groups' rates")
def excess(chances, group, counted):
    inside = counted == 1
    rates = {g: chances[inside & (group == g)].mean() for g in np.unique(group)}
    return {g: rates[g] - np.mean(list(rates.values())) for g in rates}


@wrong("excess", "these are positions")
def excess(chances, group, counted):
    return {g: chances[counted][group[counted] == g].mean() - chances[counted].mean() for g in np.unique(group)}


@wrong("excess", "None is not a number")
def excess(chances, group, counted):
    inside = counted == 1
    result = {}
    for g in np.unique(group):
        here = chances[inside & (group == g)]
        result[g] = here.mean() - chances[inside].mean() if len(here) else None
    return result


@wrong("excess", "Those are sums")
def excess(chances, group, counted):
    return {g: (chances * counted)[group == g].sum() - (chances * counted).sum() for g in np.unique(group)}


@wrong("relabel", "*counted* people only")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / (group == g).sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "n / n_c is missing")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "both parts are for counted")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "divided the weights by n")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth) / len(y)


@wrong("relabel", "not 1 and −1")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] += price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return np.where(worth > 0, 1, -1), np.abs(worth)


@wrong("relabel", "*saves* something")
def relabel(y, group, counted, prices):
    worth = 2.0 * y - 1
    for g, price in prices.items():
        inside = (counted == 1) & (group == g)
        worth[counted == 1] -= price * len(y) / counted.sum()
        worth[inside] -= price * len(y) / inside.sum()
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "sum of all prices")
def relabel(y, group, counted, prices):
    own = np.array([prices[g] for g in group])
    n, n_c = len(y), counted.sum()
    n_gc = np.array([counted[group == g].sum() for g in group])
    worth = 2 * y - 1 + counted * own * (n / n_c - n / n_gc)
    return (worth > 0).astype(int), np.abs(worth)


@wrong("relabel", "are exchanged")
def relabel(y, group, counted, prices):
    own = np.array([prices[g] for g in group])
    n, n_c, total = len(y), counted.sum(), sum(prices.values())
    n_gc = np.array([counted[group == g].sum() for g in group])
    worth = 2 * y - 1 + counted * (total * n / n_gc - own * n / n_c)
    return (worth > 0).astype(int), np.abs(worth)


@wrong("play", "*first* of them plays")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = prices_from(theta, highest)
        best = np.flatnonzero(errors + broken @ lam == (errors + broken @ lam).min())[-1]
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "B belongs to the price")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = prices_from(theta, highest)
        best = np.argmin(errors + broken @ lam)
        played[best] += 1
        theta = theta + rate * highest * broken[best]
    return played / rounds


@wrong("play", "the price has no part in it")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = prices_from(theta, highest)
        best = np.argmin(errors + broken @ lam)
        played[best] += 1
        theta = theta + rate * lam * broken[best]
    return played / rounds


@wrong("play", "not by the mean over all classifiers")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = prices_from(theta, highest)
        best = np.argmin(errors + broken @ lam)
        played[best] += 1
        theta = theta + rate * broken.mean(axis=0)
    return played / rounds


@wrong("play", "not the largest alone")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = prices_from(theta, highest)
        best = np.argmin(errors + (broken * lam).max(axis=1))
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "not cut at 0")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = prices_from(theta, highest)
        best = np.argmin(errors + np.maximum(broken, 0) @ lam)
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "afresh")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        lam = prices_from(theta, highest)
        errors = errors + broken @ lam
        best = np.argmin(errors)
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "inside the loop?")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        best = np.argmin(errors + broken @ prices_from(theta, highest))
        played[best] += 1
        theta = theta + rate * broken[best]
        return played / rounds


@wrong("play", "One round is missing")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds - 1):
        lam = prices_from(theta, highest)
        best = np.argmin(errors + broken @ lam)
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "The prices never change")
def play(errors, broken, rounds, rate, highest):
    theta, played = np.zeros(broken.shape[1]), np.zeros(len(errors))
    for _ in range(rounds):
        theta = np.zeros(broken.shape[1])
        lam = prices_from(theta, highest)
        best = np.argmin(errors + broken @ lam)
        played[best] += 1
        theta = theta + rate * broken[best]
    return played / rounds


@wrong("play", "one classifier alone")
def play(errors, broken, rounds, rate, highest):
    theta, seen = np.zeros(broken.shape[1]), []
    for _ in range(rounds):
        seen.append(prices_from(theta, highest))
        theta = theta + rate * broken[np.argmin(errors + broken @ seen[-1])]
    best = np.argmin(errors + broken @ np.mean(seen, axis=0))
    return (np.arange(len(errors)) == best).astype(float)


@wrong("chance_selected", "it must be drawn")
def chance_selected(decisions, shares):
    return decisions.max(axis=0)


@wrong("chance_selected", "Not all classifiers need")
def chance_selected(decisions, shares):
    return decisions.min(axis=0)


@wrong("chance_selected", "You counted")
def chance_selected(decisions, shares):
    return decisions.sum(axis=0)


@wrong("chance_selected", "shares add up")
def chance_selected(decisions, shares):
    return 1 - np.prod(1 - shares[:, None] * decisions, axis=0)


@wrong("chance_selected", "Sum over the classifiers")
def chance_selected(decisions, shares):
    return decisions @ shares


@wrong("chance_selected", "one draw")
def chance_selected(decisions, shares):
    return decisions[np.random.default_rng(1).choice(len(shares), p=shares)]
