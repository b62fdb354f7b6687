"""The backward pass once more in matrices, a line for each layer, below one that is told unit by unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from derive.equations.of_layers import (
    A,
    GradientOfLoss,
    HadamardProduct,
    LayerEquation,
    SoftmaxSlopes,
    bias_gradient,
    hidden_delta,
    output_delta,
    weight_gradient,
)
from derive.expressions.print_tex import width
from derive.lesson.blocks import Block, Display, Heading, Row, paragraph, say
from derive.lesson.deltas import is_output, simplification
from derive.lesson.desk import BLANK, Desk
from derive.lesson.figures import Figures
from derive.lesson.general import by_steps, general, renewed, shares, softmax
from derive.lesson.limits import worked_layers
from derive.lesson.matrices import COLUMN_GAP, EQUALS, own_vector
from derive.lesson.matrix_symbols import MatrixTex, applied, slopes_symbol, symbol
from derive.lesson.quantity import Quantity
from derive.network import Layer
from derive.words.runs import Say, Tex

GAP = 4.0
"""The relation sign of an equation, and the space before it, in ems."""
NUMBER = 4.5
"""What a number takes in a matrix, in ems."""
MAX_UNITS, MAX_SOURCES = 4, 4
"""At most so many rows and columns has the product whose numbers are shown."""


def in_matrices(desk: Desk) -> list[Block | Heading]:
    """The lines of all layers that are worked, and the numbers of one of them."""
    layers = worked_layers(desk, tuple(reversed(desk.network.layers)))
    equations = [(layer, tuple(_of_layer(desk, layer))) for layer in layers]
    rows = tuple(row for layer, found in equations for row in _rows(desk, layer, found))
    flat = [equation for _, found in equations for equation in found]
    said = say("in_matrices.opening", weights=general(desk, "W", "l"), signs=_signs(desk, flat), back=len(layers) > 1)
    blocks: list[Block | Heading] = [Heading("matrices", say("in_matrices.title")), paragraph(said), Display(rows)]
    for layer in _with_numbers(desk, layers):
        blocks += [paragraph(say("in_matrices.numbers", number=layer.number)), _outer_product(desk, layer)]
    return blocks


def _of_layer(desk: Desk, layer: Layer) -> Iterator[LayerEquation]:
    """How δ of a layer is found, then the derivatives by its weights and biases."""
    if is_output(desk, layer):
        found = output_delta(short=simplification(desk, 0) is not None, softmax=softmax(desk, layer))
    else:
        following = desk.network.layers[layer.number]
        found = hidden_delta(is_new=renewed(desk, following), softmax=softmax(desk, layer))
    linear = applied(desk, layer) == symbol(desk, "z", layer.number)  # its slope is 1
    yield replace(found, right=found.right.left) if linear and isinstance(found.right, HadamardProduct) else found
    yield weight_gradient()
    if layer.biases:
        yield bias_gradient(shared=shares(layer))


def _rows(desk: Desk, layer: Layer, equations: Sequence[LayerEquation]) -> Iterator[Row]:
    """The equations of a layer, on one line where there is room."""
    written = MatrixTex(desk, layer, desk.own_output, by_name=True)
    filled = 0.0
    for equation in equations:
        left, right = written(equation.left), written(equation.right)
        needed = width(f"{left}{right}") + GAP
        goes_on = 0 < filled <= desk.page.ems - needed
        filled = filled + needed if goes_on else needed
        yield Row(left, EQUALS, right, goes_on=goes_on)


def _signs(desk: Desk, equations: Sequence[LayerEquation]) -> list[Say]:
    """What the signs in these equations mean."""
    found = [say("matrix.transposes")]
    if any(equation.right.has(HadamardProduct) for equation in equations):
        found.append(say("matrix.entrywise"))
    last, loss = desk.network.layers[-1], desk.own_output
    if any(equation.right.has(GradientOfLoss) for equation in equations):
        nabla = MatrixTex(desk, last, loss)(GradientOfLoss(A))
        found.append(say("matrix.nabla", symbol=nabla, loss=loss, y=symbol(desk, "a", last.number)))
    if any(equation.right.has(SoftmaxSlopes) for equation in equations):
        (layer, *_) = (layer for layer in reversed(desk.network.layers) if softmax(desk, layer))
        a, z = symbol(desk, "a", layer.number), symbol(desk, "z", layer.number)
        found.append(say("in_matrices.slopes", matrix=Tex(f"{slopes_symbol(desk)} = {desk.notation.derivative(a, z)}")))
    return found


def _with_numbers(desk: Desk, layers: Sequence[Layer]) -> list[Layer]:
    """The layer whose numbers are shown: the first small one with several units and sources.

    None where steps are rounded: δ of the table is rounded once more than where a weight is worked along its route.
    """
    small = [one for one in layers if 1 < one.units <= MAX_UNITS and 1 < len(one.sources) <= MAX_SOURCES]
    return [] if by_steps(desk) else small[:1]


def _outer_product(desk: Desk, layer: Layer) -> Display:
    """∂E/∂W as a column times a row, with its numbers; their products stand in the table above."""
    equation, every = weight_gradient(), range(layer.units)
    written = MatrixTex(desk, layer, desk.own_output)
    sized = MatrixTex(desk, layer, desk.own_output, sizes=True)
    column = own_vector(desk, layer.z, tuple(every), "gradient")
    row = own_vector(desk, layer.sources, tuple(range(len(layer.sources)))).transposed
    used = desk.sheet.relation(*column.quantities, *row.quantities)
    left = written(equation.left)
    first = Row(left, EQUALS, sized(equation.right))
    if not desk.sheet.ask(partial(_fit, column.quantities, row.quantities, desk.page.ems - width(left) - GAP)):
        below = Row(BLANK, BLANK, Tex(rf"\quad {{}} \cdot {row.tex(desk)}"))
        return Display((first, Row(BLANK, used, column.tex(desk)), below))
    numbers = Row(BLANK, used, Tex(rf"{column.tex(desk)}\, {row.tex(desk)}"))
    room = desk.page.ems - width(left) - width(first.right) - GAP
    return Display((first, replace(numbers, goes_on=NUMBER * (1 + len(layer.sources)) + GAP <= room)))


def _fit(column: Sequence[Quantity], row: Sequence[Quantity], room: float, figures: Figures) -> bool:
    """Whether a column and a row of numbers have room beside each other."""
    beside = [max(figures.print(one).width for one in column), *(figures.print(one).width for one in row)]
    return sum(beside) + COLUMN_GAP * (len(row) - 1) <= room
