"""The derivative of the loss: by each output that needs its own, by branches, summed over a softmax's outputs."""

from __future__ import annotations

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")

TWO_OUTPUTS = """
[network]
inputs = ["x1", "x2"]
loss = {loss}
[[network.layers]]
units = 2
activation = "{activation}"
weights = [[1, -1], [-0.5, 2]]
[[data]]
x = [1, 1]
t = [1, 0]
"""


def derivatives(loss: str, activation: str = "sigmoid") -> str:
    """The section of derivatives of a layer of two outputs."""
    text = TWO_OUTPUTS.format(loss=loss, activation=activation)
    return (
        notes(network.build(specification.loads(text))).partition("## The derivatives we need")[2].partition("\n## ")[0]
    )


def test_outputs_that_are_not_alike_are_derived_each() -> None:
    section = derivatives('{name = "mixed", expression = "(yhat1 - t1)^4/4 + abs(yhat2 - t2)"}')
    assert "likewise" not in section
    assert r"With respect to the output $\hat{y} _ 2$:" in section
    assert r" &= \mathop{\mathrm{sign}}(\hat{y} _ 2 - t_2)" in section


def test_outputs_that_are_alike_are_derived_once() -> None:
    section = derivatives('{name = "cubed", expression = "(yhat1 - t1)^4 + (yhat2 - t2)^4"}')
    assert r"with respect to the output $\hat{y} _ 1$ (likewise for the other outputs):" in section
    assert "With respect to the output" not in section


@pytest.mark.parametrize("loss", ['"squared_error"', '"huber"', '{name = "own", expression = "(yhat1 - t1)^2*yhat2"}'])
def test_a_softmax_with_any_loss_is_summed_over_the_outputs_before_it_is_used(loss: str) -> None:
    section = derivatives(loss, "softmax")
    terms = [
        rf"\frac{{\partial E}}{{\partial \hat{{y}} _ {k}}} \cdot \frac{{\partial \hat{{y}} _ {k}}}{{\partial z_{{1}}^{{1}}}}"
        for k in (1, 2)
    ]
    assert " &= " + " + ".join(terms) in section


def test_the_huber_loss_is_derived_branch_by_branch() -> None:
    section = derivatives('{name = "huber", delta = 0.5}')
    assert r"\frac{\partial}{\partial \hat{y} _ 1}\left[ \frac{1}{2}(\hat{y} _ 1 - t_1)^{2} \right]" in section
    assert r"\hat{y} _ 1 - t_1 & \text{if } \lvert \hat{y} _ 1 - t_1 \rvert \le 0.5" in section
    assert "there is no kink" in section
    assert "convention" not in section


def test_the_huber_loss_is_stated_in_its_branches_and_worked_in_the_one_taken() -> None:
    text = TWO_OUTPUTS.format(loss='{name = "huber", delta = 0.5}', activation="identity")
    text = notes(network.build(specification.loads(text)))
    given, _, rest = text.partition("## Forward pass")
    for k in (1, 2):
        error = rf"\lvert \hat{{y}} _ {k} - t_{k} \rvert"
        assert rf"\frac{{1}}{{2}}(\hat{{y}} _ {k} - t_{k})^{{2}} & \text{{if }} {error} \le 0.5" in given
    assert r"\max" not in given
    forward = rest.partition("## The derivatives")[0]
    assert "Each error falls into one branch of the formula:" in forward
    whole = forward.replace(" \\\\\n & \\quad {} ", " ")  # lines of Markdown are short
    assert r"E &= 0.5\left( \lvert \hat{y} _ 1 - t_1 \rvert - \frac{0.5}{2} \right) + 0.5\left(" in whole
    assert r"\max" not in forward
