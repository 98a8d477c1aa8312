"""The identity against counts, the linear program against proofs and a search over counts, the cuts against masks."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenodds import metrics
from evenodds.datasets import compas_counts, fetch_compas
from evenodds.impossibility import CRITERIA, compatible, implied_false_positive_rate, rates_by_cut
from evenodds.metrics import MetricFrame, UndefinedMetricWarning

COUNTS = st.tuples(*[st.integers(1, 500)] * 4)
BASE_RATES = st.floats(0.05, 0.95)
SCORE = [(0.1, 0.5), (0.3, 0.8)]


@given(counts=COUNTS)
def test_the_identity_holds_on_every_table_of_counts(counts):
    tn, fp, fn, tp = counts
    implied = implied_false_positive_rate((tp + fn) / sum(counts), tp / (tp + fp), fn / (tp + fn))
    assert implied == pytest.approx(fp / (fp + tn), rel=1e-12)


@pytest.mark.parametrize("filtered", [False, True])
def test_the_identity_holds_on_compas_to_twelve_digits(filtered):
    people = compas_counts(filtered=filtered, expand=True)
    names = ["base_rate", "positive_predictive_value", "false_negative_rate", "false_positive_rate"]
    frame = MetricFrame(
        metrics={name: getattr(metrics, name) for name in names},
        y_true=people["y_true"],
        y_pred=people["y_pred"],
        sensitive_features=people["race"],
    )
    for rates in (frame.by_group, frame.overall.to_frame().T):
        implied = implied_false_positive_rate(
            rates["base_rate"], rates["positive_predictive_value"], rates["false_negative_rate"]
        )
        assert implied.index.equals(rates.index)
        assert (implied - rates["false_positive_rate"]).abs().max() < 1e-12
    if not filtered:
        assert frame.by_group.loc[["Black", "White"], "false_positive_rate"].round(4).tolist() == [0.4485, 0.2345]


@pytest.mark.parametrize(
    ("p", "ppv", "fnr", "published"),
    [(0.5, 0.6, 0.35, 0.433), (0.4, 0.6, 0.35, 0.289), (0.5143, 0.6135, 0.374, 0.418), (0.3936, 0.6135, 0.374, 0.256)],
)
def test_published_values_of_the_identity(p, ppv, fnr, published):
    assert implied_false_positive_rate(p, ppv, fnr) == pytest.approx(published, abs=6e-4)


MUTANTS = {
    "odds of the base rate inverted": (lambda p, v, f: (1 - p) / p * (1 - v) / v * (1 - f), 0.650),
    "FNR in place of 1 - FNR": (lambda p, v, f: p / (1 - p) * (1 - v) / v * f, 0.156),
    "odds of the precision inverted": (lambda p, v, f: p / (1 - p) * v / (1 - v) * (1 - f), 0.650),
    "base rate in place of its odds": (lambda p, v, f: p * (1 - v) / v * (1 - f), 0.173),
    "1 - PPV in place of its odds": (lambda p, v, f: p / (1 - p) * (1 - v) * (1 - f), 0.173),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_base_rate_of_four_tenths_tells_a_wrong_identity_apart(name):
    mutant, wrong = MUTANTS[name]
    assert mutant(0.4, 0.6, 0.35) == pytest.approx(wrong, abs=6e-4)
    assert abs(mutant(0.4, 0.6, 0.35) - implied_false_positive_rate(0.4, 0.6, 0.35)) > 0.1


def test_a_base_rate_of_one_half_cannot_tell_an_inverted_one_apart():
    mutant, _ = MUTANTS["odds of the base rate inverted"]
    assert mutant(0.5, 0.6, 0.35) == pytest.approx(implied_false_positive_rate(0.5, 0.6, 0.35))


def test_the_identity_broadcasts_and_keeps_the_shape_asked():
    assert isinstance(implied_false_positive_rate(0.4, 0.6, 0.35), float)
    grid = implied_false_positive_rate(np.array([[0.2], [0.4]]), [0.5, 0.6, 0.7], 0.1)
    assert grid.shape == (2, 3)
    assert grid[1, 1] == pytest.approx(implied_false_positive_rate(0.4, 0.6, 0.1))
    series = implied_false_positive_rate(pd.Series({"a": 0.2, "b": 0.4}), 0.6, [0.1, 0.1])
    assert series["b"] == pytest.approx(grid[1, 1])


def test_the_limits_of_the_identity():
    assert implied_false_positive_rate([0, 0.5, 0.5], [0.5, 1, 0.5], [0.1, 0.1, 1]).tolist() == [0, 0, 0]
    assert implied_false_positive_rate(0.9, 0.5, 0) == pytest.approx(9)
    with pytest.warns(UndefinedMetricWarning, match="undefined in 2 of 3 cases"):
        result = implied_false_positive_rate([1, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 1, 0])
    assert np.isnan(result).tolist() == [True, True, False]
    assert np.isnan(implied_false_positive_rate(0.5, np.nan, 0.1))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.2, 0.5, 0.5), "prevalence holds 1.2"),
        ((0.5, [0.5, -0.1], 0.5), "ppv holds -0.1"),
        ((0.5, 0.5, "high"), "fnr is 'high'"),
        (([0.1, 0.2], [0.1, 0.2, 0.3], 0.5), r"do not fit together: prevalence \(2,\), ppv \(3,\)"),
        ((pd.Series({"a": 0.1, "b": 0.2}), pd.Series({"b": 0.1, "a": 0.2}), 0.5), "different order"),
    ],
)
def test_the_identity_refuses_what_is_no_rate(arguments, message):
    with pytest.raises(ValueError, match=message):
        implied_false_positive_rate(*arguments)


UNEQUAL, EQUAL = {"a": 0.6, "b": 0.2}, {"a": 0.4, "b": 0.4}


def holds(criterion, rates):
    """Whether a table of rates satisfies a criterion, from the criterion's own words."""
    same = {
        "demographic_parity": ["selection_rate"],
        "equal_opportunity": ["true_positive_rate"],
        "equalized_odds": ["true_positive_rate", "false_positive_rate"],
        "predictive_parity": ["positive_predictive_value"],
        "calibration": [],
    }[criterion]
    apart = [rates[name].max() - rates[name].min() for name in same]
    if criterion == "calibration":
        apart = (rates["selection_rate"] - rates["base_rate"]).abs().tolist()
    return max(apart) < 1e-6


