"""What a document holds besides the derivation: it can be left out."""

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
    """

    figures: FigureMode = "drawn"
    questions: bool = True


EVERYTHING = Contents()
