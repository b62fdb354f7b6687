"""Claims that are much work because the network is: a thousand parameters, a hundred iterations, a long graph."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.verification.heavy import Heavy, chain, layered

NETWORK = layered(20, 20, 5, iterations=100)
WIDE = layered(900, 1, 1, last="identity", iterations=100)
DEEP = layered(3, *[3] * 80, iterations=100, activation="tanh")


def of_networks() -> Iterator[Heavy]:
    names = [f"w1_{i}_{j}" for i in range(1, 21) for j in range(1, 21)]
    yield Heavy(
        "updates late",
        NETWORK,
        "txt",
        lambda number: "z1_1 = 0.164\n" + "".join(f"{name}@99 = {next(number)}\n" for name in names),
    )
    yield Heavy(
        "every update once",
        NETWORK,
        "txt",
        lambda number: (
            "z1_1 = 0.164\n" + "".join(f"{name}@{k % 100} = {next(number)}\n" for k, name in enumerate(names * 5))
        ),
    )
    yield Heavy(
        "back and forth",
        NETWORK,
        "txt",
        lambda number: "".join(
            f"z1_{k % 20 + 1}@{(k * 37) % 100} = {next(number)}\nyhat{k % 5 + 1}@{(k * 61) % 100} = {next(number)}\n"
            for k in range(4000)
        ),
    )
    yield Heavy(
        "gradients with six digits",
        NETWORK,
        "txt",
        lambda number: "".join(f"dE/d{name} = 0.{k:06d}\n" for k, name in enumerate(names, 123_457)),
    )
    yield Heavy(
        "formulas late",
        NETWORK,
        "txt",
        lambda number: "".join(
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
        lambda number: "".join(f"z2_{k % 5 + 1} = w2_1_1*a1_1 + {k}/{k + 1}*x{k % 20 + 1}\n" for k in range(3000)),
    )
    yield Heavy(
        "wide",
        WIDE,
        "txt",
        lambda number: "".join(f"w1_1_{i}@{k} = {next(number)}\n" for k in (99, 50, 3) for i in range(1, 900)),
    )
    yield Heavy(
        "wide, one long sum",
        WIDE,
        "txt",
        lambda number: "".join(
            "z1_1 = " + " + ".join(f"w1_1_{i}*x{i}" for i in range(1, 901)) + f" + b1_1 = {next(number)}\n"
            for _ in range(60)
        ),
    )
    yield Heavy(
        "deep",
        DEEP,
        "txt",
        lambda number: "".join(
            f"a{layer}_{i}@{k} = {next(number)}\n" for k in (99, 42, 0) for layer in range(1, 81) for i in (1, 2, 3)
        ),
    )
    yield Heavy(
        "deep, gradients",
        DEEP,
        "txt",
        lambda number: "".join(
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
        lambda number: "".join(f"yhat{k % 5 + 1}@{k % 100} = {next(number)}\n" for k in range(2000)),
    )
    softmax = layered(20, 20, 30, last="softmax", loss="cross_entropy")
    yield Heavy(
        "softmax",
        softmax,
        "txt",
        lambda number: "".join(
            f"yhat{k % 30 + 1}@{k % 100} = {next(number)}\ndelta2_{k % 30 + 1}@{k % 100} = {next(number)}\n"
            for k in range(2000)
        ),
    )
    batch = layered(8, 8, 2, rows=300)
    yield Heavy(
        "batch",
        batch,
        "txt",
        lambda number: "".join(
            f"E@{k % 100} = {next(number)}\nz1_{k % 8 + 1}[{k % 300 + 1}]@{k % 100} = {next(number)}\n"
            for k in range(2000)
        ),
    )
    yield Heavy(
        "large batch",
        layered(20, 20, 5, rows=200),
        "txt",
        lambda number: "".join(f"dE/dw1_1_1@{k} = {next(number)}\nE@{k} = {next(number)}\n" for k in range(100)),
    )
    yield Heavy(
        "sequential",
        layered(20, 20, 5, more='[conventions]\nupdate_order = "sequential"\n'),
        "txt",
        lambda number: "".join(f"w1_1_{k % 20 + 1}@{k % 100} = {next(number)}\n" for k in range(2000)),
    )
    many = chain(1000)
    yield Heavy(
        "chain of nodes",
        many,
        "txt",
        lambda number: "".join(f"n{k % 1000 + 1}@{k % 100} = {next(number)}\n" for k in range(3000)),
    )
    yield Heavy(
        "derivatives in a chain",
        many,
        "txt",
        lambda number: "".join(f"dn{1000 - k % 900}/dn{k % 50 + 1} = {next(number)}\n" for k in range(3000)),
    )
    yield Heavy(
        "exact chain",
        chain(300, "{before}*{before} - 3/7", 100),
        "txt",
        lambda number: "".join(f"n{k % 300 + 1}@{k % 100} = {next(number)}\n" for k in range(3000)),
    )
