"""A pass that a text makes again below its updates: with the new values, whatever the line above it says.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import tanh

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement

SPEC = """
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [[0.8]]
biases = [-0.2]
[[network.layers]]
units = 1
activation = "identity"
weights = [[1.5]]
biases = [0.1]
[[data]]
x = [0.5]
t = [1.2]
[training]
learning_rate = 0.3
"""
EXAMINER = Examiner(loads(SPEC))
A = tanh(0.8 * 0.5 - 0.2)
D2 = 1.5 * A + 0.1 - 1.2
D1 = D2 * 1.5 * (1 - A * A)
V, C = 1.5 - 0.3 * D2 * A, 0.1 - 0.3 * D2
W, B = 0.8 - 0.3 * D1 * 0.5, -0.2 - 0.3 * D1
Z_NEW = W * 0.5 + B
Y_NEW = V * tanh(Z_NEW) + C
UPDATES = f"""z1 = 0.8*0.5 - 0.2 = 0.2
a1 = tanh(0.2) = {A:.4f}
y = 1.5*{A:.4f} + 0.1 = {1.5 * A + 0.1:.4f}
delta2 = y - 1.2 = {D2:.4f}
delta1 = delta2*w2*(1 - a1^2) = {D1:.4f}
w2: 1.5 - 0.3*{D2 * A:.4f} = {V:.4f}
b2: 0.1 - 0.3*({D2:.4f}) = {C:.4f}
w1: 0.8 - 0.3*{D1 * 0.5:.4f} = {W:.4f}
b1: -0.2 - 0.3*({D1:.4f}) = {B:.4f}
"""
PASS = f"""z1 = {W:.4f}*0.5 + {B:.4f} = {Z_NEW:.4f}
a1 = {tanh(Z_NEW):.4f}
y = {V:.4f}*{tanh(Z_NEW):.4f} + {C:.4f} = {Y_NEW:.4f}
"""
CUES = (
    "fwd again:", "Forward pass again", "again:", "4) Once more", "second pass", "2nd forward pass:", "new forward pass",
    "Forward (new):", "check again", "Forward pass 2:", "fw again with the new numbers", "Now again:",
    "After the update:", "Loss after the update",
)  # fmt: skip


def judged(text: str) -> list[Judgement]:
    return list(EXAMINER.examine(text).judgements)


def wrong(text: str) -> list[int]:
    return [one.line for one in judged(text) if one.verdict not in ("holds", "rounding")]


@pytest.mark.parametrize("cue", CUES)
def test_the_new_values_below_a_cue(cue: str) -> None:
    assert wrong(f"{UPDATES}{cue}\n{PASS}") == []
    for right, other in ((f"= {Z_NEW:.4f}", f"= {Z_NEW + 0.01:.4f}"), (f"y = {V:.4f}", f"y = {V - 0.1:.4f}")):
        found = wrong(f"{UPDATES}{cue}\n{PASS.replace(right, other)}")
        assert found and found[0] >= UPDATES.count("\n") + 2


@pytest.mark.parametrize("cue", CUES)
def test_what_comes_from_a_slip_in_an_update_follows(cue: str) -> None:
    slip = 1.5 - 0.03 * D2 * A
    text = UPDATES.replace(f"0.3*{D2 * A:.4f} = {V:.4f}", f"0.03*{D2 * A:.4f} = {slip:.4f}")
    after = PASS.replace(f"{V:.4f}", f"{slip:.4f}").replace(f"{Y_NEW:.4f}", f"{slip * tanh(Z_NEW) + C:.4f}")
    found = {
        one.line: one.verdict for one in judged(f"{text}{cue}\n{after}") if one.verdict not in ("holds", "rounding")
    }
    lines = UPDATES.count("\n")
    assert found.pop(6) in ("wrong", "follows")
    assert found == {lines + 4: "follows"}


def test_a_name_at_both_ends_has_one_meaning() -> None:
    relu = SPEC.replace("tanh", "relu").replace("-0.2", "0.2")
    w, b = 0.8 - 0.3 * (1.5 * 0.6 - 1.1) * 1.5 * 0.5, 0.2 - 0.3 * (1.5 * 0.6 - 1.1) * 1.5
    z = w * 0.5 + b
    text = f"w1: 0.8 -> {w:.4f}\nb1: 0.2 -> {b:.4f}\nagain:\nz1 = "
    examiner = Examiner(loads(relu))
    right, other = (examiner.examine(f"{text}{one:.4f} = a1").judgements for one in (z, z + 0.02))
    assert {one.verdict for one in right} <= {"holds", "rounding"}
    assert "wrong" in {one.verdict for one in other}


def test_the_expected_value_is_the_new_one() -> None:
    found = [one for one in judged(f"{UPDATES}fwd again:\nz1 = 0.7") if one.verdict == "wrong"]
    assert [one.expected for one in found] == [f"{Z_NEW:.4f}"]


def test_no_pass_is_made_again_above_the_updates() -> None:
    above = f"once more:\nz1 = {Z_NEW:.4f}\n"
    assert [one.verdict for one in judged(above)] == ["wrong"]
    assert wrong(f"{above}{UPDATES}") == [2]
