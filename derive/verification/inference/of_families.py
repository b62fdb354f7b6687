"""Families of names by what is stated of their members, and the vectors that they make up."""

from __future__ import annotations

from collections.abc import Mapping

from derive.expressions.tree import Name
from derive.naming.names import Names
from derive.verification.inference.by_statements import ByStatements
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.names_so_far import NamesSoFar
from derive.verification.inference.wholes import Wholes, matrix, of_a_family
from derive.verification.reading.bare import LETTERS

OF_ONE_HIDDEN = 2
"""So many layers has a network with one hidden layer."""


def named_by_statements(so_far: NamesSoFar) -> bool:
    """Names by all the numbers that are stated of them."""
    free = {name: symbol for name, symbol in so_far.unknown.items() if name not in so_far.found}
    worked = {one.key for one in so_far.seen.stated if one.worked}  # "z = 0.08" alone does not say whose it is
    letters = LETTERS & worked - so_far.found.keys()
    free |= {name: symbol for name, symbol in so_far.seen.symbols.items() if name in letters}
    free |= {
        name: so_far.seen.symbols[name]
        for name in so_far.known.keys() - so_far.found.keys()
        if _is_in_doubt(so_far, name)
    }
    taken = so_far.taken
    by_statements = ByStatements(so_far.spelling.names, Definitions(so_far.file).value, so_far.may_be)
    found = by_statements.found(free, so_far.seen.stated, taken, beside=_families(so_far))
    single = {
        name for name in found if name in so_far.known and so_far.spelling.single(so_far.spelt(name)) == found[name]
    }
    stems = {so_far.seen.symbols[name].stem for name in found.keys() - single}
    for name, node in found.items():
        if name not in so_far.known or so_far.seen.symbols[name].stem in stems:
            so_far.put(name, node, "its_value")
    return bool(found)


def _families(so_far: NamesSoFar) -> Mapping[str, Mapping[tuple[int, ...], str]]:
    """The quantities of names that are known by the whole file, by letter and indices."""
    found: dict[str, dict[tuple[int, ...], str]] = {}
    for name, own in so_far.found.items():
        symbol = so_far.seen.symbols.get(name)
        if symbol is not None and symbol.indices is not None and isinstance(own.value, Name):
            found.setdefault(symbol.stem, {})[symbol.indices] = own.value.name
    return found


def _is_in_doubt(so_far: NamesSoFar, name: str) -> bool:
    """Whether a number with an index may be another unit's than the network's name says: ``a_2`` of a layer."""
    quantity, symbol = so_far.known[name], so_far.seen.symbols[name]
    if symbol.indices is None or len(symbol.indices) != 1:
        return False
    beside = (other for other, one in so_far.seen.symbols.items() if one.stem == symbol.stem)
    single = so_far.spelling.single(so_far.spelt(name))
    if not single and so_far.unknown.keys().isdisjoint(beside) and not so_far.are_others(symbol.stem, {}):
        return False
    described = so_far.spelling.names.describe(quantity)
    kind = described.kind if described is not None else ""
    return so_far.is_vector(quantity) or kind in ("activation", "output", "target")


def named_by_entries(so_far: NamesSoFar) -> bool:
    """Vectors and matrices by the numbers that are stated of them."""
    if len(so_far.file.network.rows) > 1:
        return False
    free = {*so_far.unknown, *(LETTERS & so_far.seen.symbols.keys())} - so_far.found.keys()
    wholes = Wholes(so_far.spelling.names, Definitions(so_far.file).value)
    found = wholes.found(dict.fromkeys(free), so_far.seen.wholes)
    for name, value in found.items():
        so_far.put(name, value, "its_value")
    return bool(found)


def of_whole_layers(so_far: NamesSoFar) -> bool:
    """A letter without an index is a layer's vector, where with indices it is each of its units."""
    count = len(so_far.found)
    units: dict[str, list[tuple[int, str]]] = {}
    for other, one in so_far.seen.symbols.items():
        if one.indices is not None and len(one.indices) == 1:
            units.setdefault(one.stem, []).append((one.indices[0], other))
    for name, symbol in so_far.seen.symbols.items():
        free = name in so_far.unknown or name in LETTERS or name in so_far.known
        if name in so_far.found or not free or symbol.indices is not None or name != symbol.stem:
            continue
        beside = {index: own for index, other in units.get(name, ()) if (own := _of_unit(so_far, other))}
        nodes = of_a_family(dict(sorted(beside.items())), so_far.spelling.names)
        if nodes and (name not in so_far.known or _is_of_the_whole_file(so_far, name)):
            so_far.put(name, matrix(nodes), "its_family")
    return len(so_far.found) > count


def _is_of_the_whole_file(so_far: NamesSoFar, stem: str) -> bool:
    """Whether the units of a letter are others than it says by itself."""
    units = [name for name, one in so_far.seen.symbols.items() if one.stem == stem != name]
    return bool(units) and all(name in so_far.found for name in units if so_far.seen.symbols[name].indices)


def _of_unit(so_far: NamesSoFar, name: str) -> str:
    """What a unit has that a name with one index stands for, by the whole file or by its letter."""
    own = so_far.found.get(name)
    if own is not None:
        return own.value.name if isinstance(own.value, Name) else ""
    return so_far.spelling.single(so_far.spelt(name))


def of_the_output(so_far: NamesSoFar) -> bool:
    """A letter without an index is the output's, where with one it is the units' of the one hidden layer."""
    names = so_far.spelling.names
    if len(names.sizes) != OF_ONE_HIDDEN or names.sizes[0] == 1 or names.sizes[1] != 1:
        return False
    count = len(so_far.found)
    letters = {name: symbol for name, symbol in so_far.seen.symbols.items() if name in LETTERS}
    families: dict[str, list[str]] = {}
    for other, one in so_far.seen.symbols.items():
        families.setdefault(one.stem, []).append(other)
    for name, symbol in (so_far.unknown | letters).items():
        if name in so_far.found or symbol.indices is not None or name != symbol.stem:
            continue
        beside = {so_far.node(other) for other in families.get(name, ()) if other != name}
        kinds = {_of_a_unit(node, names) for node in beside - {""}}
        made = {
            "weighted input": names.z(2, 1),
            "bias": names.bias(2, 1),
            "delta": f"d{names.loss}/d{names.z(2, 1)}",
        }
        kind = kinds.pop() if len(kinds) == 1 else ""
        if kind in made and made[kind] not in {so_far.node(other) for other in so_far.found}:
            so_far.put(name, made[kind], "its_family")
    return len(so_far.found) > count


def _of_a_unit(node: str, names: Names) -> str:
    """What a unit of the first layer has that is called so; empty for anything else."""
    above, _, below = node.partition("/d")
    if above == f"d{names.loss}" or node.startswith("delta"):
        below = below or f"z{node.removeprefix('delta')}"
        described = names.describe(below)
        kind = "delta" if described is not None and described.kind == "weighted input" else ""
    else:
        described = names.describe(node)
        kind = described.kind if described is not None else ""
    return kind if described is not None and described.layer == 1 else ""


__all__ = ["named_by_entries", "named_by_statements", "of_the_output", "of_whole_layers"]
