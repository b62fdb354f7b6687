"""How nodes and local derivatives are computed: the equations of a network, as they are."""

from __future__ import annotations

from collections.abc import Callable

from derive.arithmetic.reals import ONE, Value
from derive.expressions.evaluate import compiled
from derive.network import Network
from derive.network.graph import Node, Use
from derive.network.operations import WeightedSum
from derive.verification.points.row_after import RowAfter, Values


class Plain:
    """The equations of the network, as they are. Local derivatives are compiled once per operation and position."""

    def __init__(self, network: Network) -> None:
        self._relu_at_zero = network.relu_at_zero
        self._compiled: dict[tuple[str, int], tuple[Callable[..., Value], tuple[str, ...]]] = {}

    def forward(self, at: RowAfter, node: Node, values: Values) -> None:
        """Put the node's value into ``values``."""
        node.operation.forward(node.name, node.inputs, values)

    def local(self, at: RowAfter, use: Use) -> Value:
        """The local derivative along one use."""
        operation = use.node.operation
        if isinstance(operation, WeightedSum):
            n, inputs = operation.fan_in, use.node.inputs
            if use.position >= 2 * n:
                return ONE
            return at.value(inputs[use.position + n if use.position < n else use.position - n])
        key = (use.node.name, use.position)
        found = self._compiled.get(key)
        if found is None:
            from derive.expressions.tree import names_in

            names = names_in(use.local)
            found = self._compiled[key] = (compiled(use.local, names, self._relu_at_zero), names)
        function, names = found
        return function(*[at.value(name) for name in names])


__all__ = ["Plain", "Values"]
