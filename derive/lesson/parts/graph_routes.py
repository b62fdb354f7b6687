"""Part 5 in the style ``routes``, for a graph: one parameter at a time, route by route."""

from __future__ import annotations

from derive.expressions.print_tex import tex, width
from derive.expressions.tree import plus, times
from derive.lesson.blocks import Block, Display, Figure, Heading, Row, paragraph, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.limits import MAX_ROUTE, ROUTES
from derive.lesson.local_gradients import local_symbol
from derive.lesson.parts.graph import MAX_GRAPH_STEPS, all_gradients, node_step, output_step
from derive.lesson.parts.reduction import reduction
from derive.lesson.parts.small_change import small_change
from derive.lesson.paths import RouteFactor, count_routes, longest_route, routes
from derive.lesson.route_drawings import factor_numbers, numbered, reference, route_figure, stations
from derive.words.runs import Tex


def backward_graph_routes(desk: Desk) -> list[Block | Heading]:
    """The backward pass of a graph along routes."""
    blocks: list[Block | Heading] = []
    found: set[str] = set()
    for name in desk.shown:
        number = count_routes(desk, name)
        blocks.append(Heading(name, say("routes.title_graph", name=desk.symbol(name))))
        if number == 0:
            said = say("graph.unused", name=desk.symbol(name), output=desk.symbol(desk.network.output))
            blocks.append(paragraph(said))
        elif number > ROUTES or longest_route(desk, name) > MAX_ROUTE:
            blocks.append(paragraph(say("routes.many_graph", count=number)))
            blocks += _through_nodes(desk, name, found)
        else:
            blocks += _along(desk, name)
        blocks += small_change(desk, name) if number else []
    drawn = any(isinstance(block, Figure) for block in blocks)
    opening = paragraph(say("routes.opening_graph"), *([say("routes.numbers")] if drawn else []))
    return [opening, *blocks, *reduction(desk), *all_gradients(desk)]


def _through_nodes(desk: Desk, name: str, found: set[str]) -> list[Block]:
    """The gradients of the nodes above that are not found yet, from the output down, then the parameter's own."""
    needed: dict[str, None] = {}
    waiting = [name]
    while waiting:
        here = waiting.pop()
        needed[here] = None
        waiting += [t.via for t in desk.step(here).terms if t.via not in found and t.via not in needed]
    needed.pop(desk.network.output, None)
    order = [node.name for node in reversed(desk.network.graph.nodes) if node.name in needed and node.name != name]
    blocks: list[Block] = [] if found else output_step(desk)
    new = [node for node in (*order, name) if node not in found]
    for node in new[:MAX_GRAPH_STEPS]:
        blocks += node_step(desk, node, noted=False)
    found.update(new)
    return blocks + (
        [paragraph(say("graph.cut", count=len(new) - MAX_GRAPH_STEPS))] if len(new) > MAX_GRAPH_STEPS else []
    )


def _along(desk: Desk, name: str) -> list[Block]:
    ways = routes(desk, name)
    arrows = [Tex(r" \to ".join((*map(desk.symbol, stations(way)[:-1]), desk.own_output))) for way in ways]
    numbers = factor_numbers(desk, name, ways)
    figure = reference(desk, name, numbers)
    ends = {"name": desk.symbol(name), "output": desk.symbol(desk.network.output)}
    said = say("routes.named_graph", routes=arrows, figure=figure, **ends)
    left = desk.gradient(name)
    rows: list[Row] = []
    for i, way in enumerate(ways):
        factors = [_braced(desk, link, numbers[link.above, link.below]) for link in way]
        parts = [("{} + " if i else "") + factors[0], *(rf" \cdot {factor}" for factor in factors[1:])]
        lines = desk.lines(Tex("=") if not rows else BLANK, parts, width(left))
        rows += lines if rows else [Row(left, lines[0].relation, lines[0].right), *lines[1:]]
    formula = plus(*(times(*(link.local for link in way)) for way in ways))
    worked = desk.worked(left, desk.own("gradient", name), (formula,))
    return [
        *route_figure(desk, name, ways, numbers),
        paragraph(said),
        Display(tuple(rows)),
        paragraph(say("routes.so")),
        Display(worked),
    ]


def _braced(desk: Desk, link: RouteFactor, number: int) -> str:
    fraction = numbered(local_symbol(desk, link.above, link.below), number)
    return rf"\underbrace{{{fraction}}}_{{{tex(link.local, desk.symbol)}}}"
