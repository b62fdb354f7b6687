"""Values outside a function's domain: one message that says where and when, and what to change."""

from __future__ import annotations

import pytest

from derive import DeriveError, derive, loads

LATE = """
[graph.values]
x = 2
[graph.nodes]
y = "sqrt(x)"
[training]
learning_rate = {rate}
iterations = {iterations}
"""
LATE_SAMPLES = """
[graph.values]
w = 1
[graph.nodes]
y = "ln(w*x)"
[[data]]
x = 1
[[data]]
x = 2
[training]
learning_rate = 3
iterations = 4
"""


def refusal(spec: str) -> DeriveError:
    with pytest.raises(DeriveError) as caught:
        derive(loads(spec))
    return caught.value


@pytest.mark.parametrize("iterations", [1, 2, 5])
def test_after_an_update_the_message_says_which_and_names_the_learning_rate(iterations: int) -> None:
    error = refusal(LATE.format(rate=100, iterations=iterations))
    assert str(error).startswith("<text>: y: sqrt of -33.3553 has no real value (after update 1)")
    assert "smaller learning_rate" in error.hint


def test_later_updates_are_counted() -> None:
    error = refusal(LATE.format(rate=2, iterations=9))
    assert "(after update 3)" in error.problem


def test_the_sample_is_named_beside_the_update() -> None:
    assert "(sample 1, after update 1)" in refusal(LATE_SAMPLES).problem


def test_before_any_update_nothing_is_said_of_updates() -> None:
    error = refusal('[graph.values]\nx = -2\n[graph.nodes]\ny = "sqrt(x)"\n[training]\nlearning_rate = 1')
    assert "update" not in str(error)
    assert "learning_rate" not in str(error)
