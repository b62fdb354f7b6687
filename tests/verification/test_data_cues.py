"""Samples that are said by what is in them; the numbers are worked here."""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[graph]
output = "E"
parameters = ["w"]
[graph.values]
w = 0.7
[graph.nodes]
s = "w*x_1 - 0.2"
y = "1/(1 + exp(-s))"
E = "(y - t)^2"
[[data]]
x_1 = 0.5
t = 1
[[data]]
x_1 = -2
t = 0
[[data]]
x_1 = -2
t = 1
[training]
learning_rate = 0.1
reduction = "sum"
"""
FIRST, SECOND = 1 / (1 + exp(-0.15)), 1 / (1 + exp(1.6))
HEADS = [
    ("x_1 = 0.5:", "x_1 = -2, t = 0:"),
    ("**For x_1 = 0.5, t = 1:**", "**For x_1 = -2 and t = 0:**"),
    ("- $x_{1} = 0.5$, $t = 1$", "- $x_{1} = -2$, $t = 0$"),
    ("When x_1 = 0.5,", "When x_1 = −2; t = 0:"),
]


def verdicts(claims: str) -> list[str]:
    return [one.verdict for one in Examiner(loads(SPEC)).examine(claims, "markdown").judgements]


def text(heads: tuple[str, str], first: float = FIRST, second: float = SECOND) -> str:
    return (
        f"{heads[0]}\n\ns = 0.7*0.5 - 0.2 = 0.15\n\ny = 1/(1 + e^-0.15) = {first:.4f}\n\n"
        f"{heads[1]}\n\ns = 0.7*(-2) - 0.2 = -1.6\n\ny = 1/(1 + e^1.6) = {second:.4f}\n"
    )


@pytest.mark.parametrize("heads", HEADS)
def test_what_stands_in_a_row_says_it(heads: tuple[str, str]) -> None:
    assert set(verdicts(text(heads))) == {"holds"}


@pytest.mark.parametrize("heads", HEADS)
def test_a_wrong_number_is_wrong(heads: tuple[str, str]) -> None:
    assert "wrong" in verdicts(text(heads, first=FIRST + 0.02))
    assert "wrong" in verdicts(text(heads, second=SECOND + 0.02))


def test_the_value_of_another_row_is_wrong_below_a_colon() -> None:
    assert "wrong" in verdicts(f"x_1 = 0.5:\ny = {SECOND:.4f}\n")


def test_what_two_rows_have_says_none() -> None:
    assert "unreadable" in verdicts("x_1 = -2:\n\nE = 0.6920\n")


def test_sums_over_all_rows_may_follow() -> None:
    slope = sum(2 * (y - t) * y * (1 - y) * x for y, t, x in ((FIRST, 1, 0.5), (SECOND, 0, -2), (SECOND, 1, -2)))
    found = verdicts(text(HEADS[0]) + f"\n\ndE/dw = {slope:.4f}\n")
    assert set(found) == {"holds"}
    assert "wrong" in verdicts(text(HEADS[0]) + f"\n\ndE/dw = {slope + 0.1:.4f}\n")
