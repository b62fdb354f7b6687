"""Names that the spec gives count their layers as the spec does, whatever else a text counts; L is the last layer.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


SPEC = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.4, -0.3]]
biases = [0.1]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.7]]
biases = [-0.2]
[[data]]
x = [1, 2]
t = [1]
[training]
learning_rate = 1
"""
FROM_THE_INPUTS = Examiner(
    loads(SPEC + '[notation]\nnames = { z1_1 = "z^2_1", a1_1 = "a^2_1", z2_1 = "z^3_1", yhat = "a^3_1" }\n')
)
PLAIN = Examiner(loads(SPEC))
Z1 = 0.4 - 0.6 + 0.1
A1 = sigma(Z1)
Z2 = 0.7 * A1 - 0.2
A2 = sigma(Z2)
TEXT = (
    "$a^1 = \\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}$\n\n"
    f"$z^2_1 = {Z1:.4f}$\n\n$a^2_1 = {A1:.4f}$\n\n$z^3_1 = {Z2:.4f}$\n\n$a^L_1 = <{A2:.4f}>$\n\n"
    f"$C = \\frac{{1}}{{2}}\\sum_j (a^L_j - 1)^2 = {(A2 - 1) ** 2 / 2:.4f}$\n"
)


def bad(examiner: Examiner, text: str) -> list[tuple[int, str]]:
    found = examiner.examine(text, "markdown").judgements
    return [(one.line, one.verdict) for one in found if one.verdict not in ("holds", "rounding")]


@pytest.mark.parametrize("examiner", [FROM_THE_INPUTS, PLAIN])
def test_layers_counted_from_the_inputs(examiner: Examiner) -> None:
    assert bad(examiner, TEXT.replace("<", "").replace(">", "")) == []


@pytest.mark.parametrize("examiner", [FROM_THE_INPUTS, PLAIN])
@pytest.mark.parametrize(("right", "wrong", "line"), [(f"<{A2:.4f}>", f"{A1:.4f}", 9), (f"{Z2:.4f}", f"{Z1:.4f}", 7)])
def test_a_slip_in_them(examiner: Examiner, right: str, wrong: str, line: int) -> None:
    text = TEXT.replace(right, wrong).replace("<", "").replace(">", "")
    assert (line, "wrong") in bad(examiner, text)
