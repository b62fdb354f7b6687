"""What a derivative means: its sign, and a small change of the parameter, predicted and worked again."""

from __future__ import annotations

from functools import partial

from derive.arithmetic.numbers import is_zero
from derive.arithmetic.reals import Value
from derive.lesson.blocks import Block, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.general import sequential
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import kinks_of_iteration


def small_change(desk: Desk, name: str) -> list[Block]:
    """The sentence on a parameter of a batch of one sample; of more, its derivative is not found yet."""
    return of_batch(desk, name) if len(desk.run.iterations[0].samples) == 1 else []


def of_batch(desk: Desk, name: str, *, alone: bool = True) -> list[Block]:
    """The sentence on a parameter, where the batch's derivative by it stands above; none where it says nothing.

    ``alone``: nothing else stands there, so that it need not be named.
    """
    return desk.sheet.part(("change", name, alone), partial(_of_batch, desk, name, alone=alone))


def _of_batch(desk: Desk, name: str, *, alone: bool) -> list[Block]:
    facts = {
        "derivative": None if alone else desk.reduced_gradient(name),
        "name": desk.symbol(name),
        "loss": desk.symbol(desk.network.output),
    }
    if desk.sheet.ask(lambda figures: name not in figures.opinion.changes):
        zero = desk.sheet.ask(lambda figures: is_zero(_derivative(figures, name)))
        predicts = zero and not sequential(desk) and not desk.sheet.ask(lambda f: bool(kinks_of_iteration(f)))
        return [paragraph(say("change.none", **facts))] if predicts else []
    if not desk.sheet.ask(lambda figures: _has_its_sign(figures, name)):
        return []
    negative: bool = desk.sheet.ask(lambda figures: bool(_derivative(figures, name) < 0))
    said = say(
        "change.raised",
        by=desk.number(Quantity("by", name)),
        predicted=desk.number(Quantity("predicted", name)),
        found=desk.number(Quantity("rise", name)),
        negative=negative,
        **facts,
    )
    return [paragraph(said)]


def _derivative(figures: Figures, name: str) -> Value:
    return figures.run.iterations[0].gradients[name]


def _has_its_sign(figures: Figures, name: str) -> bool:
    """Whether the derivative on the page has the true one's sign, which roundings of steps may have changed."""
    shown = figures.number(Quantity("batch", name))
    return bool(shown < 0) if _derivative(figures, name) < 0 else bool(shown > 0)
