"""Follow-through: whether a wrong line is wrong only because an earlier one was.

What a wrong line says of a quantity is *believed*: put into the network in place of the right value, the rest being
worked out from there. A later line that does not hold in the truth, and holds among these beliefs, follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice

from flint import fmpq

from derive.arithmetic.numbers import as_ball
from derive.expressions.tree import Number, walk
from derive.records import record
from derive.verification.comparing.numerals import HALF
from derive.verification.comparing.scale import near_rational
from derive.verification.comparing.side import ScalarSide
from derive.verification.judging.batch_shares import divided
from derive.verification.judging.believers import Belief, Believers, Turn
from derive.verification.judging.changes import slope_in
from derive.verification.judging.judge import Hearing, Judge
from derive.verification.judging.question import Question
from derive.verification.points.point import Point, PointAddress
from derive.verification.points.slips import Slip
from derive.verification.points.work import Spent
from derive.verification.reading.written_number import unit_of

MAX_TRIED = 12
"""At most this many beliefs, the newest first, are tried one by one, and of those that began a mistake as many."""
MAX_LOOKED_AT = 300
"""At most this many of the newest are looked at for them."""
MAX_ROUNDED = 24
"""At most this many right numbers are taken as they are written, beside the wrong ones."""
MAX_UNITS_OFF = 20
"""A number that is worked from rounded ones is off by at most this many units of its last place."""
MAX_SINGLES = 64
"""At most this many worlds of one belief are kept for later lines."""
MAX_SAID = 500
"""At most this many of the newest beliefs count when a cause is looked for."""
MAX_PAST = 2
"""At most this many places of a file keep their beliefs for the mistakes that are tried there."""


@record
class Origin:
    """The ``line`` that a number goes back to, and whether it follows with the digits that are written, ``exactly``."""

    line: int
    exactly: bool


class Beliefs:
    """What one author believes at a place of a derivation."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.work = judge.share.followed
        self.cut_short = False
        self._all, self._fresh = self._believers(), self._believers()
        self._rounded: dict[PointAddress, Belief] = {}
        self._singles: dict[Belief, Believers] = {}
        self._history: list[tuple[PointAddress, Belief | None]] = []
        self._past: dict[tuple[Belief, ...], Believers] = {}

    def _believers(self, beliefs: Iterable[Belief] = ()) -> Believers:
        found = Believers(self.judge.formula, self.work)
        for belief in beliefs:
            found.put(belief)
        return found

    def __bool__(self) -> bool:
        """Whether anything wrong is believed at all."""
        return bool(self._all.held)

    @property
    def held(self) -> Mapping[PointAddress, Belief]:
        """What is believed now."""
        return self._all.held

    def take(self, hearing: Hearing, line: int, *, fresh: bool) -> None:
        """What a judged chain says of its quantity: right, it ends a belief; wrong, it begins one from ``line``.

        ``fresh`` says whether something went wrong in the chain itself.
        """
        said = hearing.sides[hearing.subject]
        slope = slope_in(said, self.judge.network)
        name, parts = slope or divided(said)
        if name is None or not (hearing.about_quantity or slope):
            return
        address = self.judge.worlds.addresses[name]
        states = hearing.states
        last = max((i for i, state in enumerate(states) if state != "none"), default=0)
        if last <= hearing.subject or address.kind == "free":
            return
        self._note_rounded(hearing, address, last, line, parts)
        belief = self._belief(hearing, address, last, line, fresh=fresh) if states[last] == "wrong" else None
        if belief is not None and parts != 1:
            number = belief.number and (belief.number[0] * parts, belief.number[1] * abs(parts))
            belief = replace(belief, number=number, said=None) if number else None
        if belief is None and address not in self._all.held:
            return
        self._history.append((address, belief))
        for believers in (self._all, self._fresh):
            believers.drop(address)
            if belief is not None and (belief.fresh or believers is self._all):
                believers.put(belief)

    def _note_rounded(self, hearing: Hearing, address: PointAddress, last: int, line: int, parts: fmpq) -> None:
        """Keeps a right number as it is written: later lines may be worked from it."""
        self._rounded.pop(address, None)
        number = hearing.sides[last].number
        if hearing.states[last] in ("right", "rounding") and number is not None and unit_of(number.written):
            value, room = middle_of(hearing, last)
            middle = value * parts, room * abs(parts)
            self._rounded[address] = Belief(address, self.place(address), line, False, middle, None)

    def _belief(self, hearing: Hearing, address: PointAddress, last: int, line: int, *, fresh: bool) -> Belief | None:
        """What is said of a quantity at the end of a wrong chain."""
        wrong = [i for i, state in enumerate(hearing.states) if state == "wrong"]
        formulas = [hearing.sides[i] for i in wrong if hearing.sides[i].symbolic and not hearing.is_free(i)]
        try:
            number = None if hearing.sides[last].symbolic else middle_of(hearing, last)
        except ArithmeticError:
            number = None
        if number is None and not formulas:
            return None
        return Belief(address, self.place(address), line, fresh, number, formulas[-1] if formulas else None)

    def explain(self, hearing: Hearing, i: int) -> Origin | None:
        """What a relation before side ``i`` goes back to, that is wrong or misses the truth by rounding; or nothing.

        What was said of the chain's own quantity explains nothing (a wrong number said twice is wrong twice), and
        neither does what comes after it: a gradient does not follow from the update that it is for.
        """
        left = hearing.lefts[i - 1]
        self.cut_short = False
        if not self._all.held or left is None or hearing.states[i] not in ("wrong", "rounding"):
            return None
        if self.work.spent:
            self.cut_short = True
            return None
        question = Question(hearing, left, i, self.place, self._all)
        if next(self._newest(self._all, question), None) is None:
            return None
        try:
            self.work.take(MAX_TRIED * hearing.size(left, i))
            return self._origin(question) if hearing.shows(left, i) else None
        except Spent:
            self.cut_short = True
            return None

    def is_rounded(self, hearing: Hearing, i: int) -> bool:
        """Whether the number before which a relation stands is, with all its digits, what comes from rounded ones.

        Or the calculation, ``1.4 + 0.064`` where a line said 0.064. Rounded are the numbers that right lines gave, as
        they are written; so far off is only what is worked from many.
        """
        left, unit = hearing.lefts[i - 1], _unit_of(hearing.sides[i])
        if left is None or not unit or hearing.states[i] != "wrong" or hearing.states[left] != "right":
            return False
        if self.work.spent or not self._rounded or not hearing.about_quantity:
            return False
        question = Question(hearing, left, i, self.place, self._all)
        looked = islice(reversed(self._rounded.values()), MAX_LOOKED_AT)
        rounded = tuple(islice(filter(question.can_need, looked), MAX_ROUNDED))
        try:
            self.work.take(MAX_TRIED * hearing.size(left, i))
            near = hearing.span(hearing.subject).meets(hearing.span(i).wider(MAX_UNITS_OFF * unit))
            return near and bool(rounded) and question.comes_from(self._believers(reversed(rounded)))
        except (Spent, ArithmeticError):
            return False

    def _origin(self, question: Question) -> Origin | None:
        for belief in dict.fromkeys((*self._newest(self._fresh, question), *self._newest(self._all, question))):
            alone = self._single(belief)
            if question.holds(alone):
                return Origin(belief.line, question.is_exact(alone))
        both = (self._all, self._fresh) if len(self._fresh.held) < len(self._all.held) else (self._all,)
        for believers in map(self._before(question), both):
            if len(believers.held) > 1 and question.holds(believers):
                return Origin(self._needed(question, believers), question.is_exact(believers))
        return self._as_written(question)

    def _as_written(self, question: Question) -> Origin | None:
        """What a number goes back to that comes from wrong and from rounded numbers together, as they are written."""
        if question.hearing.sides[question.i].number is None:
            return None
        looked = islice(reversed(self._rounded.values()), MAX_LOOKED_AT)
        rounded = tuple(islice(filter(question.can_need, looked), MAX_ROUNDED))
        wrong = tuple(self._newest(self._all, question))
        if not rounded or not wrong:
            return None
        believers = self._believers((*reversed(rounded), *reversed(wrong)))
        if not question.holds(believers) or question.holds(self._believers(reversed(rounded))):
            return None
        lines = [belief.line for belief in wrong if not question.holds(believers, without=belief)]
        return Origin(min(lines or [belief.line for belief in wrong]), question.is_exact(believers))

    def _before(self, question: Question) -> Callable[[Believers], Believers]:
        """The beliefs that may be used: all of them where nothing is named that comes after the chain's quantity."""
        if not question.looks_ahead:
            return lambda believers: believers

        def leading(believers: Believers) -> Believers:
            self.work.take(len(believers.held))
            return self._believers(filter(question.can_need, believers.held.values()))

        return leading

    def _newest(self, believers: Believers, question: Question) -> Iterator[Belief]:
        """The newest beliefs that can go into what is asked about."""
        looked = islice(reversed(believers.held.values()), MAX_LOOKED_AT)
        return islice(filter(question.can_need, looked), MAX_TRIED)

    def _single(self, belief: Belief) -> Believers:
        """The world of one belief, kept for later lines."""
        found = self._singles.pop(belief, None)
        if found is None:
            if len(self._singles) >= MAX_SINGLES:
                del self._singles[next(iter(self._singles))]
            found = self._believers((belief,))
        self._singles[belief] = found
        return found

    def _needed(self, question: Question, believers: Believers) -> int:
        """The earliest line without which it would not follow."""
        newest = tuple(self._newest(believers, question))
        lines = [belief.line for belief in newest if not question.holds(believers, without=belief)]
        return min(lines or [belief.line for belief in newest])

    def place(self, address: PointAddress) -> Turn:
        """When a quantity's turn comes: the new parameters of a step, its nodes in their order, its derivatives."""
        if address.kind in ("value", "loss", "rate"):
            found = self._order.get(address.of, -1)
            return address.step, 0 if found < 0 else 1, max(found, 0)
        return address.step, 2, 0

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {node.name: i for i, node in enumerate(self.judge.network.graph.nodes)}

    # As it was at a place of the file

    @property
    def moment(self) -> int:
        """How much has been said."""
        return len(self._history)

    def snapshot(self) -> Snapshot:
        """What is believed now, whatever comes later."""
        return Snapshot(self, self.moment)

    def until(self, moment: int) -> tuple[Belief, ...]:
        """What was believed in numbers when so much had been said, as far as it was said lately."""
        said = dict(self._history[max(moment - MAX_SAID, 0) : moment])
        return tuple(belief for belief in said.values() if belief is not None and belief.number is not None)

    def past(self, beliefs: tuple[Belief, ...]) -> Believers:
        """Those who believed it; kept, because one mistake after the other is tried, and one line after the other."""
        found = self._past.get(beliefs)
        if found is None:
            if len(self._past) >= MAX_PAST:
                del self._past[next(iter(self._past))]
            found = self._past[beliefs] = Believers(self.judge.formula, self.judge.share.tried)
            for belief in beliefs:
                found.put(belief)
        return found


