"""Functions with branches where numbers stand: the branch that is taken is written out."""

from __future__ import annotations

import pytest

from derive.words.escape import markdown_math
from tests.lesson.test_symbols import graph, layer

ROW_BROKEN = " \\\\\n & \\quad {} "
pytestmark = pytest.mark.usefixtures("one_proof")


@pytest.mark.parametrize(
    ("node", "x", "lines"),
    [
        ("elu(x, 2)", "-1", (r"\operatorname{ELU}(-1, 2)", "2(e^{-1} - 1)")),
        ("elu(x, 2)", "-1", (r"\operatorname{ELU}'(-1, 2)", "2e^{-1}")),
        ("leaky_relu(x, 0.1)", "-3", (r"\operatorname{LReLU}(-3, 0.1)", "0.1(-3)")),
        ("max(x, 0, -2*x)", "0", (r"\operatorname{max}'(0, 0, -2(0)) - 2 \operatorname{max}'(-2(0), 0, 0)",
                                  r"\frac{1}{3} - 2 \cdot \frac{1}{3}")),
        ("gelu(x)", "2", (r"\operatorname{gelu}'(2)", r"\Phi(2) + (2) \varphi(2)")),
    ],
)  # fmt: skip
def test_the_branch_is_written_out_under_the_call(node: str, x: str, lines: tuple[str, str]) -> None:
    above, below = map(markdown_math, lines)
    assert f" &= {above} \\\\\n &= {below} \\\\\n" in graph(node, x).replace(ROW_BROKEN, " ")


def test_a_branch_that_is_the_number_itself_takes_no_line() -> None:
    assert " &= \\mathop{\\mathrm{ELU}}(3, 2) \\\\\n &= 3 \\\\\n\\frac" in graph("elu(x, 2)", "3")


def test_a_layer_writes_the_branch_out_in_the_backward_pass() -> None:
    text = layer('{name = "elu", alpha = 3}', "-1").partition("## Backward pass")[2]
    assert r"\mathop{\mathrm{ELU}'}(-2, 3)" in text
    assert "3e^{-2}" in text
