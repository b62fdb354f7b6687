"""The package from Python: names of gradients, short reprs, copies, what Jupyter shows, one error for a wrong argument."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from pathlib import Path

import pytest

import derive
from derive.arithmetic.precision import precision
from derive.arithmetic.rounding import decimal_string
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
        ("t", "is a target"),
        ("eta", "not a parameter"),
        ("dyhat/dw1_1_2", "the derivatives of E"),
        ("dE/dW1", "not a parameter"),
        ("dE/dw1_1_2@1", "iteration"),
        ("dE/dw1_1_2[2]", "row 2 is not in the batch of iteration 1"),
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


@pytest.mark.parametrize("name", ["yhat", "dE/dz1_1", "delta2_1", "a1_2", "h1_2", "x1", "∂L/∂a1_1", "E"])
def test_a_gradient_by_any_quantity(result: derive.Result, name: str) -> None:
    """As the run has it: of one sample, the sample's own."""
    found = result.gradient(name, iteration=2)
    with precision(256):
        number = run(result.network).iterations[1].samples[0].gradients[found.parameter]
        assert found.value == decimal_string(number, 12)
    assert found.name == f"dE/d{found.parameter}"
    assert [each.value for each in found.samples] == [found.value]
    assert result.gradient(f"{name}[1]", iteration=2).value == found.value


def test_gradients_of_rows() -> None:
    """Of a batch: each row's own, and the batch's, in which the quantity moves in all rows."""
    network = derive.load("examples/xor_batch.toml")
    result = derive.derive(network)
    found = result.gradient("a1_1")
    assert [each.exact for each in found.samples] == [4, 6, 6, 10]
    assert found.exact == Fraction(4 + 6 + 6 + 10, 4)
    assert found.samples[2].name == "dE/da1_1[3]"
    assert found.samples[2].expression == "delta2_1[3]*w2_1_1"
    assert result.gradient("a1_1[3]") == found.samples[2]
    weight = result.gradient("w2_1_1")
    assert weight.exact == sum(each.exact or 0 for each in weight.samples) / 4
    with pytest.raises(derive.DeriveError, match="its rows: 1, 2, 3, 4"):
        result.gradient("a1_1[5]")
    with pytest.raises(derive.DeriveError, match="no iteration 2"):
        result.gradient("a1_1", iteration=2)


def test_rows_of_a_small_batch() -> None:
    text = (
        Path("examples/xor_batch.toml")
        .read_text("utf-8")
        .replace("[training]", "[training]\nbatch_size = 2\niterations = 2")
    )
    text = text.replace("iterations = 2\niterations", "iterations")
    result = derive.derive(derive.loads(text))
    assert [each.name for each in result.gradient("yhat", iteration=2).samples] == ["dE/dyhat[3]", "dE/dyhat[4]"]
    with pytest.raises(derive.DeriveError, match="its rows: 3, 4"):
        result.gradient("yhat[1]", iteration=2)


def test_a_quantity_without_a_derivative_is_said() -> None:
    """(-2)^n has no derivative by its exponent, and nobody asked for one."""
    network = derive.loads('[graph]\nparameters = ["x"]\n[graph.values]\nx = -2\nn = 3\n[graph.nodes]\nf = "x^n"')
    result = derive.derive(network)
    assert result.gradient("x").exact == 12
    with pytest.raises(derive.DeriveError, match="n has no value here"):
        result.gradient("n")


def test_a_gradient_in_sympy_is_the_step_of_the_network(result: derive.Result) -> None:
    symbolic = result.network.sympy()
    for name in ("w1_1_2", "a1_1", "z2_1", "yhat"):
        assert result.gradient(name).sympy == symbolic.step(name).rhs


# From SymPy


def test_a_network_from_sympy() -> None:
    sympy = pytest.importorskip("sympy")
    f, g, x, y, z = sympy.symbols("f g x y z")
    network = derive.from_sympy(
        {g: f + z, f: x * y}, {x: sympy.Rational(1, 3), "y": -4, z: sympy.Float("0.1")},
        title="A *title*", wrt=[x, "z"], training={"learning_rate": sympy.Rational(1, 2)},
    )  # fmt: skip
    assert (network.output, network.parameters) == ("g", ("x", "z"))
    assert repr(network) == "<Network 'A *title*': 3 values, 2 nodes, output g>"
    result = derive.derive(network)
    assert (result.gradient("x").exact, result.gradient("f").exact, result.loss) == (-4, 1, "-1.23333333333")
    assert result.updated()["x"] == "2.33333333333"
    assert "# A \\*title\\*" in result.notes()


