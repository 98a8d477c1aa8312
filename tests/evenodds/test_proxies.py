"""Proxies against scikit-learn, worlds whose answer is known, Adult, and the traps of C4 in the course's list."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from evenodds.datasets import fetch_adult, make_audit_lab
from evenodds.metrics import UndefinedMetricWarning, demographic_parity_difference
from evenodds.proxies import flip_test, group_predictability, proxy_ranking

LINEAR = LogisticRegression(max_iter=2000)


def normal_world(n=400, seed=0, shift=1.0):
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 2, n)
    return pd.DataFrame({"x": rng.normal(size=n) + shift * a, "z": rng.normal(size=n)}), a


def xor_world(n=400):
    first, second = np.tile([0, 0, 1, 1], n // 4), np.tile([0, 1, 0, 1], n // 4)
    return pd.DataFrame({"first": first, "second": second}), first ^ second


class TestPredictability:
    @settings(deadline=None, max_examples=10)
    @given(seed=st.integers(0, 10_000), folds=st.integers(2, 5))
    def test_it_is_the_auc_of_scikit_learns_held_out_probabilities(self, seed, folds):
        X, a = normal_world(120, seed)
        splitter = StratifiedKFold(folds, shuffle=True, random_state=1)
        scores = cross_val_predict(make_pipeline(StandardScaler(), LINEAR), X, a, cv=splitter, method="predict_proba")[
            :, 1
        ]
        ours = group_predictability(X, a, estimator=LINEAR, cv=splitter)
        assert ours == pytest.approx(roc_auc_score(a, scores))

    def test_both_of_two_groups_have_the_same_auc_and_the_names_do_not_matter(self):
        X, a = normal_world()
        numbers = group_predictability(X, a, estimator=LINEAR)
        names = group_predictability(X, np.where(a == 1, "F", "M"), estimator=LINEAR)
        assert numbers.by_group["auc"].tolist() == pytest.approx([float(numbers)] * 2)
        assert float(names) == pytest.approx(float(numbers))
        assert names.by_group["count"].to_dict() == {"F": a.sum(), "M": (1 - a).sum()}

    def test_three_groups_are_each_compared_with_all_others(self):
        rng = np.random.default_rng(0)
        a = rng.choice(["low", "middle", "high"], 600)
        X = pd.DataFrame({"x": rng.normal(size=600) + np.select([a == "low", a == "high"], [-2, 2])})
        splitter = StratifiedKFold(4, shuffle=True, random_state=0)
        scores = cross_val_predict(make_pipeline(StandardScaler(), LINEAR), X, a, cv=splitter, method="predict_proba")
        ours = group_predictability(X, a, estimator=LINEAR, cv=splitter)
        expected = {g: roc_auc_score(a == g, scores[:, i]) for i, g in enumerate(["high", "low", "middle"])}
        assert ours.by_group["auc"].to_dict() == pytest.approx(expected)
        assert ours == pytest.approx(np.mean(list(expected.values())))
        with pytest.raises(ValueError, match="3 groups, each with its interval"):
            _ = ours.interval

    def test_crossed_groups_without_people_are_passed_over(self):
        X, a = normal_world()
        crossed = pd.DataFrame({"a": a, "b": np.where(a == 1, np.arange(400) % 2, 0)})
        assert group_predictability(X, crossed, estimator=LINEAR).by_group.index.tolist() == [(0, 0), (1, 0), (1, 1)]

    def test_a_hundred_groups(self):
        X = pd.DataFrame({"postcode": np.repeat(np.arange(100), 6).astype(str)})
        assert group_predictability(X, np.repeat(np.arange(100), 6), estimator=LINEAR, cv=2) == 1

    def test_the_labs_group_can_be_recovered_as_published(self):
        lab = make_audit_lab()
        split = [(lab.train_rows, lab.test_rows)]
        recovered = group_predictability(lab.X, lab.a, estimator=LINEAR, cv=split)
        assert round(recovered, 3) == 0.725
        assert recovered.by_group["count"].sum() == len(lab.test_rows)

    @pytest.mark.usefixtures("public_data")
    def test_sex_can_be_recovered_from_adult_as_published(self):
        adult = fetch_adult()
        X, split = adult.X.join(adult.sensitive["race"]), [(adult.train_rows, adult.test_rows)]
        family = ["relationship", "marital-status"]
        for features, published in ((X, 0.929), (X.drop(columns=family), 0.793)):
            recovered = group_predictability(features, adult.sensitive["sex"], estimator=LINEAR, cv=split)
            assert recovered == pytest.approx(published, abs=0.001)
        alone = group_predictability(adult.X[["relationship"]], adult.sensitive["sex"], estimator=LINEAR, cv=split)
        assert alone > 0.85

    @settings(deadline=None, max_examples=10)
    @given(seed=st.integers(0, 10_000))
    def test_random_columns_tell_nothing_of_people_who_were_held_out(self, seed):
        rng = np.random.default_rng(seed)
        X, a = rng.normal(size=(100, 200)), np.tile([0, 1], 50)
        assert LogisticRegression(max_iter=2000).fit(X, a).score(X, a) == 1
        assert group_predictability(X, a, estimator=LINEAR) < 0.75

    def test_it_is_not_accuracy_which_rewards_naming_the_larger_group(self):
        X, a = normal_world(300, shift=0)
        a = (np.arange(300) < 201).astype(int)
        assert DummyClassifier().fit(X, a).score(X, a) == 0.67
        assert group_predictability(X, a, estimator=DummyClassifier()) == pytest.approx(0.5, abs=0.02)

    def test_a_group_that_shows_only_in_the_spread_is_found_where_correlation_is_zero(self):
        rng = np.random.default_rng(0)
        a = np.tile([0, 1], 1000)
        X = pd.DataFrame({"x": np.concatenate([[-1, 1], rng.normal(size=1998)]) * np.where(a == 1, 3, 1)})
        assert abs(np.corrcoef(X["x"], a)[0, 1]) < 0.05
        assert group_predictability(X, a) > 0.75
        assert group_predictability(X, a, estimator=LINEAR) < 0.6

    def test_two_features_tell_together_what_neither_tells_alone(self):
        X, a = xor_world()
        assert group_predictability(X, a) == 1
        for feature in X:
            assert group_predictability(X[[feature]], a) < 0.6

    def test_text_categories_booleans_and_missing_values_are_understood(self):
        _, a = normal_world()
        for column in (
            np.where(a == 1, "N1", "S2"),
            pd.Categorical(np.where(a == 1, "N1", "S2")),
            a == 1,
            np.where(a == 1, "N1", None),
            np.where(a == 1, 5.0, np.nan),
            pd.array(np.where(a == 1, 5, 4), dtype="Int64"),
        ):
            assert group_predictability(pd.DataFrame({"x": column}), a, estimator=LINEAR) == 1
        assert group_predictability(np.column_stack([a, a]).tolist(), a) == 1

    def test_the_same_seed_gives_the_same_answer_and_pickles(self):
        X, a = normal_world()
        first, second = (group_predictability(X, a, random_state=7) for _ in range(2))
        assert first == second
        assert first != group_predictability(X, a, random_state=8)
        copy = pickle.loads(pickle.dumps(first))
        assert (copy, copy.interval) == (first, first.interval)
        assert repr(copy) == repr(first)

    def test_the_estimator_that_is_passed_is_not_fitted(self):
        X, a = normal_world()
        estimator = LogisticRegression()
        group_predictability(X, a, estimator=make_pipeline(estimator))
        assert not hasattr(estimator, "coef_")

    def test_without_the_group_the_answer_is_unknown_not_zero(self):
        X, a = normal_world()
        for ask in (group_predictability, proxy_ranking):
            with pytest.raises(ValueError, match="without the group the answer is unknown, not zero"):
                ask(X, None)
            with pytest.raises(ValueError, match="missing at position 0"):
                ask(X, np.concatenate([[np.nan], a[1:]]))

    @pytest.mark.filterwarnings("ignore::evenodds.metrics.UndefinedMetricWarning")
    def test_one_group_or_nobody_of_a_group_held_out_is_undefined_and_said_aloud(self):
        X, a = normal_world()
        with pytest.warns(UndefinedMetricWarning, match="the AUC of group 1 is undefined: 400 of its people and 0"):
            assert np.isnan(group_predictability(X, np.ones(400, int)))
        with pytest.warns(UndefinedMetricWarning, match="0 of its people and 110 of all others were held out"):
            group_predictability(X, a, estimator=LINEAR, cv=[(np.arange(200), np.flatnonzero(a[200:] == 1) + 200)])
        with pytest.warns(UndefinedMetricWarning):
            assert np.isnan(group_predictability([[1.0]], ["a"]))

    @pytest.mark.filterwarnings("error")
    def test_a_group_smaller_than_the_number_of_folds_has_an_auc_with_a_wide_interval(self):
        X, a = normal_world()
        rare = np.where(np.arange(400) < 3, "rare", a.astype(str))
        table = group_predictability(X, rare, estimator=LINEAR).by_group
        assert table.loc["rare", "high"] - table.loc["rare", "low"] > 0.3

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            ({"cv": 1}, "cv is 1; it must be at least 2, or no score is held out"),
            ({"cv": 300}, "at most the size of the largest group"),
            ({"confidence": 95}, "confidence is 95"),
            ({"random_state": "seed"}, "random_state is 'seed'"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_in_words(self, options, says):
        X, a = normal_world()
        with pytest.raises(ValueError, match=says):
            group_predictability(X, a, **options)

    def test_people_must_match(self):
        X, a = normal_world()
        with pytest.raises(ValueError, match="has 399 entries but X has 400"):
            group_predictability(X, a[1:])
        with pytest.raises(ValueError, match="in a different order"):
            group_predictability(X, pd.Series(a)[::-1])
        with pytest.raises(ValueError, match="0 columns"):
            group_predictability(X[[]], a)


class TestInterval:
    def test_it_holds_the_true_auc_about_as_often_as_it_says(self):
        from scipy.stats import norm

        from evenodds.proxies.auc import auc_interval

        rng = np.random.default_rng(0)
        n, m, shift, held = 25, 60, 1.2, 0
        for _ in range(600):
            scores = np.concatenate([rng.normal(shift, 1, n), rng.normal(0, 1, m)])
            low, high = auc_interval(roc_auc_score(np.arange(n + m) < n, scores), n, m, 0.9)
            held += low <= norm.cdf(shift / 2**0.5) <= high
        assert 0.87 < held / 600 < 0.95

    def test_every_end_solves_its_equation_and_mirrors(self):
        from evenodds.proxies.auc import auc_interval

        for auc, n, m in ((0.7, 5, 9), (0.5, 50, 50), (0.99, 400, 30)):
            low, high = auc_interval(auc, n, m, 0.95)
            for theta in (low, high):
                spread = 1 + ((n + m) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
                assert (auc - theta) ** 2 == pytest.approx(1.959964**2 * theta * (1 - theta) * spread / (n * m))
            assert 0 <= low < auc < high <= 1
            assert auc_interval(1 - auc, m, n, 0.95) == pytest.approx((1 - high, 1 - low))

    def test_a_perfect_auc_of_few_people_is_no_certainty(self):
        from evenodds.proxies.auc import auc_interval

        low, high = auc_interval(1.0, 4, 4, 0.95)
        assert high == 1
        assert low < 0.75
        assert auc_interval(0.0, 4, 4, 0.95) == pytest.approx((0, 1 - low))


class TestRanking:
    def test_features_are_ranked_by_what_each_tells_alone(self):
        rng = np.random.default_rng(0)
        a = rng.integers(0, 2, 500)
        X = pd.DataFrame(
            {
                "noise": rng.normal(size=500),
                "weak": rng.normal(size=500) + 0.5 * a,
                "town": np.where(rng.random(500) < 0.95, np.where(a == 1, "N", "S"), None),
            }
        )
        ranking = proxy_ranking(X, a, estimator=LINEAR)
        assert ranking.index.tolist() == ["town", "weak", "noise"]
        for feature in X:
            row, rest = ranking.loc[feature], X.drop(columns=feature)
            assert row["alone"] == group_predictability(X[[feature]], a, estimator=LINEAR)
            assert row["without"] == group_predictability(rest, a, estimator=LINEAR)
            assert row["drop"] == pytest.approx(group_predictability(X, a, estimator=LINEAR) - row["without"])
        assert ranking.attrs["joint"] == group_predictability(X, a, estimator=LINEAR)

    def test_features_that_tell_only_together_show_in_the_joint_auc_and_the_drop(self):
        X, a = xor_world()
        ranking = proxy_ranking(X, a)
        assert ranking.attrs["joint"] == 1
        assert (ranking["alone"] < 0.6).all()
        assert (ranking["drop"] > 0.4).all()

    def test_of_two_copies_either_can_go(self):
        X, a = normal_world(shift=3)
        ranking = proxy_ranking(X.assign(copy=X["x"]), a, estimator=LINEAR)
        assert (ranking["drop"].abs() < 0.02).all()
        assert (ranking.loc[["x", "copy"], "alone"] > 0.95).all()

    def test_a_single_feature_leaves_nothing_without_it(self):
        X, a = normal_world()
        ranking = proxy_ranking(X[["x"]], a, estimator=LINEAR)
        assert np.isnan(ranking.loc["x", "without"])
        assert ranking.loc["x", "alone"] == ranking.attrs["joint"]


def lending_world(n=1000, seed=0):
    """Points are lower in group F; nobody's points depend on how they are flipped."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["F", "M"], n)
    return pd.DataFrame({"sex": sex, "points": rng.normal(size=n) + (sex == "M")})


