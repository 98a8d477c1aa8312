"""Fair logistic regressions against scikit-learn, AIF360, finite differences, and optima found by brute force."""

import importlib.util
import pickle
import sys
import warnings
from itertools import combinations, product
from pathlib import Path

import aif360.algorithms.inprocessing
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize
from scipy.special import expit
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mutual_info_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from evenodds.inprocessing import (
    FairLogisticRegression,
    PrejudiceRemover,
    dual_ascent,
    mean_scores,
    parity_ceiling,
    penalised_log_loss,
    prejudice_index,
)
from evenodds.inprocessing.losses import mutual_information, squared_gaps
from evenodds.inprocessing.multipliers import priced

CONSTRAINTS = ("demographic_parity", "equal_opportunity", "false_positive_rate_parity", "equalized_odds")


def people(n=300, d=3, groups=2, seed=0):
    """Groups that are apart in one feature; labels that depend on it and on another."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, n)
    X = rng.normal(size=(n, d))
    X[:, 0] += group
    y = (X[:, 0] + X[:, 1] + rng.normal(size=n) > groups / 2 - 0.5).astype(int)
    return X, y, group


def means_by_mask(p, y, group, constraint, weights=None):
    """One row an event, one column a group."""
    weights = np.ones(len(p)) if weights is None else weights
    events = {
        "demographic_parity": [y >= 0],
        "equal_opportunity": [y == 1],
        "false_positive_rate_parity": [y == 0],
        "equalized_odds": [y == 0, y == 1],
    }[constraint]
    cells = [[(event) & (group == g) for g in np.unique(group)] for event in events]
    return np.array([[np.average(p[c], weights=weights[c]) for c in row] for row in cells])


def penalised(theta, X, y, group, weights, constraint, factor, C):
    """The docstring's objective, term by term."""
    z = X @ theta[:-1] + theta[-1]
    p = expit(z)
    value = np.average(-np.log(np.where(y == 1, p, 1 - p)), weights=weights)
    for row in means_by_mask(p, y, group, constraint, weights):
        pairs = list(combinations(row, 2))
        value += factor * sum((a - b) ** 2 for a, b in pairs) / len(pairs)
    return value + theta[:-1] @ theta[:-1] / (2 * C * sum(weights))


def theta_of(model):
    return np.append(model.coef_[0], model.intercept_[0])


class WithGroups:
    """Groups made up by position, for scikit-learn's checks."""

    def fit(self, X, y, sample_weight=None):
        n = X.shape[0] if hasattr(X, "shape") else max(len(np.asarray(X)), 1)
        return super().fit(X, y, sensitive_features=np.arange(n) % 2, sample_weight=sample_weight)


class PlainFair(WithGroups, FairLogisticRegression):
    pass


class PlainRemover(WithGroups, PrejudiceRemover):
    pass


@pytest.mark.parametrize("model", [PlainFair(), PlainFair(method="lagrangian", difference_bound=0.2), PlainRemover()])
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast:RuntimeWarning")
def test_they_keep_scikit_learns_conventions(model):
    by_position = "groups are made up by position"
    failing = {"check_sample_weight_equivalence_on_dense_data": by_position}
    check_estimator(model, on_skip=None, expected_failed_checks=failing)


