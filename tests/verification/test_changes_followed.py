"""New values that are worked from a change as it was written; the numbers are worked here."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[graph]
output = "E"
parameters = ["w", "v"]
[graph.values]
x = 0.627
w = 1.4
v = 0.5
[graph.nodes]
y = "w*x + v"
E = "0.2354*y - 0.3*y"
[training]
learning_rate = 0.7
"""
# dE/dw = -0.0646*0.627 = -0.0405, and 0.7*0.0405042 = 0.02835


def verdicts(claims: str) -> list[list[str]]:
    lines: dict[int, list[str]] = {}
    for one in Examiner(loads(SPEC)).examine(claims, "text").judgements:
        lines.setdefault(one.line, []).append(one.verdict)
    return list(lines.values())


@pytest.mark.parametrize("rate", ["0.7 * 0.04", "0.7 * 0.04 + 0 * 0"])
@pytest.mark.parametrize("update", ["w = w + Δw = 1.4 + 0.0280 = 1.4280", "w = 1.4 + 0.0280 = 1.4280"])
def test_a_change_that_was_rounded_early_is_added_as_it_was_written(rate: str, update: str) -> None:
    change, new = verdicts(f"dE/dw = -0.04\nΔw = {rate} = 0.0280\n{update}\n")[1:]
    assert {*change, *new} <= {"holds", "rounding"}


@pytest.mark.parametrize(
    "update", ["w = 1.4 + 0.0250 = 1.4250", "w = 1.4 - 0.0280 = 1.3720", "w = 1.5 + 0.0280 = 1.5280"]
)
def test_another_number_is_wrong(update: str) -> None:
    assert "wrong" in verdicts(f"dE/dw = -0.04\nΔw = 0.7 * 0.04 = 0.0280\n{update}\n")[-1]


def test_nothing_is_excused_that_no_line_said() -> None:
    assert "wrong" in verdicts("w = 1.4 + 0.0280 = 1.4280\n")[-1]


def test_a_new_value_follows_from_a_wrong_change() -> None:
    change, new = verdicts("Δw = 0.7 * 0.0405 = 0.0484\nw = w + Δw = 1.4 + 0.0484 = 1.4484\n")
    assert "wrong" in change and "wrong" not in new and "follows" in new


def test_the_gradient_does_not_follow_from_the_change() -> None:
    found = verdicts("Δw = 0.0484\ndE/dw = -0.0691\n")
    assert found[-1] == ["wrong"]
