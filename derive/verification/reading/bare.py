r"""Bare letters: ``\hat y = \sigma(z) = 0.521``, where ``z`` is that unit's own.

A chain about one unit may call its weighted input ``z``, and in its derivatives the activation ``a`` and ``\delta``.
A chain in which nothing else has a name is a rule for any unit, ``\sigma'(z) = \sigma(z)(1 - \sigma(z))``. Everywhere
else it is not clear which unit is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from derive.expressions.tree import ONE, Call, Derivative, Expr, Name, children, names_in, rebuild, walk
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.model import Matrix, Side, TextPlace
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.written_number import is_decimal

LETTERS = frozenset({"z", "a", "delta"})
_UNIT = regex(r"(?:z|a|delta)([0-9]+(?:_[0-9]+){1,2})")
_WEIGHT = regex(r"[wb]([0-9]+_[0-9]+)(?:_[0-9]+)?")


class Unit(NamedTuple):
    """The unit that a chain is about, the letters that are its own there, and the marks of the chain's quantity.

    ``unit`` has its indices as they stand in a name.
    """

    layer: int
    unit: str
    own: frozenset[str]
    marks: str = ""


def _parameters(side: Side | None, used: frozenset[str]) -> frozenset[str]:
    """The quantities that a rule about any unit's z has as parameters of its function: a and b in ``clip(z, a, b)``."""
    call = side.expr if side is not None else None
    if not isinstance(call, Call) or call.arguments[:1] not in {(Name(letter),) for letter in used}:
        return frozenset()
    return frozenset(name for argument in call.arguments[1:] for name in names_in(argument)) - used


@record(slots=False)
class BareLetters:
    """Finds what the bare letters of a chain stand for."""

    spelling: Spelling

    def settled(self, sides: Sequence[Side | None], place: Mapping[str, TextPlace]) -> list[Side | None]:
        """The sides with names in place of bare letters; those whose letters have no meaning cannot be read.

        ``place`` is where each letter stands first.
        """
        letters = [self._letters(side) for side in sides]
        used = frozenset[str]().union(*letters)
        if not used or self._is_rule(sides, used):
            return list(sides)
        unit, suggested = self._unit(sides), self._suggested(sides)
        return [
            side if side is None or not here else self._settled(side, here, unit, suggested, place)
            for side, here in zip(sides, letters, strict=True)
        ]

    def _letters(self, side: Side | None) -> frozenset[str]:
        found = {name for expr in _entries(side) for name in _names(expr)} & LETTERS
        return frozenset(found - set(self.spelling.names.taken))

    def _is_rule(self, sides: Sequence[Side | None], used: frozenset[str]) -> bool:
        """Whether a chain speaks of nothing but any unit, and gives it no value."""
        names = {name for side in sides for expr in _entries(side) for name in _names(expr)}
        alone = any(side is not None and isinstance(side.expr, Name) and side.expr.name in used for side in sides)
        numbers = [e for side in sides for e in _entries(side) if not _names(e)]
        rounded = any(is_decimal(part) for number in numbers for part in walk(number))
        return (
            names - _parameters(sides[0], used) == used
            and "delta" not in used
            and not rounded
            and not (alone and numbers)
        )

    def _unit(self, sides: Sequence[Side | None]) -> Unit | None:
        sizes = self.spelling.names.sizes
        for side in sides:
            if side is not None and isinstance(side.expr, Name) and side.expr.name not in LETTERS:
                found = self._of(side.expr.name)
                if found is not None or sizes != (1,):
                    return found
        return Unit(1, self._indices(1, 1), LETTERS) if sizes == (1,) else None

    def _of(self, name: str) -> Unit | None:
        """The unit whose quantity this is."""
        if not self.spelling.knows(name):
            return None
        quantity = self.spelling.word(name)
        base = self._at(quantity.base)
        if quantity.by is None:
            return None if base is None else Unit(*base, frozenset({"z"}), quantity.marks)
        by = self._at(quantity.by)
        if by is None or (quantity.base != self.spelling.names.loss and base != by):
            return None
        return Unit(*by, LETTERS, quantity.marks)

    def _at(self, base: str) -> tuple[int, str] | None:
        described = self.spelling.names.describe(base)
        if described is None or described.kind not in ("weighted input", "activation", "output"):
            return None
        return described.layer, self._indices(described.layer, described.unit)

    def _indices(self, layer: int, unit: int) -> str:
        return "_".join(map(str, self.spelling.names.wirings[layer - 1].indices(unit - 1)))

    def _suggested(self, sides: Sequence[Side | None]) -> str:
        """A unit as an example of what to write."""
        for side in sides:
            for expr in _entries(side):
                for name in _names(expr):
                    found = _WEIGHT.search(name) or _UNIT.search(name)
                    if found is not None:
                        return found[1]
        sizes = self.spelling.names.sizes
        return f"{len(sizes)}_{self._indices(len(sizes), 1)}" if sizes else ""

    def _settled(
        self, side: Side, letters: frozenset[str], unit: Unit | None, suggested: str, place: Mapping[str, TextPlace]
    ) -> Side:
        unknown = letters - unit.own if unit is not None else letters
        if unit is not None and not unknown and isinstance(side.expr, Expr):
            return replace(side, expr=self._put(side.expr, unit))
        letter = min(unknown or letters)
        problem = f"which {letter} is meant?" if self.spelling.names.sizes else f"unknown quantity '{letter}'"
        hint = f"write {letter}{suggested}" if suggested else ""
        return replace(side, expr=None, problem=problem, hint=hint, at=place.get(letter, side.start))

    def _put(self, expr: Expr, unit: Unit) -> Expr:
        if isinstance(expr, Name) and expr.name in LETTERS:
            return Name(self._named(f"{expr.name}{unit.layer}_{unit.unit}", unit))
        if isinstance(expr, Derivative) and isinstance(expr.of, Name) and {expr.of.name, expr.by} <= LETTERS:
            above, below = (f"{letter}{unit.layer}_{unit.unit}" for letter in (expr.of.name, expr.by))
            return Name(self._named(f"d{above}/d{below}", unit)) if above != below else ONE
        parts = children(expr)
        return rebuild(expr, tuple(self._put(part, unit) for part in parts)) if parts else expr

    def _named(self, name: str, unit: Unit) -> str:
        return str(self.spelling.word(name)) + unit.marks


def _entries(side: Side | None) -> list[Expr]:
    if side is None or side.expr is None:
        return []
    return [entry for row in side.expr.rows for entry in row] if isinstance(side.expr, Matrix) else [side.expr]


def _names(expr: Expr) -> set[str]:
    """The names of an expression, what it is differentiated by included."""
    parts = walk(expr)
    return {part.name if isinstance(part, Name) else part.by for part in parts if isinstance(part, Name | Derivative)}
