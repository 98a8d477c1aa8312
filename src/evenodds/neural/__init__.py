"""Small neural networks, from scratch: every step of training can be read.

`layers` has what a layer does forwards and backwards, `network` puts layers in a row and their parameters in one
vector, `training` has losses, Adam and batches, and `mlp` the classifier made of all that. Plain numpy: no graph is
recorded, each layer knows its own derivative, and the tests compare all of them with finite differences.
"""

from evenodds.neural.mlp import MLP
from evenodds.neural.network import Network, build_network
from evenodds.neural.training import Adam, batches, logit_loss, softmax_loss

__all__ = ["MLP", "Adam", "Network", "batches", "build_network", "logit_loss", "softmax_loss"]
