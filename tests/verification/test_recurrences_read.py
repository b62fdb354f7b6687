"""A recurrence as books unroll it: the moment in front of a line, and sums over the moments."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

SPEC = """
[graph]
output = "E"
parameters = ["u", "r", "v"]
[graph.values]
x_1 = 1
x_2 = -0.5
s_0 = 0.2
u = 0.7
r = 0.5
v = 0.9
y = 0.1
[graph.nodes]
c_1 = "r*s_0 + u*x_1"
s_1 = "tanh(c_1)"
c_2 = "r*s_1 + u*x_2"
s_2 = "tanh(c_2)"
p = "v*s_2"
E = "1/2*(p - y)^2"
"""
# s_1 = 0.664037, s_2 = -0.017981, dE/ds_2 = -0.104564, dE/ds_1 = -0.052265, dE/dr = -0.075255


@cache
def examiner() -> Examiner:
    return Examiner(build(loads(SPEC)))


def verdicts(text: str, kind: str = "markdown") -> list[str]:
    found = examiner().examine(text, kind)  # type: ignore[arg-type]
    assert not found.not_read
    return [judgement.verdict for judgement in found.judgements]


@pytest.mark.parametrize(
    "label",
    ["t = 1: ", "t=1: ", "$t = 1$: ", "**t = 1:** ", "- t = 1: ", "At t = 1: ", "Time step t = 1: ", "(t = 1): "],
)
def test_the_moment_in_front(label: str) -> None:
    assert verdicts(label + r"$s_1 = \tanh(0.5 \cdot 0.2 + 0.7 \cdot 1) = 0.6640$") == ["holds", "holds"]
    assert verdicts(label + r"$s_1 = \tanh(0.5 \cdot 0.2 + 0.7 \cdot 1) = 0.6460$") == ["holds", "wrong"]


def test_in_plain_text() -> None:
    assert verdicts("t = 1: s_1 = tanh(0.8) = 0.6640\nk=2: s_2 = -0.0180", "text") == ["holds"] * 3
    assert verdicts("t = 1: s_1 = tanh(0.8) = 0.6640\nk=2: s_2 = -0.0810", "text") == ["holds", "holds", "wrong"]


def test_a_quantity_in_front_is_no_label() -> None:
    network = build(loads(SPEC.replace("y = 0.1", "t = 1").replace("p - y", "p - t")))
    found = Examiner(network).examine("t = 2: $s_1 = 0.6640$", "markdown").judgements
    assert "holds" not in {judgement.verdict for judgement in found if "t" in judgement.claim[:3]}


SUM = r"\frac{\partial E}{\partial p}\frac{\partial p}{\partial s_2}\frac{\partial s_2}{\partial s_k}\frac{\partial s_k}{\partial r}"


def test_a_sum_over_moments_takes_each_by_its_own_formula() -> None:
    line = rf"$$\frac{{\partial E}}{{\partial r}} = \sum_{{k=1}}^{{2}} {SUM} = "
    assert verdicts(line + "-0.0753$$") == ["holds", "holds"]
    assert verdicts(line + "-0.0573$$")[1:] == ["wrong"]


def test_the_same_written_out() -> None:
    total = r"$\frac{\partial E}{\partial r} = "
    first = r"\frac{\partial E}{\partial s_1}\frac{\partial s_1}{\partial r}"
    second = r"\frac{\partial E}{\partial s_2}\frac{\partial s_2}{\partial r}"
    assert verdicts(f"{total}{second} + {first} = -0.0753$") == ["holds", "holds"]
    assert verdicts(f"{total}{second} + {first} = -0.0735$")[1:] == ["wrong"]
    assert verdicts(f"{total}{second} - {first}$") == ["wrong"]


@pytest.mark.parametrize("rate", [r"\alpha", r"\epsilon"])
def test_what_a_rate_multiplies_is_no_script_of_its(rate: str) -> None:
    text = rf"""
Update with ${rate} = 0.2$:
\[ v \leftarrow v - {rate} \overline{{v}} = 0.9 - 0.2 \cdot (0.002089) = 0.8996 \]
"""
    spec = SPEC + "[training]\nlearning_rate = 0.2\n"
    right = [one.verdict for one in Examiner(build(loads(spec))).examine(text, "latex").judgements]
    assert set(right) == {"holds"}
    wrong = Examiner(build(loads(spec))).examine(text.replace("0.8996", "0.9896"), "latex").judgements
    assert wrong[-1].verdict == "wrong"
