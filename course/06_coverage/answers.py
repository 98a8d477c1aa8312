"""Answers to lesson 06 that students really give: wrong ones, with what they must be told, and right ones."""

import math

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong


def round_up(number):
    """As in the lesson, which defines it for answers."""
    return math.ceil(round(number, 9))


# Exercise 1


@wrong("nonconformity_scores", "one minus that")
def nonconformity_scores(proba, answer):
    return proba[np.arange(len(answer)), answer]


@wrong("nonconformity_scores", "which `answer` names")
def nonconformity_scores(proba, answer):
    return 1 - proba.max(axis=1)


@wrong("nonconformity_scores", "counted from 0")
def nonconformity_scores(proba, answer):
    return np.array([1 - row[a - 1] for row, a in zip(proba, answer, strict=True)])


@wrong("nonconformity_scores", "a square table")
def nonconformity_scores(proba, answer):
    return 1 - proba[:, answer]


@wrong("nonconformity_scores", "first column of every row")
def nonconformity_scores(proba, answer):
    return 1 - proba[:, 0]


@wrong("nonconformity_scores", "lies behind the most probable")
def nonconformity_scores(proba, answer):
    return proba.max(axis=1) - proba[np.arange(len(answer)), answer]


@wrong("nonconformity_scores", "one score for each row")
def nonconformity_scores(proba, answer):
    return np.mean(1 - proba[np.arange(len(answer)), answer])


@wrong("nonconformity_scores", "0.300")
def nonconformity_scores(proba, answer):
    return np.array([0.3, 0.7, 0.6, 0.5])[: len(answer)]


@wrong("nonconformity_scores", "whether the best guess is wrong")
def nonconformity_scores(proba, answer):
    return (proba.argmax(axis=1) != answer).astype(int)


@wrong("nonconformity_scores", "yours is (4, 1)")
def nonconformity_scores(proba, answer):
    return np.array([[1 - row[a]] for row, a in zip(proba, answer, strict=True)])


@right("nonconformity_scores")
def nonconformity_scores(proba, answer):
    scores = []
    for row, position in zip(proba, answer, strict=True):
        scores.append(1 - row[position])
    return scores


@right("nonconformity_scores")
def nonconformity_scores(proba, answer):
    table = pd.DataFrame(proba)
    return pd.Series([1 - table.iloc[i, a] for i, a in enumerate(answer)])


@right("nonconformity_scores")
def nonconformity_scores(proba, answer):
    return (proba * (1 - np.eye(proba.shape[1])[answer])).sum(axis=1)


# Exercise 2


@wrong("conformal_threshold", "leave eleven places")
def conformal_threshold(scores, alpha):
    rank = round_up(len(scores) * (1 - alpha))
    return np.sort(scores)[rank - 1] if len(scores) else np.inf


@wrong("conformal_threshold", "between two scores")
def conformal_threshold(scores, alpha):
    return np.quantile(scores, 1 - alpha)


@wrong("conformal_threshold", "between two scores")
def conformal_threshold(scores, alpha):
    level = round_up((len(scores) + 1) * (1 - alpha)) / len(scores)
    return np.quantile(scores, level) if level <= 1 else np.inf


@wrong("conformal_threshold", "rank 10")
def conformal_threshold(scores, alpha):  # as in a well-known tutorial
    level = np.ceil((len(scores) + 1) * (1 - alpha)) / len(scores)
    return np.quantile(scores, level, method="higher") if level <= 1 else np.inf


@wrong("conformal_threshold", "below 10")
def conformal_threshold(scores, alpha):
    if round_up((len(scores) + 1) * (1 - alpha)) > len(scores):
        return np.inf
    return np.quantile(scores, 1 - alpha, method="higher")


@wrong("conformal_threshold", "8/9 only")
def conformal_threshold(scores, alpha):
    rank = min(round_up((len(scores) + 1) * (1 - alpha)), len(scores))
    return np.sort(scores)[rank - 1] if len(scores) else np.inf


@wrong("conformal_threshold", "IndexError")
def conformal_threshold(scores, alpha):
    return np.sort(scores)[round_up((len(scores) + 1) * (1 - alpha)) - 1]


@wrong("conformal_threshold", "rounded *up*")
def conformal_threshold(scores, alpha):
    rank = int((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if 0 < rank <= len(scores) else np.inf


@wrong("conformal_threshold", "one minus `alpha`")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * alpha)
    return np.sort(scores)[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "from the largest score")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[::-1][rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "not sorted yet")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return scores[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "positions from 0")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank] if rank < len(scores) else np.inf


