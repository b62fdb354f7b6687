r"""Adjoints that are added to themselves: ``\bar a = \bar a + …``; the numbers are worked here."""

from __future__ import annotations

from math import cos, exp, sin

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[graph]
output = "y"
[graph.values]
a = 0.7
b = 1.3
[graph.nodes]
c = "a*b"
d = "sin(c)"
e = "exp(a)"
f = "d + e"
y = "f*a"
"""
A, B = 0.7, 1.3
D, E = sin(A * B), exp(A)
F = D + E
C_BAR = A * cos(A * B)
FIRST, SECOND, THIRD = F, F + A * E, F + A * E + C_BAR * B


def text(first: float = FIRST, second: float = SECOND, third: float = THIRD, of_c: str = "b") -> str:
    """The trace in rows of a table, with values of its own."""
    return rf"""
\begin{{tabular}}{{lll}}
$\bar f = \bar y \frac{{\partial y}}{{\partial f}}$ & $= \bar y \times a$ & $= 0.7$ \\
$\bar a = \bar y \frac{{\partial y}}{{\partial a}}$ & $= \bar y \times f$ & $= {first:.4f}$ \\
$\bar a = \bar a + \bar e \frac{{\partial e}}{{\partial a}}$ & $= \bar a + \bar e \times e$ & $= {second:.4f}$ \\
$\bar a = \bar a + \bar c \frac{{\partial c}}{{\partial a}}$ & $= \bar a + \bar c \times {of_c}$ & $= {third:.4f}$ \\
\end{{tabular}}
"""


def verdicts(claims: str) -> dict[int, list[str]]:
    found = Examiner(loads(SPEC)).examine(claims, "latex")
    lines: dict[int, list[str]] = {}
    for judged in found.judgements:
        lines.setdefault(judged.line, []).append(judged.verdict)
    return lines


def test_each_sum_is_one_of_the_parts_so_far() -> None:
    found = verdicts(text())
    assert sorted(found) == [3, 4, 5, 6]
    assert {one for line in found.values() for one in line} <= {"holds", "rounding"}


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        (4, text(first=FIRST + 0.2)),
        (5, text(second=SECOND - 0.3)),
        (6, text(third=THIRD + 0.1)),
        (6, text(third=THIRD - FIRST)),
        (6, text(of_c="c")),
    ],
)
def test_a_wrong_part_or_sum_is_wrong(line: int, changed: str) -> None:
    found = verdicts(changed)
    assert "wrong" in found[line]
    assert all("wrong" not in verdicts_ for other, verdicts_ in found.items() if other != line)


def test_a_parameter_that_changes_is_no_sum_of_parts() -> None:
    found = verdicts("$y = y + 1 = 2.5$\n")
    assert "wrong" in found[1]
