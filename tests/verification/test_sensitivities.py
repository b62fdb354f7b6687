r"""Derivations with sensitivities: functions that say their layer, slopes with a dot, ``W^1(0)`` and ``W^1(1)``, a without a layer."""

from __future__ import annotations

from functools import cache
from math import exp

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = ["p"]
loss = "squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.6], [-0.4]]
biases = [0.2, 0.1]
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.8, -0.3]]
biases = [0.1]
[[data]]
x = [0.5]
t = [1.2]
[training]
learning_rate = 0.2
[notation]
preset = "superscript"
weight = "W"
weighted_input = "n"
activation = "a"
delta = "s"
learning_rate = "\\\\alpha"
loss = "\\\\hat{F}"
"""
A = [1 / (1 + exp(-n)) for n in (0.5, -0.1)]
OUT = 0.8 * A[0] - 0.3 * A[1] + 0.1
E = 1.2 - OUT
S2 = -2 * E
SLOPES = [a * (1 - a) for a in A]
S1 = [SLOPES[0] * 0.8 * S2, SLOPES[1] * -0.3 * S2]


@cache
def examiner() -> Examiner:
    return Examiner(build(loads(SPEC)))


def column(*numbers: float) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(f"{number:.4f}" for number in numbers) + r" \end{bmatrix}"


def row(*numbers: float) -> str:
    return r"\begin{bmatrix} " + " & ".join(f"{number:.4f}" for number in numbers) + r" \end{bmatrix}"


LINES = {
    "start": r"\mathbf{W}^1(0) = \begin{bmatrix} 0.6 \\ -0.4 \end{bmatrix},\ \mathbf{b}^2(0) = \begin{bmatrix} 0.1 \end{bmatrix}",
    "first": r"\mathbf{a}^1 = \mathbf{f}^1(\mathbf{W}^1\mathbf{a}^0 + \mathbf{b}^1) = \mathbf{logsig}\left("
    rf"{column(0.5, -0.1)}\right) = {column(*A)}",
    "second": r"a^2 = f^2(\mathbf{W}^2\mathbf{a}^1 + \mathbf{b}^2) = \mathit{purelin}\left("
    rf"{row(0.8, -0.3)}{column(*A)} + 0.1\right) = {OUT:.4f}",
    "error": rf"e = t - a = 1.2 - {OUT:.4f} = {E:.4f}",
    "rule": r"\dot{f}^2(n) = \frac{d}{dn}(n) = 1",
    "s2": rf"\mathbf{{s}}^2 = -2\dot{{\mathbf{{F}}}}^2(\mathbf{{n}}^2)(\mathbf{{t}} - \mathbf{{a}}) = {S2:.4f}",
    "s1": r"\mathbf{s}^1 = \dot{\mathbf{F}}^1(\mathbf{n}^1)(\mathbf{W}^2)^T\mathbf{s}^2 = "
    r"\begin{bmatrix} (1-a^1_1)(a^1_1) & 0 \\ 0 & (1-a^1_2)(a^1_2) \end{bmatrix}"
    rf"\begin{{bmatrix}} 0.8 \\ -0.3 \end{{bmatrix}}({S2:.4f}) = {column(*S1)}",
    "slope": rf"\dot{{f}}^1(n^1_1) = {SLOPES[0]:.4f}",
    "w2": r"\mathbf{W}^2(1) = \mathbf{W}^2(0) - \alpha\mathbf{s}^2(\mathbf{a}^1)^T = "
    + row(0.8 - 0.2 * S2 * A[0], -0.3 - 0.2 * S2 * A[1]),
    "b1": r"\mathbf{b}^1(1) = \mathbf{b}^1(0) - \alpha\mathbf{s}^1 = " + column(0.2 - 0.2 * S1[0], 0.1 - 0.2 * S1[1]),
}


def verdicts(lines: dict[str, str]) -> list[str]:
    text = "\n".join(rf"\[ {line} \]" for line in lines.values())
    found = examiner().examine(text, "latex")
    assert not found.not_read
    return [judgement.verdict for judgement in found.judgements]


def test_all_of_it_holds() -> None:
    assert set(verdicts(LINES)) <= {"holds", "rounding"}


@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        ("start", "-0.4", "0.4"),
        ("first", f"{A[1]:.4f}", f"{A[1] + 0.02:.4f}"),
        ("first", r"\mathbf{f}^1", r"\mathbf{f}^2"),
        ("second", f"= {OUT:.4f}", f"= {OUT + 0.03:.4f}"),
        ("second", "= f^2(", "= f^1("),
        ("error", f"= {E:.4f}", f"= {-E:.4f}"),
        ("s2", f"= {S2:.4f}", f"= {S2 / 2:.4f}"),
        ("s1", f"{S1[1]:.4f}", f"{-S1[1]:.4f}"),
        ("s1", r"\dot{\mathbf{F}}^1(\mathbf{n}^1)", ""),
        ("slope", f"= {SLOPES[0]:.4f}", f"= {A[0]:.4f}"),
        ("w2", f"{0.8 - 0.2 * S2 * A[0]:.4f}", f"{0.8 + 0.2 * S2 * A[0]:.4f}"),
        ("w2", r"- \alpha", r"+ \alpha"),
        ("b1", f"{0.2 - 0.2 * S1[0]:.4f}", "0.2000"),
    ],
)
def test_what_is_wrong_stays_wrong(line: str, right: str, wrong: str) -> None:
    assert right in LINES[line]
    assert "wrong" in verdicts({**LINES, line: LINES[line].replace(right, wrong)})


def test_one_in_brackets_is_a_factor_where_nothing_counts_so() -> None:
    assert verdicts({"a": r"W^1_{1,1}(1) = 0.6"}) == ["holds"]
    assert verdicts({"a": r"W^1_{1,1}(1) = 0.7"}) == ["wrong"]


def test_layers_of_other_letters() -> None:
    assert verdicts({"a": rf"g^{{[1]}}(n^1_1) = {A[0]:.4f}"}) == ["holds"]
    assert verdicts({"a": rf"g^{{[1]}}(n^1_1) = {A[1]:.4f}"}) == ["wrong"]
    assert verdicts({"a": r"\tanh^2(0.5) = 0.2136"}) == ["holds"]


def test_in_plain_text_with_a_prime_for_the_transposed() -> None:
    plain = Examiner(build(loads(SPEC[: SPEC.index("[notation]")])))
    lines = [
        "W2(0) = [0.8 -0.3]",
        f"a1 = logsig(W1*p + b1) = [{A[0]:.4f}; {A[1]:.4f}]",
        f"e = t - a2 = {E:.4f}",
        f"s2 = -2*(t - a2) = {S2:.4f}",
        f"W2(1) = W2(0) - 0.2*s2*a1' = [{0.8 - 0.2 * S2 * A[0]:.4f} {-0.3 - 0.2 * S2 * A[1]:.4f}]",
    ]
    right = plain.examine("\n".join(lines), "text").judgements
    assert {judgement.verdict for judgement in right} == {"holds"}
    lines[-1] = lines[-1].replace("- 0.2*s2", "+ 0.2*s2")
    assert "wrong" in {judgement.verdict for judgement in plain.examine("\n".join(lines), "text").judgements}


def test_an_output_before_a_bracket_multiplies() -> None:
    plain = Examiner(build(loads(SPEC[: SPEC.index("[notation]")])))

    def found(line: str) -> list[str]:
        return [judgement.verdict for judgement in plain.examine(rf"\[ {line} \]", "latex").judgements]

    assert found(rf"h^{{(1)}}_1(1 - h^{{(1)}}_1) = {SLOPES[0]:.4f}") == ["holds"]
    assert found(rf"f^1 (1 - f^1) = {column(*SLOPES)}")[0] != "wrong"
    assert found(rf"a^{{(1)}} = g^{{(1)}}(z^{{(1)}}) = {column(*A)}") == ["holds", "holds"]