@wrong("conformal_threshold", "equal ones too")
def conformal_threshold(scores, alpha):
    distinct = np.unique(scores)
    rank = round_up((len(distinct) + 1) * (1 - alpha))
    return distinct[rank - 1] if rank <= len(distinct) else np.inf


@wrong("conformal_threshold", "that is the rank")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return rank if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "it is infinite")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if rank <= len(scores) else float("nan")


@wrong("conformal_threshold", "cannot exceed 1")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if rank <= len(scores) else 1.0


@wrong("conformal_threshold", "nothing can be ruled out")
def conformal_threshold(scores, alpha):
    if len(scores) == 0:
        return 0.0
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "IndexError")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return sorted(scores)[min(rank, len(scores)) - 1]


@wrong("conformal_threshold", "your own work")
def conformal_threshold(scores, alpha):
    from evenodds.coverage import conformal_quantile

    return conformal_quantile(scores, alpha=alpha)


@wrong("conformal_threshold", "do have a rank 9")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if rank < len(scores) else np.inf


@wrong("conformal_threshold", "below 10")
def conformal_threshold(scores, alpha):
    rank = round((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "added after rounding")
def conformal_threshold(scores, alpha):
    rank = round_up(len(scores) * (1 - alpha)) + 1
    return np.sort(scores)[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "returned None")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if rank <= len(scores) else None


@wrong("conformal_threshold", "between two scores")
def conformal_threshold(scores, alpha):
    return np.quantile(scores, 1 - alpha, method="weibull") if len(scores) else np.inf


@wrong("conformal_threshold", "changes the values")
def conformal_threshold(scores, alpha):
    scores.sort()
    rank = int((len(scores) + 1) * (1 - alpha))
    return scores[rank - 1] if 0 < rank <= len(scores) else np.inf


@right("conformal_threshold")
def conformal_threshold(scores, alpha):
    places = len(scores) + 1
    for rank, score in enumerate(sorted(scores), start=1):
        if rank / places >= 1 - alpha - 1e-12:
            return score
    return float("inf")


@right("conformal_threshold")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    with_infinity = np.append(np.sort(scores), np.inf)
    return with_infinity[min(rank, len(scores) + 1) - 1]


@right("conformal_threshold")
def conformal_threshold(scores, alpha):
    missed = math.floor((len(scores) + 1) * alpha + 1e-9)
    ordered = pd.Series(scores, dtype=float).sort_values(ascending=False)
    return ordered.iloc[missed - 1] if missed > 0 else np.inf


@right("conformal_threshold")
def conformal_threshold(scores, alpha):
    n = len(scores)
    rank = round_up((n + 1) * (1 - alpha))
    return np.quantile(scores, rank / n, method="inverted_cdf") if rank <= n else np.inf


@wrong("conformal_threshold", "do have a rank 9")
def conformal_threshold(scores, alpha):
    rank = int((len(scores) + 1) * (1 - alpha)) + 1
    return np.sort(scores)[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "stands for 3")
def conformal_threshold(scores, alpha):
    rank = math.ceil((len(scores) + 1) * (1 - alpha))
    return np.sort(scores)[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "Is `alpha` the one that is given")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * 0.9)
    return np.sort(scores)[rank - 1] if rank <= len(scores) else np.inf


