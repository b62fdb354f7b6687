"""The figures of a network or a graph: what is drawn, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from derive.expressions.print_tex import tex, width
from derive.figures.model import NO_LABEL, Drawing, DrawnEdge, DrawnNode
from derive.lesson.blocks import Block, Figure, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.styles import NetworkForm
from derive.network import Network
from derive.words.runs import Tex, Text

DRAWN_UNITS = 5
"""Of a layer of more units the first ones, the last one and those that are needed are drawn."""
DRAWN_LAYERS = 5
"""Of a network of more layers the first two and the last two are drawn."""
MAX_DRAWN_NODES = 24
"""A graph of more nodes is not drawn."""
MAX_FORMULA = 8.0
"""A node has its formula in its outline where that is not wider, in ems."""
_DOTS, _BETWEEN = "…", "… …"
"""How the names of dots begin, and the name of those for layers: no quantity has them."""
NAMES: Mapping[NetworkForm, str] = MappingProxyType({"layers": "network", "graph": "graph"})
"""What the figure of a network is called, and of a graph."""


def network_figure(desk: Desk) -> list[Block]:
    """The drawing of the network with the values of the forward pass."""
    if desk.contents.figures == "none":
        return []
    return [_layers(desk)] if desk.form == "layers" else _graph(desk)


def _layers(desk: Desk) -> Figure:
    network = desk.network
    layers = network.layers
    gradients = desk.style.notes_local_gradients
    columns: list[list[DrawnNode]] = []
    headings: list[Text | None] = []
    for number, names in _drawn_layers(network):
        if not names:
            columns.append([DrawnNode(_BETWEEN, NO_LABEL, kind="layers")])
            headings.append(None)
            continue
        node = partial(_valued, desk, gradient=gradients and number > 0)
        columns.append(drawn_column(names, kept_units(len(names)), node))
        cut = len(names) > DRAWN_UNITS
        headings.append(say("figure.column", number=number, count=len(names) if cut else 0))
    output = _loss_node(desk)
    columns.append([output])
    headings.append(None)
    edges = [*_unit_edges(desk, {node.name for column in columns for node in column})]
    edges += [DrawnEdge(node.name, output.name) for node in columns[-2] if node.kind == "quantity"]
    drawing = layered_drawing(columns, edges, headings=headings)
    several = len(network.rows) > 1
    facts = {"sample": desk.row(desk.sample) if several else 0, "gradients": gradients, "loss": desk.own_output}
    sizes = [len(network.inputs), *(layer.units for layer in layers)]
    title = say("figure.network", cut=max(sizes) > DRAWN_UNITS or len(layers) > DRAWN_LAYERS, **facts)
    return Figure(
        NAMES["layers"], title, (say("figure.network_described", sizes=sizes, loss=desk.own_output),), drawing
    )


def _drawn_layers(network: Network) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The inputs as layer 0, and the activations of each layer; no names for the layers between that are left out."""
    layers = network.layers
    shown = layers if len(layers) <= DRAWN_LAYERS else (*layers[:2], None, *layers[-2:])
    yield 0, network.inputs
    for layer in shown:
        yield (layer.number, layer.a) if layer is not None else (0, ())


def kept_units(count: int, wanted: Collection[int] = ()) -> list[int | None]:
    """The places of a layer's units, or of those that are drawn, with None for each run of others.

    >>> kept_units(8, {4}), kept_units(3)
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


def drawn_column(
    names: Sequence[str], places: Sequence[int | None], node: Callable[[str], DrawnNode]
) -> list[DrawnNode]:
    """The nodes of a layer that are drawn, with dots for the others."""
    dots = (DrawnNode(f"{_DOTS}{k} {names[0]}", NO_LABEL, kind="units") for k in range(len(places)))
    return [next(dots) if place is None else node(names[place]) for place in places]


def _valued(desk: Desk, name: str, *, gradient: bool) -> DrawnNode:
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
                yield from (DrawnEdge(one, a) for one in dict.fromkeys(layer.joined(j)[1]) if one in drawn)


def layered_drawing(
    columns: Sequence[Sequence[DrawnNode]],
    edges: Sequence[DrawnEdge],
    highlights: Collection[str | tuple[str, str]] = (),
    headings: Sequence[Text | None] = (),
) -> Drawing:
    """The drawing of nodes by their columns."""
    return Drawing(
        tuple(node for column in columns for node in column),
        tuple(edges),
        frozenset(highlights),
        tuple(tuple(node.name for node in column) for column in columns),
        tuple(headings),
    )


def _graph(desk: Desk) -> list[Block]:
    """The circuit: each node its formula, its value and its gradient."""
    names = circuit(desk)
    if len(names) > MAX_DRAWN_NODES:
        return [paragraph(say("figure.too_large", count=len(names), most=MAX_DRAWN_NODES))]
    nodes = [
        DrawnNode(name, _defined(desk, name), _numbers(desk, name, gradient=True), short=desk.symbol(name))
        for name in names
    ]
    drawing = Drawing(tuple(nodes), tuple(wires(desk, names)))
    sample = desk.row(desk.sample) if len(desk.network.rows) > 1 else 0
    described = say("figure.graph_described", nodes=[_defined(desk, node.name) for node in desk.network.graph.nodes])
    return [Figure(NAMES["graph"], say("figure.graph", sample=sample, output=desk.own_output), (described,), drawing)]


def circuit(desk: Desk) -> list[str]:
    """What the output depends on, in the order of computation."""
    graph = desk.network.graph
    return [name for name in graph.names if name in graph.ancestors]


def wires(desk: Desk, names: Collection[str]) -> Iterator[DrawnEdge]:
    """The arrows of a graph, from each quantity to the nodes that are worked from it."""
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
