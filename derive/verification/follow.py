"""Follow-through: whether a wrong line is wrong only because an earlier one was.

What a wrong line says of a quantity is *believed*: put into the network in place of the right value, the rest being
worked out from there. A later line that does not hold in the truth, and holds among these beliefs, follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flint import arb, fmpq

from derive.expressions.tree import Number as Literal
from derive.expressions.tree import walk
from derive.numbers import Number, OutsideDomain, Undecided, as_ball
from derive.verification.believing import Answers, believing, is_hardly_known
from derive.verification.identity import Formula, decided, everywhere, same
from derive.verification.intervals import Interval, TooWide
from derive.verification.judge import Hearing, Judge
from derive.verification.meaning import is_wide
from derive.verification.numerals import HALF, unit_of
from derive.verification.said import Said
from derive.verification.sides import NoValue, TooHard, at_the_spec
from derive.verification.slips import Slip
from derive.verification.world import Address, NoQuantity, World, Worlds

MOST_TRIED = 12
"""So many beliefs, the newest first, are tried one by one, and of those that began a mistake as many."""
MOST_CHECKED = 400
"""In so many wrong relations of one file, long ones counted as several, follow-through is looked for."""
UNCOMPUTABLE = (OutsideDomain, Undecided, TooWide, NoValue, TooHard, NoQuantity, ArithmeticError)


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What a wrong line says of a quantity.

    Attributes:
        address: the quantity.
        line: where it first went wrong.
        fresh: whether it went wrong in this very line.
        number: the value that the line ends with, and how far it may be rounded; None where it gives none.
        said: the last wrong formula of the line, None where it gives none.
    """

    address: Address
    line: int
    fresh: bool
    number: tuple[fmpq, fmpq] | None
    said: Said | None