@settings(deadline=None, max_examples=25)
@given(
    rates=st.lists(BASE_RATES, min_size=1, max_size=4),
    asked=st.sets(st.sampled_from(CRITERIA)),
    roc=st.sampled_from([None, SCORE]),
)
def test_what_is_called_feasible_satisfies_every_criterion_and_reports_its_own_accuracy(rates, asked, roc):
    base = dict(enumerate(rates))
    found = compatible(asked, base, roc=roc)
    if not found.feasible:
        assert np.isnan(found.accuracy)
        assert found.rates.drop(columns="base_rate").isna().all(axis=None)
        return
    table = found.rates
    p, tpr, fpr = (table[name] for name in ("base_rate", "true_positive_rate", "false_positive_rate"))
    assert all(holds(criterion, table) for criterion in asked)
    assert p.to_dict() == base
    assert table["selection_rate"].to_numpy() == pytest.approx((p * tpr + (1 - p) * fpr).to_numpy())
    assert found.accuracy == pytest.approx((p * tpr + (1 - p) * (1 - fpr)).mean())
    assert found.balanced_accuracy == pytest.approx(((tpr + 1 - fpr) / 2).mean())
    if roc:
        assert (tpr >= fpr - 1e-7).all()
        assert (tpr <= np.interp(fpr, [0, 0.1, 0.3, 1], [0, 0.5, 0.8, 1]) + 1e-7).all()


def every_pair_of_tables(positives, n):
    """All (base rate, TPR, FPR) of decisions on n people of whom `positives` have label 1, exactly."""
    for tp, fp in product(range(positives + 1), range(n - positives + 1)):
        yield Fraction(positives, n), Fraction(tp, positives), Fraction(fp, n - positives)


