"""The sides of a chain at the spec's values: what each can be."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self, TypeAlias

from flint import fmpq

from derive.arithmetic.outcomes import TOO_LARGE, OutsideDomain, Uncomputable, Undecided
from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr
from derive.network import Network
from derive.records import record
from derive.verification.comparing.as_printed import MIN_UPDATES_TO_DRIFT, drift, printed_numbers
from derive.verification.comparing.believing import Crowd
from derive.verification.comparing.identity import (
    LAST_BITS,
    CompiledFormula,
    decided,
)
from derive.verification.comparing.intervals import Interval, Reader, TooWide, as_written, enclosure, remembered
from derive.verification.comparing.numerals import (
    SLIPS_FROM,
    FractionKey,
    Numerals,
    Reading,
    key_of,
    numerals_of,
    size_of,
)
from derive.verification.comparing.side import ScalarSide
from derive.verification.comparing.verdict import Reason
from derive.verification.points.ingredients import Computed, given_in
from derive.verification.points.point import NoQuantity, Point, PointAddress, Points
from derive.verification.points.share import Share
from derive.verification.reading.written_number import digits_of, unit_of

Sign: TypeAlias = Literal["=", "~"]

NEAR_ONE = (fmpq(9, 10), fmpq(11, 10))
"""Numbers of which each may be 1 as it is rounded."""
MAX_READINGS = 1000
"""Of at most this many sets of names the exact numbers beside them are kept."""
MAX_SPANS = 2000
"""Of at most this many sides without rounded numbers it is kept what they can be."""
PER_RELATION = 8
"""What every relation costs, in names, numbers and operations."""


class NoValue(Uncomputable):
    """A side has no real value at the spec's numbers; says what has none."""


class TooHard(Uncomputable):
    """No precision decides a comparison."""


@record
class ScalarChain:
    """One chain of scalars; ``signs[i]`` stands between ``sides[i]`` and ``sides[i + 1]``."""

    sides: tuple[ScalarSide, ...]
    signs: tuple[Sign, ...]


@dataclass(slots=True)
class File:
    """What the chains of one file share: earlier lines say what later numbers stand for.

    Attributes:
        rounded: the decimals that right lines wrote for a quantity last, and what is true.
        share: the work that the file may make.
        drifts: by how much a number of a later iteration may be off where the spec rounds every step.
    """

    network: Network
    worlds: Points
    numerals: Numerals
    computed: Computed
    formulas: dict[object, CompiledFormula] = field(default_factory=dict)
    spans: dict[object, Interval] = field(default_factory=dict)
    exact: dict[tuple[str, ...], Mapping[FractionKey, fmpq]] = field(default_factory=dict)
    deep: int = 0
    compared: dict[tuple[Expr, Expr], int] = field(default_factory=dict)
    rounded: Crowd = field(default_factory=Crowd)
    meanings: int = 0
    roundings: int = 0
    put_back: int = 0
    share: Share = field(default_factory=Share)
    drifts: dict[str, fmpq] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network) -> Self:
        """A file of which nothing is read yet."""
        numerals, worlds, drifts = numerals_of(network), Points(network), dict[str, fmpq]()
        for name, number, true, negative in printed_numbers(network):
            numerals.learn(name, number, true, negative=negative)
            if worlds.addresses[name].step >= MIN_UPDATES_TO_DRIFT:
                drifts[name] = drift(number, true, negative=negative)
        return cls(network, worlds, numerals, Computed(worlds.truth.passes), drifts=drifts)

    def another(self) -> Self:
        """Another file about the same network."""
        numerals = self.numerals.another()
        shared = self.computed, self.formulas, self.spans, self.exact
        return type(self)(self.network, self.worlds, numerals, *shared, drifts=self.drifts)

    def formula(self, said: ScalarSide) -> CompiledFormula:
        """The side as a function of a world."""
        found = self.formulas.get(said.expr)
        if found is None:
            assert said.expr is not None
            if len(self.formulas) > 10_000:
                self.formulas.clear()
            found = self.formulas[said.expr] = CompiledFormula(said.expr, self.worlds)
        return found


