"""The last section: the author's remarks, and where the source differs."""

from __future__ import annotations

from collections.abc import Iterator

from derive.lesson.blocks import Section, Table, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.parts.introduction import words
from derive.naming.author_words import paragraphs
from derive.words.runs import Cell


def last_words(desk: Desk) -> Iterator[Section]:
    """The remarks, then the table of the differences; none where there are none."""
    spec = desk.network.spec
    if spec.remarks:
        blocks = (paragraph(words(desk, text)) for remark in spec.remarks for text in paragraphs(remark))
        yield Section("remarks", say("differs.remarks"), tuple(blocks))
    if spec.differs:
        keys = ("says", "holds", "effect") if any(one.effect for one in spec.differs) else ("says", "holds")
        head = tuple(say(f"differs.{key}") for key in keys)
        rows = [tuple(_cell(desk, getattr(one, key)) for key in keys) for one in spec.differs]
        yield Section("differs", say("differs.title"), (Table(head, tuple(rows), "p" * len(keys), size=2),))


def _cell(desk: Desk, text: str) -> Cell:
    return words(desk, text) if text else ""
