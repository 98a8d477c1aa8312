"""Answers to lesson 01 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("confusion_counts", "swapped")
def confusion_counts(y_true, y_pred):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    return {
        "tp": ((y_true == 1) & (y_pred == 1)).sum(),
        "fp": ((y_true == 1) & (y_pred == 0)).sum(),
        "fn": ((y_true == 0) & (y_pred == 1)).sum(),
        "tn": ((y_true == 0) & (y_pred == 0)).sum(),
    }


@wrong("confusion_counts", "count 0 as the positive label")
def confusion_counts(y_true, y_pred):
    return {
        "tp": ((y_true == 0) & (y_pred == 0)).sum(),
        "fp": ((y_true == 1) & (y_pred == 0)).sum(),
        "fn": ((y_true == 0) & (y_pred == 1)).sum(),
        "tn": ((y_true == 1) & (y_pred == 1)).sum(),
    }


@wrong("confusion_counts", "These are shares")
def confusion_counts(y_true, y_pred):
    return {
        "tp": ((y_true == 1) & (y_pred == 1)).mean(),
        "fp": ((y_true == 0) & (y_pred == 1)).mean(),
        "fn": ((y_true == 1) & (y_pred == 0)).mean(),
        "tn": ((y_true == 0) & (y_pred == 0)).mean(),
    }


@wrong("confusion_counts", "in brackets")
def confusion_counts(y_true, y_pred):
    return {
        "tp": (y_true == 1 & y_pred == 1).sum(),
        "fp": (y_true == 0 & y_pred == 1).sum(),
        "fn": (y_true == 1 & y_pred == 0).sum(),
        "tn": (y_true == 0 & y_pred == 0).sum(),
    }


@wrong("confusion_counts", "Should it be summed")
def confusion_counts(y_true, y_pred):
    return {
        "tp": (y_true == 1) & (y_pred == 1),
        "fp": (y_true == 0) & (y_pred == 1),
        "fn": (y_true == 1) & (y_pred == 0),
        "tn": (y_true == 0) & (y_pred == 0),
    }


@wrong("confusion_counts", "join the two")
def confusion_counts(y_true, y_pred):
    return {
        "tp": (y_true == 1).sum(),
        "fp": (y_pred == 1).sum(),
        "fn": (y_true == 0).sum(),
        "tn": (y_pred == 0).sum(),
    }


@wrong("confusion_counts", "A dict was expected")
def confusion_counts(y_true, y_pred):
    tp = ((y_true == 1) & (y_pred == 1)).sum()
    fp = ((y_true == 0) & (y_pred == 1)).sum()
    fn = ((y_true == 1) & (y_pred == 0)).sum()
    return tp, fp, fn, len(y_true) - tp - fp - fn


@wrong("confusion_counts", "no entry for")
def confusion_counts(y_true, y_pred):
    counts = pd.Series(2 * np.asarray(y_true) + np.asarray(y_pred)).value_counts()
    return {name: int(counts[code]) for name, code in {"tp": 3, "fp": 1, "fn": 2, "tn": 0}.items() if code in counts}


@wrong("confusion_counts", "your own work")
def confusion_counts(y_true, y_pred):
    from sklearn.metrics import confusion_matrix

    tn, fp, fn, tp = confusion_matrix(y_true, y_pred, labels=[0, 1]).ravel()
    return {"tp": tp, "fp": fp, "fn": fn, "tn": tn}


@right("confusion_counts")
def confusion_counts(y_true, y_pred):
    counts = {"tp": 0, "fp": 0, "fn": 0, "tn": 0}
    for label, decision in zip(y_true, y_pred, strict=True):
        if label == 1:
            counts["tp" if decision == 1 else "fn"] += 1
        else:
            counts["fp" if decision == 1 else "tn"] += 1
    return counts


@right("confusion_counts")
def confusion_counts(y_true, y_pred):
    table = np.bincount(2 * np.asarray(y_true) + np.asarray(y_pred), minlength=4)
    return pd.Series(table, index=["tn", "fp", "fn", "tp"])


@right("confusion_counts")
def confusion_counts(y_true, y_pred):
    tp = float(y_true @ y_pred)
    return {
        "tn": len(y_true) - y_true.sum() - y_pred.sum() + tp,
        "tp": tp,
        "fp": y_pred.sum() - tp,
        "fn": y_true.sum() - tp,
    }


# Exercise 2


@wrong("true_positive_rates", "own")
def true_positive_rates(y_true, y_pred, sensitive_features):
    hits = (y_true == 1) & (y_pred == 1)
    return {g: (hits & (sensitive_features == g)).sum() / hits.sum() for g in np.unique(sensitive_features)}


@wrong("true_positive_rates", "in both groups")
def true_positive_rates(y_true, y_pred, sensitive_features):
    hits = (y_true == 1) & (y_pred == 1)
    return {g: (hits & (sensitive_features == g)).sum() / (y_true == 1).sum() for g in np.unique(sensitive_features)}


@wrong("true_positive_rates", "only its people with label 1 count")
def true_positive_rates(y_true, y_pred, sensitive_features):
    hits = (y_true == 1) & (y_pred == 1)
    return {g: hits[sensitive_features == g].mean() for g in np.unique(sensitive_features)}


@wrong("true_positive_rates", "selection rate")
def true_positive_rates(y_true, y_pred, sensitive_features):
    return {g: y_pred[sensitive_features == g].mean() for g in np.unique(sensitive_features)}


@wrong("true_positive_rates", "precision")
def true_positive_rates(y_true, y_pred, sensitive_features):
    return {g: y_true[(sensitive_features == g) & (y_pred == 1)].mean() for g in np.unique(sensitive_features)}


@wrong("true_positive_rates", "false negative rate")
def true_positive_rates(y_true, y_pred, sensitive_features):
    return {g: 1 - y_pred[(sensitive_features == g) & (y_true == 1)].mean() for g in np.unique(sensitive_features)}


@wrong("true_positive_rates", "undefined")
def true_positive_rates(y_true, y_pred, sensitive_features):
    rates = {}
    for g in np.unique(sensitive_features):
        positives = (sensitive_features == g) & (y_true == 1)
        rates[g] = y_pred[positives].sum() / max(positives.sum(), 1)
    return rates


@wrong("true_positive_rates", "Group 8 is missing")
def true_positive_rates(y_true, y_pred, sensitive_features):
    rates = {}
    for g in np.unique(sensitive_features):
        positives = (sensitive_features == g) & (y_true == 1)
        if positives.any():
            rates[g] = y_pred[positives].mean()
    return rates


@wrong("true_positive_rates", "nobody to divide by")
def true_positive_rates(y_true, y_pred, sensitive_features):
    rates = {}
    for g in set(sensitive_features.tolist()):
        decisions = [p for t, p, h in zip(y_true, y_pred, sensitive_features, strict=True) if h == g and t == 1]
        rates[g] = sum(decisions) / len(decisions)
    return rates


@wrong("true_positive_rates", "inside the loop")
def true_positive_rates(y_true, y_pred, sensitive_features):
    rates = {}
    for g in np.unique(sensitive_features):
        rates[g] = y_pred[(sensitive_features == g) & (y_true == 1)].mean()
        return rates


@wrong("true_positive_rates", "rate of all ten people")
def true_positive_rates(y_true, y_pred, sensitive_features):
    return {g: y_pred[y_true == 1].mean() for g in np.unique(sensitive_features)}


@wrong("true_positive_rates", "the rate is known: 0")
def true_positive_rates(y_true, y_pred, sensitive_features):
    rates = {}
    for g in np.unique(sensitive_features):
        hits = ((sensitive_features == g) & (y_true == 1) & (y_pred == 1)).sum()
        rates[g] = hits / ((sensitive_features == g) & (y_true == 1)).sum() if hits else float("nan")
    return rates


@wrong("true_positive_rates", "rounded")
def true_positive_rates(y_true, y_pred, sensitive_features):
    groups = np.unique(sensitive_features)
    return {g: round(float(y_pred[(sensitive_features == g) & (y_true == 1)].mean()), 2) for g in groups}


@wrong("true_positive_rates", "value for group 8 is None")
def true_positive_rates(y_true, y_pred, sensitive_features):
    rates = {}
    for g in np.unique(sensitive_features):
        positives = (sensitive_features == g) & (y_true == 1)
        rates[g] = y_pred[positives].mean() if positives.any() else None
    return rates


@wrong("true_positive_rates", "no entry")
def true_positive_rates(y_true, y_pred, sensitive_features):
    return {g: y_pred[(sensitive_features == g) & (y_true == 1)].mean() for g in ("East", "West")}


@wrong("true_positive_rates", "return")
def true_positive_rates(y_true, y_pred, sensitive_features):
    for g in np.unique(sensitive_features):
        print(g, y_pred[(sensitive_features == g) & (y_true == 1)].mean())


@wrong("true_positive_rates", "your own work")
def true_positive_rates(y_true, y_pred, sensitive_features):
    from evenodds.metrics import MetricFrame, true_positive_rate

    frame = MetricFrame(metrics=true_positive_rate, y_true=y_true, y_pred=y_pred, sensitive_features=sensitive_features)
    return frame.by_group.to_dict()


@right("true_positive_rates")
def true_positive_rates(y_true, y_pred, sensitive_features):
    people = pd.DataFrame({"y": y_true, "p": y_pred, "g": sensitive_features})
    hired = people[people.y == 1].groupby("g").p.mean()
    return hired.reindex(sorted(people.g.unique())).to_dict()


@right("true_positive_rates")
def true_positive_rates(y_true, y_pred, sensitive_features):
    hits, positives = {}, {}
    for t, p, g in zip(y_true, y_pred, sensitive_features, strict=True):
        hits[g] = hits.get(g, 0) + t * p
        positives[g] = positives.get(g, 0) + t
    return {g: hits[g] / positives[g] if positives[g] else float("nan") for g in hits}


@right("true_positive_rates")
def true_positive_rates(y_true, y_pred, sensitive_features):
    groups, codes = np.unique(sensitive_features, return_inverse=True)
    hits = np.bincount(codes, weights=y_true * y_pred)
    positives = np.bincount(codes, weights=y_true)
    return dict(zip(groups, hits / positives, strict=True))


# Exercise 3


@wrong("parity_gap", "turned round")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].mean()
    u = y_pred[sensitive_features != privileged].mean()
    return p - u, p / u


@wrong("parity_gap", "sign is flipped")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].mean()
    u = y_pred[sensitive_features != privileged].mean()
    return p - u, u / p


@wrong("parity_gap", "upside down")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].mean()
    u = y_pred[sensitive_features != privileged].mean()
    return u - p, p / u


@wrong("parity_gap", "changed places")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].mean()
    u = y_pred[sensitive_features != privileged].mean()
    return u / p, u - p


@wrong("parity_gap", "size of the group")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].sum() / len(y_pred)
    u = y_pred[sensitive_features != privileged].sum() / len(y_pred)
    return u - p, u / p


@wrong("parity_gap", "counts of people")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].sum()
    u = y_pred[sensitive_features != privileged].sum()
    return u - p, u / p


@wrong("parity_gap", "You averaged the rates")
def parity_gap(y_pred, sensitive_features, privileged):
    rates = {g: y_pred[sensitive_features == g].mean() for g in np.unique(sensitive_features)}
    p = rates.pop(privileged)
    u = np.mean(list(rates.values()))
    return u - p, u / p


@wrong("parity_gap", "all of them, and nobody else")
def parity_gap(y_pred, sensitive_features, privileged):
    other = next(g for g in np.unique(sensitive_features) if g != privileged)
    p = y_pred[sensitive_features == privileged].mean()
    u = y_pred[sensitive_features == other].mean()
    return u - p, u / p


@wrong("parity_gap", "all of them, and nobody else")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].mean()
    return y_pred.mean() - p, y_pred.mean() / p


@wrong("parity_gap", "number of approvals")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].sum() / y_pred.sum()
    return 1 - p - p, (1 - p) / p


@wrong("parity_gap", "at place 1 you have nan")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == 1].mean()
    u = y_pred[sensitive_features == 0].mean()
    return u - p, u / p


@wrong("parity_gap", "one number")
def parity_gap(y_pred, sensitive_features, privileged):
    p = y_pred[sensitive_features == privileged].mean()
    u = y_pred[sensitive_features != privileged].mean()
    return u - p


@right("parity_gap")
def parity_gap(y_pred, sensitive_features, privileged):
    selected = {True: 0, False: 0}
    people = {True: 0, False: 0}
    for decision, group in zip(y_pred, sensitive_features, strict=True):
        selected[group == privileged] += decision
        people[group == privileged] += 1
    rate = {side: selected[side] / people[side] for side in people}
    return [rate[False] - rate[True], rate[False] / rate[True]]


@right("parity_gap")
def parity_gap(y_pred, sensitive_features, privileged):
    rates = pd.Series(y_pred).groupby(sensitive_features == privileged).mean()
    return np.array([rates[False] - rates[True], rates[False] / rates[True]])


# Exercise 4


@wrong("equalized_odds_difference", "mean of the two gaps")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        rates = [y_pred[(sensitive_features == g) & (y_true == label)].mean() for g in np.unique(sensitive_features)]
        gaps.append(np.max(rates) - np.min(rates))
    return np.mean(gaps)


@wrong("equalized_odds_difference", "added the two gaps")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        rates = [y_pred[(sensitive_features == g) & (y_true == label)].mean() for g in np.unique(sensitive_features)]
        gaps.append(np.max(rates) - np.min(rates))
    return np.sum(gaps) if agg == "worst_case" else np.mean(gaps)


@wrong("equalized_odds_difference", "TPR gap alone")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    rates = [y_pred[(sensitive_features == g) & (y_true == 1)].mean() for g in np.unique(sensitive_features)]
    return np.max(rates) - np.min(rates)


@wrong("equalized_odds_difference", "larger gap")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        rates = [y_pred[(sensitive_features == g) & (y_true == label)].mean() for g in np.unique(sensitive_features)]
        gaps.append(np.max(rates) - np.min(rates))
    return np.max(gaps)


@wrong("equalized_odds_difference", "over *all* groups")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        rates = [y_pred[(sensitive_features == g) & (y_true == label)].mean() for g in np.unique(sensitive_features)]
        gaps.append(abs(rates[0] - rates[1]))
    return np.max(gaps) if agg == "worst_case" else np.mean(gaps)


@wrong("equalized_odds_difference", "its TPR is unknown")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        people = [y_pred[(sensitive_features == g) & (y_true == label)] for g in np.unique(sensitive_features)]
        rates = [d.mean() if d.size else 0.0 for d in people]
        gaps.append(np.max(rates) - np.min(rates))
    return np.max(gaps) if agg == "worst_case" else np.mean(gaps)


@wrong("equalized_odds_difference", "Leaving the group out hides that")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        people = [y_pred[(sensitive_features == g) & (y_true == label)] for g in np.unique(sensitive_features)]
        rates = [d.mean() for d in people if d.size]
        gaps.append(np.max(rates) - np.min(rates))
    return np.max(gaps) if agg == "worst_case" else np.mean(gaps)


@wrong("equalized_odds_difference", "never negative")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        rates = [y_pred[(sensitive_features == g) & (y_true == label)].mean() for g in np.unique(sensitive_features)]
        gaps.append(rates[-1] - rates[0])
    return min(gaps) if agg == "worst_case" else np.mean(gaps)


@wrong("equalized_odds_difference", "its TPR is unknown")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    gaps = []
    for label in (0, 1):
        rates = [y_pred[(sensitive_features == g) & (y_true == label)].mean() for g in np.unique(sensitive_features)]
        gaps.append(np.nanmax(rates) - np.nanmin(rates))
    return max(gaps) if agg == "worst_case" else np.mean(gaps)


@wrong("equalized_odds_difference", "its keys")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    rates = {g: y_pred[(sensitive_features == g) & (y_true == 1)].mean() for g in np.unique(sensitive_features)}
    return max(rates) - min(rates)


@right("equalized_odds_difference")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    people = pd.DataFrame({"y": y_true, "p": y_pred, "g": sensitive_features})
    rates = people.pivot_table(index="g", columns="y", values="p", aggfunc="mean", dropna=False)
    gaps = rates.max(skipna=False) - rates.min(skipna=False)
    return gaps.max(skipna=False) if agg == "worst_case" else gaps.mean(skipna=False)


@right("equalized_odds_difference")
def equalized_odds_difference(y_true, y_pred, sensitive_features, agg="worst_case"):
    tpr = list(true_positive_rates(y_true, y_pred, sensitive_features).values())
    fpr = list(true_positive_rates(1 - y_true, y_pred, sensitive_features).values())
    gaps = np.array([np.max(tpr) - np.min(tpr), np.max(fpr) - np.min(fpr)])
    return gaps.max() if agg == "worst_case" else gaps.mean()


# Exercise 5


@wrong("average_odds_difference", "sign is flipped")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    return sum(y_pred[p & (y_true == t)].mean() - y_pred[~p & (y_true == t)].mean() for t in (0, 1)) / 2


@wrong("average_odds_difference", "to be halved")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    return sum(y_pred[~p & (y_true == t)].mean() - y_pred[p & (y_true == t)].mean() for t in (0, 1))


@wrong("average_odds_difference", "absolute")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    return sum(abs(y_pred[~p & (y_true == t)].mean() - y_pred[p & (y_true == t)].mean()) for t in (0, 1)) / 2


@wrong("average_odds_difference", "different orders")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    tpr = y_pred[p & (y_true == 1)].mean() - y_pred[~p & (y_true == 1)].mean()
    fpr = y_pred[~p & (y_true == 0)].mean() - y_pred[p & (y_true == 0)].mean()
    return (tpr + fpr) / 2


@wrong("average_odds_difference", "TPR gap alone")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    return y_pred[~p & (y_true == 1)].mean() - y_pred[p & (y_true == 1)].mean()


@wrong("average_odds_difference", "labels are not used")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    return y_pred[sensitive_features != privileged].mean() - y_pred[sensitive_features == privileged].mean()


@wrong("average_odds_difference", "Is the privileged group taken from")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == "East"
    return sum(y_pred[~p & (y_true == t)].mean() - y_pred[p & (y_true == t)].mean() for t in (0, 1)) / 2


@wrong("average_odds_difference", "FPR gap alone")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    return y_pred[~p & (y_true == 0)].mean() - y_pred[p & (y_true == 0)].mean()


@wrong("average_odds_difference", "to be halved")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    fpr, tpr = (y_pred[~p & (y_true == t)].mean() - y_pred[p & (y_true == t)].mean() for t in (0, 1))
    return fpr + tpr / 2


@wrong("average_odds_difference", "pool everyone")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    p = sensitive_features == privileged
    other = sensitive_features == next(g for g in np.unique(sensitive_features) if g != privileged)
    return sum(y_pred[other & (y_true == t)].mean() - y_pred[p & (y_true == t)].mean() for t in (0, 1)) / 2


@right("average_odds_difference")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    people = pd.DataFrame({"y": y_true, "p": y_pred, "privileged": sensitive_features == privileged})
    rates = people.groupby(["privileged", "y"]).p.mean().unstack()
    return (rates.loc[False] - rates.loc[True]).mean()


@right("average_odds_difference")
def average_odds_difference(y_true, y_pred, sensitive_features, privileged):
    def rate(label, is_privileged):
        decisions = [
            decision
            for true, decision, group in zip(y_true, y_pred, sensitive_features, strict=True)
            if true == label and (group == privileged) == is_privileged
        ]
        return sum(decisions) / len(decisions)

    return 0.5 * (rate(0, False) - rate(0, True) + rate(1, False) - rate(1, True))


# Exercise 6


@wrong("metric_frame", "changed places")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    columns = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        columns[g] = {"count": here.sum()} | {k: m(y_true[here], y_pred[here]) for k, m in functions.items()}
    return pd.DataFrame(columns)


@wrong("metric_frame", "count")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    rows = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        rows[g] = {k: m(y_true[here], y_pred[here]) for k, m in functions.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("metric_frame", "cut")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    rows = {}
    for g in np.unique(sensitive_features):
        rows[g] = {"count": (sensitive_features == g).sum()} | {k: m(y_true, y_pred) for k, m in functions.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("metric_frame", "not in the whole table")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    rows = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        rows[g] = {"count": len(here)} | {k: m(y_true[here], y_pred[here]) for k, m in functions.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("metric_frame", "function(y_true, y_pred)")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    rows = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        rows[g] = {"count": here.sum()} | {k: m(y_pred[here], y_true[here]) for k, m in functions.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("metric_frame", "A DataFrame was expected")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    rows = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        rows[g] = {"count": here.sum()} | {k: m(y_true[here], y_pred[here]) for k, m in functions.items()}
    return rows


@wrong("metric_frame", "made anew inside the loop")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        rows = {}
        rows[g] = {"count": here.sum()} | {k: m(y_true[here], y_pred[here]) for k, m in functions.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("metric_frame", "for name, value in")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    rows = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        rows[g] = {"count": here.sum()} | {k: m(y_true[here], y_pred[here]) for k, m in functions}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("metric_frame", "no row 'North'")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    rows = {}
    for g in ["East", "West"]:
        here = sensitive_features == g
        rows[g] = {"count": here.sum()} | {k: m(y_true[here], y_pred[here]) for k, m in functions.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


@right("metric_frame")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    people = pd.DataFrame({"y": y_true, "p": y_pred}).groupby(sensitive_features)
    table = people.size().to_frame("count")
    for name, metric in functions.items():
        table[name] = [metric(part.y, part.p) for _, part in people]
    return table


@right("metric_frame")
def metric_frame(functions, y_true, y_pred, sensitive_features):
    groups = sorted(set(sensitive_features))
    masks = [np.array([s == g for s in sensitive_features]) for g in groups]
    table = pd.DataFrame(index=groups)
    table["count"] = [mask.sum() for mask in masks]
    for name in functions:
        table[name] = [functions[name](y_true[mask], y_pred[mask]) for mask in masks]
    return table


# Exercise 7


@wrong("equal_accuracy_example", "both must be 0.80")
def equal_accuracy_example():
    y_pred = [1] * 6 + [0] * 4 + [1] * 3 + [0] * 7
    return [1] * 20, y_pred, ["East"] * 10 + ["West"] * 10


@wrong("equal_accuracy_example", "both must be 0.80")
def equal_accuracy_example():
    y_pred = np.array([1] * 6 + [0] * 4 + [1] * 3 + [0] * 7)
    return 1 - y_pred, y_pred, np.repeat([0, 1], 10)


@wrong("equal_accuracy_example", "0.60 and 0.30")
def equal_accuracy_example():
    y_pred = [1] * 5 + [0] * 5 + [1] * 5 + [0] * 5
    return [0, 0] + y_pred[2:18] + [1, 1], y_pred, ["East"] * 10 + ["West"] * 10


@wrong("equal_accuracy_example", "make them differ")
def equal_accuracy_example():
    y_pred = [1] * 6 + [0] * 4 + [1] * 3 + [0] * 7
    y_true = [0, 0] + y_pred[2:10] + [0, 0] + y_pred[12:]
    return y_true, y_pred, ["East"] * 10 + ["West"] * 10


@wrong("equal_accuracy_example", "equally long")
def equal_accuracy_example():
    return [1, 0], [1, 0], ["East", "West", "West"]


@wrong("equal_accuracy_example", "two labels")
def equal_accuracy_example():
    y_pred = [1] * 9 + [0] * 11
    return y_pred, y_pred, ["East"] * 20


@wrong("equal_accuracy_example", "Return three lists")
def equal_accuracy_example():
    return {"y_true": [1, 0], "y_pred": [1, 0], "side": ["East", "West"]}


@right("equal_accuracy_example")
def equal_accuracy_example():
    y_pred = [1, 1, 1, 0, 0] + [1, 1, 1] + [0] * 7
    y_true = [0, 1, 1, 0, 0] + [1, 1, 1] + [1, 1] + [0] * 5
    return y_true, y_pred, ["a"] * 5 + ["b"] * 10


@right("equal_accuracy_example")
def equal_accuracy_example():
    y_pred = np.array([1] * 6 + [0] * 4 + [1] * 3 + [0] * 7)
    y_true = np.array([1] * 8 + [0] * 2 + [1] * 1 + [0] * 9)
    return y_true, y_pred, np.repeat([0, 1], 10)
