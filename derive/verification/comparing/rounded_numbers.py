"""What the rounded numbers of a calculation mean, where rounding alone would let it agree with anything.

``0.6*100 - 59.5`` can be everything from -4.6 to 5.6. There every number is just what is written, or a quantity that
rounds to it: a number of the pass, an earlier one of the file, a part of the sides before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import product
from math import prod

from flint import fmpq

from derive.arithmetic.numbers import as_ball
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import ZERO, Value
from derive.expressions.tree import Expr, Number, walk
from derive.verification.comparing.chain import ChainSides
from derive.verification.comparing.identity import FIRST_BITS
from derive.verification.comparing.intervals import Interval, TooWide, enclosure, remembered
from derive.verification.comparing.numerals import size_of
from derive.verification.comparing.side import ScalarSide
from derive.verification.points.ingredients import samples_in
from derive.verification.reading.written_number import digits_of, unit_of

WIDE = fmpq(1, 3)
"""A calculation that is known to a larger part of the number beside it proves nothing."""
MAGNIFIED = 20
"""This many units of the coarsest number in a calculation are more than adding and multiplying make of them."""
MEANINGFUL = 2
"""A number with so many digits to which a quantity rounds was hardly written for nothing."""
MAX_MEANINGS = 64
"""At most this many combinations of what the numbers of a calculation mean are tried one by one."""
MAX_OF_A_FILE = 4000
"""At most this many of a whole file."""


def is_wide(span: Interval, beside: Interval) -> bool:
    """Whether an interval is so wide that it proves nothing beside another one."""
    size = size_of(as_ball(beside.low + beside.high)) / 2
    return not as_ball(span.high - span.low) < size * WIDE


def meanings(sides: ChainSides, i: int) -> tuple[Interval, ...]:
    """What a side can be where its numbers mean something."""
    expr, file = sides.sides[i].expr, sides.judge
    assert expr is not None
    parts = parts_before(sides, i)
    numbers = [part for part in walk(expr) if isinstance(part, Number)]
    meant = remembered(lambda number: sides.reading.meant(number, parts))
    choices = [meant(number) for number in numbers]
    magnified = _is_magnified(sides.span(i), numbers)
    if not magnified and all(_is_meaningful(sides, number, len(meant(number))) for number in numbers):
        return (sides.span(i),)
    count = prod(map(len, choices))
    file.meanings += min(count, MAX_MEANINGS)
    if not magnified or count > MAX_MEANINGS or file.meanings > MAX_OF_A_FILE:
        choices = [(reduce(Interval.hull, spans),) for spans in choices]
    found = []
    for spans in product(*choices):
        at = {id(number): span for number, span in zip(numbers, spans, strict=True)}

        def read(number: Number, at: Mapping[int, Interval] = at) -> Interval:
            return at[id(number)]

        found.append(sides.span_in(i, file.worlds, lambda worlds: worlds.truth, read))
    return tuple(found)


def _is_magnified(span: Interval, numbers: Sequence[Number]) -> bool:
    """Whether a side is known by far worse than the numbers in it."""
    unit = max((unit for number in numbers if (unit := unit_of(number.written)) is not None), default=ZERO)
    return bool(as_ball(span.high - span.low) > unit * MAGNIFIED)


def _is_meaningful(sides: ChainSides, number: Number, count: int) -> bool:
    return sides.reading.part(number).is_point or (count > 1 and digits_of(number.written) >= MEANINGFUL)


def parts_before(sides: ChainSides, i: int) -> tuple[Interval, ...]:
    """What the parts of the sides before a side are, names included, and the samples of a batch."""
    found = _samples(sides)
    for said, problem in zip(sides.sides[:i], sides.problems, strict=False):
        if problem is None and said.number is None and said.expr is not None and not sides.is_free_side(said):
            try:
                _meet_parts(sides, said, found.append)
            except (OutsideDomain, Undecided, TooWide):
                continue
    return tuple(found)


def _samples(sides: ChainSides) -> list[Interval]:
    name = sides.sides[sides.subject].subject
    if name is None:
        return []
    worlds = sides.judge.worlds
    try:
        with precision(FIRST_BITS):
            return [Interval.point(value) for value in samples_in(worlds.truth, worlds.addresses[name])]
    except (OutsideDomain, Undecided):
        return []


def value_before(sides: ChainSides, part: Expr) -> Value | None:
    """The value of a part of a side at the spec's numbers; None where its own numbers are rounded."""
    found: list[Interval] = []
    try:
        _meet_parts(sides, ScalarSide(part), found.append)
    except (OutsideDomain, Undecided, TooWide):
        return None
    return found[-1].low if found and found[-1].is_point else None


def _meet_parts(sides: ChainSides, said: ScalarSide, met: Callable[[Interval], None]) -> None:
    assert said.expr is not None

    def told(_: Expr, __: tuple[Interval, ...], found: Interval) -> None:
        met(found)

    with precision(FIRST_BITS):
        world = sides.judge.worlds.truth
        relu_at_zero = sides.judge.network.relu_at_zero
        enclosure(said.expr, lambda name: Interval.point(world.value(name)), sides.reading.part, relu_at_zero, told)


__all__ = ["is_wide", "meanings", "parts_before", "remembered", "value_before"]
