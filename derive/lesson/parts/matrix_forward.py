"""Part 3 in the style ``matrix``: the weighted inputs and activations of a layer as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.expressions.letters import euler
from derive.expressions.print_tex import substituted, width
from derive.expressions.tree import Call, Expr, Name, Quotient, plus
from derive.lesson.blocks import Block, Display, Table, paragraph, say
from derive.lesson.deltas import is_output
from derive.lesson.desk import Desk
from derive.lesson.general import by_steps, free_letter, shares, softmax
from derive.lesson.limits import SIZE_ROWS, cut
from derive.lesson.matrices import (
    EntryLine,
    MatrixTerm,
    Part,
    ShownIndices,
    ShownMatrix,
    column,
    gives,
    own_vector,
    shown_units,
    weights,
    whole,
    working,
)
from derive.lesson.matrix_symbols import ONES, applied, bias_symbol, size, sized, symbol
from derive.lesson.parts.layer_tables import put_in
from derive.lesson.quantity import Quantity
from derive.network import Layer
from derive.words.runs import Cell, Tex

MAX_ENTRY_WIDTH = 27.0
"""At most this many ems of an entry with its numbers put in; a wider one is left out."""
LISTED = 5
DOTS = Tex(r"\vdots")


def forward_layer(desk: Desk, layer: Layer) -> list[Block]:
    """z = W a + b and a = f(z): symbols with their sizes, numbers in brackets, values."""
    units = shown_units(desk)
    blocks: list[Block] = _sizes(desk) if layer.number == 1 else []
    hidden = layer.units > len(units[layer.number])
    blocks += [
        paragraph(say("matrix.layer", number=layer.number, last=is_output(desk, layer))),
        _weighted(desk, layer, units),
        *_activation(desk, layer, units[layer.number]),
    ]
    if hidden:
        from derive.lesson.parts.forward import units_table

        blocks += units_table(desk, layer)
    return blocks


def _sizes(desk: Desk) -> list[Block]:
    """Every vector and matrix: its size and its entries."""
    network = desk.network
    rows: list[tuple[Cell, ...]] = [(symbol(desk, "a", 0), size(len(network.inputs)), _listed(desk, network.inputs))]
    for layer in cut(network.layers, SIZE_ROWS)[0]:
        if layer is None:
            rows.append((DOTS,) * 3)
            continue
        number = layer.number
        rows.append((symbol(desk, "W", number), size(layer.units, layer.fan_in), _listed(desk, layer.weight_names)))
        if layer.biases and not shares(layer):
            rows.append((bias_symbol(desk, layer), size(layer.units), _listed(desk, layer.biases)))
        rows.append((symbol(desk, "z", number), size(layer.units), _listed(desk, layer.z)))
        rows.append((symbol(desk, "a", number), size(layer.units), _listed(desk, layer.a)))
    rows.append((Tex(desk.notation.matrix("t")), size(len(network.targets)), _listed(desk, network.targets)))
    head = (say("matrix.quantity"), say("matrix.size"), say("matrix.entries"))
    said = [say("matrix.sizes")]
    if any(layer.units > len(shown) for layer, shown in zip(network.layers, shown_units(desk)[1:], strict=True)):
        said.append(say("matrix.ellipsis"))
    if any(map(shares, network.layers)):
        said.append(say("matrix.ones", ones=ONES))
    return [paragraph(*said), Table(head, tuple(rows), "lll")]


def _listed(desk: Desk, names: tuple[str, ...]) -> Tex:
    shown = cut(names, LISTED)[0]
    return Tex(r",\; ".join(r"\dots" if name is None else desk.symbol(name) for name in shown))


def _weighted(desk: Desk, layer: Layer, units: tuple[ShownIndices, ...]) -> Display:
    """z = W a + b; in the notation ``bias_unit`` the column of the constant unit comes first."""
    number = layer.number
    before, matrix = own_vector(desk, layer.sources, units[number - 1]), weights(layer, units)
    product = [Part(matrix), Part(before)]
    symbols = rf"{sized(symbol(desk, 'W', number), layer.units, layer.fan_in)}\, " + sized(
        symbol(desk, "a", number - 1), layer.fan_in
    )
    if layer.biases:
        product, symbols = _with_bias(desk, layer, units[number], product, symbols)
    shared = [desk.own("value", layer.biases[0])] if shares(layer) else []
    z = own_vector(desk, layer.z, units[number])
    if not before.whole:
        every = whole(units, number - 1, desk=desk)
        before, matrix = own_vector(desk, layer.sources, every[number - 1]), weights(layer, every)
    biases = [MatrixTerm((own_vector(desk, layer.biases, units[number]),))] if layer.biases else []
    lines = gives(desk, z, MatrixTerm((matrix, before)), *biases)
    return working(desk, symbol(desk, "z", number), [Tex(symbols)], product, z, *shared, lines=lines)


def _with_bias(
    desk: Desk, layer: Layer, shown: ShownIndices, product: list[Part], symbols: str
) -> tuple[list[Part], str]:
    """The product and the bias, in numbers and in symbols."""
    unit = desk.notation.constant_unit(layer.number) if desk.notation.bias_unit else ""
    numbers, bias = _bias(desk, layer, shown, unit)
    if not unit:
        return [*product, replace(numbers, before=f"+ {numbers.before}".rstrip())], f"{symbols} + {bias}"
    first, *others = product
    return [numbers, replace(first, before="+"), *others], f"{bias} + {symbols}"


def _bias(desk: Desk, layer: Layer, shown: ShownIndices, unit: str) -> tuple[Part, str]:
    """The bias as a term, in numbers and in symbols, times the constant unit where there is one."""
    name = bias_symbol(desk, layer)
    if shares(layer):
        scalar = desk.number(desk.own("value", layer.biases[0]), "always" if unit else "negative")
        times_one = f"{scalar}(1)" if unit else scalar
        return Part(ONES, rf"{times_one}\,"), rf"{name}{unit}\, {sized(ONES, layer.units)}"
    numbers = Part(own_vector(desk, layer.biases, shown), after="(1)" if unit else "")
    return numbers, sized(name, layer.units) + (rf"\, {unit}" if unit else "")


def _activation(desk: Desk, layer: Layer, shown: ShownIndices) -> list[Block]:
    if softmax(desk, layer):
        return _softmax(desk, layer, shown)
    left, z = symbol(desk, "a", layer.number), symbol(desk, "z", layer.number)
    formulas: list[Expr | None] = []
    if applied(desk, layer) != z:
        formulas = [None if j is None else desk.network.graph.by_name[layer.a[j]].formula for j in shown]
    used, values = own_vector(desk, layer.z, shown).quantities, own_vector(desk, layer.a, shown)
    return [working(desk, left, [applied(desk, layer)], filled(desk, formulas, values), values, *used)]


def filled(desk: Desk, formulas: Sequence[Expr | None], values: ShownMatrix) -> list[Part]:
    """A vector with the numbers put into each entry's formula; nothing where an entry would be too wide, or untrue.

    ``values`` is the column of what the formulas give.
    """
    for formula in formulas:
        if formula is not None and not desk.comes_out(desk.own("local", "", formula), formula):
            return []
    given = [quantity if isinstance(quantity, Quantity) else None for (quantity,) in values.entries]
    entries = [
        None if formula is None else put_in(desk, formula, of=quantity)
        for formula, quantity in zip(formulas, given, strict=False)
    ]
    if not entries or any(entry is not None and width(entry) > MAX_ENTRY_WIDTH for entry in entries):
        return []
    return [Part(column(entries))]


def _softmax(desk: Desk, layer: Layer, shown: ShownIndices) -> list[Block]:
    """S = the sum of all powers, then each power over S."""
    total = plus(*(Call("exp", (Name(z),)) for z in layer.z))
    sum_of = desk.own("local", "", total)
    divisor = free_letter(desk, "S", "N")
    first = desk.worked(divisor, sum_of, (total,))
    for s in range(len(desk.run.iterations[0].samples)) if by_steps(desk) else (desk.sample,):
        for j in range(layer.units):
            desk.sheet.work(*_share(desk, layer, j, sum_of._replace(sample=s)))
    z = symbol(desk, "z", layer.number)
    symbols = [Tex(rf"\operatorname{{softmax}}({z})"), Tex(rf"\frac{{1}}{{{divisor}}}\, {euler(z)}")]
    inside = desk.sheet.together(*(_share(desk, layer, j, sum_of) for j in shown if j is not None))
    powers = column([None if j is None else _power(desk, inside(desk.own("value", layer.z[j]))) for j in shown])
    sum_of = inside(sum_of)
    parts = [Part(powers, rf"\frac{{1}}{{{desk.number(sum_of)}}}\,")]
    used = (sum_of, *own_vector(desk, layer.z, shown).quantities)
    values = own_vector(desk, layer.a, shown)
    second = working(desk, symbol(desk, "a", layer.number), symbols, parts, values, *used)
    return [paragraph(say("matrix.softmax")), Display(first), second]


def _share(desk: Desk, layer: Layer, j: int, sum_of: Quantity) -> EntryLine:
    """How an activation of a softmax is worked: its power over the sum of all."""
    z, a = (Quantity("value", name, 0, sum_of.sample) for name in (layer.z[j], layer.a[j]))
    return a, Quotient(Call("exp", (Name(z.name),)), Name("S")), {z.name: z, "S": sum_of}


def _power(desk: Desk, z: Quantity) -> Tex:
    return Tex(substituted(Call("exp", (Name(z.name),)), lambda _, brackets: desk.number(z, brackets)))
