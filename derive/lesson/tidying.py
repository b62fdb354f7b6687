"""Formulas of the table once parameters are put in: what a person would not write is left out.

>>> from derive.expressions.grammar import parse
>>> tidied(parse("1*exp(z) + 0*x"))
Call('exp', z)
"""

from __future__ import annotations

from flint import fmpq

from derive.expressions.evaluate import evaluate
from derive.expressions.fold import fold
from derive.expressions.reckon import fraction, reckoned
from derive.expressions.tree import Expr, Negative, Number, Product, Sum, names_in, plus, rebuild, times


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
    """A branch with its parameters put in; where that leaves a formula of numbers, their value."""
    piece = tidied(piece)
    if names_in(piece):
        return piece
    if isinstance(piece, Negative) and isinstance(piece.operand, Number) and piece.operand.value:
        return piece  # as it is written: -0.75
    if not isinstance(piece, Sum):
        return reckoned(piece)
    value = evaluate(piece, {})
    if type(value) is not fmpq or value < 0:
        return piece
    return Number(value) if has_decimal(value) else fraction(value)


def has_decimal(value: fmpq) -> bool:
    """Whether a rational number has a decimal that ends: 1/8 has, 1/6 has none."""
    return not 10 ** int(value.denominator).bit_length() % int(value.denominator)
