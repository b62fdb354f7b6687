"""Common mistakes in the update, and in what a batch makes of its samples."""

from __future__ import annotations

from collections.abc import Iterator

from derive.expressions.tree import Expr, Name, plus
from derive.lesson.desk import Desk
from derive.lesson.parts.mistake import CommonMistake
from derive.lesson.quantity import Quantity

MAX_SUMMED = 12
"""The gradients of at most so many samples are summed anew."""


def plus_in_update(desk: Desk) -> Iterator[CommonMistake]:
    """The step added."""
    for name in _updated(desk):
        old, new = Name(name), Name(f"{name}'")
        right = Quantity("updated", name)
        yield CommonMistake("plus_in_update", desk.new_symbol(name), right, 2 * old - new)


def learning_rate_left_out(desk: Desk) -> Iterator[CommonMistake]:
    """The whole gradient as the step."""
    for name in reversed([*_updated(desk)]):
        gradient = _of_batch(desk, name, mean=desk.network.spec.training.reduction == "mean")
        if gradient is not None:
            right, facts = Quantity("updated", name), {"rate": desk.eta}
            formula = Name(name) - gradient
            yield CommonMistake("learning_rate_left_out", desk.new_symbol(name), right, formula, facts)


def momentum_left_out(desk: Desk) -> Iterator[CommonMistake]:
    """The second update as if nothing were carried over from the first."""
    network, rate = desk.network, desk.network.spec.training.learning_rate
    if network.optimizer.name != "momentum" or rate is None:
        return
    if len(desk.run.iterations) < 2 or len(desk.run.iterations[1].samples) > 1:
        return
    for name in desk.shown_among(network.trained):
        formula = Name(name) - rate.expression * Name(network.names.gradient(name))
        facts = {"momentum": desk.symbol("mu")}
        yield CommonMistake("momentum_left_out", desk.symbol(f"{name}@2"), Quantity("updated", name, 1), formula, facts)


def _of_batch(desk: Desk, name: str, *, mean: bool) -> Expr | None:
    """The mean or the sum of the samples' derivatives; None where they are too many."""
    samples, gradient = desk.run.iterations[0].samples, desk.network.names.gradient(name)
    if len(samples) > MAX_SUMMED:
        return None
    if len(samples) == 1:
        return Name(gradient)
    total = plus(*(Name(f"{gradient}[{sample.row}]") for sample in samples))
    return total / len(samples) if mean else total


def _updated(desk: Desk) -> Iterator[str]:
    if desk.network.spec.training.learning_rate is not None:
        yield from desk.shown_among(desk.network.trained)


def mean_for_sum(desk: Desk) -> Iterator[CommonMistake]:
    """The sum over the samples for their mean, or the other way round."""
    mean = desk.network.spec.training.reduction == "mean"
    cause = "sum_for_mean" if mean else "mean_for_sum"
    for name in desk.shown if len(desk.run.iterations[0].samples) > 1 else ():
        formula = _of_batch(desk, name, mean=not mean)
        if formula is not None:
            yield CommonMistake(cause, desk.reduced_gradient(name), Quantity("batch", name), formula)
