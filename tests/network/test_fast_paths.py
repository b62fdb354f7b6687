"""The fast paths of whole layers against the formulas and local derivatives that they stand in for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

import pytest
from flint import arb, fmpq

from derive import network, specification
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import ZERO, Value
from derive.equations.run import Sample, run
from derive.expressions.evaluate import evaluate
from derive.network.fast_paths import BACKWARD, FORWARD
from derive.network.graph import Node
from tests.support.random_specs import convolutional, layered
from tests.support.repository import ROOT

DRAWN = [(kind, seed) for kind in (layered, convolutional) for seed in range(12)]
BOUND = arb(10) ** -50
LARGE_SOFTMAX = """
[network]
inputs = 2
loss = "cross_entropy"
[[network.layers]]
units = 3
activation = "softmax"
weights = [[{z}, 0], [0, 1], [{z}, -2]]
[[data]]
x = [1, 2]
t = [0, 1, 0]
"""


def samples_of(net: network.Network) -> Iterator[Sample]:
    for iteration in run(net).iterations:
        yield from iteration.samples


def fast_nodes(net: network.Network) -> Iterator[Node]:
    return (node for node in net.graph.nodes if type(node.operation) in FORWARD)


def same(one: Value, other: Value) -> bool:
    return bool(abs(as_ball(one) - other) < BOUND)


@pytest.mark.parametrize(("kind", "seed"), DRAWN)
def test_a_value_is_that_of_the_formula(kind: Callable[[int], str], seed: int) -> None:
    net = network.build(specification.loads(kind(seed)))
    with precision(300):
        for sample in samples_of(net):
            for node in fast_nodes(net):
                values = {name: sample.values[name] for name in node.inputs}
                FORWARD[type(node.operation)](node, found := dict(sample.values))
                assert same(found[node.name], evaluate(node.formula, values)), node.name


@pytest.mark.parametrize(("kind", "seed"), DRAWN)
def test_gradients_pass_by_the_local_derivatives(kind: Callable[[int], str], seed: int) -> None:
    """Of a layer at a time, with upstream gradients of all sizes, as a softmax passes those of all its units at once."""
    net = network.build(specification.loads(kind(seed)))
    with precision(300):
        sample = next(samples_of(net))
        for layer in net.layers:
            for names in (layer.z, layer.a):
                nodes = [net.graph.by_name[name] for name in names]
                if type(nodes[0].operation) in BACKWARD:
                    upstream = {name: fmpq((-3) ** k, k + 2) for k, name in enumerate(names)}
                    assert_same_gradients(nodes, sample.values, upstream)


def assert_same_gradients(nodes: list[Node], values: Mapping[str, Value], upstream: Mapping[str, Value]) -> None:
    expected: dict[str, Value] = {name: ZERO for node in nodes for name in node.inputs}
    found = {**expected, **upstream}
    for node in reversed(nodes):
        BACKWARD[type(node.operation)](node, values, found)
        for position, name in enumerate(node.inputs):
            local = node.operation.local(node.name, node.inputs, position)
            expected[name] += upstream[node.name] * evaluate(local, values)
    for name, value in expected.items():
        assert same(found[name], value), name


@pytest.mark.parametrize("z", [0, 1, 35, 300])
def test_a_softmax_with_units_near_1_or_alike(z: int) -> None:
    """Where digits would cancel: one unit is nearly 1, or two share nearly all."""
    net = network.build(specification.loads(LARGE_SOFTMAX.format(z=z)))
    with precision(3000):
        (sample,) = samples_of(net)
        for number in (fmpq(1, 3), arb(2).sqrt()):
            nodes = [net.graph.by_name[name] for name in net.layers[-1].a]
            values = {name: sample.values[name] for name in net.layers[-1].z}
            softmax = {node.name: evaluate(node.formula, values) for node in nodes}
            upstream = {name: number * (2 - k) ** 3 for k, name in enumerate(softmax)}
            assert_same_gradients(nodes, {**values, **softmax}, upstream)
            assert all(same(sample.values[name], value) for name, value in softmax.items())


def test_no_other_module_has_a_rule_of_its_own() -> None:
    """Nothing is multiplied by a gradient or a learning rate but in fast paths, symbols of the chain rule, optimizers.

    One path of any graph is ``along`` among the fast paths. The second opinion has statements of its own, and mistakes
    are made by others. What a step changes by the first order is a derivative times that step: no rule of the chain.
    """
    found = set()
    for path in (ROOT / "derive").rglob("*.py"):
        module = path.relative_to(ROOT / "derive").as_posix()
        if module.startswith(("checked/", "verification/causes/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _is_upstream(node):
                found.add(module)
    assert found == {"network/fast_paths.py", "equations/chain.py", "ops/optimizers.py", "lesson/effects.py"}


def _is_upstream(product: ast.BinOp) -> bool:
    names = {ast.unparse(factor).partition("[")[0] for factor in (product.left, product.right)}
    return bool(names & {"upstream", "gradient", "gradients", "rate", "eta"})
