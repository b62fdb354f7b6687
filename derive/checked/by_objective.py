"""The objective of a batch a second way: what the loss of a row counts in it, and penalties by differences.

Nothing here knows the formulas of :mod:`derive.ops.objectives` but the terms of penalties, whose values alone it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from flint import ctx, fmpq, fmpz

from derive.arithmetic.elementary import quotient
from derive.arithmetic.reals import Value
from derive.checked.kinks_held import HoldingCompiler, middle
from derive.expressions.tree import Name
from derive.network import Network

SHARES: Mapping[str, Callable[[Sequence[Value]], Value]] = MappingProxyType(
    {"mean": lambda losses: fmpq(1, len(losses)), "sum": lambda losses: fmpq(1)}
)
"""The derivative of the objective by the loss of a row, from the losses of all rows, by the name of the objective."""


def share(network: Network, samples: Sequence[Mapping[str, Value]]) -> Value:
    """The derivative of the objective by the loss of one of these rows."""
    return SHARES[network.spec.training.reduction]([values[network.output] for values in samples])


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


__all__ = ["penalty_slope", "share"]
