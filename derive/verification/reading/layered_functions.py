r"""Activations with their layer, ``f^1(W^1 p + b^1)``, ``g^{[2]}(z)``, and slopes with a dot, ``\dot{f}^1(n^1)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from derive.model import ActivationSpec
from derive.patterns import regex
from derive.verification.reading.spelling import ACTIVATION_LETTERS
from derive.verification.reading.symbols import Scripted, symbol_at

if TYPE_CHECKING:
    from derive.verification.reading.parse import Parser

_LAYER = regex(r"([1-9][0-9]{0,3})|\(([1-9][0-9]{0,3})\)|\[([1-9][0-9]{0,3})\]")
_OUTPUTS = frozenset({"h"})
"""What is an output of a layer rather than a function."""
_NEVER_INSIDE = frozenset({"t", "y", "hat", "yhat"})
"""What stands in no weighted input."""
MAX_OF_A_FACTOR = 40
"""So many tokens of what stands in brackets are looked at."""
_DOTTED = regex(r"([A-Za-z]+)dot")


class LayeredFunction(NamedTuple):
    """An activation with its scripts: the layer's (None where none is said), its slope, a matrix with these on it."""

    spec: ActivationSpec | None
    symbol: Scripted
    slope: bool
    diagonal: bool


def layered_function(parser: Parser) -> LayeredFunction | None:
    """The activation at which the parser is, where it says its layer or has a dot, and its argument in brackets."""
    symbol = symbol_at(parser.tokens, parser.at) if parser.spelling.activations else None
    if symbol is None or symbol.below or symbol.end >= len(parser.tokens) or parser.tokens[symbol.end].text != "(":
        return None
    dotted = _DOTTED.fullmatch(symbol.base)
    letter = dotted[1] if dotted is not None else symbol.base
    capital = dotted is not None and letter == "F"
    if not capital and letter not in ACTIVATION_LETTERS and not (dotted and parser.spelling.function(letter)):
        return None
    if parser.spelling.own_names.has(symbol.base) or letter in parser.spelling.names.taken:
        return None
    spec = _said(parser, symbol.above) if symbol.above else None
    if (symbol.above and spec is None) or (dotted is None and spec is None):
        return None
    if dotted is None and _multiplies(parser, symbol):
        return None
    slope = dotted is not None or symbol.primes == 1
    return LayeredFunction(spec, symbol, slope, capital) if symbol.primes < 2 else None


def _multiplies(parser: Parser, symbol: Scripted) -> bool:
    """Whether a letter with its layer is that layer's output before a bracket: ``f^1 (1 - f^1)``, ``f^1 (y - t)``."""
    if symbol.base in _OUTPUTS or parser.text() == "{":
        return True
    depth = 0
    for token in parser.tokens[symbol.end : symbol.end + MAX_OF_A_FACTOR]:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return False
        if token.text == symbol.base or (token.kind in ("word", "accent") and token.text in _NEVER_INSIDE):
            return True
    return False


def _said(parser: Parser, above: str) -> ActivationSpec | None:
    """The activation of the layer that stands above a letter."""
    found = _LAYER.fullmatch(parser.spelling.layer_said(above))
    layer = int(found[1] or found[2] or found[3]) if found is not None else 0
    activations = parser.spelling.activations
    return activations[layer - 1] if 1 <= layer <= len(activations) else None


__all__ = ["LayeredFunction", "layered_function"]
