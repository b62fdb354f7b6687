"""Part 5 in the style ``graph``: node by node from the output, upstream gradient × local gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from derive.equations.chain import Step
from derive.expressions.print_tex import width
from derive.expressions.tree import ONE, Expr, Name, Product, plus
from derive.lesson.blocks import Block, Display, Heading, Row, Table, note, paragraph, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.general import general
from derive.lesson.limits import TABLE_ROWS, by_layer, cut, worked_units
from derive.lesson.local_gradients import is_plain, local_quantity, local_symbol
from derive.lesson.long_sums import MIDDLING_SUM
from derive.lesson.parts.reduction import reduction
from derive.lesson.parts.small_change import small_change
from derive.lesson.parts.table import delta_table, gradient_tables, new_weights
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import quiet_units
from derive.network import Layer
from derive.words.references import table_reference
from derive.words.runs import Cell, Say, Tex

MAX_GRAPH_STEPS = 30
"""At most this many nodes are gone through."""
MAX_USES_SHOWN = MIDDLING_SUM
"""At most this many uses of one quantity are written."""
VALUES = "values"
"""By which the text refers to the table of all values and gradients."""
DOTS = Tex(r"\vdots")


def backward_graph(desk: Desk) -> list[Block | Heading]:
    """The backward pass of a graph: every node and parameter on the way back from the output."""
    order = _order(desk)
    blocks: list[Block | Heading] = [*_opening(desk)]
    blocks += node_steps(desk, order[:MAX_GRAPH_STEPS], headed=True)
    blocks += [] if len(order) <= MAX_GRAPH_STEPS else [paragraph(say("graph.cut", count=len(order) - MAX_GRAPH_STEPS))]
    return [*blocks, *reduction(desk), *all_gradients(desk)]


def all_gradients(desk: Desk) -> list[Block | Heading]:
    """The table of all values and gradients, under a heading of its own."""
    said = paragraph(say("graph.all", quantity=desk.letter("q"), table=table_reference(VALUES)))
    table = replace(values_and_gradients(desk), caption=say("graph.all_table"), name=VALUES)
    return [Heading("all", say("graph.all_title")), said, table]


def backward_nodes(desk: Desk) -> list[Block | Heading]:
    """The backward pass of a layered network: activations, weighted inputs, shown parameters, layer by layer."""
    layers = tuple(reversed(desk.network.layers))
    below = general(desk, "z", "l", "j")
    gradient = Tex(desk.notation.derivative(desk.own_output, below))
    blocks: list[Block | Heading] = []
    blocks += _opening(desk, say("graph.delta", gradient=gradient, symbol=general(desk, "delta", "l", "j")))
    blocks += by_layer(
        desk,
        layers,
        lambda layer: [_heading(desk, layer), *_layer_nodes(desk, layer), *new_weights(desk, layer)],
        lambda layer: [*delta_table(desk, layer), *new_weights(desk, layer)],
    )
    blocks += [note(remark) for remark in quiet_units(desk)]
    return [*blocks, *reduction(desk), *gradient_tables(desk, {layer.number for layer in layers})]


def _heading(desk: Desk, layer: Layer) -> Heading:
    return Heading(
        f"layer{layer.number}", say("graph.layer", number=layer.number, last=layer is desk.network.layers[-1])
    )


def _layer_nodes(desk: Desk, layer: Layer) -> list[Block | Heading]:
    """The activations and weighted inputs of a layer, its shown parameters, and a table of its other units."""
    units = worked_units(desk, layer)
    own = {*layer.weight_names, *layer.bias_names}
    names = [layer.a[j] for j in units] + [layer.z[j] for j in units] + [n for n in desk.shown if n in own]
    others = delta_table(desk, layer, {layer.z[j] for j in units}) if len(units) < layer.units else []
    return [*node_steps(desk, names), *others]


def _opening(desk: Desk, *also: Say) -> list[Block]:
    return [paragraph(say("graph.opening", output=Tex(desk.own_output)), *also), *output_step(desk)]


def output_step(desk: Desk) -> list[Block]:
    """Where the backward pass starts: the gradient of the output by itself."""
    output = desk.network.output
    return [
        paragraph(say("graph.start", output=desk.symbol(output))),
        Display((Row(desk.gradient(output), Tex("="), Tex("1")),)),
    ]


def _order(desk: Desk) -> list[str]:
    """The nodes from the output back, each shown parameter after the last node that uses it."""
    network = desk.network
    nodes = [node.name for node in reversed(network.graph.nodes) if node.name in desk.differentiated]
    waiting = [name for name in network.parameters if name in desk.shown and name not in nodes]
    remaining = {name: {use.node.name for use in network.graph.uses.get(name, [])} & {*nodes} for name in waiting}
    placed: list[str] = []
    for i, name in enumerate(nodes):
        if name != network.output:
            placed.append(name)
        ready = [p for p in waiting if remaining[p] <= set(nodes[: i + 1])]
        placed += ready
        waiting = [p for p in waiting if p not in ready]
    return placed


def node_steps(desk: Desk, names: Sequence[str], *, headed: bool = False) -> list[Block | Heading]:
    """The steps of quantities in their order; neighbours that only pass on the gradient of one node share a line.

    Below those that are worked in full stands what their derivatives mean. ``headed``: each step has a heading.
    """
    blocks: list[Block | Heading] = []
    for via, run in groupby(names, lambda name: _passes_on(desk, name)):
        alike = list(run)
        if via is not None:
            blocks += [_title(desk, alike)] if headed else []
            blocks += _passed(desk, via, alike)
            blocks += [block for name in alike if name in desk.shown for block in small_change(desk, name)]
            continue
        for name in alike:
            blocks += [_title(desk, (name,))] if headed else []
            blocks += node_step(desk, name)
            blocks += small_change(desk, name) if name in desk.shown else []
    return blocks


def _title(desk: Desk, names: Sequence[str]) -> Heading:
    return Heading(f"gradient_{names[0]}", say("graph.title", names=[desk.symbol(name) for name in names]))


def _passes_on(desk: Desk, name: str) -> str | None:
    """The node whose gradient a quantity has unchanged: it feeds that one alone, with local derivative 1."""
    terms = desk.step(name).terms
    return terms[0].via if len(terms) == 1 and terms[0].local == ONE else None


def _passed(desk: Desk, via: str, names: Sequence[str]) -> list[Block]:
    """One line for quantities that have the gradient of the node that they feed."""
    above = desk.own("gradient", via)
    for name in names:
        desk.work(desk.own("gradient", name), Name(desk.network.names.gradient(via)))
    first, *others = names
    equal = [*map(desk.gradient, others), Tex(f"{desk.gradient(via)} {desk.equals(above)}")]
    said = say("graph.passed", names=[desk.symbol(name) for name in names], user=desk.symbol(via))
    return [paragraph(said), Display(tuple(desk.whole_lines(desk.gradient(first), equal)))]


def node_step(desk: Desk, name: str, *, noted: bool = True) -> list[Block]:
    """Upstream × local over every use of a quantity, and their sum.

    ``noted``: the numbers of the local gradients stand in the forward pass; otherwise their formulas are put in.
    """
    step = desk.step(name)
    if not step.terms:
        return [paragraph(say("graph.unused", name=desk.symbol(name), output=desk.symbol(desk.network.output)))]
    users = [desk.symbol(term.via) for term in step.terms[:MAX_USES_SHOWN]]
    key = "graph.meet" if len(step.terms) > 1 else "graph.node"
    said = say(key, name=desk.symbol(name), users=users, count=len(step.terms), product=_is_of_two(desk, step))
    left = desk.gradient(name)
    first, *others = desk.lines(Tex("="), _fractions(desk, step), width(left))
    symbols, numbers, values = _products(desk, step, noted=noted)
    gradient = desk.own("gradient", name)
    worked = desk.worked(left, gradient, (symbols,), numbers=numbers, values=values, longest=MIDDLING_SUM)
    if all(term.via == desk.network.output for term in step.terms):
        return [paragraph(said), Display(worked)]
    rows = (replace(first, left=left), *others, replace(worked[0], left=BLANK), *worked[1:])
    return [paragraph(said), Display(rows)]


def _fractions(desk: Desk, step: Step) -> list[str]:
    """∂g/∂f · ∂f/∂x, one product for each use."""
    parts: list[str] = []
    terms = step.terms
    for i, term in enumerate(terms):
        if len(terms) > MAX_USES_SHOWN and 3 <= i < len(terms) - 1:
            parts += [r" + \cdots"] if i == 3 else []
            continue
        local = local_symbol(desk, term.via, step.of)
        parts.append((" + " if parts else "") + rf"{desk.gradient(term.via)} \cdot {local}")
    return parts


def _products(desk: Desk, step: Step, *, noted: bool) -> tuple[Expr, Expr, dict[str, Quantity]]:
    """The products with the local gradients as formulas, and with the local gradients' own numbers."""
    symbols: list[Expr] = []
    numbers: list[Expr] = []
    values: dict[str, Quantity] = {}
    for i, term in enumerate(step.terms):
        upstream = Name(desk.network.names.gradient(term.via))
        symbols.append(_times(upstream, term.local))
        if is_plain(term.local) or not noted:
            numbers.append(_times(upstream, term.local))
        else:
            values[f"local {i}"] = local_quantity(desk, term, step.of)
            numbers.append(Product((upstream, Name(f"local {i}"))))
    return plus(*symbols), plus(*numbers), values


