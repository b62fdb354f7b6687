"""What a batch is to make small: the losses of its rows made one number, one entry each, and penalties on parameters.

An objective is stated as one formula, in ``total``, the sum of the losses of the rows, and ``count``, how many rows
there are. Its derivative by the loss of a row is found from it by the chain rule, and with it every gradient of the
batch: no entry states one. A penalty is stated as the term of one parameter ``theta``, summed over all on which it
acts (Goodfellow, Bengio, Courville, *Deep Learning*, 2016, section 7.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from flint import fmpq

from derive.expressions.tree import ONE, Expr, Name, Number, Quotient, children, rebuild, substitute
from derive.records import record

TOTAL, COUNT, PENALIZED, STRENGTH = "total", "count", "theta", "strength"
MAX_SIZES = 64
"""Of at most this many sizes of batches the formulas are kept."""
total, count = Name(TOTAL), Name(COUNT)


@record
class Objective:
    """How the losses of the rows of a batch become one, by its name in a spec.

    Attributes:
        formula: the batch's loss, in ``total`` and ``count``.
    """

    name: str
    formula: Expr

    def stated(self, count: int) -> tuple[Expr, Expr]:
        """The formula for so many rows, and its derivative by their total: both in ``total``."""
        return _stated(self, count)


@lru_cache(MAX_SIZES)
def _stated(objective: Objective, count: int) -> tuple[Expr, Expr]:
    formula = _undivided(substitute(objective.formula, {COUNT: Number(fmpq(count))}))
    if formula == total:
        return formula, ONE
    from derive.differentiate import derivative

    return formula, derivative(formula, TOTAL)


def _undivided(expr: Expr) -> Expr:
    """Without a division by 1: the mean of one row is that row's."""
    if isinstance(expr, Quotient) and expr.denominator == ONE:
        return _undivided(expr.numerator)
    parts = children(expr)
    return rebuild(expr, tuple(map(_undivided, parts))) if parts else expr


@record
class Penalty:
    """A part of the objective that is made of parameters alone.

    Attributes:
        term: of one parameter, in ``theta`` and ``strength``.
    """

    name: str
    term: Expr

    def of(self, strength: Expr, parameter: Expr) -> Expr:
        """The term of one parameter, the strength put in."""
        return substitute(self.term, {PENALIZED: parameter, STRENGTH: strength})


_ENTRIES = (
    Objective("mean", total / count),
    Objective("sum", total),
)

OBJECTIVES: Mapping[str, Objective] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
