"""One token of a text of claims."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    """One token: its kind, its text in ASCII, and where it stands.

    Kinds: number, word, op, relation, command, accent, text, begin, end, row, amp, gap, arrow, compared, general,
    unknown. A relation is ``=``, ``~`` (≈), ``:=`` or ``<-`` (←, which gives a new value); an arrow is ``->`` where it
    may lead to a new value, and has no text where it only goes on.
    """

    kind: str
    text: str
    start: int
    end: int
