"""Part 5: the backward pass, in the chosen style."""

from __future__ import annotations

from importlib import import_module

from derive.lesson.as_zero import gradients_as_zero
from derive.lesson.blocks import Block, Section, paragraph, say
from derive.lesson.desk import Desk
from derive.words.runs import Tex

LAYERED = {
    "routes": "derive.lesson.parts.routes:backward_routes",
    "graph": "derive.lesson.parts.graph:backward_nodes",
    "delta": "derive.lesson.parts.delta:backward_delta",
    "matrix": "derive.lesson.parts.matrix:backward_matrix",
}
GRAPH = {
    "graph": "derive.lesson.parts.graph:backward_graph",
    "routes": "derive.lesson.parts.graph_routes:backward_graph_routes",
}
"""Where each style lives: only the chosen one is imported."""


def backward(desk: Desk) -> Section:
    """The gradients of all parameters."""
    module, _, function = (LAYERED if desk.network.layered else GRAPH)[desk.style].partition(":")
    blocks: list[Block] = getattr(import_module(module), function)(desk)
    return Section("backward", say("backward.title"), (*blocks, *_only_sample(desk), *gradients_as_zero(desk)))


def _only_sample(desk: Desk) -> list[Block]:
    """Of several samples the batch has one: the batch's gradients are that sample's."""
    if len(desk.network.rows) == 1 or len(desk.run.iterations[0].samples) > 1:
        return []
    parameter, loss = desk.letter("p"), desk.symbol(desk.network.output)
    whole, own = (Tex(rf"\partial {above} / \partial {parameter}") for above in (loss, desk.own_output))
    return [paragraph(say("backward.only_sample", row=desk.row(0), whole=whole, own=own, parameter=parameter))]
