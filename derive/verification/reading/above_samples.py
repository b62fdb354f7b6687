r"""Samples above the letters of hidden units: ``h_1^{(2)}`` where the text has ``x^{(1)}``, ``x^{(2)}``.

There ``\delta^{(2)}`` is the output's. In a text that writes layers above its letters nothing of this holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.symbols import Scripted

SAMPLES_ABOVE = "samples_above"
"""What a text says in which inputs, targets or outputs have the number of the sample above them."""
_SAMPLE = regex(r"\(([1-9][0-9]{0,5})\)")
_MARKED = regex(
    r"(?:\\hat\s*\{?\s*y\s*\}?|ŷ|yhat|(?<![A-Za-z\\_^])[xty])(?:_\{?\w{1,3}\}?)?\s*\^\s*\{?\s*\(([1-9][0-9]{0,5})\)"
)
_LAYER_AND_SAMPLE = regex(
    r"(?P<layer>\[[1-9][0-9]?\]|\([1-9][0-9]?\)|<[1-9][0-9]?>|[1-9])[,;]?(?P<sample>\([1-9][0-9]{0,5}\)|\[[1-9][0-9]{0,5}\])"
)
_KINDS = {"z": "z", "a": "a", "h": "a", "f": "a", "delta": "delta"}
_OF_THE_OUTPUT = frozenset(("o", "out", "y", "k"))


def marks_samples(text: str, rows: int) -> bool:
    """Whether a text counts the rows above inputs, targets and outputs, which no layers can be counted above."""
    if rows < 2:
        return False
    said = {int(found[1]) for found in _MARKED.finditer(text)}
    return len(said) > 1 and max(said) <= rows


def layer_and_sample(symbol: Scripted, rows: int) -> tuple[Scripted, int] | None:
    """``a^{[1](2)}`` as ``a^{[1]}`` in row 2; None for any other symbol."""
    found = _LAYER_AND_SAMPLE.fullmatch(symbol.above) if rows > 1 and symbol.above else None
    if found is None or found["layer"][0] == found["sample"][0]:
        return None
    row = int(found["sample"][1:-1])
    return (replace(symbol, above=found["layer"]), row) if row <= rows else None


def in_its_sample(spelling: Spelling, symbol: Scripted) -> NamedQuantity | None:
    """What a unit has in the sample that is said above it; None where the symbol is nothing of a unit."""
    above, sizes = _SAMPLE.fullmatch(symbol.above), spelling.names.sizes
    kind = _KINDS.get(symbol.base)
    if above is None or kind is None or symbol.base in spelling.names.taken or len(sizes) < 2:
        return None
    row, word = int(above[1]), _word(kind, symbol.below, sizes)
    if row > spelling.rows or not word or not spelling.knows(word):
        return None
    return replace(spelling.word(word), row=row)


def _word(kind: str, below: str, sizes: Sequence[int]) -> str:
    """The name of what stands below a letter: a unit of the only hidden layer, the output, a layer and a unit."""
    last = f"{kind}{len(sizes)}_1" if sizes[-1] == 1 else ""
    if not below:
        return last if kind == "delta" or sizes[0] > 1 else ""
    if below in _OF_THE_OUTPUT:
        return last
    if not below.isdigit():
        layer, _, unit = below.partition(",")
        return f"{kind}{layer}_{unit}" if layer.isdigit() and unit.isdigit() else ""
    if set(sizes) == {1}:
        return f"{kind}{below}_1"
    if len(sizes) == 2:
        return f"{kind}1_{below}" if int(below[:6]) <= sizes[0] else last if int(below[:6]) == sizes[0] + 1 else ""
    return f"{kind}{below[0]}_{below[1:]}" if len(below) == 2 else ""


__all__ = ["SAMPLES_ABOVE", "in_its_sample", "layer_and_sample", "marks_samples"]
