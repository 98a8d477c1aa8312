"""`MLP`: a classifier of two classes with hidden layers, in plain numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import validate_data
from threadpoolctl import threadpool_limits

from evenodds._validation import check_random_state
from evenodds._validation.parameters import check_number, check_sizes, check_whole
from evenodds.neural.classifier import NetworkClassifier
from evenodds.neural.gate import check_two_classes, usual_weights
from evenodds.neural.layers import Floats
from evenodds.neural.network import build_network
from evenodds.neural.training import Adam, batches, logit_loss


class MLP(NetworkClassifier):
    """A network of dense layers for two classes.

    Each hidden layer is ``dropout(relu(batch_norm(x W + b)))``, the last layer one number, the logit z, and
    ``P(y = 1 | x) = 1 / (1 + e^−z)``. `fit` makes smaller, by Adam over shuffled batches,

    ``Σ_i w_i (log(1 + e^{z_i}) − y_i z_i) / Σ_i w_i + (α / 2) ‖W‖²``,

    the mean cross-entropy and a penalty on the weights of all dense layers. A part of the rows is set aside for
    validation; training stops when the cross-entropy there has not fallen for `patience` epochs, and the network goes
    back to where it was lowest.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int, default (32,)
        How many units each hidden layer has; with none this is logistic regression.
    dropout : float, default 0.0
        The probability with which a hidden unit is left out of a training step; below 1.
    batch_norm : bool, default False
        Whether hidden layers are normalised over the batch. Rows count equally in that, whatever their weight.
    learning_rate : float, default 0.01
        Adam's step size.
    batch_size : int, default 256
        The most rows of a batch.
    max_epochs : int, default 100
        The most passes over the training rows.
    patience : int or None, default 10
        For how many epochs the loss on the validation rows may fail to fall. None sets no rows aside, and trains for
        `max_epochs`.
    alpha : float, default 1e-4
        α, not negative.
    validation_fraction : float, default 0.1
        The share of the rows that is set aside, above 0 and below 1.
    random_state : None, int, Generator or RandomState
        For first weights, validation rows, batches and dropout.

    Attributes
    ----------
    network_ : Network
        The trained network; `network_.theta` is all its parameters as one vector.
    classes_ : ndarray, shape (2,)
        The two classes; the second is y = 1.
    loss_curve_, validation_curve_ : list of float
        The cross-entropy after each epoch: the mean over the epoch's batches as they were trained on, and over the
        validation rows (empty without any).
    best_epoch_ : int
        The epoch, counted from 1, whose network was kept.
    n_iter_ : int
        Epochs run.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Notes
    -----
    Scale the features first. Rows with weight 0 are left out before anything else. Two seeds give two networks, which
    can be equally accurate and treat groups differently: train several.

    References
    ----------
    D. Kingma and J. Ba (2015), "Adam: a method for stochastic optimization", ICLR. S. Ioffe and C. Szegedy (2015),
    "Batch normalization", ICML. N. Srivastava and others (2014), "Dropout", JMLR 15. K. He and others (2015), "Delving
    deep into rectifiers", ICCV, for the first weights.

    Examples
    --------
    No straight line tells these apart:

    >>> X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 25)
    >>> y = X[:, 0] ^ X[:, 1]
    >>> model = MLP(hidden_layer_sizes=(8,), batch_size=20, patience=None, random_state=0).fit(X, y)
    >>> model.predict(X[:4])
    array([0, 1, 1, 0])
    >>> model.hidden(X[:4]).shape
    (4, 8)
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (32,),
        *,
        dropout: float = 0.0,
        batch_norm: bool = False,
        learning_rate: float = 0.01,
        batch_size: int = 256,
        max_epochs: int = 100,
        patience: int | None = 10,
        alpha: float = 1e-4,
        validation_fraction: float = 0.1,
        random_state: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.patience = patience
        self.alpha = alpha
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> MLP:
        """Train a new network.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Numbers of similar scale.
        y : array-like, shape (n,)
            Labels of two classes.
        sample_weight : array-like, shape (n,), optional
            What each row counts for in the loss, in training and validation.

        Raises
        ------
        ValueError
            If there are not exactly two classes, a parameter is out of its range, X is not a finite table, or nobody
            is left to train on.
        """
        self._check_parameters()
        features, labels = validate_data(self, X, y, dtype=np.float64)
        features, labels, weights = usual_weights(features, labels, sample_weight)
        self.classes_, target = check_two_classes(labels)
        rng = check_random_state(self.random_state)
        self.network_ = build_network(
            features.shape[1], self.hidden_layer_sizes, 1, rng, batch_norm=self.batch_norm, dropout=self.dropout
        )
        with threadpool_limits(limits=1, user_api="blas"):  # batches are too small to share among threads
            self._train(features, target, weights, rng)
        return self

    def _train(self, X: Floats, y: Floats, weights: Floats, rng: np.random.Generator) -> None:
        learn, watch = self._set_aside(len(X), rng)
        network, adam = self.network_, Adam(self.learning_rate)
        decay = self.alpha * network.is_weight
        best, best_state = np.inf, network.state
        self.loss_curve_: list[float] = []
        self.validation_curve_: list[float] = []
        self.best_epoch_ = 0
        for epoch in range(1, self.max_epochs + 1):
            losses = []
            for batch in batches(len(learn), self.batch_size, rng):
                rows = learn[batch]
                loss, by_logits = logit_loss(network.forward(X[rows], train=True), y[rows], weights[rows])
                network.backward(by_logits)
                theta = network.theta
                network.theta = adam.step(theta, network.gradient + decay * theta)
                losses.append(loss)
            self.loss_curve_.append(float(np.mean(losses)))
            if self.patience is None:
                self.best_epoch_ = epoch
                continue
            seen = logit_loss(network.forward(X[watch]), y[watch], weights[watch])[0]
            self.validation_curve_.append(seen)
            if seen < best:
                best, best_state, self.best_epoch_ = seen, network.state, epoch
            elif epoch - self.best_epoch_ >= self.patience:
                break
        if self.patience is not None:
            network.state = best_state
        self.n_iter_ = epoch

    def _set_aside(self, n: int, rng: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows to learn from and those to watch."""
        if self.patience is None:
            return np.arange(n), np.arange(0)
        order, n_watch = rng.permutation(n), max(1, round(self.validation_fraction * n))
        if n_watch >= n:
            raise ValueError(
                f"X has {n} rows with a positive weight, and validation_fraction={self.validation_fraction} sets "
                f"{n_watch} aside; no row is left to train on"
            )
        return order[n_watch:], order[:n_watch]

    def _check_parameters(self) -> None:
        check_sizes(self.hidden_layer_sizes, "hidden_layer_sizes")
        for name in ("batch_size", "max_epochs"):
            check_whole(getattr(self, name), name)
        if self.patience is not None:
            check_whole(self.patience, "patience")
        check_number(self.dropout, "dropout", 0, 1, open_right=True)
        check_number(self.alpha, "alpha", 0, np.inf, open_right=True)
        check_number(self.learning_rate, "learning_rate", 0, np.inf, open_left=True, open_right=True)
        check_number(self.validation_fraction, "validation_fraction", 0, 1, open_left=True, open_right=True)
