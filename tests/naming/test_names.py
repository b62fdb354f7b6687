"""Names of quantities: contract, section 2."""

from __future__ import annotations

import pytest

from derive import specification
from derive.naming.names import Names
from derive.naming.quantity import Described, NamedQuantity

NAMES = Names.layered(("x1", "x2", "x3"), (4, 1))
WIDE = Names.layered(("x1", "x2"), (12, 3))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("x1", "x1"),
        ("w1_4_3", "w1_4_3"),
        ("w1_43", "w1_4_3"),
        ("w2_11", "w2_1_1"),
        ("b1_4", "b1_4"),
        ("z1_4", "z1_4"),
        ("a1_4", "a1_4"),
        ("f1_4", "a1_4"),
        ("h1_4", "a1_4"),
        ("yhat", "yhat"),
        ("yhat1", "yhat"),
        ("ŷ", "yhat"),
        ("y\u0302", "yhat"),
        ("a2_1", "yhat"),
        ("h2_1", "yhat"),
        ("t", "t"),
        ("t1", "t"),
        ("y", "t"),
        ("y1", "t"),
        ("E", "E"),
        ("L", "E"),
        ("J", "E"),
        ("C", "E"),
        ("loss", "E"),
        ("dE/dw1_4_3", "dE/dw1_4_3"),
        ("∂E/∂w1_43", "dE/dw1_4_3"),
        ("dL/dw1_43", "dE/dw1_4_3"),
        ("∂E/∂ŷ", "dE/dyhat"),
        ("dyhat/dz2_1", "dyhat/dz2_1"),
        ("da2_1/dz2_1", "dyhat/dz2_1"),
        ("dz2_1/df1_4", "dz2_1/da1_4"),
        ("delta1_4", "delta1_4"),
        ("δ1_4", "delta1_4"),
        ("dE/dz1_4", "dE/dz1_4"),
        ("w1_4_3'", "w1_4_3'"),
        ("w1_43′", "w1_4_3'"),
        ("w1_4_3@1", "w1_4_3'"),
        ("w1_4_3''", "w1_4_3@2"),
        ("w1_4_3@5", "w1_4_3@5"),
        ("w1_4_3@0", "w1_4_3"),
        ("yhat@5", "yhat@5"),
        ("E@1", "E@1"),
        ("z1_4[2]", "z1_4[2]"),
        ("E[2]", "E[2]"),
        ("z1_4[2]@5", "z1_4@5[2]"),
        ("dE/dw2_11@3", "dE/dw2_1_1@3"),
        ("dE/dw2_11[2]", "dE/dw2_1_1[2]"),
        ("eta", "eta"),
        ("η", "eta"),
        ("α", "eta"),
        ("ε", "eta"),
        ("μ", "eta"),
        ("lr", "eta"),
        ("alpha", "eta"),
        ("W1", "W1"),
        ("b1", "b1"),
        ("z1", "z1"),
        ("a1", "a1"),
        ("f1", "a1"),
        ("a2", "yhat"),
        ("delta1", "delta1"),
        ("dE/dW1", "dE/dW1"),
        ("∂E/∂b2", "dE/db2"),
        ("x", "x"),
        ("sigma'(z)", "sigmoid'(z)"),
        ("σ'(z)", "sigmoid'(z)"),
        ("relu'(z1_4)", "relu'(z1_4)"),
        (" dE / dw1_4_3 ", "dE/dw1_4_3"),
    ],
)
def test_accepted_on_input(written: str, canonical: str) -> None:
    assert NAMES.canonical(written) == canonical
    assert NAMES.canonical(canonical) == canonical


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("w1_5_1", "layer 1 has 4 units"),
        ("w1_4_4", "layer 1 has 3 inputs"),
        ("w3_1_1", "the network has 2 layers"),
        ("w0_1_1", "the network has 2 layers"),
        ("z1_0", "layer 1 has 4 units"),
        ("yhat2", "the network has 1 output"),
        ("x4", "unknown quantity 'x4': known: x1, x2, x3"),
        ("yhatt", "did you mean 'yhat'?"),
        ("dE/dq", "unknown quantity 'q' in 'dE/dq'"),
        ("dE", "unknown quantity 'dE'"),
        ("", "unknown quantity ''"),
        ("z1_4[0]", "rows are counted from 1"),
        ("dE/ddelta1_1", "a derivative of a derivative"),
        ("softmax'(z)", "unknown activation 'softmax'"),
        ("w" + "9" * 5000, "unknown quantity"),
        ("\\input{x}", "unknown quantity"),
    ],
)
def test_unknown_names(written: str, problem: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        NAMES.resolve(written)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 500


def test_parts_of_a_quantity() -> None:
    assert NAMES.resolve("dE/dw1_43@3[2]") == NamedQuantity("E", "w1_4_3", step=3, row=2)
    assert NAMES.resolve("delta1_4'") == NamedQuantity("E", "z1_4", delta=True, step=1)
    assert NAMES.resolve("W2").shape == "matrix"
    assert NAMES.resolve("delta1").shape == "vector"
    assert NAMES.resolve("dE/dW1").shape == "matrix"


def test_two_digit_indices_need_their_joins() -> None:
    assert WIDE.canonical("w1_12_2") == "w1_12_2"
    assert WIDE.canonical("w1_32") == "w1_3_2"
    with pytest.raises(ValueError, match="unknown quantity 'w1_122'"):
        WIDE.canonical("w1_122")


def test_several_outputs() -> None:
    assert WIDE.outputs == ("yhat1", "yhat2", "yhat3")
    assert WIDE.targets == ("t1", "t2", "t3")
    assert WIDE.canonical("a2_3") == "yhat3"
    assert WIDE.canonical("y3") == "t3"
    assert WIDE.resolve("yhat") == NamedQuantity("yhat", shape="vector")
    assert WIDE.resolve("a2") == NamedQuantity("yhat", shape="vector")


@pytest.mark.parametrize(
    ("inputs", "attribute", "expected"),
    [
        (("t",), "targets", ("t1",)),
        (("t", "t1"), "targets", ("y",)),
        (("E",), "loss", "L"),
        (("E", "L", "J", "C", "loss"), "loss", "E_"),
        (("yhat",), "outputs", ("yhat1",)),
        (("eta",), "eta", "lr"),
    ],
)
def test_inputs_keep_their_names(inputs: tuple[str, ...], attribute: str, expected: object) -> None:
    names = Names.layered(inputs, (1,))
    assert getattr(names, attribute) == expected
    for name in inputs:
        assert names.resolve(name) == NamedQuantity(name)
        assert names.describe(name) == Described("input", 0, inputs.index(name) + 1)


def test_an_input_called_y_or_alpha_is_an_input() -> None:
    names = Names.layered(("y", "alpha", "delta1_1", "b1", "x"), (1,))
    assert names.canonical("y") == "y"
    assert names.canonical("y1") == "t"
    assert names.canonical("alpha") == "alpha"
    assert names.canonical("α") == "alpha"
    assert names.canonical("lr") == "eta"
    assert names.resolve("delta1_1").by is None
    assert names.gradient("z1_1") == "dE/dz1_1"
    assert names.resolve("x").shape == "scalar"


def test_shared_and_missing_biases() -> None:
    names = Names.layered(("x1",), (2, 2, 1), shared=frozenset({1}), unbiased=frozenset({2}))
    assert names.canonical("b1") == "b1"
    assert names.resolve("b1").shape == "scalar"
    assert names.canonical("b1_2") == "b1"
    with pytest.raises(ValueError, match="layer 2 has no biases"):
        names.resolve("b2_1")
    assert names.parameters == (
        "w1_1_1",
        "w1_2_1",
        "b1",
        "w2_1_1",
        "w2_1_2",
        "w2_2_1",
        "w2_2_2",
        "w3_1_1",
        "w3_1_2",
        "b3_1",
    )
    assert names.describe("b1") == Described("bias", 1)
    assert names.clash("b1") == "a bias of layer 1"


def test_description() -> None:
    assert NAMES.describe("w1_4_3") == Described("weight", 1, 4, 3)
    assert NAMES.describe("yhat") == Described("output", 2, 1)
    assert NAMES.describe("E") == Described("loss")
    assert NAMES.describe("a2_1") is None  # an alias, not a canonical name
    assert NAMES.describe("w01_4_3") is None
    assert NAMES.describe("dE/dyhat") is None


def test_gradients() -> None:
    assert NAMES.gradient("w1_4_3") == "dE/dw1_4_3"
    assert NAMES.gradient("z2_1") == "delta2_1"
    assert NAMES.gradient("yhat") == "dE/dyhat"


def test_members() -> None:
    def members(text: str) -> list[list[str]]:
        return [[str(q) for q in row] for row in NAMES.members(NAMES.resolve(text))]

    assert members("W2") == [["w2_1_1", "w2_1_2", "w2_1_3", "w2_1_4"]]
    assert members("delta2'") == [["delta2_1@1"]]
    assert members("dE/db1") == [["dE/db1_1"], ["dE/db1_2"], ["dE/db1_3"], ["dE/db1_4"]]
    assert members("x[2]") == [["x1[2]"], ["x2[2]"], ["x3[2]"]]
    assert members("a1")[3] == ["a1_4"]
    assert members("E") == [["E"]]
    assert members("dE/dx") == [["dE/dx1"], ["dE/dx2"], ["dE/dx3"]]


def test_names_of_a_graph() -> None:
    read = specification.loads('[graph.values]\nx = 1\nE = 2\ndx = 3\neta = 1\n[graph.nodes]\nf = "x*E*dx*eta"\n')
    names = Names.of(read)
    assert names.parameters == ("x", "E", "dx", "eta")
    assert names.loss == "f"
    assert names.canonical("df/dx") == "df/dx"
    assert names.resolve("∂f/∂x") == NamedQuantity("f", "x")
    assert names.resolve("x'") == NamedQuantity("x", step=1)
    assert names.eta == "lr"
    assert names.canonical("lr") == "lr"
    assert names.describe("f") == Described("node")
    with pytest.raises(ValueError, match="unknown quantity 'L'"):
        names.resolve("L")


def test_primes_in_a_graph() -> None:
    names = Names.of(specification.loads('[graph.values]\nx = 1\n[graph.nodes]\nf = "x^2"\n'))
    assert names.canonical("x'") == "x'"
    assert names.canonical("f'") == "f@1"
