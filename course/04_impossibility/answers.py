"""Answers to lesson 04 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("three_links", "Link 1 is a share of everyone")
def three_links(tp, fp, fn, tn):
    return [(tp + fn) / (tp + fp + fn + tn), tp / (tp + fn), fp / tp]


@wrong("three_links", "Link 1 is upside down")
def three_links(tp, fp, fn, tn):
    return [(fp + tn) / (tp + fn), tp / (tp + fn), fp / tp]


@wrong("three_links", "Link 1 counts decisions")
def three_links(tp, fp, fn, tn):
    return [(tp + fp) / (fn + tn), tp / (tp + fn), fp / tp]


@wrong("three_links", "Link 2 counts those missed")
def three_links(tp, fp, fn, tn):
    return [(tp + fn) / (fp + tn), fn / (tp + fn), fp / tp]


@wrong("three_links", "Link 2 is the precision")
def three_links(tp, fp, fn, tn):
    return [(tp + fn) / (fp + tn), tp / (tp + fp), fp / tp]


@wrong("three_links", "share of those called risky")
def three_links(tp, fp, fn, tn):
    return [(tp + fn) / (fp + tn), tp / (tp + fn), fp / (tp + fp)]


@wrong("three_links", "Link 3 is upside down")
def three_links(tp, fp, fn, tn):
    return [(tp + fn) / (fp + tn), tp / (tp + fn), tp / fp]


@wrong("three_links", "All three links")
def three_links(tp, fp, fn, tn):
    return [(fp + tn) / (tp + fn), (tp + fn) / tp, tp / fp]


@wrong("three_links", "product")
def three_links(tp, fp, fn, tn):
    return (tp + fn) / (fp + tn) * tp / (tp + fn) * fp / tp


@wrong("three_links", "exchanged")
def three_links(tp, fn, fp, tn):
    return [(tp + fn) / (fp + tn), tp / (tp + fn), fp / tp]


@wrong("three_links", "already the FPR")
def three_links(tp, fp, fn, tn):
    return [(tp + fn) / (fp + tn), tp / (tp + fn), fp / (fp + tn)]


@wrong("three_links", "rounded")
def three_links(tp, fp, fn, tn):
    return [round((tp + fn) / (fp + tn), 3), round(tp / (tp + fn), 3), round(fp / tp, 3)]


@wrong("three_links", "Python divides before it adds")
def three_links(tp, fp, fn, tn):
    return [tp + fn / fp + tn, tp / (tp + fn), fp / tp]


@wrong("three_links", "Link 2 is upside down")
def three_links(tp, fp, fn, tn):
    return [(tp + fn) / (tp + fp + fn + tn), (tp + fn) / tp, fp / tp]


@right("three_links")
def three_links(tp, fp, fn, tn):
    counts = pd.Series({"tp": tp, "fp": fp, "fn": fn, "tn": tn})
    top = np.array([counts[["tp", "fn"]].sum(), counts.tp, counts.fp])
    below = np.array([counts[["fp", "tn"]].sum(), counts[["tp", "fn"]].sum(), counts.tp])
    return top / below


@right("three_links")
def three_links(tp, fp, fn, tn):
    base_rate = (tp + fn) / (tp + fp + fn + tn)
    precision = tp / (tp + fp)
    return base_rate / (1 - base_rate), 1 - fn / (tp + fn), 1 / precision - 1


# Exercise 2


@wrong("implied_fpr", "Link 1 is upside down")
def implied_fpr(base_rate, ppv, fnr):
    return (1 - base_rate) / base_rate * (1 - ppv) / ppv * (1 - fnr)


@wrong("implied_fpr", "Link 3 is upside down")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * ppv / (1 - ppv + 1e-12) * (1 - fnr)


@wrong("implied_fpr", "You used the FNR itself")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv * fnr


@wrong("implied_fpr", "not the base rate alone")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate * (1 - ppv) / ppv * (1 - fnr)


@wrong("implied_fpr", "not 1 − PPV alone")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) * (1 - fnr)


@wrong("implied_fpr", "too few brackets")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / 1 - base_rate * (1 - ppv) / ppv * (1 - fnr)


@wrong("implied_fpr", "too few brackets")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv / ppv) * (1 - fnr)


@wrong("implied_fpr", "cut the result at 1")
def implied_fpr(base_rate, ppv, fnr):
    return min(1, base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr))


@wrong("implied_fpr", "also above 1")
def implied_fpr(base_rate, ppv, fnr):
    fpr = base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)
    return fpr if fpr <= 1 else float("nan")


@wrong("implied_fpr", "One of the three links is missing")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv


@wrong("implied_fpr", "true negative rate")
def implied_fpr(base_rate, ppv, fnr):
    return 1 - base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)


@wrong("implied_fpr", "your own work")
def implied_fpr(base_rate, ppv, fnr):
    from evenodds import impossibility

    return impossibility.implied_false_positive_rate(base_rate, ppv, fnr)


@wrong("implied_fpr", "1 − FNR lacks its brackets")
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * 1 - fnr * (1 - ppv) / ppv


@wrong("implied_fpr", "also above 1")
def implied_fpr(base_rate, ppv, fnr):
    fpr = base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)
    if fpr <= 1:
        return fpr


@right("implied_fpr")
def implied_fpr(base_rate, ppv, fnr):
    people = 1
    label_1, label_0 = people * base_rate, people * (1 - base_rate)
    tp = label_1 * (1 - fnr)
    fp = tp / ppv - tp
    return fp / label_0


@right("implied_fpr")
def implied_fpr(base_rate, ppv, fnr):
    links = [1 / (1 / base_rate - 1), 1 / ppv - 1, 1 - fnr]
    return np.prod(links)


# Exercise 3


@wrong("selection_gap", "sign is turned")
def selection_gap(base_a, base_b, tpr, fpr):
    return (base_b - base_a) * (tpr - fpr)


@wrong("selection_gap", "dropped by `abs`")
def selection_gap(base_a, base_b, tpr, fpr):
    return abs((base_b - base_a) * (tpr - fpr))


@wrong("selection_gap", "People with label 0 have dropped out")
def selection_gap(base_a, base_b, tpr, fpr):
    return base_a * tpr - base_b * tpr


@wrong("selection_gap", "People with label 1 have dropped out")
def selection_gap(base_a, base_b, tpr, fpr):
    return (1 - base_a) * fpr - (1 - base_b) * fpr


@wrong("selection_gap", "TPR plus FPR")
def selection_gap(base_a, base_b, tpr, fpr):
    return base_a * (tpr + fpr) - base_b * (tpr + fpr)


@wrong("selection_gap", "selection rate of group a")
def selection_gap(base_a, base_b, tpr, fpr):
    return base_a * tpr + (1 - base_a) * fpr


@wrong("selection_gap", "added the two")
def selection_gap(base_a, base_b, tpr, fpr):
    return base_a * tpr + (1 - base_a) * fpr + (base_b * tpr + (1 - base_b) * fpr)


@wrong("selection_gap", "ratio of the selection rates")
def selection_gap(base_a, base_b, tpr, fpr):
    return (base_a * tpr + (1 - base_a) * fpr) / (base_b * tpr + (1 - base_b) * fpr)


@wrong("selection_gap", "brackets")
def selection_gap(base_a, base_b, tpr, fpr):
    return base_a * tpr + (1 - base_a) * fpr - base_b * tpr + (1 - base_b) * fpr


@wrong("selection_gap", "brackets around TPR − FPR")
def selection_gap(base_a, base_b, tpr, fpr):
    return (base_a - base_b) * tpr - fpr


@right("selection_gap")
def selection_gap(base_a, base_b, tpr, fpr):
    return (base_a * tpr + (1 - base_a) * fpr) - (base_b * tpr + (1 - base_b) * fpr)


@right("selection_gap")
def selection_gap(base_a, base_b, tpr, fpr):
    rates = []
    for p in (base_a, base_b):
        rates.append(np.dot([p, 1 - p], [tpr, fpr]))
    return rates[0] - rates[1]


# Exercise 4


@wrong("criterion_rows", "no FPR in it")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 0, -base_b, 0]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "Weigh them")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[1, 1, -1, -1]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "must reach both terms")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, 1 - base_b]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "equal opportunity, the TPR alone")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0]], [0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "hide one in FPR")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, 1, -1, -1]], [0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "inside a group")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, -1, 0, 0], [0, 0, 1, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "have the target 0")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [0, 0]


@wrong("criterion_rows", "asked of each group")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, base_b, 1 - base_b]], [base_a + base_b]


@wrong("criterion_rows", "two pairs of square brackets")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [base_a, 1 - base_a, -base_b, base_b - 1], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "one target for each row")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], 0
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], 0
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "four numbers, one for each unknown")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, -base_b]], [0]
    if criterion == "equalized_odds":
        return [[1, -1], [1, -1]], [0, 0]
    return [[base_a, 1 - base_a], [base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "but not your row")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[0.6, 0.4, -0.25, -0.75]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 1]
    return [[0.6, 0.4, 0, 0], [0, 0, 0.25, 0.75]], [0.6, 0.25]


@right("criterion_rows")
def criterion_rows(criterion, base_a, base_b):
    mean_a = np.array([base_a, 1 - base_a, 0, 0])
    mean_b = np.array([0, 0, base_b, 1 - base_b])
    if criterion == "demographic_parity":
        return np.array([2 * (mean_b - mean_a)]), np.zeros(1)
    if criterion == "calibration":
        return np.stack([mean_b, mean_a]), np.array([base_b, base_a])
    return np.hstack([np.eye(2), -np.eye(2)]), np.zeros(2)


@right("criterion_rows")
def criterion_rows(criterion, base_a, base_b):
    rules = {
        "demographic_parity": [([base_a, 1 - base_a, -base_b, base_b - 1], 0)],
        "equalized_odds": [([0, -1, 0, 1], 0), ([-1, 0, 1, 0], 0)],
        "calibration": [
            ([1, (1 - base_a) / base_a, 0, 0], 1),
            ([0, 0, 1, (1 - base_b) / base_b], 1),
        ],
    }
    rows, targets = [], []
    for row, target in rules[criterion]:
        rows.append(row)
        targets.append(target)
    return rows, targets


@wrong("criterion_rows", "for both groups")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_a, base_a - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_a, 1 - base_a]], [base_a, base_a]


@wrong("criterion_rows", "first both of group a")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, -base_b, 1 - base_a, base_b - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, -1, 0, 0], [0, 0, 1, -1]], [0, 0]
    return [[base_a, 0, 1 - base_a, 0], [0, base_b, 0, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "by the same amount")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], [0]
    if criterion == "equalized_odds":
        return [[1, -1, -1, 1]], [0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "Nothing came back")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b, base_b - 1]], [0]
    if criterion == "equalized odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]


@wrong("criterion_rows", "yours hold 3")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[base_a, 1 - base_a, -base_b]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[base_a, 1 - base_a, 0, 0], [0, 0, base_b, 1 - base_b]], [base_a, base_b]


@wrong("criterion_rows", "base rates 0.3 and 0.8")
def criterion_rows(criterion, base_a, base_b):
    if criterion == "demographic_parity":
        return [[0.6, 0.4, -0.25, -0.75]], [0]
    if criterion == "equalized_odds":
        return [[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0]
    return [[0.6, 0.4, 0, 0], [0, 0, 0.25, 0.75]], [0.6, 0.25]


# Exercise 5


@wrong("error_rates", "rates of the eleven people")
def error_rates(y_true, y_score, cut_offs):
    y = np.array([1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0])
    s = np.array([9, 7, 7, 5, 5, 4, 3, 3, 2, 2, 1])
    return np.array([[(s[y == 0] >= c).mean(), (s[y == 1] < c).mean()] for c in [3, 5, 7]])


@wrong("error_rates", "is not missed")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 0] >= c).mean(), (y_score[y_true == 1] <= c).mean()] for c in cut_offs]


@wrong("error_rates", "must count as called risky")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 0] > c).mean(), (y_score[y_true == 1] < c).mean()] for c in cut_offs]


@wrong("error_rates", "share of those *not* called risky")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 0] >= c).mean(), (y_true[y_score < c] == 1).mean()] for c in cut_offs]


@wrong("error_rates", "in the order given")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 0] >= c).mean(), (y_score[y_true == 1] < c).mean()] for c in sorted(cut_offs)]


@wrong("error_rates", "your own work")
def error_rates(y_true, y_score, cut_offs):
    from evenodds import metrics

    return [
        [metrics.false_positive_rate(y_true, y_score >= c), metrics.false_negative_rate(y_true, y_score >= c)]
        for c in cut_offs
    ]


@wrong("error_rates", "*equals* the cut-off")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 0] > c).mean(), (y_score[y_true == 1] <= c).mean()] for c in cut_offs]


@wrong("error_rates", "columns are exchanged")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 1] < c).mean(), (y_score[y_true == 0] >= c).mean()] for c in cut_offs]


@wrong("error_rates", "Column 1 holds the TPR")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 0] >= c).mean(), (y_score[y_true == 1] >= c).mean()] for c in cut_offs]


@wrong("error_rates", "You divided by everyone")
def error_rates(y_true, y_score, cut_offs):
    return [[((y_score >= c) & (y_true == 0)).mean(), ((y_score < c) & (y_true == 1)).mean()] for c in cut_offs]


@wrong("error_rates", "numbers of people")
def error_rates(y_true, y_score, cut_offs):
    return np.array([[((y_score >= c) & (y_true == 0)).sum(), ((y_score < c) & (y_true == 1)).sum()] for c in cut_offs])


@wrong("error_rates", "those *below* the cut-off")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_score[y_true == 0] < c).mean(), (y_score[y_true == 1] >= c).mean()] for c in cut_offs]


@wrong("error_rates", "turned on its side")
def error_rates(y_true, y_score, cut_offs):
    return np.array(
        [
            [(y_score[y_true == 0] >= c).mean() for c in cut_offs],
            [(y_score[y_true == 1] < c).mean() for c in cut_offs],
        ]
    )


@wrong("error_rates", "not 1 − FPR")
def error_rates(y_true, y_score, cut_offs):
    fpr = np.array([(y_score[y_true == 0] >= c).mean() for c in cut_offs])
    return np.column_stack([fpr, 1 - fpr])


@wrong("error_rates", "called risky, and by those not")
def error_rates(y_true, y_score, cut_offs):
    return [[(y_true[y_score >= c] == 0).mean(), (y_true[y_score < c] == 1).mean()] for c in cut_offs]


@wrong("error_rates", "inside the loop")
def error_rates(y_true, y_score, cut_offs):
    for c in cut_offs:
        return np.array([[(y_score[y_true == 0] >= c).mean(), (y_score[y_true == 1] < c).mean()]])


@right("error_rates")
def error_rates(y_true, y_score, cut_offs):
    table = []
    for c in cut_offs:
        fp = fn = 0
        for label, s in zip(y_true, y_score, strict=True):
            fp += label == 0 and s >= c
            fn += label == 1 and s < c
        table.append([fp / sum(y_true == 0), fn / sum(y_true == 1)])
    return table


@right("error_rates")
def error_rates(y_true, y_score, cut_offs):
    people = pd.DataFrame({"label": y_true})
    for i, c in enumerate(cut_offs):
        people[f"cut {i}"] = y_score >= c
    share = people.groupby("label").mean()
    return np.column_stack([share.loc[0], 1 - share.loc[1]]).astype(float)