class ChainSides:
    """The sides of one chain of scalars.

    Attributes:
        subject: the number of the side that the chain is about: the first that names a quantity, else the first.
        step: after how many updates its quantities are, at most.
    """

    def __init__(self, judge: File, line: ScalarChain) -> None:
        judge.share.judge(PER_RELATION * len(line.signs) + sum(said.size for said in line.sides))
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

    def _problem(self, said: ScalarSide) -> Reason | None:
        if said.expr is None:
            return Reason("unreadable", {"problem": said.problem, "hint": said.hint})
        try:
            for name in said.names:
                self.judge.worlds.addresses[name]
        except NoQuantity as error:
            return Reason("unreadable", {"problem": str(error), "hint": ""})
        return None

    def _reading(self, readable: Sequence[int]) -> Reading:
        names = tuple(dict.fromkeys(name for i in readable for name in self.sides[i].names))
        if not any(self.sides[i].decimals for i in readable):
            return Reading(self.judge.numerals, frozenset(names), (), near=self._near)
        worlds = self.judge.worlds
        computed: list[Value] = []
        new: list[Value] = []
        for name in names:
            address = worlds.addresses[name]
            if not worlds.is_given(address):
                values = self._valued(name)
                computed += values
                new += values if self._is_own(name, address, values) else []
        exact = self.judge.exact.get(names)
        if exact is None:
            if len(self.judge.exact) >= MAX_READINGS:
                self.judge.exact.clear()
            sizes = (abs(value) for value in self._given_beside(names) if type(value) is fmpq)
            exact = self.judge.exact[names] = {key_of(size): size for size in sizes}
        return Reading(self.judge.numerals, frozenset(names), tuple(computed), exact, tuple(new), self._near)

    def _given_beside(self, names: Sequence[str]) -> Iterator[Value]:
        """The given numbers among named quantities, and those in the steps of the computed ones."""
        worlds = self.judge.worlds
        for name in names:
            address = worlds.addresses[name]
            yield from self._valued(name) if worlds.is_given(address) else given_in(worlds.truth, address)

    def _is_own(self, name: str, address: PointAddress, values: Sequence[Value]) -> bool:
        """Whether the chain is about a quantity, which is then no part of its own calculation.

        Not of one that is nearly 1: a product of numbers that are nearly 1 is nearly each of them.
        """
        own = name == self.sides[self.subject].subject
        new = address.kind == "value" and address.of in self.judge.network.start
        return own and (new or not any(NEAR_ONE[0] < size_of(value) < NEAR_ONE[1] for value in values))

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

    def is_free_side(self, said: ScalarSide) -> bool:
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
                found = self._span(i)
            except OutsideDomain as error:
                found = TooHard() if error.verdict == TOO_LARGE else NoValue(f"{error} {error.verdict}")
            except Undecided:
                found = TooHard()
            self._spans[i] = found
        if isinstance(found, Interval):
            return found
        raise found

    def _span(self, i: int) -> Interval:
        """What a side can be; that of names and exact numbers is the same in all chains, and found once."""
        said, judge = self.sides[i], self.judge
        if not said.names or any(unit_of(number.written) or judge.numerals.of(number) for number in said.written):
            return self.span_in(i, judge.worlds, at_the_spec)
        found = judge.spans.get(said.expr)
        if found is None:
            found = self.span_in(i, judge.worlds, at_the_spec)
            if len(judge.spans) >= MAX_SPANS:
                judge.spans.clear()
            judge.spans[said.expr] = found
        return found

    def span_in(  # noqa: PLR0917
        self, i: int, worlds: Points, world: Callable[[Points], Point], reader: Reader | None = None, bits: int = 0,
        last: int = LAST_BITS,
    ) -> Interval:  # fmt: skip
        """What a side can be in another world; with so many ``bits`` at least, and ``last`` at most."""
        expr = self.sides[i].expr
        assert expr is not None
        relu_at_zero = self.judge.network.relu_at_zero

        def compute(read: Reader) -> Interval:
            def attempt() -> Interval:
                here = world(worlds)
                named = here.with_residue
                return enclosure(expr, lambda name: Interval.point(named(name)), read, relu_at_zero).settled()

            return decided(attempt, bits, last)

        try:
            return compute(reader or self.reader(i))
        except TooWide:
            return compute(as_written)

    def reader(self, i: int) -> Reader:
        if self.sides[i].number is None:
            return remembered(self.reading.part)
        asked = "~" in self.line.signs[i - 1 : i] if i else self._begins_rounded
        return lambda number: self.reading.result(number, approximate=asked)

    @property
    def _begins_rounded(self) -> bool:
        """Whether the chain begins with a number before a ``≈``; of two whole numbers neither is rounded."""
        second = self.sides[1].number if len(self.sides) > 1 else None
        return "~" in self.line.signs[:1] and (second is None or unit_of(second.written) is not None)

    def forgiven(self, i: int) -> fmpq | None:
        """One unit of the last place of a number with digits enough; more where the spec itself rounds every step."""
        number, subject = self.sides[i].number, self.sides[self.subject].subject
        digits = digits_of(number.written) if number is not None else 0
        unit = unit_of(number.written) if number is not None and digits >= SLIPS_FROM else None
        forgiven = None if unit is None else unit * self.judge.numerals.slack
        drifts = self.judge.drifts.get(subject or "") if digits >= SLIPS_FROM - 1 else None  # a 0 at the end is dropped
        return forgiven if drifts is None else max(drifts, forgiven or drifts)

    # What it takes

    def _pay_for_truth(self) -> None:
        """The passes that the chain's quantities take, and their rows."""
        addresses, share, network = self.judge.worlds.addresses, self.judge.share, self.judge.network
        readable = (said for said, problem in zip(self.sides, self.problems, strict=True) if problem is None)
        named = [addresses[name] for said in readable for name in said.names]
        self.step = max((address.step for address in named), default=0)
        self.pay("truth")
        for place in {(address.step, address.row) for address in named} if len(network.rows) > 1 else ():
            share.row(network, *place)
        for address in named:
            if address.by and address.of != network.output:
                share.slopes(network, address.of, address.step, address.row)

    def pay(self, reason: Hashable, times: int = 1) -> None:
        """Passes up to the chain's step are made so many times, for a reason that may have been there before.

        Raises:
            Spent: where they are too much for one file.
        """
        self.judge.share.passes(self.judge.network, reason, self.step, times)


def at_the_spec(worlds: Points) -> Point:
    """The world at the spec's values."""
    return worlds.truth
