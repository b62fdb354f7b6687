"""Claims that are much work: networks of a thousand parameters, a hundred iterations, files of a megabyte.

Each case is a name, a spec, the ending of the claims file, and its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import NamedTuple

from tests.support.repository import ROOT

MEGABYTE = 1 << 20
SMALL = (ROOT / "examples" / "pass_or_fail.toml").read_text(encoding="utf-8")


class Heavy(NamedTuple):
    """One case; its text is made where it is asked for, from numbers that begin anew."""

    name: str
    spec: str
    ending: str
    write: Callable[[Iterator[str]], str]

    @property
    def text(self) -> str:
        return self.write(numbers())


def layered(
    *sizes: int,
    activation: str = "sigmoid",
    last: str = "",
    rows: int = 1,
    iterations: int = 100,
    loss: str = "",
    more: str = "",
) -> str:
    """A layered spec with so many inputs and units."""
    head = f'title = "Heavy"\n[network]\ninputs = {sizes[0]}\nloss = "{loss or "half_squared_error"}"\n'
    layers = "".join(
        f'[[network.layers]]\nunits = {units}\nactivation = "{last if last and i == len(sizes) - 2 else activation}"\n'
        f'weights = {{random = "normal", mean = 0, std = 0.3, decimals = 2, seed = {i}}}\nbiases = 0.1\n'
        for i, units in enumerate(sizes[1:])
    )
    data = "".join(
        f"[[data]]\nx = {[round(((7 * i + 3 * row) % 19 - 9) / 10, 1) for i in range(sizes[0])]}\n"
        f"t = {[int((k + row) % sizes[-1] == 0) for k in range(sizes[-1])]}\n"
        for row in range(rows)
    )
    return f"{head}{layers}{data}[training]\nlearning_rate = 0.5\niterations = {iterations}\n{more}"


def chain(count: int, formula: str = "tanh({before} + 0.1)", iterations: int = 100) -> str:
    """A graph of so many nodes, each computed from the one before it."""
    nodes = "".join(
        f'n{i} = "{formula.format(before=f"n{i - 1}" if i > 1 else "x", i=i)}"\n' for i in range(1, count + 1)
    )
    return (
        f'title = "Chain"\n[graph]\noutput = "n{count}"\nparameters = ["x"]\n[graph.values]\nx = 0.3\n[graph.nodes]\n{nodes}'
        f"[training]\nlearning_rate = 0.01\niterations = {iterations}\n"
    )


def filled(lines: Iterator[str], size: int = MEGABYTE - 200) -> str:
    """So many of the lines as fit."""
    found, length = [], 0
    for line in lines:
        length += len(line.encode()) + 1
        if length > size:
            break
        found.append(line)
    return "\n".join(found) + "\n"


NUMBERS = tuple(f"{0.1000 + (i * 7919 % 8999) / 10000:.4f}" for i in range(8999))


def numbers() -> Iterator[str]:
    """Numbers of four digits, none twice in nine thousand."""
    return cycle(NUMBERS)
