"""Programs that work with one number at a time: staged gates (``dnum``), ``Value(…)`` with ``.data`` and ``.grad``."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

GRAPH = Examiner(
    loads(
        """
[graph]
output = "o"
[graph.values]
x1 = 2
x2 = 0.5
w1 = -0.3
w2 = 1.5
b = 0.4
[graph.nodes]
p1 = "x1*w1"
p2 = "x2*w2"
s = "p1 + p2"
n = "s + b"
o = "tanh(n)"
"""
    )
)
# n 0.55, o 0.500520, do/dn 0.749480, do/dw1 1.498959, do/dx1 -0.224844


def verdicts(text: str, examiner: Examiner = GRAPH) -> list[tuple[int, str]]:
    return [(int(str(claim["line"])), str(claim["verdict"])) for claim in examiner.examine(text).claims]


@pytest.mark.parametrize(
    "line",
    [
        "x1 = Value(2.0, label='x1')",
        "x1 = Value(2.0); w1 = Value(-0.3)",
        "p1.data = -0.6, p2.data = 0.75, s.data = 0.15",
        "n.data = 0.55",
        "o = n.tanh()",
        "o.data = 0.5005",
        "n.grad = 1 - o.data**2 # 0.7495",
        "x1.grad = w1.data * p1.grad # -0.2248",
        "x1.grad = -0.2248, w1.grad = 1.4990",
        "print(f'{o.data:.4f}')  # prints 0.5005, the outcome",
        "# do/dn = 1 - tanh(n)**2 = 1 - o**2",
        "# through the product p1 = x1*w1",
        "dn = 1 - o**2 # the slope # = 0.7495",
    ],
)
def test_right_ones_hold(line: str) -> None:
    found = {verdict for _, verdict in verdicts(f"{line}\no.backward()\n")}
    assert found
    assert found <= {"holds"}


@pytest.mark.parametrize(
    "line",
    [
        "x1 = Value(2.5, label='x1')",
        "p1.data = -0.6, p2.data = 0.85, s.data = 0.15",
        "o.data = 0.5105",
        "n.grad = 1 - o.data # 0.4995",
        "n.grad = 1 - o.data**2 # 0.8495",
        "x1.grad = x1.data * p1.grad",
        "x1.grad = -0.2248, w1.grad = 1.5990",
        "print(f'{o.data:.4f}')  # prints 0.6005, the outcome",
        "# do/dn = 1 - tanh(n)**2 = 1 - n**2",
        "# through the product p1 = x1*w2",
        "dn = 1 - o**2 # the slope # = 0.8495",
        "o = n.sigmoid()",
    ],
)
def test_wrong_ones_do_not(line: str) -> None:
    assert "wrong" in {verdict for _, verdict in verdicts(f"{line}\no.backward()\n")}


def test_what_is_no_number_of_a_quantity_is_passed_over() -> None:
    """And what follows from it is read."""
    text = "p1.label = 'x1*w1'\nx1.requires_grad = True\np1.grad += s.grad\nw1.grad = x1.data*p1.grad # 1.4990\n"
    assert verdicts(text) == [(4, "holds"), (4, "holds")]


def test_what_stands_behind_the_point_of_an_object_is_a_quantity() -> None:
    assert verdicts("import torch\nnet.x1 = 2.0\nnet.w1 = -0.4\n") == [(2, "holds"), (3, "wrong")]


STAGED = Examiner(
    loads(
        """
[graph]
output = "f"
parameters = ["u", "v"]
[graph.values]
u = 0.5
v = 2
[graph.nodes]
sigu = "1/(1 + exp(-u))"
top = "v + sigu"
den = "u*v"
invden = "1/den"
f = "top*invden"
"""
    )
)
# sigu 0.622459, top 2.622459, den 1; f = 2.622459; df/dv = 1 - 2.622459*0.5 = -0.311230
FORWARD = "sigu = 1.0 / (1 + math.exp(-u)) # the squashed one   #(1)\n"
BACK = """dtop = invden  # = 1
dinvden = top
dden = (-1.0 / (den**2)) * dinvden
dv = (1) * dtop
dv += u * dden  # see above  #(3)
# dv = -0.3112
"""


def test_gates_in_stages() -> None:
    """A gradient is whole where all its parts are added; dinvden is no slip in the letters of invden."""
    found = verdicts(FORWARD + BACK, STAGED)
    assert {verdict for _, verdict in found} == {"holds"}
    assert {line for line, _ in found} == {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize(
    ("right", "slip", "line"),
    [
        ("dinvden = top", "dinvden = den", 3),
        ("(-1.0 / (den**2))", "(1.0 / (den**2))", 4),
        ("dv += u * dden", "dv += v * dden", 6),
        ("-0.3112", "0.3112", 7),
        ("invden  # = 1\n", "invden  # = 2\n", 2),
    ],
)
def test_a_slip_in_a_stage(right: str, slip: str, line: int) -> None:
    found = verdicts(FORWARD + BACK.replace(right, slip), STAGED)
    assert (line, "wrong") in found
