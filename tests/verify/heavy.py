"""Claims that are much work: networks of a thousand parameters, a hundred iterations, files of a megabyte.

Each case is a name, a spec, the ending of the claims file, and its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from typing import NamedTuple

from tests.conftest import ROOT

MEGABYTE = 1 << 20
SMALL = (ROOT / "examples" / "pass_or_fail.toml").read_text(encoding="utf-8")


class Heavy(NamedTuple):
    """One case."""

    name: str
    spec: str
    ending: str
    text: str


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


def _numbers() -> Iterator[str]:
    return (f"{0.1000 + (i * 7919 % 8999) / 10000:.4f}" for i in cycle(range(10_000)))


NETWORK = layered(20, 20, 5, iterations=100)
WIDE = layered(900, 1, 1, last="identity", iterations=100)
DEEP = layered(3, *[3] * 80, iterations=100, activation="tanh")


def _networks() -> Iterator[Heavy]:
    number = _numbers()
    names = [f"w1_{i}_{j}" for i in range(1, 21) for j in range(1, 21)]
    yield Heavy(
        "updates late", NETWORK, "txt", "z1_1 = 0.164\n" + "".join(f"{name}@99 = {next(number)}\n" for name in names)
    )
    yield Heavy(
        "every update once",
        NETWORK,
        "txt",
        "z1_1 = 0.164\n" + "".join(f"{name}@{k % 100} = {next(number)}\n" for k, name in enumerate(names * 5)),
    )
    yield Heavy(
        "back and forth",
        NETWORK,
        "txt",
        "".join(
            f"z1_{k % 20 + 1}@{(k * 37) % 100} = {next(number)}\nyhat{k % 5 + 1}@{(k * 61) % 100} = {next(number)}\n"
            for k in range(4000)
        ),
    )
    yield Heavy(
        "gradients with six digits",
        NETWORK,
        "txt",
        "".join(f"dE/d{name} = 0.{k:06d}\n" for k, name in enumerate(names, 123_457)),
    )
    yield Heavy(
        "formulas late",
        NETWORK,
        "txt",
        "".join(
            f"dE/dw2_{i}_{j}@{k} = (yhat{i}@{k} - t{i})*a1_{j}@{k}\n"
            for k in range(0, 100, 7)
            for i in range(1, 6)
            for j in range(1, 21)
        ),
    )
    yield Heavy(
        "formulas with numbers",
        NETWORK,
        "txt",
        "".join(f"z2_{k % 5 + 1} = w2_1_1*a1_1 + {k}/{k + 1}*x{k % 20 + 1}\n" for k in range(3000)),
    )
    yield Heavy(
        "wide", WIDE, "txt", "".join(f"w1_1_{i}@{k} = {next(number)}\n" for k in (99, 50, 3) for i in range(1, 900))
    )
    yield Heavy(
        "wide, one long sum",
        WIDE,
        "txt",
        "".join(
            "z1_1 = " + " + ".join(f"w1_1_{i}*x{i}" for i in range(1, 901)) + f" + b1_1 = {next(number)}\n"
            for _ in range(60)
        ),
    )
    yield Heavy(
        "deep",
        DEEP,
        "txt",
        "".join(
            f"a{layer}_{i}@{k} = {next(number)}\n" for k in (99, 42, 0) for layer in range(1, 81) for i in (1, 2, 3)
        ),
    )
    yield Heavy(
        "deep, gradients",
        DEEP,
        "txt",
        "".join(
            f"delta{layer}_{i}@{k} = {next(number)}\n"
            for k in (0, 42, 99)
            for layer in range(80, 0, -1)
            for i in (1, 2, 3)
        ),
    )
    yield Heavy(
        "relu and identity",
        layered(20, 20, 5, activation="relu", last="identity"),
        "txt",
        "".join(f"yhat{k % 5 + 1}@{k % 100} = {next(number)}\n" for k in range(2000)),
    )
    softmax = layered(20, 20, 30, last="softmax", loss="cross_entropy")
    yield Heavy(
        "softmax",
        softmax,
        "txt",
        "".join(
            f"yhat{k % 30 + 1}@{k % 100} = {next(number)}\ndelta2_{k % 30 + 1}@{k % 100} = {next(number)}\n"
            for k in range(2000)
        ),
    )
    batch = layered(8, 8, 2, rows=300)
    yield Heavy(
        "batch",
        batch,
        "txt",
        "".join(
            f"E@{k % 100} = {next(number)}\nz1_{k % 8 + 1}[{k % 300 + 1}]@{k % 100} = {next(number)}\n"
            for k in range(2000)
        ),
    )
    yield Heavy(
        "large batch",
        layered(20, 20, 5, rows=2000),
        "txt",
        "".join(f"dE/dw1_1_1@{k} = {next(number)}\nE@{k} = {next(number)}\n" for k in range(100)),
    )
    yield Heavy(
        "sequential",
        layered(20, 20, 5, more='[conventions]\nupdate_order = "sequential"\n'),
        "txt",
        "".join(f"w1_1_{k % 20 + 1}@{k % 100} = {next(number)}\n" for k in range(2000)),
    )
    many = chain(1000)
    yield Heavy(
        "chain of nodes", many, "txt", "".join(f"n{k % 1000 + 1}@{k % 100} = {next(number)}\n" for k in range(3000))
    )
    yield Heavy(
        "derivatives in a chain",
        many,
        "txt",
        "".join(f"dn{1000 - k % 900}/dn{k % 50 + 1} = {next(number)}\n" for k in range(3000)),
    )
    yield Heavy(
        "exact chain",
        chain(300, "{before}*{before} - 3/7", 100),
        "txt",
        "".join(f"n{k % 300 + 1}@{k % 100} = {next(number)}\n" for k in range(3000)),
    )


def _lines() -> Iterator[Heavy]:
    number = _numbers()
    yield Heavy("ones", SMALL, "txt", filled(f"{i} = {i}" for i in range(200_000)))
    yield Heavy("one weight", SMALL, "txt", filled(f"w1_1_1 = {next(number)}" for _ in range(200_000)))
    yield Heavy("one activation", SMALL, "txt", filled(f"yhat@{i % 8} = {next(number)}" for i in range(200_000)))
    worked = "z2_1 = 0.0881*0.8453 + 0.1710*0.1323 + 0.0050*0.3535 - 0.0405*0.3775 + 0 = "
    yield Heavy("workings", SMALL, "txt", filled(worked + next(number) for _ in range(200_000)))
    yield Heavy(
        "other workings",
        SMALL,
        "txt",
        filled(
            f"z2_1 = {next(number)}*{next(number)} + {next(number)}*{next(number)} - {next(number)}*{next(number)} = {next(number)}"
            for _ in range(200_000)
        ),
    )
    yield Heavy(
        "calculations",
        SMALL,
        "txt",
        filled(
            f"{next(number)}*{next(number)}/({next(number)} - {next(number)}) = {next(number)}" for _ in range(200_000)
        ),
    )
    yield Heavy(
        "long chains", SMALL, "txt", filled(f"yhat = {next(number)}" + f" = {next(number)}" * 400 for _ in range(2000))
    )
    yield Heavy(
        "one chain", SMALL, "txt", "yhat = sigma(z2_1)" + "".join(f" = {next(number)}" for _ in range(100_000)) + "\n"
    )
    yield Heavy(
        "sums of numbers",
        SMALL,
        "txt",
        filled("z1_1 = " + " + ".join(islice(number, 900)) + f" = {next(number)}" for _ in range(2000)),
    )
    yield Heavy("one long sum of numbers", SMALL, "txt", "E = " + " + ".join(islice(number, 100_000)) + "\n")
    yield Heavy(
        "products",
        SMALL,
        "txt",
        filled("dE/dw1_1_1 = " + "*".join(islice(number, 150)) + f" = {next(number)}" for _ in range(2000)),
    )
    yield Heavy(
        "wrong formulas",
        SMALL,
        "txt",
        filled(
            f"dE/dw1_{i % 4 + 1}_{i % 3 + 1} = (yhat - t)*w2_1_{i % 4 + 1}*a1_{i % 4 + 1}*(1 - a1_{i % 3 + 1})*x{i % 3 + 1} + {i}*x1"
            for i in range(100_000)
        ),
    )
    yield Heavy(
        "powers",
        SMALL,
        "txt",
        filled(f"E = (w1_1_1 + x1)^{i % 90 + 2} - exp(z2_1)^{i % 50} + ln(a1_1 + {i})" for i in range(100_000)),
    )
    yield Heavy(
        "functions of numbers",
        SMALL,
        "txt",
        filled(
            f"yhat = exp({next(number)})*sigmoid({next(number)}) - tanh({next(number)}) = {next(number)}"
            for _ in range(100_000)
        ),
    )
    yield Heavy(
        "wide intervals",
        SMALL,
        "txt",
        filled(f"yhat = 0.6*100 - 59.{i % 10} = 0.{i % 9 + 1} = 1.{i % 7} - 0.{i % 9}" for i in range(100_000)),
    )
    yield Heavy(
        "alternating beliefs",
        SMALL,
        "txt",
        filled(f"z1_{i % 4 + 1}@{i % 3} = {next(number)}\nyhat@7 = {next(number)}" for i in range(100_000)),
    )
    yield Heavy(
        "fractions",
        SMALL,
        "tex",
        filled(r"$ E = " + r"\frac{1}{1 + " * 40 + "x_1" + "}" * 40 + f" = {next(number)} $\n" for _ in range(3000)),
    )
    yield Heavy(
        "matrices",
        SMALL,
        "tex",
        filled(
            r"$ W_1 = \begin{bmatrix} "
            + r" \\ ".join(" & ".join(islice(number, 3)) for _ in range(4))
            + r" \end{bmatrix} $"
            + "\n"
            for _ in range(20_000)
        ),
    )
    yield Heavy(
        "vectors",
        SMALL,
        "txt",
        filled(f"a1 = sigma(W1*x + b1) = [{', '.join(islice(number, 4))}]" for _ in range(20_000)),
    )
    yield Heavy(
        "rules for every layer",
        SMALL,
        "tex",
        filled(rf"$ z^{{l}}_j = \sum_k w^{{l}}_{{jk}} a^{{l-1}}_k + b^l_j + {i} $" + "\n" for i in range(100_000)),
    )
    yield Heavy(
        "sums over indices",
        SMALL,
        "tex",
        filled(
            rf"$ z^1_{i % 4 + 1} = \sum_{{k=1}}^{{3}} w^1_{{{i % 4 + 1}k}} x_k = {next(number)} $" + "\n"
            for i in range(100_000)
        ),
    )
    yield Heavy(
        "tiny formulas", SMALL, "tex", filled(f"$ a = {i} $ $z^1_1={next(number)}$ and" for i in range(100_000))
    )
    yield Heavy(
        "table",
        SMALL,
        "md",
        "| quantity | value |\n|---|---|\n" + filled(f"| $w^1_{{11}}$ | {next(number)} |" for _ in range(100_000)),
    )
    yield Heavy(
        "code",
        SMALL,
        "md",
        "```python\n" + filled(f"z1_{i % 4 + 1} = {next(number)}" for i in range(100_000)) + "```\n",
    )
    yield Heavy(
        "macros",
        SMALL,
        "tex",
        "".join(rf"\newcommand{{\v{chr(97 + i // 26)}{chr(97 + i % 26)}}}{{w^1_{{11}}}}" + "\n" for i in range(600))
        + filled(rf"$ \v{chr(97 + i % 23)}{chr(97 + i % 26)} = {next(number)} $" + "\n" for i in range(50_000)),
    )
    yield Heavy(
        "names that are none", SMALL, "txt", filled(f"foo{i}_bar = q{i} + {next(number)}" for i in range(100_000))
    )
    yield Heavy(
        "all derivatives",
        SMALL,
        "txt",
        filled(
            f"d{a}/d{b} = {next(number)}"
            for _ in range(100)
            for a in ("E", "yhat", "z2_1", "a1_1", "z1_2")
            for b in ("x1", "w1_1_2", "b1_3", "z1_1", "a1_2", "w2_1_1")
        ),
    )
    yield Heavy(
        "huge identity",
        SMALL,
        "txt",
        "E = " + " + ".join(f"(w1_{i % 4 + 1}_{i % 3 + 1} - x{i % 3 + 1}*{i})^2" for i in range(5_000)) + "\n",
    )
    yield Heavy(
        "several large sides",
        SMALL,
        "txt",
        filled("z2_1 = " + " + ".join(f"w2_1_{i % 4 + 1}*a1_{i % 4 + 1}*{i}" for i in range(120)) for _ in range(2000)),
    )
    yield Heavy(
        "what follows in a long chain",
        SMALL,
        "txt",
        filled(
            f"z2_1@{i % 8} = {next(number)}\nyhat@{i % 8} = sigma(z2_1@{i % 8}) = {next(number)}\ndelta2_1@{i % 8} = yhat@{i % 8} - t = {next(number)}"
            for i in range(50_000)
        ),
    )
    yield Heavy(
        "invented words",
        SMALL,
        "md",
        filled(f"The value $z^1_{i % 4 + 1}$ is {next(number)} and yhat is {next(number)}." for i in range(50_000)),
    )


def cases() -> Iterator[Heavy]:
    """All of them."""
    yield from _networks()
    yield from _lines()
