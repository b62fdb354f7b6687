"""Forward passes near a point, every kink kept on the side that it has at the point.

A value exactly on a kink (relu at 0, a tie of max) moves along the slope that the convention gives it, so that a
difference quotient measures just the derivative that the document states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import add, sub
from typing import Any, TypeAlias, cast

from flint import fmpq

from derive.arithmetic.numbers import equal
from derive.arithmetic.offsets import Offset
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.reals import Value
from derive.expressions.evaluate import Closure, Compiler, compiled, place_of
from derive.expressions.functions import FUNCTIONS, Function, formula_of
from derive.expressions.tree import Call, walk
from derive.network import Network
from derive.network.graph import Graph, Node
from derive.network.in_numbers import NodesInNumbers
from derive.network.whole_layers import WeightedSum

ValuesByName: TypeAlias = Mapping[str, Value]
"""The numbers of one sample, by the names of the quantities."""


def has_kink(node: Node) -> bool:
    """Whether a function with a kink stands in the node's formula."""
    if isinstance(node.operation, WeightedSum):
        return False
    calls = (part.function for part in walk(node.formula) if isinstance(part, Call))
    return any(FUNCTIONS[name.removesuffix("'")].kinked for name in calls)


def kinked_nodes(network: Network, graph: Graph | None = None) -> tuple[Node, ...]:
    """The nodes of a network, or of a graph of its rows together, in whose formulas a kink can be met."""
    verdicts: dict[int, bool] = {}
    found = []
    for node in (graph or network.graph).nodes:
        key = id(node.operation)
        if key not in verdicts:
            verdicts[key] = has_kink(node)
        if verdicts[key]:
            found.append(node)
    return tuple(found)


def middle(value: Value) -> Value:
    """The midpoint of a ball: widths of balls would not cancel in a difference quotient."""
    if isinstance(value, fmpq):
        return value
    parts: Any = value
    return cast(Value, parts.middle() if isinstance(parts, Offset) else parts.mid())


class HeldForward:
    """The loss of one sample, or the output of a graph of all, as a function of moves of all its quantities.

    ``base`` are the values that say on which side of its kink each of the ``kinked`` nodes is.
    """

    def __init__(
        self, network: Network, values: ValuesByName, base: ValuesByName, kinked: Sequence[Node],
        graph: Graph | None = None,
    ) -> None:  # fmt: skip
        self._graph = graph or network.graph
        self._nodes = NodesInNumbers(network.relu_at_zero) if graph else network.in_numbers
        self._leaves = {name: middle(values[name]) for name in self._graph.leaves}
        self._held = {node.name: _held_closure(network, node, base) for node in kinked}

    def loss(self, moves: Mapping[str, Value], sign: int) -> Value:
        """The loss where every quantity in ``moves``, given or computed, is moved by its amount times ±1."""
        shift = add if sign > 0 else sub
        values = {name: shift(value, moves[name]) if name in moves else value for name, value in self._leaves.items()}
        forward = self._nodes.forward
        for node in self._graph.nodes:
            name = node.name
            held = self._held.get(name)
            try:
                if held is None:
                    forward(node, values)
                else:
                    values[name] = held(values)
            except Undecided as error:
                raise error.at(name) from None
            if name in moves:
                values[name] = shift(values[name], moves[name])
        return values[self._graph.output]


def _held_closure(network: Network, node: Node, base: ValuesByName) -> Callable[[ValuesByName], Value]:
    names = tuple(dict.fromkeys(node.inputs))
    at_base = tuple(base[name] for name in names)
    closure = HoldingCompiler(names, network.relu_at_zero, at_base).closure(node.formula)
    return lambda values: closure(tuple(values[name] for name in names))


class HoldingCompiler(Compiler):
    """Closures in which every kink keeps the side that it has at the base point."""

    def __init__(self, formals: Sequence[str], relu_at_zero: fmpq, base: Sequence[Value]) -> None:
        super().__init__(formals, relu_at_zero)
        self._base = base

    def _call(self, expr: Call) -> Closure:
        function = FUNCTIONS.get(expr.function)
        if function is None or not function.kinked:
            return super()._call(expr)
        formula = formula_of(expr)
        if formula is not None:
            return self.closure(formula)
        arguments = [self.closure(argument) for argument in expr.arguments]
        if function.variadic:
            return self._extreme(expr.function, arguments)
        rest = list(function.defaults.values())[len(arguments) - 1 :]
        held = self.on_branch(function, [*(argument(self._base) for argument in arguments), *rest])
        return lambda values: held(*(argument(values) for argument in arguments), *rest)

    def on_branch(self, function: Function, base: Sequence[Value]) -> Callable[..., Value]:
        """A function with branches that stays on the one where ``base`` is; on a kink, a line of the slope there."""
        place = place_of(function)(*base)
        piece = function.places[place]
        here = compiled(piece.formula, function.formals, self._relu_at_zero)
        if place % 2 == 0:
            return here
        slope = compiled(piece.derivative, function.formals, self._relu_at_zero)
        at = compiled(function.kinks[place // 2].at, function.formals)

        def along(*values: Value) -> Value:
            return here(*values) + slope(*values) * (values[0] - at(*values))

        return along

    def _extreme(self, name: str, arguments: list[Closure]) -> Closure:
        """The mean of the arguments that are extreme at the base point: they share equally at a tie."""
        compute = FUNCTIONS[name].compute
        assert compute is not None
        at_base = [argument(self._base) for argument in arguments]
        best = compute(*at_base)
        tied = [a for a, value in zip(arguments, at_base, strict=True) if equal(value, best)]

        def mean(values: Sequence[Value]) -> Value:
            total = tied[0](values)
            for other in tied[1:]:
                total = total + other(values)
            return total / fmpq(len(tied))

        return mean
