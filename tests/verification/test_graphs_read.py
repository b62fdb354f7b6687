"""What graphs leave open: local or total derivatives, and values that are fixed."""

from __future__ import annotations

import pytest

from derive.errors import DeriveError
from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

RECURRENT = """
[graph]
output = "L"
parameters = ["w", "u"]
[graph.values]
w = 0.5
u = 0.75
x_1 = 1
x_2 = 0.5
t = 3
[graph.nodes]
h_1 = "w*x_1"
h_2 = "w*x_2 + u*h_1"
r = "h_2 - t"
L = "r^2"
"""


def verdicts(spec: str, text: str) -> list[tuple[str, str | None, str | None]]:
    judgements = Examiner(build(loads(spec))).examine(text).judgements
    return [(judgement.verdict, judgement.expected, judgement.reading) for judgement in judgements]


@pytest.mark.parametrize(
    "text",
    ["dh_2/dw = x_2", "dh_2/dw = 0.5", "∂h_2/∂w = x_2 = 0.5", "dL/dw = dL/dh_2*dh_2/dw + dL/dh_1*dh_1/dw"],
)
def test_a_local_derivative_holds_with_a_note(text: str) -> None:
    found = verdicts(RECURRENT, text)
    assert {(verdict, expected) for verdict, expected, _ in found} == {("holds", None)}
    assert all("local" in (reading or "") for _, _, reading in found)


@pytest.mark.parametrize(
    "text", ["dh_2/dw = x_2 + u*x_1", "dh_2/dw = 1.25", "dh_1/dw = x_1", "dL/dw = dL/dh_2*dh_2/dw"]
)
def test_the_total_derivative_holds_without_one(text: str) -> None:
    assert {(verdict, reading) for verdict, _, reading in verdicts(RECURRENT, text)} == {("holds", None)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dh_2/dw = x_1", "x_2 + dh_2/dh_1*x_1"),
        ("dL/dw = dL/dh_2*x_2", "dL/dh_1*x_1 + dL/dh_2*x_2"),
        ("dh_2/dw = 0.75", "1.25"),
    ],
)
def test_neither_of_them_is_wrong_and_the_total_one_is_expected(text: str, expected: str) -> None:
    (verdict, found, reading), *_ = verdicts(RECURRENT, text)
    assert (verdict, reading) == ("wrong", None)
    assert found is not None
    assert set(found.replace(" ", "").split("+")) == set(expected.replace(" ", "").split("+"))


def test_a_line_with_both_signs_says_which_is_meant() -> None:
    assert verdicts(RECURRENT, "dh_2/dw = ∂h_2/∂w")[0][0] == "wrong"


FIXED = """
[graph]
output = "L"
parameters = ["w"]
{fixed}
[graph.values]
w = 0.5
x = 2
s = 4
t = 3
[graph.nodes]
y = "w*x + s"
L = "(y - t)^2"
"""


@pytest.mark.parametrize(
    ("fixed", "held"),
    [("", {"t"}), ('fixed = ["t"]', {"t"}), ('fixed = ["t", "s"]', {"t", "s"}), ("fixed = []", set())],
)
def test_values_are_fixed_by_default_or_by_their_author(fixed: str, held: set[str]) -> None:
    assert build(loads(FIXED.format(fixed=fixed))).held == held


def test_a_fixed_value_may_be_written_as_its_number() -> None:
    text = "L = (y - sqrt(9))^2\ny = w*x + sqrt(16)"
    found = {fixed: [one[0] for one in verdicts(FIXED.format(fixed=fixed), text)] for fixed in ("", 'fixed = ["s"]')}
    assert found == {"": ["holds", "wrong"], 'fixed = ["s"]': ["wrong", "holds"]}


@pytest.mark.parametrize(
    ("fixed", "problem"),
    [
        ('fixed = ["y"]', r"graph\.fixed\[1\]: 'y' is a node"),
        ('fixed = ["q"]', r"graph\.fixed\[1\]: unknown value 'q'"),
        ('fixed = ["t", "w"]', r"graph\.fixed\[2\]: 'w' is a parameter"),
        ("fixed = 3", r"graph\.fixed"),
    ],
)
def test_what_cannot_be_fixed(fixed: str, problem: str) -> None:
    with pytest.raises(DeriveError, match=problem):
        loads(FIXED.format(fixed=fixed))
