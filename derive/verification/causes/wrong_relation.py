"""A relation that does not hold, as the catalogue of causes asks about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from functools import cached_property

from flint import fmpq

from derive.arithmetic.numbers import is_zero
from derive.arithmetic.reals import ZERO, Value
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Expr, names_in
from derive.network import Network
from derive.records import record
from derive.verification.causes.agreement import MIN_DIGITS, differs
from derive.verification.causes.operand_mismatch import misfit_of
from derive.verification.causes.operands import Misfit
from derive.verification.causes.quantities import UNCOMPUTABLE
from derive.verification.comparing.identity import CompiledFormula, decided, everywhere, same
from derive.verification.comparing.intervals import Interval
from derive.verification.judging.evidence import Ends, Evidence, interval_of, rational
from derive.verification.judging.follow import Snapshot
from derive.verification.judging.judge import Hearing
from derive.verification.judging.own_formula import Formulas
from derive.verification.points.point import Held, Point, PointAddress, Points
from derive.verification.points.slips import Slip
from derive.verification.points.work import Spent
from derive.verification.reading.written_number import digits_of, unit_of

SYMBOLIC_DIGITS = 99
NEAR = fmpq(1, 500)
"""The value of a calculation is looked at to this part of itself."""


@record(eq=False, slots=False)
class WrongRelation:
    """The relation before side ``i`` of a chain; see :class:`derive.verification.causes.Wrong`.

    Attributes:
        written: the right side as it is written.
        beliefs: what the author believes here.
        evidence: what the other lines of the file say.
    """

    hearing: Hearing
    i: int
    written: str
    beliefs: Snapshot
    evidence: Evidence = field(default_factory=Evidence)
    _known: dict[int, tuple[Point, Sequence[Value]]] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        """The network that it is about."""
        return self.hearing.judge.network

    @property
    def subject(self) -> str | None:
        """The canonical name of the chain's first quantity."""
        return self.hearing.sides[self.hearing.subject].subject

    @cached_property
    def settled(self) -> tuple[tuple[str, Ends | None], ...]:
        """The quantities that other lines give rightly, the nearest ones, and the numbers there."""
        return self.evidence.settled(self.hearing, self.subject)

    @cached_property
    def stated(self) -> tuple[tuple[str, Ends], ...]:
        """The numbers that other lines wrongly give to other quantities, the nearest ones."""
        return self.evidence.stated(self.hearing, self.subject)

    @property
    def size(self) -> int:
        """How many names, numbers and operations its sides are made of."""
        return self.hearing.size(self._left, self.i)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The quantities that are named on its sides, or that it is about."""
        sides = self.hearing.sides
        named = [name for s in (*self._others(), self.i) for name in sides[s].names]
        return tuple(dict.fromkeys(named))

    @cached_property
    def points(self) -> Held:
        """The inputs and parameters that keep their values where it is compared as a formula."""
        return self.hearing.held(self._left, self.i)

    @property
    def _own(self) -> PointAddress | None:
        return self.hearing.judge.worlds.addresses[self.subject] if self.subject is not None else None

    @property
    def _left(self) -> int:
        left = self.hearing.lefts[self.i - 1]
        assert left is not None
        return left

    @property
    def left(self) -> Expr | None:
        """The side on the left."""
        return self.hearing.sides[self._left].expr

    @property
    def right(self) -> Expr | None:
        """The side on the right."""
        return self.hearing.sides[self.i].expr

    @property
    def is_right_after_all(self) -> bool:
        """Whether the right side is true, and only does not follow from the left one."""
        return self.hearing.states[self.i] == "right"

    @property
    def _symbolic(self) -> bool:
        return self.hearing.symbolic(self._left, self.i)

    @cached_property
    def interval(self) -> Ends | None:
        """What the right side stands for at the spec's values; None where it is compared as a formula.

        A calculation from rounded numbers can be many things: what is near to its value as it is written counts.
        """
        ends = None if self._symbolic else interval_of(self.hearing, self.i)
        if ends is None or self.hearing.sides[self.i].number is not None or ends[0] == ends[1]:
            return ends
        written = self.evaluate(self.right) if self.right is not None else None
        if written is None:
            return None
        middle = rational(written, 1)
        reach = abs(middle) * NEAR
        return max(ends[0], middle - reach), min(ends[1], middle + reach)

    @cached_property
    def unit(self) -> fmpq | None:
        """One unit of the last place of the number on the right."""
        number = self.hearing.sides[self.i].number
        return None if number is None else unit_of(number.written)

    @cached_property
    def digits(self) -> int:
        """The significant digits of what stands on the right; many for a formula or a whole number."""
        number = self.hearing.sides[self.i].number
        if number is not None:
            return SYMBOLIC_DIGITS if unit_of(number.written) is None else digits_of(number.written)
        ends = self.interval
        if ends is None or ends[0] == ends[1]:
            return SYMBOLIC_DIGITS
        reach, size, digits = ends[1] - ends[0], abs(ends[0] + ends[1]) / 2, 0
        while digits < SYMBOLIC_DIGITS and reach <= size:
            reach, digits = 10 * reach, digits + 1
        return digits

    def evaluate(self, expr: Expr) -> Value | None:
        """An expression at the spec's values, its numbers as they are written."""
        hearing = self.hearing
        try:
            truth = hearing.judge.worlds.truth
            return evaluate(expr, {name: truth.value(name) for name in names_in(expr)}, self.network.relu_at_zero)
        except UNCOMPUTABLE:
            return None

    def evaluate_believed(self, expr: Expr) -> Value | None:
        """An expression at the spec's values, among the author's beliefs; None where nothing is believed."""
        try:
            world = self.beliefs.truth()
            if world is None:
                return None
            return evaluate(expr, {name: world.value(name) for name in names_in(expr)}, self.network.relu_at_zero)
        except (*UNCOMPUTABLE, Spent):
            return None

    def misfit(self, formulas: Formulas) -> Misfit | None:
        """The one number on the right that stands where another one belongs."""
        return misfit_of(self, formulas)

    def believed(self, slips: tuple[Slip, ...]) -> Value | None:
        """The chain's quantity at the spec's values, among the author's beliefs and with these mistakes."""
        if self.subject is None:
            return None
        try:
            world = self.beliefs.truth(slips, self._own)
            return world.value(self.subject) if world is not None else None
        except (*UNCOMPUTABLE, Spent):
            return None

    def holds(self, slips: tuple[Slip, ...]) -> bool:
        """Whether the relation holds where these mistakes are made on the way to its left side or its quantity."""
        try:
            if not self._bits:
                return False
            if self._symbolic:
                return self._formulas(lambda world: world.with_slips(*slips))
            return self._numbers(slips)
        except UNCOMPUTABLE:
            return False

    def holds_in_update(self, step: int, slip: Slip) -> bool:
        """Whether a formula holds where a mistake of updates is made in the last of so many updates alone."""
        try:
            return bool(self._bits) and self._formulas(
                lambda world: world.with_passes(world.passes.with_last_update(step, slip))
            )
        except UNCOMPUTABLE:
            return False

    @cached_property
    def _bits(self) -> int:
        """The precision that shows the difference; 0 where that is more than a person could see."""
        hearing = self.hearing
        return hearing.bits(self._left, self.i) if hearing.shows(self._left, self.i) else 0

    def _formulas(self, with_mistakes: Callable[[Point], Point]) -> bool:
        hearing, judge = self.hearing, self.hearing.judge
        sides = hearing.sides
        here = judge.formula(sides[self.i])
        others = [judge.formula(sides[s]) for s in self._others() if sides[s].symbolic]
        held = self.points

        def at(world: Point) -> bool:
            slipped = with_mistakes(world)
            right, *befores = self._before(world, (here, *others))
            if not same(right, ZERO) and self._vanishes(world, slipped):
                return False
            there = here.at(slipped)
            lefts = [(before, other.at(slipped)) for before, other in zip(befores, others, strict=True)]
            changed = not same(right, there)
            return any(same(left, right) and not same(left, before) for before, left in lefts) or any(
                same(left, there) and (changed or not same(left, before))
                for before, left in lefts
                if left > 0 or left < 0
            )

        return decided(lambda: everywhere(judge.worlds, held, at), self._bits)

    def _vanishes(self, world: Point, slipped: Point) -> bool:
        """Whether mistakes make a named quantity 0 that is none: without its terms any formula agrees.

        (Not asked where what is written is 0 itself, as x - v is where the first v is x: that is what it says.)
        """
        return any(is_zero(slipped.value(name)) and not is_zero(world.value(name)) for name in self.names)

    def _before(self, world: Point, formulas: Sequence[CompiledFormula]) -> Sequence[Value]:
        """The formulas without a mistake; worked once for all that are tried."""
        found = self._known.get(id(world))
        if found is None:
            found = self._known[id(world)] = world, [formula.at(world) for formula in formulas]
        return found[1]

    def _numbers(self, slips: tuple[Slip, ...]) -> bool:
        hearing = self.hearing

        def world(worlds: Points) -> Point:
            return worlds.truth.with_slips(*slips)

        if self.interval is None or self.digits < MIN_DIGITS:
            return False
        heres = [Interval(*self.interval).wider(hearing.forgiven(self.i) or fmpq(0))]
        if hearing.sides[self.i].names:
            heres.append(hearing.span_in(self.i, hearing.judge.worlds, world))
        lefts = [hearing.span_in(s, hearing.judge.worlds, world) for s in self._others() if self._feels(s, slips)]
        return any(left.meets(here) for left in lefts if _is_narrow(left) for here in heres)

    def _feels(self, s: int, slips: tuple[Slip, ...]) -> bool:
        """Whether the mistakes change a side, or the right one: otherwise they explain nothing."""
        truth = self.hearing.judge.worlds.truth
        slipped = truth.with_slips(*slips)
        names = {*self.hearing.sides[s].names, *self.hearing.sides[self.i].names}
        return any(differs(slipped.value(name), truth.value(name)) for name in names)

    def _others(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys((self._left, self.hearing.subject)))


def _is_narrow(span: Interval) -> bool:
    """Whether a side is known well enough to speak for a mistake."""
    if span.is_point:
        return True
    low, high = rational(span.low, -1), rational(span.high, 1)
    return high - low <= 5 * NEAR * abs(low + high)
