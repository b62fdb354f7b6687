"""A symbol that cannot be seen or read as a name is refused; two that print the same look the same."""

from __future__ import annotations

import pytest

from derive import specification
from derive.errors import DeriveError
from derive.naming.looks import look, unreadable

NOTHING = ["{}", "{{}}", r"\,", r"\quad", "{ }", r"\;\:\ ", r"{}{}"]
PART_MISSING = [
    (r"w\hat{\,}", r"'\hat'"), (r"x_{\,}", "'_'"), (r"x^{{}}", "'^'"), ("_1", "before '_'"), ("^2", "before '^'"),
    ("{}_1", "before '_'"), (r"\,_1", "before '_'"), ("'", "before the prime"), (r"a+{}^{2}", "before '^'"),
    (r"w_{x_{\,}}", "'_'"), (r"\mathrm{\,}w", r"'\mathrm'"), ("{}^{1}_{2}", "before"),
]  # fmt: skip
NO_NAME = [
    ("-", "a sign"), ("+", "a sign"), ("*", "a sign"), (",", "a sign"), (r"\cdot", "a sign"), (r"\times", "a sign"),
    (r"\prime", "a sign"), (r"\partial", "a sign"), (r"\nabla", "a sign"), (r"\infty", "a sign"), ("-_1", "a sign"),
    (r"\hat{-}", "a sign"), (r"\text{-}", "a sign"), (r"\star^w", "a sign"), ("{+}", "a sign"),
    ("(", "a bracket"), (")", "a bracket"), ("()", "a bracket"), (r"\langle", "a bracket"),
    ("1", "a number"), ("12", "a number"), (r"\mathbf{0}", "a number"), ("3_w", "a number"), ("-1", "a number"),
    ("-x", "a sign and a name"), ("+x", "a sign and a name"), (r"\,-x", "a sign and a name"),
]  # fmt: skip
BRACKETS = ["f(x", "x)", "x)(", "w^{(1}", "w_{1)}", r"\mathrm{a(}", r"x\rangle", r"\langle x", "(x"]
READABLE = [
    "w", "w_1", "w^{(k+1)}", "w^*", "x_{-}", "x^{+}", r"\hat{y}", r"\alpha", r"\ell", r"\hbar", "f(x)", "(x)",
    r"\text{net input}", r"\mathrm{d}", "x'", "x''", r"{}^{1}w", r"T^{a}{}_{b}", r"\langle x \rangle", r"\operatorname{net}_1",
    r"{w^{1}}'", "w_{1,2}", "2x", r"\Im", "a*b", "net-1", r"\mathbf{W}", r"w_{1\,2}", r"\vec x",
]  # fmt: skip


@pytest.mark.parametrize("tex", NOTHING)
def test_what_shows_nothing(tex: str) -> None:
    assert unreadable(tex) == ("the TeX shows nothing", 'write a symbol: "w_1"')


@pytest.mark.parametrize(("tex", "words"), PART_MISSING)
def test_what_shows_nothing_in_a_part(tex: str, words: str) -> None:
    found = unreadable(tex)
    assert found is not None
    assert words in found[0]


@pytest.mark.parametrize(("tex", "words"), NO_NAME)
def test_what_is_no_name(tex: str, words: str) -> None:
    found = unreadable(tex)
    assert found is not None
    assert words in found[0]
    assert found[1] == "begin with a letter"


@pytest.mark.parametrize("tex", BRACKETS)
def test_a_bracket_alone(tex: str) -> None:
    found = unreadable(tex)
    assert found is not None
    assert "bracket" in found[0]


@pytest.mark.parametrize("tex", READABLE)
def test_what_can_be_read(tex: str) -> None:
    assert unreadable(tex) is None


SAME = [
    ("x_1", "x_{1}"), ("x_1^2", "x^2_1"), ("x'", r"x^\prime"), ("x'", r"x^{\prime}"), ("x''", r"x^{\prime\prime}"),
    (r"\hat y", r"\hat{y}"), (r"\text{ab}", r"\mathrm{ab}"), (r"\textrm{ab}", r"\operatorname{ab}"), ("{x}", "x"),
    (r"x\,y", "x y"), ("w{}_1", "w_1 "), (r"x^\ast", "x^*"), (r"\mathit{x}", "x"), (r"\textbf{W}", r"\mathbf{W}"),
    (r"\mathrm{a b}", r"\mathrm{ab}"), (r"\alpha  x", r"\alpha{}x"), ("x_{1 2}", "x_{12}"), ("{{x}_{1}}", "x_1"),
]  # fmt: skip
DIFFERENT = [
    ("x_1", "x^1"), ("x_12", "x_{12}"), ("x", r"\mathrm{x}"), (r"\text{a b}", r"\text{ab}"), ("x", r"\hat x"),
    (r"\hat{x}_1", r"\hat{x_1}"), ("xy", "yx"), (r"\alpha", "alpha"), (r"\mathit{net}", "net"), ("W", r"\mathbf{W}"),
    ("x_{y_z}", "x_{yz}"), ("{xy}_1", "xy_1"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_prints_the_same_looks_the_same(one: str, other: str) -> None:
    assert look(one) == look(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_prints_differently_looks_different(one: str, other: str) -> None:
    assert look(one) != look(other)


GRAPH = '[graph.values]\nx = 1\ny = 2\n[graph.nodes]\nf = "x*y"\n[notation]\n'
NETWORK = (
    '[network]\ninputs = 2\nloss = "hinge"\n[[network.layers]]\nunits = 1\nweights = 1\n'
    "[[data]]\nx = [1, 2]\nt = [1]\n[notation]\n"
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (GRAPH + 'names = { x = "{}" }', "notation.names.x: the TeX shows nothing"),
        (GRAPH + 'names = { f = "\\\\,_{2}" }', "notation.names.f: nothing stands before '_'"),
        (GRAPH + 'loss = "+"', "notation.loss: '+' is a sign and no name"),
        (NETWORK + 'names = { w1_1_1 = "(" }', "notation.names.w1_1_1: '(' is a bracket and no name"),
        (NETWORK + 'names = { "dE/dw1_1_1" = "-g" }', "would be read as a sign and a name"),
        (NETWORK + 'preset = "flat"\nnames = { b1_1 = "0" }', "'0' would be read as a number"),
        (GRAPH + 'names = { x = "p\'", y = "p^{\\\\prime}" }', "'y' would look like 'x'"),
        (NETWORK + 'names = { x1 = "\\\\text{net}", x2 = "\\\\operatorname{net}" }', "'x2' would look like 'x1'"),
        (NETWORK + 'names = { x1 = "w_{11}^1" }', "'x1' would look like 'w1_1_1'"),
    ],
)
def test_the_spec_refuses_it(text: str, place: str) -> None:
    with pytest.raises(DeriveError) as caught:
        specification.loads(text)
    assert place in str(caught.value)
