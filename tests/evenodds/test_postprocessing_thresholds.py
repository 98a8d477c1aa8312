"""`ThresholdOptimizer` against Fairlearn's, against linear programs over all thresholds, and against itself."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from fairlearn.postprocessing import ThresholdOptimizer as Fairlearn
from fairlearn.postprocessing._tradeoff_curve_utilities import _tradeoff_curve
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression

from evenodds.datasets import make_audit_lab
from evenodds.postprocessing import ThresholdOptimizer
from evenodds.postprocessing.roc import roc_curve, roc_hull, upper_hull
from evenodds.postprocessing.threshold_optimizer import CONSTRAINTS, OBJECTIVES

PAIRS = [(c, o) for c in CONSTRAINTS for o in (OBJECTIVES[:2] if c == "equalized_odds" else OBJECTIVES)]


class Scores(ClassifierMixin, BaseEstimator):
    """A trained classifier whose probability of label 1 is the first feature."""

    classes_ = np.array([0, 1])

    def fit(self, X, y):
        raise AssertionError("it is prefit")

    def __sklearn_is_fitted__(self):
        return True

    def predict_proba(self, X):
        return np.column_stack([1 - X[:, 0], X[:, 0]])


def sampled(seed, n=80, groups=2, decimals=1):
    """Scores with many ties, labels of both kinds in every group, groups."""
    rng = np.random.default_rng(seed)
    s, g = rng.random(n).round(decimals), rng.integers(0, groups, n)
    y = (rng.random(n) < (0.2 + 0.5 * s + 0.2 * (g == 0)) / (1 + seed % 3)).astype(int)
    for group in range(groups):
        y[np.flatnonzero(g == group)[:2]] = [0, 1]
    return s, y, g


def rates_of(q, y, w):
    """Expected rates of people who are selected with probability q."""
    with np.errstate(invalid="ignore"):
        tpr, fpr = w @ (q * y) / (w @ y), w @ (q * (1 - y)) / (w @ (1 - y))
    return {
        "selection_rate": np.average(q, weights=w),
        "true_positive_rate": tpr,
        "false_positive_rate": fpr,
        "true_negative_rate": 1 - fpr,
        "accuracy_score": w @ np.where(y == 1, q, 1 - q) / w.sum(),
        "balanced_accuracy_score": (tpr + 1 - fpr) / 2,
    }


def objective_of(q, y, g, constraints, objective, w=None):
    """Everyone's under equalized odds, otherwise the mean over people of their group's."""
    w = np.ones(len(y)) if w is None else w
    if constraints == "equalized_odds":
        return rates_of(q, y, w)[objective]
    parts = [(g == a) for a in np.unique(g)]
    return sum(w[i].sum() * rates_of(q[i], y[i], w[i])[objective] for i in parts) / w.sum()


def gap_of(q, y, g, constraints, w=None):
    w = np.ones(len(y)) if w is None else w
    names = [CONSTRAINTS[constraints]] + ["true_positive_rate"] * (constraints == "equalized_odds")
    table = [[rates_of(q[g == a], y[g == a], w[g == a])[name] for name in names] for a in np.unique(g)]
    return np.ptp(table, axis=0).max()


def selected(rule, s, g):
    return rule.predict_proba(s, sensitive_features=g)[:, 1]


def exact_optimum(s, y, g, constraints, objective, *, tol=0.0, flip=False, w=None):
    """The best mixture of all thresholds of all groups, by a linear program with one unknown per rule."""
    w = np.ones(len(y)) if w is None else w
    columns, values, names = [], [], [CONSTRAINTS[constraints]]
    if constraints == "equalized_odds":
        names.append("true_positive_rate")
    groups = np.unique(g)
    for a in groups:
        i = g == a
        rules = [s[i] >= t for t in [*np.unique(s[i]), np.inf]]
        rules += [~rule for rule in rules] if flip else []
        for rule in rules:
            rates = rates_of(rule.astype(float), y[i], w[i])
            columns.append((a, [rates[name] for name in names]))
            # Under equalized odds everyone's rates are every group's, so that the first group's stand for all.
            base = np.average(y, weights=w)
            everyone = {
                "accuracy_score": base * rates["true_positive_rate"] + (1 - base) * rates["true_negative_rate"],
                "balanced_accuracy_score": rates["balanced_accuracy_score"],
            }
            if constraints == "equalized_odds":
                values.append(everyone[objective] * (a == groups[0]))
            else:
                values.append(rates[objective] * w[i].sum() / w.sum())
    of = np.array([a for a, _ in columns])
    rates = np.array([r for _, r in columns]).T
    mixes = np.array([of == a for a in groups], dtype=float)
    gaps = [np.where(of == a, r, 0) - np.where(of == b, r, 0) for r in rates for a in groups for b in groups if a != b]
    gaps = np.reshape(gaps, (-1, len(of)))
    found = linprog(
        -np.array(values), A_ub=gaps, b_ub=np.full(len(gaps), tol), A_eq=mixes, b_eq=np.ones(len(mixes)), bounds=(0, 1)
    )
    assert found.status == 0
    return -found.fun


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("flip", [False, True])
def test_the_hull_is_fairlearns_without_the_corners_that_rounding_leaves_on_straight_lines(seed, flip):
    s, y, _ = sampled(seed, n=60, decimals=seed % 3 + 1)
    ours = roc_hull(roc_curve(s, y, np.ones(len(s))), flip)
    theirs = _tradeoff_curve(pd.DataFrame({"score": s, "label": y}), 0, flip=flip)
    corners = {
        (round(x * (y == 0).sum()), round(h * y.sum())): (rule.operator, rule.threshold)
        for x, h, rule in theirs.itertuples(index=False)
    }
    for fp, tp, rule in zip(
        ours.false_positives, ours.true_positives, zip(ours.operator, ours.threshold, strict=True), strict=True
    ):
        assert (fp, tp) in corners
        if not flip:
            assert corners[fp, tp] == (rule[0], pytest.approx(rule[1]))
    chain = np.array(list(corners), dtype=float)
    above = np.interp(chain.sum(axis=1), ours.true_positives + ours.false_positives, ours.true_positives)
    assert above == pytest.approx(chain[:, 1])


@pytest.mark.parametrize(("constraints", "objective"), PAIRS)
@pytest.mark.parametrize("seed", range(4))
def test_expected_rates_are_equal_and_at_least_as_good_as_fairlearns(constraints, objective, seed):
    s, y, g = sampled(seed, groups=2 + seed % 2)
    ours = ThresholdOptimizer(constraints=constraints, objective=objective).fit(s, y, sensitive_features=g)
    theirs = Fairlearn(
        estimator=Scores(), constraints=constraints, objective=objective, prefit=True, predict_method="predict_proba"
    ).fit(s[:, None], y, sensitive_features=g)
    q, r = selected(ours, s, g), theirs._pmf_predict(s[:, None], sensitive_features=g)[:, 1]
    best = objective_of(q, y, g, constraints, objective)
    assert gap_of(q, y, g, constraints) < 1e-12
    assert -1e-9 < best - objective_of(r, y, g, constraints, objective) < 0.002
    assert best == pytest.approx(exact_optimum(s, y, g, constraints, objective), abs=1e-9)


@pytest.mark.parametrize("constraints", [c for c in CONSTRAINTS if c != "equalized_odds"])
@pytest.mark.parametrize("objective", OBJECTIVES[:2])
@pytest.mark.parametrize("seed", range(5))
def test_where_fairlearns_grid_holds_every_corner_the_probabilities_are_fairlearns(constraints, objective, seed):
    rng = np.random.default_rng(seed)
    s = rng.permutation(40) / 50
    g, y = np.repeat([0, 1], 20), np.tile(np.repeat([0, 1], 10), 2)  # so that corners are multiples of 1/20
    s = np.clip(s + 0.3 * y, 0, 1).round(2)
    ours = ThresholdOptimizer(constraints=constraints, objective=objective).fit(s, y, sensitive_features=g)
    theirs = Fairlearn(
        estimator=Scores(), constraints=constraints, objective=objective, prefit=True, predict_method="predict_proba"
    ).fit(s[:, None], y, sensitive_features=g)
    new = np.linspace(0, 1, 97)
    for a in (0, 1):
        q = selected(ours, new, np.full(97, a))
        r = theirs._pmf_predict(new[:, None], sensitive_features=np.full(97, a))[:, 1]
        if theirs._overall_tradeoff_curve["y"].round(9).eq(round(theirs._y_best, 9)).sum() == 1:  # one optimum only
            assert q == pytest.approx(r, abs=1e-9)
    q, r = selected(ours, s, g), theirs._pmf_predict(s[:, None], sensitive_features=g)[:, 1]
    best = objective_of(r, y, g, constraints, objective)
    assert objective_of(q, y, g, constraints, objective) == pytest.approx(best, abs=1e-12)


def test_fairlearns_grid_misses_the_optimum_here():
    s, y, g = np.array([4, 3, 2, 1] * 2) / 5, np.array([1, 1, 0, 1, 1, 0, 0, 0]), np.repeat([0, 1], 4)
    s, y, g = np.append(s, 0.7), np.append(y, 0), np.append(g, 0)
    options = {"constraints": "demographic_parity", "objective": "balanced_accuracy_score"}
    theirs = Fairlearn(estimator=Scores(), prefit=True, predict_method="predict_proba", grid_size=7, **options)
    r = theirs.fit(s[:, None], y, sensitive_features=g)._pmf_predict(s[:, None], sensitive_features=g)[:, 1]
    q = selected(ThresholdOptimizer(**options).fit(s, y, sensitive_features=g), s, g)
    assert objective_of(q, y, g, **options) > objective_of(r, y, g, **options) + 0.001


@pytest.mark.parametrize("seed", range(12))
def test_tolerance_and_flips_reach_the_linear_programs_optimum(seed):
    rng = np.random.default_rng(seed)
    s, y, g = sampled(seed, n=40, groups=3)
    s = 1 - s if seed % 3 == 0 else s
    w = rng.integers(1, 4, len(s)).astype(float)
    constraints = list(CONSTRAINTS)[seed % 7]
    tol = None if constraints == "equalized_odds" else [0.0, 0.1, 0.35, 1.0][seed % 4]
    flip = bool(seed % 2) or seed % 3 == 0
    rule = ThresholdOptimizer(constraints=constraints, tol=tol, flip=flip)
    q = selected(rule.fit(s, y, sensitive_features=g, sample_weight=w), s, g)
    assert gap_of(q, y, g, constraints, w) <= (tol or 0) + 1e-12
    best = exact_optimum(s, y, g, constraints, "accuracy_score", tol=tol or 0, flip=flip, w=w)
    assert objective_of(q, y, g, constraints, "accuracy_score", w) == pytest.approx(best, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1), groups=st.integers(1, 3), pair=st.sampled_from(PAIRS), decimals=st.integers(1, 3)
)
def test_order_names_weights_and_the_scale_of_scores_do_not_matter(seed, groups, pair, decimals):
    constraints, objective = pair
    s, y, g = sampled(seed, 40, groups, decimals)
    rng = np.random.default_rng(seed)
    w, order = rng.integers(1, 4, len(s)), rng.permutation(len(s))

    def value(scores, features, *rows, weights=None):
        rule = ThresholdOptimizer(constraints=constraints, objective=objective)
        i = rows[0] if rows else slice(None)
        rule.fit(scores[i], y[i], sensitive_features=features[i], sample_weight=weights if weights is None else w[i])
        return selected(rule, scores, features)

    q = value(s, g)
    assert value(s, g, order) == pytest.approx(q, abs=1e-9)
    assert value(expit(5 * s) ** 3 - 7, g) == pytest.approx(q, abs=1e-9)
    renamed = value(s, np.array(["z", "y", "x"])[g])
    args = (y, g, constraints, objective)
    assert objective_of(renamed, *args) == pytest.approx(objective_of(q, *args), abs=1e-9)
    assert value(s, g, np.repeat(np.arange(len(s)), w)) == pytest.approx(value(s, g, weights=w), abs=1e-9)
    assert ((q >= 0) & (q <= 1)).all()
    for a in range(groups):  # within a group nobody is passed over for a lower score
        assert (np.diff(q[g == a][np.argsort(s[g == a])]) >= -1e-12).all()


def test_the_modules_lab_gets_the_modules_thresholds_and_its_loss():
    lab = make_audit_lab()
    model = LogisticRegression(max_iter=2000).fit(lab.X_train, lab.y_train)
    a_train, a_test = (lab.sensitive.loc[X.index, "a"] for X in (lab.X_train, lab.X_test))
    rule = ThresholdOptimizer(estimator=model, prefit=True, predict_method="predict_proba")
    rule.fit(lab.X_train, lab.y_train, sensitive_features=a_train)
    mostly = rule.interpolation_
    cuts = mostly["threshold0"].where(mostly["p0"] > mostly["p1"], mostly["threshold1"])
    assert cuts.to_list() == pytest.approx([0.890, 0.397], abs=0.001)
    theirs = Fairlearn(estimator=model, prefit=True, predict_method="predict_proba")
    theirs.fit(lab.X_train, lab.y_train, sensitive_features=a_train)
    q = rule.predict_proba(lab.X_test, sensitive_features=a_test)[:, 1]
    assert q == pytest.approx(theirs._pmf_predict(lab.X_test, sensitive_features=a_test)[:, 1], abs=0.1)
    hits = [q[(a_test == a) & (lab.y_test == 1)].mean() for a in (0, 1)]
    assert hits == pytest.approx([0.432, 0.863], abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_an_estimator_is_trained_unless_it_is_prefit(seed):
    rng = np.random.default_rng(seed)
    X, g = rng.normal(size=(60, 2)), rng.integers(0, 2, 60)
    y, w = (X[:, 0] + rng.normal(size=60) > 0).astype(int), rng.integers(1, 3, 60)
    model = LogisticRegression()
    rule = ThresholdOptimizer(estimator=model).fit(X, y, sensitive_features=g, sample_weight=w)
    assert not hasattr(model, "coef_")
    model.fit(X, y, sample_weight=w)
    given = ThresholdOptimizer(estimator=model, prefit=True).fit(X, y, sensitive_features=g, sample_weight=w)
    assert given.estimator_ is model
    scores = ThresholdOptimizer().fit(model.predict_proba(X)[:, 1], y, sensitive_features=g, sample_weight=w)
    q = rule.predict_proba(X, sensitive_features=g)
    assert q.tolist() == given.predict_proba(X, sensitive_features=g).tolist()
    assert q.tolist() == scores.predict_proba(model.predict_proba(X)[:, 1], sensitive_features=g).tolist()
    margin = ThresholdOptimizer(estimator=model, prefit=True, predict_method="decision_function")
    margin.fit(X, y, sensitive_features=g, sample_weight=w)
    assert margin.predict_proba(X, sensitive_features=g) == pytest.approx(q, abs=1e-9)


def test_hard_predictions_are_scores_with_two_values():
    s, y, g = sampled(1)
    hard = (s > 0.5).astype(int)
    q = selected(ThresholdOptimizer(constraints="equalized_odds").fit(hard, y, sensitive_features=g), hard, g)
    assert gap_of(q, y, g, "equalized_odds") < 1e-12
    assert len(np.unique(q)) <= 4


def test_draws_have_the_probabilities_and_can_be_repeated():
    s, y, g = sampled(3, n=100, groups=3)
    rule = ThresholdOptimizer(constraints="equalized_odds").fit(s, y, sensitive_features=g)
    q = selected(rule, s, g)
    assert ((q > 0) & (q < 1)).any()
    draws = np.array([rule.predict(s, sensitive_features=g, random_state=seed) for seed in range(4000)])
    assert draws.mean(axis=0) == pytest.approx(q, abs=5 * 0.5 / np.sqrt(4000))
    assert (draws[:, q == 0] == 0).all()
    assert (draws[:, q == 1] == 1).all()
    between = (q > 0) & (q < 1)
    assert np.abs(np.corrcoef(draws[:, between].T) - np.eye(between.sum())).max() < 0.1
    assert rule.predict(s, sensitive_features=g, random_state=3).tolist() == draws[3].tolist()


def test_the_hull_is_there_to_be_drawn():
    s, y, g = sampled(3, groups=3)
    features = pd.DataFrame({"race": g, "sex": np.where(np.arange(len(g)) % 2, "F", "M")})
    hull = ThresholdOptimizer().fit(s, y, sensitive_features=features).roc_hull_
    assert hull.index.names == ["race", "sex", "corner"]
    for _, corners in hull.groupby(["race", "sex"]):
        ends = corners[["false_positive_rate", "true_positive_rate", "selection_rate"]].to_numpy()[[0, -1]]
        assert ends.tolist() == [[0, 0, 0], [1, 1, 1]]
        run, rise = np.diff(corners["false_positive_rate"]), np.diff(corners["true_positive_rate"])
        assert (run[:-1] * rise[1:] < rise[:-1] * run[1:]).all()


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_the_hull_is_the_lowest_concave_chain_above_the_points(rises, seed):
    x = np.append(0, np.random.default_rng(seed).integers(1, 5, len(rises)).cumsum()).astype(float)
    y = np.append(0, np.cumsum(rises)).astype(float)
    corners = upper_hull(x, y)
    by_hand = [0]
    while by_hand[-1] < len(x) - 1:
        i = by_hand[-1]
        slopes = (y[i + 1 :] - y[i]) / (x[i + 1 :] - x[i])
        by_hand.append(i + 1 + int(np.flatnonzero(np.isclose(slopes, slopes.max()))[-1]))
    assert corners.tolist() == by_hand


def test_a_group_with_one_label_is_fine_where_its_missing_rate_is_not_asked_for_and_fairlearn_refuses_it():
    s, y, g = np.array([0.9, 0.6, 0.4, 0.1, 0.8, 0.3]), np.array([1, 1, 0, 0, 1, 1]), np.array(list("aaaabb"))
    q = selected(ThresholdOptimizer().fit(s, y, sensitive_features=g), s, g)
    assert objective_of(q, y, g, "demographic_parity", "selection_rate") == pytest.approx(np.mean(q))
    assert np.mean(np.where(y, q, 1 - q)) == pytest.approx(5 / 6)  # the best half of each
    ThresholdOptimizer(constraints="true_positive_rate_parity").fit(s, y, sensitive_features=g)
    for constraints in ("equalized_odds", "false_positive_rate_parity"):
        with pytest.raises(ValueError, match="in group 'b' nobody has label 0, so its false_positive_rate"):
            ThresholdOptimizer(constraints=constraints).fit(s, y, sensitive_features=g)
    with pytest.raises(ValueError, match="nobody has label 0, so its balanced_accuracy_score"):
        ThresholdOptimizer(objective="balanced_accuracy_score").fit(s, y, sensitive_features=g)
    with pytest.raises(ValueError, match="Degenerate"):
        Fairlearn(estimator=Scores(), prefit=True).fit(s[:, None], y, sensitive_features=g)


def test_neighbouring_floats_are_told_apart_and_fairlearn_takes_them_for_one():
    low = 0.5
    high = np.nextafter(np.nextafter(low, 1), 1)
    mid = np.nextafter(low, 1)
    s, y, g = np.array([mid, high, high, mid]), np.array([0, 1, 1, 0]), np.zeros(4)
    q = selected(ThresholdOptimizer().fit(s, y, sensitive_features=g), s, g)
    assert q.tolist() == [0, 1, 1, 0]
    theirs = Fairlearn(estimator=Scores(), prefit=True, predict_method="predict_proba")
    theirs.fit(s[:, None], y, sensitive_features=g)
    assert theirs._pmf_predict(s[:, None], sensitive_features=g)[:, 1].tolist() == [0, 0, 0, 0]


def test_huge_scores_have_a_middle():
    s, y, g = np.array([1.6e308, 1.7e308] * 2), np.array([0, 1] * 2), list("aabb")
    rule = ThresholdOptimizer().fit(s, y, sensitive_features=g)
    assert selected(rule, s, g).tolist() == [0, 1, 0, 1]
    assert rule.interpolation_["threshold1"].to_list() == pytest.approx([1.65e308] * 2)


@pytest.mark.parametrize("constraints", CONSTRAINTS)
def test_equal_scores_leave_only_chance(constraints):
    y, g = np.array([1, 1, 0, 1, 0, 0]), np.repeat([0, 1], 3)
    q = selected(ThresholdOptimizer(constraints=constraints).fit(np.ones(6), y, sensitive_features=g), np.ones(6), g)
    assert gap_of(q, y, g, constraints) == 0
    assert objective_of(q, y, g, constraints, "accuracy_score") == 0.5


def test_an_unknown_group_is_refused_where_fairlearn_selects_nobody():
    s, y, g = sampled(4)
    rule = ThresholdOptimizer().fit(s, y, sensitive_features=g)
    with pytest.raises(ValueError, match=r"holds 2 at position 1, which nobody had in fit; there were: 0, 1"):
        rule.predict([0.9, 0.9], sensitive_features=[0, 2])
    theirs = Fairlearn(estimator=Scores(), prefit=True, predict_method="predict_proba")
    theirs.fit(s[:, None], y, sensitive_features=g)
    assert theirs.predict(np.ones((3, 1)), sensitive_features=[2, 2, 2]).tolist() == [0, 0, 0]
    weights = np.where(g == 1, 0, 1)
    alone = ThresholdOptimizer().fit(s, y, sensitive_features=g, sample_weight=weights)
    assert alone.groups_.tolist() == [0]
    with pytest.raises(ValueError, match="holds 1 at position 0"):
        alone.predict([0.9], sensitive_features=[1])


def test_columns_of_groups_must_be_those_of_fit():
    s, y, g = sampled(5)
    features = pd.DataFrame({"race": g, "sex": np.where(np.arange(len(g)) % 2, "F", "M")})
    rule = ThresholdOptimizer().fit(s, y, sensitive_features=features)
    for wrong in (features[["sex", "race"]], g):
        with pytest.raises(ValueError, match=r"in fit they were \['race', 'sex'\]"):
            rule.predict(s, sensitive_features=wrong)
    one = [selected(rule, s[:1], features.iloc[:1])[0]]
    assert one == selected(rule, s, features)[:1].tolist()


@pytest.mark.parametrize(
    ("options", "changes", "message"),
    [
        ({"constraints": "parity"}, {}, "constraints is 'parity'; it must be one of 'demographic_parity'"),
        ({"objective": "f1"}, {}, "objective is 'f1'"),
        ({"constraints": "equalized_odds", "objective": "selection_rate"}, {}, "objective is 'selection_rate'"),
        ({"constraints": "equalized_odds", "tol": 0.1}, {}, "tol is 0.1"),
        ({"tol": 2}, {}, "tol is 2"),
        ({"estimator": Scores(), "prefit": True, "predict_method": "score"}, {}, "predict_method is 'score'"),
        ({}, {"X": [0.1, np.nan, 0.3, 0.4]}, "X is missing .nan. at position 1"),
        ({}, {"X": [0.1, np.inf, 0.3, 0.4]}, "X holds inf at position 1; scores must be finite"),
        ({}, {"X": [[0.1, 0.9]] * 4}, r"X has shape \(4, 2\)"),
        ({}, {"y": [0, 1, 2, 0]}, "y holds 2 at position 2"),
        ({}, {"y": [0, 1, 0]}, "y has 3 entries"),
        ({}, {"sensitive_features": ["a", None, "b", "b"]}, "missing at position 1"),
        ({}, {"sensitive_features": None}, "sensitive_features"),
        ({}, {"sample_weight": [1, 1, -1, 1]}, "sample_weight holds -1.0 at position 2"),
        ({}, {"max_iter": 3}, "fit was given max_iter for the estimator, but there is none to train"),
    ],
)
def test_what_cannot_be_understood_is_refused(options, changes, message):
    given = {"X": [0.1, 0.2, 0.3, 0.4], "y": [0, 1, 0, 1], "sensitive_features": ["a", "a", "b", "b"]}
    with pytest.raises(ValueError, match=message):
        ThresholdOptimizer(**options).fit(**given | changes)


def test_rows_in_another_order_are_refused():
    s, y, g = sampled(6)
    rows = pd.RangeIndex(len(s))
    with pytest.raises(ValueError, match="different order"):
        ThresholdOptimizer().fit(pd.Series(s, rows), pd.Series(y, rows[::-1]), sensitive_features=g)


def test_it_is_a_scikit_learn_estimator():
    rule = ThresholdOptimizer(constraints="equalized_odds", tol=None, flip=True)
    assert clone(rule).get_params() == rule.get_params()
    with pytest.raises(ValueError, match="not fitted"):
        rule.predict([0.5], sensitive_features=["a"])
    s, y, g = sampled(7)
    assert rule.fit(s, y, sensitive_features=g) is rule
    copy = pickle.loads(pickle.dumps(rule))
    assert (
        copy.predict(s, sensitive_features=g, random_state=0).tolist()
        == rule.predict(s, sensitive_features=g, random_state=0).tolist()
    )
    assert rule._pmf_predict(s, sensitive_features=g).tolist() == rule.predict_proba(s, sensitive_features=g).tolist()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rule.fit(pd.Series(s), pd.Series(y), sensitive_features=pd.Series(g, name="sex"))
