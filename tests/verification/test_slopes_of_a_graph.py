"""Names for the derivatives of a graph that only their numbers explain; the numbers are worked here."""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[graph]
output = "Loss"
parameters = ["w1", "w2", "w3"]
[graph.values]
x = 0.8
w1 = 0.5
w2 = -0.4
w3 = 1.1
t = 1
[graph.nodes]
N1in = "w1*x"
N1out = "1/(1 + exp(-N1in))"
N2in = "w2*x"
N2out = "1/(1 + exp(-N2in))"
N3in = "w3*N1out + N2out"
N3out = "1/(1 + exp(-N3in))"
Loss = "(t - N3out)^2/2"
[training]
learning_rate = 0.1
"""
N1, N2 = 1 / (1 + exp(-0.4)), 1 / (1 + exp(0.32))
N3 = 1 / (1 + exp(-(1.1 * N1 + N2)))
D3 = (1 - N3) * N3 * (1 - N3)
D1, D2 = D3 * 1.1 * N1 * (1 - N1), D3 * N2 * (1 - N2)


def verdicts(claims: str, kind: str = "text") -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for one in Examiner(loads(SPEC)).examine(claims, kind).judgements:  # type: ignore[arg-type]
        found.setdefault(one.line, set()).add(one.verdict)
    return found


def text(name: str, d1: float = D1, d2: float = D2, d3: float = D3) -> str:
    name1, name2, name3 = (name.format(i) for i in (1, 2, 3))
    return (
        f"{name3} = (1 - {N3:.5f}) * {N3:.5f} * (1 - {N3:.5f}) = {d3:.5f}\n"
        f"{name1} = {D3:.5f} * 1.1 * {N1:.5f} * (1 - {N1:.5f}) = {d1:.5f}\n"
        f"{name2} = {D3:.5f} * {N2:.5f} * (1 - {N2:.5f}) = {d2:.5f}\n"
    )


NAMES = ["δN{}", "e{}", "e_{}", "g_{}", "errN{}", "SIG{}"]


@pytest.mark.parametrize("name", NAMES)
def test_a_family_with_the_results_of_derivatives_is_one_of_them(name: str) -> None:
    found = verdicts(text(name))
    assert len(found) == 3
    assert all(line <= {"holds", "rounding"} for line in found.values())


@pytest.mark.parametrize("name", NAMES)
def test_one_of_them_with_another_number_is_wrong(name: str) -> None:
    found = verdicts(text(name, d2=D2 + 0.004))
    assert "wrong" in found[3] and not {"wrong", "follows"} & (found[1] | found[2])


def test_gradients_with_the_other_sign() -> None:
    lines = [f"GRADw{i} = {d:.5f} * 0.8 = {d * 0.8:.5f}" for i, d in ((1, D1), (2, D2))]
    assert all(line <= {"holds", "rounding"} for line in verdicts("\n".join(lines)).values())
    lines[1] = f"GRADw2 = {D2:.5f} * 0.8 = {D2 * 0.9:.5f}"
    found = verdicts("\n".join(lines) + f"\nGRADw3 = {D3:.5f} * {N1:.5f} = {D3 * N1:.5f}")
    assert "wrong" in found[2] and "wrong" not in found[1] | found[3]


def test_most_numbers_have_to_be_those_of_the_family() -> None:
    found = verdicts(text("e{}", d1=D1 + 0.01, d2=D2 + 0.01))
    assert all("unreadable" in line for line in found.values())
