"""The equations of a network near a point, every kink kept on the side that it has there.

A node exactly on a kink stays on it: it moves along the slope that the convention gives it
(:mod:`derive.checked.kinks_held`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import fmpq

from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import Value
from derive.checked.kinks_held import HoldingCompiler, kinked_nodes
from derive.expressions.evaluate import Closure, compiled, place_of, slope_of
from derive.expressions.functions import FUNCTIONS, arguments_of
from derive.expressions.tree import Call, Expr, Number, names_in, substitute
from derive.network import Network
from derive.network.graph import Node, Use
from derive.verification.points.equations import Plain, Values
from derive.verification.points.row_after import RowAfter
from derive.verification.points.training import Training

NOTHING = Number(fmpq(0))
Held = Callable[[RowAfter], Value]


class SideCompiler(HoldingCompiler):
    """Closures in which kinks, and the slopes of functions with kinks, keep the side of the base point.

    Who writes max(0, z) or min(1, max(-1, z)) means the ReLU or the hard tanh, on their kinks, too: beside a number, a
    tie of max or min, and a bound of clip, moves along the slope of the convention.
    """

    def _call(self, expr: Call) -> Closure:
        function = FUNCTIONS[expr.function.removesuffix("'")]
        if not expr.function.endswith("'"):
            meant = _as_activation(expr)
            return super()._call(expr) if meant is expr else self.closure(meant)
        if not function.kinked:
            return super()._call(expr)
        if function.derivative is not None:
            own = Call(function.name, expr.arguments)
            return self.closure(substitute(function.derivative, {**arguments_of(own), "a": own}))
        arguments = [self.closure(argument) for argument in expr.arguments]
        rest = list(function.defaults.values())[len(arguments) - 1 :]
        at_base = [*(argument(self._base) for argument in arguments), *rest]
        if function.variadic:
            share = slope_of(function)(*at_base)
            return lambda _: share
        piece = function.places[place_of(function)(*at_base)]
        slope = compiled(piece.derivative, function.formals, self._relu_at_zero)
        return lambda values: slope(*(argument(values) for argument in arguments), *rest)


def _as_activation(expr: Call) -> Expr:
    """A bound that is a number as the activation that it makes: clip is a hard tanh, min(z, 6) is 6 - ReLU(6 - z)."""
    bounds = [argument for argument in expr.arguments if not names_in(argument)]
    if expr.function == "clip" and len(bounds) == len(expr.arguments) - 1 and names_in(expr.arguments[0]):
        return Call("hard_tanh", expr.arguments)
    others = [argument for argument in expr.arguments if names_in(argument)]
    if expr.function not in ("max", "min") or len(others) != 1:
        return expr
    found = others[0]
    for bound in bounds:
        if expr.function == "min":
            found = bound - Call("relu", (bound - found,))
        elif bound == NOTHING:
            found = Call("relu", (found,))
        else:
            found = bound + Call("relu", (found - bound,))
    return found


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
