"""Answers to lesson 07 that students really give: wrong ones, with what they must be told, and right ones."""

# `sketch` and `auc` are the lesson's own.
# ruff: noqa: B023, B905, F821

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 2


@wrong("harm_entry", "counts patients who need no treatment")
def harm_entry():
    return {
        "harm": "deserving people denied",
        "statement": "Patients who need treatment and are not called back may come too late for it.",
        "metric": "demographic parity",
        "why": "Both groups should be called equally often.",
        "rejected": [
            {"metric": "equal opportunity", "why": "It looks at some of the patients only."},
            {"metric": "equalized odds", "why": "It asks for two rates at the same time."},
        ],
    }


@wrong("harm_entry", "named one of the two errors")
def harm_entry():
    return sketch | {
        "harm": "both errors",
        "metric": "equalized odds",
        "statement": "Patients are called without need, and other patients who need treatment are not called.",
    }


@wrong("harm_entry", "loses an hour")
def harm_entry():
    return sketch


@wrong("harm_entry", "The schema refuses it: entry has no 'rejected'")
def harm_entry():
    return {
        "harm": "deserving people denied",
        "statement": "Patients who need treatment and are not called back may come too late for it.",
        "metric": "equal opportunity",
        "why": "It compares patients who need treatment.",
    }


@wrong("harm_entry", "must be one of")
def harm_entry():
    return sketch | {"harm": "patients come too late"}


@wrong("harm_entry", "the manager's is one of them")
def harm_entry():
    return sketch | {
        "harm": "deserving people denied",
        "metric": "equal opportunity",
        "statement": "Patients who need treatment and are not called back may come too late for it.",
    }


@wrong("harm_entry", "two reasons are the same")
def harm_entry():
    why = "It does not fit the harm that was named."
    return sketch | {
        "harm": "deserving people denied",
        "metric": "equal opportunity",
        "statement": "Patients who need treatment and are not called back may come too late for it.",
        "rejected": [{"metric": "demographic parity", "why": why}, {"metric": "calibration within groups", "why": why}],
    }


@wrong("harm_entry", "stands among the rejected ones")
def harm_entry():
    return sketch | {
        "harm": "deserving people denied",
        "metric": "equal opportunity",
        "statement": "Patients who need treatment and are not called back may come too late for it.",
        "rejected": [
            {"metric": "demographic parity", "why": "It also counts patients who need nothing."},
            {"metric": "equal opportunity", "why": "It looks at patients with label 1."},
        ],
    }


@wrong("harm_entry", "Say who is harmed")
def harm_entry():
    return sketch | {
        "harm": "deserving people denied",
        "metric": "equal opportunity",
        "statement": "Patients are harmed.",
    }


@wrong("harm_entry", "Being called is no prize")
def harm_entry():
    return sketch | {"harm": "unequal access", "metric": "demographic parity"}


@right("harm_entry")
def harm_entry():
    statement = "A patient over sixty with a tumour who is not called back is treated months later."
    given_up = {
        "demographic parity": "Equal calls say nothing about the sick.",
        "accuracy parity": "It adds up errors that hurt very differently.",
        "predictive parity": "It looks at called patients only.",
    }
    return {
        "harm": "deserving people denied",
        "metric": "equal opportunity",
        "statement": statement,
        "why": "Only the TPR has the sick below the line.",
        "rejected": [{"metric": m, "why": w} for m, w in given_up.items()],
    }


@right("harm_entry")
def harm_entry():
    entry = dict(sketch)
    entry["harm"] = "deserving people denied"
    entry["metric"] = "equal opportunity"
    entry["statement"] = "Old patients in need of treatment could be overlooked more often than young patients are."
    entry["rejected"] = entry["rejected"] + [
        {"metric": "demographic parity", "why": "It compares calls, needed or not."}
    ]
    return entry


# Exercise 3


@wrong("impact_ratios", "cannot be the one that others are compared with")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"].max()
    return {k: (int(r["size"]), r["mean"], r["mean"] / top if top else np.nan) for k, r in t.iterrows()}


