"""``z_2^2`` is the square of a hidden unit's output where its layer is written in another way, or not at all."""

from __future__ import annotations

from functools import cache

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.4], [-0.7]]
biases = false
[[network.layers]]
units = 2
activation = "identity"
weights = [[0.3, -0.5], [0.8, 0.6]]
biases = false
[[data]]
x = [1.5]
t = [0.2, -0.1]
[notation]
preset = "parenthesised"
weighted_input = "a"
activation = "z"
output = "y"
"""
# z_1 = 0.537050, z_2 = -0.781806, y = (0.552018, -0.039444), δ^{(2)} = (0.352018, 0.060556)
# δ^{(1)} = (0.109619, -0.054303)


@cache
def examiner() -> Examiner:
    return Examiner(build(loads(SPEC)))


def verdicts(text: str) -> list[str]:
    return [judgement.verdict for judgement in examiner().examine(text, "latex").judgements]


LINE = (
    r"\[ \delta_2^{(1)} = (1 - z_2^2)\left(w_{12}^{(2)}\delta_1^{(2)} + w_{22}^{(2)}\delta_2^{(2)}\right)"
    r" = 0.3888 \left(-0.5 \cdot 0.3520 + 0.6 \cdot 0.0606\right) = VALUE \]"
)


def test_the_square_of_a_hidden_unit() -> None:
    assert verdicts(LINE.replace("VALUE", "-0.0543")) == ["holds"] * 3
    assert verdicts(r"\[ 1 - z_1^2 = 0.7116 \]") == ["holds"]


def test_a_wrong_number_stays_wrong() -> None:
    assert verdicts(LINE.replace("VALUE", "-0.0453"))[-1] == "wrong"
    assert verdicts(LINE.replace("1 - z_2^2", "1 - z_1^2").replace("VALUE", "-0.0543"))[0] == "wrong"
    assert verdicts(r"\[ 1 - z_1^2 = 0.4630 \]") == ["wrong"]


def test_a_layer_above_stays_one() -> None:
    assert verdicts(r"\[ z_2^2 = -0.0394 \]") == ["holds"]
