"""By which formula a quantity is worked where the page shows no line of its own for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from derive.equations.table import Address, What
from derive.expressions.tree import Expr, Name, call
from derive.lesson.effects import derivative_of
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


def quantity_of(figures: Figures, address: Address) -> Quantity:
    """The quantity at an address; an updated parameter or state is a value of the iteration after."""
    what, name, _, step, row = address
    if what == "value" and name in figures.network.states:
        return Quantity("state", name, step)
    sample = row - figures.samples(step)[0].row if row else 0  # the rows of a batch follow one another
    return Quantity(_KINDS[what], "" if what == "rate" else name, step, sample)


def address_of(figures: Figures, quantity: Quantity) -> Address:
    """The address of a quantity that has an equation."""
    kind, name, k, s, *_ = quantity
    if kind in ("updated", "new_state"):
        return Address("value", name, step=k + 1)
    if kind == "state":
        return Address("value", name, step=k)
    row = figures.sample(k, s).row if kind in ("value", "gradient") else 0
    return Address(_WHAT[kind], name, step=k, row=row)


_KINDS: Mapping[What, str] = {
    "value": "value", "gradient": "gradient", "batch": "batch", "loss": "loss", "rate": "rate",
    "hyperparameter": "hyperparameter",
}  # fmt: skip
_WHAT: Mapping[str, What] = {
    "value": "value",
    "gradient": "gradient",
    "batch": "batch",
    "loss": "loss",
    "close": "loss",
}


def _by_names(figures: Figures, formula: Expr, quantity: Quantity) -> FilledFormula:
    resolve = figures.resolver(quantity.iteration, quantity.sample)
    return formula, {name: resolve(name) for name in figures.names_in(formula)}


def _by_table(figures: Figures, quantity: Quantity) -> FilledFormula:
    """As the table of equations has it; new values stand for those of the update."""
    equation = figures.table.of(address_of(figures, quantity))
    assert equation is not None
    k = quantity.iteration
    named = {name: quantity_of(figures, address) for name, address in equation.operands.items()}
    return equation.formula, {name: _renewed(one, k) if name.endswith("'") else one for name, one in named.items()}


def _renewed(quantity: Quantity, iteration: int) -> Quantity:
    """A value after the update of an iteration as what that update gives."""
    kind = {"value": "updated", "state": "new_state"}[quantity.kind]
    return Quantity(kind, quantity.name, iteration)


def _value_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    if quantity.name in figures.network.graph.by_name:
        return _by_table(figures, quantity)
    return Name("w"), {"w": Quantity("updated", quantity.name, quantity.iteration - 1)}


def _state_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    return Name("v"), {"v": Quantity("new_state", quantity.name, quantity.iteration - 1)}


def _local_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    assert quantity.formula is not None
    return _by_names(figures, quantity.formula, quantity)


def _fall_formula(_: Figures, quantity: Quantity) -> FilledFormula:
    first, last = ends_of_fall(quantity)
    return Name("first") - Name("last"), {"first": first, "last": last}


def _predicted_formula(figures: Figures, quantity: Quantity) -> FilledFormula:
    derivative, by = derivative_of(figures.run, quantity), quantity._replace(kind="by")
    return call("abs")(Name("g") * Name("h")), {"g": derivative, "h": by}


_FORMULAS: Mapping[str, Callable[[Figures, Quantity], FilledFormula]] = {
    "value": _value_formula,
    "state": _state_formula,
    **dict.fromkeys(("gradient", "batch", "loss", "close", "updated", "new_state"), _by_table),
    "local": _local_formula,
    "fall": _fall_formula,
    "predicted": _predicted_formula,
}
KINDS = frozenset(_FORMULAS)
"""The kinds of quantities that have a formula."""
