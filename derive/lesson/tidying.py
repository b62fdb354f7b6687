"""Formulas of the table once parameters are put in: what a person would not write is left out.

>>> from derive.expressions.grammar import parse
>>> tidied(parse("1*exp(z) + 0*x"))
Call('exp', z)
"""

from __future__ import annotations

from flint import fmpq

from derive.expressions.evaluate import evaluate
from derive.expressions.fold import fold
from derive.expressions.tree import Expr, Number, Product, Sum, names_in, plus, rebuild, times


def tidied(expr: Expr) -> Expr:
    """Factors 1 and terms 0 left out, once parameters are put in; numbers stay as they are written."""

    def tidy(here: Expr, parts: tuple[Expr, ...]) -> Expr:
        match here:
            case Product(leading_zero=False):
                return times(*parts)
            case Sum():
                return plus(*parts)
            case _:
                return rebuild(here, parts) if parts else here

    return fold(expr, tidy)


def settled(piece: Expr) -> Expr:
    """A branch with its parameters put in; where that leaves sums of numbers, their value."""
    piece = tidied(piece)
    if isinstance(piece, Sum) and not names_in(piece):
        value = evaluate(piece, {})
        return Number(value) if type(value) is fmpq and value >= 0 else piece
    return piece
