"""Moments in brackets behind names, and rulers: what a text that counts its updates says, and what says nothing."""

from __future__ import annotations

from math import exp, log

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement
from derive.verification.reading import TextKind
from derive.verification.reading.counted import with_moments
from derive.verification.reading.rulers import without_rulers

UNIT = loads(
    """[network]
inputs = ["x1", "x2"]
loss = "binary_cross_entropy"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.3, -0.6]]
biases = [0.15]
[[data]]
x = [1.1, 0.7]
t = [1]
[training]
learning_rate = 0.4
iterations = 2
"""
)
W, B, ETA = [(0.3, -0.6)], [0.15], 0.4
Z, Y, L, D = list[float](), list[float](), list[float](), list[float]()
for k in range(3):
    Z.append(W[k][0] * 1.1 + W[k][1] * 0.7 + B[k])
    Y.append(1 / (1 + exp(-Z[k])))
    L.append(-log(Y[k]))
    D.append(Y[k] - 1)
    W.append((W[k][0] - ETA * D[k] * 1.1, W[k][1] - ETA * D[k] * 0.7))
    B.append(B[k] - ETA * D[k])

TEXT = f"""ONE NEURON, TWO STEPS
=====================
y = sigma(w1*x1 + w2*x2 + b)
x1 = 1.1, x2 = 0.7, t = 1, eta = 0.4
w1(0) = 0.3, w2(0) = -0.6, b(0) = 0.15
--- Iteration 1 ---
z(0) = w1(0)*x1 + w2(0)*x2 + b(0) = {Z[0]:.6f}
y(0) = sigma(z(0)) = {Y[0]:.6f}
L(0) = -ln y(0) = {L[0]:.6f}
dL/dz = y - t = {D[0]:.6f}
w1(1) = w1(0) - 0.4*({D[0] * 1.1:.6f}) = {W[1][0]:.6f}
w2(1) = -0.6 - 0.4*({D[0] * 0.7:.6f}) = {W[1][1]:.6f}
b(1) = b(0) - 0.4*({D[0]:.6f}) = {B[1]:.6f}
Iteration 2
-----------
z(1) = {Z[1]:.6f}
y(1) = {Y[1]:.6f}
L(1) = {L[1]:.6f}
dL/dz = y - t = {D[1]:.6f}
w1(2) = w1(1) - 0.4*({D[1] * 1.1:.6f}) = {W[2][0]:.6f}
w2(2) = w2(1) - 0.4*({D[1] * 0.7:.6f}) = {W[2][1]:.6f}
b(2) = b(1) - 0.4*({D[1]:.6f}) = {B[2]:.6f}
Result
~~~~~~
z(2) = {Z[2]:.6f}
y(2) = {Y[2]:.6f}
L(2) = {L[2]:.6f}
"""


def judged(text: str, kind: TextKind = "text") -> list[Judgement]:
    return list(Examiner(UNIT).examine(text, kind).judgements)


def on(text: str, line: str) -> list[str]:
    """The verdicts on the line that begins so."""
    number = next(i for i, one in enumerate(text.splitlines(), 1) if one.startswith(line))
    return [one.verdict for one in judged(text) if one.line == number]


def squared(text: str) -> str:
    """The same in square brackets."""
    for name in ("w1", "w2", "b", "z", "y", "L"):
        for at in "012":
            text = text.replace(f"{name}({at})", f"{name}[{at}]")
    return text


def from_one(text: str) -> str:
    """The same counted from 1."""
    for at in "210":
        text = text.replace(f"({at})", f"({int(at) + 1})")
    return text


@pytest.mark.parametrize("form", [str, squared, from_one, lambda text: squared(text).replace("[", "^[")])
def test_moments_in_brackets(form: object) -> None:
    text = form(TEXT)  # type: ignore[operator]
    found = judged(text)
    assert {one.verdict for one in found} <= {"holds", "rounding"}, [one for one in found if one.verdict != "holds"]
    assert len(found) > 35


@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        ("z(1)", f"{Z[1]:.6f}", f"{Z[0]:.6f}"),  # of the iteration before
        ("y(0)", f"{Y[0]:.6f}", f"{Y[1]:.6f}"),  # of the one after
        ("y(2)", f"{Y[2]:.6f}", "1"),  # the target is nothing that changes
        ("L(2)", f"{L[2]:.6f}", f"{L[1]:.6f}"),
        ("w1(2)", f"= {W[2][0]:.6f}", f"= {W[1][0]:.6f}"),
        ("x1", "w1(0) = 0.3", f"w1(0) = {W[1][0]:.6f}"),
    ],
)
def test_another_iterations_value_is_wrong(line: str, right: str, wrong: str) -> None:
    at = line if line != "x1" else "w1(0)"
    text = "\n".join(one.replace(right, wrong) if one.startswith(at) else one for one in TEXT.splitlines())
    assert text != TEXT
    assert "wrong" in on(text, at)


def test_plus_in_an_update_is_named() -> None:
    step = B[1] + ETA * D[1]
    text = TEXT.replace(f"b(2) = b(1) - 0.4*({D[1]:.6f}) = {B[2]:.6f}", f"b(2) = b(1) + 0.4*({D[1]:.6f}) = {step:.6f}")
    assert text != TEXT
    wrong = [one for one in judged(text) if one.verdict == "wrong"]
    assert wrong[0].cause == "plus_in_update"
    assert wrong[0].claim.startswith("b(2) = b(1) + 0.4")


@pytest.mark.parametrize(
    "text",
    [
        "f(0) = 1; f(1) = 2",
        "sigma(0) = 0.5, sigma(1) = 0.731",
        "b(1) = 0.5; b(2) = 0.1",  # of two units
        "w[0] = 0.3; w[1] = -0.6",  # the entries of an array
        "z^(1) = 1; z^(2) = 2; w^(1) = 3; w^(2) = 4",  # layers
        "y(1 - y) = 0.25; w(0) = 1",
    ],
)
def test_other_brackets_stay(text: str) -> None:
    assert with_moments(text) == text


@pytest.mark.parametrize("ruler", ["=====", "-----", "- - - -", "~~~~", "*****", "=-=-=-=", "  ______", "────"])
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_a_ruler_says_nothing(ruler: str, kind: TextKind) -> None:
    text = f"Forward\n{ruler}\nz = 0.0600\n{ruler}\nBackward\n{ruler}\ndL/dz = -0.485004\n"
    found = judged(text, kind)
    assert [one.line for one in found if one.verdict != "holds"] == []
    assert len(found) == 2 or ruler == "~~~~"  # a fence of Markdown


@pytest.mark.parametrize("line", ["z = 0.06", "== 0.06", "- 0.06", "--- 3", "x = -", "-----0.5"])
def test_what_has_a_number_is_no_ruler(line: str) -> None:
    assert without_rulers(line) == line


def test_a_heading_between_rulers_still_says_the_iteration() -> None:
    text = f"w1(1) = {W[1][0]:.6f}\n=== Iteration 2 ===\nz = {Z[1]:.6f}\n"
    assert [one.verdict for one in judged(text)] == ["holds", "holds"]
    text = f"=== Iteration 1 ===\nz = {Z[0]:.6f}\n--- Iteration 2 ---\nz = {Z[0]:.6f}\n"
    assert [one.verdict for one in judged(text)] == ["holds", "wrong"]
