"""Part 9: one table with every parameter: value, gradient, new value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.lesson.blocks import Section, Table, say
from derive.lesson.desk import Desk
from derive.lesson.general import by_steps
from derive.lesson.limits import TABLE_ROWS, cut
from derive.lesson.parts.update_lines import numbers_of_updates
from derive.lesson.quantity import Quantity
from derive.naming.notation import new_value
from derive.words.runs import Cell, Tex

DOTS = Tex(r"\vdots")
NAME = "parameters"
"""By which the text refers to the table."""
MAX_WITH_LAST = 12
"""Of at most so many parameters the table has the values after the last update, too."""


def summary(desk: Desk) -> Section:
    """Every parameter of the network."""
    network = desk.network
    shown, left_out = cut(network.parameters, 2 * TABLE_ROWS)
    facts = {"count": len(network.parameters), "iterations": len(desk.run.iterations), "updated": _is_updated(desk)}
    said = say("summary.opening", left_out=left_out, **facts)
    table = replace(parameters_table(desk, shown), caption=said, name=NAME if has_new_values(desk) else "")
    return Section("summary", say("summary.title"), (table,))


def has_new_values(desk: Desk) -> bool:
    """Whether the update refers to the summary for new values: they stand nowhere else."""
    elsewhere = bool(desk.style.update) or by_steps(desk)
    trained = desk.network.trained
    return _is_updated(desk) and not elsewhere and len(trained) > (desk.first_shown(trained) is not None)


def parameters_table(desk: Desk, names: Sequence[str | None]) -> Table:
    """Value, derivative and new value of these parameters; None for a gap."""
    network = desk.network
    updated, count = _is_updated(desk), len(desk.run.iterations)
    loss = desk.symbol(network.output)
    head: list[Cell] = [desk.letter("p"), say("table.value"), Tex(rf"\partial {loss} / \partial {desk.letter('p')}")]
    states = [key for key in network.names.states if updated]
    head += [Tex(new_value(desk.notation.state_letter(key))) for key in states]
    head += [say("update.new")] if updated else []
    last = updated and count > 1 and len(names) <= MAX_WITH_LAST
    head += [say("summary.last", count=count)] if last else []
    cell = numbers_of_updates(desk, [name for name in names if name is not None])
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        if name is None:
            rows.append((DOTS,) * len(head))
            continue
        quantities: list[Quantity | None] = [Quantity("value", name), Quantity("batch", name)]
        quantities += [_state(desk, key, name) for key in states]
        if updated:
            quantities += [_after(desk, name, 0), *([_after(desk, name, count - 1)] if last else [])]
        rows.append((desk.symbol(name), *map(cell, quantities)))
    return Table(tuple(head), tuple(rows), "l" + "r" * (len(head) - 1), folds=True)


def _is_updated(desk: Desk) -> bool:
    return desk.network.spec.training.learning_rate is not None and bool(desk.network.trained)


def _state(desk: Desk, key: str, name: str) -> Quantity | None:
    """What is carried on from the first update; of a frozen parameter nothing."""
    trained = name in desk.network.trained
    return Quantity("new_state", desk.network.names.state(key, name)) if trained else None


def _after(desk: Desk, name: str, iteration: int) -> Quantity:
    """The value after an update; of a frozen parameter, the value it has."""
    kind = "updated" if name in desk.network.trained else "value"
    return Quantity(kind, name, iteration if kind == "updated" else 0)
