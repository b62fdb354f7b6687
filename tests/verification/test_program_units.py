"""Programs of plain numbers, in which units and weights are counted: ``h1``, ``h2``, ``w5``, ``d1``.

The numbers are worked here.
"""

from __future__ import annotations

from functools import cache
from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Verification

SPEC = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.4, -0.7], [0.2, 0.6]]
biases = [0.15, -0.25]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.9, -0.5]]
biases = [0.35]
[[data]]
x = [0.8, 1.2]
t = [0.3]
[training]
learning_rate = 0.4
"""


def _sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


H1, H2 = _sigmoid(0.4 * 0.8 - 0.7 * 1.2 + 0.15), _sigmoid(0.2 * 0.8 + 0.6 * 1.2 - 0.25)
Z3 = 0.9 * H1 - 0.5 * H2 + 0.35
OUT = _sigmoid(Z3)
D = (OUT - 0.3) * OUT * (1 - OUT)
D1 = D * 0.9 * H1 * (1 - H1)
NUMBERS = f"""import math
z1 = 0.4*0.8 - 0.7*1.2 + 0.15
z2 = 0.2*0.8 + 0.6*1.2 - 0.25
h1 = 1/(1 + math.exp(-z1))
h2 = 1/(1 + math.exp(-z2))
print(h1, h2)  # {H1:.4f} {H2:.4f}
z3 = 0.9*h1 - 0.5*h2 + 0.35
print(z3)  # {Z3:.4f}
o = 1/(1 + math.exp(-z3))
print(o)  # {OUT:.4f}
d = (o - 0.3)*o*(1 - o)
d1 = d*0.9*h1*(1 - h1)
print(d, d1)  # {D:.4f} {D1:.4f}
"""
NAMES = f"""x1, x2 = 0.8, 1.2
w1, w2, w3, w4, w5, w6 = 0.4, -0.7, 0.2, 0.6, 0.9, -0.5
b1, b2, b3 = 0.15, -0.25, 0.35
h1 = sigmoid(w1*x1 + w2*x2 + b1)
h2 = sigmoid(w3*x1 + w4*x2 + b2)
y = sigmoid(w5*h1 + w6*h2 + b3)
print(h1, h2, y)
# {H1:.4f} {H2:.4f} {OUT:.4f}
delta = (y - 0.3)*y*(1 - y)
dw5 = delta*h1
dw1 = delta*w5*h1*(1 - h1)*x1
print(dw5, dw1)  # {D * H1:.4f} {D1 * 0.8:.4f}
w5 = w5 - 0.4*dw5
print(w5)  # {0.9 - 0.4 * D * H1:.4f}
"""


@cache
def _examiner() -> Examiner:
    return Examiner(loads(SPEC))


def _judged(text: str) -> Verification:
    return _examiner().examine(text)


@pytest.mark.parametrize(("program", "count"), [(NUMBERS, 13), (NAMES, 23)])
def test_a_program_may_count_its_units(program: str, count: int) -> None:
    judged = _judged(program)
    assert [j.claim for j in judged.judgements if j.verdict != "holds"] == []
    assert len(judged.judgements) == count
    assert not judged.not_read


@pytest.mark.parametrize(
    ("program", "right", "wrong"),
    [
        (NUMBERS, "0.4*0.8 - 0.7*1.2", "0.4*0.8 + 0.7*1.2"),
        (NUMBERS, "0.2*0.8 + 0.6*1.2 - 0.25", "0.2*0.8 + 0.6*1.2 - 0.2"),
        (NUMBERS, "0.9*h1 - 0.5*h2", "0.9*h2 - 0.5*h1"),
        (NUMBERS, f" {H2:.4f}\n", " 0.7612\n"),
        (NUMBERS, "d*0.9*h1*(1 - h1)", "d*0.9*h1"),
        (NAMES, "w3*x1 + w4*x2 + b2", "w3*x1 + w4*x2 + b1"),
        (NAMES, "dw5 = delta*h1", "dw5 = delta*h2"),
        (NAMES, "*(1 - h1)*x1", "*(1 - h1)*x2"),
        (NAMES, "w5 - 0.4*dw5", "w5 + 0.4*dw5"),
    ],
)
def test_a_mistake_in_it_is_found_where_it_is(program: str, right: str, wrong: str) -> None:
    assert program.count(right) == 1
    line = program[: program.index(right)].count("\n") + 1
    first = next(j for j in _judged(program.replace(right, wrong)).judgements if not j.holds)
    assert (first.verdict, first.line) == ("wrong", line)


def test_a_number_behind_a_letter_is_a_layer_where_vectors_stand() -> None:
    program = "import numpy as np\nz1 = W1 @ x + b1\na1 = sigmoid(z1)\nz2 = W2 @ a1 + b2\nprint(z2)  # 0.5\n"
    assert [(j.line, j.verdict) for j in _judged(program).judgements if not j.holds] == [(5, "wrong")]
