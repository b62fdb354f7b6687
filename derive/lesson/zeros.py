"""Formulas that are exactly 0 because of their factors, however the others are rounded."""

from __future__ import annotations

from collections.abc import Callable

from derive.expressions.tree import Expr, Name, Negative, Number, Power, Product, Quotient, Sum


def vanishes(expr: Expr, is_zero: Callable[[str], bool]) -> bool:
    """Whether every term has a factor that is exactly 0.

    >>> from derive.expressions.grammar import parse
    >>> vanishes(parse("a*b - c*a^2/d"), {"a"}.__contains__), vanishes(parse("a*b + c"), {"a"}.__contains__)
    (True, False)
    """
    match expr:
        case Name(name=name):
            return is_zero(name)
        case Number(value=value):
            return bool(value == 0)
        case Negative(operand=operand):
            return vanishes(operand, is_zero)
        case Quotient(numerator=above):
            return vanishes(above, is_zero)
        case Power(base=base, exponent=Number(value=exponent)):
            return exponent > 0 and vanishes(base, is_zero)
        case Product(factors=factors):
            return any(vanishes(factor, is_zero) for factor in factors)
        case Sum(terms=terms):
            return all(vanishes(term, is_zero) for term in terms)
        case _:
            return False
