"""A drawing of a graph: its nodes and edges with formulas as labels, and what is highlighted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from derive.records import record
from derive.words.runs import Tex

NO_LABEL = Tex("")


@record
class DrawnNode:
    """A node; ``beside`` are formulas that stand beside it, as its value and its gradient."""

    name: str
    label: Tex
    beside: tuple[Tex, ...] = ()


@record
class DrawnEdge:
    """An arrow from one node to another."""

    source: str
    target: str
    label: Tex = NO_LABEL


@record
class Drawing:
    """Nodes in the order of computation, arrows between them, and the nodes and arrows (as pairs) that stand out.

    Raises:
        ValueError: where two nodes have one name, or an arrow or a highlight is of a node that is not drawn.

    >>> nodes = (DrawnNode("x", Tex("x")), DrawnNode("f", Tex("f")))
    >>> Drawing(nodes, (DrawnEdge("x", "f"),), frozenset({"f", ("x", "f")})).labels
    ('x', 'f', '')
    """

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...] = ()
    highlights: frozenset[str | tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        names = [node.name for node in self.nodes]
        arrows = {(edge.source, edge.target) for edge in self.edges}
        if len(set(names)) < len(names):
            raise ValueError("two nodes of a drawing have one name")
        unknown = [*(set(chain.from_iterable(arrows)) - set(names)), *(self.highlights - arrows - set(names))]
        if unknown:
            raise ValueError(f"not drawn: {', '.join(sorted(map(str, unknown)))}")

    @property
    def labels(self) -> tuple[Tex, ...]:
        """Every formula of the drawing."""
        return tuple(self._labels())

    def _labels(self) -> Iterator[Tex]:
        for node in self.nodes:
            yield from (node.label, *node.beside)
        for edge in self.edges:
            yield edge.label
