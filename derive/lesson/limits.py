"""How much a document works in full, tabulates, and leaves out; what is left out is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from derive.lesson.desk import Desk
from derive.network import Layer

Item = TypeVar("Item")

WORKED_UNITS = 6
"""In a layer of more units only those of the shown parameters are worked in full."""
TABLE_ROWS = 40
"""A table of more rows is cut: the first ones, and the last."""
KEPT_ROWS = 10
WEIGHT_COLUMNS = 7
DATA_COLUMNS = 10
"""A table or matrix of more columns is cut likewise."""
SAMPLE_ROWS = 20
ITERATION_ROWS = 20
ROUTES = 4
"""A parameter with more routes is worked through the sum over the next layer."""


def worked_units(desk: Desk, layer: Layer) -> tuple[int, ...]:
    """The units of a layer that are worked in full, counted from 0."""
    if layer.units <= WORKED_UNITS:
        return tuple(range(layer.units))
    shown = set(desk.shown)
    units = [
        j
        for j in range(layer.units)
        if not shown.isdisjoint((*layer.weights[j], *layer.biases[j : j + 1]))
    ]
    return tuple(units[:WORKED_UNITS]) or (0,)


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
