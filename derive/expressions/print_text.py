"""Tree to plain text: what a person types, with no more brackets than needed.

>>> from derive.expressions.grammar import parse
>>> ascii(parse("((1))/((1 + exp(-(z)))) - (a*b)"))
'1/(1 + exp(-z)) - a*b'

Reading the text again gives an equal tree; only a rational that has no decimal (1/3 as one number) comes back
as a quotient, and the mark ``leading_zero`` is not written.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from flint import fmpq, fmpz

from derive.expressions.fold import fold
from derive.expressions.tree import (
    Call,
    Constant,
    Derivative,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)


class Level(IntEnum):
    """How tightly the outermost operation binds."""

    SUM = 0
    SIGN = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


class _Written(NamedTuple):
    text: str
    level: Level
    product: bool = False  # a product proper, not a quotient: a*b in brackets stays one factor

    def at(self, level: Level) -> str:
        """The text, in brackets unless it binds at least as tightly as ``level``."""
        return self.text if self.level >= level else f"({self.text})"


def ascii(expr: Expr) -> str:  # noqa: A001
    """The expression in the author's order, as the grammar reads it."""
    return fold(expr, _write).text


def decimal(value: fmpq) -> str | None:
    """A terminating decimal in full; None if there is none (or a very long one).

    >>> decimal(fmpq(1, 8)), decimal(fmpq(1, 3))
    ('0.125', None)
    """
    top, bottom = int(value.numerator), int(value.denominator)
    twos = (bottom & -bottom).bit_length() - 1
    rest, fives = bottom >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > 400:
        return None
    digits = str(fmpz(abs(top)) * fmpz(10) ** places // bottom).rjust(places + 1, "0")
    shown = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{shown}" if top < 0 else shown


def _write(here: Expr, parts: tuple[_Written, ...]) -> _Written:
    match here:
        case Number():
            return _number(here)
        case Name(name=name) | Constant(name=name):
            return _Written(name, Level.ATOM)
        case Sum():
            return _sum(parts)
        case Product() if len(parts) == 1:
            return parts[0]
        case Product():
            first = f"({parts[0].text})" if parts[0].product else parts[0].at(Level.PRODUCT)
            return _Written("*".join((first, *(p.at(Level.POWER) for p in parts[1:]))), Level.PRODUCT, product=True)
        case Quotient():
            return _Written(f"{parts[0].at(Level.PRODUCT)}/{parts[1].at(Level.POWER)}", Level.PRODUCT)
        case Power():
            return _Written(f"{parts[0].at(Level.ATOM)}^{parts[1].at(Level.POWER)}", Level.POWER)
        case Negative():
            return _Written(f"-{parts[0].at(Level.PRODUCT)}", Level.SIGN)
        case Call(function=function):
            return _Written(f"{function}({', '.join(p.text for p in parts)})", Level.ATOM)
        case Derivative(by=by):
            return _Written(f"d/d{by} [{parts[0].text}]", Level.ATOM)
        case _:
            raise TypeError(type(here).__name__)


def _number(number: Number) -> _Written:
    if number.written:
        return _Written(number.written, Level.ATOM)
    shown = decimal(number.value)
    if shown is not None:
        return _Written(shown, Level.SIGN if shown.startswith("-") else Level.ATOM)
    return _Written(str(number.value), Level.SIGN if number.value < 0 else Level.PRODUCT)


def _sum(parts: tuple[_Written, ...]) -> _Written:
    """Terms with their signs; a term that is itself a sum keeps its brackets."""
    shown = [parts[0].at(Level.SIGN)]
    shown += [f" - {p.text[1:]}" if p.level is Level.SIGN else f" + {p.at(Level.SIGN)}" for p in parts[1:]]
    return _Written("".join(shown), Level.SUM if len(parts) > 1 else Level.SIGN)
