"""Part 4: each local derivative once, step by step with its named rules, for the backward pass to use."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from derive.expressions.letters import euler, total
from derive.expressions.print_tex import tex, width
from derive.expressions.tree import Name, names_in
from derive.lesson.blocks import Block, Display, Row, Section, paragraph, say
from derive.lesson.definitions import activations, call_of, call_of_slope, function_of
from derive.lesson.desk import BLANK, Desk
from derive.lesson.general import free_letter
from derive.lesson.local_gradients import local_mark, local_symbol
from derive.lesson.parts.forward import chunks
from derive.lesson.parts.function_slopes import function_slopes, said_of_pieces, slope_in_pieces, worked_slope
from derive.lesson.parts.introduction import say_name
from derive.lesson.parts.loss_slopes import loss_slopes
from derive.lesson.working_lines import worked_lines
from derive.model import ActivationSpec
from derive.network.graph import Node
from derive.ops import ACTIVATIONS
from derive.words.runs import Say, Tex

EQUATION_GAP = 4.0
"""The relation sign in a short equation, and the space between two of them on one line, in ems."""
MAX_NODES_DERIVED = 16
"""At most this many nodes of a graph have their derivatives worked."""


def derivatives(desk: Desk) -> Section:
    """The local derivatives of the network or graph."""
    blocks = _layered(desk) if desk.form == "layers" else _graph(desk)
    return Section("derivatives", say("derivatives.title"), tuple(blocks))


def _layered(desk: Desk) -> list[Block]:
    blocks: list[Block] = [paragraph(say("derivatives.opening"))]
    blocks += _weighted_sum(desk)
    blocks += function_slopes(desk)
    for activation in activations(desk.network):
        blocks += _activation(desk, activation)
    return [*blocks, *loss_slopes(desk)]


def _weighted_sum(desk: Desk) -> list[Block]:
    """∂z/∂w, ∂z/∂a and ∂z/∂b, in the names of the last layer's first unit."""
    layer = desk.network.layers[-1]
    (weight, *_), (source, *_) = layer.joined(0)
    found: list[tuple[str, Tex]] = [(weight, desk.symbol(source))]
    if len(desk.network.layers) > 1:
        found.append((source, desk.symbol(weight)))
    if layer.biases:
        found.append((layer.biases[0], desk.tex(desk.step(layer.biases[0]).terms[0].local)))
    top = desk.symbol(layer.z[0])
    rows = [Row(Tex(desk.notation.derivative(top, desk.symbol(name))), Tex("="), value) for name, value in found]
    if sum(width(f"{row.left}{row.right}") + EQUATION_GAP for row in rows) < desk.page.ems:
        rows[1:] = [replace(row, goes_on=True) for row in rows[1:]]
    reason = say("rules.constant_multiple")
    said = say("derivatives.weighted_sum", unit=top, rule=reason)
    return [paragraph(said), Display(desk.numbered("weighted_sum", rows))]


def _activation(desk: Desk, activation: ActivationSpec) -> list[Block]:
    own = activation.expression is not None
    name = say_name("names", activation.name, own)
    alike = [other for other in activations(desk.network) if other.name == activation.name]
    several = len(alike) > 1 and function_of(activation) is not None
    told_apart = Tex(tex(call_of(activation), desk.plain)) if several else None
    opening = say("derivatives.activation", name=name, call=told_apart)
    a, z = desk.any("a"), desk.any("z")
    slope_of = Tex(total(a, z))
    if own:
        assert activation.expression is not None
        return [
            paragraph(opening),
            _numbered(
                desk,
                name_of_slope(activation),
                worked_lines(slope_of, activation.expression, "z", None, symbol=desk.plain, page=desk.page),
            ),
        ]
    if ACTIVATIONS[activation.name].whole_layer:
        total_of = free_letter(desk, "S", "N")
        whole = Tex(rf"{total_of} = \sum_k {euler(f'{z}_k')}")
        facts = {"variable": Tex(f"{z}_k"), "power": Tex(euler(f"{z}_k"))}
        return [paragraph(opening, say("derivatives.softmax", sum=whole, **facts)), Display(_softmax(a, z, total_of))]
    function = function_of(activation)
    if function is None:
        return [paragraph(say("derivatives.identity", name=name))]
    if function.pieces:
        slope = call_of_slope(activation)
        rows = desk.numbered(name_of_slope(activation), slope_in_pieces(desk, slope, slope_of))
        return [paragraph(opening, said_of_pieces(desk, slope)), Display(rows)]
    lines = worked_slope(slope_of, call_of(activation), Name("a"), desk.plain, desk.page)
    return [paragraph(opening), _numbered(desk, name_of_slope(activation), lines)]


