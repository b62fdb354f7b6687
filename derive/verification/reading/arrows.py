"""Arrows that lead to a new value: ``0.6 - 0.1*0.3 → w2_11'``, ``w2_11 → 0.57``, ``w2_11 = 0.6 → 0.57``.

Every other arrow only parts what stands on its sides.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.expressions.tree import Name
from derive.naming.quantity import NamedQuantity
from derive.records import record
from derive.verification.reading.atoms import atom
from derive.verification.reading.model import Matrix, Unreadable
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.rows import RawChain
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.symbols import Scripted, symbol_at
from derive.verification.reading.through import UnitNames
from derive.verification.reading.token import Token

UPDATE = "->"
"""The text of a relation that was an arrow; the parameter comes first, wherever the arrow points."""
MAX_NAME = 40
"""At most this many tokens may be the name of a parameter."""


@record
class Raw:
    """A chain in tokens, and how it is read: as TeX, or as a program in this language (``numpy``, ``matlab``)."""

    chain: RawChain
    tex: bool
    code: str = ""


@record(slots=False)
class Arrows:
    """Joins what stands before an arrow and what stands after it, where one of them is a parameter."""

    spelling: Spelling
    text: str

    def joined(self, before: Raw, after: Raw) -> tuple[Raw, ...] | None:
        """The chains of both; None where the arrow only parts them."""
        first, last, arrow = before.chain, after.chain, after.chain.arrow
        if arrow is None or not all(first.sides) or not all(last.sides):
            return None
        sign = Token("relation", UPDATE, arrow.start, arrow.end)
        if not last.relations and self.is_parameter(last.sides[0], after.tex):
            if self.is_name(first.sides[-1], before.tex):
                return None
            if not self.is_name(first.sides[0], before.tex):
                return (Raw(RawChain([last.sides[0], *first.sides], [sign, *first.relations]), before.tex),)
            return before, Raw(RawChain([last.sides[0], list(first.sides[-1])], [sign]), before.tex)
        if not self.is_parameter(first.sides[0], before.tex):
            return None
        if not first.relations and self._gives_a_value(first.sides[0], last.sides[0]):
            return (Raw(RawChain([first.sides[0], *last.sides], [sign, *last.relations]), before.tex),)
        if first.relations and not last.relations and not _words(first.sides[-1]) and not _words(last.sides[0]):
            return before, Raw(RawChain([list(first.sides[0]), last.sides[0]], [sign]), before.tex)
        return None

    def goes_on(self, before: Raw | None, after: Raw) -> Raw | None:
        """The parameter whose values two chains say that an arrow joins: another arrow may lead to its next one."""
        if before is None or after.chain.relations or not self.is_parameter(before.chain.sides[0], before.tex):
            return None
        return Raw(RawChain([before.chain.sides[0]], []), before.tex)

    def without_route(self, raw: Raw) -> Raw:
        """The chain without what stands before an arrow between two quantities: ``yhat ← z2_1 = 0.344`` is a route."""
        chain = raw.chain
        if not chain.relations or chain.relations[0].text != "<-" or not all(chain.sides[:2]):
            return raw
        left, right = (self._quantity(side, raw.tex) for side in chain.sides[:2])
        if left is None or right is None or (left.base, left.by) == (right.base, right.by):
            return raw
        return Raw(RawChain(chain.sides[1:], chain.relations[1:]), raw.tex)

    def _gives_a_value(self, parameter: Sequence[Token], side: Sequence[Token]) -> bool:
        """Whether what stands after an arrow is worked out from numbers, or from the parameter itself.

        ``w → z`` is a step of a route, and ``w → 0`` a limit.
        """
        words, own = _words(side), _words(parameter)
        if len(side) == 1 and side[0].text in ("0", "1"):
            return False
        return not words or (own <= words and len(side) > len(parameter) and any(t.text in ("+", "-") for t in side))

    def is_parameter(self, side: Sequence[Token], tex: bool) -> bool:
        """Whether a side is the name of a parameter, or of a vector or matrix of them."""
        return self.is_name(side, tex, parameter=True)

    def is_given(self, side: Sequence[Token]) -> bool:
        """Whether a side is the name of what the spec gives: a parameter, an input, a target, the learning rate."""
        quantity = self._quantity(side, False)
        if quantity is None or quantity.by is not None:
            return False
        described = self.spelling.names.describe(quantity.base)
        kinds = ("weight", "bias", "input", "target", "learning rate", "value")
        return quantity.base == self.spelling.names.eta or (described is not None and described.kind in kinds)

    def is_name(self, side: Sequence[Token], tex: bool, *, parameter: bool = False) -> bool:
        """Whether a side is one name (or a vector's or matrix's); of a parameter, where that is asked."""
        quantity = self._quantity(side, tex)
        if quantity is None:
            return False
        return not parameter or (quantity.by is None and self.spelling.is_updated(quantity.base))

    def is_derivative(self, side: Sequence[Token], tex: bool) -> bool:
        """Whether a side is the name of a derivative."""
        quantity = self._quantity(side, tex)
        return quantity is not None and quantity.by is not None

    def base_of(self, side: Sequence[Token], tex: bool) -> str:
        """The canonical name of the quantity that a side names; empty where it is none."""
        quantity = self._quantity(side, tex)
        return "" if quantity is None or quantity.by is not None else quantity.base

    def unit_of(self, side: Sequence[Token], *, hidden: bool) -> UnitNames | None:
        """The unit of which a side is the weighted input or the activation; what is called y is the output here.

        ``hidden``: h with a number is a hidden unit, and no layer.
        """
        names = self.spelling.names
        symbol = symbol_at(side, 0)
        if symbol is not None and symbol.end == len(side) and not symbol.above and self._may_be_single(symbol):
            number = int((symbol.base + symbol.below)[-1])
            if hidden and symbol.base[0] == "h" and number <= names.sizes[0]:
                return UnitNames(names.z(1, number), names.a(1, number))
            return UnitNames(f"z{number}", f"a{number}")
        quantity = self._quantity(side, False)
        if quantity is None or quantity.by is not None or quantity.marks:
            return None
        base = dict(zip(names.targets, names.outputs, strict=False)).get(quantity.base, quantity.base)
        described = names.describe(base)
        if described is None or described.kind not in ("weighted input", "activation", "output"):
            return None
        return UnitNames(names.z(described.layer, described.unit), names.a(described.layer, described.unit))

    def _may_be_single(self, symbol: Scripted) -> bool:
        """Whether ``h2`` may be a unit of the hidden layer as well as one of layer 2."""
        own = self.spelling.is_own((symbol.base, symbol.below, "")) is not None
        own = own or self.spelling.own_names.has(symbol.base + symbol.below)
        below = f"_{symbol.below}" if symbol.below else ""
        return not own and not symbol.primes and bool(self.spelling.single(symbol.base + below))

    def _quantity(self, side: Sequence[Token], tex: bool) -> NamedQuantity | None:
        """The quantity that a side is: by its name, or the first of a vector or matrix."""
        if not side or len(side) > MAX_NAME or all(token.kind in ("number", "op") for token in side):
            return None
        parser = Parser(list(side), self.spelling, self.text, side[-1].end, atom, tex=tex)
        try:
            value = parser.side()
        except (Unreadable, General):
            return None
        entry = value.rows[0][0] if isinstance(value, Matrix) else value
        if not isinstance(entry, Name) or not self.spelling.knows(entry.name):
            return None
        return self.spelling.word(entry.name)


def _words(side: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.text for token in side if token.kind in ("word", "accent"))
