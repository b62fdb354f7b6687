"""Names by the labels of units: beside ``net_A`` and ``out_C``, ``δ_C`` is the error of C and ``w_AC`` joins the two.

The label says where a quantity belongs, whatever number stands there: a δ that leaves out a slope keeps its name. A
number is a label, too, where the units of all layers are counted on: beside ``net_3`` of the output, ``δ_3`` and
``o_3`` are the output's.
"""

from __future__ import annotations

from collections import Counter
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
_ACTIVATIONS = frozenset("ayh")
"""Letters of activations, where another one is that of weighted inputs."""
_WEIGHT, _BIAS, _DELTA = frozenset("wWvVuU"), frozenset({"b", "B", "bias"}), frozenset({"delta", "d"})


def named_by_unit_labels(so_far: NamesSoFar) -> bool:
    """Errors, biases and weights of units that other names have given a label."""
    units, (counted, letters) = _labels(so_far), _counted_on(so_far)
    if not units and not counted:
        return False
    taken = so_far.taken
    found = _of_counted(so_far, counted, letters)
    for name, symbol in so_far.unknown.items() if units else ():
        if name in so_far.found or symbol.above or not symbol.below:
            continue
        node = _node(symbol, units, so_far)
        if node and node not in taken:
            found[name] = node
    times = Counter(found.values())
    for name, node in found.items():
        if times[node] == 1:
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


def _counted_on(so_far: NamesSoFar) -> tuple[Mapping[int, Unit], Mapping[str, str]]:
    """The unit of each number, where one letter counts the units of all layers on; nothing where a layer begins anew.

    That it does is plain from a number that is too large for its layer; every other one that is known has to agree.
    The second part says which letters do, and what of a unit they are.
    """
    names, letters = so_far.spelling.names, dict[str, dict[int, Unit]]()
    kinds: dict[str, set[str]] = {}
    for symbol, number, described in so_far.counted_units():
        letters.setdefault(symbol.stem, {})[number] = (described.layer, described.unit)
        kinds.setdefault(symbol.stem, set()).add("z" if described.kind == "weighted input" else "a")
    order = [(layer, unit) for layer, size in enumerate(names.sizes, 1) for unit in range(1, size + 1)]
    told = {
        stem: places
        for stem, places in letters.items()
        if any(at > names.sizes[unit[0] - 1] for at, unit in places.items()) and len(kinds[stem]) == 1
    }
    ways = [dict(enumerate(order, first)) for first in (1, len(names.inputs) + 1)]
    ways = [way for way in ways if told and all(places.items() <= way.items() for places in told.values())]
    return (ways[0], {stem: kinds[stem].pop() for stem in told}) if len(ways) == 1 else ({}, {})


def _of_counted(so_far: NamesSoFar, counted: Mapping[int, Unit], letters: Mapping[str, str]) -> dict[str, str]:
    """What units have that are counted on, also where the network has something else of this name."""
    names, found = so_far.spelling.names, dict[str, str]()
    counts = {(symbol.stem, symbol.indices[0]) for symbol in so_far.seen.symbols.values() if symbol.indices}
    last = max(counted, default=0)
    outputs = {stem for stem, _ in counts if not so_far.may_be(stem, "z")}
    outputs |= {stem for stem in _ACTIVATIONS - letters.keys() if (stem, last) in counts and "z" in letters.values()}
    for name, symbol in so_far.seen.symbols.items():
        unit = counted.get(symbol.indices[0]) if symbol.indices is not None and len(symbol.indices) == 1 else None
        if unit is None or name in so_far.found or symbol.above:
            continue
        if name not in so_far.unknown and name not in so_far.known:
            continue
        kind = letters.get(symbol.stem) or ("a" if symbol.stem in outputs else "")
        if symbol.stem in _DELTA and names.targets:
            found[name] = f"d{names.loss}/d{names.z(*unit)}"
        elif kind:
            found[name] = (names.z if kind == "z" else names.a)(*unit)
    return found


def _node(symbol: OwnSymbol, units: Mapping[str, Unit], so_far: NamesSoFar) -> str:
    """What a letter with the label of a unit, or of two, stands for; empty for anything else."""
    names, unit = so_far.spelling.names, units.get(symbol.below)
    if unit is not None and not so_far.may_be(symbol.stem, "z"):
        return names.a(*unit)
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
