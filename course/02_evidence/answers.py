"""Answers to lesson 02 that students really give: wrong ones, with what they must be told, and right ones."""

import math
from math import sqrt

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("gap_with_error", "what is off partly cancels")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt(a * (1 - a) / people) + sqrt(b * (1 - b) / people_others)


@wrong("gap_with_error", "sign of your gap is wrong")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return b - a, sqrt(a * (1 - a) / people + b * (1 - b) / people_others)


@wrong("gap_with_error", "sign of your gap is wrong")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return abs(a - b), sqrt(a * (1 - a) / people + b * (1 - b) / people_others)


@wrong("gap_with_error", "subtracted inside the root")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt(abs(a * (1 - a) / people - b * (1 - b) / people_others))


@wrong("gap_with_error", "root is missing")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, a * (1 - a) / people + b * (1 - b) / people_others


@wrong("gap_with_error", "one rate for both groups")
def gap_with_error(yes, people, yes_others, people_others):
    p = (yes + yes_others) / (people + people_others)
    return yes / people - yes_others / people_others, sqrt(p * (1 - p) * (1 / people + 1 / people_others))


@wrong("gap_with_error", "Only one of the two groups")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt(a * (1 - a) / people)


@wrong("gap_with_error", "everyone together")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt((a * (1 - a) + b * (1 - b)) / (people + people_others))


@wrong("gap_with_error", "n − 1")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt(a * (1 - a) / (people - 1) + b * (1 - b) / (people_others - 1))


@wrong("gap_with_error", "1.96 standard errors")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, 1.96 * sqrt(a * (1 - a) / people + b * (1 - b) / people_others)


@wrong("gap_with_error", "changed places")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return sqrt(a * (1 - a) / people + b * (1 - b) / people_others), a - b


@wrong("gap_with_error", "treated the gap as one rate")
def gap_with_error(yes, people, yes_others, people_others):
    gap = yes / people - yes_others / people_others
    return gap, sqrt(abs(gap) * (1 - abs(gap)) / (people + people_others))


@wrong("gap_with_error", "difference of *rates*")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return yes - yes_others, sqrt(a * (1 - a) / people + b * (1 - b) / people_others)


@wrong("gap_with_error", "your own work")
def gap_with_error(yes, people, yes_others, people_others):
    from evenodds.metrics import selection_rate
    from evenodds.uncertainty import disparity_test

    d = np.repeat([1, 0, 1, 0], [yes, people - yes, yes_others, people_others - yes_others])
    g = np.repeat(["a", "b"], [people, people_others])
    test = disparity_test(selection_rate, d, d, sensitive_features=g, privileged="b")
    return test.estimate, test.se


@wrong("gap_with_error", "halve the SE. Yours goes from")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt(a * (1 - a) + b * (1 - b))


@wrong("gap_with_error", "changes its sign. Yours does not")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return -abs(a - b), sqrt(a * (1 - a) / people + b * (1 - b) / people_others)


@wrong("gap_with_error", "do both groups enter it?")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt(2 * b * (1 - b) / people_others)


@wrong("gap_with_error", "same rates have the same gap")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - yes_others, sqrt(a * (1 - a) / people + b * (1 - b) / people_others)


@right("gap_with_error")
def gap_with_error(yes, people, yes_others, people_others):
    rates = np.array([yes / people, yes_others / people_others])
    squared = rates * (1 - rates) / np.array([people, people_others])
    return np.array([-np.diff(rates)[0], squared.sum() ** 0.5])


@right("gap_with_error")
def gap_with_error(yes, people, yes_others, people_others):
    total = 0
    for k, n in ((yes, people), (yes_others, people_others)):
        decisions = [1] * k + [0] * (n - k)
        mean = sum(decisions) / n
        total += sum((d - mean) ** 2 for d in decisions) / n**2
    return [yes / people - yes_others / people_others, math.sqrt(total)]


# Exercise 2


@wrong("wilson", "simple interval, rate ± 1.96")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    r = count / people
    return r - 1.96 * sqrt(r * (1 - r) / people), r + 1.96 * sqrt(r * (1 - r) / people)


@wrong("wilson", "cut off at 0 and 1")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    r = count / people
    error = sqrt(r * (1 - r) / people)
    return max(0, r - 1.96 * error), min(1, r + 1.96 * error)


@wrong("wilson", "stands around the observed rate")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return count / people - reach, count / people + reach


