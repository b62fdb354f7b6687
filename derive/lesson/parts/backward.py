"""Part 5: the backward pass, in the chosen style."""

from __future__ import annotations

from derive.lesson.as_zero import gradients_as_zero
from derive.lesson.blocks import Block, Heading, Section, paragraph, say, sections_of
from derive.lesson.desk import Desk
from derive.lesson.styles import form_of, part
from derive.words.runs import Tex


def backward(desk: Desk) -> tuple[Section, ...]:
    """The gradients of all parameters."""
    blocks: list[Block | Heading] = part(desk.style.backward[form_of(desk.network)])(desk)
    blocks += part(desk.style.below)(desk) if desk.style.below and desk.network.has_matrix_form else []
    whole = Section("backward", say("backward.title"), ())
    return sections_of(whole, (*blocks, *_only_sample(desk), *gradients_as_zero(desk)))


def _only_sample(desk: Desk) -> list[Block]:
    """Of several samples the batch has one: the batch's gradients are that sample's."""
    if len(desk.network.rows) == 1 or len(desk.run.iterations[0].samples) > 1:
        return []
    parameter, loss = desk.letter("p"), desk.symbol(desk.network.output)
    whole, own = (Tex(rf"\partial {above} / \partial {parameter}") for above in (loss, desk.own_output))
    return [
        paragraph(say("backward.only_sample", row=desk.row(desk.sample), whole=whole, own=own, parameter=parameter))
    ]