@pytest.mark.parametrize("name", ["three_inputs", "fan_out", "sigmoid_neuron"])
def test_out_of_sympy_and_in_again(name: str) -> None:
    network = derive.load(f"examples/{name}.toml")
    symbolic = network.sympy()
    again = derive.from_sympy(symbolic.nodes, symbolic.values(), output=network.output, wrt=network.parameters)
    assert [node.name for node in again.graph.nodes] == [node.name for node in network.graph.nodes]
    one, other = derive.derive(network), derive.derive(again)
    assert {k: g.value for k, g in one.gradients.items()} == {k: g.value for k, g in other.gradients.items()}


def test_a_loss_of_sympy_is_split_and_differentiated() -> None:
    """The gradients are those of ``sympy.diff``."""
    sympy = pytest.importorskip("sympy")
    w, b, x, t = sympy.symbols("w b x t")
    loss = -t * sympy.log(1 / (1 + sympy.exp(-w * x - b))) + (w**2 + sympy.sin(b * w)) / 10
    values = {w: sympy.Rational(3, 10), b: -1, x: 2, t: 1}
    network = derive.from_sympy(loss, values, wrt=[w, b])
    assert len(network.graph.nodes) > 5
    result = derive.derive(network, digits=25)
    for symbol in (w, b):
        exact = loss.diff(symbol).subs(values).evalf(30)
        assert abs(exact - sympy.Rational(result.gradient(str(symbol)).value)) < sympy.Rational(1, 10**24)


def test_what_from_sympy_refuses() -> None:
    sympy = pytest.importorskip("sympy")
    f, g, x, y = sympy.symbols("f g x y")
    for nodes, values, options, words in (
        ({f: x * y, g: x + 1}, {x: 1, y: 2}, {}, r'no node uses f, g.*\n.*output="g"'),
        ({f: g, g: f}, {x: 1}, {}, "in a circle"),
        ({f: x * y}, {x: 1}, {}, "graph.nodes.f: unknown name 'y'"),
        ({f: sympy.gamma(x)}, {x: 1}, {}, "<sympy>: graph.nodes.f: 'gamma' has no place"),
        ({f: x}, {x: sympy.I}, {}, "graph.values.x: I is no real number"),
        ({f: x}, {x: y}, {}, "graph.values.x"),
        ({f: x}, {x: sympy.sqrt(-2, evaluate=False)}, {}, "graph.values.x"),
        ({f: x, "f": x}, {x: 1}, {}, "stands twice"),
        ({f: sympy.Symbol("x", real=True)}, {x: 1}, {}, "two different symbols are called 'x'"),
        ({f: x}, {x: 1}, {"output": y}, "graph.output: "),
        ({f: x}, {x: 1}, {"wrt": [y]}, r"graph.parameters\[1\]: unknown value 'y'"),
        ({f: x}, {x: 1}, {"training": {"learning_rat": 1}}, "unknown key"),
        ({f: x}, {x: 1}, {"grpah": {}}, "unknown key"),
        ({}, {x: 1}, {}, "no nodes"),
        ({f: "x"}, {x: 1}, {}, "a 'str' where an expression of SymPy is expected"),
        ({x + 1: x}, {x: 1}, {}, "an 'Add' where a symbol is expected"),
        ({f: x**y}, {x: 1, y: sympy.Integer(10) ** 2000}, {}, "1,000 digits"),
        ({f: x ** sympy.Integer(100000)}, {x: 1}, {}, "exponent is too large"),
        ({sympy.Symbol("a b"): x}, {x: 1}, {}, "'a b' is not a name"),
        ({sympy.Symbol("exp"): x, f: sympy.exp(x) + sympy.Symbol("exp")}, {x: 1}, {}, "exp"),
        ({sympy.Symbol(f"n{k}"): x for k in range(20001)}, {x: 1}, {}, "20,001 entries"),
    ):
        with pytest.raises(derive.DeriveError, match=words):
            derive.from_sympy(nodes, values, **options)


def test_a_quantity_called_e_is_not_eulers_number() -> None:
    sympy = pytest.importorskip("sympy")
    e, f, x = sympy.symbols("e f x")
    network = derive.from_sympy({e: 2 * x, f: sympy.exp(x) * sympy.E + e}, {x: 0})
    assert derive.derive(network, digits=8).loss == "2.7182818"


def test_data_of_sympy() -> None:
    sympy = pytest.importorskip("sympy")
    w, x, t, loss = sympy.symbols("w x t L")
    network = derive.from_sympy(
        {loss: (w * x - t) ** 2}, {w: 1}, data=[{x: 1, t: sympy.Rational(1, 2)}, {x: 2, "t": 3}]
    )
    assert derive.derive(network).gradient("w").exact == Fraction(1 - 4, 2)
