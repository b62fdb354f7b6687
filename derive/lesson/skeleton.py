"""A document without its numbers: its text cut at the slots, filled in with the numbers of each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from derive.lesson.agreement import PageLine
from derive.lesson.figures import Figures
from derive.lesson.lines_checked import check
from derive.lesson.printed_number import STYLES, Printed
from derive.lesson.quantity import Quantity
from derive.lesson.remembered import Guard, Maker, Slot
from derive.records import record
from derive.words.filling import IN_TEX, STEM, Filling

EQUAL, ROUNDED = "=", r"\approx"
DRAWN = "drawn"


@record
class Parted:
    """A rendered text without its numbers: ``pieces`` with a slot between each two.

    Where it has no slots, as an image, it is ``whole``.
    """

    pieces: tuple[str, ...]
    slots: tuple[Slot, ...]
    filling: Filling = IN_TEX
    whole: bytes = b""

    def fill(self, printed: Mapping[int, Printed], name: str = "", drawn: Callable[[int], Any] = int) -> str:
        """The text with these numbers, of the document of this name; ``drawn`` gives the drawing of a place."""
        texts: list[str] = [""] * (2 * len(self.slots) + 1)
        texts[::2] = self.pieces
        cache: dict[Slot, str] = {}
        for i, slot in enumerate(self.slots):
            if slot.style == DRAWN:
                texts[2 * i + 1] = self.filling.draw(drawn(slot.place), self.filling.write)
                continue
            text = cache.get(slot)
            if text is None:
                text = cache[slot] = self.filling.write(filled(slot, printed))
            texts[2 * i + 1] = self.filling.between(self.pieces[i], text, self.pieces[i + 1])
        return "".join(texts).replace(self.filling.stem, self.filling.address(name))


@record
class Skeleton:
    """A document without its numbers: its text, and by their names the files beside it.

    ``quantities`` are its numbers, by their places in the slots.
    """

    text: Parted
    quantities: Mapping[int, Quantity]
    guards: tuple[Guard, ...]
    lines: tuple[PageLine, ...] = ()
    checked: tuple[PageLine, ...] = ()
    beside: Mapping[str, Parted] = field(default_factory=dict)
    makers: tuple[Maker, ...] = ()

    def settled(self, figures: Figures) -> Figures:
        """The figures with digits enough for the lines of this text."""
        return figures.settled(self.lines, self.quantities.values())

    def fits(self, figures: Figures) -> bool:
        """Whether a lesson on these numbers would be this text with other numbers."""
        return all(figures.answer(guard.predicate) == guard.answer for guard in self.guards)

    def fill(self, figures: Figures, name: str = "") -> tuple[str, dict[str, bytes]]:
        """The text with these numbers, of the document of this name; and its files.

        Raises:
            DeriveError: where a line does not give its number.
        """
        if self.checked:
            check(figures, self.checked)
        printed = {place: figures.print(quantity) for place, quantity in self.quantities.items()}

        def drawn(place: int) -> Any:
            return self.makers[place](figures)

        files = {
            file.replace(STEM, name): parted.whole or parted.fill(printed, name, drawn).encode()
            for file, parted in self.beside.items()
        }
        return self.text.fill(printed, name, drawn), files


def filled(slot: Slot, printed: Mapping[int, Printed]) -> str:
    """What stands at a token, the printed numbers of its quantities by their place."""
    style, quantities, _ = slot
    if style == "relation":
        return EQUAL if all(printed[i].exact for i in quantities) else ROUNDED
    return STYLES[style](printed[quantities[0]])
