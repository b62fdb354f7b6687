"""The network with some of its quantities as somebody has them, the rest being worked out from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flint import fmpq

from derive.graph import Node, Use
from derive.numbers import Number, as_ball
from derive.verification.intervals import Interval
from derive.verification.passes import At, Passes
from derive.verification.slips import Right, Slip
from derive.verification.world import Address, World

WIDEST = fmpq(1, 20)
"""What follows from rounded numbers is known to this part of itself, or it is not looked at."""

Answers = dict[Address, Callable[[], Number]]


@dataclass(frozen=True, slots=True, eq=False)
class Believed(Slip):
    """Believed values in the passes of one row."""

    answers: Answers

    def value(self, at: At, node: Node, right: Right) -> Number | None:
        """The believed value of a node."""
        return self._answer(Address("value", node.name, "", at.step, at.row))

    def local(self, at: At, use: Use, right: Right) -> Number | None:
        """A believed derivative of a node by what it is computed from."""
        by = use.node.inputs[use.position]
        if use.node.inputs.count(by) > 1:
            return None
        partial = self._answer(Address("partial", use.node.name, by, at.step, at.row))
        if partial is not None:
            return partial
        return self._answer(Address("derivative", use.node.name, by, at.step, at.row))

    def derivative(self, at: At, of: str, by: str, right: Right) -> Number | None:
        """A believed derivative."""
        return self._answer(Address("derivative", of, by, at.step, at.row))

    def _answer(self, address: Address) -> Number | None:
        answer = self.answers.get(address)
        return None if answer is None else answer()


class BelievingPasses(Passes):
    """Passes in which given numbers, and losses, gradients and updates of the batch, too, are as believed."""

    def __init__(self, passes: Passes, answers: Answers) -> None:
        rate = next((answer() for address, answer in answers.items() if address.kind == "rate"), passes.rate)
        start = {**passes.start, **_given(passes.start, answers)}
        rows = [{**row, **_given(row, answers, i)} for i, row in enumerate(passes.rows, 1)]
        slips = (Believed(answers), *passes.slips)
        super().__init__(passes.network, start, rows, rate, slips, passes.equations)
        self._answers = answers

    def loss(self, step: int = 0) -> Number:
        """The loss of the step's batch."""
        answer = self._answers.get(Address("loss", self.graph.output, "", step))
        return super().loss(step) if answer is None else answer()

    def gradient(self, name: str, step: int = 0) -> Number:
        """The derivative of the batch's loss by a parameter."""
        answer = self._answers.get(Address("gradient", self.graph.output, name, step))
        return super().gradient(name, step) if answer is None else answer()

    def updated(self, name: str, step: int) -> Number:
        """The value of a parameter after the update of a step."""
        answer = self._answers.get(Address("value", name, "", step + 1))
        return super().updated(name, step) if answer is None else answer()


def _given(values: Mapping[str, Number], answers: Answers, row: int = 1) -> Mapping[str, Number]:
    """What is believed of given numbers; of inputs in the row that is meant."""
    found = {}
    for address, answer in answers.items():
        if address.kind == "value" and not address.step and address.row == row and address.of in values:
            found[address.of] = answer()
    return found


def believing(world: World, answers: Answers) -> World:
    """The world in which these quantities are what is answered."""
    return world.with_passes(BelievingPasses(world.passes, answers))


def is_hardly_known(span: Interval, unit: fmpq | None) -> bool:
    """Whether what follows from rounded numbers is hardly known: to less than some digits, and a unit of the last."""
    width = as_ball(_width(span)).abs_upper()
    size = as_ball(span.low).abs_upper().min(as_ball(span.high).abs_upper())
    return bool(width > size * WIDEST) and (unit is None or bool(width > 2 * unit))


def _width(span: Interval) -> Number:
    width = span.high - span.low
    return width if type(width) is fmpq else as_ball(width).upper() + 2 * as_ball(span.low).rad()


__all__ = ["Answers", "believing", "is_hardly_known"]
