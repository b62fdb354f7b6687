"""Specs of layered networks for the styles ``delta`` and ``matrix``: every option that changes how they read."""

from __future__ import annotations

import random
from itertools import pairwise

OPTIONS = {
    "plain": ([3, 4, 2], ["sigmoid", "sigmoid"], "half_squared_error", 1, ""),
    "batch": ([2, 3, 2], ["tanh", "softmax"], "cross_entropy", 3, ""),
    "sum": ([2, 2, 1], ["relu", "identity"], "mean_squared_error", 2, '[notation]\npreset = "parenthesised"'),
    "softmax_inside": ([2, 3, 2], ["softmax", "identity"], "half_squared_error", 2, '[notation]\npreset = "flat"'),
    "softmax_long": ([2, 3], ["softmax"], "squared_error", 1, ""),
    "sequential": ([3, 3, 2, 2], ["sigmoid", "tanh", "sigmoid"], "half_squared_error", 3,
                   '[conventions]\nupdate_order = "sequential"'),
    "bias_unit": ([2, 3, 1], ["sigmoid", "sigmoid"], "binary_cross_entropy", 2, '[notation]\npreset = "bias_unit"'),
    "many": ([2, 2, 1], ["leaky_relu", "sigmoid"], "binary_cross_entropy", 9, ""),
    "eight": ([8, 8, 8], ["tanh", "sigmoid"], "half_squared_error", 1, ""),
}  # fmt: skip
SHARED = {"plain", "softmax_long"}
FROZEN = {"sum", "batch"}


def text(name: str, *, numbers: str = "significant = 5", rounding: str = "end", seed: int = 1) -> str:
    """The TOML of an option; another seed gives other numbers in the same structure."""
    sizes, activations, loss, samples, more = OPTIONS[name]
    draw = random.Random(f"{name}{seed}")

    def drawn(count: int) -> list[float]:
        return [round(draw.uniform(-1, 1), 2) or 0.3 for _ in range(count)]

    lines = ["[network]", f"inputs = {sizes[0]}", f'loss = "{loss}"']
    for number, (fan_in, units) in enumerate(pairwise(sizes)):
        lines += ["[[network.layers]]", f"units = {units}", f'activation = "{activations[number]}"']
        lines.append(f"weights = {[drawn(fan_in) for _ in range(units)]}")
        lines.append(f"biases = {drawn(1 if name in SHARED else units)}")
        lines += ["shared_bias = true"] if name in SHARED else []
        lines += ["train_weights = false"] if name in FROZEN and number == 0 else []
    for sample in range(samples):
        target = [int(k == sample % sizes[-1]) for k in range(sizes[-1])]
        lines += ["[[data]]", f"x = {drawn(sizes[0])}", f"t = {target}"]
    lines += ["[training]", "learning_rate = 0.5", f'reduction = "{"sum" if name == "sum" else "mean"}"', more]
    return "\n".join([*lines, "[numbers]", numbers, f'rounding = "{rounding}"', ""])
