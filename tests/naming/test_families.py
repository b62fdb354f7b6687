r"""Letters of whole families in ``[notation]``: what they go through, and which ones are refused."""

from __future__ import annotations

import re

import pytest

from derive import DeriveError, network, specification
from derive.naming.families import FAMILIES
from derive.naming.notation import Notation
from derive.naming.presets import PRESETS
from derive.render.document import notes

pytestmark = pytest.mark.usefixtures("one_proof")

NETWORK = """
title = "T"
[network]
inputs = {inputs}
loss = "{loss}"
[[network.layers]]
units = 3
activation = "{activation}"
weights = [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]
biases = [0.1, 0, -0.2]
[[network.layers]]
units = {outputs}
activation = "{last}"
weights = {out}
[[data]]
x = [1, 2]
t = {t}
[training]
learning_rate = 0.5
[notation]
"""
ONE = {"inputs": '["x1", "x2"]', "loss": "half_squared_error", "activation": "sigmoid", "outputs": "1",
       "last": "sigmoid", "out": "[[0.5, -0.5, 1]]", "t": "[1]"}  # fmt: skip
TWO = {**ONE, "outputs": "2", "last": "softmax", "out": "[[0.5, -0.5, 1], [1, 2, 3]]", "t": "[1, 0]",
       "loss": "cross_entropy"}  # fmt: skip
ALL = r"""weight = "\\theta"
bias = "c"
input = "u"
output = "o"
weighted_input = "s"
activation = "h"
delta = "\\epsilon"
learning_rate = "\\alpha"
loss = "J"
"""
USUAL = re.compile(r"(?<![A-Za-z\\])[wWzabxE](?:[_^']|[^A-Za-z])|\\hat\{y\}|\\delta|\\eta")
"""The letters that :data:`ALL` replaces."""


def unchanged(text: str) -> list[str]:
    """The formulas of a document in which a usual letter is left."""
    formulas = re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", text, re.DOTALL)
    return [formula for pair in formulas for formula in pair if USUAL.search(re.sub(r"\\text\{[^}]*\}", "", formula))]


def built(given: str, **changes: str) -> network.Network:
    return network.build(specification.loads(NETWORK.format(**{**ONE, **changes}) + given))


def notation(given: str, **changes: str) -> Notation:
    return Notation.of(built(given, **changes).spec)


@pytest.mark.parametrize(
    ("key", "letter", "name", "tex"),
    [
        ("weight", r"\\theta", "w1_3_2", r"\theta^{1}_{32}"),
        ("weight", r"\\theta", "W1", r"\Theta^{1}"),
        ("weight", r"\\theta", "dE/dW2", r"\frac{\partial E}{\partial \Theta^{2}}"),
        ("weight", "v", "W2", "V^{2}"),
        ("weight", "W", "w1_1_2", "W^{1}_{12}"),
        ("weight", r"\\hat{w}", "W1", r"\hat{W}^{1}"),
        ("weight", r"\\alpha", "W1", r"\alpha^{1}"),
        ("bias", "c", "b1_2", "c^{1}_{2}"),
        ("bias", r"\\beta", "b2", r"\beta^{2}"),
        ("input", "u", "x2", "u_2"),
        ("input", "u", "x", "u"),
        ("output", "o", "yhat", "o"),
        ("output", r"\\hat{o}", "dyhat/dz2_1", r"\frac{\partial \hat{o}}{\partial z^{2}_{1}}"),
        ("output", "a", "yhat", "a^{2}_{1}"),
        ("weighted_input", "net", "z1_2", r"\mathrm{net}^{1}_{2}"),
        ("weighted_input", "s", "sigma'(z)", r"\sigma'(s)"),
        ("activation", "h", "a1_3", "h^{1}_{3}"),
        ("activation", "h", "a1", "h^{1}"),
        ("activation", r"\\mathbf{h}", "a1_1[2]", r"\mathbf{h}^{1}_{1}[2]"),
        ("delta", r"\\epsilon", "delta2_1", r"\epsilon^{2}_{1}"),
        ("learning_rate", r"\\alpha", "eta", r"\alpha"),
    ],
)
def test_a_letter_of_a_family(key: str, letter: str, name: str, tex: str) -> None:
    assert notation(f'{key} = "{letter}"').tex(name) == tex


def test_inputs_keep_the_numbers_of_their_names_or_are_counted() -> None:
    here = notation('input = "u"', inputs='["x0", "x1"]')
    assert [here.tex(name) for name in ("x0", "x1")] == ["u_0", "u_1"]
    here = notation('input = "u"', inputs='["hours", "sleep"]')
    assert [here.tex(name) for name in ("hours", "sleep")] == ["u_1", "u_2"]


def test_one_quantity_may_still_have_its_own_tex() -> None:
    here = notation('activation = "h"\nnames = { a1_2 = "q" }')
    assert [here.tex(name) for name in ("a1_1", "a1_2")] == ["h^{1}_{1}", "q"]


def test_the_constant_unit_has_the_letter_of_what_it_stands_beside() -> None:
    here = notation('preset = "bias_unit"\ninput = "u"\nactivation = "h"\nweight = "v"')
    assert [here.constant_unit(1), here.constant_unit(2), here.tex("b1_2")] == ["U_0", "h^{1}_{0}", "v^{1}_{20}"]


