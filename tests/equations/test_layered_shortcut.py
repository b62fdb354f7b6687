"""The steps that are made for whole layers at once are those of the chain rule over any graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derive import network, specification
from derive.equations.chain import derive
from derive.expressions.tree import Name
from tests.support.random_specs import convolutional, layered


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("kind", [layered, convolutional])
def test_a_step_of_a_layer_is_the_general_rule(kind: Callable[[int], str], seed: int) -> None:
    derivation = derive(network.build(specification.loads(kind(seed))))
    names = derivation.network.graph.names
    compared = [name for name in names if name not in derivation.network.targets]
    assert len(compared) > 5
    for name in compared:
        assert derivation.step(name) == derivation.general_step(name), name
        if name != derivation.network.output:
            assert derivation.gradient(name) == derivation.general_step(name).gradient, name


def test_a_shared_weight_has_a_term_for_each_of_its_places() -> None:
    text = """
[network]
inputs = 4
loss = "half_squared_error"
[[network.layers]]
kind = "conv1d"
filters = 1
kernel = 2
weights = [[1, 2]]
[[data]]
x = [1, 2, 3, 4]
t = [0, 0, 0]
"""
    step = derive(network.build(specification.loads(text))).step("w1_1_2")
    assert [(term.via, term.local) for term in step.terms] == [(f"z1_1_{n}", Name(f"x{n + 1}")) for n in (1, 2, 3)]
