"""The count of multiplications against routes that are written out one by one, and against counts by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from derive import network, specification
from derive.equations.multiplications import Multiplications, multiplications
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Expr, names_in
from derive.network import Network
from tests.support.random_specs import convolutional, graph, layered
from tests.support.repository import EXAMPLES

SPECS = {
    **{path.stem: path.read_text("utf-8") for path in EXAMPLES},
    **{f"layers {seed}": layered(seed) for seed in range(12)},
    **{f"graph {seed}": graph(seed) for seed in range(12)},
    **{f"convolution {seed}": convolutional(seed) for seed in range(3)},
}


def is_factor(local: Expr) -> bool:
    return bool(names_in(local)) or evaluate(local, {}) not in (1, -1)


def routes(built: Network, name: str) -> Iterator[list[str]]:
    """The factors of every route from a quantity to the output, those of 1 and -1 left out."""
    if name == built.graph.output:
        yield []
        return
    for use in built.graph.uses.get(name, []):
        own = [f"d{use.node.name}/d{name}"] if is_factor(use.local) else []
        yield from ([*own, *rest] for rest in routes(built, use.node.name))


def counted(built: Network) -> Multiplications:
    """Both counts, from the routes themselves."""
    apart = sum(max(len(route) - 1, 0) for name in built.parameters for route in routes(built, name))
    reached: set[str] = set()
    waiting = list(built.parameters)
    while waiting:
        name = waiting.pop()
        if name in reached or name == built.graph.output or not any(True for _ in routes(built, name)):
            continue
        reached.add(name)
        waiting += [use.node.name for use in built.graph.uses.get(name, [])]
    shared = 0
    for name in reached:
        for use in built.graph.uses[name]:
            above = list(routes(built, use.node.name))
            shared += bool(above) and is_factor(use.local) and above != [[]]
    return Multiplications(apart, shared)


@pytest.mark.parametrize("key", SPECS)
def test_as_the_routes_themselves(key: str) -> None:
    built = network.build(specification.loads(SPECS[key]))
    assert multiplications(built) == counted(built)


NETWORK = """
[network]
inputs = {inputs}
loss = "half_squared_error"
[[network.layers]]
units = {units}
activation = "sigmoid"
weights = 0.1
[[network.layers]]
units = {outputs}
activation = "sigmoid"
weights = 0.1
[[data]]
x = {x}
t = {t}
"""


@pytest.mark.parametrize(
    ("sizes", "expected"), [((3, 4, 1), (69, 25)), ((16, 64, 10), (1024 * 40 + 64 * 30 + 640 * 2 + 10, 10 + 640 * 2 + 64 + 1024))]
)  # fmt: skip
def test_as_by_hand(sizes: tuple[int, int, int], expected: tuple[int, int]) -> None:
    inputs, units, outputs = sizes
    text = NETWORK.format(inputs=inputs, units=units, outputs=outputs, x=[1] * inputs, t=[1] * outputs)
    assert multiplications(network.build(specification.loads(text))) == expected


def test_many_layers_are_counted_without_walking_their_routes() -> None:
    """4^40 routes."""
    layer = '[[network.layers]]\nunits = 4\nactivation = "sigmoid"\nweights = 0.1\n'
    text = f'[network]\ninputs = 1\nloss = "half_squared_error"\n{layer * 40}[[data]]\nx = [1]\nt = [1, 1, 1, 1]\n'
    found = multiplications(network.build(specification.loads(text)))
    assert found.apart > 4**40 > found.shared
