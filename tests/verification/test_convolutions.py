"""Derivations about a convolution, as people write them: what holds, and the mistake of a forgotten position."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = 4
loss = "half_squared_error"
[[network.layers]]
kind = "conv1d"
filters = 2
kernel = 2
activation = "identity"
weights = [[1, 2], [3, -1]]
biases = [0.5, 0]
[[network.layers]]
units = 1
weights = [[1, 0, 2, -1, 1, 1]]
[[data]]
x = [1, 2, 0.5, -1]
t = [1]
[training]
learning_rate = 0.1
"""
# By hand: z(1) = 5.5, 3.5, -1; z(2) = 1, 5.5, 2.5; ŷ = 5.5 - 2 - 1 + 5.5 + 2.5 = 10.5; δ² = 9.5;
# δ(1) = 9.5, 0, 19; δ(2) = -9.5, 9.5, 9.5;
# ∂E/∂w(1) = 9.5·1 + 0·2 + 19·0.5, 9.5·2 + 0·0.5 - 19 = 19, 0;
# ∂E/∂w(2) = -9.5 + 19 + 4.75, -19 + 4.75 - 9.5 = 14.25, -23.75; ∂E/∂b = 28.5, 9.5.


def judged(text: str, spec: str = SPEC) -> list[tuple[str, str | None, str | None]]:
    found = Examiner(loads(spec)).examine(text, "text")
    assert not found.problem
    return [(j.verdict, j.cause, j.expected) for j in found.judgements]


@pytest.mark.parametrize(
    "line",
    [
        "z1_1_3 = w1_1_1*x3 + w1_1_2*x4 + b1_1 = 1*0.5 + 2*(-1) + 0.5 = -1",
        "z1_13 = -1",
        "a1_2_2 = 5.5",
        "yhat = 10.5",
        "delta1_1_3 = delta2_1*w2_1_3 = 19",
        "delta1_21 = -9.5",
        "dE/dw1_2_2 = delta1_2_1*x2 + delta1_2_2*x3 + delta1_2_3*x4 = -19 + 4.75 - 9.5 = -23.75",
        "dE/db1_1 = delta1_1_1 + delta1_1_2 + delta1_1_3 = 28.5",
        "dE/dx2 = delta1_1_1*w1_12 + delta1_1_2*w1_11 + delta1_2_1*w1_22 + delta1_2_2*w1_21 = 57",
        "w1_2_2' = w1_2_2 - 0.1*dE/dw1_2_2 = 1.375",
        "dE/dW1 = [[19, 0], [14.25, -23.75]]",
        "dE/db1 = [28.5, 9.5]",
        "z1 = [5.5, 3.5, -1, 1, 5.5, 2.5]",
        "delta1 = [9.5, 0, 19, -9.5, 9.5, 9.5]",
        "dz1_2_3/dw1_2_1 = x3 = 0.5",
    ],
)
def test_a_right_line_holds(line: str) -> None:
    assert {verdict for verdict, _, _ in judged(line)} == {"holds"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dE/dw1_2_2 = -19", "-23.75"),
        ("dE/dw1_2_1 = delta1_2_2*x2", "delta1_2_1*x1 + delta1_2_2*x2 + delta1_2_3*x3"),
        ("dE/db1_1 = 9.5", "28.5"),
        ("dE/db1_2 = delta1_2_1 + delta1_2_2", "delta1_2_1 + delta1_2_2 + delta1_2_3"),
    ],
)
def test_a_forgotten_position_is_told(line: str, expected: str) -> None:
    assert judged(line) == [("wrong", "path_left_out", expected)]


def test_what_follows_from_it_follows() -> None:
    found = judged("dE/dw1_2_2 = -19\nw1_2_2' = w1_2_2 - 0.1*dE/dw1_2_2 = 0.9")
    assert [verdict for verdict, _, _ in found] == ["wrong", "holds", "follows"]


def test_another_position_and_a_flipped_kernel_are_wrong() -> None:
    for line in ("z1_1_2 = -1", "z1_1_1 = 2*1 + 1*2 + 0.5", "dE/dw1_1_1 = delta1_1_1*x2 + delta1_1_3*x4"):
        assert judged(line)[-1][0] == "wrong"


def test_in_latex() -> None:
    text = (
        r"\[ z^{1}_{1,3} = w^{1}_{11} x_3 + w^{1}_{12} x_4 + b^{1}_{1} = -1 \]"
        r"\[ \frac{\partial E}{\partial w^{1}_{22}} = \delta^{1}_{2,1} x_2 + \delta^{1}_{2,2} x_3"
        r" + \delta^{1}_{23} x_4 = -23.75 \]"
    )
    found = Examiner(loads(SPEC)).examine(text, "latex").judgements
    assert [judgement.verdict for judgement in found] == ["holds"] * 4


def test_a_chain_about_one_unit_may_call_its_own_z() -> None:
    spec = SPEC.replace('activation = "identity"', 'activation = "sigmoid"')
    assert judged("a1_2_1 = sigmoid(z) = 0.7311", spec) == [("holds", None, None)] * 2
