"""Numbers that look exact and may be rounded: ``1/3*(148 + 4 + 548)`` after ``≈``, ``1.000`` for 0.99999.


A whole number after ``≈`` stands for what rounds to it, and so does a decimal of the spec to which a computed quantity
rounds. Neither is taken for everything between its ends: each is just what is written, or a quantity that rounds to it,
so that a wrong number remains wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from flint import fmpq

from derive.expressions.grammar import exact
from derive.expressions.tree import Constant, Expr, Name, Number, Power, Quotient, children, walk
from derive.numbers import Number as Value
from derive.numbers import OutsideDomain, Undecided
from derive.rounding import Policy
from derive.verification.intervals import Interval
from derive.verification.meaning import MOST_MEANINGS, MOST_OF_A_FILE, is_wide, parts_before
from derive.verification.numerals import SLIPS_FROM, digits_of, is_decimal, last_place, unit_of
from derive.verification.world import World, Worlds

if TYPE_CHECKING:
    from derive.verification.sides import Sides

MOST_ONES = 8
"""So many quantities that were rounded to 1 are tried for a 1."""
MOST_NUMBERS = 24
"""A calculation with more numbers that may be rounded is taken as it is written."""


def as_rounded(sides: Sides, i: int, beside: Interval) -> Interval | None:
    """A side with quantities for numbers that round to them, so that it agrees with another one; None where none does.

    What is found holds the side as it is written, too: the chain goes on from either.
    """
    expr = sides.sides[i].expr
    if expr is None or sides.sides[i].number is not None:
        return None
    numbers = [number for number in _numbers(expr) if _is_doubtful(sides, i, number)]
    if not 0 < len(numbers) <= MOST_NUMBERS:
        return None
    parts = [part.low for part in parts_before(sides, i) if part.is_point]
    for nearby in (False, True):
        choices = [_choices(sides, i, number, parts, nearby=nearby) for number in numbers]
        found = _agreeing(sides, i, numbers, choices, beside) if any(len(c) > 1 for c in choices) else None
        if found is not None:
            return found
    return None


def _numbers(expr: Expr) -> Iterator[Number]:
    """The numbers of a calculation that may be quantities: no exponent, and no part of a fraction of whole numbers."""
    match expr:
        case Number():
            yield expr
        case Power(base=base) if not isinstance(base, Constant):
            yield from _numbers(base)
        case Quotient(numerator=Number(written=top), denominator=Number(written=bottom)) if not (
            unit_of(top) or unit_of(bottom)
        ):
            return
        case _:
            for part in children(expr):
                yield from _numbers(part)


def _is_doubtful(sides: Sides, i: int, number: Number) -> bool:
    """Whether a number looks exact, and may be rounded all the same."""
    if number.value == 0 or _is_rounded(sides, number):
        return False
    return is_decimal(number) or _asks_for_digits(sides, i) or _has_the_digits(sides, i, number)


def _asks_for_digits(sides: Sides, i: int) -> bool:
    return "~" in sides.line.signs[max(i - 1, 0) : i + 1]


def _has_the_digits(sides: Sides, i: int, number: Number) -> bool:
    """Whether a whole number has the digits of the rounded decimals beside it: 1232 beside 233.0."""
    fewest = min((digits_of(decimal.written) for decimal in _rounded(sides, i)), default=0)
    return fewest > 0 and digits_of(number.written) >= max(fewest, SLIPS_FROM)


def _rounded(sides: Sides, i: int) -> list[Number]:
    """The decimals of a side that are surely rounded."""
    expr = sides.sides[i].expr
    decimals = (part for part in walk(expr) if isinstance(part, Number) and is_decimal(part)) if expr else ()
    return [decimal for decimal in decimals if _is_rounded(sides, decimal)]


def _is_rounded(sides: Sides, number: Number) -> bool:
    """Whether a number is read as all that rounds to it."""
    span, unit = sides.reading.part(number), last_place(number.written)
    return not span.is_point and bool(span.high - span.low >= unit)


def _is_alone(sides: Sides, i: int) -> bool:
    """Whether nothing but a name stands before a side, so that nobody knows what its numbers are."""
    return all(isinstance(said.expr, Name) for said in sides.sides[:i])


def _choices(sides: Sides, i: int, number: Number, parts: Sequence[Value], *, nearby: bool) -> list[Interval]:
    """What a number may be: itself, or a quantity that rounds to it."""
    reading = sides.reading
    sizes = reading.roundings(number, parts, nearby=nearby and _is_alone(sides, i))
    fine = bool(sizes) and _is_as_fine(number, _rounded(sides, i))
    found = [
        size
        for size in sizes
        if (fine and not reading.stands_in_the_spec(size)) or _is_printed_so(sides, size, number.value)
    ]
    found += _ones(sides, nearby=nearby) if _is_one(number) else []
    return [reading.part(number), *map(Interval.point, found)]


def _ones(sides: Sides, *, nearby: bool) -> list[Value]:
    """The quantities that earlier lines rounded to 1: those that the chain names, or any (``nearby``)."""
    addresses = sides.judge.worlds.addresses
    named = {addresses[name] for name in sides.reading.names}
    ones = sides.judge.numerals.ones
    return [ones[name] for name in ones if nearby or addresses[name] in named][:MOST_ONES]


def _is_one(number: Number) -> bool:
    return number.value == 1 and not is_decimal(number)


def _is_as_fine(number: Number, beside: Sequence[Number]) -> bool:
    """Whether a number has as many digits, or as many decimals, as one of the rounded decimals beside it.

    A 1 or a 0.6 beside 0.4148 is hardly a rounded one.
    """
    if not beside:
        return True
    digits, unit = digits_of(number.written), last_place(number.written)
    return any(digits_of(one.written) <= digits or last_place(one.written) >= unit for one in beside)


def _is_printed_so(sides: Sides, size: Value, number: fmpq) -> bool:
    """Whether the spec's own digits make this number of a quantity."""
    numbers = sides.judge.network.spec.numbers
    try:
        shown = Policy(numbers.kind, numbers.digits).shown(size)
    except (OutsideDomain, Undecided):
        return False
    return exact(shown.text) == number


def _agreeing(
    sides: Sides, i: int, numbers: Sequence[Number], choices: Sequence[Sequence[Interval]], beside: Interval
) -> Interval | None:
    """The side in all readings of its numbers that meet another one, and as it is written."""
    count = prod(map(len, choices))
    sides.judge.meanings += min(count, MOST_MEANINGS)
    if count > MOST_MEANINGS or sides.judge.meanings > MOST_OF_A_FILE:
        choices = [(reduce(Interval.hull, spans),) for spans in choices]
    found: Interval | None = None
    for spans in product(*choices):
        at = {id(number): span for number, span in zip(numbers, spans, strict=True)}
        span = sides.span_in(i, sides.judge.worlds, _truth, lambda n, at=at: at.get(id(n)) or sides.reading.part(n))  # type: ignore[misc]
        if span.meets(beside) and not is_wide(span, beside):
            found = span if found is None else found.hull(span)
    return None if found is None else found.hull(sides.span(i))


def _truth(worlds: Worlds) -> World:
    return worlds.truth


__all__ = ["as_rounded"]
