"""A drawing with places: shapes, lines, labels and numbers on one grid, the same for every format.

The unit is the pixel of a picture that is 400 of them wide; places are whole units, so that a figure is the same, byte
by byte, in every process and on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from derive.figures.labels import size_of
from derive.records import record
from derive.words.filling import TOKEN
from derive.words.runs import Tex, Text

FONT, SMALL_FONT = 16, 12
"""The sizes of labels and of headings; the scripts of a label are 11 units high."""
MAX_WIDTH = 400
"""A picture is not wider, so that its letters are large enough on a narrow screen."""
MAX_HEIGHT = 1000
"""A picture is not taller: it would not stand on one page."""
MARGIN = 4
BADGE = 9
"""The radius of the circle around the number of a factor."""
SPARE = 1.2
"""So many times as wide as Times are the letters where a reader has another font."""
NUMBER_ROOM = 3.9
"""Reserved for a number where nothing else is said, in ems: a sign, a point and six digits."""
Ink: TypeAlias = Literal["plain", "main", "faint", "value", "gradient"]
"""What a thing is drawn as: ``main`` stands out, ``faint`` stands back."""
GridPoint: TypeAlias = tuple[int, int]


class PlanShape(NamedTuple):
    """The outline of a node around its centre; ``boxed``: with square corners."""

    x: int
    y: int
    width: int
    height: int
    ink: Ink
    boxed: bool = False


class PlanLine(NamedTuple):
    """A line through points, with or without a head at its end, or dashed; those of a curve may be in tenths."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    arrow: bool = True
    dashed: bool = False


class PlanLabel(NamedTuple):
    """A formula, or words, on a line whose height is ``y``: around ``x``, or from it on."""

    x: int
    y: int
    content: Tex | Text
    ink: Ink
    start: bool = False
    size: int = FONT


class PlanBadge(NamedTuple):
    """The number of a factor in its circle."""

    x: int
    y: int
    number: int


PlanItem: TypeAlias = PlanShape | PlanLine | PlanLabel | PlanBadge


@record
class Plan:
    """What is drawn, in the order in which it is drawn, and the size of the whole."""

    width: int
    height: int
    items: tuple[PlanItem, ...]

    @property
    def labels(self) -> tuple[Tex, ...]:
        """Its formulas, in the order in which they are drawn."""
        return tuple(i.content for i in self.items if isinstance(i, PlanLabel) and isinstance(i.content, Tex))

    @property
    def fits(self) -> bool:
        """Whether it stands on a narrow screen and on one page."""
        return self.width <= MAX_WIDTH and self.height <= MAX_HEIGHT


def label_width(tex: str, rooms: Mapping[str, float]) -> int:
    """The width of a label in units, where each number in it takes so many ems, by its token."""
    numbers = sum(rooms.get(found[0], NUMBER_ROOM) for found in TOKEN.finditer(tex))
    return round((SPARE * size_of(TOKEN.sub("", tex)).width + numbers) * FONT)


def words_width(words: str) -> int:
    """The width of a heading in units."""
    return round(0.5 * SMALL_FONT * len(words))


def middle(y: int) -> int:
    """The height of the line of a label whose letters stand around ``y``."""
    return y + 5


def on_line(points: Sequence[GridPoint], share: float) -> GridPoint:
    """The point at this share of a straight line."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    return round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share)
