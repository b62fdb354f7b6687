"""Worked examples from the literature give their published numbers, digit by digit as they were printed.

The specs stand beside this file, each with its ``source``. ``dE/d…`` are derivatives of the loss; where a source has errors
of the other sign (t - y, as older books do), the sign is turned here. A number that the source rounded too early stands in
``ROUNDED_EARLY`` together with the right one, in the source's digits.
"""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from derive import network, specification
from derive.render.gradients import gradients_json
from tests.support.lesson.pages import loaded, pages

FOLDER = Path(__file__).parent
Numbers = dict[str, str]

PUBLISHED: dict[str, Numbers] = {
    "cs231n_product": {"q": "3", "f": "-12", "df/dz": "3", "df/dq": "-4", "df/dx": "-4", "df/dy": "-4"},
    "cs231n_max": {
        "p": "-12", "m": "2", "s": "-10", "out": "-20", "dout/ds": "2", "dout/dp": "2", "dout/dm": "2",
        "dout/dx": "-8", "dout/dy": "6", "dout/dz": "2", "dout/dw": "0",
    },
    "micrograd": {"g": "24.7041", "dg/da": "138.8338", "dg/db": "645.5773"},
    "karpathy_neuron": {
        "n": "0.8814", "o": "0.7071", "do/dn": "0.5", "do/dx1": "-1.5", "do/dw1": "1.0", "do/dx2": "0.5", "do/dw2": "0",
    },
    "karpathy_expression": {
        "e": "-6", "d": "4", "L": "-8", "dL/da": "6", "dL/db": "-4", "dL/dc": "-2", "dL/dd": "-2", "dL/de": "-2", "dL/df": "4",
    },
    "ng_computation_graph": {
        "u": "6", "v": "11", "J": "33", "dJ/dv": "3", "dJ/du": "3", "dJ/da": "3", "dJ/db": "6", "dJ/dc": "9",
    },
    "olah": {"c": "3", "d": "2", "e": "6", "de/dc": "2", "de/dd": "3", "de/da": "2", "de/db": "5"},
    "baydin": {
        "v1": "0.693", "v2": "10", "v3": "-0.959", "v4": "10.693", "v5": "11.652", "dv5/dx1": "5.5", "dv5/dx2": "1.716",
    },
    "cs224n": {"a": "3", "b": "2", "f": "6", "df/da": "2", "df/db": "3", "df/dx": "2", "df/dy": "5", "df/dz": "0"},
    "jurafsky": {
        "d": "2", "e": "5", "L": "-10", "dL/de": "-2", "dL/dd": "-2", "dL/da": "-2", "dL/db": "-4", "dL/dc": "5",
    },
    "pytorch_autograd": {"dout/da1": "36", "dout/da2": "81", "dout/db1": "-12", "dout/db2": "-8"},
    "negnevitsky": {
        "a1_1": "0.5250", "a1_2": "0.8808", "yhat": "0.5097", "dE/dyhat": "0.5097", "dE/dz2_1": "0.1274",
        "dE/dz1_1": "-0.0381", "dE/dz1_2": "0.0147",
        "w1_1_1'": "0.5038", "w1_2_1'": "0.8985", "w1_1_2'": "0.4038", "w1_2_2'": "0.9985", "w2_1_1'": "-1.2067",
        "w2_1_2'": "1.0888", "b1_1'": "-0.7962", "b1_2'": "0.0985", "b2_1'": "-0.3127",
    },
    "han_kamber": {
        "z1_1": "-0.7", "a1_1": "0.332", "z1_2": "0.1", "a1_2": "0.525", "z2_1": "-0.105", "yhat": "0.474",
        "dE/dz1_2": "0.0065", "dE/dz1_1": "0.0087",
        "w2_1_1'": "-0.261", "w2_1_2'": "-0.138", "w1_1_1'": "0.192", "w1_2_1'": "-0.306", "w1_1_2'": "0.4",
        "w1_2_2'": "0.1", "w1_1_3'": "-0.508", "w1_2_3'": "0.194", "b2_1'": "0.218", "b1_2'": "0.194", "b1_1'": "-0.408",
    },
    "hmkcode": {
        "a1_1": "0.85", "a1_2": "0.48", "yhat": "0.191", "E": "0.327", "dE/dyhat": "-0.809", "w2_1_1'": "0.17",
        "w2_1_2'": "0.17", "w1_1_1'": "0.12", "w1_1_2'": "0.23", "w1_2_1'": "0.13", "w1_2_2'": "0.10", "yhat@1": "0.26",
    },
    "nielsen_near": {"yhat": "0.82", "yhat@300": "0.09"},
    "nielsen_far": {"yhat": "0.98", "yhat@300": "0.20"},
    "sequential_handout": {
        "z1_1": "0.755", "a1_1": "0.68", "z1_2": "0.68", "a1_2": "0.6637", "yhat": "0.69", "w1_1_2'": "0.7978",
        "w1_2_1'": "0.3972",
    },
}  # fmt: skip