@wrong("wilson", "z²/4 is missing")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people)
    return middle - reach, middle + reach


@wrong("wilson", "*half* of z²")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "n + z²")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / people * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "middle minus reach")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    return (count + z**2 / 2) / (people + z**2), z / (people + z**2) * sqrt(
        count * (people - count) / people + z**2 / 4
    )


@wrong("wilson", "the share s/n in its place")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z, r = 1.96, count / people
    middle = (r + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(r * (1 - r) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "nobody to divide by")
def wilson(count, people):
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "both ends are nan, not 0")
def wilson(count, people):
    if people == 0:
        return 0, 0
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "Return a pair here, too")
def wilson(count, people):
    if people == 0:
        return float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "may well be above 0")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    if count == 0:
        return 0, 0
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "your reach is computed from it")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    error = sqrt(middle * (1 - middle) / (people + z**2))
    return middle - z * error, middle + z * error


@wrong("wilson", "your own work")
def wilson(count, people):
    from evenodds.uncertainty import wilson_interval

    return tuple(wilson_interval(count, people))


@right("wilson")
def wilson(count, people):
    if not people:
        return [float("nan")] * 2
    z, r = 1.96, count / people
    middle = (r + z * z / (2 * people)) / (1 + z * z / people)
    reach = z * sqrt(r * (1 - r) / people + z * z / (4 * people**2)) / (1 + z * z / people)
    return [middle - reach, middle + reach]


@right("wilson")
def wilson(count, people):
    if people == 0:
        return np.array([np.nan, np.nan])
    z2, r = 1.96**2, count / people
    return np.sort(np.roots([1 + z2 / people, -(2 * r + z2 / people), r * r]).real)


# Exercise 3


@wrong("bootstrap_ratio", "5 % at each end")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.05, 0.95]))


@wrong("bootstrap_ratio", "upside down")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 2] / (d[:, 2] + d[:, 3]) / (d[:, 0] / (d[:, 0] + d[:, 1]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "interval of the difference")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    gap = d[:, 0] / (d[:, 0] + d[:, 1]) - d[:, 2] / (d[:, 2] + d[:, 3])
    return tuple(np.quantile(gap, [0.025, 0.975]))


@wrong("bootstrap_ratio", "divided counts by counts")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    return tuple(np.quantile(d[:, 0] / d[:, 2], [0.025, 0.975]))


@wrong("bootstrap_ratio", "approved by refused")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    return tuple(np.quantile(d[:, 0] / d[:, 1] / (d[:, 2] / d[:, 3]), [0.025, 0.975]))


@wrong("bootstrap_ratio", "hardly differ")
def bootstrap_ratio(counts, n_boot, seed):
    people = np.repeat(np.arange(4), counts)
    rng = np.random.default_rng(seed)
    d = np.array([np.bincount(rng.permutation(people), minlength=4) for _ in range(n_boot)])
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "Too wide")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum() // 3, counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "n and n_boot change places")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(n_boot, counts / counts.sum(), size=counts.sum())
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "has `n_boot` people")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(n_boot, counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "Too narrow")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(2 * counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "the group's rate alone")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    return tuple(np.quantile(d[:, 0] / (d[:, 0] + d[:, 1]), [0.025, 0.975]))


@wrong("bootstrap_ratio", "pair of numbers")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    return d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))


@wrong("bootstrap_ratio", "low end comes first")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.975, 0.025]))


@right("bootstrap_ratio")
def bootstrap_ratio(counts, n_boot, seed):
    rng = np.random.default_rng(seed)
    approved_u, refused_u, approved_p, refused_p = counts
    u = rng.binomial(approved_u + refused_u, approved_u / (approved_u + refused_u), n_boot)
    p = rng.binomial(approved_p + refused_p, approved_p / (approved_p + refused_p), n_boot)
    ratios = u / (approved_u + refused_u) / (p / (approved_p + refused_p))
    return list(np.percentile(ratios, [2.5, 97.5]))


@right("bootstrap_ratio")
def bootstrap_ratio(counts, n_boot, seed):
    rng = np.random.default_rng(seed)
    cell = np.repeat([0, 1, 2, 3], counts)
    ratios = []
    for _ in range(n_boot):
        a, b, c, d = np.bincount(rng.choice(cell, len(cell)), minlength=4)
        ratios.append((a / (a + b)) / (c / (c + d)))
    ratios = pd.Series(ratios)
    return ratios.quantile(0.025), ratios.quantile(0.975)


