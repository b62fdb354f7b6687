"""The optimizers: what an entry may say, and the numbers of frameworks for the first two steps from 1 with gradient 0.5."""

from __future__ import annotations

import pytest
from flint import fmpq

from derive import specification
from derive.checked.by_recursion import STATEMENTS
from derive.equations.update import Update
from derive.errors import DeriveError
from derive.expressions.tree import names_in
from derive.network import build
from derive.ops.optimizers import OPTIMIZERS, THETA, Optimizer

GRAPH = """title = "o"
[graph]
values = {{p = 1}}
nodes = {{f = "p/2"}}
[training]
learning_rate = 0.1
iterations = 2
optimizer = {optimizer}
"""


@pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_an_entry_is_whole(entry: Optimizer) -> None:
    """Each state has one line, the parameter the last one, and lines name nothing that is not known by then."""
    assert [line.of for line in entry.lines] == [*entry.states, THETA]
    known = {THETA, "g", "eta", *entry.parameters, *entry.states}
    for line in entry.lines:
        assert set(names_in(line.formula)) <= known
        known.add(line.of + "'")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_entry_is_stated_a_second_time(name: str) -> None:
    assert name in STATEMENTS


@pytest.mark.parametrize(
    ("optimizer", "steps"),
    [
        ('"sgd"', ["0.95", "0.9"]),
        ('"momentum"', ["0.95", "0.855"]),  # PyTorch 2 and optax: v = m*v + g; p -= lr*v
        ('{name = "momentum", momentum = 0}', ["0.95", "0.9"]),
        ('{name = "momentum", momentum = "1/2"}', ["0.95", "0.875"]),
    ],
)
def test_two_steps_are_those_of_frameworks(optimizer: str, steps: list[str]) -> None:
    from derive import api, results

    result = results.derive(api.loads(GRAPH.format(optimizer=optimizer)))
    assert [float(result.updated(k)["p"]) for k in (1, 2)] == [float(step) for step in steps]


def test_states_are_given_in_python() -> None:
    from derive import api, results

    result = results.derive(api.loads(GRAPH.format(optimizer='"momentum"')))
    assert result.states(1) == {"v_p": "0.5"}
    assert result.states(2) == {"v_p": "0.95"}


def test_the_direction_is_what_the_learning_rate_multiplies() -> None:
    network = build(specification.loads(GRAPH.format(optimizer='"momentum"')))
    update = Update(network)
    assert update.formals == ("theta", "g", "eta", "momentum", "v", "v'")
    assert update.direction is not None
    assert update.direction(tuple(map(fmpq, (1, 2, 3, 4, 5, 6)))) == 6


@pytest.mark.parametrize(
    ("optimizer", "said"),
    [
        ('"momentun"', "unknown optimizer 'momentun'"),
        ('{name = "momentum", momentum = 1}', "1 is out of range"),
        ('{name = "momentum", momentum = -0.1}', "-0.1 is out of range"),
        ('{name = "momentum", momentum = "much"}', "training.optimizer.momentum"),
        ('{name = "momentum", beta = 0.9}', "momentum has no parameter 'beta'"),
        ('{name = "sgd", momentum = 0.9}', "sgd has no parameter 'momentum'"),
        ("{momentum = 0.9}", "the key 'name' is missing"),
        ('{name = "own", expression = "theta - g"}', "unknown optimizer 'own'"),
        ("3", "the name of an optimizer"),
    ],
)
def test_a_bad_optimizer_is_one_message(optimizer: str, said: str) -> None:
    with pytest.raises(DeriveError) as error:
        specification.loads(GRAPH.format(optimizer=optimizer), "bad.toml")
    assert said in str(error.value)
    assert "bad.toml: training.optimizer" in str(error.value)