ROUNDED_EARLY: dict[str, dict[str, tuple[str, str]]] = {
    # printed there, and right: the source goes on with y = 0.474
    "han_kamber": {"dE/dz2_1": ("-0.1311", "-0.1312")},
    # with y = 0.69
    "sequential_handout": {
        "z2_1": ("0.80133", "0.80144"),
        "dE/dz2_1": ("0.0406", "0.0407"),
        "w2_1_1'": ("0.272392", "0.272326"),
        "w2_1_2'": ("0.87305", "0.87300"),
        "dE/dz1_1": ("0.002406", "0.002410"),
        "dE/dz1_2": ("0.007916", "0.007926"),
        "w1_1_1'": ("0.09916", "0.09916"),
        "w1_2_2'": ("0.5928", "0.5929"),
    },
}


def report(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gradients_json(network.build(specification.load(FOLDER / f"{name}.toml")), 30))
    return found


def number(found: dict[str, Any], name: str) -> Decimal:
    """A number of the report by its name in the contract."""
    first, output = found["iterations"][0], found["output"]
    if match := re.fullmatch(r"(\w+)@([0-9]+)", name):
        assert int(match[2]) == len(found["iterations"])
        return Decimal(found["final"]["samples"][0]["values"][match[1]])
    if name.endswith("'"):
        return Decimal(first["updated"][name[:-1]])
    if name.startswith(f"d{output}/d"):
        return Decimal(first["samples"][0]["gradients"][name.removeprefix(f"d{output}/d")])
    return Decimal(first["samples"][0]["values"][name])


def rounded_as(exact: Decimal, printed: str) -> Decimal:
    """A number in the digits of a printed one."""
    return exact.quantize(Decimal(printed), rounding=ROUND_HALF_UP)


def test_every_spec_has_its_numbers() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(PUBLISHED)
    assert set(ROUNDED_EARLY) <= set(PUBLISHED)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_published_numbers(name: str) -> None:
    found = report(name)
    for quantity, printed in PUBLISHED[name].items():
        exact = number(found, quantity)
        assert rounded_as(exact, printed) == Decimal(printed), f"{quantity} is {exact}, published {printed}"


@pytest.mark.parametrize("name", sorted(ROUNDED_EARLY))
def test_where_the_source_rounds_too_early(name: str) -> None:
    """Our number is the right one, and the published one is near it."""
    found = report(name)
    for quantity, (printed, right) in ROUNDED_EARLY[name].items():
        exact = number(found, quantity)
        assert rounded_as(exact, right) == Decimal(right), f"{quantity} is {exact}"
        assert abs(exact - Decimal(printed)) <= abs(exact) / 200, f"{quantity} is {exact}, published {printed}"


def test_the_handout_goes_back_over_new_weights() -> None:
    """With the gradients of one step, the handout's numbers do not come out."""
    text = (FOLDER / "sequential_handout.toml").read_text(encoding="utf-8").replace('"sequential"', '"simultaneous"')
    found = json.loads(gradients_json(network.build(specification.loads(text)), 30))
    assert rounded_as(number(found, "dE/dz1_1"), "0.00001") == Decimal("0.00265")


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_document_in_every_style(name: str) -> None:
    """Each of them can be written, and names its source."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    for page in pages(loaded(text)):
        assert page.data["title"] in text
        assert page.data["source"] in text
        assert page.chains
