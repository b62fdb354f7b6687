"""Units by their place in a list of layers, as programs without arrays keep them.

``network[0][1]: output = 0.66`` and ``network[0][1]['weights'][-1] = 0.5`` are about the second hidden unit, and so is
the second record of the first line of ``[{'output': 0.55, 'weights': [0.2, 0.5]}, {'output': 0.66, …}]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from derive.naming.names import Names
from derive.patterns import regex
from derive.verification.reading.arrows import Raw
from derive.verification.reading.programs import ProgramStatement
from derive.verification.reading.rows import RawChain
from derive.verification.reading.token import Token
from derive.verification.reading.tokens import tokens

_KEYS = {
    "output": "a", "out": "a", "o": "a", "activation": "z", "net": "z", "z": "z", "a": "a", "error": "error",
    "err": "error", "delta": "delta", "weights": "w", "w": "w", "bias": "b", "b": "b",
}  # fmt: skip
_WORD = "|".join(sorted(_KEYS, key=len, reverse=True))
_PLACE = r"[A-Za-z]\w{0,20}\[(?P<layer>[0-9])\](?:\.?[A-Za-z]{1,12})?\[(?P<unit>[0-9]{1,2})\]"
_ADDRESSED = regex(
    rf"(?<![\w\]]){_PLACE}(?:`|\*\*)?"
    rf"(?:[ \t]*:[ \t]*(?P<said>{_WORD})(?=[ \t]*[=:])|\[['\"](?P<key>{_WORD})['\"]\]|\.(?P<attribute>{_WORD})(?!\w))"
    r"(?:\[(?P<index>-?[0-9]{1,2})\])?"
)
_BARE = regex(r"(?<![\w.\['\"])(?P<word>output|expected|target)(?![\w\]'\"(])")
_TURNED = regex(r"(?:expected|target)(?:\[\w\])?[ \t]*[-−][ \t]*(?:\w+\[['\"])?output")
_RECORD = regex(r"\{[^{}\n]{3,400}\}")
_LAYER_ENDS = regex(r"\][ \t]*,?[ \t\n]*\[|\][ \t]*\n|\][ \t]*$")
_LIST = r"\[[-−+0-9.eE, \t]{1,300}\]"
_PLAIN = r"[-−]?[0-9.]{1,25}(?:e[-+]?[0-9]{1,3})?"
_ENTRY = regex(rf"['\"](?P<key>{_WORD})['\"][ \t]*:[ \t]*(?P<value>{_LIST}|{_PLAIN})")
_OPENS = regex(r"[ \t>]*(?:\w+[ \t]*=)?[ \t\[(]*")
_NUMBER = regex(r"[-−]?[0-9.]+(?:[eE][-+]?[0-9]+)?")
MAX_RECORDS = 2_000
"""At most this many records of a text are read."""


def with_units(text: str, names: Names) -> str:
    """The text with the network's names in place of such addresses; every offset stays."""
    if "[" not in text or not names.sizes or _ADDRESSED.search(text) is None:
        return text
    turned = _TURNED.search(text) is not None
    return "".join(_line(line, names, turned=turned) for line in text.splitlines(keepends=True))


def _line(line: str, names: Names, *, turned: bool) -> str:
    units = set[tuple[int, int]]()

    def named(found: re.Match[str]) -> str:
        layer, unit = int(found["layer"]) + 1, int(found["unit"]) + 1
        key = _KEYS[found["said"] or found["key"] or found["attribute"]]
        name = _name(names, key, layer, unit, found["index"])
        if not name:
            return found.group()
        units.add((layer, unit))
        name = f"-{name}" if key == "error" and turned else name
        return name.rjust(len(found.group())) if len(name) <= len(found.group()) else found.group()

    shown = _ADDRESSED.sub(named, line)
    if len(units) != 1:
        return shown
    ((layer, unit),) = units

    def bare(found: re.Match[str]) -> str:
        if found["word"] == "output":
            name = names.a(layer, unit)
        elif layer == len(names.sizes) and unit <= len(names.targets):
            name = names.targets[unit - 1]
        else:
            return found.group()
        return name.ljust(len(found.group())) if len(name) <= len(found.group()) else found.group()

    return _BARE.sub(bare, shown)


def _name(names: Names, key: str, layer: int, unit: int, index: str | None) -> str:
    """The canonical name of what a unit has; empty where it has no such thing."""
    if not 1 <= layer <= len(names.sizes) or not 1 <= unit <= names.sizes[layer - 1]:
        return ""
    if key in ("w", "b"):
        if names.rows(layer) != names.sizes[layer - 1]:
            return ""
        return _parameter(names, layer, unit, -1 if key == "b" else None if index is None else int(index))
    if index is not None:
        return ""
    if key == "z":
        return names.z(layer, unit)
    if key == "a":
        return names.a(layer, unit)
    signal = names.a(layer, unit) if key == "error" else names.z(layer, unit)
    return f"d{names.loss}/d{signal}" if key == "error" else f"delta{layer}_{unit}"


def _parameter(names: Names, layer: int, unit: int, index: int | None) -> str:
    """A weight by its place in a list that ends with the bias."""
    columns = names.columns(layer)
    if index is None:
        return ""
    if index in (-1, columns) and layer not in names.unbiased:
        return names.bias(layer, unit)
    return names.weight(layer, unit, index + 1) if 0 <= index < columns else ""


def records(text: str, names: Names) -> Iterator[ProgramStatement]:
    """The claims of records that are printed, line by line; lists of them that follow each other are layers."""
    if "{" not in text or not names.sizes:
        return
    layer, unit, past = 1, 0, -1
    for found in islice(_RECORD.finditer(text), MAX_RECORDS):
        entries = list(_ENTRY.finditer(text, *found.span()))
        if not entries:
            continue
        between = text[past : found.start()] if past >= 0 else ""
        if past < 0 or between.strip(" \t\n,[]()") or between.count("\n\n"):
            layer, unit = 1, 0
        elif _LAYER_ENDS.search(between):
            layer, unit = layer % len(names.sizes) + 1, 0
        unit, past = unit + 1, found.end()
        chains = [chain for entry in entries for chain in _claims(text, entry, names, layer, unit)]
        if chains:
            start = text.rfind("\n", 0, found.start()) + 1
            start = start if _OPENS.fullmatch(text, start, found.start()) else found.start()
            yield ProgramStatement(start, found.end(), tuple(Raw(chain, False) for chain in chains), True)


def _claims(text: str, entry: re.Match[str], names: Names, layer: int, unit: int) -> Iterator[RawChain]:
    key = _KEYS[entry["key"]]
    start, end = entry.span("key")
    numbers = list(_NUMBER.finditer(text, *entry.span("value")))
    for i, number in enumerate(numbers):
        listed = str(i) if key == "w" else None
        name = _name(names, key, layer, unit, listed)
        if not name or (key != "w" and len(numbers) > 1):
            continue
        left = [token._replace(start=start, end=end) for token in tokens(name, tex=False)]
        right = tokens(text, tex=False, start=number.start(), end=number.end())
        yield RawChain([left, list(right)], [Token("relation", "=", end, end)])


__all__ = ["records", "with_units"]
