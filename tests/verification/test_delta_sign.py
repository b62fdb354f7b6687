"""δ with the other sign: held where a whole file has it so, wrong where the story breaks."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from tests.verification.test_own_names import A1, DELTA1, DELTA2, EXAMINER

NOTE = "δ is read as the negative of the derivative."
OTHER = f"delta2_1 = t - yhat = {-DELTA2:.4f}\n"
NEW = f"w2_11' = w2_11 + eta*delta2_1*a1_1 = {0.6 - 0.1 * DELTA2 * A1[0]:.4f}\n"
BACK = f"delta1_1 = delta2_1*w2_11*a1_1*(1 - a1_1) = {-DELTA1[0]:.4f}\n"
GRADIENT = f"dE/dw2_11 = -delta2_1*a1_1 = {DELTA2 * A1[0]:.4f}\n"


def lines_wrong(text: str, examiner: Examiner = EXAMINER) -> list[object]:
    claims = examiner.examine(text).claims
    return sorted({claim["line"] for claim in claims if claim["verdict"] in ("wrong", "follows")}, key=str)


@pytest.mark.parametrize(
    "text",
    [
        OTHER + NEW,
        OTHER + BACK + GRADIENT,
        OTHER + BACK + NEW + f"w1_11' = w1_11 + eta*delta1_1*x1 = {0.2 - 0.1 * DELTA1[0] * 1.5:.4f}",
        BACK + OTHER + NEW,
        f"delta2_1 = {-DELTA2:.4f}\n" + NEW,
        f"delta2_1 = {-DELTA2:.4f}\nw2_11' = 0.6 + 0.1*{-DELTA2:.4f}*{A1[0]:.4f} = {0.6 - 0.1 * DELTA2 * A1[0]:.4f}",
        f"{OTHER}dE/dw2_11 = {DELTA2:.4f}*{A1[0]:.4f} = {DELTA2 * A1[0]:.4f}",
        GRADIENT,
        NEW,
        OTHER + f"w2_11 = w2_11 + eta*delta2_1*a1_1 = {0.6 - 0.1 * DELTA2 * A1[0]:.4f}",
        f"delta2 = t - yhat\nδ_o = {-DELTA2:.4f}\ndelta1 = (W2^T*delta2)*a1*(1 - a1)\n" + NEW,
    ],
)
def test_the_other_sign_throughout(text: str) -> None:
    assert lines_wrong(text) == []
    notes = [str(claim["note"]) for claim in EXAMINER.examine(text).claims]
    assert any(NOTE in note or "is read as -delta2_1" in note for note in notes)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (OTHER + GRADIENT + f"dE/dw2_12 = delta2_1*a1_2 = {DELTA2 * A1[1]:.4f}", [3]),
        (OTHER + NEW + f"delta2_1 = {-DELTA2 + 0.05:.4f}", [3]),
        (OTHER + NEW + BACK + f"delta1_2 = {DELTA1[1]:.4f}", [4]),
        (OTHER + NEW + "b2_1' = b2_1 - eta*delta2_1", [3]),
        (OTHER + NEW.replace("= 0.6", "= 0.5"), [2]),
        # one slip in a file that has the plain sign
        (f"{OTHER}dE/dw2_11 = delta2_1*a1_1 = {-DELTA2 * A1[0]:.4f}", [1, 2]),
        (OTHER, [1]),
        (f"delta2_1 = {-DELTA2:.4f}", [1]),
        (f"delta2_1 = yhat - t = {DELTA2:.4f}\n{NEW}", [2]),
        (f"dE/dw2_11 = -delta2_1*a1_1 = {-DELTA2 * A1[0]:.4f}", [1]),
        (f"delta2_1 = {DELTA2:.4f}\ndE/dw2_11 = delta2_1*a1_1\n{GRADIENT}", [3]),
    ],
)
def test_where_the_story_breaks(text: str, wrong: list[int]) -> None:
    assert lines_wrong(text) == wrong


def test_what_is_expected_does_not_call_it_delta() -> None:
    """To the writer δ is something else there."""
    claims = EXAMINER.examine(OTHER + GRADIENT + "dE/dw2_12 = delta2_1*a1_2").claims
    assert claims[-1]["expected"] == "dE/dz2_1*a1_2"


GRAPH = Examiner(
    loads(
        """
title = "One hidden unit"
[graph]
output = "L"
parameters = ["w1", "w5"]
[graph.values]
x = 0.5
t = 1
w1 = 0.4
w5 = 0.3
[graph.nodes]
z_h = "w1*x"
h = "sigmoid(z_h)"
z_o = "w5*h"
y = "sigmoid(z_o)"
L = "(y - t)^2/2"
[training]
learning_rate = 0.5
"""
    )
)


def test_in_a_graph() -> None:
    text = "δ_o = (t - y)*y*(1 - y)\nδ_h = δ_o*w5*h*(1 - h)\nw5' = w5 + 0.5*δ_o*h\nw1' = w1 + 0.5*δ_h*x\n"
    assert lines_wrong(text, GRAPH) == []
    assert lines_wrong(text + "w1' = w1 - 0.5*δ_h*x", GRAPH) == [5]
    assert lines_wrong(text.replace("(t - y)", "(y - t)").replace("+", "-"), GRAPH) == []
