"""Which bracket closes which, found in one walk over a program.

>>> partners("f([1, 2]) # (", 0, 13, strings=True)
{2: 7, 1: 8}
"""

from __future__ import annotations

from derive.patterns import regex

_WITH_STRINGS = regex(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[\[\](){}]")
_BRACKETS = regex(r"[\[\](){}]")
_OPENED_BY = {")": "(", "]": "[", "}": "{"}


def partners(text: str, start: int, end: int, *, strings: bool) -> dict[int, int]:
    """The place of the closing bracket for each opening one that has one; each kind is looked at by itself.

    ``strings``: what stands in quotes is passed over.
    """
    found: dict[int, int] = {}
    opened: dict[str, list[int]] = {"(": [], "[": [], "{": []}
    for match in (_WITH_STRINGS if strings else _BRACKETS).finditer(text, start, end):
        sign = match.group()
        if sign in opened:
            opened[sign].append(match.start())
        elif sign in _OPENED_BY and opened[_OPENED_BY[sign]]:
            found[opened[_OPENED_BY[sign]].pop()] = match.start()
    return found


__all__ = ["partners"]