def name_of_slope(activation: ActivationSpec) -> str:
    """The key of the equation that has the slope of an activation."""
    return f"slope_{activation.name}"


def _numbered(desk: Desk, key: str, display: Display) -> Display:
    return replace(display, rows=desk.numbered(key, display.rows))


def _softmax(a: str, z: str, s: str) -> tuple[Row, ...]:
    """The derivatives of one output of a softmax by its own and by another weighted input."""
    j, k = euler(f"{z}_j"), euler(f"{z}_k")
    since = say("rules.since", equation=Tex(rf"{a}_j = \frac{{{j}}}{{{s}}}"))
    quotient, split = say("rules.quotient"), say("rules.split")
    lines = {
        "j": ((rf"\frac{{{j} {s} - {j} {j}}}{{{s}^2}}", quotient),
              (rf"\frac{{{j}}}{{{s}}} \cdot \frac{{{s} - {j}}}{{{s}}}", split), (rf"{a}_j(1 - {a}_j)", since)),
        "k": ((rf"\frac{{0 \cdot {s} - {j} {k}}}{{{s}^2}}", quotient),
              (rf"-\frac{{{j}}}{{{s}}} \cdot \frac{{{k}}}{{{s}}}", split), (rf"-{a}_j {a}_k", since)),
    }  # fmt: skip
    rows: list[Row] = []
    for by, worked in lines.items():
        left = Tex(rf"\frac{{\partial {a}_j}}{{\partial {z}_{by}}}")
        rows.append(
            Row(left, Tex("="), Tex(rf"\frac{{\partial}}{{\partial {z}_{by}}}\left[ \frac{{{j}}}{{{s}}} \right]"))
        )
        rows += (Row(BLANK, Tex("="), Tex(right), reason) for right, reason in worked)
    return tuple(rows)


def _graph(desk: Desk) -> list[Block]:
    """The local derivatives of every node by each of its inputs."""
    nodes = [node for node in desk.network.graph.nodes if node.name in desk.differentiated]
    blocks: list[Block] = [paragraph(say("derivatives.graph"), *local_mark(desk)), *function_slopes(desk)]
    steps: list[tuple[Row, ...]] = []
    for node in nodes[:MAX_NODES_DERIVED]:
        used = [name for name in names_in(node.formula) if name in desk.differentiated]
        steps += [_local(desk, node, name) for name in used]
    for _, alike in groupby(steps, _reasons_of):  # beside a long line there is no room for rules
        blocks += map(Display, chunks(list(alike)))
    if len(nodes) > MAX_NODES_DERIVED:
        blocks.append(paragraph(say("derivatives.graph_cut", count=len(nodes) - MAX_NODES_DERIVED)))
    return blocks


def _reasons_of(rows: tuple[Row, ...]) -> tuple[bool, bool]:
    """Whether reasons stand under their lines, and whether one is an equation, which ends its display."""
    equations = (row.reason for row in rows if isinstance(row.reason, Say) and row.reason.key == "rules.since")
    return any(row.under for row in rows), next(equations, None) is not None


def _local(desk: Desk, node: Node, name: str) -> tuple[Row, ...]:
    """The derivative of a node by one quantity in its formula, in the node's own value where it is one function."""
    known = node.operation.local(node.name, node.inputs, node.inputs.index(name))
    left = local_symbol(desk, node.name, name)
    own = Tex(f"{desk.symbol(node.name)} = {desk.tex(node.formula)}")
    last = say("rules.since", equation=own) if node.name in names_in(known) else None
    return worked_lines(left, node.formula, name, known, last=last, symbol=desk.symbol, page=desk.page).rows
