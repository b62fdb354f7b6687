"""Misconceptions about activations: their values, and their slopes in the backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from flint import fmpq

from derive.arithmetic.elementary import exponential, quotient
from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import ONE, ZERO, Value
from derive.expressions.evaluate import compiled, value_of
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import ONE as ONE_TREE
from derive.network import Layer, Network
from derive.network.graph import Node, Use
from derive.network.operations import Elementwise
from derive.network.whole_layers import Softmax, WeightedSum
from derive.ops import ACTIVATIONS
from derive.verification.causes.entry import (
    Mistake,
    NodeSlip,
    OnLocal,
    OnValue,
    activations,
    elementwise,
    is_softmax,
    scopes,
    weighted_inputs,
)
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right

SLOPE = frozenset(("slope",))
MAX_OTHERS = 8
"""The units of larger layers are not taken for one another."""
MAX_LEFT_OUT = 8
"""At most this many units of a softmax are tried as the one that was left out."""
MAX_COMPILED = 64
"""So many activations are kept as functions of numbers."""


def _is_masked(layer: Layer) -> bool:
    """Whether an activation lets a gradient through as it is on one branch: a ReLU, ReLU6, hard tanh."""
    function = FUNCTIONS.get(layer.spec.activation.name) if layer.spec.activation.expression is None else None
    return function is not None and function.straight and any(piece.derivative == ONE_TREE for piece in function.pieces)


@lru_cache(maxsize=MAX_COMPILED)
def _value_of(operation: Elementwise) -> Callable[[Value], Value]:
    """An activation as a function of a number."""
    return compiled(operation.call, ("z",))


@lru_cache(maxsize=MAX_COMPILED)
def _slope_of(operation: Elementwise, relu_at_zero: fmpq) -> Callable[[Value, Value], Value]:
    """The slope of an activation, of argument and value."""
    return compiled(operation.derivative, ("z", "a"), relu_at_zero)


def activation_itself(at: RowAfter, use: Use, right: Right) -> Value:
    """σ(z) where σ′(z) belongs."""
    return at.value(use.node.name)


def slope_at_activation(at: RowAfter, use: Use, right: Right) -> Value:
    """σ(a)(1 - σ(a)): the slope taken at the activation."""
    operation, a = use.node.operation, at.value(use.node.name)
    assert isinstance(operation, Elementwise)
    return _slope_of(operation, at.passes.network.relu_at_zero)(a, _value_of(operation)(a))


def slope_of_input(at: RowAfter, use: Use, right: Right) -> Value:
    """z(1 - z): the weighted input in the formula that wants the activation."""
    operation, z = use.node.operation, at.value(use.node.inputs[0])
    assert isinstance(operation, Elementwise)
    return _slope_of(operation, at.passes.network.relu_at_zero)(z, z)


def one(at: RowAfter, use: Use, right: Right) -> Value:
    """The slope left out of the product."""
    return ONE


def complement(at: RowAfter, use: Use, right: Right) -> Value:
    """1 - a: half of the slope a(1 - a)."""
    return 1 - at.value(use.node.name)


def _everywhere(network: Network, cause: str, change: OnLocal, layers: tuple[Layer, ...]) -> Iterator[Mistake]:
    for scope in scopes(layers):
        yield Mistake(cause, NodeSlip(activations(scope), SLOPE, on_local=change))


def for_slope(network: Network) -> Iterator[Mistake]:
    """The activation itself for its derivative."""
    yield from _everywhere(network, "activation_for_slope", activation_itself, elementwise(network))


def at_activation(network: Network) -> Iterator[Mistake]:
    """The derivative taken at the activation."""
    yield from _everywhere(network, "slope_at_activation", slope_at_activation, elementwise(network))


def of_input(network: Network) -> Iterator[Mistake]:
    """The weighted input put into a(1 - a)."""
    layers = tuple(layer for layer in elementwise(network) if layer.spec.activation.name in ("sigmoid", "tanh"))
    yield from _everywhere(network, "slope_of_weighted_input", slope_of_input, layers)


def half_of_slope(network: Network) -> Iterator[Mistake]:
    """Only 1 - a of a(1 - a)."""
    layers = tuple(layer for layer in elementwise(network) if layer.spec.activation.name == "sigmoid")
    yield from _everywhere(network, "half_of_slope", complement, layers)


def without_square(network: Network) -> Iterator[Mistake]:
    """1 - a for the slope 1 - a² of tanh."""
    layers = tuple(layer for layer in elementwise(network) if layer.spec.activation.name == "tanh")
    yield from _everywhere(network, "square_left_out", complement, layers)


def of_another_unit(network: Network) -> Iterator[Mistake]:
    """The slope of another layer, or of a neighbour in the layer."""
    layers = elementwise(network)
    for layer in layers:
        if layer.units > MAX_OTHERS:
            continue
        for other in layers:
            for unit in other.a[:MAX_OTHERS] if other is not layer else ():
                taken = dict.fromkeys(layer.a, unit)
                for own in (False, True) if other.spec.activation != layer.spec.activation else (True,):
                    slip = NodeSlip(activations((layer,)), SLOPE, on_local=_SlopeOf(taken, own=own))
                    yield Mistake("slope_of_another_layer", slip)
        for shift in range(1, layer.units):
            taken = {a: layer.a[(j + shift) % layer.units] for j, a in enumerate(layer.a)}
            slip = NodeSlip(activations((layer,)), SLOPE, on_local=_SlopeOf(taken, own=True))
            yield Mistake("slope_of_another_layer", slip, "slope_of_another_unit")


class _SlopeOf:
    """The slopes of other units in place of a unit's own; by its ``own`` formula, or by theirs."""

    def __init__(self, units: Mapping[str, str], *, own: bool) -> None:
        self.units, self.own = units, own

    def __call__(self, at: RowAfter, use: Use, right: Right) -> Value:
        other = at.passes.graph.by_name[self.units[use.node.name]]
        operation, z = (use.node if self.own else other).operation, at.value(other.inputs[0])
        assert isinstance(operation, Elementwise)
        return _slope_of(operation, at.passes.network.relu_at_zero)(z, at.value(other.name))

    def taken(self, use: Use) -> str:
        """The unit whose slope is taken."""
        return self.units[use.node.name]


