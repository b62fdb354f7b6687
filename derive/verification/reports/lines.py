"""The student's own line, as it can be shown: without control characters, cut where it is too wide, with a caret."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from derive.patterns import regex
from derive.verification.judgement import Judgement, Verification

MAX_WIDTH = 96
"""At most this many characters of a line are shown."""
_BREAKS = regex(r"\r\n|\r|\n")
_BLANKS = regex(r"\s*")
_HIDDEN = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class MarkedLine(NamedTuple):
    """A line to show, and where the marked part begins and how wide it is, in columns."""

    text: str
    start: int
    width: int


def printable(text: str) -> str:
    """A text without what would steer a terminal or turn its direction."""
    return _HIDDEN.sub("\ufffd", text.replace("\t", " "))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes.

    >>> columns("y\u0302"), columns("中")
    (1, 2)
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class FileLines:
    """The lines of one file."""

    def __init__(self, verification: Verification) -> None:
        self._lines = _BREAKS.split(verification.text)

    def shown(self, judgement: Judgement) -> MarkedLine:
        """The line of a claim with its right side marked; what cannot be read is marked where it begins."""
        start, end = _extent(judgement)
        line = self._lines[judgement.line - 1] if 0 < judgement.line <= len(self._lines) else ""
        if start is None:
            start = min(max(judgement.column - 1, 0), len(line))
        end = len(line) if end is None else min(end, len(line))
        end = max(end, start + 1)
        return _cut(line, start, end)


def _extent(judgement: Judgement) -> tuple[int | None, int | None]:
    """First and last column (from 0) of what is marked, if the right side says it."""
    sides = (judgement.right, judgement.left) if judgement.verdict == "unreadable" else (judgement.right,)
    for side in sides:
        if side is not None and side.at is not None and side.at.line == judgement.line:
            return side.at.column - 1, side.at.column
    right = judgement.right
    if right is None or right.start.line != judgement.line:
        return None, None
    return right.start.column - 1, right.end.column - 1 if right.end.line == right.start.line else None


def _cut(line: str, start: int, end: int) -> MarkedLine:
    """The marked part with what stands around it, at most so wide; looks at no more of a line than it shows."""
    first, before, after = _lead(line, start), "", ""
    if start - first > MAX_WIDTH * 2 // 3 and len(line) - first > MAX_WIDTH:
        first, before = start - MAX_WIDTH // 2, "… "
    last = len(line) if len(line) - first <= MAX_WIDTH else first + MAX_WIDTH
    if line[last : last + MAX_WIDTH].strip():
        after = " …"
    shown = printable(line[first:last])
    marked = shown[start - first : max(min(end, last), start + 1) - first]
    left = columns(before) + columns(shown[: start - first])
    return MarkedLine(before + shown.rstrip() + after, left, max(columns(marked), 1))


def _lead(line: str, start: int) -> int:
    """Where a line begins after its blanks, but not after the marked part."""
    found = _BLANKS.match(line, 0, start)
    return found.end() if found is not None else 0
