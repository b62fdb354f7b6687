"""Beside the statements of a program: named values on one line, transposed ones, new values by an ending, remarks.

The numbers are worked here.
"""

from __future__ import annotations

from math import tanh

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

NETWORK = loads(
    """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.5, -0.3], [0.8, 0.1]]
biases = [0.2, -0.4]
[[network.layers]]
units = 2
weights = [[1.5, -0.7], [0.6, 0.9]]
biases = [0, 0.1]
[[data]]
x = [2, -1]
t = [0.5, 1]
[training]
learning_rate = 0.25
"""
)
Z = (1.0 + 0.3 + 0.2, 1.6 - 0.1 - 0.4)
H = tuple(map(tanh, Z))
Y = (1.5 * H[0] - 0.7 * H[1], 0.6 * H[0] + 0.9 * H[1] + 0.1)
D = (Y[0] - 0.5, Y[1] - 1)
LOSS = (D[0] ** 2 + D[1] ** 2) / 2
B = (-0.25 * D[0], 0.1 - 0.25 * D[1])
OUTPUT = f"""import numpy as np
# z1.T = [[{Z[0]:.3f} {Z[1]:.3f}]]   h.T = [[{H[0]:.4f} {H[1]:.4f}]]
# yhat = [{Y[0]:.4f} {Y[1]:.4f}], loss = {LOSS:.4f}
# db2.T = [[{D[0]:.4f} {D[1]:.4f}]]
"""
SESSION = f""">> x = [2; -1];  t = [0.5; 1];
>> W1 = [0.5 -0.3; 0.8 0.1];  b1 = [0.2; -0.4];
>> W2 = [1.5 -0.7; 0.6 0.9];  b2 = [0; 0.1];
>> h = tanh(W1*x + b1);
>> y = W2*h + b2
y = [{Y[0]:.4f}; {Y[1]:.4f}]
% E = 1/2*((y1-t1)^2 + (y2-t2)^2), so dE/dy = y - t
>> db2 = y - t;
>> b2q = b2 - eta*db2
b2q = [{B[0]:.4f}; {B[1]:.4f}]
"""


def failing(text: str) -> list[tuple[int, str]]:
    found = Examiner(NETWORK).examine(text).judgements
    return [(one.line, one.verdict) for one in found if one.verdict not in ("holds", "rounding")]


def lines(text: str) -> set[int]:
    return {one.line for one in Examiner(NETWORK).examine(text).judgements}


def test_named_values_in_remarks() -> None:
    assert not failing(OUTPUT)
    assert lines(OUTPUT) == {2, 3, 4}


@pytest.mark.parametrize(
    ("right", "line"), [(f"{Z[1]:.3f}", 2), (f"{H[0]:.4f}", 2), (f"{LOSS:.4f}", 3), (f"{D[1]:.4f}", 4)]
)
def test_a_wrong_value_in_a_remark(right: str, line: int) -> None:
    assert [at for at, _ in failing(OUTPUT.replace(right, f"{float(right) + 0.4:.4f}", 1))] == [line]


def test_an_ending_of_new_values_and_the_output_in_a_remark() -> None:
    assert not failing(SESSION)
    assert lines(SESSION) >= {5, 6, 7, 8, 9, 10}


def test_a_step_the_wrong_way_by_its_ending() -> None:
    assert (9, "wrong") in failing(SESSION.replace("b2 - eta*db2", "b2 + eta*db2"))


def test_a_wrong_remark_on_the_output() -> None:
    assert (7, "wrong") in failing(SESSION.replace("dE/dy = y - t", "dE/dy = t - y"))