@wrong("impact_ratios", "cannot be the one that others are compared with")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "everyone's rate")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = decisions.mean()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "exactly 5 people")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] > min_people].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] > min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "upside down")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], top / r["mean"] if r["mean"] and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "small group's row is missing")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    t = t[t["size"] >= min_people]
    top = t["mean"].max()
    return {k: (int(r["size"]), r["mean"], r["mean"] / top if top else np.nan) for k, r in t.iterrows()}


@wrong("impact_ratios", "would claim a disparity")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], (r["mean"] / top if top else 0.0) if r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "largest group's rate")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"].idxmax()]
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "A dict was expected")
def impact_ratios(decisions, first, second, min_people):
    return pd.Series(decisions).groupby([first, second]).mean().max()


@wrong("impact_ratios", "none got an offer")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if r["mean"] and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@right("impact_ratios")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    large = t["size"] >= min_people
    top = t["mean"][large].max()
    ratio = (t["mean"] / top).where(large & (top > 0))
    return {k: (t["size"][k], t["mean"][k], ratio[k]) for k in t.index}


@right("impact_ratios")
def impact_ratios(decisions, first, second, min_people):
    people, yes = {}, {}
    for d, a, b in zip(decisions, first, second):
        people[a, b] = people.get((a, b), 0) + 1
        yes[a, b] = yes.get((a, b), 0) + d
    top = 0
    for pair in people:
        if people[pair] >= min_people:
            top = max(top, yes[pair] / people[pair])
    answer = {}
    for pair in people:
        rate = yes[pair] / people[pair]
        ratio = rate / top if top and people[pair] >= min_people else float("nan")
        answer[pair] = [people[pair], rate, ratio]
    return answer


@wrong("impact_ratios", "divide by the lowest rate")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    low = t["mean"][t["size"] >= min_people].min()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / low if low and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


# Exercise 4


@wrong("gap_parts", "turned round")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(other), three(one)
    b, t, f = (b1 + b2) / 2, (t1 + t2) / 2, (f1 + f2) / 2
    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}


@wrong("gap_parts", "bare differences")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    return {"base rates": b1 - b2, "TPR": t1 - t2, "FPR": f1 - f2}


@wrong("gap_parts", "rates of `one` alone")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    return {"base rates": (b1 - b2) * (t1 - f1), "TPR": b1 * (t1 - t2), "FPR": (1 - b1) * (f1 - f2)}


@wrong("gap_parts", "rates of `other` alone")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    return {"base rates": (b1 - b2) * (t2 - f2), "TPR": b2 * (t1 - t2), "FPR": (1 - b2) * (f1 - f2)}


@wrong("gap_parts", "their share is one minus")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    b, t, f = (b1 + b2) / 2, (t1 + t2) / 2, (f1 + f2) / 2
    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": b * (f1 - f2)}


@wrong("gap_parts", "the FPR is missing")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    b, t = (b1 + b2) / 2, (t1 + t2) / 2
    return {"base rates": (b1 - b2) * t, "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}


@wrong("gap_parts", "You pool the two groups")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(m):
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    b1, t1, f1 = three(sensitive_features == one)
    b2, t2, f2 = three(sensitive_features == other)
    b, t, f = three(np.isin(sensitive_features, [one, other]))
    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}


@wrong("gap_parts", "the Coast plays no part")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(m):
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    b1, t1, f1 = three(sensitive_features == one)
    b2, t2, f2 = three(sensitive_features != one)
    b, t, f = (b1 + b2) / 2, (t1 + t2) / 2, (f1 + f2) / 2
    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}


@wrong("gap_parts", "sum divided by two")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    return {
        "base rates": (b1 - b2) * (t1 + t2 - f1 - f2),
        "TPR": (b1 + b2) * (t1 - t2),
        "FPR": (2 - b1 - b2) * (f1 - f2),
    }


