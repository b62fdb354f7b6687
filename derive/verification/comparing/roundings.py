"""Numbers that look exact and may be rounded: ``1/3*(148 + 4 + 548)`` after ``≈``, ``1.000`` for 0.99999.


A whole number after ``≈`` stands for what rounds to it, and so does a decimal of the spec to which a computed quantity
rounds. Neither is taken for everything between its ends: each is just what is written, or a quantity that rounds to it,
so that a wrong number remains wrong.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import reduce
from itertools import product
from math import prod
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy
from derive.expressions.grammar import exact
from derive.expressions.tree import Call, Constant, Expr, Name, Number, Power, Quotient, children, walk
from derive.verification.comparing.chain import ChainSides
from derive.verification.comparing.in_place import in_place
from derive.verification.comparing.intervals import Interval
from derive.verification.comparing.numerals import SLIPS_FROM
from derive.verification.comparing.rounded_numbers import MAX_OF_A_FILE, is_wide, parts_before, value_before
from derive.verification.points.point import Point, Points
from derive.verification.reading.written_number import digits_of, is_decimal, last_place

MAX_ONES = 8
"""At most this many quantities that were rounded to 1 are tried for a 1."""
MAX_READINGS_OF_A_SIDE = 128
"""At most this many readings of one side."""
MAX_NUMBERS = 40
"""A calculation with at most this many numbers that may be rounded; one with more is taken as it is written."""


def as_rounded(sides: ChainSides, i: int, beside: Interval) -> Interval | None:
    """A side with quantities for numbers that round to them, so that it agrees with another one; None where none does.

    What is found holds the side as it is written, too: the chain goes on from either. A number is the part of an
    earlier side in whose place it stands, or else one of the quantities that the chain names, or one of the same pass.
    """
    expr = sides.sides[i].expr
    if expr is None or sides.sides[i].number is not None or sides.sides[i].names:
        return None  # what stands among names is a part of a formula
    numbers = [number for number in _numbers(expr, _fractions(sides, i)) if _is_doubtful(sides, i, number)]
    if not 0 < len(numbers) <= MAX_NUMBERS:
        return None
    parts = [part.low for part in parts_before(sides, i) if part.is_point]
    for ways in (_put_in(sides, i, numbers), _named(sides, i, numbers, parts), _nearby(sides, i, numbers, parts)):
        found = _agreeing(sides, i, numbers, ways, beside)
        if found is not None:
            return found
    return None


Ways: TypeAlias = Sequence[Sequence[Interval]]
"""For each number, what it may be."""


def _put_in(sides: ChainSides, i: int, numbers: Sequence[Number]) -> Ways:
    """Each number as the part of an earlier side in whose place it stands."""
    expr = sides.sides[i].expr
    places: dict[int, Expr] = {}
    for said in sides.sides[:i]:
        if expr is not None and said.expr is not None and said.number is None and not isinstance(said.expr, Name):
            places.update((id(number), part) for number, part in in_place(expr, said.expr))
    at = [number for number in numbers if id(number) in places]
    values = {id(number): value_before(sides, places[id(number)]) for number in at}
    return [_one(sides, i, number, values.get(id(number))) for number in numbers]


def _one(sides: ChainSides, i: int, number: Number, value: Value | None) -> Sequence[Interval]:
    found = _rounding_to(sides, i, number, [] if value is None else [value], named=False)
    return found[:1] or [sides.reading.part(number)]


def _named(sides: ChainSides, i: int, numbers: Sequence[Number], parts: Sequence[Value]) -> Ways:
    """Each number as it is written, or as a quantity that the chain names, or a part of an earlier side."""
    addresses = sides.judge.worlds.addresses
    named = {addresses[name] for name in sides.reading.names}
    ones = [value for name, value in sides.judge.numerals.ones.items() if addresses[name] in named]
    return [_or_rounded(sides, i, number, parts, ones) for number in numbers]


def _nearby(sides: ChainSides, i: int, numbers: Sequence[Number], parts: Sequence[Value]) -> Ways:
    """The same, or as any quantity of the same pass, where only a name stands before the side."""
    ones = list(sides.judge.numerals.ones.values())[:MAX_ONES]
    alone = all(isinstance(said.expr, Name) for said in sides.sides[:i])
    found = []
    for number in numbers:
        reach = last_place(number.written) / 2
        near = sides.reading.near(number.value, reach) if alone else ()
        found.append(_or_rounded(sides, i, number, [*parts, *near], ones))
    return found


def _or_rounded(
    sides: ChainSides, i: int, number: Number, parts: Sequence[Value], ones: Sequence[Value]
) -> Sequence[Interval]:
    own = sides.reading.part(number)
    found = _rounding_to(sides, i, number, parts, named=True)
    if number.value == 1 and not is_decimal(number):
        found += map(Interval.point, ones)
    return [own, *(span for span in found if not span.meets(own))]


def _numbers(expr: Expr, fixed: Container[Expr]) -> Iterator[Number]:
    """The numbers of a calculation that may be quantities: no exponent, and no part of a ``fixed`` fraction."""
    match expr:
        case Number():
            yield expr
        case Power(base=base) if not isinstance(base, Constant):
            yield from _numbers(base, fixed)
        case Quotient() if expr in fixed:
            return
        case Call():
            for part in children(expr):
                yield from _numbers(part, ())
        case _:
            for part in children(expr):
                yield from _numbers(part, fixed)


def _fractions(sides: ChainSides, i: int) -> Container[Expr]:
    """The fractions that stand in the sides before a side, too: 1/3 of a mean is no rounded number."""
    before = (said.expr for said in sides.sides[:i] if said.expr is not None)
    return {part for expr in before for part in walk(expr) if isinstance(part, Quotient)}


def _is_doubtful(sides: ChainSides, i: int, number: Number) -> bool:
    """Whether a number looks exact, and may be rounded all the same."""
    if number.value == 0 or _is_rounded(sides, number):
        return False
    return is_decimal(number) or _asks_for_digits(sides, i) or _has_the_digits(sides, i, number)


def _asks_for_digits(sides: ChainSides, i: int) -> bool:
    return "~" in sides.line.signs[max(i - 1, 0) : i + 1]


def _has_the_digits(sides: ChainSides, i: int, number: Number) -> bool:
    """Whether a whole number has the digits of the rounded decimals beside it: 1232 beside 233.0."""
    fewest = min((digits_of(decimal.written) for decimal in _rounded(sides, i)), default=0)
    return fewest > 0 and digits_of(number.written) >= max(fewest, SLIPS_FROM)


def _rounded(sides: ChainSides, i: int) -> list[Number]:
    """The decimals of a side that are surely rounded."""
    expr = sides.sides[i].expr
    decimals = (part for part in walk(expr) if isinstance(part, Number) and is_decimal(part)) if expr else ()
    return [decimal for decimal in decimals if _is_rounded(sides, decimal)]


def _is_rounded(sides: ChainSides, number: Number) -> bool:
    """Whether a number is read as all that rounds to it."""
    span, unit = sides.reading.part(number), last_place(number.written)
    return not span.is_point and bool(span.high - span.low >= unit)


def _rounding_to(sides: ChainSides, i: int, number: Number, parts: Sequence[Value], *, named: bool) -> list[Interval]:
    """The quantities that a number may be rounded from."""
    reading = sides.reading
    sizes = reading.roundings(number, parts, named=named)
    fine = bool(sizes) and _is_as_fine(number, _rounded(sides, i))
    given = number.value != 1 and not is_decimal(number)
    return [
        Interval.point(size)
        for size in sizes
        if (fine and (given or not reading.stands_in_the_spec(size))) or _is_printed_so(sides, size, number.value)
    ]


def _is_as_fine(number: Number, beside: Sequence[Number]) -> bool:
    """Whether a number has as many digits, or as many decimals, as one of the rounded decimals beside it.

    A 1 or a 0.6 beside 0.4148 is hardly a rounded one.
    """
    if not beside:
        return True
    digits, unit = digits_of(number.written), last_place(number.written)
    return any(digits_of(one.written) <= digits or last_place(one.written) >= unit for one in beside)


def _is_printed_so(sides: ChainSides, size: Value, number: fmpq) -> bool:
    """Whether the spec's own digits make this number of a quantity."""
    numbers = sides.judge.network.spec.numbers
    try:
        shown = Policy(numbers.kind, numbers.digits).shown(size)
    except (OutsideDomain, Undecided):
        return False
    return exact(shown.text) == number


def _agreeing(sides: ChainSides, i: int, numbers: Sequence[Number], ways: Ways, beside: Interval) -> Interval | None:
    """The side in all readings of its numbers that meet another one, and as it is written."""
    count = prod(map(len, ways))
    sides.judge.roundings += min(count, MAX_READINGS_OF_A_SIDE)
    if count > MAX_READINGS_OF_A_SIDE or sides.judge.roundings > MAX_OF_A_FILE:
        ways = [(reduce(Interval.hull, spans),) for spans in ways]
    found: Interval | None = None
    for spans in product(*ways):
        at = {id(number): span for number, span in zip(numbers, spans, strict=True)}
        span = sides.span_in(i, sides.judge.worlds, _truth, lambda n, at=at: at.get(id(n)) or sides.reading.part(n))  # type: ignore[misc]
        if span.meets(beside) and not is_wide(span, beside):
            found = span if found is None else found.hull(span)
    return None if found is None else found.hull(sides.span(i))


def _truth(worlds: Points) -> Point:
    return worlds.truth


__all__ = ["as_rounded"]
