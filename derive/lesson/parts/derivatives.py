"""Part 4: each local derivative once, step by step with its named rules, for the backward pass to use."""

from __future__ import annotations

from collections.abc import Mapping

from derive.expressions.tree import Expr, Name, Quotient, exp, names_in
from derive.lesson.blocks import Block, Display, Row, Section, Tex, paragraph, say
from derive.lesson.definitions import activations, arguments_of, call_of, cases, function_of
from derive.lesson.desk import Desk
from derive.lesson.local_gradients import local_mark, local_symbol
from derive.lesson.parts.forward import chunks
from derive.lesson.parts.introduction import say_name
from derive.lesson.parts.loss_slopes import loss_slopes
from derive.lesson.working_lines import worked_lines
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
    return [*blocks, *loss_slopes(desk)]


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
        return [paragraph(opening), worked_lines(Tex(r"\frac{da}{dz}"), activation.expression, "z", None)]
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
    return [paragraph(opening), worked_lines(left, formula, "z", function.derivative, between)]


def _slope_cases(desk: Desk, activation: ActivationSpec) -> Tex:
    function = function_of(activation)
    assert function is not None
    at_zero = desk.network.spec.conventions.relu_at_zero.expression
    return cases(function, arguments_of(activation), slopes=True, at_zero=at_zero)


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
            steps.append(worked_lines(left, node.formula, name, None, symbol=desk.symbol).rows)
    blocks += map(Display, chunks(steps))
    if len(nodes) > MOST_NODES:
        blocks.append(paragraph(say("derivatives.graph_cut", count=len(nodes) - MOST_NODES)))
    return blocks