def left_out(network: Network) -> Iterator[Mistake]:
    """The derivative of the activation left out."""
    layers = tuple(layer for layer in elementwise(network) if not _is_masked(layer))
    yield from _everywhere(network, "slope_left_out", one, layers)


def mask_left_out(network: Network) -> Iterator[Mistake]:
    """The ReLU mask left out: gradient passes through a unit that is off."""
    layers = tuple(layer for layer in elementwise(network) if _is_masked(layer))
    yield from _everywhere(network, "mask_left_out", one, layers)


def softmax_slopes(network: Network) -> Iterator[Mistake]:
    """Softmax differentiated as if each output depended on its own weighted input alone, or not at all."""
    for layer in network.layers:
        if is_softmax(network, layer) and layer.units > 1:
            nodes = activations((layer,))
            yield Mistake("softmax_diagonal_only", NodeSlip(nodes, SLOPE, on_local=_own_only))
            yield Mistake("slope_left_out", NodeSlip(nodes, SLOPE, on_local=_own_one), "softmax_left_out")


def _own(use: Use) -> bool:
    operation = use.node.operation
    return isinstance(operation, Softmax) and operation.position == use.position


def _own_only(at: RowAfter, use: Use, right: Right) -> Value:
    return right() if _own(use) else ZERO


def _own_one(at: RowAfter, use: Use, right: Right) -> Value:
    return ONE if _own(use) else ZERO


# Forward


def _input_itself(at: RowAfter, node: Node, right: Right) -> Value:
    operation = node.operation
    return at.value(node.inputs[operation.position if isinstance(operation, Softmax) else 0])


def _twice(at: RowAfter, node: Node, right: Right) -> Value:
    assert isinstance(node.operation, Elementwise)
    return _value_of(node.operation)(right())


def not_applied(network: Network) -> Iterator[Mistake]:
    """The weighted input handed on as if it were the activation."""
    layers = tuple(layer for layer in network.layers if layer.spec.activation.name != "identity")
    for scope in scopes(layers):
        yield Mistake("activation_left_out", NodeSlip(activations(scope), on_value=_input_itself))


def misplaced(network: Network) -> Iterator[Mistake]:
    """The activation applied to what comes in instead of to the weighted sum; or twice."""
    for layer in elementwise(network):
        yield Mistake("activation_misplaced", NodeSlip(activations((layer,)), on_value=_twice), "activation_twice")
        if layer.number > 1 or network.inputs:
            before = _Before(network.graph.by_name[layer.a[0]].operation)
            nodes = activations((layer,)) | weighted_inputs((layer,))
            yield Mistake("activation_misplaced", NodeSlip(nodes, on_value=before))


