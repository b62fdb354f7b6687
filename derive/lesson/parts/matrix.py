"""Part 5 in the style ``matrix``: the four equations with W, a, z and δ as matrices and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.equations.objective import is_divided
from derive.equations.of_layers import (
    A,
    DerivativeOfLoss,
    GradientOfLoss,
    MatrixExpr,
    arriving,
    bias_gradient,
    output_delta,
    through,
    weight_gradient,
)
from derive.expressions.tree import ONE, Expr, Name, names_in
from derive.lesson.blocks import Block, Display, Heading, note, paragraph, say
from derive.lesson.delta_drawing import delta_figure
from derive.lesson.deltas import is_output, simplification
from derive.lesson.desk import Desk
from derive.lesson.general import by_steps, renewed, sequential, shares, softmax
from derive.lesson.limits import by_layer, cut
from derive.lesson.matrices import (
    EntryLine,
    MatrixTerm,
    Part,
    ShownIndices,
    ShownMatrix,
    closed,
    column,
    gives,
    opened,
    own_vector,
    shown_units,
    vector,
    weights,
    whole,
    working,
)
from derive.lesson.matrix_symbols import (
    PRIME,
    MatrixTex,
    applied,
    applied_to,
    bias_symbol,
    derivative,
    slopes_symbol,
    symbol,
    transposed,
)
from derive.lesson.parts.layer_tables import delta_values
from derive.lesson.parts.matrix_equations import equations
from derive.lesson.parts.matrix_forward import filled
from derive.lesson.parts.matrix_update import renewal
from derive.lesson.parts.reduction import batch_gradient, objective
from derive.lesson.parts.small_change import of_batch
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import quiet_units
from derive.network import Layer
from derive.network.graph import Use
from derive.words.runs import Tex

MAX_SAMPLES_IN_MATRICES = 4
"""Of more samples, the matrices of the first ones and of the last are written in the mean or sum."""


def backward_matrix(desk: Desk) -> list[Block | Heading]:
    """The backward pass of a layered network: the equations, then the vectors δ, then the gradients.

    In the sequential order a layer is updated before the layer below it begins, so δ and gradients take turns.
    """
    layers = tuple(reversed(desk.network.layers))
    blocks: list[Block | Heading] = [*equations(desk), *delta_figure(desk)]
    if sequential(desk):
        blocks += by_layer(desk, layers, lambda layer: _turn(desk, layer), lambda layer: _beside(desk, layer))
        return [*blocks, *_quiet(desk)]
    blocks += by_layer(desk, layers, lambda layer: _delta(desk, layer), lambda layer: _beside(desk, layer))
    blocks += _quiet(desk)
    return blocks + by_layer(desk, layers, lambda layer: _gradients(desk, layer), lambda _: [])


def _turn(desk: Desk, layer: Layer) -> list[Block | Heading]:
    """All about one layer: δ, gradients, and the new weights that the layer below uses."""
    return [*_delta(desk, layer), *_gradients(desk, layer), *_renewal(desk, layer)]


def _renewal(desk: Desk, layer: Layer) -> list[Block]:
    return renewal(desk, layer) if sequential(desk) and layer.number > 1 and layer.spec.train_weights else []


def _beside(desk: Desk, layer: Layer) -> list[Block]:
    """What the next layer needs of one that is left out."""
    shown = shown_units(desk)[layer.number]
    _work(desk, layer)
    left = symbol(desk, "delta", layer.number)
    return [working(desk, left, [], [], _deltas(desk, layer, shown)), *_renewal(desk, layer)]


def _quiet(desk: Desk) -> list[Block]:
    return [note(remark) for remark in quiet_units(desk)]


# δ


def _delta(desk: Desk, layer: Layer) -> list[Block | Heading]:
    """δ of a layer: what arrives at its activations, times the slopes of its activation."""
    last = is_output(desk, layer)
    units = shown_units(desk)
    title = say("matrix.delta_title", delta=desk.any("delta"), number=layer.number, last=last)
    heading = Heading(f"delta{layer.number}", title)
    by = paragraph(say("matrix.delta", equation=1 if last else 2))
    _work(desk, layer)
    if last and simplification(desk, 0) is not None:
        blocks: list[Block | Heading] = [heading, by, _short(desk, layer, units[-1])]
    else:
        arriving = _slopes_of_loss(desk, layer, units[-1]) if last else _arriving(desk, layer, units)
        blocks = [heading, by, arriving, *_through(desk, layer, units[layer.number])]
    visible = [j for j in units[layer.number] if j is not None]
    return [*blocks, *delta_values(desk, layer, visible, formulas_too=False)]


def _short(desk: Desk, layer: Layer, shown: ShownIndices) -> Display:
    """δ = ŷ - t."""
    outputs, targets, deltas = (
        own_vector(desk, layer.a, shown),
        own_vector(desk, desk.network.targets, shown),
        _deltas(desk, layer, shown),
    )
    lines = gives(desk, deltas, MatrixTerm((outputs,)), MatrixTerm((targets,), negative=True))
    difference = [Part(outputs), Part(targets, "-")]
    equation = output_delta(short=True)
    return working(
        desk,
        _written(desk, layer, equation.left),
        [_written(desk, layer, equation.right)],
        difference,
        deltas,
        lines=lines,
    )


def _written(desk: Desk, layer: Layer, expr: MatrixExpr) -> Tex:
    """A formula of this layer, its activation by its own name."""
    return MatrixTex(desk, layer, desk.own_output, by_name=True)(expr)


def _with_sizes(desk: Desk, layer: Layer, expr: MatrixExpr) -> Tex:
    return MatrixTex(desk, layer, desk.own_output, sizes=True)(expr)


def _deltas(desk: Desk, layer: Layer, shown: ShownIndices) -> ShownMatrix:
    return own_vector(desk, layer.z, shown, "gradient")


def _slopes_of_loss(desk: Desk, layer: Layer, shown: ShownIndices) -> Display:
    """The gradient of the loss by the outputs, entry by entry."""
    gradients = own_vector(desk, layer.a, shown, "gradient")
    formulas = [None if j is None else desk.slope(layer.a[j]) for j in shown]
    known = (*own_vector(desk, layer.a, shown).quantities, *own_vector(desk, desk.network.targets, shown).quantities)
    left = _written(desk, layer, GradientOfLoss(A))
    symbols = column([None if formula is None else desk.short_tex(formula) for formula in formulas])
    return working(desk, left, [symbols.tex(desk)], filled(desk, formulas, gradients), gradients, *known)


def _arriving(desk: Desk, layer: Layer, units: tuple[ShownIndices, ...]) -> Display:
    """∂E/∂a = Wᵀδ of the layer above; Wᵀ is of the new weights where these are already used."""
    above = desk.network.layers[layer.number]
    new = renewed(desk, above)
    kind = "updated" if new else "value"
    matrix, deltas = weights(above, units, kind).transposed, _deltas(desk, above, units[above.number])
    product = [Part(matrix), Part(deltas)]
    symbols = _with_sizes(desk, layer, arriving(is_new=new))
    left, values = (
        _written(desk, layer, _at_activations(desk, layer)),
        own_vector(desk, layer.a, units[layer.number], "gradient"),
    )
    if not deltas.whole:
        every = whole(units, above.number, desk=desk)
        matrix, deltas = weights(above, every, kind).transposed, _deltas(desk, above, every[above.number])
    lines = gives(desk, values, MatrixTerm((matrix, deltas)))
    return working(desk, left, [symbols], product, values, lines=lines)


def _at_activations(desk: Desk, layer: Layer) -> MatrixExpr:
    """The gradient by the activations of a layer."""
    return GradientOfLoss(A) if is_output(desk, layer) else DerivativeOfLoss(A)


def _through(desk: Desk, layer: Layer, shown: ShownIndices) -> list[Block]:
    """From ∂E/∂a to δ: entry by entry × f'(z), through a softmax × its matrix of derivatives."""
    left, above = symbol(desk, "delta", layer.number), own_vector(desk, layer.a, shown, "gradient")
    gradient = _at_activations(desk, layer)
    values, lines = _deltas(desk, layer, shown), list[EntryLine]()
    if softmax(desk, layer):
        jacobian = _jacobian(desk, layer, shown)
        parts = [Part(jacobian.transposed), Part(above)]
        if above.whole:  # else the line of each δ that is noted anyway sums over all units
            lines = gives(desk, values, MatrixTerm((jacobian.transposed, above)))
        right = _written(desk, layer, through(gradient, softmax=True))
        before: list[Block] = [_jacobian_display(desk, layer, shown, jacobian)]
    elif applied(desk, layer) == symbol(desk, "z", layer.number):
        parts, right, before = [], _written(desk, layer, gradient), [paragraph(say("matrix.identity"))]
    else:
        slopes = vector_of([None if j is None else _slope(desk, layer, j) for j in shown])
        parts = [Part(above), Part(slopes, r"\odot")]
        lines = gives(desk, values, MatrixTerm((above, slopes), by_entries=True))
        right = _written(desk, layer, through(gradient))
        before = _slopes(desk, layer, shown, slopes)
    return [*before, working(desk, left, [right], parts, values, *above.quantities, lines=lines)]


