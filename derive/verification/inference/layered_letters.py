"""Letters of a writer's own with the layer above them: ``u^{(2)}`` for ``z^{(2)}``, known by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flint import arb, fmpq

from derive.naming.names import Names
from derive.patterns import regex
from derive.verification.inference.near import is_near
from derive.verification.reading.symbols import Scripted

LEAST_ALIKE = 2
"""So many numbers under a letter are those of a kind of quantity."""
MAX_DIGITS = 2
"""A unit has at most so many digits."""
_LAYER = regex(r"[(\[]?([1-9])[)\]]?")
ValueOf = Callable[[str], fmpq | arb | None]


class LayerSaid(NamedTuple):
    """A number that is stated of a letter with a layer above and perhaps a unit below."""

    letter: str
    layer: int
    unit: int
    written: str


def layer_said(symbol: Scripted, written: str) -> LayerSaid | None:
    """What is stated of such a letter; None for any other."""
    layer = _LAYER.fullmatch(symbol.above)
    plain = symbol.base.isalpha() and not symbol.primes and (not symbol.below or symbol.below.isdigit())
    if layer is None or not plain or not written or len(symbol.below) > MAX_DIGITS:
        return None
    return LayerSaid(symbol.base, int(layer[1]), int(symbol.below or 1), written)


def letters_of_layers(
    said: Iterable[LayerSaid], names: Names, value: ValueOf, may_be: Callable[[str, str], bool]
) -> dict[str, str]:
    """The network's letter (``z``, ``a``) of each of the writer's, where all its numbers are of that kind.

    A letter that is one of both in every book keeps its meaning where its numbers are neither's.
    """
    by_letter: dict[str, list[LayerSaid]] = {}
    for one in said:
        if one.layer <= len(names.sizes) and one.unit <= names.sizes[one.layer - 1]:
            by_letter.setdefault(one.letter, []).append(one)
    found: dict[str, str] = {}
    for letter, statements in by_letter.items():
        kinds = [
            kind
            for kind, maker in (("z", names.z), ("a", names.a))
            if may_be(letter, kind) and all(_is(one, maker(one.layer, one.unit), value) for one in statements)
        ]
        allowed = [kind for kind in ("z", "a") if may_be(letter, kind)]
        kinds = kinds or (allowed if len(allowed) == 1 else [])
        if len(statements) >= LEAST_ALIKE and len(kinds) == 1:
            found[letter] = kinds[0]
    return found


def _is(one: LayerSaid, node: str, value: ValueOf) -> bool:
    here = value(node)
    return here is not None and is_near(one.written, here)


__all__ = ["LayerSaid", "layer_said", "letters_of_layers"]
