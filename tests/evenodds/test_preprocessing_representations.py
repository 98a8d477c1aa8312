"""Learned fair representations against Fairlearn's objective, AIF360's search, finite differences, and loops."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from aif360.algorithms.preprocessing.lfr_helpers.helpers import LFR_optim_objective
from fairlearn.preprocessing import PrototypeRepresentationLearner
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, fmin_l_bfgs_b
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from evenodds.preprocessing import LearnedFairRepresentations
from evenodds.preprocessing.representations import _objective, _Problem


def people(n=200, d=4, groups=2, seed=0):
    """Groups of equal size, apart in two features; labels that depend on one of these and on a third."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) % groups
    X = rng.normal(size=(n, d))
    X[:, 0] += group
    X[:, 1] += group / 2
    return X, (X[:, 0] + X[:, 2] + rng.normal(size=n) > 0.5).astype(int), group


def fit(X, y, group, sample_weight=None, **options):
    learner = LearnedFairRepresentations(**{"random_state": 0, **options})
    return learner.fit(X, y, sensitive_features=group, sample_weight=sample_weight)


class Plain(LearnedFairRepresentations):
    """With groups and labels made up from X, for scikit-learn's checks."""

    def fit(self, X, y=None, sample_weight=None):
        n = X.shape[0] if hasattr(X, "shape") else max(len(np.asarray(X)), 1)
        return super().fit(X, np.arange(n) % 2, sensitive_features=np.arange(n) % 3, sample_weight=sample_weight)

    def fit_transform(self, X, y=None, sample_weight=None):
        return self.fit(X, y, sample_weight).transform(X)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_it_keeps_scikit_learns_conventions():
    """Labels and groups by position make the result depend on the rows' order, which these two checks forbid."""
    by_position = {"check_sample_weight_equivalence_on_dense_data": "labels and groups are made up by position"}
    check_estimator(Plain(max_iter=5, random_state=0), on_skip=None, expected_failed_checks=by_position)


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    groups=st.integers(1, 3),
    k=st.integers(1, 4),
    smoothing=st.sampled_from([0.0, 0.01, 0.1]),
)
def test_the_gradient_is_that_of_finite_differences(seed, groups, k, smoothing):
    X, y, group = people(30, 3, groups, seed)
    rng = np.random.default_rng([seed, 1])  # not the stream of X, whose rows would become prototypes
    weights = rng.random(30) + 0.1
    by_group = np.eye(groups)[group] * weights[:, np.newaxis]
    problem = _Problem(X, X**2, y, weights / weights.sum(), by_group / by_group.sum(axis=0))
    theta = np.concatenate([rng.normal(size=3 * k), rng.random(k) * 0.9 + 0.05, rng.random(3) + 0.1])
    factors = (0.7, 1.3, 2.0)
    numeric = approx_fprime(theta, lambda t: _objective(t, problem, factors, smoothing)[0], 1e-7)
    assert _objective(theta, problem, factors, smoothing)[1] == pytest.approx(numeric, abs=2e-5)


def objective_by_loop(learner, X, y, group, weights):
    """The docstring's formulas, person by person."""
    M = []
    for x in X:
        to = [np.sqrt(sum(learner.alpha_ * (x - v) ** 2)) for v in learner.prototypes_]
        M.append(np.exp(-np.array(to)) / sum(np.exp(-np.array(to))))
    reconstruction = target = 0
    for x, label, m, w in zip(X, y, M, weights, strict=True):
        y_hat = min(max(m @ learner.coef_, 1e-15), 1 - 1e-15)
        reconstruction += w / sum(weights) * sum((x - m @ learner.prototypes_) ** 2)
        target -= w / sum(weights) * np.log(y_hat if label else 1 - y_hat)
    means = [np.average(np.array(M)[group == g], axis=0, weights=weights[group == g]) for g in np.unique(group)]
    gaps = [abs(a - b).mean() for i, a in enumerate(means) for b in means[:i]]
    return np.array(M), {"reconstruction": reconstruction, "target": target, "fairness": np.mean(gaps)}


@pytest.mark.parametrize("groups", [2, 3])
def test_losses_and_memberships_are_those_of_the_formulas(groups):
    X, y, group = people(60, 3, groups)
    weights = np.random.default_rng(1).random(60) + 0.1
    learner = fit(X + 100, y, group, weights, n_prototypes=3, fairness_weight=0.5, reconstruct_weight=2)
    M, losses = objective_by_loop(learner, X + 100, y, group, weights)
    np.testing.assert_allclose(learner.transform(X + 100), M, atol=1e-6)
    assert learner.losses_ == pytest.approx(losses, abs=1e-6)
    assert learner.objective_ == pytest.approx(2 * losses["reconstruction"] + losses["target"] + losses["fairness"] / 2)
    assert learner.predict_proba(X + 100)[:, 1] == pytest.approx(M @ learner.coef_, abs=1e-6)
    assert learner.inverse_transform(M) == pytest.approx(M @ learner.prototypes_)
    assert learner.predict(X + 100).tolist() == (learner.predict_proba(X + 100)[:, 1] >= 0.5).tolist()


