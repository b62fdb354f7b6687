"""What a document holds: the whole derivation, with or without what stands beside it, or a card."""

from __future__ import annotations

from typing import Literal, TypeAlias

from derive.records import record

LeftOut: TypeAlias = Literal["none"]


@record
class Contents:
    """What is asked of a document.

    Attributes:
        questions: questions at the ends of sections, and their answers in the last one.
        card: one page in place of the whole derivation: a figure, the formulas with their numbers, one table.
    """

    questions: bool = True
    card: bool = False


EVERYTHING = Contents()
