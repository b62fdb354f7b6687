"""Functions with kinks in a document: branch lines as a person writes them, remarks and conventions on every kink."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.render.document import notes
from tests.support.kinks import GRAPH, LAYERED


def layers(activation: str, at_zero: str = "0", style: str = "routes") -> str:
    return notes(loads(LAYERED.format(activation=activation, bias="0.1", at_zero=at_zero)), style=style)


def node(values: str, formula: str, at_zero: str = "0") -> str:
    return notes(loads(GRAPH.format(values=values, nodes=f'f = "{formula}"', at_zero=at_zero)))


@pytest.mark.parametrize(
    ("activation", "lines"),
    [
        ('"hard_sigmoid"', (r"1 & \text{if } z \ge 3 \\", r"\frac{z}{6} + \frac{1}{2} & \text{if } -3 < z < 3 \\",
                            r"0 & \text{if } z \le -3 \end{cases}", r"\frac{1}{6} & \text{if } -3 < z < 3 \\")),
        ('"hard_swish"', (r"z & \text{if } z \ge 3 \\", r"\frac{z(z + 3)}{6} & \text{if } -3 < z < 3 \\",
                          r"\frac{2z + 3}{6} & \text{if } -3 < z < 3 \\")),
        ('"relu6"', (r"6 & \text{if } z \ge 6 \\", r"z & \text{if } 0 < z < 6 \\", r"0 & \text{if } z \le 0")),
        ('{name = "hard_tanh", low = "-1/2", high = 3}', (r"3 & \text{if } z \ge 3 \\",
                                                          r"z & \text{if } -\frac{1}{2} < z < 3 \\")),
        ('"softsign"', (r"&= \frac{z}{1 + \lvert z \rvert}", r"\frac{1}{(1 + \lvert z \rvert)^{2}}")),
        ('"mish"', (r"z \tanh(\mathop{\mathrm{softplus}}(z))",)),
    ],
)  # fmt: skip
def test_branches_are_written_as_a_person_does(activation: str, lines: tuple[str, ...]) -> None:
    text = layers(activation)
    for line in lines:
        assert line in text


def test_slopes_on_kinks_stand_alone_where_no_branch_has_them() -> None:
    text = layers('"hard_sigmoid"', '"1/2"')
    assert r"\frac{1}{12} & \text{if } z = 3 \\" in text
    assert r"\frac{1}{12} & \text{if } z = -3 \\" in text


@pytest.mark.parametrize(
    ("activation", "at_zero", "said"),
    [
        ('"hard_sigmoid"', "0", "The hard sigmoid has kinks at $-3$ and $3$; there we use the slope $0$."),
        ('"hard_sigmoid"', "1", r"there we use the slope $\frac{1}{6}$."),
        ('"hard_swish"', "0", "The hard swish has kinks at $-3$ and $3$; there we use the slopes $0$ and $1$."),
        ('"hard_swish"', '"1/2"', "there we use the slopes $-0.25$ and $1.25$."),
        ('"relu6"', "0", "The ReLU6 has kinks at 0 and $6$; there we use the slope $0$."),
        (
            '{name = "hard_tanh", low = -0.75, high = 0.5}',
            "0",
            "has kinks at $-0.75$ and $0.5$; there we use the slope $0$",
        ),
        ('"relu"', "0", "The ReLU has a kink at 0; there we use the slope $0$."),
    ],
)
def test_the_convention_is_told(activation: str, at_zero: str, said: str) -> None:
    assert said in layers(activation, at_zero)


def test_the_remark_names_both_slopes_and_the_convention() -> None:
    text = layers('"hard_sigmoid"', '"1/2"')
    assert (
        r"$z_{1}^{1}$ is exactly at the kink of the hard sigmoid at $3$. There we use the slope $\frac{1}{12}$. "
        r"At a kink the slope is a choice: it is $\frac{1}{6}$ on the left and $0$ on the right, "
        "and we follow the convention `relu_at_zero = 1/2`."
    ) in text
    assert r"hard sigmoid at $-3$" in text
    assert "$z_{2}^{1}$ is exactly" not in text


def test_remarks_on_formulas_of_ones_own() -> None:
    text = node("x = 3", "abs(x - 3)")
    assert "In $f$ the absolute value is exactly at its kink. There we use the slope $0$." in text
    assert "it is $-1$ on the left and $1$ on the right, and by convention we use the mean of the two." in text
    text = node("x = 1.5\ny = 2", "max(2*x, 3)*y")
    assert (
        "In $f$ the maximum has a tie: its tied arguments share the slope equally. At a tie the slope is a choice"
        in text
    )
    text = node("x = 0.5\nlo = 0.5\nhi = 2", "clip(x, lo, hi)")
    assert r"$x$ is exactly at the kink of the clip at $\mathrm{lo}$. There we use the slope $0.5$." in text
    assert "kink" not in node("x = 0", "softsign(x)").partition("## Forward")[2]
    assert "exactly at" not in node("x = 3.01", "abs(x - 3)")


def test_nested_kinks_are_each_told() -> None:
    text = node("x = -3", "relu6(abs(x) + 3) + relu(abs(x) - 3)")
    assert "the ReLU6 is exactly at its kink at $6$" in text
    assert "the ReLU is exactly at its kink." in text


GRAPH_WITH_CLIPS = """
[graph]
values = {x = 0.4, y = 2.5}
nodes = {a = "clip(x, 0, 1)", b = "clip(y, -1, 2)", c = "relu6(x)", f = "a + b + c"}
"""
TWO_BOUNDS = """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = {name = "hard_tanh", low = -1, high = 1}
weights = 1
[[network.layers]]
units = 1
activation = {name = "hard_tanh", low = -2, high = 2}
weights = 1
[[network.layers]]
units = 1
activation = "sigmoid"
weights = 1
[[data]]
x = [1]
t = [1]
"""


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (
            GRAPH_WITH_CLIPS,
            [r"clip $\mathop{\mathrm{clip}}(z, 0, 1)$", r"clip $\mathop{\mathrm{clip}}(z, -1, 2)$", "ReLU6"],
        ),
        (
            TWO_BOUNDS,
            [
                r"hard tanh $\mathop{\mathrm{hardtanh}}(z, -1, 1)$",
                r"hard tanh $\mathop{\mathrm{hardtanh}}(z, -2, 2)$",
                "sigmoid",
            ],
        ),
    ],
)
def test_two_functions_of_one_name_are_told_apart(text: str, headings: list[str]) -> None:
    written = notes(loads(text), to="markdown")
    for heading in headings:
        assert written.count(f"**The {heading}.**") == 1
