"""The loss, and the outputs, over the updates, as a figure.

Where a curve goes is not printed, so that positions may be rounded; every number that is printed is one of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from derive.arithmetic.numbers import position
from derive.figures.later import DrawnLater
from derive.lesson.blocks import Figure, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity
from derive.words.runs import Say, Tex

if TYPE_CHECKING:
    from derive.figures.plan import Plan

LEAST_ITERATIONS = 3
"""Of fewer iterations there is no curve."""
MAX_OUTPUTS_DRAWN = 3
"""At most this many outputs are drawn beside the loss."""
MAX_POINTS = 120
"""A curve has at most this many points, and one more."""
COMPARABLE = 4
"""Outputs share the axis of the loss where neither reaches so many times as far as the other."""
FLAT = 1e-9
"""A curve that moves by less, beside its size, is a straight line in any drawing."""


def curves(desk: Desk, *, same_rows: bool) -> Figure | None:
    """The figure of the loss over the updates; None where there are few, or nothing to see.

    ``same_rows``: every iteration takes all rows; else the loss is that of the iteration's batch.
    """
    count = len(desk.run.iterations)
    if count < LEAST_ITERATIONS or desk.contents.figures == "none":
        return None
    last = count if same_rows else count - 1
    drawn: tuple[str, ...] = desk.sheet.ask(lambda figures: _drawn(figures, last))
    if not drawn:
        return None
    names, across = {name: desk.symbol(name) for name in drawn}, Tex(rf"\text{{{desk.word('helped.updates')}}}")
    title = say("helped.curves", symbols=list(names.values()), same=same_rows)
    said = tuple(_said(desk, name, symbol, last) for name, symbol in names.items())
    return Figure("curve", title, said, _later(desk, names, across, last))


def _said(desk: Desk, name: str, symbol: Tex, last: int) -> Say:
    """Where a curve begins and ends."""
    before, after = (desk.number(_quantity(desk.network.output, name, k)) for k in (0, last))
    return say("helped.curve", symbol=symbol, before=before, after=after, updates=last)


def _later(desk: Desk, names: Mapping[str, Tex], across: Tex, last: int) -> DrawnLater:
    from derive.figures.plan import MAX_WIDTH
    from derive.figures.plots import HEIGHT

    token = desk.sheet.drawn(lambda figures: _plan(figures, names, across, last))
    return DrawnLater(token, MAX_WIDTH, HEIGHT, (*names.values(), across))


def _quantity(output: str, name: str, iteration: int) -> Quantity:
    return Quantity("loss" if name == output else "value", name, iteration)


def _steps(last: int) -> list[int]:
    """The updates at which a curve has a point, the first and the last one among them."""
    stride = -(-last // MAX_POINTS)
    return [*range(0, last, stride), last]


def _heights(figures: Figures, name: str, last: int) -> list[float]:
    return [position(figures.number(_quantity(figures.network.output, name, k))) for k in _steps(last)]


def _drawn(figures: Figures, last: int) -> tuple[str, ...]:
    """What there is to draw: the loss (or output) where it can be drawn, and outputs that share its axis."""
    output = figures.network.output
    heights = _heights(figures, output, last)
    if not all(map(isfinite, heights)) or _reach(heights) <= FLAT * max(map(abs, heights)):
        return ()
    outputs = figures.network.outputs if len(figures.network.rows) == 1 else ()
    if not 0 < len(outputs) <= MAX_OUTPUTS_DRAWN:
        return (output,)
    reach = max(max(map(abs, _heights(figures, name, last))) for name in outputs)
    most = max(map(abs, heights))
    return (output, *outputs) if reach < COMPARABLE * most and most < COMPARABLE * reach else (output,)


def _reach(heights: Sequence[float]) -> float:
    return max(heights) - min(heights)


def _plan(figures: Figures, names: Mapping[str, Tex], across: Tex, last: int) -> Plan:
    from derive.figures.plots import Axis, Curve, Plot, plan_of

    steps, output = _steps(last), figures.network.output
    found = []
    for name, symbol in names.items():
        points = tuple(zip(map(float, steps), _heights(figures, name, last), strict=True))
        loss = name == output
        found.append(Curve(symbol, points, "main" if loss else "value", dashed=not loss))
    heights = [y for curve in found for _, y in curve.points]
    low, high = min(heights), max(heights)
    if 0 < low < high / 2:
        low = 0.0
    return plan_of(Plot(Axis(across, 0, last, whole=True), Axis(names[output], low, high), tuple(found)))
