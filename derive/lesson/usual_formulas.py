"""By which formula a quantity is worked where the page shows no line of its own for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from derive.expressions.tree import Expr, Name, Quotient, as_expr, names_in, plus, times
from derive.lesson.figures import Figures, ends_of_fall
from derive.lesson.quantity import Quantity

FilledFormula: TypeAlias = tuple[Expr, Mapping[str, Quantity]]
"""By which formula a quantity is worked, and what its names stand for."""


def usual_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    """The formula of a quantity, and what its names stand for.

    Raises:
        KeyError: for a kind that is not worked (see :data:`KINDS`).
    """
    return _FORMULAS[quantity.kind](figures, quantity)


def _by_names(figures: Figures, formula: Expr, quantity: Quantity) -> FilledFormula:
    resolve = figures.resolver(quantity.iteration, quantity.sample)
    return formula, {name: resolve(name) for name in names_in(formula)}


def _value_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    node = figures.network.graph.by_name.get(quantity.name)
    if node is None:  # a parameter after the first update
        return Name("w"), {"w": Quantity("updated", quantity.name, quantity.iteration - 1)}
    return _by_names(figures, node.formula, quantity)


def _gradient_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    return _by_names(figures, figures.derivation.gradient(quantity.name), quantity)


def _reduced_formula(figures: Figures, each: Sequence[Quantity]) -> FilledFormula:
    """The samples' quantities summed, and divided by their number where the reduction is the mean."""
    values = {f"s{i}": quantity for i, quantity in enumerate(each)}
    total = plus(*map(Name, values))
    if len(each) > 1 and figures.network.spec.training.reduction == "mean":
        total = Quotient(total, as_expr(len(each)))
    return total, values


def _batch_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    k = quantity.iteration
    samples = range(len(figures.run.iterations[k].samples))
    return _reduced_formula(figures, [Quantity("gradient", quantity.name, k, s) for s in samples])


def _loss_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    k, samples = quantity.iteration, figures.samples(quantity.iteration)
    output = figures.network.output
    return _reduced_formula(figures, [Quantity("value", output, k, s) for s in range(len(samples))])


def _updated_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    _, name, k, _, _ = quantity
    values = {
        "w": Quantity("value", name, k),
        "eta": Quantity("rate"),
        "g": Quantity("batch", name, k),
    }
    return Name("w") - times(Name("eta"), Name("g")), values


def _local_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    assert quantity.formula is not None
    return _by_names(figures, quantity.formula, quantity)


def _fall_formula(_: Figures, quantity: Quantity) -> FilledFormula:
    first, last = ends_of_fall(quantity)
    return Name("first") - Name("last"), {"first": first, "last": last}


_FORMULAS: Mapping[str, Callable[[Figures, Quantity], FilledFormula]] = {
    "value": _value_formula,
    "gradient": _gradient_formula,
    "batch": _batch_formula,
    "loss": _loss_formula,
    "close": _loss_formula,
    "updated": _updated_formula,
    "local": _local_formula,
    "fall": _fall_formula,
}
KINDS = frozenset(_FORMULAS)
"""The kinds of quantities that have a formula."""
