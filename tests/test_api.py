"""The package from Python: names of gradients, short reprs, copies, what Jupyter shows, one error for a wrong argument."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

import derive
from derive.equations.chain import derive as chain
from derive.equations.run import run
from derive.network import build
from derive.specification import loads

NETWORK = """
title = "A *small* net"
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[1, "1/3"], ["sqrt(2)", -1]]
[[network.layers]]
units = 1
activation = {name = "swish", expression = "z*sigmoid(z)"}
weights = [[2, 1]]
[[data]]
x = [1, 0]
t = [1]
[training]
learning_rate = 0.5
iterations = 2
"""
GRAPH = """
[graph.values]
x = 3
beta = "1/3"
[graph.nodes]
f = "x^2*beta"
g = "ln(f) + x"
"""


@pytest.fixture(scope="module")
def result() -> derive.Result:
    return derive.derive(derive.loads(NETWORK))


@pytest.mark.parametrize(
    "name", ["w1_1_2", "w1_12", "dE/dw1_1_2", "dE/dw1_12", "∂E/∂w1_12", "dL/dw1_12", "dloss/dw1_1_2", "∂J/∂w1_12"]
)
def test_a_gradient_answers_to_every_name_of_it(result: derive.Result, name: str) -> None:
    assert result.gradient(name).name == "dE/dw1_1_2"


def test_a_gradient_answers_to_its_own_name() -> None:
    found = derive.derive(derive.loads(GRAPH))
    for gradient in found.gradients.values():
        assert found.gradient(gradient.name) == gradient


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("yhat", "not a parameter"),
        ("dyhat/dw1_1_2", "the derivatives of E"),
        ("dE/dz1_1", "not a parameter"),
        ("dE/dW1", "not a parameter"),
        ("dE/dw1_1_2@1", "iteration"),
        ("dE/dw1_1_2[1]", "batch"),
        ("w3_1_1", "2 layers"),
    ],
)
def test_what_is_no_gradient_is_said(result: derive.Result, name: str, words: str) -> None:
    with pytest.raises(derive.DeriveError, match=words):
        result.gradient(name)


@pytest.mark.parametrize("text", [NETWORK, GRAPH])
def test_reprs_are_one_short_line(text: str) -> None:
    network = derive.loads(text)
    for thing in (network, derive.derive(network), chain(network), run(build(loads(text))), *chain_of(network)):
        shown = repr(thing)
        assert shown.lstrip("<").startswith(type(thing).__name__)
        assert "\n" not in shown
        assert len(shown) < 140, shown


def chain_of(network: derive.Network) -> tuple[object, ...]:
    return (derive.derive(network).gradients[network.parameters[0]],)


def test_the_repr_of_a_network_says_what_it_is() -> None:
    assert repr(derive.loads(NETWORK)) == "<Network 'A *small* net': 2-2-1, 9 parameters, 1 sample>"
    assert repr(derive.loads(GRAPH)) == "<Network 'A worked example': 2 values, 2 nodes, output g>"


def test_jupyter_shows_a_network() -> None:
    shown = derive.loads(NETWORK)._repr_markdown_()
    assert r"**A \*small\* net**" in shown
    assert "| 1 | 2 | sigmoid | 4 | 2 |" in shown
    assert r"\hat{y}" in shown
    graph = derive.loads(GRAPH)._repr_markdown_()
    assert r"f = x^{2}\beta" in graph
    assert r"$\beta = 1/3$" in graph


def test_jupyter_shows_a_large_graph_in_part() -> None:
    nodes = "\n".join(f'a{k} = "{f"a{k - 1}" if k else "x"} + 1"' for k in range(300))
    shown = derive.loads(f"[graph.values]\nx = 1\n[graph.nodes]\n{nodes}")._repr_markdown_()
    assert len(shown) < 3000
    assert "…" in shown


def test_jupyter_leaves_out_a_formula_of_many_parts() -> None:
    shown = derive.loads(f'[graph.values]\nx = 1\n[graph.nodes]\ny = "{" + ".join(["x"] * 999)}"')._repr_markdown_()
    assert r"$$y = \dots$$" in shown


@pytest.mark.parametrize("text", [NETWORK, GRAPH])
@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, lambda thing: pickle.loads(pickle.dumps(thing))])  # noqa: S301
def test_copies(text: str, copied: object) -> None:
    assert callable(copied)
    network = derive.loads(text)
    assert copied(network).spec == network.spec
    result = derive.derive(network)
    again = copied(result)
    name = network.parameters[0]
    assert str(again.gradient(name)) == str(result.gradient(name))
    assert again.losses == result.losses
    assert copied(result.gradient(name))._repr_latex_() == result.gradient(name)._repr_latex_()
    assert again.notes() == result.notes()


@pytest.mark.parametrize("wrong", ["a.toml", Path("a.toml"), None])
def test_a_path_in_place_of_a_network_is_one_clear_error(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"derive\.load"):
        derive.derive(wrong)  # type: ignore[arg-type]