@right("gap_parts")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    t = pd.DataFrame({"y": y_true, "p": y_pred, "g": sensitive_features})
    rate = t.groupby(["g", "y"]).p.mean()
    base = t.groupby("g").y.mean()
    b = (base[one] + base[other]) / 2
    slope = ((rate[one, 1] - rate[one, 0]) + (rate[other, 1] - rate[other, 0])) / 2
    return pd.Series(
        {
            "base rates": (base[one] - base[other]) * slope,
            "TPR": b * (rate[one, 1] - rate[other, 1]),
            "FPR": (1 - b) * (rate[one, 0] - rate[other, 0]),
        }
    )


@right("gap_parts")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    counts = {(g, y): [0, 0] for g in (one, other) for y in (0, 1)}
    for y, p, g in zip(y_true, y_pred, sensitive_features):
        if g in (one, other):
            counts[g, y][0] += 1
            counts[g, y][1] += p
    r = {k: yes / people for k, (people, yes) in counts.items()}
    b = {g: counts[g, 1][0] / (counts[g, 1][0] + counts[g, 0][0]) for g in (one, other)}
    return {
        "FPR": (1 - (b[one] + b[other]) / 2) * (r[one, 0] - r[other, 0]),
        "TPR": (b[one] + b[other]) / 2 * (r[one, 1] - r[other, 1]),
        "base rates": (b[one] - b[other]) * (r[one, 1] + r[other, 1] - r[one, 0] - r[other, 0]) / 2,
    }


# Exercise 5


@wrong("label_errors", "nan is different from every number")
def label_errors(recorded, rechecked, sensitive_features):
    return {g: np.mean((recorded != rechecked)[sensitive_features == g]) for g in np.unique(sensitive_features)}


@wrong("label_errors", "divide by the whole group")
def label_errors(recorded, rechecked, sensitive_features):
    wrong_ones = (recorded != rechecked) & ~np.isnan(rechecked)
    return {g: wrong_ones[sensitive_features == g].mean() for g in np.unique(sensitive_features)}


@wrong("label_errors", "share of *right* labels")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    return {g: (recorded == rechecked)[seen & (sensitive_features == g)].mean() for g in np.unique(sensitive_features)}


@wrong("label_errors", "A label of 0 can be wrong, too")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    return {
        g: ((recorded == 1) & (rechecked == 0))[seen & (sensitive_features == g)].mean()
        for g in np.unique(sensitive_features)
    }


@wrong("label_errors", "A label of 1 can be wrong, too")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    return {
        g: ((recorded == 0) & (rechecked == 1))[seen & (sensitive_features == g)].mean()
        for g in np.unique(sensitive_features)
    }


@wrong("label_errors", "cancel in your average")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    return {
        g: abs((recorded - rechecked)[seen & (sensitive_features == g)].mean()) for g in np.unique(sensitive_features)
    }


@wrong("label_errors", "0 would call them good")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    answer = {}
    for g in np.unique(sensitive_features):
        m = seen & (sensitive_features == g)
        answer[g] = (recorded[m] != rechecked[m]).sum() / max(m.sum(), 1)
    return answer


@wrong("label_errors", "a reader must see that nobody looked")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    t = pd.DataFrame({"w": recorded != rechecked, "g": sensitive_features})[seen]
    return t.groupby("g").w.mean().to_dict()


@wrong("label_errors", "share one denominator")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    wrong_ones = (recorded != rechecked) & seen
    return {g: wrong_ones[sensitive_features == g].sum() / seen.sum() for g in np.unique(sensitive_features)}


@wrong("label_errors", "These are counts")
def label_errors(recorded, rechecked, sensitive_features):
    wrong_ones = (recorded != rechecked) & ~np.isnan(rechecked)
    return {g: wrong_ones[sensitive_features == g].sum() for g in np.unique(sensitive_features)}


@right("label_errors")
def label_errors(recorded, rechecked, sensitive_features):
    off = pd.Series(np.abs(recorded - rechecked))
    return off.groupby(sensitive_features).mean().to_dict()


