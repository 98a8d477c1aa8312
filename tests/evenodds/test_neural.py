"""Layers and whole networks against finite differences and loops; training against scikit-learn and against itself."""

import pickle
from copy import deepcopy
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.utils.estimator_checks import check_estimator

from evenodds.neural import MLP, Adam, Network, batches, build_network, logit_loss, softmax_loss
from evenodds.neural.layers import BatchNorm, Dense, Dropout, ReLU

SEEDS = st.integers(0, 2**32 - 1)


class FixedDropout(Dropout):
    """The same mask whenever it is asked for a batch of the same shape."""

    def forward(self, x, train):
        self.rng = np.random.default_rng(0)
        return super().forward(x, train)


LAYERS = {
    "dense": lambda rng: Dense(3, 4, rng),
    "relu": lambda rng: ReLU(),
    "batch norm": lambda rng: BatchNorm(3),
    "dropout": lambda rng: FixedDropout(0.4, rng),
}


def away_from_the_kink(x):
    """Finite differences are no oracle where ReLU has a corner."""
    return x + np.sign(x) * 0.05


@settings(deadline=None, max_examples=25)
@given(seed=SEEDS, train=st.booleans(), name=st.sampled_from(sorted(LAYERS)))
def test_each_layers_gradients_are_finite_differences(seed, train, name):
    rng = np.random.default_rng(seed)
    layer, x = LAYERS[name](rng), away_from_the_kink(rng.normal(size=(5, 3)))
    for part in (*layer.parameters, *layer.memory):
        part += rng.random(part.shape)
    towards = rng.normal(size=layer.forward(x, train).shape)
    memory = [part.copy() for part in layer.memory]

    def loss_of(change):
        change()
        for part, was in zip(layer.memory, memory, strict=True):
            part[...] = was
        return float((layer.forward(x, train) * towards).sum())

    def at_input(flat):
        x[...] = flat.reshape(x.shape)

    loss_of(lambda: None)
    by_input, by_parameters = layer.backward(towards), [g.copy() for g in layer.gradients]
    start = x.ravel().copy()
    numeric = approx_fprime(start, lambda flat: loss_of(lambda: at_input(flat)), 1e-6)
    at_input(start)
    assert by_input.ravel() == pytest.approx(numeric, abs=2e-4)
    assert len(by_parameters) == len(layer.parameters)
    for parameter, gradient in zip(layer.parameters, by_parameters, strict=True):
        start = parameter.ravel().copy()

        def at_parameter(flat, parameter=parameter):
            parameter[...] = flat.reshape(parameter.shape)

        numeric = approx_fprime(start, lambda flat, put=at_parameter: loss_of(lambda: put(flat)), 1e-6)
        at_parameter(start)
        assert gradient.ravel() == pytest.approx(numeric, abs=2e-4)


def whole(seed, k=1):
    rng = np.random.default_rng(seed)
    layers = [Dense(3, 6, rng), BatchNorm(6), ReLU(), FixedDropout(0.3, rng), Dense(6, 5, rng), BatchNorm(5), ReLU()]
    return Network([*layers, FixedDropout(0.3, rng), Dense(5, k, rng)]), rng


@settings(deadline=None, max_examples=25)
@given(seed=SEEDS, train=st.booleans(), k=st.integers(1, 3))
def test_the_whole_networks_gradient_is_that_of_finite_differences(seed, train, k):
    network, rng = whole(seed, k)
    x, weights, codes = rng.normal(size=(8, 3)), rng.random(8) + 0.1, rng.integers(0, max(k, 2), 8)
    loss = logit_loss if k == 1 else softmax_loss

    def at(theta):
        network.theta = theta
        return loss(network.forward(x, train), codes, weights)

    theta = network.theta + rng.normal(size=len(network.theta)) / 10
    _, gradient = at(theta)
    by_input = network.backward(gradient)
    exact = network.gradient
    central = (approx_fprime(theta, lambda t: at(t)[0], e) for e in (1e-6, -1e-6))
    agree = np.isclose(exact, np.mean([*central], axis=0), atol=1e-5)
    assert agree.mean() > 0.95  # a step over a ReLU's corner spoils a few differences, never many
    assert by_input.shape == x.shape


