"""A loss put in proportion: what a network would have that guesses."""

from __future__ import annotations

from flint import fmpq

from derive.arithmetic.numbers import is_zero
from derive.expressions.tree import Call, Expr, Number, times
from derive.lesson.blocks import Block, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity
from derive.words.runs import Tex


def guessing(desk: Desk) -> list[Block]:
    """The loss of the worked sample beside that of equal probabilities; none where the outputs are no probabilities."""
    network = desk.network
    assert network.spec.network is not None
    loss, last = network.spec.network.loss.name, network.layers[-1].spec.activation.name
    count = len(network.outputs)
    if (loss, last) == ("cross_entropy", "softmax") and count > 1:
        if not desk.sheet.ask(lambda figures: _targets_add_to_one(figures, desk.sample)):
            return []
        formula: Expr = Call("ln", (Number(fmpq(count)),))
    elif (loss, last) == ("binary_cross_entropy", "sigmoid"):
        two = Call("ln", (Number(fmpq(2)),))
        formula = two if count == 1 else times(Number(fmpq(count)), two)
    else:
        return []
    guess = Quantity("local", formula=formula)
    value = Tex(f"{desk.tex(formula)} {desk.equals(guess)}")
    return [paragraph(say("forward.guessing", value=value, classes=count if last == "softmax" else 0))]


def _targets_add_to_one(figures: Figures, sample: int) -> bool:
    values = figures.run.iterations[0].samples[sample].values
    first, *others = (values[name] for name in figures.network.targets)
    return is_zero(sum(others, first) - 1)
