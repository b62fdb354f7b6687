"""The objective of a batch a second way: its value, what the loss of a row counts in it, penalties by differences.

Nothing here knows the formulas of :mod:`derive.ops.objectives` but the terms of penalties, whose values alone it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from flint import ctx, fmpq, fmpz

from derive.arithmetic.elementary import quotient
from derive.arithmetic.reals import Value
from derive.checked.kinks_held import HoldingCompiler, middle
from derive.expressions.evaluate import Compiler
from derive.expressions.tree import Name
from derive.network import Network


def _sum(losses: Sequence[Value]) -> Value:
    return sum(losses[1:], losses[0])


class Stated(NamedTuple):
    """An objective again: from the losses of all rows its value, and its derivative by the loss of one of them."""

    value: Callable[[Sequence[Value]], Value]
    share: Callable[[Sequence[Value]], Value]


OBJECTIVES_AGAIN: Mapping[str, Stated] = MappingProxyType(
    {
        "mean": Stated(lambda losses: _sum(losses) / fmpq(len(losses)), lambda losses: fmpq(1, len(losses))),
        "sum": Stated(_sum, lambda losses: fmpq(1)),
    }
)
"""By the name of the objective."""


def batch_loss(network: Network, losses: Sequence[Value], parameters: Mapping[str, Value]) -> Value:
    """The objective of some rows, from their losses, and from the parameters where there are penalties."""
    loss = OBJECTIVES_AGAIN[network.spec.training.reduction].value(losses)
    for penalty, strength in network.penalties:
        for name in network.penalized:
            term = penalty.of(strength.expression, Name(name))
            loss = loss + Compiler((name,), network.relu_at_zero).closure(term)((parameters[name],))
    return loss


def share(network: Network, samples: Sequence[Mapping[str, Value]]) -> Value:
    """The derivative of the objective by the loss of one of these rows."""
    losses = [values[network.output] for values in samples]
    return OBJECTIVES_AGAIN[network.spec.training.reduction].share(losses)


def penalty_slope(network: Network, name: str, value: Value) -> Value:
    """The derivative of all penalties by one parameter: central differences of their terms, kinks kept."""
    total: Value = fmpq(0)
    if name not in network.penalized:
        return total
    base, h = middle(value), fmpq(1, fmpz(2) ** (ctx.prec // 4))
    for penalty, strength in network.penalties:
        term = penalty.of(strength.expression, Name(name))
        closure = HoldingCompiler((name,), network.relu_at_zero, (value,)).closure(term)
        total = total + quotient(closure((base + h,)) - closure((base - h,)), 2 * h)
    return total


__all__ = ["batch_loss", "penalty_slope", "share"]
