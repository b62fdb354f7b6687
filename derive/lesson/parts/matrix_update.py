"""Part 6 in the style ``matrix``: new weights and biases of a layer as matrices."""

from __future__ import annotations

from derive.lesson.blocks import Block, Display, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.general import sequential, shares
from derive.lesson.limits import by_layer, worked_layers
from derive.lesson.matrices import Matrix, Part, Term, gives, shown_units, vector, weights, working
from derive.lesson.parts.matrix_forward import bias_symbol, derivative, primed, symbol
from derive.lesson.parts.update import step_down
from derive.network import Layer
from derive.words.runs import Tex


def renewal(desk: Desk, layer: Layer) -> list[Block]:
    """The new weights of a layer, where the layer below needs them at once."""
    said = say("matrix.renewed", number=layer.number)
    return [paragraph(said), new_weights(desk, layer)]


def new_weights(desk: Desk, layer: Layer) -> Display:
    """W' = W - η ∂E/∂W."""
    units = shown_units(desk)
    old, gradient, new = (weights(layer, units, kind) for kind in ("value", "batch", "updated"))
    return _step_down(desk, symbol(desk, "W", layer.number), old, gradient, new)


def new_biases(desk: Desk, layer: Layer) -> Display:
    """b' = b - η ∂E/∂b; a number where the units share it."""
    if shares(layer):
        return step_down(desk, layer.biases[0])
    shown = shown_units(desk)[layer.number]
    old, gradient, new = (vector(layer.biases, shown, kind) for kind in ("value", "batch", "updated"))
    return _step_down(desk, bias_symbol(desk, layer), old, gradient, new)


def _step_down(desk: Desk, name: Tex, old: Matrix, gradient: Matrix, new: Matrix) -> Display:
    loss = desk.symbol(desk.network.output)
    gives(desk, new, Term((old,)), Term((gradient,), negative=True, scale=desk.rate))
    parts = [Part(old), Part(gradient, rf"- {desk.number(desk.rate)}\,")]
    symbols = Tex(rf"{name} - {desk.eta}\, {derivative(desk, loss, name)}")
    return working(desk, primed(name), [symbols], parts, new, desk.rate)


def update_matrix(desk: Desk) -> list[Block]:
    """The new values of every layer that is trained, as matrices; those that are already known are left out."""
    blocks: list[Block] = []
    layers = desk.network.layers
    renewed = [layer for layer in layers[1:] if sequential(desk) and layer.spec.train_weights]
    known = [layer.number for layer in worked_layers(desk, renewed)]
    if known:
        blocks.append(paragraph(say("matrix.known", weights=[primed(symbol(desk, "W", number)) for number in known])))

    def write(layer: Layer) -> list[Block]:
        new = [new_weights(desk, layer)] if layer.spec.train_weights and layer.number not in known else []
        return [*new, *([new_biases(desk, layer)] if layer.biases and layer.spec.train_biases else [])]

    return blocks + by_layer(desk, layers, write, lambda _: [])
