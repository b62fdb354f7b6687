"""Names by the labels of units: beside ``net_A`` and ``out_C``, ``δ_C`` is the error of C and ``w_AC`` joins the two.

The label says where a quantity belongs, whatever number stands there: a δ that leaves out a slope keeps its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from derive.naming.names import Names
from derive.patterns import regex
from derive.verification.inference.names_so_far import NamesSoFar
from derive.verification.inference.sightings import OwnSymbol

Unit = tuple[int, int]
MAX_LABEL = 12
"""A label of two units has at most this many letters and digits."""
_LABEL = regex(r"[A-Za-z][A-Za-z]?[0-9]{0,2}")
_INPUT = regex(r"(?:x|i|in)?([0-9]{1,2})")
_WEIGHT, _BIAS, _DELTA = frozenset("wWvVuU"), frozenset({"b", "B", "bias"}), frozenset({"delta", "d"})


def named_by_unit_labels(so_far: NamesSoFar) -> bool:
    """Errors, biases and weights of units that other names have given a label."""
    units = _labels(so_far)
    if not units:
        return False
    names, taken = so_far.spelling.names, so_far.taken
    found: dict[str, str] = {}
    for name, symbol in so_far.unknown.items():
        if name in so_far.found or symbol.above or not symbol.below:
            continue
        node = _node(symbol, units, names)
        if node and node not in taken:
            found[name] = node
    for name, node in found.items():
        if list(found.values()).count(node) == 1:
            so_far.put(name, node, "its_letter")
    return bool(found)


def _labels(so_far: NamesSoFar) -> Mapping[str, Unit]:
    """The unit of each label that the names of weighted inputs and activations have; of none that two units have."""
    units: dict[str, set[Unit]] = {}
    for name in (*so_far.found, *so_far.known):
        symbol, described = so_far.seen.symbols.get(name), so_far.spelling.names.describe(so_far.node(name))
        if symbol is None or described is None or not _LABEL.fullmatch(symbol.below):
            continue
        if described.kind in ("weighted input", "activation", "output"):
            units.setdefault(symbol.below, set()).add((described.layer, described.unit))
    return {label: next(iter(places)) for label, places in units.items() if len(places) == 1}


def _node(symbol: OwnSymbol, units: Mapping[str, Unit], names: Names) -> str:
    """What a letter with the label of a unit, or of two, stands for; empty for anything else."""
    unit = units.get(symbol.below)
    if unit is not None and symbol.base in _DELTA and names.targets:
        return f"d{names.loss}/d{names.z(*unit)}"
    if unit is not None and symbol.base in _BIAS:
        return names.bias(*unit)
    if symbol.base not in _WEIGHT or len(symbol.below) > MAX_LABEL:
        return ""
    ways = {names.weight(*way) for way in _joined(symbol.below, units, names)}
    return ways.pop() if len(ways) == 1 else ""


def _joined(label: str, units: Mapping[str, Unit], names: Names) -> Iterator[tuple[int, int, int]]:
    """The weights, by layer, row and column, between two units whose labels one behind the other make up this one."""
    for at in range(1, len(label)):
        first, second = label[:at].rstrip("_,"), label[at:].lstrip("_,")
        for one, other in product(_places(first, units, names), _places(second, units, names)):
            (below, column), (above, row) = sorted((one, other))
            if above == below + 1:
                yield above, row, column


def _places(label: str, units: Mapping[str, Unit], names: Names) -> Iterator[Unit]:
    """The unit with a label; an input is in layer 0."""
    if label in units:
        yield units[label]
    elif label in names.inputs:
        yield 0, names.inputs.index(label) + 1
    elif (said := _INPUT.fullmatch(label)) is not None and 1 <= int(said[1]) <= len(names.inputs):
        yield 0, int(said[1])


__all__ = ["named_by_unit_labels"]
