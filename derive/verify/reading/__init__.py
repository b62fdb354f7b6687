"""Reading a derivation as people write it: plain text, Markdown or LaTeX, in any spelling of the quantities.

``read`` gives the chains of equalities of a text, each side as a tree in canonical names with its place.
"""

from derive.verify.reading.model import Chain, Kind, Matrix, Place, Relation, Side, Value
from derive.verify.reading.reader import read
from derive.verify.reading.sources import kind_of
from derive.verify.reading.spelling import Spelling

__all__ = ["Chain", "Kind", "Matrix", "Place", "Relation", "Side", "Spelling", "Value", "kind_of", "read"]
