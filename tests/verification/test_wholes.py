"""Whole numbers beside names: what a side holds, and a number of an earlier line that stands for its quantity."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import build
from derive.specification import load, loads
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

ONES = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 3
activation = "identity"
weights = 1
biases = 1
[[network.layers]]
units = 1
activation = "identity"
weights = 1
biases = 1
[[data]]
x = [0, 0]
t = [0]
[training]
learning_rate = 0.1
"""
SPECS = {
    "pass": (ROOT / "examples" / "pass_or_fail.toml").read_text(),
    "ones": ONES,
    # Other numbers: whole weights, a bias of 0 in each layer, negative results, one unit that is off
    "whole": """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 3
activation = "relu"
weights = [[2, 1], [-3, 1], [1, 4]]
biases = [0, 0, 1]
[[network.layers]]
units = 1
activation = "identity"
weights = [[5, 1, -2]]
biases = [0]
[[data]]
x = [1, 2]
t = [3]
[training]
learning_rate = 0.5
""",
}


@cache
def examiner(spec: str) -> Examiner:
    if spec == "graph":
        return Examiner(build(load(ROOT / "examples" / "three_inputs.toml")))
    return Examiner(build(loads(SPECS[spec], f"{spec}.toml")))


CASES = [
    # What is named on a side is not held, though its value is 0
    ("pass", "z1_4 = 7*w1_41 + 8*w1_42 + 10*w1_43 + b1_4", "h"),
    ("pass", "z1_4 = 7*w1_41 + 8*w1_42 + 10*w1_43 + b1_1", "w"),
    ("pass", "z1_4 = 7*w1_41 + 8*w1_42 + 10*w1_43 + 5*b1_4", "w"),
    ("pass", "z1_4 = 7*w1_41 + 8*w1_42 + 10*w1_43 - b1_4", "w"),
    ("pass", "z1_4 = 7*w1_41 + 8*w1_42 + 10*w1_43 + b1_4 + b2_1", "w"),
    ("pass", "dE/dw1_43 = 10*delta1_4 + b1_4", "w"),
    ("pass", "dE/dw1_43 = 10*delta1_4", "h"),
    ("pass", "dE/dw1_42 = 10*delta1_4", "w"),
    ("whole", "z1_1 = 2*x1 + 1*x2 + b1_1", "h"),
    ("whole", "z1_1 = 2*x1 + x2 + b1_2", "w"),
    ("whole", "z1_1 = w1_11*1 + w1_12*2 + b1_1", "h"),
    ("whole", "z1_1 = w1_11*1 + w1_12*2 + b2_1", "w"),
    ("whole", "z1_2 = -3*x1 + x2 + b1_1", "w"),
    ("whole", "z2_1 = 5*a1_1 + a1_2 - 2*a1_3 + b2_1", "h"),
    ("whole", "z2_1 = 5*a1_1 + a1_2 - 2*a1_3 + b1_1", "w"),
    # A name on both sides varies, though its number is written on one of them
    ("whole", "w1_11*x1 = 2*x1", "h"),
    ("whole", "w1_11*x1 = 2*x2/2", "w"),
    # 0 is held only where a 0 is written
    ("pass", "z1_4 = 7*w1_41 + 8*w1_42 + 10*w1_43 + 0", "h"),
    ("pass", "z1_4 = 7*w1_41 + 8*w1_42 + 10*w1_43", "w"),
    ("ones", "z1_1 = w1_11*0 + w1_12*0 + b1_1", "h"),
    ("ones", "z1_1 = w1_11*0 + w1_12*0 + b1_2", "w"),
    ("ones", "z1_1 = 0*w1_21 + 0*w1_12 + b1_1", "h"),
    # A whole number that an earlier right line gave to a quantity
    ("ones", "delta1_1 = w2_11*4", "w"),
    ("ones", "delta2_1 = yhat - t = 4 - 0 = 4\ndelta1_1 = w2_11*delta2_1 = w2_11*4 = 4", "hhhhhh"),
    ("ones", "delta2_1 = 4\ndelta1_1 = 4*w2_12", "hw"),
    ("ones", "yhat = 4\ndelta2_1 = 4\ndE/dw2_11 = 4*a1_1 = 4*1 = 4", "hhhhh"),
    ("ones", "yhat = 4\ndelta2_1 = 4\ndE/dw2_11 = 4*a1_2", "hhw"),
    ("ones", "delta2_1 = 4\na1_1 = 1\ndE/dw2_11 = delta2_1*1 = 4", "hhhh"),
    ("ones", "delta2_1 = 4\na1_2 = 1\ndE/dw2_11 = delta2_1*1", "hhw"),
    ("whole", "yhat = 0\ndelta2_1 = yhat - 3 = -3\ndE/dw2_11 = -3*a1_1 = -12", "hhhhh"),
    ("whole", "delta2_1 = -3\ndE/dw2_12 = -3*a1_2\ndelta1_1 = 5*(-3)\ndE/dw2_13 = -3*a1_1", "hhhw"),
    ("whole", "delta2_1 = -3\ndelta1_3 = w2_13*(-3) = 6\ndE/dw1_32 = 6*x2 = 12\ndE/dw1_31 = 6*x2", "hhhhhw"),
    ("whole", "delta1_2 = 0\ndE/dw1_22 = 0*x2 = 0", "hhh"),
    # ... and one that a wrong line gave does not stand for it
    ("whole", "delta2_1 = 3\ndE/dw2_11 = 3*a1_1", "wf"),
    # A number of an exponent is a number
    ("whole", "yhat = 0\nE = 1/2*(yhat - t)^2", "hh"),
    ("graph", "f = -12\ng = -12 + z = -10\ndg/dx = y", "hhhh"),
]


@pytest.mark.parametrize(("spec", "text", "expected"), CASES)
def test_whole_numbers_beside_names(spec: str, text: str, expected: str) -> None:
    found = examiner(spec).examine(text).judgements
    assert "".join(judgement.verdict[0] for judgement in found) == expected


def test_many_quantities_of_one_number_cost_little() -> None:
    """The nearest of them is found among many, and the search for it has an end."""
    lines = [f"a1_{j} = 1\nz1_{j} = 1\nda1_{j}/dz1_{j} = 1" for j in (1, 2, 3)] + ["delta2_1 = 4", "yhat = 4"]
    lines += [f"delta1_{j} = 1*4 = w2_1{j}*4" for j in (1, 2, 3)]
    lines += ["dE/dw2_12 = 4*1", "E = 4*4*1*1*1*1/(1 + 1) - 0*w1_11"]
    found = examiner("ones").examine("\n".join(lines)).judgements
    assert all(judgement.verdict == "holds" for judgement in found[:-1])
