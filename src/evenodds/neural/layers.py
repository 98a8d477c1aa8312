"""Layers of a network: what each does to a batch of rows, and what it does to a gradient on the way back.

``forward(x, train)`` takes a batch, shape (n, d), and remembers what its `backward` will need. ``backward(gradient)``
takes the gradient of a loss by the layer's output, leaves those by its parameters in `gradients`, and returns the one
by its input. Both follow the chain rule and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Layer:
    """What every layer has.

    Attributes
    ----------
    parameters : sequence of ndarray
        What is learned; the arrays themselves, to be changed in place.
    gradients : sequence of ndarray
        The loss's gradient by each parameter, after `backward`.
    memory : sequence of ndarray
        What training keeps without learning it by gradients.
    """

    parameters: Sequence[Floats] = ()
    gradients: Sequence[Floats] = ()
    memory: Sequence[Floats] = ()

    def forward(self, x: Floats, train: bool) -> Floats:
        raise NotImplementedError

    def backward(self, gradient: Floats) -> Floats:
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        """All but what the last batch left: a stored network holds nobody's features."""
        return {name: value for name, value in vars(self).items() if name[0] != "_" and name != "gradients"}


class Dense(Layer):
    """Every output is a weighted sum of all inputs and a bias: ``x W + b``.

    Weights start normal with variance ``2 / n_in`` (He et al. 2015), which keeps the size of what ReLUs pass on;
    biases start at 0.
    """

    def __init__(self, n_in: int, n_out: int, rng: np.random.Generator) -> None:
        self.weights = rng.normal(size=(n_in, n_out)) * np.sqrt(2 / n_in)
        self.bias = np.zeros(n_out)
        self.parameters = [self.weights, self.bias]

    def forward(self, x: Floats, train: bool) -> Floats:
        self._x = x
        return x @ self.weights + self.bias

    def backward(self, gradient: Floats) -> Floats:
        self.gradients = [self._x.T @ gradient, gradient.sum(axis=0)]
        return gradient @ self.weights.T


class ReLU(Layer):
    """What is negative becomes 0: ``max(x, 0)``."""

    def forward(self, x: Floats, train: bool) -> Floats:
        self._passes = x > 0
        return x * self._passes

    def backward(self, gradient: Floats) -> Floats:
        return gradient * self._passes


class BatchNorm(Layer):
    """Each column gets a learned mean and spread: ``γ (x − μ) / √(σ² + ε) + β`` (Ioffe and Szegedy 2015).

    In training, μ and σ² are the batch's mean and variance, and running averages of them are kept. Otherwise they are
    these averages, so that what one person gets does not depend on who else is asked about.
    """

    def __init__(self, n: int, *, momentum: float = 0.1, epsilon: float = 1e-5) -> None:
        self.momentum, self.epsilon = momentum, epsilon
        self.gamma, self.beta = np.ones(n), np.zeros(n)
        self.mean, self.variance = np.zeros(n), np.ones(n)
        self.parameters = [self.gamma, self.beta]
        self.memory = [self.mean, self.variance]

    def forward(self, x: Floats, train: bool) -> Floats:
        mean, variance = (x.mean(axis=0), x.var(axis=0)) if train else (self.mean, self.variance)
        if train:
            self.mean += self.momentum * (mean - self.mean)
            self.variance += self.momentum * (variance - self.variance)
        self._by_batch, self._spread = train, np.sqrt(variance + self.epsilon)
        self._z = (x - mean) / self._spread
        return self.gamma * self._z + self.beta

    def backward(self, gradient: Floats) -> Floats:
        z = self._z
        self.gradients = [(gradient * z).sum(axis=0), gradient.sum(axis=0)]
        by_z = gradient * self.gamma
        if self._by_batch:  # the batch's mean and variance depend on x as well
            by_z = by_z - by_z.mean(axis=0) - z * (by_z * z).mean(axis=0)
        return by_z / self._spread


class Dropout(Layer):
    """In training each entry is set to 0 with probability `rate`, and the others grow by ``1 / (1 − rate)``.

    So the expected value stays. Otherwise nothing is changed (Srivastava et al. 2014).
    """

    def __init__(self, rate: float, rng: np.random.Generator) -> None:
        self.rate, self.rng = rate, rng

    def forward(self, x: Floats, train: bool) -> Floats:
        self._factor = (self.rng.random(x.shape) >= self.rate) / (1 - self.rate) if train else np.float64(1)
        return x * self._factor

    def backward(self, gradient: Floats) -> Floats:
        return gradient * self._factor
