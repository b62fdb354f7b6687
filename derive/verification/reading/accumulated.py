r"""``\Delta^{(l)}`` and ``D^{(l)}`` beside ``\delta^{(l)}``: the gradients by a layer's weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derive.patterns import regex
from derive.verification.reading.symbols import Scripted

if TYPE_CHECKING:
    from derive.verification.reading.parse import Parser

ACCUMULATED = "accumulates"
"""What a whole file says: Δ and D with a layer above are gradients."""
_SMALL = regex(r"(?:\\delta|δ|delta)\s?\^")
_CAPITAL = regex(r"(?:\\Delta|Δ|Delta)\s?\^\s?\{?\s?[(\[]")


def accumulates(text: str) -> bool:
    r"""Whether a text has Δ with a layer above beside such a δ.

    >>> accumulates(r"\Delta^{(2)} = \delta^{(3)}(a^{(2)})^T"), accumulates(r"\Delta w = -\eta \delta")
    (True, False)
    """
    return _CAPITAL.search(text) is not None and _SMALL.search(text) is not None


def of_weights(parser: Parser, symbol: Scripted) -> Scripted | None:
    """The symbol of the weights whose gradient a symbol is; None where it is none."""
    if ACCUMULATED not in parser.choices or symbol.base not in ("Delta", "D") or symbol.primes or not symbol.above:
        return None
    if symbol.base in parser.spelling.names.taken or parser.spelling.own_names.has(symbol.base):
        return None
    return replace(symbol, base="W")


__all__ = ["ACCUMULATED", "accumulates", "of_weights"]
