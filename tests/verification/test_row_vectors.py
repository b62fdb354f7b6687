"""Handouts whose vectors are rows: ``x W_1 + b_1``, deltas counted back from the loss, vectors by vectors."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = 3
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.4, -0.1, 0.2], [0.3, 0.5, -0.6]]
biases = [0.1, 0]
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.7, -0.2], [0.1, 0.9]]
biases = [0, -0.3]
[[data]]
x = [1, 0.5, -2]
t = [1, 0]
"""
# z_1 = (0.05, 1.75), h = (0.049958, 0.941376), z_2 = (-0.153304, 0.552234), y = (0.461749, 0.634654)
# ∂E/∂z_2 = (-0.133774, 0.147156), ∂E/∂h = (-0.078926, 0.159195), ∂E/∂z_1 = (-0.078729, 0.018120)


@cache
def examiner() -> Examiner:
    return Examiner(build(loads(SPEC)))


FORWARD = r"""
$W_1 = \begin{bmatrix} 0.4 & 0.3 \\ -0.1 & 0.5 \\ 0.2 & -0.6 \end{bmatrix}$
$$z_1 = x W_1 + b_1 = [0.05, 1.75]$$
$$h = \tanh(z_1) = [0.0500, 0.9414]$$
$$z_2 = h W_2 + b_2 = [-0.1533, 0.5522]$$
$$\hat{y} = \sigma(z_2) = [0.4617, 0.6347]$$
"""
BACKWARD = r"""
$$\delta_1 = \frac{\partial E}{\partial z_2} = (\hat{y} - y) \circ \sigma'(z_2) = [-0.1338, 0.1472]$$
$$\delta_2 = \frac{\partial E}{\partial h} = \delta_1 \frac{\partial z_2}{\partial h} = \delta_1 W_2^\top = [-0.0789, 0.1592]$$
$$\delta_3 = \frac{\partial E}{\partial z_1} = \delta_2 \frac{\partial h}{\partial z_1} = \delta_2 \circ (1 - h^2) = [-0.0787, 0.0181]$$
$$\frac{\partial E}{\partial x} = \delta_3 W_1^\top = [-0.0261, 0.0169, -0.0266]$$
$$\frac{\partial E}{\partial W_2} = h^\top \delta_1 = \begin{bmatrix} -0.0067 & 0.0074 \\ -0.1259 & 0.1385 \end{bmatrix}$$
$$\frac{\partial E}{\partial b_2} = \delta_1 = [-0.1338, 0.1472]$$
$$\frac{\partial E}{\partial W_1} = x^\top \delta_3 = \begin{bmatrix} -0.0787 & 0.0181 \\ -0.0394 & 0.0091 \\ 0.1575 & -0.0362 \end{bmatrix}$$
"""


def verdicts(text: str) -> list[tuple[str, str]]:
    found = examiner().examine(text, "markdown")
    assert not found.not_read
    return [(judgement.claim, judgement.verdict) for judgement in found.judgements]


def test_all_of_it_holds() -> None:
    assert {verdict for _, verdict in verdicts(FORWARD + BACKWARD)} <= {"holds", "rounding"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("1.75]", "1.57]"),
        ("0.5522]", "0.5252]"),
        ("0.1472]$$\n$$\\delta_2", "0.1742]$$\n$$\\delta_2"),
        (r"0.1592]", r"0.1952]"),
        (r"-0.0266]", r"-0.0626]"),
        ("-0.1259", "-0.1295"),
        ("0.0091", "0.0019"),
        (r"\delta_1 W_2^\top", r"\delta_1 W_2"),
        (r"= \delta_3 W_1^\top", r"= \delta_2 W_1^\top"),
        (r"\circ (1 - h^2)", r"\circ (1 - h)"),
    ],
)
def test_what_is_wrong_stays_wrong(right: str, wrong: str) -> None:
    text = FORWARD + BACKWARD
    assert right in text
    assert "wrong" in {verdict for _, verdict in verdicts(text.replace(right, wrong, 1))}


def test_columns_as_before() -> None:
    text = r"""
$$z_1 = W_1 x + b_1 = (0.05, 1.75)^\top$$
$$\frac{\partial E}{\partial z_2} = [-0.1338, 0.1472]^T$$
$$\frac{\partial E}{\partial W_2} = \frac{\partial E}{\partial z_2} a_1^T$$
"""
    assert {verdict for _, verdict in verdicts(text)} == {"holds"}


def test_a_delta_by_the_activation_is_no_count_of_its_own() -> None:
    text = r"$$\delta_1 = \frac{\partial E}{\partial a_1} = [-0.0789, 0.1592]$$"
    assert "wrong" in {verdict for _, verdict in verdicts(text)}


NORMS = (
    r"\|\hat{y} - y\|^2",
    r"\lVert\hat{y} - y\rVert_2^2",
    r"\left\|\hat{y} - y\right\|^{2}",
    r"||\hat{y} - y||^2",
    r"\Vert \hat{y} - y \Vert_{2}^{2}",
)


@pytest.mark.parametrize("norm", NORMS)
def test_the_square_of_a_length(norm: str) -> None:
    head = r"$$E(y, \hat{y}) = \frac12"
    assert [verdict for _, verdict in verdicts(f"{head}{norm} = 0.3462$$")] == ["holds", "holds"]
    assert [verdict for _, verdict in verdicts(f"{head}{norm} = 0.3642$$")] == ["holds", "wrong"]
    assert [verdict for _, verdict in verdicts(f"{head}{norm.replace(' - y', ' + y')}$$")] == ["wrong"]


def test_a_length() -> None:
    assert [verdict for _, verdict in verdicts(r"$$\|\hat{y} - y\| = 0.8322$$")] == ["holds"]
    assert [verdict for _, verdict in verdicts(r"$$\|\hat{y} - y\| = 0.6925$$")] == ["wrong"]
    assert [verdict for _, verdict in verdicts(r"$$|\hat{y}_1 - y_1| = 0.5383$$")] == ["holds"]


def test_single_bars_around_a_vector_are_of_each_entry() -> None:
    assert [verdict for _, verdict in verdicts(r"$$|\hat{y} - y| = [0.5383, 0.6347]$$")] == ["holds"]
