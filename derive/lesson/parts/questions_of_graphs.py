"""Questions about a graph."""

from __future__ import annotations

from collections.abc import Iterator

from derive.expressions.tree import Name
from derive.lesson.desk import Desk
from derive.lesson.parts.asked import Posed, asked, first_without_zero, side_of
from derive.lesson.quantity import Quantity
from derive.words.runs import Tex

MAX_LISTED = 8
"""A question whose answer would list more quantities is not asked."""


def what_changes(desk: Desk) -> Posed | None:
    """Which nodes a parameter reaches."""
    nodes = desk.network.graph.nodes
    reaches = [(name, reached(desk, name)) for name in desk.shown]
    fewest = min(reaches, key=lambda one: (len(one[1]) == len(nodes), len(one[1])), default=None)
    if fewest is None or not 0 < len(fewest[1]) <= MAX_LISTED or len(nodes) < 2:
        return None
    name, found = fewest
    rest = [desk.symbol(node.name) for node in nodes if node.name not in found]
    answer = {"changed": [desk.symbol(node) for node in found], "rest": rest if len(rest) <= MAX_LISTED else []}
    return asked("what_changes", answer, parameter=desk.symbol(name))


def reached(desk: Desk, name: str) -> list[str]:
    """The nodes that depend on a quantity, in the order of computation."""
    found: dict[str, None] = {}
    for node in desk.network.graph.nodes:
        if name in node.inputs or not found.keys().isdisjoint(node.inputs):
            found[node.name] = None
    return list(found)


def what_is_needed(desk: Desk) -> Posed | None:
    """Which derivatives come first: those of the nodes that a parameter feeds."""
    network = desk.network
    for name in reversed(desk.shown):
        fed = list(dict.fromkeys(term.via for term in desk.step(name).terms))
        if fed and network.output not in fed and len(fed) <= MAX_LISTED:
            needed = [desk.gradient(node) for node in fed]
            nodes = [desk.symbol(node) for node in fed]
            return asked(
                "needed",
                {"needed": needed, "nodes": nodes, "parameter": desk.symbol(name)},
                gradient=desk.gradient(name),
            )
    return None


def sign(desk: Desk) -> Posed | None:
    """The sign of a derivative from the signs of its factors."""
    found = first_without_zero(desk, ((one, [number for _, number in one[1]]) for one in _signed(desk)))
    if found is None:
        return None
    name, factors = found
    sides = [side_of(desk, symbol, number) for symbol, number in factors]
    result = side_of(desk, desk.gradient(name), desk.own("gradient", name))
    symbols = [symbol for symbol, _ in factors]
    return asked("sign", {"sides": sides, "result": result, "factors": symbols}, gradient=desk.gradient(name))


def _signed(desk: Desk) -> Iterator[tuple[str, list[tuple[Tex, Quantity]]]]:
    """Quantities whose derivative is a product of two names."""
    for name in (*desk.shown, *(node.name for node in desk.network.graph.nodes)):
        terms = desk.step(name).terms if name in desk.differentiated else ()
        if len(terms) != 1 or not isinstance(terms[0].upstream, Name) or not isinstance(terms[0].local, Name):
            continue
        via, local = terms[0].via, terms[0].local.name
        yield name, [(desk.gradient(via), desk.own("gradient", via)), (desk.symbol(local), desk.quantity(local))]


def doubled_output(desk: Desk) -> Posed | None:
    """Twice the output in place of the output."""
    output = desk.symbol(desk.network.output)
    return asked("doubled_output", {"output": output}, output=output, doubled=Tex(f"2{output}"))
