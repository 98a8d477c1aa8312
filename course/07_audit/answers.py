"""Answers to lesson 07 that students really give: wrong ones, with what they must be told, and right ones."""

# ruff: noqa: B905

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 2


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


@wrong("impact_ratios", "rounded")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], round(r["mean"] / top, 2) if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "(people, rate, ratio), in this order")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (r["mean"], int(r["size"]), r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "The pairs are turned round")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["b", "a"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "too few people, so the ratio is undefined")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {k: (int(r["size"]), r["mean"], r["mean"] / top if top else np.nan) for k, r in t.iterrows()}


@wrong("impact_ratios", "keeps its rate")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    t["mean"] = t["mean"].where(t["size"] >= min_people)
    top = t["mean"].max()
    return {k: (int(r["size"]), r["mean"], r["mean"] / top if top else np.nan) for k, r in t.iterrows()}


@wrong("impact_ratios", "differences")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], top - r["mean"] if r["size"] >= min_people else np.nan) for k, r in t.iterrows()
    }


# Exercise 3


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


@wrong("gap_parts", "of `one` alone")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    return {"base rates": (b1 - b2) * (t1 - f1), "TPR": b1 * (t1 - t2), "FPR": (1 - b1) * (f1 - f2)}


@wrong("gap_parts", "of `other` alone")
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


@wrong("gap_parts", "Your parts add up")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    return {"base rates": (b1 - b2) * (t2 - f2), "TPR": b1 * (t1 - t2), "FPR": (1 - b1) * (f1 - f2)}


@wrong("gap_parts", "Your parts add up")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    return {"base rates": (b1 - b2) * (t1 - f1), "TPR": b2 * (t1 - t2), "FPR": (1 - b2) * (f1 - f2)}


@wrong("gap_parts", "Keep the signs")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    b, t, f = (b1 + b2) / 2, (t1 + t2) / 2, (f1 + f2) / 2
    return {"base rates": abs(b1 - b2) * (t - f), "TPR": b * abs(t1 - t2), "FPR": (1 - b) * abs(f1 - f2)}


@wrong("gap_parts", "who are *refused*")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), 1 - y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    b, t, f = (b1 + b2) / 2, (t1 + t2) / 2, (f1 + f2) / 2
    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}


@wrong("gap_parts", "You pool the two groups")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    b, t, f = y_true[np.isin(sensitive_features, [one, other])].mean(), (t1 + t2) / 2, (f1 + f2) / 2
    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}


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


@wrong("label_errors", "turns a condition round")
def label_errors(recorded, rechecked, sensitive_features):
    kept = np.isnan(rechecked)
    wrong_ones = recorded != rechecked
    return {g: wrong_ones[kept & (sensitive_features == g)].mean() for g in np.unique(sensitive_features)}


@wrong("label_errors", "in place of None")
def label_errors(recorded, rechecked, sensitive_features):
    answer = {}
    for g in np.unique(sensitive_features):
        m = ~np.isnan(rechecked) & (sensitive_features == g)
        answer[g] = (recorded[m] != rechecked[m]).mean() if m.any() else None
    return answer


# Found by readers: slips that once passed, or were told something else


@wrong("impact_ratios", "at least 4 includes 4")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] > min_people].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "You rounded")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"]).round(2)
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "You rounded")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), round(r["mean"], 2), r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "ZeroDivisionError")
def impact_ratios(decisions, first, second, min_people):
    cells = {}
    for d, a, b in zip(decisions.tolist(), first.tolist(), second.tolist()):
        cells.setdefault((a, b), []).append(d)
    rates = {k: (len(ds), sum(ds) / len(ds)) for k, ds in cells.items()}
    top = max((r for n, r in rates.values() if n >= min_people), default=0)
    nobody = sum(decisions) == 0
    return {
        k: (n, r, float("nan") if nobody or n < min_people else float(r) / float(top)) for k, (n, r) in rates.items()
    }


@wrong("impact_ratios", "A 0 would be a claim")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if r["size"] >= min_people else 0.0) for k, r in t.iterrows()
    }


@wrong("impact_ratios", "None is no number")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), r["mean"], r["mean"] / top if top and r["size"] >= min_people else None)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "`min_people` is a number of people")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    large = t["size"] / len(decisions) >= min_people
    top = t["mean"][large].max()
    return {k: (int(r["size"]), r["mean"], r["mean"] / top if large[k] else np.nan) for k, r in t.iterrows()}


