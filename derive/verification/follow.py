"""Follow-through: whether a wrong line is wrong only because an earlier one was.

What a wrong line says of a quantity is *believed*: put into the network in place of the right value, the rest being
worked out from there. A later line that does not hold in the truth, and holds among these beliefs, follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flint import arb, fmpq

from derive.graph import Node, Use
from derive.numbers import Number, OutsideDomain, Undecided, as_ball
from derive.verification.identity import Formula, decided, everywhere, same
from derive.verification.intervals import Interval, TooWide
from derive.verification.judge import Hearing, Judge
from derive.verification.numerals import HALF, unit_of
from derive.verification.passes import At, Passes
from derive.verification.said import Said
from derive.verification.sides import NoValue, TooHard
from derive.verification.slips import Right, Slip
from derive.verification.world import Address, NoQuantity, World, Worlds

MOST_TRIED = 12
"""So many beliefs, the newest first, are tried one by one, and of those that began a mistake as many."""
MOST_CHECKED = 400
"""In so many wrong relations of one file follow-through is looked for."""
WIDEST = fmpq(1, 20)
"""What follows from rounded numbers is known to this part of itself, or it is not looked at."""
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


Answers = dict[Address, Callable[[], Number]]


@dataclass(frozen=True, slots=True, eq=False)
class Believed(Slip):
    """Believed values in the passes of one row."""

    answers: Answers

    def value(self, at: At, node: Node, right: Right) -> Number | None:
        """The believed value of a node."""
        return self._answer(Address("value", node.name, "", at.step, at.row))

    def local(self, at: At, use: Use, right: Right) -> Number | None:
        """A believed derivative of a node by what it is computed from."""
        by = use.node.inputs[use.position]
        if use.node.inputs.count(by) > 1:
            return None
        partial = self._answer(Address("partial", use.node.name, by, at.step, at.row))
        if partial is not None:
            return partial
        return self._answer(Address("derivative", use.node.name, by, at.step, at.row))

    def derivative(self, at: At, of: str, by: str, right: Right) -> Number | None:
        """A believed derivative."""
        return self._answer(Address("derivative", of, by, at.step, at.row))

    def _answer(self, address: Address) -> Number | None:
        answer = self.answers.get(address)
        return None if answer is None else answer()


class BelievingPasses(Passes):
    """Passes in which losses, gradients and updates of the batch, too, are as believed."""

    def __init__(self, passes: Passes, answers: Answers) -> None:
        slips = (Believed(answers), *passes.slips)
        super().__init__(passes.network, passes.start, passes.rows, passes.rate, slips, passes.equations)
        self._answers = answers

    def loss(self, step: int = 0) -> Number:
        """The loss of the step's batch."""
        answer = self._answers.get(Address("loss", self.graph.output, "", step))
        return super().loss(step) if answer is None else answer()

    def gradient(self, name: str, step: int = 0) -> Number:
        """The derivative of the batch's loss by a parameter."""
        answer = self._answers.get(Address("gradient", self.graph.output, name, step))
        return super().gradient(name, step) if answer is None else answer()

    def updated(self, name: str, step: int) -> Number:
        """The value of a parameter after the update of a step."""
        answer = self._answers.get(Address("value", name, "", step + 1))
        return super().updated(name, step) if answer is None else answer()


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
        if last <= hearing.subject or address.kind in ("rate", "free"):
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
        self.checked += 1
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
        if address.kind in ("value", "loss"):
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
            return any(self._numbers(hearing, left, i, beliefs, rounded) for rounded in (False, True))
        except UNCOMPUTABLE:
            return False

    def _identity(self, hearing: Hearing, left: int, i: int, beliefs: tuple[Belief, ...]) -> bool:
        judge, sides = self.judge, hearing.sides
        here = judge.formula(sides[i])
        others = [judge.formula(sides[s]) for s in dict.fromkeys((left, hearing.subject)) if sides[s].symbolic]
        held = sides[left].wholes | sides[i].wholes

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
            if rounded and _too_wide(there, unit):
                continue
            heres = (found,) if names else hearing.firm(i, there)
            if any(there.meets(here.wider(forgiven)) for here in heres):
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
        return world.with_passes(BelievingPasses(world.passes, answers))

    def _answer(self, belief: Belief, world: World, *, number: bool, rounded: bool) -> Callable[[], Number]:
        if belief.number is not None and (number or belief.said is None):
            middle, reach = belief.number
            value: Number = as_ball(middle) + arb(0, arb(reach)) if rounded else middle
            return lambda: value
        assert belief.said is not None
        formula = self.judge.formula(belief.said)
        return lambda: formula.at(world)


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


def _too_wide(span: Interval, unit: fmpq | None) -> bool:
    """Whether what follows from rounded numbers is hardly known: to less than some digits, and a unit of the last."""
    width = as_ball(_width(span)).abs_upper()
    size = as_ball(span.low).abs_upper().min(as_ball(span.high).abs_upper())
    return bool(width > size * WIDEST) and (unit is None or bool(width > 2 * unit))


def _width(span: Interval) -> Number:
    width = span.high - span.low
    return width if type(width) is fmpq else as_ball(width).upper() + 2 * as_ball(span.low).rad()