class TestGradients:
    @settings(deadline=None, max_examples=40)
    @given(seed=st.integers(0, 2**32 - 1), groups=st.integers(1, 4), events=st.integers(1, 2))
    def test_slopes_are_those_of_finite_differences(self, seed, groups, events):
        rng = np.random.default_rng(seed)
        means = rng.uniform(0.05, 0.95, (events, groups))
        shares = rng.dirichlet(np.ones(groups))[np.newaxis]
        prices = rng.random((events, groups, groups)) * (1 - np.eye(groups))
        for function in (
            squared_gaps,
            lambda m: mutual_information(m[:1], shares),
            lambda m: priced(m, prices, 3.0, 0.1),
        ):
            m = means[:1] if function(means)[1].shape[0] == 1 else means
            numeric = approx_fprime(m.ravel(), lambda flat, f=function, m=m: f(flat.reshape(m.shape))[0], 1e-7)
            assert function(m)[1].ravel() == pytest.approx(numeric, abs=1e-5)

    @settings(deadline=None, max_examples=25)
    @given(seed=st.integers(0, 2**32 - 1), constraint=st.sampled_from(CONSTRAINTS), per_group=st.booleans())
    def test_the_whole_objectives_gradient_too(self, seed, constraint, per_group):
        X, y, group = people(40, 3, 2, seed)
        y[:8], group[:8] = [0, 0, 1, 1, 0, 0, 1, 1], [0, 1, 0, 1, 0, 1, 0, 1]
        fair, remover = FairLogisticRegression(constraint), PrejudiceRemover()
        weights = np.random.default_rng(seed).random(40) + 0.1
        entered = fair._enter(X, y, group, weights)
        remover._enter(X, y, group, weights)
        everyone = entered.cells(np.zeros_like(entered.codes), 1)
        for search, loss in (
            (fair._search(entered), fair._cells(entered).loss(squared_gaps)),
            (
                remover._search(entered, entered.codes if per_group else None),
                everyone.loss(lambda m: mutual_information(m, everyone.weight)),
            ),
        ):
            theta = np.random.default_rng(seed).normal(size=len(search.start))
            numeric = approx_fprime(theta, lambda t, s=search, f=loss: s.objective(t, f)[0], 1e-6)
            assert search.objective(theta, loss)[1] == pytest.approx(numeric, abs=1e-5)


class TestWithoutPenalty:
    @pytest.mark.parametrize("fit_intercept", [True, False])
    @pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
    def test_it_is_scikit_learns_logistic_regression(self, C, fit_intercept):
        X, y, group = people(400)
        X = X * [1, 1000, 0.01] + [0, 1e4, 5]  # units and centres of all kinds
        weights = np.random.default_rng(1).random(400)
        options = {"C": C, "fit_intercept": fit_intercept}
        peer = LogisticRegression(**options, tol=1e-10, solver="newton-cholesky").fit(X, y, weights)
        for model in (
            FairLogisticRegression(penalty_weight=0, **options),
            FairLogisticRegression(method="lagrangian", difference_bound=1, **options),
            PrejudiceRemover(eta=0, **options),
        ):
            model.fit(X, y, sensitive_features=group, sample_weight=weights)
            assert model.predict_proba(X) == pytest.approx(peer.predict_proba(X), abs=1e-5)
            assert model.coef_ == pytest.approx(peer.coef_, rel=1e-3, abs=1e-5)

    def test_per_group_it_is_one_regression_for_each(self):
        X, y, group = people(400, groups=3)
        model = PrejudiceRemover(eta=0, per_group=True).fit(X, y, sensitive_features=group)
        p = model.predict_proba(X, sensitive_features=group)
        for g in range(3):
            peer = LogisticRegression(tol=1e-10).fit(X[group == g], y[group == g])
            assert model.coef_[g] == pytest.approx(peer.coef_[0], abs=1e-3)
            assert p[group == g] == pytest.approx(peer.predict_proba(X[group == g]), abs=1e-3)

    def test_one_group_has_no_gap_and_no_prejudice(self):
        X, y, _ = people(100)
        peer = LogisticRegression(tol=1e-10).fit(X, y)
        for model in (FairLogisticRegression(penalty_weight=100), FairLogisticRegression(method="lagrangian")):
            model.fit(X, y, sensitive_features=["all"] * 100)
            assert model.gap_ == 0
            assert model.coef_ == pytest.approx(peer.coef_, abs=1e-3)
        remover = PrejudiceRemover(eta=100).fit(X, y, sensitive_features=["all"] * 100)
        assert remover.prejudice_index_ == pytest.approx(0, abs=1e-12)


