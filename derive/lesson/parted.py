"""A displayed formula in several, where it has more characters than some readers of Markdown take in one block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity
from derive.lesson.remembered import Slot
from derive.lesson.skeleton import filled
from derive.lesson.slots import Sheet
from derive.words.filling import TOKEN

AROUND = len("\n\\begin{aligned}\n\n\\end{aligned}\n")
"""Characters around the rows of a block."""
BESIDE = len(" & && \\quad  \\\\\n")
"""Characters of a row beside its parts."""
MAX_NUMBER_LENGTH = 60
"""At most this many characters a number takes beside its digits."""


class TextRow(NamedTuple):
    """A row of a display as text; where a block may begin.

    ``begins``: a relation or a left side stands in it; ``adds``: a further term, as of another route, begins in it.
    """

    text: str
    begins: bool
    adds: bool = False


def blocks_of(lines: Sequence[TextRow], longest: int, sheet: Sheet, write: Callable[[str], str]) -> tuple[int, ...]:
    """How many rows each block takes, so that none has ``longest`` characters or more.

    A block begins at a relation where it can, or else at a further term: it then goes on from the one above. As the
    numbers decide it, it is asked through the sheet where it could come out in another way; a row that is too long by
    itself stays whole. ``write`` puts a number, given as TeX, into the format.
    """
    most = longest - 1 - AROUND
    texts = [TOKEN.sub("", line.text) for line in lines]
    inside = [TOKEN.findall(line.text) for line in lines]
    number = sheet.figures.policy.digits + MAX_NUMBER_LENGTH
    if sum(len(text) + BESIDE + number * len(tokens) for text, tokens in zip(texts, inside, strict=True)) <= most:
        return (len(lines),)
    slots = [[sheet.slot(int(token)) for token in tokens] for tokens in inside]
    begins = tuple(line.begins for line in lines)
    adds = tuple(line.begins or line.adds for line in lines)

    def counts(figures: Figures) -> tuple[int, ...]:
        lengths = [
            len(text) + BESIDE + sum(len(write(_shown(figures, *slot))) for slot in row)
            for text, row in zip(texts, slots, strict=True)
        ]
        return _counts(lengths, begins, most, adds)

    found: tuple[int, ...] = sheet.ask(counts)
    return found


def _shown(figures: Figures, style: str, quantities: Sequence[Quantity]) -> str:
    """What stands at a token with these numbers."""
    return filled(Slot(style, tuple(range(len(quantities)))), dict(enumerate(map(figures.print, quantities))))


def _counts(
    lengths: Sequence[int], begins: Sequence[bool], most: int, adds: Sequence[bool] | None = None
) -> tuple[int, ...]:
    """Rows that stand together fill a block; those of one side are only parted where they alone are too long.

    Then terms are (they begin where ``adds``), and of a term that is too long by itself the rows.

    >>> _counts([40, 40, 40, 40], [True, False, True, True], 100), _counts([60, 60, 30], [True, False, True], 100)
    ((2, 2), (1, 2))
    """

    def parted(rows: range, *ways: Sequence[bool]) -> list[range]:
        """The rows from one place to the next at which one may begin, those that are too long in the next way."""
        if sum(lengths[i] for i in rows) <= most:
            return [rows]
        if not ways:
            return [range(i, i + 1) for i in rows]
        starts = [rows.start, *(i for i in rows[1:] if ways[0][i]), rows.stop]
        return [part for start, end in pairwise(starts) for part in parted(range(start, end), *ways[1:])]

    blocks: list[list[int]] = [[]]
    for part in parted(range(len(lengths)), begins, begins if adds is None else adds):
        if blocks[-1] and sum(lengths[i] for i in (*blocks[-1], *part)) > most:
            blocks.append([])
        blocks[-1] += part
    return tuple(map(len, blocks))
