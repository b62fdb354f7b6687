"""Tables of what is not worked in full; every entry can be found again from what stands above it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from derive.lesson.blocks import Block, Heading, Table, paragraph, say
from derive.lesson.deltas import delta, delta_name
from derive.lesson.desk import Desk
from derive.lesson.limits import TABLE_ROWS, by_layer, cut
from derive.lesson.parts.unit_tables import gradients_by_unit, rule_of_units
from derive.lesson.parts.update_lines import numbers_of_updates, rule_in_words
from derive.lesson.quantity import Quantity
from derive.naming.notation import new_value
from derive.network import Layer
from derive.words.references import table_reference
from derive.words.runs import Cell, Say, Tex

SAMPLE_COLUMNS = 6
SYMBOL, VALUE = 3.0, 6.1
"""The widths of a column of symbols and of one of numbers, in ems."""
DOTS = Tex(r"\vdots")


def sample_columns(desk: Desk) -> tuple[int, ...]:
    """The samples of the first batch that have a column of their own."""
    count = len(desk.run.iterations[0].samples)
    return tuple(range(count)) if count <= SAMPLE_COLUMNS else (desk.sample,)


def _sample_heads(desk: Desk, columns: Sequence[int]) -> list[Cell]:
    if len(desk.run.iterations[0].samples) == 1:
        return [say("table.value")]
    return [say("table.sample", row=desk.row(s)) for s in columns]


def delta_table(desk: Desk, layer: Layer, known: Collection[str] = (), *, name: str = "") -> list[Block]:
    """δ of the units of a layer: formula and value, or the value for each sample.

    With a ``name`` the table has a number, and what is said of it is its caption.
    """
    units = tuple(j for j in range(layer.units) if layer.z[j] not in known)
    if not units:
        return []
    return desk.sheet.part(("deltas", layer.number, units, name), partial(_deltas, desk, layer, units, name))


def _deltas(desk: Desk, layer: Layer, units: Sequence[int], name: str) -> list[Block]:
    columns = sample_columns(desk)
    shown, left_out = cut(units, TABLE_ROWS // 2)
    head = [desk.any("delta"), say("table.formula"), *_sample_heads(desk, columns)]
    room = desk.page.ems - SYMBOL - VALUE * len(columns)
    rows: list[tuple[Cell, ...]] = []
    for j in shown:
        if j is None:
            rows.append((DOTS,) * len(head))
            continue
        formula = delta(desk, layer, j)
        quantities = [Quantity("gradient", layer.z[j], 0, s) for s in columns]
        for quantity in quantities:
            desk.work(quantity, formula)
        shown_formula = desk.short_tex(formula, every_sample=len(columns) > 1, room=room)
        rows.append((desk.symbol(delta_name(desk, layer.z[j])), shown_formula, *map(desk.number, quantities)))
    said = say("table.deltas", delta=desk.any("delta"), number=layer.number, left_out=left_out, named=bool(name))
    table = Table(tuple(head), tuple(rows), "ll" + "r" * len(columns))
    return [replace(table, caption=said, name=name)] if name else [paragraph(said), table]


def new_weights(desk: Desk, layer: Layer) -> list[Block]:
    """Where layers are updated one after the other: the new weights of a layer, which the layer before it uses."""
    if not desk.network.spec.sequential or not layer.spec.train_weights or layer.number == 1:
        return []
    names, left_out = cut(layer.weight_names, TABLE_ROWS // 2)
    letter, loss = desk.letter("p"), desk.symbol(desk.network.output)
    slope = Tex(rf"\partial {loss} / \partial {letter}")
    states = list(desk.network.names.states)
    new = [Tex(new_value(desk.notation.state_letter(key))) for key in states]
    head: tuple[Cell, ...] = (letter, say("update.old"), slope, *new, say("update.new"))
    cell = numbers_of_updates(desk, [name for name in names if name is not None])
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        if name is None:
            rows.append((DOTS,) * len(head))
            continue
        own = [Quantity("new_state", desk.network.names.state(key, name)) for key in states]
        cells = [Quantity("value", name), Quantity("batch", name), *own, Quantity("updated", name)]
        rows.append((desk.symbol(name), *map(cell, cells)))
    facts = {"number": layer.number, "before": layer.number - 1, "left_out": left_out}
    said = say("table.new_weights", rule=rule_in_words(desk), **facts)
    return [paragraph(said), Table(head, tuple(rows), "l" + "r" * (len(head) - 1))]


def gradient_tables(desk: Desk, tabulated: Collection[int], known: Collection[str] = ()) -> list[Block | Heading]:
    """The derivatives that were not worked in full, layer by layer from the last one."""

    def write(layer: Layer) -> list[Block]:
        own = (*layer.weight_names, *layer.bias_names)
        shown = desk.shown_among(own)
        others = [name for name in own if name not in shown]
        if not others:
            return []
        own_name = f"delta-{layer.number}"
        deltas = delta_table(desk, layer, known, name=own_name) if layer.number not in tabulated else []
        by_unit = desk.sheet.part(("by_unit", layer.number), partial(gradients_by_unit, desk, layer))
        table = by_unit or replace(_gradients(desk, others), caption=_said(desk, layer, len(others)))
        return [*deltas, replace(table, name=f"gradients-{layer.number}")]

    last_first = tuple(reversed(desk.network.layers))
    blocks = by_layer(
        desk, last_first, write, lambda layer: [] if layer.number in tabulated else delta_table(desk, layer)
    )
    if not blocks:
        return []
    opening = say("table.opening", tables=tables_among(blocks))
    return [Heading("others", say("table.title")), paragraph(opening, *rule_of_units(desk)), *blocks]


def tables_among(blocks: Sequence[Block | Heading]) -> Say | str:
    """The numbered tables among some blocks, which follow one another; empty where there is none."""
    names = [block.name for block in blocks if isinstance(block, Table) and block.name]
    if not names:
        return ""
    first, last = table_reference(names[0]), table_reference(names[-1])
    return say("table.references", first=first, last=last, count=len(names))


def _said(desk: Desk, layer: Layer, count: int) -> Say:
    left_out = cut(range(count), TABLE_ROWS)[1]
    batch = len(desk.run.iterations[0].samples)
    return say("table.gradients", parameter=desk.letter("p"), number=layer.number, left_out=left_out, samples=batch)


def _gradients(desk: Desk, names: Sequence[str]) -> Table:
    columns = sample_columns(desk)
    several = len(desk.run.iterations[0].samples) > 1
    head = [desk.letter("p"), say("table.formula"), *_sample_heads(desk, columns)]
    head += [say("table.batch")] if several else []
    rows: list[tuple[Cell, ...]] = []
    for name in cut(names, TABLE_ROWS)[0]:
        if name is None:
            rows.append((DOTS,) * len(head))
            continue
        cells: list[Cell] = [desk.symbol(name), desk.short_tex(desk.slope(name))]
        cells += [desk.number(Quantity("gradient", name, 0, s)) for s in columns]
        cells += [desk.number(Quantity("batch", name))] if several else []
        rows.append(tuple(cells))
    return Table(tuple(head), tuple(rows), "ll" + "r" * (len(head) - 2))
