"""Answers to lesson 05 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("auc", "you gave it nothing")
def auc(scores, member):
    inside, outside = scores[member == 1], scores[member == 0]
    if len(inside) == 0 or len(outside) == 0:
        return float("nan")
    return (inside[:, None] > outside).mean()


@wrong("auc", "you gave it one")
def auc(scores, member):
    inside, outside = scores[member == 1], scores[member == 0]
    if len(inside) == 0 or len(outside) == 0:
        return float("nan")
    return (inside[:, None] >= outside).mean()


@wrong("auc", "Turned round")
def auc(scores, member):
    inside, outside = scores[member == 1], scores[member == 0]
    if len(inside) == 0 or len(outside) == 0:
        return float("nan")
    return (inside[:, None] < outside).mean() + (inside[:, None] == outside).mean() / 2


@wrong("auc", "wrong number of pairs")
def auc(scores, member):
    total = 0
    for s, m in zip(scores, member, strict=True):
        for t, k in zip(scores, member, strict=True):
            if m == 1 and k == 0:
                total += 1 if s > t else 0.5 if s == t else 0
    return total / len(scores) ** 2


@wrong("auc", "wrong number of pairs")
def auc(scores, member):
    inside, outside = scores[member == 1], scores[member == 0]
    wins = (inside[:, None] > outside).sum() + (inside[:, None] == outside).sum() / 2
    return wins / (len(scores) * (len(scores) - 1) / 2)


@wrong("auc", "sum over all pairs")
def auc(scores, member):
    inside, outside = scores[member == 1], scores[member == 0]
    return (inside[:, None] > outside).sum() + (inside[:, None] == outside).sum() / 2


@wrong("auc", "accuracy at the threshold")
def auc(scores, member):
    return np.mean((scores > 0.5) == (member == 1))


@wrong("auc", "difference of two means")
def auc(scores, member):
    return scores[member == 1].mean() - scores[member == 0].mean()


@wrong("auc", "unknown")
def auc(scores, member):
    inside, outside = scores[member == 1], scores[member == 0]
    if len(inside) == 0 or len(outside) == 0:
        return 0.5
    return (inside[:, None] > outside).mean() + (inside[:, None] == outside).mean() / 2


@wrong("auc", "nobody to divide by")
def auc(scores, member):
    inside = [s for s, m in zip(scores, member, strict=True) if m == 1]
    outside = [s for s, m in zip(scores, member, strict=True) if m == 0]
    wins = sum((a > b) + 0.5 * (a == b) for a in inside for b in outside)
    return int(2 * wins) / 2 / (len(inside) * len(outside))


@wrong("auc", "Only the first member")
def auc(scores, member):
    outside = scores[member == 0]
    for s in scores[member == 1]:
        return float("nan") if len(outside) == 0 else ((s > outside) + (s == outside) / 2).mean()
    return float("nan")


@wrong("auc", "your own work")
def auc(scores, member):
    from sklearn.metrics import roc_auc_score

    return roc_auc_score(member, scores)


@right("auc")
def auc(scores, member):
    inside = [s for s, m in zip(scores, member, strict=True) if m == 1]
    outside = [s for s, m in zip(scores, member, strict=True) if m == 0]
    if not inside or not outside:
        return float("nan")
    total = 0.0
    for a in inside:
        for b in outside:
            if a > b:
                total += 1
            elif a == b:
                total += 0.5
    return total / (len(inside) * len(outside))


@right("auc")
def auc(scores, member):
    ranks = pd.Series(scores).rank()
    n1 = (member == 1).sum()
    n0 = (member == 0).sum()
    if n1 * n0 == 0:
        return np.nan
    return (ranks[member == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)


@right("auc")
def auc(scores, member):
    pairs = [np.sign(a - b) for a in scores[member == 1] for b in scores[member == 0]]
    return 0.5 + np.mean(pairs) / 2 if pairs else float("nan")


@wrong("auc", "both sides")
def auc(scores, member):
    n = range(len(scores))
    pairs = [np.sign(scores[i] - scores[j]) / 2 + 0.5 for i in n for j in n if member[i] != member[j]]
    return np.mean(pairs) if pairs else float("nan")


@wrong("auc", "further down the list")
def auc(scores, member):
    n = len(scores)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if member[i] == 1 and member[j] == 0]
    return np.mean([np.sign(scores[i] - scores[j]) / 2 + 0.5 for i, j in pairs]) if pairs else float("nan")


@right("auc")
def auc(scores, member):
    from scipy.stats import mannwhitneyu

    inside, outside = scores[member == 1], scores[member == 0]
    if len(inside) * len(outside) == 0:
        return float("nan")
    return mannwhitneyu(inside, outside).statistic / (len(inside) * len(outside))


@wrong("auc", "`~member` is no mask")
def auc(scores, member):
    inside, outside = scores[member == 1], scores[~member]
    if len(inside) == 0 or 0 not in member:
        return float("nan")
    return (inside[:, None] > outside).mean() + (inside[:, None] == outside).mean() / 2


@wrong("auc", "changed places")
def auc(scores, member):
    member, scores = scores, member
    inside, outside = scores[member == 1], scores[member == 0]
    if len(inside) == 0 or len(outside) == 0:
        return float("nan")
    return (inside[:, None] > outside).mean() + (inside[:, None] == outside).mean() / 2


# Exercise 2


@wrong("recoverability", "scaled the columns with everybody")
def recoverability(new_model, X, member, train):
    from sklearn.preprocessing import StandardScaler

    X = StandardScaler().fit_transform(X)
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[~train])[:, 1], member[~train])


@wrong("recoverability", "That is up to the model")
def recoverability(new_model, X, member, train):
    from sklearn.preprocessing import StandardScaler

    X = StandardScaler().fit(X[train]).transform(X)
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[~train])[:, 1], member[~train])


@wrong("recoverability", "remembers the answers")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[train])[:, 1], member[train])


@wrong("recoverability", "learns from everybody")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X, member)
    return auc(model.predict_proba(X[~train])[:, 1], member[~train])


@wrong("recoverability", "judge on everybody")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X)[:, 1], member)


@wrong("recoverability", "learns from everybody")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X, member)
    return auc(model.predict_proba(X)[:, 1], member)


@wrong("recoverability", "*not* being a member")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[~train])[:, 0], member[~train])


@wrong("recoverability", "compare decisions")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict(X[~train]), member[~train])


@wrong("recoverability", "That is the accuracy")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return np.mean(model.predict(X[~train]) == member[~train])


@wrong("recoverability", "That is the accuracy")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return model.score(X[~train], member[~train])


@wrong("recoverability", "changed places")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[~train], member[~train])
    return auc(model.predict_proba(X[train])[:, 1], member[train])


@wrong("recoverability", "best single column")
def recoverability(new_model, X, member, train):
    alone = [auc(X[~train][:, j], member[~train]) for j in range(X.shape[1])]
    return max(max(a, 1 - a) for a in alone)


@wrong("recoverability", "straight lines only")
def recoverability(new_model, X, member, train):
    return max(abs(np.corrcoef(X[~train][:, j], member[~train])[0, 1]) for j in range(X.shape[1]))


@wrong("recoverability", "gives two columns")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[~train]), member[~train])


@wrong("recoverability", "only the first two people are judged on")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[1 - train])[:, 1], member[1 - train])


@wrong("recoverability", "Score the same people")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[1 - train])[:, 1], member[~train])


@wrong("recoverability", "the second *person*")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(model.predict_proba(X[~train])[1], member[~train])


@wrong("recoverability", "takes the scores first")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    return auc(member[~train], model.predict_proba(X[~train])[:, 1])


@wrong("recoverability", "your own work")
def recoverability(new_model, X, member, train):
    from evenodds.proxies import group_predictability

    return float(group_predictability(X, member, estimator=new_model()))


@right("recoverability")
def recoverability(new_model, X, member, train):
    known = np.flatnonzero(train)
    unknown = np.flatnonzero(np.logical_not(train))
    table = pd.DataFrame(X)
    model = new_model().fit(table.iloc[known], member[known])
    return auc(model.predict_proba(table.iloc[unknown])[:, -1], member[unknown])


@right("recoverability")
def recoverability(new_model, X, member, train):
    model = new_model()
    model.fit(X[train], member[train])
    chance = model.predict_proba(X)[:, 1]
    inside = [c for c, m, t in zip(chance, member, train, strict=True) if not t and m == 1]
    outside = [c for c, m, t in zip(chance, member, train, strict=True) if not t and m == 0]
    return sum((a > b) + (a == b) / 2 for a in inside for b in outside) / len(inside) / len(outside)


# Exercise 3


@wrong("flip_test", "Gains and losses cancel")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return abs(after.mean() - before.mean()), before[m].mean() - before[~m].mean()


@wrong("flip_test", "Some people keep their entry")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "Some people keep their entry")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 0}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "both tables give the same decisions")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    turned = table
    turned[column] = 1 - turned[column]
    before, after = predict(table), predict(turned)
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "share whose decision stays")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before == after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "sign of the impact is flipped")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[~m].mean() - before[m].mean()


@wrong("flip_test", "their ratio")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[m].mean() / before[~m].mean()


@wrong("flip_test", "after the flip")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), after[m].mean() - after[~m].mean()


@wrong("flip_test", "raise a ValueError here")
def flip_test(predict, table, column):
    if column not in table:
        return 0.0, 0.0
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "A ValueError was expected")
def flip_test(predict, table, column):
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "count of people")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.sum(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "share of *everybody*")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean((before != after)[m]), before[m].mean() - before[~m].mean()


@wrong("flip_test", "does not mention")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError("something is missing")
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "changed places")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return before[m].mean() - before[~m].mean(), np.mean(before != after)


@right("flip_test")
def flip_test(predict, table, column):
    if column not in table.columns:
        raise ValueError(f"no {column} in the table")
    ones, zeros = (predict(table.assign(**{column: value})) for value in (1, 0))
    as_is = pd.Series(predict(table), index=table.index)
    rates = as_is.groupby(table[column]).mean()
    return np.mean(np.asarray(ones) != np.asarray(zeros)), rates[1] - rates[0]


@right("flip_test")
def flip_test(predict, table, column):
    if column not in list(table):
        raise ValueError("unknown group: " + column)
    other = table.copy()
    other[column] = [0 if value == 1 else 1 for value in table[column]]
    changed, people = 0, {0: [], 1: []}
    for before, after, group in zip(predict(table), predict(other), table[column], strict=True):
        changed += before != after
        people[group].append(before)
    return [changed / len(table), sum(people[1]) / len(people[1]) - sum(people[0]) / len(people[0])]


@wrong("flip_test", "other columns are turned too")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.replace({0: 1, 1: 0}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "A ValueError was expected")
def flip_test(predict, table, column):
    if column == "member" and "member" not in table:
        raise ValueError("member")
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "Entries are shuffled among people")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    mixed = np.random.default_rng(0).permutation(table[column])
    before, after = predict(table), predict(table.assign(**{column: mixed}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "Entries are shuffled among people")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    mixed = table[column].sample(frac=1, random_state=1).to_numpy()
    before, after = predict(table), predict(table.assign(**{column: mixed}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "Turn them round with `1 - …`")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before, after = predict(table), predict(table.assign(**{column: ~table[column]}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "positions and no mask")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column].to_numpy()
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[m == 1].mean() - before[~m].mean()


@wrong("flip_test", "positions and no mask")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column].to_numpy()
    before, after = predict(table), predict(table.assign(**{column: 1 - table[column]}))
    return np.mean(before != after), before[m].mean() - before[~m].mean()


@wrong("flip_test", "Afterwards the table has other entries")
def flip_test(predict, table, column):
    if column not in table:
        raise ValueError(column)
    m = table[column] == 1
    before = predict(table)
    impact = before[m].mean() - before[~m].mean()
    table[column] = 1 - table[column]
    return np.mean(before != predict(table)), impact


# Exercise 4


@wrong("violations", "Compare every pair")
def violations(people, scores, distance, lipschitz):
    return [
        (i, i + 1)
        for i in range(len(scores) - 1)
        if abs(scores[i] - scores[i + 1]) > lipschitz * distance(people[i], people[i + 1])
    ]


@wrong("violations", "absolute difference")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if scores[i] - scores[j] > lipschitz * distance(people[i], people[j])
    ]


@wrong("violations", "squared")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) > lipschitz * distance(people[i], people[j]) ** 2
    ]


@wrong("violations", "at distance 0")
def violations(people, scores, distance, lipschitz):
    import itertools

    found = []
    for i, j in itertools.combinations(range(len(scores)), 2):
        d = distance(people[i], people[j])
        if d > 0 and abs(scores[i] - scores[j]) / d > lipschitz:
            found.append((i, j))
    return found


@wrong("violations", "equals the bound")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) >= lipschitz * distance(people[i], people[j])
    ]


@wrong("violations", "listed twice")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(n)
        if abs(scores[i] - scores[j]) > lipschitz * distance(people[i], people[j])
    ]


@wrong("violations", "`lipschitz` is not used")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j) for i in range(n) for j in range(i + 1, n) if abs(scores[i] - scores[j]) > distance(people[i], people[j])
    ]


@wrong("violations", "wrong side")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if lipschitz * abs(scores[i] - scores[j]) > distance(people[i], people[j])
    ]


@wrong("violations", "*keep* the bound")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) <= lipschitz * distance(people[i], people[j])
    ]


@wrong("violations", "Use the `distance` you are given")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) > lipschitz * np.linalg.norm(people[i] - people[j])
    ]


@wrong("violations", "first person")
def violations(people, scores, distance, lipschitz):
    found = []
    for i in range(len(scores)):
        for j in range(i + 1, len(scores)):
            if abs(scores[i] - scores[j]) > lipschitz * distance(people[i], people[j]):
                found.append((i, j))
        return found


@wrong("violations", "your own work")
def violations(people, scores, distance, lipschitz):
    from evenodds.individual import lipschitz_violations

    found = lipschitz_violations(people, scores, lipschitz=lipschitz, metric=distance)
    return sorted(zip(found["first"], found["second"], strict=True))


@right("violations")
def violations(people, scores, distance, lipschitz):
    from itertools import combinations

    return [
        (i, j)
        for i, j in combinations(range(len(scores)), 2)
        if not abs(scores[i] - scores[j]) <= lipschitz * distance(people[i], people[j])
    ]


@right("violations")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    gap = np.abs(np.subtract.outer(scores, scores))
    bound = lipschitz * np.array([[distance(people[i], people[j]) for j in range(n)] for i in range(n)])
    return np.argwhere(np.triu(gap > bound, k=1)).tolist()


@wrong("violations", "sort by i")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for j in range(n)
        for i in range(j)
        if abs(scores[i] - scores[j]) > lipschitz * distance(people[i], people[j])
    ]


@wrong("violations", "largest of the differences")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) > lipschitz * np.max(np.abs(people[i] - people[j]))
    ]


@wrong("violations", "Use the `distance` you are given")
def violations(people, scores, distance, lipschitz):
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) > lipschitz * np.sum(np.abs(people[i] - people[j]))
    ]


@wrong("violations", "You scale the columns")
def violations(people, scores, distance, lipschitz):
    people = (people - people.mean(axis=0)) / people.std(axis=0)
    n = len(scores)
    return [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(scores[i] - scores[j]) > lipschitz * distance(people[i], people[j])
    ]


# Exercise 5


@wrong("consistency", "as if walking along streets")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        away = np.abs(people - people[i]).sum(axis=1)
        away[i] = np.inf
        differences.append(abs(y_pred[i] - y_pred[np.argsort(away)[:n_neighbors]].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "largest of the differences")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        away = np.abs(people - people[i]).max(axis=1)
        away[i] = np.inf
        differences.append(abs(y_pred[i] - y_pred[np.argsort(away)[:n_neighbors]].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "You scale the columns")
def consistency(people, y_pred, n_neighbors):
    people = (people - people.mean(axis=0)) / people.std(axis=0)
    differences = []
    for i in range(len(people)):
        away = np.linalg.norm(people - people[i], axis=1)
        away[i] = np.inf
        differences.append(abs(y_pred[i] - y_pred[np.argsort(away)[:n_neighbors]].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "exactly alike")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        away = np.linalg.norm(people - people[i], axis=1)
        away[away == 0] = np.inf
        differences.append(abs(y_pred[i] - y_pred[np.argsort(away)[:n_neighbors]].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "last person is missing")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people) - 1):
        away = np.linalg.norm(people - people[i], axis=1)
        away[i] = np.inf
        differences.append(abs(y_pred[i] - y_pred[np.argsort(away)[:n_neighbors]].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "positions have shifted")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        away = np.delete(np.linalg.norm(people - people[i], axis=1), i)
        differences.append(abs(y_pred[i] - y_pred[np.argsort(away)[:n_neighbors]].mean()))
    return 1 - np.mean(differences)


@right("consistency")
def consistency(people, y_pred, n_neighbors):
    from sklearn.neighbors import NearestNeighbors

    nearest = NearestNeighbors(n_neighbors=n_neighbors).fit(people).kneighbors(return_distance=False)
    return 1 - np.abs(y_pred - y_pred[nearest].mean(axis=1)).mean()


@wrong("consistency", "their own neighbours")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[:n_neighbors]
        differences.append(abs(y_pred[i] - y_pred[nearest].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "k others and the person")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[: n_neighbors + 1]
        differences.append(abs(y_pred[i] - y_pred[nearest].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "one minus it")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[1 : n_neighbors + 1]
        differences.append(abs(y_pred[i] - y_pred[nearest].mean()))
    return np.mean(differences)


@wrong("consistency", "squared")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[1 : n_neighbors + 1]
        differences.append((y_pred[i] - y_pred[nearest].mean()) ** 2)
    return 1 - np.mean(differences)


@wrong("consistency", "opposite sign cancel")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[1 : n_neighbors + 1]
        differences.append(y_pred[i] - y_pred[nearest].mean())
    return 1 - abs(np.mean(differences))


@wrong("consistency", "by the number of people")
def consistency(people, y_pred, n_neighbors):
    total = 0
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[1 : n_neighbors + 1]
        total += abs(y_pred[i] - y_pred[nearest].mean())
    return 1 - total


@wrong("consistency", "farthest")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(-np.linalg.norm(people - people[i], axis=1))[:n_neighbors]
        differences.append(abs(y_pred[i] - y_pred[nearest].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "first column")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(abs(people[:, 0] - people[i, 0]))[1 : n_neighbors + 1]
        differences.append(abs(y_pred[i] - y_pred[nearest].mean()))
    return 1 - np.mean(differences)


@wrong("consistency", "mean of everybody")
def consistency(people, y_pred, n_neighbors):
    return 1 - np.mean(abs(y_pred - y_pred.mean()))


@wrong("consistency", "One neighbour too few")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[:n_neighbors]
        nearest = nearest[nearest != i]
        differences.append(abs(y_pred[i] - y_pred[nearest].mean()) if len(nearest) else 0)
    return 1 - np.mean(differences)


@wrong("consistency", "*sum* of the neighbours'")
def consistency(people, y_pred, n_neighbors):
    differences = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[1 : n_neighbors + 1]
        differences.append(abs(y_pred[i] - y_pred[nearest].sum()))
    return 1 - np.mean(differences)


@wrong("consistency", "majority")
def consistency(people, y_pred, n_neighbors):
    agree = []
    for i in range(len(people)):
        nearest = np.argsort(np.linalg.norm(people - people[i], axis=1))[1 : n_neighbors + 1]
        agree.append(y_pred[i] == (y_pred[nearest].mean() > 0.5))
    return np.mean(agree)


@wrong("consistency", "your own work")
def consistency(people, y_pred, n_neighbors):
    from evenodds.individual import consistency as theirs

    return theirs(people, y_pred, n_neighbors=n_neighbors)


@right("consistency")
def consistency(people, y_pred, n_neighbors):
    n = len(people)
    total = 0
    for i in range(n):
        others = sorted((j for j in range(n) if j != i), key=lambda j: sum((people[j] - people[i]) ** 2))
        near = others[:n_neighbors]
        total += abs(y_pred[i] - sum(y_pred[j] for j in near) / n_neighbors)
    return 1 - total / n


@right("consistency")
def consistency(people, y_pred, n_neighbors):
    from scipy.spatial.distance import cdist

    away = cdist(people, people)
    np.fill_diagonal(away, np.inf)
    nearest = np.argsort(away, axis=1)[:, :n_neighbors]
    return float(1 - pd.Series(np.abs(y_pred - y_pred[nearest].mean(axis=1))).mean())
