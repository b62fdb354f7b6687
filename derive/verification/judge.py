"""The verdict on every relation of a chain of equalities (contract, section 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flint import fmpq

from derive.network import Network
from derive.numbers import Number as Value
from derive.numbers import OutsideDomain, Undecided
from derive.verification.identity import FIRST_BITS, LAST_BITS, Formula, bits_of, decided, identical
from derive.verification.ingredients import Computed, given_in
from derive.verification.intervals import Interval, Reader, TooWide, as_written, enclosure
from derive.verification.judgement import Note, Verdict
from derive.verification.numerals import (
    HALF,
    SLIPS_FROM,
    Numerals,
    Reading,
    digits_of,
    is_negative,
    numerals_of,
    size_of,
    unit_of,
)
from derive.verification.printed import printed_numbers
from derive.verification.said import Said
from derive.verification.world import NoQuantity, World, Worlds

State: TypeAlias = Literal["right", "rounding", "wrong", "none"]
Sign: TypeAlias = Literal["=", "~"]
UNDECIDED = "it lies so close to a kink, to zero or to the limits of arithmetic that no precision decides it"


MOST_DEEP = 100
"""So many comparisons of one file may take some thousand digits."""


class NoValue(ArithmeticError):
    """A side has no real value at the spec's numbers; says what has none."""


