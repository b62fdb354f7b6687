"""A file of claims as a text, and where in the file each line of that text stands for somebody who looks at it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from derive.verification.reading import PART_END, TextKind

FilePartKind: TypeAlias = Literal["line", "cell", "printed", "paragraph"]
"""A line of the file itself; of a cell of a notebook; of what a cell printed; a paragraph of a Word document."""


class FilePart(NamedTuple):
    """The lines of a text from ``first`` on: those of the ``number``-th cell or paragraph, counted from 1."""

    first: int
    kind: FilePartKind
    number: int


class LinePlace(NamedTuple):
    """Where a reader finds a line: in which part of the file (0 for the file itself), and in which line of it."""

    kind: FilePartKind
    number: int
    line: int


@dataclass(frozen=True, slots=True)
class FileParts:
    """Where the lines of a text come from; ``starts`` in the order of the text, none where it is the file's own.

    >>> FileParts((FilePart(1, "cell", 1), FilePart(5, "printed", 1))).place(6)
    LinePlace(kind='printed', number=1, line=2)
    """

    starts: tuple[FilePart, ...] = ()

    def place(self, line: int) -> LinePlace:
        """Where a line of the text, counted from 1, stands in the file."""
        n = bisect_right(self.starts, line, key=lambda part: part.first)
        if n == 0:
            return LinePlace("line", 0, line)
        part = self.starts[n - 1]
        return LinePlace(part.kind, part.number, line - part.first + 1)


PLAIN = FileParts()
"""Of a text that is the file itself."""


@dataclass(frozen=True, slots=True)
class ClaimsDocument:
    """A text to judge, how its formulas are written, and where its lines come from."""

    text: str
    kind: TextKind
    file_parts: FileParts = PLAIN


class TextInParts:
    """A Markdown text while it is put together; every part ends what is open in it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._parts: list[FilePart] = []

    def add(self, text: str, kind: FilePartKind, number: int, *, fence: str = "") -> None:
        """Put a part on; with ``fence``, the text is code in that language (``text`` for what was printed)."""
        ticks = "`" * max(3, _longest_run(text, "`") + 1) if fence else ""
        self._lines += [ticks + fence.removesuffix("text")] if fence else []
        self._parts.append(FilePart(len(self._lines) + 1, kind, number))
        self._lines += text.replace("\f", " ").splitlines() or [""]
        self._lines += [ticks] if fence else []
        self._lines += ["", PART_END, ""]

    def document(self) -> ClaimsDocument:
        """The whole text."""
        return ClaimsDocument("\n".join(self._lines) + "\n", "markdown", FileParts(tuple(self._parts)))


def _longest_run(text: str, sign: str) -> int:
    """How often a sign stands in a row at most."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == sign else 0
        longest = max(longest, run)
    return longest


__all__ = ["PLAIN", "ClaimsDocument", "FilePart", "FilePartKind", "FileParts", "LinePlace", "TextInParts"]