def test_a_loss_of_the_hidden_activations_leaves_the_last_layer_alone():
    network, rng = whole(3)
    x, towards = rng.normal(size=(8, 3)), rng.normal(size=(8, 5))
    network.hidden(x, train=True)
    network.backward_from_hidden(towards)
    exact = network.gradient

    def at(theta):
        network.theta = theta
        return float((network.hidden(x, train=True) * towards).sum())

    assert exact == pytest.approx(approx_fprime(network.theta, at, 1e-7), abs=1e-4)
    assert not exact[-6:].any()


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, k=st.integers(2, 4))
def test_losses_are_scikit_learns_and_their_gradients_finite_differences(seed, k):
    rng = np.random.default_rng(seed)
    z, weights = rng.normal(size=(7, k)) * 3, rng.random(7)
    codes = np.append(np.arange(k), rng.integers(0, k, 7 - k))
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    value, gradient = softmax_loss(z, codes, weights)
    assert value == pytest.approx(log_loss(codes, p, sample_weight=weights, labels=range(k)))
    numeric = approx_fprime(z.ravel(), lambda flat: softmax_loss(flat.reshape(z.shape), codes, weights)[0], 1e-7)
    assert gradient.ravel() == pytest.approx(numeric, abs=1e-5)

    y = (codes > 0).astype(float)
    value, gradient = logit_loss(z[:, :1], y, weights)
    assert value == pytest.approx(log_loss(y, 1 / (1 + np.exp(-z[:, 0])), sample_weight=weights, labels=[0, 1]))
    assert value == pytest.approx(softmax_loss(np.column_stack([0 * y, z[:, 0]]), y.astype(int), weights)[0])
    numeric = approx_fprime(z[:, 0], lambda flat: logit_loss(flat[:, np.newaxis], y, weights)[0], 1e-7)
    assert gradient[:, 0] == pytest.approx(numeric, abs=1e-5)


def test_losses_of_certain_predictions_are_finite_and_of_nobody_zero():
    value, gradient = logit_loss(np.array([[800.0], [-800.0]]), np.array([0.0, 0.0]), np.ones(2))
    assert (value, gradient.ravel().tolist()) == (400.0, [0.5, 0.0])
    assert softmax_loss(np.array([[800.0, 0.0]]), np.array([1]), np.ones(1))[0] == 800
    for loss in (logit_loss, softmax_loss):
        value, gradient = loss(np.zeros((2, 1 if loss is logit_loss else 2)), np.array([0, 1]), np.zeros(2))
        assert value == 0
        assert not gradient.any()


class TestTrainingAndAsking:
    def test_dropout_leaves_out_its_share_and_keeps_the_mean(self):
        layer, x = Dropout(0.3, np.random.default_rng(0)), np.ones((200, 100))
        out = layer.forward(x, True)
        assert sorted(set(out.ravel())) == pytest.approx([0, 1 / 0.7])
        assert (out == 0).mean() == pytest.approx(0.3, abs=0.01)
        assert (layer.backward(x) == out).all()
        assert (layer.forward(x, False) == x).all()
        assert (layer.backward(x) == x).all()

    def test_batch_norm_uses_the_batch_and_then_what_it_remembers(self):
        layer, rng = BatchNorm(2, momentum=0.5, epsilon=0), np.random.default_rng(0)
        x = rng.normal(size=(50, 2)) * [1, 5] + [0, 10]
        z = layer.forward(x, True)
        assert z.mean(axis=0) == pytest.approx(0, abs=1e-12)
        assert z.std(axis=0) == pytest.approx(1)
        assert layer.mean == pytest.approx(x.mean(axis=0) / 2)
        assert layer.variance == pytest.approx(0.5 + x.var(axis=0) / 2)
        one = layer.forward(x[:1], False)
        assert one == pytest.approx((x[:1] - layer.mean) / np.sqrt(layer.variance))
        assert layer.forward(x, False)[:1] == pytest.approx(one)

    def test_asking_changes_nothing_and_is_the_same_alone_and_in_a_crowd(self):
        X, y = xor(300)
        model = MLP(batch_norm=True, dropout=0.5, random_state=0).fit(X, y)
        state = model.network_.state
        crowd = model.decision_function(X)
        assert [model.decision_function(x[np.newaxis])[0] for x in X[:20]] == pytest.approx(crowd[:20])
        assert (model.decision_function(X) == crowd).all()
        assert (model.network_.state == state).all()


