r"""Tables of the weights between two layers: a row a unit, a column what it gets its input from, and the bias.

Where a derivative stands in the corner (``$\partial E / \partial p$ to / from``) the numbers are the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from derive.patterns import regex
from derive.records import record
from derive.verification.reading.rows import RawChain
from derive.verification.reading.table_cells import TableCell, at, bare, equal, number_of, slope_by
from derive.verification.reading.token import Token

_TO_FROM = regex(r"(?i)\W*to\W+from\W*")
_UNIT = regex(r"z([0-9]{1,4})_([0-9]{1,6})")
_ACTIVATION = regex(r"a([0-9]{1,4})_([0-9]{1,6})")
_CONSTANT_UNIT = ["X", "_", "0"]
_SLOPE = frozenset(("∂", "∇"))
_BIAS = regex(r"(?i)\W*bias(?:es)?\W*")


@record
class WeightTables:
    """Reads such tables.

    Attributes:
        base_of: the canonical name that tokens are (of TeX or not); empty where they are none.
        inputs: their names in order.
        shared: the layers with one bias for all units.
        output: what derivatives are of.
    """

    base_of: Callable[[Sequence[Token], bool], str]
    inputs: Sequence[str] = ()
    shared: Collection[int] = ()
    output: str = ""

    def is_one(self, corner: str) -> bool:
        """Whether a table is one by what stands in its corner: ``to / from``."""
        return _TO_FROM.fullmatch(corner) is not None

    def claims(self, row: Sequence[TableCell], head: Sequence[TableCell]) -> list[tuple[RawChain, bool]]:
        """What a row says of the weights to its unit."""
        unit = _UNIT.fullmatch(self.base_of(bare(row[0].tokens), row[0].tex)) if row else None
        if unit is None:
            return []
        layer, to = int(unit[1]), int(unit[2])
        of_slopes = head[0].tex and any(token.text in _SLOPE for token in head[0].tokens)
        found = []
        for i, cell in enumerate(row[1 : len(head)], 1):
            if not number_of(cell.tokens):
                continue
            name = self._name(layer, to, head[i])
            if name:
                place = cell.tokens[0].start
                slope = slope_by(self.output, place) if of_slopes else []
                found.append((equal([*slope, at("word", name, place)], cell), False))
        return found

    def _name(self, layer: int, to: int, head: TableCell) -> str:
        """The weight to a unit from what stands at the head of a column, or its bias; empty for anything else."""
        source = self.base_of(bare(head.tokens), head.tex)
        if _BIAS.fullmatch(head.text) or (head.tex and [token.text for token in head.tokens] == _CONSTANT_UNIT):
            return f"b{layer}" if layer in self.shared else f"b{layer}_{to}"
        if layer == 1:
            return f"w1_{to}_{self.inputs.index(source) + 1}" if source in self.inputs else ""
        unit = _ACTIVATION.fullmatch(source)
        return f"w{layer}_{to}_{unit[2]}" if unit is not None and int(unit[1]) == layer - 1 else ""


__all__ = ["WeightTables"]
