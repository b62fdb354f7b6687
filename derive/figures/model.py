"""A drawing of a graph: its nodes and edges with formulas as labels, and what is highlighted.

What is drawn is data here, without places; :mod:`derive.figures.places` finds them, the same for all formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import chain
from types import MappingProxyType
from typing import Literal, TypeAlias

from derive.records import record
from derive.words.runs import Tex, Text

NO_LABEL = Tex("")
NodeKind: TypeAlias = Literal["quantity", "parameter", "units", "layers"]
"""``units`` and ``layers`` are dots: they stand for the units of a layer, or the layers, that are left out."""


@record
class DrawnNode:
    """A node; ``beside`` are formulas that stand with it, as its value and its gradient.

    ``short`` is its label where there is little room.
    """

    name: str
    label: Tex
    beside: tuple[Tex, ...] = ()
    kind: NodeKind = "quantity"
    short: Tex = NO_LABEL


@record
class DrawnEdge:
    """An arrow from one node to another.

    ``number`` is that of a factor of a product (0: none), drawn in a circle.
    """

    source: str
    target: str
    label: Tex = NO_LABEL
    number: int = 0


@record
class Drawing:
    """Nodes in the order of computation, arrows between them, and the nodes and arrows (as pairs) that stand out.

    Attributes:
        columns: the names of the nodes layer by layer, each from the first unit on; empty where a graph has no layers.
        headings: what stands at each column.
        rooms: the width that a number may take, in ems, by its token: numbers are put in later.

    Raises:
        ValueError: where two nodes have one name, an arrow or a highlight is of a node that is not drawn, or the
            columns do not have each node once.

    >>> nodes = (DrawnNode("x", Tex("x")), DrawnNode("f", Tex("f")))
    >>> Drawing(nodes, (DrawnEdge("x", "f"),), frozenset({"f", ("x", "f")})).labels
    ('x', 'f', '')
    """

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...] = ()
    highlights: frozenset[str | tuple[str, str]] = frozenset()
    columns: tuple[tuple[str, ...], ...] = ()
    headings: tuple[Text | None, ...] = ()
    rooms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        names = [node.name for node in self.nodes]
        arrows = {(edge.source, edge.target) for edge in self.edges}
        if len(set(names)) < len(names):
            raise ValueError("two nodes of a drawing have one name")
        unknown = [*(set(chain.from_iterable(arrows)) - set(names)), *(self.highlights - arrows - set(names))]
        if unknown:
            raise ValueError(f"not drawn: {', '.join(sorted(map(str, unknown)))}")
        if self.columns and sorted(chain.from_iterable(self.columns)) != sorted(names):
            raise ValueError("the columns of a drawing do not have each node once")

    @property
    def labels(self) -> tuple[Tex, ...]:
        """Every formula of the drawing."""
        return tuple(self._labels())

    def _labels(self) -> Iterator[Tex]:
        for node in self.nodes:
            yield from (node.label, *node.beside)
        for edge in self.edges:
            yield edge.label
