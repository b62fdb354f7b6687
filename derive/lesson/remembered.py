"""What is written for one run of a structure and serves the next: tokens, and parts with all that they noted.

A part of a lesson (a section, a block as it is set, a question) is made once for every set of answers that it asked
for. For other numbers, or the same ones with more digits, it is taken as it stands where every answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from derive.checked.in_full import InFull
from derive.lesson.agreement import PageLine
from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity
from derive.records import record

MAX_PARTS = 3000
"""At most this many parts are kept for one structure: the ones that were made or taken last."""
MAX_TOKENS = 50_000
"""At most about this many tokens are handed out for one structure."""
MAX_ANSWERS = 12
"""At most this many times a part is kept: once for every set of answers."""

Predicate: TypeAlias = Callable[[Figures], Any]
Maker: TypeAlias = Callable[[Figures], Any]
"""Makes a drawing, as data, from the numbers of a run."""
SectionPart = TypeVar("SectionPart")
Listed = TypeVar("Listed", bound=Hashable)


@record
class Guard:
    """A decision of the lesson that depends on numbers."""

    predicate: Predicate
    answer: Any


@record
class ChoiceGuard:
    """A decision that depends on what is worked in full."""

    question: Callable[[InFull], Any]
    answer: Any


class Slot(NamedTuple):
    """What stands at a token: ``style`` is a key of ``STYLES``, ``relation``, or ``drawn`` (by the maker ``place``)."""

    style: str
    quantities: tuple[int, ...]
    place: int = 0


class Noted:
    """What was noted while something was written.

    Attributes:
        guards: the questions asked of numbers, with their answers.
        chosen: the questions asked of what is worked in full.
        quantities: the numbers that stand in it.
        lines: by which lines a reader finds numbers.
        shown: the lines that must give their number.
    """

    __slots__ = ("chosen", "guards", "lines", "quantities", "shown")

    def __init__(self) -> None:
        self.guards: list[Guard] = []
        self.chosen: list[ChoiceGuard] = []
        self.quantities: dict[Quantity, None] = {}
        self.lines: dict[Quantity, list[PageLine]] = {}
        self.shown: list[PageLine] = []

    def add(self, other: Noted) -> None:
        """Note the same as another."""
        self.guards += other.guards
        self.chosen += other.chosen
        self.quantities |= other.quantities
        for quantity, lines in other.lines.items():
            self.lines.setdefault(quantity, []).extend(lines)
        self.shown += other.shown

    def fits(self, figures: Figures, chosen: InFull) -> bool:
        """Whether the same would be written of other numbers, and with another choice."""
        if any(one.question(chosen) != one.answer for one in self.chosen):
            return False
        return all(guard.predicate(figures) == guard.answer for guard in self.guards)


@record(eq=False)
class Remembered(Generic[SectionPart]):
    """Something written, of what it is (which lives as long), and what was noted while it was.

    ``equations`` and ``said``: those of the sheet by then.
    """

    written: SectionPart
    of: object
    noted: Noted
    equations: Mapping[str, int]
    said: frozenset[str]


def _place(one: Listed, places: dict[Listed, int], listed: list[Listed]) -> int:
    """The place of something in a list, at whose end it is put where it is new."""
    found = places.get(one)
    if found is None:
        found = places[one] = len(listed)
        listed.append(one)
    return found


class Memory:
    """The tokens of the lessons of one structure, what they stand for, and the parts that were written."""

    def __init__(self) -> None:
        self.places: dict[Quantity, int] = {}
        self.quantities: list[Quantity] = []
        self._tokens: dict[Slot, int] = {}
        self.slots: list[Slot] = []
        self.makers: list[Maker] = []
        self._parts: dict[Hashable, list[Remembered[Any]]] = {}

    @property
    def is_full(self) -> bool:
        """Whether as many tokens as it may hold were handed out."""
        return max(len(self.slots), len(self.quantities)) > MAX_TOKENS

    def place(self, quantity: Quantity) -> int:
        """The place of a quantity."""
        return _place(quantity, self.places, self.quantities)

    def token(self, slot: Slot) -> int:
        """The number of the token of a slot."""
        return _place(slot, self._tokens, self.slots)

    def known(self, key: Hashable, of: object, figures: Figures, chosen: InFull) -> Remembered[Any] | None:
        """A part that would be written the same, if there is one."""
        parts = self._parts.get(key)
        if parts is None:
            return None
        self._parts[key] = self._parts.pop(key)  # met last
        return next((part for part in parts if part.of is of and part.noted.fits(figures, chosen)), None)

    def keep(self, key: Hashable, part: Remembered[Any]) -> None:
        """Keep a part."""
        parts = self._parts.setdefault(key, [])
        if parts and parts[0].of is not part.of:
            parts.clear()  # what had this identity is gone
        del parts[MAX_ANSWERS - 1 :]
        parts.insert(0, part)
        if len(self._parts) > MAX_PARTS:
            del self._parts[next(iter(self._parts))]
