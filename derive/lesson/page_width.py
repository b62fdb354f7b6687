"""The width of a line: what formulas are broken for, and tables are fitted to."""

from __future__ import annotations

import re

from derive.patterns import regex
from derive.records import record

UNITS = {"mm": 72.27 / 25.4, "cm": 72.27 / 2.54, "in": 72.27, "pt": 1.0}
"""TeX's points in each unit of length."""
NARROWEST, WIDEST = 80, 400
"""In millimetres: a column of a journal, and a poster."""
_LENGTH = regex(r"\s*([0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})\s*(mm|cm|in|pt)\s*", re.ASCII)
_EM = 10.95
"""The points of an em of Computer Modern at 11 pt."""
_SAFE = 0.938
"""Widths are estimates: this share of the line is filled."""


@record
class PageWidth:
    """A width of lines.

    Attributes:
        ems: what may be filled, in ems of the type at 11 pt.
        length: as TeX reads it, ``110mm``; empty for the text of an A4 page with margins of 25 mm.
        points: the whole line in TeX's points.
    """

    ems: float = 39.0
    length: str = ""
    points: float = 455.2

    @classmethod
    def of(cls, text: str) -> PageWidth:
        """The page of a width such as ``110mm``.

        Raises:
            ValueError: where it is no length, or one that no page has; the message says what to write.

        >>> PageWidth.of("160 mm").length, round(PageWidth.of("16cm").ems, 1), round(PageWidth.of("11cm").ems, 1)
        ('160mm', 39.0, 26.8)
        """
        shown = repr(text if len(text) <= 40 else text[:40] + "…")
        length = _LENGTH.fullmatch(text)
        if length is None:
            raise ValueError(f"{shown} is no length: write a number and mm, cm, in or pt, as 110mm")
        points = float(length[1]) * UNITS[length[2]]
        if not NARROWEST * UNITS["mm"] - 0.01 <= points <= WIDEST * UNITS["mm"] + 0.01:
            raise ValueError(f"{shown} is no width of a page: give {NARROWEST}mm to {WIDEST}mm")
        return cls(points / _EM * _SAFE, length[1] + length[2], points)


A4 = PageWidth()
"""The text of an A4 page."""
SCREEN = PageWidth(ems=18.5)
"""What a screen 400 pixels wide shows of a formula: MathJax sets it as high as the text, 19 pixels an em,
and estimates of widths are not exact."""
