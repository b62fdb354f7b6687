"""One quantity written for another: the right number of another step, unit or weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.naming.quantity import NamedQuantity
from derive.verification.points.training import Training

MAX_MIXED_UP = 400
"""At most this many quantities of one kind are looked at."""


def mixed_up(truth: Training, quantity: NamedQuantity) -> Iterator[tuple[str, NamedQuantity]]:
    """What may be taken for a quantity, with the name of the cause."""
    here = quantity.step or 0
    for step in (here - 1, here + 1, here - 2, here + 2):
        if 0 <= step <= truth.last:
            yield "step_miscounted", replace(quantity, step=step or None)
    yield from (("another_quantity", other) for other in _alike(truth, quantity))


def _alike(truth: Training, quantity: NamedQuantity) -> Iterator[NamedQuantity]:
    """Quantities of the same kind: another unit, another weight."""
    network = truth.network
    names = network.names
    varied = quantity.by if quantity.by is not None else quantity.base
    kind = names.describe(varied)
    if kind is None:
        return
    parameters = network.parameters if varied in network.start else ()
    alike = [n for n in network.graph.names if n[0] == varied[0]]
    for other in dict.fromkeys((*alike[:MAX_MIXED_UP], *parameters[:MAX_MIXED_UP])):
        described = names.describe(other)
        if described is not None and other != varied and (described.kind == kind.kind or other in parameters):
            yield replace(quantity, by=other) if quantity.by is not None else replace(quantity, base=other)
