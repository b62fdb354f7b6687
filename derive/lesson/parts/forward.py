"""Part 3: every weighted input and activation (symbols, numbers put in, value), then the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from derive.equations.objective import objective_formula
from derive.expressions.tree import Expr, plus
from derive.lesson.as_zero import values_as_zero
from derive.lesson.blocks import Block, Display, Row, Section, Table, note, paragraph, say
from derive.lesson.definitions import activations, branch_taken, branches_of, in_branches
from derive.lesson.desk import Desk, forms_of
from derive.lesson.drawings import NAMES
from derive.lesson.limits import (
    FIRST_NODES,
    GRAPH_NODES,
    LAST_NODES,
    SAMPLE_ROWS,
    TABLE_ROWS,
    by_layer,
    cut,
    worked_units,
)
from derive.lesson.local_gradients import local_mark, local_steps
from derive.lesson.parts.guessing import guessing
from derive.lesson.parts.reduction import objective
from derive.lesson.parts.unit_tables import DOWN
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import KinkMet, kinks_of_iteration, kinks_said, undefined_terms
from derive.lesson.sample_terms import terms_of_samples
from derive.lesson.styles import part
from derive.lesson.tidying import tidied
from derive.network import Layer
from derive.network.graph import Node
from derive.words.references import FigureReference
from derive.words.runs import Cell, Say, Tex


def forward(desk: Desk) -> Section:
    """The forward pass of the first iteration: its first sample in full, the others in a table."""
    several = len(desk.run.iterations[0].samples) > 1
    blocks: list[Block] = [paragraph(*_opening(desk))]
    if desk.form == "layers":
        work = part(desk.style.layer) if desk.style.layer else _layer
        blocks += by_layer(
            desk, desk.network.layers, lambda layer: work(desk, layer), lambda layer: units_table(desk, layer)
        )
        blocks += _loss(desk)
    else:
        blocks += _graph(desk)
    met: tuple[KinkMet, ...] = desk.sheet.ask(kinks_of_iteration)
    blocks += _kinks(desk, met) if met else []
    blocks += values_as_zero(desk)
    if several:
        blocks += _others(desk)
    return Section("forward", say("forward.title"), tuple(blocks))


def _kinks(desk: Desk, met: Sequence[KinkMet]) -> list[Block]:
    """What is said of kinks that were met, and how they look."""
    from derive.lesson.kinks_shown import kinks_shown

    return [*(note(remark) for remark in kinks_said(desk, met)), *kinks_shown(desk, met)]


def _opening(desk: Desk) -> list[Say]:
    biases = any(layer.biases for layer in desk.network.layers)
    said = [say("forward.opening", form=desk.form, biases=biases, layers=len(desk.network.layers),
                z=desk.any("z"), a=desk.any("a"), definition=_only_activation(desk),
                figure=FigureReference(NAMES[desk.form]))]  # fmt: skip
    if len(desk.network.rows) > 1:
        facts = {"row": desk.row(desk.sample), "count": len(desk.run.iterations[0].samples), "own": desk.own_output}
        said.append(say("forward.first_sample", has_loss=desk.network.has_loss, **facts))
    return said + (local_mark(desk) if desk.style.notes_local_gradients and desk.form == "layers" else [])


def _only_activation(desk: Desk) -> int:
    """The number of the equation that defines the activation function, where there is only one; or 0."""
    names = {activation.name for activation in activations(desk.network)}
    return desk.number_of(f"activation_{names.pop()}") if len(names) == 1 else 0


def _layer(desk: Desk, layer: Layer) -> list[Block]:
    """The units of a layer that are worked, and a table of the others."""
    units = worked_units(desk, layer)
    whole = layer.units == len(units)
    blocks: list[Block] = [
        paragraph(
            say(
                "forward.layer",
                number=layer.number,
                last=layer.number == len(desk.network.layers),
                units=layer.units,
                worked=[desk.symbol(layer.z[j]) for j in units] if not whole else [],
            )
        )
    ]
    softmax = desk.network.graph.by_name[layer.a[0]].operation.kind == "softmax"
    for j in units:
        rows = _node(desk, desk.network.graph.by_name[layer.z[j]])
        if not softmax:
            rows += _node(desk, desk.network.graph.by_name[layer.a[j]], work=_activation)
        blocks.append(Display(rows))
    if softmax:
        blocks.append(paragraph(say("forward.softmax")))
        blocks += [Display(_node(desk, desk.network.graph.by_name[layer.a[j]])) for j in units]
    if not whole:
        blocks += units_table(desk, layer)
    return blocks


def units_table(desk: Desk, layer: Layer) -> list[Block]:
    """z and a of the units of a layer."""
    shown, left_out = cut(range(layer.units), TABLE_ROWS)
    head: tuple[Cell, ...] = (say("forward.unit"), desk.any("z"), desk.any("a"))
    rows = [
        (DOWN,) * 3
        if j is None
        else (
            Tex(",".join(map(str, layer.wiring.indices(j)))),
            desk.number(desk.own("value", layer.z[j])),
            desk.number(desk.own("value", layer.a[j])),
        )
        for j in shown
    ]
    caption = say("forward.units", number=layer.number, count=layer.units, left_out=left_out)
    return [Table(head, tuple(rows), "rrr", caption)]


def _node(desk: Desk, node: Node, *, work: Callable[[Desk, Node], tuple[Row, ...]] | None = None) -> tuple[Row, ...]:
    """The worked lines of one node of a layer; in the style ``graph`` its local gradients, too."""
    rows = (work or _value)(desk, node)
    if desk.style.notes_local_gradients and node.operation.kind != "weighted_sum":
        rows += tuple(row for rows in local_steps(desk, node.name) for row in rows)
    return rows


def _graph(desk: Desk) -> list[Block]:
    """The nodes of a graph; in the style ``graph`` each stands with its local gradients."""
    nodes = desk.network.graph.nodes
    if len(nodes) <= GRAPH_NODES:
        return _nodes(desk, nodes)
    first, between, last = nodes[:FIRST_NODES], nodes[FIRST_NODES:-LAST_NODES], nodes[-LAST_NODES:]
    return [*_nodes(desk, first), *_left_out(desk, between, last), *_nodes(desk, last)]


def _nodes(desk: Desk, nodes: Sequence[Node]) -> list[Block]:
    if not desk.style.notes_local_gradients:
        return [Display(rows) for rows in chunks(_value(desk, node) for node in nodes)]
    steps = ([_value(desk, node), *local_steps(desk, node.name)] for node in nodes)
    return [Display(rows) for node in steps for rows in chunks(node)]


def _left_out(desk: Desk, nodes: Sequence[Node], following: Sequence[Node]) -> list[Block]:
    """How many nodes are left out, and the values of those that the following ones use."""
    used = {name for node in following for name in node.inputs}
    needed, more = cut([node.name for node in nodes if node.name in used], TABLE_ROWS)
    said = paragraph(say("forward.left_out", count=len(nodes), used=bool(needed), more=more))
    rows = [
        (DOWN, DOWN) if name is None else (desk.symbol(name), desk.number(desk.own("value", name))) for name in needed
    ]
    table = Table((say("network.value_of"), say("network.value")), tuple(rows), "lr")
    return [said, table] if rows else [said]


def _value(desk: Desk, node: Node) -> tuple[Row, ...]:
    left = desk.symbol(node.name)
    if node.name == desk.network.output:
        left = desk.symbol(node.name + desk.mark)
    forms = (_taken(desk, node),) if in_branches(node) else forms_of(desk.formula(node.name))
    return desk.worked(left, desk.own("value", node.name), forms)


def _activation(desk: Desk, node: Node) -> tuple[Row, ...]:
    """An activation: on one line where there is room."""
    return desk.on_fewer_lines(_value(desk, node))


def _loss(desk: Desk) -> list[Block]:
    node = desk.network.graph.by_name[desk.network.output]
    said = [
        say("forward.loss", definition=desk.number_of("loss")),
        *([say("forward.branches", count=len(desk.network.outputs))] if in_branches(node) else []),
    ]
    return [paragraph(*said, *undefined_terms(desk)), Display(_node(desk, node)), *guessing(desk)]


def _taken(desk: Desk, node: Node) -> Expr:
    """The loss in the branches that the worked sample takes."""
    branches = branches_of(desk, node)
    chosen: tuple[int, ...] = desk.sheet.ask(
        lambda figures: tuple(branch_taken(figures, each, desk.sample) for each in branches)
    )
    return plus(*(tidied(each[i].term) for each, i in zip(branches, chosen, strict=True)))


def chunks(steps: Iterable[tuple[Row, ...]], most: int = 9) -> list[tuple[Row, ...]]:
    """Steps joined to displays of a few lines, so that a page can break between them."""
    chunks: list[tuple[Row, ...]] = []
    for rows in steps:
        if chunks and len(chunks[-1]) + len(rows) <= most:
            chunks[-1] += rows
        else:
            chunks.append(rows)
    return chunks


def _others(desk: Desk) -> list[Block]:
    """The forward pass of all samples of the batch as a table, and the batch's loss."""
    samples = desk.run.iterations[0].samples
    network = desk.network
    nodes = [node.name for node in network.graph.nodes]
    if len(nodes) > 9:
        nodes = [*network.outputs[:6], network.output] if network.outputs else nodes[-6:]
    shown, left_out = cut(range(len(samples)), SAMPLE_ROWS)
    heads = (desk.any_output if name == network.output else desk.symbol(name) for name in nodes)
    head: tuple[Cell, ...] = (say("network.sample"), *heads)
    rows = [
        (DOWN,) * len(head)
        if s is None
        else (
            Tex(str(samples[s].row)),
            *(desk.number(Quantity("value", name, 0, s)) for name in nodes),
        )
        for s in shown
    ]
    table = Table(
        head, tuple(rows), "r" * len(head), say("forward.samples", left_out=left_out, sample=desk.letter("s"))
    )
    return [
        table,
        paragraph(say("forward.batch_loss", objective=objective(desk), has_loss=network.has_loss)),
        batch_loss(desk),
    ]


def batch_loss(desk: Desk, iteration: int = 0) -> Display:
    """The loss of a batch from its samples' losses."""
    output = desk.network.output
    terms, values = terms_of_samples(desk, Quantity("value", output, iteration))
    count = len(desk.figures.samples(iteration))
    formula = objective_formula(desk.network, terms, count=count, factor_first=True)
    return Display(desk.worked(desk.symbol(output), Quantity("loss", output, iteration), (formula,), values=values))
