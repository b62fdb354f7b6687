"""What is written for one run of a structure and serves the next: tokens, and parts with all that they noted.

A part of a lesson (a section, a block as it is set, a question) is made once for every set of answers that it asked
for. For other numbers, or the same ones with more digits, it is taken as it stands where every answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
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
MAX_KEPT = 2_000
"""At most this many lines, and ways to break a formula to rows, are kept of one structure."""
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


class Slot(NamedTuple):
    """What stands at a token: ``style`` is a key of ``STYLES``, ``relation``, or ``drawn`` (by the maker ``place``)."""

    style: str
    quantities: tuple[int, ...]
    place: int = 0


class Noted:
    """What was noted while something was written.

    Attributes:
        guards: the questions asked of numbers, with their answers.
        chosen: the answers of the questions asked of what is worked in full.
        quantities: the numbers that stand in it, and their places in the memory.
        lines: by which lines a reader finds numbers.
        shown: the lines that must give their number.
    """

    __slots__ = ("chosen", "guards", "lines", "quantities", "shown")

    def __init__(self) -> None:
        self.guards: list[Guard] = []
        self.chosen: dict[Callable[[InFull], Any], Any] = {}
        self.quantities: dict[Quantity, int] = {}
        self.lines: dict[Quantity, list[PageLine]] = {}
        self.shown: list[PageLine] = []

    def add(self, other: Noted) -> None:
        """Note the same as another."""
        self.guards += other.guards
        self.chosen |= other.chosen
        self.quantities |= other.quantities
        for quantity, lines in other.lines.items():
            self.lines.setdefault(quantity, []).extend(lines)
        self.shown += other.shown

    def fits(self, figures: Figures, chosen: InFull) -> bool:
        """Whether the same would be written of other numbers, and with another choice."""
        if any(question(chosen) != answer for question, answer in self.chosen.items()):
            return False
        return all(figures.answer(guard.predicate) == guard.answer for guard in self.guards)


@record(eq=False)
class Remembered(Generic[SectionPart]):
    """Something written, of what it is (which lives as long), and what was noted while it was.

    ``after``: the numbered equations of the sheet by then, and what it has said; None where they are as before.
    """

    written: SectionPart
    of: object
    noted: Noted
    after: tuple[tuple[tuple[str, int], ...], frozenset[str]] | None


def _place(one: Listed, places: dict[Listed, int], listed: list[Listed]) -> int:
    """The place of something in a list, at whose end it is put where it is new."""
    found = places.get(one)
    if found is None:
        found = places[one] = len(listed)
        listed.append(one)
    return found


class Kept(Generic[SectionPart]):
    """What was made of something and is made of it again and again: the last of it."""

    def __init__(self) -> None:
        self._made: dict[Hashable, SectionPart] = {}

    def get(self, of: Hashable) -> SectionPart | None:
        """What was made of it, if it is there."""
        return self._made.get(of)

    def add(self, of: Hashable, made: SectionPart) -> SectionPart:
        """Keep what was made."""
        if len(self._made) >= MAX_KEPT:
            del self._made[next(iter(self._made))]
        self._made[of] = made
        return made


class Memory:
    """The tokens of the lessons of one structure, what they stand for, and the parts that were written."""

    def __init__(self) -> None:
        self.places: dict[Quantity, int] = {}
        self.quantities: list[Quantity] = []
        self._plain: dict[Quantity, Quantity] = {}
        self._tokens: dict[Slot, int] = {}
        self.slots: list[Slot] = []
        self.makers: list[Maker] = []
        self._parts: dict[Hashable, list[Remembered[Any]]] = {}
        self.layouts: Kept[Any] = Kept()
        self.usual: Kept[PageLine] = Kept()

    @property
    def is_full(self) -> bool:
        """Whether as many tokens as it may hold were handed out."""
        return max(len(self.slots), len(self.quantities)) > MAX_TOKENS

    def place(self, quantity: Quantity) -> int:
        """The place of a quantity."""
        return _place(quantity, self.places, self.quantities)

    def plain(self, quantity: Quantity) -> Quantity:
        """A quantity however many digits it has in some lines."""
        found = self._plain.get(quantity)
        if found is None:
            found = self._plain[quantity] = quantity._replace(within=None)
        return found

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