class TestNetwork:
    def test_theta_and_state_are_copies_that_can_be_put_back(self):
        network, rng = whole(0)
        x = rng.normal(size=(9, 3))
        theta, state, before = network.theta, network.state, network.forward(x)
        network.theta = theta * 2
        network.forward(x, train=True)
        assert not np.allclose(network.forward(x), before)
        network.theta = theta
        assert not np.allclose(network.forward(x), before)  # the running averages moved
        network.state = state
        assert (network.forward(x) == before).all()
        assert (theta == network.theta).all()

    def test_a_copy_is_a_network_of_its_own(self):
        network, rng = whole(0)
        x = rng.normal(size=(9, 3))
        before = network.forward(x)
        for copied in (deepcopy(network), pickle.loads(pickle.dumps(network))):
            assert (copied.forward(x) == before).all()
            copied.theta = 0 * copied.theta
            assert not copied.forward(x).any()
            assert (network.forward(x) == before).all()

    def test_a_vector_of_another_length_is_refused(self):
        network, _ = whole(0)
        with pytest.raises(ValueError, match=r"has shape \(3,\)"):
            network.theta = [1.0, 2.0, 3.0]
        with pytest.raises(ValueError, match="this network needs"):
            network.state = network.theta

    def test_only_weights_are_shrunk(self):
        network = build_network(2, (3,), 1, np.random.default_rng(0), batch_norm=True, dropout=0.5)
        assert network.is_weight.tolist() == [1] * 6 + [0] * 3 + [0] * 6 + [1] * 3 + [0]

    def test_hidden_is_what_enters_the_last_layer(self):
        network, rng = whole(0)
        x = rng.normal(size=(9, 3))
        last = network.layers[-1]
        assert network.hidden(x) @ last.weights + last.bias == pytest.approx(network.forward(x))


def test_adam_is_the_papers_algorithm_step_by_step():
    rng, adam, theta, by_loop = np.random.default_rng(0), Adam(0.05), np.zeros(3), [0.0, 0.0, 0.0]
    m, v = [0.0] * 3, [0.0] * 3
    for t in range(1, 6):
        gradient = rng.normal(size=3)
        theta = adam.step(theta, gradient)
        for i, g in enumerate(gradient):
            m[i], v[i] = 0.9 * m[i] + 0.1 * g, 0.999 * v[i] + 0.001 * g * g
            by_loop[i] -= 0.05 * m[i] / (1 - 0.9**t) / ((v[i] / (1 - 0.999**t)) ** 0.5 + 1e-8)
        assert theta == pytest.approx(by_loop)


@pytest.mark.parametrize(("n", "size"), [(10, 3), (10, 10), (10, 99), (257, 256), (1, 1)])
def test_batches_hold_everyone_once_and_are_of_one_size(n, size):
    parts = list(batches(n, size, np.random.default_rng(0)))
    assert sorted(np.concatenate(parts)) == list(range(n))
    lengths = [len(part) for part in parts]
    assert max(lengths) <= size
    assert max(lengths) - min(lengths) <= 1