@right("label_errors")
def label_errors(recorded, rechecked, sensitive_features):
    answer = {}
    for g in set(sensitive_features.tolist()):
        total = bad = 0
        for r, c, h in zip(recorded, rechecked, sensitive_features):
            if h == g and not np.isnan(c):
                total += 1
                bad += r != c
        answer[g] = bad / total if total else float("nan")
    return answer


# Exercise 6


@wrong("leaked_columns", "low values then stand for label 1")
def leaked_columns(X, y_true, sensitive_features, at_least):
    groups = np.unique(sensitive_features)
    return [
        j
        for j in range(X.shape[1])
        if any(auc(X[sensitive_features == g, j], y_true[sensitive_features == g]) >= at_least for g in groups)
    ]


@wrong("leaked_columns", "a column can leak in one group only")
def leaked_columns(X, y_true, sensitive_features, at_least):
    values = [auc(X[:, j], y_true) for j in range(X.shape[1])]
    return [j for j, v in enumerate(values) if v >= at_least or v <= 1 - at_least]


@wrong("leaked_columns", "No column is found")
def leaked_columns(X, y_true, sensitive_features, at_least):
    return [j for j in range(X.shape[1]) if auc(X[:, j], y_true) >= at_least]


@wrong("leaked_columns", "A leak in one group is enough")
def leaked_columns(X, y_true, sensitive_features, at_least):
    found = []
    for j in range(X.shape[1]):
        values = [
            auc(X[sensitive_features == g, j], y_true[sensitive_features == g]) for g in np.unique(sensitive_features)
        ]
        if all(v >= at_least or v <= 1 - at_least for v in values):
            found.append(j)
    return found


@wrong("leaked_columns", "appears twice")
def leaked_columns(X, y_true, sensitive_features, at_least):
    found = []
    for j in range(X.shape[1]):
        for g in np.unique(sensitive_features):
            v = auc(X[sensitive_features == g, j], y_true[sensitive_features == g])
            if v >= at_least or v <= 1 - at_least:
                found.append(j)
    return found


@wrong("leaked_columns", "return the positions")
def leaked_columns(X, y_true, sensitive_features, at_least):
    answer = []
    for column in X.T:
        values = [
            auc(column[sensitive_features == g], y_true[sensitive_features == g]) for g in np.unique(sensitive_features)
        ]
        answer.append(any(v >= at_least or v <= 1 - at_least for v in values))
    return answer


@wrong("leaked_columns", "exactly `at_least` counts")
def leaked_columns(X, y_true, sensitive_features, at_least):
    found = set()
    for j in range(X.shape[1]):
        for g in np.unique(sensitive_features):
            v = auc(X[sensitive_features == g, j], y_true[sensitive_features == g])
            if v > at_least or v < 1 - at_least:
                found.add(j)
    return sorted(found)


@wrong("leaked_columns", "it has no AUC")
def leaked_columns(X, y_true, sensitive_features, at_least):
    found = set()
    for j in range(X.shape[1]):
        for g in np.unique(sensitive_features):
            v = auc(X[sensitive_features == g, j], y_true[sensitive_features == g])
            if not 1 - at_least < v < at_least:
                found.add(j)
    return sorted(found)


@right("leaked_columns")
def leaked_columns(X, y_true, sensitive_features, at_least):
    found = set()
    for j in range(X.shape[1]):
        for g in np.unique(sensitive_features):
            v = auc(X[sensitive_features == g, j], y_true[sensitive_features == g])
            if v >= at_least or v <= 1 - at_least:
                found.add(j)
    return sorted(found)


@right("leaked_columns")
def leaked_columns(X, y_true, sensitive_features, at_least):
    t = pd.DataFrame(X)
    suspect = np.zeros(X.shape[1], bool)
    for _, rows in t.groupby(sensitive_features):
        values = rows.apply(lambda column: auc(column.to_numpy(), y_true[rows.index]))
        suspect |= np.maximum(values, 1 - values).to_numpy() >= at_least
    return np.flatnonzero(suspect)
