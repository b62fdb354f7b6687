"""How nodes and local derivatives are computed: the equations of a network, as they are."""

from __future__ import annotations

from derive.arithmetic.reals import Value
from derive.network import Network
from derive.network.graph import Node, Use
from derive.verification.points.row_after import RowAfter, Values


class Plain:
    """The equations of the network, as they are."""

    def __init__(self, network: Network) -> None:
        self._nodes = network.in_numbers

    def forward(self, at: RowAfter, node: Node, values: Values) -> None:
        """Put the node's value into ``values``."""
        self._nodes.forward(node, values)

    def local(self, at: RowAfter, use: Use) -> Value:
        """The local derivative along one use."""
        return self._nodes.local(use.node, use.position, at.value)


__all__ = ["Plain", "Values"]
