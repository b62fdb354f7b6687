"""The vocabulary: activations, losses, objectives, optimizers, kinds of layers. One entry each, one table each."""

from derive.ops.activations import ACTIVATIONS, Activation
from derive.ops.layers import LAYER_KINDS, LayerKind
from derive.ops.losses import LOSSES, Branch, Loss
from derive.ops.objectives import OBJECTIVES, Objective, Penalty
from derive.ops.optimizers import OPTIMIZERS, Optimizer

__all__ = [
    "ACTIVATIONS",
    "LAYER_KINDS",
    "LOSSES",
    "OBJECTIVES",
    "OPTIMIZERS",
    "Activation",
    "Branch",
    "LayerKind",
    "Loss",
    "Objective",
    "Optimizer",
    "Penalty",
]