def vector_of(quantities: list[Quantity | None]) -> ShownMatrix:
    """A column of these numbers."""
    return ShownMatrix(tuple((quantity,) for quantity in quantities))


def _slope(desk: Desk, layer: Layer, j: int) -> Quantity:
    """f'(z) of a unit."""
    return desk.own("local", layer.a[j], desk.derivation.step(layer.z[j]).terms[0].local)


VECTOR_SLOPES = {"sigmoid": r"{a} \odot (1 - {a})", "tanh": r"1 - {a} \odot {a}"}
"""Slopes that are short in the activations themselves."""


def _slopes(desk: Desk, layer: Layer, shown: ShownIndices, slopes: ShownMatrix) -> list[Block]:
    """f'(z): its formula, the numbers put in, its value; entry by entry first where a column has no room for that."""
    formulas = [None if quantity is None else quantity.formula for (quantity,) in slopes.entries]  # type: ignore[union-attr]
    known = (*own_vector(desk, layer.a, shown).quantities, *own_vector(desk, layer.z, shown).quantities)
    a, own = symbol(desk, "a", layer.number), layer.spec.activation.expression is not None
    short = None if own else VECTOR_SLOPES.get(layer.spec.activation.name)
    symbols = [Tex(short.replace("{a}", a))] if short is not None else []
    numbers = filled(desk, formulas, slopes)
    entries = [] if numbers else [_entry_slope(desk, layer, j) for j in shown if j is not None]
    return [*entries, working(desk, applied(desk, layer, PRIME), symbols, numbers, slopes, *known)]


