"""The figures of a run worked from printed numbers (``rounding = "step"``).

Each quantity is worked from *printed* numbers and rounded, so that a reader with a pocket calculator finds every
printed value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from derive.chain import Derivation
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Expr, Name, Quotient, as_expr, names_in, plus, times
from derive.lesson.figures import Figures, Quantity, ends_of_fall
from derive.lesson.printed import Printed, printed, printed_as_written
from derive.network import number
from derive.numbers import Number as Value
from derive.rounding import Policy, Shown
from derive.run import Run

UNWORKED = ("opinion", "fine", "count", "close", "one")
"""The kinds that are not worked from printed numbers."""
Formula = tuple[Expr, Mapping[str, Quantity]]
"""By which formula a quantity is worked, and what its names stand for."""


class WorkedFigures(Figures):
    """Figures worked from printed numbers, each rounded as it is printed (``rounding = "step"``)."""

    def __init__(self, run: Run, policy: Policy, opinion: Any = None) -> None:
        super().__init__(run, policy, opinion)
        self._derivation = Derivation(self.network)
        self._worked: dict[Quantity, Value] = {}
        self._finished = 0

    def number(self, quantity: Quantity) -> Value:
        """The printed value, as an exact number."""
        if quantity.kind in UNWORKED and quantity not in self._worked:
            return super().number(quantity)
        if quantity not in self._worked:
            self._work_all(quantity)
        return self._worked[quantity]

    def _work_all(self, quantity: Quantity) -> None:
        """Work a quantity after all that it needs, however deep: without recursion."""
        waiting = [quantity]
        formulas: dict[Quantity, Formula] = {}
        while waiting:
            here = waiting[-1]
            if here not in formulas and not self._given(here):
                self._finish(here.iteration)
                formulas[here] = self._default(here)
                needed = formulas[here][1].values()
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
            self._note(quantity, self.policy.shown(number(given)))
        return True

    def print(self, quantity: Quantity) -> Printed:
        """The quantity as it is printed."""
        self.number(quantity)
        return super().print(quantity)

    def work(self, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity]) -> None:
        """Work the quantity by the displayed formula from what is printed, and round it."""
        if quantity in self._worked:
            return
        numbers = {name: self._put_in(values[name]) for name in names_in(formula)}
        shown = self.policy.shown(evaluate(formula, numbers, self.network.relu_at_zero))
        exact = all(self.print(values[name]).exact for name in numbers) or self.vanishes(formula, values)
        self._note(quantity, shown, exact)

    def _note(self, quantity: Quantity, shown: Shown, exact: bool = True) -> None:
        """Remember a printed value; what is worked from rounded numbers is not exact."""
        self._worked[quantity] = shown.value
        self._printed[quantity] = printed(shown._replace(exact=shown.exact and exact))

    def _put_in(self, quantity: Quantity) -> Value:
        """The number that stands on the page."""
        number = self.number(quantity)
        return self.fine.shown(number).value if quantity.kind == "fine" else number

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

    def _default(self, quantity: Quantity) -> Formula:
        """The formula by which a quantity is worked where the document shows no other."""
        formula, values = _FORMULAS[quantity.kind](self, quantity)
        return formula, values


def _by_names(figures: Figures, formula: Expr, quantity: Quantity) -> tuple[Expr, dict[str, Quantity]]:
    resolve = figures.resolver(quantity.iteration, quantity.sample)
    return formula, {name: resolve(name) for name in names_in(formula)}


def _value_formula(figures: WorkedFigures, quantity: Quantity) -> Formula:
    node = figures.network.graph.by_name.get(quantity.name)
    if node is None:  # a parameter after the first update
        return Name("w"), {"w": Quantity("updated", quantity.name, quantity.iteration - 1)}
    return _by_names(figures, node.formula, quantity)


def _gradient_formula(figures: WorkedFigures, quantity: Quantity) -> Formula:
    return _by_names(figures, figures._derivation.gradient(quantity.name), quantity)  # noqa: SLF001


def _reduced_formula(figures: WorkedFigures, each: Sequence[Quantity]) -> Formula:
    """The samples' quantities summed, and divided by their number where the reduction is the mean."""
    values = {f"s{i}": quantity for i, quantity in enumerate(each)}
    total = plus(*map(Name, values))
    if len(each) > 1 and figures.network.spec.training.reduction == "mean":
        total = Quotient(total, as_expr(len(each)))
    return total, values


def _batch_formula(figures: WorkedFigures, quantity: Quantity) -> Formula:
    k = quantity.iteration
    samples = range(len(figures.run.iterations[k].samples))
    return _reduced_formula(figures, [Quantity("gradient", quantity.name, k, s) for s in samples])


def _loss_formula(figures: WorkedFigures, quantity: Quantity) -> Formula:
    k, samples = quantity.iteration, figures.samples(quantity.iteration)
    output = figures.network.output
    return _reduced_formula(figures, [Quantity("value", output, k, s) for s in range(len(samples))])


def _updated_formula(figures: WorkedFigures, quantity: Quantity) -> Formula:
    _, name, k, _, _ = quantity
    values = {
        "w": Quantity("value", name, k),
        "eta": Quantity("rate"),
        "g": Quantity("batch", name, k),
    }
    return Name("w") - times(Name("eta"), Name("g")), values


def _local_formula(figures: WorkedFigures, quantity: Quantity) -> Formula:
    assert quantity.formula is not None
    return _by_names(figures, quantity.formula, quantity)


def _fall_formula(_: WorkedFigures, quantity: Quantity) -> Formula:
    first, last = ends_of_fall(quantity)
    return Name("first") - Name("last"), {"first": first, "last": last}


_FORMULAS: Mapping[str, Callable[[WorkedFigures, Quantity], Formula]] = {
    "value": _value_formula,
    "gradient": _gradient_formula,
    "batch": _batch_formula,
    "loss": _loss_formula,
    "updated": _updated_formula,
    "local": _local_formula,
    "fall": _fall_formula,
}