@pytest.mark.parametrize("style", ["routes", "delta", "matrix", "graph"])
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("shape", [ONE, TWO], ids=["one output", "softmax"])
def test_no_usual_letter_is_left(style: str, preset: str, shape: dict[str, str]) -> None:
    """In formulas, tables, their headings and the sentences between them."""
    letters = ALL.replace('bias = "c"\n', "") if PRESETS[preset].bias_unit else ALL
    text = notes(built(f'preset = "{preset}"\n{letters}', **shape), style=style)
    assert unchanged(text) == []
    shown = re.sub(r"!\[[^\]]*\]", lambda image: image[0].replace("θ", ""), text)  # the weights' own letter
    assert not re.search("[δηθŷ]", shown)


@pytest.mark.parametrize("activation", ["tanh", "gelu", "elu", "leaky_relu", "softplus", "silu", "softmax"])
def test_every_activation_is_stated_in_the_letters(activation: str) -> None:
    text = notes(built(ALL, activation=activation), style="graph")
    assert unchanged(text) == []
    assert unchanged(notes(built("", activation=activation), style="graph"))  # the search finds what it looks for


def test_a_document_in_the_brackets_of_a_course() -> None:
    text = notes(built('preset = "bracketed"'), style="matrix", to="latex")
    for formula in ("z^{[1]} &= ", r"\underbrace{W^{[1]}}_{3 \times 2}", r"\delta^{[l]} &=", "W^{[l+1]}", "a^{[l-1]}"):
        assert formula in text
    assert "w^{[2]}_{11}" in notes(built('preset = "bracketed"'), to="latex")


def test_a_single_letter_does_not_change_the_others() -> None:
    text = notes(built('activation = "h"'), style="matrix", to="latex")
    assert r"h^{1} &= \sigma(z^{1})" in text
    assert re.search(r"up and down by \$v = ", text)  # the small step has another letter


# What is refused


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ('weight = "b"', "notation.weight: the letter b is that of 'bias', too"),
        ('weight = "\\\\theta"\nactivation = "\\\\Theta"', "the letter \\Theta is that of '"),
        ('weighted_input = "a"', "notation.weighted_input: the letter a is that of 'activation', too"),
        ('activation = "x"', "notation.activation: the letter x is that of 'input', too"),
        ('delta = "\\\\eta"', "notation.delta: the letter \\eta is that of 'learning_rate', too"),
        ('delta = "e"', "notation.delta: e is Euler's number in formulas"),
        ('learning_rate = "d"', "notation.learning_rate: d is the sign of a derivative in formulas"),
        ('weight = "\\\\sigma"', "notation.weight: \\sigma is the sigmoid in formulas"),
        ('delta = "\\\\varepsilon"\nlearning_rate = "\\\\epsilon"', "the letter \\epsilon is that of 'delta', too"),
        ('weight = "\\\\mathcal{B}"\nactivation = "B"', "is that of '"),
        ('activation = "t"', "notation.activation: the letter t is that of the quantity 't'"),
        ('loss = "a"', "notation.loss: the letter a is that of 'activation', too"),
        ('weight = "w_1"', "notation.weight: 'w_1' is not one letter"),
        ('weight = "w^{h}"', "notation.weight: 'w^{h}' is not one letter"),
        ('activation = "h\'"', "is not one letter"),
        ('weight = "2"', "notation.weight: '2' is not one letter"),
        ('bias = ""', "notation.bias: the TeX is empty"),
        ('bias = "\\\\frac"', "notation.bias: the command \\frac is not allowed here"),
        ("bias = 3", "notation.bias: the number 3 where text is expected"),
        ('wieght = "v"', "did you mean 'weight'?"),
        ('preset = "bias_unit"\nbias = "c"', "notation.bias: with the preset 'bias_unit' a bias is a weight"),
        ('preset = "flat"\nactivation = "h"\nnames = { a1_1 = "h_1" }', "layer 1 would look like 'a1_1': h_{1}"),
        ('activation = "h"\nnames = { z1_1 = "h^{1}_{1}" }', "would look like"),
    ],
)  # fmt: skip
def test_refused(given: str, says: str) -> None:
    with pytest.raises(DeriveError) as caught:
        built(given)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("inputs", "letter"), [('["h1", "h2"]', "h"), ('["hours", "x2"]', "hours"), ('["alpha", "x"]', r"\\alpha")]
)
def test_a_letter_that_an_input_has_is_refused(inputs: str, letter: str) -> None:
    with pytest.raises(DeriveError, match=r"notation.activation: the letter .* is that of the quantity"):
        built(f'activation = "{letter}"', inputs=inputs)


@pytest.mark.parametrize("family", [family for family in FAMILIES if family.layered], ids=lambda family: family.key)
def test_a_graph_has_no_layers(family: object) -> None:
    key = family.key  # type: ignore[attr-defined]
    with pytest.raises(DeriveError, match=f"notation.{key}: a graph has no layers"):
        specification.loads(f'[graph.values]\nx = 1\n[graph.nodes]\nf = "x^2"\n[notation]\n{key} = "v"\n')


GRAPH = '[graph.values]\nx = 1\n[graph.nodes]\nf = "x^2"\n[training]\nlearning_rate = 0.1\n[notation]\n'


def test_the_learning_rate_of_a_graph() -> None:
    text = notes(network.build(specification.loads(GRAPH + 'learning_rate = "\\\\alpha"\n')))
    assert r"with learning rate $\alpha = 0.1$" in text
    assert r"\eta" not in text
    with pytest.raises(DeriveError, match=r"notation.learning_rate: 'eta' would look like 'x': x"):
        specification.loads(GRAPH + 'learning_rate = "x"\n')
