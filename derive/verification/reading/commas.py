r"""Decimal commas: ``0,5`` is ``0.5`` where the text has its decimals so.

A comma between two digits with no space parts no list outside brackets, so it is a decimal comma there in any text;
inside brackets (``[1,2]``) it is one where the text writes its decimals with commas only, or where that is said.

>>> with_points("z = 0,2*1,5 + (-0,4)*(-2) = 1,2"), with_points("z = [1,2], w_{1,2} = 0.5")
('z = 0.2*1.5 + (-0.4)*(-2) = 1.2', 'z = [1,2], w_{1,2} = 0.5')
"""

from __future__ import annotations

import re
from typing import Literal

from derive.patterns import regex

Decimal = Literal["auto", "comma", "point"]
"""How decimals are written: found from the text, or said."""

_COMMA = regex(r"(?<![\w.,₀-₉])([0-9]+),([0-9]+)(?![0-9]*[.,][0-9])(?![A-Z_]|[a-z][\w])")
_POINT = regex(r"(?<![\w.,])[0-9]*\.[0-9]+(?![0-9]*[.,][0-9])(?![A-Za-z_])")
_THOUSANDS = regex(r"[1-9][0-9]{0,2},[0-9]{3}")
_SCRIPT = regex(r"[_^]\s*\{?\s*\Z")
_OF_SEVERAL = regex(r"(?:max|min|clip|elu|relu|lrelu|softplus)\s*\\?[({\[]?\s*\(?\s*-?\s*\Z", re.IGNORECASE)
_BEFORE_SEMICOLON = regex(r"[^;,(){}\[\]=≈\n\r]*;")
"""Where a semicolon parts the arguments, the comma before it does not: ``max(0,5; 0,2)``."""
_TUPLE = regex(r"\A[^=≈\n]*(?:,(?![0-9])|(?<![0-9]),)[^=≈\n]*[=≈]")
"""A list of names before the sign: ``x_1, x_2 = 1,2``; a comma between digits parts no names."""
_FENCE = "\n\r"
MAX_OF_A_LIST = 200
"""At most this many characters before a number may be the list of names that it belongs to."""
MAX_BEFORE = 40
"""At most this many characters before a number are looked at."""


def with_points(text: str, decimal: Decimal = "auto") -> str:
    """The text with a point for each decimal comma; every offset stays."""
    if decimal == "point" or "," not in text:
        return text
    found = [match for match in _COMMA.finditer(text) if not _is_index(text, match.start())]
    if not found:
        return text
    depths = _depths(text, [match.start() for match in found])
    outside = [match for match, depth in zip(found, depths, strict=True) if not depth and not _in_a_tuple(text, match)]
    points = 0 if decimal == "comma" else sum(1 for _ in _POINT.finditer(text))
    decided = decimal == "comma" or len(outside) > points
    if not decided:
        found = [match for match in outside if not (points and _THOUSANDS.fullmatch(match.group()))]
    shown = list(text)
    for match in found:
        before = text[max(match.start() - MAX_BEFORE, 0) : match.start()]
        if not _OF_SEVERAL.search(before) or _BEFORE_SEMICOLON.match(text, match.end(), match.end() + MAX_BEFORE):
            shown[match.end(1)] = "."
    return "".join(shown)


def _is_index(text: str, start: int) -> bool:
    """Whether a number stands below or above a letter: ``w_{1,2}``."""
    before = text[max(start - MAX_BEFORE, 0) : start]
    return _SCRIPT.search(before) is not None and not before.rstrip("{ ").endswith("^")


def _in_a_tuple(text: str, match: re.Match[str]) -> bool:
    first = max(match.start() - MAX_OF_A_LIST, 0)
    line = max(first - 1, *(text.rfind(sign, first, match.start()) for sign in _FENCE)) + 1
    return _TUPLE.match(text, line, match.start()) is not None


def _depths(text: str, places: list[int]) -> list[int]:
    """How many brackets are open at each place, on its line."""
    found: list[int] = []
    at = depth = 0
    for place in places:
        for character in text[at:place]:
            if character in "([":
                depth += 1
            elif character in ")]":
                depth = max(depth - 1, 0)
            elif character in _FENCE:
                depth = 0
        found.append(depth)
        at = place
    return found


__all__ = ["Decimal", "with_points"]
