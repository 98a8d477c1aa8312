"""What training takes: losses with their gradients, steps, and batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from evenodds.neural.layers import Floats

Integers = NDArray[np.intp]


def logit_loss(logits: Floats, y: Floats, weights: Floats) -> tuple[float, Floats]:
    """Return binary cross-entropy and its gradient by the logits.

    ``L = Σ w (log(1 + e^z) − y z) / Σ w``, the mean of ``−y log p − (1 − y) log(1 − p)`` at ``p = sigmoid(z)``, and
    ``∂L/∂z = w (p − y) / Σ w``. From logits it is exact where p would be rounded to 0 or 1.

    Parameters
    ----------
    logits : ndarray, shape (n, 1)
    y : ndarray, shape (n,)
        0 or 1.
    weights : ndarray, shape (n,)
        Not negative. Where all are 0, loss and gradient are 0.

    Examples
    --------
    >>> loss, gradient = logit_loss(np.array([[0.0], [1000.0]]), np.array([1.0, 1.0]), np.ones(2))
    >>> round(loss, 4), gradient.ravel().tolist()  # log(2) / 2; the second is certain and right
    (0.3466, [-0.25, 0.0])
    """
    z, share = logits[:, 0], _shares(weights)
    return float(share @ (np.logaddexp(0, z) - y * z)), (share * (expit(z) - y))[:, np.newaxis]


def softmax_loss(logits: Floats, codes: Integers, weights: Floats) -> tuple[float, Floats]:
    """Return the cross-entropy of several classes and its gradient by the logits.

    With ``p = softmax(logits)`` and a row's class a, ``L = −Σ w log p_a / Σ w`` and
    ``∂L/∂z_k = w (p_k − 1{k = a}) / Σ w``.

    Parameters
    ----------
    logits : ndarray, shape (n, k)
    codes : ndarray of int, shape (n,)
        Each row's class, 0 to k − 1.
    weights : ndarray, shape (n,)
        Not negative. Where all are 0, loss and gradient are 0.

    Examples
    --------
    >>> loss, gradient = softmax_loss(np.zeros((1, 4)), np.array([2]), np.ones(1))
    >>> round(loss, 4), gradient.tolist()  # log(4)
    (1.3863, [[0.25, 0.25, -0.75, 0.25]])
    """
    shifted, share, rows = logits - logits.max(axis=1, keepdims=True), _shares(weights), np.arange(len(codes))
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    gradient = np.exp(log_p)
    gradient[rows, codes] -= 1
    return -float(share @ log_p[rows, codes]), share[:, np.newaxis] * gradient


class Adam:
    """Steps against the gradient, each coordinate scaled by how large its gradients have been (Kingma and Ba 2015).

    ``m ← β₁ m + (1 − β₁) g``, ``v ← β₂ v + (1 − β₂) g²``, ``θ ← θ − η m̂ / (√v̂ + ε)``, where ``m̂ = m / (1 − β₁ᵗ)`` and
    ``v̂ = v / (1 − β₂ᵗ)`` make up for the start at 0.

    Examples
    --------
    >>> adam = Adam(0.1)
    >>> adam.step(np.array([1.0, 1.0]), np.array([0.5, -8.0])).round(4)  # the first step has length η everywhere
    array([0.9, 1.1])
    """

    def __init__(self, learning_rate: float, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.m: Floats | float = 0.0
        self.v: Floats | float = 0.0
        self.t = 0

    def step(self, theta: Floats, gradient: Floats) -> Floats:
        """Return the parameters after one step; those given stay as they are."""
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * gradient
        self.v = self.beta2 * self.v + (1 - self.beta2) * gradient**2
        m, v = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
        return theta - self.learning_rate * m / (np.sqrt(v) + self.epsilon)


def batches(n: int, batch_size: int, rng: np.random.Generator) -> Iterator[Integers]:
    """Yield the positions 0 to n − 1, shuffled, in batches that differ in size by one row at most."""
    yield from np.array_split(rng.permutation(n), -(-n // batch_size))


def _shares(weights: Floats) -> Floats:
    total = weights.sum()
    return weights / total if total > 0 else weights
