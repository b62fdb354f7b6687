"""The vocabulary: functions, activations, losses, optimizers. One entry each, one table each."""

from derive.ops.activations import ACTIVATIONS, Activation
from derive.ops.functions import CONSTANTS, FUNCTIONS, Function, Piece
from derive.ops.losses import LOSSES, Branch, Loss
from derive.ops.optimizers import OPTIMIZERS, Optimizer

__all__ = [
    "ACTIVATIONS",
    "CONSTANTS",
    "FUNCTIONS",
    "LOSSES",
    "OPTIMIZERS",
    "Activation",
    "Branch",
    "Function",
    "Loss",
    "Optimizer",
    "Piece",
]
