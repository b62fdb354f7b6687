r"""What courses that work with matrices write: a mean over samples, code inside a formula, ``L = 3`` layers."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

BATCH = Examiner(
    loads(
        """
[network]
inputs = ["x1", "x2"]
loss = "binary_cross_entropy"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.3, -0.1], [0.2, 0.4]]
biases = [0.1, 0]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.5, -0.3]]
biases = [0.1]
[[data]]
x = [1, 0]
t = [1]
[[data]]
x = [2, 1]
t = [0]
[notation]
preset = "bracketed"
weight = "W"
activation = "A"
weighted_input = "Z"
loss = "J"
"""
    )
)


def verdicts(line: str) -> set[str]:
    return {str(claim["verdict"]) for claim in BATCH.examine(line, "markdown").claims}


MEAN = r"$dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T} = \begin{bmatrix} %s & %s \end{bmatrix}$"
CODE = r"$db^{[2]} = \frac{1}{m}$ `np.sum(dZ2, axis=1)` $= \frac{1}{2}(-0.4426 + 0.5422) = %s$"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (MEAN % ("0.0615", "0.1364"), "holds"),
        (MEAN % ("0.0615", "0.2364"), "wrong"),
        (r"$dW^{[2]} = \frac1m \delta^{[2]} (A^{[1]})^T$", "holds"),
        (r"$dW^{[2]} = -\frac1m \delta^{[2]} (A^{[1]})^T$", "wrong"),
        (MEAN.replace("A^{[1]T}", "X^T") % ("0.0615", "0.1364"), "wrong"),
        (CODE % "0.0498", "holds"),
        (CODE % "0.1498", "wrong"),
        (r"$L = 2$ and $a^{(L)} = \sigma(z^{(L)})$", "holds"),
        (r"$L = 5$ and $a^{(L)} = \sigma(z^{(L)})$", "wrong"),
    ],
)
def test_lines_of_courses(line: str, found: str) -> None:
    said = verdicts(line)
    assert ("wrong" in said) if found == "wrong" else (said <= {"holds"} and bool(said) is bool(found))
