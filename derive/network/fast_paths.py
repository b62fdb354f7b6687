"""The fast paths: the numbers of whole layers at once, without a tree.

This is the one place where a forward pass or a chain rule is stated a second time, for speed and, of a softmax, for the
digits: weighted sums by products of numbers, a softmax by one exponential a unit, a number of a batch by a sum over its
rows. ``tests/network/test_fast_paths.py``
holds each of them to the formulas and local derivatives of :mod:`derive.network.whole_layers`. The chain rule itself,
one path of it in numbers, is :func:`along`.

Source: Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import mul
from typing import TypeAlias

from derive.arithmetic.elementary import exponential, quotient
from derive.arithmetic.numbers import bounded, is_beside, is_zero
from derive.arithmetic.reals import ONE, ZERO, Value
from derive.expressions.evaluate import Closure
from derive.network.graph import Node
from derive.network.operations import Operation
from derive.network.rows import OverRows
from derive.network.whole_layers import Softmax, WeightedSum

Values: TypeAlias = dict[str, Value]


def along(so_far: Value, upstream: Value, local: Value) -> Value:
    """The chain rule along one more path: upstream gradient × local derivative, added to the paths before it.

    Most quantities have one path, and nothing is added to the 0 that they start from.
    """
    part = upstream * local
    return part if so_far is ZERO else so_far + part


# Weighted sums


def weighted_sum(node: Node, values: Values) -> None:
    """w₁x₁ + … + wₙxₙ + b."""
    n, inputs, value = node.operation.fan_in, node.inputs, values.__getitem__  # type: ignore[attr-defined]
    parts = map(mul, map(value, inputs[:n]), map(value, inputs[n : 2 * n]))
    total = sum(parts, next(parts))
    for bias in inputs[2 * n :]:
        total = total + values[bias]
    values[node.name] = bounded(total)


def through_weighted_sum(node: Node, values: Mapping[str, Value], gradients: Values) -> None:
    """δ·xᵢ to the gradient of each weight, δ·wᵢ to that of each source, δ to the bias's."""
    upstream, n, inputs = gradients[node.name], node.operation.fan_in, node.inputs  # type: ignore[attr-defined]
    for weight, source in zip(inputs[:n], inputs[n : 2 * n], strict=True):
        # the same as `along`, written out: this is the inner loop of every run
        part, so_far = upstream * values[source], gradients[weight]
        gradients[weight] = part if so_far is ZERO else so_far + part
        part, so_far = upstream * values[weight], gradients[source]
        gradients[source] = part if so_far is ZERO else so_far + part
    for bias in inputs[2 * n :]:
        so_far = gradients[bias]
        gradients[bias] = upstream if so_far is ZERO else so_far + upstream


# Softmax


def softmax(node: Node, values: Values) -> None:
    """All units of a layer, with its first one: K exponentials, none of which is too large."""
    operation = node.operation
    assert isinstance(operation, Softmax)
    if operation.position:
        return
    shift = _largest([values[z] for z in node.inputs])
    # e^(z - shift) gives the same quotient, and equal inputs give 1/K exactly
    powers = [ONE if values[z] is shift else exponential(values[z] - shift) for z in node.inputs]
    total = sum(powers[1:], powers[0])
    for sibling, top in zip(operation.siblings, powers, strict=True):
        values[sibling] = quotient(top, total)


def _largest(values: Sequence[Value]) -> Value:
    """The largest of these values, or one that may be: by what it is shifted makes no difference to a softmax."""
    best = values[0]
    for value in values[1:]:
        best = max(best, value)
    return best


def through_softmax(node: Node, values: Mapping[str, Value], gradients: Values) -> None:
    """To all weighted inputs of a layer, with its last unit: the first that a backward pass meets."""
    operation = node.operation
    assert isinstance(operation, Softmax)
    if operation.position != len(operation.siblings) - 1:
        return
    outputs, upstream = ([found[a] for a in operation.siblings] for found in (values, gradients))
    mean = softmax_mean(outputs, upstream)
    for j, z in enumerate(node.inputs):
        gradients[z] = along(gradients[z], outputs[j], above_mean(j, outputs, upstream, mean))


def softmax_mean(outputs: Sequence[Value], upstream: Sequence[Value]) -> Value:
    """The mean of the upstream gradients of a softmax, each unit's weight being its output."""
    total: Value = ZERO
    for a, gradient in zip(outputs, upstream, strict=True):
        if not is_zero(gradient):
            total = along(total, gradient, a)
    return total


def above_mean(own: int, outputs: Sequence[Value], upstream: Sequence[Value], mean: Value) -> Value:
    """By how much a unit's upstream gradient is above the mean: times its output, the gradient of its weighted input.

    Near 1 the unit is nearly all of the mean: then the others' differences are summed, so that no digits cancel.
    """
    if not is_beside(outputs[own], ONE):
        return upstream[own] - mean
    others = (a * (upstream[own] - g) for j, (a, g) in enumerate(zip(outputs, upstream, strict=True)) if j != own)
    return sum(others, ZERO)


# One number of all rows of a batch


def over_rows(node: Node, values: Values) -> None:
    """From the sum over the rows, not from a tree of as many terms as there are rows."""
    worked, _ = _in_total(node)
    values[node.name] = bounded(worked((_total(node, values),)))


def through_over_rows(node: Node, values: Mapping[str, Value], gradients: Values) -> None:
    """To all rows alike: the number is made of their sum."""
    _, slope = _in_total(node)
    upstream, local = gradients[node.name], slope((_total(node, values),))
    for name in node.inputs:
        gradients[name] = along(gradients[name], upstream, local)


def _in_total(node: Node) -> tuple[Closure, Closure]:
    assert isinstance(node.operation, OverRows)
    return node.operation.in_total(len(node.inputs))


def _total(node: Node, values: Mapping[str, Value]) -> Value:
    first, *others = (values[name] for name in node.inputs)
    return sum(others, first)


FORWARD: Mapping[type[Operation], Callable[[Node, Values], None]] = {
    WeightedSum: weighted_sum,
    Softmax: softmax,
    OverRows: over_rows,
}
"""How the values of an operation's nodes come quicker than from their formulas."""
BACKWARD: Mapping[type[Operation], Callable[[Node, Mapping[str, Value], Values], None]] = {
    WeightedSum: through_weighted_sum,
    Softmax: through_softmax,
    OverRows: through_over_rows,
}
"""How gradients pass an operation's nodes quicker than by their local derivatives, one after the other."""
