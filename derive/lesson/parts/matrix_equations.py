"""The four equations of the style ``matrix`` in the letters of a network.

Nielsen, *Neural Networks and Deep Learning*, 2015, chapter 2.
"""

from __future__ import annotations

from derive.lesson.blocks import Block, Display, Row, paragraph, say
from derive.lesson.deltas import simplification
from derive.lesson.desk import Desk
from derive.lesson.general import bias_of, free_letter, general, renewed, shares, softmax
from derive.lesson.matrices import EQUALS
from derive.lesson.parts.matrix_forward import ONES, derivative, primed, slopes_symbol, symbol, transposed
from derive.words.runs import Say, Tex

DELTA = "delta"


def equations(desk: Desk) -> list[Block]:
    """BP1 to BP4, in the letters of this network."""
    layers = desk.network.layers
    loss, here = desk.symbol(desk.network.output), general(desk, DELTA, "l")
    rows = [_first_equation(desk, layers[-1].number, loss)]
    if len(layers) > 1:
        slope = free_letter(desk, "f", "g", "h")
        right = Tex(rf"\bigl( {_back(desk)} \bigr) \odot {slope}'({general(desk, 'z', 'l')})")
        rows.append(Row(here, EQUALS, right, say("matrix.bp", number=2)))
    if any(layer.biases for layer in layers):
        right = Tex(rf"{transposed(ONES)} {here}") if all(shares(layer) for layer in layers if layer.biases) else here
        rows.append(Row(derivative(desk, loss, bias_of(desk, "l")), EQUALS, right, say("matrix.bp", number=3)))
    outer = Tex(rf"{here}\, {transposed(general(desk, 'a', 'l-1'))}")
    rows.append(Row(derivative(desk, loss, general(desk, "W", "l")), EQUALS, outer, say("matrix.bp", number=4)))
    opening = say("matrix.opening", count=len(rows), symbol=here, loss=loss, z=general(desk, "z", "l"))
    return [paragraph(opening), Display(tuple(rows)), paragraph(*_remarks(desk, rows))]


def _back(desk: Desk) -> Tex:
    """What carries δ back: W transposed times δ, with the new weights where these are already used."""
    after = general(desk, "W", "l+1")
    new = any(renewed(desk, layer) for layer in desk.network.layers[1:])
    return Tex(f"{transposed(primed(after) if new else after)} {general(desk, DELTA, 'l+1')}")


def _remarks(desk: Desk, rows: list[Row]) -> list[Say]:
    """What the signs in the equations mean, and why (BP2) holds."""
    layers = desk.network.layers
    slope = free_letter(desk, "f", "g", "h") + "'"
    signs = [say("matrix.entrywise")] if any(r"\odot" in row.right for row in rows) else []
    signs.append(say("matrix.transposes"))
    signs += [say("matrix.slope", symbol=Tex(slope))] if any(slope in row.right for row in rows) else []
    signs += _nabla(desk, rows[0])
    said = [
        say("matrix.signs", signs=signs),
        say("matrix.inputs", a=general(desk, "a", 0), x=symbol(desk, "a", 0)),
    ]
    if len(layers) > 1:
        weight = general(desk, "w", "l+1", "kj")
        new = any(renewed(desk, layer) for layer in layers[1:])
        term = rf"{primed(weight) if new else weight}\, {general(desk, DELTA, 'l+1', 'k')}"
        key = "matrix.why_new" if new else "matrix.why"
        said.append(say(key, product=_back(desk), entry=Tex(rf"\sum_{{k}} {term}")))
    with_bias = [layer for layer in layers if layer.biases]
    if any(map(shares, with_bias)) and not all(map(shares, with_bias)):
        said.append(say("matrix.shared", product=Tex(f"{transposed(ONES)} {general(desk, DELTA, 'l')}")))
    return said + _softmax_slopes(desk, rows[0], slope)


def _nabla(desk: Desk, first: Row) -> list[Say]:
    """What the gradient by the outputs is, where (BP1) has it."""
    if r"\nabla" not in first.right:
        return []
    y, loss = symbol(desk, "a", len(desk.network.layers)), desk.symbol(desk.network.output)
    return [say("matrix.nabla", symbol=Tex(rf"\nabla_{{{y}}} {loss}"), loss=loss, y=y)]


def _softmax_slopes(desk: Desk, first: Row, slope: str) -> list[Say]:
    """The matrix of slopes of a softmax: in (BP1), or in place of f' in a hidden layer."""
    matrix, hidden = slopes_symbol(desk), any(softmax(desk, layer) for layer in desk.network.layers[:-1])
    said = [say("matrix.slopes", matrix=matrix)] if f"{matrix}^" in first.right else []
    said += [say("matrix.softmax_inside", matrix=matrix, slope=Tex(slope))] if hidden else []
    return [*said, say("matrix.diagonal")] if said else []


def _first_equation(desk: Desk, last: int, loss: Tex) -> Row:
    """δ of the output layer."""
    y, z = symbol(desk, "a", last), symbol(desk, "z", last)
    if simplification(desk, 0) is not None:
        right = Tex(rf"{y} - {desk.notation.matrix('t')}")
    elif softmax(desk, desk.network.layers[-1]):
        right = Tex(rf"{transposed(slopes_symbol(desk))}\, \nabla_{{{y}}} {loss}")
    else:
        right = Tex(rf"\nabla_{{{y}}} {loss} \odot {free_letter(desk, 'f', 'g', 'h')}'({z})")
    return Row(symbol(desk, "delta", last), EQUALS, right, say("matrix.bp", number=1))