@dataclass
class Beliefs:
    """What one author believes at a place of a derivation."""

    judge: Judge
    held: dict[Address, Belief] = field(default_factory=dict)
    checked: int = 0

    def take(self, hearing: Hearing, line: int, *, fresh: bool) -> None:
        """What a judged chain says of its quantity: right, it ends a belief; wrong, it begins one from ``line``.

        ``fresh`` says whether something went wrong in the chain itself.
        """
        name = hearing.sides[hearing.subject].subject
        if name is None or not hearing.about_quantity:
            return
        address = self.judge.worlds.addresses[name]
        states = hearing.states
        last = max((i for i, state in enumerate(states) if state != "none"), default=0)
        if last <= hearing.subject or address.kind == "free":
            return
        self.held.pop(address, None)
        if states[last] != "wrong":
            return
        wrong = [i for i, state in enumerate(states) if state == "wrong"]
        formulas = [hearing.sides[i] for i in wrong if hearing.sides[i].symbolic and not hearing.is_free(i)]
        try:
            number = _number(hearing, last)
        except UNCOMPUTABLE:
            number = None
        if number is not None or formulas:
            self.held[address] = Belief(address, line, fresh, number, formulas[-1] if formulas else None)

    def explain(self, hearing: Hearing, i: int) -> int | None:
        """The line that a wrong relation goes back to, before side ``i``; None where it follows from none.

        What was said of the chain's own quantity explains nothing (a wrong number said twice is wrong twice), and
        neither does what comes after it: a gradient does not follow from the update that it is for.
        """
        left = hearing.lefts[i - 1]
        if not self.held or left is None or hearing.states[i] != "wrong" or self.checked >= MOST_CHECKED:
            return None
        self.checked += hearing.work(left, i)
        if not hearing.shows(left, i):
            return None
        name = hearing.sides[hearing.subject].subject
        own = self.judge.worlds.addresses[name] if name is not None else None
        beliefs = tuple(belief for belief in reversed(self.held.values()) if own is None or self._leads(belief, own))
        fresh = tuple(belief for belief in beliefs if belief.fresh)
        for belief in dict.fromkeys((*beliefs[:MOST_TRIED], *fresh[:MOST_TRIED])):
            if self._holds(hearing, left, i, (belief,)):
                return belief.line
        for held in (beliefs, fresh) if len(fresh) < len(beliefs) else (beliefs,):
            if len(held) > 1 and self._holds(hearing, left, i, held):
                return self._needed(hearing, left, i, held[:MOST_TRIED])
        return None

    def _leads(self, belief: Belief, own: Address) -> bool:
        """Whether a quantity can go into another one: it is worked before it."""
        return belief.address != own and self._place(belief.address) <= self._place(own)

    def _place(self, address: Address) -> tuple[int, int, int]:
        """When a quantity's turn comes: the new parameters of a step, its nodes in their order, its derivatives."""
        if address.kind in ("value", "loss", "rate"):
            found = self._order.get(address.of, -1)
            return address.step, 0 if found < 0 else 1, max(found, 0)
        return address.step, 2, 0

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {node.name: i for i, node in enumerate(self.judge.network.graph.nodes)}

    def snapshot(self) -> Beliefs:
        """What is believed now, whatever comes later."""
        return Beliefs(self.judge, dict(self.held))

    def truth(self, slips: tuple[Slip, ...] = (), besides: Address | None = None) -> World | None:
        """The world at the spec's numbers among the numbers believed, with these mistakes made on the way.

        ``besides`` is a quantity of which nothing is believed; None where no other belief is left.
        """
        held = tuple(b for b in self.held.values() if b.number is not None and b.address != besides)
        world = self.judge.worlds.truth
        return self._world(world.with_slips(*slips) if slips else world, held, number=True) if held else None

    def _needed(self, hearing: Hearing, left: int, i: int, beliefs: tuple[Belief, ...]) -> int:
        """The earliest line without which it would not follow."""
        lines = [
            belief.line
            for belief in beliefs
            if not self._holds(hearing, left, i, tuple(other for other in beliefs if other is not belief))
        ]
        return min(lines or [belief.line for belief in beliefs])

    def _holds(self, hearing: Hearing, left: int, i: int, beliefs: tuple[Belief, ...]) -> bool:
        try:
            if hearing.symbolic(left, i):
                return self._identity(hearing, left, i, beliefs)
            if any(self._numbers(hearing, left, i, beliefs, rounded) for rounded in (False, True)):
                return True
            return self._written_again(hearing, left, i, beliefs)
        except UNCOMPUTABLE:
            return False

    def _identity(self, hearing: Hearing, left: int, i: int, beliefs: tuple[Belief, ...]) -> bool:
        judge, sides = self.judge, hearing.sides
        here = judge.formula(sides[i])
        others = [judge.formula(sides[s]) for s in dict.fromkeys((left, hearing.subject)) if sides[s].symbolic]
        held = hearing.held(left, i)

        def agrees(other: Formula) -> bool:
            def at(world: World) -> bool:
                there = self._world(world, beliefs, number=False)
                return same(other.at(there), here.at(there))

            return decided(lambda: everywhere(judge.worlds, held, at))

        return any(map(agrees, others))

    def _numbers(self, hearing: Hearing, left: int, i: int, beliefs: tuple[Belief, ...], rounded: bool) -> bool:
        """Whether the right side is what the left side, or the chain's quantity, would be among the beliefs."""
        number = hearing.sides[i].number
        unit = unit_of(number.written) if number is not None else None
        if rounded and not hearing.sides[i].decimals:
            return False

        def world(worlds: Worlds) -> World:
            return self._world(worlds.truth, beliefs, number=True, rounded=rounded)

        forgiven = hearing.forgiven(i) or fmpq(0)
        names = hearing.sides[i].names
        found = hearing.span_in(i, self.judge.worlds, world) if names else hearing.span(i)
        for s in self._lefts(hearing, left):
            there = hearing.span_in(s, self.judge.worlds, world)
            if rounded and is_hardly_known(there, unit):
                continue
            heres = (found,) if names else hearing.firm(i, there)
            if any(there.meets(here.wider(forgiven)) for here in heres):
                return True
        return False

    def _written_again(self, hearing: Hearing, left: int, i: int, beliefs: tuple[Belief, ...]) -> bool:
        """Whether a calculation is right but for believed numbers that are written in it once more."""
        said = hearing.sides[i]
        if said.expr is None or said.number is not None:
            return False
        believed = [(belief.address, belief.number[0]) for belief in beliefs if belief.number and belief.number[0] != 0]
        numbers = [part for part in walk(said.expr) if isinstance(part, Literal)]
        meant = {n: found for n in numbers if (found := next((b for b in believed if _is_written(b[1], n)), None))}
        if not meant:
            return False
        truth = self.judge.worlds.truth

        def read(number: Literal) -> Interval:
            if number not in meant:
                return hearing.reading.part(number)
            address, value = meant[number]
            return Interval.point(truth.at(address) * number.value / value)

        span = hearing.span_in(i, self.judge.worlds, at_the_spec, read)
        for s in self._lefts(hearing, left):
            there = hearing.span(s)
            if there.meets(span) and not is_wide(span, there):
                return True
        return False

    def _lefts(self, hearing: Hearing, left: int) -> Iterator[int]:
        """What the right side may go back to: the left one if it is right as a formula, and the chain's quantity."""
        if hearing.states[left] in ("right", "rounding"):
            yield left
        if hearing.subject != left:
            yield hearing.subject

    def _world(self, world: World, beliefs: Sequence[Belief], *, number: bool, rounded: bool = False) -> World:
        """The same point among these beliefs; as ``number`` or, where there is one, as a formula."""
        answers: Answers = {}
        for belief in beliefs:
            answers[belief.address] = self._answer(belief, world, number=number, rounded=rounded)
        return believing(world, answers)

    def _answer(self, belief: Belief, world: World, *, number: bool, rounded: bool) -> Callable[[], Number]:
        if belief.number is not None and (number or belief.said is None):
            middle, reach = belief.number
            value: Number = as_ball(middle) + arb(0, arb(reach)) if rounded else middle
            return lambda: value
        assert belief.said is not None
        formula = self.judge.formula(belief.said)
        return lambda: formula.at(world)


def _is_written(value: fmpq, number: Literal) -> bool:
    """Whether a written number is this value, but for its sign and rounding."""
    return abs(abs(value) - number.value) <= HALF * (unit_of(number.written) or 0)


def _number(hearing: Hearing, i: int) -> tuple[fmpq, fmpq] | None:
    """The value of a side, and how far it may be rounded."""
    number = hearing.sides[i].number
    if number is not None:
        unit = unit_of(number.written)
        sign = -1 if hearing.span(i).high < 0 else 1
        return sign * number.value, HALF * unit if unit is not None else fmpq(0)
    if hearing.sides[i].symbolic:
        return None
    span = hearing.span(i)
    if type(span.low) is fmpq and type(span.high) is fmpq:
        return (span.low + span.high) / 2, (span.high - span.low) / 2
    middle = as_ball(span.low + span.high) / 2
    return _rational(middle), _rational(as_ball(span.high - span.low) / 2)


def _rational(value: arb) -> fmpq:
    mantissa, exponent = value.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
