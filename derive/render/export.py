"""What a format gives: a text, and the files that stand beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, NamedTuple, Protocol

from derive.lesson.blocks import Block, Lesson
from derive.lesson.page_width import PageWidth
from derive.lesson.slots import Sheet
from derive.records import record
from derive.words.filling import Draft
from derive.words.runs import Text
from derive.words.voice import Span


class Document(NamedTuple):
    """A document: its text, and the files beside it by their names (in the document's own folder)."""

    text: str
    files: Mapping[str, bytes]


@record
class Drafted:
    """A document with slots for its numbers.

    ``files`` are named relative to the document, with ``STEM`` of :mod:`derive.words.filling` for its name.
    """

    text: Draft
    files: Mapping[str, Draft] = field(default_factory=dict)


@record
class Drawn:
    """A figure in a format: the facts for its template ``figure.j2``, and the files that it needs."""

    facts: Mapping[str, Any]
    files: Mapping[str, Draft] = field(default_factory=dict)


class Writer(Protocol):
    """What writes one document in one format: a format's own functions are given it."""

    @property
    def width(self) -> PageWidth:
        """The width of the lines."""

    @property
    def fragment(self) -> bool:
        """Whether the document is to be put into another one."""

    def text(self, *sentences: Text) -> str:
        """Sentences in this format, escaped."""

    def math(self, formula: str) -> str:
        """A formula in this format, without what marks it."""

    def formula(self, tex: str) -> str:
        """A formula in TeX, with its numbers as the language writes them."""

    def draft(self, text: str) -> Draft:
        """A text with slots, which are filled as the format and the language want it."""

    def spans(self, text: Text) -> Sequence[Span]:
        """The runs of a sentence."""

    def views(self, block: Block, sheet: Sheet) -> list[dict[str, Any]]:
        """A block as the templates take it."""

    def templated(self, built: Lesson, sheet: Sheet) -> Drafted:
        """The document as the format's ``document.j2`` has it."""
