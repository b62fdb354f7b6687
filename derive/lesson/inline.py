"""A chain of equal sides inside a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from derive.expressions.widths import width
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.page_width import SCREEN
from derive.words.runs import Tex, Words

BESIDE = 0.5
"""What the number of an item takes beside it, in ems."""


def in_sides(desk: Desk, sides: Sequence[str]) -> Tex | Words:
    """A left side, and each further one with its relation sign: as one formula where a line has room for it.

    A screen does not break a formula inside a sentence: one that is too wide stands there as several, one for each
    side, the first with a relation sign of its own.
    """
    whole = Tex(" ".join(sides))
    if desk.page.ems > SCREEN.ems:
        return whole
    room, text = desk.page.ems - BESIDE, desk.sheet.filled(whole)

    def fits(figures: Figures) -> bool:
        return width(text(figures)) <= room

    if desk.sheet.ask(fits):
        return whole
    first, *others = map(Tex, sides)
    return Words((first, *(part for side in others for part in (" ", side))))
