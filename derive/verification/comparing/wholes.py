"""Whole numbers in a formula that stand for quantities: ``delta1_1 = w2_11*4`` after ``delta2_1 = 4``.

What an earlier right line gave exactly may be put in for its name. The formula is then looked at with the name in the
number's place; which quantity is meant, where several have this number, is tried, the nearest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, product

from derive.expressions.tree import Expr, Name, Negative, Number, Power, children, rebuild
from derive.verification.comparing.numerals import Numerals
from derive.verification.comparing.side import ScalarSide
from derive.verification.reading.written_number import unit_of

MAX_QUANTITIES = 8
"""At most this many quantities that have a number are tried for it."""
MAX_READINGS_OF_TWO = 200
"""At most this many readings of two sides together."""


def put_back(
    one: ScalarSide, other: ScalarSide, numerals: Numerals, distance: Callable[[str], int]
) -> Sequence[tuple[ScalarSide, ScalarSide]]:
    """Two sides with names for some of their whole numbers, in every way that earlier lines allow.

    ``distance`` is how far a quantity is from what the sides are about.
    """
    choices = [_choices(said, numerals, distance) for said in (one, other)]
    options = [*choices[0], *choices[1]]
    if all(len(values) == 1 for values in options):
        return ()
    count = len(choices[0])
    nearest = tuple(values[min(1, len(values) - 1)] for values in options)
    ways = islice(chain((nearest,), product(*options)), MAX_READINGS_OF_TWO)
    return [(_with(one, way[:count]), _with(other, way[count:])) for way in ways]


def _choices(said: ScalarSide, numerals: Numerals, distance: Callable[[str], int]) -> list[list[Expr]]:
    """For each whole number of a side, in their order, what it may be: the number itself, a name, its negative."""
    found: list[list[Expr]] = []
    for number in _wholes(said.expr) if said.expr is not None else ():
        given = sorted(numerals.latest(number.value), key=lambda entry: distance(entry[0]))
        quantities = [Negative(Name(name)) if negative else Name(name) for name, negative in given[:MAX_QUANTITIES]]
        found.append([number, *quantities])
    return found


def _wholes(expr: Expr) -> Iterator[Number]:
    """The whole numbers of an expression; an exponent is no quantity."""
    if isinstance(expr, Number):
        if unit_of(expr.written) is None:
            yield expr
        return
    for part in (expr.base,) if isinstance(expr, Power) else children(expr):
        yield from _wholes(part)


def _with(said: ScalarSide, chosen: Sequence[Expr]) -> ScalarSide:
    """The side with these in place of its whole numbers."""
    return ScalarSide(_rebuilt(said.expr, iter(chosen))) if said.expr is not None and chosen else said


def _rebuilt(expr: Expr, chosen: Iterator[Expr]) -> Expr:
    if isinstance(expr, Number):
        return next(chosen) if unit_of(expr.written) is None else expr
    if isinstance(expr, Power):
        return Power(_rebuilt(expr.base, chosen), expr.exponent)
    parts = children(expr)
    return rebuild(expr, tuple(_rebuilt(part, chosen) for part in parts)) if parts else expr


__all__ = ["put_back"]
