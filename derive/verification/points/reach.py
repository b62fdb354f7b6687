"""Which nodes of a graph depend on a quantity, as sets in the bits of an integer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from derive.network.graph import Graph

MAX_NODES = 5_000
"""At most this many nodes has a graph in which it is looked at what depends on what; in a larger one, all on all."""


class Reach:
    """The descendants of every quantity of a graph: at least these, and in a large graph all nodes."""

    ALL = -1

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._small = len(graph.nodes) <= MAX_NODES

    def at(self, name: str) -> int:
        """The node alone; nothing for what is given."""
        return self._bits.get(name, 0) if self._small else self.ALL

    def of(self, name: str) -> int:
        """The nodes that depend on a quantity, itself among them."""
        if not self._small:
            return self.ALL
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self.from_any(use.node.name for use in self._graph.uses.get(name, ()))
        return found

    def from_any(self, names: Iterable[str]) -> int:
        """The nodes that depend on one of these quantities, nodes among them included."""
        found = 0
        for name in names:
            found |= self.of(name)
        return found

    def at_any(self, names: Iterable[str]) -> int:
        """These nodes alone."""
        found = 0
        for name in names:
            found |= self.at(name)
        return found

    @cached_property
    def _bits(self) -> dict[str, int]:
        return {node.name: 1 << i for i, node in enumerate(self._graph.nodes)}

    @cached_property
    def _known(self) -> dict[str, int]:
        known: dict[str, int] = {}
        for node in reversed(self._graph.nodes):
            found = self._bits[node.name]
            for use in self._graph.uses.get(node.name, ()):
                found |= known[use.node.name]
            known[node.name] = found
        return known


__all__ = ["Reach"]
