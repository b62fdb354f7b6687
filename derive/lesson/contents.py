"""What a document holds: the whole derivation, with or without what stands beside it, or a card."""

from __future__ import annotations

from typing import Literal, TypeAlias

from derive.records import record

FigureMode: TypeAlias = Literal["drawn", "words", "none"]
LeftOut: TypeAlias = Literal["none"]


@record
class Contents:
    """What is asked of a document.

    Attributes:
        figures: drawn, said in words (where they would be files and there is no place for these), or left out.
        questions: questions at the ends of sections, and their answers in the last one.
        card: one page in place of the whole derivation: a figure, the formulas with their numbers, one table.
    """

    figures: FigureMode = "drawn"
    questions: bool = True
    card: bool = False


EVERYTHING = Contents()
