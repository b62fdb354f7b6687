"""The vocabulary: activations, losses, optimizers. One entry each, one table each."""

from derive.ops.activations import ACTIVATIONS, Activation
from derive.ops.losses import LOSSES, Branch, Loss
from derive.ops.optimizers import OPTIMIZERS, Optimizer

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "OPTIMIZERS",
    "Activation",
    "Branch",
    "Loss",
    "Optimizer",
]