@wrong("impact_ratios", "not their share of everybody")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].max()
    return {
        k: (r["size"] / len(decisions), r["mean"], r["mean"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


@wrong("impact_ratios", "within the same label of `first`")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].groupby("a").max()
    return {
        (a, b): (int(r["size"]), r["mean"], r["mean"] / top[a] if r["size"] >= min_people and top[a] else np.nan)
        for (a, b), r in t.iterrows()
    }


@wrong("impact_ratios", "within the same label of `second`")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "mean"])
    top = t["mean"][t["size"] >= min_people].groupby("b").max()
    return {
        (a, b): (int(r["size"]), r["mean"], r["mean"] / top[b] if r["size"] >= min_people and top[b] else np.nan)
        for (a, b), r in t.iterrows()
    }


@wrong("impact_ratios", "You count offers")
def impact_ratios(decisions, first, second, min_people):
    t = pd.DataFrame({"d": decisions, "a": first, "b": second}).groupby(["a", "b"]).d.agg(["size", "sum"])
    top = t["sum"][t["size"] >= min_people].max()
    return {
        k: (int(r["size"]), int(r["sum"]), r["sum"] / top if top and r["size"] >= min_people else np.nan)
        for k, r in t.iterrows()
    }


def weights_of(says, weights):
    """A wrong `gap_parts` whose rates are right; `weights` turns the six rates into the weights b, t and f."""
    wrong("gap_parts", says)(
        "def gap_parts(y_true, y_pred, sensitive_features, one, other):\n"
        "    def three(g):\n"
        "        m = sensitive_features == g\n"
        "        return y_true[m].mean(), y_pred[m & (y_true == 1)].mean(), y_pred[m & (y_true == 0)].mean()\n"
        "    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)\n"
        "    b, t, f = (b1 + b2) / 2, (t1 + t2) / 2, (f1 + f2) / 2\n"
        f"    {weights}\n"
        '    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}\n'
    )


weights_of("with the base rate of `one` alone", "b = b1")
weights_of("with the base rate of `other` alone", "b = b2")
weights_of("with the rates of `one` alone", "t, f = t1, f1")
weights_of("with the rates of `other` alone", "t, f = t2, f2")
weights_of("divides t2 only", "t, f = t1 + t2 / 2, f1 + f2 / 2")
weights_of("the average base rate is half of it", "b = b1 + b2")
weights_of("You add where an average is meant", "b, t, f = b1 + b2, t1 + t2, f1 + f2")
weights_of("The base-rate part is twice too large", "t, f = t1 + t2, f1 + f2")
weights_of("divides b2 only", "b = b1 + b2 / 2")
weights_of("Everybody's rates include the Coast", "b = y_true.mean()")


@wrong("gap_parts", "Your TPR divides by those selected")
def gap_parts(y_true, y_pred, sensitive_features, one, other):
    def three(g):
        m = sensitive_features == g
        return y_true[m].mean(), y_true[m & (y_pred == 1)].mean(), y_pred[m & (y_true == 0)].mean()

    (b1, t1, f1), (b2, t2, f2) = three(one), three(other)
    b, t, f = (b1 + b2) / 2, (t1 + t2) / 2, (f1 + f2) / 2
    return {"base rates": (b1 - b2) * (t - f), "TPR": b * (t1 - t2), "FPR": (1 - b) * (f1 - f2)}


@wrong("label_errors", "rounded")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    answer = {}
    for g in np.unique(sensitive_features):
        m = seen & (sensitive_features == g)
        answer[g] = round((recorded[m] != rechecked[m]).mean(), 2) if m.any() else np.nan
    return answer


@wrong("label_errors", "whether there is any error")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    return {
        g: float((recorded != rechecked)[seen & (sensitive_features == g)].any()) for g in np.unique(sensitive_features)
    }


@wrong("label_errors", "found a 0")
def label_errors(recorded, rechecked, sensitive_features):
    known = np.nan_to_num(rechecked)
    return {g: (recorded != known)[sensitive_features == g].mean() for g in np.unique(sensitive_features)}


@wrong("label_errors", "how the errors divide between the groups")
def label_errors(recorded, rechecked, sensitive_features):
    off = (recorded != rechecked) & ~np.isnan(rechecked)
    return {g: off[sensitive_features == g].sum() / off.sum() for g in np.unique(sensitive_features)}


@wrong("label_errors", "share of everybody")
def label_errors(recorded, rechecked, sensitive_features):
    seen = ~np.isnan(rechecked)
    return dict.fromkeys(np.unique(sensitive_features).tolist(), (recorded != rechecked)[seen].mean())