def xor(n, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    return X, (X[:, 0] * X[:, 1] > 0).astype(int)


class TestMLP:
    def test_it_keeps_scikit_learns_conventions(self):
        """Weights are no repetitions here: repeated rows make other batches."""
        expected = {"check_sample_weight_equivalence_on_dense_data": "batches are drawn from rows"}
        check_estimator(MLP(random_state=0), on_skip=None, expected_failed_checks=expected)

    @pytest.mark.parametrize("options", [{}, {"batch_norm": True, "dropout": 0.1, "hidden_layer_sizes": (32, 16)}])
    def test_it_learns_what_no_line_can_tell(self, options):
        (X, y), (X_new, y_new) = xor(2000), xor(2000, 1)
        assert LogisticRegression().fit(X, y).score(X_new, y_new) < 0.7
        assert MLP(random_state=0, **options).fit(X, y).score(X_new, y_new) > 0.95

    def test_without_hidden_layers_it_is_logistic_regression(self):
        rng = np.random.default_rng(0)
        X = rng.normal(size=(400, 3))
        y = X @ [2, -1, 0] + rng.logistic(size=400) > 0.5
        options = {"batch_size": 400, "learning_rate": 0.05, "max_epochs": 2000, "patience": None}
        model = MLP((), alpha=0.1, random_state=0, **options).fit(X, y)
        peer = LogisticRegression(C=1 / (0.1 * 400), tol=1e-9).fit(X, y)
        assert model.network_.theta == pytest.approx([*peer.coef_[0], *peer.intercept_], abs=1e-3)
        assert (model.hidden(X) == X).all()

    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
    def test_the_gradient_is_that_of_scikit_learns_network(self):
        """What its second step of plain gradient descent took away, on all rows at once."""
        X, y = xor(40)
        options = {"solver": "sgd", "momentum": 0, "alpha": 0, "batch_size": 40, "learning_rate_init": 0.1}
        after = [MLPClassifier((4, 3), max_iter=n, random_state=0, **options).fit(X, y) for n in (1, 2)]
        theta = [
            np.concatenate([part.ravel() for pair in zip(m.coefs_, m.intercepts_, strict=True) for part in pair])
            for m in after
        ]
        network = build_network(2, (4, 3), 1, np.random.default_rng(0))
        network.theta = theta[0]
        value, by_logits = logit_loss(network.forward(X), y, np.ones(40))
        network.backward(by_logits)
        assert value == pytest.approx(after[1].loss_curve_[1])
        assert theta[0] - 0.1 * network.gradient == pytest.approx(theta[1])

    def test_the_network_with_the_lowest_validation_loss_is_kept_whole(self):
        rng = np.random.default_rng(0)
        X, y = rng.normal(size=(120, 10)), rng.integers(0, 2, 120)  # nothing to learn: training on is overfitting
        model = MLP((64,), batch_norm=True, patience=8, max_epochs=200, random_state=0).fit(X, y)
        curve = model.validation_curve_
        assert model.best_epoch_ == int(np.argmin(curve)) + 1
        assert model.n_iter_ == len(curve) == model.best_epoch_ + 8
        for stop in (model.best_epoch_, 200):
            again = MLP((64,), batch_norm=True, patience=stop, max_epochs=stop, random_state=0).fit(X, y)
            if stop == model.best_epoch_:
                assert (again.network_.state == model.network_.state).all()
                continue
            assert again.validation_curve_[model.n_iter_ - 1] == curve[-1]

    def test_the_stored_loss_is_that_of_the_stored_network(self):
        X, y = xor(200)
        model = MLP(max_epochs=15, patience=3, validation_fraction=0.25, random_state=5).fit(X, y)
        rng = np.random.default_rng(5)
        build_network(2, (32,), 1, rng)
        watched = rng.permutation(200)[:50]
        seen = log_loss(y[watched], model.predict_proba(X[watched]), labels=[0, 1])
        assert seen == pytest.approx(min(model.validation_curve_))

    def test_rows_without_weight_are_as_if_they_were_not_there(self):
        X, y = xor(100)
        weights = np.r_[np.full(80, 2.5), np.zeros(20)]
        with_them = MLP(max_epochs=5, random_state=0).fit(X, y, sample_weight=weights)
        without = MLP(max_epochs=5, random_state=0).fit(X[:80], y[:80])
        assert (with_them.network_.theta == without.network_.theta).all()

    def test_weights_decide_who_counts(self):
        X, y = np.zeros((400, 1)), np.arange(400) % 2
        options = {"max_epochs": 300, "patience": None, "alpha": 0, "random_state": 0}
        model = MLP((), **options).fit(X, y, sample_weight=np.where(y == 1, 3, 1))
        assert model.predict_proba(X[:1])[0, 1] == pytest.approx(0.75, abs=0.01)

    def test_the_penalty_shrinks_weights(self):
        X, y = xor(400)
        sizes = []
        for alpha in (0, 0.01, 1):
            network = MLP(alpha=alpha, random_state=0, patience=None, max_epochs=40).fit(X, y).network_
            sizes.append(np.sum(network.is_weight * network.theta**2))
        assert sizes[0] > sizes[1] > sizes[2]

    def test_the_seed_decides(self):
        X, y = xor(100)
        fits = [MLP(max_epochs=3, random_state=seed).fit(X, y).network_.theta for seed in (0, 0, 1)]
        assert (fits[0] == fits[1]).all()
        assert not np.allclose(fits[0], fits[2])

    def test_labels_of_any_kind_and_columns_with_names(self):
        X, y = xor(200)
        frame = pd.DataFrame(X, columns=["u", "v"])
        model = MLP(max_epochs=30, random_state=0).fit(frame, np.where(y, "yes", "no"))
        assert model.classes_.tolist() == ["no", "yes"]
        assert (model.predict(frame) == np.where(model.predict_proba(frame)[:, 1] > 0.5, "yes", "no")).all()
        assert model.feature_names_in_.tolist() == ["u", "v"]

    def test_clones_and_pickles_and_keeps_nobodys_data(self):
        X, y = xor(3000)
        model = MLP(max_epochs=2, batch_norm=True, dropout=0.1, random_state=0).fit(X, y)
        model.predict(X)
        stored = pickle.dumps(model)
        assert len(stored) < 10_000
        assert (pickle.loads(stored).predict_proba(X) == model.predict_proba(X)).all()
        assert clone(model).get_params() == model.get_params()
        with pytest.raises(NotFittedError):
            clone(model).hidden(X)


X, Y = xor(20)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MLP(hidden_layer_sizes=32).fit(X, Y), "hidden_layer_sizes is 32; it must be a sequence"),
        (lambda: MLP(hidden_layer_sizes=(8, 0)).fit(X, Y), r"hidden_layer_sizes\[1\] is 0"),
        (lambda: MLP(dropout=1).fit(X, Y), r"dropout is 1; it must be a number in \[0, 1\)"),
        (lambda: MLP(learning_rate=0).fit(X, Y), r"learning_rate is 0; it must be a number in \(0, inf\)"),
        (lambda: MLP(learning_rate=np.nan).fit(X, Y), "learning_rate is nan"),
        (lambda: MLP(alpha=-1).fit(X, Y), "alpha is -1"),
        (lambda: MLP(alpha="1").fit(X, Y), "alpha is '1'"),
        (lambda: MLP(batch_size=2.5).fit(X, Y), "batch_size is 2.5"),
        (lambda: MLP(max_epochs=True).fit(X, Y), "max_epochs is True"),
        (lambda: MLP(patience=0).fit(X, Y), "patience is 0"),
        (lambda: MLP(validation_fraction=1.0).fit(X, Y), "validation_fraction is 1.0"),
        (lambda: MLP(validation_fraction=0.99).fit(X, Y), "20 rows .* sets 20 aside"),
        (lambda: MLP(random_state="x").fit(X, Y), "random_state is 'x'"),
        (lambda: MLP().fit(X, Y * 0), "y holds one class only, 0"),
        (lambda: MLP().fit(X, np.arange(20) % 3), "multiclass"),
        (lambda: MLP().fit(X, Y[:19]), "inconsistent numbers of samples"),
        (lambda: MLP().fit(X, Y, sample_weight=[1.0] * 19), "sample_weight has 19 entries and X has 20 rows"),
        (lambda: MLP().fit(X, Y, sample_weight=[-1.0] * 20), "sample_weight holds -1.0"),
        (lambda: MLP().fit(np.where(X > 1, np.nan, X), Y), "NaN"),
        (lambda: MLP(max_epochs=1).fit(X, Y).predict(X[:, :1]), "1 features"),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(("batch_norm", "dropout"), [*product([False, True], [0.0, 0.2])])
def test_a_built_network_has_the_layers_asked_for(batch_norm, dropout):
    network = build_network(3, (4, 5), 2, np.random.default_rng(0), batch_norm=batch_norm, dropout=dropout)
    block = [Dense, *[BatchNorm] * batch_norm, ReLU, *[Dropout] * bool(dropout)]
    assert [type(layer) for layer in network.layers] == [*block, *block, Dense]
    assert [layer.weights.shape for layer in network.layers if isinstance(layer, Dense)] == [(3, 4), (4, 5), (5, 2)]
