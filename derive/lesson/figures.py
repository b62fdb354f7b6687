"""The figures of a run: every number a document prints, by the quantity it belongs to.

:class:`Figures` looks a quantity up in the run and prints it by the rounding policy, constants of the spec as they
are written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from flint import fmpq

from derive.arithmetic.numbers import is_bounded_zero, is_zero
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy, Shown
from derive.equations.run import Final, Iteration, Run, Sample, first_pass
from derive.equations.table import EquationTable
from derive.errors import DeriveError
from derive.expressions.evaluate import evaluate
from derive.expressions.letters import taken
from derive.expressions.tree import Expr, names_in
from derive.lesson.agreement import PageLine, digits_within, settled
from derive.lesson.effects import EFFECTS, ranking
from derive.lesson.printed_number import ONE, ZERO, Printed, beside_integer, printed, printed_as_written, rounded
from derive.lesson.quantity import FIRST_TERMS, LAST_TERMS, START, CalculatorLines, Quantity, one_address
from derive.lesson.zeros import vanishes, without_zero_terms
from derive.model import Given
from derive.naming.notation import Notation
from derive.network import Network, number

COUNT = Policy("decimals", 0)
"""How a whole number that counts is printed: as it is. Shares are printed in whole percent, too."""
COUNTED = ("count", "share")
FINE_DIGITS = 12
"""The digits of the two losses of a difference quotient; more where their difference would not show."""

Answer = TypeVar("Answer")
MAX_DIGITS_OF_A_FIGURE = 60
"""At most this many digits has a number of a page."""
MAX_DIGITS_BESIDE = 10_000
"""At most this many digits has a number that is written as a whole number and the little that it lacks."""


class Figures:
    """The figures of one run."""

    def __init__(
        self, run: Run, policy: Policy, opinion: Any = None, more: Mapping[Quantity, int] | None = None
    ) -> None:
        """``more``: quantities that are printed with more digits than ``policy`` asks for, and how many more."""
        self.run = run
        self.network: Network = run.network
        self.policy = policy
        self.opinion = opinion
        self.more: Mapping[Quantity, int] = more or {}
        self.short = False  # whether a line comes out with no number of digits
        self._printed: dict[Quantity, Printed] = {}
        self._asked: dict[Quantity, Printed] = {}  # the same by whatever address was asked for
        self._answers: dict[int, tuple[object, Any]] = {}  # with the question, so that it keeps its identity
        self._rounded: dict[tuple[Quantity, int], Value] = {}
        self._maps: dict[tuple[str, int, int], Mapping[str, Value]] = {}
        self._roundings: dict[tuple[Quantity, int], Shown] = {}
        self._results: dict[tuple[Quantity, int], tuple[fmpq, int] | None] = {}
        self._settled: dict[tuple[PageLine, ...], Figures] = {}
        self._come_out: set[tuple[PageLine, ...]] = set()
        self._sums: dict[Quantity, Value] = {}
        self._within: dict[CalculatorLines, Mapping[Quantity, int]] = {}
        self._names: dict[int, tuple[Expr, tuple[str, ...]]] = {}  # with the formula, so that it keeps its identity

    def one(self, quantity: Quantity) -> Quantity:
        """The one address of a number that has several."""
        if quantity.sample and quantity.kind == "value" and quantity.name in self.network.start:
            quantity = quantity._replace(sample=0)  # a parameter is the same for all samples
        if quantity.within is None:
            return one_address(quantity, self._trained)
        return one_address(quantity, self._trained)._replace(within=quantity.within)

    @cached_property
    def _trained(self) -> Collection[str]:
        return frozenset(self.network.trained) if self.run.final else ()

    def print(self, quantity: Quantity) -> Printed:
        """The quantity as it is printed."""
        found = self._asked.get(quantity)
        if found is None:
            found = self._asked[quantity] = self._print(self.one(quantity))
        return found

    def _print(self, quantity: Quantity) -> Printed:
        found = self._printed.get(quantity)
        if found is None and quantity.within is not None:
            found = self._printed[quantity] = self._print_within(quantity._replace(within=None), quantity.within)
        if found is None and quantity.kind == "worker":
            name = ranking(self)[quantity.iteration]
            found = self._printed[quantity] = Printed(Notation.of(self.network.spec, self.network.names).tex(name))
        if found is None:
            given = self.written(quantity) or self._unchanged(quantity)
            found = self._as_written(given) if given is not None else None
            if found is None:
                found = printed(self._shown(quantity, self.more.get(quantity, 0)))
            self._printed[quantity] = found
        return found

    def _print_within(self, quantity: Quantity, within: CalculatorLines) -> Printed:
        """The number as it stands in some lines: with as many digits as they need."""
        more = self._digits_within(within).get(quantity, 0)
        return printed(self._shown(quantity, more)) if more > self.more.get(quantity, 0) else self.print(quantity)

    def _digits_within(self, within: CalculatorLines) -> Mapping[Quantity, int]:
        """How many more digits than asked for the numbers of some lines have there."""
        found = self._within.get(within)
        if found is None:
            found = self._within[within] = self._evened(within)
        return found

    def _evened(self, within: CalculatorLines) -> Mapping[Quantity, int]:
        """The digits that the lines need, those that are to be even all with as many as the one that needs most."""
        known = {**self.more}
        while True:
            known |= digits_within(self, within.lines, known, self._result)
            most = max((known.get(quantity, 0) for quantity in within.even), default=0)
            uneven = [quantity for quantity in within.even if known.get(quantity, 0) < most]
            if not uneven:
                return known
            known |= dict.fromkeys(uneven, most)

    def _shown(self, quantity: Quantity, more: int) -> Shown:
        """The number rounded, with so many more digits than asked for."""
        found = self._roundings.get((quantity, more))
        if found is None:
            found = self._roundings[quantity, more] = self._rounding(quantity, more)
        return found

    def _rounding(self, quantity: Quantity, more: int) -> Shown:
        value = self.true(quantity)
        return rounded(value, self._finer(quantity, value, more))

    def _finer(self, quantity: Quantity, value: Value, more: int) -> Policy:
        policy = self._policy(quantity)
        return policy.finer(policy.shown(value), more) if more else policy

    def _policy(self, quantity: Quantity) -> Policy:
        if quantity.kind == "close":
            return self.apart(quantity.sample)
        return self.fine if quantity.kind == "fine" else COUNT if quantity.kind in COUNTED else self.policy

    def apart(self, first: int) -> Policy:
        """How the loss before and after all updates is printed: with digits enough to see that it changed."""
        output, last = self.network.output, len(self.run.iterations)
        before, after = (self.number(Quantity("loss", output, k)) for k in (first, last))
        policy = self.policy
        if is_zero(before - after) or policy.shown(before) != policy.shown(after):
            return policy
        while policy.shown(before) == policy.shown(after) and policy.digits < MAX_DIGITS_OF_A_FIGURE:
            policy = replace(policy, digits=policy.digits + 1)
        return replace(policy, digits=policy.digits + 1)

    def _as_written(self, given: Given) -> Printed | None:
        with taken(self._letters):
            return printed_as_written(given)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return Notation.of(self.network.spec, self.network.names).taken_letters

    @cached_property
    def fine(self) -> Policy:
        """How the losses of the difference quotient are printed: with digits enough to see their difference."""
        return Policy("significant", max(FINE_DIGITS, self.opinion.quotients[0].digits))

    def answer(self, question: Callable[[Figures], Answer]) -> Answer:
        """The answer of a question about these numbers: asked once, however many parts depend on it."""
        found = self._answers.get(id(question))
        if found is None:
            found = self._answers[id(question)] = (question, question(self))
        result: Answer = found[1]
        return result

    def fractions(self, values: Mapping[str, Quantity]) -> Iterator[str]:
        """The names of those that are printed as fractions: only a constant of the spec can be."""
        for name, quantity in values.items():
            given = self.written(quantity)
            if given is not None and "/" in given.text and r"\frac" in self.print(quantity).tex:
                yield name

    def number(self, quantity: Quantity) -> Value:
        """The number itself: in ``rounding = "end"`` the true one."""
        lookup = self._mapping(quantity)
        if lookup is not None:
            return lookup[quantity.name]
        value: Value = _OTHERS[quantity.kind](self, quantity)
        return value

    def true_number(self, quantity: Quantity) -> Value | None:
        """The number of the run itself, whatever the page is worked from; None where there is none."""
        lookup = self._mapping(quantity)
        return Figures.number(self, quantity) if lookup is None else lookup.get(quantity.name)

    def written(self, quantity: Quantity) -> Given | None:
        """The author's own spelling, where the quantity is a constant of the spec."""
        kind, name, iteration, sample, *_ = quantity
        network = self.network
        if kind == "rate":
            return network.spec.training.learning_rate
        if kind == "hyperparameter":
            return network.hyperparameters[name]
        if kind == "state":
            return network.first_state(name) if iteration <= 0 else None
        if kind == "datum":
            return network.rows[sample][name]
        if kind != "value":
            return None
        given = network.start.get(name)
        if given is not None:
            return given if iteration <= 0 or name not in network.trained or not self.run.final else None
        return network.rows[self.sample(iteration, sample).row - 1].get(name)

    def _unchanged(self, quantity: Quantity) -> Given | None:
        """The author's spelling of a parameter that updates have left as it was."""
        if quantity.kind != "updated":
            return None
        given = self.network.start[quantity.name]
        value = self.number(quantity)
        return given if type(value) is fmpq and value == number(given) and "/" not in given.text else None

    def sample(self, iteration: int, sample: int) -> Sample:
        """A sample of an iteration; past the last iteration, of the final forward pass."""
        return self.samples(iteration)[sample]

    def samples(self, iteration: int) -> tuple[Sample, ...]:
        """The samples of an iteration's batch, or of the final forward pass."""
        return self._pass(iteration).samples

    def _pass(self, iteration: int) -> Iteration | Final:
        run = self.run
        if 0 <= iteration < len(run.iterations):
            return run.iterations[iteration]
        found = self.whole if iteration == START else run.final
        assert found is not None
        return found

    @cached_property
    def whole(self) -> Final | None:
        """The forward pass of all rows before the first update; None where a row leaves a domain."""
        try:
            return first_pass(self.network)
        except DeriveError:
            return None

    def work(self, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity]) -> None:
        """Say by which displayed formula a quantity is worked; the true value needs no telling."""

    def vanishes(self, formula: Expr, values: Mapping[str, Quantity]) -> bool:
        """Whether a formula is exactly 0 because of its factors, though others are rounded."""
        return vanishes(formula, lambda name: self._is_printed_as_zero(values[name]))

    def _is_printed_as_zero(self, quantity: Quantity) -> bool:
        if quantity.kind in SUMS_OF_OTHERS:  # which no page prints
            return is_zero(self.number(quantity))
        return self.print(quantity)[:2] == ZERO

    def is_true(self, quantity: Quantity) -> bool:
        """Whether a number on the page is the run's own, but for a unit of its last place."""
        return True

    def is_nothing(self, quantity: Quantity) -> bool:
        """Whether a number is 0, or no precision tells it from 0."""
        value = self.number(quantity)
        return is_zero(value) or is_bounded_zero(value)

    def others(self, quantity: Quantity) -> Value:
        """The sum over those samples of a batch whose terms a page leaves out."""
        if quantity not in self._sums:
            of = _MAPS[SUMS_OF_OTHERS[quantity.kind]]
            places = range(len(self.samples(quantity.iteration)))[FIRST_TERMS:-LAST_TERMS]
            first, *others = (of(self, quantity.iteration, place)[quantity.name] for place in places)
            self._sums[quantity] = sum(others, first)
        return self._sums[quantity]

    def without_zero_terms(self, formula: Expr, values: Mapping[str, Quantity]) -> Expr:
        """The formula without terms of a cross entropy that are exactly 0 because of a factor of constants."""

        def nothing(factor: Expr) -> bool:
            names = names_in(factor)
            if not all(self.written(values[name]) is not None for name in names):
                return False
            given = {name: self.number(values[name]) for name in names}
            return is_zero(evaluate(factor, given, self.network.relu_at_zero))

        return without_zero_terms(formula, nothing)

    def zeros_and_ones(
        self, values: Mapping[str, Quantity], zeros: Collection[str], ones: Collection[str]
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Which of ``zeros`` are exactly 0, and which of ``ones`` are printed as an exact 1."""
        found = frozenset(name for name in zeros if is_zero(self.number(values[name])))
        return found, frozenset(name for name in ones if self._is_printed_as_one(values[name]))

    def _is_printed_as_one(self, quantity: Quantity) -> bool:
        number = self.number(quantity)
        return type(number) is fmpq and number == 1 and self.print(quantity)[:2] == ONE

    def _mapping(self, quantity: Quantity) -> Mapping[str, Value] | None:
        kind, _, iteration, sample, *_ = quantity
        key = (kind, iteration, sample)
        found = self._maps.get(key)
        if found is None and kind in _MAPS:
            found = self._maps[key] = _MAPS[kind](self, iteration, sample)
        return found

    def local(self, quantity: Quantity) -> Value:
        """The value of a formula in the quantities of one sample."""
        assert quantity.formula is not None
        resolve = self.resolver(quantity.iteration, quantity.sample)
        values = {name: self.number(resolve(name)) for name in names_in(quantity.formula)}
        return evaluate(quantity.formula, values, self.network.relu_at_zero)

    def resolver(self, iteration: int, sample: int) -> Callable[[str], Quantity]:
        """What a name in a formula of this sample stands for."""
        return lambda name: self.resolve(name, iteration, sample)

    def resolve(self, name: str, iteration: int, sample: int) -> Quantity:
        """The quantity of a name, with its marks: ``delta2_1``, ``w2_1_1'``, ``a1_1[2]``."""
        if name.endswith("]"):
            name, _, row = name[:-1].partition("[")
            rows = [s.row for s in self.run.iterations[iteration].samples]
            sample = rows.index(int(row))
        if name.startswith("unit "):
            return Quantity("one")
        if name.endswith("'"):
            return Quantity("new_state" if name[:-1] in self.network.states else "updated", name[:-1], iteration)
        if name in self.network.states:
            return Quantity("state", name, iteration)
        if name in self.network.hyperparameters:
            return Quantity("hyperparameter", name)
        if name in self._gradients:
            return Quantity("gradient", self._gradients[name], iteration, sample)
        return Quantity("value", name, iteration, sample)

    def names_in(self, formula: Expr) -> tuple[str, ...]:
        """The names in a formula, which is the same one for all samples."""
        found = self._names.get(id(formula))
        if found is None:
            found = self._names[id(formula)] = (formula, names_in(formula))
        return found[1]

    @cached_property
    def _gradients(self) -> dict[str, str]:
        names = self.network.names
        return {names.gradient(node): node for node in self.network.graph.names}

    # More digits, where a line does not come out without them (see :mod:`derive.lesson.agreement`)

    @cached_property
    def table(self) -> EquationTable:
        """The equations of the run."""
        return EquationTable(self.network)

    def settled(self, lines: Sequence[PageLine], quantities: Iterable[Quantity]) -> Figures:
        """The figures with digits enough that each line of a page comes out; themselves where they have them."""
        key = tuple(lines)
        if key in self._come_out:
            return self
        found = self._settled.get(key)
        if found is None:
            found = self._with_digits(*settled(self, key, self.more, self._result))
            found._come_out.add(key)  # noqa: SLF001  # all that can, with these digits
            if found is not self:
                self._settled[key] = found
        return found

    def _with_digits(self, more: Mapping[Quantity, int], short: bool) -> Figures:
        """The figures with so many more digits; what is known of numbers whose digits stay is kept."""
        if more == self.more and short == self.short:
            return self
        found = Figures(self.run, self.policy, self.opinion, more)
        found.short = short
        found._maps, found._roundings, found._results = self._maps, self._roundings, self._results
        found._sums = self._sums
        found._printed = {
            q: printed for q, printed in self._printed.items() if q.within is None and more.get(q) == self.more.get(q)
        }
        return found

    def forget(self) -> None:
        """Forget what can be worked again: questions of a lesson may hold the figures that they were first asked of."""
        for finer in self._settled.values():
            finer.forget()
        for known in (self._printed, self._asked, self._rounded, self._answers, self._maps, self._roundings,
                      self._results, self._settled, self._come_out, self._sums, self._within, self._names):  # fmt: skip
            known.clear()

    @property
    def truth(self) -> Figures:
        """The figures with the run's own numbers, whatever the page is worked from."""
        return self

    @property
    def has_more_digits(self) -> bool:
        """Whether a number has more digits than asked for, but for the losses of a difference quotient."""
        return any(quantity.kind != "fine" for quantity in self.more)

    def true(self, quantity: Quantity) -> Value:
        """The number before it is rounded to be printed."""
        return self.number(quantity)

    def fixed(self, quantity: Quantity) -> bool:
        """Whether more digits change nothing: a constant as it is written, or an exact number."""
        return self.print(quantity).exact

    def rounded(self, quantity: Quantity, more: int) -> Value:
        """The number as it is printed with so many more digits than asked for."""
        found = self._rounded.get((quantity, more))
        if found is None:
            found = self._rounded[quantity, more] = self._as_rounded(quantity, more)
        return found

    def _as_rounded(self, quantity: Quantity, more: int) -> Value:
        return self.number(quantity) if self.fixed(quantity) else self._shown(quantity, more).value

    def most(self, quantity: Quantity) -> int:
        """How many more digits it may have: many where what it lacks to a whole number can be written."""
        return MAX_DIGITS_BESIDE if beside_integer(self.true(quantity)) else MAX_DIGITS_OF_A_FIGURE - self.policy.digits

    def next(self, quantity: Quantity, more: int) -> int:
        """The next number of digits with which it may be another number: past the nines or zeros after the point."""
        beside = beside_integer(self.true(quantity))
        return max(more + 1, beside.zeros + 1 - self.policy.digits) if beside else more + 1

    def _result(self, quantity: Quantity, more: int) -> tuple[fmpq, int] | None:
        """The printed number and its last place; None for a constant of the spec, and for 0."""
        key = (quantity, more)
        if key not in self._results:
            self._results[key] = self._worked_result(quantity, more)
        return self._results[key]

    def _worked_result(self, quantity: Quantity, more: int) -> tuple[fmpq, int] | None:
        if self.written(quantity) is not None:
            return None
        value = self.true(quantity)
        policy = self._finer(quantity, value, more)
        if quantity.kind == "close":  # its further digits tell it from another one
            policy = self.policy
        shown = rounded(value, policy)
        return (shown.value, policy.place(shown)) if shown.mantissa != "0" else None


def _values(figures: Figures, iteration: int, sample: int) -> Mapping[str, Value]:
    return figures.sample(iteration, sample).values


def _gradients(figures: Figures, iteration: int, sample: int) -> Mapping[str, Value]:
    return figures.sample(iteration, sample).gradients


_MAPS: Mapping[str, Callable[[Figures, int, int], Mapping[str, Value]]] = {
    "value": _values,
    "gradient": _gradients,
    "batch": lambda figures, k, _: figures.run.iterations[k].gradients,
    "updated": lambda figures, k, _: figures.run.iterations[k].updated,
    "state": lambda figures, k, _: figures.run.iterations[k].states,
    "new_state": lambda figures, k, _: figures.run.iterations[k].new_states,
}


def _loss(figures: Figures, quantity: Quantity) -> Value:
    return figures._pass(quantity.iteration).loss  # noqa: SLF001


def _rate(figures: Figures, quantity: Quantity) -> Value:
    assert figures.run.learning_rate is not None
    return figures.run.learning_rate


def _fall(figures: Figures, quantity: Quantity) -> Value:
    """By how much the output fell, up to the forward pass after so many updates."""
    first, last = ends_of_fall(quantity)
    return figures.number(first) - figures.number(last)


def ends_of_fall(quantity: Quantity) -> tuple[Quantity, Quantity]:
    """The losses between which a fall lies."""
    last = quantity._replace(kind="loss", sample=0)
    return last._replace(iteration=quantity.sample), last


def _close(figures: Figures, quantity: Quantity) -> Value:
    return figures.number(quantity._replace(kind="loss", sample=0))


def _opinion(figures: Figures, quantity: Quantity) -> Value:
    """A field of the opinion, or (``0.above``) of one of its difference quotients."""
    index, _, name = quantity.name.rpartition(".")
    holder = figures.opinion.quotients[int(index)] if index else figures.opinion
    value = getattr(holder, name)
    return fmpq(value) if isinstance(value, int) else value


def _datum(figures: Figures, quantity: Quantity) -> Value:
    return number(figures.network.rows[quantity.sample][quantity.name])


SUMS_OF_OTHERS: Mapping[str, str] = {"rest_value": "value", "rest_gradient": "gradient"}
"""The kinds of the sums that an ellipsis stands for, and of their terms."""

_OTHERS: Mapping[str, Callable[[Figures, Quantity], Value]] = {
    **dict.fromkeys(SUMS_OF_OTHERS, Figures.others),
    "loss": _loss,
    "rate": _rate,
    "hyperparameter": lambda figures, quantity: figures.run.hyperparameters[quantity.name],
    "fall": _fall,
    "close": _close,
    "local": Figures.local,
    "opinion": _opinion,
    "fine": _opinion,
    "count": _opinion,
    "datum": _datum,
    "one": lambda _figures, _quantity: fmpq(1),
    **EFFECTS,
}