class TestFlip:
    def test_a_model_without_the_attribute_passes_while_the_gap_stays(self):
        people = lending_world()
        result = flip_test(lambda X: X["points"] > 0.5, people, "sex")
        gap = demographic_parity_difference(
            np.zeros(1000, int), (people["points"] > 0.5).astype(int), sensitive_features=people["sex"]
        )
        assert result.treatment == 0
        assert result.impact == pytest.approx(gap)
        assert gap > 0.2

    def test_a_model_can_treat_people_differently_without_any_gap(self):
        people = lending_world()
        cuts = people.groupby("sex")["points"].median()
        result = flip_test(lambda X: X["points"] > X["sex"].map(cuts).astype(float), people, "sex")
        assert result.impact < 0.01
        assert result.treatment > 0.2

    @settings(deadline=None, max_examples=25)
    @given(seed=st.integers(0, 10_000))
    def test_it_is_what_a_loop_over_people_finds(self, seed):
        rng = np.random.default_rng(seed)
        people = pd.DataFrame({"g": rng.choice(["a", "b", "c"], 30), "x": rng.integers(0, 5, 30)})

        def predict(X):
            return (X["x"] + 2 * (X["g"] == "b") - (X["g"] == "c") > 2).astype(int).to_numpy()

        changed = []
        for i in range(30):
            outputs = {predict(people.iloc[[i]].assign(g=value))[0] for value in people["g"].unique()}
            changed.append(len(outputs) > 1)
        result = flip_test(predict, people, "g")
        assert result.treatment == pytest.approx(np.mean(changed))
        rates = pd.Series(predict(people)).groupby(people["g"].to_numpy()).mean()
        assert result.impact == pytest.approx(rates.max() - rates.min())
        assert result.by_group["mean_output"].to_dict() == pytest.approx(rates.to_dict())
        by_group = pd.Series(changed).groupby(people["g"].to_numpy()).mean()
        assert result.by_group["changed"].to_dict() == pytest.approx(by_group.to_dict())

    def test_flipping_is_not_shuffling(self):
        people = lending_world()

        def predict(X):
            return (X["points"] > 0.5).to_numpy()

        shuffled = people.sample(frac=1, random_state=0).reset_index(drop=True)
        assert (predict(people) != predict(shuffled)).mean() > 0.2
        assert flip_test(predict, people, "sex").treatment == 0

    def test_everyone_under_each_value_and_no_input_is_touched(self):
        people = lending_world(20)
        before = people.copy()
        result = flip_test(lambda X: (X["sex"] == "M").astype(float), people, "sex")
        pd.testing.assert_frame_equal(people, before)
        assert result.outputs["F"].tolist() == [0] * 20
        assert result.outputs["M"].tolist() == [1] * 20
        assert result.by_group.loc["F", ["mean_output", "as F", "as M"]].tolist() == [0, 0, 1]
        assert result.by_group["count"].sum() == 20

    def test_scores_and_a_tolerance(self):
        people = lending_world(50)
        score = lambda X: 0.5 + 0.01 * (X["sex"] == "M")  # noqa: E731
        assert flip_test(score, people, "sex").treatment == 1
        assert flip_test(score, people, "sex", tolerance=0.02).treatment == 0

    def test_a_fitted_pipeline_on_categories_and_an_array(self):
        people = lending_world()
        people["sex"] = people["sex"].astype("category")
        y = (people["points"] + (people["sex"] == "M") > 1).astype(int)
        from sklearn.compose import make_column_transformer

        model = make_pipeline(
            make_column_transformer((OneHotEncoder(), ["sex"]), remainder="passthrough"), LogisticRegression()
        ).fit(people, y)
        seen = []
        result = flip_test(lambda X: seen.append(X.dtypes["sex"]) or model.predict(X), people, "sex")
        assert set(seen) == {people["sex"].dtype}
        array = np.column_stack([people["sex"] == "M", people["points"]]).astype(float)
        by_hand = LogisticRegression(C=1e6).fit(array, y)
        on_array = flip_test(by_hand.predict, array, 0)
        assert 0 < result.treatment < 1
        assert on_array.treatment == pytest.approx(result.treatment, abs=0.1)

    @pytest.mark.usefixtures("public_data")
    def test_on_adult_dropping_sex_ends_treatment_and_leaves_the_impact_as_published(self):
        adult = fetch_adult()
        # The published fit has race among its features, one-hot codes and scales everything.
        people = adult.X.join(adult.sensitive)
        test = people.iloc[adult.test_rows]
        for without, published in ((["sex"], -0.167), ([], -0.176)):
            model = coded_regression(people.drop(columns=without)).fit(
                people.drop(columns=without).iloc[adult.train_rows], adult.y_train
            )
            result = flip_test(lambda X, m=model, w=without: m.predict(X.drop(columns=w)), test, "sex")
            assert -result.impact == pytest.approx(published, abs=0.0015)
            assert (result.treatment == 0) == bool(without)
            rates = result.by_group["mean_output"]
            assert rates["Female"] < rates["Male"]

    @pytest.mark.parametrize(
        ("predict", "people", "says"),
        [
            (lambda X: X["points"], lending_world(9).drop(columns="sex"), "no column 'sex'; without the group"),
            (lambda X: X["points"], lending_world(9).assign(sex=None), "X 'sex' is missing at position 0"),
            (lambda X: X["points"] * np.nan, lending_world(9), "predict gave nan at position 0"),
            (lambda X: X["points"][1:], lending_world(9), "8 outputs for 9 people"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_in_words(self, predict, people, says):
        with pytest.raises(ValueError, match=says):
            flip_test(predict, people, "sex")

    def test_with_one_value_there_is_nothing_to_flip_to(self):
        with pytest.warns(UndefinedMetricWarning, match="everyone has sex 'F'"):
            result = flip_test(lambda X: X["points"], pd.DataFrame({"sex": ["F"], "points": [1.0]}), "sex")
        assert np.isnan([result.treatment, result.impact]).all()

    def test_it_reads_as_a_sentence(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            text = repr(flip_test(lambda X: X["points"] > 0.5, lending_world(), "sex"))
        assert text.startswith("treatment: 0.0% of 1,000 people get another output when only the attribute flips")


def coded_regression(X):
    from sklearn.compose import make_column_selector, make_column_transformer

    coding = make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(coding, LogisticRegression(max_iter=2000))
