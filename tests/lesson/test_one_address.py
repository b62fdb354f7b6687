"""What an update gives is what the next iteration begins with: one number, printed once and for all with the same digits."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

import derive
from derive.lesson.quantity import Quantity, one_address

LAYERS = [
    {"units": 2, "activation": "sigmoid", "weights": [["0.15", "0.2"], ["0.25", "0.3"]], "biases": ["0.35", "0.35"]},
    {"units": 1, "activation": "sigmoid", "weights": [["0.4", "0.45"]], "biases": ["0.6"]},
]
WRITTEN = re.compile(
    r"(?:=|\\approx) ?-?([0-9]+\.[0-9]{3,})(?= ?(?:\\\\|\$|\n))"
    r"|\| \$-?([0-9]+\.[0-9]{3,})(?=\$ \|(?: \$[^$|]*\$ \|)?\n)"
)
"""A result, or a new value in one of the last two columns of a table; in what is put in more digits may be needed."""


def spec(numbers: dict[str, Any], optimizer: str) -> dict[str, Any]:
    return {
        "network": {"inputs": 2, "loss": "half_squared_error", "layers": LAYERS},
        "data": [{"x": ["0.05", "0.1"], "t": ["0.01"]}],
        "training": {"learning_rate": 100, "iterations": 3, "optimizer": optimizer},
        "numbers": numbers,
    }


@pytest.mark.parametrize("style", ["graph", "delta", "matrix"])
@pytest.mark.parametrize("optimizer", ["momentum", "sgd"])
@pytest.mark.parametrize("numbers", [{}, {"decimals": 3}, {"decimals": 6}])
def test_no_new_value_has_two_roundings(numbers: dict[str, Any], optimizer: str, style: str) -> None:
    """In full precision: every result of the page that may be such a number is written in one way."""
    result = derive.derive(derive.load(spec(numbers, optimizer)), digits=30)
    text = result.notes(style=style)
    page = text.partition("## Common mistakes")[0]  # where wrong numbers stand, too
    shown = {first or second for first, second in WRITTEN.findall(page)}
    names = ("w1_2_2", "w2_1_1", "v_w1_2_2", "v_b2_1")
    several = 0
    for k in (1, 2):
        now = {**result.updated(k), **(result.states(k) if optimizer == "momentum" else {})}
        for name in names:
            if name in now:
                true = abs(Fraction(str(now[name])))
                written = {one for one in shown if fits(one, true)}
                assert len(written) <= 1, (name, k, written)
                several += len(written)
    assert several  # the page has such numbers


def fits(written: str, true: Fraction) -> bool:
    """Whether a decimal is this number rounded, with three significant digits or more."""
    whole, decimals = written.split(".")
    half = Fraction(1, 2 * 10 ** len(decimals))
    return len((whole + decimals).lstrip("0")) >= 3 and abs(Fraction(written) - true) <= half


@pytest.mark.parametrize(
    ("given", "one"),
    [
        (Quantity("state", "v_w", 2), Quantity("new_state", "v_w", 1)),
        (Quantity("value", "w", 1, 3), Quantity("updated", "w", 0)),
        (Quantity("value", "w", 0), Quantity("value", "w", 0)),
        (Quantity("value", "w", -1), Quantity("value", "w", -1)),
        (Quantity("value", "x", 2), Quantity("value", "x", 2)),  # data, and what is not trained
        (Quantity("state", "v_w", 0), Quantity("state", "v_w", 0)),
        (Quantity("gradient", "w", 1), Quantity("gradient", "w", 1)),
    ],
)
def test_which_addresses_are_one(given: Quantity, one: Quantity) -> None:
    assert one_address(given, {"w"}) == one
