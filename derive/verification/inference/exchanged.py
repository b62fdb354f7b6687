"""Letters that a text has the other way round: ``a`` for weighted inputs, ``z`` for activations.

Bishop's book writes so. Every name is one of the network's then, with another's numbers: which it is the numbers say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from flint import arb, fmpq

from derive.expressions.tree import Call, Expr, Name, Negative, Number, walk
from derive.naming.names import Names
from derive.ops import ACTIVATIONS
from derive.patterns import regex
from derive.verification.inference.near import NEAR, ROUNDED, is_near
from derive.verification.reading import Chain, Matrix
from derive.verification.reading.own_names import OwnName, OwnNames

MAX_CHAINS = 400
"""At most this many chains of a text are looked at."""
LEAST_ALIKE = 2
"""So many numbers under a letter are those of the other quantity."""
PER_PLAIN = 4
"""A number may be the quantity's own by chance where so many are the other's."""
_LETTER = regex(r"[\s\\{]*(?:math(?:bf|rm|it)|vec|bm|boldsymbol)?[\s{]*([az])(?![A-Za-z])")
_OTHER = {"z": "a", "a": "z"}
_MAKERS = {"weighted input": ("z", "a"), "activation": ("a", "z"), "output": ("a", "z")}
"""What makes the names of a kind, and those of the other one."""
ValueOf = Callable[[str], fmpq | arb | None]


def exchanged(chains: Sequence[Chain], names: Names, value: ValueOf) -> OwnNames:
    """The letters of weighted inputs and activations that stand for the other one in a text.

    An ``a`` with its weighted input's number is as good a sign of a forgotten activation as of such a book. It is read
    as ``z`` only beside a ``z`` that is read as ``a``, or where an activation is applied to it; and no letter is turned
    where the other one stands with numbers of its own.
    """
    if not names.sizes:
        return OwnNames()
    seen = {letter: _Seen() for letter in _OTHER}
    for letter, node, written in _stated(chains[:MAX_CHAINS]):
        here, there = _values(node, names, value)
        seen[letter].add(written, here, there)
    applied = [one for one in chains[:MAX_CHAINS] if any(_is_applied(side.expr, names) for side in one.sides)]
    seen["z"].other += sum(_letter(one) == "z" for one in applied)  # z = σ(a) says it, whatever number stands there
    found = []
    if seen["z"].is_turned and not seen["a"].own:
        found.append("z")
    if not seen["z"].own and (found or applied) and (seen["a"].is_turned or (found and not seen["a"].own)):
        found.append("a")
    return OwnNames(
        {one: OwnName(one, _OTHER[one], 0, family=_OTHER[one], letter=one, why="its_value") for one in found}
    )


@dataclass
class _Seen:
    """How many numbers under a letter are its own quantities', how many those of the other one, how many nobody's."""

    own: int = 0
    other: int = 0
    neither: int = 0

    def add(self, written: str, here: Sequence[fmpq | arb], there: Sequence[fmpq | arb]) -> None:
        """Count a number; one that may be either, also when no rounding on the way is allowed for, says nothing."""
        for units in (NEAR, ROUNDED):
            is_own, is_other = (any(is_near(written, value, units) for value in values) for values in (here, there))
            if is_own != is_other:
                self.own += is_own
                self.other += is_other
                return
            if not is_own:
                self.neither += 1
                return

    @property
    def is_turned(self) -> bool:
        return self.other >= max(LEAST_ALIKE, self.neither) and self.own * PER_PLAIN <= self.other


def _letter(stated: Chain) -> str:
    """The letter with which a chain begins, of both."""
    said = _LETTER.match(stated.sides[0].text)
    return said[1] if said is not None else ""


def _stated(chains: Sequence[Chain]) -> Iterator[tuple[str, str, str]]:
    """Letter, quantity and number of each name that a chain is about and ends with a number for."""
    for stated in chains:
        letter = _letter(stated)
        if not letter:
            continue
        for name, number in zip(_entries(stated.sides[0].expr), _entries(stated.sides[-1].expr), strict=False):
            written = _written(number)
            if isinstance(name, Name) and written:
                yield letter, name.name, written


def _values(node: str, names: Names, value: ValueOf) -> tuple[list[fmpq | arb], list[fmpq | arb]]:
    """What a letter with its index may say in its own meaning, and in the other one.

    An index alone that is read as a layer's may count the units of the first layer as well.
    """
    described = names.describe(node)
    if described is None or described.kind not in _MAKERS:
        return [], []
    own, other = _MAKERS[described.kind]
    places = [(described.layer, described.unit)]
    if names.sizes[described.layer - 1] == 1 and described.layer <= names.sizes[0]:
        places.append((1, described.layer))
    found = ([value(getattr(names, maker)(*place)) for place in places] for maker in (own, other))
    here, there = ([one for one in values if one is not None] for values in found)
    return here, there


def _is_applied(expr: object, names: Names) -> bool:
    """Whether somewhere in a side an activation is applied to what is one itself, by its name."""
    for part in chain.from_iterable(walk(entry) for entry in _entries(expr) if entry is not None):
        if isinstance(part, Call) and isinstance(part.arguments[0], Name) and part.function.rstrip("'") in ACTIVATIONS:
            described = names.describe(part.arguments[0].name)
            if described is not None and described.kind in ("activation", "output"):
                return True
    return False


def _entries(value: object) -> list[Expr | None]:
    if isinstance(value, Matrix):
        return [entry for row in value.rows for entry in row]
    return [value if isinstance(value, Expr) else None]


def _written(value: Expr | None) -> str:
    negative = isinstance(value, Negative)
    number = value.operand if isinstance(value, Negative) else value
    return ("-" if negative else "") + number.written if isinstance(number, Number) and number.written else ""


__all__ = ["exchanged"]
