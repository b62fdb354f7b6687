"""The chains of a text that its next formula may go on with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.verification.reading.arrows import Raw
from derive.verification.reading.rows import chains
from derive.verification.reading.token import Token


@dataclass
class OpenChains:
    """The chains that a later formula may go on with.

    Attributes:
        display: the last one of a display, or of a line.
        inline: the last one inside a line, until the next formula.
        unfinished: the last one inside a line that does not end in a number.
    """

    display: Raw | None = None
    inline: Raw | None = None
    unfinished: Raw | None = None

    @property
    def latest(self) -> Raw | None:
        """The likeliest to be gone on with."""
        return next(self.all(), None)

    def all(self) -> Iterator[Raw]:
        """All of them, the likeliest first."""
        return (raw for raw in (self.unfinished, self.inline, self.display) if raw is not None)

    def past_code(self) -> Raw | None:
        """The last chain inside the line, without the side that the code behind it is a part of."""
        raw = self.inline
        if raw is not None and raw.chain.relations and not _ends_in_a_number(raw):
            raw.chain.sides.pop()
            raw.chain.relations.pop()
        return raw

    def _done_inline(self) -> Iterator[Raw]:
        if self.inline is not None and self.inline is not self.unfinished:
            yield self.inline
        self.inline = None

    def take_inline(self, begun: list[Raw]) -> Iterator[Raw]:
        """Takes the chains of a formula inside a line; yields those that nothing goes on with any more."""
        if not begun:
            return
        yield from self._done_inline()
        yield from begun[:-1]
        self.inline = begun[-1]
        if not _ends_in_a_number(self.inline):
            yield from [self.unfinished] if self.unfinished is not None else []
            self.unfinished = self.inline

    def take_display(self, begun: list[Raw]) -> Iterator[Raw]:
        """Takes the chains of a display; yields those that nothing goes on with any more."""
        if not begun:
            return
        yield from self._done_inline()
        yield from [self.display] if self.display is not None else []
        self.display = _goes_on(begun)
        yield from (raw for raw in begun if raw is not self.display)

    def rest(self) -> Iterator[Raw]:
        """What is left at the end."""
        yield from self._done_inline()
        yield from (raw for raw in (self.unfinished, self.display) if raw is not None)


def begun(found: Sequence[Token], before: Raw | None, *, tex: bool) -> list[Raw]:
    """The chains that begin in a formula; the first may go on with the one before it."""
    return [Raw(chain, tex) for chain in chains(found, before.chain if before is not None else None)]


def _ends_in_a_number(raw: Raw) -> bool:
    """Whether a chain has come to its end: a number, or no claim at all."""
    last = [token for token in raw.chain.sides[-1] if token.text not in ("-", ".", ",", ";")]
    return not raw.chain.relations or (len(last) == 1 and last[0].kind == "number")


def _goes_on(begun: Sequence[Raw]) -> Raw:
    """The chain of a display that the next display may go on with: the last one, but for words beside it."""
    return next((raw for raw in reversed(begun) if raw.chain.relations or raw.chain.arrow is not None), begun[-1])


__all__ = ["OpenChains", "begun"]
