"""Shares of single outputs in the loss, and velocities that are worked out: what follows, and what is expected.

The numbers are worked here.
"""

from __future__ import annotations

from functools import cache

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement

TWO = """
[network]
inputs = ["x1"]
loss = "half_squared_error"
[[network.layers]]
units = 2
weights = [[0.4], [-0.3]]
biases = [0.1, 0.2]
[[data]]
x = [2]
t = [0.5, 0.8]
"""
VELOCITY = """
[network]
inputs = ["x1"]
loss = "half_squared_error"
[[network.layers]]
units = 1
weights = [[0.4]]
biases = [0.1]
[[data]]
x = [2]
t = [2]
[training]
learning_rate = 0.2
iterations = 2
optimizer = {name = "momentum", momentum = 0.9}
"""


@cache
def _examiner(spec: str) -> Examiner:
    return Examiner(loads(spec))


def _judged(text: str, spec: str) -> tuple[Judgement, ...]:
    return _examiner(spec).examine(text).judgements


FIRST, SECOND = (0.9 - 0.5) ** 2 / 2, (-0.4 - 0.8) ** 2 / 2


@pytest.mark.parametrize("total", ["E = E_1 + E_2 = {}", "E = {}", "E_1 + E_2 = {}"])
def test_the_sum_of_wrong_shares_follows_from_the_first_of_them(total: str) -> None:
    text = f"E_1 = {2 * FIRST:.4f}\nE_2 = {2 * SECOND:.4f}\n{total}\n"
    last = _judged(text.format(f"{2 * FIRST + 2 * SECOND:.4f}"), TWO)[-1]
    assert (last.verdict, last.follows_from, last.cause) == ("follows", 1, None)
    assert _judged(text.format("1.9000"), TWO)[-1].verdict == "wrong"


def test_one_wrong_share_is_enough() -> None:
    text = f"E_1 = {FIRST:.4f}\nE_2 = {2 * SECOND:.4f}\nE = {FIRST + 2 * SECOND:.4f}\n"
    last = _judged(text, TWO)[-1]
    assert (last.verdict, last.follows_from) == ("follows", 2)


def test_right_shares_explain_no_wrong_sum() -> None:
    text = f"E_1 = {FIRST:.4f}\nE_2 = {SECOND:.4f}\nE = {2 * FIRST + 2 * SECOND:.4f}\n"
    assert [j.verdict for j in _judged(text, TWO)] == ["holds", "holds", "wrong"]


SLOPE = (0.4 * 2 + 0.1 - 2) * 2


@pytest.mark.parametrize(
    ("typed", "cause"),
    [
        (f"0.9*0 + 0.2*({SLOPE:.1f})", "learning_rate_in_velocity"),
        (f"0.2*({SLOPE:.1f}) = {0.2 * SLOPE:.2f}", "learning_rate_in_velocity"),
        (f"{-SLOPE:.1f}", "gradient_subtracted"),
        ("0.3", None),
    ],
)
def test_a_velocity_that_is_worked_out_is_the_new_one(typed: str, cause: str | None) -> None:
    first = _judged(f"v_w1_1_1 = {typed}\n", VELOCITY)[0]
    assert (first.verdict, first.cause, first.expected) == ("wrong", cause, f"{SLOPE:.1f}")


def test_what_a_velocity_begins_with_holds() -> None:
    text = f"v_w1_1_1 = 0\nv_w1_1_1 = 0.9*0 + ({SLOPE:.1f}) = {SLOPE:.1f}\n"
    assert [j.verdict for j in _judged(text, VELOCITY)] == ["holds"] * 3


TIED = VELOCITY.replace("learning_rate = 0.2", "learning_rate = 0.1")


@pytest.mark.parametrize(
    ("claim", "cause"),
    [
        (f"w1_1_1' = 0.4 - 0.1*(1 - 0.9)*({SLOPE:.1f})", "momentum_averaged"),
        (f"w1_1_1' = 0.4 - 0.1*0.1*({SLOPE:.1f})", "learning_rate_twice"),
        (f"v_w1_1_1 = 0.9*0 + (1 - 0.9)*({SLOPE:.1f})", "momentum_averaged"),
        (f"v_w1_1_1 = 0.9*0 + 0.1*({SLOPE:.1f})", "learning_rate_in_velocity"),
    ],
)
def test_of_two_mistakes_with_one_number_the_typed_one_is_named(claim: str, cause: str) -> None:
    assert _judged(f"{claim}\n", TIED)[0].cause == cause


def test_numbers_of_two_units_that_are_exchanged_are_named_so_in_both_lines() -> None:
    text = "yhat1 = -0.400\nyhat2 = 0.900\n"
    assert [(j.verdict, j.cause) for j in _judged(text, TWO)] == [("wrong", "another_quantity")] * 2
    assert _judged("yhat1 = 0.900\nyhat2 = 0.700\n", TWO)[1].cause != "another_quantity"
