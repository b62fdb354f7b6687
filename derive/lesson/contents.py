"""What a document holds besides the derivation: it can be left out."""

from __future__ import annotations

from typing import Literal, TypeAlias

from derive.records import record

DRAWN, IN_WORDS, NONE = "drawn", "in words", "none"
"""What becomes of the figures: ``in words`` where they would be files and there is no place for these."""

LeftOut: TypeAlias = Literal["none"]


@record
class Contents:
    """What is asked of a document.

    Attributes:
        figures: :data:`DRAWN`, :data:`IN_WORDS` or :data:`NONE`.
        questions: questions at the ends of sections, and their answers in the last one.
    """

    figures: str = DRAWN
    questions: bool = True

    @property
    def drawn(self) -> bool:
        """Whether there are figures."""
        return self.figures != NONE


EVERYTHING = Contents()
