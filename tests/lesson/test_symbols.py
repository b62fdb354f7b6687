"""Every function symbol of a document is defined, its derivative worked once, and used in the node's own value."""

from __future__ import annotations

import json
import re

import pytest

from derive import network, specification
from tests.support.lesson.documents import gradients_json, notes
from tests.support.lesson.pages import example_text

pytestmark = pytest.mark.usefixtures("one_proof")

LAYER = """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = {activation}
weights = [[2]]
biases = [0]
[[data]]
x = [{x}]
t = [1]
"""
GRAPH = """
[graph.values]
x = {x}
[graph.nodes]
y = "{node}"
out = "3*y"
"""


def layer(activation: str, x: str = "1") -> str:
    """The notes on one unit."""
    return notes(network.build(specification.loads(LAYER.format(activation=activation, x=x))))


def graph(node: str, x: str = "0.25") -> str:
    """The notes on a graph with this node."""
    return notes(network.build(specification.loads(GRAPH.format(node=node, x=x))))


SIGMA = r"\sigma(z) &= \frac{1}{1 + e^{-z}}"
DENSITY = r"\varphi(z) &= \frac{e^{-z^{2}/2}}{\sqrt{2\pi}}"
SIGN = r"\mathop{\mathrm{sign}}(z) &= \begin{cases} 1 & \text{if } z > 0"


@pytest.mark.parametrize(
    ("activation", "defined"),
    [
        ('"softplus"', SIGMA),
        ('"silu"', SIGMA),
        ('{name = "swish", expression = "z*sigmoid(z)"}', SIGMA),
        ('"sigmoid"', SIGMA),
        ('"gelu"', DENSITY),
        ('{name = "soft", expression = "z*sign(z)"}', SIGN),
    ],
)
def test_a_layer_defines_its_symbols_once(activation: str, defined: str) -> None:
    assert layer(activation).partition("## Forward pass")[0].count(defined) == 1


@pytest.mark.parametrize(
    ("node", "defined"),
    [
        ("sigmoid(x)", SIGMA),
        ("softplus(x)", SIGMA),
        ("gelu(x)", DENSITY),
        ("gelu(x)", "normal distribution"),
        ("abs(x)", SIGN),
        ("relu(x)", r"\mathop{\mathrm{ReLU}}(z) &= \begin{cases}"),
        ("elu(x, 2)", "\\mathop{\\mathrm{ELU}}(z, 2) &= \\begin{cases} z & \\text{if } z \\ge 0 \\\\\n2(e^{z} - 1)"),
        ("max(x, 2*x, 1)", r"$\mathop{\mathrm{max}'}$ is the slope of the maximum with respect to its first argument"),
        ("min(x, 2*x, 1)", r"$\mathop{\mathrm{min}'}$ is the slope of the minimum with respect to its first argument"),
    ],
)
def test_a_graph_defines_its_symbols_once(node: str, defined: str) -> None:
    assert graph(node).partition("## Forward pass")[0].count(defined) == 1


def test_a_loss_defines_its_symbols() -> None:
    text = example_text("xor_first").replace("half_squared_error", "hinge").replace("t = [0]", "t = [1]")
    assert SIGN in notes(network.build(specification.loads(text))).partition("## Forward pass")[0]


@pytest.mark.parametrize(
    ("node", "own"),
    [("sigmoid(x)", "y(1 - y)"), ("exp(x)", "y"), ("tanh(x)", "1 - y^{2}"), ("sqrt(x)", r"\frac{1}{2y}")],
)
def test_a_node_that_is_one_function_has_its_slope_in_its_own_value(node: str, own: str) -> None:
    text = graph(node)
    derivatives, _, forward = text.partition("## The derivatives we need")[2].partition("## Forward pass")
    assert re.search(rf"\\frac\{{\\partial y\}}\{{\\partial x\}} &= {re.escape(own)} (?:\\\\\n|\\approx)", forward)
    assert f"\n &= {own} \\\\\n &  \\quad \\text{{since }}y = " in derivatives


def test_the_expression_of_a_gradient_has_the_nodes_own_value() -> None:
    data = json.loads(gradients_json(network.build(specification.loads(GRAPH.format(node="sigmoid(2*x)", x="1")))))
    assert data["iterations"][0]["gradients"]["x"]["expression"] == "3*2*y*(1 - y)"


@pytest.mark.parametrize("node", ["sigmoid(x)", "2*sigmoid(x)", "ln(sigmoid(3*x))"])
def test_the_slope_of_the_sigmoid_is_derived_in_a_graph(node: str) -> None:
    text = graph(node)
    assert text.count(r"\sigma'(z) &= \frac{d}{dz}\left[ \frac{1}{1 + e^{-z}} \right]") == 1
    assert r"since }1 - \sigma(z) = \frac{e^{-z}}{1 + e^{-z}}" in text


def test_the_distribution_function_has_the_density_as_its_slope() -> None:
    text = layer('"gelu"')
    assert "1 \\Phi(z) + z \\varphi(z) \\\\\n &  \\quad \\text{since }\\Phi'(z) = \\varphi(z)" in text
    assert r"z \Phi'(z)" not in text


def test_the_primes_of_maximum_and_minimum_stand_beside_the_word() -> None:
    text = graph("max(x, 2*x) + min(x, 1)")
    assert r"\mathop{\mathrm{max}'}(" in text
    assert r"\max'" not in text
    assert r"\min'" not in text


def test_branches_are_tidied_once_parameters_are_put_in() -> None:
    one, two = layer('{name = "elu", alpha = 1}'), layer('{name = "leaky_relu", slope = 0.10}')
    assert "\\begin{cases} 1 & \\text{if } z \\ge 0 \\\\\ne^{z} & \\text{if } z < 0 \\end{cases}" in one
    branches = [r"1 & \text{if } z > 0 \\", r"0.10 & \text{if } z = 0 \\", r"0.10 & \text{if } z < 0"]
    assert "\n".join(branches) in two


@pytest.mark.parametrize(("name", "parameter"), [("elu", "alpha"), ("leaky_relu", "slope")])
def test_branches_that_meet_smoothly_have_no_kink(name: str, parameter: str) -> None:
    smooth = layer(f'{{name = "{name}", {parameter} = 1}}', x="0")
    assert "kink" not in smooth
    assert "at 0 the branches meet with the same slope" in smooth
    kinked = layer(f'{{name = "{name}", {parameter} = 0.5}}', x="0")
    assert "has a kink at 0" in kinked
    assert "is exactly at the kink" in kinked
    assert "kink" not in graph(f"{name}(x, 1)", x="0")
    assert "kink" in graph(f"{name}(x, 1/2)", x="0")


def test_the_huber_loss_never_stands_on_a_kink() -> None:
    text = LAYER.format(activation='"identity"', x="1").replace("half_squared_error", "huber")
    text = notes(network.build(specification.loads(text)))
    assert "has a tie" not in text
    assert "we nudge" in text
