"""Split conformal sets against enumeration of every order of arrival, loops over rows, and the errors students make."""

import inspect
import itertools
import pickle
import warnings
from math import ceil, inf

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsRegressor

from evenodds import coverage
from evenodds.coverage import (
    SmallCalibrationWarning,
    SplitConformalClassifier,
    conformal_quantile,
    coverage_by_group,
    interval_coverage_by_group,
    nonconformity_scores,
    prediction_sets,
)


def two_noise_levels(n, seed):
    """Numbers around a known line: 80 people whose noise is 1 for every 20 whose noise is 3."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["quiet", "noisy"], n, p=[0.8, 0.2])
    x = rng.normal(size=n)
    return x, x + rng.normal(size=n) * np.where(group == "quiet", 1, 3), group


def classes_with_two_noise_levels(n, seed):
    """Probabilities of three classes that are right for the quiet group and too sure for the noisy one."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["quiet", "noisy"], n, p=[0.8, 0.2])
    logits = 2.5 * rng.normal(size=(n, 3))
    proba = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    true_logits = np.where(group == "quiet", 1, 0.2)[:, np.newaxis] * logits
    truth = (true_logits + rng.gumbel(size=(n, 3))).argmax(axis=1)
    return proba, truth, group


class TestThreshold:
    @pytest.mark.parametrize("n", [9, 10, 19, 20, 50, 99, 100, 200])
    @pytest.mark.parametrize("alpha", [0.1, 0.2, 0.3])
    def test_a_new_score_in_any_place_is_covered_exactly_as_often_as_the_rank_says(self, n, alpha):
        """Of n + 1 exchangeable scores, let each in turn be the new one."""
        scores = np.random.default_rng(n).permutation(n + 1) / 7
        covered = np.mean([scores[i] <= conformal_quantile(np.delete(scores, i), alpha=alpha) for i in range(n + 1)])
        assert 1 - alpha - 1e-12 <= covered <= 1 - alpha + 1 / (n + 1) + 1e-12
        if alpha == 0.1 and n in (9, 100):
            assert covered == pytest.approx({9: 0.9, 100: 0.90099}[n], abs=5e-6)

    @given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(0.02, 0.98))
    def test_it_is_the_smallest_score_with_enough_scores_at_or_below(self, scores, alpha):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallCalibrationWarning)
            found = conformal_quantile(scores, alpha=alpha)
        enough = [s for s in scores if sum(t <= s for t in scores) >= (len(scores) + 1) * (1 - alpha) - 1e-9]
        assert found == min(enough, default=inf)

    def test_the_rank_is_counted_out_of_n_plus_1(self):
        """n = 9, 19, 99 and 199 cannot tell ⌈n(1 − alpha)⌉ apart; 10, 20, 50, 100 and 200 can."""
        for n in (9, 10, 19, 20, 50, 99, 100, 199, 200):
            rank = conformal_quantile(np.arange(1, n + 1), alpha=0.1)
            assert rank == -(-9 * (n + 1) // 10)
            assert (rank != ceil(n * 9 / 10)) == (n in (10, 20, 50, 100, 200))

    def test_the_published_ranks_and_values(self):
        assert conformal_quantile(np.arange(1, 11), alpha=0.1) == 10
        assert conformal_quantile(np.arange(1, 101), alpha=0.1) == 91
        scores = np.arange(1, 10) / 10
        assert conformal_quantile(scores, alpha=0.1) == 0.9
        assert np.quantile(scores, 0.9) == pytest.approx(0.82)

    def test_alphas_without_an_exact_binary_form_do_not_push_the_rank_up(self):
        assert conformal_quantile(np.arange(1, 10), alpha=0.7) == 3
        assert conformal_quantile(np.arange(1, 100), alpha=0.29) == 71
        for n, percent in itertools.product(range(1, 200), range(1, 100)):
            assert coverage.threshold.rank_of_threshold(n, percent / 100) == -(-(n + 1) * (100 - percent) // 100)

    def test_too_few_rows_give_infinity_not_the_largest_score(self):
        with pytest.warns(SmallCalibrationWarning, match="calibration set has 8 .*needs at least 9") as caught:
            assert conformal_quantile(np.arange(8), alpha=0.1) == inf
        assert caught[0].filename == __file__
        with pytest.warns(SmallCalibrationWarning, match="has 1 calibration row; .* at least 9"):
            assert conformal_quantile([0.5], alpha=0.1) == inf
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert conformal_quantile(np.arange(9), alpha=0.1) == 8

    def test_each_group_gets_the_threshold_of_its_own_scores(self):
        rng = np.random.default_rng(0)
        group, scores = rng.integers(0, 100, 5000), rng.exponential(size=5000)
        found = conformal_quantile(scores, alpha=0.2, sensitive_features=group)
        assert len(found) == 100
        for label in range(100):
            assert found[label] == conformal_quantile(scores[group == label], alpha=0.2)

    def test_crossings_without_people_are_left_out_and_small_groups_named(self):
        features = pd.DataFrame({"sex": ["F"] * 10 + ["M"] * 12, "age": ["old"] * 20 + ["new"] * 2})
        with pytest.warns(SmallCalibrationWarning, match=r"group \('M', 'new'\) has 2 .* at least 4") as caught:
            found = conformal_quantile(np.arange(22), alpha=0.2, sensitive_features=features)
        assert len(caught) == 1
        assert caught[0].filename == __file__
        assert found.to_dict() == {("F", "old"): 8, ("M", "new"): inf, ("M", "old"): 18}

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: conformal_quantile([], alpha=0.1), "scores is empty"),
            (lambda: conformal_quantile([1, np.nan], alpha=0.1), "scores is missing"),
            (lambda: conformal_quantile(["a", "b"], alpha=0.1), "it must hold numbers"),
            (lambda: conformal_quantile([1, 2], alpha=0), "alpha is 0; .* for example 0.1"),
            (lambda: conformal_quantile([1, 2], alpha=90), "alpha is 90"),
            (lambda: conformal_quantile([1, 2], alpha=0.1, sensitive_features=["a"]), "has 1 entries"),
            (lambda: conformal_quantile([1, 2], alpha=0.1, sensitive_features=["a", None]), "missing at position 1"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, call, message):
        with pytest.raises(ValueError, match=message):
            call()


class TestResiduals:
    def test_two_noise_levels_average_out_to_the_promise_and_break_it_for_one_group(self):
        x, y, group = two_noise_levels(20_000, seed=0)
        new_x, new_y, new_group = two_noise_levels(20_000, seed=1)
        q = conformal_quantile(abs(y - x), alpha=0.1)
        report = interval_coverage_by_group(new_y, new_x - q, new_x + q, sensitive_features=new_group)
        assert report.overall["coverage"] == pytest.approx(0.903, abs=0.008)
        assert report.by_group.loc["quiet", "coverage"] == pytest.approx(0.987, abs=0.008)
        assert report.by_group.loc["noisy", "coverage"] == pytest.approx(0.573, abs=0.02)
        mean_of_groups = report.by_group["coverage"].mean()
        assert abs(mean_of_groups - report.overall["coverage"]) > 0.1

        own = conformal_quantile(abs(y - x), alpha=0.1, sensitive_features=group)
        half_width = own[new_group].to_numpy()
        fixed = interval_coverage_by_group(
            new_y, new_x - half_width, new_x + half_width, sensitive_features=new_group
        ).by_group
        assert fixed["coverage"].to_numpy() == pytest.approx([0.886, 0.908], abs=0.02)
        assert fixed.loc["noisy", "width"] == pytest.approx(3 * fixed.loc["quiet", "width"], rel=0.05)

    def test_absolute_residuals_are_needed_for_an_interval_with_two_sides(self):
        covered = {"absolute": 0.0, "signed": 0.0}
        for seed in range(20):
            rng = np.random.default_rng(seed)
            residuals, new = rng.normal(size=(2, 1000))
            covered["absolute"] += np.mean(abs(new) <= conformal_quantile(abs(residuals), alpha=0.1)) / 20
            covered["signed"] += np.mean(abs(new) <= conformal_quantile(residuals, alpha=0.1)) / 20
        assert covered["absolute"] == pytest.approx(0.9, abs=0.01)
        assert covered["signed"] == pytest.approx(0.8, abs=0.015)

    def test_a_threshold_from_training_rows_promises_what_it_cannot_keep(self):
        x, y, _ = two_noise_levels(400, seed=2)
        model = KNeighborsRegressor(1).fit(x[:200, None], y[:200])
        on_training, held_out = (
            conformal_quantile(abs(y[rows] - model.predict(x[rows, None])), alpha=0.1)
            for rows in (slice(200), slice(200, None))
        )
        assert on_training == 0 < held_out


class TestClassifier:
    @pytest.mark.parametrize("score", ["lac", "aps"])
    @pytest.mark.parametrize("per_group", [False, True])
    def test_sets_are_those_of_a_loop_over_rows_and_classes(self, score, per_group):
        proba, y, group = classes_with_two_noise_levels(120, seed=0)
        new, _, new_group = classes_with_two_noise_levels(60, seed=1)

        def strangeness(row, k):
            return 1 - row[k] if score == "lac" else sum(p for p in row if p >= row[k])

        model = SplitConformalClassifier(alpha=0.2, score=score, per_group=per_group)
        sets = model.calibrate(proba, y, sensitive_features=group).predict_set(new, sensitive_features=new_group)
        assert sets.dtype == bool
        for row, label, held in zip(new, new_group, sets, strict=True):
            mine = [i for i in range(120) if group[i] == label or not per_group]
            calibration = sorted(strangeness(proba[i], y[i]) for i in mine)
            limit = calibration[ceil((len(mine) + 1) * 0.8 - 1e-9) - 1]
            assert held.tolist() == [bool(strangeness(row, k) <= limit + 1e-9) for k in range(3)]

    @pytest.mark.parametrize("score", ["lac", "aps"])
    def test_the_promise_is_kept_on_average_but_not_for_every_group_unless_it_is_made_to_each(self, score):
        reports = {True: [], False: []}
        for seed, per_group in itertools.product(range(20), (False, True)):
            proba, y, group = classes_with_two_noise_levels(4000, seed)
            model = SplitConformalClassifier(alpha=0.1, score=score, per_group=per_group)
            model.calibrate(proba[:2000], y[:2000], sensitive_features=group[:2000])
            sets = model.predict_set(proba[2000:], sensitive_features=group[2000:])
            reports[per_group].append(coverage_by_group(y[2000:], sets, sensitive_features=group[2000:]))
        overall = {k: np.mean([r.overall["coverage"] for r in v]) for k, v in reports.items()}
        by_group = {k: sum(r.by_group for r in v) / 20 for k, v in reports.items()}
        assert overall[False] == pytest.approx(0.9, abs=0.01)
        assert by_group[False].loc["noisy", "coverage"] < 0.8
        assert by_group[False].loc["quiet", "coverage"] > 0.91
        assert (by_group[True]["coverage"] > 0.89).all()
        if score == "lac":
            assert (by_group[True]["coverage"] < 0.915).all()
        assert by_group[True].loc["noisy", "set_size"] > by_group[False].loc["noisy", "set_size"] + 0.1

    def test_ties_at_the_threshold_are_in_the_set(self):
        """All scores are alike: leaving out equality would leave every set empty."""
        model = SplitConformalClassifier(alpha=0.1).calibrate(np.full((20, 2), 0.5), [0, 1] * 10)
        assert model.predict_set([[0.5, 0.5], [0.4, 0.6]]).tolist() == [[True, True], [False, True]]

    @settings(deadline=None, max_examples=40)
    @given(seed=st.integers(0, 10_000), n=st.integers(1, 40), alpha=st.sampled_from([0.1, 0.2, 0.35]))
    def test_on_its_own_calibration_rows_enough_sets_hold_the_truth_ties_or_not(self, seed, n, alpha):
        rng = np.random.default_rng(seed)
        proba = rng.integers(1, 4, (n, 3)).astype(float)
        proba /= proba.sum(axis=1, keepdims=True)
        y = rng.integers(0, 3, n)
        for score in ("lac", "aps"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SmallCalibrationWarning)
                sets = SplitConformalClassifier(alpha=alpha, score=score).calibrate(proba, y).predict_set(proba)
            assert sets[np.arange(n), y].mean() >= 1 - alpha - 1e-12

    @pytest.mark.parametrize("score", ["lac", "aps"])
    def test_a_smaller_alpha_never_takes_a_class_out(self, score):
        proba, y, _ = classes_with_two_noise_levels(300, seed=3)
        small, large = (
            SplitConformalClassifier(alpha=alpha, score=score).calibrate(proba, y).predict_set(proba)
            for alpha in (0.05, 0.25)
        )
        assert (small >= large).all()
        assert (small > large).any()

    def test_relabelled_groups_and_reordered_rows_change_nothing(self):
        proba, y, group = classes_with_two_noise_levels(200, seed=4)
        order = np.random.default_rng(0).permutation(200)
        one = SplitConformalClassifier(per_group=True).calibrate(proba, y, sensitive_features=group)
        other = SplitConformalClassifier(per_group=True).calibrate(
            proba[order], y[order], sensitive_features=np.where(group == "quiet", 7, 3)[order]
        )
        np.testing.assert_array_equal(
            one.predict_set(proba, sensitive_features=group),
            other.predict_set(proba, sensitive_features=np.where(group == "quiet", 7, 3)),
        )

    def test_a_group_too_small_gets_every_class_and_is_named(self):
        proba = np.tile([0.9, 0.1], (28, 1))
        group = ["a"] * 20 + ["b"] * 8
        model = SplitConformalClassifier(alpha=0.1, per_group=True)
        with pytest.warns(SmallCalibrationWarning, match="group 'b' has 8 calibration rows; .* at least 9") as caught:
            model.calibrate(proba, [0] * 28, sensitive_features=group)
        assert caught[0].filename == __file__
        assert len(caught) == 1
        assert model.quantile_.to_dict() == {"a": pytest.approx(0.1), "b": inf}
        sets = model.predict_set([[0.99, 0.01]] * 2, sensitive_features=["a", "b"])
        assert sets.tolist() == [[True, False], [True, True]]

    def test_one_calibration_row(self):
        with pytest.warns(SmallCalibrationWarning):
            model = SplitConformalClassifier(alpha=0.1).calibrate([[0.2, 0.8]], [1])
        assert model.predict_set([[1.0, 0.0]]).all()
        assert SplitConformalClassifier(alpha=0.5).calibrate([[0.2, 0.8]], [1]).quantile_ == pytest.approx(0.2)

    def test_a_set_can_be_empty(self):
        model = SplitConformalClassifier(alpha=0.1).calibrate(np.tile([0.95, 0.05], (20, 1)), [0] * 20)
        assert model.predict_set([[0.5, 0.5]]).tolist() == [[False, False]]

    @pytest.mark.parametrize(
        ("features", "message"),
        [
            (["a", "c", "b"], "'c' at position 1, which nobody had at calibration; there were: 'a', 'b'"),
            ([0, 1, 0], "holds 0 at position 0"),
            (["a", None, "b"], "missing at position 1"),
            (None, "needs sensitive_features"),
            (["a", "b"], "has 2 entries but X has 3"),
            (pd.DataFrame({"side": list("aba"), "age": [1, 2, 3]}), "at calibration they were"),
        ],
    )
    def test_groups_that_cannot_be_served_are_refused(self, features, message):
        model = SplitConformalClassifier(alpha=0.3, per_group=True)
        model.calibrate([0.2, 0.4, 0.6, 0.8] * 5, [0, 0, 1, 1] * 5, sensitive_features=["a", "b"] * 10)
        with pytest.raises(ValueError, match=message):
            model.predict_set([0.1, 0.5, 0.9], sensitive_features=features)

    def test_crossed_groups_must_come_in_the_same_order(self):
        features = pd.DataFrame({"one": [0, 1] * 20, "two": [0, 0, 1, 1] * 10})
        model = SplitConformalClassifier(alpha=0.3, per_group=True)
        model.calibrate([0.2, 0.8] * 20, [0, 1] * 20, sensitive_features=features)
        assert model.predict_set([0.2] * 40, sensitive_features=features).shape == (40, 2)
        with pytest.raises(ValueError, match=r"\['two', 'one'\]; at calibration they were \['one', 'two'\]"):
            model.predict_set([0.2] * 40, sensitive_features=features[["two", "one"]])

    def test_a_crossing_that_calibration_never_saw_is_unknown(self):
        features = {"one": [0, 0, 1] * 10, "two": [0, 1, 0] * 10}
        model = SplitConformalClassifier(alpha=0.3, per_group=True)
        model.calibrate([0.5] * 30, [0, 1] * 15, sensitive_features=features)
        with pytest.raises(ValueError, match=r"holds \(1, 1\) at position 0"):
            model.predict_set([0.5], sensitive_features={"one": [1], "two": [1]})

    @pytest.mark.parametrize(
        ("options", "arguments", "message"),
        [
            ({"alpha": 0}, ([0.5], [1]), "alpha is 0"),
            ({"score": "raps"}, ([0.5], [1]), "score is 'raps'; it must be 'lac' or 'aps'"),
            ({"per_group": True}, ([0.5], [1]), "per_group=True needs sensitive_features"),
            ({}, ([0.5], [2]), "y holds 2 at position 0, which is not one of the classes: 0, 1"),
            ({}, ([0.5, 0.5], ["no", "yes"]), "y holds 'no'"),
            ({}, ([0.5, 0.5], [1]), "y has 1 entries but X has 2"),
            ({}, ([[0.5, 1.5]], [1]), "column 1 of X holds 1.5"),
            ({}, ([[0.5, np.nan]], [1]), "column 1 of X is missing"),
            ({}, ([], []), "X is empty"),
            ({}, (np.zeros((2, 2, 2)), [1, 1]), "it holds probabilities"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, options, arguments, message):
        with pytest.raises(ValueError, match=message):
            SplitConformalClassifier(**options).calibrate(*arguments)

    def test_new_rows_need_as_many_classes(self):
        model = SplitConformalClassifier(alpha=0.5).calibrate([[0.5, 0.5]] * 3, [0, 1, 1])
        with pytest.raises(ValueError, match="X has 3 classes; at calibration there were 2"):
            model.predict_set([[0.2, 0.3, 0.5]])

    def test_reordered_rows_of_pandas_inputs_are_refused(self):
        X = pd.DataFrame({"p0": [0.5, 0.4], "p1": [0.5, 0.6]}, index=[1, 2])
        with pytest.raises(ValueError, match="same index labels in a different order"):
            SplitConformalClassifier(alpha=0.5).calibrate(X, pd.Series([0, 1], index=[2, 1]))

    def test_the_probability_of_class_1_stands_for_both(self):
        p, y = np.random.default_rng(0).random(50), np.arange(50) % 2
        one = SplitConformalClassifier(alpha=0.2).calibrate(p, y)
        both = SplitConformalClassifier(alpha=0.2).calibrate(np.column_stack([1 - p, p]), y)
        np.testing.assert_array_equal(one.predict_set(p), both.predict_set(np.column_stack([1 - p, p])))
        np.testing.assert_array_equal(one.predict(p), p > 0.5)


class TestEstimator:
    X, number = make_classification(600, n_informative=4, n_classes=3, random_state=0)
    y = np.array(["low", "middle", "high"])[number]

    def test_it_trains_calibrates_and_predicts_with_the_classes_of_the_estimator(self):
        X, y = self.X, self.y
        model = SplitConformalClassifier(LogisticRegression(), alpha=0.15).fit(X[:200], y[:200])
        model.calibrate(X[200:400], y[200:400])
        sets = model.predict_set(X[400:])
        assert model.classes_.tolist() == ["high", "low", "middle"]
        report = coverage_by_group(y[400:], sets, classes=model.classes_, sensitive_features=X[400:, 0] > 0)
        assert report.overall["coverage"] == pytest.approx(0.85, abs=0.07)
        assert (model.predict(X) == LogisticRegression().fit(X[:200], y[:200]).predict(X)).all()
        by_hand = SplitConformalClassifier(alpha=0.15).calibrate(
            model.estimator_.predict_proba(X[200:400]), pd.Categorical(y[200:400]).codes
        )
        np.testing.assert_array_equal(by_hand.predict_set(model.estimator_.predict_proba(X[400:])), sets)

    def test_a_trained_estimator_is_used_as_it_is(self):
        trained = LogisticRegression().fit(self.X[:200], self.y[:200])
        model = SplitConformalClassifier(trained, prefit=True).calibrate(self.X[200:], self.y[200:])
        assert model.estimator_ is trained
        assert SplitConformalClassifier(trained, prefit=True).fit(self.X, self.y).estimator_ is trained
        assert SplitConformalClassifier(trained).fit(self.X[:100], self.y[:100]).estimator_ is not trained

    def test_training_parameters_reach_the_estimator(self):
        w = np.where(self.y == "high", 100, 1)
        model = SplitConformalClassifier(LogisticRegression()).fit(self.X, self.y, sample_weight=w)
        expected = LogisticRegression().fit(self.X, self.y, sample_weight=w)
        np.testing.assert_allclose(model.estimator_.coef_, expected.coef_)

    def test_steps_cannot_be_skipped_and_a_new_fit_forgets_the_threshold(self):
        model = SplitConformalClassifier(LogisticRegression())
        with pytest.raises(NotFittedError):
            model.calibrate(self.X, self.y)
        model.fit(self.X[:200], self.y[:200])
        with pytest.raises(NotFittedError):
            model.predict_set(self.X)
        model.calibrate(self.X[200:], self.y[200:]).predict_set(self.X)
        model.fit(self.X[:200], self.y[:200])
        with pytest.raises(NotFittedError):
            model.predict_set(self.X)
        with pytest.raises(ValueError, match="no estimator to train"):
            SplitConformalClassifier().fit(self.X, self.y)

    def test_it_is_a_scikit_learn_estimator(self):
        model = SplitConformalClassifier(LogisticRegression(), alpha=0.2, score="aps", per_group=True, prefit=False)
        assert list(inspect.signature(SplitConformalClassifier).parameters) == [
            "estimator", "alpha", "score", "per_group", "prefit",
        ]  # fmt: skip
        copy = clone(model)
        assert copy.get_params()["alpha"] == 0.2
        assert copy.set_params(estimator__C=3).estimator.C == 3
        before = dict(vars(model))
        group = self.number[200:] == 0
        model.fit(self.X[:200], self.y[:200]).calibrate(self.X[200:], self.y[200:], sensitive_features=group)
        assert {name: vars(model)[name] for name in before} == before
        again = pickle.loads(pickle.dumps(model))
        np.testing.assert_array_equal(
            again.predict_set(self.X[200:], sensitive_features=group),
            model.predict_set(self.X[200:], sensitive_features=group),
        )


class TestReport:
    SETS = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 0], [0, 1, 1]], dtype=bool)
    Y = np.array([0, 2, 1, 0, 1])
    GROUP = np.array(list("aaabb"))

    def test_coverage_size_and_support_by_hand(self):
        report = coverage_by_group(self.Y, self.SETS, sensitive_features=self.GROUP)
        assert report.by_group.to_dict("index") == {
            "a": {"n": 3, "coverage": pytest.approx(2 / 3), "set_size": 2.0, "empty": 0.0},
            "b": {"n": 2, "coverage": 0.5, "set_size": 1.0, "empty": 0.5},
        }
        assert report.overall.to_dict() == pytest.approx({"n": 5, "coverage": 3 / 5, "set_size": 8 / 5, "empty": 0.2})

    def test_overall_is_weighted_by_the_sizes_of_the_groups(self):
        sets = np.ones((100, 2), dtype=bool)
        sets[80:] = False
        report = coverage_by_group([1] * 100, sets, sensitive_features=["big"] * 80 + ["small"] * 20)
        assert report.by_group["coverage"].mean() == 0.5
        assert report.overall["coverage"] == 0.8

    def test_sets_of_everything_cover_everything_and_show_their_size(self):
        report = coverage_by_group(self.Y, np.ones((5, 3)), sensitive_features=self.GROUP)
        assert report.by_group["coverage"].eq(1).all()
        assert report.by_group["set_size"].eq(3).all()

    @settings(deadline=None, max_examples=50)
    @given(seed=st.integers(0, 10_000), n=st.integers(1, 40))
    def test_it_is_a_loop_over_groups_and_weights_repeat_rows(self, seed, n):
        rng = np.random.default_rng(seed)
        sets, y, group, times = (rng.integers(0, 2, (n, 3)) == 1, *rng.integers(0, 3, (2, n)), rng.integers(1, 4, n))
        report = coverage_by_group(y, sets, sensitive_features=group)
        for g in set(group.tolist()):
            rows = [i for i in range(n) if group[i] == g]
            row = report.by_group.loc[g]
            assert row["n"] == len(rows)
            assert row["coverage"] == pytest.approx(sum(sets[i, y[i]] for i in rows) / len(rows))
            assert row["set_size"] == pytest.approx(sum(sets[i].sum() for i in rows) / len(rows))
        shares = report.by_group["n"] / n
        assert (shares * report.by_group["coverage"]).sum() == pytest.approx(report.overall["coverage"])
        weighted = coverage_by_group(y, sets, sensitive_features=group, sample_weight=times)
        repeated = coverage_by_group(
            np.repeat(y, times), np.repeat(sets, times, axis=0), sensitive_features=np.repeat(group, times)
        )
        np.testing.assert_allclose(weighted.by_group.drop(columns="n"), repeated.by_group.drop(columns="n"))
        np.testing.assert_allclose(weighted.overall.drop("n"), repeated.overall.drop("n"))
        assert weighted.by_group["n"].sum() == n

    def test_crossed_groups_keep_only_those_with_people(self):
        features = {"one": [0, 0, 1, 1, 1], "two": [0, 0, 0, 1, 1]}
        report = coverage_by_group(self.Y, self.SETS, sensitive_features=features)
        assert report.by_group.index.tolist() == [(0, 0), (1, 0), (1, 1)]

    def test_classes_may_have_names(self):
        named = coverage_by_group(
            np.array(["x", "y", "z"])[self.Y], self.SETS, classes=["x", "y", "z"], sensitive_features=self.GROUP
        )
        numbered = coverage_by_group(self.Y, self.SETS, sensitive_features=self.GROUP)
        pd.testing.assert_frame_equal(named.by_group, numbered.by_group)

    def test_the_ends_belong_to_an_interval_and_may_be_infinite(self):
        report = interval_coverage_by_group([1, 2, 3], [1, 0, -inf], [2, 2, inf], sensitive_features=["a", "a", "b"])
        assert report.overall["coverage"] == 1
        assert report.by_group["width"].to_dict() == {"a": 1.5, "b": inf}

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda s: coverage_by_group(s.Y, s.Y, sensitive_features=s.GROUP), r"sets has shape \(5,\)"),
            (lambda s: coverage_by_group(s.Y, s.SETS * 0.5, sensitive_features=s.GROUP), "must hold True and False"),
            (lambda s: coverage_by_group(s.Y + 1, s.SETS, sensitive_features=s.GROUP), "y_true holds 3 at position 1"),
            (lambda s: coverage_by_group(s.Y[:4], s.SETS, sensitive_features=s.GROUP), "sets has 5 entries"),
            (lambda s: coverage_by_group(s.Y, s.SETS, sensitive_features=s.GROUP[:3]), "has 3 entries"),
            (
                lambda s: coverage_by_group(s.Y, s.SETS, sensitive_features=s.GROUP, classes=[0, 1]),
                "classes has 2 entries but sets has 3 columns",
            ),
            (
                lambda s: coverage_by_group(s.Y, s.SETS, sensitive_features=s.GROUP, sample_weight=[-1] * 5),
                "sample_weight holds -1",
            ),
            (
                lambda s: interval_coverage_by_group([1], [2], [1], sensitive_features=["a"]),
                "low is 2.0 but high is 1.0 at position 0",
            ),
            (
                lambda s: interval_coverage_by_group([1, np.nan], [0, 0], [1, 1], sensitive_features=["a", "b"]),
                "y_true is missing",
            ),
        ],
    )
    def test_bad_input_is_refused_in_words(self, call, message):
        with pytest.raises(ValueError, match=message):
            call(self)


