"""Which rows of the data a batch has, and how what they give becomes one: mean or sum."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from derive.arithmetic.elementary import quotient
from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import Value
from derive.expressions.tree import ONE, Expr, Number, Quotient, plus
from derive.network import Network


def batch_of(network: Network, step: int) -> tuple[int, ...]:
    """The rows (from 1) of the batch at a step: iteration ``step + 1``'s; before the first and after the last, all.

    Iteration k takes the next ``batch_size`` rows, from the top again after the last.
    """
    count, training = len(network.rows), network.spec.training
    if step < 0 or (step >= training.iterations and training.learning_rate is not None):
        return tuple(range(1, count + 1))
    size = min(training.batch_size or count, count)
    first = step % -(-count // size) * size
    return tuple(range(first + 1, min(first + size, count) + 1))


def reduced(network: Network, terms: Sequence[Expr], *, count: int | None = None, factor_first: bool = False) -> Expr:
    """The samples' quantities summed, and divided by their number where the reduction is the mean.

    ``count``: how many there are, where a term stands for several; ``factor_first``: written as 1/n times the sum.
    """
    total, count = plus(*terms), len(terms) if count is None else count
    if not is_divided(network, count):
        return total
    divisor = Number(fmpq(count))
    return Quotient(ONE, divisor) * total if factor_first else Quotient(total, divisor)


def reduced_number(network: Network, values: Sequence[Value]) -> Value:
    """The same of numbers: the fast path, without a tree of as many terms as there are samples."""
    total = sum(values[1:], values[0])
    return bounded(quotient(total, fmpq(len(values))) if is_divided(network, len(values)) else total)


def is_divided(network: Network, count: int) -> bool:
    """Whether the sum over so many samples is divided by their number."""
    return count > 1 and network.spec.training.reduction == "mean"


__all__ = ["batch_of", "is_divided", "reduced", "reduced_number"]