@pytest.mark.parametrize("asked", [*combinations(CRITERIA[:4], 1), *combinations(CRITERIA[:4], 2)])
def test_no_decisions_on_countable_people_beat_the_best_of_the_program(asked):
    """Ten people in each of two groups, six and two with label 1: try all decisions there are."""
    best = Fraction(0)
    for (p, t, f), (q, u, g) in product(every_pair_of_tables(6, 10), every_pair_of_tables(2, 10)):
        chosen, other = p * t + (1 - p) * f, q * u + (1 - q) * g
        fair = {
            "demographic_parity": chosen == other,
            "equal_opportunity": t == u,
            "equalized_odds": (t, f) == (u, g),
            "predictive_parity": chosen > 0 and other > 0 and p * t * other == q * u * chosen,
        }
        if all(fair[criterion] for criterion in asked):
            best = max(best, (p * t + (1 - p) * (1 - f) + q * u + (1 - q) * (1 - g)) / 2)
    assert compatible(asked, UNEQUAL).accuracy == pytest.approx(float(best), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(p=BASE_RATES, q=BASE_RATES, roc=st.sampled_from([None, SCORE]))
def test_parity_and_equalized_odds_force_tpr_and_fpr_together_unless_base_rates_are_equal(p, q, roc):
    asked = ["demographic_parity", "equalized_odds"]
    found = compatible(asked, {"a": p, "b": q}, roc=roc, maximise="balanced_accuracy")
    if abs(p - q) > 0.01:
        assert found.balanced_accuracy == pytest.approx(0.5, abs=1e-5)
        tpr, fpr = found.rates["true_positive_rate"], found.rates["false_positive_rate"]
        assert tpr.to_numpy() == pytest.approx(fpr.to_numpy(), abs=1e-5)
        equal = compatible(asked, {"a": p, "b": p}, roc=roc, maximise="balanced_accuracy")
        assert equal.balanced_accuracy > 0.7


def test_the_most_accurate_way_to_have_parity_and_equalized_odds_is_to_select_nobody():
    found = compatible(["demographic_parity", "equalized_odds"], UNEQUAL)
    assert found.accuracy == pytest.approx(0.6)
    assert found.rates["selection_rate"].tolist() == [0, 0]
    assert found.rates["positive_predictive_value"].isna().all()


@pytest.mark.parametrize("second", ["predictive_parity", "calibration"])
def test_equalized_odds_and_precision_or_calibration_need_equal_base_rates_or_a_perfect_predictor(second):
    asked = ["equalized_odds", second]
    assert not compatible(asked, {"a": 0.5, "b": 0.4}, roc=SCORE).feasible
    assert compatible(asked, EQUAL, roc=SCORE).feasible
    perfect = compatible(asked, {"a": 0.5, "b": 0.4})
    assert perfect.accuracy == pytest.approx(1)
    assert perfect.rates["true_positive_rate"].tolist() == pytest.approx([1, 1])
    assert perfect.rates["false_positive_rate"].tolist() == pytest.approx([0, 0])


def test_with_equal_base_rates_an_imperfect_predictor_has_everything():
    found = compatible(CRITERIA[:4], EQUAL, roc=[(0.2, 0.8)])
    assert found.accuracy == pytest.approx(0.8)
    assert found.rates["true_positive_rate"].tolist() == pytest.approx([0.8, 0.8])
    assert compatible(CRITERIA, EQUAL, roc=[(0.2, 0.8)]).feasible


def test_parity_and_calibration_never_go_together_on_unequal_base_rates_not_even_with_perfect_knowledge():
    assert not compatible(["demographic_parity", "calibration"], UNEQUAL).feasible
    assert compatible(["demographic_parity", "calibration"], EQUAL).feasible


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_criterion_alone_is_always_to_be_had(criterion):
    assert compatible(criterion, UNEQUAL).feasible
    assert compatible([criterion], {"only": 0.3}).feasible


def test_without_criteria_the_best_of_a_score_is_its_best_corner_for_each_group():
    found = compatible([], UNEQUAL, roc=SCORE)
    corners = [(0, 0), (1, 1), *SCORE]
    best = [max(p * t + (1 - p) * (1 - f) for f, t in corners) for p in UNEQUAL.values()]
    assert found.accuracy == pytest.approx(np.mean(best))
    weighted = compatible([], UNEQUAL, roc=SCORE, group_shares={"b": 30, "a": 10})
    assert weighted.accuracy == pytest.approx(np.average(best, weights=[10, 30]))


def test_each_group_can_have_its_own_score_and_the_weaker_one_decides():
    scores = {"b": [(0.2, 0.6)], "a": [(0.1, 0.9)]}
    found = compatible("equalized_odds", UNEQUAL, roc=scores)
    assert found.rates["true_positive_rate"].tolist() == pytest.approx([0.6, 0.6])
    assert found.rates["false_positive_rate"].tolist() == pytest.approx([0.2, 0.2])
    assert compatible([], UNEQUAL, roc=scores).rates.loc["a", "true_positive_rate"] == pytest.approx(0.9)
    with pytest.raises(ValueError, match=r"roc has the groups \['a'\]"):
        compatible("equalized_odds", UNEQUAL, roc={"a": SCORE})


@settings(deadline=None, max_examples=30)
@given(p=BASE_RATES, seed=st.integers(0, 2**32 - 1))
def test_a_calibrated_score_is_at_most_as_sharp_as_the_posterior_of_its_roc(p, seed):
    """Make a score from its two conditional distributions; its posterior is the sharpest calibrated score there is."""
    rng = np.random.default_rng(seed)
    given_0, given_1 = rng.dirichlet(np.ones(5)), rng.dirichlet(np.ones(5))
    posterior = p * given_1 / (p * given_1 + (1 - p) * given_0)
    order = np.argsort(-posterior)
    roc = list(zip(given_0[order].cumsum().clip(0, 1), given_1[order].cumsum().clip(0, 1), strict=True))
    rng.shuffle(roc)
    found = compatible("calibration", {"a": p}, roc=roc, maximise="balanced_accuracy").rates.loc["a"]
    assert found["true_positive_rate"] == pytest.approx((posterior * given_1).sum(), abs=1e-6)
    assert found["false_positive_rate"] == pytest.approx((posterior * given_0).sum(), abs=1e-6)


def test_precision_is_found_between_the_values_tried():
    found = compatible(
        ["predictive_parity", "equal_opportunity"], {"a": 0.5, "b": 0.4}, roc={"a": SCORE, "b": [(0.2, 0.8)]}
    )
    fine = max(
        accuracy_with_equal_tpr_and_ppv(v, t) for v in np.linspace(0.5, 0.8, 301) for t in np.linspace(0.05, 1, 191)
    )
    assert found.accuracy == pytest.approx(fine, abs=2e-3)
    assert found.accuracy >= fine - 1e-6


def accuracy_with_equal_tpr_and_ppv(v, t):
    """The accuracy of groups with base rates 0.5 and 0.4, if precision v and TPR t can be reached in both."""
    total = 0
    for p, corners in ((0.5, [(0, 0), *SCORE, (1, 1)]), (0.4, [(0, 0), (0.2, 0.8), (1, 1)])):
        f = p * t * (1 - v) / (v * (1 - p))
        if not f <= 1 or t > np.interp(f, *zip(*corners, strict=True)) + 1e-9 or t < f:
            return -1
        total += (p * t + (1 - p) * (1 - f)) / 2
    return total


def test_a_hundred_groups_and_one():
    rng = np.random.default_rng(0)
    rates = dict(enumerate(rng.uniform(0.2, 0.8, 100)))
    assert compatible(["demographic_parity", "equal_opportunity"], rates, roc=SCORE).feasible
    assert not compatible(["equalized_odds", "calibration"], rates, roc=SCORE).feasible


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"criteria": ["parity"]}, "criteria holds 'parity'; the criteria are 'demographic_parity'"),
        ({"base_rates": {"a": 0.5, "b": 1.0}}, "base rate of group 'b' is 1.0"),
        ({"base_rates": {"a": 0.5, "b": np.nan}}, "base rate of group 'b' is nan"),
        ({"base_rates": {}}, "must map each group to its number"),
        ({"base_rates": [0.5, 0.4]}, "must map each group to its number"),
        ({"base_rates": {"a": "high"}}, "its values must be numbers"),
        ({"base_rates": pd.Series([0.5, 0.4], index=["a", "a"])}, "group 'a' twice"),
        ({"roc": [(0.2, 1.8)]}, "roc of group 'a' is .*between 0 and 1"),
        ({"roc": [0.2, 0.8]}, "roc of group 'a' is .*points"),
        ({"group_shares": {"a": 1}}, r"group_shares has the groups \['a'\]"),
        ({"group_shares": {"a": 1, "b": -1}}, "at least 0"),
        ({"maximise": "profit"}, "maximise is 'profit'"),
        ({"min_selection_rate": 0}, "min_selection_rate is 0"),
    ],
)
def test_the_program_refuses_what_it_cannot_understand(arguments, message):
    with pytest.raises(ValueError, match=message):
        compatible(**({"criteria": "equalized_odds", "base_rates": {"a": 0.5, "b": 0.4}} | arguments))


