"""Random specs from a seed: layered networks and graphs, in the words of the contract, always in their domains."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import pairwise

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "gelu", "silu")
OWN_ACTIVATIONS = ("z*sigmoid(2*z)", "z/(1 + abs(z))", "sin(z) + z/3", "z^3/10 - -z", "ln(1 + z^2)*z")
LOSSES = (
    "half_squared_error", "squared_error", "mean_squared_error", "absolute_error", "mean_absolute_error",
    "huber", "log_cosh", "hinge", "binary_cross_entropy", "cross_entropy",
)  # fmt: skip
UNARY = (
    "exp(2*tanh({}))", "ln(2 + {}^2)", "log2(3 + {}^2)", "log10(1 + {}^2)", "sqrt(1 + {}^2)", "abs({})", "sin({})",
    "cos({})", "tan({}/9)", "sinh(tanh({}))", "cosh(sin({}))", "tanh({})", "sigmoid({})", "relu({})", "elu({}, 3/2)",
    "leaky_relu({}, 0.2)", "softplus({})", "gelu({})", "silu({})", "-{}", "-{}^2", "{}^3", "1/(1 + {}^2)",
    "2^sin({})", "step({})*{}",
)  # fmt: skip
BINARY = (
    "{} + {}", "{} - {}", "{}*{}", "{}/(2 + {}^2)", "max({}, {})", "min({}, {}, 1/2)", "({} + 1)*(2 - {})",
    "(3/2 + sin({}))^({}/5)", "{}*pi - {}/e",
)  # fmt: skip


class Draw:
    """Draws numbers and choices."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def number(self, low: float = -1, high: float = 1, decimals: int = 3) -> str:
        """A decimal number that is not 0, as a person writes it."""
        text = f"{self.random.uniform(low, high):.{decimals}f}"
        return text if float(text) else f"0.{'3' * decimals}"

    def numbers(self, count: int, low: float = -1, high: float = 1) -> str:
        return "[" + ", ".join(self.number(low, high) for _ in range(count)) + "]"

    def likely(self, chance: float) -> bool:
        return self.random.random() < chance


def layered(seed: int) -> str:
    """The TOML of a random layered network."""
    draw = Draw(seed)
    one = draw.random
    sizes = [one.randint(1, 4) for _ in range(one.randint(2, 4))]
    loss = LOSSES[seed % len(LOSSES)]
    own_loss = draw.likely(0.08)
    lines = [f'title = "Random network {seed}"', "[network]", f"inputs = {sizes[0]}"]
    lines.append(f"loss = {_loss(draw, loss, sizes[-1], own=own_loss)}")
    for n, (fan_in, units) in enumerate(pairwise(sizes), 1):
        last = n == len(sizes) - 1
        lines += _layer(draw, fan_in, units, _activation(draw, seed + n, last, "" if own_loss else loss))
    samples = one.randint(1, 4)
    for _ in range(samples):
        lines += ["[[data]]", f"x = {draw.numbers(sizes[0], -2, 2)}"]
        lines.append(f"t = {_targets(draw, '' if own_loss else loss, sizes[-1])}")
    lines += _training(draw, samples)
    lines += ["[conventions]", f"relu_at_zero = {one.choice(['0', '1', chr(34) + '1/2' + chr(34)])}"]
    return "\n".join(lines) + "\n"


def convolutional(seed: int) -> str:
    """The TOML of a random network whose first layer, and often another one, is a convolution."""
    draw = Draw(seed)
    one = draw.random
    length = one.randint(2, 7)
    inputs, channels, layers = length, 1, one.randint(1, 3)
    loss = LOSSES[seed % len(LOSSES)]
    lines: list[str] = []
    for n in range(1, layers + 1):
        last = n == layers
        if n > 1 and draw.likely(0.5):
            units = one.randint(1, 3)
            lines += _layer(draw, channels * length, units, _activation(draw, seed + n, last, loss))
            channels, length = 1, units
            continue
        filters, kernel, stride, padding = _kernel(draw, length)
        head = ['kind = "conv1d"', f"filters = {filters}", f"kernel = {kernel}"]
        head += [f"stride = {stride}"] * (stride > 1) + [f"padding = {padding}"] * (padding > 0)
        dense = _layer(draw, channels * kernel, filters, _activation(draw, seed + n, last, loss))
        lines += [dense[0], *head, *dense[2:]]
        channels, length = filters, (length + 2 * padding - kernel) // stride + 1
    samples = one.randint(1, 3)
    for _ in range(samples):
        lines += ["[[data]]", f"x = {draw.numbers(inputs, -2, 2)}", f"t = {_targets(draw, loss, channels * length)}"]
    head = [f'title = "Random convolution {seed}"', "[network]", f"inputs = {inputs}"]
    head.append(f"loss = {_loss(draw, loss, 1, own=False)}")
    return "\n".join([*head, *lines, *_training(draw, samples)]) + "\n"


