"""How the names of a family may be laid out over the parameters, inputs and targets of a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate

from derive.naming.names import Names
from derive.records import record

MAX_PARAMETERS = 2_000
"""The names of a larger network are not laid out."""
Indices = tuple[int, ...]


@record
class NameLayout:
    """The quantities of a network by the indices that a family's names may have; ``kind`` is what they are."""

    kind: str
    nodes: Mapping[Indices, str]


def layouts(names: Names) -> tuple[NameLayout, ...]:
    """All layouts of a layered network's given quantities, the likeliest first."""
    if not names.sizes or len(names.parameters) > MAX_PARAMETERS:
        return ()
    found = [
        *(NameLayout("w", one) for one in _two(names)),
        *(NameLayout("w", one) for one in _one(names)),
        *(NameLayout("b", one) for one in _biases(names)),
        *(NameLayout("x", _counted(names.inputs, first)) for first in (1, 0)),
        *(NameLayout("t", _counted(names.targets, first)) for first in (1, 0)),
    ]
    kept: list[NameLayout] = []
    for layout in found:
        if layout.nodes and all(layout.nodes != other.nodes for other in kept):
            kept.append(layout)
    return tuple(kept)


def _counted(nodes: tuple[str, ...] | list[str], first: int = 1) -> dict[Indices, str]:
    return {(number,): node for number, node in enumerate(nodes, first)}


def _weights(names: Names, layer: int) -> list[list[str]]:
    columns = range(1, names.columns(layer) + 1)
    return [[names.weight(layer, row, column) for column in columns] for row in range(1, names.rows(layer) + 1)]


def _two(names: Names) -> Iterator[dict[Indices, str]]:
    """Of names with two indices: a layer's matrix, and the weights from unit to unit where all units are counted."""
    layers = range(1, len(names.sizes) + 1)
    for first in (1, 0):
        for turned in (False, True):
            for layer in layers:
                entries: dict[Indices, str] = {
                    (row, column): node
                    for row, nodes in enumerate(_weights(names, layer), first)
                    for column, node in enumerate(nodes, first)
                }
                yield _turned(entries) if turned else entries
    begins = [0, *accumulate((len(names.inputs), *names.sizes))]
    joined: dict[Indices, str] = {
        (begins[layer - 1] + column, begins[layer] + row): node
        for layer in layers
        for row, nodes in enumerate(_weights(names, layer), 1)
        for column, node in enumerate(nodes, 1)
    }
    yield joined
    yield _turned(joined)
    begins = [0, 0, *accumulate(names.sizes)]
    by_units: dict[Indices, str] = {  # inputs are counted from 1 as well, and the units of all layers on
        (begins[layer] + row, begins[layer - 1] + column): node
        for layer in layers
        for row, nodes in enumerate(_weights(names, layer), 1)
        for column, node in enumerate(nodes, 1)
    }
    yield by_units
    yield _turned(by_units)


def _turned(entries: Mapping[Indices, str]) -> dict[Indices, str]:
    return {at[::-1]: node for at, node in entries.items()}


def _one(names: Names) -> Iterator[dict[Indices, str]]:
    """Of names with one index: the weights of a layer, or of all layers, counted on."""
    matrices = [_weights(names, layer) for layer in range(1, len(names.sizes) + 1)]
    for layer, rows in enumerate(matrices, 1):
        yield _counted([node for row in rows for node in row])
        yield _counted([row[i] for i in range(len(rows[0])) for row in rows])
        yield _counted([node for row in rows for node in row], 0)
        if len(rows) == 1 and layer not in names.unbiased:
            yield _counted([names.bias(layer, 1), *rows[0]], 0)
            yield _counted([*rows[0], names.bias(layer, 1)])
    yield _counted([node for rows in matrices for row in rows for node in row])
    yield _counted([row[i] for rows in matrices for i in range(len(rows[0])) for row in rows])
    yield _counted(names.parameters)


def _biases(names: Names) -> Iterator[dict[Indices, str]]:
    """Of names with one index: the biases of a layer, or of all layers."""
    layers = [layer for layer in range(1, len(names.sizes) + 1) if layer not in names.unbiased]
    found = {layer: [names.bias(layer, row) for row in range(1, names.rows(layer) + 1)] for layer in layers}
    for biases in found.values():
        yield _counted(biases)
        yield _counted(biases, 0)
    yield _counted([bias for biases in found.values() for bias in biases])
    yield _counted([bias for biases in found.values() for bias in biases], len(names.inputs) + 1)


__all__ = ["Indices", "NameLayout", "layouts"]