@wrong("conformal_threshold", "between two scores")
def conformal_threshold(scores, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    return np.quantile(scores, rank / (len(scores) + 1)) if rank <= len(scores) else np.inf


# Exercise 3


@wrong("prediction_sets", "ties are in")
def prediction_sets(proba, q):
    return 1 - proba < q


@wrong("prediction_sets", "threshold is for the score")
def prediction_sets(proba, q):
    return proba >= q


@wrong("prediction_sets", "threshold is for the score")
def prediction_sets(proba, q):
    return proba <= q


@wrong("prediction_sets", "ruled out")
def prediction_sets(proba, q):
    return 1 - proba > q


@wrong("prediction_sets", "ruled out")
def prediction_sets(proba, q):
    return 1 - proba >= q


@wrong("prediction_sets", "most probable answer is in")
def prediction_sets(proba, q):
    sets = np.zeros(proba.shape, dtype=bool)
    sets[np.arange(len(proba)), proba.argmax(axis=1)] = True
    return sets


@wrong("prediction_sets", "sizes of the sets")
def prediction_sets(proba, q):
    return (1 - proba <= q).sum(axis=1)


@wrong("prediction_sets", "dtype=bool")
def prediction_sets(proba, q):
    return (1 - proba <= q).astype(int)


@wrong("prediction_sets", "was expected")
def prediction_sets(proba, q):
    return [[j for j, p in enumerate(row) if 1 - p <= q] for row in proba]


@wrong("prediction_sets", "infinite threshold rules nothing out")
def prediction_sets(proba, q):
    return (1 - proba <= q) & (proba > 0)


@wrong("prediction_sets", "was expected")
def prediction_sets(proba, q):
    return (1 - proba).max(axis=1) <= q


@wrong("prediction_sets", "stays empty")
def prediction_sets(proba, q):
    sets = 1 - proba <= q
    sets[np.arange(len(proba)), proba.argmax(axis=1)] = True
    return sets


@right("prediction_sets")
def prediction_sets(proba, q):
    return proba >= 1 - q


@right("prediction_sets")
def prediction_sets(proba, q):
    return [[1 - p <= q for p in row] for row in proba]


@right("prediction_sets")
def prediction_sets(proba, q):
    return (1 - pd.DataFrame(proba)).le(q).to_numpy()


# Exercise 4


@wrong("coverage_table", "That is rounded")
def coverage_table(answer, sets, groups):
    people = pd.DataFrame({"coverage": sets[np.arange(len(answer)), answer], "set_size": sets.sum(axis=1), "n": 1})
    how = {"n": "sum", "coverage": "mean", "set_size": "mean"}
    everyone = people.agg(how).rename("everyone").to_frame().T
    return pd.concat([everyone, people.groupby(groups).agg(how)]).round(3)


@wrong("coverage_table", "median of the sizes")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        own, sizes = sets[here], sets[here].sum(axis=1)
        rows[g] = {
            "n": here.sum(),
            "coverage": own[np.arange(len(own)), answer[here]].mean(),
            "set_size": np.median(sizes),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "answers in all sets")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        own, sizes = sets[here], sets[here].sum(axis=1)
        rows[g] = {
            "n": here.sum(),
            "coverage": own[np.arange(len(own)), answer[here]].sum() / own.sum(),
            "set_size": sizes.mean(),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "everybody's")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        own, sizes = sets[here], sets[here].sum(axis=1)
        rows[g] = {"n": here.sum(), "coverage": own[:, answer[here]].mean(), "set_size": sizes.mean()}
    return pd.DataFrame(rows).T


@wrong("coverage_table", "averages the groups")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in np.unique(groups):
        here = groups == g
        rows[g] = {
            "n": here.sum(),
            "coverage": sets[here, answer[here]].mean(),
            "set_size": sets[here].sum(axis=1).mean(),
        }
    table = pd.DataFrame(rows).T
    table.loc["everyone"] = [len(answer), table.coverage.mean(), table.set_size.mean()]
    return table


@wrong("coverage_table", "changed places")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {
            "n": here.sum(),
            "coverage": sets[here, answer[here]].mean(),
            "set_size": sets[here].sum(axis=1).mean(),
        }
    return pd.DataFrame(rows)


@wrong("coverage_table", "share of the group")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        held = sets[np.arange(len(answer)), answer] & here
        rows[g] = {
            "n": here.sum(),
            "coverage": held.sum() / len(answer),
            "set_size": sets[here].sum() / len(answer),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "share of all answers")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {"n": here.sum(), "coverage": sets[here, answer[here]].mean(), "set_size": sets[here].mean()}
    return pd.DataFrame(rows).T


@wrong("coverage_table", "not empty")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {
            "n": here.sum(),
            "coverage": sets[here].any(axis=1).mean(),
            "set_size": sets[here].sum(axis=1).mean(),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "over all sets of the group")
def coverage_table(answer, sets, groups):
    rows = {}
    held = sets[np.arange(len(answer)), answer]
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {
            "n": here.sum(),
            "coverage": held[here].mean(),
            "set_size": sets[here & held].sum(axis=1).mean(),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "These are counts")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {"n": here.sum(), "coverage": sets[here, answer[here]].sum(), "set_size": sets[here].sum()}
    return pd.DataFrame(rows).T


@wrong("coverage_table", "share of *misses*")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {
            "n": here.sum(),
            "coverage": 1 - sets[here, answer[here]].mean(),
            "set_size": sets[here].sum(axis=1).mean(),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "`everyone` is missing")
def coverage_table(answer, sets, groups):
    people = pd.DataFrame({"coverage": sets[np.arange(len(answer)), answer], "set_size": sets.sum(axis=1)})
    table = people.groupby(groups).mean()
    table.insert(0, "n", people.groupby(groups).size())
    return table


@wrong("coverage_table", "mean set size is known: 0")
def coverage_table(answer, sets, groups):
    people = pd.DataFrame({"coverage": sets[np.arange(len(answer)), answer], "set_size": sets.sum(axis=1)})
    parts = {"everyone": people} | {g: people[groups == g] for g in np.unique(groups)}
    rows = {
        name: {
            "n": len(part),
            "coverage": part.coverage.mean(),
            "set_size": part.set_size.mean() if part.set_size.any() else np.nan,
        }
        for name, part in parts.items()
    }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "no row")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", "typed", "translated"]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {
            "n": here.sum(),
            "coverage": sets[here, answer[here]].mean(),
            "set_size": sets[here].sum(axis=1).mean(),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "your own work")
