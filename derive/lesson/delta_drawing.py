"""The figure of the styles that find δ of every unit: δ going back from the loss, into the unit of a worked weight."""

from __future__ import annotations

from collections.abc import Iterator

from derive.figures.model import DrawnEdge, DrawnNode
from derive.lesson.blocks import Block, Figure, say
from derive.lesson.deltas import delta_name
from derive.lesson.desk import Desk
from derive.lesson.drawings import drawn_column, kept_units, layered_drawing
from derive.lesson.general import renewed, softmax
from derive.lesson.route_drawings import MAX_ROUTE_LAYERS
from derive.network import Layer
from derive.words.runs import Tex


def delta_figure(desk: Desk) -> list[Block]:
    """δ of every unit of the last layers, and how the first worked weight among them gets its derivative."""
    if desk.contents.figures == "none":
        return []
    return [_BackwardFlow(desk).figure()]


class _BackwardFlow:
    """The units of the last layers with their δ, arrows from right to left; those into one unit stand out."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.layers = desk.network.layers[-MAX_ROUTE_LAYERS:]
        self.weight, self.layer, self.unit = self._worked()

    def _worked(self) -> tuple[str, Layer, int]:
        """The weight (none where all that is shown is a bias) and the unit that stand out."""
        for layer in self.layers:
            for name in self.desk.shown:
                if name in layer.weight_names and not layer.wiring.is_shared:  # a shared one has a δ at each place
                    places = (j for j in range(layer.units) if name in layer.joined(j)[0])
                    return name, layer, next(places, 0)
        return "", self.layers[0], 0

    def figure(self) -> Figure:
        desk, first = self.desk, self.layer
        output = DrawnNode(desk.network.output, desk.own_output)
        layers = self.layers[first.number - self.layers[0].number :]
        columns = [] if not self.weight else [[self._parameter()]]
        for layer in layers:
            wanted = {self.unit} if layer is first else set()
            columns.append(drawn_column(layer.z, kept_units(layer.units, wanted), self._node))
        columns.append([output])
        drawn = {node.name for column in columns for node in column}
        edges = [edge for layer in layers for edge in self._edges(layer, drawn)]
        lit = self._lit(edges)
        nodes = {name for edge in lit for name in edge} | {first.z[self.unit]}
        drawing = layered_drawing(columns, edges, {*nodes, *lit})
        mark = desk.row(desk.sample) if len(desk.network.rows) > 1 else 0
        symbol = desk.symbol(delta_name(desk, first.z[self.unit]))
        facts = {"loss": desk.own_output, "letter": desk.any("delta"), "delta": symbol, "sample": mark}
        described = say("figure.backward_described", loss=desk.own_output)
        return Figure("backward", say("figure.backward", **facts), (described,), drawing)

    def _parameter(self) -> DrawnNode:
        desk = self.desk
        label = Tex(rf"\partial {desk.own_output} / \partial {desk.symbol(self.weight)}")
        return DrawnNode(self.weight, label, (desk.number(desk.own("gradient", self.weight)),), kind="parameter")

    def _node(self, z: str) -> DrawnNode:
        desk = self.desk
        return DrawnNode(z, desk.symbol(delta_name(desk, z)), (desk.number(desk.own("gradient", z)),))

    def _lit(self, edges: list[DrawnEdge]) -> set[tuple[str, str]]:
        """The arrows into the unit, and from it to its weight."""
        z = self.layer.z[self.unit]
        return {(e.source, e.target) for e in edges if e.target == z or (e.source, e.target) == (z, self.weight)}

    def _edges(self, layer: Layer, drawn: set[str]) -> Iterator[DrawnEdge]:
        """The arrows that lead to the units of a layer; and from the unit to the derivative by its weight."""
        desk, network = self.desk, self.desk.network
        if layer is self.layer and self.weight:
            weights, sources = layer.joined(self.unit)
            multiplied = desk.symbol(sources[weights.index(self.weight)])
            yield DrawnEdge(layer.z[self.unit], self.weight, multiplied)
        for j, z in enumerate(layer.z):
            if z not in drawn:
                continue
            if layer is network.layers[-1]:
                yield DrawnEdge(network.output, z)
                continue
            following = network.layers[layer.number]
            fed: dict[int, str] = {}
            for k, weight in following.fed_by(j):
                fed.setdefault(k, weight)
            labelled = layer is self.layer and j == self.unit and not softmax(desk, layer)
            for k, weight in fed.items():
                if following.z[k] in drawn:
                    yield DrawnEdge(following.z[k], z, self._over(following, weight) if labelled else Tex(""))

    def _over(self, following: Layer, weight: str) -> Tex:
        return self.desk.new_symbol(weight) if renewed(self.desk, following) else self.desk.symbol(weight)
