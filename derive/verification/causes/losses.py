"""Misconceptions about the loss and its slope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flint import fmpq

from derive.arithmetic.elementary import logarithm, quotient
from derive.arithmetic.numbers import as_ball, bounded
from derive.arithmetic.reals import ONE, Value
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Expr, names_in
from derive.network import Network, number
from derive.network.graph import Node, Use
from derive.network.in_numbers import NodesInNumbers
from derive.network.output_loss import OutputLoss, halves
from derive.ops import LOSSES
from derive.records import record
from derive.verification.causes.entry import Mistake, NodeSlip, loss_node, size
from derive.verification.judging.own_formula import takes_shortcut
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right, Slip

HALF, TWO = fmpq(1, 2), fmpq(2)
SQUARES = ("half_squared_error", "squared_error", "mean_squared_error")
ENTROPIES = ("binary_cross_entropy", "cross_entropy")


def _at_loss(network: Network) -> tuple[frozenset[str], str]:
    node = loss_node(network)
    if node is None:
        return frozenset(), ""
    return frozenset((node.name,)), node.operation.kind


def _scaled(nodes: frozenset[str], factor: Value, *, value: bool = True) -> NodeSlip:
    """The loss (or its slope alone) times a number."""

    def on_value(at: RowAfter, node: Node, right: Right) -> Value:
        return right() * factor

    def on_local(at: RowAfter, use: Use, right: Right) -> Value:
        return right() * factor

    return NodeSlip(nodes, on_value=on_value if value else None, on_local=on_local)


def sign_of_loss(network: Network) -> Iterator[Mistake]:
    """t - ŷ for ŷ - t; the minus in front of a cross entropy lost."""
    nodes, kind = _at_loss(network)
    if nodes:
        yield Mistake("loss_sign", _scaled(nodes, -ONE, value=kind in ENTROPIES))


def half_lost(network: Network) -> Iterator[Mistake]:
    """The ½ of half the squared error forgotten: its slope comes out twice as large."""
    nodes, kind = _at_loss(network)
    if kind == "half_squared_error":
        yield Mistake("half_lost", _scaled(nodes, TWO))


def two_lost(network: Network) -> Iterator[Mistake]:
    """The exponent 2 is not brought down."""
    nodes, kind = _at_loss(network)
    if kind in SQUARES:
        yield Mistake("two_lost", _scaled(nodes, HALF, value=False))


def half_added(network: Network) -> Iterator[Mistake]:
    """A ½ in front of the loss that does not stand there, or stands there already."""
    nodes, _ = _at_loss(network)
    if nodes:
        yield Mistake("half_added", NodeSlip(nodes, on_value=lambda at, node, right: right() * HALF))


def logarithm_base(network: Network) -> Iterator[Mistake]:
    """The natural logarithm of a cross entropy taken as one of base 2 or 10."""
    nodes, kind = _at_loss(network)
    if kind in ENTROPIES:
        for base in (2, 10):
            yield Mistake(f"logarithm_base_{base}", _other_base(nodes, base), "logarithm_base", {"base": str(base)})


def _other_base(nodes: frozenset[str], base: int) -> NodeSlip:
    """Loss and slope divided by ln(base)."""

    def on_value(at: RowAfter, node: Node, right: Right) -> Value:
        return quotient(right(), logarithm(fmpq(base)))

    def on_local(at: RowAfter, use: Use, right: Right) -> Value:
        return quotient(right(), logarithm(fmpq(base)))

    return NodeSlip(nodes, on_value=on_value, on_local=on_local)


def error_for_loss(network: Network) -> Iterator[Mistake]:
    """The error ŷ - t (or t - ŷ) given as the loss."""
    nodes, _ = _at_loss(network)
    for sign in (ONE, -ONE) if nodes else ():

        def on_value(at: RowAfter, node: Node, right: Right, sign: Value = sign) -> Value:
            outputs, targets = halves(node.inputs)
            parts = [at.value(y) - at.value(t) for y, t in zip(outputs, targets, strict=True)]
            return sum(parts[1:], parts[0]) * sign

        yield Mistake("error_for_loss", NodeSlip(nodes, on_value=on_value))


def output_mean(network: Network) -> Iterator[Mistake]:
    """The mean over the outputs for their sum, or the sum for the mean."""
    node = loss_node(network)
    if node is None or not isinstance(node.operation, OutputLoss) or len(network.outputs) < 2:
        return
    count = fmpq(len(network.outputs))
    nodes = frozenset((node.name,))
    if node.operation.loss.mean:
        yield Mistake("sum_for_mean", _scaled(nodes, count), "sum_for_mean_outputs", {"count": str(count)})
    else:
        yield Mistake("mean_for_sum", _scaled(nodes, 1 / count), "mean_for_sum_outputs", {"count": str(count)})


def second_term_left_out(network: Network) -> Iterator[Mistake]:
    """-t ln ŷ alone where (1 - t) ln(1 - ŷ) belongs to it."""
    nodes, kind = _at_loss(network)
    if kind != "binary_cross_entropy":
        return

    def on_value(at: RowAfter, node: Node, right: Right) -> Value:
        outputs, targets = halves(node.inputs)
        parts = [-at.value(t) * as_ball(at.value(y)).log() for y, t in zip(outputs, targets, strict=True)]
        return bounded(sum(parts[1:], parts[0]))

    def on_local(at: RowAfter, use: Use, right: Right) -> Value | None:
        outputs, targets = halves(use.node.inputs)
        if use.position >= len(outputs):
            return None
        return quotient(-at.value(targets[use.position]), at.value(outputs[use.position]))

    yield Mistake("second_term_left_out", NodeSlip(nodes, on_value=on_value, on_local=on_local))


def another_loss(network: Network) -> Iterator[Mistake]:
    """The slope (and value) of another loss of the table."""
    node = loss_node(network)
    if node is None or not isinstance(node.operation, OutputLoss):
        return
    others = ("half_squared_error", "squared_error", "binary_cross_entropy", "cross_entropy", "absolute_error")
    for sign in (ONE, -ONE):
        for name in others if sign == ONE else others[:2]:
            if name != node.operation.kind and not (name in SQUARES and node.operation.kind in SQUARES):
                wording = "" if sign == ONE else "another_loss_sign"
                slip = _other_loss(network, node, name, sign)
                yield Mistake("another_loss", slip, wording, {"loss": name.replace("_", " ")})


def is_formula_of(network: Network, mistake: Mistake, formula: Expr) -> bool:
    """Whether a formula in outputs and targets is the loss that the mistake takes.

    Compared at outputs between 0 and 1, where every loss has a value, whatever the network's own outputs are.
    """
    node = network.graph.nodes[-1]
    if not set(names_in(formula)) <= set(node.inputs):
        return False
    other = OutputLoss(LOSSES[mistake.facts["loss"].replace(" ", "_")], {}).formula(node.name, node.inputs)
    rows = [{name: number(given) for name, given in row.items() if name in network.targets} for row in network.rows]
    for row in rows[:4]:
        values = {name: row.get(name, fmpq(7 + 5 * k, 31 + 11 * k)) for k, name in enumerate(node.inputs)}
        try:
            difference = evaluate(formula, values) - evaluate(other, values)
        except ArithmeticError:
            return False
        if not size(difference) <= fmpq(1, 10**20):
            return False
    return True


def _other_loss(network: Network, node: Node, name: str, sign: Value) -> Slip:
    other, numbers = Node(node.name, OutputLoss(LOSSES[name], {}), node.inputs), NodesInNumbers(network.relu_at_zero)

    def on_value(at: RowAfter, node: Node, right: Right) -> Value:
        values = {name: at.value(name) for name in node.inputs}
        numbers.forward(other, values)
        return values[other.name]

    def on_local(at: RowAfter, use: Use, right: Right) -> Value:
        return sign * numbers.local(other, use.position, at.value)

    nodes = frozenset((node.name,))
    return NodeSlip(nodes, on_value=on_value if sign == ONE else None, on_local=on_local)


def shortcut(network: Network) -> Iterator[Mistake]:
    """δ = ŷ - t of softmax with cross-entropy (sigmoid with binary cross-entropy) where it does not hold."""
    if loss_node(network) is not None and not takes_shortcut(network):
        last = network.layers[-1]
        z = dict(zip(last.z, zip(last.a, network.targets, strict=True), strict=True))
        yield Mistake("shortcut_delta", ShortcutSlip(network.output, z))


@record(eq=False)
class ShortcutSlip(Slip):
    """The derivative of the loss by a weighted input of the last layer is output minus target."""

    loss: str
    pairs: Mapping[str, tuple[str, str]]

    def derivative(self, at: RowAfter, of: str, by: str, right: Right) -> Value | None:
        if of != self.loss or by not in self.pairs:
            return None
        output, target = self.pairs[by]
        return at.value(output) - at.value(target)
