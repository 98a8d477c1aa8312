"""Optimized pre-processing against its program written out pair by pair, its constraints, and hopeless inputs."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from evenodds.preprocessing import OptimizedPreprocessing

X = pd.DataFrame({"degree": [0, 0, 1, 1] * 10, "town": list("uv") * 20})
Y = np.array([0, 0, 0, 1] * 5 + [0, 1, 1, 1] * 5)
GROUP = np.array(["a"] * 20 + ["b"] * 20)


def fit(X=X, y=Y, group=GROUP, sample_weight=None, **options):
    optimized = OptimizedPreprocessing(**{"random_state": 0, **options})
    return optimized.fit(X, y, sensitive_features=group, sample_weight=sample_weight)


@st.composite
def tables(draw, groups=3):
    """One or two features of two or three values, labels whose rate depends on the group, whole weights."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(groups, 40))
    group = rng.integers(0, groups, n)
    group[:groups] = range(groups)
    features = rng.integers(0, 2, (n, 2)) if draw(st.booleans()) else rng.integers(0, 3, (n, 1))
    return features, (rng.random(n) < 0.2 + 0.6 * group / groups).astype(int), group, rng.integers(1, 4, n)


def written_out(X, y, group, epsilon, c, w):
    """The least total variation: dense, |p̂ − p| by two inequalities, all pairs of groups, each row apart."""
    features = sorted(set(map(tuple, X.tolist())))
    cells = [(*x, label) for x in features for label in (0, 1)]
    people = sorted({(g, *x, label) for g, x, label in zip(group, X.tolist(), y, strict=True)})
    mass = dict.fromkeys(people, 0.0)
    for g, x, label, weight in zip(group, X.tolist(), y, w, strict=True):
        mass[(g, *x, label)] += weight / sum(w)
    n_f, m = len(people) * len(cells), len(cells)

    def position(r, z):
        return people.index(r) * m + cells.index(z)

    A_ub, b_ub, A_eq = [], [], []
    for j, z in enumerate(cells):
        before = sum(mass[r] for r in people if r[1:] == z)
        for sign in (1, -1):
            row = np.zeros(n_f + m)
            for r in people:
                row[position(r, z)] = sign * mass[r]
            row[n_f + j] = -1
            A_ub.append(row)
            b_ub.append(sign * before)
    for label in (0, 1):
        rates = {}
        for d in sorted(set(group)):
            rates[d] = np.zeros(n_f + m)
            total = sum(mass[r] for r in people if r[0] == d)
            for r in people:
                for z in cells:
                    if r[0] == d and z[-1] == label:
                        rates[d][position(r, z)] = mass[r] / total
        for d, rate in rates.items():
            for other, compared in rates.items():
                if d != other:
                    A_ub.append(rate - (1 + epsilon) * compared)
                    b_ub.append(0)
    for r in people:
        suffered, total = np.zeros(n_f + m), np.zeros(n_f + m)
        for z in cells:
            suffered[position(r, z)] = sum(a != b for a, b in zip(r[1:], z, strict=True))
            total[position(r, z)] = 1
        A_ub.append(suffered)
        b_ub.append(c)
        A_eq.append(total)
    cost = np.r_[np.zeros(n_f), np.full(m, 0.5)]
    return linprog(cost, np.array(A_ub), b_ub, np.array(A_eq), np.ones(len(people)), method="highs-ds")


@settings(deadline=None, max_examples=40)
@given(data=tables(), epsilon=st.sampled_from([0, 0.1, 0.5]), c=st.sampled_from([0.1, 0.3, 0.5, 2]))
def test_the_optimum_is_that_of_the_program_written_out(data, epsilon, c):
    features, y, group, weights = data
    expected = written_out(features, y, group, epsilon, c, weights)
    if expected.status == 2:
        with pytest.raises(ValueError, match="no map brings"):
            fit(features, y, group, weights, epsilon=epsilon, max_distortion=c)
    else:
        found = fit(features, y, group, weights, epsilon=epsilon, max_distortion=c)
        assert found.objective_ == pytest.approx(expected.fun, abs=1e-7)


