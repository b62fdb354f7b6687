"""Places for any graph: its nodes in ranks, each above those that use it, with few arrows that cross.

The ranks, and the order within them, are found by ``fast_sugiyama``. What it gives is sorted and put on the grid of
whole units, so that nothing depends on a process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from derive.figures.columns import LEAST, LINE, PAD, ink_of
from derive.figures.model import Drawing, DrawnNode
from derive.figures.plan import (
    BADGE,
    MARGIN,
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
)

ARROW, NUMBERED = 16, 34
"""Between two ranks, without numbers on the arrows and with them."""
APART = 12
STEM = 2 * LINE + 3
"""The length of a line that has two lines of text beside it."""
LITTLE = 0.25
"""At least so far apart are neighbours of a rank taken to be."""
SPACING = 100.0
"""What the library is told that lies between two nodes of a rank."""


class RankedPlace(NamedTuple):
    """A node, or a bend of an arrow (``name`` is empty): its rank, and where in it, in nodes."""

    name: str
    rank: int
    across: float


class NodeSpan(NamedTuple):
    """What a node takes: its outline, and the line that leaves it with what stands at it."""

    width: int
    height: int
    stem: int
    beside: int


def in_ranks(drawing: Drawing, *, down: bool) -> Plan:
    """The plan of a drawing without columns, from left to right; ``down``: from the top down."""
    return _RankPlan(drawing, down).plan()


def ranked(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> tuple[list[RankedPlace], dict[str, list[int]]]:
    """The places of all nodes and bends, and by ``source target`` the bends of an arrow that passes ranks.

    >>> places, bends = ranked("abc", [("a", "b"), ("b", "c"), ("a", "c")])
    >>> [(place.name, place.rank) for place in places], bends
    ([('a', 0), ('b', 1), ('c', 2), ('', 1)], {'a c': [3]})
    """
    index = {name: i for i, name in enumerate(names)}
    found: dict[int, tuple[float, float]] = {}
    links: dict[int, list[int]] = {}
    offset = 0.0
    for component, width, links_here in _components(sorted((index[a], index[b]) for a, b in set(edges))):
        height = max(y for _, (_, y) in component)
        found.update({node: (x + offset, height - y) for node, (x, y) in component})
        offset += width + SPACING
        for source, target in sorted(links_here):
            links.setdefault(source, []).append(target)
    for i in range(len(names)):
        if i not in found:
            found[i] = (offset, 0.0)
            offset += SPACING
    ranks = {y: rank for rank, y in enumerate(sorted({y for _, y in found.values()}))}
    order = sorted(found)
    new = {node: k for k, node in enumerate(order)}
    places = [RankedPlace(names[n] if n < len(names) else "", ranks[found[n][1]], found[n][0] / SPACING) for n in order]
    return places, {f"{names[a]} {names[b]}": [new[n] for n in way] for a, b, way in _ways(links, len(names))}


def _components(
    edges: Sequence[tuple[int, int]],
) -> Iterator[tuple[list[tuple[int, tuple[float, float]]], float, list[tuple[int, int]]]]:
    if not edges:
        return
    from fast_sugiyama import from_edges

    for places, width, _, links in from_edges(edges, vertex_spacing=SPACING, dummy_vertices=True, check_layout=False):
        put = sorted((int(node), (float(x), float(y))) for node, (x, y) in places)
        yield put, float(width), [(int(a), int(b)) for a, b in links] if links is not None else [*edges]


def _ways(links: Mapping[int, Sequence[int]], count: int) -> Iterator[tuple[int, int, list[int]]]:
    """Each arrow with bends: its ends, and the bends between them."""
    for source in range(count):
        for first in links.get(source, ()):
            way, here = [], first
            while here >= count:
                way.append(here)
                (here,) = links[here]
            if way:
                yield source, here, way


class _RankPlan:
    def __init__(self, drawing: Drawing, down: bool) -> None:
        self.drawing = drawing
        self.down = down
        self.edges = {(edge.source, edge.target): edge for edge in drawing.edges}
        self.places, self.bends = ranked([node.name for node in drawing.nodes], [*self.edges])
        self.spans = {node.name: self._span(node) for node in drawing.nodes}
        self.gap = NUMBERED if any(edge.number for edge in drawing.edges) else ARROW
        self.starts, self.ends = self._ranks()

    def plan(self) -> Plan:
        low, high = self._outermost()
        shift = MARGIN - low
        across = {i: shift + self._across(place) for i, place in enumerate(self.places)}
        items: list[PlanItem] = []
        nodes = {node.name: node for node in self.drawing.nodes}
        at = {place.name: (place.rank, across[i]) for i, place in enumerate(self.places) if place.name}
        lines, badges = self._edges(at, across)
        for name, (rank, place) in at.items():
            items += self._node(nodes[name], rank, place)
        along = self.ends[-1] + (ARROW if self._has_stems else 0) + MARGIN
        width, height = (high + shift + MARGIN, along) if self.down else (along, high + shift + MARGIN)
        return Plan(width, height, (*lines, *items, *badges))

    # Places: along the way of the computation, and across it

    def _span(self, node: DrawnNode) -> NodeSpan:
        rooms = self.drawing.rooms
        beside = max((label_width(tex, rooms) for tex in node.beside), default=0)
        stem = 0 if not node.beside else STEM if self.down else beside + 8
        return NodeSpan(max(LEAST, label_width(node.label, rooms) + PAD + 4), LEAST, stem, beside)

    @property
    def _has_stems(self) -> bool:
        return any(span.stem for span in self.spans.values())

    def _ranks(self) -> tuple[list[int], list[int]]:
        """Where each rank begins and ends."""
        depth: dict[int, int] = {}
        for place in self.places:
            span = self.spans.get(place.name)
            long = (span.height if self.down else span.width) + span.stem if span else 0
            depth[place.rank] = max(depth.get(place.rank, 0), long)
        starts, ends, at = [], [], MARGIN
        for rank in range(len(depth)):
            starts.append(at)
            ends.append(at + depth[rank])
            at += depth[rank] + self.gap
        return starts, ends

    def _extents(self, span: NodeSpan) -> tuple[int, int]:
        """How far a node reaches across, on both sides of its line."""
        if self.down:
            return span.width // 2, max(span.width // 2, 6 + span.beside if span.stem else 0)
        half = max(span.height // 2, LINE + 2 if span.stem else 0)
        return half, half

    @cached_property
    def _pitch(self) -> int:
        """The distance of two nodes side by side: as little as leaves room between all neighbours."""
        by_rank: dict[int, list[RankedPlace]] = {}
        for place in self.places:
            by_rank.setdefault(place.rank, []).append(place)
        pitch = 0.0
        for row in by_rank.values():
            for one, other in pairwise(sorted(row, key=lambda place: place.across)):
                needed = self._reach(one)[1] + self._reach(other)[0] + APART
                pitch = max(pitch, needed / max(other.across - one.across, LITTLE))
        return ceil(pitch)

    def _reach(self, place: RankedPlace) -> tuple[int, int]:
        """How far a node, or a bend, reaches across."""
        return self._extents(self.spans[place.name]) if place.name else (2, 2)

    def _across(self, place: RankedPlace) -> int:
        return round(place.across * self._pitch)

    def _outermost(self) -> tuple[int, int]:
        lows, highs = [], []
        for place in self.places:
            before, after = self._reach(place)
            lows.append(self._across(place) - before)
            highs.append(self._across(place) + after)
        return min(lows), max(highs)

    def _point(self, along: int, across: int) -> GridPoint:
        return (across, along) if self.down else (along, across)

    # What is drawn

    def _edges(
        self, at: Mapping[str, tuple[int, int]], across: Mapping[int, int]
    ) -> tuple[list[PlanItem], list[PlanItem]]:
        lines: list[PlanLine] = []
        badges: list[PlanItem] = []
        for (source, target), edge in self.edges.items():
            (rank, place), (last, end) = at[source], at[target]
            points = [self._point(self.ends[rank], place)]
            for bend in self.bends.get(f"{source} {target}", ()):
                here = self.places[bend].rank
                points += [self._point(self.starts[here], across[bend]), self._point(self.ends[here], across[bend])]
            points.append(self._point(self._start(target, last), end))
            ink = ink_of((source, target), self.drawing)
            lines.append(PlanLine(tuple(dict.fromkeys(points)), ink))
            if edge.number:
                (x0, y0), (x1, y1) = points[-2:]
                share = 1 - (BADGE + 10) / self.gap
                badges.append(PlanBadge(round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share), edge.number))
        return [*sorted(lines, key=lambda line: line.ink != "faint")], badges

    def _start(self, name: str, rank: int) -> int:
        """Where the outline of a node begins: its line ends where the rank ends."""
        span = self.spans[name]
        return self.ends[rank] - span.stem - (span.height if self.down else span.width)

    def _node(self, node: DrawnNode, rank: int, place: int) -> Iterator[PlanItem]:
        span, ink = self.spans[node.name], ink_of(node.name, self.drawing)
        start = self._start(node.name, rank)
        depth = span.height if self.down else span.width
        x, y = self._point(start + depth // 2, place)
        if span.stem:
            is_last = not any(source == node.name for source, _ in self.edges)
            end = self.ends[rank] + (ARROW - 4 if is_last else 0)
            yield PlanLine((self._point(start + depth, place), self._point(end, place)), ink, arrow=is_last)
        yield PlanShape(x, y, span.width, span.height, ink, boxed=node.kind == "parameter")
        yield PlanLabel(x, middle(y), node.label, "faint" if ink == "faint" else "plain")
        inks: tuple[Ink, Ink] = ("value", "gradient")
        for k, tex in enumerate(node.beside[:2]):
            if self.down:
                yield PlanLabel(x + 6, start + depth + LINE * (k + 1), tex, inks[k], start=True)
            else:
                yield PlanLabel(start + depth + span.stem // 2, y - 6 if k == 0 else y + LINE, tex, inks[k])
