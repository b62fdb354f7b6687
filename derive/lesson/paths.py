"""The routes by which a parameter reaches the output: chains of nodes, each used by the next."""

from __future__ import annotations

from typing import NamedTuple

from derive.expressions.tree import Expr
from derive.lesson.desk import Desk


class RouteFactor(NamedTuple):
    """One factor of a route: the derivative of ``above`` by ``below``."""

    above: str
    below: str
    local: Expr


Route = tuple[RouteFactor, ...]
"""From the output down to the quantity itself."""


def count_routes(desk: Desk, name: str) -> int:
    """How many routes lead from a quantity to the output."""
    graph = desk.network.graph
    counts = {graph.output: 1}
    for node in reversed(graph.nodes):
        if node.name not in counts and node.name in graph.ancestors:
            counts[node.name] = sum(counts.get(use.node.name, 0) for use in graph.uses.get(node.name, []))
    if name in counts:
        return counts[name]
    return sum(counts.get(use.node.name, 0) for use in graph.uses.get(name, []))


def longest_route(desk: Desk, name: str) -> int:
    """How many links the longest route from a quantity to the output has; 0 where there is none."""
    graph = desk.network.graph
    lengths = {graph.output: 0}
    for node in reversed(graph.nodes):
        if node.name not in lengths:
            _measure(desk, node.name, lengths)
    if name not in lengths:
        _measure(desk, name, lengths)
    return lengths.get(name, 0)


def _measure(desk: Desk, name: str, lengths: dict[str, int]) -> None:
    above = [lengths[use.node.name] for use in desk.network.graph.uses.get(name, []) if use.node.name in lengths]
    if above:
        lengths[name] = 1 + max(above)


def routes(desk: Desk, name: str) -> tuple[Route, ...]:
    """Every route, from the output down to the quantity, in the order of the nodes."""
    if name == desk.network.graph.output:
        return ((),)
    found: list[Route] = []
    for term in desk.step(name).terms:
        link = RouteFactor(term.via, name, term.local)
        found += [(*route, link) for route in routes(desk, term.via)]
    return tuple(found)
