"""How many multiplications the derivatives take: each route multiplied out by itself, or shared factors found once.

A local derivative counts as one number. A factor 1 or -1 is no multiplication, and neither is an upstream gradient of 1
or -1.
"""

from __future__ import annotations

from typing import NamedTuple

from derive.expressions.tree import ONE, Expr, Negative, Number
from derive.network import Network


class Multiplications(NamedTuple):
    """The multiplications for all parameters of a network: one parameter at a time, and with shared factors."""

    apart: int
    shared: int


class _RouteCounts(NamedTuple):
    """The routes from a quantity to the output: how many, their factors in all, and how many have no factor but ±1."""

    number: int
    factors: int
    free: int


def multiplications(network: Network) -> Multiplications:
    """The two counts, in time that grows with the edges of the graph and not with the routes."""
    graph = network.graph
    routes: dict[str, _RouteCounts] = {graph.output: _RouteCounts(1, 0, 1)}
    unit = {graph.output}  # whose gradient is 1 or -1, whatever the numbers are
    below = _below(network)
    shared = apart = 0
    nodes = [node.name for node in reversed(graph.nodes) if node.name != graph.output and node.name in below]
    parameters = [name for name in network.parameters if name != graph.output and name not in graph.by_name]
    for name in (*nodes, *parameters):
        count = factors = free = 0
        uses = [use for use in graph.uses.get(name, []) if use.node.name in routes]
        for use in uses:
            above, one = routes[use.node.name], _is_unit(use.local)
            count += above.number
            factors += above.factors + (0 if one else above.number)
            free += above.free if one else 0
            shared += not one and use.node.name not in unit
        if len(uses) == 1 and uses[0].node.name in unit and _is_unit(uses[0].local):
            unit.add(name)
        if count:
            routes[name] = _RouteCounts(count, factors, free)
        if name in network.parameters:
            apart += factors - (count - free)
    return Multiplications(apart, shared)


def _below(network: Network) -> frozenset[str]:
    """The nodes on a route from a parameter to the output."""
    found = set(network.parameters)
    for node in network.graph.nodes:
        if not found.isdisjoint(node.inputs):
            found.add(node.name)
    return frozenset(found & network.graph.ancestors)


def _is_unit(local: Expr) -> bool:
    """Whether a local derivative is 1 or -1."""
    plain = local.operand if isinstance(local, Negative) else local
    return plain == ONE or (isinstance(plain, Number) and abs(plain.value) == 1)


__all__ = ["Multiplications", "multiplications"]
