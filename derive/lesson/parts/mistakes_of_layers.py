"""Common mistakes in a network with layers."""

from __future__ import annotations

from collections.abc import Iterator

from derive.expressions.tree import ONE, Expr, Name, Negative, Sum, names_in, plus, times
from derive.lesson.definitions import function_of
from derive.lesson.deltas import delta, short
from derive.lesson.desk import Desk
from derive.lesson.general import sequential, softmax
from derive.lesson.limits import worked_layers, worked_units
from derive.lesson.parts.mistake import CommonMistake
from derive.network import Layer
from derive.words.runs import Tex

MAX_FED = 6
"""Through at most so many units of the next layer a sum over them is written anew."""
IN_ACTIVATION = ("sigmoid", "tanh")
"""Activations whose slope is written with the activation."""


def loss_sign(desk: Desk) -> Iterator[CommonMistake]:
    """t - ŷ for ŷ - t."""
    layer, names = desk.network.layers[-1], desk.network.names
    for j in _outputs(desk):
        z, whole = layer.z[j], delta(desk, layer, j)
        name = Name(names.gradient(z))
        turned = ((one, _turned(one)) for one in (whole, desk.slope(desk.network.outputs[j])))
        for right, taken in turned:
            if taken is not None:
                facts = {"taken": desk.tex(taken), "right": desk.tex(right)}
                formula = taken if right == whole else Negative(name)
                yield CommonMistake("loss_sign", desk.symbol(name.name), desk.own("gradient", z), formula, facts)
                break


def _outputs(desk: Desk) -> tuple[int, ...]:
    """The output units (from 0) of which a parameter is worked in full, and so their δ."""
    last = desk.network.layers[-1]
    units = (j for layer, j, _ in _worked(desk, with_outputs=True) if layer is last)
    return tuple(dict.fromkeys(units))


def _turned(formula: Expr) -> Expr | None:
    """t - ŷ of ŷ - t."""
    if not short(formula) or not isinstance(formula, Sum):
        return None
    first, second = formula.terms
    return Sum((second.operand, Negative(first))) if isinstance(second, Negative) else None


def wrong_slope(desk: Desk) -> Iterator[CommonMistake]:
    """The activation for its slope, or no slope at all."""
    for layer, j, name in _worked(desk, with_outputs=True):
        step = desk.step(layer.z[j])
        if len(step.terms) != 1 or softmax(desk, layer) or layer.spec.activation.name == "identity":
            continue
        own, a, slope = desk.step(name).terms[0].local, layer.a[j], desk.tex(step.terms[0].local)
        arrived = Name(desk.network.names.gradient(a))
        right = desk.own("gradient", name)
        if layer.spec.activation.name in IN_ACTIVATION:
            facts = {"taken": desk.symbol(a), "right": slope}
            yield CommonMistake("activation_for_slope", desk.gradient(name), right, times(arrived, Name(a), own), facts)
        else:
            cause = "mask_left_out" if _is_mask(layer) else "slope_left_out"
            yield CommonMistake(cause, desk.gradient(name), right, times(arrived, own), {"right": slope})


def _is_mask(layer: Layer) -> bool:
    """Whether an activation lets through on one branch what comes back, as it is."""
    function = function_of(layer.spec.activation)
    return function is not None and function.straight and any(piece.derivative == ONE for piece in function.pieces)


def softmax_diagonal_only(desk: Desk) -> Iterator[CommonMistake]:
    """Only the way through a unit's own output."""
    layer, names = desk.network.layers[-1], desk.network.names
    for j in _outputs(desk) if softmax(desk, layer) and layer.units > 1 else ():
        y, z = desk.network.outputs[j], layer.z[j]
        slope = times(Name(y), 1 - Name(y))
        formula, facts = (
            times(Name(names.gradient(y)), slope),
            {"taken": Tex(rf"{desk.gradient(y)} \cdot {desk.tex(slope)}")},
        )
        yield CommonMistake(
            "softmax_diagonal_only", desk.symbol(names.gradient(z)), desk.own("gradient", z), formula, facts
        )


