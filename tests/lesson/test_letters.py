"""Letters of the author's: a quantity called e is never Euler's number, one called d no sign of a derivative."""

from __future__ import annotations

import re

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")

GRAPH = """
[graph.values]
{name} = 2
[graph.nodes]
y = "exp(-{name}) + sigmoid({name})"
"""
LAYERS = """
[network]
inputs = ["{name}"]
loss = "cross_entropy"
[[network.layers]]
units = 2
activation = "{activation}"
weights = [[1], [-1]]
[[network.layers]]
units = 2
activation = "softmax"
weights = [[1, 2], [-1, 0.5]]
[[data]]
x = [1]
t = [1, 0]
"""


def document(text: str, style: str) -> str:
    return notes(network.build(specification.loads(text)), style=style)


@pytest.mark.parametrize("style", ["routes", "graph"])
def test_e_of_a_graph(style: str) -> None:
    text = document(GRAPH.format(name="e"), style)
    assert r"\exp(-e)" in text
    assert r"\sigma(z) &= \frac{1}{1 + \exp(-z)}" in text
    assert "e^{" not in text
    assert "e^{" in document(GRAPH.format(name="f"), style)


@pytest.mark.parametrize("style", ["routes", "delta", "matrix", "graph"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "softmax"])
def test_e_of_a_network(style: str, activation: str) -> None:
    text = document(LAYERS.format(name="e", activation=activation), style)
    assert r"\exp(" in text
    assert "e^{" not in text


def test_e_of_the_notation() -> None:
    text = LAYERS.format(name="x1", activation="sigmoid") + '[notation]\nnames = { a1_1 = "e" }\n'
    assert "e^{" not in document(text, "routes")


@pytest.mark.parametrize("style", ["routes", "graph"])
def test_d_of_a_graph(style: str) -> None:
    text = document(GRAPH.format(name="d"), style)
    assert not re.search(r"\\frac\{d[a-z}]", text)
    assert re.search(r"\\frac\{d[a-z}]", document(GRAPH.format(name="f"), style))


def test_d_of_a_network() -> None:
    text = document(LAYERS.format(name="d", activation="sigmoid"), "routes")
    assert r"\frac{\partial a}{\partial z} &= \frac{\partial}{\partial z}\left[ \frac{1}{1 + e^{-z}} \right]" in text


def test_eulers_number_as_a_constant_of_the_spec() -> None:
    text = LAYERS.format(name="e", activation="tanh").replace("x = [1]", 'x = ["e"]')
    assert r"(-1)(\exp(1))" in document(text, "routes")
