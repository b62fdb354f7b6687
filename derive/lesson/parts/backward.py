"""Part 5: the backward pass, in the chosen style."""

from __future__ import annotations

from importlib import import_module

from derive.lesson.blocks import Block, Section, say
from derive.lesson.desk import Desk

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
    return Section("backward", say("backward.title"), tuple(blocks))