# Exercise 4


@wrong("crossed_table", "are not in your table")
def crossed_table(decisions, first, second):
    known = np.array([a is not None and b is not None for a, b in zip(first, second, strict=True)])
    d, first, second = decisions[known], first[known].astype(str), second[known].astype(str)
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = d[(first == a) & (second == b)]
            table[str(a), str(b)] = (len(inside), inside.mean() if len(inside) else float("nan"))
    return table


@wrong("crossed_table", "only the combinations in which there is somebody")
def crossed_table(decisions, first, second):
    people = pd.DataFrame({"d": decisions, "a": first, "b": second})
    cells = people.groupby(["a", "b"]).d.agg(["size", "mean"])
    return {cell: (int(row["size"]), row["mean"]) for cell, row in cells.iterrows()}


@wrong("crossed_table", "left out")
def crossed_table(decisions, first, second):
    people = pd.DataFrame({"d": decisions, "a": first, "b": second}).astype({"a": object, "b": object})
    people = people.fillna({"a": "missing", "b": "missing"})
    return {cell: (len(d), d.mean()) for cell, d in people.groupby(["a", "b"]).d}


@wrong("crossed_table", "A 0 would claim")
def crossed_table(decisions, first, second):
    first = np.array([x or "missing" for x in first])
    second = np.array([x or "missing" for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[str(a), str(b)] = (len(inside), inside.sum() / max(len(inside), 1))
    return table


@wrong("crossed_table", "Divide by the people of the combination")
def crossed_table(decisions, first, second):
    first = np.array([x or "missing" for x in first])
    second = np.array([x or "missing" for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[str(a), str(b)] = (
                len(inside),
                inside.sum() / len(decisions) if len(inside) else float("nan"),
            )
    return table


@wrong("crossed_table", "is a pair")
def crossed_table(decisions, first, second):
    first = np.array([x or "missing" for x in first])
    second = np.array([x or "missing" for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[str(a), str(b)] = inside.mean() if len(inside) else float("nan")
    return table


@wrong("crossed_table", "all people of the combination count")
def crossed_table(decisions, first, second):
    first = np.array([x or "missing" for x in first])
    second = np.array([x or "missing" for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[str(a), str(b)] = (inside.sum(), inside.mean() if len(inside) else float("nan"))
    return table


@wrong("crossed_table", "changed places")
def crossed_table(decisions, first, second):
    first = np.array([x or "missing" for x in first])
    second = np.array([x or "missing" for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[str(a), str(b)] = (inside.mean() if len(inside) else float("nan"), len(inside))
    return table


@wrong("crossed_table", "not None")
def crossed_table(decisions, first, second):
    table = {}
    for a in set(first):
        for b in set(second):
            inside = [d for d, x, y in zip(decisions, first, second, strict=True) if x == a and y == b]
            table[a, b] = (len(inside), sum(inside) / len(inside) if inside else float("nan"))
    return table


@wrong("crossed_table", "NoneType")
def crossed_table(decisions, first, second):
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[a, b] = (len(inside), inside.mean() if len(inside) else float("nan"))
    return table


@wrong("crossed_table", "has no entry for")
def crossed_table(decisions, first, second):
    first = np.array([x or "missing" for x in first])
    return {a: (int((first == a).sum()), decisions[first == a].mean()) for a in np.unique(first).tolist()}


@right("crossed_table")
def crossed_table(decisions, first, second):
    people = pd.DataFrame({"d": decisions, "a": first, "b": second}).astype({"a": object, "b": object})
    people = people.fillna({"a": "missing", "b": "missing"})
    every = pd.MultiIndex.from_product([people.a.unique(), people.b.unique()])
    size = people.groupby(["a", "b"]).size().reindex(every, fill_value=0)
    mean = people.groupby(["a", "b"]).d.mean().reindex(every)
    return {cell: [size[cell], mean[cell]] for cell in every}


@right("crossed_table")
def crossed_table(decisions, first, second):
    found = {}
    first, second = (["missing" if x is None else x for x in column] for column in (first, second))
    for a in first:
        for b in second:
            found[a, b] = []
    for d, a, b in zip(decisions, first, second, strict=True):
        found[a, b].append(d)
    return {c: (len(v), sum(v) / len(v)) if v else (0, np.nan) for c, v in found.items()}


# Exercise 5


@wrong("holm", "Bonferroni's correction: all values times m")
def holm(p_values):
    return np.minimum(len(p_values) * p_values, 1)


@wrong("holm", "falls below the one before it")
def holm(p_values):
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(p_values[order] * np.arange(len(p_values), 0, -1), 1)
    return adjusted


@wrong("holm", "larger than 1")
def holm(p_values):
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.maximum.accumulate(p_values[order] * np.arange(len(p_values), 0, -1))
    return adjusted


@wrong("holm", "Two things are missing")
def holm(p_values):
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    adjusted[order] = p_values[order] * np.arange(len(p_values), 0, -1)
    return adjusted


@wrong("holm", "Your values are sorted")
def holm(p_values):
    p = np.sort(p_values)
    return np.minimum(np.maximum.accumulate(p * np.arange(len(p), 0, -1)), 1)


@wrong("holm", "answers another question")
def holm(p_values):
    m = len(p_values)
    order = np.argsort(p_values)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum.accumulate((p_values[order] * m / np.arange(1, m + 1))[::-1])[::-1]
    return np.minimum(adjusted, 1)


@wrong("holm", "the wrong way")
def holm(p_values):
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * np.arange(1, len(p_values) + 1)), 1)
    return adjusted


@wrong("holm", "in the order given")
def holm(p_values):
    return np.minimum(np.maximum.accumulate(p_values * np.arange(len(p_values), 0, -1)), 1)


@wrong("holm", "not the way there")
def holm(p_values):
    order = np.argsort(p_values)
    return np.minimum(np.maximum.accumulate(p_values[order] * np.arange(len(p_values), 0, -1)), 1)[order]


@wrong("holm", "begin with m − 1")
def holm(p_values):
    order, m = np.argsort(p_values), len(p_values)
    adjusted, largest = np.empty(m), 0
    for step, position in enumerate(order, start=1):
        largest = max(largest, (m - step) * p_values[position])
        adjusted[position] = min(largest, 1)
    return adjusted


@wrong("holm", "not a Series")
def holm(p_values):
    p = pd.Series(p_values).sort_values(kind="stable")
    return (p * np.arange(len(p), 0, -1)).cummax().clip(upper=1).sort_index()


@right("holm")
def holm(p_values):
    p = pd.Series(p_values).sort_values(kind="stable")
    return (p * np.arange(len(p), 0, -1)).cummax().clip(upper=1).sort_index().to_numpy()


@right("holm")
def holm(p_values):
    result = []
    for q in p_values:
        smaller = [p for p in p_values if p <= q]
        result.append(min(1, max(p * sum(other >= p for other in p_values) for p in smaller)))
    return np.array(result)


# Exercise 6


@wrong("people_needed", "neither down nor to the nearest")
def people_needed(rate, rate_others, base_rate=1):
    n = int(2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "no parts of people")
def people_needed(rate, rate_others, base_rate=1):
    n = 2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2
    return n, n / base_rate


@wrong("people_needed", "Round the second number up as well")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, n / base_rate


@wrong("people_needed", "only half of the audits")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(1.96**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "before you square")
def people_needed(rate, rate_others, base_rate=1):
    z = 1.96**2 + 0.84**2
    n = math.ceil(z * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "gap below the line is squared")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / abs(rate - rate_others))
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "not fewer")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, math.ceil(n * base_rate)


@wrong("people_needed", "both groups together")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(2 * 2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "Only the first group's")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(2.8**2 * rate * (1 - rate) / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "before you divide by the base rate")
def people_needed(rate, rate_others, base_rate=1):
    n = 2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2
    return math.ceil(n), math.ceil(n / base_rate)


@wrong("people_needed", "your own work")
def people_needed(rate, rate_others, base_rate=1):
    from evenodds.uncertainty import sample_size_for_gap

    n, _ = sample_size_for_gap(rate, rate_others)
    return n, math.ceil(n / base_rate)


@right("people_needed")
def people_needed(rate, rate_others, base_rate=1):
    variances = sum(r - r**2 for r in (rate, rate_others))
    n = np.ceil((1.96 + 0.84) ** 2 * variances / (rate_others - rate) ** 2)
    return n, np.ceil(n / base_rate)


@right("people_needed")
def people_needed(rate, rate_others, base_rate=1):
    n = 1
    while abs(rate - rate_others) < (1.96 + 0.84) * sqrt((rate * (1 - rate) + rate_others * (1 - rate_others)) / n):
        n += 1
    looked_at = n
    while looked_at * base_rate < n:
        looked_at += 1
    return [n, looked_at]


@wrong("people_needed", "does not use `base_rate`")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, n


@wrong("people_needed", "one average rate")
def people_needed(rate, rate_others, base_rate=1):
    p = (rate + rate_others) / 2
    n = math.ceil(2.8**2 * 2 * p * (1 - p) / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("holm", "largest of *all*")
def holm(p_values):
    order, m = np.argsort(p_values), len(p_values)
    adjusted = np.empty(m)
    for step, position in enumerate(order):
        product = (m - step) * p_values[position]
        before = (m - step + 1) * p_values[order[step - 1]] if step else 0
        adjusted[position] = min(1, max(product, before))
    return adjusted


@wrong("holm", "from the largest p-value down")
def holm(p_values):
    order, m = np.argsort(p_values)[::-1], len(p_values)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p_values[order] * np.arange(m, 0, -1)))
    return adjusted


@wrong("wilson", "brackets around what stands above")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = count + z**2 / 2 / people + z**2
    reach = z / people + z**2 * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "divided by n")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) + z**2 / 4)
    return middle - reach, middle + reach


@wrong("bootstrap_ratio", "with its own share")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), [0.25] * 4, size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "rows for columns")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[0] / d[:2].sum() / (d[2] / d[2:].sum())
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("crossed_table", "called 'None'")
def crossed_table(decisions, first, second):
    first, second = first.astype(str), second.astype(str)
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[str(a), str(b)] = (len(inside), inside.mean() if len(inside) else float("nan"))
    return table


