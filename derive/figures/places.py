"""Places for a drawing: of layers in columns, of any other graph in ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from derive.figures.columns import in_columns
from derive.figures.model import NO_LABEL, Drawing, DrawnNode
from derive.figures.plan import Plan
from derive.figures.ranks import in_ranks
from derive.words.runs import Text

FEWER = (4, 3)
"""In so many places stand the units of a layer where more of them are too wide: the first ones, dots, and the last."""


def plan_of(drawing: Drawing, words: Callable[[Text], str]) -> Plan | None:
    """Where everything of a drawing stands; None where it has no place on a narrow screen and on a page.

    It is drawn from left to right; where that is too wide, from the top down; where that is, too, with fewer units,
    without a column of parameters, or with short labels.

    Args:
        drawing: what is drawn.
        words: gives a heading as plain text.
    """
    fewer = _with_fewer_nodes(drawing) if drawing.columns else (_with_short_labels(drawing),)
    for each in (drawing, *fewer):
        for down in (False, True):
            plan = in_columns(each, words, down=down) if each.columns else in_ranks(each, down=down)
            if plan.fits:
                return plan
    return None


def _with_fewer_nodes(drawing: Drawing) -> Iterator[Drawing]:
    kinds = {node.name: node.kind for node in drawing.nodes}
    columns = [names for names in drawing.columns if {kinds[name] for name in names} != {"parameter"}]
    if len(columns) < len(drawing.columns):
        yield _of_columns(drawing, [[node for node in drawing.nodes if node.name in names] for names in columns])
    yield from (shortened(drawing, places) for places in FEWER)


def _with_short_labels(drawing: Drawing) -> Drawing:
    return replace(drawing, nodes=tuple(replace(node, label=node.short or node.label) for node in drawing.nodes))


def shortened(drawing: Drawing, places: int) -> Drawing:
    """The drawing with so few places for the units of a layer, where none stands out."""
    if drawing.highlights:
        return drawing
    nodes = {node.name: node for node in drawing.nodes}
    columns = [[nodes[name] for name in names] for names in drawing.columns]
    return _of_columns(drawing, [_cut(column, places) if len(column) > places else column for column in columns])


def _of_columns(drawing: Drawing, columns: Sequence[Sequence[DrawnNode]]) -> Drawing:
    """The drawing with these columns alone."""
    kept = {node.name for column in columns for node in column}
    edges = tuple(edge for edge in drawing.edges if {edge.source, edge.target} <= kept)
    arrows = {(edge.source, edge.target) for edge in edges}
    return replace(
        drawing,
        nodes=tuple(node for column in columns for node in column),
        edges=edges,
        highlights=drawing.highlights & (kept | arrows),
        columns=tuple(tuple(node.name for node in column) for column in columns),
    )


def _cut(column: Sequence[DrawnNode], places: int) -> list[DrawnNode]:
    first, last = column[: places - 2], column[-1]
    dots = [node for node in column[places - 2 : -1] if node.kind == "units"]
    return [*first, *(dots or [DrawnNode(f"{last.name} …", NO_LABEL, kind="units")])[:1], last]
