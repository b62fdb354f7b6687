"""A lesson as data: sections of paragraphs, displayed formulas and tables, before any format.

Its sentences and formulas are runs (:mod:`derive.words.runs`). Numbers inside formulas may still be the
tokens of :mod:`derive.lesson.slots`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from typing import Any, TypeAlias

from derive.figures.later import DrawnLater
from derive.figures.model import Drawing
from derive.model import Source
from derive.patterns import regex
from derive.records import record
from derive.words.runs import Cell, Say, Tex, Text, Words


@record
class Paragraph:
    """Sentences that stand together."""

    sentences: tuple[Text, ...]


@record
class Note:
    """A remark that must not be overlooked: a kink that was met, a unit that is saturated."""

    sentences: tuple[Text, ...]


@record
class Bullets:
    """A list; each item is a few sentences."""

    items: tuple[tuple[Text, ...], ...]


@record
class Row:
    """One line of a displayed formula, aligned at its relation.

    ``reason`` is the rule that was used; it stands beside the line, or (``under``) in the place of ``right``. A row
    that ``goes_on`` is printed behind the one above it. ``number`` is that of a key equation, which the text refers to.
    """

    left: Tex
    relation: Tex
    right: Tex
    reason: Text | None = None
    under: bool = False
    goes_on: bool = False
    number: int = 0


SIZES = (1.0, 0.913, 0.822, 0.731, 0.548)
"""The sizes of type, beside that of the text: the text's own, ``small``, ``footnotesize``, ``scriptsize``, ``tiny``."""


@record
class Display:
    """A displayed formula of one or more lines; ``size`` is an index of :data:`SIZES`."""

    rows: tuple[Row, ...]
    size: int = 0


@record
class Table:
    """A table; ``align`` has one of ``l c r p`` for each column, ``size`` is an index of :data:`SIZES`.

    A column ``p`` holds sentences, which are broken into lines: there is no other column then but symbols. A long table
    that ``folds`` may be printed in two halves side by side. One that has a ``name`` (small letters, digits, hyphens)
    has a number before its caption, by which the text refers to it.
    """

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: str
    caption: Text | None = None
    size: int = 0
    folds: bool = False
    name: str = ""


_FIGURE_NAME = regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@record
class Figure:
    """A drawing with its title, and what it shows in words, for who cannot see it.

    ``name`` is the last part of the names of its files: ``route-w1`` of ``mazur-route-w1.svg``.
    """

    name: str
    title: Text
    description: tuple[Text, ...]
    drawing: Drawing | DrawnLater

    def __post_init__(self) -> None:
        if not _FIGURE_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a figure: small letters, digits and hyphens")

    @property
    def in_words(self) -> Note:
        """What stands in its place where it cannot be drawn."""
        return Note((say("figure.in_words", title=self.title), *self.description))


@record
class Heading:
    """What follows is a section below, about one quantity or one layer.

    ``key`` is the last part of the section's key: ``w1_2_3`` of ``backward.w1_2_3``.
    """

    key: str
    title: Text


Block: TypeAlias = Paragraph | Note | Bullets | Display | Table | Figure


@record
class Section:
    """A heading and what stands under it; level 1 is a part of the document, level 2 below it.

    ``details`` are for who asks: only the document as data has them.
    """

    key: str
    title: Text
    blocks: tuple[Block, ...]
    level: int = 1
    details: tuple[Block, ...] = ()


def sections_of(whole: Section, blocks: Iterable[Block | Heading]) -> tuple[Section, ...]:
    """A section with these blocks before the first heading, and one below it for each heading among them."""
    found, inside = [whole], list[list[Block]]([[]])
    for block in blocks:
        if isinstance(block, Heading):
            found.append(Section(f"{whole.key}.{block.key}", block.title, (), whole.level + 1))
            inside.append([])
        else:
            inside[-1].append(block)
    return tuple(replace(one, blocks=tuple(own)) for one, own in zip(found, inside, strict=True))


@record
class Lesson:
    """A whole document; ``title`` as the author wrote it, ``heading`` with its formulas set."""

    title: str
    heading: Words
    sections: tuple[Section, ...]
    author: str = ""
    date: str = ""
    source: Source = field(default_factory=Source)
    style: str = ""


def say(key: str, **facts: Any) -> Say:
    """A sentence with its facts as keywords."""
    return Say(key, facts)


def paragraph(*sentences: Text) -> Paragraph:
    """A paragraph of these sentences."""
    return Paragraph(sentences)


def note(*sentences: Text) -> Note:
    """A note of these sentences."""
    return Note(sentences)