def test_rounding_to_one_decimal_makes_parity_and_equalized_odds_seem_to_hold():
    """TPR 0.64 and FPR 0.56 in both groups: selection rates 0.608 and 0.576 are both 0.6 when rounded."""
    tpr, fpr, p = 0.64, 0.56, np.array([0.6, 0.2])
    selected = p * tpr + (1 - p) * fpr
    assert np.ptp(selected.round(1)) == 0
    assert np.ptp(selected) == pytest.approx(0.032)
    exact = compatible(["demographic_parity", "equalized_odds"], {"a": 0.6, "b": 0.2}, maximise="balanced_accuracy")
    assert exact.balanced_accuracy == pytest.approx(0.5)


def test_impossible_even_with_equal_base_rates_is_a_mistake():
    """TPR 0.8 and FPR 0.2 in both groups, base rate 0.4 in both: everything holds at once."""
    found = compatible(CRITERIA[:4], EQUAL, roc=[(0.2, 0.8)])
    assert found.feasible
    assert found.rates["positive_predictive_value"].tolist() == pytest.approx([0.32 / 0.44] * 2)


@st.composite
def people(draw):
    n = draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.integers(0, 2, n), rng.integers(-2, 4, n) / 2, rng.integers(0, 3, n), rng.integers(1, 4, n)


