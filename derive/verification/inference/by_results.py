"""Families of names by the results of their calculations: ``q1 = 1.3338/2.6204 = 0.5090`` beside ``q2 = … = 0.4910``.

A family is that of a layer's weighted inputs, activations or derivatives where its results are theirs, unit by unit.
Two of them have to be, with three digits each, and of three or more one may be another number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from flint import arb, fmpq

from derive.naming.names import Names
from derive.verification.inference.near import is_near
from derive.verification.inference.sightings import OwnSymbol
from derive.verification.reading.written_number import digits_of

MAX_UNITS = 50
"""In networks with more units no family is known by its results."""
MAX_FAMILIES = 50
"""At most this many families of a text are looked at."""
LEAST_DIGITS = 3
"""A result of fewer digits says nothing, but for 0."""
LEAST_ALIKE = 2
"""So many results of a family are those of a layer."""
LEAST_WITH_A_SLIP = 3
"""A family of so many names may have one result that is not the layer's."""


ValueOf = Callable[[str], fmpq | arb | None]


def by_results(
    symbols: Mapping[str, OwnSymbol], results: Mapping[str, str], names: Names, value: ValueOf, taken: set[str],
    *, kinds: Mapping[str, str], may_be: Callable[[str, str], bool],
) -> dict[str, str]:  # fmt: skip
    """What the names of families stand for; ``taken`` are the quantities that other names have.

    ``results`` are the numbers with which calculations end, as they are written; ``kinds`` says of families by their
    letter that they are of activations (``a``), of whatever layer.
    """
    if not names.sizes or sum(names.sizes) > MAX_UNITS:
        return {}
    families: dict[str, dict[int, str]] = {}
    for name, symbol in symbols.items():
        if symbol.indices is not None and len(symbol.indices) == 1 and name in results:
            families.setdefault(symbol.stem, {})[symbol.indices[0]] = name
    found: dict[str, str] = {}
    layers = [(kind, layer, nodes) for kind, layer, nodes in _layers(names) if not taken & set(nodes)]
    for stem, members in list(families.items())[:MAX_FAMILIES]:
        if len(members) < LEAST_ALIKE:
            continue
        alike = [nodes for kind, _, nodes in layers if kinds.get(stem, kind) == kind and may_be(stem, kind)]
        fits = [(_fit(members, results, nodes, value), nodes) for nodes in alike]
        best = max((fit for fit, _ in fits), default=0)
        chosen = [nodes for fit, nodes in fits if fit == best]
        if best and (len(chosen) == 1 or _of_one_layer(chosen, names)):
            nodes = chosen[0]
            found |= {name: nodes[index - 1] for index, name in members.items()}
    return found


def _layers(names: Names) -> Iterator[tuple[str, int, list[str]]]:
    """The quantities of each layer, unit by unit."""
    for layer, size in enumerate(names.sizes, 1):
        units = range(1, size + 1)
        z, a = ([maker(layer, unit) for unit in units] for maker in (names.z, names.a))
        yield "z", layer, z
        yield "a", layer, a
        if names.targets:
            yield "dz", layer, [f"d{names.loss}/d{node}" for node in z]
            yield "da", layer, [f"d{names.loss}/d{node}" for node in a]


def _of_one_layer(chosen: list[list[str]], names: Names) -> bool:
    """Whether two families are the derivatives by z and by a of one layer, where some slopes are 1: those by z."""
    found = [names.describe(nodes[0].partition("/d")[2]) for nodes in chosen if "/d" in nodes[0]]
    layers = {unit.layer for unit in found if unit is not None}
    return len(found) == len(chosen) == 2 and len(layers) == 1


def _fit(members: Mapping[int, str], results: Mapping[str, str], nodes: list[str], value: ValueOf) -> int:
    """How many results of a family are those of a layer; 0 where that is too few, or one too many is not."""
    if not all(1 <= index <= len(nodes) for index in members):
        return 0
    alike, said, other = 0, 0, 0
    for index, name in members.items():
        there = value(nodes[index - 1])
        if there is None or not is_near(results[name], there):
            other += 1
            continue
        alike += 1
        said += digits_of(results[name]) >= LEAST_DIGITS
    few = other == 0 or (other == 1 and len(members) >= LEAST_WITH_A_SLIP)
    return alike if few and alike >= LEAST_ALIKE and said >= min(LEAST_ALIKE, alike) else 0


__all__ = ["by_results"]
