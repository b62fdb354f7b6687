"""Part 6: the rule of the update, and one parameter's update with its numbers; the others stand in the summary."""

from __future__ import annotations

from collections.abc import Sequence

from derive.arithmetic.numbers import is_zero
from derive.lesson.blocks import Block, Display, Row, Section, Table, note, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.general import by_steps
from derive.lesson.limits import MAX_UPDATES, TABLE_ROWS, cut
from derive.lesson.parts.summary import NAME, has_new_values
from derive.lesson.parts.update_lines import displayed_rule, step_down
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import identical_units
from derive.lesson.styles import part
from derive.naming.notation import new_value
from derive.words.references import table_reference
from derive.words.runs import Cell, Say, Tex

DOTS = Tex(r"\vdots")


def update(desk: Desk) -> Section | None:
    """One step of the optimizer; None without a learning rate."""
    network = desk.network
    if network.spec.training.learning_rate is None:
        return None
    shown = [*filter(None, [desk.first_shown(network.trained)])]
    sequential = network.spec.sequential
    method = say(f"optimizers.{network.optimizer.name}")
    facts = {"parameter": desk.letter("p"), "frozen": len(network.trained) < len(network.parameters)}
    said = say("update.opening", sequential=sequential, carried=carried(desk), method=method, **facts)
    blocks: list[Block] = [paragraph(said), displayed_rule(desk)]
    if network.names.states:
        blocks.append(paragraph(_states(desk)))
    if not network.trained:
        blocks = [paragraph(say("update.nothing"))]
    if desk.style.update:
        blocks += part(desk.style.update)(desk)
    else:
        blocks += [display for name in shown for display in step_down(desk, name)]
    if has_new_values(desk):
        facts = {"unmoved": _any_unmoved(desk), "table": table_reference(NAME)}
        blocks.append(paragraph(say("update.others", only=not shown, **facts)))
    elif not desk.style.update and by_steps(desk) and len(shown) < len(network.trained):
        blocks += _table(desk)
    blocks += [note(remark) for remark in identical_units(desk)]
    blocks += _later(desk, shown)
    return Section("update", say("update.title"), tuple(blocks))


def _any_unmoved(desk: Desk) -> bool:
    """Whether a parameter stays as it is in the first update because its derivative is exactly 0."""
    trained = desk.network.trained
    if desk.network.names.states:
        return False

    def unmoved(figures: Figures) -> bool:
        return any(name in trained and is_zero(g) for name, g in figures.run.iterations[0].gradients.items())

    found: bool = desk.sheet.ask(unmoved)
    return found


def carried(desk: Desk) -> list[Tex]:
    """The letters of what the optimizer carries from update to update."""
    return [Tex(desk.notation.state_letter(key)) for key in desk.network.names.states]


def _states(desk: Desk) -> Say:
    """What the states are before the first update, and the numbers of the rule."""
    network = desk.network
    starts = [
        say("update.starts", state=letter, value=Tex(str(network.optimizer.states[key].start)))
        for key, letter in zip(network.names.states, carried(desk), strict=True)
    ]
    numbers = [desk.equation(name) for name in network.hyperparameters]
    return say("update.states", starts=starts, numbers=numbers)


def _derivatives(desk: Desk, shown: Sequence[str], iteration: int) -> Display:
    """The derivatives of a later batch's loss, which the next update takes."""
    output, found = desk.network.output, []
    for name in shown:
        quantity = Quantity("batch", name, iteration)
        left = desk.symbol(f"d{output}/d{name}@{iteration}")
        found.append(Row(left, desk.sheet.relation(quantity), desk.number(quantity)))
    return Display(tuple(found))


def _later(desk: Desk, shown: Sequence[str]) -> list[Block]:
    """The next updates of the parameter that is worked, where something is carried from one to the next."""
    if not desk.network.names.states or not shown:
        return []
    count = len(desk.run.iterations)
    worked = range(1, min(count, MAX_UPDATES))
    blocks: list[Block] = []
    for k in worked:
        blocks += [paragraph(say("update.next", first=k == 1, number=k + 1)), _derivatives(desk, shown, k)]
        blocks += [display for name in shown for display in step_down(desk, name, k)]
    return blocks


def _table(desk: Desk) -> list[Block]:
    """Old value, derivative and new value of every trained parameter, for what is worked from the rounded ones."""
    loss = desk.symbol(desk.network.output)
    slope = Tex(rf"\partial {loss} / \partial {desk.letter('p')}")
    states = list(desk.network.names.states)
    new = [Tex(new_value(desk.notation.state_letter(key))) for key in states]
    head: tuple[Cell, ...] = (desk.letter("p"), say("update.old"), slope, *new, say("update.new"))
    trained = [name for name in desk.network.parameters if name in desk.network.trained]
    rows: list[tuple[Cell, ...]] = []
    shown, left_out = cut(trained, TABLE_ROWS)
    for name in shown:
        if name is None:
            rows.append((DOTS,) * len(head))
            continue
        own = [Quantity("new_state", desk.network.names.state(key, name)) for key in states]
        cells = (Quantity("value", name), Quantity("batch", name), *own, Quantity("updated", name))
        rows.append((desk.symbol(name), *map(desk.number, cells)))
    said = say("update.table", count=len(trained), left_out=left_out)
    return [paragraph(said), Table(head, tuple(rows), "l" + "r" * (len(head) - 1))]