class _Before:
    """Σ w·σ(x) + b, handed on as it is."""

    def __init__(self, operation: object) -> None:
        assert isinstance(operation, Elementwise)
        self.operation = operation

    def __call__(self, at: RowAfter, node: Node, right: Right) -> Value:
        if not isinstance(node.operation, WeightedSum):
            return at.value(node.inputs[0])
        n, applied = node.operation.fan_in, _value_of(self.operation)
        total: Value = ZERO
        for weight, source in zip(node.inputs[:n], node.inputs[n : 2 * n], strict=True):
            total = total + at.value(weight) * applied(at.value(source))
        for bias in node.inputs[2 * n :]:
            total = total + at.value(bias)
        return bounded(total)


def another_activation(network: Network) -> Iterator[Mistake]:
    """tanh for the sigmoid and the like, in value and slope."""
    for layer in elementwise(network):
        for name in ("sigmoid", "tanh", "relu"):
            if name != layer.spec.activation.name:
                entry = ACTIVATIONS[name]
                other = Elementwise(entry, ())
                yield Mistake("another_activation", _other(network, layer, other), facts={"function": name})


def _other(network: Network, layer: Layer, other: Elementwise) -> NodeSlip:
    def on_value(at: RowAfter, node: Node, right: Right) -> Value:
        return _value_of(other)(at.value(node.inputs[0]))

    def on_local(at: RowAfter, use: Use, right: Right) -> Value:
        z = at.value(use.node.inputs[0])
        return _slope_of(other, network.relu_at_zero)(z, _value_of(other)(z))

    return NodeSlip(activations((layer,)), SLOPE, on_value, on_local)


def exponent_sign(network: Network) -> Iterator[Mistake]:
    """1/(1 + e^z): the minus in the exponent of the sigmoid lost."""
    layers = tuple(layer for layer in elementwise(network) if layer.spec.activation.name == "sigmoid")
    for scope in scopes(layers):
        slip = NodeSlip(activations(scope), on_value=lambda at, node, right: 1 - right())
        yield Mistake("sigmoid_exponent_sign", slip)


def softmax_values(network: Network) -> Iterator[Mistake]:
    """The division by the sum left out, the exponentials, or one of them below the line; the sigmoid in its place."""
    for layer in network.layers:
        if is_softmax(network, layer):
            changes: tuple[tuple[str, OnValue], ...] = (("not_normalised", _power), ("without_exponential", _share))
            for wording, change in changes:
                slip = NodeSlip(activations((layer,)), on_value=change)
                yield Mistake("softmax_" + wording, slip)
            if layer.units > 1:
                yield Mistake("sigmoid_for_softmax", NodeSlip(activations((layer,)), SLOPE, _sigmoid, _sigmoid_slope))
            for left_out in (None, *layer.z[:MAX_LEFT_OUT]) if layer.units > 2 else ():
                slip = NodeSlip(activations((layer,)), on_value=_Short(left_out))
                yield Mistake("softmax_term_left_out", slip)


def _sigmoid(at: RowAfter, node: Node, right: Right) -> Value:
    return value_of(FUNCTIONS["sigmoid"])(_input_itself(at, node, right))


def _sigmoid_slope(at: RowAfter, use: Use, right: Right) -> Value:
    a = at.value(use.node.name)
    return a * (1 - a) if _own(use) else ZERO


class _Short:
    """Softmax with one term of the denominator left out; its own one where none is named."""

    def __init__(self, left_out: str | None) -> None:
        self.left_out = left_out

    def __call__(self, at: RowAfter, node: Node, right: Right) -> Value:
        assert isinstance(node.operation, Softmax)
        own = node.inputs[node.operation.position]
        rest = [exponential(at.value(z)) for z in node.inputs if z != (self.left_out or own)]
        return quotient(exponential(at.value(own)), sum(rest[1:], rest[0]))


def _power(at: RowAfter, node: Node, right: Right) -> Value:
    return exponential(_input_itself(at, node, right))


def _share(at: RowAfter, node: Node, right: Right) -> Value:
    values = [at.value(z) for z in node.inputs]
    return quotient(_input_itself(at, node, right), sum(values[1:], values[0]))
