"""Tables of a layer, a row a unit: a column for each weight, under what it multiplies, and one for the bias."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from derive.lesson.blocks import Table, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.limits import TABLE_ROWS, WEIGHT_COLUMNS, cut
from derive.lesson.page_width import A4
from derive.lesson.quantity import Quantity
from derive.network import Layer
from derive.words.runs import Cell, Say, Tex, Text

GAP = Tex(r"\cdots")
DOWN = Tex(r"\vdots")
COLUMN_GAP = 1.1
"""The space between two columns, in ems."""
_CORNER = 8.0
"""The width of what stands in the corner."""
MIN_COLUMNS = 3
"""At least so many columns of weights are shown, however wide their numbers are."""
Of = Callable[[str], Quantity]
"""What is said of a parameter."""


def unit_table(desk: Desk, layer: Layer, of: Of, corner: Say, said: Callable[[int, int], Text], *, most: int) -> Table:
    """A row for each unit or filter.

    Args:
        desk: of the document.
        layer: whose parameters they are.
        of: the number of a parameter that stands in its cell.
        corner: what stands above the units.
        said: the caption, given how many rows and columns are left out.
        most: at most this many columns of weights are shown.
    """
    columns, hidden = cut(range(layer.wiring.columns), most)
    units, left_out = cut(range(layer.wiring.rows), TABLE_ROWS // 2)
    own, dense = bool(layer.biases), layer.kind.has_matrix_form
    sources = tuple(GAP if i is None else desk.symbol(layer.sources[i]) if dense else Tex(str(i + 1)) for i in columns)
    head: tuple[Cell, ...] = (corner, *sources, *([_bias_head(desk, layer)] if own else []))
    rows: list[tuple[Cell, ...]] = []
    for j in units:
        if j is None:
            rows.append((DOWN,) * len(head))
            continue
        cells: list[Cell] = [desk.symbol(layer.z[j]) if dense else Tex(str(j + 1))]
        cells += [desk.number(of(layer.weights[j][i])) if i is not None else GAP for i in columns]
        cells += [desk.number(of(desk.network.names.bias(layer.number, j + 1)))] if own else []
        rows.append(tuple(cells))
    return Table(head, tuple(rows), "l" + "r" * (len(head) - 1), said(left_out, hidden))


def gradients_by_unit(desk: Desk, layer: Layer) -> Table | None:
    """The derivatives of a layer's parameters; None where the numbers at the heads do not give them.

    They do where each is the product of its unit's δ and what stands above its column, of one sample.
    """
    if not layer.kind.has_matrix_form or len(desk.run.iterations[0].samples) > 1:
        return None
    of = partial(desk.own, "gradient")

    def said(left_out: int, hidden: int) -> Say:
        return say("table.by_unit", number=layer.number, output=desk.own_output, cut=bool(left_out or hidden))

    most = _columns_that_fit(desk, layer, of)
    slope = Tex(rf"\partial {desk.own_output} / \partial {desk.letter('p')}")
    return unit_table(desk, layer, of, say("table.slope_to_from", slope=slope), said, most=most)


def rule_of_units(desk: Desk) -> list[Say]:
    """How such a table is worked, where there is one."""
    layers = [layer for layer in desk.network.layers if layer.kind.has_matrix_form]
    if not layers or len(desk.run.iterations[0].samples) > 1:
        return []
    kinds = {layer.spec.shared_bias and layer.units > 1 for layer in layers if layer.biases}
    bias = False in kinds and not desk.notation.bias_unit
    return [say("table.rule_of_units", delta=desk.any("delta"), bias=bias, shared=True in kinds,
                equation=desk.number_of("weighted_sum"))]  # fmt: skip


def _columns_that_fit(desk: Desk, layer: Layer, of: Of) -> int:
    """How many columns of a layer's weights fit on a page with such numbers."""
    units = [j for j in cut(range(layer.wiring.rows), TABLE_ROWS // 2)[0] if j is not None]
    most = min(layer.wiring.columns, WEIGHT_COLUMNS)
    shown: Sequence[int] = [*range(most - 1), layer.wiring.columns - 1]
    numbers = [[of(layer.weights[j][i]) for j in units] for i in shown]

    def fit(figures: Figures) -> int:
        widths = [max(figures.print(number).width for number in column) + COLUMN_GAP for column in numbers]
        room = A4.ems - max(widths) - _CORNER
        return next(
            (count for count in range(most, MIN_COLUMNS, -1) if sum(widths[-count:]) <= room), min(most, MIN_COLUMNS)
        )

    found: int = desk.sheet.ask(fit)
    return found


def _bias_head(desk: Desk, layer: Layer) -> Cell:
    return Tex(desk.notation.constant_unit(layer.number)) if desk.notation.bias_unit else say("network.bias")