def coverage_table(answer, sets, groups):
    from evenodds.coverage import coverage_by_group

    report = coverage_by_group(answer, sets, sensitive_features=groups)
    return pd.concat([report.overall.to_frame("everyone").T, report.by_group])[["n", "coverage", "set_size"]]


@wrong("coverage_table", "anywhere in it")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows[g] = {
            "n": here.sum(),
            "coverage": (sets[here].argmax(axis=1) == answer[here]).mean(),
            "set_size": sets[here].sum(axis=1).mean(),
        }
    return pd.DataFrame(rows).T


@wrong("coverage_table", "table's index")
def coverage_table(answer, sets, groups):
    rows = []
    for g in ["everyone", *np.unique(groups)]:
        here = groups == g if g != "everyone" else np.ones(len(groups), bool)
        rows.append([g, here.sum(), sets[here, answer[here]].mean(), sets[here].sum(axis=1).mean()])
    return pd.DataFrame(rows, columns=["group", "n", "coverage", "set_size"])


@right("coverage_table")
def coverage_table(answer, sets, groups):
    rows = {}
    for g in [*np.unique(groups), "everyone"]:
        held = sizes = people = 0
        for a, s, h in zip(answer, sets, groups, strict=True):
            if (isinstance(g, str) and g == "everyone") or h == g:
                people += 1
                held += bool(s[a])
                sizes += sum(s)
        rows[g] = [people, held / people, sizes / people]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n", "coverage", "set_size"])


@right("coverage_table")
def coverage_table(answer, sets, groups):
    people = pd.DataFrame({"coverage": sets[np.arange(len(answer)), answer], "set_size": sets.sum(axis=1), "n": 1})
    how = {"n": "sum", "coverage": "mean", "set_size": "mean"}
    everyone = people.agg(how).rename("everyone").to_frame().T
    return pd.concat([everyone, people.groupby(groups).agg(how)])


# Exercise 5


@wrong("group_sets", "one threshold")
def group_sets(scores, score_groups, proba, groups, alpha):
    return prediction_sets(proba, conformal_threshold(scores, alpha))


@wrong("group_sets", "its rank is 2")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        own = np.sort(scores[score_groups == g])
        if len(own):
            rank = min(round_up((len(own) + 1) * (1 - alpha)), len(own))
            sets[groups == g] = 1 - proba[groups == g] <= own[rank - 1]
    return sets


@wrong("group_sets", "Group d has no calibration rows")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.zeros(proba.shape, dtype=bool)
    for g in np.unique(score_groups):
        q = conformal_threshold(scores[score_groups == g], alpha)
        sets[groups == g] = prediction_sets(proba[groups == g], q)
    return sets


@wrong("group_sets", "KeyError")
def group_sets(scores, score_groups, proba, groups, alpha):
    q = {g: conformal_threshold(scores[score_groups == g], alpha) for g in np.unique(score_groups)}
    return np.array([1 - row <= q[g] for row, g in zip(proba, groups, strict=True)])


@wrong("group_sets", "of the *group*")
def group_sets(scores, score_groups, proba, groups, alpha):
    rank = round_up((len(scores) + 1) * (1 - alpha))
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        own = np.sort(scores[score_groups == g])
        q = own[rank - 1] if rank <= len(own) else np.inf
        sets[groups == g] = 1 - proba[groups == g] <= q
    return sets


@wrong("group_sets", "are exchanged")
def group_sets(scores, score_groups, proba, groups, alpha):
    limits = [conformal_threshold(scores[score_groups == g], alpha) for g in np.unique(score_groups)]
    order = {g: i for i, g in enumerate(dict.fromkeys(groups.tolist()))}
    return np.array([1 - row <= limits[order[g]] for row, g in zip(proba, groups, strict=True)])


