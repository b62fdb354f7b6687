"""Part 4: each local derivative once, step by step with its named rules, for the backward pass to use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from derive.differentiate import WorkLine, working
from derive.expressions.tex import broken, pieces, tex, width
from derive.expressions.tree import Call, Derivative, Expr, Name, Negative, Quotient, exp, names_in, walk
from derive.lesson.blocks import Block, Display, Row, Say, Section, Tex, paragraph, say
from derive.lesson.definitions import activations, arguments_of, call_of, cases, function_of, loss_slope, plain_symbol
from derive.lesson.deltas import simplification
from derive.lesson.desk import BLANK, PAGE, Desk
from derive.lesson.local_gradients import local_mark, local_symbol
from derive.lesson.parts.forward import chunks
from derive.lesson.parts.introduction import say_name
from derive.ops import ACTIVATIONS
from derive.spec.model import ActivationSpec

z, a = Name("z"), Name("a")
_LOGISTIC = 1 / (1 + exp(-z))
_BRIDGES: Mapping[str, tuple[Expr, tuple[Expr, ...]]] = {
    "sigmoid": (_LOGISTIC, (_LOGISTIC * Quotient(exp(-z), 1 + exp(-z)),)),
    "tanh": (Quotient(exp(z) - exp(-z), exp(z) + exp(-z)), ()),
}
"""Where the derivative is stated in ``a``: the formula that is differentiated, and the lines before the last one."""
SOFTMAX_ROWS = (
    (r"\frac{\partial a_j}{\partial z_j}", r"\frac{e^{z_j} S - e^{z_j} e^{z_j}}{S^2} = a_j(1 - a_j)", "quotient"),
    (r"\frac{\partial a_j}{\partial z_k}", r"\frac{0 \cdot S - e^{z_j} e^{z_k}}{S^2} = -a_j a_k", "softmax_other"),
)
MOST_OUTPUTS = 3
MOST_NODES = 16


def derivatives(desk: Desk) -> Section:
    """The local derivatives of the network or graph."""
    blocks = _layered(desk) if desk.network.layered else _graph(desk)
    return Section("derivatives", say("derivatives.title"), tuple(blocks))


def _layered(desk: Desk) -> list[Block]:
    blocks: list[Block] = [paragraph(say("derivatives.opening"))]
    blocks += _weighted_sum(desk)
    for activation in activations(desk.network):
        blocks += _activation(desk, activation)
    return [*blocks, *_loss(desk), *_short_delta(desk)]


def _weighted_sum(desk: Desk) -> list[Block]:
    """∂z/∂w, ∂z/∂a and ∂z/∂b, in the names of the last layer's first unit."""
    layer = desk.network.layers[-1]
    weight, source = layer.weights[0][0], layer.sources[0]
    found: list[tuple[str, Tex]] = [(weight, desk.symbol(source))]
    if len(desk.network.layers) > 1:
        found.append((source, desk.symbol(weight)))
    if layer.biases:
        found.append((layer.biases[0], desk.tex(desk.step(layer.biases[0]).terms[0].local)))
    top = desk.symbol(layer.z[0])
    rows = tuple(
        Row(Tex(rf"\frac{{\partial {top}}}{{\partial {desk.symbol(name)}}}"), Tex("="), value) for name, value in found
    )
    reason = say("rules.constant_multiple")
    return [paragraph(say("derivatives.weighted_sum", unit=top, rule=reason)), Display(rows)]


def _activation(desk: Desk, activation: ActivationSpec) -> list[Block]:
    own = activation.expression is not None
    name = say_name("names", activation.name, own)
    opening = say("derivatives.activation", name=name)
    if own:
        assert activation.expression is not None
        return [paragraph(opening), _lines(Tex(r"\frac{da}{dz}"), activation.expression, "z", None)]
    if ACTIVATIONS[activation.name].whole_layer:
        rows = [Row(Tex(left), Tex("="), Tex(right), say(f"rules.{rule}")) for left, right, rule in SOFTMAX_ROWS]
        return [paragraph(opening, say("derivatives.softmax")), Display(tuple(rows))]
    function = function_of(activation)
    if function is None:
        return [paragraph(say("derivatives.identity", name=name))]
    left = Tex(r"\frac{da}{dz}")
    if function.pieces:
        return [
            paragraph(opening, say("derivatives.pieces")),
            Display((Row(left, Tex("="), _slope_cases(desk, activation)),)),
        ]
    formula, between = _BRIDGES.get(activation.name, (function.formula or call_of(activation), ()))
    return [paragraph(opening), _lines(left, formula, "z", function.derivative, between)]


