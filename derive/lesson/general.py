"""Symbols that hold for every layer and unit, in the notation of the document: δ of unit j of layer l."""

from __future__ import annotations

from derive.lesson.desk import Desk
from derive.network import Layer
from derive.words.runs import Tex


def general(desk: Desk, letter: str, layer: str | int, indices: str = "") -> Tex:
    r"""A letter of the ASCII names with a layer and indices that may be letters: ``\delta^{l}_{j}``, ``W^{l+1}``.

    In the notation ``flat`` indices have commas between them.
    """
    joined = ",".join(indices) if desk.notation.preset.flat else indices
    return Tex(desk.notation.indexed(letter, layer, joined))


def bias_of(desk: Desk, layer: str | int, unit: str = "") -> Tex:
    """A bias, or all biases of a layer: in the notation ``bias_unit`` a weight from unit 0."""
    if desk.notation.bias_unit:
        return general(desk, "w", layer, unit + "0")
    return general(desk, "b", layer, unit)


def output_of(desk: Desk, index: str) -> Tex:
    r"""An output with a letter for its index: ``\hat{y}_{j}``."""
    if desk.notation.as_activations:
        return general(desk, "a", len(desk.network.layers), index)
    return Tex(f"{desk.notation.output()}_{{{index}}}")


def partial(above: str, below: str) -> Tex:
    r"""``\frac{\partial E}{\partial z}``."""
    return Tex(rf"\frac{{\partial {above}}}{{\partial {below}}}")


def sequential(desk: Desk) -> bool:
    """Whether later layers are updated first and their new weights carry δ back."""
    return desk.network.spec.sequential


def renewed(desk: Desk, layer: Layer) -> bool:
    """Whether δ goes back over this layer's new weights."""
    return sequential(desk) and layer.spec.train_weights


def softmax(desk: Desk, layer: Layer) -> bool:
    """Whether the activation takes its whole layer."""
    return desk.network.graph.by_name[layer.a[0]].operation.kind == "softmax"


def shares(layer: Layer) -> bool:
    """Whether several units have one bias."""
    return layer.spec.shared_bias and layer.units > 1


def free_letter(desk: Desk, wanted: str, *others: str) -> Tex:
    """The first of these letters that no quantity has."""
    free = (Tex(letter) for letter in (wanted, *others) if desk.letter(letter) == letter)
    return next(free, Tex(wanted))


def by_steps(desk: Desk) -> bool:
    """Whether every value is worked from printed ones, so that the way to each must be told."""
    return desk.network.spec.numbers.rounding == "step"
