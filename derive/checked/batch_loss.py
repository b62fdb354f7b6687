"""The loss of a batch from the losses of its rows: a statement of the second opinion's own.

It takes from the network what the spec says of a batch, nothing from the run or its equations.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.network import Network


def batch_loss(network: Network, losses: Sequence[Value]) -> Value:
    """The mean or the sum of the losses of some rows, at least one."""
    total, *others = losses
    for loss in others:
        total = total + loss
    return total / fmpq(len(losses)) if network.spec.training.reduction == "mean" else total
