"""The figures of routes: a network or a graph in which the way of a parameter to the output stands out.

The factors on it have numbers, which stand above them in the chain rule, too: both are of one table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from derive.checked.in_full import InFull
from derive.figures.model import Drawing, DrawnEdge, DrawnNode
from derive.lesson.blocks import Block, Figure, say
from derive.lesson.desk import Desk
from derive.lesson.drawings import MAX_DRAWN_NODES, circuit, drawn_column, kept_units, layered_drawing, wires
from derive.lesson.paths import Route
from derive.network import Layer
from derive.words.references import FigureReference
from derive.words.runs import Tex

MAX_DRAWN_ROUTES = 4
"""Of so many parameters the routes are drawn, the first ones."""
MAX_ROUTE_LAYERS = 4
"""A route through more layers is not drawn."""
MAX_NUMBERS = 20
"""There are so many numbers in circles."""
_FIRST_CIRCLED = 0x2460
FactorNumbers: TypeAlias = Mapping[tuple[str, str], int]
"""The numbers of factors, each by what is above and below in it; 0 where nothing is drawn."""


def circled(number: int) -> str:
    r"""The number of a factor as it stands above it in a formula; nothing for 0.

    >>> circled(3)
    '\\text{③}'
    """
    return rf"\text{{{chr(_FIRST_CIRCLED + number - 1)}}}" if number else ""


def numbered(fraction: str, number: int) -> str:
    """A factor with its number above it."""
    return rf"\overset{{{circled(number)}}}{{{fraction}}}" if number else fraction


def factor_numbers(desk: Desk, name: str, ways: Sequence[Route]) -> FactorNumbers:
    """The number of each factor of a parameter's routes, in the order of the chain rule."""
    factors = dict.fromkeys((link.above, link.below) for way in ways for link in way)
    if not _is_drawn(desk, name) or len(factors) > MAX_NUMBERS:
        return dict.fromkeys(factors, 0)
    return {factor: number for number, factor in enumerate(factors, 1)}


def _is_drawn(desk: Desk, name: str) -> bool:
    if desk.contents.figures != "drawn" or not desk.sheet.choice(partial(_has_drawing, name)):
        return False
    layers = desk.network.layers
    own = [layer.number for layer in layers if name in layer.parameter_names]
    return len(layers) - own[0] < MAX_ROUTE_LAYERS if own else len(circuit(desk)) <= MAX_DRAWN_NODES


def _has_drawing(name: str, chosen: InFull) -> bool:
    return name in chosen.parameters[:MAX_DRAWN_ROUTES]


def route_figure(desk: Desk, name: str, ways: Sequence[Route], numbers: FactorNumbers) -> list[Block]:
    """The routes of a parameter, the other paths standing back; its factors have the numbers of the chain rule."""
    if not all(numbers.values()):
        return []
    draw = {"layers": _layered_routes, "graph": _graph_routes}[desk.form]
    title = say("figure.route", name=desk.symbol(name), output=desk.own_output, count=len(ways))
    arrows = [Tex(r" \to ".join((*map(desk.symbol, stations(way)[:-1]), desk.own_output))) for way in ways]
    said = (say("figure.routes", routes=arrows),)
    return [Figure(_file_name(desk, name), title, said, draw(desk, name, ways, numbers))]


def reference(desk: Desk, name: str, numbers: FactorNumbers) -> FigureReference | None:
    """The figure of a parameter's routes; None where there is none."""
    return FigureReference(_file_name(desk, name)) if all(numbers.values()) else None


def stations(way: Route) -> tuple[str, ...]:
    """The quantities on a route, from the parameter to the output."""
    return (*(link.below for link in reversed(way)), way[0].above)


def _file_name(desk: Desk, name: str) -> str:
    """The name of the figure: small letters, digits and hyphens, another one for each parameter."""
    return desk.sheet.choice(partial(_file_among, name))


def _file_among(name: str, chosen: InFull) -> str:
    names = [re.sub(r"[^a-z0-9]+", "-", shown.lower()).strip("-") for shown in chosen.parameters]
    at = chosen.parameters.index(name)
    return f"route-{names[at]}" if names.count(names[at]) == 1 else f"route-no-{at + 1}"


