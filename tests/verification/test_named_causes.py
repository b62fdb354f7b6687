"""Named causes, each in several dresses on networks of their own; the numbers are worked here, in plain Python."""

from __future__ import annotations

from functools import cache
from math import exp, tanh

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

LAYERS = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.3, -0.2], [0.5, 0.4]]
biases = [0.1, -0.1]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.7, -0.6]]
biases = [0.2]
[[data]]
x = [1.2, 0.7]
t = [1]
[training]
learning_rate = 0.4
"""
TANH = LAYERS.replace('"sigmoid"', '"tanh"').replace("t = [1]", "t = [0.4]")
NEAR = TANH.replace("t = [0.4]", "t = [0.9]")
ZERO = LAYERS.replace("x = [1.2, 0.7]", "x = [0, 0.7]")
NEURON = """
[graph]
output = "L"
parameters = ["w", "b"]
[graph.values]
w = 0.8
b = -0.3
x = 1.5
t = 0.25
[graph.nodes]
z = "w*x + b"
a = "tanh(z)"
L = "(a - t)^2/2"
[training]
learning_rate = 0.2
"""
STEPS = """
[graph]
output = "L"
parameters = ["w", "u"]
[graph.values]
w = 0.6
u = 0.9
h0 = 0
x1 = 0.5
x2 = -0.4
x3 = 0.8
t = 0.3
[graph.nodes]
h1 = "tanh(u*x1 + w*h0)"
h2 = "tanh(u*x2 + w*h1)"
z3 = "u*x3 + w*h2"
h3 = "tanh(z3)"
L = "(h3 - t)^2/2"
"""
LINEAR = """
[graph]
output = "L"
parameters = ["w"]
[graph.values]
w = 0.5
s0 = 1
x1 = 2
x2 = 3
t = 1
[graph.nodes]
s1 = "w*s0 + x1"
s2 = "w*s1 + x2"
L = "(s2 - t)^2/2"
"""
MOMENTUM = """
[network]
inputs = ["x1"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.4]]
biases = [0.1]
[[network.layers]]
units = 1
activation = "identity"
weights = [[-0.8]]
biases = [0.3]
[[data]]
x = [1.5]
t = [1]
[training]
optimizer = {name = "momentum", momentum = 0.9}
learning_rate = 0.1
iterations = 3
"""
SPECS = {
    "layers": LAYERS,
    "tanh": TANH,
    "near": NEAR,
    "zero": ZERO,
    "neuron": NEURON,
    "steps": STEPS,
    "linear": LINEAR,
    "momentum": MOMENTUM,
}


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


A1, A2 = sigmoid(0.3 * 1.2 - 0.2 * 0.7 + 0.1), sigmoid(0.5 * 1.2 + 0.4 * 0.7 - 0.1)
YHAT = sigmoid(0.7 * A1 - 0.6 * A2 + 0.2)
DELTA = (YHAT - 1) * YHAT * (1 - YHAT)
NEW = 0.7 - 0.4 * DELTA * A1
T1, T2 = tanh(0.3 * 1.2 - 0.2 * 0.7 + 0.1), tanh(0.5 * 1.2 + 0.4 * 0.7 - 0.1)
OUT = tanh(0.7 * T1 - 0.6 * T2 + 0.2)
A = tanh(0.8 * 1.5 - 0.3)
H1 = tanh(0.9 * 0.5)
H2 = tanh(-0.9 * 0.4 + 0.6 * H1)
H3 = tanh(0.9 * 0.8 + 0.6 * H2)
D3 = (H3 - 0.3) * (1 - H3**2)


def after_one_update() -> tuple[float, float, float]:
    """The output weight after the first update, its gradient there, and that of the hidden weight."""
    w1, b1, w2, b2, gradients = 0.4, 0.1, -0.8, 0.3, (0.0, 0.0)
    for _ in range(2):
        a = sigmoid(1.5 * w1 + b1)
        e = w2 * a + b2 - 1
        gradients = e * a, e * w2 * a * (1 - a) * 1.5
        if _ == 0:
            new = w2 - 0.1 * gradients[0]
            w1, b1, b2, w2 = w1 - 0.1 * gradients[1], b1 - 0.1 * gradients[1] / 1.5, b2 - 0.1 * e, new
    return w2, *gradients


W2, G2, G1 = after_one_update()


def f(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}g}"


@cache
def examiner(spec: str) -> Examiner:
    return Examiner(build(loads(SPECS[spec])))


def first_wrong(spec: str, text: str) -> tuple[int, str | None] | None:
    judgements = examiner(spec).examine(text).judgements
    return next(((judgement.line, judgement.cause) for judgement in judgements if judgement.verdict == "wrong"), None)


SLIPS = (
    # The slope of tanh without its square
    ("tanh", "delta2_1 = (yhat - t)*(1 - yhat)", "square_left_out"),
    ("tanh", f"delta1_1 = {f((OUT - 0.4) * (1 - OUT**2) * 0.7 * (1 - T1))}", "square_left_out"),
    ("tanh", f"da1_1/dz1_1 = 1 - {f(T1)} = {f(1 - T1)}", "square_left_out"),
    ("neuron", f"dL/dw = (a - t)*(1 - a)*x = {f((A - 0.25) * (1 - A) * 1.5)}", "square_left_out"),
    ("neuron", f"dL/dz = ({f(A)} - 0.25)*(1 - {f(A)}) = {f((A - 0.25) * (1 - A))}", "square_left_out"),
    ("steps", f"dL/dz3 = {f((H3 - 0.3) * (1 - H3))}", "square_left_out"),
    # The last step of a sum over time only
    ("steps", f"dL/dw = dL/dz3*h2 = {f(D3 * H2)}", "path_left_out"),
    ("steps", f"dL/du = {f(D3 * 0.8)}", "path_left_out"),
    ("steps", f"dL/dw = {f(H3 - 0.3)}*{f(1 - H3**2)}*({f(H2)}) = {f(D3 * H2)}", "path_left_out"),
    ("linear", "dL/dw = (s2 - t)*s1", "path_left_out"),
    ("linear", "dL/dw = 3.25*2.5 = 8.125", "path_left_out"),
    # Momentum forgotten
    ("momentum", f"w2_11@2 = w2_11' - eta*dE/dw2_11@1 = {f(W2 - 0.1 * G2)}", "momentum_left_out"),
    ("momentum", f"w2_11@2 = {f(W2)} - 0.1*({f(G2)}) = {f(W2 - 0.1 * G2)}", "momentum_left_out"),
    ("momentum", f"v_w1_11@2 = {f(G1)}", "momentum_left_out"),
    ("momentum", f"Iteration 2\nw2_11 := w2_11 - eta*dE/dw2_11 = {f(W2 - 0.1 * G2)}", "momentum_left_out"),
    # The slope of another layer
    ("layers", "delta1_1 = delta2_1*w2_11*yhat*(1 - yhat)", "slope_of_another_layer"),
    ("layers", f"delta1_1 = {f(DELTA * 0.7 * YHAT * (1 - YHAT))}", "slope_of_another_layer"),
    ("layers", f"delta2_1 = (yhat - t)*a1_1*(1 - a1_1) = {f((YHAT - 1) * A1 * (1 - A1))}", "slope_of_another_layer"),
    ("tanh", f"dE/dw1_11 = {f((OUT - 0.4) * (1 - OUT**2) ** 2 * 0.7 * 1.2)}", "slope_of_another_layer"),
    # Brackets lost
    ("layers", "delta2_1 = yhat - t*yhat*(1 - yhat)", "brackets_ignored"),
    ("layers", f"delta2_1 = {f(YHAT)} - 1*{f(YHAT)}*(1 - {f(YHAT)}) = {f(YHAT - YHAT * (1 - YHAT))}", "brackets_ignored"),
    ("layers", f"delta2_1 = ({f(YHAT)} - 1)*{f(YHAT)}*1 - {f(YHAT)}", "brackets_ignored"),
    ("layers", "E = yhat - t^2/2", "brackets_ignored"),
    ("layers", f"E = {f(YHAT)} - 1^2/2 = {f(YHAT - 0.5)}", "brackets_ignored"),
    ("neuron", "dL/dw = a - t*(1 - a^2)*x", "brackets_ignored"),
    ("neuron", f"dL/dw = {f(A)} - 0.25*(1 - {f(A)}^2)*1.5", "brackets_ignored"),
    ("neuron", f"L = ({f(A)} - 0.25)^2/2 = {f(A - 0.25**2 / 2)}", "brackets_ignored"),
    # A number of an earlier line, named as that quantity, whatever sign stands before the name on the left
    ("layers", f"w2_11' = {f(NEW)}\n-delta1_1 = -({f(DELTA)})*{f(NEW)}*{f(A1)}*(1 - {f(A1)}) = {f(-DELTA * NEW * A1 * (1 - A1))}",
     "updated_weights_used"),
    ("layers", f"w2_11' = {f(NEW)}\ndelta1_1 = {f(DELTA)}*{f(NEW)}*{f(A1)}*(1 - {f(A1)})", "updated_weights_used"),
    ("layers", f"z1_1 = 0.32\na1_1 = {f(A1)}\ndE/dw2_11 = {f(DELTA)}*0.32 = {f(DELTA * 0.32)}", "weighted_input_for_activation"),
    ("layers", f"a1_1 = {f(A1)}\na1_2 = {f(A2)}\ndE/dw2_11 = {f(DELTA)}*{f(A2)} = {f(DELTA * A2)}", "neighbouring_activation"),
    # Two weights exchanged
    ("layers", "z2_1 = w2_12*a1_1 + w2_11*a1_2 + b2_1", "neighbouring_weight"),
    ("layers", f"z2_1 = -0.6*{f(A1)} + 0.7*{f(A2)} + 0.2 = {f(-0.6 * A1 + 0.7 * A2 + 0.2)}", "neighbouring_weight"),
    ("layers", "z1_1 = w1_12*x1 + w1_11*x2 + b1_1", "neighbouring_weight"),
    ("layers", "z1_1 = 0.3*1.2 + 0.5*0.7 + 0.1 = 0.81", "weight_transposed"),
    ("layers", "delta1_1 = delta2_1*w2_12*a1_1*(1 - a1_1)", "neighbouring_weight"),
)  # fmt: skip


@pytest.mark.parametrize(("spec", "text", "cause"), SLIPS)
def test_a_cause_is_named(spec: str, text: str, cause: str) -> None:
    assert first_wrong(spec, text) == (text.count("\n") + 1, cause)


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        # What is spelled rightly in numbers has its weights where they belong, whatever stands behind it
        ("layers", f"z2_1 = 0.7*{f(A1)} - 0.6*{f(A2)} + 0.2 = {f(-0.6 * A1 + 0.7 * A2 + 0.2)}"),
        ("layers", "z1_1 = w1_11*x1 + w1_12*x2 + b1_1 = 0.3*1.2 - 0.2*0.7 + 0.1 = 0.81"),
        ("layers", "z1_1 = 0.3*1.2 - 0.2*0.7 + 0.1 = 0.81"),
        # A mistake that makes both sides 0 explains nothing
        ("zero", "dE/dw1_11 = delta1_2*x1"),
        ("zero", "dE/dw1_11 = (yhat - t)*x1"),
        ("zero", "dE/dw1_11 = 0.3"),
    ],
)
def test_a_cause_that_does_not_explain_the_line_is_not_named(spec: str, text: str) -> None:
    assert first_wrong(spec, text) == (1, None)


RIGHT = (
    ("tanh", f"delta2_1 = (yhat - t)*(1 - yhat^2) = {f((OUT - 0.4) * (1 - OUT**2))}"),
    ("steps", f"dL/dz3 = (h3 - t)*(1 - h3^2) = {f(D3)}"),
    ("momentum", f"v_w1_11@2 = 0.9*v_w1_11' + dE/dw1_11@1\ndE/dw1_11@1 = {f(G1)}"),
    ("layers", f"w2_11' = {f(NEW)}\n-delta1_1 = -({f(DELTA)})*0.7*{f(A1)}*(1 - {f(A1)}) = {f(-DELTA * 0.7 * A1 * (1 - A1))}"),
    ("layers", f"z2_1 = -0.6*{f(A2)} + 0.7*{f(A1)} + 0.2 = {f(0.7 * A1 - 0.6 * A2 + 0.2)}"),
    ("neuron", f"L = ({f(A)} - 0.25)^2/2 = {f((A - 0.25) ** 2 / 2)}"),
)  # fmt: skip


@pytest.mark.parametrize(("spec", "text"), RIGHT)
def test_the_right_lines_hold(spec: str, text: str) -> None:
    assert {judgement.verdict for judgement in examiner(spec).examine(text).judgements} <= {"holds", "rounding"}


@pytest.mark.parametrize(
    ("spec", "text", "cause"),
    [
        # A weight that stands in the spec is no rounded activation that happens to be near it,
        ("layers", f"delta1_1 = {f(DELTA)}*0.7*{f(YHAT)}*(1 - {f(YHAT)})", "slope_of_another_layer"),
        ("layers", f"dE/dw1_11 = {f(DELTA)}*0.7*{f(YHAT)}*(1 - {f(YHAT)})*1.2", "slope_of_another_layer"),
        # nor is the target the very derivative that is worked
        ("near", f"delta2_1 = ({f(OUT)} - 0.9)*(1 - {f(OUT)})", "square_left_out"),
    ],
)
def test_a_given_number_is_what_the_spec_says(spec: str, text: str, cause: str) -> None:
    assert first_wrong(spec, text) == (1, cause)
