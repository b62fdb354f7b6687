"""Specs whose digits cancel: saturated units, losses near 0, differences of nearly equal numbers; drawn from a seed."""

from __future__ import annotations

import random

ROUNDINGS = tuple((kind, digits, how) for how in ("end", "step") for kind, digits in (("significant", 4), ("decimals", 4),
                  ("significant", 3), ("decimals", 2), ("significant", 6)))  # fmt: skip
GRAPHS = {
    "one and a little": ({"x": "0.00000123"}, {"u": "1 + x", "v": "u - 1"}),
    "exp - 1": ({"x": "0.00001234"}, {"u": "exp(x)", "v": "u - 1"}),
    "cosh - 1": ({"x": "0.00123"}, {"u": "cosh(x)", "v": "u - 1", "w": "v*x"}),
    "root - 1": ({"x": "0.0000321"}, {"s": "1 + x", "u": "sqrt(s)", "v": "u - 1"}),
    "power": ({"x": "0.00001234", "y": "3"}, {"u": "(1 + x)^y", "v": "(u - 1)/x"}),
    "cancelling products": ({"x": "1.234567", "y": "2.345678"}, {"p": "x*y", "q": "(x + 0.00001)*y", "r": "q - p"}),
    "a logit": ({"z": "17"}, {"p": "sigmoid(z)", "L": "-ln(p)", "g": "ln(p/(1 - p))", "s": "L + g"}),
    "a far logit": ({"z": "50"}, {"p": "sigmoid(z)", "q": "1 - p", "L": "-ln(q)"}),
    "tanh": ({"x": "13"}, {"u": "tanh(x)", "v": "1 - u^2", "w": "v*x"}),
    "cross entropy": ({"z": "21", "t": "0"}, {"p": "sigmoid(z)", "L": "-(t*ln(p) + (1 - t)*ln(1 - p))"}),
    "near the target": ({"w": "1.0000012", "x": "2", "t": "2"}, {"y": "w*x", "d": "y - t", "E": "d^2/2"}),
    "sines": ({"x": "0.00012"}, {"u": "sin(x)", "v": "x - u", "w": "v/x"}),
}


def graph(name: str, kind: str, digits: int, how: str) -> str:
    """A graph whose nodes cancel."""
    values, nodes = GRAPHS[name]
    lines = ['title = "Cancelling"', "[graph.values]", *(f"{k} = {v}" for k, v in values.items())]
    lines += ["[graph.nodes]", *(f'{k} = "{v}"' for k, v in nodes.items())]
    return "\n".join([*lines, "[training]", "learning_rate = 0.1", *_numbers(kind, digits, how)])


def _numbers(kind: str, digits: int, how: str) -> list[str]:
    return ["[numbers]", f"{kind} = {digits}", f'rounding = "{how}"', ""]


def layered(seed: int) -> str:
    """A network with saturated units: sigmoid, tanh or softmax far out, or a loss near 0."""
    one = random.Random(seed)
    inputs, hidden, outputs = one.randint(1, 3), one.randint(1, 3), one.choice([1, 1, 2, 3])
    last, loss = one.choice(
        [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy"), ("sigmoid", "half_squared_error"),
         ("tanh", "squared_error"), ("identity", "log_cosh"), ("identity", "huber"), ("tanh", "hinge"),
         ("softmax", "mean_squared_error")]
    )  # fmt: skip
    outputs = max(outputs, 2) if last == "softmax" else outputs
    inner = one.choice(["sigmoid", "tanh", "softplus", "silu", "gelu", "elu"])
    size = one.choice([1, 4, 8, 12, 20])
    lines = ['title = "Saturated"', "[network]", f"inputs = {inputs}", f'loss = "{loss}"']
    for fan_in, units, activation, scale in ((inputs, hidden, inner, size), (hidden, outputs, last, size)):
        lines += ["[[network.layers]]", f"units = {units}", f'activation = "{activation}"']
        rows = (", ".join(_number(one, scale) for _ in range(fan_in)) for _ in range(units))
        lines += [f"weights = [{', '.join(f'[{row}]' for row in rows)}]"]
        lines += [f"biases = [{', '.join(_number(one, 1) for _ in range(units))}]"]
    for _ in range(one.choice([1, 1, 1, 2])):
        lines += ["[[data]]", f"x = [{', '.join(_number(one, 1) for _ in range(inputs))}]"]
        lines.append(f"t = [{', '.join(_targets(one, loss, outputs))}]")
    lines += ["[training]", f"learning_rate = 0.{one.randint(1, 9)}", f"iterations = {one.choice([1, 1, 2, 3])}"]
    return "\n".join([*lines, *_numbers(*one.choice(ROUNDINGS))])


def _number(one: random.Random, scale: float) -> str:
    return f"{one.choice([-1, 1]) * scale * one.uniform(0.5, 1):.3f}"


def _targets(one: random.Random, loss: str, outputs: int) -> list[str]:
    if loss == "cross_entropy":
        hot = one.randrange(outputs)
        return [str(int(i == hot)) for i in range(outputs)]
    low = -1 if loss == "hinge" else 0
    return [str(one.choice([low, 1])) for _ in range(outputs)]


def one_unit(activation: str, loss: str, weight: str, target: str, rounding: tuple[str, int, str]) -> str:
    """A network of one unit, with weighted input ``weight``."""
    lines = ['title = "One unit"', "[network]", "inputs = 1", f'loss = "{loss}"', "[[network.layers]]", "units = 1"]
    lines += [f'activation = "{activation}"', f"weights = [[{weight}]]", "biases = 0", "[[data]]", "x = [1]"]
    return "\n".join([*lines, f"t = [{target}]", "[training]", "learning_rate = 0.1", *_numbers(*rounding)])


def pair(activation: str, loss: str, x: str, targets: str, rounding: tuple[str, int, str]) -> str:
    """A network of two units that are saturated on either side."""
    lines = ['title = "A pair"', "[network]", "inputs = 1", f'loss = "{loss}"', "[[network.layers]]", "units = 2"]
    lines += [f'activation = "{activation}"', "weights = [[1], [-1]]", "[[data]]", f"x = [{x}]", f"t = [{targets}]"]
    return "\n".join([*lines, "[training]", "learning_rate = 0.5", *_numbers(*rounding)])
