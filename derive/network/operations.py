"""What a node of a computation graph does, and its local derivatives, as symbols.

:meth:`Operation.formula` and :meth:`Operation.local` give trees in the names of the graph, in the author's order; they
are made only when somebody asks (a rule is derived once, not an equation many times). The numbers come from these trees
(:mod:`derive.network.in_numbers`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from derive.expressions.tree import (
    Call,
    Expr,
    Name,
    Negative,
    Sum,
    children,
    names_in,
    plus,
    rebuild,
    substitute,
)
from derive.ops import Activation

InputNames: TypeAlias = Sequence[str]


class Operation:
    """The rule by which a node comes from its inputs.

    ``kind`` is a key of the wording; ``siblings`` are the nodes that are worked together with it, all at once;
    ``asked`` are the inputs by which it must have a derivative (None: all), so that by others it may have none.
    """

    kind = ""
    siblings: InputNames = ()
    asked: Collection[str] | None = None

    def formula(self, node: str, inputs: InputNames) -> Expr:
        """The node in terms of its inputs."""
        raise NotImplementedError

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        """The local derivative of the node by the input at this position."""
        raise NotImplementedError

    def renamed(self, names: Mapping[str, str]) -> Operation:
        """The same rule where inputs and siblings have other names; most have none in them."""
        return self


class Elementwise(Operation):
    """An activation of one unit; ``derivative`` may use ``a``, the activation itself: a(1 - a)."""

    def __init__(self, activation: Activation, arguments: Sequence[Expr]) -> None:
        self.kind = activation.name
        function = activation.function
        z = Name("z")
        if function is None:
            assert activation.formula is not None
            assert activation.derivative is not None
            self.call, self.derivative = activation.formula, activation.derivative
        else:
            self.call = Call(function.name, (z, *arguments))
            stated = function.derivative
            self.derivative = stated if stated is not None else Call(function.name + "'", (z, *arguments))

    def formula(self, node: str, inputs: InputNames) -> Expr:
        return substitute(self.call, {"z": Name(inputs[0])})

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        return substitute(self.derivative, {"z": Name(inputs[0]), "a": Name(node)})


class OwnActivation(Elementwise):
    """The author's own activation, an expression in ``z``."""

    def __init__(self, name: str, expression: Expr) -> None:
        from derive.differentiate import derivative

        self.kind = name
        self.call = expression
        self.derivative = derivative(expression, "z")


class Formula(Operation):
    """Any expression in the names of its inputs: a node of a graph, or the author's own loss.

    ``asked`` are the parameters and all that depends on them. Where the derivative by another input has no value (by
    the exponent of (-2)^3), that input has no gradient; by one that is asked for it is an error.
    """

    kind = "formula"

    def __init__(self, expression: Expr, asked: Collection[str]) -> None:
        self.expression = expression
        self.asked = asked

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The names of the expression, in the order in which they are written."""
        return names_in(self.expression)

    def formula(self, node: str, inputs: InputNames) -> Expr:
        return self.expression

    @cached_property
    def locals(self) -> tuple[Expr, ...]:
        """The partial derivative by each input, in the order of ``inputs``."""
        from derive.differentiate import derivative

        return tuple(derivative(self.expression, name) for name in self.inputs)

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        if inputs[position] not in self.inputs:  # an output or a target that the author's own loss leaves out
            return plus()
        slope = self.locals[self.inputs.index(inputs[position])]
        slope = negated(slope.operand) if isinstance(slope, Negative) else slope
        return in_own_value(slope, self.expression, node) if isinstance(self.expression, Call) else slope

    def renamed(self, names: Mapping[str, str]) -> Formula:
        expression = substitute(self.expression, {own: Name(name) for own, name in names.items()})
        return Formula(expression, [names.get(name, name) for name in self.asked or ()])


def negated(expr: Expr) -> Expr:
    """The negative, written term by term: -(a - b) is -a + b."""
    if isinstance(expr, Sum):
        return Sum(tuple(negated(term) for term in expr.terms))
    return expr.operand if isinstance(expr, Negative) else Negative(expr)


def in_own_value(slope: Expr, formula: Expr, node: str) -> Expr:
    """The slope with the node's name wherever its whole formula stands in it: p(1 - p) for p = σ(z)."""
    if slope == formula:
        return Name(node)
    parts = children(slope)
    return rebuild(slope, tuple(in_own_value(part, formula, node) for part in parts)) if parts else slope