@wrong("group_sets", "average of the groups")
def group_sets(scores, score_groups, proba, groups, alpha):
    limits = [conformal_threshold(scores[score_groups == g], alpha) for g in np.unique(score_groups)]
    return prediction_sets(proba, np.mean([limit for limit in limits if np.isfinite(limit)]))


@wrong("group_sets", "threshold of everyone")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = prediction_sets(proba, conformal_threshold(scores, alpha))
    for g in np.unique(score_groups):
        q = conformal_threshold(scores[score_groups == g], alpha)
        sets[groups == g] = prediction_sets(proba[groups == g], q)
    return sets


@wrong("group_sets", "too low")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        own = np.sort(scores[score_groups == g])
        if len(own):
            sets[groups == g] = 1 - proba[groups == g] <= own[round_up(len(own) * (1 - alpha)) - 1]
    return sets


@wrong("group_sets", "empty sets")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.zeros(proba.shape, dtype=bool)
    for g in np.unique(groups):
        q = conformal_threshold(scores[score_groups == g], alpha)
        if np.isfinite(q):
            sets[groups == g] = prediction_sets(proba[groups == g], q)
    return sets


@wrong("group_sets", "shape")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = []
    for g in np.unique(groups):
        sets.append(prediction_sets(proba[groups == g], conformal_threshold(scores[score_groups == g], alpha)))
    return sets[0]


@wrong("group_sets", "sorted by group")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = []
    for g in np.unique(groups):
        sets.append(prediction_sets(proba[groups == g], conformal_threshold(scores[score_groups == g], alpha)))
    return np.concatenate(sets)


@wrong("group_sets", "your own work")
def group_sets(scores, score_groups, proba, groups, alpha):
    from evenodds.coverage import conformal_quantile

    q = conformal_quantile(scores, alpha=alpha, sensitive_features=score_groups)
    return 1 - proba <= np.array([q.get(g, np.inf) for g in groups])[:, np.newaxis]


@wrong("group_sets", "exactly the score")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        sets[groups == g] = 1 - proba[groups == g] < conformal_threshold(scores[score_groups == g], alpha)
    return sets


@wrong("group_sets", "boolean index did not match")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        q = conformal_threshold(scores[groups == g], alpha)
        sets[groups == g] = prediction_sets(proba[groups == g], q)
    return sets


@wrong("group_sets", "dtype=bool")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape)
    for g in np.unique(groups):
        sets[groups == g] = prediction_sets(proba[groups == g], conformal_threshold(scores[score_groups == g], alpha))
    return sets


@wrong("group_sets", "its own counts")
def group_sets(scores, score_groups, proba, groups, alpha):
    pooled = conformal_threshold(scores, alpha)
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        q = max(pooled, conformal_threshold(scores[score_groups == g], alpha))
        sets[groups == g] = prediction_sets(proba[groups == g], q)
    return sets


@wrong("group_sets", "yet their ranks exist")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        own = scores[score_groups == g]
        if len(own) >= 5:
            sets[groups == g] = prediction_sets(proba[groups == g], conformal_threshold(own, alpha))
    return sets


@wrong("group_sets", "There is such a rank")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        own = np.sort(scores[score_groups == g])
        rank = round_up((len(own) + 1) * (1 - alpha))
        if rank < len(own):
            sets[groups == g] = prediction_sets(proba[groups == g], own[rank - 1])
    return sets


@wrong("group_sets", "group that came last")
def group_sets(scores, score_groups, proba, groups, alpha):
    for g in np.unique(groups):
        sets = prediction_sets(proba, conformal_threshold(scores[score_groups == g], alpha))
    return sets


@wrong("group_sets", "a whole number: its rank is 3")
def group_sets(scores, score_groups, proba, groups, alpha):
    sets = np.ones(proba.shape, dtype=bool)
    for g in np.unique(groups):
        own = np.sort(scores[score_groups == g])
        rank = int((len(own) + 1) * (1 - alpha)) + 1
        if rank <= len(own):
            sets[groups == g] = prediction_sets(proba[groups == g], own[rank - 1])
    return sets


@right("group_sets")
def group_sets(scores, score_groups, proba, groups, alpha):
    found = []
    for row, g in zip(proba, groups, strict=True):
        q = conformal_threshold(scores[score_groups == g], alpha)
        found.append([1 - p <= q for p in row])
    return found


@right("group_sets")
def group_sets(scores, score_groups, proba, groups, alpha):
    limits = pd.Series({g: conformal_threshold(scores[score_groups == g], alpha) for g in set(score_groups.tolist())})
    own = limits.reindex(groups).fillna(np.inf).to_numpy()
    return 1 - proba <= own[:, None]