@wrong("crossed_table", "is known: 0")
def crossed_table(decisions, first, second):
    first = np.array([x or "missing" for x in first])
    second = np.array([x or "missing" for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[str(a), str(b)] = (len(inside), inside.mean() if inside.sum() else float("nan"))
    return table


@wrong("bootstrap_ratio", "1.96 standard deviations to each side")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return ratio.mean() - 1.96 * ratio.std(), ratio.mean() + 1.96 * ratio.std()


@wrong("bootstrap_ratio", "does not use `seed`")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(0).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "same seed gives another interval")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng().multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "use `n_boot`")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=1000)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "observed rate of the others in every draw")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (counts[2] / (counts[2] + counts[3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@right("wilson")
def wilson(count, people):
    if people == 0:
        return np.nan, np.nan
    z, q = 1.96, 3.84
    middle = (count + q / 2) / (people + q)
    reach = z / (people + q) * sqrt(count * (people - count) / people + q / 4)
    return middle - reach, middle + reach


@right("wilson")
def wilson(count, people):
    from scipy.stats import norm

    if people == 0:
        return np.nan, np.nan
    z = norm.ppf(0.975)
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@right("people_needed")
def people_needed(rate, rate_others, base_rate=1):
    from scipy.stats import norm

    z = norm.ppf(0.975) + norm.ppf(0.8)
    n = math.ceil(z**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("holm", "stopped at the first value above 0.05")
def holm(p_values):
    order, m = np.argsort(p_values), len(p_values)
    adjusted, largest = p_values.copy(), 0
    for step, position in enumerate(order):
        largest = max(largest, min(1, (m - step) * p_values[position]))
        if largest > 0.05:
            break
        adjusted[position] = largest
    return adjusted


@wrong("bootstrap_ratio", "counts in per cent")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.percentile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "rows for columns")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=n_boot)
    ratio = d[0] / (d[0] + d[1]) / (d[2] / (d[2] + d[3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("gap_with_error", "and you added the two SEs")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    v, v0 = a * (1 - a) / people, b * (1 - b) / people_others
    return b - a, sqrt(v) + sqrt(v0)


@wrong("gap_with_error", "Each n belongs under the root")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    return a - b, sqrt(a * (1 - a)) / people + sqrt(b * (1 - b)) / people_others


@wrong("gap_with_error", "That is the interval")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    v, v0 = a * (1 - a) / people, b * (1 - b) / people_others
    return a - b - 1.96 * sqrt(v + v0), a - b + 1.96 * sqrt(v + v0)


@wrong("gap_with_error", "rounding is for printing")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    v, v0 = a * (1 - a) / people, b * (1 - b) / people_others
    return round(a - b, 4), round(sqrt(v + v0), 4)


@wrong("gap_with_error", "the cells below unpack it")
def gap_with_error(yes, people, yes_others, people_others):
    a, b = yes / people, yes_others / people_others
    v, v0 = a * (1 - a) / people, b * (1 - b) / people_others
    return pd.Series({"gap": a - b, "se": sqrt(v + v0)})


@wrong("wilson", "may well be below 1")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    if count == people:
        return 1.0, 1.0
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "That is rounded")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return round(middle - reach, 3), round(middle + reach, 3)


@wrong("wilson", "interval of 90 %")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.645
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "you put the share there")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count / people * (1 - count / people) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "Put brackets around")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / people + z**2
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "right order")
def wilson(people, count):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("wilson", "outside it")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = sqrt(z / (people + z**2) * (count * (people - count) / people + z**2 / 4))
    return middle - reach, middle + reach


@wrong("wilson", "plain pair of numbers")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return pd.Series([middle - reach, middle + reach])


@wrong("wilson", "half of z² is added to the count, and z²")
def wilson(count, people):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(count * (people - count) / people + z**2 / 4)
    return middle - reach, middle + reach


@wrong("bootstrap_ratio", "5 % at the low end")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.05, 0.975]))