class Snapshot:
    """What was believed at a place of a file."""

    def __init__(self, beliefs: Beliefs, moment: int) -> None:
        self._beliefs, self._moment = beliefs, moment

    @cached_property
    def _held(self) -> tuple[Belief, ...]:
        return self._beliefs.until(self._moment)

    def truth(self, slips: tuple[Slip, ...] = (), besides: PointAddress | None = None) -> Point | None:
        """The world at the spec's numbers among the numbers believed, with these mistakes made on the way.

        ``besides`` is a quantity of which nothing is believed, and nothing that comes after it; None where no other
        belief is left.
        """
        held = self.before(besides)
        world = self._beliefs.judge.worlds.truth
        return self._beliefs.past(held).world(world.with_slips(*slips) if slips else world, "number") if held else None

    def before(self, besides: PointAddress | None) -> tuple[Belief, ...]:
        """What can go into a quantity of which nothing is believed; everything where there is none such."""
        if besides is None:
            return self._held
        place = self._beliefs.place(besides)
        return tuple(belief for belief in self._held if belief.address != besides and belief.place <= place)


def _unit_of(side: ScalarSide) -> fmpq | None:
    """One unit of the last place of a number, or of the finest one in a calculation; None where that is no decimal."""
    if side.number is not None:
        return unit_of(side.number.written)
    if side.symbolic or side.expr is None:
        return None
    units = (unit_of(part.written) for part in walk(side.expr) if isinstance(part, Number))
    return min(filter(None, units), default=None)


def middle_of(hearing: Hearing, i: int) -> tuple[fmpq, fmpq]:
    """The value of a side, and how far it may be rounded."""
    number = hearing.sides[i].number
    if number is not None:
        unit = unit_of(number.written)
        sign = -1 if hearing.span(i).high < 0 else 1
        return sign * number.value, HALF * unit if unit is not None else fmpq(0)
    span = hearing.span(i)
    if type(span.low) is fmpq and type(span.high) is fmpq:
        return (span.low + span.high) / 2, (span.high - span.low) / 2
    middle = as_ball(span.low + span.high) / 2
    return near_rational(middle), near_rational(as_ball(span.high - span.low) / 2)
