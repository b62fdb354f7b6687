"""A good network and a good graph, and ways to spoil them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

GOOD_NETWORK = """
title = "Pass"
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.1, 0.2], [0.3, 0.4]]
biases = [0, 0]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.5, 0.6]]
[[data]]
x = [1, 2]
t = [1]
[training]
learning_rate = 0.5
"""

GOOD_GRAPH = """
[graph]
output = "g"
parameters = ["x", "y"]
[graph.values]
x = 3
y = -4
[graph.nodes]
f = "x*y"
g = "f + x"
[training]
learning_rate = 0.1
"""


@dataclass(frozen=True)
class Bad:
    """A bad spec: every fragment of ``says`` stands in the message."""

    name: str
    text: str | Callable[[], str]
    says: tuple[str, ...]
    format: str = "toml"

    @property
    def content(self) -> str:
        """The text of the file."""
        return self.text() if callable(self.text) else self.text


def network(name: str, old: str, new: str, *says: str) -> Bad:
    """The good network with one thing changed."""
    assert old in GOOD_NETWORK, old
    return Bad(name, GOOD_NETWORK.replace(old, new, 1), says)


def graph(name: str, old: str, new: str, *says: str) -> Bad:
    """The good graph with one thing changed."""
    assert old in GOOD_GRAPH, old
    return Bad(name, GOOD_GRAPH.replace(old, new, 1), says)


def added(name: str, text: str, *says: str) -> Bad:
    """The good network with something added."""
    return Bad(name, GOOD_NETWORK + text, says)


def node(name: str, expression: str, *says: str) -> Bad:
    """The good graph with another expression for ``f``."""
    return Bad(name, GOOD_GRAPH.replace("x*y", expression, 1), says)


def value(name: str, number: str, *says: str) -> Bad:
    """The good graph with another number for ``x``."""
    return Bad(name, GOOD_GRAPH.replace("x = 3", f"x = {number}", 1), says)


def tex(name: str, text: str, *says: str) -> Bad:
    """The good network with TeX for one weight."""
    return Bad(name, GOOD_NETWORK + f"[notation.names]\nw1_1_1 = '{text}'\n", says)
