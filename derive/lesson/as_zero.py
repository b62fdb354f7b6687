"""What stands on the page as 0 though nothing proves that it is 0, or though it is tiny: the document says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from derive.arithmetic.numbers import BOUND_DIGITS, is_bounded_zero, is_zero
from derive.arithmetic.rounding import is_too_small_to_write
from derive.lesson.blocks import Block, note, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import MAX_NAMED
from derive.words.runs import Say, Tex

Named = tuple[Callable[[], Tex], Quantity]
"""A quantity, and how its symbol is found, if it is wanted: of thousands hardly any is."""


def values_as_zero(desk: Desk) -> list[Block]:
    """A note on the values of the first forward pass."""
    names = [node.name for node in desk.network.graph.nodes]
    return _noted(desk, ((partial(desk.symbol, name + desk.mark), desk.quantity(name)) for name in names))


def gradients_as_zero(desk: Desk) -> list[Block]:
    """A note on the derivatives of the first backward pass: of the worked sample, and of the batch."""
    network = desk.network
    nodes = [node.name for node in network.graph.nodes if node.name in desk.differentiated]
    named: list[Named] = [(partial(desk.gradient, name), desk.own("gradient", name)) for name in nodes]
    named += [(partial(desk.reduced_gradient, name), Quantity("batch", name)) for name in network.parameters]
    return _noted(desk, named)


def later_as_zero(desk: Desk) -> list[Block]:
    """A note on the outputs after the updates."""
    network, last = desk.network, len(desk.run.iterations)
    output = network.output

    def named() -> Iterator[Named]:
        for k in range(1, last + 1):
            yield partial(desk.symbol, f"{output}@{k}"), Quantity("loss", output, k)

    return _noted(desk, named())


def _noted(desk: Desk, named: Iterable[Named]) -> list[Block]:
    """One note for those that nothing proves to be 0, one for those that are tiny."""
    symbols, quantities = [], []
    for symbol, quantity in named:
        symbols.append(symbol)
        quantities.append(quantity)
    kinds: tuple[tuple[int, bool], ...] = desk.sheet.ask(lambda figures: _found(figures, quantities))
    either = [symbols[i]() for i, tiny in kinds if not tiny]
    tiny = [symbols[i]() for i, small in kinds if small]
    return [note(_said(those, key)) for those, key in ((either, "zero_or_tiny"), (tiny, "tiny")) if those]


def _found(figures: Figures, quantities: list[Quantity]) -> tuple[tuple[int, bool], ...]:
    """Which of them are printed as 0 and are not known to be 0; and whether they are known not to be."""
    found = []
    for i, quantity in enumerate(quantities):
        value = figures.true_number(quantity)
        if value is None or is_zero(value):
            continue
        if is_bounded_zero(value):
            found.append((i, False))
        elif is_too_small_to_write(value):
            found.append((i, True))
    return tuple(found)


def _said(symbols: list[Tex], key: str) -> Say:
    named = list(dict.fromkeys(symbols))
    shown = named[:MAX_NAMED]
    return say(f"remarks.{key}", units=shown, count=len(named), more=len(named) - len(shown), digits=BOUND_DIGITS)