@pytest.mark.filterwarnings("ignore::evenodds.metrics.UndefinedMetricWarning")
@settings(deadline=None, max_examples=60)
@given(data=people(), cuts=st.sampled_from([None, [-5, 0.5, 0.7, 9]]), weighted=st.booleans())
def test_every_cut_gives_the_rates_of_its_own_decisions(data, cuts, weighted):
    y, s, g, w = data
    sweep = rates_by_cut(y, s, sensitive_features=g, cuts=cuts, sample_weight=w if weighted else None)
    names = [name for name in sweep if name not in ("n", "selected")]
    assert sorted(set(sweep.index.get_level_values("cut"))) == (sorted(set(s)) if cuts is None else cuts)
    for (group, cut), row in sweep.iterrows():
        here = g == group
        decisions = (s[here] >= cut).astype(int)
        assert (row["n"], row["selected"]) == (here.sum(), decisions.sum())
        for name in names:
            right = getattr(metrics, name)(y[here], decisions, sample_weight=w[here] if weighted else None)
            assert row[name] == pytest.approx(right, nan_ok=True)


def test_an_undefined_rate_names_its_group_and_cut():
    with pytest.warns(UndefinedMetricWarning, match=r"positive_predictive_value .* group 'b' at cut 3: none of its 2"):
        rates_by_cut([1, 0, 1, 0], [3, 3, 1, 1], sensitive_features=list("aabb"), cuts=[1, 3])


def test_cuts_of_crossed_features_are_indexed_by_them():
    features = pd.DataFrame({"sex": list("FMFM"), "age": [1, 2, 2, 1]})
    with pytest.warns(UndefinedMetricWarning):
        sweep = rates_by_cut([0, 1, 0, 1], [1, 1, 1, 1], sensitive_features=features)
    assert sweep.index.names == ["sex", "age", "cut"]
    assert sweep.loc[("M", 1, 1), "true_positive_rate"] == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"y_score": [1, np.nan]}, "y_score is missing"),
        ({"y_score": ["a", "b"]}, "must hold numbers"),
        ({"y_score": [1]}, "y_score has 1 entries"),
        ({"y_true": [0, 3]}, "y_true holds 3"),
        ({"cuts": []}, "cuts is empty"),
    ],
)
def test_a_sweep_refuses_bad_input(changed, message):
    with pytest.raises(ValueError, match=message):
        rates_by_cut(**({"y_true": [0, 1], "y_score": [1, 2], "sensitive_features": ["a", "a"]} | changed))


def test_group_cuts_nearly_equalise_compas_error_rates_and_precision_parts(public_data):
    compas = fetch_compas(data_home=public_data, download=False)
    with pytest.warns(UndefinedMetricWarning):
        sweep = rates_by_cut(
            compas.y, compas.predictions["decile_score"], sensitive_features=compas.sensitive["race"], cuts=range(1, 12)
        )
    columns = ["false_positive_rate", "false_negative_rate", "positive_predictive_value"]
    assert sweep.loc[("African-American", 7), columns].round(3).tolist() == [0.249, 0.486, 0.686]
    assert sweep.loc[("Caucasian", 5), columns].round(3).tolist() == [0.235, 0.477, 0.591]
    assert sweep.loc[("African-American", 5), columns].round(4).tolist()[:2] == [0.4485, 0.2799]
    assert sweep.loc[("African-American", 5), "n"] == 3696
