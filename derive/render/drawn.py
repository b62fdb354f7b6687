"""Figures in a format: an SVG file beside the document, or TikZ in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.figures.labels import in_text, size_of
from derive.figures.later import DrawnLater
from derive.figures.places import plan_of
from derive.figures.plan import NUMBER_ROOM, SPARE
from derive.lesson.blocks import Figure
from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity
from derive.render.export import Drawn, Writer
from derive.words.filling import STEM, TOKEN, Draft
from derive.words.runs import Text, Words
from derive.words.voice import Span

if TYPE_CHECKING:
    from derive.lesson.slots import Sheet

ROOMS = (1.2, 3.9, 5.2, 6.6, 9.0, 13.0, 20.0)
"""Widths that are reserved for a number, in ems: few of them, so that runs of one structure share their figures."""


PAIRED = 0.49
"""Pictures of at most this share of the line stand side by side."""
BESIDE_TABLE = 0.56
"""A picture of at most this share of the line may stand beside a small table."""


def with_rooms(figure: Figure, sheet: Sheet) -> Figure:
    """The figure with one room for the numbers of each column: a guard of the text, which runs share."""
    drawing = figure.drawing
    if isinstance(drawing, DrawnLater):
        return figure
    nodes = {node.name: node for node in drawing.nodes}
    columns = [[tex for name in names for tex in nodes[name].beside] for names in drawing.columns]
    groups = [_tokens(labels) for labels in (columns or [list(drawing.labels)])]
    numbers = [[quantity for token in group if (quantity := _number(sheet, group[token]))] for group in groups]

    def rooms(figures: Figures) -> tuple[float, ...]:
        return tuple(max((_room(figures, quantity) for quantity in each), default=ROOMS[0]) for each in numbers)

    found: tuple[float, ...] = sheet.ask(rooms)
    known = {token: room for group, room in zip(groups, found, strict=True) for token in group}
    return replace(figure, drawing=replace(drawing, rooms=known))


def _tokens(labels: Iterable[str]) -> dict[str, int]:
    """The tokens in labels, and their places on the sheet."""
    return {found[0]: int(found[1]) for label in labels for found in TOKEN.finditer(label)}


def _number(sheet: Sheet, place: int) -> Quantity | None:
    """What number a token stands for; None for a relation sign."""
    style, quantities = sheet.slot(place)
    return quantities[0] if style != "relation" else None


def _room(figures: Figures, quantity: Quantity) -> float:
    width = _spared(size_of(figures.print(quantity).tex).width)
    return next((room for room in ROOMS if width <= room), ROOMS[-1])


def _spared(width: float) -> float:
    """The width of a long number where a reader has another font; a short one goes into the space beside it."""
    return width if width <= NUMBER_ROOM else SPARE * width


def plain(writer: Writer, *sentences: Text) -> str:
    """Sentences as plain text, formulas as far as characters go."""
    return " ".join("".join(map(_plain, writer.spans(sentence))) for sentence in sentences)


def _plain(span: Span) -> str:
    if isinstance(span.content, tuple):
        return "".join(map(_plain, span.content))
    return in_text(span.content) if span.kind == "math" else span.content


def svg_beside(writer: Writer, figure: Figure) -> Drawn | None:
    """An SVG file beside the document, and what its template needs to show it."""
    from derive.figures.svg import filling, framed, svg

    file = f"{STEM}-{figure.name}.svg"
    title, description = plain(writer, figure.title), plain(writer, *figure.description)
    drawing = figure.drawing
    if isinstance(drawing, DrawnLater):
        text = framed(drawing.token, (drawing.width, drawing.height), (title, description), figure.name)
    elif (plan := plan_of(drawing, lambda words: plain(writer, words))) is not None:
        text = svg(plan, title, description, lambda words: plain(writer, words), figure.name)
    else:
        return None
    alternative = writer.text(Words((title,)))
    return Drawn({"source": file, "alternative": alternative}, {file: Draft(text, filling(writer.formula))})


def tikz_inline(writer: Writer, figure: Figure) -> Drawn | None:
    """A picture of TikZ in the document."""
    from derive.figures.tikz import POINT, framed, tikz

    drawing = figure.drawing
    if isinstance(drawing, DrawnLater):
        width, picture = drawing.width, framed(drawing.token, drawing.width, drawing.height)
    elif (plan := plan_of(drawing, lambda words: plain(writer, words))) is not None:
        width, picture = plan.width, tikz(plan, writer.text, writer.formula)
    else:
        return None
    share = width * POINT / writer.width.points
    return Drawn({"picture": picture, "narrow": share <= PAIRED, "medium": share <= BESIDE_TABLE})
