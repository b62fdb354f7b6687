"""Places for a drawing: of layers in columns, of any other graph in ranks."""

from __future__ import annotations

from collections.abc import Callable

from derive.figures.columns import in_columns
from derive.figures.model import Drawing
from derive.figures.plan import Plan
from derive.figures.ranks import in_ranks
from derive.words.runs import Text


def plan_of(drawing: Drawing, words: Callable[[Text], str]) -> Plan | None:
    """Where everything of a drawing stands; None where it has no place on a narrow screen and on a page.

    It is drawn from left to right; where that is too wide, from the top down.

    Args:
        drawing: what is drawn.
        words: gives a heading as plain text.
    """
    for down in (False, True):
        plan = in_columns(drawing, words, down=down) if drawing.columns else in_ranks(drawing, down=down)
        if plan.fits:
            return plan
    return None
