"""What is made of rational numbers only, reckoned out: the threshold of a kink put into the formula of a branch.

>>> from derive.expressions.grammar import parse
>>> from derive.expressions.print_text import ascii
>>> ascii(reckoned(parse("(2*3 + 3)/6 + alpha*exp(0)")))
'3/2 + alpha'
"""

from __future__ import annotations

from functools import reduce
from operator import mul

from flint import fmpq

from derive.expressions.fold import fold
from derive.expressions.tree import (
    ONE,
    ZERO,
    Call,
    Expr,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    as_expr,
    plus,
    rebuild,
    times,
)


def reckoned(expr: Expr) -> Expr:
    """A formula with what is made of rational numbers reckoned out: 2·3 + 1 is 7, e^0 is 1, 1/6 stays a fraction."""

    def reckon(here: Expr, parts: tuple[Expr, ...]) -> Expr:
        whole = rebuild(here, parts) if parts else here
        if isinstance(here, Call) and here.function == "exp" and parts == (ZERO,):
            return ONE
        if isinstance(here, Number) or not parts:
            return here
        numbers = [rational(part) for part in parts]
        if any(number is None for number in numbers):
            return _tidy(whole)
        value = _result(here, numbers)  # type: ignore[arg-type]
        return whole if value is None else fraction(value)

    return fold(expr, reckon)


def _tidy(expr: Expr) -> Expr:
    """Factors 1 and terms 0 left out."""
    match expr:
        case Product(leading_zero=False, factors=factors):
            return times(*factors)
        case Sum(terms=terms):
            return plus(*terms)
        case _:
            return expr


def rational(expr: Expr) -> fmpq | None:
    """The number that is written: 3, -3 or -1/3; None for anything else."""
    match expr:
        case Number(value=value):
            return value
        case Negative(operand=operand):
            inner = rational(operand)
            return None if inner is None else -inner
        case Quotient(numerator=Number(value=top), denominator=Number(value=bottom)) if bottom:
            return top / bottom
        case _:
            return None


def _result(here: Expr, numbers: list[fmpq]) -> fmpq | None:
    match here:
        case Sum():
            return sum(numbers, fmpq(0))
        case Product():
            return reduce(mul, numbers)
        case Quotient() if numbers[1]:
            return numbers[0] / numbers[1]
        case Negative():
            return -numbers[0]
        case _:
            return None


def fraction(value: fmpq) -> Expr:
    """A rational number as a person writes it: a whole number, or a fraction, with its sign in front."""
    size = abs(value)
    whole = as_expr(int(size.numerator))
    written = whole if size.denominator == 1 else Quotient(whole, as_expr(int(size.denominator)))
    return Negative(written) if value < 0 else written
