"""Places for a network of layers: a column for each layer, or a row where columns would be too wide together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from derive.figures.model import Drawing, DrawnEdge, DrawnNode
from derive.figures.plan import (
    BADGE,
    MARGIN,
    SMALL_FONT,
    GridPoint,
    Ink,
    Plan,
    PlanBadge,
    PlanItem,
    PlanLabel,
    PlanLine,
    PlanShape,
    label_width,
    middle,
    on_line,
    words_width,
)
from derive.words.runs import Tex, Text

LEAST, PAD, LINE = 26, 10, 18
"""The size of the smallest node, the space in a node beside its label, and the height of a line in it."""
APART = 10
"""Between two nodes of a layer."""
ONE, MANY, NUMBERED_ONE, NUMBERED_MANY = 24, 34, 29, 46
"""Between two layers, where each node has one arrow or several, without numbers and with them."""
CHIP, CHIP_PAD = 22, 10
"""The height of a label on an arrow, and the space in its box."""
BESIDE_CHIP = 9
"""What is seen of an arrow at its ends, where it carries a label and a number."""
MAX_PLAIN = 4
"""Of at most this many arrows between two layers the heads are drawn."""
HEADING = 18


class NodeBox(NamedTuple):
    """A node with its place: its centre and its size."""

    x: int
    y: int
    width: int
    height: int


def in_columns(drawing: Drawing, words: Callable[[Text], str], *, down: bool) -> Plan:
    """The plan of a drawing whose columns are known; ``down``: they are rows, from the top down."""
    return _ColumnPlan(drawing, words, down).plan()


def node_size(node: DrawnNode, rooms: Mapping[str, float]) -> tuple[int, int]:
    """The width and height of a node with its label and what stands with it."""
    if node.kind in ("units", "layers"):
        return 16, 16
    widest = max(label_width(tex, rooms) for tex in (node.label, *node.beside))
    return max(LEAST, widest + PAD), LEAST if not node.beside else 10 + LINE * (1 + len(node.beside))


def ink_of(name: str | tuple[str, str], drawing: Drawing, otherwise: Ink = "plain") -> Ink:
    """How a node or arrow is drawn: where some stand out, the others stand back."""
    if not drawing.highlights:
        return otherwise
    return "main" if name in drawing.highlights else "faint"


class _ColumnPlan:
    def __init__(self, drawing: Drawing, words: Callable[[Text], str], down: bool) -> None:
        self.drawing = drawing
        self.down = down
        self.nodes = {node.name: node for node in drawing.nodes}
        sizes = {name: node_size(node, drawing.rooms) for name, node in self.nodes.items()}
        self.sizes = {name: self._like_the_others(name, names, sizes) for names in drawing.columns for name in names}
        said = [words(text) if text is not None else "" for text in drawing.headings]
        self.headings = [*said, *[""] * (len(drawing.columns) - len(said))]
        self.column_of = {name: i for i, names in enumerate(drawing.columns) for name in names}
        self.between: list[list[DrawnEdge]] = [[] for _ in drawing.columns]
        for edge in drawing.edges:
            self.between[min(self.column_of[edge.source], self.column_of[edge.target])].append(edge)

    def _like_the_others(
        self, name: str, names: Sequence[str], sizes: Mapping[str, tuple[int, int]]
    ) -> tuple[int, int]:
        """The units of a layer are equally wide."""
        if self.nodes[name].kind != "quantity":
            return sizes[name]
        return max(sizes[one][0] for one in names if self.nodes[one].kind == "quantity"), sizes[name][1]

    def plan(self) -> Plan:
        lead = self._lead()
        boxes, along, across = self._boxes(lead)
        width, height = (across, along) if self.down else (along, across)
        lines, badges, chips = self._edges(boxes)
        shapes = [item for node in self.drawing.nodes for item in self._node(node, boxes[node.name])]
        return Plan(width, height, (*self._titles(boxes), *lines, *shapes, *chips, *badges))

    # Places

    def _along(self, name: str) -> int:
        width, height = self.sizes[name]
        return height if self.down else width

    def _across(self, name: str) -> int:
        width, height = self.sizes[name]
        return width if self.down else height

    def _lead(self) -> int:
        """The room for the headings, above the columns or beside the rows."""
        widest = max(map(words_width, self.headings), default=0)
        return MARGIN + (0 if not widest else widest + 10 if self.down else HEADING)

    def _boxes(self, lead: int) -> tuple[dict[str, NodeBox], int, int]:
        columns = self.drawing.columns
        spans = [sum(map(self._across, names)) + APART * (len(names) - 1) for names in columns]
        at, boxes = MARGIN, dict[str, NodeBox]()
        for i, names in enumerate(columns):
            depth = max(map(self._along, names))
            if not self.down:
                beside = ONE // 2 if 0 < i < len(columns) - 1 else 0
                depth = max(depth, words_width(self.headings[i]) - beside)
            middle_of, place = at + depth // 2, lead + (max(spans) - spans[i]) // 2
            for name in names:
                half = place + self._across(name) // 2
                x, y = (half, middle_of) if self.down else (middle_of, half)
                boxes[name] = NodeBox(x, y, *self.sizes[name])
                place += self._across(name) + APART
            at += depth + (self._gap(i) if i + 1 < len(columns) else 0)
        return boxes, at + MARGIN, lead + max(spans) + MARGIN

    def _gap(self, i: int) -> int:
        edges = self.between[i]
        chips = [self._chip(edge)[0 if not self.down else 1] for edge in edges if edge.label]
        if chips:
            return max(chips) + 2 * BADGE + 3 * BESIDE_CHIP
        ends = [end for edge in edges for end in (edge.source, (edge.target,))]
        several = len(set(ends)) < len(ends)
        numbered = any(edge.number for edge in edges)
        if numbered:
            return NUMBERED_MANY if several else NUMBERED_ONE
        return MANY if several else ONE

    def _chip(self, edge: DrawnEdge) -> tuple[int, int]:
        return label_width(edge.label, self.drawing.rooms) + CHIP_PAD, CHIP

    # What is drawn

    def _ends(self, edge: DrawnEdge, boxes: Mapping[str, NodeBox]) -> tuple[GridPoint, GridPoint]:
        source, target = boxes[edge.source], boxes[edge.target]
        side = 1 if self.column_of[edge.source] < self.column_of[edge.target] else -1  # an arrow may lead back
        if self.down:
            return (source.x, source.y + side * (source.height // 2)), (
                target.x,
                target.y - side * (target.height // 2),
            )
        return (source.x + side * (source.width // 2), source.y), (target.x - side * (target.width // 2), target.y)

    def _edges(self, boxes: Mapping[str, NodeBox]) -> tuple[list[PlanItem], list[PlanItem], list[PlanItem]]:
        lines: list[PlanLine] = []
        badges: list[PlanItem] = []
        chips: list[PlanItem] = []
        for edges in self.between:
            otherwise: Ink = "plain" if len(edges) <= MAX_PLAIN else "faint"
            for edge in edges:
                ends = self._ends(edge, boxes)
                ink = ink_of((edge.source, edge.target), self.drawing, otherwise)
                lines.append(PlanLine(ends, ink, arrow=ink != "faint"))
                gap = abs(ends[1][1] - ends[0][1]) if self.down else abs(ends[1][0] - ends[0][0])
                if edge.label:
                    chips += self._chip_items(edge, ends, gap, ink)
                if edge.number:
                    share = 1 - (BESIDE_CHIP + BADGE) / gap if edge.label else self._share(edge, edges)
                    badges.append(PlanBadge(*on_line(ends, share), edge.number))
        behind = [line for line in lines if line.ink == "faint"]
        return [*behind, *(line for line in lines if line.ink != "faint")], badges, chips

    def _share(self, edge: DrawnEdge, edges: Sequence[DrawnEdge]) -> float:
        """Where on an arrow its number stands: away from the end that it shares with another one."""
        others = [other for other in edges if other.number and other is not edge]
        if any(other.source == edge.source for other in others):
            return 0.6
        return 0.38 if any(other.target == edge.target for other in others) else 0.45

    def _chip_items(self, edge: DrawnEdge, ends: Sequence[GridPoint], gap: int, ink: Ink) -> Iterator[PlanItem]:
        width, height = self._chip(edge)
        x, y = on_line(ends, (BESIDE_CHIP + (height if self.down else width) / 2) / gap)
        yield PlanShape(x, y, width, height, ink, boxed=True)
        yield PlanLabel(x, middle(y), edge.label, ink)

    def _node(self, node: DrawnNode, box: NodeBox) -> Iterator[PlanItem]:
        ink = ink_of(node.name, self.drawing)
        if node.kind in ("units", "layers"):
            upright = (node.kind == "units") != self.down
            dots = Tex(r"\vdots" if upright else r"\cdots")
            yield PlanLabel(box.x, middle(box.y), dots, "plain" if ink == "plain" else "faint")
            return
        yield PlanShape(box.x, box.y, box.width, box.height, ink, boxed=node.kind == "parameter")
        inside: Ink = "faint" if ink == "faint" else "plain"
        if not node.beside:
            yield PlanLabel(box.x, middle(box.y), node.label, inside)
            return
        top = box.y - box.height // 2
        yield PlanLabel(box.x, top + LINE, node.label, inside)
        inks: tuple[Ink, Ink] = ("value", "gradient")
        for k, tex in enumerate(node.beside):
            yield PlanLabel(box.x, top + LINE * (k + 2) + 2, tex, inks[k])

    def _titles(self, boxes: Mapping[str, NodeBox]) -> Iterator[PlanItem]:
        for text, said, names in zip(self.drawing.headings, self.headings, self.drawing.columns, strict=False):
            if text is None or not said:
                continue
            first = boxes[names[0]]
            x, y = (MARGIN, middle(first.y)) if self.down else (first.x, MARGIN + SMALL_FONT - 2)
            yield PlanLabel(x, y, text, "faint", start=self.down, size=SMALL_FONT)
