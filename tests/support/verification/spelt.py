"""Small networks with their numbers, worked in plain floats by formulas of their own, and lines with them filled in."""

from __future__ import annotations

import math
import re

from derive.verification.reading import TextKind

L221 = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.15, 0.2], [0.25, 0.3]]
biases = [0.35, 0.32]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.4, 0.45]]
biases = [0.6]
[[data]]
x = [0.7, 0.9]
t = [0.1]
[training]
learning_rate = 0.5
iterations = 2
"""
L222 = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.15, 0.2], [0.25, 0.3]]
biases = [0.35, 0.32]
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.4, 0.45],[0.5,0.55]]
biases = [0.6,0.62]
[[data]]
x = [0.7, 0.9]
t = [0.1,0.8]
[training]
learning_rate = 0.5
"""
GN = """
[graph]
output = "L"
parameters = ["w1", "w2", "b"]
[graph.values]
w1 = 0.3
w2 = -0.2
b = 0.15
x1 = 1.5
x2 = -0.8
t = 0.9
[graph.nodes]
z = "w1*x1 + w2*x2 + b"
a = "sigmoid(z)"
L = "(a - t)^2/2"
[training]
learning_rate = 0.25
iterations = 2
"""
GH = """
[graph]
output = "E"
parameters = ["w", "u", "v"]
[graph.values]
w = 0.6
u = 1.3
v = -0.4
x = 0.8
y = 0.5
[graph.nodes]
h = "tanh(w*x)"
o = "h*u + h^2*v"
E = "(o - y)^2/2"
[training]
learning_rate = 0.1
iterations = 2
"""


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _layered(w2: list[list[float]], b2: list[float], t: list[float]) -> dict[str, float]:
    """The numbers of a network of two inputs, two hidden units and sigmoids, by the formulas of a textbook."""
    w1, b1, x, eta = [[0.15, 0.2], [0.25, 0.3]], [0.35, 0.32], [0.7, 0.9], 0.5
    z1 = [sum(w * a for w, a in zip(row, x, strict=True)) + b for row, b in zip(w1, b1, strict=True)]
    a1 = [_sigmoid(z) for z in z1]
    z2 = [sum(w * a for w, a in zip(row, a1, strict=True)) + b for row, b in zip(w2, b2, strict=True)]
    a2 = [_sigmoid(z) for z in z2]
    losses = [(a - y) ** 2 / 2 for a, y in zip(a2, t, strict=True)]
    d2 = [(a - y) * a * (1 - a) for a, y in zip(a2, t, strict=True)]
    ga = [sum(w2[k][j] * d2[k] for k in range(len(w2))) for j in range(2)]
    d1 = [ga[j] * a1[j] * (1 - a1[j]) for j in range(2)]
    found = {"E": sum(losses)}
    for k in range(len(w2)):
        found |= {f"z2{k + 1}": z2[k], f"a2{k + 1}": a2[k], f"E{k + 1}": losses[k], f"d2{k + 1}": d2[k]}
        found |= {f"e{k + 1}": a2[k] - t[k], f"s2{k + 1}": a2[k] * (1 - a2[k])}
        for j in range(2):
            found |= {f"g2{k + 1}{j + 1}": d2[k] * a1[j], f"n2{k + 1}{j + 1}": w2[k][j] - eta * d2[k] * a1[j]}
    for j in range(2):
        found |= {f"z1{j + 1}": z1[j], f"a1{j + 1}": a1[j], f"d1{j + 1}": d1[j], f"ga{j + 1}": ga[j]}
        found |= {f"s1{j + 1}": a1[j] * (1 - a1[j])}
        found |= {f"g1{j + 1}{i + 1}": d1[j] * x[i] for i in range(2)}
    return found


def _neuron() -> dict[str, float]:
    z = 0.3 * 1.5 + 0.2 * 0.8 + 0.15
    a = _sigmoid(z)
    dz = (a - 0.9) * a * (1 - a)
    return {
        "z": z, "a": a, "L": (a - 0.9) ** 2 / 2, "da": a - 0.9, "sl": a * (1 - a), "dz": dz, "g1": dz * 1.5,
        "n1": 0.3 - 0.25 * dz * 1.5, "nb": 0.15 - 0.25 * dz,
    }  # fmt: skip


def _tanh() -> dict[str, float]:
    h = math.tanh(0.48)
    o = h * 1.3 - h * h * 0.4
    do, dh, dw = o - 0.5, 1.3 - 0.8 * h, (1 - h * h) * 0.8
    return {
        "h": h, "o": o, "E": do**2 / 2, "do": do, "hw": dw, "gu": do * h, "gw": do * dh * dw, "huw": 1.3 * dw,
        "hhw": 2 * h * dw, "dEh": do * dh,
    }  # fmt: skip


SPECS = {"L221": L221, "L222": L222, "GN": GN, "GH": GH}
NUMBERS = {
    "L221": _layered([[0.4, 0.45]], [0.6], [0.1]),
    "L222": _layered([[0.4, 0.45], [0.5, 0.55]], [0.6, 0.62], [0.1, 0.8]),
    "GN": _neuron(),
    "GH": _tanh(),
}
Line = tuple[str, TextKind, str]


def filled(line: Line, *, spoilt: bool) -> str:
    """The text of a line; ``spoilt``, with other numbers for ``<name>``."""
    numbers = NUMBERS[line[0]]

    def number(found: re.Match[str]) -> str:
        value = numbers[found[1] or found[2]]
        return f"{value * 1.15 + 0.03 if spoilt and found[1] else value:.4f}"

    return re.sub(r"<([A-Za-z]+[0-9]*)>|\[\[([A-Za-z]+[0-9]*)\]\]", number, line[2])