def _graph_routes(desk: Desk, name: str, ways: Sequence[Route], numbers: FactorNumbers) -> Drawing:
    names = circuit(desk)
    nodes = tuple(DrawnNode(one, desk.symbol(one)) for one in names)
    edges = [
        DrawnEdge(edge.source, edge.target, number=numbers.get((edge.target, edge.source), 0))
        for edge in wires(desk, names)
    ]
    return Drawing(nodes, tuple(edges), frozenset(_highlights(ways)))


def _highlights(ways: Sequence[Route]) -> Iterator[str | tuple[str, str]]:
    for way in ways:
        for link in way:
            yield from (link.above, link.below, (link.below, link.above))


def _layered_routes(desk: Desk, name: str, ways: Sequence[Route], numbers: FactorNumbers) -> Drawing:
    return _LayeredRoutes(desk, name, ways, numbers).drawing()


class _LayeredRoutes:
    """The layers from that of a parameter on, each as two columns, z and a."""

    def __init__(self, desk: Desk, name: str, ways: Sequence[Route], numbers: FactorNumbers) -> None:
        self.desk, self.name, self.numbers = desk, name, numbers
        layers = desk.network.layers
        (first,) = (layer for layer in layers if name in layer.parameter_names)
        self.layers = layers[first.number - 1 :]
        self.lit = set(_highlights(ways))
        self.on_route = {one for one in self.lit if isinstance(one, str)}
        self.jumps = any((desk.network.output, z) in numbers for z in layers[-1].z)

    def drawing(self) -> Drawing:
        first, desk = self.layers[0], self.desk
        multiplied = {self._multiplied(first, j) for j, z in enumerate(first.z) if z in self.on_route}
        wanted = {i for i, source in enumerate(first.sources) if source in multiplied}
        columns = [drawn_column(first.sources, kept_units(first.fan_in, wanted), self._node)]
        if self.name in first.bias_names:
            columns[0].append(DrawnNode(self.name, desk.symbol(self.name), kind="parameter"))
        for layer in self.layers:
            places = kept_units(layer.units, {j for j in range(layer.units) if self._passes(layer, j)})
            columns.append(drawn_column(layer.z, places, self._node))
            if layer is not self.layers[-1] or not self.jumps:
                columns.append(drawn_column(layer.a, places, self._node))
        columns.append([DrawnNode(desk.network.output, desk.own_output)])
        drawn = {node.name for column in columns for node in column}
        lit = {one for one in self.lit if isinstance(one, str) and one in drawn}
        edges = [*self._edges(drawn)]
        lit_edges = {(edge.source, edge.target) for edge in edges if edge.number}
        return layered_drawing(columns, edges, {*lit, *lit_edges})

    def _passes(self, layer: Layer, j: int) -> bool:
        return not self.on_route.isdisjoint((layer.z[j], layer.a[j]))

    def _multiplied(self, layer: Layer, unit: int) -> str:
        """What the parameter multiplies in a unit: itself where it is a bias."""
        weights, sources = layer.joined(unit)
        return sources[weights.index(self.name)] if self.name in weights else self.name

    def _node(self, name: str) -> DrawnNode:
        return DrawnNode(name, self.desk.symbol(name))

    def _edges(self, drawn: set[str]) -> Iterator[DrawnEdge]:
        graph, output = self.desk.network.graph, self.desk.network.output
        for layer in self.layers:
            for j, z in enumerate(layer.z):
                if z in drawn:
                    yield from self._into(layer, j, drawn)
            for a in filter(drawn.__contains__, layer.a):
                yield from (self._edge(z, a) for z in graph.by_name[a].inputs if z in drawn)
        last = self.layers[-1]
        yield from (self._edge(one, output) for one in (last.z if self.jumps else last.a) if one in drawn)

    def _into(self, layer: Layer, j: int, drawn: Collection[str]) -> Iterator[DrawnEdge]:
        """What comes into a unit: where the parameter is a weight of it, along the arrow that it is written on."""
        z, own = layer.z[j], (layer.z[j], self.name)
        for source in dict.fromkeys(layer.joined(j)[1]):
            if source not in drawn:
                continue
            if own in self.numbers and source == self._multiplied(layer, j):
                yield DrawnEdge(source, z, self.desk.symbol(self.name), self.numbers[own])
            else:
                yield self._edge(source, z)
        if own in self.numbers and self._multiplied(layer, j) == self.name:
            yield self._edge(self.name, z)

    def _edge(self, source: str, target: str) -> DrawnEdge:
        return DrawnEdge(source, target, number=self.numbers.get((target, source), 0))
