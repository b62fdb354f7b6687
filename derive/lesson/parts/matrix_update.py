"""Part 6 in the style ``matrix``: new weights and biases of a layer as matrices."""

from __future__ import annotations

from collections.abc import Callable

from derive.lesson.blocks import Block, Display, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.general import sequential, shares
from derive.lesson.limits import by_layer, worked_layers
from derive.lesson.matrices import ShownMatrix, shown_units, vector, weights
from derive.lesson.matrix_symbols import bias_symbol, derivative, primed, symbol
from derive.lesson.parts.update_lines import matrix_step, step_down
from derive.network import Layer
from derive.ops.optimizers import THETA
from derive.words.runs import Tex


def renewal(desk: Desk, layer: Layer) -> list[Block]:
    """The new weights of a layer, where the layer below needs them at once."""
    said = say("matrix.renewed", number=layer.number)
    return [paragraph(said), *new_weights(desk, layer)]


def new_weights(desk: Desk, layer: Layer) -> list[Display]:
    """W' = W - η ∂E/∂W, and the lines of the optimizer's states before it."""
    units = shown_units(desk)
    return _step_down(desk, "W", layer, symbol(desk, "W", layer.number), lambda kind: weights(layer, units, kind))


def new_biases(desk: Desk, layer: Layer) -> list[Display]:
    """b' = b - η ∂E/∂b; a number where the units share it."""
    if shares(layer):
        return step_down(desk, layer.biases[0])
    shown = shown_units(desk)[layer.number]
    return _step_down(desk, "b", layer, bias_symbol(desk, layer), lambda kind: vector(layer.biases, shown, kind))


def _step_down(desk: Desk, letter: str, layer: Layer, name: Tex, own: Callable[[str], ShownMatrix]) -> list[Display]:
    names, loss = desk.network.names, desk.symbol(desk.network.output)
    states = {key: f"{desk.notation.state_letter(key)}_{{{name}}}" for key in names.states}

    def matrix(kind: str, of: str) -> ShownMatrix:
        numbers = own(kind)
        return numbers if of == THETA else numbers.renamed(lambda parameter: names.state(of, parameter))

    return matrix_step(desk, {THETA: name, "g": derivative(desk, loss, name), **states}, primed, matrix)


def update_matrix(desk: Desk) -> list[Block]:
    """The new values of every layer that is trained, as matrices; those that are already known are left out."""
    blocks: list[Block] = []
    layers = desk.network.layers
    renewed = [layer for layer in layers[1:] if sequential(desk) and layer.spec.train_weights]
    known = [layer.number for layer in worked_layers(desk, renewed)]
    if known:
        blocks.append(paragraph(say("matrix.known", weights=[primed(symbol(desk, "W", number)) for number in known])))

    def write(layer: Layer) -> list[Block]:
        new = new_weights(desk, layer) if layer.spec.train_weights and layer.number not in known else []
        return [*new, *(new_biases(desk, layer) if layer.biases and layer.spec.train_biases else [])]

    return blocks + by_layer(desk, layers, write, lambda _: [])
