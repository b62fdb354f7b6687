"""Random networks and graphs against JAX in 64 bits (needs ``pip install '.[oracle]'``)."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flint import fmpq

from derive import network, specification
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.precision import precision
from derive.equations.run import run
from derive.render.gradients import gradients_json
from tests.equations.test_rows_as_nodes import PARTS, ROWS, coupled
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
@pytest.mark.parametrize("seed", [*range(40), *(pytest.param(n, marks=pytest.mark.many) for n in range(40, 100))])
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


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("which", PARTS)
@pytest.mark.parametrize(("reduction", "rows"), [("mean", 5), ("sum", 3)])
def test_rows_that_read_one_another_agree_with_jax(
    oracle: Callable[[str], list[dict[str, float]]], which: str, reduction: str, rows: int
) -> None:
    """Mean-centred and normalized activations: JAX has them in columns, all rows at once."""
    import jax
    import jax.numpy as jnp

    def centred(z: Any) -> Any:
        return z - jnp.mean(z)

    def twice(z: Any) -> Any:
        return centred(centred(z) ** 2 + z)

    columns: dict[str, Callable[[Any], Any]] = {
        "centred": centred,
        "mean_as_a_node": centred,
        "normalized": lambda z: (z - jnp.mean(z)) / jnp.sqrt(jnp.var(z) + 0.001),
        "share_of_the_sum": jax.nn.softmax,
        "twice": twice,
    }
    x, t = (jnp.asarray([float(row[k]) for row in ROWS[:rows]]) for k in (0, 1))

    def objective(p: dict[str, Any]) -> Any:
        each = (jnp.tanh(p["u"] * columns[which](p["w"] * x + p["b"]) + p["b"]) - t) ** 2
        return jnp.mean(each) if reduction == "mean" else jnp.sum(each)

    with precision(128):
        iterations = run(coupled(which, reduction, rows, rows)).iterations
    for iteration in iterations:
        expected = jax.grad(objective)(floats(iteration.parameters))
        assert floats(iteration.gradients) == pytest.approx(floats(expected), rel=TOLERANCE, abs=1e-12)


def floats(numbers: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(as_ball(value)) if isinstance(value, fmpq) else float(value) for name, value in numbers.items()}