def _entry_slope(desk: Desk, layer: Layer, j: int) -> Display:
    """f'(z) of one unit."""
    quantity = _slope(desk, layer, j)
    assert quantity.formula is not None
    left = applied_to(layer, desk.symbol(layer.z[j]), PRIME)
    return Display(desk.worked(left, quantity, (quantity.formula,)))


def _jacobian(desk: Desk, layer: Layer, shown: ShownIndices) -> ShownMatrix:
    """∂a_i/∂z_j of a softmax: row i, column j."""

    def entry(i: int | None, j: int | None) -> Quantity | None:
        return None if i is None or j is None else desk.own("local", "", _softmax_slope(desk, layer, i, j))

    return ShownMatrix(tuple(tuple(entry(i, j) for j in shown) for i in shown))


def _softmax_slope(desk: Desk, layer: Layer, i: int, j: int) -> Expr:
    """The derivative of activation i by weighted input j."""
    return Use(desk.network.graph.by_name[layer.a[i]], j).local


def _jacobian_display(desk: Desk, layer: Layer, shown: ShownIndices, jacobian: ShownMatrix) -> Display:
    a = symbol(desk, "a", layer.number)
    right = Tex(rf"\operatorname{{diag}}({a}) - {a}\, {transposed(a)}")
    left = Tex(rf"{slopes_symbol(desk)} = {desk.notation.derivative(a, symbol(desk, 'z', layer.number))}")
    return working(desk, left, [right], [], jacobian, *own_vector(desk, layer.a, shown).quantities)


def _work(desk: Desk, layer: Layer) -> None:
    """δ of every sample is worked from what is printed: ∂E/∂a and the slopes."""
    for s in range(len(desk.run.iterations[0].samples)) if by_steps(desk) else (desk.sample,):
        for j in range(layer.units):
            formula, values = _step(desk, layer, j, s)
            desk.sheet.work(Quantity("gradient", layer.z[j], 0, s), formula, values)


def _step(desk: Desk, layer: Layer, j: int, s: int) -> tuple[Expr, dict[str, Quantity]]:
    """By which formula δ of a unit is worked: the step of the chain rule, with what is printed of each of its paths."""
    if is_output(desk, layer) and (short := simplification(desk, j)) is not None:
        return short[-1], {name: desk.quantity(name, 0, s) for name in names_in(short[-1])}
    step = desk.derivation.step(layer.z[j])
    values: dict[str, Quantity] = {}
    terms = []
    for i, term in enumerate(step.terms):
        values[f"g{i}"] = Quantity("gradient", term.via, 0, s)
        local: Expr = ONE
        if term.local != ONE:
            values[f"s{i}"] = Quantity("local", "" if softmax(desk, layer) else term.via, 0, s, term.local)
            local = Name(f"s{i}")
        terms.append(term._replace(upstream=Name(f"g{i}"), local=local))
    return step._replace(terms=tuple(terms)).gradient, values


# Gradients


def _gradients(desk: Desk, layer: Layer) -> list[Block | Heading]:
    """∂E/∂W = δ aᵀ and ∂E/∂b = δ; of several samples, reduced to the batch's."""
    units = shown_units(desk)
    several = len(desk.run.iterations[0].samples) > 1
    title = say("matrix.gradients_title", number=layer.number, last=is_output(desk, layer))
    by = paragraph(say("matrix.gradients", biases=bool(layer.biases)))
    heading = Heading(f"gradients{layer.number}", title)
    blocks: list[Block | Heading] = [heading, by, _by_weights(desk, layer, units), *_by_biases(desk, layer, units)]
    blocks += _entries(desk, layer, units)
    blocks += _reduced(desk, layer, units) if several else []
    shown = desk.shown_among((*layer.weight_names, *layer.bias_names))
    return [*blocks, *(block for name in shown for block in of_batch(desk, name, alone=False))]


