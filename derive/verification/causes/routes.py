"""Misconceptions about the chain rule itself: a factor or a path that is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derive.arithmetic.reals import ONE, ZERO, Value
from derive.expressions.tree import Negative
from derive.expressions.tree import Number as NumberTree
from derive.network import Layer, Network
from derive.network.graph import Use
from derive.records import record
from derive.verification.causes.entry import Mistake, NodeSlip, loss_node, scopes, weighted_inputs
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right, Slip

MAX_USES = 400
"""At most this many places of a large graph are looked at."""
MAX_STEPS = 24
"""Of a quantity that is used more often, only the forgotten uses are looked at that are one."""


def _one(at: RowAfter, use: Use, right: Right) -> Value:
    return ONE


def _zero(at: RowAfter, use: Use, right: Right) -> Value:
    return ZERO


@record(eq=False)
class UseSlip(Slip):
    """The local derivative of one node by one of its inputs is 1 (a factor left out) or 0 (a path left out)."""

    uses: Mapping[tuple[str, int], Value]

    @property
    def sites(self) -> frozenset[str]:
        return frozenset(node for node, _ in self.uses)

    def local(self, at: RowAfter, use: Use, right: Right) -> Value | None:
        return self.uses.get((use.node.name, use.position))

    def touches(self, use: Use) -> bool:
        """Whether the mistake is made in this local derivative."""
        return (use.node.name, use.position) in self.uses


def factor_left_out(network: Network) -> Iterator[Mistake]:
    """One factor of the chain missing. (An activation's slope has an entry of its own.)"""
    loss = loss_node(network)
    if loss is not None:
        yield Mistake("factor_left_out", NodeSlip(frozenset((loss.name,)), on_local=_one))
        for place in ("source", "weight"):
            layers = network.layers[1:] if place == "source" else network.layers
            for scope in scopes(layers):
                yield Mistake("factor_left_out", NodeSlip(weighted_inputs(scope), frozenset((place,)), on_local=_one))
        return
    for use in _graph_uses(network):
        local = use.local.operand if isinstance(use.local, Negative) else use.local
        if not isinstance(local, NumberTree):
            yield Mistake("factor_left_out", UseSlip({(use.node.name, use.position): ONE}))


def _graph_uses(network: Network) -> list[Use]:
    graph = network.graph
    found = [use for name in graph.names for use in graph.uses.get(name, ()) if use.node.name in graph.ancestors]
    return found[:MAX_USES]


def path_left_out(network: Network) -> Iterator[Mistake]:
    """A quantity goes several ways, and one of them (or all but one) is forgotten."""
    if not network.layers:
        yield from _graph_paths(network)
        return
    source = frozenset(("source",))
    for layer in network.layers[1:]:
        if 1 < layer.units <= MAX_USES:
            for z in layer.z:
                yield Mistake("path_left_out", NodeSlip(frozenset((z,)), source, on_local=_zero))
            for z in layer.z if layer.units > 2 else ():
                rest = weighted_inputs((layer,)) - {z}
                yield Mistake("path_left_out", NodeSlip(rest, source, on_local=_zero), "only_one_path")
    for layer in network.layers:
        if layer.spec.shared_bias and 1 < layer.units <= MAX_USES:
            for z in layer.z:
                others = weighted_inputs((layer,)) - {z}
                yield Mistake("path_left_out", NodeSlip(others, frozenset(("bias",)), on_local=_zero), "only_one_path")
        if layer.wiring.is_shared and layer.units <= MAX_USES:
            yield from _positions(layer)


def _positions(layer: Layer) -> Iterator[Mistake]:
    """A weight or bias stands at several positions, and one of them (or all but one) is forgotten."""
    places = frozenset(("weight", "bias"))
    rows: dict[int, list[str]] = {}
    for j, z in enumerate(layer.z):
        rows.setdefault(layer.wiring.row_of(j), []).append(z)
    for positions in zip(*rows.values(), strict=True):
        here = frozenset(positions)
        others = weighted_inputs((layer,)) - here
        yield Mistake("path_left_out", NodeSlip(others, places, on_local=_zero), "only_one_path")
        if len(others) > len(here):
            yield Mistake("path_left_out", NodeSlip(here, places, on_local=_zero))


def _graph_paths(network: Network) -> Iterator[Mistake]:
    """Of the uses of a quantity one is forgotten, all but one, or those before the last few: a recurrence cut short."""
    graph, seen = network.graph, 0
    for name in graph.names:
        uses = [use for use in graph.uses.get(name, ()) if use.node.name in graph.ancestors]
        for use in uses if len(uses) > 1 else ():
            seen += 1
            if seen > MAX_USES:
                return
            yield _without("path_left_out", [use])
        if 2 < len(uses) <= MAX_STEPS:
            yield from (_without("only_one_path", [use for use in uses if use is not kept]) for kept in reversed(uses))
            yield from (_without("path_left_out", uses[:-last]) for last in range(2, len(uses) - 1))


def _without(wording: str, uses: Sequence[Use]) -> Mistake:
    return Mistake("path_left_out", UseSlip({(use.node.name, use.position): ZERO for use in uses}), wording)
