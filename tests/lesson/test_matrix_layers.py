"""The style ``matrix``: no number without its line, and a shared bias is a number."""

from __future__ import annotations

import re

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes
from tests.support.lesson.pages import example_text
from tests.support.random_specs import ACTIVATIONS, OWN_ACTIVATIONS, layered

pytestmark = pytest.mark.usefixtures("one_proof")

LAYER = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = {activation}
weights = [[0.5, -0.25], [0.75, 0.1]]
[[network.layers]]
units = 1
weights = [[1, 2]]
[[data]]
x = [1, 2]
t = [1]
"""
IN_VECTORS = ("identity", "sigmoid", "tanh")
"""Slopes that are written in the vector of activations, or are 1."""


def matrix_notes(text: str) -> str:
    return notes(network.build(specification.loads(text)), style="matrix", to="latex")


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a not in IN_VECTORS])
def test_slopes_have_a_line_of_numbers(activation: str) -> None:
    text = matrix_notes(LAYER.format(activation=f'"{activation}"'))
    lines = re.findall(r"'\(z\^\{1\}.*?\) &(?:=|\\approx) (.*) \\\\\n.*\\begin\{bmatrix\}", text)
    assert lines
    assert "z" not in lines[0].replace("bmatrix", "")


@pytest.mark.parametrize("expression", [*OWN_ACTIVATIONS, "z*sigmoid(2*z) + tanh(3*z + 1)*exp(-z^2)/(1 + z^2)"])
def test_slopes_that_are_too_wide_for_a_column_stand_entry_by_entry(expression: str) -> None:
    text = matrix_notes(LAYER.format(activation=f'{{name = "own", expression = "{expression}"}}'))
    first = re.search(r"own}'\(z\^\{1\}(_\{1\})?\) &(?:=|\\approx) (.*) \\\\\n", text)
    assert first is not None
    assert first[1] or "z" not in first[2].replace("bmatrix", "")


@pytest.mark.parametrize("seed", [3, 11])
def test_a_shared_bias_is_a_number(seed: int) -> None:
    text = matrix_notes(layered(seed))
    assert not re.search(r"\\begin\{bmatrix\} [-0-9.]+ \\end\{bmatrix\}", text)


def test_the_constant_unit_stands_first() -> None:
    text = matrix_notes(example_text("mazur").replace("[network]", '[notation]\npreset = "bias_unit"\n[network]', 1))
    assert r"z^{1} &= b_1X_0\, \underbrace{\mathbf{1}}_{2 \times 1} + \underbrace{W^{1}}" in text
    assert r"&= (0.35)(1)\, \mathbf{1} + \begin{bmatrix} 0.15" in text
