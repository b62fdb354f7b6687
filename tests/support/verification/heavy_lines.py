"""Claims that are much work because the file is: a megabyte of every kind of line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tests.support.verification.heavy import SMALL, Heavy, filled


def of_lines() -> Iterator[Heavy]:
    yield Heavy("ones", SMALL, "txt", lambda number: filled(f"{i} = {i}" for i in range(200_000)))
    yield Heavy("one weight", SMALL, "txt", lambda number: filled(f"w1_1_1 = {next(number)}" for _ in range(200_000)))
    yield Heavy(
        "one activation", SMALL, "txt", lambda number: filled(f"yhat@{i % 8} = {next(number)}" for i in range(200_000))
    )
    worked = "z2_1 = 0.0881*0.8453 + 0.1710*0.1323 + 0.0050*0.3535 - 0.0405*0.3775 + 0 = "
    yield Heavy("workings", SMALL, "txt", lambda number: filled(worked + next(number) for _ in range(200_000)))
    yield Heavy(
        "other workings",
        SMALL,
        "txt",
        lambda number: filled(
            f"z2_1 = {next(number)}*{next(number)} + {next(number)}*{next(number)} - {next(number)}*{next(number)} = {next(number)}"
            for _ in range(200_000)
        ),
    )
    yield Heavy(
        "calculations",
        SMALL,
        "txt",
        lambda number: filled(
            f"{next(number)}*{next(number)}/({next(number)} - {next(number)}) = {next(number)}" for _ in range(200_000)
        ),
    )
    yield Heavy(
        "long chains",
        SMALL,
        "txt",
        lambda number: filled(f"yhat = {next(number)}" + f" = {next(number)}" * 400 for _ in range(2000)),
    )
    yield Heavy(
        "one chain",
        SMALL,
        "txt",
        lambda number: "yhat = sigma(z2_1)" + "".join(f" = {next(number)}" for _ in range(100_000)) + "\n",
    )
    yield Heavy(
        "sums of numbers",
        SMALL,
        "txt",
        lambda number: filled("z1_1 = " + " + ".join(islice(number, 900)) + f" = {next(number)}" for _ in range(2000)),
    )
    yield Heavy(
        "one long sum of numbers", SMALL, "txt", lambda number: "E = " + " + ".join(islice(number, 100_000)) + "\n"
    )
    yield Heavy(
        "products",
        SMALL,
        "txt",
        lambda number: filled(
            "dE/dw1_1_1 = " + "*".join(islice(number, 150)) + f" = {next(number)}" for _ in range(2000)
        ),
    )
    yield Heavy(
        "wrong formulas",
        SMALL,
        "txt",
        lambda number: filled(
            f"dE/dw1_{i % 4 + 1}_{i % 3 + 1} = (yhat - t)*w2_1_{i % 4 + 1}*a1_{i % 4 + 1}*(1 - a1_{i % 3 + 1})*x{i % 3 + 1} + {i}*x1"
            for i in range(100_000)
        ),
    )
    yield Heavy(
        "powers",
        SMALL,
        "txt",
        lambda number: filled(
            f"E = (w1_1_1 + x1)^{i % 90 + 2} - exp(z2_1)^{i % 50} + ln(a1_1 + {i})" for i in range(100_000)
        ),
    )
    yield Heavy(
        "functions of numbers",
        SMALL,
        "txt",
        lambda number: filled(
            f"yhat = exp({next(number)})*sigmoid({next(number)}) - tanh({next(number)}) = {next(number)}"
            for _ in range(100_000)
        ),
    )
    yield Heavy(
        "wide intervals",
        SMALL,
        "txt",
        lambda number: filled(
            f"yhat = 0.6*100 - 59.{i % 10} = 0.{i % 9 + 1} = 1.{i % 7} - 0.{i % 9}" for i in range(100_000)
        ),
    )
    yield Heavy(
        "alternating beliefs",
        SMALL,
        "txt",
        lambda number: filled(
            f"z1_{i % 4 + 1}@{i % 3} = {next(number)}\nyhat@7 = {next(number)}" for i in range(100_000)
        ),
    )
    yield Heavy(
        "fractions",
        SMALL,
        "tex",
        lambda number: filled(
            r"$ E = " + r"\frac{1}{1 + " * 40 + "x_1" + "}" * 40 + f" = {next(number)} $\n" for _ in range(3000)
        ),
    )
    yield Heavy(
        "matrices",
        SMALL,
        "tex",
        lambda number: filled(
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
        lambda number: filled(f"a1 = sigma(W1*x + b1) = [{', '.join(islice(number, 4))}]" for _ in range(20_000)),
    )
    yield Heavy(
        "rules for every layer",
        SMALL,
        "tex",
        lambda number: filled(
            rf"$ z^{{l}}_j = \sum_k w^{{l}}_{{jk}} a^{{l-1}}_k + b^l_j + {i} $" + "\n" for i in range(100_000)
        ),
    )
    yield Heavy(
        "sums over indices",
        SMALL,
        "tex",
        lambda number: filled(
            rf"$ z^1_{i % 4 + 1} = \sum_{{k=1}}^{{3}} w^1_{{{i % 4 + 1}k}} x_k = {next(number)} $" + "\n"
            for i in range(100_000)
        ),
    )
    yield Heavy(
        "tiny formulas",
        SMALL,
        "tex",
        lambda number: filled(f"$ a = {i} $ $z^1_1={next(number)}$ and" for i in range(100_000)),
    )
    yield Heavy(
        "table",
        SMALL,
        "md",
        lambda number: (
            "| quantity | value |\n|---|---|\n" + filled(f"| $w^1_{{11}}$ | {next(number)} |" for _ in range(100_000))
        ),
    )
    yield Heavy(
        "code",
        SMALL,
        "md",
        lambda number: "```python\n" + filled(f"z1_{i % 4 + 1} = {next(number)}" for i in range(100_000)) + "```\n",
    )
    yield Heavy(
        "macros",
        SMALL,
        "tex",
        lambda number: (
            "".join(rf"\newcommand{{\v{chr(97 + i // 26)}{chr(97 + i % 26)}}}{{w^1_{{11}}}}" + "\n" for i in range(600))
            + filled(rf"$ \v{chr(97 + i % 23)}{chr(97 + i % 26)} = {next(number)} $" + "\n" for i in range(50_000))
        ),
    )
    yield Heavy(
        "names that are none",
        SMALL,
        "txt",
        lambda number: filled(f"foo{i}_bar = q{i} + {next(number)}" for i in range(100_000)),
    )
    yield Heavy(
        "all derivatives",
        SMALL,
        "txt",
        lambda number: filled(
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
        lambda number: (
            "E = " + " + ".join(f"(w1_{i % 4 + 1}_{i % 3 + 1} - x{i % 3 + 1}*{i})^2" for i in range(5_000)) + "\n"
        ),
    )
    yield Heavy(
        "several large sides",
        SMALL,
        "txt",
        lambda number: filled(
            "z2_1 = " + " + ".join(f"w2_1_{i % 4 + 1}*a1_{i % 4 + 1}*{i}" for i in range(120)) for _ in range(2000)
        ),
    )
    yield Heavy(
        "what follows in a long chain",
        SMALL,
        "txt",
        lambda number: filled(
            f"z2_1@{i % 8} = {next(number)}\nyhat@{i % 8} = sigma(z2_1@{i % 8}) = {next(number)}\ndelta2_1@{i % 8} = yhat@{i % 8} - t = {next(number)}"
            for i in range(50_000)
        ),
    )
    yield Heavy(
        "invented words",
        SMALL,
        "md",
        lambda number: filled(
            f"The value $z^1_{i % 4 + 1}$ is {next(number)} and yhat is {next(number)}." for i in range(50_000)
        ),
    )
