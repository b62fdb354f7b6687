"""Whether two sides of a chain agree: as formulas near the spec's values, or as numbers there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import product
from typing import Literal

from flint import fmpq

from derive.arithmetic.numbers import is_tiny, is_zero
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.rounding import SMALLEST_WRITTEN
from derive.verification.comparing.chain import ChainSides, NoValue, TooHard, at_the_spec
from derive.verification.comparing.identity import FIRST_BITS, LAST_BITS, as_fine_as_its_parts, bits_of, identical
from derive.verification.comparing.intervals import Interval, Reader, as_written
from derive.verification.comparing.rounded_numbers import is_wide, meanings
from derive.verification.comparing.side import ScalarSide
from derive.verification.comparing.wholes import put_back
from derive.verification.points.ingredients import given_in, parts_of
from derive.verification.points.point import NONE_HELD, Held

UNWRITTEN = frozenset({fmpq(1), fmpq(-1)})
NOTHING: frozenset[str] = frozenset()
MAX_PUT_BACK = 2000
"""At most this many formulas of one file are looked at with names in place of whole numbers."""
MAX_DEEP = 100
"""At most this many comparisons of one file may take some thousand digits."""
AGAIN = 4
"""A comparison that was made before has its values already: so many of them count as one."""


class Compared(ChainSides):
    """The sides of one chain of scalars, two by two."""

    def identical(self, one: int, other: int) -> bool:
        """Whether two sides are equal near the spec's values.

        A whole number that an earlier line gave to a quantity may stand for it.
        """
        first, second = self.sides[one], self.sides[other]
        judge = self.judge
        if not identical(judge.formula(first), judge.formula(second), judge.worlds, self.held(one, other)):
            return self._identical_once_put_back(one, other)
        bits = self.bits(one, other) if first.expr != second.expr else 0
        if bits <= FIRST_BITS:
            return True
        return identical(judge.formula(first), judge.formula(second), judge.worlds, self.held(one, other), bits)

    def _identical_once_put_back(self, one: int, other: int) -> bool:
        """Whether two sides, equal at the spec's values, are equal near them with names in place of whole numbers."""
        judge = self.judge
        pairs = put_back(self.sides[one], self.sides[other], judge.numerals, self._distance(one, other))
        if not pairs or not self._equal(one, other):
            return False
        for first, second in pairs:
            if judge.put_back >= MAX_PUT_BACK:
                return False
            judge.put_back += 1
            held = self._held_by(first, put_in=True) | self._held_by(second, put_in=True)
            try:
                if identical(judge.formula(first), judge.formula(second), judge.worlds, held):
                    return True
            except (OutsideDomain, Undecided):
                continue
        return False

    def _distance(self, one: int, other: int) -> Callable[[str], int]:
        """How far a quantity is from two sides: named in them, in the step of one that is, or anywhere."""
        addresses = self.judge.worlds.addresses
        named = frozenset((*self.sides[one].names, *self.sides[other].names, *self.sides[self.subject].names))
        near = {part for name in named for part in parts_of(self.judge.network, addresses[name])}

        def distance(name: str) -> int:
            address = addresses[name]
            return 0 if name in named else 1 if (address.of, address.by) in near else 2

        return distance

    def _equal(self, one: int, other: int) -> bool:
        try:
            return self.agrees(one, other)
        except (NoValue, TooHard):
            return False

    def held(self, one: int, other: int) -> Held:
        """The inputs and parameters that keep their values in a comparison, because these are written there."""
        return self._held_by(self.sides[one]) | self._held_by(self.sides[other])

    def _held_by(self, said: ScalarSide, *, put_in: bool = False) -> Held:
        """What a side holds: what it does not name itself, and whose value is written among its names.

        Beside numbers that were put in, 1 and -1 are written by no factor or a sign; 0 only by a 0 in the chain.
        """
        worlds = self.judge.worlds
        written = said.wholes
        if not written:
            return NONE_HELD
        if put_in or any(value in worlds.given for value in written - UNWRITTEN):
            names = dict.fromkeys((*self.sides[self.subject].names, *said.names))
            given = [value for name in names for value in given_in(worlds.truth, worlds.addresses[name])]
            written |= {unit for unit in UNWRITTEN if any(type(value) is fmpq and value == unit for value in given)}
        if self._has_a_zero:
            written |= {fmpq(0)}
        named = {worlds.addresses[name].of for name in said.names if worlds.addresses[name].kind in ("value", "rate")}
        return frozenset((name, value) for value in written for name in worlds.given.get(value, NOTHING) - named)

    @cached_property
    def _has_a_zero(self) -> bool:
        """Whether a 0 is written in the chain."""
        return any(0 in said.wholes or (said.number is not None and said.number.value == 0) for said in self.sides)

    def agrees(self, one: int, other: int) -> bool:
        """Whether two sides are one number, as far as their numbers are written."""
        if self.says_nothing(other) and self.nothing(one) != "no":
            return True
        if not self.meet(one, other, self.span(other), self.reader(other)):
            return False
        pairs = product(self.firm(one, self.span(other)), self.firm(other, self.span(one)))
        return any(first.meets(second) for first, second in pairs)

    def firm(self, i: int, beside: Interval) -> tuple[Interval, ...]:
        """What a side can be, beside a number that it is compared with.

        Where it is so wide that it proves nothing, its numbers must mean something.
        """
        said, span = self.sides[i], self.span(i)
        if said.number is not None or not said.decimals or span.is_point or not is_wide(span, beside):
            return (span,)
        if i not in self._meanings:
            self._meanings[i] = meanings(self, i)
        return self._meanings[i]

    def meet(self, one: int, other: int, span: Interval, reader: Reader) -> bool:
        """Whether some number is in both sides, the second of which is ``span`` when it is read like this.

        Where balls cannot tell, with bits enough for every part of them.
        """
        first, digits_only = self.span(one), "~" in self.line.signs[max(other - 1, 0) : other]
        if not first.meets(span):
            return digits_only and is_tiny(first.gap(span), SMALLEST_WRITTEN)  # nobody may write the difference
        if first.surely_meets(span):
            return True
        try:
            bits = self.bits(one, other)
        except TooHard:
            if digits_only:
                return True  # no precision tells them apart
            raise
        if bits <= FIRST_BITS:
            return True
        first = self.span_in(one, self.judge.worlds, at_the_spec, self.reader(one), bits)
        return first.meets(self.span_in(other, self.judge.worlds, at_the_spec, reader, bits))

    def bits(self, one: int, other: int) -> int:
        """The precision that shows every part of two sides beside every other one.

        Raises:
            TooHard: where it is too much.
        """
        exprs = [expr for i in (one, other) if (expr := self.sides[i].expr) is not None]
        try:
            bits = bits_of(tuple(exprs), self.judge.worlds)
        except Undecided:
            if self._as_fine(one, other):
                return FIRST_BITS
            raise TooHard from None
        if bits > FIRST_BITS:
            self.pay(("bits", bits.bit_length()), 1 + bits // LAST_BITS)
        if bits > LAST_BITS:
            pair = exprs[0], exprs[-1]
            times = self.judge.compared[pair] = self.judge.compared.get(pair, 0) + 1
            self.judge.deep += times % AGAIN == 1
        if self.judge.deep > MAX_DEEP:
            raise TooHard
        return bits

    def _as_fine(self, one: int, other: int) -> bool:
        """Whether two sides that agree do so in every part of them, though a sum of these takes too many bits."""
        first, second = self.sides[one], self.sides[other]
        if first.expr is None or second.expr is None or self.is_free(one) or self.is_free(other):
            return False
        try:
            return as_fine_as_its_parts(self.judge.formula(first), self.judge.formula(second), self.judge.worlds)
        except (OutsideDomain, Undecided):
            return False

    def says_nothing(self, i: int) -> bool:
        """Whether a side is the number 0, or a calculation that gives just that with the numbers that are written."""
        said = self.sides[i]
        if said.number is not None or said.names:
            return said.number is not None and said.number.value == 0
        try:
            span = self.span_in(i, self.judge.worlds, at_the_spec, as_written)
        except (OutsideDomain, Undecided):
            return False
        return span.is_point and is_zero(span.low)

    def nothing(self, i: int) -> Literal["no", "zero", "tiny", "either"]:
        """Whether a side is 0, or so tiny that 0 may be written for it, or one of both and nothing proves which.

        Tiny is what is smaller than 10 to minus :data:`~derive.arithmetic.numbers.BOUND_DIGITS`.
        """
        span = self.span(i)
        if not span.is_point:
            return "no"
        end = span.low
        if type(end) is not fmpq and not end > 0 and not end < 0:
            end = self.span_in(i, self.judge.worlds, at_the_spec, bits=LAST_BITS).low
        if is_zero(end):
            return "zero"
        if not is_tiny(end):
            return "no"
        return "tiny" if end > 0 or end < 0 else "either"

    def shows(self, one: int, other: int) -> bool:
        """Whether a difference of two sides is one that a person could see, and have made."""
        try:
            return self.bits(one, other) <= LAST_BITS
        except TooHard:
            return False
