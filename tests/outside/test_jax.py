"""Random networks and graphs against JAX in 64 bits (needs ``pip install '.[oracle]'``)."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable

import pytest

from derive import network, specification
from derive.render.gradients import gradients_json
from tests.support.random_specs import convolutional, graph, layered
from tests.support.tools import missing

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def oracle() -> Callable[[str], list[dict[str, float]]]:
    if importlib.util.find_spec("jax") is None:
        missing("jax is not installed")
    from tests.support.outside.jax_reference import gradients

    return gradients


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # JAX's own
@pytest.mark.parametrize("kind", [layered, graph, convolutional])
@pytest.mark.parametrize("seed", range(100))
def test_gradients_agree_with_jax(
    oracle: Callable[[str], list[dict[str, float]]], kind: Callable[[int], str], seed: int
) -> None:
    text = kind(seed)
    found = json.loads(gradients_json(network.build(specification.loads(text))))
    expected = oracle(text)
    assert len(found["iterations"]) == len(expected)
    for iteration, slopes in zip(found["iterations"], expected, strict=True):
        ours = {name: float(entry["value"]) for name, entry in iteration["gradients"].items()}
        assert ours == pytest.approx(slopes, rel=TOLERANCE, abs=1e-12)
