"""Adversarial debiasing (Zhang, Lemoine and Mitchell 2018): a predictor that keeps an adversary guessing the group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.utils.validation import validate_data
from threadpoolctl import threadpool_limits

from evenodds._validation import check_random_state, check_same_people
from evenodds._validation.parameters import check_number, check_option, check_sizes, check_whole
from evenodds._validation.training import encode, group_weights, weigh, with_index
from evenodds.inprocessing.adversary import (
    CONSTRAINTS,
    Floats,
    Integers,
    adversary_weights,
    against_adversary,
    reading,
    reading_gradient,
)
from evenodds.neural import Adam, batches, build_network, logit_loss, softmax_loss
from evenodds.neural.classifier import NetworkClassifier
from evenodds.neural.gate import check_two_classes

SCHEDULES = {"constant": lambda epoch: 1.0, "square_root": lambda epoch: epoch**0.5}
"""What alpha is multiplied with in an epoch, counted from 1."""


class AdversarialDebiasing(NetworkClassifier):
    """A classifier trained against an adversary that guesses the group from what the classifier puts out.

    Predictor and adversary are networks with parameters W and U and cross-entropies L_P (of the label) and L_A (of the
    group). In each batch U takes a step against its own gradient ``∂L_A/∂U``, and W one against

    ``g − proj_h g − α h``, where ``g = ∂L_P/∂W``, ``h = ∂L_A/∂W`` and ``proj_h g = (g·h / h·h) h``.

    The last term makes the adversary's task harder; the projection takes away what would make it easier. What the
    adversary reads decides which gap closes:

    - "demographic_parity": the predictor's logit z, of everyone;
    - "equalized_odds": z and the label, as ``(z y, z (1 − y), y)``;
    - "equal_opportunity" (also called "true_positive_rate_parity"): z, of people with y = 1 only.

    If the best adversary can do no better than guessing, the distribution of z is the same in all groups (among people
    of the same label, for the other two), and so are the rates at every threshold. But an adversary that fails may also
    be one that is too weak or badly trained: judge by a fresh one, fitted to the finished predictions.

    Parameters
    ----------
    constraints : str, default "demographic_parity"
        What the adversary sees, as above.
    alpha : float, default 1.0
        α, not negative. With 0 and without projection the adversary is ignored.
    projection : bool, default True
        Whether ``proj_h g`` is subtracted.
    hidden_layer_sizes : sequence of int, default ()
        The predictor's hidden layers; with none it is logistic regression.
    adversary_hidden_layer_sizes : sequence of int, default ()
        The adversary's. Without any it compares means of z, and can miss groups that differ in spread.
    adversary_reads : {"output", "hidden"}
        "hidden": what enters the predictor's last layer stands in place of z.
    schedule : {"square_root", "constant"}
        In the first, α is multiplied by the square root of the epoch.
    learning_rate : float, default 0.01
        Adam's step size, for both networks.
    decay : float, default 0.2
        The predictor's step size is divided by ``1 + decay · (epoch − 1)``.
    warm_up : int, default 5
        Epochs before the first, in which the predictor learns alone and the adversary watches.
    epochs : int, default 50
        Passes over the rows after that.
    batch_size : int, optional
        The most rows of a batch. If left out, about 40 batches make an epoch, of 16 to 256 rows.
    random_state : None, int, Generator or RandomState
        For first weights and batches.

    Attributes
    ----------
    network_, adversary_ : Network
        The predictor and the adversary at the end.
    history_ : DataFrame, one row an epoch
        ``predictor_loss`` and ``adversary_loss``, means over batches, and the ``alpha`` in force (0 in the warm-up).
    groups_ : Index
        The groups.
    classes_ : ndarray, shape (2,)
        The labels; the second is y = 1.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Notes
    -----
    In the adversary's loss all groups count the same, with equalized odds within each label; so ``log(number of
    groups)`` is the loss of one that knows nothing. In the paper and in Fairlearn all people do, and a small group
    hardly counts unless α is large. Proj is taken over all of W at once, as in the paper.

    Hidden activations can shrink, and the last layer can undo that; a slow adversary then misses what a fresh one would
    find.

    The adversary needs the group in `fit` only. Leave it out of X: nothing else keeps it from the predictor. Scale the
    features. The game need not settle: look at `history_`, and train with several seeds.

    References
    ----------
    B. H. Zhang, B. Lemoine and M. Mitchell (2018), "Mitigating unwanted biases with adversarial learning", AIES.

    Examples
    --------
    The second feature tells the group, which the label depends on:

    >>> rng = np.random.default_rng(0)
    >>> group = np.repeat([0, 1], 500)
    >>> X = np.column_stack([rng.normal(size=1000), group + rng.normal(size=1000) / 2])
    >>> y = (X[:, 0] + group + rng.normal(size=1000) > 0.5).astype(int)
    >>> model = AdversarialDebiasing(alpha=0, projection=False, random_state=0).fit(X, y, sensitive_features=group)
    >>> [round(float(model.predict(X[group == a]).mean()), 1) for a in (0, 1)]
    [0.4, 0.6]
    >>> model = AdversarialDebiasing(random_state=0).fit(X, y, sensitive_features=group)
    >>> [round(float(model.predict(X[group == a]).mean()), 1) for a in (0, 1)]
    [0.5, 0.5]
    """

    def __init__(
        self,
        *,
        constraints: str = "demographic_parity",
        alpha: float = 1.0,
        projection: bool = True,
        hidden_layer_sizes: Sequence[int] = (),
        adversary_hidden_layer_sizes: Sequence[int] = (),
        adversary_reads: str = "output",
        schedule: str = "square_root",
        learning_rate: float = 0.01,
        decay: float = 0.2,
        warm_up: int = 5,
        epochs: int = 50,
        batch_size: int | None = None,
        random_state: Any = None,
    ) -> None:
        self.constraints = constraints
        self.alpha = alpha
        self.projection = projection
        self.hidden_layer_sizes = hidden_layer_sizes
        self.adversary_hidden_layer_sizes = adversary_hidden_layer_sizes
        self.adversary_reads = adversary_reads
        self.schedule = schedule
        self.learning_rate = learning_rate
        self.decay = decay
        self.warm_up = warm_up
        self.epochs = epochs
        self.batch_size = batch_size
        self.random_state = random_state

    def fit(
        self, X: Any, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> AdversarialDebiasing:
        """Train a new predictor against a new adversary.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Numbers of similar scale, without the sensitive columns.
        y : array-like, shape (n,)
            Labels of two classes; the second in order, such as 1, is the favourable one.
        sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
            Group labels; several features are crossed. With one group there is nothing to guess.
        sample_weight : array-like, shape (n,), optional
            What each row counts for in both losses.

        Raises
        ------
        ValueError
            If an option is unknown or out of its range, a group has weight 0 or lacks a label that the constraint asks
            for, there are not exactly two classes, or X is not a finite table.
        """
        self._check_parameters()
        features, labels = validate_data(self, X, y, dtype=np.float64)
        weights = weigh(sample_weight, len(features))
        columns = {"X": (X, features), "y": (y, labels), "sample_weight": (sample_weight, weights)}
        given = {name: with_index(*column) for name, column in columns.items()}
        check_same_people(given)
        check_two_classes(labels[weights > 0])
        self.classes_, target = check_two_classes(labels)
        codes, self.groups_ = encode(sensitive_features, given)
        group_weights(codes, weights, self.groups_)
        counted = adversary_weights(target, codes, weights, CONSTRAINTS[self.constraints], self.groups_)
        people = _People(features, target, codes, weights / weights.mean(), counted / weights.mean())
        for_batches, for_adversary = check_random_state(self.random_state).spawn(2)
        self.network_ = build_network(features.shape[1], self.hidden_layer_sizes, 1, for_batches)
        n_read = 1 if self.adversary_reads == "output" else self.hidden_layer_sizes[-1]
        n_in = 2 * n_read + 1 if self.constraints == "equalized_odds" else n_read
        self.adversary_ = build_network(n_in, self.adversary_hidden_layer_sizes, len(self.groups_), for_adversary)
        with threadpool_limits(limits=1, user_api="blas"):  # batches are too small to share among threads
            self._play(people, for_batches)
        return self

    def _play(self, people: _People, rng: np.random.Generator) -> None:
        predictor_adam, adversary_adam = Adam(self.learning_rate), Adam(self.learning_rate)
        n, history = len(people.target), []
        batch_size = int(np.clip(n / 40, 16, 256)) if self.batch_size is None else self.batch_size
        for epoch in range(1 - self.warm_up, self.epochs + 1):
            alpha = self.alpha * SCHEDULES[self.schedule](epoch) if epoch > 0 else 0.0
            predictor_adam.learning_rate = self.learning_rate / (1 + self.decay * max(epoch - 1, 0))
            losses = []
            for rows in batches(n, batch_size, rng):
                L_P, g, L_A, h = self._gradients(people.at(rows))
                self.adversary_.theta = adversary_adam.step(self.adversary_.theta, self.adversary_.gradient)
                step = against_adversary(g, h, alpha, projection=self.projection) if epoch > 0 else g
                self.network_.theta = predictor_adam.step(self.network_.theta, step)
                losses.append((L_P, L_A))
            history.append((epoch, *np.mean(losses, axis=0), alpha))
        columns = ["epoch", "predictor_loss", "adversary_loss", "alpha"]
        self.history_ = pd.DataFrame(history, columns=columns).set_index("epoch")

    def _gradients(self, batch: _People) -> tuple[float, Floats, float, Floats]:
        """Return L_P, g, L_A and h of a batch, and leave ∂L_A/∂U in the adversary."""
        network, adversary = self.network_, self.adversary_
        hidden = network.hidden(batch.features, train=True)
        z = network.layers[-1].forward(hidden, train=True)
        L_P, by_logits = logit_loss(z, batch.target, batch.weights)
        network.backward(by_logits)
        g = network.gradient
        by_label, read = self.constraints == "equalized_odds", z if self.adversary_reads == "output" else hidden
        guesses = adversary.forward(reading(read, batch.target, by_label), train=True)
        L_A, by_guesses = softmax_loss(guesses, batch.codes, batch.counted)
        by_read = reading_gradient(adversary.backward(by_guesses), batch.target, by_label)
        if self.adversary_reads == "output":
            network.backward(by_read)
        else:
            network.backward_from_hidden(by_read)
        return L_P, g, L_A, network.gradient

    def _check_parameters(self) -> None:
        check_option(self.constraints, "constraints", CONSTRAINTS)
        check_option(self.schedule, "schedule", SCHEDULES)
        check_option(self.adversary_reads, "adversary_reads", ("output", "hidden"))
        for name in ("hidden_layer_sizes", "adversary_hidden_layer_sizes"):
            check_sizes(getattr(self, name), name)
        if self.adversary_reads == "hidden" and len(self.hidden_layer_sizes) == 0:
            raise ValueError(
                "adversary_reads is 'hidden' and hidden_layer_sizes is empty: what enters the only layer are the "
                "features, which training cannot change. Give the predictor a hidden layer"
            )
        for name in ("alpha", "decay"):
            check_number(getattr(self, name), name, 0, np.inf, open_right=True)
        check_number(self.learning_rate, "learning_rate", 0, np.inf, open_left=True, open_right=True)
        check_whole(self.warm_up, "warm_up", least=0)
        check_whole(self.epochs, "epochs")
        if self.batch_size is not None:
            check_whole(self.batch_size, "batch_size")


class _People(NamedTuple):
    """Features, labels 0 and 1, groups, and what each counts for in the predictor's and in the adversary's loss."""

    features: Floats
    target: Floats
    codes: Integers
    weights: Floats
    counted: Floats

    def at(self, rows: Integers) -> _People:
        """Return these rows of every column."""
        return _People(self.features[rows], self.target[rows], self.codes[rows], self.weights[rows], self.counted[rows])
