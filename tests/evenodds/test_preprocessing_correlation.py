"""The correlation remover against Fairlearn, group means, scikit-learn's checks, and what it cannot do."""

import pickle

import numpy as np
import pandas as pd
import pytest
from fairlearn.preprocessing import CorrelationRemover as Fairlearns
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from evenodds.preprocessing import CorrelationRemover

TOY = np.array([[0, 0.2, 0.1], [0, 0.0, 0.0], [1, 0.5, 0.5], [1, 0.3, 0.4]])


def test_it_is_a_scikit_learn_transformer():
    check_estimator(CorrelationRemover(sensitive_feature_ids=[0]), on_skip=None)


@st.composite
def tables(draw):
    """Two sensitive columns, three others of different scales, three groups, whole weights."""
    n = draw(st.integers(8, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sensitive = rng.normal(size=(n, 2)) * [1, 100] + [0, 1000]
    others = sensitive @ rng.normal(size=(2, 3)) + rng.normal(size=(n, 3)) * [1, 10, 1e4]
    group = rng.integers(0, 3, n)
    group[:3] = 0, 1, 2
    return np.hstack([sensitive, others]), group, rng.integers(1, 4, n)


def correlations(S, Z):
    return np.corrcoef(np.column_stack([S, Z]).T)[: S.shape[1], S.shape[1] :]


@settings(deadline=None, max_examples=60)
@given(data=tables(), alpha=st.floats(0, 1))
def test_answers_are_fairlearns(data, alpha):
    X, *_ = data
    for ids in ([0], [1, 0], [4]):
        mine = CorrelationRemover(sensitive_feature_ids=ids, alpha=alpha).fit(X[:-3])
        peer = Fairlearns(sensitive_feature_ids=ids, alpha=alpha).fit(X[:-3])
        np.testing.assert_allclose(mine.transform(X), peer.transform(X), rtol=1e-6, atol=1e-6)


@settings(deadline=None, max_examples=60)
@given(data=tables())
def test_nothing_linear_is_left_and_means_stay(data):
    X, *_ = data
    Z = CorrelationRemover(sensitive_feature_ids=[0, 1]).fit_transform(X)
    assert correlations(X[:, :2], Z) == pytest.approx(0, abs=1e-8)
    assert Z.mean(axis=0) == pytest.approx(X[:, 2:].mean(axis=0))


@settings(deadline=None, max_examples=60)
@given(data=tables(), alpha=st.floats(0, 1))
def test_groups_are_their_indicators_and_their_means_meet(data, alpha):
    X, group, weights = data
    options = {"sensitive_features": group, "sample_weight": weights}
    Z = CorrelationRemover(alpha=alpha).fit_transform(X, **options)
    dummies = np.hstack([np.eye(3)[group], X])
    as_columns = CorrelationRemover(sensitive_feature_ids=[0, 1, 2], alpha=alpha)
    expected = as_columns.fit_transform(dummies, sample_weight=weights)
    np.testing.assert_allclose(Z, expected, rtol=1e-7, atol=1e-6)
    for g in range(3):
        before, everyone = (np.average(X[rows], axis=0, weights=weights[rows]) for rows in (group == g, group >= 0))
        after = np.average(Z[group == g], axis=0, weights=weights[group == g])
        np.testing.assert_allclose(after, (1 - alpha) * before + alpha * everyone, rtol=1e-7, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(data=tables(), seed=st.integers(0, 2**32 - 1), by_group=st.booleans())
def test_weights_are_repetitions_and_order_does_not_matter(data, seed, by_group):
    X, group, times = data
    remover = CorrelationRemover(sensitive_feature_ids=() if by_group else [0, 1])

    def transformed(rows, weights=None):
        options = {"sensitive_features": group[rows]} if by_group else {}
        return remover.fit_transform(X[rows], sample_weight=weights, **options)

    everyone, order = np.arange(len(X)), np.random.default_rng(seed).permutation(len(X))
    weighted = transformed(everyone, times)
    close = {"rtol": 1e-6, "atol": 1e-6}
    np.testing.assert_allclose(np.repeat(weighted, times, axis=0), transformed(np.repeat(everyone, times)), **close)
    np.testing.assert_allclose(weighted[order], transformed(order, times[order]), **close)


class TestByHand:
    def test_the_toy_loses_its_sensitive_column(self):
        expected = [[0.35, 0.3], [0.15, 0.2], [0.35, 0.3], [0.15, 0.2]]
        assert CorrelationRemover(sensitive_feature_ids=[0]).fit_transform(TOY) == pytest.approx(np.array(expected))

    def test_alpha_is_the_share_removed(self):
        def left(alpha):
            return CorrelationRemover(sensitive_feature_ids=[0], alpha=alpha).fit_transform(TOY)

        assert left(0.0).tolist() == TOY[:, 1:].tolist()
        assert left(0.25) == pytest.approx(0.75 * left(0.0) + 0.25 * left(1.0))

    def test_no_correlation_is_not_independence(self):
        """Mean 0 in both groups, spread 1 and 3: nothing linear to remove, and the square tells the group."""
        rng = np.random.default_rng(0)
        a = np.repeat([0, 1], 5000)
        x = rng.normal(size=10_000) * np.where(a == 1, 3, 1)
        z = CorrelationRemover(sensitive_feature_ids=[0]).fit_transform(np.column_stack([a, x]))[:, 0]
        assert np.corrcoef(a, z)[0, 1] == pytest.approx(0, abs=1e-9)
        assert np.corrcoef(a, z**2)[0, 1] > 0.35

    def test_new_rows_are_moved_as_the_old_ones(self):
        remover = CorrelationRemover().fit(TOY[:, 1:], sensitive_features=list("aabb"))
        assert remover.transform([[0.2, 0.1]], sensitive_features=["b"]) == pytest.approx(np.array([[0.05, -0.1]]))

    def test_names_of_columns(self):
        frame = pd.DataFrame(TOY, columns=["sex", "u", "v"], index=[7, 8, 9, 10])
        remover = CorrelationRemover(sensitive_feature_ids=["sex"]).set_output(transform="pandas")
        result = remover.fit_transform(frame)
        assert (result.columns.tolist(), result.index.tolist()) == (["u", "v"], [7, 8, 9, 10])
        by_group = CorrelationRemover().set_output(transform="pandas")
        named = by_group.fit_transform(frame[["u", "v"]], sensitive_features=frame["sex"])
        np.testing.assert_allclose(named, result)

    def test_crossed_groups_meet(self):
        rng = np.random.default_rng(1)
        groups = pd.DataFrame({"a": rng.integers(0, 2, 200), "b": rng.integers(0, 3, 200)})
        X = rng.normal(size=(200, 2)) + groups[["a"]].to_numpy() * groups[["b"]].to_numpy()
        Z = CorrelationRemover().fit_transform(X, sensitive_features=groups)
        means = pd.DataFrame(Z).groupby([groups["a"], groups["b"]]).mean()
        np.testing.assert_allclose(means, np.tile(X.mean(axis=0), (6, 1)))

    @pytest.mark.parametrize("constant", [0.0, 0.1, 1e9 + 0.1])
    def test_constant_columns_explain_nothing(self, constant):
        X = np.column_stack([np.full(7, constant), np.arange(7.0), np.full(7, 0.3)])
        np.testing.assert_allclose(CorrelationRemover(sensitive_feature_ids=[0]).fit_transform(X), X[:, 1:])
        np.testing.assert_allclose(CorrelationRemover(sensitive_feature_ids=[1]).fit_transform(X), X[:, [0, 2]])
        np.testing.assert_allclose(CorrelationRemover().fit_transform(X, sensitive_features=["one"] * 7), X)

    def test_clones_and_pickles(self):
        remover = CorrelationRemover(alpha=0.5).fit(TOY, sensitive_features=list("aabb"))
        again = pickle.loads(pickle.dumps(remover))
        expected = remover.transform(TOY, sensitive_features=list("abab"))
        assert again.transform(TOY, sensitive_features=list("abab")).tolist() == expected.tolist()
        assert clone(remover).get_params() == {"alpha": 0.5, "sensitive_feature_ids": ()}
        with pytest.raises(NotFittedError):
            clone(remover).transform(TOY, sensitive_features=list("abab"))


def by_group(X=TOY, groups=tuple("aabb"), **options):
    return CorrelationRemover().fit(X, sensitive_features=list(groups), **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CorrelationRemover().fit(TOY), "nothing is sensitive"),
        (lambda: CorrelationRemover(sensitive_feature_ids=[3]).fit(TOY), "holds 3, which is not a column.*0 to 2"),
        (lambda: CorrelationRemover(sensitive_feature_ids=["sex"]).fit(TOY), "holds 'sex'"),
        (
            lambda: CorrelationRemover(sensitive_feature_ids=[0]).fit(TOY, sensitive_features=list("aabb")),
            "beside sensitive_feature_ids",
        ),
        (lambda: CorrelationRemover(sensitive_feature_ids=[0], alpha=1.5).fit(TOY), "alpha is 1.5"),
        (lambda: CorrelationRemover(sensitive_feature_ids=[0]).fit(TOY, sample_weight=[1, 1]), "2 entries"),
        (lambda: by_group().transform(TOY, sensitive_features=list("aabz")), "'z' at position 3.*'a', 'b'"),
        (lambda: by_group().transform(TOY), "nothing is sensitive"),
        (
            lambda: by_group().transform(TOY, sensitive_features={"a": list("aabb"), "b": list("abab")}),
            "in fit they were",
        ),
        (lambda: by_group().transform(TOY[:, :2], sensitive_features=list("aabb")), "2 features"),
        (lambda: by_group(groups="aab"), "3 entries"),
        (lambda: by_group(groups=[None, *"abb"]), "missing at position 0"),
        (lambda: by_group(sample_weight=[1, 1, 0, 0]), "everyone in group 'b' has weight 0"),
        (lambda: by_group(sample_weight=[1, 1, 1, np.nan]), "missing"),
        (lambda: by_group(np.where(TOY == 0.5, np.nan, TOY)), "NaN"),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
