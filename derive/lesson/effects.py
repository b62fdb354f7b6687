"""Numbers of what changes do: of one parameter, and of the first update; beside what the derivatives predict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flint import fmpq

from derive.arithmetic.elementary import quotient
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.reals import Value
from derive.equations.run import Run
from derive.lesson.quantity import Quantity


class EffectNumbers(Protocol):
    """The numbers of a run, and what the second opinion says of it."""

    run: Run
    opinion: Any

    def number(self, quantity: Quantity) -> Value:
        """The number itself."""


def _by(figures: EffectNumbers, quantity: Quantity) -> Value:
    by: Value = figures.opinion.changes[quantity.name].by
    return by


def derivative_of(run: Run, quantity: Quantity) -> Quantity:
    """What predicts a change: the batch's derivative by a parameter; of a node that of the sample's own loss."""
    return quantity._replace(kind="gradient" if quantity.name in run.network.graph.by_name else "batch")


def predicted(figures: EffectNumbers, quantity: Quantity) -> Value:
    """The size of the change of the loss that a parameter's derivative predicts."""
    product: Value = figures.number(derivative_of(figures.run, quantity)) * figures.opinion.changes[quantity.name].by
    return -product if product < 0 else product


def rise(figures: EffectNumbers, quantity: Quantity) -> Value:
    """The size of the change of the loss that comes when the parameter is raised."""
    found: Value = figures.opinion.changes[quantity.name].rise
    return -found if found < 0 else found


def part_of_fall(figures: EffectNumbers, name: str) -> Value:
    """What one parameter adds to the fall that the derivatives predict for the first update."""
    first = figures.run.iterations[0]
    part: Value = first.gradients[name] * (first.parameters[name] - first.updated[name])
    return part


def foretold(figures: EffectNumbers, _: Quantity) -> Value:
    """The fall that the derivatives predict for the first update: the sum of derivative times step down."""
    first, *others = (part_of_fall(figures, name) for name in figures.run.iterations[0].updated)
    return sum(others, first)


def squares(figures: EffectNumbers, _: Quantity) -> Value:
    """The sum of the squares of the derivatives with respect to what is trained."""
    gradients = figures.run.iterations[0].gradients
    first, *others = (gradients[name] * gradients[name] for name in figures.run.iterations[0].updated)
    return sum(others, first)


def share(figures: EffectNumbers, quantity: Quantity) -> Value:
    """What the first (0) or second (1) parameter of the ranking adds to the predicted fall, in percent of it."""
    name = ranking(figures)[quantity.iteration]
    return 100 * quotient(part_of_fall(figures, name), figures.number(Quantity("foretold")))


def ranking(figures: EffectNumbers) -> tuple[str, ...]:
    """The two parameters that add most to the predicted fall; of equal ones the first."""
    names = figures.run.iterations[0].updated
    parts = {name: float(as_ball(part_of_fall(figures, name)).mid()) for name in names}
    return tuple(sorted(parts, key=lambda name: -parts[name])[:2])


EFFECTS: Mapping[str, Callable[[Any, Quantity], Value]] = {
    "by": _by,
    "rise": rise,
    "predicted": predicted,
    "foretold": foretold,
    "squares": squares,
    "share": share,
    "worker": lambda _figures, quantity: fmpq(quantity.iteration),
}
"""By the kind of the quantity."""
