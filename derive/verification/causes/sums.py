"""Misconceptions about weighted sums: which weight, which source, and what a bias is differentiated to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from derive.arithmetic.numbers import bounded, is_zero
from derive.arithmetic.reals import ONE, ZERO, Value
from derive.network import Layer, Network
from derive.network.graph import Node, Use
from derive.network.whole_layers import WeightedSum
from derive.verification.causes.entry import Mistake, NodeSlip, scopes, weighted_inputs
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right

WEIGHT, SOURCE, BIAS = frozenset(("weight",)), frozenset(("source",)), frozenset(("bias",))
MAX_NEIGHBOURS = 12
"""At most this many neighbours, the nearest, are looked at in a wide layer."""
MAX_EXCHANGED = 4
"""In a layer with at most this many inputs two weights of each unit may be exchanged."""


def _partner(use: Use) -> str:
    """The other factor of the product in which an input of a weighted sum stands."""
    operation = use.node.operation
    assert isinstance(operation, WeightedSum)
    n = operation.fan_in
    return use.node.inputs[use.position + n if use.position < n else use.position - n]


def own_factor(at: RowAfter, use: Use, right: Right) -> Value:
    """The quantity itself where the other factor of its product belongs."""
    return at.value(use.node.inputs[use.position])


def swapped_factors(network: Network) -> Iterator[Mistake]:
    """The weight for the activation in ∂z/∂w; the activation for the weight in ∂z/∂a."""
    for scope in scopes(network.layers):
        nodes = weighted_inputs(scope)
        yield Mistake("weight_for_activation", NodeSlip(nodes, WEIGHT, on_local=own_factor))
    for scope in scopes(network.layers[1:]):
        yield Mistake("activation_for_weight", NodeSlip(weighted_inputs(scope), SOURCE, on_local=own_factor))


def _before(network: Network, layer: Layer) -> dict[str, str]:
    """The weighted input behind each source of a layer."""
    if layer.number == 1:
        return {}
    previous = network.layers[layer.number - 2]
    return dict(zip(previous.a, previous.z, strict=True))


def input_for_activation(network: Network) -> Iterator[Mistake]:
    """z of the layer before for its activation in ∂z/∂w."""
    for layer in network.layers[1:]:
        behind = _before(network, layer)

        def on_local(at: RowAfter, use: Use, right: Right, behind: dict[str, str] = behind) -> Value:
            return at.value(behind[_partner(use)])

        slip = NodeSlip(weighted_inputs((layer,)), WEIGHT, on_local=on_local)
        yield Mistake("weighted_input_for_activation", slip)


def transposed(network: Network) -> Iterator[Mistake]:
    """Row and column of the weight matrix exchanged, in the backward pass and in the forward pass."""
    for layer in (layer for layer in network.layers if layer.kind.has_matrix_form):
        exchange: dict[str, str] = {}
        for j, row in enumerate(layer.weights):
            for i, weight in enumerate(row):
                if i < layer.units and j < layer.fan_in:
                    exchange[weight] = layer.weights[i][j]
        nodes = weighted_inputs((layer,))
        yield Mistake("weight_transposed", NodeSlip(nodes, SOURCE, on_local=Exchange(exchange)))
        if min(layer.units, layer.fan_in) > 1:
            summed = Exchange(exchange).summed if layer.units == layer.fan_in else _Columns(layer).summed
            yield Mistake("weight_transposed", NodeSlip(nodes, on_value=summed), "weights_transposed_forward")


class Exchange:
    """Other weights in place of a layer's own."""

    def __init__(self, exchange: dict[str, str], by_node: dict[str, str] | None = None) -> None:
        self.exchange = exchange
        self.by_node = by_node or {}

    def __call__(self, at: RowAfter, use: Use, right: Right) -> Value | None:
        other = self.taken(use)
        return at.value(other) if other else None

    def changes(self, use: Use) -> bool:
        """Whether another one is taken here."""
        return self.taken(use) not in ("", _partner(use))

    def taken(self, use: Use) -> str:
        """What is taken in place of the right one."""
        return self.by_node.get(use.node.name) or self.exchange.get(_partner(use), "")

    def summed(self, at: RowAfter, node: Node, right: Right) -> Value:
        """The weighted sum with the other weights."""
        assert isinstance(node.operation, WeightedSum)
        n: int = node.operation.fan_in
        total: Value = ZERO
        for weight, source in zip(node.inputs[:n], node.inputs[n : 2 * n], strict=True):
            total = total + at.value(self.exchange.get(weight, weight)) * at.value(source)
        for bias in node.inputs[2 * n :]:
            total = total + at.value(bias)
        return bounded(total)


class _Columns:
    """A column of the weights in place of a row, as far as both go."""

    def __init__(self, layer: Layer) -> None:
        columns = tuple(zip(*layer.weights, strict=True))
        self.columns = dict(zip(layer.z, columns, strict=False))

    def summed(self, at: RowAfter, node: Node, right: Right) -> Value | None:
        """The weighted sum with the other weights."""
        assert isinstance(node.operation, WeightedSum)
        n = node.operation.fan_in
        column = self.columns.get(node.name)
        return None if column is None else _weighted(at, node, column, node.inputs[n : 2 * n])


