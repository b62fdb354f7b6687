"""Short notes: a layer's or a unit's parameters in a list, givens in one line, units that are numbered on."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement, Verification

NET = loads(
    """[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "relu"
weights = [[0.4, -0.5], [-0.6, 0.35]]
biases = [0.9, 0.15]
[[network.layers]]
units = 1
activation = "identity"
weights = [[1.1, -0.7]]
biases = [0.2]
[[data]]
x = [1.4, 0.6]
t = [2.1]
[training]
learning_rate = 0.1
"""
)
# z1 = 0.56 - 0.3 + 0.9 = 1.16, z2 = -0.84 + 0.21 + 0.15 = -0.48 (off), y = 1.276 + 0.2 = 1.476, y - t = -0.624
NOTES = """x=(1,4 ; 0,6) t=2,1 lr 0,1
W1: u1: 0,4 / -0,5 / bias 0,9
    u2: -0,6 / 0,35 / bias 0,15
W2: 1,1 / -0,7 / bias 0,2
z1 = 0,56-0,3+0,9 = 1,16 → a1 = 1,16
z2 = -0,84+0,21+0,15 = -0,48 → a2 = 0
y = 1,1·1,16 + 0 + 0,2 = 1,476
L = ½·(-0,624)² = 0,194688
dy = y-t = -0,624
dW2: -0,624·1,16 = -0,72384 ; -0,624·0 = 0
db2 = -0,624
da1 = -0,624·1,1 = -0,6864 ; da2 = -0,624·(-0,7) = 0,4368
dz1 = -0,6864 (relu on)
dz2 = 0 (relu)
dW1 u1: -0,96096 ; -0,41184
dW1 u2: 0 ; 0
db1: -0,6864 ; 0
W2: 1,1 → 1,172384 ; -0,7 → -0,7
b2: 0,2 → 0,2624
u1: 0,4 → 0,496096 ; -0,5 → -0,458816 ; b 0,9 → 0,96864
u2: -0,6 → -0,6 ; 0,35 → 0,35 ; b 0,15 → 0,15
"""


def examined(text: str) -> Verification:
    return Examiner(NET).examine(text)


def judged(text: str) -> list[Judgement]:
    return list(examined(text).judgements)


def test_the_notes_hold() -> None:
    found = examined(NOTES)
    assert [(one.claim, one.verdict) for one in found.judgements if one.verdict != "holds"] == []
    assert {one.line for one in found.judgements} == set(range(1, NOTES.count("\n") + 1))
    assert not found.not_read


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("x=(1,4 ; 0,6)", "x=(0,6 ; 1,4)"),
        ("t=2,1", "t=1,2"),
        ("u1: 0,4 / -0,5 / bias 0,9", "u1: -0,5 / 0,4 / bias 0,9"),
        ("0,35 / bias 0,15", "0,35 / bias 0,9"),
        ("W2: 1,1 / -0,7 / bias 0,2", "W2: 1,1 / 0,7 / bias 0,2"),
        ("+ 0,2 = 1,476", "+ 0,2 = 1,576"),
        ("dy = y-t = -0,624", "dy = y-t = 0,624"),
        ("= -0,72384 ;", "= -0,73384 ;"),
        ("-0,624·0 = 0", "-0,624·(-0,48) = 0,29952"),
        ("db2 = -0,624", "db2 = -0,524"),
        ("da1 = -0,624·1,1 = -0,6864", "da1 = -0,624·(-0,7) = 0,4368"),
        ("dz1 = -0,6864", "dz1 = 0"),
        ("dz2 = 0", "dz2 = 0,4368"),
        ("u1: -0,96096 ; -0,41184", "u1: -0,41184 ; -0,96096"),
        ("u2: 0 ; 0", "u2: 0 ; 0,1"),
        ("db1: -0,6864 ; 0", "db1: 0 ; -0,6864"),
        ("1,1 → 1,172384", "1,1 → 1,027616"),
        ("1,1 → 1,172384", "1,5 → 1,172384"),
        ("b 0,9 → 0,96864", "b 0,9 → 0,83136"),
        ("0,35 → 0,35 ;", "0,35 → 0,31 ;"),
    ],
)
def test_one_wrong_number_is_wrong(right: str, wrong: str) -> None:
    text = NOTES.replace(right, wrong)
    assert text != NOTES
    line = next(i for i, (a, b) in enumerate(zip(NOTES.splitlines(), text.splitlines(), strict=True), 1) if a != b)
    first = next(one for one in judged(text) if one.verdict not in ("holds", "rounding"))
    assert (first.line, first.verdict) == (line, "wrong")


def test_the_slope_of_a_dead_unit_is_named() -> None:
    text = NOTES.replace("dz2 = 0", "dz2 = 0,4368").replace("u2: 0 ; 0", "u2: 0,61152 ; 0,26208")
    wrong = [one for one in judged(text) if one.verdict == "wrong"]
    assert [(one.line, one.cause) for one in wrong] == [(14, "mask_left_out")]
    assert {one.verdict for one in judged(text) if one.line == 16} == {"follows"}


@pytest.mark.parametrize(
    "line",
    [
        "W2 = 1.1 ; -0.7",
        "W2: 1.1, -0.7",
        "w2: 1.1 ; -0.7 ; bias: 0.2",
        "W1 (u2): -0.6 ; 0.35 ; b 0.15",
        "W1 unit 1: 0.4 ; -0.5",
        "b1: 0.9 ; 0.15",
        "grad W2: -0.72384 ; 0",
        "neuron 1: 0.4 -> 0.496096 ; -0.5 -> -0.458816",
    ],
)
def test_other_lists(line: str) -> None:
    found = judged(line)
    assert len(found) >= 2
    assert {one.verdict for one in found} == {"holds"}
    for number in ("0.4", "-0.7", "0.35", "0.15", "-0.72384"):
        if number in line:
            assert "wrong" in {one.verdict for one in judged(line.replace(number, "3.3"))}


@pytest.mark.parametrize(
    "line", ["W2: 1.1 ; -0.7 ; 0.2 ; 3", "W1: 0.4 ; -0.5 ; -0.6 ; 0.35", "u1: 0.4 ; 0.9", "u1: 0.4 → 3", "W3: 1 ; 2"]
)
def test_what_is_no_such_list_is_not_called_wrong(line: str) -> None:
    """A bias without its word, an order that is not said, a list of nothing: not read, and not wrong."""
    found = examined(f"yhat = 1.476\n{line}\n")
    here = [one.verdict for one in found.judgements if one.line == 2]
    assert "wrong" not in here
    assert "follows" not in here
    assert here or found.not_read == (2,)


def test_a_list_of_units_goes_on_in_order_only() -> None:
    found = judged("dW1 u1: -0.96096 ; -0.41184\n u2: 0 ; 0\n")
    assert [one.verdict for one in found] == ["holds"] * 4
    found = judged("W1 u1: 0.4 ; -0.5\nyhat = 1.476\nu1: -0.96096 ; -0.41184\n")
    assert "wrong" not in {one.verdict for one in found}
