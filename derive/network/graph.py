"""The computation graph: named quantities, each a formula in the ones before it."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from derive.expressions.tree import Expr
from derive.network.operations import Operation
from derive.records import record


class Node(NamedTuple):
    """A computed quantity. ``inputs`` is a tuple: the order of operands is meaning."""

    name: str
    operation: Operation
    inputs: tuple[str, ...]

    @property
    def formula(self) -> Expr:
        """The node in terms of its inputs, in the author's order."""
        return self.operation.formula(self.name, self.inputs)


class Use(NamedTuple):
    """A place where a quantity is used: the node and the position among its inputs."""

    node: Node
    position: int

    @property
    def local(self) -> Expr:
        """The local derivative: of the node, by the quantity used."""
        return self.node.operation.local(self.node.name, self.node.inputs, self.position)


@record(slots=False)
class Graph:
    """Nodes in an order in which they can be computed; ``output`` is what is differentiated.

    ``leaves`` are given, not computed: parameters, inputs, targets.
    """

    leaves: tuple[str, ...]
    nodes: tuple[Node, ...]
    output: str

    @cached_property
    def by_name(self) -> dict[str, Node]:
        """The nodes by their names."""
        return {node.name: node for node in self.nodes}

    @cached_property
    def uses(self) -> dict[str, list[Use]]:
        """Every place where a quantity is used, in the order of the nodes."""
        uses: dict[str, list[Use]] = {}
        for node in self.nodes:
            for position, name in enumerate(node.inputs):
                uses.setdefault(name, []).append(Use(node, position))
        return uses

    def may_join(self, name: str, below: str) -> bool:
        """Whether an input of a node may depend on another one, ``below``: never where that is not used before them.

        Then ``below`` goes more than one way into the node. Between layers nothing does.
        """
        place, latest = self.places[self.uses[below][0].node.name], self._latest_inputs[name]
        return place <= latest

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each node in their order, from 0."""
        return {node.name: place for place, node in enumerate(self.nodes)}

    @cached_property
    def _latest_inputs(self) -> dict[str, int]:
        """The place of the last input of each node; -1 where all are given."""
        places = self.places
        return {node.name: max((places.get(name, -1) for name in node.inputs), default=-1) for node in self.nodes}

    @cached_property
    def ancestors(self) -> frozenset[str]:
        """All quantities on which the output depends, the output among them."""
        return frozenset((self.output, *self.behind(self.output)))

    def behind(self, name: str) -> frozenset[str]:
        """All quantities on which a quantity depends."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            node = self.by_name.get(waiting.pop())
            fresh = [one for one in dict.fromkeys(node.inputs if node is not None else ()) if one not in found]
            found.update(fresh)
            waiting += fresh
        return frozenset(found)

    @cached_property
    def backward_nodes(self) -> tuple[Node, ...]:
        """The nodes on which the output depends, from the output back; of nodes worked together, all."""
        known = self.ancestors
        return tuple(
            node for node in reversed(self.nodes) if node.name in known or not known.isdisjoint(node.operation.siblings)
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All quantities: leaves first, then nodes."""
        return (*self.leaves, *(node.name for node in self.nodes))