class TooHard(ArithmeticError):
    """No precision decides a comparison."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found of one relation.

    Attributes:
        carried: for ``rounding``: the digits were lost on the left already.
        back: the number of the relation in the chain that this one goes back to (``follows``).
    """

    verdict: Verdict
    note: Note | None = None
    carried: bool = False
    back: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One chain of scalars; ``signs[i]`` stands between ``sides[i]`` and ``sides[i + 1]``."""

    sides: tuple[Said, ...]
    signs: tuple[Sign, ...]


@dataclass(slots=True)
class Judge:
    """Judges the chains of one file, in its order: earlier lines say what later numbers stand for."""

    network: Network
    worlds: Worlds
    numerals: Numerals
    computed: Computed
    formulas: dict[object, Formula] = field(default_factory=dict)
    deep: int = 0

    @classmethod
    def of(cls, network: Network) -> Judge:
        """A judge who has read nothing yet."""
        numerals = numerals_of(network)
        for name, number, true, negative in printed_numbers(network):
            numerals.learn(name, number, true, negative=negative)
        worlds = Worlds(network)
        return cls(network, worlds, numerals, Computed(worlds.truth.passes))

    def another(self) -> Judge:
        """A judge of another file about the same network."""
        return Judge(self.network, self.worlds, self.numerals.another(), self.computed, self.formulas)

    def formula(self, said: Said) -> Formula:
        """The side as a function of a world."""
        found = self.formulas.get(said.expr)
        if found is None:
            assert said.expr is not None
            if len(self.formulas) > 10_000:
                self.formulas.clear()
            found = self.formulas[said.expr] = Formula(said.expr, self.worlds)
        return found

    def chain(self, line: Line) -> Hearing:
        """The chain, judged."""
        hearing = Hearing(self, line)
        hearing.learn()
        return hearing


class Hearing:
    """One chain of scalars before the judge: a finding for every relation.

    Attributes:
        subject: the number of the side that the chain is about: the first that names a quantity, else the first.
        states: of every side, how it stands to the truth.
    """

    def __init__(self, judge: Judge, line: Line) -> None:
        self.judge = judge
        self.line = line
        self.sides = line.sides
        self._spans: list[Interval | NoValue | TooHard | None] = [None] * len(line.sides)
        self.problems = [self._problem(said) for said in line.sides]
        readable = [i for i, problem in enumerate(self.problems) if problem is None]
        named = [i for i in readable if self.sides[i].names]
        self.subject = (named or readable or [0])[0]
        self.about_quantity = bool(named)
        self.reading = self._reading(readable)
        self.states: list[State] = ["none"] * len(line.sides)
        self.lefts: list[int | None] = [None] * len(line.signs)
        self.findings = self._judge()

    # What the sides are

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
        named: set[Value] = set()
        if any(self.sides[i].decimals for i in readable):
            worlds = self.judge.worlds
            for name in names:
                address = worlds.addresses[name]
                if worlds.is_given(address):
                    named.update(map(size_of, self._valued(name)))
                else:
                    computed += self._valued(name)
                    named.update(map(size_of, given_in(worlds.truth, address)))
        exact = frozenset(value for value in named if type(value) is fmpq)
        return Reading(self.judge.numerals, frozenset(names), tuple(computed), exact, self._near)

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
        return self.judge.worlds.addresses.any_free(self.sides[i].names)

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
                found = self.span_in(i, self.judge.worlds, _truth)
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
                return enclosure(expr, lambda name: Interval.point(here.value(name)), read, relu_at_zero).settled()

            return decided(attempt, bits)

        try:
            return compute(reader or self._reader(i))
        except TooWide:
            return compute(as_written)

    def _reader(self, i: int) -> Reader:
        if self.sides[i].number is None:
            return self.reading.part
        approximate = "~" in self.line.signs[max(i - 1, 0) : i + 1]
        return lambda number: self.reading.result(number, approximate=approximate)

    # Verdicts

    def _judge(self) -> list[Finding]:
        findings = []
        left = self._begin()
        for i in range(1, len(self.sides)):
            self.lefts[i - 1] = left
            try:
                finding, state = self._relation(left, i)
            except TooHard:
                finding, state = Finding("unreadable", Note("unreadable", {"problem": UNDECIDED, "hint": ""})), "none"
            self.states[i] = state
            findings.append(finding)
            if self.problems[i] is None:
                left = i
        return findings

    def _begin(self) -> int | None:
        """The first side's state."""
        if self.problems[0] is not None:
            return None
        try:
            right = self.subject == 0 or self._agrees(0, self.subject)
        except TooHard:
            return 0
        except NoValue:
            right = False
        self.states[0] = "right" if right else "wrong"
        return 0

    def _relation(self, left: int | None, i: int) -> tuple[Finding, State]:
        problem = self.problems[i] or (self.problems[i - 1] if left is None else None)
        if problem is not None or left is None:
            start = i == self.subject and self.problems[i] is None
            return Finding("unreadable", problem), "right" if start else "none"
        if self.symbolic(left, i):
            return self._identity(left, i)
        try:
            return self._numbers(left, i)
        except NoValue as error:
            note = Note("no_value", {"what": str(error)})
            return Finding("wrong", note), "wrong"

    def _follows(self, left: int) -> Finding:
        """Agreement with a left side that was wrong."""
        return Finding("follows", Note("follows_left"), back=self._origin(left))

    def _origin(self, left: int) -> int:
        """The relation in which the chain went wrong, before or at this side."""
        while left > 0 and (before := self.lefts[left - 1]) is not None and self.states[before] == "wrong":
            left = before
        return max(left - 1, 0)

    # Names on both sides

    def _identity(self, left: int, i: int) -> tuple[Finding, State]:
        try:
            equal = self.identical(left, i)
        except OutsideDomain as error:
            return Finding("wrong", Note("no_value", {"what": f"{error} {error.verdict}"})), "wrong"
        except Undecided:
            raise TooHard from None
        if equal:
            if self.states[left] in ("right", "rounding"):
                return Finding("holds"), self.states[left]
            return self._follows(left), "wrong"
        note = Note("at_the_spec_only") if self._equal_here(left, i) else None
        state: State = "wrong"
        if left != self.subject and self.sides[self.subject].symbolic and self._truly(i):
            state, note = "right", Note("after_wrong_left")
        return Finding("wrong", note), state

    def _truly(self, i: int) -> bool:
        try:
            return self.identical(self.subject, i)
        except (OutsideDomain, Undecided):
            return False

    def identical(self, one: int, other: int) -> bool:
        """Whether two sides are equal near the spec's values."""
        first, second = self.sides[one], self.sides[other]
        judge = self.judge
        held = first.wholes | second.wholes
        if not identical(judge.formula(first), judge.formula(second), judge.worlds, held):
            return False
        bits = self.bits(one, other) if first.expr != second.expr else 0
        return bits <= FIRST_BITS or identical(judge.formula(first), judge.formula(second), judge.worlds, held, bits)

    def _equal_here(self, one: int, other: int) -> bool:
        if self.is_free(one) or self.is_free(other):
            return False
        try:
            return self._agrees(one, other)
        except (NoValue, TooHard):
            return False

    # Anything else

    def _numbers(self, left: int, i: int) -> tuple[Finding, State]:
        before, here = self.span(left), self.span(i)
        agrees = self._agrees(left, i)
        true = self._agrees(self.subject, i) if left != self.subject else agrees
        right = self.states[left] in ("right", "rounding")
        if agrees:
            return self._agreeing(left, i, true=true)
        unit = self.forgiven(i)
        if unit is not None and before.meets(here.wider(unit)):
            if not right:
                return self._follows(left), "right" if true else "wrong"
            return Finding("rounding", Note("slipped")), "rounding"
        if true and self.states[left] == "rounding":
            return Finding("holds"), "right"
        if right and self._nearly(left, i):
            return Finding("rounding", Note("slipped")), "rounding"
        return Finding("wrong", Note("after_wrong_left") if true else None), "right" if true else "wrong"

    def _nearly(self, left: int, i: int) -> bool:
        """Whether the sides agree if the numbers in the right one are rounded, and have slipped in their last place.

        Then the rest of the chain goes on with what they stand for.
        """
        if self.sides[i].number is not None:
            return False
        try:
            span = self.span_in(i, self.judge.worlds, _truth, self.reading.slipped)
        except (OutsideDomain, Undecided):
            return False
        near = self._meet(left, i, span, self.reading.slipped)
        if near:
            self._spans[i] = span
        return near

    def _agreeing(self, left: int, i: int, *, true: bool) -> tuple[Finding, State]:
        """The right side agrees with the left; does it with the truth?"""
        if true:
            if self._hides_all(i):
                return Finding("rounding", Note("zero")), "rounding"
            return Finding("holds"), "right"
        if self.states[left] in ("right", "rounding"):
            return Finding("rounding", Note("carried"), carried=True), "rounding"
        return self._follows(left), "wrong"

    def _agrees(self, one: int, other: int) -> bool:
        return self._meet(one, other, self.span(other), self._reader(other))

    def _meet(self, one: int, other: int, span: Interval, reader: Reader) -> bool:
        """Whether some number is in both sides, the second of which is ``span`` when it is read like this.

        Where balls cannot tell, with bits enough for every part of them.
        """
        first = self.span(one)
        if not first.meets(span) or first.surely_meets(span):
            return first.meets(span)
        bits = self.bits(one, other)
        if bits <= FIRST_BITS:
            return True
        first = self.span_in(one, self.judge.worlds, _truth, self._reader(one), bits)
        return first.meets(self.span_in(other, self.judge.worlds, _truth, reader, bits))

    def bits(self, one: int, other: int) -> int:
        """The precision that shows every part of two sides beside every other one.

        Raises:
            TooHard: where it is too much.
        """
        exprs = [expr for i in (one, other) if (expr := self.sides[i].expr) is not None]
        try:
            bits = bits_of(tuple(exprs), self.judge.worlds)
        except Undecided:
            raise TooHard from None
        if bits > LAST_BITS:
            self.judge.deep += 1
        if self.judge.deep > MOST_DEEP:
            raise TooHard
        return bits

    def shows(self, one: int, other: int) -> bool:
        """Whether a difference of two sides is one that a person could see, and have made."""
        try:
            return self.bits(one, other) <= LAST_BITS
        except TooHard:
            return False

    def _hides_all(self, i: int) -> bool:
        """Whether 0.00 is written for what is not 0."""
        number = self.sides[i].number
        if number is None or number.value != 0 or unit_of(number.written) is None:
            return False
        span = self.span(self.subject)
        return bool(span.low > 0 or span.high < 0)

    def forgiven(self, i: int) -> fmpq | None:
        """One unit of the last place of a number with digits enough; more where the spec itself rounds every step."""
        number = self.sides[i].number
        unit = unit_of(number.written) if number is not None and digits_of(number.written) >= SLIPS_FROM else None
        return None if unit is None else unit * self.judge.numerals.slack

    # What later lines may use

    def learn(self) -> None:
        """The numbers that this chain rightly gave to its quantity."""
        name = self.sides[self.subject].subject
        if name is None or not self.about_quantity:
            return
        address = self.judge.worlds.addresses[name]
        if address.kind == "free":
            return
        for i, said in enumerate(self.sides):
            if said.number is not None and said.expr is not None and self.states[i] in ("right", "rounding"):
                true = self.span(self.subject)
                negative = is_negative(said.expr)
                self.judge.numerals.learn(name, said.number, true.low, negative=negative)


def _truth(worlds: Worlds) -> World:
    return worlds.truth


__all__ = ["HALF", "Finding", "Hearing", "Judge", "Line", "NoValue", "Sign", "TooHard"]
