"""The loss of a batch and its gradients, from the formula of the objective: the chain rule beyond the loss of a row.

The objective is a node above the losses of the rows, E = f(E₁ + … + Eₙ, n) and perhaps penalties on parameters. What
it has for gradients follows: by a parameter, f' times the sum of the rows' gradients, and the penalty's own derivative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import ZERO as NOTHING
from derive.arithmetic.reals import Value
from derive.expressions.evaluate import Closure, Compiler
from derive.expressions.tree import (
    ONE,
    ZERO,
    Expr,
    Name,
    Quotient,
    names_in,
    plus,
    substitute,
)
from derive.network import Network
from derive.ops.objectives import PENALIZED, TOTAL, Objective

GRADIENTS = "g"
"""What stands for the sum of the rows' gradients where their objective's is compiled."""


def objective_formula(
    network: Network, losses: Sequence[Expr], *, count: int | None = None, factor_first: bool = False
) -> Expr:
    """The objective of a batch in the losses of its rows, and in the parameters that are penalized.

    ``count``: how many rows there are, where a term stands for several; ``factor_first``: a mean is written as 1/n
    times the sum, not as the sum over n.
    """
    return objective_of_total(network, count or len(losses), plus(*losses), factor_first=factor_first)


def objective_of_total(network: Network, count: int, total: Expr, *, factor_first: bool = False) -> Expr:
    """The same in the sum of the losses of so many rows."""
    formula, slope = network.objective.stated(count)
    if factor_first and isinstance(formula, Quotient) and formula.numerator == Name(TOTAL):
        found = slope * total
    else:
        found = substitute(formula, {TOTAL: total})
    return plus(found, *(term for name in network.penalized for term in _penalties(network, name)))


def objective_gradient(
    network: Network, name: str, gradients: Sequence[Expr], losses: Sequence[Expr] = (),
    *, count: int | None = None, factor_first: bool = False,
) -> Expr:  # fmt: skip
    """The derivative of the objective by a parameter, from the rows' own.

    ``losses`` are read where the objective :func:`weighs_by_losses` only; ``count`` and ``factor_first`` are those of
    :func:`objective_formula`.
    """
    whole = plus(*gradients)
    slope = _slope(network.objective, count or len(gradients), losses)
    found = ZERO if whole == ZERO else _scaled(slope, whole, factor_first=factor_first)
    if name not in network.penalized:
        return found
    from derive.differentiate import derivative

    return plus(found, *(derivative(term, name) for term in _penalties(network, name)))


def is_divided(network: Network, count: int) -> bool:
    """Whether the rows' gradients, so many, are summed and then divided, or multiplied by another factor."""
    return network.objective.stated(count)[1] != ONE


def weighs_by_losses(network: Network, count: int) -> bool:
    """Whether the rows' losses go into the gradients of so many rows, as of an objective that is not linear in them."""
    return TOTAL in names_in(network.objective.stated(count)[1])


def _slope(objective: Objective, count: int, losses: Sequence[Expr]) -> Expr:
    """The derivative of the objective by the loss of any of its rows: they are alike, as it is made of their total."""
    slope = objective.stated(count)[1]
    return substitute(slope, {TOTAL: plus(*losses)}) if TOTAL in names_in(slope) else slope


def _scaled(slope: Expr, whole: Expr, *, factor_first: bool = False) -> Expr:
    if isinstance(slope, Quotient) and slope.numerator == ONE and not factor_first:
        return Quotient(whole, slope.denominator)
    return whole if slope == ONE else slope * whole


def _penalties(network: Network, name: str) -> list[Expr]:
    """The penalties' terms of one parameter."""
    return [penalty.of(strength.expression, Name(name)) for penalty, strength in network.penalties]


class BatchNumbers:
    """The same of numbers: compiled once for all parameters, without a tree of as many terms as there are rows."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._compiled: dict[int, tuple[Closure, Closure]] = {}
        self._penalties: list[tuple[Closure, Closure]] = []
        if network.penalties:
            from derive.differentiate import derivative

            terms = [penalty.of(strength.expression, Name(PENALIZED)) for penalty, strength in network.penalties]
            compile_term = Compiler((PENALIZED,), network.relu_at_zero).closure
            self._penalties = [(compile_term(term), compile_term(derivative(term, PENALIZED))) for term in terms]

    def loss(self, losses: Sequence[Value]) -> Value:
        """The objective in the losses of the rows, without penalties."""
        return bounded(self._of(len(losses))[0]((sum(losses[1:], losses[0]),)))

    def gradient(self, gradients: Sequence[Value], losses: Sequence[Value] = ()) -> Value:
        """Its derivative by a parameter from the rows' own, without penalties.

        ``losses`` are read where the objective :func:`weighs_by_losses` only.
        """
        closure = self._of(len(gradients))[1]
        total = sum(losses[1:], losses[0]) if losses else NOTHING
        return bounded(closure((sum(gradients[1:], gradients[0]), total)))

    @property
    def penalizes(self) -> bool:
        """Whether there are penalties."""
        return bool(self._penalties)

    def penalty(self, parameters: Mapping[str, Value]) -> Value:
        """All penalties at these values of the parameters."""
        numbers = [parameters[name] for name in self._network.penalized]
        return bounded(sum((term((number,)) for number in numbers for term, _ in self._penalties), NOTHING))

    def penalty_slope(self, name: str, value: Value) -> Value:
        """The derivative of the penalties by one parameter, at its value."""
        if name not in self._network.penalized:
            return NOTHING
        return bounded(sum((slope((value,)) for _, slope in self._penalties), NOTHING))

    def _of(self, count: int) -> tuple[Closure, Closure]:
        found = self._compiled.get(count)
        if found is None:
            formula, slope = self._network.objective.stated(count)
            gradient = _scaled(slope, Name(GRADIENTS))
            found = Compiler((TOTAL,)).closure(formula), Compiler((GRADIENTS, TOTAL)).closure(gradient)
            self._compiled[count] = found
        return found


__all__ = ["BatchNumbers", "is_divided", "objective_formula", "objective_gradient", "weighs_by_losses"]