class TestPeers:
    def test_the_objective_is_fairlearns_and_the_better_of_two_seeds_is_no_higher(self):
        X, y, group = people(45, 3, 3)
        mine, theirs = [], []
        for seed in range(2):
            options = {"n_prototypes": 2, "fairness_weight": 5.0, "reconstruct_weight": 0.1, "random_state": seed}
            model = LearnedFairRepresentations(**options).fit(X, y, sensitive_features=group)
            peer = PrototypeRepresentationLearner(**options).fit(X, y, sensitive_features=group)
            at_mine = np.concatenate([model.prototypes_.ravel(), model.coef_, model.alpha_])
            at_theirs = np.concatenate([peer._prototypes_.ravel(), peer.coef_, peer._alpha_])
            assert peer._objective(at_mine, X, y, pd.Series(group)) == pytest.approx(model.objective_, abs=1e-6)
            mine.append(model.objective_)
            theirs.append(peer._objective(at_theirs, X, y, pd.Series(group)))
        assert min(mine) <= min(theirs) + 1e-6

    @pytest.mark.parametrize("seed", [0, 1, 2])
    def test_it_ends_no_higher_than_aif360(self, seed):
        """In groups of equal size its two mean squares are 2/d of L_x; it keeps every weight of a feature at 1."""
        X, y, group = people(200, 4, 2, seed)
        k, d, A_x, A_y, A_z = 5, 4, 0.01, 1.0, 50.0
        arguments = (X[group == 0], X[group == 1], y[group == 0], y[group == 1], k, A_x, A_y, A_z, 250, 0)
        LFR_optim_objective.steps = 0
        start = np.random.default_rng(seed).random(k + k * d)
        bounds = [(0, 1)] * k + [(None, None)] * k * d
        theirs = fmin_l_bfgs_b(
            LFR_optim_objective, start, args=arguments, epsilon=1e-5, bounds=bounds, approx_grad=True, maxfun=5000
        )[1]
        options = {"reconstruct_weight": 2 * A_x / d, "target_weight": A_y, "fairness_weight": A_z}
        mine = fit(X, y, group, n_prototypes=k, random_state=seed, **options)
        assert mine.objective_ <= theirs + 1e-6

        problem = _Problem(X, X**2, y, np.full(200, 1 / 200), np.eye(2)[group] / 100)
        theta = np.concatenate([start[k:], start[:k], np.ones(d)])
        value = _objective(theta, problem, (2 * A_x / d, A_y, A_z))[0]
        assert value == pytest.approx(LFR_optim_objective(start, *arguments))


