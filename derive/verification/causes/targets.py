"""Misconceptions about which target goes with which output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from derive.arithmetic.reals import ONE, Value
from derive.network import Network
from derive.network.graph import Node, Use
from derive.network.output_loss import OutputLoss, halves
from derive.verification.causes.entry import Mistake, NodeSlip, loss_node
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right

MAX_OUTPUTS = 8
"""At most this many outputs are tried in another order."""
Change = Callable[[Sequence[Value]], Sequence[Value]]


def _with_targets(network: Network, node: Node, change: Change) -> NodeSlip:
    """The loss, and its slopes, with other targets."""

    def values(at: RowAfter, node: Node) -> dict[str, Value]:
        targets = halves(node.inputs)[1]
        found = {name: at.value(name) for name in node.inputs}
        found.update(zip(targets, change([found[name] for name in targets]), strict=True))
        return found

    def on_value(at: RowAfter, node: Node, right: Right) -> Value:
        found = values(at, node)
        network.in_numbers.forward(node, found)
        return found[node.name]

    def on_local(at: RowAfter, use: Use, right: Right) -> Value:
        return network.in_numbers.local(use.node, use.position, values(at, use.node).__getitem__)

    return NodeSlip(frozenset((node.name,)), on_value=on_value, on_local=on_local)


def other_targets(network: Network) -> Iterator[Mistake]:
    """The target of a neighbour; the targets left out of a cross entropy; 1 - t for t."""
    node = loss_node(network)
    if node is None or not isinstance(node.operation, OutputLoss):
        return
    kind = node.operation.kind
    count = len(network.outputs)
    if kind == "binary_cross_entropy":
        yield Mistake("target_turned", _with_targets(network, node, lambda ts: [1 - t for t in ts]))
    if kind == "cross_entropy" and count > 1:
        yield Mistake("targets_left_out", _with_targets(network, node, lambda ts: [ONE for _ in ts]))
    for shift in range(1, count) if count <= MAX_OUTPUTS else ():

        def shifted(ts: Sequence[Value], shift: int = shift) -> Sequence[Value]:
            return [*ts[shift:], *ts[:shift]]

        yield Mistake("neighbouring_target", _with_targets(network, node, shifted))
