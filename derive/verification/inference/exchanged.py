"""Letters that a text has the other way round: ``a`` for weighted inputs, ``z`` for activations.

Bishop's book writes so. Every name is one of the network's then, with another's numbers: which it is the numbers say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from flint import arb, fmpq

from derive.expressions.tree import Expr, Name, Negative, Number
from derive.naming.names import Names
from derive.verification.inference.near import is_near
from derive.verification.reading import Chain, Matrix
from derive.verification.reading.own_names import OwnName, OwnNames

MAX_CHAINS = 400
"""At most this many chains of a text are looked at."""
LEAST_ALIKE = 2
"""So many numbers under a letter are those of the other quantity."""
PER_PLAIN = 4
"""A number may be the quantity's own by chance where so many are the other's."""
_LETTER = re.compile(r"[\s\\{]*(?:math(?:bf|rm|it)|vec|bm|boldsymbol)?[\s{]*([az])(?![A-Za-z])")
_OTHER = {"z": "a", "a": "z"}
ValueOf = Callable[[str], fmpq | arb | None]


def exchanged(chains: Sequence[Chain], names: Names, value: ValueOf) -> OwnNames:
    """The letters of weighted inputs and activations that stand for the other one in a text."""
    if not names.sizes:
        return OwnNames()
    own, other = Counter[str](), Counter[str]()
    for letter, node, written in _stated(chains[:MAX_CHAINS]):
        beside = _beside(node, names)
        here, there = (value(name) if name else None for name in (node, beside))
        if here is None or there is None:
            continue
        own[letter] += is_near(written, here)
        other[letter] += is_near(written, there) and not is_near(written, here)
    found = [letter for letter in other if other[letter] >= LEAST_ALIKE and own[letter] * PER_PLAIN <= other[letter]]
    return OwnNames(
        {one: OwnName(one, _OTHER[one], 0, family=_OTHER[one], letter=one, why="its_value") for one in found}
    )


def _stated(chains: Sequence[Chain]) -> Iterator[tuple[str, str, str]]:
    """Letter, quantity and number of each name that a chain is about and ends with a number for."""
    for chain in chains:
        said = _LETTER.match(chain.sides[0].text)
        if said is None:
            continue
        for name, number in zip(_entries(chain.sides[0].expr), _entries(chain.sides[-1].expr), strict=False):
            written = _written(number)
            if isinstance(name, Name) and written:
                yield said[1], name.name, written


def _entries(value: object) -> list[Expr | None]:
    if isinstance(value, Matrix):
        return [entry for row in value.rows for entry in row]
    return [value if isinstance(value, Expr) else None]


def _written(value: Expr | None) -> str:
    negative = isinstance(value, Negative)
    number = value.operand if isinstance(value, Negative) else value
    return ("-" if negative else "") + number.written if isinstance(number, Number) and number.written else ""


def _beside(node: str, names: Names) -> str:
    """The activation of a weighted input, the weighted input of an activation; empty for anything else."""
    described = names.describe(node)
    if described is None or described.kind not in ("weighted input", "activation", "output"):
        return ""
    maker = names.a if described.kind == "weighted input" else names.z
    return maker(described.layer, described.unit)


__all__ = ["exchanged"]
