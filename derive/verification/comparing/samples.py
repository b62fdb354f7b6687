"""Whose numbers are meant where the data has several rows and a name says none.

A chain speaks of the sample that one of its names says (``E[2] = 1/2*(yhat - t)^2``), else of the one that the text
said last before it ("Sample 2", also in a comment). Where none was said, a chain that holds for every sample holds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from derive.expressions.tree import Expr, Name, names_in, substitute
from derive.records import record
from derive.verification.comparing.chain import ScalarChain
from derive.verification.comparing.side import ScalarSide
from derive.verification.points.point import Addresses

MAX_ROWS = 100
"""In at most this many rows a general statement is looked at."""
_SAID = re.compile(r"\b[Ss]ample(?:~|\s|\\,|\$)*([1-9][0-9]{0,6})\b")
_ENDS = re.compile(
    r"(?im)^[ \t]*(?:#{1,6}[ \t]|\\(?:sub){0,2}section|\\paragraph|\\textbf)(?![^\n]*(?:forward|backward))"
    r"|\b(?:mean|averaged?|averages|both|batch|total|overall|summed|sums?|all (?:the )?(?:samples|rows)|updated?"
    r"|iteration|epoch"
    r"|mittelwert|beide)\b"
)
"""What ends the lines that are about one sample only."""
_ROW = re.compile(r"\[([0-9]+)\]")


@record(slots=False)
class Samples:
    """The samples that a text says, by their places."""

    addresses: Addresses
    rows: int
    offsets: tuple[int, ...]
    said: tuple[int, ...]
    ends: tuple[int, ...] = ()
    """Where the lines that are about that sample only end."""

    @classmethod
    def of(cls, text: str, addresses: Addresses, rows: int) -> Samples:
        """The samples of a text about data with so many rows."""
        found = list(_said(text)) if rows > 1 else []
        kept = [(offset, row) for offset, row in found if row <= rows]
        ends = (end.start() if (end := _ENDS.search(text, _line_end(text, at))) else len(text) for at, _ in kept)
        offsets = tuple(offset for offset, _ in kept)
        return cls(addresses, rows, offsets, tuple(row for _, row in kept), tuple(ends))

    def unsaid(self, line: ScalarChain) -> bool:
        """Whether a name of the chain belongs to one sample, and does not say to which."""
        return self.rows > 1 and any(self.addresses.needs_row(name) for side in line.sides for name in side.names)

    def general(self, line: ScalarChain) -> bool:
        """Whether a chain may be about every sample alike: it says none, and all have the same output."""
        names = [name for side in line.sides for name in side.names]
        return self.rows > 1 and any(map(self.addresses.alike, names)) and not any(map(_ROW.search, names))

    def row(self, line: ScalarChain, offset: int) -> int | None:
        """The sample that a chain at this offset is about, where one is said."""
        marks = {found[1] for side in line.sides for name in side.names if (found := _ROW.search(name))}
        if marks:
            return int(marks.pop()) if len(marks) == 1 else None
        before = bisect_right(self.offsets, offset) - 1
        return self.said[before] if before >= 0 else None

    def own(self, line: ScalarChain, offset: int) -> ScalarChain | None:
        """The same with the loss and gradients of one sample, where the lines at this offset are about it only."""
        before = bisect_right(self.offsets, offset) - 1
        if before < 0 or offset >= self.ends[before]:
            return None
        found = self.about(line, self.said[before])
        return found if found != line else None

    def candidates(self) -> range:
        """The rows for which a general statement is tried."""
        return range(1, min(self.rows, MAX_ROWS) + 1)

    def about(self, line: ScalarChain, row: int) -> ScalarChain:
        """The chain with the row on everything that differs from sample to sample."""
        return replace(line, sides=tuple(self._about(side, row) for side in line.sides))

    def _about(self, side: ScalarSide, row: int) -> ScalarSide:
        if side.expr is None:
            return side
        marked: dict[str, Expr] = {
            name: Name(f"{name}[{row}]") for name in names_in(side.expr) if self.addresses.takes_row(name)
        }
        return replace(side, expr=substitute(side.expr, marked)) if marked else side


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _said(text: str) -> Iterator[tuple[int, int]]:
    """The samples that lines say; a line with several (the head of a table) says none."""
    lines: list[list[tuple[int, int]]] = []
    end = 0
    for match in _SAID.finditer(text):
        if not lines or max(text.rfind(sign, end, match.start()) for sign in "\r\n") >= 0:
            lines.append([])
        lines[-1].append((match.start(), int(match[1])))
        end = match.end()
    for line in lines:
        if len({row for _, row in line}) == 1:
            yield line[0]
