"""Values outside a function's domain: one message that says where and when, and what to change."""

from __future__ import annotations

import json

import pytest

from derive import DeriveError, derive, loads
from derive.render.gradients import gradients_json

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


POWER = """
[graph]
parameters = {parameters}
[graph.values]
w = {w}
x = {x}
[graph.nodes]
n = "{n}"
y = "w^n"
z = "y + 1"
"""


@pytest.mark.parametrize("n", ["x", "x + 0", "1 + 1 + 1"])
@pytest.mark.parametrize(("w", "x", "value", "slope"), [(-2, 3, "-8", "12"), (0, 3, "0", "0"), (-1, 3, "-1", "3")])
def test_a_power_of_a_negative_number(n: str, w: int, x: int, value: str, slope: str) -> None:
    """Defined for a whole exponent, and so is the derivative by the base; by the exponent there is none."""
    network = loads(POWER.format(parameters='["w"]', w=w, x=x, n=n))
    result = derive(network)
    assert (result.values()["y"], result.gradient("w").value) == (value, slope)
    assert all(result.notes(style=style) for style in ("graph", "routes"))
    sample = json.loads(gradients_json(network))["iterations"][0]["samples"][0]
    assert sample["gradients"].keys() - {"x"} == {"w", "y", "z"}


@pytest.mark.parametrize("n", ["x", "x + 1"])
def test_the_derivative_by_its_exponent_is_refused_where_it_is_asked_for(n: str) -> None:
    error = refusal(POWER.format(parameters='["w", "x"]', w=-2, x=3, n=n))
    assert error.problem == "its derivative by n: ln of -2 has no real value"
    assert "parameters" in error.hint


def test_whole_exponents_in_the_data() -> None:
    rows = "".join(f"[[data]]\nx = {x}\n" for x in (3, 2, 0, -1))
    result = derive(loads(f'[graph]\nparameters = ["w"]\n[graph.values]\nw = -2\n[graph.nodes]\ny = "w^x"\n{rows}'))
    assert result.gradient("w").exact == (12 - 4 + 0 + -0.25) / 4


def test_an_exponent_that_is_no_whole_number_stays_refused() -> None:
    error = refusal(POWER.format(parameters='["w"]', w=-2, x='"2/3"', n="x"))
    assert "a power of -2 with an exponent that is no whole number" in error.problem


def test_a_network_whose_own_loss_is_a_power() -> None:
    text = """
[network]
inputs = 1
loss = {name = "own", expression = "(yhat1 - 1)^t1"}
[[network.layers]]
units = 1
weights = 0
[[data]]
x = [1]
t = [2]
"""
    assert derive(loads(text)).gradient("b1_1").value == "-2"
