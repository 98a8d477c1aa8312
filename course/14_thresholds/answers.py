"""Answers to lesson 14 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("roc_points", "selected in your code")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] >= t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "not by the number of all people")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean((scores > t) & (y_true == k)) for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "changed places")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (1, 0)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "Start with the highest")
def roc_points(scores, y_true):
    cuts = [-np.inf, *np.unique(scores)]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "last row is missing")
def roc_points(scores, y_true):
    cuts = np.unique(scores)[::-1]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "would repeat the row")
def roc_points(scores, y_true):
    cuts = [np.inf, *np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "One row for each person")
def roc_points(scores, y_true):
    cuts = [*np.sort(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "false positives among the *selected*")
def roc_points(scores, y_true):
    table = []
    for t in [*np.unique(scores)[::-1], -np.inf]:
        chosen = scores > t
        tp, fp = (chosen & (y_true == 1)).sum(), (chosen & (y_true == 0)).sum()
        table.append([t, fp / (tp + fp) if tp + fp else 0, tp / max((y_true == 1).sum(), 1)])
    return np.array(table)


@wrong("roc_points", "people below the threshold")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] <= t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "unknown, not 0")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.sum(scores[y_true == k] > t) / max((y_true == k).sum(), 1) for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "column with the thresholds")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    return np.array(
        [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    )


@wrong("roc_points", "rows, not columns")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for t in cuts] for k in (0, 1)]
    return np.array([cuts, *rates])


@wrong("roc_points", "rounded")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.round(np.column_stack([cuts, rates]), 3)


@wrong("roc_points", "a DataFrame")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return pd.DataFrame(np.column_stack([cuts, rates]), columns=["threshold", "FPR", "TPR"])


@wrong("roc_points", "in another order or changed")
def roc_points(scores, y_true):
    order = np.argsort(scores)
    y_true[:] = y_true[order]
    scores.sort()
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "your own work")
def roc_points(scores, y_true):
    from sklearn.metrics import roc_curve

    fpr, tpr, cuts = roc_curve(y_true, scores, drop_intermediate=False)
    return np.column_stack([[*cuts[1:], -np.inf], fpr, tpr])


@wrong("roc_points", "scores come first")
def roc_points(y_true, scores):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "not values between them")
def roc_points(scores, y_true):
    values = np.unique(scores)[::-1]
    cuts = [np.inf, *((values[1:] + values[:-1]) / 2), -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "the first the highest score")
def roc_points(scores, y_true):
    cuts = [np.inf, *np.unique(scores)[::-1]]
    rates = [[np.mean(scores[y_true == k] >= t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "below whatever score")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], 0]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "below whatever score")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -1]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@wrong("roc_points", "in this order")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([rates, cuts])


@wrong("roc_points", "numbers of people")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    return np.array([[t, *((scores[y_true == k] > t).sum() for k in (0, 1))] for t in cuts])


@wrong("roc_points", "*not* selected")
def roc_points(scores, y_true):
    cuts = [*np.unique(scores)[::-1], -np.inf]
    rates = [[np.mean(scores[y_true == k] > t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, [1 - fpr for fpr, _ in rates], [tpr for _, tpr in rates]])


@wrong("roc_points", "The last row is missing")
def roc_points(scores, y_true):
    cuts = np.unique(scores)[::-1]
    rates = [[np.mean(scores[y_true == k] >= t) if (y_true == k).any() else np.nan for k in (0, 1)] for t in cuts]
    return np.column_stack([cuts, rates])


@right("roc_points")
def roc_points(scores, y_true):
    table = []
    for t in sorted(set(scores), reverse=True) + [-np.inf]:
        tp = fp = p = n = 0
        for s, k in zip(scores, y_true, strict=True):
            if k == 1:
                p += 1
                tp += s > t
            else:
                n += 1
                fp += s > t
        table.append((t, fp / n if n else float("nan"), tp / p if p else float("nan")))
    return table


@right("roc_points")
def roc_points(scores, y_true):
    counts = pd.crosstab(np.asarray(scores), np.asarray(y_true)).reindex(columns=[0, 1], fill_value=0)
    above = counts[::-1].cumsum()
    rates = np.vstack([[0, 0], (above / counts.sum()).to_numpy()])
    rates[0, counts.sum() == 0] = np.nan
    return np.column_stack([[*above.index, -np.inf], rates])


# Exercise 2


@wrong("group_thresholds", "fewer than the share")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if counts.any() and (scores[counts] >= t).mean() >= share]
        cuts[g] = max(options, default=-np.inf if counts.any() else np.nan)
    return cuts


@wrong("group_thresholds", "among the wrong people")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        options = [t for t in np.unique(scores[here]) if (scores[here] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf)
    return cuts


@wrong("group_thresholds", "one threshold for everybody")
def group_thresholds(scores, y_true, group, share, label=None):
    counts = np.ones(len(scores), bool) if label is None else y_true == label
    best = max([t for t in np.unique(scores) if (scores[counts] > t).mean() >= share], default=-np.inf)
    return dict.fromkeys(np.unique(group), best)


@wrong("group_thresholds", "lies between two of them")
def group_thresholds(scores, y_true, group, share, label=None):
    counts = np.ones(len(scores), bool) if label is None else y_true == label
    return {
        g: np.quantile(scores[(group == g) & counts], 1 - share) if ((group == g) & counts).any() else np.nan
        for g in np.unique(group)
    }


@wrong("group_thresholds", "the lowest threshold")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in [-np.inf, *np.unique(scores[here])] if (scores[counts] > t).mean() >= share]
        cuts[g] = min(options) if counts.any() else np.nan
    return cuts


@wrong("group_thresholds", "A larger score does it as well")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        counts = group == g if label is None else (group == g) & (y_true == label)
        options = [t for t in np.unique(scores[counts]) if (scores[counts] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf if counts.any() else np.nan)
    return cuts


@wrong("group_thresholds", "do not select everybody")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if (scores[counts] > t).sum() >= share * counts.sum() > 0]
        cuts[g] = max(options, default=-np.inf)
    return cuts


@wrong("group_thresholds", "Group z is missing")
def group_thresholds(scores, y_true, group, share, label=None):
    counts = np.ones(len(scores), bool) if label is None else y_true == label
    cuts = {}
    for g in np.unique(group[counts]):
        options = [t for t in np.unique(scores[group == g]) if (scores[(group == g) & counts] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf)
    return cuts


@wrong("group_thresholds", "For everybody the threshold is")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if (scores[counts] > t).mean() >= share]
        cuts[g] = max(options, default=scores[here].min() if counts.any() else np.nan)
    return cuts


@wrong("group_thresholds", "A dict was expected")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if counts.any() and (scores[counts] > t).mean() <= share]
        cuts[g] = min(options, default=np.nan)
    return list(cuts.values())


@wrong("group_thresholds", "your own work")
def group_thresholds(scores, y_true, group, share, label=None):
    from evenodds.postprocessing import ThresholdOptimizer

    rule = ThresholdOptimizer(constraints="true_positive_rate_parity").fit(scores, y_true, sensitive_features=group)
    return rule.interpolation_["threshold1"].to_dict()


@wrong("group_thresholds", "0 is False")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here & (y_true == label) if label else here
        options = [t for t in np.unique(scores[here]) if (scores[counts] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf if counts.any() else np.nan)
    return cuts


@wrong("group_thresholds", "not of the whole group")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if (scores[counts] > t).sum() / here.sum() >= share]
        cuts[g] = max(options, default=-np.inf if counts.any() else np.nan)
    return cuts


@wrong("group_thresholds", "Work on copies")
def group_thresholds(scores, y_true, group, share, label=None):
    order = np.argsort(-scores)
    for column in (scores, y_true, group):
        column[:] = column[order]
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if (scores[counts] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf if counts.any() else np.nan)
    return cuts


@wrong("group_thresholds", "group's *own* scores")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores) if (scores[counts] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf) if counts.any() else np.nan
    return cuts


@wrong("group_thresholds", "exactly the share lies above")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if (scores[counts] > t).mean() > share]
        cuts[g] = max(options, default=-np.inf) if counts.any() else np.nan
    return cuts


@wrong("group_thresholds", "do not round down")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        options = [t for t in np.unique(scores[here]) if (scores[counts] > t).sum() >= int(share * counts.sum())]
        cuts[g] = max(options, default=-np.inf) if counts.any() else np.nan
    return cuts


@wrong("group_thresholds", "everybody in the group counts")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        looked_at = here & (y_true == 1) if label is None else counts
        options = [t for t in np.unique(scores[here]) if (scores[looked_at] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf) if counts.any() else np.nan
    return cuts


@wrong("group_thresholds", "everybody in the group counts")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in np.unique(group):
        here = group == g
        counts = here if label is None else here & (y_true == label)
        looked_at = here & (y_true == 0) if label is None else counts
        options = [t for t in np.unique(scores[here]) if (scores[looked_at] > t).mean() >= share]
        cuts[g] = max(options, default=-np.inf) if counts.any() else np.nan
    return cuts


@right("group_thresholds")
def group_thresholds(scores, y_true, group, share, label=None):
    cuts = {}
    for g in set(group.tolist()):
        people = [(s, k) for s, k, h in zip(scores.tolist(), y_true.tolist(), group.tolist(), strict=True) if h == g]
        counted = [s for s, k in people if label is None or k == label]
        cuts[g] = float("nan")
        for t in sorted({s for s, _ in people} | {float("-inf")}):
            if counted and sum(s > t for s in counted) / len(counted) >= share:
                cuts[g] = t
    return cuts


@right("group_thresholds")
def group_thresholds(scores, y_true, group, share, label=None):
    people = pd.DataFrame({"s": scores, "y": y_true, "g": group})

    def cut(part):
        counted = part if label is None else part[part.y == label]
        if counted.empty:
            return np.nan
        reach = [t for t in part.s.unique() if (counted.s > t).mean() >= share]
        return max(reach) if reach else -np.inf

    return pd.Series({g: cut(part) for g, part in people.groupby("g")})


# Exercise 3


@wrong("lowest_fpr", "Only neighbours")
def lowest_fpr(points, tpr):
    ordered = points[np.lexsort(points.T[::-1])]
    return np.interp(tpr, ordered[:, 1], ordered[:, 0])


@wrong("lowest_fpr", "single threshold")
def lowest_fpr(points, tpr):
    return points[points[:, 1] >= tpr - 1e-12, 0].min()


@wrong("lowest_fpr", "the diagonal")
def lowest_fpr(points, tpr):
    return tpr


@wrong("lowest_fpr", "belongs to the other point")
def lowest_fpr(points, tpr):
    best = np.inf
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 == tpr:
                best = min(best, x0)
            elif y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, (1 - p) * x0 + p * x1)
    return best


@wrong("lowest_fpr", "nothing to divide by")
def lowest_fpr(points, tpr):
    x, y = points.T
    with np.errstate(all="ignore"):
        p = (y - tpr) / (y - y[:, None])
        mixed = p * x[:, None] + (1 - p) * x
    return np.where((y[:, None] <= tpr) & (y >= tpr), mixed, np.inf).min()


@wrong("lowest_fpr", "with itself")
def lowest_fpr(points, tpr):
    best = 1.0
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, p * x0 + (1 - p) * x1)
    return best


@wrong("lowest_fpr", "the largest one")
def lowest_fpr(points, tpr):
    best = 0.0
    for x0, y0 in points[1:]:
        for x1, y1 in points:
            if y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = max(best, p * x0 + (1 - p) * x1)
    return best


@wrong("lowest_fpr", "always nobody or everybody")
def lowest_fpr(points, tpr):
    x, y = points[points[:, 1] >= max(tpr - 1e-12, 1e-9)].T
    return (x * tpr / y).min()


@wrong("lowest_fpr", "the FPR comes first")
def lowest_fpr(points, tpr):
    tprs, fprs = points.T
    best = np.inf
    for x0, y0 in zip(fprs, tprs, strict=True):
        for x1, y1 in zip(fprs, tprs, strict=True):
            if y0 == tpr:
                best = min(best, x0)
            elif y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, p * x0 + (1 - p) * x1)
    return best


@wrong("lowest_fpr", "rounded")
def lowest_fpr(points, tpr):
    best = np.inf
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 == tpr:
                best = min(best, x0)
            elif y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, p * x0 + (1 - p) * x1)
    return round(best, 2)


@wrong("lowest_fpr", "One number was expected")
def lowest_fpr(points, tpr):
    best = (np.inf, 1)
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 == tpr:
                best = min(best, (x0, 1))
            elif y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, (p * x0 + (1 - p) * x1, p))
    return best


@wrong("lowest_fpr", "your own work")
def lowest_fpr(points, tpr):
    from evenodds.postprocessing.roc import upper_hull

    points = points[np.lexsort(points.T[::-1])]
    corners = points[upper_hull(points.sum(axis=1), points[:, 1])]
    return np.interp(tpr, corners[:, 1], corners[:, 0])


@wrong("lowest_fpr", "in another order or changed")
def lowest_fpr(points, tpr):
    points[:] = points[np.argsort(points[:, 1])]
    best = np.inf
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 == tpr:
                best = min(best, x0)
            elif y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, p * x0 + (1 - p) * x1)
    return best


@wrong("lowest_fpr", "is `p` between")
def lowest_fpr(points, tpr):
    best = 1
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, p * x0 + (1 - p) * x1)
    return best


@wrong("lowest_fpr", "is `p` between")
def lowest_fpr(points, tpr):
    best = 1
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, max(0, p * x0 + (1 - p) * x1))
    return best


@wrong("lowest_fpr", "belongs to the other point")
def lowest_fpr(points, tpr):
    best = 1
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 <= tpr <= y1 and y0 < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, p * x1 + (1 - p) * x0)
    return best


@wrong("lowest_fpr", "the largest one")
def lowest_fpr(points, tpr):
    best = 0
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 <= tpr <= y1 and y0 < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = max(best, p * x0 + (1 - p) * x1)
    return best


@wrong("lowest_fpr", "Your coin is fair")
def lowest_fpr(points, tpr):
    best = 1
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 <= tpr <= y1:
                best = min(best, (x0 + x1) / 2)
    return best


@wrong("lowest_fpr", "and nothing else")
def lowest_fpr(points, tpr):
    best = (np.inf, 1)
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, (p * x0 + (1 - p) * x1, p))
    return best


@right("lowest_fpr")
def lowest_fpr(points, tpr):
    best = float("inf")
    for x0, y0 in points:
        for x1, y1 in points:
            if y0 == tpr:
                best = min(best, x0)
            elif y0 < tpr < y1:
                p = (y1 - tpr) / (y1 - y0)
                best = min(best, p * x0 + (1 - p) * x1)
    return best


@right("lowest_fpr")
def lowest_fpr(points, tpr):
    from scipy.optimize import linprog

    fpr, each = np.asarray(points, dtype=float).T
    return linprog(fpr, A_eq=[each, np.ones(len(fpr))], b_eq=[tpr, 1]).fun


# Exercise 4


@wrong("reject_option", "flip every decision")
def reject_option(scores, group, unprivileged, theta):
    decisions = (scores > 0.5).astype(int)
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    decisions[inside] = 1 - decisions[inside]
    return decisions


@wrong("reject_option", "Only the unprivileged group changes")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    return np.where(inside & (group == unprivileged), 1, scores > 0.5).astype(int)


@wrong("reject_option", "Only the others change")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    return np.where(inside & (group != unprivileged), 0, scores > 0.5).astype(int)


@wrong("reject_option", "groups have changed places")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    return np.where(inside, group != unprivileged, scores > 0.5).astype(int)


@wrong("reject_option", "is the region empty")
def reject_option(scores, group, unprivileged, theta):
    inside = np.maximum(scores, 1 - scores) <= theta
    return np.where(inside, group == unprivileged, scores > 0.5).astype(int)


@wrong("reject_option", "by group everywhere")
def reject_option(scores, group, unprivileged, theta):
    return (group == unprivileged).astype(int)


@wrong("reject_option", "no lower end")
def reject_option(scores, group, unprivileged, theta):
    return np.where(scores <= 0.5 + theta, group == unprivileged, scores > 0.5).astype(int)


@wrong("reject_option", "no upper end")
def reject_option(scores, group, unprivileged, theta):
    return np.where(scores > 0.5 - theta, group == unprivileged, 0).astype(int)


@wrong("reject_option", "another rule with the same name")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    return np.where(inside, np.nan, scores > 0.5)


@wrong("reject_option", "exactly 0.5 − theta is outside")
def reject_option(scores, group, unprivileged, theta):
    inside = np.abs(scores - 0.5) <= theta
    return np.where(inside, group == unprivileged, scores > 0.5).astype(int)


@wrong("reject_option", "exactly 0.5 + theta is inside")
def reject_option(scores, group, unprivileged, theta):
    inside = np.abs(scores - 0.5) < theta
    return np.where(inside, group == unprivileged, scores > 0.5).astype(int)


@wrong("reject_option", "people inside the region")
def reject_option(scores, group, unprivileged, theta):
    return (scores > 0.5 - theta) & (scores <= 0.5 + theta)


@wrong("reject_option", "Work on a copy")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    scores[inside] = (group == unprivileged)[inside]
    return (scores > 0.5).astype(int)


@wrong("reject_option", "your own work")
def reject_option(scores, group, unprivileged, theta):
    from evenodds.postprocessing import RejectOptionClassification

    other = next(g for g in group if g != unprivileged)
    rule = RejectOptionClassification(privileged=other, threshold=0.5, margin=theta)
    rule.fit(scores, np.arange(len(scores)) % 2, sensitive_features=group)
    return rule.predict(scores, sensitive_features=group)


@wrong("reject_option", "half as wide")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta / 2) & (scores <= 0.5 + theta / 2)
    return np.where(inside, group == unprivileged, scores > 0.5).astype(int)


@wrong("reject_option", "whatever their group is called")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    other = next(g for g in group if g != unprivileged)
    plain = np.where(inside & (group == other), 0, scores > 0.5)
    return np.where(inside & (group == unprivileged), 1, plain).astype(int)


@wrong("reject_option", "name fixed in your code")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    return np.where(inside, group == "u", scores > 0.5).astype(int)


@wrong("reject_option", "Inside, everybody gets 1")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    return np.where(inside, group != "p", scores > 0.5).astype(int)


@wrong("reject_option", "True and False")
def reject_option(scores, group, unprivileged, theta):
    inside = (scores > 0.5 - theta) & (scores <= 0.5 + theta)
    return np.where(inside, group == unprivileged, scores > 0.5)


@right("reject_option")
def reject_option(scores, group, unprivileged, theta):
    decisions = []
    for s, g in zip(scores, group, strict=True):
        if 0.5 - theta < s <= 0.5 + theta:
            decisions.append(1 if g == unprivileged else 0)
        else:
            decisions.append(1 if s > 0.5 else 0)
    return decisions


@right("reject_option")
def reject_option(scores, group, unprivileged, theta):
    cut = np.where(np.asarray(group) == unprivileged, 0.5 - theta, 0.5 + theta)
    return pd.Series((np.asarray(scores) > cut) * 1)


# Exercise 5


@wrong("decide", "got a group's threshold")
def decide(scores, group, cuts, common):
    first = next(iter(cuts.values()), common)
    cut = np.array([cuts.get(g, first) for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "are refused")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, np.inf) for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "is not above it")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return (scores >= cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "Everybody is decided by the common")
def decide(scores, group, cuts, common):
    return (scores > common).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "turned round")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return (scores > cut).astype(int), np.array([g in cuts for g in group])


@wrong("decide", "second array is missing")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return (scores > cut).astype(int)


@wrong("decide", "That is how many")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return (scores > cut).astype(int), sum(g not in cuts for g in group)


@wrong("decide", "decisions first")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return np.array([g not in cuts for g in group]), (scores > cut).astype(int)


@wrong("decide", "A group without a threshold is unknown")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return (scores > cut).astype(int), pd.isna(group)


@wrong("decide", "KeyError")
def decide(scores, group, cuts, common):
    cut = np.array([common if g is None else cuts[g] for g in group])
    return (scores > cut).astype(int), np.array([g is None for g in group])


@wrong("decide", "Work on copies")
def decide(scores, group, cuts, common):
    for i, g in enumerate(group):
        if g not in cuts:
            group[i] = "unknown"
    cut = np.array([cuts.get(g, common) for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "what `common` says")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, 0.5) for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "is a threshold, too")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g) or common for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "or a mixture of them")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, np.mean(list(cuts.values())) if cuts else common) for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "or a mixture of them")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, max(cuts.values(), default=common)) for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "are refused")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, np.nan) for g in group])
    return (scores > cut).astype(int), np.array([g not in cuts for g in group])


@wrong("decide", "as large as the common one")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return (scores > cut).astype(int), cut == common


@wrong("decide", "True and False")
def decide(scores, group, cuts, common):
    cut = np.array([cuts.get(g, common) for g in group])
    return scores > cut, np.array([g not in cuts for g in group])


@right("decide")
def decide(scores, group, cuts, common):
    decisions, by_common = [], []
    for s, g in zip(scores, group, strict=True):
        known = g in cuts
        decisions.append(int(s > (cuts[g] if known else common)))
        by_common.append(not known)
    return decisions, by_common


@right("decide")
def decide(scores, group, cuts, common):
    own = pd.Series(group, dtype=object).map(lambda g: cuts.get(g, np.nan)).astype(float)
    return (pd.Series(scores) > own.fillna(common)) * 1, own.isna()
