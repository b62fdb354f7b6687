"""The sides of a chain at the spec's values: what each can be, and whether two of them agree."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Literal, Self, TypeAlias

from flint import fmpq

from derive.network import Network
from derive.numbers import TOO_LARGE, OutsideDomain, Undecided, is_tiny, is_zero
from derive.numbers import Number as Value
from derive.rounding import SMALLEST_WRITTEN
from derive.verification.believing import Crowd
from derive.verification.identity import (
    FIRST_BITS,
    LAST_BITS,
    Formula,
    as_fine_as_its_parts,
    bits_of,
    decided,
    identical,
)
from derive.verification.ingredients import Computed, given_in, parts_of
from derive.verification.intervals import Interval, Reader, TooWide, as_written, enclosure
from derive.verification.judgement import Note
from derive.verification.meaning import is_wide, meanings, remembered
from derive.verification.numerals import SLIPS_FROM, Numerals, Reading, digits_of, numerals_of, size_of, unit_of
from derive.verification.printed import printed_numbers
from derive.verification.said import Said
from derive.verification.share import Share
from derive.verification.wholes import put_back
from derive.verification.world import NONE_HELD, Address, Held, NoQuantity, World, Worlds

Sign: TypeAlias = Literal["=", "~"]

UNWRITTEN = frozenset({fmpq(1), fmpq(-1)})
NOTHING: frozenset[str] = frozenset()
MOST_PUT_BACK = 2000
"""So many formulas of one file are looked at with names in place of whole numbers."""
PER_RELATION = 8
"""What every relation costs, in names, numbers and operations."""
MOST_DEEP = 100
"""So many comparisons of one file may take some thousand digits."""


class NoValue(ArithmeticError):
    """A side has no real value at the spec's numbers; says what has none."""


class TooHard(ArithmeticError):
    """No precision decides a comparison."""


@dataclass(frozen=True, slots=True)
class Line:
    """One chain of scalars; ``signs[i]`` stands between ``sides[i]`` and ``sides[i + 1]``."""

    sides: tuple[Said, ...]
    signs: tuple[Sign, ...]


@dataclass(slots=True)
class File:
    """What the chains of one file share: earlier lines say what later numbers stand for.

    Attributes:
        rounded: the decimals that right lines wrote for a quantity last, and what is true.
        share: the work that the file may make.
    """

    network: Network
    worlds: Worlds
    numerals: Numerals
    computed: Computed
    formulas: dict[object, Formula] = field(default_factory=dict)
    deep: int = 0
    rounded: Crowd = field(default_factory=Crowd)
    meanings: int = 0
    put_back: int = 0
    share: Share = field(default_factory=Share)

    @classmethod
    def of(cls, network: Network) -> Self:
        """A file of which nothing is read yet."""
        numerals = numerals_of(network)
        for name, number, true, negative in printed_numbers(network):
            numerals.learn(name, number, true, negative=negative)
        worlds = Worlds(network)
        return cls(network, worlds, numerals, Computed(worlds.truth.passes))

    def another(self) -> Self:
        """Another file about the same network."""
        return type(self)(self.network, self.worlds, self.numerals.another(), self.computed, self.formulas)

    def formula(self, said: Said) -> Formula:
        """The side as a function of a world."""
        found = self.formulas.get(said.expr)
        if found is None:
            assert said.expr is not None
            if len(self.formulas) > 10_000:
                self.formulas.clear()
            found = self.formulas[said.expr] = Formula(said.expr, self.worlds)
        return found


