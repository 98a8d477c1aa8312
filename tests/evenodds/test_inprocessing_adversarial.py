"""Adversarial debiasing: the step by geometry, its gradients by finite differences, and the game by who loses it."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import check_estimator

from evenodds.datasets import make_audit_lab, make_hiring
from evenodds.inprocessing import AdversarialDebiasing
from evenodds.inprocessing.adversarial import _People
from evenodds.inprocessing.adversary import adversary_weights, against_adversary, reading, reading_gradient
from evenodds.inprocessing.duel import judge, one_round
from evenodds.neural import build_network, logit_loss, softmax_loss

CONSTRAINTS = ("demographic_parity", "equalized_odds", "equal_opportunity")
VECTORS = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).normal(size=(2, 6)))
PLAIN = {"alpha": 0, "projection": False}


class TestStep:
    @settings(deadline=None, max_examples=60)
    @given(vectors=VECTORS, alpha=st.floats(0, 100))
    def test_the_projection_leaves_nothing_along_the_adversary_but_alpha(self, vectors, alpha):
        g, h = vectors
        assert against_adversary(g, h, 0.0) @ h == pytest.approx(0, abs=1e-9)
        step = against_adversary(g, h, alpha)
        assert step @ h == pytest.approx(-alpha * h @ h, abs=1e-9)
        across = np.linalg.svd(h[np.newaxis])[2][1:]  # all that is orthogonal to h
        assert across @ step == pytest.approx(across @ g)
        assert against_adversary(g, h, alpha, projection=False) == pytest.approx(g - alpha * h)

    @settings(deadline=None, max_examples=30)
    @given(vectors=VECTORS, size=st.sampled_from([1e-150, 1e-6, 1.0, 1e6]))
    def test_the_projection_does_not_ask_how_long_the_gradient_is(self, vectors, size):
        g, h = vectors
        assert against_adversary(g, h * size, 0.0) == pytest.approx(against_adversary(g, h, 0.0))

    def test_an_adversary_without_gradient_changes_nothing(self):
        assert against_adversary([1.0, 2.0], [0.0, 0.0], 5.0).tolist() == [1.0, 2.0]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), by_label=st.booleans(), m=st.integers(1, 3))
def test_what_the_adversary_reads_and_its_gradient(seed, by_label, m):
    rng = np.random.default_rng(seed)
    read, y = rng.normal(size=(6, m)), rng.integers(0, 2, 6).astype(float)
    for row, r, label in zip(reading(read, y, by_label), read, y, strict=True):
        assert row.tolist() == ([*(r * label), *(r * (1 - label)), label] if by_label else r.tolist())
    towards = rng.normal(size=reading(read, y, by_label).shape)
    numeric = approx_fprime(read.ravel(), lambda r: (reading(r.reshape(read.shape), y, by_label) * towards).sum())
    assert reading_gradient(towards, y, by_label).ravel() == pytest.approx(numeric, abs=1e-5)


@pytest.mark.parametrize("labels", [(), (1,), (0, 1)])
def test_all_groups_count_the_same_among_those_compared(labels):
    rng = np.random.default_rng(0)
    y, codes, weights = rng.integers(0, 2, 90).astype(float), rng.choice(3, 90, p=[0.8, 0.1, 0.1]), rng.random(90)
    counted = adversary_weights(y, codes, weights, labels, pd.RangeIndex(3))
    for label in labels or (None,):
        among = y == label if label is not None else y >= 0
        totals = [counted[among & (codes == a)].sum() for a in range(3)]
        assert totals == pytest.approx([weights[among].sum() / 3] * 3)
        for a in range(3):
            member = among & (codes == a)
            assert np.ptp(counted[member] / weights[member]) == pytest.approx(0, abs=1e-12)
    if labels == (1,):
        assert not counted[y == 0].any()


@pytest.mark.parametrize("constraints", CONSTRAINTS)
@pytest.mark.parametrize(("reads", "hidden"), [("output", ()), ("output", (4,)), ("hidden", (4,))])
@pytest.mark.parametrize("n_groups", [2, 3])
def test_all_four_gradients_are_finite_differences(constraints, reads, hidden, n_groups):
    """L_P and L_A written out anew from the definition, as functions of W and of U."""
    rng = np.random.default_rng([7, n_groups])
    X, y, codes = rng.normal(size=(12, 3)), np.arange(12) % 2, np.arange(12) // 2 % n_groups
    weights, counted = rng.random(12), rng.random(12) * (y if constraints == "equal_opportunity" else 1)
    options = {"constraints": constraints, "adversary_reads": reads, "hidden_layer_sizes": hidden}
    model = AdversarialDebiasing(**options, adversary_hidden_layer_sizes=(5,), random_state=0)
    n_read = 1 if reads == "output" else 4
    model.network_ = network = build_network(3, hidden, 1, rng)
    n_in = 2 * n_read + 1 if constraints == "equalized_odds" else n_read
    model.adversary_ = adversary = build_network(n_in, (5,), n_groups, rng)
    for part in (network, adversary):
        part.theta += rng.normal(size=len(part.theta)) / 10  # biases of 0 put rows on a ReLU's corner
    L_P, g, L_A, h = model._gradients(_People(X, y.astype(float), codes, weights, counted))
    by_adversary = adversary.gradient

    def losses(W, U):
        network.theta, adversary.theta = W, U
        read = network.forward(X) if reads == "output" else network.hidden(X)
        if constraints == "equalized_odds":
            read = np.array([[*(r * label), *(r * (1 - label)), label] for r, label in zip(read, y, strict=True)])
        return (
            logit_loss(network.forward(X), y, weights)[0],
            softmax_loss(adversary.forward(read), codes, counted)[0],
        )

    W, U = network.theta, adversary.theta
    assert losses(W, U) == pytest.approx((L_P, L_A))
    assert g == pytest.approx(approx_fprime(W, lambda w: losses(w, U)[0], 1e-7), abs=1e-5)
    assert h == pytest.approx(approx_fprime(W, lambda w: losses(w, U)[1], 1e-7), abs=1e-5)
    assert by_adversary == pytest.approx(approx_fprime(U, lambda u: losses(W, u)[1], 1e-7), abs=1e-5)


def scaled(data, attribute):
    scaler = StandardScaler().fit(data.X_train)
    group = data.sensitive[attribute].to_numpy()
    train = scaler.transform(data.X_train), data.y_train.to_numpy(), group[data.train_rows]
    return train, (scaler.transform(data.X_test), data.y_test.to_numpy(), group[data.test_rows])


@pytest.fixture(scope="module")
def lab():
    return scaled(make_audit_lab(), "a")


@pytest.fixture(scope="module")
def hiring():
    return scaled(make_hiring(n_samples=12_000).split(random_state=0), "disability")


def fit(people, **options):
    X, y, group = people
    return AdversarialDebiasing(**{"random_state": 0, **options}).fit(X, y, sensitive_features=group)


def gap(model, people, label=None):
    X, y, group = people
    selected = model.predict(X)
    among = y >= 0 if label is None else y == label
    return np.ptp([selected[among & (group == a)].mean() for a in np.unique(group)])


def fresh_adversary(scores, member):
    """How well one who never met the predictor tells the group from its scores, for people held out."""
    tree = DecisionTreeClassifier(min_samples_leaf=50, random_state=0)
    guess = cross_val_predict(tree, scores[:, np.newaxis], member, cv=5, method="predict_proba")[:, 1]
    return roc_auc_score(member, guess)


class TestGame:
    def test_without_alpha_and_projection_groups_do_not_matter(self, lab):
        X, y, group = lab[0]
        shuffled = np.random.default_rng(0).permutation(group)
        model, other = fit((X, y, group), **PLAIN), fit((X, y, shuffled), **PLAIN)
        assert (model.network_.theta == other.network_.theta).all()
        assert not np.allclose(model.adversary_.theta, other.adversary_.theta)
        peer = LogisticRegression(C=np.inf).fit(X, y)
        assert model.network_.theta == pytest.approx([*peer.coef_[0], *peer.intercept_], abs=0.1)

    def test_one_group_is_the_plain_predictor(self, lab):
        X, y, _ = lab[0]
        alone = fit((X, y, ["all"] * len(X)), alpha=5)
        assert (alone.network_.theta == fit(lab[0], **PLAIN).network_.theta).all()

    def test_the_gap_closes_over_five_seeds_and_predictions_stay_useful(self, lab, hiring):
        for (train, test), before, after, floor in ((lab, 0.25, 0.06, 0.63), (hiring, 0.2, 0.1, 0.64)):
            assert gap(fit(train, **PLAIN), test) > before
            for seed in range(5):
                model = fit(train, random_state=seed)
                assert gap(model, test) < after
                assert model.score(*test[:2]) > floor
                assert roc_auc_score(test[1], model.decision_function(test[0])) > 0.62

    def test_a_fresh_adversary_cannot_tell_either(self, lab):
        train, test = lab
        X, _, group = test
        assert fresh_adversary(fit(train, **PLAIN).decision_function(X), group) > 0.65
        for seed in range(5):
            assert abs(fresh_adversary(fit(train, random_state=seed).decision_function(X), group) - 0.5) < 0.07

    def test_equalized_odds_closes_both_rates_and_leaves_parity_open(self, hiring):
        train, test = hiring
        plain, parity = fit(train, **PLAIN), fit(train)
        for seed in range(3):
            model = fit(train, constraints="equalized_odds", random_state=seed)
            for label in (0, 1):
                assert gap(model, test, label) < 0.5 * gap(plain, test, label)
            assert gap(model, test) > gap(parity, test)
            assert model.score(*test[:2]) > 0.65

    def test_what_the_adversary_sees_decides_which_gap_closes(self):
        """The label depends on the group, and a score of the label alone: parity has to break, odds need not."""
        rng = np.random.default_rng(0)
        group = np.arange(6000) % 2
        y = (rng.random(6000) < np.where(group == 1, 0.7, 0.3)).astype(int)
        people = np.column_stack([y + rng.normal(size=6000), group + rng.normal(size=6000) / 2]), y, group
        plain, odds, chance, parity = (
            fit(people, **options)
            for options in (
                PLAIN,
                {"constraints": "equalized_odds", "alpha": 3},
                {"constraints": "equal_opportunity", "alpha": 3},
                {"alpha": 3},
            )
        )
        assert min(gap(plain, people, 0), gap(plain, people, 1)) > 0.2
        assert max(gap(odds, people, 0), gap(odds, people, 1)) < 0.08
        assert gap(odds, people) > 0.12
        assert gap(chance, people, 1) < 0.08
        assert gap(parity, people) < 0.05

    def test_three_groups(self):
        rng = np.random.default_rng(1)
        group = rng.choice(["a", "b", "c"], 6000, p=[0.5, 0.3, 0.2])
        shift = pd.Series(group).map({"a": 0.0, "b": 1.0, "c": -1.0}).to_numpy()
        X = np.column_stack([rng.normal(size=6000), shift + rng.normal(size=6000) / 2])
        people = X, (X[:, 0] + shift + rng.normal(size=6000) > 0).astype(int), group
        model = fit(people)
        assert model.groups_.tolist() == ["a", "b", "c"]
        assert gap(fit(people, **PLAIN), people) > 0.4
        assert gap(model, people) < 0.1
        assert model.score(*people[:2]) > 0.6

    def test_a_proxy_that_is_not_linear(self):
        """Same mean in both groups, spread 1 and 3: a linear adversary of the features would see nothing."""
        rng = np.random.default_rng(2)
        group = np.arange(6000) % 2
        proxy = rng.normal(size=6000) * np.where(group == 1, 3, 1)
        merit = rng.normal(size=6000)
        y = (merit + 1.5 * group + rng.normal(size=6000) > 0.75).astype(int)
        people = np.column_stack([merit, proxy]), y, group
        network = {"hidden_layer_sizes": (16,)}
        assert gap(fit(people, **network, **PLAIN), people) > 0.15
        assert gap(fit(people, **network, alpha=3), people) < 0.08

    def test_an_adversary_of_hidden_activations(self, lab):
        train, test = lab
        options = {"hidden_layer_sizes": (8,), "adversary_reads": "hidden"}
        assert gap(fit(train, hidden_layer_sizes=(8,), **PLAIN), test) > 0.2
        assert gap(fit(train, **options), test) < 0.18

    def test_crossed_groups_are_those_of_one_column(self, lab):
        X, y, group = lab[0]
        half = np.arange(len(X)) // 3 % 2
        crossed = fit((X, y, {"a": group, "b": half}), epochs=3)
        flat = fit((X, y, 2 * np.asarray(group) + half), epochs=3)
        assert (crossed.network_.theta == flat.network_.theta).all()
        assert crossed.groups_.names == ["a", "b"]

    def test_names_of_groups_and_labels_do_not_matter(self, lab):
        X, y, group = lab[0]
        model = fit(lab[0], epochs=3)
        renamed = fit((X, np.where(y == 1, "yes", "no"), np.where(group == 1, "b", "a")), epochs=3)
        assert (renamed.network_.theta == model.network_.theta).all()
        assert (renamed.predict(X) == np.where(model.predict(X) == 1, "yes", "no")).all()

    def test_the_unit_of_weights_does_not_matter_and_weights_do(self, lab):
        X, y, group = lab[0]
        weights = np.random.default_rng(0).random(len(X)) + 0.1

        def theta(weights):
            model = AdversarialDebiasing(epochs=2, random_state=0)
            return model.fit(X, y, sensitive_features=group, sample_weight=weights).network_.theta

        assert theta(weights * 7) == pytest.approx(theta(weights))
        assert (theta(np.ones(len(X))) == theta(None)).all()
        assert not np.allclose(theta(weights), theta(None), atol=1e-4)


class TestSchedule:
    def test_history_says_which_alpha_was_in_force(self, lab):
        grows = fit(lab[0], alpha=2, warm_up=3, epochs=9).history_
        assert grows.index.tolist() == list(range(-2, 10))
        assert grows["alpha"].tolist() == pytest.approx([0] * 3 + [2 * epoch**0.5 for epoch in range(1, 10)])
        stays = fit(lab[0], alpha=2, warm_up=0, epochs=4, schedule="constant").history_
        assert stays["alpha"].tolist() == [2] * 4

    def test_the_adversary_ends_near_the_loss_of_knowing_nothing(self, lab):
        plain, model = fit(lab[0], **PLAIN).history_, fit(lab[0]).history_
        assert plain["adversary_loss"].iloc[-1] < np.log(2) - 0.05
        assert model["adversary_loss"].iloc[-1] == pytest.approx(np.log(2), abs=0.02)
        assert model["predictor_loss"].iloc[-1] > plain["predictor_loss"].iloc[-1]

    def test_the_warm_up_is_plain_training(self, lab):
        warm, plain = fit(lab[0], warm_up=6, epochs=1).history_, fit(lab[0], warm_up=6, epochs=1, **PLAIN).history_
        assert warm.iloc[:6].equals(plain.iloc[:6])
        assert abs(warm["predictor_loss"].iloc[6] - plain["predictor_loss"].iloc[6]) > 1e-4

    def test_the_seed_decides(self, lab):
        thetas = [fit(lab[0], epochs=2, random_state=seed).network_.theta for seed in (0, 0, 1)]
        assert (thetas[0] == thetas[1]).all()
        assert not np.allclose(thetas[0], thetas[2])


class Alone(AdversarialDebiasing):
    """With groups made up by position, for scikit-learn's checks."""

    def fit(self, X, y=None, sample_weight=None):
        n = X.shape[0] if hasattr(X, "shape") else max(len(np.asarray(X)), 1)
        return super().fit(X, y, sensitive_features=np.arange(n) % 2, sample_weight=sample_weight)


