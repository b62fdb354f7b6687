"""Whether a relation that does not hold would hold among some beliefs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import ZERO
from derive.expressions.tree import Number as Literal
from derive.expressions.tree import walk
from derive.verification.comparing.believing import BelievingTraining, is_hardly_known
from derive.verification.comparing.chain import at_the_spec
from derive.verification.comparing.identity import FIRST_BITS, LAST_BITS, CompiledFormula, decided, everywhere, same
from derive.verification.comparing.intervals import Interval
from derive.verification.comparing.numerals import HALF
from derive.verification.comparing.rounded_numbers import is_wide
from derive.verification.judging.believers import Belief, Believers, Mode, Turn
from derive.verification.judging.judge import Hearing
from derive.verification.points.point import Point, PointAddress, Points
from derive.verification.reading.written_number import unit_of

Placing: TypeAlias = Callable[[PointAddress], Turn]


MODES: tuple[Mode, ...] = ("rounded", "number")


class Question:
    """What is asked of one wrong relation, before side ``i`` of a chain.

    Attributes:
        own: the chain's quantity; what is believed of it explains nothing, unless an earlier line says its formula and
            this one the number that comes from it, as a program and what it prints do.
        place: when its turn comes; neither does what comes after it.
    """

    def __init__(self, hearing: Hearing, left: int, i: int, place_of: Placing, everyone: Believers) -> None:
        self.hearing, self.left, self.i = hearing, left, i
        self._everyone = everyone
        addresses = hearing.judge.worlds.addresses
        name = hearing.sides[hearing.subject].subject
        self.own = addresses[name] if name is not None else None
        said = everyone.held.get(self.own) if self.own is not None else None
        self._is_worked_out = said is not None and said.number is None and hearing.sides[i].number is not None
        self.place = place_of(self.own) if self.own is not None else None
        sides = [hearing.sides[s] for s in dict.fromkeys((*self._lefts(), i))]
        self.names = tuple(addresses[name] for name in dict.fromkeys(name for side in sides for name in side.names))
        self.looks_ahead = self.place is not None and any(place_of(name) > self.place for name in self.names)

    def can_need(self, belief: Belief) -> bool:
        """Whether a belief can go into the chain's quantity: it is worked before it."""
        is_own = belief.address == self.own and not self._is_worked_out
        return self.place is None or (belief.place <= self.place and not is_own)

    def _besides(self, without: Belief | None) -> tuple[PointAddress, ...]:
        own = None if self._is_worked_out else self.own
        return tuple(a for a in (own, None if without is None else without.address) if a is not None)

    def holds(self, believers: Believers, without: Belief | None = None) -> bool:
        """Whether the relation holds among these beliefs, perhaps without one of them."""
        besides = self._besides(without)
        if without is None and not self._is_reached(believers, besides):
            return self._written_again(believers, besides)
        try:
            if self.hearing.symbolic(self.left, self.i):
                return self._identity(believers, besides)
        except ArithmeticError:
            return False
        return self._numbers(believers, besides) or self._written_again(believers, besides)

    def is_exact(self, believers: Believers) -> bool:
        """Whether a number on the right is, with all its digits, what comes from these beliefs as they are written."""
        number = self.hearing.sides[self.i].number
        if number is None:
            return False
        besides, signed = self._besides(None), Interval.point(number.value)

        def world(worlds: Points) -> Point:
            return believers.world(worlds.truth, "number", besides)

        try:
            theres = [self._there(s, world, LAST_BITS) for s in self._lefts()]
        except ArithmeticError:
            return False
        return any(there.meets(signed) or there.meets(Interval.point(-number.value)) for there in theres)

    def comes_from(self, believers: Believers) -> bool:
        """Whether the number on the right is what comes from these beliefs as they are written."""
        besides = self._besides(None)
        try:
            return self._is_reached(believers, besides) and bool(self._meets(believers, besides, "number"))
        except ArithmeticError:
            return False

    def _is_reached(self, believers: Believers, besides: tuple[PointAddress, ...]) -> bool:
        """Whether these beliefs can change a number that is named."""
        passes = believers.world(self.hearing.judge.worlds.truth, "number", besides).passes
        assert isinstance(passes, BelievingTraining)
        return any(map(passes.may_differ, self.names))

    def _identity(self, believers: Believers, besides: tuple[PointAddress, ...]) -> bool:
        hearing, judge = self.hearing, self.hearing.judge
        sides = hearing.sides
        here = judge.formula(sides[self.i])
        others = [judge.formula(sides[s]) for s in dict.fromkeys((self.left, hearing.subject)) if sides[s].symbolic]
        held = hearing.held(self.left, self.i)

        def agrees(other: CompiledFormula) -> bool:
            def at(world: Point) -> bool:
                there = believers.world(world, "formula", besides)
                return same(other.at(there), here.at(there))

            return decided(lambda: everywhere(judge.worlds, held, at))

        return any(map(agrees, others))

    def _numbers(self, believers: Believers, besides: tuple[PointAddress, ...]) -> bool:
        """Whether the right side is what the left side, or the chain's quantity, would be among the beliefs.

        What follows from all that rounds to the numbers holds what follows from them as they are written.
        """
        side = self.hearing.sides[self.i]
        for mode in MODES if side.decimals else MODES[1:]:
            try:
                meets = self._meets(believers, besides, mode)
            except ArithmeticError:
                continue
            if meets or (meets is False and side.number is not None):
                return meets
        return False

    def _meets(self, believers: Believers, besides: tuple[PointAddress, ...], mode: Mode) -> bool | None:
        """Whether the sides meet in the world of the beliefs; None where that is hardly known."""
        hearing, i = self.hearing, self.i

        def world(worlds: Points) -> Point:
            return believers.world(worlds.truth, mode, besides)

        names = hearing.sides[i].names
        last = FIRST_BITS if mode == "rounded" else LAST_BITS  # no precision decides what rounds to a number
        found = hearing.span_in(i, hearing.judge.worlds, world, last=last).wider(self._forgiven) if names else None
        meets: bool | None = False
        for s in self._lefts():
            there = self._there(s, world, last)
            if mode == "rounded" and is_hardly_known(there, self._unit):
                meets = None
                continue
            heres = (found,) if found is not None else self._heres(there)
            if any(there.meets(here) for here in heres):
                return True
        return meets

    def _there(self, s: int, world: Callable[[Points], Point], last: int) -> Interval:
        """What a side can be in a world; a quantity is just looked up."""
        worlds, name = self.hearing.judge.worlds, self.hearing.sides[s].subject
        if name is not None:
            try:
                with precision(FIRST_BITS):
                    return Interval.point(world(worlds).value(name))
            except Undecided:
                if last == FIRST_BITS:
                    raise
        return self.hearing.span_in(s, worlds, world, last=last)

    def _heres(self, there: Interval) -> Sequence[Interval]:
        """What the right side can be, beside what it is compared with."""
        if self._number is not None:
            return (self._number,)
        return [here.wider(self._forgiven) for here in self.hearing.firm(self.i, there)]

    @cached_property
    def _number(self) -> Interval | None:
        """What the number on the right stands for."""
        is_number = self.hearing.sides[self.i].number is not None
        return self.hearing.span(self.i).wider(self._forgiven) if is_number else None

    @cached_property
    def _forgiven(self) -> fmpq:
        return self.hearing.forgiven(self.i) or ZERO

    @cached_property
    def _unit(self) -> fmpq | None:
        number = self.hearing.sides[self.i].number
        return unit_of(number.written) if number is not None else None

    def _written_again(self, believers: Believers, besides: tuple[PointAddress, ...]) -> bool:
        """Whether a calculation is right but for believed numbers that are written in it once more."""
        hearing = self.hearing
        said = hearing.sides[self.i]
        if said.expr is None or said.number is not None:
            return False
        meant: dict[Literal, Belief] = {}
        for part, near in self._written.items():
            held = (each for each in near if each.address not in besides and believers.held.get(each.address) is each)
            meant.update((part, belief) for belief in islice(held, 1))
        if not meant:
            return False
        truth = hearing.judge.worlds.truth

        def read(number: Literal) -> Interval:
            belief = meant.get(number)
            if belief is None or belief.number is None:
                return hearing.reading.part(number)
            return Interval.point(truth.at(belief.address) * number.value / belief.number[0])

        try:
            span = hearing.span_in(self.i, hearing.judge.worlds, at_the_spec, read)
            theres = [hearing.span(s) for s in self._lefts()]
        except ArithmeticError:
            return False
        return any(there.meets(span) and not is_wide(span, there) for there in theres)

    @cached_property
    def _written(self) -> Mapping[Literal, Sequence[Belief]]:
        """The beliefs that numbers of the right side may be, but for their signs and rounding, the newest first."""
        expr = self.hearing.sides[self.i].expr
        found: dict[Literal, Sequence[Belief]] = {}
        for part in walk(expr) if expr is not None else ():
            if isinstance(part, Literal) and part not in found:
                near = self._everyone.rounding_to(part.value, HALF * (unit_of(part.written) or 0))
                found[part] = [belief for belief in near if self.can_need(belief)]
        return {part: near for part, near in found.items() if near}

    def _lefts(self) -> Iterator[int]:
        """What the right side may go back to: the left one if it is right as a formula, and the chain's quantity.

        What differs from the truth by rounding agrees with its left side; only the quantity is asked for.
        """
        if self.hearing.states[self.i] == "wrong" and self.hearing.states[self.left] in ("right", "rounding"):
            yield self.left
        if self.hearing.subject != self.left or self.hearing.states[self.i] != "wrong":
            yield self.hearing.subject


__all__ = ["Question"]