class Sides:
    """The sides of one chain of scalars.

    Attributes:
        subject: the number of the side that the chain is about: the first that names a quantity, else the first.
        step: after how many updates its quantities are, at most.
    """

    def __init__(self, judge: File, line: Line) -> None:
        judge.share.take(PER_RELATION * len(line.signs) + sum(said.size for said in line.sides))
        self.judge = judge
        self.line = line
        self.sides = line.sides
        self._spans: list[Interval | NoValue | TooHard | None] = [None] * len(line.sides)
        self._meanings: dict[int, tuple[Interval, ...]] = {}
        self.problems = [self._problem(said) for said in line.sides]
        readable = [i for i, problem in enumerate(self.problems) if problem is None]
        named = [i for i in readable if self.sides[i].names]
        self.subject = (named or readable or [0])[0]
        self.about_quantity = bool(named)
        self._pay_for_truth()
        judge.worlds.toll = self.pay
        self.reading = self._reading(readable)

    # What a side is

    def _problem(self, said: Said) -> Note | None:
        if said.expr is None:
            return Note("unreadable", {"problem": said.problem, "hint": said.hint})
        try:
            for name in said.names:
                self.judge.worlds.addresses[name]
        except NoQuantity as error:
            return Note("unreadable", {"problem": str(error), "hint": ""})
        return None

    def _reading(self, readable: Sequence[int]) -> Reading:
        names = dict.fromkeys(name for i in readable for name in self.sides[i].names)
        computed: list[Value] = []
        named: list[Value] = []
        new: list[Value] = []
        if any(self.sides[i].decimals for i in readable):
            worlds = self.judge.worlds
            for name in names:
                address = worlds.addresses[name]
                if worlds.is_given(address):
                    named.extend(map(size_of, self._valued(name)))
                else:
                    values = self._valued(name)
                    computed += values
                    new += values if self._is_new(name, address) else []
                    named.extend(map(size_of, given_in(worlds.truth, address)))
        exact = frozenset(value for value in named if type(value) is fmpq)
        return Reading(self.judge.numerals, frozenset(names), tuple(computed), exact, tuple(new), self._near)

    def _is_new(self, name: str, address: Address) -> bool:
        """Whether the chain is the update of this parameter: its new value is no part of its own calculation."""
        own = name == self.sides[self.subject].subject
        return own and address.kind == "value" and address.of in self.judge.network.start

    def _near(self, value: fmpq, reach: fmpq) -> tuple[Value, ...]:
        """The computed numbers of the pass that the chain is about that are as near to a number as ``reach``."""
        name = self.sides[self.subject].subject
        return () if name is None else self.judge.computed.near(self.judge.worlds.addresses[name], value, reach)

    def _valued(self, name: str) -> list[Value]:
        try:
            return [decided(lambda: self.judge.worlds.truth.value(name))]
        except (OutsideDomain, Undecided):
            return []

    def is_free(self, i: int) -> bool:
        """Whether a side speaks of a variable that is no quantity."""
        return self.is_free_side(self.sides[i])

    def is_free_side(self, said: Said) -> bool:
        """Whether what is said speaks of such a variable."""
        return self.judge.worlds.addresses.any_free(said.names)

    def size(self, left: int, i: int) -> int:
        """How many names, numbers and operations two sides are made of."""
        return self.sides[left].size + self.sides[i].size

    def symbolic(self, left: int, i: int) -> bool:
        """Whether two sides are compared identically: names and no decimals on both, or a rule in z."""
        both = self.sides[left].symbolic and self.sides[i].symbolic
        return both or self.is_free(left) or self.is_free(i)

    def span(self, i: int) -> Interval:
        """What a side can be at the spec's values.

        Raises:
            NoValue, TooHard: where it is nothing.
        """
        found = self._spans[i]
        if found is None:
            try:
                found = self.span_in(i, self.judge.worlds, at_the_spec)
            except OutsideDomain as error:
                found = TooHard() if error.verdict == TOO_LARGE else NoValue(f"{error} {error.verdict}")
            except Undecided:
                found = TooHard()
            self._spans[i] = found
        if isinstance(found, Interval):
            return found
        raise found

    def span_in(
        self, i: int, worlds: Worlds, world: Callable[[Worlds], World], reader: Reader | None = None, bits: int = 0
    ) -> Interval:
        """What a side can be in another world; with so many ``bits`` at least."""
        expr = self.sides[i].expr
        assert expr is not None
        relu_at_zero = self.judge.network.relu_at_zero

        def compute(read: Reader) -> Interval:
            def attempt() -> Interval:
                here = world(worlds)
                named = here.with_residue
                return enclosure(expr, lambda name: Interval.point(named(name)), read, relu_at_zero).settled()

            return decided(attempt, bits)

        try:
            return compute(reader or self.reader(i))
        except TooWide:
            return compute(as_written)

    def reader(self, i: int) -> Reader:
        if self.sides[i].number is None:
            return remembered(self.reading.part)
        approximate = "~" in self.line.signs[max(i - 1, 0) : i + 1]
        return lambda number: self.reading.result(number, approximate=approximate)

    # Whether two sides agree

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
            if judge.put_back >= MOST_PUT_BACK:
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

    def _held_by(self, said: Said, *, put_in: bool = False) -> Held:
        """What a side holds: what it does not name itself, and whose value is written among its names.

        Beside numbers that were put in, 1 and -1 are written by no factor or a sign; 0 only by a 0 in the chain.
        """
        worlds = self.judge.worlds
        written = said.wholes
        if not written:
            return NONE_HELD
        if put_in or not written.isdisjoint(worlds.given.keys() - UNWRITTEN):
            names = dict.fromkeys((*self.sides[self.subject].names, *said.names))
            given = (value for name in names for value in given_in(worlds.truth, worlds.addresses[name]))
            steps = {value for value in given if type(value) is fmpq}
            written |= UNWRITTEN & steps
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
            self.judge.deep += 1
        if self.judge.deep > MOST_DEEP:
            raise TooHard
        return bits

    def _pay_for_truth(self) -> None:
        """The passes that the chain's quantities take, and their rows."""
        addresses, share, network = self.judge.worlds.addresses, self.judge.share, self.judge.network
        readable = (said for said, problem in zip(self.sides, self.problems, strict=True) if problem is None)
        named = [addresses[name] for said in readable for name in said.names]
        self.step = max((address.step for address in named), default=0)
        self.pay("truth")
        for place in {(address.step, address.row) for address in named} if len(network.rows) > 1 else ():
            share.row(network, *place)

    def pay(self, reason: Hashable, times: int = 1) -> None:
        """Passes up to the chain's step are made so many times, for a reason that may have been there before.

        Raises:
            Spent: where they are too much for one file.
        """
        self.judge.share.passes(self.judge.network, reason, self.step, times)

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

        Tiny is what is smaller than 10 to minus :data:`BOUND_DIGITS`.
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

    def forgiven(self, i: int) -> fmpq | None:
        """One unit of the last place of a number with digits enough; more where the spec itself rounds every step."""
        number = self.sides[i].number
        unit = unit_of(number.written) if number is not None and digits_of(number.written) >= SLIPS_FROM else None
        return None if unit is None else unit * self.judge.numerals.slack


def at_the_spec(worlds: Worlds) -> World:
    """The world at the spec's values."""
    return worlds.truth
