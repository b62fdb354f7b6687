r"""Formulas that were copied from a chat window, where the backslashes of ``\[ \]`` and ``\( \)`` are lost.

>>> [(one.start, one.end) for one in lost("so ( f = x \\cdot y ), and (as x = 3 shows) more")]
[(4, 19)]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from derive.patterns import regex


class LostFormula(NamedTuple):
    """A formula by its place; ``tex`` says how its letters are read, ``display`` whether it stands by itself."""

    start: int
    end: int
    tex: bool
    display: bool


_DISPLAY = regex(r"(?m)^[ \t]*\[[ \t]*\n((?:(?![ \t]*[\[\]][ \t]*$)[^\n]*\n){1,40}?)[ \t]*\][ \t.,]*$")
_LINE = regex(r"(?m)^[ \t]*\[[ \t]+([^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*){0,8}[=≈][^\n]*?)[ \t]+\][ \t]*[.,;]?[ \t]*$")
_INLINE = regex(
    r"(?<![\w\\)])(?<!\bleft)\(((?=[^()\n]*[=≈])[^()\n]{2,200}(?:\([^()\n]{0,60}\)[^()\n]{0,100}){0,4}"
    r"|(?=[^\n]{0,200}[=≈])[^()\n]{0,100}(?:\([^()\n]{0,60}\)[^()\n]{0,100}){1,4})\)"
)
_PROSE = regex(r"(?<![\\A-Za-z])[A-Za-z]{2,}\s+[A-Za-z]{2,}")
_SIGN = regex(r"[=≈]")
_TEX = regex(r"\\[A-Za-z]+|[_^]\{")
_QUANTITY = regex(
    r"\s*(?:[a-hp-zA-HL-Z]|[^\W\d_]{1,6}_?\d[\d_,]*|yhat)'?(?:\s*/\s*d?(?:[a-z]|[^\W\d_]{1,6}_?\d[\d_,]*))?\s*[=≈]"
    r"|[\d\s.+*/()^-]+[=≈]"
)
"""What a formula without commands begins with; what stands in brackets may be anything else."""
_BARE = regex(r"[\s*_\-–•>.:0-9)]*")
"""What may stand beside a formula that fills its line."""


def lost(text: str, formulas: Sequence[tuple[int, int]] = (), *, whole_lines: bool = False) -> list[LostFormula]:
    """The formulas of a text without their backslashes; ``whole_lines``: a line is read as a claim anyway.

    In a text that has displays of that kind, all brackets with a relation hold a formula. In any other only those
    do that are no prose and lie in none of the ``formulas`` (where they begin and end), and of lines that are read
    anyway those that cannot be read as they stand.
    """
    displays = [LostFormula(found.start(1), found.end(1), True, True) for found in _DISPLAY.finditer(text)]
    starts = [one.start for one in displays]
    found = list(displays)
    for pattern in (_LINE, _INLINE):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            i = bisect_right(starts, start)
            if i and start < displays[i - 1].end:
                continue
            if not displays and _is_within(formulas, start, end):
                continue
            if displays or pattern is _LINE or _is_formula(text, start, end, whole_lines=whole_lines):
                tex = bool(displays) or _TEX.search(text, start, end) is not None
                found.append(LostFormula(start, end, tex, pattern is _LINE))
    return list(_apart(sorted(found)))


def _is_within(formulas: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a place meets one of the formulas."""
    i = bisect_right(formulas, start, key=lambda one: one[0])
    return any(one[0] < end and start < one[1] for one in formulas[max(i - 1, 0) : i + 1])


def _is_formula(text: str, start: int, end: int, *, whole_lines: bool) -> bool:
    """Whether brackets with a relation in them hold a formula and no prose."""
    if _SIGN.search(text, start, end) is None or _PROSE.search(text, start, end) is not None:
        return False
    if not whole_lines:
        return _TEX.search(text, start, end) is not None or _QUANTITY.match(text, start, end) is not None
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    beside = text[first : start - 1] + text[end + 1 : last]
    return _SIGN.search(beside) is None and _BARE.fullmatch(beside) is None


def _apart(found: list[LostFormula]) -> Iterator[LostFormula]:
    """The formulas that do not lie in one before them."""
    past = 0
    for one in found:
        if one.start >= past:
            yield one
            past = one.end


__all__ = ["LostFormula", "lost"]
