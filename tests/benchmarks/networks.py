"""The networks that are measured, as specs in TOML: numbers of three decimals from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

ARTICLE = (3, 4, 1)


def numbers(draw: random.Random, count: int) -> str:
    return "[" + ", ".join(f"{draw.uniform(-0.5, 0.5):.3f}" for _ in range(count)) + "]"


def layered(sizes: Sequence[int], seed: int = 0) -> str:
    """Sigmoid layers of these sizes, one sample, half the squared error."""
    draw = random.Random(seed)
    lines = ['title = "Benchmark"', "[network]", f"inputs = {sizes[0]}", 'loss = "half_squared_error"']
    for fan_in, units in pairwise(sizes):
        weights = ",\n".join(numbers(draw, fan_in) for _ in range(units))
        lines += ["[[network.layers]]", f"units = {units}", 'activation = "sigmoid"', f"weights = [{weights}]"]
        lines.append(f"biases = {numbers(draw, units)}")
    lines += ["[[data]]", f"x = {numbers(draw, sizes[0])}", f"t = {numbers(draw, sizes[-1])}"]
    lines += ["[training]", "learning_rate = 0.5"]
    return "\n".join(lines) + "\n"


def named(text: str) -> list[int]:
    """Sizes from a name.

    >>> named("16-64-10")
    [16, 64, 10]
    """
    return [int(size) for size in text.split("-")]