def _kernel(draw: Draw, length: int) -> tuple[int, int, int, int]:
    """Filters, kernel, stride and padding that fit what comes in."""
    one = draw.random
    kernel = one.randint(1, min(3, length))
    stride, padding = one.choice([1, 1, 2]), one.choice([0, 0, 1]) if kernel > 1 else 0
    return one.randint(1, 2), kernel, stride, padding


def _loss(draw: Draw, loss: str, outputs: int, *, own: bool) -> str:
    if own:
        terms = " + ".join(f"(yhat{k + 1} - t{k + 1})^4/{k + 2}" for k in range(outputs))
        return f'{{name = "quartic", expression = "{terms}"}}'
    if loss == "huber" and draw.likely(0.7):
        return f'{{name = "huber", delta = {draw.number(0.1, 2)}}}'
    return f'"{loss}"'


def _activation(draw: Draw, seed: int, last: bool, loss: str) -> str:
    if last and loss == "binary_cross_entropy":
        return '"sigmoid"'
    if last and loss == "cross_entropy":
        return draw.random.choice(['"softmax"', '"sigmoid"'])
    if draw.likely(0.1):
        return f'{{name = "own", expression = "{draw.random.choice(OWN_ACTIVATIONS)}"}}'
    if draw.likely(0.1):
        return '"softmax"'
    name = ACTIVATIONS[seed % len(ACTIVATIONS)]
    if name == "leaky_relu" and draw.likely(0.5):
        return f'{{name = "leaky_relu", slope = {draw.number(0.01, 0.4)}}}'
    if name == "elu" and draw.likely(0.5):
        return f'{{name = "elu", alpha = {draw.number(0.2, 2)}}}'
    return f'"{name}"'


def _layer(draw: Draw, fan_in: int, units: int, activation: str) -> list[str]:
    rows = ", ".join(draw.numbers(fan_in) for _ in range(units))
    lines = ["[[network.layers]]", f"units = {units}", f"activation = {activation}", f"weights = [{rows}]"]
    kind = draw.random.choice(["list", "list", "list", "none", "shared", "number", "absent"])
    if kind == "list":
        lines.append(f"biases = {draw.numbers(units)}")
    elif kind == "none":
        lines.append("biases = false")
    elif kind == "shared":
        lines += ["shared_bias = true", f"biases = {draw.number()}"]
    elif kind == "number":
        lines.append(f"biases = {draw.number()}")
    if draw.likely(0.15):
        lines.append("train_weights = false")
    if kind != "none" and draw.likely(0.15):
        lines.append("train_biases = false")
    return lines


def _targets(draw: Draw, loss: str, count: int) -> str:
    if loss == "hinge":
        return str([draw.random.choice([-1, 1]) for _ in range(count)])
    if loss == "binary_cross_entropy":
        return "[" + ", ".join(draw.random.choice(["0", "1", "0.25"]) for _ in range(count)) + "]"
    if loss == "cross_entropy":
        hot = draw.random.randrange(count)
        return str([int(k == hot) for k in range(count)])
    return draw.numbers(count, -1, 1)


def _training(draw: Draw, samples: int) -> list[str]:
    lines = ["[training]"]
    if draw.likely(0.9):
        lines.append(f"learning_rate = {draw.number(0.05, 0.5)}")
        lines.append(f"iterations = {draw.random.randint(1, 3)}")
    if draw.likely(0.3):
        lines.append('reduction = "sum"')
    if samples and draw.likely(0.3):
        lines.append(f"batch_size = {draw.random.randint(1, samples)}")
    return lines


def graph(seed: int) -> str:
    """The TOML of a random computation graph, whose values are used more than once."""
    draw = Draw(seed)
    one = draw.random
    names: Sequence[str] = one.sample(["x", "y", "w", "beta", "I", "N", "S", "u_1", "q2"], one.randint(2, 4))
    values = [f"{name} = {draw.number(-2, 2)}" for name in names]
    known = list(names)
    nodes = []
    for n in range(one.randint(3, 8)):
        pattern = one.choice(UNARY) if draw.likely(0.5) else one.choice(BINARY)
        given = one.sample(known[-4:], pattern.count("{}"))  # no max(u, u): nobody can prove a tie of such balls
        nodes.append(f'n{n} = "{pattern.format(*given)}"')
        known.append(f"n{n}")
    inner = [f"n{n}" for n in range(len(nodes))]
    # Bounded, so that learning stays in the domain; every inner node reaches the output.
    nodes.append('out = "' + " + ".join(f"tanh({name}/4)" for name in inner) + '"')
    if draw.likely(0.3):
        one.shuffle(nodes)
    lines = [f'title = "Random graph {seed}"', "[graph]", 'output = "out"', "[graph.values]", *values]
    lines += ["[graph.nodes]", *nodes]
    samples = one.choice([0, 0, 1, 2, 3])
    used = next(
        name for name in names if re.search(rf"\b{name}\b", " ".join(nodes))
    )  # data that no node uses is refused
    for _ in range(samples):
        lines += ["[[data]]", f"{used} = {draw.number(-2, 2)}"]
    return "\n".join(lines + _training(draw, samples)) + "\n"
