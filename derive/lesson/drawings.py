"""The figures of a network or a graph: what is drawn, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from derive.expressions.print_tex import tex, width
from derive.figures.model import NO_LABEL, Drawing, DrawnEdge, DrawnNode
from derive.lesson.blocks import Block, Figure, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.paths import Route
from derive.network import Layer
from derive.words.runs import Tex, Text

DRAWN_UNITS = 5
"""Of a layer of more units the first ones, the last one and those that are needed are drawn."""
DRAWN_LAYERS = 5
"""Of a network of more layers the first two and the last two are drawn."""
MAX_DRAWN_NODES = 24
"""A graph of more nodes is not drawn."""
MAX_DRAWN_ROUTES = 4
"""Of so many parameters the routes are drawn, the first ones."""
MAX_ROUTE_LAYERS = 4
"""A route through more layers is not drawn."""
MAX_FORMULA = 8.0
"""A node has its formula in its outline where that is not wider, in ems."""
MAX_NUMBERS = 20
"""There are so many numbers in circles."""
_FIRST_CIRCLED = 0x2460
_VERTICAL, _HORIZONTAL = Tex(r"\vdots"), Tex(r"\cdots")


class Gap(NamedTuple):
    """What stands for nodes that are left out."""

    name: str


def circled(number: int) -> str:
    """The number of a factor as it stands above it in a formula; nothing for 0.

    >>> circled(3)
    '\\\\text{③}'
    """
    return rf"\text{{{chr(_FIRST_CIRCLED + number - 1)}}}" if number else ""


def numbered(fraction: str, number: int) -> str:
    """A factor with its number above it."""
    return rf"\overset{{{circled(number)}}}{{{fraction}}}" if number else fraction


# The network, or the graph, with its numbers


def network_figure(desk: Desk) -> list[Block]:
    """The drawing of the network with the values of the forward pass of the first sample."""
    if not desk.contents.drawn:
        return []
    return [_layers(desk)] if desk.form == "layers" else _graph(desk)


def _layers(desk: Desk) -> Figure:
    network = desk.network
    layers = network.layers
    gradients = desk.style.notes_local_gradients
    columns: list[list[DrawnNode]] = []
    headings: list[Text | None] = []
    for layer in (None, *_drawn_layers(layers)):
        if isinstance(layer, Gap):
            columns.append([DrawnNode(layer.name, _HORIZONTAL, kind="layers")])
            headings.append(None)
            continue
        names = network.inputs if layer is None else layer.a
        marked = gradients and layer is not None
        columns.append(_column(names, _kept(len(names)), lambda name, marked=marked: _valued(desk, name, marked)))
        number = 0 if layer is None else layer.number
        cut = len(names) > DRAWN_UNITS
        headings.append(say("figure.column", number=number, count=len(names) if cut else 0))
    output = _loss_node(desk)
    columns.append([output])
    headings.append(None)
    edges = [*_unit_edges(desk, {node.name for column in columns for node in column})]
    edges += [DrawnEdge(node.name, output.name) for node in columns[-2]]
    drawing = _in_columns(columns, edges, headings=headings)
    several = len(network.rows) > 1
    facts = {"sample": desk.row(0) if several else 0, "gradients": gradients, "loss": desk.own_output}
    sizes = [len(network.inputs), *(layer.units for layer in layers)]
    title = say("figure.network", cut=max(sizes) > DRAWN_UNITS or len(layers) > DRAWN_LAYERS, **facts)
    return Figure("network", title, (say("figure.network_described", sizes=sizes, loss=desk.own_output),), drawing)


def _drawn_layers(layers: Sequence[Layer]) -> Iterator[Layer | Gap]:
    if len(layers) <= DRAWN_LAYERS:
        yield from layers
        return
    yield from layers[:2]
    yield Gap("layers between")
    yield from layers[-2:]


def _kept(count: int, wanted: Collection[int] = ()) -> list[int | None]:
    """The places of a layer's units, or of those that are drawn, with None for each run of others.

    >>> _kept(8, {4}), _kept(3)
    ([0, 1, None, 4, None, 7], [0, 1, 2])
    """
    places = set(range(count)) if count <= DRAWN_UNITS else {*wanted, 0, count - 1}
    for i in range(1, count):
        if len(places) < DRAWN_UNITS - 1:
            places.add(i)
    found: list[int | None] = []
    for i in range(count):
        if i in places or {i - 1, i + 1} <= places:
            found.append(i)
        elif found[-1] is not None:
            found.append(None)
    return found


def _column(names: Sequence[str], places: Sequence[int | None], node: Callable[[str], DrawnNode]) -> list[DrawnNode]:
    """The nodes of a layer that are drawn, with dots for the others."""
    dots = (DrawnNode(f"dots {k} {names[0]}", _VERTICAL, kind="units") for k in range(len(places)))
    return [next(dots) if place is None else node(names[place]) for place in places]


def _valued(desk: Desk, name: str, gradient: bool) -> DrawnNode:
    """A node with its value in the sample that is worked in full, and its gradient."""
    return DrawnNode(name, desk.symbol(name), _numbers(desk, name, gradient=gradient))


def _numbers(desk: Desk, name: str, *, gradient: bool) -> tuple[Tex, ...]:
    value = desk.number(desk.quantity(name))
    if not gradient or name not in desk.differentiated:
        return (value,)
    one = name == desk.network.output
    return value, Tex("1") if one else desk.number(desk.own("gradient", name))


def _loss_node(desk: Desk) -> DrawnNode:
    output = desk.network.output
    return DrawnNode(output, desk.own_output, (desk.number(desk.quantity(output)),))


def _unit_edges(desk: Desk, drawn: Collection[str]) -> Iterator[DrawnEdge]:
    """From what a unit takes in to its activation, of the units that are drawn."""
    for layer in desk.network.layers:
        for j, a in enumerate(layer.a):
            if a in drawn:
                yield from (DrawnEdge(source, a) for source in dict.fromkeys(layer.joined(j)[1]) if source in drawn)


def _in_columns(
    columns: Sequence[Sequence[DrawnNode]],
    edges: Sequence[DrawnEdge],
    highlights: Collection[str | tuple[str, str]] = (),
    headings: Sequence[Text | None] = (),
) -> Drawing:
    return Drawing(
        tuple(node for column in columns for node in column),
        tuple(edges),
        frozenset(highlights),
        tuple(tuple(node.name for node in column) for column in columns),
        tuple(headings),
    )


def _graph(desk: Desk) -> list[Block]:
    """The circuit: each node its formula, its value and its gradient."""
    names = _circuit(desk)
    if len(names) > MAX_DRAWN_NODES:
        return [paragraph(say("figure.too_large", count=len(names), most=MAX_DRAWN_NODES))]
    nodes = [DrawnNode(name, _defined(desk, name), _numbers(desk, name, gradient=True)) for name in names]
    drawing = Drawing(tuple(nodes), tuple(_wires(desk, names)))
    sample = desk.row(0) if len(desk.network.rows) > 1 else 0
    described = say("figure.graph_described", nodes=[_defined(desk, node.name) for node in desk.network.graph.nodes])
    return [Figure("graph", say("figure.graph", sample=sample, output=desk.own_output), (described,), drawing)]


def _circuit(desk: Desk) -> list[str]:
    """What the output depends on, in the order of computation."""
    graph = desk.network.graph
    return [name for name in graph.names if name in graph.ancestors]


def _wires(desk: Desk, names: Collection[str]) -> Iterator[DrawnEdge]:
    graph = desk.network.graph
    for node in graph.nodes:
        if node.name in names:
            yield from (DrawnEdge(source, node.name) for source in dict.fromkeys(node.inputs))


def _defined(desk: Desk, name: str) -> Tex:
    """``f = xy``, or ``f`` where its formula is long, or where it is given."""
    symbol, node = desk.symbol(name), desk.network.graph.by_name.get(name)
    if node is None:
        return symbol
    whole = Tex(f"{symbol} = {tex(node.formula, desk.symbol)}")
    return whole if width(whole) <= MAX_FORMULA else symbol


# Routes


def factor_numbers(desk: Desk, name: str, ways: Sequence[Route]) -> Mapping[tuple[str, str], int]:
    """The number of each factor of a parameter's routes, as they stand in the chain rule; none where nothing is drawn.

    What is above and below in a factor is its key.
    """
    factors = dict.fromkeys((link.above, link.below) for way in ways for link in way)
    if not _is_drawn(desk, name) or len(factors) > MAX_NUMBERS:
        return dict.fromkeys(factors, 0)
    return {factor: number for number, factor in enumerate(factors, 1)}


def _is_drawn(desk: Desk, name: str) -> bool:
    if not desk.contents.drawn or name not in desk.shown[:MAX_DRAWN_ROUTES]:
        return False
    if desk.form == "graph":
        return len(_circuit(desk)) <= MAX_DRAWN_NODES
    layers = desk.network.layers
    (number,) = (layer.number for layer in layers if name in layer.parameter_names)
    return len(layers) - number < MAX_ROUTE_LAYERS


def route_figure(desk: Desk, name: str, ways: Sequence[Route], numbers: Mapping[tuple[str, str], int]) -> list[Block]:
    """The routes of a parameter, the other paths standing back; its factors have the numbers of the chain rule."""
    if not all(numbers.values()):
        return []
    draw = _layered_routes if desk.form == "layers" else _graph_routes
    title = say("figure.route", name=desk.symbol(name), output=desk.own_output, count=len(ways))
    arrows = [Tex(r" \to ".join((*map(desk.symbol, stations(way)[:-1]), desk.own_output))) for way in ways]
    return [
        Figure(_file_name(desk, name), title, (say("figure.routes", routes=arrows),), draw(desk, name, ways, numbers))
    ]


def stations(way: Route) -> tuple[str, ...]:
    """The quantities on a route, from the parameter to the output."""
    return (*(link.below for link in reversed(way)), way[0].above)


def _file_name(desk: Desk, name: str) -> str:
    """The name of the figure: small letters, digits and hyphens, another one for each parameter."""
    names = [re.sub(r"[^a-z0-9]+", "-", shown.lower()).strip("-") for shown in desk.shown]
    at = desk.shown.index(name)
    return f"route-{names[at]}" if names.count(names[at]) == 1 else f"route-{names[at]}-no-{at + 1}"


def _graph_routes(desk: Desk, name: str, ways: Sequence[Route], numbers: Mapping[tuple[str, str], int]) -> Drawing:
    names = _circuit(desk)
    nodes = tuple(DrawnNode(one, desk.symbol(one)) for one in names)
    edges = [
        DrawnEdge(edge.source, edge.target, number=numbers.get((edge.target, edge.source), 0))
        for edge in _wires(desk, names)
    ]
    return Drawing(nodes, tuple(edges), frozenset(_highlights(ways)))


def _highlights(ways: Sequence[Route]) -> Iterator[str | tuple[str, str]]:
    for way in ways:
        for link in way:
            yield from (link.above, link.below, (link.below, link.above))


def _layered_routes(desk: Desk, name: str, ways: Sequence[Route], numbers: Mapping[tuple[str, str], int]) -> Drawing:
    return _LayeredRoutes(desk, name, ways, numbers).drawing()


class _LayeredRoutes:
    """The layers from that of a parameter on, each as two columns, z and a."""

    def __init__(self, desk: Desk, name: str, ways: Sequence[Route], numbers: Mapping[tuple[str, str], int]) -> None:
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
        columns = [_column(first.sources, _kept(first.fan_in, wanted), self._node)]
        if self.name in first.bias_names:
            columns[0].append(DrawnNode(self.name, desk.symbol(self.name), kind="parameter"))
        for layer in self.layers:
            places = _kept(layer.units, {j for j in range(layer.units) if self._passes(layer, j)})
            columns.append(_column(layer.z, places, self._node))
            if layer is not self.layers[-1] or not self.jumps:
                columns.append(_column(layer.a, places, self._node))
        columns.append([DrawnNode(desk.network.output, desk.own_output)])
        drawn = {node.name for column in columns for node in column}
        lit = {one for one in self.lit if isinstance(one, str) and one in drawn}
        edges = [*self._edges(drawn)]
        lit_edges = {(edge.source, edge.target) for edge in edges if edge.number}
        return _in_columns(columns, edges, {*lit, *lit_edges})

    def _passes(self, layer: Layer, j: int) -> bool:
        return not self.on_route.isdisjoint((layer.z[j], layer.a[j]))

    def _multiplied(self, layer: Layer, unit: int) -> str:
        """What the parameter multiplies in a unit: itself where it is a bias."""
        weights, sources = layer.joined(unit)
        return sources[weights.index(self.name)] if self.name in weights else self.name

    def _node(self, name: str) -> DrawnNode:
        return DrawnNode(name, self.desk.symbol(name))

    def _edges(self, drawn: Collection[str]) -> Iterator[DrawnEdge]:
        graph, output = self.desk.network.graph, self.desk.network.output
        for layer in self.layers:
            for j, z in enumerate(layer.z):
                if z in drawn:
                    yield from self._into(layer, j, drawn)
            for z, a in ((z, a) for a in layer.a if a in drawn for z in graph.by_name[a].inputs):
                if z in drawn:
                    yield self._edge(z, a)
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
        return DrawnEdge(source, target, NO_LABEL, self.numbers.get((target, source), 0))
