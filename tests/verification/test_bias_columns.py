r"""Courses whose matrices of weights have the biases in a column: ``\Theta^{(1)} a^{(1)}`` with ``a_0 = 1``, Δ, D and h_Θ(x)."""

from __future__ import annotations

from math import exp, log

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = 2
loss = "binary_cross_entropy"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.4, -0.3], [0.2, 0.7]]
biases = [0.2, -0.5]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.9, -0.6]]
biases = [0.3]
[[data]]
x = [0.5, 2]
t = [0]
[training]
learning_rate = 0.1
[notation]
preset = "bias_unit"
weight = "\\\\Theta"
learning_rate = "\\\\alpha"
loss = "J"
"""
EXAMINER = Examiner(build(loads(SPEC)))


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


Z = (0.4 * 0.5 - 0.3 * 2 + 0.2, 0.2 * 0.5 + 0.7 * 2 - 0.5)
A = [sigma(z) for z in Z]
Z3 = 0.9 * A[0] - 0.6 * A[1] + 0.3
OUT = sigma(Z3)
COST = -log(1 - OUT)
D2 = [0.9 * OUT * A[0] * (1 - A[0]), -0.6 * OUT * A[1] * (1 - A[1])]


def matrix(*rows: list[float]) -> str:
    inside = r" \\ ".join(" & ".join(f"{number:.4f}" for number in row) for row in rows)
    return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"


def ordered(bias: float, *weights: float, last: bool) -> list[float]:
    return [*weights, bias] if last else [bias, *weights]


def text(*, last: bool) -> list[str]:
    first = [ordered(0.2, 0.4, -0.3, last=last), ordered(-0.5, 0.2, 0.7, last=last)]
    by_first = [ordered(d, d * 0.5, d * 2, last=last) for d in D2]
    by_second = ordered(OUT, OUT * A[0], OUT * A[1], last=last)
    second = ordered(0.3, 0.9, -0.6, last=last)
    updated = [old - 0.1 * by for old, by in zip(second, by_second, strict=True)]
    return [
        rf"$\Theta^{{(1)}} = {matrix(*first)}$, $\Theta^{{(2)}} = {matrix(second)}$",
        rf"$z^{{(2)}} = \Theta^{{(1)}} a^{{(1)}} = {matrix([Z[0]], [Z[1]])}$",
        rf"$a^{{(2)}} = g(z^{{(2)}}) = {matrix([A[0]], [A[1]])}$, add $a_0^{{(2)}} = 1$",
        rf"$z^{{(3)}} = \Theta^{{(2)}} a^{{(2)}} = {Z3:.4f}$",
        rf"$a^{{(3)}} = h_\Theta(x) = g(z^{{(3)}}) = {OUT:.4f}$",
        rf"$J(\Theta) = -y \log h_\Theta(x) - (1 - y)\log(1 - h_\Theta(x)) = {COST:.4f}$",
        rf"$\delta^{{(3)}} = a^{{(3)}} - y = {OUT:.4f}$",
        r"$\delta^{(2)} = (\Theta^{(2)})^T \delta^{(3)} .* g'(z^{(2)})$, where $g'(z^{(2)}) = a^{(2)} .* (1 - a^{(2)})$",
        rf"$\delta^{{(2)}} = {matrix([D2[0]], [D2[1]])}$",
        rf"$\Delta^{{(2)}} = \delta^{{(3)}}(a^{{(2)}})^T = {matrix(by_second)}$",
        rf"$\Delta^{{(1)}} = \delta^{{(2)}}(a^{{(1)}})^T = {matrix(*by_first)}$",
        rf"$\frac{{\partial}}{{\partial \Theta^{{(1)}}_{{21}}}} J(\Theta) = D^{{(1)}}_{{21}} = {D2[1] * 0.5:.4f}$",
        rf"$\Theta^{{(2)}} := \Theta^{{(2)}} - \alpha D^{{(2)}} = {matrix(updated)}$",
    ]


def verdicts(lines: list[str]) -> list[tuple[int, str]]:
    found = EXAMINER.examine("\n\n".join(lines), "markdown")
    assert not found.not_read
    return [(judgement.line // 2, judgement.verdict) for judgement in found.judgements]


@pytest.mark.parametrize("last", [False, True])
def test_all_of_it_holds(last: bool) -> None:
    found = verdicts(text(last=last))
    assert {verdict for _, verdict in found} <= {"holds", "rounding"}
    assert {line for line, _ in found} == set(range(13))


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        (0, "0.7000", "0.6000"),
        (1, f"{Z[1]:.4f}", f"{Z[1] + 0.5:.4f}"),
        (3, f"{Z3:.4f}", f"{Z3 - 0.3:.4f}"),
        (4, r"g(z^{(3)})", r"g(z^{(2)}_1)"),
        (5, r"- (1 - y)", r"+ (1 - y)"),
        (5, f"{COST:.4f}", f"{COST / 2:.4f}"),
        (7, r"(\Theta^{(2)})^T \delta^{(3)} .*", r"(\Theta^{(2)})^T \delta^{(3)} +"),
        (8, f"{D2[1]:.4f}", f"{-D2[1]:.4f}"),
        (9, f"{OUT * A[1]:.4f}", f"{OUT * A[1] * (1 - A[1]):.4f}"),
        (10, f"{D2[0] * 2:.4f}", f"{D2[0] * 3:.4f}"),
        (11, f"{D2[1] * 0.5:.4f}", f"{D2[1] * 2:.4f}"),
        (12, r"- \alpha", r"+ \alpha"),
        (12, f"{0.3 - 0.1 * OUT:.4f}", f"{0.3 + 0.1 * OUT:.4f}"),
    ],
)
def test_what_is_wrong_stays_wrong(last: bool, line: int, right: str, wrong: str) -> None:
    lines = text(last=last)
    assert right in lines[line]
    lines[line] = lines[line].replace(right, wrong)
    assert "wrong" in {verdict for at, verdict in verdicts(lines) if at == line}


def test_weights_without_biases_stay_without() -> None:
    plain = [r"$\Theta^{(1)} = \begin{bmatrix} 0.4 & -0.3 \\ 0.2 & 0.7 \end{bmatrix}$"]
    right = [*plain, rf"$z^{{(1)}} = \Theta^{{(1)}} x + b^{{(1)}} = {matrix([Z[0]], [Z[1]])}$"]
    assert {verdict for _, verdict in verdicts(right)} == {"holds"}
    wrong = [*plain, rf"$z^{{(1)}} = \Theta^{{(1)}} x = {matrix([Z[0]], [Z[1]])}$"]
    assert "wrong" in {verdict for _, verdict in verdicts(wrong)}


def test_a_layer_of_no_reading_that_the_file_has() -> None:
    """What is left is judged in the first reading; an error of the program came here."""
    lines = [*text(last=False)[:9], r"$\Delta^{(1)} = \delta^{(2)} (a^{(1)})^T (a^{(3)})^T = 0.5$"]
    assert verdicts(lines)[-1][1] in ("unreadable", "wrong")
