"""A drawing whose shapes depend on the numbers of a run, as a curve's do."""

from __future__ import annotations

from derive.records import record
from derive.words.runs import Tex


@record
class DrawnLater:
    """What stands at a token is drawn anew from the numbers of each run: only its size, in units, is known before.

    ``labels`` are the formulas in it that are known, too.
    """

    token: Tex
    width: int
    height: int
    labels: tuple[Tex, ...] = ()