def _slope_cases(desk: Desk, activation: ActivationSpec) -> Tex:
    function = function_of(activation)
    assert function is not None
    at_zero = desk.network.spec.conventions.relu_at_zero.expression
    return cases(function, arguments_of(activation), slopes=True, at_zero=at_zero)


def _lines(
    left: Tex,
    formula: Expr,
    by: str,
    known: Expr | None,
    between: Sequence[Expr] = (),
    *,
    symbol: Callable[[str], str] = plain_symbol,
) -> Display:
    """The working of a derivative: first what is differentiated, then line by line with the rules."""
    lines = list(working(formula, by, known).lines)
    if known is not None and between and lines[-1].rules == ("rewrite",):
        extra = [WorkLine(expr, ("split",)) for expr in between]
        lines[-1:] = [*extra, WorkLine(lines[-1].expr, ("complement",))]
    if isinstance(formula, Negative):  # -z is a multiple of z
        lines = [WorkLine(line.expr, _MULTIPLE.get(line.rules, line.rules)) for line in lines]
    lines = _without_repeats(lines)
    room = PAGE - 2.0 - width(left)
    first = tex(Derivative(formula, by), symbol)
    start = [((first,), ())] if width(first) <= room else []
    written = [*start, *((_broken(line.expr, room, symbol), line.rules) for line in lines)]
    if len(written) == 2 and start and width(f"{first} = {written[1][0][0]}") <= room - ROOM_FOR_REASONS:
        reasons = _reasons(written[1][1])
        one = Tex(f"{first} = {written[1][0][0]}")
        return Display((Row(left, Tex("="), one, reasons[0] if reasons else None),))
    widest = max(width(row) for formulas, _ in written for row in formulas)
    beside = widest <= room - ROOM_FOR_REASONS
    rows: list[Row] = []
    for formulas, rules in written:
        rows += _line(formulas, _reasons(rules), beside=beside)
    rows[0] = replace(rows[0], left=left)
    return Display(tuple(rows))


def _line(formulas: Sequence[str], reasons: Sequence[Say], *, beside: bool) -> list[Row]:
    """One line of the working, its rules beside it or (where it is long) under it."""
    first = Row(BLANK, Tex("="), Tex(formulas[0]), reasons[0] if reasons and beside else None)
    rest = [Row(BLANK, BLANK, Tex(rf"\quad {formula}")) for formula in formulas[1:]]
    under = [Row(BLANK, BLANK, BLANK, reason, under=not beside) for reason in reasons[1 if beside else 0 :]]
    return [first, *rest, *under]


def _reasons(rules: Sequence[str]) -> list[Say]:
    """The rules of a line, a few beside each other; what goes without saying is left out beside other rules."""
    named = [rule for rule in rules if rule not in _TACIT] or list(rules[:1])
    groups = [named[i : i + RULES_IN_A_ROW] for i in range(0, len(named), RULES_IN_A_ROW)]
    return [say("rules.several", rules=[say(f"rules.{rule}") for rule in group]) for group in groups]


RULES_IN_A_ROW = 3
_MULTIPLE: Mapping[tuple[str, ...], tuple[str, ...]] = {("identity",): ("constant_multiple",)}
_TACIT = ("sum", "constant", "identity")
ROOM_FOR_REASONS = 17.0
"""What the rules beside a line take, in ems."""


def _broken(expr: Expr, room: float, symbol: Callable[[str], str]) -> tuple[str, ...]:
    """A line in rows, short enough for rules beside it where that is possible."""
    return broken(pieces(expr, symbol), room - ROOM_FOR_REASONS)