class TestBehaviour:
    def test_more_weight_on_fairness_brings_the_groups_together(self):
        X, y, group = people(400, 4)
        options = {"n_prototypes": 4, "reconstruct_weight": 0.01}
        unfair, fair = (fit(X, y, group, fairness_weight=A_z, **options) for A_z in (0, 100))
        assert fair.losses_["fairness"] < unfair.losses_["fairness"] / 10
        gaps = [np.subtract(*(m.predict_proba(X)[group == g, 1].mean() for g in (1, 0))) for m in (unfair, fair)]
        assert gaps[0] > 0.15
        assert abs(gaps[1]) < 0.01

    def test_reconstruction_alone_finds_the_clusters(self):
        rng = np.random.default_rng(0)
        X = np.repeat([[0.0, 0.0], [9.0, 9.0]], 50, axis=0) + rng.normal(size=(100, 2)) / 10
        learner = fit(X, [0, 1] * 50, ["one"] * 100, target_weight=0, fairness_weight=0)
        assert sorted(learner.prototypes_.round(0).tolist()) == [[0, 0], [9, 9]]
        assert learner.losses_["reconstruction"] < 0.05

    @pytest.mark.parametrize("labels", [0, 1])
    def test_one_label_is_predicted_for_everyone(self, labels):
        X, _, group = people(50)
        assert fit(X, [labels] * 50, group).predict(X).tolist() == [labels] * 50

    def test_one_group_has_no_unfairness(self):
        X, y, _ = people(50)
        assert fit(X, y, ["everyone"] * 50).losses_["fairness"] == 0

    def test_constant_features_are_given_back(self):
        X, y, group = people(50)
        X[:, 1] = 7.5
        learner = fit(X, y, group)
        assert learner.inverse_transform(learner.transform(X))[:, 1] == pytest.approx(7.5, abs=1e-3)

    def test_one_prototype_is_the_mean_and_the_base_rate(self):
        X, y, group = people(100)
        weights = np.random.default_rng(0).random(100)
        learner = fit(X, y, group, weights, n_prototypes=1, tol=1e-12)
        assert learner.prototypes_[0] == pytest.approx(np.average(X, axis=0, weights=weights), abs=1e-3)
        assert learner.coef_[0] == pytest.approx(np.average(y, weights=weights), abs=1e-3)

    def test_weights_are_repetitions_and_order_does_not_matter(self):
        X, y, group = people(60, 3)
        rng = np.random.default_rng(0)
        times, order = rng.integers(1, 4, 60), rng.permutation(60)
        model = fit(X, y, group, n_prototypes=3)
        theta = np.concatenate([model.prototypes_.ravel(), model.coef_, model.alpha_])

        def at_theta(rows, weights):
            by_group = np.eye(2)[group[rows]] * weights[:, np.newaxis]
            problem = _Problem(X[rows], X[rows] ** 2, y[rows], weights / weights.sum(), by_group / by_group.sum(axis=0))
            value, gradient, _ = _objective(theta, problem, (1, 1, 1))
            return np.append(gradient, value)

        everyone = np.arange(60)
        repeated = np.repeat(everyone, times)
        assert at_theta(everyone, times) == pytest.approx(at_theta(repeated, np.ones(len(repeated))), abs=1e-12)
        assert at_theta(order, times[order]) == pytest.approx(at_theta(everyone, times), abs=1e-12)

    def test_the_seed_decides(self):
        X, y, group = people(80)
        assert fit(X, y, group).objective_ == fit(X, y, group).objective_
        assert fit(X, y, group).prototypes_.tolist() != fit(X, y, group, random_state=1).prototypes_.tolist()

    def test_crossed_groups_and_names(self):
        X, y, group = people(80)
        frame = pd.DataFrame(X, columns=list("uvwx"))
        features = pd.DataFrame({"a": group, "b": np.arange(80) // 40})
        learner = LearnedFairRepresentations(random_state=0).set_output(transform="pandas")
        result = learner.fit_transform(frame, y, sensitive_features=features)
        assert result.columns.tolist() == ["learnedfairrepresentations0", "learnedfairrepresentations1"]
        assert result.to_numpy().tolist() == learner.transform(frame).to_numpy().tolist()
        crossed, flat = fit(X, y, features), fit(X, y, 2 * group + np.arange(80) // 40)
        np.testing.assert_allclose(crossed.transform(X), flat.transform(X))

    def test_a_search_that_is_cut_short_says_so(self):
        with pytest.warns(ConvergenceWarning, match="max_iter=1 "):
            fit(*people(50), max_iter=1)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit(*people(50))

    def test_clones_and_pickles(self):
        X, y, group = people(50)
        learner = fit(X, y, group)
        assert pickle.loads(pickle.dumps(learner)).transform(X).tolist() == learner.transform(X).tolist()
        assert clone(learner).get_params() == learner.get_params()
        with pytest.raises(NotFittedError):
            clone(learner).transform(X)


X, Y, GROUP = people(20)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit(X, Y, GROUP, n_prototypes=0), "n_prototypes is 0"),
        (lambda: fit(X, Y, GROUP, n_prototypes=2.5), "n_prototypes is 2.5"),
        (lambda: fit(X, Y, GROUP, fairness_weight=-1), "fairness_weight is -1"),
        (lambda: fit(X, Y, GROUP, target_weight=np.nan), "target_weight is nan"),
        (lambda: fit(X, Y + 1, GROUP), "y holds 2"),
        (lambda: fit(X, Y[:19], GROUP), "19 entries"),
        (lambda: fit(X, Y, GROUP[:19]), "19 entries"),
        (lambda: fit(X, Y, [None, *GROUP[1:]]), "missing at position 0"),
        (lambda: fit(np.where(X > 1, np.nan, X), Y, GROUP), "NaN"),
        (lambda: fit(X, Y, GROUP, np.where(GROUP == 1, 0, 1)), "everyone in group 1 has weight 0"),
        (lambda: fit(X, Y, GROUP, random_state="x"), "random_state is 'x'"),
        (lambda: fit(X, Y, GROUP).transform(X[:, :2]), "2 features"),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
