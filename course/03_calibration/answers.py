"""Answers to lesson 03 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from coursekit.answers import right, wrong

# Exercise 1


@wrong("reliability_table", "have changed places")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        here = bins == b
        rows[b] = {"n": here.sum(), "mean_score": y_true[here].mean(), "observed_rate": y_prob[here].mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "not the middle of the bin")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        here = bins == b
        rows[b] = {"n": here.sum(), "mean_score": (b + 0.5) / 4, "observed_rate": y_true[here].mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "half way between")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        s = y_prob[bins == b]
        rows[b] = {"n": len(s), "mean_score": (s.min() + s.max()) / 2, "observed_rate": y_true[bins == b].mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "nobody in it")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in range(bins.max() + 1):
        here = bins == b
        rows[b] = {"n": here.sum(), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "unknown, not 0")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in range(bins.max() + 1):
        here = bins == b
        n = here.sum()
        rows[b] = {
            "n": n,
            "mean_score": y_prob[here].mean() if n else 0,
            "observed_rate": y_true[here].mean() if n else 0,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "number of people in the bin")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        here = bins == b
        rows[b] = {"n": len(here), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "yours is a share")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        here = bins == b
        rows[b] = {"n": here.mean(), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "yours is a count")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        here = bins == b
        rows[b] = {"n": here.sum(), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].sum()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "You divided by everyone")
def reliability_table(y_true, y_prob, bins):
    people = pd.DataFrame({"y": y_true, "s": y_prob}).groupby(bins)
    return pd.DataFrame(
        {"n": people.size(), "mean_score": people.s.mean(), "observed_rate": people.y.sum() / len(y_true)}
    )


@wrong("reliability_table", "share with label 0")
def reliability_table(y_true, y_prob, bins):
    people = pd.DataFrame({"y": 1 - y_true, "s": y_prob}).groupby(bins)
    return pd.DataFrame({"n": people.size(), "mean_score": people.s.mean(), "observed_rate": people.y.mean()})


@wrong("reliability_table", "made anew inside the loop")
def reliability_table(y_true, y_prob, bins):
    for b in np.unique(bins):
        rows = {}
        here = bins == b
        rows[b] = {"n": here.sum(), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "one row for each bin")
def reliability_table(y_true, y_prob, bins):
    columns = {}
    for b in np.unique(bins):
        here = bins == b
        columns[b] = {"n": here.sum(), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].mean()}
    return pd.DataFrame(columns)


@wrong("reliability_table", "The index must be the numbers")
def reliability_table(y_true, y_prob, bins):
    rows = []
    for b in np.unique(bins):
        here = bins == b
        rows.append({"n": here.sum(), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].mean()})
    return pd.DataFrame(rows)


@wrong("reliability_table", "as the index; the table has three")
def reliability_table(y_true, y_prob, bins):
    people = pd.DataFrame({"y": y_true, "s": y_prob, "bin": bins})
    return people.groupby("bin", as_index=False).agg(
        n=("y", "size"), mean_score=("s", "mean"), observed_rate=("y", "mean")
    )


@wrong("reliability_table", "about everyone")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        rows[b] = {"n": (bins == b).sum(), "mean_score": y_prob.mean(), "observed_rate": y_true.mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


@wrong("reliability_table", "A DataFrame was expected")
def reliability_table(y_true, y_prob, bins):
    rows = {}
    for b in np.unique(bins):
        here = bins == b
        rows[b] = {"n": here.sum(), "mean_score": y_prob[here].mean(), "observed_rate": y_true[here].mean()}
    return rows


@wrong("reliability_table", "all people with label 1")
def reliability_table(y_true, y_prob, bins):
    people = pd.DataFrame({"y": y_true, "s": y_prob}).groupby(bins)
    return pd.DataFrame(
        {"n": people.size(), "mean_score": people.s.mean(), "observed_rate": people.y.sum() / y_true.sum()}
    )


@wrong("reliability_table", "without people; leave them out")
def reliability_table(y_true, y_prob, bins):
    people = pd.DataFrame({"y": y_true, "s": y_prob}).groupby(bins)
    table = pd.DataFrame({"n": people.size(), "mean_score": people.s.mean(), "observed_rate": people.y.mean()})
    return table.reindex(range(10))


@right("reliability_table")
def reliability_table(y_true, y_prob, bins):
    people = pd.DataFrame({"y": y_true, "s": y_prob, "bin": bins})
    return people.groupby("bin").agg(n=("y", "size"), mean_score=("s", "mean"), observed_rate=("y", "mean"))


@right("reliability_table")
def reliability_table(y_true, y_prob, bins):
    numbers = sorted(set(bins.tolist()))
    table = pd.DataFrame(index=numbers, columns=["n", "mean_score", "observed_rate"], dtype=float)
    for number in numbers:
        inside = [i for i in range(len(bins)) if bins[i] == number]
        table.loc[number, "n"] = len(inside)
        table.loc[number, "mean_score"] = sum(y_prob[i] for i in inside) / len(inside)
        table.loc[number, "observed_rate"] = sum(y_true[i] for i in inside) / len(inside)
    return table


@right("reliability_table")
def reliability_table(y_true, y_prob, bins):
    numbers, inverse, n = np.unique(bins, return_inverse=True, return_counts=True)
    return pd.DataFrame(
        {
            "observed_rate": np.bincount(inverse, y_true) / n,
            "mean_score": np.bincount(inverse, y_prob) / n,
            "n": n,
        },
        index=numbers,
    )


# Exercise 2


@wrong("calibration_error", "Every bin counts the same")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (table.observed_rate - table.mean_score).abs().mean()


@wrong("calibration_error", "opposite sign cancel")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (table.n * (table.observed_rate - table.mean_score)).sum() / table.n.sum()


@wrong("calibration_error", "opposite sign cancel")
def calibration_error(y_true, y_prob, bins):
    return abs(y_true.mean() - y_prob.mean())


@wrong("calibration_error", "largest distance")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (table.observed_rate - table.mean_score).abs().max()


@wrong("calibration_error", "each person's label with their score")
def calibration_error(y_true, y_prob, bins):
    return np.abs(y_true - y_prob).mean()


@wrong("calibration_error", "Brier score")
def calibration_error(y_true, y_prob, bins):
    return np.mean((y_true - y_prob) ** 2)


@wrong("calibration_error", "You squared the distances")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return ((table.observed_rate - table.mean_score) ** 2 * table.n).sum() / table.n.sum()


@wrong("calibration_error", "took the root at the end")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (((table.observed_rate - table.mean_score) ** 2 * table.n).sum() / table.n.sum()) ** 0.5


@wrong("calibration_error", "weights are *shares* of people")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return ((table.observed_rate - table.mean_score).abs() * table.n).sum()


@wrong("calibration_error", "You added the distances")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (table.observed_rate - table.mean_score).abs().sum()


@wrong("calibration_error", "middle of the bins")
def calibration_error(y_true, y_prob, bins):
    return sum((bins == b).mean() * abs(y_true[bins == b].mean() - (b + 0.5) / 4) for b in np.unique(bins))


@wrong("calibration_error", "that have people only")
def calibration_error(y_true, y_prob, bins):
    total = 0
    for b in range(bins.max() + 1):
        here = bins == b
        total += here.mean() * abs(y_true[here].mean() - y_prob[here].mean())
    return total


@wrong("calibration_error", "fixed bin numbers")
def calibration_error(y_true, y_prob, bins):
    total = 0
    for b in range(4):
        here = bins == b
        if here.any():
            total += here.mean() * abs(y_true[here].mean() - y_prob[here].mean())
    return total


@wrong("calibration_error", "inside the loop")
def calibration_error(y_true, y_prob, bins):
    total = 0
    for b in np.unique(bins):
        here = bins == b
        total += here.mean() * abs(y_true[here].mean() - y_prob[here].mean())
        return total


@wrong("calibration_error", "close, but rounded")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return round((table.n * (table.observed_rate - table.mean_score).abs()).sum() / table.n.sum(), 2)


@wrong("calibration_error", "added the distances and divided by the number of people")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (table.observed_rate - table.mean_score).abs().sum() / len(y_true)


@wrong("calibration_error", "divide by the number of people")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return ((table.observed_rate - table.mean_score).abs() * table.n).mean()


@wrong("calibration_error", "by their people with label 1")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    positives = table.n * table.observed_rate
    return (positives * (table.observed_rate - table.mean_score).abs()).sum() / positives.sum()


@wrong("calibration_error", "divide each distance by the mean score")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (table.n * (table.observed_rate / table.mean_score - 1).abs()).sum() / table.n.sum()


@wrong("calibration_error", "in one direction only")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return (table.n * (table.mean_score - table.observed_rate).clip(lower=0)).sum() / table.n.sum()


@right("calibration_error")
def calibration_error(y_true, y_prob, bins):
    return sum((bins == b).mean() * abs(y_true[bins == b].mean() - y_prob[bins == b].mean()) for b in np.unique(bins))


@right("calibration_error")
def calibration_error(y_true, y_prob, bins):
    difference = pd.Series(y_true - y_prob).groupby(bins).sum()
    return difference.abs().sum() / len(y_true)


@right("calibration_error")
def calibration_error(y_true, y_prob, bins):
    table = reliability_table(y_true, y_prob, bins)
    return np.average(np.abs(table["mean_score"] - table["observed_rate"]), weights=table["n"])


# Exercise 3


@wrong("platt_map", "stretch its logit")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-(intercept + slope * y_prob)))


@wrong("platt_map", "One step is missing: back to scores")
def platt_map(y_prob, intercept, slope):
    return intercept + slope * np.log(y_prob / (1 - y_prob))


@wrong("platt_map", "These are odds")
def platt_map(y_prob, intercept, slope):
    return np.exp(intercept + slope * np.log(y_prob / (1 - y_prob)))


@wrong("platt_map", "Intercept and slope have changed places")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-(slope + intercept * np.log(y_prob / (1 - y_prob)))))


@wrong("platt_map", "a sign is flipped")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(intercept + slope * np.log(y_prob / (1 - y_prob))))


@wrong("platt_map", "a sign is flipped")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-(intercept + slope * np.log((1 - y_prob) / y_prob))))


@wrong("platt_map", "base 10")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-(intercept + slope * np.log10(y_prob / (1 - y_prob)))))


@wrong("platt_map", "logarithm of the *odds*")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-(intercept + slope * np.log(y_prob))))


@wrong("platt_map", "You multiply the odds by the slope")
def platt_map(y_prob, intercept, slope):
    odds = slope * y_prob / (1 - y_prob)
    return odds / (1 + odds)


@wrong("platt_map", "intercept is not used")
def platt_map(y_prob, intercept, slope):
    odds = (y_prob / (1 - y_prob)) ** slope
    return odds / (1 + odds)


@wrong("platt_map", "not the intercept")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-slope * (intercept + np.log(y_prob / (1 - y_prob)))))


@wrong("platt_map", "a sign is flipped")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-intercept + slope * np.log(y_prob / (1 - y_prob))))


@wrong("platt_map", "Brackets are missing in the odds")
def platt_map(y_prob, intercept, slope):
    return 1 / (1 + np.exp(-(intercept + slope * np.log(y_prob / 1 - y_prob))))


@wrong("platt_map", "Brackets are missing in the sigmoid")
def platt_map(y_prob, intercept, slope):
    return 1 / 1 + np.exp(-(intercept + slope * np.log(y_prob / (1 - y_prob))))


@wrong("platt_map", "cut off at 0 and 1")
def platt_map(y_prob, intercept, slope):
    return np.clip(intercept + slope * y_prob, 0, 1)


@wrong("platt_map", "with a plus")
def platt_map(y_prob, intercept, slope):
    odds = np.exp(intercept) * (y_prob / (1 - y_prob)) ** slope
    return odds / (1 - odds)


@right("platt_map")
def platt_map(y_prob, intercept, slope):
    odds = np.exp(intercept) * (y_prob / (1 - y_prob)) ** slope
    return odds / (1 + odds)


@right("platt_map")
def platt_map(y_prob, intercept, slope):
    from scipy.special import expit, logit

    return expit(intercept + slope * logit(y_prob))


@right("platt_map")
def platt_map(y_prob, intercept, slope):
    mapped = []
    for p in y_prob:
        x = intercept + slope * (np.log(p) - np.log(1 - p))
        mapped.append(np.exp(x) / (1 + np.exp(x)))
    return mapped


# Exercise 4


@wrong("fit_maps", "on the scores themselves")
def fit_maps(y_true, y_prob, sensitive_features):
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(y_prob[here].reshape(-1, 1), y_true[here])
        fitted[g] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@wrong("fit_maps", "map of all people together")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    model = LogisticRegression(C=np.inf).fit(x, y_true)
    return dict.fromkeys(np.unique(sensitive_features), (model.intercept_[0], model.coef_[0, 0]))


@wrong("fit_maps", "pulled towards 0")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression().fit(x[here], y_true[here])
        fitted[g] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@wrong("fit_maps", "have changed places")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(x[here], y_true[here])
        fitted[g] = (model.coef_[0, 0], model.intercept_[0])
    return fitted


@wrong("fit_maps", "logit upside down")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log((1 - y_prob) / y_prob).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(x[here], y_true[here])
        fitted[g] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@wrong("fit_maps", "inside the loop")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(x[here], y_true[here])
        return {g: (model.intercept_[0], model.coef_[0, 0])}


@wrong("fit_maps", "0 sample")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in ["fluent", "interpreter"]:
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(x[here], y_true[here])
        fitted[g] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@wrong("fit_maps", "a pair of numbers")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        fitted[g] = LogisticRegression(C=np.inf).fit(x[here], y_true[here])
    return fitted


@wrong("fit_maps", "fitted on the odds")
def fit_maps(y_true, y_prob, sensitive_features):
    x = (y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(x[here], y_true[here])
        fitted[g] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@wrong("fit_maps", "labels turned round")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(x[here], y_true[here] == 0)
        fitted[g] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@wrong("fit_maps", "dict from group")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = []
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        model = LogisticRegression(C=np.inf).fit(x[here], y_true[here])
        fitted.append((model.intercept_[0], model.coef_[0, 0]))
    return fitted


@wrong("fit_maps", "straight line")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob))
    fitted = {}
    for g in np.unique(sensitive_features):
        here = sensitive_features == g
        slope, intercept = np.polyfit(x[here], y_true[here], 1)
        fitted[g] = (intercept, slope)
    return fitted


@wrong("fit_maps", "must be a plain number")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        model = LogisticRegression(C=np.inf).fit(x[sensitive_features == g], y_true[sensitive_features == g])
        fitted[g] = (model.intercept_, model.coef_)
    return fitted


@wrong("fit_maps", "must be the groups as they are")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        model = LogisticRegression(C=np.inf).fit(x[sensitive_features == g], y_true[sensitive_features == g])
        fitted[str(g)] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@wrong("fit_maps", "pulled towards 0")
def fit_maps(y_true, y_prob, sensitive_features):
    x = np.log(y_prob / (1 - y_prob)).reshape(-1, 1)
    fitted = {}
    for g in np.unique(sensitive_features):
        model = LogisticRegression(C=0.001).fit(x[sensitive_features == g], y_true[sensitive_features == g])
        fitted[g] = (model.intercept_[0], model.coef_[0, 0])
    return fitted


@right("fit_maps")
def fit_maps(y_true, y_prob, sensitive_features):
    from scipy.optimize import minimize

    def loss(line, x, y):
        z = line[0] + line[1] * x
        return np.mean(np.logaddexp(0, z) - y * z)

    x = np.log(y_prob / (1 - y_prob))
    return {
        g: minimize(loss, [0, 1], args=(x[sensitive_features == g], y_true[sensitive_features == g])).x
        for g in np.unique(sensitive_features)
    }


@right("fit_maps")
def fit_maps(y_true, y_prob, sensitive_features):
    people = pd.DataFrame({"y": y_true, "x": np.log(y_prob) - np.log(1 - y_prob), "g": sensitive_features})
    fitted = {}
    for g, part in people.groupby("g"):
        model = LogisticRegression(C=1e9, solver="newton-cholesky").fit(part[["x"]], part["y"])
        fitted[g] = [float(model.intercept_[0]), float(model.coef_[0][0])]
    return fitted


@right("fit_maps")
def fit_maps(y_true, y_prob, sensitive_features):
    fitted = {}
    for g in set(sensitive_features.tolist()):
        x = np.log(y_prob[sensitive_features == g] / (1 - y_prob[sensitive_features == g]))
        y = y_true[sensitive_features == g]
        a, b = 0.0, 1.0
        for _ in range(20_000):
            error = 1 / (1 + np.exp(-(a + b * x))) - y
            a, b = a - 0.5 * error.mean(), b - 0.5 * (error * x).mean()
        fitted[g] = (a, b)
    return fitted


# Exercise 5


@wrong("apply_maps", "maps of the two groups are swapped")
def apply_maps(y_prob, sensitive_features, maps):
    if set(sensitive_features) - set(maps):
        raise ValueError(f"no map for {set(sensitive_features) - set(maps)}")
    names = list(maps)[::-1]
    other = dict(zip(maps, names, strict=True))
    return np.array(
        [platt_map(np.array([s]), *maps[other[g]])[0] for s, g in zip(y_prob, sensitive_features, strict=True)]
    )


@wrong("apply_maps", "Everyone has the map of group a")
def apply_maps(y_prob, sensitive_features, maps):
    return platt_map(y_prob, *next(iter(maps.values())))


@wrong("apply_maps", "Everyone has the map of group b")
def apply_maps(y_prob, sensitive_features, maps):
    for g in maps:
        mapped = platt_map(y_prob, *maps[g])
    return mapped


@wrong("apply_maps", "keep the order")
def apply_maps(y_prob, sensitive_features, maps):
    return np.concatenate([platt_map(y_prob[sensitive_features == g], *maps[g]) for g in np.unique(sensitive_features)])


@wrong("apply_maps", "raise a ValueError")
def apply_maps(y_prob, sensitive_features, maps):
    mapped = y_prob.copy()
    for g in maps:
        mapped[sensitive_features == g] = platt_map(y_prob[sensitive_features == g], *maps[g])
    return mapped


@wrong("apply_maps", "A ValueError was expected")
def apply_maps(y_prob, sensitive_features, maps):
    mapped = np.zeros(len(y_prob))
    for g in np.unique(sensitive_features):
        mapped[sensitive_features == g] = platt_map(y_prob[sensitive_features == g], *maps[g])
    return mapped


@wrong("apply_maps", "does not mention")
def apply_maps(y_prob, sensitive_features, maps):
    mapped = np.zeros(len(y_prob))
    for g in np.unique(sensitive_features):
        if g not in maps:
            raise ValueError("unknown group")
        mapped[sensitive_features == g] = platt_map(y_prob[sensitive_features == g], *maps[g])
    return mapped


@wrong("apply_maps", "Intercept and slope have changed places")
def apply_maps(y_prob, sensitive_features, maps):
    mapped = np.zeros(len(y_prob))
    for g in np.unique(sensitive_features):
        if g not in maps:
            raise ValueError(f"no map for {g}")
        slope, intercept = maps[g]
        mapped[sensitive_features == g] = platt_map(y_prob[sensitive_features == g], intercept, slope)
    return mapped


@wrong("apply_maps", "Does `return` stand inside the loop")
def apply_maps(y_prob, sensitive_features, maps):
    mapped = np.zeros(len(y_prob))
    for g in np.unique(sensitive_features):
        if g not in maps:
            raise ValueError(f"no map for {g}")
        mapped[sensitive_features == g] = platt_map(y_prob[sensitive_features == g], *maps[g])
        return mapped


@wrong("apply_maps", "one after the other")
def apply_maps(y_prob, sensitive_features, maps):
    missing = [g for g in sensitive_features if g not in maps]
    if missing:
        raise ValueError(f"no map for {missing}")
    mapped = y_prob
    for g in maps:
        mapped = platt_map(mapped, *maps[g])
    return mapped


@wrong("apply_maps", "nobody in group")
def apply_maps(y_prob, sensitive_features, maps):
    for g in maps:
        if g not in sensitive_features:
            raise ValueError(f"nobody in group {g}")
    missing = [g for g in sensitive_features if g not in maps]
    if missing:
        raise ValueError(f"no map for {missing}")
    return np.array([platt_map(np.array([s]), *maps[g])[0] for s, g in zip(y_prob, sensitive_features, strict=True)])


@right("apply_maps")
def apply_maps(y_prob, sensitive_features, maps):
    mapped = []
    for s, g in zip(y_prob, sensitive_features, strict=True):
        if g not in maps:
            raise ValueError(f"group {g} has no map")
        intercept, slope = maps[g]
        odds = np.exp(intercept) * (s / (1 - s)) ** slope
        mapped.append(odds / (1 + odds))
    return mapped


@right("apply_maps")
def apply_maps(y_prob, sensitive_features, maps):
    table = pd.DataFrame(maps, index=["intercept", "slope"]).T.reindex(sensitive_features)
    if table["slope"].isna().any():
        raise ValueError(f"no map for {table.index[table['slope'].isna()].tolist()}")
    return 1 / (
        1 + np.exp(-(table["intercept"].to_numpy() + table["slope"].to_numpy() * np.log(y_prob / (1 - y_prob))))
    )


@right("apply_maps")
def apply_maps(y_prob, sensitive_features, maps):
    mapped = np.full(len(y_prob), np.nan)
    for g, line in maps.items():
        mapped[sensitive_features == g] = platt_map(y_prob[sensitive_features == g], *line)
    if np.isnan(mapped).any():
        raise ValueError(f"no map for group {sensitive_features[np.isnan(mapped)][0]}")
    return mapped