@settings(deadline=None, max_examples=40)
@given(data=tables(), epsilon=st.sampled_from([0, 0.1, 0.5]), seed=st.integers(0, 2**32 - 1))
def test_the_map_keeps_its_promises(data, epsilon, seed):
    features, y, group, weights = data
    found = fit(features, y, group, weights, epsilon=epsilon)
    probability = found.transform_proba(features, y, sensitive_features=group)
    assert probability.min() >= 0
    assert probability.sum(axis=1) == pytest.approx(1)
    positive = probability @ found.cells_["y"].to_numpy()
    for rate in (positive, 1 - positive):
        rates = [np.average(rate[group == g], weights=weights[group == g]) for g in range(3)]
        assert max(rates) <= (1 + epsilon) * min(rates) + 1e-7
    own = np.column_stack([features, y])
    distortion = (own[:, np.newaxis, :] != found.cells_.to_numpy()[np.newaxis]).sum(axis=2)
    suffered = (probability * distortion).sum(axis=1)
    assert suffered.max() <= 0.5 + 1e-7
    assert found.expected_distortion_ == pytest.approx(np.average(suffered, weights=weights))
    after = weights @ probability / weights.sum()
    before = [weights[(own == z).all(axis=1)].sum() / weights.sum() for z in found.cells_.to_numpy()]
    assert found.objective_ == pytest.approx(np.abs(after - before).sum() / 2)

    order = np.random.default_rng(seed).permutation(len(y))
    rows = np.repeat(np.arange(len(y)), weights)
    shuffled = fit(features[order], y[order], group[order], weights[order], epsilon=epsilon)
    repeated = fit(features[rows], y[rows], group[rows], epsilon=epsilon)
    assert [shuffled.objective_, repeated.objective_] == pytest.approx([found.objective_] * 2, abs=1e-7)


