"""Specs that stand on kinks, near them and far from them, for every activation with kinks and formulas of one's own."""

from __future__ import annotations

from collections.abc import Iterator

LAYERED = """
title = "Kinks"
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 4
activation = {activation}
weights = [[1.1, 1.9], [0.5, -0.25], [-1.5, -1.5], [2.5, 3.5]]
biases = [0, {bias}, 0, 0]
[[network.layers]]
units = 1
activation = {activation}
weights = [[0.5, -0.5, 1, 0.3]]
[[data]]
x = [1, 1]
t = [1]
[training]
learning_rate = 0.5
[conventions]
relu_at_zero = {at_zero}
"""
"""Weighted inputs 3 (through a sum of decimals), 0.25 + bias, -3 and 6."""

ACTIVATIONS = (
    '"hard_sigmoid"', '"hard_tanh"', '"relu6"', '"hard_swish"', '"mish"', '"softsign"',
    '{name = "hard_tanh", low = -3, high = 3}',
    '{name = "own", expression = "clip(z, -1, 3)"}',
    '{name = "own", expression = "min(max(z/6 + 1/2, 0), 1)"}',
    '{name = "own", expression = "z*relu6(z + 3)/6"}',
    '{name = "own", expression = "max(2*z, 6)"}',
    '{name = "own", expression = "abs(z - 3) + z"}',
    '{name = "own", expression = "max(z, 3, 2*z - 3)"}',
    '{name = "own", expression = "softsign(abs(z) - 3)"}',
    '{name = "own", expression = "relu(abs(z) - 3)"}',
)  # fmt: skip
CONVENTIONS = ("0", '"1/2"', "1")

GRAPH = """
title = "Kinks"
[graph.values]
{values}
[graph.nodes]
{nodes}
[training]
learning_rate = 0.1
iterations = 2
[conventions]
relu_at_zero = {at_zero}
"""
GRAPHS = (
    ("x = 3", 'f = "abs(x - 3)"'),
    ("x = 1.5\ny = 2", 'f = "max(2*x, 3)*y"'),
    ("x = 1\ny = 1\nz = 1", 'f = "max(x, y, z)"'),
    ("x = 1\ny = 1\nz = 0.5", 'f = "max(x, y, z)^2 + min(x, y, z)"'),
    ("x = 0.5\nlo = 0.5\nhi = 2", 'f = "clip(x, lo, hi)*x + lo"'),
    ("x = 2\nlo = 0.5\nhi = 2", 'f = "clip(x, lo, hi)*x + hi"'),
    ("x = 7\nlo = 0.5\nhi = 2", 'f = "clip(x, lo, hi)*x + lo"'),
    ("x = 2\nlo = 0.5\nhi = 2", 'f = "hard_tanh(x, lo, hi)*x + lo"'),
    ("x = 0.5\nlo = 0.5\nhi = 2", 'f = "hard_tanh(x, lo, hi)*x + lo"'),
    ("x = 0", 'f = "softsign(x) + x/(1 + abs(x))"'),
    ("x = -3", 'f = "relu6(abs(x) + 3) + relu(abs(x) - 3)"'),
    ("x = 3", 'f = "max(min(x, 3), -3)"'),
    ("x = 4", 'a = "x + 1"\nb = "2*x - 3"\nf = "max(a, b)"'),
    ("x = 1000000", 'f = "softsign(x) + hard_sigmoid(x)"'),
    ("x = -1000", 'f = "mish(x) + hard_swish(x)"'),
    ("x = 2", 'f = "hard_tanh(x, -2)*hard_tanh(x, -1, 5)"'),
)


def layered(bias: str = "0.1") -> Iterator[str]:
    """The TOML of a network for every activation and convention."""
    for activation in ACTIVATIONS:
        for at_zero in CONVENTIONS:
            yield LAYERED.format(activation=activation, at_zero=at_zero, bias=bias)


def graphs() -> Iterator[str]:
    """The TOML of a graph for every formula and two conventions."""
    for values, nodes in GRAPHS:
        for at_zero in CONVENTIONS[:2]:
            yield GRAPH.format(values=values, nodes=nodes, at_zero=at_zero)
