"""What courses call the quantities of small networks, besides what is read anyway: ``w``, ``b``, ``net_o``, ``b_h``."""

from __future__ import annotations

from collections.abc import Collection

from derive.naming.names import Names
from derive.patterns import regex
from derive.verification.inference.sightings import OwnSymbol

_WEIGHTED = frozenset("z net s in u v n i a summe sum".split())
_ACTIVATION = frozenset("o out a y h act output".split())
_WEIGHT = frozenset("w W theta".split())
_BIAS = frozenset("b bias B bias0".split())
_PLACED = regex(r"(net|z|in|s|u|a|act|out|o|b|bias|theta|w|delta|d|h|y)(hidden|hid|h|output|out|o|y)([0-9]{0,2})")
_KINDS = {
    **dict.fromkeys(("net", "z", "in", "s", "u"), "z"),
    **dict.fromkeys(("a", "act", "out", "o", "h", "y"), "a"),
    **dict.fromkeys(("b", "bias", "theta"), "b"),
    "w": "w", "delta": "delta", "d": "delta",
}  # fmt: skip
_KINDS_OF_A_LAYER = {
    **dict.fromkeys(("z", "net"), "z"), **dict.fromkeys(("a", "p", "o", "out"), "a"), "b": "b", "delta": "delta",
}  # fmt: skip


def is_of_a_unit(symbol: OwnSymbol, stems: Collection[tuple[str, tuple[int, ...] | None]], names: Names) -> bool:
    """Whether ``z1`` is a unit's in a network of one layer: z2 stands beside it; ``stems`` are all, with indices."""
    one_layer = len(names.sizes) == 1 and names.sizes[0] > 1
    return one_layer and symbol.indices == (1,) and symbol.stem in _KINDS_OF_A_LAYER and (symbol.stem, (2,)) in stems


def by_convention(symbol: OwnSymbol, names: Names) -> str:
    """The quantity that everybody calls so where the network is as small as this; empty where there is none."""
    sizes = names.sizes
    if not sizes or len(symbol.indices or ()) > 1:
        return ""
    index = symbol.indices[0] if symbol.indices else None
    if sizes == (1,):
        return _of_one_unit(symbol.stem, index, names)
    if len(sizes) == 1 and index is not None:
        return _of_unit(_KINDS_OF_A_LAYER.get(symbol.stem, ""), 1, index, names)
    if set(sizes) == {1} and index is not None and 1 <= index <= len(sizes):
        found = _of_unit(_kind(symbol.stem), index, 1, names)
        if found:
            return found
    return _placed(symbol, names)


def _kind(stem: str) -> str:
    """``w``, ``b``, ``z`` or ``a`` for the letters of a unit's quantities."""
    for kind, letters in (("w", _WEIGHT), ("b", _BIAS), ("z", _WEIGHTED - {"a", "i"}), ("a", _ACTIVATION)):
        if stem in letters:
            return kind
    return ""


def _of_one_unit(stem: str, index: int | None, names: Names) -> str:
    """Of a network that is one unit."""
    biased = 1 not in names.unbiased
    if stem in _WEIGHT:
        if index == 0 and biased:
            return names.bias(1, 1)
        column = index if index is not None else 1 if names.columns(1) == 1 else 0
        return names.weight(1, 1, column) if 1 <= column <= names.columns(1) else ""
    if index not in (None, 0, 1):
        return ""
    if stem in _BIAS and biased:
        return names.bias(1, 1)
    return names.z(1, 1) if stem in ("net", "s", "in", "z") else ""


def _of_unit(kind: str, layer: int, unit: int, names: Names) -> str:
    if not 1 <= unit <= names.sizes[layer - 1]:
        return ""
    if kind == "w":
        return names.weight(layer, unit, 1) if names.columns(layer) == 1 else ""
    if kind == "b":
        return names.bias(layer, unit) if layer not in names.unbiased else ""
    if kind == "delta":
        return f"delta{names.z(layer, unit)[1:]}"
    return {"z": names.z, "a": names.a}[kind](layer, unit) if kind else ""


def _placed(symbol: OwnSymbol, names: Names) -> str:
    """``net_h2``, ``b_o``: a letter and the layer, in a network with one hidden layer."""
    found = _PLACED.fullmatch(symbol.key)
    last = len(names.sizes)
    if symbol.key == "h" and last == 2 and names.sizes[0] == 1:
        return names.a(1, 1)
    if found is None or found[1] not in _KINDS or not (symbol.below or found[3] or found[1] in ("z", "net")):
        return ""
    layer = last if found[2][0] in "oy" else 1
    if layer == 1 and last != 2:
        return ""
    if not found[3] and names.sizes[layer - 1] > 1:
        return ""
    return _of_unit(_KINDS[found[1]], layer, int(found[3] or 1), names)


__all__ = ["by_convention", "is_of_a_unit"]
