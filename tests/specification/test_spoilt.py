"""Whatever a file holds, reading it ends in a spec or in a message of ours."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import specification
from derive.errors import DeriveError
from derive.specification.document import format_of
from tests.support.specification.spoilt import GOOD_GRAPH, GOOD_NETWORK

EXTRA = """
[numbers]
decimals = 3
[conventions]
relu_at_zero = "1/2"
[notation]
loss = "J"
[notation.names]
E = "J"
[exercise]
vary = ["weights"]
low = -1
high = 1
[exercise.ranges]
eta = {low = 0, high = 1}
[marks]
E = 1
"""
GOOD = [tomllib.loads(GOOD_NETWORK + EXTRA), tomllib.loads(GOOD_GRAPH)]
STRANGE: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    3,
    10**30,
    1.5,
    "",
    "x",
    "w1_1_1",
    "1/0",
    "sigmoid",
    "\x00",
    "\ud800",
    "é",
    [],
    [[]],
    [1],
    [[1]],
    {},
    {"name": "relu"},
    {"name": []},
    {"random": "normal"},
    {"x": 1},
    [{}],
    [None],
    "x" * 1000,
    "(" * 200,
    "dE/dw1_1_1",
    {"": 1},
    {"a b": "c"},
    [True],
    {"random": "uniform", "low": "sqrt(2)", "high": 2},
    {"name": "q", "expression": "z"},
]


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a tree."""
    yield path
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in children:
        yield from places(value, (*path, key))


def changed(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The tree with another value at a path."""
    if not path:
        return value
    result = copy.copy(tree)
    result[path[0]] = changed(tree[path[0]], path[1:], value)
    return result


def message(text: str, path: str) -> str:
    """What the reader says about a text, or nothing."""
    try:
        specification.loads(text, path, format_of(path))
    except DeriveError as error:
        return str(error)
    return ""


def read(tree: Any) -> None:
    said = message(json.dumps(tree), "spoilt.json")
    assert said == "" or said.startswith("spoilt.json")


@pytest.mark.parametrize("good", GOOD, ids=["network", "graph"])
def test_the_unspoilt_trees_are_good(good: Any) -> None:
    assert message(json.dumps(good), "good.json") == ""


@pytest.mark.parametrize("good", GOOD, ids=["network", "graph"])
def test_any_value_replaced_by_anything(good: Any) -> None:
    for path in places(good):
        for value in STRANGE:
            read(changed(good, path, value))


@pytest.mark.parametrize("good", GOOD, ids=["network", "graph"])
def test_any_key_left_out(good: Any) -> None:
    for path in places(good):
        if path:
            tree = copy.deepcopy(good)
            parent = tree
            for key in path[:-1]:
                parent = parent[key]
            del parent[path[-1]]
            read(tree)


@given(st.text(max_size=60), st.integers(0, 400), st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_any_text_anywhere(text: str, at: int, skip: int) -> None:
    for good in (GOOD_NETWORK, GOOD_GRAPH):
        said = message(good[:at] + text + good[at + skip :], "spoilt.toml")
        assert said == "" or said.startswith("spoilt.toml")