def test_everything_that_computes_has_an_example():
    computing = [name for name in coverage.__all__ if name not in ("CoverageByGroup", "SmallCalibrationWarning")]
    assert [name for name in computing if ">>>" not in getattr(coverage, name).__doc__] == []


class TestScoresAndSets:
    def test_scores_and_sets_agree_with_loops_over_rows(self):
        rng = np.random.default_rng(2)
        proba = rng.multinomial(16, np.full(4, 0.25), 50) / 16
        truth, limit = rng.integers(0, 4, 50), rng.integers(0, 17, 50) / 16
        assert nonconformity_scores(truth, proba).tolist() == [1 - row[a] for row, a in zip(proba, truth, strict=True)]
        expected = [[1 - p <= q for p in row] for row, q in zip(proba, limit, strict=True)]
        assert prediction_sets(proba, limit).tolist() == expected

    def test_they_make_the_sets_of_the_classifier(self):
        proba, truth, _ = classes_with_two_noise_levels(300, 3)
        q = conformal_quantile(nonconformity_scores(truth, proba), alpha=0.2)
        classifier = SplitConformalClassifier(alpha=0.2).calibrate(proba, truth)
        assert (prediction_sets(proba, q) == classifier.predict_set(proba)).all()

    def test_an_infinite_threshold_keeps_everything_and_a_small_one_nothing(self):
        assert prediction_sets([[1.0, 0.0], [0.5, 0.5]], [inf, 0.25]).tolist() == [[True, True], [False, False]]

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: nonconformity_scores([0, 2], [[0.5, 0.5]] * 2), "holds 2 at position 1.*0 to 1"),
            (lambda: nonconformity_scores([0, -1], [[0.5, 0.5]] * 2), "holds -1"),
            (lambda: nonconformity_scores([0], [0.5]), r"shape \(1,\)"),
            (lambda: nonconformity_scores([0], [[0.5, 1.5]]), "column 1 of proba holds 1.5"),
            (lambda: nonconformity_scores([0, 1], [[0.5, 0.5]]), "entries"),
            (lambda: prediction_sets([[0.5, 0.5]], [0.1, 0.2]), "one for each of 1 rows"),
            (lambda: prediction_sets([[0.5, 0.5]], np.nan), "rules nothing out is infinite"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, call, message):
        with pytest.raises(ValueError, match=message):
            call()