def _weighted(at: RowAfter, node: Node, weights: Sequence[str], sources: Sequence[str]) -> Value:
    """A weighted sum of other things with the node's own bias, as far as there are pairs."""
    assert isinstance(node.operation, WeightedSum)
    total: Value = ZERO
    for weight, source in zip(weights, sources, strict=False):
        total = total + at.value(weight) * at.value(source)
    for bias in node.inputs[2 * node.operation.fan_in :]:
        total = total + at.value(bias)
    return bounded(total)


def another_layer(network: Network) -> Iterator[Mistake]:
    """The activation of another layer: the inputs in place of what the layer before hands on, or a unit's own."""
    for layer in network.layers:
        own = Exchange({}, dict(zip(layer.z, layer.a, strict=True)))
        slip = NodeSlip(weighted_inputs((layer,)), WEIGHT, on_local=own)
        yield Mistake("activation_of_another_layer", slip, "own_activation_taken")
        if layer.number > 1:
            inputs = dict(zip(layer.sources, network.inputs, strict=False))

            def on_value(at: RowAfter, node: Node, right: Right) -> Value:
                assert isinstance(node.operation, WeightedSum)
                return _weighted(at, node, node.inputs[: node.operation.fan_in], network.inputs)

            slip = NodeSlip(weighted_inputs((layer,)), WEIGHT, on_value, Exchange(inputs))
            yield Mistake("activation_of_another_layer", slip)


def neighbours(network: Network) -> Iterator[Mistake]:
    """The weight beside the right one (in its row or column), the activation beside it, or two weights exchanged."""
    for layer in network.layers:
        nodes = weighted_inputs((layer,))
        rows, columns = layer.weights, tuple(zip(*layer.weights, strict=True))
        for lines in (rows, columns) if layer.number > 1 else ():
            for shift in _shifts(len(lines[0])):
                exchange = {w: line[(i + shift) % len(line)] for line in lines for i, w in enumerate(line)}
                yield Mistake("neighbouring_weight", NodeSlip(nodes, SOURCE, on_local=Exchange(exchange)))
        few = layer.kind.has_matrix_form and layer.fan_in <= MAX_EXCHANGED
        for i, j in combinations(range(layer.fan_in), 2) if few else ():
            exchange = {one: other for row in rows for one, other in ((row[i], row[j]), (row[j], row[i]))}
            slip = NodeSlip(nodes, on_value=Exchange(exchange).summed)
            yield Mistake("neighbouring_weight", slip, "weights_exchanged_forward")
        for shift in _shifts(layer.fan_in):
            sources = layer.sources
            other = {x: sources[(i + shift) % len(sources)] for i, x in enumerate(sources)}
            yield Mistake("neighbouring_activation", NodeSlip(nodes, WEIGHT, on_local=Exchange(other)))


def _shifts(count: int) -> Iterator[int]:
    """How far to the side, near ones first."""
    for distance in range(1, min(count - 1, MAX_NEIGHBOURS) // 2 + 1):
        yield distance
        if count - distance != distance:
            yield -distance
    if 1 < count <= MAX_NEIGHBOURS and count % 2 == 0:
        yield count // 2


def activation_for_one(network: Network) -> Iterator[Mistake]:
    """∂z/∂b taken as an activation (or input) that feeds the unit; or as the bias."""
    for layer in network.layers:
        if layer.biases:
            nodes = weighted_inputs((layer,))
            taps = layer.joined(0)[1]
            for position in range(min(len(taps), MAX_NEIGHBOURS)):

                def on_local(at: RowAfter, use: Use, right: Right, position: int = position) -> Value | None:
                    n = use.node.operation.fan_in  # type: ignore[attr-defined]
                    return at.value(use.node.inputs[n + position]) if position < n else None

                facts = {"taken": taps[position]}
                yield Mistake("activation_for_one", NodeSlip(nodes, BIAS, on_local=on_local), facts=facts)
            yield Mistake("bias_for_one", NodeSlip(nodes, BIAS, on_local=own_factor))


def zero_input(network: Network) -> Iterator[Mistake]:
    """An input of 0 overlooked: ∂z/∂w taken as 1."""

    def on_local(at: RowAfter, use: Use, right: Right) -> Value | None:
        return ONE if is_zero(at.value(_partner(use))) else None

    for layer in network.layers[:1]:
        yield Mistake("zero_input_overlooked", NodeSlip(weighted_inputs((layer,)), WEIGHT, on_local=on_local))


def bias_left_out(network: Network) -> Iterator[Mistake]:
    """The bias not added in the forward pass."""

    def on_value(at: RowAfter, node: Node, right: Right) -> Value:
        assert isinstance(node.operation, WeightedSum)
        for bias in node.inputs[2 * node.operation.fan_in :]:
            return bounded(right() - at.value(bias))
        return right()

    for scope in scopes(layer for layer in network.layers if layer.biases):
        yield Mistake("bias_left_out", NodeSlip(weighted_inputs(scope), on_value=on_value))


def updated_weights(network: Network) -> Iterator[Mistake]:
    """The new weights of the later layers used in the gradients of the earlier ones."""
    if network.spec.training.learning_rate is None or network.spec.sequential:
        return

    def on_local(at: RowAfter, use: Use, right: Right) -> Value:
        return at.updated(_partner(use))

    for scope in scopes(network.layers[1:]):
        yield Mistake("updated_weights_used", NodeSlip(weighted_inputs(scope), SOURCE, on_local=on_local))
