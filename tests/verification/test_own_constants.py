"""The letter e for something of the writer's own, and δ with an activation's name below it."""

from __future__ import annotations

from functools import cache
from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement

LAYERS = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.4, -0.6]]
biases = [0.2]
[[data]]
x = [1, 0.5]
t = [1]
"""
GRAPH = """
[graph]
output = "L"
parameters = ["w", "b"]
[graph.values]
x = 3
w = -0.4
b = 0.7
t = 1
[graph.nodes]
z = "w*x + b"
a = "sigmoid(z)"
L = "1/2*(a - t)^2"
"""


@cache
def _examiner(spec: str) -> Examiner:
    return Examiner(loads(spec))


def _judged(text: str, spec: str = LAYERS) -> tuple[Judgement, ...]:
    return _examiner(spec).examine(text).judgements


def _verdicts(text: str, spec: str = LAYERS) -> list[str]:
    return [j.verdict for j in _judged(text, spec)]


OUT = 1 / (1 + exp(-0.3))


def test_e_with_another_number_is_unknown() -> None:
    (judged,) = _judged("e = -0.0145\n")
    assert (judged.verdict, judged.expected, judged.cause) == ("unreadable", None, None)


def test_what_is_worked_with_it_is_not_judged_by_eulers_number() -> None:
    text = f"e = 0.0145\ndelta1_1 = e*yhat*(1 - yhat)\nyhat = 1/(1 + e^(-0.3)) = {OUT:.4f}\n"
    assert _verdicts(text) == ["unreadable", "unreadable", "holds", "holds"]
    assert _verdicts(text.replace(f"{OUT:.4f}", "0.62"))[-1] == "wrong"


@pytest.mark.parametrize(("number", "verdict"), [("2.718", "holds"), ("2.72", "holds"), ("2.8", "wrong")])
def test_eulers_number_stays_a_claim(number: str, verdict: str) -> None:
    assert _verdicts(f"e = {number}\n") == [verdict]


def test_e_as_the_difference_of_output_and_target_is_judged() -> None:
    text = f"e = {OUT:.4f} - 1 = {OUT - 1:.4f}\n"
    assert _verdicts(text) == ["holds", "holds"]
    assert _verdicts(text.replace(f"{OUT - 1:.4f}", "-0.5"))[-1] == "wrong"


A = 1 / (1 + exp(0.5))
BY_A, BY_Z = A - 1, (A - 1) * A * (1 - A)


@pytest.mark.parametrize("name", ["delta_a", "δ_a"])
@pytest.mark.parametrize("value", [BY_A, BY_Z])
def test_delta_of_an_activation_may_be_the_derivative_by_itself(name: str, value: float) -> None:
    (judged,) = _judged(f"{name} = {value:.4f}\n", GRAPH)
    assert judged.verdict == "holds"
    assert judged.reading is not None
    assert ("dL/dz" in judged.reading) is (value == BY_Z)


@pytest.mark.parametrize(("name", "value"), [("delta_a", BY_A / 2), ("delta_z", BY_A)])
def test_another_number_is_wrong(name: str, value: float) -> None:
    assert _verdicts(f"{name} = {value:.4f}\n", GRAPH) == ["wrong"]
