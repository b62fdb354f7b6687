"""What a document holds besides the derivation: it can be left out."""

from __future__ import annotations

from typing import Literal, TypeAlias

from derive.records import record

LeftOut: TypeAlias = Literal["none"]


@record
class Contents:
    """What is asked of a document.

    Attributes:
        questions: questions at the ends of sections, and their answers in the last one.
    """

    questions: bool = True


EVERYTHING = Contents()
