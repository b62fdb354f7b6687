"""``--show all``: every parameter in full, up to a limit."""

from __future__ import annotations

import re

import pytest

from derive import lesson
from derive.api import loads
from derive.errors import DeriveError
from derive.lesson import MAX_SHOWN, shown_parameters
from derive.naming.notation import Notation
from derive.verification.examine import Examiner
from tests.support.lesson.documents import notes
from tests.support.repository import ROOT

WIDE = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 9
activation = "tanh"
weights = {random = "uniform", low = -1, high = 1, decimals = 2, seed = 1}
[[network.layers]]
units = 1
weights = {random = "uniform", low = -1, high = 1, decimals = 2, seed = 2}
biases = false
[[data]]
x = [1, -2]
t = [1]
[training]
learning_rate = 0.1
"""
SPECS = {"wide": WIDE} | {
    name: (ROOT / "examples" / f"{name}.toml").read_text(encoding="utf-8") for name in ("conv1d", "mazur", "fan_out")
}


@pytest.mark.parametrize("name", SPECS)
def test_every_parameter_is_worked_in_full(name: str) -> None:
    network = loads(SPECS[name])
    notation = Notation.of(network.spec, network.names)
    for style in lesson.styles_of(network):
        text = notes(network, to="latex", style=style, show=["all"])
        if style != "matrix":  # there the gradients are entries of matrices
            for parameter in network.parameters:
                slope = notation.derivative(notation.tex(network.output), notation.tex(parameter))
                assert re.search(re.escape(slope) + r"[^\n]*\s*&=", text), (style, parameter)
        found = Examiner(network).examine(text, "latex").judgements
        assert [j.claim for j in found if not j.holds] == []


def test_all_units_of_a_wide_layer_are_worked() -> None:
    network = loads(WIDE)
    for unit in range(1, 10):
        assert f"a^{{1}}_{{{unit}}} &= \\tanh" in notes(network, to="latex", show=["all"])
    assert "a^{1}_{9} &= \\tanh" not in notes(network, to="latex", show=["w1_1_1"])


def test_too_many_are_a_message_that_says_how_many_may_be() -> None:
    network = loads(WIDE.replace("units = 9", "units = 51"))
    with pytest.raises(DeriveError, match=f"the example has 204 parameters, and at most {MAX_SHOWN}") as raised:
        shown_parameters(network, ["all"])
    assert raised.value.hint == "name those that you want"
    assert len(shown_parameters(loads(WIDE.replace("units = 9", "units = 50")), ["all"])) == 200


def test_a_quantity_may_be_called_all() -> None:
    network = loads('[graph]\nvalues = {all = 2, x = 3}\nnodes = {f = "all*x"}\n')
    assert shown_parameters(network, ["all"]) == ("all",)