class TestPenalty:
    @pytest.mark.parametrize("constraint", CONSTRAINTS)
    @pytest.mark.parametrize("groups", [2, 3])
    def test_no_search_finds_a_lower_value_of_the_objective(self, constraint, groups):
        """A search that is given no gradient and other starts, on the formula written out with masks."""
        X, y, group = people(120, 2, groups)
        weights = np.random.default_rng(1).random(120) + 0.1
        model = FairLogisticRegression(constraint, penalty_weight=3.0, C=2.0)
        model.fit(X, y, sensitive_features=group, sample_weight=weights)
        arguments = (X, y, group, weights, constraint, 3.0, 2.0)
        mine = penalised(theta_of(model), *arguments)
        for seed in range(3):
            start = np.random.default_rng(seed).normal(size=3)
            theirs = minimize(penalised, start, arguments, method="Nelder-Mead", options={"maxiter": 2000})
            assert mine <= theirs.fun + 1e-6

    @pytest.mark.parametrize("constraint", CONSTRAINTS)
    def test_the_gap_falls_and_the_loss_rises_with_the_weight(self, constraint):
        X, y, group = people(600)
        gaps, losses = [], []
        for weight in (0, 0.1, 1, 10, 100):
            model = FairLogisticRegression(constraint, penalty_weight=weight).fit(X, y, sensitive_features=group)
            p = model.predict_proba(X)[:, 1]
            gaps.append(model.gap_)
            losses.append(-np.log(np.where(y == 1, p, 1 - p)).mean())
        assert (np.diff(gaps) < 0).all()
        assert (np.diff(losses) > 0).all()
        assert gaps[-1] < gaps[0] / 10

    def test_means_are_those_by_mask(self):
        X, y, group = people(200, groups=3)
        weights = np.random.default_rng(0).random(200)
        for constraint in CONSTRAINTS:
            model = FairLogisticRegression(constraint).fit(X, y, sensitive_features=group, sample_weight=weights)
            expected = means_by_mask(model.predict_proba(X)[:, 1], y, group, constraint, weights)
            assert model.means_.to_numpy() == pytest.approx(expected)
            assert model.gap_ == pytest.approx(np.ptp(expected, axis=1).max())

    def test_two_names_of_one_constraint(self):
        X, y, group = people()
        one, other = (
            FairLogisticRegression(name).fit(X, y, sensitive_features=group)
            for name in ("equal_opportunity", "true_positive_rate_parity")
        )
        assert one.coef_.tolist() == other.coef_.tolist()


