"""Which rows of the data a batch has, and how what they give becomes one: mean or sum."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from derive.arithmetic.elementary import quotient
from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr, Number, Quotient, plus
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


def reduced(network: Network, terms: Sequence[Expr]) -> Expr:
    """The samples' quantities summed, and divided by their number where the reduction is the mean."""
    total = plus(*terms)
    return Quotient(total, Number(fmpq(len(terms)))) if _divides(network, len(terms)) else total


def reduced_number(network: Network, values: Sequence[Value]) -> Value:
    """The same of numbers: the fast path, without a tree of as many terms as there are samples."""
    total = sum(values[1:], values[0])
    return bounded(quotient(total, fmpq(len(values))) if _divides(network, len(values)) else total)


def _divides(network: Network, count: int) -> bool:
    return count > 1 and network.spec.training.reduction == "mean"


__all__ = ["batch_of", "reduced", "reduced_number"]
