"""The JSON of all gradients is written in pieces, and looks as the standard library would have it."""

from __future__ import annotations

import json

import pytest

from derive.network import build
from derive.render.gradients import gradients_json
from derive.specification import load, loads

ODD = """
title = "a \\"b\\" \\\\ é"
[graph]
values = {x = 3}
nodes = {f = "2*x"}
"""


@pytest.mark.parametrize("name", ["pass_or_fail", "xor_batch", "fan_out"])
def test_as_the_standard_library_does_it(name: str) -> None:
    text = gradients_json(build(load(f"examples/{name}.toml")))
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_odd_letters_and_empty_tables() -> None:
    text = gradients_json(build(loads(ODD)))
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    assert json.loads(text)["title"] == 'a "b" \\ é'
