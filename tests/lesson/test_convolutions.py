"""Documents of networks with a convolution: what is said of it, its sums, and what it does not have."""

from __future__ import annotations

import re

import pytest

from derive.api import loads
from derive.errors import DeriveError
from derive.render.document import notes

SPEC = """
[network]
inputs = 4
loss = "half_squared_error"
[[network.layers]]
kind = "conv1d"
filters = 2
kernel = 3
padding = 1
stride = 2
activation = "relu"
weights = [[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]]
[[network.layers]]
kind = "conv1d"
filters = 1
kernel = 2
weights = [[1, 2, 3, 4]]
biases = false
[[data]]
x = [1, 2, -1, 0.5]
t = [1]
[training]
learning_rate = 0.5
"""


def document(text: str = SPEC, style: str = "delta") -> str:
    return notes(loads(text), to="markdown", style=style)


def test_what_a_layer_is_is_said_once() -> None:
    text = document()
    assert (
        "Layer 1 is a convolution: 2 kernels of 3 taps slide along the 4 inputs, 2 places at a time, and fit at 2 "
        "positions. Every position uses the same weights, and the kernel is not flipped (a cross-correlation). The "
        "inputs are padded with one zero on either side; a term with such a zero is left out."
    ) in text
    assert (
        "Layer 2 is a convolution: a kernel of 2 taps for each of the 2 channels slides along the channels "
        "(2 numbers each)"
    ) in text
    assert r"\sum_{k=1}^{3} w_{jk}^{1}\mathpunct{} x_{2(n-1)+k-1} + b_{j}^{1}" in text
    assert r"\sum_{m=1}^{2} \sum_{k=1}^{2} w_{1,2(m-1)+k}^{2}\mathpunct{} a_{m,n+k-1}^{1}" in text
    assert text.count("is a convolution") == 2


def test_each_position_has_its_own_sum() -> None:
    """The first stands on the edge: its first tap meets nothing."""
    text = document()
    assert r"z_{1,1}^{1} &= w_{12}^{1}x_1 + w_{13}^{1}x_2 + b_{1}^{1}" in text
    assert r"z_{1,2}^{1} &= w_{11}^{1}x_2 + w_{12}^{1}x_3 + w_{13}^{1}x_4 + b_{1}^{1}" in text
    joined = re.sub(r" \\\\\n & \\quad \{\}", "", text)  # rows that are broken for a narrow screen
    assert (
        r"z_{1,1}^{2} &= w_{11}^{2}a_{1,1}^{1} + w_{12}^{2}a_{1,2}^{1} + w_{13}^{2}a_{2,1}^{1} + w_{14}^{2}a_{2,2}^{1}"
        in joined
    )


@pytest.mark.parametrize("style", ["graph", "routes", "delta"])
def test_a_shared_weight_collects_from_every_position(style: str) -> None:
    """By hand: a = 0.4, 0.55, 0, 0; ŷ = 1.5; δ² = 0.5; δ¹ = 0.5, 1, 0, 0; ∂E/∂w¹₁₃ = 0.5 · 2 + 1 · 0.5 = 1.5."""
    text = notes(loads(SPEC), to="markdown", style=style, show=["w1_1_3"])
    worked = text[text.index("## Backward pass") : text.index("## Update")]
    assert re.search(
        r"\\frac\{\\partial E\}\{\\partial w_\{13\}\^\{1\}\} &= (?:(?!aligned).)*&= 1\.5\n", worked, re.DOTALL
    )
    update = text[text.index("## Update") :]
    assert re.search(r"\{w_\{13\}\^\{1\}\}\^\{\+\} &= .*?0\.3 - \(0\.5\)\(1\.5\).*?&= -0\.45\n", update, re.DOTALL)


def test_rules_are_those_of_the_layers_that_are_there() -> None:
    """No rule of dense layers where there is none; it says whose it is where there are both."""
    convolutions = document()
    assert (
        r"\frac{\partial E}{\partial w_{jk}^{1}} &= \sum_{n} \delta_{j,n}^{1}\mathpunct{} x_{2(n-1)+k-1}"
        in convolutions
    )
    assert "weight of the convolution, layer 1" in convolutions
    assert "dense" not in convolutions
    mixed = document(SPEC.replace('kind = "conv1d"\nfilters = 1\nkernel = 2', "units = 1"))
    assert r"\text{weight of a dense layer}" in mixed
    assert r"\text{hidden layer before a dense one}" in mixed


def test_there_is_no_matrix_form() -> None:
    with pytest.raises(DeriveError) as raised:
        document(style="matrix")
    assert "network.layers[1]: the style 'matrix' has no form for a layer of kind 'conv1d'" in str(raised.value)
    assert "this network has the styles graph, routes, delta" in str(raised.value)


def test_weights_of_a_dead_position_may_move() -> None:
    """Position 1 of filter 2 is negative for every sample; the filter still learns at position 2."""
    text = document()
    assert (
        "$z_{2,1}^{1} = -0.7$ is negative: the ReLU is flat there, so no gradient flows back through this unit." in text
    )
    assert "weights do not change" not in text


def test_positions_of_one_filter_are_not_called_identical() -> None:
    text = SPEC.replace("[[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]]", "0.5").replace("[[1, 2, 3, 4]]", "1")
    assert "identical" not in document(text)


def test_a_table_names_units_by_filter_and_position() -> None:
    wide = SPEC.replace("inputs = 4", "inputs = 16").replace("x = [1, 2, -1, 0.5]", f"x = {[*range(16)]}")
    text = document(wide.replace("t = [1]", f"t = {[*range(7)]}"))
    assert "| $1,8$ |" in text
    assert "| $2,1$ |" in text


def test_the_constant_unit_is_told_of_dense_layers_alone() -> None:
    """A bias of a convolution stands at every position: its gradient is the sum of their δ."""
    dense = "[[network.layers]]\nunits = 2\nbiases = [1, 2]\nweights = 1\n[[network.layers]]\nunits = 1\nweights = 1\n[[data]]"
    spec = SPEC.replace("[[data]]", dense) + '[notation]\npreset = "bias_unit"\n'
    assert "is 1, so the derivative with respect to a bias of a dense layer is $\\delta$ itself." in document(spec)
    shared = spec.replace("biases = [1, 2]", "biases = 1\nshared_bias = true").replace(
        "units = 1\nweights", "units = 1\nbiases = false\nweights"
    )
    text = document(shared)
    assert "derivative with respect to a bias" not in text
    assert "The constant unit $a_{0}^{l-1}$ is 1." in text
