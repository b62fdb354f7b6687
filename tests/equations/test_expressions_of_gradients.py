"""The ``expression`` of a gradient evaluates to its value, when the named values are put in (contract, section 4)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import pytest

from derive import network, specification
from derive.render.gradients import gradients_json
from tests.support.arithmetic import evaluate
from tests.support.random_specs import convolutional, graph, layered
from tests.support.reference import DIGITS, Iteration, Var, backward, functions, number, reference, var
from tests.support.repository import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
DERIVATIVE = re.compile(r"\bd([A-Za-z]\w*)/d([A-Za-z]\w*)((?:\[\d+\])?)")


def slope_of(function: Callable[..., Var]) -> Callable[..., Var]:
    """``relu'``: the derivative of a function by its first argument, by the tape."""

    def slope(x: Any, *others: Any) -> Var:
        z = Var(var(x).value)
        backward(function(z, *others))
        return Var(z.slope)

    return slope


class Named(dict[str, Any]):
    """What every name in an expression stands for, in one iteration."""

    def __init__(self, iteration: Iteration, rows: list[int], output: str) -> None:
        super().__init__()
        for row, sample in zip(rows, iteration.samples, strict=True):
            mark = f"[{row}]"
            for name, value in sample.values.items():
                self[name] = self[name + mark] = Var(value)
            for name, value in sample.gradients.items():
                self[f"d{output}_by_{name}"] = self[f"d{output}_by_{name}{mark}"] = Var(value)
                if name[0] == "z":
                    self[f"delta{name[1:]}"] = self[f"delta{name[1:]}{mark}"] = Var(value)
        for name, value in iteration.updated.items():
            self[name + "'"] = Var(value)


def check(text: str) -> None:
    """Every expression of a spec's report, at 80 digits."""
    found = json.loads(gradients_json(network.build(specification.loads(text)), 6))
    with mpmath.workdps(DIGITS):
        known = reference(text)
        at_zero = number(tomllib.loads(text, parse_float=str).get("conventions", {}).get("relu_at_zero", 0))
        library: Mapping[str, Callable[..., Any]] = functions(at_zero)
        library = {**library, **{f"{name}'": slope_of(f) for name, f in library.items()}}
        for iteration, want in zip(found["iterations"], known.iterations, strict=True):
            rows = [sample["row"] for sample in iteration["samples"]]
            names = Named(want, rows, found["output"])
            for parameter, entry in iteration["gradients"].items():
                expression = DERIVATIVE.sub(r"d\1_by_\2\3", entry["expression"])
                value = evaluate(expression, names, library, lambda digits: Var(mpmath.mpf(digits))).value
                error = abs(value - want.gradients[parameter])
                assert error < mpmath.mpf(10) ** -60 * (1 + abs(value)), f"{parameter} = {entry['expression']}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_of_every_example(path: Any) -> None:
    check(path.read_text("utf-8"))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", [layered, graph, convolutional])
def test_of_random_networks_and_graphs(kind: Callable[[int], str], seed: int) -> None:
    check(kind(seed))


@pytest.mark.parametrize("seed", range(5))
def test_of_sequential_updates(seed: int) -> None:
    check(layered(seed).replace("[conventions]", '[conventions]\nupdate_order = "sequential"'))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_of_many_more(seed: int) -> None:
    check(layered(seed))
    check(graph(seed))
