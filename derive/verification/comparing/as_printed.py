"""The numbers that a document prints where every step is rounded (``rounding = "step"``).

They drift away from the true values by more than their last place, and stand in tables, too. A claim that goes on
with one of them goes on with that quantity.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import enough_precision
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy
from derive.equations.run import Run, run
from derive.expressions.tree import Number
from derive.lesson.quantity import Quantity
from derive.lesson.worked_figures import WorkedFigures
from derive.network import Network
from derive.verification.reading.written_number import unit_of

MAX_NUMBERS_OF_A_PAGE = 20_000
"""At most this many numbers of a network are taken as a page prints them; of more, none."""

MAX_DRIFT = 30
"""By at most this many units of its last place a number is looked at for how far it drifts."""
TENTH = fmpq(1, 10)
MIN_UPDATES_TO_DRIFT = 1
"""After so many updates a table shows what no line works: its numbers came by a route of their own."""


def drift(number: Number, true: Value, *, negative: bool) -> fmpq:
    """By how much a number that another route rounds at every step may be off: twice as much as this one is, or 0."""
    unit = unit_of(number.written) or TENTH  # 1 is 1.0, whose 0 was dropped
    off = number.value - (-true if negative else true)
    size = -off if off < 0 else off
    return next((2 * unit * n for n in range(1, MAX_DRIFT + 1) if size <= unit * n), fmpq(0))


def printed_numbers(network: Network) -> list[tuple[str, Number, Value, bool]]:
    """Every quantity whose printed value is not its true one: its name, what is printed, what is true.

    What is printed is without its sign; the last entry says whether it has one.
    """
    spec = network.spec
    count = len(network.graph.names) * spec.training.iterations * len(network.rows)
    if spec.numbers.rounding != "step" or count > MAX_NUMBERS_OF_A_PAGE:
        return []
    try:
        return enough_precision(lambda: list(_printed(run(network))))
    except (OutsideDomain, Undecided):
        return []


def _printed(numbers: Run) -> Iterator[tuple[str, Number, Value, bool]]:
    policy = Policy(numbers.network.spec.numbers.kind, numbers.network.spec.numbers.digits)
    figures = WorkedFigures(numbers, policy)
    for name, quantity, true in _quantities(numbers):
        value = figures.number(quantity)
        if value != true:
            size = -value if value < 0 else value
            yield name, Number(size, policy.shown(size).text), true, value < 0  # type: ignore[arg-type]


def _quantities(numbers: Run) -> Iterator[tuple[str, Quantity, Value]]:
    """The quantities of all iterations by their names in claims."""
    network = numbers.network
    passes = [[(sample, sample.gradients) for sample in iteration.samples] for iteration in numbers.iterations]
    if numbers.final is not None:
        passes.append([(sample, {}) for sample in numbers.final.samples])
    for k, samples in enumerate(passes):
        for s, (sample, gradients) in enumerate(samples):
            marks = (f"@{k}" if k else "") + (f"[{sample.row}]" if len(network.rows) > 1 else "")
            for node in network.graph.nodes:
                yield node.name + marks, Quantity("value", node.name, k, s), sample.values[node.name]
            for name, value in gradients.items():
                yield f"d{network.output}/d{name}{marks}", Quantity("gradient", name, k, s), value
    for k, iteration in enumerate(numbers.iterations):
        marks = f"@{k}" if k else ""
        for name, value in iteration.gradients.items():
            yield f"d{network.output}/d{name}{marks}", Quantity("batch", name, k), value
        for name, value in iteration.updated.items():
            yield f"{name}@{k + 1}", Quantity("updated", name, k), value
        yield network.output + marks, Quantity("loss", network.output, k), iteration.loss
