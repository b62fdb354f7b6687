"""The four equations of the style ``matrix`` in the letters of a network."""

from __future__ import annotations

from derive.equations.of_layers import (
    A,
    GradientOfLoss,
    HadamardProduct,
    LayerEquation,
    Slopes,
    SoftmaxSlopes,
    arriving,
    bias_gradient,
    hidden_delta,
    output_delta,
    weight_gradient,
)
from derive.lesson.blocks import Block, Display, Row, paragraph, say
from derive.lesson.deltas import simplification
from derive.lesson.desk import Desk
from derive.lesson.general import general, renewed, shares, softmax
from derive.lesson.matrices import EQUALS
from derive.lesson.matrix_symbols import MatrixTex, any_activation, primed, slopes_symbol, symbol
from derive.lesson.parts.delta import entry_rules
from derive.words.runs import Say, Tex


def equations(desk: Desk) -> list[Block]:
    """BP1 to BP4, in the letters of this network."""
    found, loss = _of_network(desk), desk.symbol(desk.network.output)
    rows = tuple(_row(desk, equation) for equation in found)
    opening = say(
        "matrix.opening", count=len(rows), symbol=general(desk, "delta", "l"), loss=loss, z=general(desk, "z", "l")
    )
    derived: list[Block] = [paragraph(say("matrix.entries_derived")), *entry_rules(desk)]
    return [paragraph(opening), Display(rows), paragraph(*_remarks(desk, found)), *derived]


def _of_network(desk: Desk) -> list[LayerEquation]:
    """Those of the equations that the network has."""
    layers = desk.network.layers
    found = [output_delta(short=simplification(desk, 0) is not None, softmax=softmax(desk, layers[-1]))]
    if len(layers) > 1:
        found.append(hidden_delta(is_new=_is_any_renewed(desk)))
    with_bias = [layer for layer in layers if layer.biases]
    if with_bias:
        found.append(bias_gradient(shared=all(map(shares, with_bias))))
    return [*found, weight_gradient()]


def _is_any_renewed(desk: Desk) -> bool:
    return any(renewed(desk, layer) for layer in desk.network.layers[1:])


def _row(desk: Desk, equation: LayerEquation) -> Row:
    written = MatrixTex(desk, desk.network.layers[-1] if equation.of_output else None)
    return Row(written(equation.left), EQUALS, written(equation.right), say("matrix.bp", number=equation.number))


def _remarks(desk: Desk, found: list[LayerEquation]) -> list[Say]:
    """What the signs in the equations mean, and why (BP2) holds."""
    layers = desk.network.layers
    slope = any_activation(desk) + "'"
    signs = [say("matrix.entrywise")] if any(equation.right.has(HadamardProduct) for equation in found) else []
    signs.append(say("matrix.transposes"))
    has_slope = any(equation.right.has(Slopes) for equation in found)
    signs += [say("matrix.slope", symbol=Tex(slope))] if has_slope else []
    signs += _nabla(desk, found[0])
    said = [
        say("matrix.signs", signs=signs),
        say("matrix.inputs", a=general(desk, "a", 0), x=symbol(desk, "a", 0)),
    ]
    if len(layers) > 1:
        weight = general(desk, "w", "l+1", "kj")
        new = _is_any_renewed(desk)
        term = rf"{primed(weight) if new else weight}\, {general(desk, 'delta', 'l+1', 'k')}"
        key, product = "matrix.why_new" if new else "matrix.why", MatrixTex(desk)(arriving(is_new=new))
        said.append(say(key, product=product, entry=Tex(rf"\sum_{{k}} {term}")))
    with_bias = [layer for layer in layers if layer.biases]
    if any(map(shares, with_bias)) and not all(map(shares, with_bias)):
        said.append(say("matrix.shared", product=MatrixTex(desk)(bias_gradient(shared=True).right)))
    return said + _softmax_slopes(desk, found[0], slope)


def _nabla(desk: Desk, first: LayerEquation) -> list[Say]:
    """What the gradient by the outputs is, where (BP1) has it."""
    if not first.right.has(GradientOfLoss):
        return []
    last, loss = desk.network.layers[-1], desk.symbol(desk.network.output)
    return [
        say(
            "matrix.nabla", symbol=MatrixTex(desk, last)(GradientOfLoss(A)), loss=loss, y=symbol(desk, "a", last.number)
        )
    ]


def _softmax_slopes(desk: Desk, first: LayerEquation, slope: str) -> list[Say]:
    """The matrix of slopes of a softmax: in (BP1), or in place of f' in a hidden layer."""
    matrix, hidden = slopes_symbol(desk), any(softmax(desk, layer) for layer in desk.network.layers[:-1])
    said = [say("matrix.slopes", matrix=matrix)] if first.right.has(SoftmaxSlopes) else []
    said += [say("matrix.softmax_inside", matrix=matrix, slope=Tex(slope))] if hidden else []
    return [*said, say("matrix.diagonal")] if said else []
