"""How much a document works in full, tabulates, and leaves out; what is left out is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from derive.lesson.blocks import Paragraph, paragraph, say
from derive.lesson.desk import Desk
from derive.network import Layer

Item = TypeVar("Item")
ByLayer = TypeVar("ByLayer")

WORKED_LAYERS = 6
"""Of a network of more layers the first two, the last two and those of the shown parameters are worked."""
WORKED_UNITS = 6
"""In a layer of more units only those of the shown parameters are worked in full: so many of them, or all."""
TABLE_ROWS = 40
"""A table of more rows is cut: the first ones, and the last."""
KEPT_ROWS = 10
MAX_UPDATES = 3
"""At most this many updates are worked in full where one needs what was carried over from the one before."""
WEIGHT_COLUMNS = 7
DATA_COLUMNS = 10
"""A table or matrix of more columns is cut likewise."""
SIZE_ROWS = 9
SAMPLE_ROWS = 20
ITERATION_ROWS = 20
MAX_GRAPH_PARAMETERS = 12
"""Of a graph with more parameters, the first ones are worked in full."""
GRAPH_NODES = 60
FIRST_NODES, LAST_NODES = 10, 40
"""Of a graph of more nodes the first ones are worked, and the last ones, where the backward pass begins."""
ROUTES = 4
"""A parameter with more routes is worked through the sum over the next layer."""
MAX_ROUTE = 20
"""At most this many factors of a route are written as one chain."""


def worked_units(desk: Desk, layer: Layer) -> tuple[int, ...]:
    """The units of a layer that are worked in full, counted from 0."""
    if layer.units <= WORKED_UNITS:
        return tuple(range(layer.units))
    shown = set(desk.shown_among(frozenset(layer.parameter_names)))
    units = [j for j in range(layer.units) if not shown.isdisjoint(layer.parameters_of(j))]
    if shown.issuperset(layer.parameter_names):
        return tuple(range(layer.units))
    return tuple(units[:WORKED_UNITS]) or (0,)


def outer_layers(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers of which a parameter is shown where nothing else is asked for."""
    return tuple(layers) if len(layers) <= WORKED_LAYERS else (*layers[:2], *layers[-2:])


def by_layer(
    desk: Desk,
    layers: Sequence[Layer],
    write: Callable[[Layer], Sequence[ByLayer]],
    beside: Callable[[Layer], Sequence[ByLayer]],
    *,
    given: bool = False,
) -> list[ByLayer | Paragraph]:
    """The blocks of the layers that are worked; for each run of others a sentence, and what is ``beside`` its end.

    ``layers`` come in the order of the text; ``beside`` writes the numbers of the last layer that is left out, which
    the next one needs. ``given``: there is nothing to work, the blocks are what is given.
    """
    worked = {layer.number for layer in worked_layers(desk, layers)}
    blocks: list[ByLayer | Paragraph] = []
    for left_out, run in groupby(layers, lambda layer: layer.number not in worked):
        group = list(run)
        if not left_out:
            blocks += [block for layer in group for block in write(layer)]
            continue
        numbers = sorted(layer.number for layer in group)
        blocks.append(paragraph(say("limits.layers", first=numbers[0], last=numbers[-1], worked=not given)))
        blocks += beside(group[-1])
    return blocks


def worked_layers(desk: Desk, layers: Sequence[Layer]) -> list[Layer]:
    """Those of these layers that :func:`by_layer` does not leave out."""
    outer = {layer.number for layer in outer_layers(desk.network.layers)}
    return [layer for layer in layers if layer.number in outer or desk.shown_among(layer.parameter_names)]


def cut(items: Sequence[Item], most: int) -> tuple[tuple[Item | None, ...], int]:
    """The items, or the first ones, None for a gap, and the last; and how many are left out.

    >>> cut("abcdef", 4)
    (('a', 'b', None, 'f'), 3)
    >>> cut("abc", 4)
    (('a', 'b', 'c'), 0)
    """
    if len(items) <= most:
        return tuple(items), 0
    kept = min(most - 2, KEPT_ROWS)
    return (*items[:kept], None, items[-1]), len(items) - kept - 1
