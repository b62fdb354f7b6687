"""The equations of a network near a point, every kink kept on the side that it has there.

A node exactly on a kink stays on it: it moves along the slope that the convention gives it
(:mod:`derive.checked.kinks_held`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import fmpq

from derive.arithmetic.numbers import bounded, decided_sign
from derive.arithmetic.reals import Value
from derive.checked.kinks_held import HoldingCompiler, kinked_nodes
from derive.expressions.evaluate import Closure, compiled, slope_of
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import Call, Expr, Number, names_in
from derive.network import Network
from derive.network.graph import Node, Use
from derive.verification.points.equations import Plain, Values
from derive.verification.points.row_after import RowAfter
from derive.verification.points.training import Training

NOTHING = Number(fmpq(0))
Held = Callable[[RowAfter], Value]


class SideCompiler(HoldingCompiler):
    """Closures in which kinks, and the slopes of functions with kinks, keep the side of the base point.

    max(0, z) is relu(z), on its kink, too.
    """

    def _call(self, expr: Call) -> Closure:
        if expr.function == "max" and len(expr.arguments) == 2 and NOTHING in expr.arguments:
            other = expr.arguments[expr.arguments[0] == NOTHING]
            return super()._call(Call("relu", (other,)))
        function = FUNCTIONS[expr.function.removesuffix("'")]
        if not function.kinked or not expr.function.endswith("'"):
            return super()._call(expr)
        arguments = [self.closure(argument) for argument in expr.arguments]
        at_base = [argument(self._base) for argument in arguments]
        if function.variadic:
            share = slope_of(function)(*at_base)
            return lambda _: share
        side = decided_sign(at_base[0])
        piece = next(piece for piece in function.pieces if piece.side == side)
        rest = list(function.defaults.values())[len(arguments) - 1 :]
        slope = compiled(piece.derivative, function.formals, self._relu_at_zero)
        return lambda values: slope(*(argument(values) for argument in arguments), *rest)


def on_its_side(expr: Expr, names: Sequence[str], base: Sequence[Value], relu_at_zero: Value) -> Closure:
    """The expression as a function of the values of ``names``; kinks keep the side that they have at ``base``."""
    return SideCompiler(names, relu_at_zero, base).closure(expr)  # type: ignore[arg-type]


class NearEquations(Plain):
    """The equations of a network whose kinks keep the sides that they have in the passes at the point."""

    def __init__(self, network: Network, point: Training) -> None:
        super().__init__(network)
        self._network = network
        self._point = point
        self._kinked = frozenset(node.name for node in kinked_nodes(network))
        self._held: dict[tuple[str, int, int, int], Held] = {}

    def forward(self, at: RowAfter, node: Node, values: Values) -> None:
        """Put the node's value into ``values``."""
        if node.name not in self._kinked:
            super().forward(at, node, values)
        else:
            values[node.name] = bounded(self._on_side(at, node, -1, node.formula)(at))

    def local(self, at: RowAfter, use: Use) -> Value:
        """The local derivative along one use."""
        if use.node.name not in self._kinked:
            return super().local(at, use)
        return self._on_side(at, use.node, use.position, use.local)(at)

    def _on_side(self, at: RowAfter, node: Node, position: int, expr: Expr) -> Held:
        key = (node.name, position, at.step, at.row)
        found = self._held.get(key)
        if found is None:
            names = names_in(expr)
            base = self._point.at(at.step, at.row)
            closure = on_its_side(expr, names, tuple(map(base.value, names)), self._network.relu_at_zero)
            found = self._held[key] = lambda at: closure(tuple(map(at.value, names)))
        return found