class TestBehaviour:
    def test_draws_follow_the_probabilities(self):
        found = fit(epsilon=0)
        probability = found.transform_proba(X, Y, sensitive_features=GROUP)
        drawn = np.zeros_like(probability)
        for seed in range(1000):
            X_new, y_new = found.set_params(random_state=seed).transform_labelled(X, Y, sensitive_features=GROUP)
            new = X_new.assign(y=y_new)
            drawn += (new.to_numpy()[:, np.newaxis, :] == found.cells_.to_numpy()[np.newaxis]).all(axis=2)
        assert drawn / 1000 == pytest.approx(probability, abs=0.07)

    def test_without_labels_features_are_drawn_as_for_the_labels_in_fit(self):
        forbidden_label = fit(epsilon=0, max_distortion=1)
        big = pd.concat([X] * 500, ignore_index=True)
        group, y = np.tile(GROUP, 500), np.tile(Y, 500)
        unlabelled = forbidden_label.transform(big, sensitive_features=group)
        labelled, _ = forbidden_label.transform_labelled(big, y, sensitive_features=group)
        counts = [table.value_counts(normalize=True).sort_index() for table in (unlabelled, labelled)]
        assert counts[0].to_numpy() == pytest.approx(counts[1].to_numpy(), abs=0.02)

    def test_fair_data_and_one_group_stay_as_they_are(self):
        assert fit(group=["everyone"] * 40, max_distortion=0).mapping_[0].diagonal().tolist().count(1) == 6
        same = fit(y=np.array([0, 1, 0, 1] * 10), epsilon=0, max_distortion=0)
        X_new, y_new = same.transform_labelled(X, [0, 1, 0, 1] * 10, sensitive_features=GROUP)
        assert X_new.equals(X)
        assert y_new.tolist() == [0, 1, 0, 1] * 10
        assert (same.objective_, same.expected_distortion_) == (0, 0)

    def test_looser_bounds_cost_less(self):
        table = pd.DataFrame({"tells": (GROUP == "a").astype(int)})
        y = np.array([0] * 18 + [1] * 4 + [0] * 2 + [1] * 16)

        def cost(epsilon, c):
            return fit(table, y, epsilon=epsilon, max_distortion=c).objective_

        assert cost(0, 0.5) > cost(0.3, 0.5) + 0.01 > cost(2, 0.5) + 0.02
        assert cost(0.3, 0.4) >= cost(0.3, 0.5) - 1e-9 >= cost(0.3, 2) - 2e-9

    def test_a_distortion_of_ones_own(self):
        """Labels only, downwards never: group a must rise to b's 3/4."""

        def only_upwards(before, after):
            moved = (before[["degree", "town"]] != after[["degree", "town"]]).any(axis=1)
            return np.where(moved | (after["y"] < before["y"]), np.inf, after["y"] - before["y"])

        found = fit(epsilon=0, max_distortion=1, distortion=only_upwards)
        probability = found.transform_proba(X, Y, sensitive_features=GROUP) @ found.cells_["y"].to_numpy()
        assert (probability >= Y - 1e-9).all()
        assert probability[:20].mean() == pytest.approx(0.75)
        assert found.objective_ == pytest.approx(0.25)
        with pytest.raises(ValueError, match=r"epsilon=0 .*max_distortion=0\.5"):
            fit(epsilon=0, max_distortion=0.5, distortion=only_upwards)

    def test_arrays_and_crossed_groups(self):
        codes = np.column_stack([X["degree"], X["town"] == "v"])
        crossed = pd.DataFrame({"g": GROUP, "h": [0, 1, 1, 0] * 10})
        found = fit(codes, group=crossed)
        new = found.transform(codes, sensitive_features=crossed)
        assert (new.shape, type(new)) == ((40, 2), np.ndarray)
        assert found.objective_ == pytest.approx(fit(codes, group=crossed["g"] + crossed["h"].astype(str)).objective_)

    def test_of_the_best_maps_it_takes_the_mildest(self):
        """Rates 1/4 and 3/4 meet without variation in many ways; the mildest changes 1 label in 4 of each group."""
        found = fit(X[["degree"]], epsilon=0)
        assert found.objective_ == pytest.approx(0, abs=1e-8)
        assert found.expected_distortion_ == pytest.approx(1 / 4)

    def test_frames_keep_their_index(self):
        moved = X.set_axis(np.arange(100, 140))
        assert fit(moved).transform(moved, sensitive_features=GROUP).index.tolist() == moved.index.tolist()

    def test_clones_and_pickles(self):
        found = fit()
        again = pickle.loads(pickle.dumps(found))
        expected = found.transform_proba(X, Y, sensitive_features=GROUP).tolist()
        assert again.transform_proba(X, Y, sensitive_features=GROUP).tolist() == expected
        assert clone(found).get_params() == found.get_params()
        with pytest.raises(NotFittedError):
            clone(found).transform(X, sensitive_features=GROUP)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit(epsilon=-0.1), "epsilon is -0.1"),
        (lambda: fit(max_distortion=np.nan), "max_distortion is nan"),
        (lambda: fit(epsilon=0, max_distortion=0.1), "no map brings"),
        (lambda: fit(y=Y + 1), "y holds 2"),
        (lambda: fit(y=Y[:39]), "39 entries"),
        (lambda: fit(group=GROUP[:39]), "39 entries"),
        (lambda: fit(group=[None, *GROUP[1:]]), "missing at position 0"),
        (lambda: fit(X.replace({"town": {"u": None}})), "X 'town' is missing"),
        (lambda: fit(X.rename(columns={"town": "y"})), "column called 'y'"),
        (lambda: fit(sample_weight=[1] * 20 + [0] * 20), "everyone in group 'b' has weight 0"),
        (lambda: fit(np.arange(3000.0), y=[0, 1] * 1500, group=list("aabb") * 750), "unknowns.*bin"),
        (lambda: fit(distortion=lambda before, after: 1), r"shape \(\)"),
        (lambda: fit(distortion=lambda before, after: np.full(len(after), -1.0)), "negative"),
        (lambda: fit(distortion=lambda before, after: np.ones(len(after))), "not 0 where nothing changes"),
        (lambda: fit().transform(X.assign(degree=7), sensitive_features=GROUP), r"\(7, 'u'\) at position 0"),
        (lambda: fit().transform(X, sensitive_features=["z"] * 40), "'z' at position 0"),
        (lambda: fit().transform_proba(X, 1 - Y, sensitive_features=GROUP), "nobody with label 1 like that"),
        (
            lambda: fit(group=np.where(X["degree"] == 1, "a", GROUP)).transform(X, sensitive_features=["b"] * 40),
            "position 2 is of group 'b'.*nobody like that",
        ),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
