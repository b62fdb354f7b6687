"""Lists of a program's own whose members get new values, one by one or in a loop; the numbers are worked here."""

from __future__ import annotations

from functools import cache
from math import tanh

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.6, -0.1], [0.3, 0.2]]
biases = [0.05, -0.15]
[[network.layers]]
units = 1
weights = [[0.8, -0.4]]
[[data]]
x = [0.5, 2]
t = [1]
[training]
learning_rate = 0.2
iterations = 3
"""
FIRST, SECOND = 0.6 - 0.2 * 0.35 * 0.5, -0.1 - 0.2 * 0.35 * 2
LOOP = f"""w = [0.6, -0.1]
d = 0.35
for i in range(2):
    w[i] = w[i] - 0.2*d*x[i]
print(w)  # [{FIRST:.3f}, {SECOND:.3f}]
"""


@cache
def _examiner() -> Examiner:
    return Examiner(loads(SPEC))


def _verdicts(text: str) -> list[str]:
    return [j.verdict for j in _examiner().examine(text).judgements]


@pytest.mark.parametrize(
    "program",
    [
        LOOP,
        LOOP.replace("range(2)", "range(len(w))").replace("w[i] = w[i] - 0", "w[i] -= 0"),
        LOOP.replace("for i in range(2):\n    w[i] = w[i] - 0.2*d*x[i]", "w[0] -= 0.2*d*0.5\nw[1] = w[1] - 0.2*d*2"),
    ],
)
def test_new_members_are_those_of_the_list(program: str) -> None:
    assert _verdicts(program) == ["holds"]
    assert _verdicts(program.replace(f"{SECOND:.3f}", f"{-0.1 + 0.2 * 0.35 * 2:.3f}")) == ["wrong"]
    assert _verdicts(program.replace(f"{FIRST:.3f}", "0.600")) == ["wrong"]


@pytest.mark.parametrize(
    "program",
    [
        LOOP.replace("for i in range(2):\n    w", "for k in range(3):\n    for i in range(2):\n        w"),
        LOOP.replace("    w[i] = w", "    if i:\n        w[i] = w"),
        LOOP.replace("- 0.2*d*x[i]", "- 0.2*w[0]*x[i]"),
        LOOP.replace("range(2)", "reversed(range(2))"),
    ],
)
def test_a_list_whose_members_cannot_be_told_is_never_held_to_its_first_ones(program: str) -> None:
    assert "wrong" not in _verdicts(program)


def _weights() -> list[float]:
    first, b1, second, b2 = [[0.6, -0.1], [0.3, 0.2]], [0.05, -0.15], [0.8, -0.4], 0.0
    x, found = (0.5, 2.0), [0.8]
    for _ in range(3):
        h = [tanh(sum(w * v for w, v in zip(row, x, strict=True)) + b) for row, b in zip(first, b1, strict=True)]
        gap = sum(w * v for w, v in zip(second, h, strict=True)) + b2 - 1
        back = [gap * w * (1 - v * v) for w, v in zip(second, h, strict=True)]
        second, b2 = [w - 0.2 * gap * v for w, v in zip(second, h, strict=True)], b2 - 0.2 * gap
        first = [[w - 0.2 * d * v for w, v in zip(row, x, strict=True)] for row, d in zip(first, back, strict=True)]
        b1 = [b - 0.2 * d for b, d in zip(b1, back, strict=True)]
        found.append(second[0])
    return found


def _values(*counts: tuple[str, int]) -> str:
    weights = _weights()
    return "".join(f"w2_1_1{above} = {weights[k]:.5f}\n" for above, k in counts)


@pytest.mark.parametrize("first", [0, 1])
def test_a_number_in_brackets_above_counts_values_from_0_or_from_1(first: int) -> None:
    text = _values(*((f"^{{({k + first})}}", k) for k in range(4)))
    assert _verdicts(text) == ["holds"] * 4


def test_it_counts_in_one_way() -> None:
    assert _verdicts(_values(("^{(2)}", 1), ("^{(3)}", 2), ("^{(3)}", 3))) == ["holds", "holds", "wrong"]


def test_a_wrong_value_is_not_held_to_a_power() -> None:
    judged = _examiner().examine("w2_1_1^{(2)} = 0.123\n").judgements[0]
    assert (judged.verdict, judged.expected) == ("wrong", f"{_weights()[2]:.4g}")
    assert judged.reading is not None
    assert _examiner().examine("w2_1_1^2 = 0.123\n").judgements[0].expected == "0.64"
