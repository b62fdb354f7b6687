"""Marks on batches, softmax, momentum, convolutions and graphs, in text, Markdown and TeX: no pay without work, none lost."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

import pytest

from derive.network import Network, build
from derive.specification import load
from derive.verification import marks
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

Kind: TypeAlias = Literal["text", "markdown", "latex"]
KEYS = {
    "xor_batch": ("z1_1[4]", "a1_1[4]", "yhat[1]", "yhat[4]", "delta2_1[4]", "E[4]", "E", "dE/dw2_11", "dE/db2_1", "dE/dw1_11",
                  "w2_11'", "b2_1'"),
    "softmax_three_classes": ("z1_1", "z1_2", "yhat1", "yhat2", "E", "delta1_1", "delta1_2", "dE/dw1_11", "dE/dw1_12", "dE/db1_2",
                              "w1_12'", "b1_2'"),
    "momentum": ("E", "dE/dx", "dE/dy", "v_x'", "v_y'", "x'", "y'", "v_y@2", "y@2"),
    "conv1d": ("z1_1_2", "a1_1_2", "yhat", "E", "delta2_1", "delta1_1_2", "dE/dw1_1_2", "dE/dw2_11", "dE/db1_1", "w1_1_2'"),
    "three_inputs": ("f", "g", "dg/df", "dg/dx", "dg/dy", "x'", "y'", "z'"),
}  # fmt: skip


@cache
def network_of(example: str) -> Network:
    return build(load(ROOT / "examples" / f"{example}.toml"))


@cache
def examiner_of(example: str) -> Examiner:
    return Examiner(network_of(example))


@cache
def scheme_of(example: str) -> marks.Scheme:
    return marks.parsed(dict.fromkeys(KEYS[example], 1), network_of(example), "marks.toml")


def earned(example: str, text: str, kind: Kind = "text") -> dict[str, str]:
    judgements = examiner_of(example).examine(text, kind).judgements
    found = marks.marked(scheme_of(example), judgements, network_of(example).names)
    return {mark.name: marks.points(mark.points) for mark in found.marks if mark.points}


WITHOUT_WORK: tuple[tuple[str, Kind, str], ...] = (
    # A batch
    ("xor_batch", "text", "yhat[4] = yhat[4]"),
    ("xor_batch", "text", "yhat[4] = a2_1[4] = sigma(0)*0 + yhat[4]"),
    ("xor_batch", "text", "E = mean(E[1], E[2], E[3], E[4])"),
    ("xor_batch", "text", "w2_11' = 1\nb2_1' = 1"),
    ("xor_batch", "text", "delta2_1[4] = 3\ndE/db2_1[4] = 3\ndE/db2_1 = 3"),
    ("xor_batch", "text", "t[4] = 0\nx1[4] = 1\nw1_11 = 1"),
    ("xor_batch", "text", "yhat[4] = 4\nyhat[4] = 10\nyhat[4] = 7"),
    ("xor_batch", "text", "dE/dw2_11 = 0\nw2_11' = 1 - 0.1*0 = 1"),
    ("xor_batch", "text", "Sample 1\nyhat = 10\nSample 4\nyhat = 4"),
    ("xor_batch", "markdown", "| sample | yhat |\n|--|--|\n| 1 | 10 |\n| 4 | 4 |\n"),
    ("xor_batch", "latex", r"\[ w^2_{11}{}' = w^2_{11} = 1 \]"),
    # Softmax
    ("softmax_three_classes", "text", "yhat1 = 1/3\nyhat2 = 1/3"),
    ("softmax_three_classes", "text", "yhat1 + yhat2 + yhat3 = 1"),
    ("softmax_three_classes", "text", "yhat1 = 1 - yhat2 - yhat3"),
    ("softmax_three_classes", "text", "delta1_2 = 5\ndE/db1_2 = 5\nb1_2' = -2.5"),
    ("softmax_three_classes", "text", "delta1_1 = 5\ndE/dw1_11 = 5\ndE/dw1_12 = 10"),
    ("softmax_three_classes", "text", "dE/dw1_11 = 5\ndE/dw1_12 = 2*dE/dw1_11 = 10"),
    ("softmax_three_classes", "text", "w1_12' = -0.1\nb1_2' = 0"),
    ("softmax_three_classes", "text", "E = -ln(yhat2)"),
    ("softmax_three_classes", "text", "delta1_2 = 0.64\ndelta1_2 = -0.64"),
    ("softmax_three_classes", "markdown", "| quantity | value |\n|--|--|\n| yhat1 | yhat1 |\n| w1_12' | -0.1 |\n"),
    ("softmax_three_classes", "markdown", "- `delta1_2 = 7`\n- `dE/db1_2 = delta1_2 = 7`\n"),
    ("softmax_three_classes", "latex", r"$\hat y_1 = \frac{e^{z^1_1}}{e^{z^1_1} + e^{z^1_2} + e^{z^1_3}}$"),
    ("softmax_three_classes", "latex", r"\begin{align} \delta^1_2 &= 7 \\ \frac{\partial E}{\partial b^1_2} &= \delta^1_2 = 7 \end{align}"),
    # Momentum
    ("momentum", "text", "x' = 4\ny' = -2"),
    ("momentum", "text", "v_x = 0\nv_x' = 0"),
    ("momentum", "text", "x' = x = 4"),
    ("momentum", "text", "dE/dx = 7\nv_x' = 7\nv_x' = dE/dx = 7"),
    ("momentum", "text", "v_y@2 = -10\nv_y@2 = -11\nv_y@2 = -10.8"),
    ("momentum", "text", "E = 0"),
    ("momentum", "markdown", "| quantity | old | new |\n|--|--|--|\n| x | 4 | 4 |\n| y | -2 | -2 |\n"),
    ("momentum", "latex", r"\( x \leftarrow 4 \), \( y \leftarrow -2 \)"),
    # A convolution
    ("conv1d", "text", "z1_1_2 = z1_1_2"),
    ("conv1d", "text", "w1_1_2' = -0.25"),
    ("conv1d", "text", "w1_1_2' = w1_1_2 - 0.5*0 = -0.25"),
    ("conv1d", "text", "delta2_1 = 3\ndE/db2_1 = 3"),
    ("conv1d", "text", "a1_1_2 = 0.4\na1_1_2 = 0.5"),
    ("conv1d", "text", "a1_1_2 = sigma(z1_1_1) = 0.4013"),
    ("conv1d", "text", "yhat = 0\nE ≈ 1\ndelta2_1 ≈ 0"),
    ("conv1d", "text", "dE/dw1_1_2 = delta1_1_2*x3 = 0.0117"),
    # A graph
    ("three_inputs", "text", "x = 3\ny = -4\nz = 2"),
    ("three_inputs", "text", "g = f + z\nf = x*y"),
    ("three_inputs", "text", "x' = 3\ny' = -4\nz' = 2"),
    ("three_inputs", "text", "dg/dx = y\ndg/dx = x"),
    ("three_inputs", "text", "f = -10\nf = -11\nf = -12\nf = -13"),
    ("three_inputs", "text", "f = 3 + 4 = -12"),
    ("three_inputs", "text", "dg/dx = 3\nx' = 3"),
    ("three_inputs", "markdown", "$x' = x - 0.1 \\cdot 0 = 3$"),
)  # fmt: skip


@pytest.mark.parametrize(("example", "kind", "text"), WITHOUT_WORK)
def test_nothing_is_earned_without_work(example: str, kind: Kind, text: str) -> None:
    assert earned(example, text, kind) == {}


RIGHT: tuple[tuple[str, Kind, str, str], ...] = (
    ("xor_batch", "text", "yhat[4] = 10", "yhat[4]"),
    ("xor_batch", "text", "Sample 4\nz = 1*1 + 1*1 + 1 = 3\nyhat = 3*1 + 3*1 + 3*1 + 1 = 10", "yhat[4]"),
    ("xor_batch", "text", "Sample 4:\nz1_1 = 3, a1_1 = 3, yhat = 10, delta2_1 = 10", "z1_1[4] a1_1[4] yhat[4] delta2_1[4]"),
    ("xor_batch", "text", "E = (8 + 18 + 18 + 50)/4 = 94/4 = 23.5", "E"),
    ("xor_batch", "text", "dE/dw2_11 = 1/4*(4*1 + 6*2 + 6*2 + 10*3) = 58/4 = 14.5", "dE/dw2_1_1"),
    ("xor_batch", "text", "dE/db2_1 = mean(4, 6, 6, 10) = 6.5", "dE/db2_1"),
    ("xor_batch", "text", "b2_1 := 1 - 0.1*6.5 = 0.35", "b2_1'"),
    ("xor_batch", "text", "w2_11 <- -0.45", "w2_1_1'"),
    ("xor_batch", "text", "yhat^{(4)} = 10", "yhat[4]"),
    ("xor_batch", "markdown", "| sample | yhat |\n|--|--|\n| 1 | 4 |\n| 2 | 7 |\n| 3 | 7 |\n| 4 | 10 |\n", "yhat[1] yhat[4]"),
    ("xor_batch", "markdown", "- $E = 23.5$\n- $\\partial E/\\partial b^2_1 = 6.5$\n", "E dE/db2_1"),
    ("xor_batch", "latex", r"\[ \frac{\partial E}{\partial w^2_{11}} = \frac{4 + 12 + 12 + 30}{4} = 14.5 \]", "dE/dw2_1_1"),
    ("softmax_three_classes", "text", "z1_1 = 0.2*1 - 0.1*2 + 0.1 = 0.1", "z1_1"),
    ("softmax_three_classes", "text", "yhat = [0.2415, 0.3603, 0.3982]", "yhat1 yhat2"),
    ("softmax_three_classes", "text", "yhat1 = e^0.1/(e^0.1 + e^0.5 + e^0.6) = 1.1052/4.5760 = 0.2415", "yhat1"),
    ("softmax_three_classes", "text", "E = -ln 0.3603 = 1.0208", "E"),
    ("softmax_three_classes", "text", "delta1 = yhat - t = (0.2415, -0.6397, 0.3982)", "delta1_1 delta1_2"),
    ("softmax_three_classes", "text", "dE/dw1_12 = delta1_1*x2 = 0.2415*2 = 0.483", "dE/dw1_1_2"),
    ("softmax_three_classes", "text", "b1_2' = 0 - 0.5*(-0.6397) = 0.3199", "b1_2'"),
    ("softmax_three_classes", "text", "b1_2_new = 0.32", "b1_2'"),
    ("softmax_three_classes", "text", "yhat2 = 36.03 %", "yhat2"),
    ("softmax_three_classes", "markdown", "| quantity | value |\n|--|--|\n| z1_1 | 0.1 |\n| yhat1 | 0.2415 |\n", "z1_1 yhat1"),
    ("softmax_three_classes", "markdown", "```\ndelta1_2 = -0.6397\n```\n", "delta1_2"),
    ("softmax_three_classes", "latex", r"\begin{align} \hat y_1 &= 0{,}2415 \\ \delta^1_2 &= -0{,}6397 \end{align}", "yhat1 delta1_2"),
    ("softmax_three_classes", "latex", r"\[ \hat y_2 = \frac{e^{0.5}}{e^{0.1} + e^{0.5} + e^{0.6}} = \frac{1.6487}{4.5760} \approx 0.36 \]", "yhat2"),
    ("momentum", "text", "E = (4^2 + 9*(-2)^2)/2 = 26", "E"),
    ("momentum", "text", "v_x' = 0.5*0 + 4 = 4\nx' = 4 - 0.1*4 = 3.6", "v_x' x'"),
    ("momentum", "text", "dE/dy = 9*y = -18", "dE/dy"),
    ("momentum", "text", "y := -2 + 1.8 = -0.2", "y'"),
    ("momentum", "text", "v_y@2 = 0.5*(-18) + 9*(-0.2) = -10.8\ny@2 = -0.2 + 1.08 = 0.88", "v_y@2 y@2"),
    ("momentum", "text", "Iteration 2\nv_y' = -10.8\ny' = 0.88", "v_y@2 y@2"),
    ("momentum", "latex", r"\( y \leftarrow -2 - 0.1 \cdot (-18) = -0.2 \)", "y'"),
    ("conv1d", "text", "z1_1_2 = 0.5*0.5 - 0.25*1 - 0.5*1 + 0.1 = -0.4", "z1_1_2"),
    ("conv1d", "text", "a1_1_2 = 1/(1 + e^0.4) = 0.4013", "a1_1_2"),
    ("conv1d", "text", "dE/dw1_1_2 = -0.07314*0.5 + 0.10033*1 - 0.05207*1 = 0.01169", "dE/dw1_1_2"),
    ("conv1d", "text", "w1_1_2' = -0.25 - 0.5*0.01169 = -0.2558", "w1_1_2'"),
    ("conv1d", "text", "dE/db1_1 = delta1_1_1 + delta1_1_2 + delta1_1_3 = -0.0249", "dE/db1_1"),
    ("conv1d", "text", "yhat = 0.478, E = 0.738", "yhat E"),
    ("conv1d", "markdown", "So $\\hat y \\approx 0.48$ and \n\n**delta2_1 = -0.522**\n", "yhat delta2_1"),
    ("three_inputs", "text", "f = 3*(-4) = -12; g = -12 + 2 = -10", "f g"),
    ("three_inputs", "text", "dg/dx = 1*y = -4", "dg/dx"),
    ("three_inputs", "text", "-4 = dg/dx", "dg/dx"),
    ("three_inputs", "text", "x' = 3 + 0.4 = 3.4, y' = -4.3, z' = 19/10", "x' y' z'"),
    ("three_inputs", "text", "dg/df is 1", "dg/df"),
    ("three_inputs", "markdown", "> dg/dy = x = 3\n", "dg/dy"),
    ("three_inputs", "latex", r"$\frac{\partial g}{\partial y} = \frac{\partial g}{\partial f} \cdot x = 1 \cdot 3 = 3$", "dg/dy"),
)  # fmt: skip


@pytest.mark.parametrize(("example", "kind", "text", "names"), RIGHT)
def test_right_work_earns_however_it_is_written(example: str, kind: Kind, text: str, names: str) -> None:
    assert earned(example, text, kind) == dict.fromkeys(names.split(), "1")
