"""Specs in which numbers have become constants that no ball holds exactly: ``"cos(1)"``, ``"sqrt(2)"``, ``"ln(2)"``."""

from __future__ import annotations

import random
import re

ANY = ("cos(1)", "sqrt(2)", "ln(2)", "1/3", "exp(1)", "pi/4", "-sqrt(3)/2", "2^(1/3)", "sin(2)", "e/3", "-ln(3)/2")
SMALL = ("1/3", "ln(2)", "cos(1)", "sqrt(2)/7", "exp(-1)", "pi/10")
"""Between 0 and 1, for a learning rate, a slope, an alpha, a delta, a probability."""
_DECIMAL = re.compile(r'(?<![\w".(^/*+-])-?\d+\.\d+(?![\w"])')
_KEYS = ("weights", "biases", "x", "t", "learning_rate", "activation", "loss")


def inexact(text: str, seed: int, share: float = 0.5) -> str:
    """The spec with that share of its decimals drawn anew: weights, biases, data, targets, rate, values, parameters."""
    chance = random.Random(seed)
    lines, section = [], ""
    for line in text.splitlines():
        section = line if line.startswith("[") else section
        key, _, rest = line.partition(" = ")
        open_row = line.startswith(" ") and section != ""  # before the first table these are words
        if section == "[graph.values]" or key in _KEYS or section == "[[data]]" or open_row:
            small = key in ("learning_rate", "activation", "loss") or (key == "t" and "cross_entropy" in text)
            drawn = _drawn(rest or line, chance, SMALL if small else ANY, share)
            lines.append(f"{key} = {drawn}" if rest else drawn)
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _drawn(numbers: str, chance: random.Random, constants: tuple[str, ...], share: float) -> str:
    if "expression" in numbers:
        return numbers

    def one(found: re.Match[str]) -> str:
        return f'"{chance.choice(constants)}"' if chance.random() < share else found[0]

    return _DECIMAL.sub(one, numbers)