def _is_of_two(desk: Desk, step: Step) -> bool:
    """Whether the one node that uses a quantity is the product of it and another one."""
    formula = desk.network.graph.by_name[step.terms[0].via].formula
    factors = formula.factors if isinstance(formula, Product) else ()
    return len({*factors}) == 2 == len(factors) and all(isinstance(factor, Name) for factor in factors)


def _times(upstream: Expr, local: Expr) -> Expr:
    if isinstance(local, Product) and not local.leading_zero:
        return Product((upstream, *local.factors))
    return upstream if local == ONE else Product((upstream, local))


def values_and_gradients(desk: Desk) -> Table:
    """Every quantity with its value and its gradient."""
    graph = desk.network.graph
    every = dict.fromkeys((*desk.network.parameters, *(node.name for node in graph.nodes)))
    names = [name for name in every if name in desk.differentiated]
    output = desk.own_output
    quantity = desk.letter("q")
    head: tuple[Cell, ...] = (quantity, say("table.value"), Tex(rf"\partial {output} / \partial {quantity}"))
    rows = [
        (DOTS,) * 3
        if name is None
        else (desk.symbol(name), desk.number(desk.own("value", name)), desk.number(desk.own("gradient", name)))
        for name in cut(names, TABLE_ROWS)[0]
    ]
    return Table(head, tuple(rows), "lrr")