def test_it_keeps_scikit_learns_conventions():
    """Weights are no repetitions here: repeated rows make other batches."""
    expected = {"check_sample_weight_equivalence_on_dense_data": "batches are drawn from rows"}
    check_estimator(Alone(alpha=0.1, random_state=0), on_skip=None, expected_failed_checks=expected)


def test_clones_and_pickles_and_keeps_nobodys_data(lab):
    model = fit(lab[0], epochs=1, hidden_layer_sizes=(3,))
    stored = pickle.dumps(model)
    assert len(stored) < 10_000
    assert (pickle.loads(stored).predict_proba(lab[0][0]) == model.predict_proba(lab[0][0])).all()
    assert model.hidden(lab[0][0]).shape == (len(lab[0][0]), 3)
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        clone(model).predict(lab[0][0])


rng = np.random.default_rng(0)
X, Y, GROUP = rng.normal(size=(24, 2)), np.arange(24) % 2, np.arange(24) // 2 % 2


def short(X=X, Y=Y, GROUP=GROUP, sample_weight=None, **options):
    model = AdversarialDebiasing(epochs=1, warm_up=0, random_state=0).set_params(**options)
    return model.fit(X, Y, sensitive_features=GROUP, sample_weight=sample_weight)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: short(constraints="dp"), "constraints is 'dp'; it must be one of 'demographic_parity'"),
        (lambda: short(schedule="linear"), "schedule is 'linear'"),
        (lambda: short(adversary_reads="input"), "adversary_reads is 'input'"),
        (lambda: short(adversary_reads="hidden"), "hidden_layer_sizes is empty"),
        (lambda: short(alpha=-1), "alpha is -1"),
        (lambda: short(alpha=np.nan), "alpha is nan"),
        (lambda: short(decay=np.inf), "decay is inf"),
        (lambda: short(learning_rate=0), "learning_rate is 0"),
        (lambda: short(epochs=0), "epochs is 0"),
        (lambda: short(warm_up=-1), "warm_up is -1"),
        (lambda: short(batch_size=0), "batch_size is 0"),
        (lambda: short(hidden_layer_sizes=3), "hidden_layer_sizes is 3"),
        (lambda: short(adversary_hidden_layer_sizes=(0,)), r"adversary_hidden_layer_sizes\[0\] is 0"),
        (lambda: short(random_state=-1), "random_state is -1"),
        (lambda: short(Y=Y * 0), "one class only"),
        (lambda: short(Y=np.arange(24) % 3), "multiclass"),
        (lambda: short(Y=Y[:23]), "inconsistent"),
        (lambda: short(GROUP=GROUP[:23]), "23 entries"),
        (lambda: short(GROUP=[None, *GROUP[1:]]), "missing at position 0"),
        (lambda: short(sample_weight=np.where(GROUP == 1, 0, 1)), "everyone in group 1 has weight 0"),
        (lambda: short(sample_weight=[1, 1]), "2 entries"),
        (lambda: short(X=np.where(X > 1, np.nan, X)), "NaN"),
        (lambda: short(GROUP=Y, constraints="equal_opportunity"), "in group 0 nobody has label 1"),
        (lambda: short(GROUP=1 - Y, constraints="equalized_odds"), "in group 0 nobody has label 0"),
        (lambda: short().predict(X[:, :1]), "1 features"),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_rows_that_belong_together_in_another_order_are_refused():
    frame, series = pd.DataFrame(X), pd.Series(GROUP, index=np.arange(24)[::-1])
    with pytest.raises(ValueError, match="different order"):
        short(X=frame, GROUP=series)