class TestLagrangian:
    @pytest.mark.parametrize("constraint", CONSTRAINTS)
    @pytest.mark.parametrize("groups", [2, 3, 5])
    def test_the_bound_holds_for_every_pair(self, constraint, groups):
        X, y, group = people(500, 3, groups)
        model = FairLogisticRegression(constraint, method="lagrangian", difference_bound=0.05)
        model.fit(X, y, sensitive_features=group)
        means = means_by_mask(model.predict_proba(X)[:, 1], y, group, constraint)
        assert model.history_["gap"].iloc[0] > 0.08
        assert np.ptp(means, axis=1).max() <= 0.05 + 2e-5

    def test_it_is_the_optimum_that_brute_force_finds_on_eight_people(self):
        """Two unknowns, so a fine grid of all of them is a proof: the least loss among those within the bound."""
        X = np.array([[0.0], [1], [1], [2], [2], [3], [3], [4]])
        y, group = np.array([0, 0, 1, 1, 0, 0, 1, 1]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        model = FairLogisticRegression(method="lagrangian", difference_bound=0.1)
        model.fit(X, y, sensitive_features=group)
        w, b = np.meshgrid(np.linspace(-1, 2, 601), np.linspace(-4, 4, 801), indexing="ij")
        p = expit(w[..., None] * X[:, 0] + b[..., None])
        objective = -np.log(np.where(y == 1, p, 1 - p)).mean(axis=-1) + w**2 / 16
        feasible = np.abs(p[..., :4].mean(axis=-1) - p[..., 4:].mean(axis=-1)) <= 0.1
        best = np.unravel_index(np.where(feasible, objective, np.inf).argmin(), w.shape)
        plain = np.unravel_index(objective.argmin(), w.shape)
        assert not feasible[plain]
        assert theta_of(model) == pytest.approx([w[best], b[best]], abs=0.02)
        assert penalised(theta_of(model), X, y, group, np.ones(8), "demographic_parity", 0, 1) == pytest.approx(
            objective[best], abs=1e-3
        )

    @pytest.mark.parametrize("constraint", ["demographic_parity", "equalized_odds"])
    def test_no_other_solver_finds_a_lower_loss_within_the_bound(self, constraint):
        X, y, group = people(150, 2, 3)
        model = FairLogisticRegression(constraint, method="lagrangian", difference_bound=0.05)
        model.fit(X, y, sensitive_features=group)
        arguments = (X, y, group, np.ones(150), constraint, 0.0, 1.0)

        def room(theta):
            means = means_by_mask(expit(X @ theta[:-1] + theta[-1]), y, group, constraint)
            return (0.05 - (means[:, :, None] - means[:, None, :])).ravel()

        for seed in range(3):
            start = np.random.default_rng(seed).normal(size=3) / 10
            limits = {"type": "ineq", "fun": room}
            theirs = minimize(penalised, start, arguments, method="SLSQP", constraints=limits, options={"maxiter": 500})
            if theirs.success and room(theirs.x).min() > -1e-6:
                assert penalised(theta_of(model), *arguments) <= theirs.fun + 1e-4

    def test_multipliers_rise_while_violated_and_are_prices(self):
        """What the loss would fall by, per unit of bound; and 0 for the pair that is within it."""
        X, y, group = people(500)
        fits = [
            FairLogisticRegression(method="lagrangian", difference_bound=bound).fit(X, y, sensitive_features=group)
            for bound in (0.100, 0.101)
        ]
        values = [penalised(theta_of(m), X, y, group, np.ones(500), "demographic_parity", 0, 1) for m in fits]
        multipliers = fits[0].multipliers_
        assert multipliers["all", 1, 0] == pytest.approx((values[0] - values[1]) / 0.001, rel=0.05)
        assert multipliers["all", 0, 1] == 0
        history = fits[0].history_
        assert history["multiplier"].iloc[0] == 0
        assert (history["multiplier"].diff()[1:][history["gap"].to_numpy()[1:] > 0.1 + 1e-5] > 0).all()

    def test_a_bound_that_does_not_bind_costs_nothing(self):
        X, y, group = people()
        plain = FairLogisticRegression(penalty_weight=0).fit(X, y, sensitive_features=group)
        loose = FairLogisticRegression(method="lagrangian", difference_bound=plain.gap_ + 0.01)
        loose.fit(X, y, sensitive_features=group)
        assert loose.coef_.tolist() == plain.coef_.tolist()
        assert not loose.multipliers_.any()

    def test_a_bound_of_zero_makes_the_means_equal(self):
        X, y, group = people()
        model = FairLogisticRegression(method="lagrangian", difference_bound=0).fit(X, y, sensitive_features=group)
        assert model.gap_ < 2e-5

    def test_a_search_that_is_cut_short_says_so(self):
        X, y, group = people()
        with pytest.warns(ConvergenceWarning, match="max_iter=1 "):
            FairLogisticRegression(max_iter=1).fit(X, y, sensitive_features=group)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            FairLogisticRegression(method="lagrangian").fit(X, y, sensitive_features=group)


class TestPrejudiceIndex:
    def test_the_table_of_ten_people(self):
        """.3 .2 .1 .4; the sum of logarithms without the joint weights would be -.4055."""
        index = prejudice_index([1] * 5 + [0] * 5, sensitive_features=list("aaabbabbbb"))
        expected = 0.3 * np.log(1.5) + 0.2 * np.log(2 / 3) + 0.1 * np.log(0.5) + 0.4 * np.log(4 / 3)
        assert index == pytest.approx(expected)
        assert round(index, 4) == 0.0863

    @settings(deadline=None, max_examples=60)
    @given(seed=st.integers(0, 2**32 - 1), groups=st.integers(1, 5))
    def test_of_decisions_it_is_scikit_learns_mutual_information(self, seed, groups):
        rng = np.random.default_rng(seed)
        group, decisions = rng.integers(0, groups, 60), rng.integers(0, 2, 60)
        expected = mutual_info_score(group, decisions)
        assert prejudice_index(decisions, sensitive_features=group) == pytest.approx(expected, abs=1e-12)

    @settings(deadline=None, max_examples=60)
    @given(seed=st.integers(0, 2**32 - 1))
    def test_it_is_0_if_and_only_if_means_are_equal(self, seed):
        rng = np.random.default_rng(seed)
        group, p = np.repeat([0, 1, 2], [30, 20, 10]), rng.random(60)
        level = p - np.array([p[group == g].mean() for g in range(3)])[group]
        assert prejudice_index(0.5 + level / 2, sensitive_features=group) == pytest.approx(0, abs=1e-12)
        assert prejudice_index(0.4 + level / 3 + 0.1 * (group == 1), sensitive_features=group) > 1e-4

    def test_weights_are_repetitions(self):
        rng = np.random.default_rng(0)
        p, group, times = rng.random(30), rng.integers(0, 3, 30), rng.integers(1, 4, 30)
        repeated = prejudice_index(np.repeat(p, times), sensitive_features=np.repeat(group, times))
        assert prejudice_index(p, sensitive_features=group, sample_weight=times) == pytest.approx(repeated)

    def test_perfect_knowledge_is_log_2(self):
        assert prejudice_index([1, 1, 0, 0], sensitive_features=list("aabb")) == pytest.approx(np.log(2))

    @pytest.mark.parametrize(
        ("p", "group", "weights", "message"),
        [
            ([0.5, 1.5], "ab", None, "1.5 at position 1"),
            ([0.5, 0.5], "abc", None, "entries"),
            ([0.5, np.nan], "ab", None, "missing"),
            ([0.5, 0.5], "ab", [1, 0], "everyone in group 'b' has weight 0"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, p, group, weights, message):
        with pytest.raises(ValueError, match=message):
            prejudice_index(p, sensitive_features=list(group), sample_weight=weights)


def kamishimas():
    """The class that AIF360 runs in a process of its own."""
    folder = Path(aif360.algorithms.inprocessing.__file__).parent / "kamfadm-2012ecmlpkdd"
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("kamishima_pr", folder / "fadm" / "lr" / "pr.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module.LRwPRType4


class TestPrejudiceRemover:
    @pytest.mark.parametrize("eta", [0.0, 1.0, 25.0])
    def test_the_objective_is_aif360s_and_its_search_ends_no_lower(self, eta):
        """The intercept is a column of ones here, so that it is in the ridge term, as there.

        Where eta > 0, theirs follows a gradient that is not its objective's, and stops early.
        """
        X, y, group = people(150, 2)
        X = np.column_stack([X, np.ones(150)])
        peer = kamishimas()(eta=eta, C=1.0, fit_intercept=False)
        peer.fit(np.column_stack([X, group]), y)
        model = PrejudiceRemover(eta=eta, per_group=True, fit_intercept=False).fit(X, y, sensitive_features=group)
        p = model.predict_proba(X, sensitive_features=group)[:, 1]
        value = -np.log(np.where(y == 1, p, 1 - p)).sum() + eta * 150 * model.prejudice_index_
        value += (model.coef_**2).sum() / 2
        assert peer.loss(model.coef_.ravel(), X, y, group) == pytest.approx(value)
        assert value <= peer.f_loss_ + 1e-4
        if eta == 0:
            assert p == pytest.approx(peer.predict_proba(np.column_stack([X, group]))[:, 1], abs=1e-3)
        theta = model.coef_.ravel()
        numeric = approx_fprime(theta, peer.loss, 1e-6, X, y, group)
        assert numeric == pytest.approx(np.zeros(6), abs=0.01)

    @pytest.mark.parametrize("groups", [2, 4])
    def test_the_index_falls_with_eta(self, groups):
        X, y, group = people(600, groups=groups)
        found = []
        for eta in (0, 1, 10, 100):
            model = PrejudiceRemover(eta=eta).fit(X, y, sensitive_features=group)
            index = prejudice_index(model.predict_proba(X)[:, 1], sensitive_features=group)
            assert model.prejudice_index_ == pytest.approx(index)
            found.append(index)
        assert (np.diff(found) < 0).all()
        assert found[-1] < found[0] / 50

    def test_only_with_coefficients_per_group_a_prediction_needs_the_group(self):
        X, y, group = people()
        names = np.array(["x", "y"])[group]
        one = PrejudiceRemover(per_group=True).fit(X, y, sensitive_features=names)
        turned = np.array(["y", "x"])[group]
        assert (one.predict_proba(X, sensitive_features=names) != one.predict_proba(X, sensitive_features=turned)).all()
        with pytest.raises(ValueError, match="needs sensitive_features"):
            one.predict(X)
        with pytest.raises(ValueError, match="'z' at position 0"):
            one.predict(X[:1], sensitive_features=["z"])
        with pytest.raises(ValueError, match="per_group is False"):
            PrejudiceRemover().fit(X, y, sensitive_features=names).predict(X, sensitive_features=names)


MODELS = [
    FairLogisticRegression(penalty_weight=2),
    FairLogisticRegression("equalized_odds", method="lagrangian", difference_bound=0.05),
    PrejudiceRemover(eta=5),
]


@pytest.mark.parametrize("model", MODELS)
class TestAll:
    def test_weights_are_repetitions_and_order_does_not_matter(self, model):
        X, y, group = people(200)
        times = np.random.default_rng(0).integers(0, 4, 200)
        order = np.random.default_rng(1).permutation(200)

        def fitted(rows, weights=None):
            return theta_of(clone(model).fit(X[rows], y[rows], sensitive_features=group[rows], sample_weight=weights))

        weighted = fitted(np.arange(200), times)
        assert weighted == pytest.approx(fitted(np.repeat(np.arange(200), times)), abs=1e-3)
        assert weighted == pytest.approx(fitted(order, times[order]), abs=1e-3)

    def test_units_of_a_feature_do_not_matter_without_a_ridge(self, model):
        X, y, group = people(200)
        one, other = (
            clone(model).set_params(C=1e9).fit(X * scale + scale, y, sensitive_features=group) for scale in (1, 1e6)
        )
        assert one.predict_proba(X + 1) == pytest.approx(other.predict_proba(1e6 * X + 1e6), abs=1e-3)

    def test_names_of_groups_and_labels_do_not_matter(self, model):
        X, y, group = people(200)
        plain = clone(model).fit(X, y, sensitive_features=group)
        frame = pd.DataFrame(X, columns=list("uvw"))
        named = clone(model).fit(
            frame, np.array(["no", "yes"])[y], sensitive_features=pd.Series(np.array(["z", "y"])[group], name="g")
        )
        assert named.coef_ == pytest.approx(plain.coef_, abs=1e-4)
        assert named.predict(frame).tolist() == np.array(["no", "yes"])[plain.predict(X)].tolist()
        assert named.feature_names_in_.tolist() == list("uvw")

    def test_constant_and_repeated_features_do_no_harm(self, model):
        X, y, group = people(200)
        plain = clone(model).set_params(C=1e6).fit(X, y, sensitive_features=group)
        wide = np.column_stack([X, np.full(200, 7.5), X[:, 0]])
        more = clone(model).set_params(C=1e6).fit(wide, y, sensitive_features=group)
        assert more.predict_proba(wide) == pytest.approx(plain.predict_proba(X), abs=1e-3)
        assert more.coef_[0, 3] == pytest.approx(0, abs=1e-6)

    def test_labels_that_can_be_separated(self, model):
        X, group = np.array([[-2.0], [-1], [1], [2]] * 5), np.arange(20) % 2
        assert clone(model).fit(X, (X[:, 0] > 0).astype(int), sensitive_features=group).predict([[-3], [3]]).size == 2

    def test_crossed_groups(self, model):
        X, y, group = people(400)
        other = np.arange(400) // 200
        crossed = clone(model).fit(X, y, sensitive_features=pd.DataFrame({"a": group, "b": other}))
        flat = clone(model).fit(X, y, sensitive_features=2 * group + other)
        assert crossed.coef_ == pytest.approx(flat.coef_, abs=1e-6)

    def test_clones_pickles_and_stands_in_a_pipeline(self, model):
        X, y, group = people(100)
        fitted = clone(model).fit(X, y, sensitive_features=group)
        assert pickle.loads(pickle.dumps(fitted)).predict_proba(X).tolist() == fitted.predict_proba(X).tolist()
        assert clone(fitted).get_params() == fitted.get_params()
        with pytest.raises(NotFittedError):
            clone(fitted).predict(X)
        pipeline = make_pipeline(StandardScaler(), clone(model))
        pipeline.fit(X, y, **{f"{pipeline.steps[-1][0]}__sensitive_features": group})
        assert pipeline.score(X, y) > 0.6

    def test_inputs_are_left_as_they_were(self, model):
        X, y, group = people(100)
        before = X.copy(), y.copy(), group.copy()
        clone(model).fit(X, y, sensitive_features=group)
        assert all((a == b).all() for a, b in zip(before, (X, y, group), strict=True))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"y": np.ones(20, dtype=int)}, "y holds 1 class of"),
            ({"y": np.arange(20) % 3}, "y holds 3 classes"),
            ({"y": np.arange(19) % 2}, "19"),
            ({"y": np.linspace(0, 1, 20)}, "continuous"),
            ({"y": None}, "1d array"),
            ({"sensitive_features": ["a"] * 19}, "19 entries"),
            ({"sensitive_features": [None] + ["a"] * 19}, "missing at position 0"),
            ({"sample_weight": np.zeros(20)}, "zero for everyone"),
            ({"sample_weight": np.arange(20) % 4 // 2}, "everyone in group 0 has weight 0"),
            ({"sample_weight": -np.ones(20)}, "not negative"),
            ({"X": np.full((20, 2), np.nan)}, "NaN"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, model, change, message):
        i = np.arange(20)
        arguments = {"X": np.column_stack([i, i % 5]), "y": i % 2, "sensitive_features": i % 4 // 2, **change}
        with pytest.raises(ValueError, match=message):
            clone(model).fit(arguments.pop("X"), arguments.pop("y"), **arguments)


X, Y, GROUP = people(40)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (FairLogisticRegression("parity"), "constraints is 'parity'.*'demographic_parity'"),
        (FairLogisticRegression(method="magic"), "method is 'magic'"),
        (FairLogisticRegression(penalty_weight=-1), "penalty_weight is -1"),
        (FairLogisticRegression(penalty_weight=np.nan), "penalty_weight is nan"),
        (FairLogisticRegression(difference_bound=1.5), "difference_bound is 1.5"),
        (FairLogisticRegression(C=0), "C is 0"),
        (FairLogisticRegression(max_iter=0), "max_iter is 0"),
        (FairLogisticRegression(tol="small"), "tol is 'small'"),
        (PrejudiceRemover(eta=-0.5), "eta is -0.5"),
        (PrejudiceRemover(eta=None), "eta is None"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_words(model, message):
    with pytest.raises(ValueError, match=message):
        model.fit(X, Y, sensitive_features=GROUP)


@pytest.mark.parametrize("constraint", ["equal_opportunity", "equalized_odds"])
def test_a_group_without_a_label_is_named(constraint):
    X, y, group = people(100, groups=3)
    y[group == 2] = 0
    names = np.array(["north", "south", "west"])[group]
    with pytest.raises(ValueError, match=r"in group 'west' nobody has label 1.*demographic_parity"):
        FairLogisticRegression(constraint).fit(X, y, sensitive_features=names)
    assert FairLogisticRegression().fit(X, y, sensitive_features=names).means_.shape == (1, 3)
    assert FairLogisticRegression("false_positive_rate_parity").fit(X, y, sensitive_features=names).gap_ < 0.5


class TestByTheOneWhoWritesTheSearch:
    """What is there for those who write the loop themselves, and to be compared with."""

    @settings(deadline=None, max_examples=40)
    @given(seed=st.integers(0, 2**32 - 1), groups=st.integers(1, 3), positives=st.booleans())
    def test_the_penalised_loss_and_its_slope(self, seed, groups, positives):
        rng = np.random.default_rng(seed)
        y, group, z = rng.integers(0, 2, 20), np.arange(20) % groups, rng.normal(size=20)
        y[:groups] = 1
        among = y == 1 if positives else np.ones(20, dtype=bool)

        def value(z):
            p = expit(z)
            means = [p[among & (group == g)].mean() for g in range(groups)]
            pairs = [(a - b) ** 2 for a, b in combinations(means, 2)]
            return -np.log(np.where(y == 1, p, 1 - p)).mean() + 3 * (np.mean(pairs) if pairs else 0)

        options = {"sensitive_features": group, "among": among}
        found, slope = penalised_log_loss(z, y, penalty_weight=3, **options)
        assert found == pytest.approx(value(z))
        assert slope == pytest.approx(approx_fprime(z, value, 1e-7), abs=1e-5)
        assert mean_scores(expit(z), **options).tolist() == pytest.approx(
            [expit(z)[among & (group == g)].mean() for g in range(groups)]
        )

    @settings(deadline=None, max_examples=30)
    @given(seed=st.integers(0, 2**32 - 1), bound=st.sampled_from([0, 0.1, 0.25, 0.3, 0.5, 1]))
    def test_no_list_of_decisions_within_the_bound_is_more_accurate(self, seed, bound):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(3, 10))
        y, group = rng.integers(0, 2, n), np.append([0, 1, 2], rng.integers(0, 3, n - 3))
        best = 0.0
        for decisions in product([0, 1], repeat=n):
            d = np.array(decisions)
            rates = [d[group == g].mean() for g in range(3)]
            if max(rates) - min(rates) <= bound + 1e-9:
                best = max(best, (d == y).mean())
        assert parity_ceiling(y, sensitive_features=group, difference_bound=bound) == pytest.approx(best)

    def test_dual_ascent_finds_the_price(self):
        options = {"bound": 0.2, "rate": 0.5, "rounds": 60}
        multipliers = dual_ascent(lambda x: 1 - x, lambda t: t, **options)
        assert multipliers[0] == 0
        assert multipliers[-1] == pytest.approx(0.8)
        assert np.diff(multipliers[:10]).min() > 0
        assert dual_ascent(lambda x: 0.1 - x, lambda t: t, **options) == [0.0] * 61

    def test_dual_ascent_and_the_method_of_multipliers_meet(self):
        X, y, group = people(200, 2)
        model = FairLogisticRegression(method="lagrangian", difference_bound=0.1).fit(X, y, sensitive_features=group)
        columns = np.column_stack([X, np.ones(200)])

        everyone = (X, y, group, np.ones(200), "demographic_parity", 0, 1)

        def gap_at(theta):
            (means,) = means_by_mask(expit(columns @ theta), y, group, "demographic_parity")
            return means[1] - means[0]

        def minimise_at(multiplier):
            return minimize(lambda theta: penalised(theta, *everyone) + multiplier * gap_at(theta), np.zeros(3)).x

        found = dual_ascent(minimise_at, gap_at, bound=0.1, rate=2.0, rounds=12)[-1]
        assert found == pytest.approx(model.multipliers_["all", 1, 0], rel=0.02)

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: mean_scores([0.5, 2], sensitive_features=list("ab")), "2.0 at position 1"),
            (lambda: mean_scores([0.5, 0.5], sensitive_features=list("ab"), among=[1, 0]), "'b' has nobody in among"),
            (lambda: mean_scores([0.5, 0.5], sensitive_features=list("ab"), among=[1]), "1 entries"),
            (lambda: penalised_log_loss([0, 1], [0, 2], sensitive_features=list("ab")), "y holds 2"),
            (lambda: parity_ceiling([0, 1], sensitive_features=list("ab"), difference_bound=2), "difference_bound"),
            (lambda: parity_ceiling([0, 3], sensitive_features=list("ab")), "y_true holds 3"),
            (lambda: dual_ascent(abs, abs, bound=0, rate=0, rounds=1), "rate is 0"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, call, message):
        with pytest.raises(ValueError, match=message):
            call()
