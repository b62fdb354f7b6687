"""Part 6: the rule of the update, numbers put in, new values; then the table of all parameters."""

from __future__ import annotations

from derive.expressions.tree import Expr, Name, Product
from derive.lesson.blocks import Block, Display, Row, Section, Table, note, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Quantity
from derive.lesson.limits import TABLE_ROWS, cut
from derive.lesson.remarks import identical_units
from derive.lesson.styles import part
from derive.words.runs import Cell, Tex

DOTS = Tex(r"\vdots")


def update(desk: Desk) -> Section | None:
    """One step of gradient descent; None without a learning rate."""
    network = desk.network
    if network.spec.training.learning_rate is None:
        return None
    shown = [name for name in desk.shown if name in network.trained]
    said = say("update.opening", sequential=network.spec.sequential, parameter=desk.letter("p"))
    blocks: list[Block] = [paragraph(said), _rule(desk)]
    if not network.trained:
        blocks = [paragraph(say("update.nothing"))]
    if desk.style.update:
        blocks += part(desk.style.update)(desk)
    else:
        blocks += [step_down(desk, name) for name in shown]
    blocks += [note(remark) for remark in identical_units(desk)]
    if not desk.style.update and len(shown) < len(network.trained):
        blocks += _table(desk)
    return Section("update", say("update.title"), tuple(blocks))


def _rule(desk: Desk) -> Display:
    loss = desk.symbol(desk.network.output)
    p = desk.letter("p")
    right = Tex(rf"{p} - {desk.eta}\,\frac{{\partial {loss}}}{{\partial {p}}}")
    return Display((Row(Tex(f"{p}'"), Tex("="), right),))


def formula(desk: Desk, name: str) -> tuple[Expr, dict[str, Quantity]]:
    """w - η ∂E/∂w, and what its names stand for."""
    eta, gradient = desk.network.names.eta, f"d{desk.network.output}/d{name}"
    expr = Name(name) - Product((Name(eta), Name(gradient)))
    values = {name: Quantity("value", name), eta: desk.rate, gradient: Quantity("batch", name)}
    return expr, values


def step_down(desk: Desk, name: str) -> Display:
    """The worked update of one parameter."""
    expr, values = formula(desk, name)
    return Display(desk.worked(desk.new_symbol(name), Quantity("updated", name), (expr,), values=values))


def _table(desk: Desk) -> list[Block]:
    """Old value, derivative and new value of every trained parameter."""
    loss = desk.symbol(desk.network.output)
    slope = Tex(rf"\partial {loss} / \partial {desk.letter('p')}")
    head: tuple[Cell, ...] = (desk.letter("p"), say("update.old"), slope, say("update.new"))
    trained = [name for name in desk.network.parameters if name in desk.network.trained]
    rows: list[tuple[Cell, ...]] = []
    shown, left_out = cut(trained, TABLE_ROWS)
    for name in shown:
        if name is None:
            rows.append((DOTS,) * len(head))
            continue
        cells = (Quantity("value", name), Quantity("batch", name), Quantity("updated", name))
        rows.append((desk.symbol(name), *map(desk.number, cells)))
    return [paragraph(say("update.table", left_out=left_out)), Table(head, tuple(rows), "lrrr")]
