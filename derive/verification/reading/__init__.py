"""Reading a derivation as people write it: plain text, Markdown or LaTeX, in any spelling of the quantities.

``read`` gives the derivation of a text: its chains of equalities, each side as a tree in canonical names with its
place, and the number of general formulas, which nobody can judge at one spec.
"""

from derive.verification.reading.commas import Decimal
from derive.verification.reading.model import (
    PART_END,
    Chain,
    Matrix,
    ReadText,
    Relation,
    Side,
    SideContent,
    TextKind,
    TextPlace,
)
from derive.verification.reading.reader import read
from derive.verification.reading.sources import kind_of
from derive.verification.reading.spelling import Spelling

__all__ = [
    "PART_END",
    "Chain",
    "Decimal",
    "Matrix",
    "ReadText",
    "Relation",
    "Side",
    "SideContent",
    "Spelling",
    "TextKind",
    "TextPlace",
    "kind_of",
    "read",
]
