"""Notes taken in haste: labels in a line, names of two words, ditto marks, gradients behind a colon, remarks.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

GRAPH = """
[graph]
output = "E"
parameters = ["w1", "w2", "w3", "w4", "b1", "b2"]
[graph.values]
i1 = 0.2
i2 = 0.9
t1 = 1
w1 = 0.3
w2 = -0.5
w3 = 0.6
w4 = 0.7
b1 = 0.1
b2 = -0.2
[graph.nodes]
net_p1 = "w1*i1 + w2*i2 + b1"
net_p2 = "w3*i1 + w4*i2 + b1"
out_p1 = "sigmoid(net_p1)"
out_p2 = "sigmoid(net_p2)"
net_q1 = "out_p1 + out_p2 + b2"
out_q1 = "sigmoid(net_q1)"
E = "0.5*(t1 - out_q1)^2"
[training]
learning_rate = 0.5
"""


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


P1, P2 = 0.3 * 0.2 - 0.5 * 0.9 + 0.1, 0.6 * 0.2 + 0.7 * 0.9 + 0.1
O1, O2 = sigma(P1), sigma(P2)
Q = O1 + O2 - 0.2
O = sigma(Q)
DQ = (O - 1) * O * (1 - O)
D1, D2 = DQ * O1 * (1 - O1), DQ * O2 * (1 - O2)
EXAMINER = Examiner(loads(GRAPH))
NOTES = f"""i1=0.2 i2=0.9 | t1=1 | lr 0.5
p1: w1=0.3 w2=-0.5   p2: w3=0.6 w4=0.7   b1=0.1 für beide
net p1 = 0.06 - 0.45 + 0.1 = {P1:.4f} → out p1 = {O1:.4f}
net p2 = 0.12 + 0.63 + 0.1 = {P2:.4f} → out p2 = {O2:.4f}
net q1 = {Q:.4f} → out q1 = {O:.4f}
E = {(1 - O) ** 2 / 2:.4f}, it was guessed before
δq1 = (out - t)*out*(1 - out) = {DQ:.4f}
dE/dout p1 = {DQ:.4f}
δp1 = {DQ:.4f}*{O1:.4f}*{1 - O1:.4f} = {D1:.4f}
δp2 = likewise = {DQ:.4f}*{O2:.4f}*{1 - O2:.4f} = {D2:.4f}
w1: {D1:.4f}*0.2 = {D1 * 0.2:.4f}
w2:  "  *0.9 = {D1 * 0.9:.4f}
w3: {D2:.4f}*0.2 = {D2 * 0.2:.4f}   w4: {D2:.4f}*0.9 = {D2 * 0.9:.4f}
b1: δp1+δp2 = {D1 + D2:.4f}
w1+ = 0.3 - 0.5*({D1 * 0.2:.4f}) = {0.3 - 0.5 * D1 * 0.2:.4f}
E(0.31) = {O:.4f}^2 + 1.2
"""


def bad(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.verdict) for one in EXAMINER.examine(text).judgements if not one.holds]


def test_all_of_it_is_read_and_holds() -> None:
    found = EXAMINER.examine(NOTES)
    assert bad(NOTES) == []
    assert found.general == 1
    lines = {one.line for one in found.judgements}
    assert lines == set(range(1, 16))


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (f'"  *0.9 = {D1 * 0.9:.4f}', f'"  *0.9 = {D2 * 0.9:.4f}', 12),
        (f"w1: {D1:.4f}*0.2 = {D1 * 0.2:.4f}", f"w1: {D1:.4f}*0.9 = {D1 * 0.9:.4f}", 11),
        (f"b1: δp1+δp2 = {D1 + D2:.4f}", f"b1: δp1-δp2 = {D1 - D2:.4f}", 14),
        (f"δp2 = likewise = {DQ:.4f}*{O2:.4f}", f"δp2 = likewise = {DQ:.4f}*{O1:.4f}", 10),
        ("p2: w3=0.6", "p2: w3=0.7", 2),
        ("lr 0.5", "lr 0.1", 1),
    ],
)
def test_a_slip_in_each_is_seen(right: str, wrong: str, line: int) -> None:
    assert NOTES.count(right) == 1
    assert bad(NOTES.replace(right, wrong))[:1] == [(line, "wrong")]


def test_a_new_value_behind_a_colon_is_no_gradient() -> None:
    text = f"w1: {0.3 - 0.5 * D1 * 0.2:.4f}\nw1: {D1 * 0.2:.5f}\nw1: 0.3\nw1: 99\n"
    assert bad(text) == [(4, "wrong")]


def test_a_ditto_mark_with_nothing_above_is_not_read() -> None:
    assert bad(f'w2:  "  *0.9 = {D1 * 0.9:.4f}\n') == [(1, "unreadable")]
    assert {verdict for _, verdict in bad(f'dE/dw2 = "*0.9 = {D1 * 0.9:.4f}\n')} <= {"unreadable"}
