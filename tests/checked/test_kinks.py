"""Kinks at 0 and elsewhere: the gradients of a run against a second program, and the convention on every kink."""

from __future__ import annotations

import json

import pytest

from derive import network, specification
from derive.errors import DeriveError
from derive.render.gradients import gradients_json
from tests.checked.test_reference import compare, report
from tests.support.kinks import GRAPH, LAYERED, graphs, layered

SPECS = [*layered(), *graphs()]


@pytest.mark.parametrize("text", SPECS, ids=range(len(SPECS)))
def test_gradients_are_those_of_the_reference(text: str) -> None:
    """On kinks and beside them, with every convention, to 30 digits."""
    compare(report(text, 30), text, 30)


def gradient(values: str, nodes: str, by: str, at_zero: str = "0") -> str:
    text = GRAPH.format(values=values, nodes=nodes, at_zero=at_zero)
    report: dict = json.loads(gradients_json(network.build(specification.loads(text)), 12))
    return report["iterations"][0]["gradients"][by]["value"]


@pytest.mark.parametrize(
    ("values", "node", "at_zero", "slope"),
    [
        ("x = 0.1\ny = 0.2", "hard_sigmoid(10*(x + y))", '"1/2"', "0.833333333333"),  # 10/12: on 3 by exact decimals
        ('x = "sqrt(2)"\ny = 1', "hard_swish(x*x + 1)*y", "0", "2.82842712475"),  # 2√2 · 1
        ('x = "sqrt(2)"\ny = 1', "hard_swish(x*x + 1)*y", "1", "4.24264068712"),  # 2√2 · 3/2
        ('x = "sqrt(2)"\ny = 1', "max(x*x, 2)*y", "0", "1.41421356237"),  # half of 2√2
        ('x = "ln(3)"\ny = 1', "hard_tanh(exp(x), -3, 3)*y", "0", "0"),
        ('x = "ln(3)"\ny = 1', "hard_tanh(exp(x), -3, 3)*y", "1", "3"),
        ('x = "sqrt(2)"\ny = 1', "hard_tanh(x, -1, sqrt(2))*y", '"1/2"', "0.5"),
        ("x = 2\ny = 1", "relu6(3*relu(x - 2) + 6)*y", "1", "3"),  # one kink inside another
        ("x = 2\ny = 1", "relu6(3*relu(x - 2) + 6)*y", '"1/2"', "0.75"),
    ],
)  # fmt: skip
def test_on_a_kink_by_exact_arithmetic(values: str, node: str, at_zero: str, slope: str) -> None:
    """Numbers that are no decimals, or come to a kink by sums, stand on it exactly."""
    assert gradient(values, f'f = "{node}"', "x", at_zero) == slope


def test_just_beside_a_kink_there_is_no_convention() -> None:
    beside = "0." + 60 * "9"
    assert gradient(f"x = 2{beside[1:]}\ny = 1", 'f = "hard_sigmoid(x)*y"', "x") == "0.166666666667"
    assert gradient("x = 3" + ".".ljust(60, "0") + "1\ny = 1", 'f = "hard_sigmoid(x)*y"', "x", "1") == "0"


@pytest.mark.parametrize("name", ["clip", "hard_tanh"])
def test_bounds_in_the_wrong_order_are_told(name: str) -> None:
    text = GRAPH.format(values="x = 1\nlo = 2\nhi = 2", nodes=f'f = "{name}(x, lo, hi)"', at_zero="0")
    with pytest.raises(DeriveError, match=f"{name} with the lower bound 2 needs a greater upper bound"):
        gradients_json(network.build(specification.loads(text)), 12)


def test_sequential_updates_on_a_kink() -> None:
    """The recursion, which is the second opinion there, keeps to the convention, too."""
    text = LAYERED.format(activation='"hard_sigmoid"', bias="0.1", at_zero="1")
    text = text.replace("[conventions]", '[conventions]\nupdate_order = "sequential"')
    assert json.loads(gradients_json(network.build(specification.loads(text)), 12))["iterations"]
