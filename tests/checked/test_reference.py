"""``derive gradients`` against a second program at 80 digits: every example, and random networks and graphs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mpmath
import pytest

from derive import network, specification
from derive.render.gradients import gradients_json
from tests.support.random_specs import convolutional, graph, layered
from tests.support.reference import DIGITS, Sample, reference

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
WANTED = 50


def compare(found: dict[str, Any], text: str, digits: int) -> None:
    """Every number of the report agrees with the reference in every digit printed."""
    expected = reference(text)
    with mpmath.workdps(DIGITS):
        for got, want in zip(found["iterations"], expected.iterations, strict=True):
            agree("loss", got["loss"], want.loss, digits)
            assert set(got["gradients"]) == set(want.gradients)
            for name, entry in got["gradients"].items():
                agree(name, entry["value"], want.gradients[name], digits)
                if "exact" in entry:
                    top, _, bottom = entry["exact"].partition("/")
                    agree(name, mpmath.mpf(top) / mpmath.mpf(bottom or 1), want.gradients[name], digits)
            assert set(got.get("updated", {})) == set(want.updated)
            for name, value in got.get("updated", {}).items():
                agree(f"new {name}", value, want.updated[name], digits)
            for name, state in got.get("states", {}).items():
                agree(f"new {name}", state["updated"], want.velocities[name.removeprefix("v_")], digits)
            compare_samples(got["samples"], want.samples, digits)
        if "final" in found:
            agree("final loss", found["final"]["loss"], expected.final_loss, digits)
            compare_samples(found["final"]["samples"], expected.final, digits)


def compare_samples(got: list[dict[str, Any]], want: list[Sample], digits: int) -> None:
    for sample, known in zip(got, want, strict=True):
        for name, value in known.values.items():
            agree(name, sample["values"][name], value, digits)
        for name, value in known.gradients.items():
            agree(f"dE/d{name}", sample["gradients"][name], value, digits)


def agree(name: str, got: Any, want: Any, digits: int) -> None:
    """``got`` is ``want`` rounded to so many digits; what is 0 is printed as 0."""
    got = mpmath.mpf(got)
    if abs(want) < mpmath.mpf(10) ** (10 - DIGITS):
        assert got == 0 or abs(got) < mpmath.mpf(10) ** (15 - DIGITS), f"{name}: {got} is not 0"
        return
    last = mpmath.mpf(10) ** (mpmath.floor(mpmath.log10(abs(want))) + 1 - digits)
    assert abs(got - want) <= last * mpmath.mpf("0.500001"), f"{name}: {got} is not {mpmath.nstr(want, digits)}"


def report(text: str, digits: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gradients_json(network.build(specification.loads(text, "random.toml")), digits))
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_right_to_fifty_digits(path: Path) -> None:
    compare(report(path.read_text("utf-8"), WANTED), path.read_text("utf-8"), WANTED)


@pytest.mark.parametrize("seed", range(30))
def test_random_networks_are_right_to_fifty_digits(seed: int) -> None:
    compare(report(layered(seed), WANTED), layered(seed), WANTED)


@pytest.mark.parametrize("seed", range(30))
def test_random_graphs_are_right_to_fifty_digits(seed: int) -> None:
    compare(report(graph(seed), WANTED), graph(seed), WANTED)


@pytest.mark.parametrize("seed", range(25))
def test_random_convolutions_are_right_to_fifty_digits(seed: int) -> None:
    compare(report(convolutional(seed), WANTED), convolutional(seed), WANTED)


@pytest.mark.parametrize("seed", range(40, 50))
def test_convolutions_updated_one_after_the_other(seed: int) -> None:
    text = convolutional(seed) + '[conventions]\nupdate_order = "sequential"\n'
    compare(report(text, WANTED), text, WANTED)


@pytest.mark.parametrize("seed", range(11))  # 7 runs away, to weighted inputs of -15 million
def test_sequential_updates_of_random_networks_are_right_to_fifty_digits(seed: int) -> None:
    text = layered(seed).replace("[conventions]", '[conventions]\nupdate_order = "sequential"')
    compare(report(text, WANTED), text, WANTED)


def with_momentum(text: str, seed: int) -> str:
    """The spec with momentum, four iterations, and for some seeds the sequential order or smaller batches."""
    chosen = ('"momentum"', '{name = "momentum", momentum = 0.35}', '{name = "momentum", momentum = "1/3"}')[seed % 3]
    lines = [line for line in text.splitlines() if not line.startswith(("learning_rate", "iterations"))]
    more = f"[training]\nlearning_rate = 0.05\niterations = 4\noptimizer = {chosen}"
    if seed % 4 == 1 and "[network]" in text:
        more = '[conventions]\nupdate_order = "sequential"\n' + more
        lines = [line for line in lines if not line.startswith(("[conventions]", "relu_at_zero"))]
    return "\n".join(lines).replace("[training]", more) + "\n"


@pytest.mark.parametrize("seed", range(16))
def test_momentum_of_random_networks_is_right_to_fifty_digits(seed: int) -> None:
    text = with_momentum(layered(seed), seed)
    found = report(text, WANTED)
    assert len(found["iterations"]) == 4
    assert set(found["iterations"][0]["states"]) == {f"v_{name}" for name in found["iterations"][0]["updated"]}
    compare(found, text, WANTED)


@pytest.mark.parametrize("seed", range(6))
def test_momentum_of_random_graphs_is_right_to_fifty_digits(seed: int) -> None:
    text = with_momentum(graph(seed), seed)
    compare(report(text, WANTED), text, WANTED)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_many_more_random_networks_and_graphs(seed: int) -> None:
    for text in (layered(seed), graph(seed)):
        compare(report(text, WANTED), text, WANTED)


def test_the_comparison_notices_a_wrong_digit() -> None:
    """A test of the test: the last of fifty digits, changed."""
    text = (Path(__file__).parents[2] / "examples" / "three_inputs.toml").read_text("utf-8")
    found = report(text, WANTED)
    found["iterations"][0]["gradients"]["x"]["value"] = "-4." + "0" * (WANTED - 2) + "1"
    with pytest.raises(AssertionError, match="x: "):
        compare(found, text, WANTED)
