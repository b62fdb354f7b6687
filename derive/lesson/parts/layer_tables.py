"""Tables of a layer's δ, gradients and new values, with the numbers put in where there is room."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from derive.expressions.print_tex import Brackets, substituted, width
from derive.expressions.tree import Expr, Name
from derive.lesson.blocks import Block, Table, paragraph, say
from derive.lesson.deltas import delta, delta_name
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.general import by_steps
from derive.lesson.limits import TABLE_ROWS, cut
from derive.lesson.long_sums import ELLIPSIS, LONG_SUM, shortened
from derive.lesson.parts.unit_tables import gradients_by_unit
from derive.lesson.parts.update_lines import new_quantity, put_in_update, rule_in_words, update_targets
from derive.lesson.quantity import Quantity
from derive.network import Layer
from derive.words.runs import Cell, Tex

DOTS = Tex(r"\vdots")
GAP = 1.1
"""The space between two columns, in ems."""
FORMULA = 14.0
"""A wider formula gets no column: the rule above the table stands for it."""
MAX_SAMPLES_IN_TABLES = 8
"""At most this many samples have tables of their own."""
SAMPLED_ROWS = 12
"""Of the gradients of a large layer only so many are tabulated: the others follow the same formula."""


def delta_values(desk: Desk, layer: Layer, worked: Collection[int], *, formulas_too: bool = True) -> list[Block]:
    """δ of the units that are not worked in full; of all units where there are several samples."""
    samples = range(len(desk.run.iterations[0].samples))
    units = [j for j in range(layer.units) if len(samples) > 1 or j not in worked]
    shown, left_out = cut(units, TABLE_ROWS // 2)
    formulas = {j: delta(desk, layer, j) for j in shown if j is not None}
    for j, formula in formulas.items():
        for s in samples if by_steps(desk) else samples[:MAX_SAMPLES_IN_TABLES]:
            desk.work(Quantity("gradient", layer.z[j], 0, s), formula)
    names = {j: layer.z[j] for j in formulas}
    columns = _columns(desk, list(names.values()), 4.0)
    if not units or (len(samples) > 1 and columns == (desk.sample,) and len(worked) == layer.units):
        return []
    head: list[Cell] = [desk.any("delta"), *_heads(desk, columns)]
    texts = {j: desk.short_tex(formula) for j, formula in formulas.items()}
    fits = formulas_too and columns == (desk.sample,) and max(map(width, texts.values()), default=0.0) <= 2 * FORMULA
    head[1:1] = [say("table.formula")] if fits else []
    rows: list[tuple[Cell, ...]] = []
    for unit in shown:
        if unit is None:
            rows.append((DOTS,) * len(head))
            continue
        cells: list[Cell] = [desk.symbol(delta_name(desk, layer.z[unit])), *([texts[unit]] if fits else [])]
        rows.append((*cells, *(desk.number(Quantity("gradient", layer.z[unit], 0, s)) for s in columns)))
    key = "delta.samples" if len(samples) > 1 else "delta.others"
    said = say(key, number=layer.number, left_out=left_out, row=_row(desk, columns), delta=desk.any("delta"))
    return [paragraph(said), Table(tuple(head), tuple(rows), "l" * (1 + fits) + "r" * len(columns))]


def _heads(desk: Desk, columns: Sequence[int]) -> list[Cell]:
    if len(desk.run.iterations[0].samples) == 1:
        return [say("table.value")]
    return [say("table.sample", row=desk.row(s)) for s in columns]


def _row(desk: Desk, columns: Sequence[int]) -> int:
    """The row of the only sample that is shown where there are others; 0 where all are shown."""
    return desk.row(desk.sample) if len(columns) < len(desk.run.iterations[0].samples) else 0


def _columns(desk: Desk, names: Sequence[str], fixed: float) -> tuple[int, ...]:
    """The samples of the first batch that have a column: all where they fit beside ``fixed`` ems, or the first."""
    count = len(desk.run.iterations[0].samples)
    if count == 1 or count > MAX_SAMPLES_IN_TABLES:
        return (desk.sample,)

    def fits(figures: Figures) -> bool:
        widths = [max(figures.print(Quantity("gradient", n, 0, s)).width for n in names) for s in range(count)]
        return fixed + sum(max(w, 4.0) + GAP for w in widths) <= desk.page.ems

    return tuple(range(count)) if not names or desk.sheet.ask(fits) else (desk.sample,)


def gradient_values(desk: Desk, layer: Layer, names: Sequence[str], *, others: bool) -> list[Block]:
    """Formula, numbers and value of each of these parameters; of several samples, the value of each."""
    if not names:
        return []
    by_unit = gradients_by_unit(desk, layer)
    if by_unit is not None:
        return [by_unit]
    several = len(desk.run.iterations[0].samples) > 1
    shown, left_out = cut(names, TABLE_ROWS if len(names) <= TABLE_ROWS else SAMPLED_ROWS)
    columns = _columns(desk, [name for name in shown if name is not None], 14.0)
    row = _sampled_row if several else _single_row
    head: list[Cell] = [desk.letter("p"), say("table.formula")]
    head += [*_heads(desk, columns), say("table.batch")] if several else [say("delta.numbers"), say("table.value")]
    rows = [(DOTS,) * len(head) if name is None else row(desk, name, columns) for name in shown]
    facts = {"number": layer.number, "left_out": left_out, "samples": several, "others": others}
    said = say("delta.table", row=_row(desk, columns), **facts)
    numbers = len(head) - 2 if several else 1
    return [paragraph(said), Table(tuple(head), tuple(rows), "l" * (len(head) - numbers) + "r" * numbers)]


def _single_row(desk: Desk, name: str, columns: Sequence[int]) -> tuple[Cell, ...]:
    formula = desk.slope(name)
    numbers = Tex("") if isinstance(formula, Name) else put_in(desk, formula, of=desk.own("gradient", name))
    return desk.symbol(name), desk.short_tex(formula), numbers, desk.number(desk.own("gradient", name))


def _sampled_row(desk: Desk, name: str, columns: Sequence[int]) -> tuple[Cell, ...]:
    values = [desk.number(Quantity("gradient", name, 0, s)) for s in columns]
    return desk.symbol(name), desk.short_tex(desk.slope(name)), *values, desk.number(Quantity("batch", name))


def put_in(desk: Desk, formula: Expr, *, of: Quantity | None = None) -> Tex:
    """A formula with the numbers of the worked sample put in; ``of`` is the quantity that it gives."""
    kept, named = desk.put_in(formula, desk.own("local"), {})
    if of is not None:
        desk.sheet.shows(of, kept, named)
        named = desk.within(of, kept, named, LONG_SUM)

    def number(name: str, brackets: Brackets) -> str:
        return r"\cdots" if name == ELLIPSIS else desk.number(named[name], brackets)

    return Tex(substituted(shortened(kept, LONG_SUM), number))


def new_values(desk: Desk, layer: Layer) -> list[Block]:
    """The new weights of a layer, where the layer below needs them at once."""
    if not layer.spec.train_weights:
        return []
    head: tuple[Cell, ...] = (desk.letter("p"), say("delta.numbers"), say("update.new"))
    shown, left_out = cut(layer.weight_names, TABLE_ROWS)
    rows: list[tuple[Cell, ...]] = []
    for name in shown:
        if name is None:
            rows.append((DOTS,) * len(head))
            continue
        rows += (
            (desk.new_symbol(target), put_in_update(desk, target), desk.number(new_quantity(desk, target)))
            for target in update_targets(desk, name)
        )
    said = say("delta.renewed", number=layer.number, left_out=left_out, rule=rule_in_words(desk))
    return [paragraph(said), Table(head, tuple(rows), "llr")]