@wrong("bootstrap_ratio", "5 % at the high end")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.95]))


@wrong("bootstrap_ratio", "made of refusals")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[:, 1] / (d[:, 0] + d[:, 1]) / (d[:, 3] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "divide by the draw's own sums")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[:, 0] / (counts[0] + counts[1]) / (d[:, 2] / (counts[2] + counts[3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "mirrored the interval")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    seen = counts[0] / (counts[0] + counts[1]) / (counts[2] / (counts[2] + counts[3]))
    return tuple(2 * seen - np.quantile(ratio, [0.975, 0.025]))


@wrong("bootstrap_ratio", "or there is only one")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(n_boot).multinomial(n, counts / n, size=seed)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "An end of your interval is nan")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(3, counts / n, size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "With one draw your function stops")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[0] / (d[0] + d[1]) / (d[2] / (d[2] + d[3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("bootstrap_ratio", "plain pair of numbers")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return pd.Series(ratio).quantile([0.025, 0.975])


@wrong("bootstrap_ratio", "25 % at each end")
def bootstrap_ratio(counts, n_boot, seed):
    n = counts.sum()
    d = np.random.default_rng(seed).multinomial(n, counts / n, size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.25, 0.75]))


@wrong("crossed_table", "in small letters")
def crossed_table(decisions, first, second):
    first = np.array(["Missing" if x is None else x for x in first])
    second = np.array(["Missing" if x is None else x for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[a, b] = (len(inside), inside.mean() if len(inside) else float("nan"))
    return table


@wrong("crossed_table", "do it for both")
def crossed_table(decisions, first, second):
    first = np.array([str(x) for x in first])
    second = np.array(["missing" if x is None else x for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[a, b] = (len(inside), inside.mean() if len(inside) else float("nan"))
    return table


@wrong("crossed_table", "Return a dict, not a Series")
def crossed_table(decisions, first, second):
    first = np.array(["missing" if x is None else x for x in first])
    second = np.array(["missing" if x is None else x for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[a, b] = (len(inside), inside.mean() if len(inside) else float("nan"))
    return pd.Series(table)


@wrong("crossed_table", "is a plain pair")
def crossed_table(decisions, first, second):
    first = np.array(["missing" if x is None else x for x in first])
    second = np.array(["missing" if x is None else x for x in second])
    table = {}
    for a in np.unique(first):
        for b in np.unique(second):
            inside = decisions[(first == a) & (second == b)]
            table[a, b] = pd.Series({"people": len(inside), "rate": inside.mean() if len(inside) else np.nan})
    return table


@wrong("holm", "not a list")
def holm(p_values):
    m, order = len(p_values), np.argsort(p_values)
    adjusted, largest = np.empty(m), 0
    for step, position in enumerate(order):
        largest = max(largest, (m - step) * p_values[position])
        adjusted[position] = min(largest, 1)
    return adjusted.tolist()


@wrong("holm", "0.0502 is no finding")
def holm(p_values):
    m, order = len(p_values), np.argsort(p_values)
    adjusted, largest = np.empty(m), 0
    for step, position in enumerate(order):
        largest = max(largest, (m - step) * p_values[position])
        adjusted[position] = min(largest, 1)
    return adjusted.round(2)


@wrong("holm", "not ranks")
def holm(p_values):
    order = np.argsort(p_values)
    return np.minimum(1, p_values * (len(p_values) - order))


@wrong("holm", "not the 5 of the table")
def holm(p_values):
    m, order = len(p_values), np.argsort(p_values)
    adjusted, largest = np.empty(m), 0
    for step, position in enumerate(order):
        largest = max(largest, (5 - step) * p_values[position])
        adjusted[position] = min(largest, 1)
    return adjusted


@wrong("holm", "called the rest 1")
def holm(p_values):
    m, order = len(p_values), np.argsort(p_values)
    adjusted, largest = np.ones(m), 0
    for step, position in enumerate(order):
        largest = max(largest, (m - step) * p_values[position])
        if largest > 0.05:
            break
        adjusted[position] = min(largest, 1)
    return adjusted


@wrong("holm", "left the rest at 0")
def holm(p_values):
    m, order = len(p_values), np.argsort(p_values)
    adjusted, largest = np.zeros(m), 0
    for step, position in enumerate(order):
        largest = max(largest, (m - step) * p_values[position])
        if largest > 0.05:
            break
        adjusted[position] = min(largest, 1)
    return adjusted


@wrong("holm", "finds only the first")
def holm(p_values):
    m, largest, values = len(p_values), 0, p_values.tolist()
    adjusted = np.zeros(m)
    for step, value in enumerate(sorted(values)):
        largest = max(largest, (m - step) * value)
        adjusted[values.index(value)] = min(largest, 1)
    return adjusted


@wrong("holm", "smallest from the end")
def holm(p_values):
    order, m = np.argsort(p_values), len(p_values)
    product = p_values[order] * np.arange(m, 0, -1)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(1, np.minimum.accumulate(product[::-1])[::-1])
    return adjusted


@wrong("people_needed", "changed places")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 0.84) ** 2 * spread / (rate - rate_others) ** 2)
    return math.ceil(n / base_rate), n


@wrong("people_needed", "first is of those who count")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 0.84) ** 2 * spread / (rate - rate_others) ** 2)
    return math.ceil(n / base_rate), math.ceil(n / base_rate)


@wrong("people_needed", "base rate twice")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 0.84) ** 2 * spread / (rate - rate_others) ** 2 / base_rate)
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "neither down nor to the nearest")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = round((1.96 + 0.84) ** 2 * spread / (rate - rate_others) ** 2)
    return n, round(n / base_rate)


@wrong("people_needed", "neither down nor to the nearest")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 0.84) ** 2 * spread / (rate - rate_others) ** 2)
    return n, int(n / base_rate)


