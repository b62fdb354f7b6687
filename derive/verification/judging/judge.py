"""The verdict on every relation of a chain of equalities (contract, section 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

from flint import fmpq

from derive.arithmetic.numbers import BOUND_DIGITS, union
from derive.arithmetic.outcomes import TOO_LARGE, OutsideDomain, Undecided
from derive.arithmetic.reals import ZERO, Value
from derive.records import record
from derive.verification.comparing.believing import Answer, BelievingTraining, is_hardly_known
from derive.verification.comparing.chain import File, NoValue, ScalarChain, TooHard, at_the_spec
from derive.verification.comparing.compared import Compared
from derive.verification.comparing.identity import FIRST_BITS, LAST_BITS, decided, same
from derive.verification.comparing.intervals import remembered
from derive.verification.comparing.rounded_numbers import is_wide
from derive.verification.comparing.roundings import as_rounded
from derive.verification.comparing.verdict import Reason, Verdict
from derive.verification.judging.given_together import given_together
from derive.verification.points.point import Point, PointAddress, Points
from derive.verification.reading.written_number import is_negative, places_of, unit_of

State: TypeAlias = Literal["right", "rounding", "wrong", "none"]
PER_IDENTITY = 12
"""What comparing two formulas near the spec's values costs besides, in names, numbers and operations."""
UNDECIDED = "it lies so close to a kink, to zero or to the limits of arithmetic that no precision decides it"


@record
class Finding:
    """What is found of one relation.

    Attributes:
        carried: for ``rounding``: the digits were lost on the left already.
        back: the number of the relation in the chain that this one goes back to (``follows``).
    """

    verdict: Verdict
    note: Reason | None = None
    carried: bool = False
    back: int | None = None


@dataclass(slots=True)
class Judge(File):
    """Judges the chains of one file, in its order."""

    def chain(self, line: ScalarChain) -> Hearing:
        """The chain, judged."""
        hearing = Hearing(self, line)
        hearing.learn()
        return hearing


