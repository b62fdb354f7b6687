"""The figures of a run worked from printed numbers (``rounding = "step"``).

Each quantity is worked from *printed* numbers and rounded, so that a reader with a pocket calculator finds every
printed value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from flint import fmpq

from derive.arithmetic.numbers import untraced
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy, Shown, power_of_ten
from derive.equations.run import Run
from derive.expressions.tree import Expr
from derive.lesson.agreement import PageLine, at_last, cancelled, magnitude, more_digits
from derive.lesson.figures import Answer, Figures
from derive.lesson.printed_number import Printed, printed, printed_as_written, rounded
from derive.lesson.quantity import Quantity
from derive.lesson.usual_formulas import FilledFormula, usual_formula
from derive.network import number

UNWORKED = ("opinion", "fine", "count", "close", "one", "by", "rise", "foretold", "squares", "share", "worker")
"""The kinds that are not worked from printed numbers."""

TOLD = ("fall",)
"""A loss that changes by less than is printed of it is told to stay: that is no reason for more digits."""


MAX_ROUNDS = 6
"""At most this many times a page is worked again before it is written again."""


class WorkedFigures(Figures):
    """Figures worked from printed numbers, each rounded as it is printed (``rounding = "step"``)."""

    def __init__(
        self, run: Run, policy: Policy, opinion: Any = None, more: Mapping[Quantity, int] | None = None
    ) -> None:
        super().__init__(run, policy, opinion, more)
        self._worked: dict[Quantity, Value] = {}
        self._true: dict[Quantity, Value] = {}  # before it was rounded, where rounding changed it
        self._needed: dict[Quantity, int] = {}
        self._was_short = False
        self._finished = 0

    def number(self, quantity: Quantity) -> Value:
        """The printed value, as an exact number."""
        quantity = self._plain(quantity)
        if quantity.kind in UNWORKED and quantity not in self._worked:
            return super().number(quantity)
        if quantity not in self._worked:
            self._work_all(quantity)
        return self._worked[quantity]

    def _work_all(self, quantity: Quantity) -> None:
        """Work a quantity after all that it needs, however deep: without recursion."""
        waiting = [quantity]
        formulas: dict[Quantity, FilledFormula] = {}
        while waiting:
            here = waiting[-1]
            if here not in formulas and not self._given(here):
                self._finish(here.iteration)
                formulas[here] = self._default(here)
                needed = map(self.one, formulas[here][1].values())
                waiting += [q for q in needed if q.kind not in UNWORKED and q not in self._worked]
                continue
            waiting.pop()
            if here in formulas:
                self.work(here, *formulas[here])

    def _given(self, quantity: Quantity) -> bool:
        """Whether a quantity is known already, or a constant of the spec, which is noted."""
        if quantity in self._worked:
            return True
        given = self.written(quantity)
        if given is None:
            return False
        if printed_as_written(given) is not None:
            self._worked[quantity] = number(given)
        else:  # too long to be written out: the page has it rounded
            self._note(quantity, number(given))
        return True

    def print(self, quantity: Quantity) -> Printed:
        """The quantity as it is printed: the same in all lines, which are worked from it as it is."""
        quantity = self._plain(quantity)
        self.number(quantity)
        return self._print(quantity)

    def _plain(self, quantity: Quantity) -> Quantity:
        quantity = self.one(quantity)
        return quantity if quantity.within is None else quantity._replace(within=None)

    def work(self, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity]) -> None:
        """Work the quantity by the displayed formula from what is printed, and round it."""
        quantity = self.one(quantity)
        if quantity in self._worked:
            return
        operands = {name: self.one(value) for name, value in values.items()}
        line = PageLine(quantity, formula, operands, self.network.relu_at_zero)
        value, true = self._values(line)
        exact = all(self.print(operand).exact for operand in line.operands) or self.vanishes(formula, operands)
        self._note(quantity, value, exact, true)

    def _values(self, line: PageLine) -> tuple[Value, Value]:
        """What the printed numbers of a line give, and what they would give had they never been rounded.

        Where digits cancel, numbers that need more of them are noted, and the page is worked again (see
        :meth:`settled`). An update starts afresh: the next iteration is worked from the printed parameters.
        """
        numbers = [self._put_in(operand) for operand in line.operands]
        if all(map(self.fixed, line.operands)):
            found = line.compute(*numbers)
            return found, found
        from_printed, error = _attempt(line, numbers)
        true, other = _attempt(line, [self.true(operand) for operand in line.operands])
        if true is None:  # on a kink, or outside a domain, where rounding decides the side
            if isinstance(other, Undecided):
                at_last()
            if from_printed is None:
                raise error or other or Undecided
            return from_printed, from_printed
        needed = self._needed_by(line, from_printed, true) if line.quantity.kind not in TOLD else {}
        if from_printed is None and not needed:
            raise error or Undecided
        self._needed.update(needed)
        found = true if from_printed is None or needed else from_printed
        return found, found if line.quantity.kind == "updated" else true

    def _needed_by(self, line: PageLine, found: Value | None, true: Value) -> dict[Quantity, int]:
        """More digits of the numbers of a line: where digits cancel, and where its result has more of them."""
        more = self.more.get(line.quantity, 0)
        try:
            policy = self._finer(line.quantity, true, more)
            place = policy.place(policy.shown(true))
        except Undecided:  # near 0
            if found is not None:
                at_last()
            return {}
        coarse = max(place, -policy.digits) if policy.kind == "decimals" else place
        unit = power_of_ten(coarse)
        if not more and found is not None and not cancelled(found, true, unit, lambda: self._carried(line)):
            return {}
        needed = more_digits(self, line, self.more, true, place)
        self.short = self.short or needed is None
        return needed or {}

    def _carried(self, line: PageLine) -> Value:
        """By how many units of its last place a number of the line is off, the worst one."""
        worst: Value = fmpq(0)
        for operand in line.operands:
            if self.fixed(operand):
                continue
            true, here = self.true(operand), self.number(operand)
            policy = self._finer(operand, true, self.more.get(operand, 0))
            try:
                unit = power_of_ten(policy.place(policy.shown(true)))
            except Undecided:  # near 0
                continue
            worst = max(worst, magnitude(here - true) / unit)
        return worst

    def settled(self, lines: Sequence[PageLine], quantities: Iterable[Quantity]) -> Figures:
        """The figures with digits enough that no digits cancel in a line; themselves where they have them.

        Digits are needed from a line to those above it, through all iterations: the page is worked again from its
        lines, which costs less than to write it again.
        """
        found, ordered = self, None
        on_page = tuple(quantities)
        for _ in range(MAX_ROUNDS):
            for quantity in on_page:
                found.print(quantity)
            if not found._needed and found.short == found._was_short:
                break
            found = found._with_what_is_needed()
            ordered = self._operands_first(lines) if ordered is None else ordered
            for line in ordered:
                found.work(line.quantity, line.formula, line.values)
        return found

    def _operands_first(self, lines: Sequence[PageLine]) -> list[PageLine]:
        """The first line of each quantity, after those of what is put into it, in whatever order a page has them."""
        by_quantity: dict[Quantity, PageLine] = {}
        for line in lines:
            by_quantity.setdefault(self.one(line.quantity), line)
        found: dict[Quantity, PageLine] = {}
        for quantity in by_quantity:
            waiting, opened = [quantity], set[Quantity]()
            while waiting:
                here = waiting[-1]
                if here in opened or here in found:
                    waiting.pop()
                    found.setdefault(here, by_quantity[here])
                    continue
                opened.add(here)
                operands = map(self.one, by_quantity[here].operands)
                waiting += [q for q in operands if q in by_quantity and q not in found and q not in opened]
        return list(found.values())

    def _with_what_is_needed(self) -> WorkedFigures:
        found = WorkedFigures(self.run, self.policy, self.opinion, {**self.more, **self._needed})
        found.short = found._was_short = self.short
        return found

    def _shown(self, quantity: Quantity, more: int) -> Shown:
        return self._rounding(quantity, more)  # what a number is changes while the page is worked

    def answer(self, question: Callable[[Figures], Answer]) -> Answer:
        return question(self)  # likewise

    def rounded(self, quantity: Quantity, more: int) -> Value:
        return self._as_rounded(quantity, more)  # likewise

    def true(self, quantity: Quantity) -> Value:
        """What the number would be had nothing been rounded since the last update."""
        quantity = self.one(quantity)
        return self._true[quantity] if quantity in self._true else self.number(quantity)

    @cached_property
    def truth(self) -> Figures:
        """The run's own numbers, none of them rounded."""
        return Figures(self.run, self.policy, self.opinion)

    def is_true(self, quantity: Quantity) -> bool:
        """The same, of a number that carries the roundings of all lines before it."""
        here, quantity = self.number(quantity), self._plain(quantity)
        policy = self._finer(quantity, here, self.more.get(quantity, 0))
        try:
            unit = power_of_ten(policy.place(policy.shown(here)))
            return bool(magnitude(self.truth.number(quantity) - here) <= unit)
        except Undecided:  # near 0
            return True

    def fixed(self, quantity: Quantity) -> bool:
        """Whether more digits change nothing."""
        quantity = self.one(quantity)
        if quantity.kind == "fine":
            return super().fixed(quantity)
        self.number(quantity)
        return quantity not in self._true

    def _note(self, quantity: Quantity, value: Value, exact: bool = True, true: Value | None = None) -> None:
        """Remember a printed value, and ``true``, what it would be; worked from rounded numbers it is not exact."""
        shown = rounded(value, self._finer(quantity, value, self.more.get(quantity, 0)), whole=exact)
        apart = untraced(value if true is None else true)
        if type(apart) is not fmpq or apart != shown.value:
            self._true[quantity] = apart
        self._worked[quantity] = shown.value
        self._printed[quantity] = printed(shown._replace(exact=shown.exact and exact))

    def _put_in(self, quantity: Quantity) -> Value:
        """The number that stands on the page."""
        number = self.number(quantity)
        return self._shown(quantity, self.more.get(quantity, 0)).value if quantity.kind == "fine" else number

    def _finish(self, iteration: int) -> None:
        """Work all updates of the iterations before this one, in order: no recursion through the iterations."""
        while self._finished < min(iteration, len(self.run.iterations)):
            k = self._finished
            self._finished += 1
            for node in self.network.graph.nodes:
                for s in range(len(self.run.iterations[k].samples)):
                    self.number(Quantity("value", node.name, k, s))
            for name in self.run.iterations[k].updated:
                self.number(Quantity("updated", name, k))

    def _default(self, quantity: Quantity) -> FilledFormula:
        """The formula by which a quantity is worked where the document shows no other."""
        return usual_formula(self, quantity)


def _attempt(line: PageLine, numbers: Sequence[Value]) -> tuple[Value | None, ArithmeticError | None]:
    """What a line gives with these numbers, or why it has no value."""
    try:
        return line.compute(*numbers), None
    except (OutsideDomain, Undecided) as error:
        return None, error
