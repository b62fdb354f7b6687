"""The card: the whole example on one page, a figure, the formulas with their numbers and one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from derive.expressions.tree import Expr
from derive.expressions.widths import width
from derive.lesson.blocks import Block, Display, Figure, Row, Section, paragraph, say
from derive.lesson.deltas import delta, delta_name
from derive.lesson.desk import Desk
from derive.lesson.long_sums import SHORT_SUM
from derive.lesson.parts.network import network as network_section
from derive.lesson.parts.summary import parameters_table
from derive.lesson.parts.update_lines import step_down
from derive.network import Layer
from derive.words.runs import Say, Tex

CARD_ROWS = 12
"""The table of a card has at most so many rows."""
CARD_NODES, CARD_PARAMETERS = 5, 3
"""Of a graph at most so many nodes, the last ones, and so many parameters, the first ones, are worked;"""
CARD_LINES = 12
"""and of these no more than have so many lines, before lines are joined, or one."""
BESIDE = 0.78
"""The part of a line that a formula may fill: its name stands beside it."""
RESERVED = 3.6
"""The width that a number of a card is thought to have, in ems."""
Lines = tuple[Say, Sequence[Sequence[Row]]]


def card(desk: Desk) -> Section:
    """Everything on one page."""
    figures = [block for block in network_section(desk).blocks if isinstance(block, Figure)][:1]
    narrow = replace(desk, page=replace(desk.page, ems=desk.page.ems * BESIDE))
    worked = _layers(narrow) if desk.form == "layers" else _graph(narrow)
    rows = [row for number, (name, steps) in enumerate(worked, 1) for row in _named(narrow, number, name, steps)]
    return Section("card", say("card.title"), (*figures, *_sample(desk), Display(tuple(rows)), *_table(desk)))


def _sample(desk: Desk) -> list[Block]:
    """Whose numbers the formulas have, where there are several samples."""
    if not desk.mark:
        return []
    facts = {"row": desk.row(desk.sample), "count": len(desk.run.iterations[0].samples), "own": desk.own_output}
    return [paragraph(say("forward.first_sample", has_loss=desk.network.has_loss, **facts))]


def _table(desk: Desk) -> list[Block]:
    parameters = desk.network.parameters
    wanted = [name for name in desk.shown if name in parameters]
    kept = set(list(dict.fromkeys((*wanted, *parameters)))[:CARD_ROWS])
    table = parameters_table(desk, [name for name in parameters if name in kept])
    left_out = len(parameters) - len(kept)
    return [table, *([paragraph(say("card.left_out", count=left_out))] if left_out else [])]


def _named(desk: Desk, number: int, name: Say, steps: Sequence[Sequence[Row]]) -> Iterator[Row]:
    """The lines of one formula, as few as they fit on, with its number and what it is before the first."""
    first, *others = (row for lines in steps for row in _joined(lines, desk.page.ems))
    yield Row(first.left, first.relation, first.right, say("card.named", number=number, name=name))
    yield from others


def _joined(lines: Sequence[Row], room: float) -> list[Row]:
    """Lines put behind one another where that is not too wide."""
    found: list[Row] = []
    for line in lines:
        before = found[-1] if found else None
        after = Tex(f"{before.right} {line.relation} {line.right}") if before is not None and not line.left else None
        if before is not None and after is not None and width(before.left + after, token=RESERVED) <= room:
            found[-1] = Row(before.left, before.relation, after)
        else:
            found.append(Row(line.left, line.relation, line.right))
    return found


def _layers(desk: Desk) -> Iterator[Lines]:
    """A unit forward, the loss, δ of an output and of a hidden unit, a derivative and its update."""
    network = desk.network
    last = network.layers[-1]
    hidden, j, name = _chosen(desk)
    yield say("card.unit"), (_value(desk, hidden.z[j]), _value(desk, hidden.a[j]))
    yield say("card.loss"), (_value(desk, network.output, desk.own_output),)
    k = next((k for k in range(last.units) if last.z[k] in _reached(desk, hidden, j)), 0)
    for layer, unit in dict.fromkeys(((last.number, k), (hidden.number, j))):
        z = network.layers[layer - 1].z[unit]
        formula = delta(desk, network.layers[layer - 1], unit)
        lines = _worked(desk, desk.symbol(delta_name(desk, z)), z, formula)
        yield say("card.delta", delta=desk.any("delta"), number=layer), (lines,)
    yield _derivative(desk, name)


def _chosen(desk: Desk) -> tuple[Layer, int, str]:
    """The first parameter of a hidden unit that is worked in full, its layer and unit; or of an output unit."""
    layers = desk.network.layers
    for layer in (*layers[:-1], layers[-1]):
        for name in desk.shown:
            terms = desk.step(name).terms if name in layer.parameter_names else ()
            if terms:
                return layer, layer.z.index(terms[0].via), name
    return layers[0], 0, layers[0].parameter_names[0]


def _reached(desk: Desk, layer: Layer, j: int) -> set[str]:
    """The weighted inputs that a unit feeds."""
    if layer.number == len(desk.network.layers):
        return {layer.z[j]}
    following = desk.network.layers[layer.number]
    return {following.z[unit] for unit, _ in following.fed_by(j)}


def _value(desk: Desk, name: str, left: Tex | None = None) -> Sequence[Row]:
    formula = desk.formula(name)
    return desk.worked(left or desk.symbol(name), desk.own("value", name), (formula,), longest=SHORT_SUM)


def _worked(desk: Desk, left: Tex, node: str, formula: Expr) -> Sequence[Row]:
    return desk.worked(left, desk.own("gradient", node), (formula,), longest=SHORT_SUM)


def _derivative(desk: Desk, name: str) -> Lines:
    """The derivative with respect to a parameter, and its update."""
    update = _update(desk, name)
    lines = _worked(desk, desk.gradient(name), name, desk.slope(name))
    return say("card.derivative", updated=bool(update)), (lines, *update)


def _update(desk: Desk, name: str) -> tuple[Sequence[Row], ...]:
    network = desk.network
    if network.spec.training.learning_rate is None or name not in network.trained:
        return ()
    return tuple(display.rows for display in step_down(desk, name))


def _graph(desk: Desk) -> Iterator[Lines]:
    """The last nodes forward, then backward; the first parameters, and an update."""
    output, nodes = desk.network.output, [node.name for node in desk.network.graph.nodes]
    lefts = {output: desk.own_output}
    values = _within(_value(desk, name, lefts.get(name)) for name in reversed(nodes[-CARD_NODES:]))
    last = nodes[-len(values) :]
    yield say("card.nodes", left_out=len(nodes) - len(last)), values[::-1]
    back = [name for name in reversed(last) if name in desk.differentiated and desk.step(name).terms]
    parameters = [name for name in desk.shown[:CARD_PARAMETERS] if desk.step(name).terms]
    for names in (back, parameters):
        if names:
            lines = (desk.one_line(desk.gradient(name), desk.own("gradient", name), desk.slope(name)) for name in names)
            yield say("card.derivatives", nodes=names is back), _within(lines)
    for name in parameters[:1]:
        if update := _update(desk, name):
            yield say("card.update"), update


def _within(steps: Iterable[Sequence[Row]]) -> list[Sequence[Row]]:
    """The first of these steps, as many as there is room for."""
    found: list[Sequence[Row]] = []
    for step in steps:
        if found and sum(map(len, found)) + len(step) > CARD_LINES:
            break
        found.append(step)
    return found