class Hearing(Compared):
    """One chain of scalars before the judge: a finding for every relation.

    Attributes:
        states: of every side, how it stands to the truth.
    """

    def __init__(self, judge: File, line: ScalarChain) -> None:
        super().__init__(judge, line)
        self.states: list[State] = ["none"] * len(line.sides)
        self.lefts: list[int | None] = [None] * len(line.signs)
        self.findings = self._judge()

    def again(self) -> Hearing:
        """The same hearing anew: what is asked of this one from here on is not known to that one."""
        found = object.__new__(Hearing)
        found.__dict__.update(self.__dict__, _spans=list(self._spans), _meanings=dict(self._meanings))
        self.judge.worlds.toll = found.pay
        return found

    # Verdicts

    def _judge(self) -> list[Finding]:
        findings = []
        left = self._begin()
        for i in range(1, len(self.sides)):
            self.lefts[i - 1] = left
            try:
                finding, state = self._relation(left, i)
            except TooHard:
                finding, state = Finding("unreadable", Reason("unreadable", {"problem": UNDECIDED, "hint": ""})), "none"
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
            right = self.subject == 0 or self.agrees(0, self.subject)
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
            note = Reason("no_value", {"what": str(error)})
            return Finding("wrong", note), "wrong"

    def _follows(self, left: int) -> Finding:
        """Agreement with a left side that was wrong."""
        return Finding("follows", Reason("follows_left"), back=self._origin(left))

    def _origin(self, left: int) -> int:
        """The relation in which the chain went wrong, before or at this side."""
        while left > 0 and (before := self.lefts[left - 1]) is not None and self.states[before] == "wrong":
            left = before
        return max(left - 1, 0)

    # Names on both sides

    def _identity(self, left: int, i: int) -> tuple[Finding, State]:
        self.judge.share.judge(PER_IDENTITY + self.size(left, i))
        try:
            equal = self.identical(left, i) or given_together(self.sides, self.judge.worlds)
        except OutsideDomain as error:
            if error.verdict == TOO_LARGE:
                raise TooHard from None
            return Finding("wrong", Reason("no_value", {"what": f"{error} {error.verdict}"})), "wrong"
        except Undecided:
            raise TooHard from None
        if equal:
            if self.states[left] in ("right", "rounding"):
                return Finding("holds"), self.states[left]
            return self._follows(left), "wrong"
        note = Reason("at_the_spec_only") if self._equal_here(left, i) else self._partial(left, i)
        state: State = "wrong"
        if left != self.subject and self.sides[self.subject].symbolic and self._truly(i):
            state, note = "right", Reason("after_wrong_left")
        return Finding("wrong", note), state

    def _truly(self, i: int) -> bool:
        try:
            return self.identical(self.subject, i)
        except (OutsideDomain, Undecided):
            return False

    def _equal_here(self, one: int, other: int) -> bool:
        if self.is_free(one) or self.is_free(other):
            return False
        try:
            return self.agrees(one, other)
        except (NoValue, TooHard):
            return False

    # Anything else

    def _numbers(self, left: int, i: int) -> tuple[Finding, State]:
        agrees = self.agrees(left, i) or self._agrees_as_rounded(left, i)
        before, here = self.span(left), self.span(i)
        true = self.agrees(self.subject, i) if left != self.subject else agrees
        right = self.states[left] in ("right", "rounding")
        if agrees:
            return self._agreeing(left, i, true=true)
        unit = self.forgiven(i)
        if unit is not None and before.meets(here.wider(unit)):
            if not right:
                return self._follows(left), "right" if true else "wrong"
            return Finding("rounding", Reason("slipped")), "rounding"
        if true and self.states[left] == "rounding":
            return Finding("holds"), "right"
        if right and self._nearly(left, i):
            return Finding("rounding", Reason("slipped")), "rounding"
        if right and self._goes_on(left, i):
            return Finding("rounding", Reason("carried"), carried=True), "rounding"
        note = Reason("after_wrong_left") if true else self._partial(left, i)
        return Finding("wrong", note), "right" if true else "wrong"

    def _partial(self, left: int, i: int) -> Reason | None:
        """That a derivative with ∂, beside one with d, is not the total one; None where it is."""
        worlds = self.judge.worlds

        def is_total(address: PointAddress) -> bool:
            truth = worlds.truth
            return same(truth.at(address), truth.at(replace(address, kind="derivative")))

        for name in dict.fromkeys((*self.sides[left].names, *self.sides[i].names)):
            address = worlds.addresses[name]
            if address.kind == "partial" and not decided(partial(is_total, address)):
                return Reason("partial", {"name": name})
        return None

    def _goes_on(self, left: int, i: int) -> bool:
        """Whether it comes from the rounded numbers of earlier right lines, without writing them once more."""
        if not self.judge.rounded.table:
            return False
        self.judge.share.rounded.take(self.size(left, i))
        if not self._is_reached(left, i):
            return False
        for exactly in (False, True):
            try:
                comes = self._from(left, i, exactly=exactly)
            except ArithmeticError:
                continue
            if comes or (comes is False and self.sides[i].number is not None):
                return comes
        return False

    def _is_reached(self, left: int, i: int) -> bool:
        """Whether rounded numbers of earlier lines can go into what is named."""
        addresses = self.judge.worlds.addresses
        passes = self._rounded(self.judge.worlds, "between", _between).passes
        assert isinstance(passes, BelievingTraining)
        sides = [self.sides[s] for s in dict.fromkeys((left, self.subject, i))]
        return any(
            passes.may_differ(addresses[name]) for name in dict.fromkeys(n for said in sides for n in said.names)
        )

    def _rounded(self, worlds: Points, mode: str, answer: Answer) -> Point:
        """The world in which earlier right lines are as they were rounded, but for the chain's own quantity."""
        name = self.sides[self.subject].subject
        own = (worlds.addresses[name],) if name is not None else ()
        return self.judge.rounded.world(worlds.truth, mode, answer, self.judge.share.rounded, own)

    def _from(self, left: int, i: int, *, exactly: bool) -> bool | None:
        """Whether it comes from these numbers: from what was written, or from what lies between that and the truth.

        The one is a part of the other. None where it is hardly known.
        """
        unit = self.forgiven(i)
        mode, answer = ("written", _written) if exactly else ("between", _between)
        last = LAST_BITS if exactly else FIRST_BITS  # no precision decides what lies between two numbers

        def world(worlds: Points) -> Point:
            return self._rounded(worlds, mode, answer)

        names = self.sides[i].names
        comes: bool | None = False
        for s in dict.fromkeys((left, self.subject)):
            there = self.span_in(s, self.judge.worlds, world, last=last)
            if not exactly and is_hardly_known(there, unit):
                comes = None
                continue
            heres = (self.span_in(i, self.judge.worlds, world, last=last),) if names else self.firm(i, there)
            if any(there.meets(here.wider(unit or ZERO)) for here in heres):
                return True
        return comes

    def _nearly(self, left: int, i: int) -> bool:
        """Whether the sides agree if the numbers in the right one are rounded, and have slipped in their last place.

        Then the rest of the chain goes on with what they stand for.
        """
        if self.sides[i].number is not None:
            return False
        try:
            slipped = remembered(self.reading.slipped)
            span = self.span_in(i, self.judge.worlds, at_the_spec, slipped)
        except (OutsideDomain, Undecided):
            return False
        near = self.meet(left, i, span, slipped) and not is_wide(span, self.span(left))
        if near:
            self._spans[i] = span
        return near

    def _agrees_as_rounded(self, left: int, i: int) -> bool:
        """Whether the sides agree with quantities for numbers that round to them; then the chain goes on with those."""
        for one, other in ((i, left), (left, i)):
            try:
                found = as_rounded(self, one, self.span(other))
            except (OutsideDomain, Undecided):
                continue
            if found is not None:
                self._spans[one] = found
                return True
        return False

    def _agreeing(self, left: int, i: int, *, true: bool) -> tuple[Finding, State]:
        """The right side agrees with the left; does it with the truth?"""
        if true:
            if self._hides_all(i):
                return Finding("rounding", Reason("zero")), "rounding"
            unproven = self.says_nothing(i) and self.nothing(self.subject) == "either"
            return Finding(
                "holds", Reason("zero_or_tiny", {"digits": str(BOUND_DIGITS)}) if unproven else None
            ), "right"
        if self.states[left] not in ("right", "rounding"):
            return self._follows(left), "wrong"
        if self._is_padded(left, i):
            return Finding("wrong"), "wrong"
        return Finding("rounding", Reason("carried"), carried=True), "rounding"

    def _is_padded(self, left: int, i: int) -> bool:
        """Whether digits are added to a number that are not there: 0.5 = 0.500."""
        before, here = self.sides[left].number, self.sides[i].number
        return before is not None and here is not None and places_of(here.written) > places_of(before.written)

    def _hides_all(self, i: int) -> bool:
        """Whether 0.00 is written for what is not 0, or 0 for what is tiny."""
        if not self.says_nothing(i):
            return False
        span = self.span(self.subject)
        return bool(span.low > 0 or span.high < 0)

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
                if unit_of(said.number.written) is not None:
                    written = -said.number.value if negative else said.number.value
                    self.judge.rounded.put(address, (written, true.low))


def _written(numbers: tuple[fmpq, Value]) -> Value:
    return numbers[0]


def _between(numbers: tuple[fmpq, Value]) -> Value:
    written, true = numbers
    return union(written, true)
