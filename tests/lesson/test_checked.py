"""The section on how a document was checked: it says what was done, works a quotient where one can be, says why not."""

from __future__ import annotations

import json
import re

import pytest

from derive import network, specification
from derive.render.document import notes

SEQUENTIAL = '[conventions]\nupdate_order = "sequential"'
LAYERED = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "{activation}"
weights = {weights}
[[network.layers]]
units = 1
weights = [[1, -2]]
[[data]]
x = [1, 2]
t = [1]
[training]
{training}
{more}
"""


def checked(training: str = "learning_rate = 0.1", more: str = "", activation: str = "tanh", show: str = "",
            weights: str = "[[0.3, 0.1], [-0.2, 0.4]]") -> str:  # fmt: skip
    text = LAYERED.format(training=training, more=more, activation=activation, weights=weights)
    return section(text, show.split(",") if show else None)


def details(**spec: str) -> str:
    """What only the document as data says of the check, its words in a row."""
    text = LAYERED.format(**{"training": "learning_rate = 0.1", "more": "", "activation": "tanh",
                             "weights": "[[0.3, 0.1], [-0.2, 0.4]]", **spec})  # fmt: skip
    data = json.loads(notes(network.build(specification.loads(text)), to="json"))
    (found,) = (section for section in data["sections"] if section["key"] == "checked")
    return "".join(value for block in found["details"] for run in block["text"] for value in run.values())


def section(text: str, show: list[str] | None = None) -> str:
    return (
        notes(network.build(specification.loads(text)), show=show)
        .partition("## How this was checked")[2]
        .partition("## ")[0]
    )


def graph(formula: str, values: str, more: str = "") -> str:
    return section(f"[graph.values]\n{values}\n[graph.nodes]\nf = '{formula}'\n{more}")


def test_what_was_compared_is_said() -> None:
    """In three sentences; how it was done stands in the document as data."""
    text = checked()
    assert re.search(
        r"All \$[0-9]+\$ derivatives, those with respect to .*, were also compared .*; they agree to within a relative error of \$10\^\{-[0-9]+\}\$",
        text,
    )
    assert len(re.findall(r"[.:](?:\s|$)", re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL))) <= 4
    assert "random" not in text
    whole = details()
    assert "every derivative" not in whole
    assert "were checked together, at high precision: every quantity was nudged by a random amount" in whole
    assert "The parameters worked in full were also nudged one at a time." in whole
    assert re.search(r"agree to within 10\^\{-[0-9]+\} of the sum of the sizes", whole)


def test_what_was_not_moved_alone_is_not_said_to_be() -> None:
    assert "one at a time" not in details(activation="relu")


def test_the_sequential_order_is_compared_one_by_one() -> None:
    assert "computed a second time by another recursion: they agree" in checked(more=SEQUENTIAL)
    whole = details(more=SEQUENTIAL)
    assert "a different recursion" in whole
    assert "random" not in whole


@pytest.mark.parametrize("more", ["", SEQUENTIAL])
def test_without_a_rate_there_is_no_other_recursion(more: str) -> None:
    text, whole = checked(training="", more=more), details(training="", more=more)
    assert "recursion" not in text + whole
    assert "nudged by a random amount" in whole
    assert "no difference quotient of $E$" not in text


def test_a_quotient_of_the_last_layer_is_worked_in_the_sequential_order() -> None:
    text = checked(more=SEQUENTIAL, show="w1_1_1")
    assert r"\frac{E(w_{11}^{2} + h) - E(w_{11}^{2} - h)}{2h}" in text
    assert "no difference quotient of $E$ can give them" in text
    assert "parameters cost 18 forward passes, or 10 with nudges one way only" in text


def test_a_parameter_that_leaves_no_kink_is_taken() -> None:
    text = checked(activation="relu", weights="[[2, -1], [1, 1]]", show="w1_1_1")
    assert r"E(w_{11}^{1} + h)" not in text
    assert r"+ h) - E(" in text


def test_where_every_quotient_leaves_a_kink_that_is_said() -> None:
    text = graph("relu(x) + x", "x = 0")
    assert "at a kink the slope is a convention, not a limit of quotients" in text
    assert "Difference quotients for one parameter cost 2 forward passes." in text


def test_where_no_step_is_small_enough_that_is_said() -> None:
    assert "no step with readable numbers comes close enough" in graph("sin(10^22*x)", "x = 1")
