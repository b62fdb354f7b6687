"""From the samples' gradients to the batch's: summed, and divided by their number where the reduction is the mean."""

from __future__ import annotations

from collections.abc import Sequence

from derive.equations.objective import objective_gradient
from derive.lesson.blocks import Block, Display, Heading, Table, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.limits import SAMPLE_ROWS, cut
from derive.lesson.parts.small_change import of_batch
from derive.lesson.quantity import Quantity
from derive.lesson.sample_terms import terms_of_samples
from derive.words.runs import Cell, Say, Tex

DOTS = Tex(r"\vdots")
MAX_COLUMNS = 7
"""At most this many parameters stand in one table; more stand in a further one."""


def objective(desk: Desk) -> Say:
    """What the losses of a batch are made into, in a word: their mean, their sum."""
    return say(f"objectives.{desk.network.objective.name}")


def reduction(desk: Desk, shown: Sequence[str] | None = None) -> list[Block | Heading]:
    """The gradients of the shown parameters, or some of them, for every sample, and the batch's that come from them."""
    samples = desk.run.iterations[0].samples
    if len(samples) == 1:
        return []
    shown = desk.shown if shown is None else shown
    blocks: list[Block | Heading] = [
        Heading("samples", say("reduction.title")),
        paragraph(
            say("reduction.opening", own=desk.any_output, sample=desk.letter("s"), has_loss=desk.network.has_loss)
        ),
    ]
    blocks += [_samples(desk, shown[i : i + MAX_COLUMNS]) for i in range(0, len(shown), MAX_COLUMNS)]
    blocks.append(paragraph(say("reduction.rule", objective=objective(desk), has_loss=desk.network.has_loss)))
    for name in shown:
        blocks += [batch_gradient(desk, name), *of_batch(desk, name)]
    return blocks


def _any_gradient(desk: Desk, name: str) -> Tex:
    return Tex(desk.notation.derivative(desk.any_output, desk.symbol(name)))


def batch_gradient(desk: Desk, name: str) -> Display:
    """The samples' gradients by one parameter, summed or averaged."""
    terms, values = terms_of_samples(desk, Quantity("gradient", name))
    count = len(desk.run.iterations[0].samples)
    formula = objective_gradient(desk.network, name, terms, count=count, factor_first=True)
    return Display(desk.worked(desk.reduced_gradient(name), Quantity("batch", name), (formula,), values=values))


def _samples(desk: Desk, shown: Sequence[str]) -> Table:
    """The derivatives of each sample's own loss by some parameters."""
    samples = desk.run.iterations[0].samples
    head: tuple[Cell, ...] = (say("network.sample"), *(_any_gradient(desk, name) for name in shown))
    rows = [
        (DOTS,) * len(head)
        if s is None
        else (Tex(str(samples[s].row)), *(desk.number(Quantity("gradient", name, 0, s)) for name in shown))
        for s in cut(range(len(samples)), SAMPLE_ROWS)[0]
    ]
    return Table(head, tuple(rows), "r" * len(head))