def _without_repeats(lines: Sequence[WorkLine]) -> list[WorkLine]:
    """A line that looks like the one above is left out."""
    kept: list[WorkLine] = []
    for line in lines:
        if kept and kept[-1].expr == line.expr:
            continue
        kept.append(line)
    return kept


def _loss(desk: Desk) -> list[Block]:
    """The derivative of the loss by each output."""
    network = desk.network
    node = network.graph.by_name[network.output]
    assert network.spec.network is not None
    name = say_name("names", network.spec.network.loss.name, network.spec.network.loss.expression is not None)
    many = len(network.outputs) > MOST_OUTPUTS
    output = network.outputs[0]
    if many and hasattr(node.operation, "term"):
        from derive.operations import OutputLoss

        assert isinstance(node.operation, OutputLoss)
        own = OutputLoss(node.operation.loss, node.operation.parameters, network.relu_at_zero)
        formula = own.formula(node.name, (output, network.targets[0]))
        if node.operation.loss.mean:
            formula = formula / len(network.outputs)
    else:
        formula = node.formula
    known = node.operation.local(node.name, node.inputs, node.inputs.index(output)) if output in node.inputs else None
    left = desk.reduced_gradient(output)
    said = say("derivatives.loss", name=name, output=desk.symbol(output), outputs=len(network.outputs))
    branches = loss_slope(desk, output)
    if branches is not None:
        whole = desk.lines(Tex("="), pieces(known, desk.symbol), width(left)) if known is not None else []
        steps = Display((Row(left, Tex("="), branches), *whole))
    else:
        steps = _lines(left, formula, output, known, symbol=desk.symbol)
    return [paragraph(said), steps, *_loss_kinks(desk, formula)]


def _loss_kinks(desk: Desk, formula: Expr) -> list[Block]:
    """By which conventions the loss has a slope at a kink. The Huber loss, whose formula has min and max, has none."""
    assert desk.network.spec.network is not None
    loss = desk.network.spec.network.loss
    if loss.expression is None and loss.name == "huber":
        return []
    used = {part.function for part in walk(formula) if isinstance(part, Call)}
    facts = {"absolute": "abs" in used, "tie": not used.isdisjoint(("max", "min"))}
    return [paragraph(say("derivatives.loss_kinks", **facts))] if any(facts.values()) else []


def _short_delta(desk: Desk) -> list[Block]:
    """δ = ŷ - t derived where output activation and loss belong together."""
    short = simplification(desk, 0)
    if short is None:
        return []
    network = desk.network
    last = network.layers[-1]
    left = desk.symbol(network.names.gradient(last.z[0]))
    sums = len(network.outputs) > 1 and last.spec.activation.name == "softmax"
    rows: list[Row] = [Row(left, Tex("="), desk.reduced_gradient(last.z[0]))]
    for line in short:
        rows += desk.lines(Tex("="), pieces(line, desk.symbol), width(left))
    said = say("derivatives.delta", symbol=left, unit=desk.symbol(last.z[0]), outputs=len(network.outputs))
    return [paragraph(said), Display(tuple(rows)), *([paragraph(say("derivatives.delta_sum"))] if sums else [])]


def _graph(desk: Desk) -> list[Block]:
    """The local derivatives of every node by each of its inputs."""
    nodes = [node for node in desk.network.graph.nodes if node.name in desk.differentiated]
    explained = local_mark(desk) if desk.style != "graph" else []
    blocks: list[Block] = [paragraph(say("derivatives.graph"), *explained)]
    steps: list[tuple[Row, ...]] = []
    for node in nodes[:MOST_NODES]:
        used = [name for name in names_in(node.formula) if name in desk.differentiated]
        for name in used:
            left = local_symbol(desk, node.name, name)
            steps.append(_lines(left, node.formula, name, None, symbol=desk.symbol).rows)
    blocks += map(Display, chunks(steps))
    if len(nodes) > MOST_NODES:
        blocks.append(paragraph(say("derivatives.graph_cut", count=len(nodes) - MOST_NODES)))
    return blocks
