"""Sides that were read before: another one of the same signs, read in the same way, is the same."""

from __future__ import annotations

from typing import NamedTuple

from derive.verification.reading.model import SideContent
from derive.verification.reading.token import Token


class SideNotes(NamedTuple):
    """What was noted while a side was read.

    Attributes:
        signs: which of d, ∂, ``local`` and the choices were met.
        meant: what symbols that are no names by themselves are read as.
        labels: what stands under braces, and in them.
    """

    signs: set[str]
    meant: dict[str, str]
    labels: list[tuple[list[Token], list[Token]]]


class ReadSide(NamedTuple):
    """A side as it was read; ``more`` is what it is made of beside its tokens."""

    value: SideContent
    notes: SideNotes
    more: int
