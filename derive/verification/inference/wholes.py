"""Vectors and matrices of one's own, by the numbers that stand in them: ``V = [[0.45, -0.2], [-0.6, 0.3]]``.

Also by their slopes (``∂L/∂V = ...``) and new values (``V <- V - 0.1 dL/dV = ...``); and a letter without an index is
the whole of a layer where with indices it is each of its units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from flint import arb, fmpq

from derive.expressions.tree import Name
from derive.naming.names import Names
from derive.records import record
from derive.verification.inference.near import ROUNDED, is_near
from derive.verification.inference.sightings import EntriesSaid
from derive.verification.reading import Matrix

MAX_UNITS = 50
"""In networks with more units no whole is known by its numbers."""
MAX_ENTRIES = 1_000
"""A larger matrix is not compared."""
LEAST_ALIKE = 2
"""So many entries are those of the whole, at least."""
PER_SLIP = 3
"""An entry may be another number where so many are right."""
EXACTLY = 2
ValueOf = Callable[[str], fmpq | arb | None]
Nodes = tuple[tuple[str, ...], ...]


@record
class LayerWhole:
    """A vector or matrix of a network's quantities; ``kind`` is the letter of what they are."""

    kind: str
    nodes: Nodes


def of_layers(names: Names) -> Iterator[LayerWhole]:
    """The vectors and matrices of a layered network, each as it may be laid out."""
    if not names.sizes or sum(names.sizes) > MAX_UNITS:
        return
    yield from _laid("x", [(name,) for name in names.inputs])
    yield from _laid("t", [(name,) for name in names.targets])
    for layer, size in enumerate(names.sizes, 1):
        units = range(1, size + 1)
        if names.rows(layer) != size:
            continue
        columns = range(1, names.columns(layer) + 1)
        yield from _laid("w", [tuple(names.weight(layer, row, column) for column in columns) for row in units])
        if layer not in names.unbiased:
            yield from _laid("b", [(names.bias(layer, row),) for row in units])
        yield from _laid("z", [(names.z(layer, unit),) for unit in units])
        yield from _laid("a", [(names.a(layer, unit),) for unit in units])
        if names.targets:
            yield from _laid("dz", [(f"d{names.loss}/d{names.z(layer, unit)}",) for unit in units])


def _laid(kind: str, nodes: list[tuple[str, ...]]) -> Iterator[LayerWhole]:
    if len(nodes) * len(nodes[0] if nodes else ()) > 1:
        yield LayerWhole(kind, tuple(nodes))
        yield LayerWhole(kind, tuple(zip(*nodes, strict=True)))


class Wholes:
    """The vectors and matrices of one network, by their numbers."""

    def __init__(self, names: Names, value: ValueOf) -> None:
        self.names = names
        self._value = value
        self._known: dict[str, fmpq | arb | None] = {}
        self.wholes = tuple(of_layers(names))

    def found(self, free: Mapping[str, object], stated: Sequence[EntriesSaid]) -> dict[str, Matrix]:
        """What the free names stand for, each by all that is stated of it."""
        said: dict[str, list[EntriesSaid]] = {}
        for one in stated:
            if one.key in free and sum(map(len, one.rows)) <= MAX_ENTRIES:
                said.setdefault(one.key, []).append(one)
        found = {name: self._whole(statements) for name, statements in said.items()}
        return {name: matrix(nodes) for name, nodes in found.items() if nodes}

    def _whole(self, statements: Sequence[EntriesSaid]) -> Nodes:
        fits: dict[Nodes, tuple[int, int]] = {}
        for whole in self.wholes:
            alike = other = exactly = 0
            for one in statements:
                if tuple(map(len, one.rows)) != tuple(map(len, whole.nodes)):
                    break
                places = ((i, j, node) for i, row in enumerate(whole.nodes) for j, node in enumerate(row))
                said = [self._is_so(one, i, j, node) for i, j, node in places]
                right, exactly = sum(map(bool, said)), exactly + sum(near == EXACTLY for near in said)
                alike, other = alike + right, other + sum(map(len, one.rows)) - right
            else:
                if alike >= LEAST_ALIKE and other * PER_SLIP <= alike:
                    fits[whole.nodes] = max(fits.get(whole.nodes, (0, 0)), (alike - other, exactly))
        best = max(fits.values(), default=None)
        chosen = [nodes for nodes, fit in fits.items() if fit == best]
        return chosen[0] if len(chosen) == 1 else ()

    def _is_so(self, one: EntriesSaid, i: int, j: int, node: str) -> int:
        """0 where an entry is not a quantity's, 1 where it is but for rounding on the way, 2 where it is rounded."""
        about: tuple[str, ...] = (node,)
        if one.about != "value":
            about = (f"d{self.names.loss}/d{node}" if one.about == "slope" else f"{node}'",)
        if one.about != "value" and "/" in node:
            return 0
        if one.about == "value" and node in self.names.parameters:
            about = (node, f"{node}'")
        values = [value for name in about if (value := self.value(name)) is not None]
        written = one.rows[i][j]
        near = any(is_near(written, value) for value in values)
        return near and (EXACTLY if any(is_near(written, value, ROUNDED) for value in values) else 1)

    def value(self, name: str) -> fmpq | arb | None:
        """The value of a quantity, worked once."""
        if name not in self._known:
            self._known[name] = self._value(name)
        return self._known[name]


def matrix(nodes: Nodes) -> Matrix:
    """A vector or matrix of names."""
    return Matrix(tuple(tuple(Name(node) for node in row) for row in nodes))


def of_a_family(members: Mapping[int, str], names: Names) -> Nodes:
    """The layer's vector of which a family has each unit, by their indices; nothing where it has not."""
    if not members:
        return ()
    for whole in of_layers(names):
        nodes = [row[0] for row in whole.nodes] if all(len(row) == 1 for row in whole.nodes) else []
        if nodes and [members.get(index, "") for index in range(1, len(nodes) + 1)] == nodes == list(members.values()):
            return whole.nodes
    return ()


__all__ = ["Wholes", "matrix", "of_a_family", "of_layers"]
