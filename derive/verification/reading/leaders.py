r"""Leader dots up to the points of a scheme, and dashes between two parts of a line: they say nothing.

>>> without_leaders("1a) s1 = 0.95 ........ (0.5 pt)").rstrip()
'1a) s1 = 0.95'
>>> without_leaders("linear output — E = 1/2 (y - t)^2 — eta = 0.1")
'linear output   E = 1/2 (y - t)^2   eta = 0.1'
"""

from __future__ import annotations

import re

from derive.patterns import regex

_POINTS = r"(?:pts?|points?|punkte?|marks?|puntos?|punti|pontos?|[Pp])"
_LEADERS = regex(
    r"(?m)(?<=[^\s.])[ \t]*(?:[.·…][ \t]?){2,200}+"
    rf"(?P<points>[(\[][^()\[\]\n]{{0,40}}\b{_POINTS}\b[^()\[\]\n]{{0,40}}[)\]])?[ \t.]*$"
)
"""Dots at the end of a line; two are enough where points stand behind them."""
_ONLY_POINTS = regex(
    r"(?m)(?<=[^\s.])[ \t.]+[(\[][ \t]*[0-9½]{1,3}(?:[.,/][0-9]{1,2})?[ \t]*"
    rf"{_POINTS}\b[^()\[\]\n]{{0,40}}[)\]][ \t.]*$"
)
"""Points at the end of a line."""
LEAST_DOTS = 4
"""So many dots are no end of a sentence, and nothing left out."""
_DASH = regex(
    r"(?<=\S)([ \t]+)—(?=[ \t]+(?:(?:∂|δ|Δ)?[^\W\d]\S{0,11}[ \t]*[=≈]|[^\W\d_]{4,40}\b))|"
    r"(?<=[^\W\d_]{4})([ \t]+)—(?=[ \t])"
)
"""A long dash beside a word, or before a claim, is no minus."""


def without_leaders(text: str) -> str:
    """The text with blanks in place of such dots, points and dashes; every offset stays."""
    if ".." in text or "…" in text or "··" in text:
        text = _LEADERS.sub(_blank, text)
    if "—" in text:
        text = _DASH.sub(lambda found: f"{found[1] or found[2]} ", text)
    return _ONLY_POINTS.sub(lambda found: " " * len(found.group()), text)


def _blank(found: re.Match[str]) -> str:
    dots = sum(found.group().count(sign) for sign in ".·") + 3 * found.group().count("…")
    says = found["points"] or dots >= LEAST_DOTS
    return " " * len(found.group()) if says else found.group()


__all__ = ["without_leaders"]