def updated_weights_used(desk: Desk) -> Iterator[CommonMistake]:
    """The new weights of the next layer on the way back."""
    network = desk.network
    if sequential(desk) or network.spec.training.learning_rate is None:
        return
    for layer, j, name in sorted(_worked(desk), key=lambda place: place[2] in place[0].weight_names):
        fed = [*network.layers[layer.number].fed_by(j)]
        slope = desk.step(layer.z[j]).terms
        if len(slope) != 1 or len(fed) > MAX_FED or not all(weight in network.trained for _, weight in fed):
            continue
        terms = [times(_delta(desk, layer, k), Name(f"{weight}'")) for k, weight in fed]
        formula = times(plus(*terms), slope[0].local, desk.step(name).terms[0].local)
        (_, weight), *_ = fed
        facts = {"taken": desk.new_symbol(weight), "right": desk.symbol(weight), "count": len(fed)}
        yield CommonMistake("updated_weights_used", desk.gradient(name), desk.own("gradient", name), formula, facts)


def weight_for_activation(desk: Desk) -> Iterator[CommonMistake]:
    """∂z/∂w = w."""
    for layer, j, name in reversed([*_worked(desk, with_outputs=True)]):
        if name in layer.weight_names:
            upstream, source = Name(desk.network.names.gradient(layer.z[j])), desk.step(name).terms[0].local
            facts = {"taken": desk.symbol(name), "right": desk.tex(source)}
            formula, nonzero = times(upstream, Name(name)), tuple(map(desk.quantity, names_in(source)))
            right = desk.own("gradient", name)
            yield CommonMistake("weight_for_activation", desk.gradient(name), right, formula, facts, nonzero)


def path_left_out(desk: Desk) -> Iterator[CommonMistake]:
    """Only some of the units that an activation feeds."""
    for layer, j, name in _worked(desk):
        following = desk.network.layers[layer.number]
        fed = [*following.fed_by(j)]
        slope = desk.step(layer.z[j]).terms
        if not 1 < len(fed) <= MAX_FED or len(slope) != 1:
            continue
        kept = fed[:-1]
        late = sequential(desk)
        terms = [
            times(_delta(desk, layer, k), Name(f"{w}'" if late and w in desk.network.trained else w)) for k, w in kept
        ]
        formula = times(plus(*terms), slope[0].local, desk.step(name).terms[0].local)
        facts = {"node": desk.symbol(following.z[fed[-1][0]]), "by": desk.symbol(layer.a[j])}
        yield CommonMistake("path_left_out", desk.gradient(name), desk.own("gradient", name), formula, facts)


def lost_constant(desk: Desk) -> Iterator[CommonMistake]:
    """The ½ of the loss forgotten, or the 2 that comes down from its square."""
    spec = desk.network.spec.network
    assert spec is not None
    cause = {"half_squared_error": "half_lost", "squared_error": "two_lost"}.get(spec.loss.name)
    if cause is None or spec.loss.expression is not None:
        return
    for _, _, name in _worked(desk, with_outputs=True):
        right = Name(desk.network.names.gradient(name))
        formula = 2 * right if cause == "half_lost" else right / 2
        yield CommonMistake(cause, desk.gradient(name), desk.own("gradient", name), formula)


def bias_left_out(desk: Desk) -> Iterator[CommonMistake]:
    """A weighted sum without its bias."""
    for layer in worked_layers(desk, desk.network.layers):
        for j in worked_units(desk, layer) if layer.biases else ():
            z, bias = layer.z[j], layer.biases[j]
            facts = {"bias": desk.symbol(bias)}
            yield CommonMistake("bias_left_out", desk.symbol(z), desk.own("value", z), Name(z) - Name(bias), facts)


def _worked(desk: Desk, *, with_outputs: bool = False) -> Iterator[tuple[Layer, int, str]]:
    """The parameters worked in full that stand in one unit alone, with their layer and unit; hidden layers first."""
    layers = desk.network.layers if with_outputs else desk.network.layers[:-1]
    for layer in layers:
        units = {z: j for j, z in enumerate(layer.z)}
        for name in desk.shown_among(layer.parameter_names):
            terms = desk.step(name).terms
            if len(terms) == 1:
                yield layer, units[terms[0].via], name


def _delta(desk: Desk, layer: Layer, k: int) -> Name:
    return Name(desk.network.names.gradient(desk.network.layers[layer.number].z[k]))
