"""Whose numbers are meant where the data has several rows and a name says none.

A chain speaks of the sample that one of its names says (``E[2] = 1/2*(yhat - t)^2``), else of the one that the text
said last before it ("Sample 2", also in a comment). Where none was said, a chain that holds for every sample holds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flint import fmpq

from derive.expressions.tree import Expr, Name, names_in, substitute
from derive.patterns import regex
from derive.records import record
from derive.verification.comparing.chain import ScalarChain
from derive.verification.comparing.data_cues import data_cues
from derive.verification.comparing.sample_cues import sample_cues
from derive.verification.comparing.side import ScalarSide
from derive.verification.points.point import Addresses

MAX_ROWS = 100
"""In at most this many rows a general statement is looked at."""
_ENDS = regex(
    r"(?im)^[ \t]*(?:#{1,6}[ \t]|\\(?:sub){0,2}section|\\paragraph|\\textbf)(?![^\n]*(?:forward|backward))"
    r"|\b(?:mean|averaged?|averages|both|batch|total|overall|summed|sums?|all (?:the )?(?:samples|rows)|updated?"
    r"|iteration|epoch|schritt|update|aktualisier\w*|neue gewichte|gradient step"
    r"|mittelwerte?|mitteln|mittel|gemittelt|durchschnitt|gesamt\w*|summe|zusammen|beider?|moyenne|media|promedio)\b"
)
"""What ends the lines that are about one sample only."""
_ROW = regex(r"\[([0-9]+)\]")


@record(slots=False)
class Samples:
    """The samples that a text says, by their places."""

    addresses: Addresses
    rows: int
    offsets: tuple[int, ...]
    said: tuple[int, ...]
    ends: tuple[int, ...] = ()
    """Where the lines that are about that sample only end."""
    sure: tuple[bool, ...] = ()
    """Whether the words that say it leave no other meaning."""
    until: tuple[int, ...] = ()
    """Where what they are said of ends at the latest."""
    by_data: tuple[bool, ...] = ()
    """Whether only what stands in them says them."""

    @classmethod
    def of(cls, text: str, addresses: Addresses, data: Sequence[Mapping[str, fmpq]]) -> Samples:
        """The samples of a text about the rows of the data."""
        rows = len(data)
        kept = sorted([*sample_cues(text, rows, addresses.knows), *data_cues(text, data)]) if rows > 1 else []
        found = [match.start() for match in _ENDS.finditer(text)] if kept else []
        ends = (min(_about_it_only(text, cue.offset, found), cue.until) for cue in kept)
        offsets = tuple(cue.offset for cue in kept)
        sure, until = tuple(cue.sure for cue in kept), tuple(cue.until for cue in kept)
        by_data = tuple(cue.by_data for cue in kept)
        return cls(addresses, rows, offsets, tuple(cue.row for cue in kept), tuple(ends), sure, until, by_data)

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
        return self.said[before] if before >= 0 and offset < self.until[before] else None

    def is_sure(self, line: ScalarChain, offset: int, *, confirmed: bool = False) -> bool:
        """Whether no other sample can be meant than :meth:`row` has: a name says it, or the text just before.

        ``confirmed``: numbers have shown that labels of more than one meaning say samples.
        """
        if any(_ROW.search(name) for side in line.sides for name in side.names):
            return True
        before = bisect_right(self.offsets, offset) - 1
        return before >= 0 and (confirmed or self.sure[before]) and offset < self.ends[before]

    def own(self, line: ScalarChain, offset: int) -> ScalarChain | None:
        """The same with the loss and gradients of one sample, where the lines at this offset are about it only."""
        before = bisect_right(self.offsets, offset) - 1
        if before < 0 or offset >= self.ends[before]:
            return None
        found = self.about(line, self.said[before])
        return found if found != line else None

    def is_by_data(self, offset: int) -> bool:
        """Whether the sample at this offset is said by what stands in it: below it the batch's sums may follow."""
        before = bisect_right(self.offsets, offset) - 1
        return before >= 0 and self.by_data[before]

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


def _about_it_only(text: str, at: int, ends: Sequence[int]) -> int:
    """Where the lines end that are about the sample only that is said at a place."""
    line = text.find("\n", at)
    end = bisect_left(ends, line if line >= 0 else len(text))
    return ends[end] if end < len(ends) else len(text)
