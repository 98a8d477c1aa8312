"""Layers in a row, and their parameters as one vector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evenodds.neural.layers import BatchNorm, Dense, Dropout, Floats, Layer, ReLU


class Network:
    """Layers in a row; the last is dense, and what enters it are the hidden activations.

    Parameters
    ----------
    layers : sequence of Layer

    Examples
    --------
    >>> network = build_network(3, (4,), 1, np.random.default_rng(0))
    >>> len(network.theta)  # 3 × 4 + 4 weights and biases, then 4 + 1
    21
    >>> x = np.array([[0.0, 0.0, 0.0]])
    >>> network.forward(x).shape, network.hidden(x).shape
    ((1, 1), (1, 4))
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)

    def forward(self, x: Floats, train: bool = False) -> Floats:
        """Return the last layer's output, shape (n, outputs)."""
        return self.layers[-1].forward(self.hidden(x, train), train)

    def hidden(self, x: Floats, train: bool = False) -> Floats:
        """Return what enters the last layer."""
        for layer in self.layers[:-1]:
            x = layer.forward(x, train)
        return x

    def backward(self, gradient: Floats) -> Floats:
        """From the loss's gradient by the last `forward`'s output to all others; return the one by its input."""
        return self._backward_below(self.layers[-1].backward(gradient))

    def backward_from_hidden(self, gradient: Floats) -> Floats:
        """The same for a loss of the hidden activations, from its gradient by them; the last layer's are 0."""
        self.layers[-1].gradients = [np.zeros_like(p) for p in self.layers[-1].parameters]
        return self._backward_below(gradient)

    def _backward_below(self, gradient: Floats) -> Floats:
        for layer in reversed(self.layers[:-1]):
            gradient = layer.backward(gradient)
        return gradient

    @property
    def theta(self) -> Floats:
        """All parameters, copied into one vector; to assign to it writes them back."""
        return np.concatenate([p.ravel() for layer in self.layers for p in layer.parameters])

    @theta.setter
    def theta(self, theta: Floats) -> None:
        _write(theta, [p for layer in self.layers for p in layer.parameters])

    @property
    def gradient(self) -> Floats:
        """The gradient by `theta` that the last `backward` left."""
        return np.concatenate([g.ravel() for layer in self.layers for g in layer.gradients])

    @property
    def is_weight(self) -> Floats:
        """1 for the entries of `theta` that are weights of a dense layer, which a penalty shrinks; else 0."""
        return np.concatenate(
            [
                np.full(p.size, float(isinstance(layer, Dense) and p is layer.parameters[0]))
                for layer in self.layers
                for p in layer.parameters
            ]
        )

    @property
    def state(self) -> Floats:
        """All that `forward` depends on outside training, copied into one vector: parameters and running averages.

        To assign to it brings the network back to where it was.
        """
        return np.concatenate([part.ravel() for layer in self.layers for part in (*layer.parameters, *layer.memory)])

    @state.setter
    def state(self, state: Floats) -> None:
        _write(state, [part for layer in self.layers for part in (*layer.parameters, *layer.memory)])


def build_network(
    n_in: int,
    hidden_layer_sizes: Sequence[int],
    n_out: int,
    rng: np.random.Generator,
    *,
    batch_norm: bool = False,
    dropout: float = 0.0,
) -> Network:
    """Dense, batch norm, ReLU and dropout for each hidden layer, and a dense layer at the end."""
    layers: list[Layer] = []
    for size in hidden_layer_sizes:
        layers.append(Dense(n_in, size, rng))
        if batch_norm:
            layers.append(BatchNorm(size))
        layers.append(ReLU())
        if dropout:
            layers.append(Dropout(dropout, rng))
        n_in = size
    return Network([*layers, Dense(n_in, n_out, rng)])


def _write(vector: Floats, parts: Sequence[Floats]) -> None:
    """Copy consecutive pieces of a vector into arrays."""
    values, size = np.asarray(vector, dtype=float), sum(part.size for part in parts)
    if values.shape != (size,):
        raise ValueError(f"the vector has shape {values.shape}; this network needs ({size},)")
    start = 0
    for part in parts:
        part[...] = values[start : start + part.size].reshape(part.shape)
        start += part.size