class TestDuel:
    @settings(deadline=None, max_examples=30)
    @given(seed=st.integers(0, 2**32 - 1), alpha=st.floats(0, 5))
    def test_one_round_steps_along_finite_differences(self, seed, alpha):
        rng = np.random.default_rng(seed)
        X, y, member = rng.normal(size=(9, 3)), rng.integers(0, 2, 9), rng.integers(0, 2, 9)
        theta = rng.normal(size=5)  # w, u, c

        def loss(theta, which):
            z = X @ theta[:3]
            logits, label = (z, y) if which == "predictor" else (theta[3] * z + theta[4], member)
            return np.mean(np.logaddexp(0, logits) - label * logits)

        g, h = (approx_fprime(theta, loss, 1e-7, which) for which in ("predictor", "adversary"))
        after = one_round(theta[:3], theta[3], theta[4], X, y, member, alpha, 0.3)
        expected = theta[:3] - 0.3 * against_adversary(g[:3], h[:3], alpha)
        assert after["w"] == pytest.approx(expected, abs=1e-4)
        assert [after["u"], after["c"]] == pytest.approx(theta[3:] - 0.3 * h[3:], abs=1e-5)

    def test_the_judge_is_a_fresh_model_on_people_it_has_not_seen(self):
        rng = np.random.default_rng(0)
        z, y, learn = rng.normal(size=400), rng.integers(0, 2, 400), np.arange(400) % 2 == 0
        member = ((z + rng.normal(size=400) > 0) & (y == 1) | (rng.random(400) < 0.3)).astype(int)
        made = []

        def new_model():
            made.append(DecisionTreeClassifier(max_depth=2, random_state=0))
            return made[-1]

        found = judge(new_model, z, member, y, learn)
        assert len(made) == 3
        for part, people in (("everyone", y >= 0), (0, y == 0), (1, y == 1)):
            tree = DecisionTreeClassifier(max_depth=2, random_state=0)
            tree.fit(z[people & learn, None], member[people & learn])
            guess = tree.predict_proba(z[people & ~learn, None])[:, 1]
            assert found[part] == pytest.approx(roc_auc_score(member[people & ~learn], guess))
        assert found[1] > 0.6 > abs(found[0] - 0.5) + 0.5

    def test_a_judge_without_both_groups_says_nothing(self):
        found = judge(DecisionTreeClassifier, [0.1, 0.2, 0.3, 0.4], [0, 1, 0, 0], [0, 0, 1, 1], [1, 1, 0, 0])
        assert np.isnan([*found.values()]).all()
