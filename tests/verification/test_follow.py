"""What a line follows from: wrong given numbers, wrong derivatives between inner nodes, numbers written once more."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import build
from derive.specification import load, loads
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

GRAPH = """
[graph]
output = "L"
[graph.values]
w = 2
b = -0.5
x = 3
y = 4
[graph.nodes]
z = "w*x + b"
p = "sin(z)"
q = "z^2/10"
h = "p*q"
L = "(h - y)^2/2"
"""


@cache
def examiner(name: str) -> Examiner:
    return Examiner(build(loads(GRAPH) if name == "graph" else load(ROOT / "examples" / f"{name}.toml")))


def verdicts(name: str, *lines: str) -> list[tuple[str, int | None]]:
    found = examiner(name).examine("\n".join(lines)).judgements
    return [(judgement.verdict, judgement.follows_from) for judgement in found]


CASES = [
    # A given number that was copied wrongly
    ("pass_or_fail", ("eta = 0.1", "w2_11' = 0.0881 + 0.1*0.405 = 0.1286"), 2),
    ("pass_or_fail", ("w1_11 = 0.1798", "z1_1 = 0.1798*7 + 0.0437*8 + 0.0096*10 = 1.7042"), 2),
    ("pass_or_fail", ("w1_11 = 0.1798", "z1_1 = 1.7042"), 1),
    ("pass_or_fail", ("x3 = 1", "dE/dw1_43 = 0.00456*1"), 1),
    # A wrong derivative between inner nodes, written once more in the calculation
    ("pass_or_fail", ("dyhat/dw2_11 = 0.4404", "dE/dw2_11 = -1.92*0.4404 = -0.8456"), 2),
    ("pass_or_fail", ("dyhat/dz1_4 = -0.01011", "delta1_4 = -1.92*(-0.01011) = 0.01941"), 2),
    ("graph", ("dh/dz = 3.025*0.7087", "dL/dz = -6.134*2.144 = -13.15", "dL/dw = -13.15*3 = -39.45"), 4),
    ("graph", ("dh/dz = 2.144", "dL/dz = dL/dh*dh/dz = -6.134*2.144"), 1),
]


@pytest.mark.parametrize(("name", "lines", "count"), CASES)
def test_follows(name: str, lines: tuple[str, ...], count: int) -> None:
    """The last relations follow from the first line, the first of all is wrong."""
    found = verdicts(name, *lines)
    assert found[0] == ("wrong", None)
    assert [verdict for verdict, _ in found[-count:]] == ["follows"] * count


@pytest.mark.parametrize(
    "lines",
    [
        ("dyhat/dw2_11 = 0.4404", "dE/dw2_11 = 1.92*0.4404"),
        ("dyhat/dw2_11 = 0.4404", "dE/dw2_12 = -1.92*0.4404"),
        ("w1_11 = 0.1798", "z1_1 = 0.1798*8 + 0.0437*8 + 0.0096*10"),
        ("eta = 0.1", "w2_11' = 0.0881 - 0.1*0.405"),
        ("w1_11' = 0.9", "w1_11 = 0.9 - 0.5*0.0362"),
    ],
)
def test_a_second_mistake_does_not_follow(lines: tuple[str, ...]) -> None:
    assert [verdict for verdict, _ in verdicts("pass_or_fail", *lines)] == ["wrong", "wrong"]