@wrong("people_needed", "power of 90 %")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 1.28) ** 2 * spread / (rate - rate_others) ** 2)
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "put brackets around it")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 0.84) ** 2 * spread / abs(rate - rate_others**2))
    return n, math.ceil(n / base_rate)


@wrong("people_needed", "Return a pair")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 0.84) ** 2 * spread / (rate - rate_others) ** 2)
    return math.ceil(n / base_rate)


@wrong("people_needed", "the cells below unpack it")
def people_needed(rate, rate_others, base_rate=1):
    spread = rate * (1 - rate) + rate_others * (1 - rate_others)
    n = math.ceil((1.96 + 0.84) ** 2 * spread / (rate - rate_others) ** 2)
    return pd.Series({"counted": n, "looked_at": math.ceil(n / base_rate)})


@wrong("people_needed", "put brackets around it")
def people_needed(rate, rate_others, base_rate=1):
    n = math.ceil(2.8**2 * (rate * (1 - rate) + rate_others * (1 - rate_others)) / rate - rate_others**2)
    return n, math.ceil(n / base_rate)


@wrong("bootstrap_ratio", "as many people as there are")
def bootstrap_ratio(counts, n_boot, seed):
    d = np.random.default_rng(seed).multinomial(100, counts / counts.sum(), size=n_boot)
    ratio = d[:, 0] / (d[:, 0] + d[:, 1]) / (d[:, 2] / (d[:, 2] + d[:, 3]))
    return tuple(np.quantile(ratio, [0.025, 0.975]))


@wrong("wilson", "right order")
def wilson(people, count):
    if people == 0:
        return float("nan"), float("nan")
    z = 1.96
    middle = (count + z**2 / 2) / (people + z**2)
    reach = z / (people + z**2) * sqrt(abs(count * (people - count)) / people + z**2 / 4)
    return middle - reach, middle + reach
