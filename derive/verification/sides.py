"""The sides of a chain at the spec's values: what each can be, and whether two of them agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, Self, TypeAlias

from flint import fmpq

from derive.network import Network
from derive.numbers import Number as Value
from derive.numbers import OutsideDomain, Undecided, is_tiny, is_zero
from derive.verification.identity import (
    FIRST_BITS,
    LAST_BITS,
    Formula,
    as_fine_as_its_parts,
    bits_of,
    decided,
    identical,
)
from derive.verification.ingredients import Computed, given_in
from derive.verification.intervals import Interval, Reader, TooWide, as_written, enclosure
from derive.verification.judgement import Note
from derive.verification.meaning import is_wide, meanings, remembered
from derive.verification.numerals import SLIPS_FROM, Numerals, Reading, digits_of, numerals_of, size_of, unit_of
from derive.verification.printed import printed_numbers
from derive.verification.said import Said
from derive.verification.world import Address, NoQuantity, World, Worlds

Sign: TypeAlias = Literal["=", "~"]

UNWRITTEN = frozenset({fmpq(0), fmpq(1), fmpq(-1)})
ORDINARY = 200
"""So many names, numbers and operations are an ordinary line."""
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
        checked: of how many relations it was asked whether they go on from those.
    """

    network: Network
    worlds: Worlds
    numerals: Numerals
    computed: Computed
    formulas: dict[object, Formula] = field(default_factory=dict)
    deep: int = 0
    rounded: dict[Address, tuple[fmpq, Value]] = field(default_factory=dict)
    checked: int = 0
    meanings: int = 0

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
    """

    def __init__(self, judge: File, line: Line) -> None:
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

    def work(self, left: int, i: int) -> int:
        """How much work it is to look at two sides once more, beside an ordinary line."""
        return 1 + (self.sides[left].size + self.sides[i].size) // ORDINARY

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
                found = NoValue(f"{error} {error.verdict}")
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
        """Whether two sides are equal near the spec's values."""
        first, second = self.sides[one], self.sides[other]
        judge = self.judge
        held = self.held(one, other)
        if not identical(judge.formula(first), judge.formula(second), judge.worlds, held):
            return False
        bits = self.bits(one, other) if first.expr != second.expr else 0
        return bits <= FIRST_BITS or identical(judge.formula(first), judge.formula(second), judge.worlds, held, bits)

    def held(self, one: int, other: int) -> frozenset[fmpq]:
        """The values that inputs and parameters keep, because they are written there.

        Beside numbers that were put in, 1 and -1 are written by no factor or a sign, and 0 by nothing at all.
        """
        worlds = self.judge.worlds
        written = self.sides[one].wholes | self.sides[other].wholes
        if written.isdisjoint(worlds.given - UNWRITTEN):
            return written
        names = dict.fromkeys(name for i in (self.subject, one, other) for name in self.sides[i].names)
        given = (value for name in names for value in given_in(worlds.truth, worlds.addresses[name]))
        steps = {value for value in given if type(value) is fmpq}
        return written | {value for value in UNWRITTEN if value in steps}

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
        first = self.span(one)
        if not first.meets(span) or first.surely_meets(span):
            return first.meets(span)
        try:
            bits = self.bits(one, other)
        except TooHard:
            if "~" in self.line.signs[max(other - 1, 0) : other]:
                return True  # where digits are asked for only, no precision tells them apart
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
        if bits > LAST_BITS:
            self.judge.deep += 1
        if self.judge.deep > MOST_DEEP:
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