def _by_weights(desk: Desk, layer: Layer, units: tuple[ShownIndices, ...]) -> Display:
    number = layer.number
    before, deltas = own_vector(desk, layer.sources, units[number - 1]).transposed, _deltas(desk, layer, units[number])
    gradients = weights(layer, units, "gradient", desk.sample)
    lines = gives(desk, gradients, MatrixTerm((deltas, before)))
    product = [Part(deltas), Part(before)]
    equation = weight_gradient()
    left, symbols = _written(desk, layer, equation.left), _with_sizes(desk, layer, equation.right)
    return working(desk, left, [symbols], product, gradients, lines=lines)


def _by_biases(desk: Desk, layer: Layer, units: tuple[ShownIndices, ...]) -> list[Block]:
    if not layer.biases:
        return []
    if shares(layer):
        name = layer.biases[0]
        rows = desk.worked(desk.gradient(name), desk.own("gradient", name), (desk.slope(name),))
        return [Display(rows)]
    equation = bias_gradient()
    left, right = _written(desk, layer, equation.left), _written(desk, layer, equation.right)
    gradients = _bias_vector(layer, units, "gradient", desk.sample)
    gives(desk, gradients, MatrixTerm((_deltas(desk, layer, units[layer.number]),)))
    return [working(desk, left, [right], [], gradients)]


def _bias_vector(layer: Layer, units: tuple[ShownIndices, ...], kind: str, sample: int = 0) -> ShownMatrix:
    return vector(layer.biases, units[layer.number], kind, sample)


def _entries(desk: Desk, layer: Layer, units: tuple[ShownIndices, ...]) -> list[Block]:
    """Parameters that are to be shown and that an ellipsis hides: each by itself."""
    visible = {q.name for q in weights(layer, units).quantities}
    visible |= {q.name for q in _bias_vector(layer, units, "value").quantities} if layer.biases else set()
    visible |= set(layer.biases) if shares(layer) else set()
    hidden = {*layer.weight_names, *layer.bias_names} - visible
    blocks = [
        Display(desk.worked(desk.gradient(name), desk.own("gradient", name), (desk.slope(name),)))
        for name in desk.shown
        if name in hidden
    ]
    return [paragraph(say("matrix.hidden")), *blocks] if blocks else []


def _reduced(desk: Desk, layer: Layer, units: tuple[ShownIndices, ...]) -> list[Block]:
    """The batch's gradients from the samples': as matrices."""
    count = len(desk.run.iterations[0].samples)
    samples, left_out = cut(range(count), MAX_SAMPLES_IN_MATRICES)
    said = say("matrix.batch", objective=objective(desk), count=count, left_out=left_out)
    each = [None if s is None else weights(layer, units, "gradient", s) for s in samples]
    displays = [_reduction(desk, symbol(desk, "W", layer.number), weights(layer, units, "batch"), each)]
    if shares(layer):
        displays.append(batch_gradient(desk, layer.biases[0]))
    elif layer.biases:
        each = [None if s is None else _bias_vector(layer, units, "gradient", s) for s in samples]
        displays.append(_reduction(desk, bias_symbol(desk, layer), _bias_vector(layer, units, "batch"), each))
    return [paragraph(said), *displays]


def _reduction(desk: Desk, below: Tex, total: ShownMatrix, each: list[ShownMatrix | None]) -> Display:
    """The samples' matrices summed, and divided by their number where the reduction is the mean."""
    count = len(desk.run.iterations[0].samples)
    factor = rf"\frac{{1}}{{{count}}}" if is_divided(desk.network, count) else ""
    loss, high = desk.symbol(desk.network.output), 0 if total.only is not None else len(total.entries)
    symbols = rf"{factor} \sum_{{s=1}}^{{{count}}} {derivative(desk, Tex(f'{loss}[s]'), below)}"
    lines: Sequence[EntryLine] = ()
    if None not in each:  # else the sum over all samples is checked where the page has it
        terms = (MatrixTerm((matrix,)) for matrix in each if matrix is not None)
        lines = gives(desk, total, *terms, divisor=count if factor else 1)
    first, *others = (Tex(r"\cdots") if matrix is None else matrix for matrix in each)
    parts = [Part(first, f"{factor} {opened(high)}" if factor else ""), *(Part(other, "+") for other in others)]
    if factor:
        parts[-1] = replace(parts[-1], after=closed(high))
    return working(desk, derivative(desk, loss, below), [Tex(symbols.strip())], parts, total, lines=lines)
