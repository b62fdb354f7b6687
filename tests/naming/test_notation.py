"""The TeX of quantities, and the TeX that an author may give."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import specification
from derive.naming.author_tex import ACCENTS, FONTS, GREEK, SYMBOLS, WORDS, author_name
from derive.naming.names import Names
from derive.naming.notation import Notation, TeXRefused, checked_tex
from tests.support.outside.tex import compile_tex

NETWORK = """
[network]
inputs = ["x1", "hours", "alpha"]
loss = "half_squared_error"
[[network.layers]]
units = 12
weights = 1
[[network.layers]]
units = 1
weights = 1
[[data]]
x = [1, 2, 3]
t = [1]
"""


def notation(text: str = "") -> Notation:
    return Notation.of(specification.loads(NETWORK + text))


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("x1", "x_1"),
        ("hours", r"\mathrm{hours}"),
        ("alpha", r"\alpha"),
        ("w1_4_3", "w^{1}_{43}"),
        ("w1_12_3", "w^{1}_{12,3}"),
        ("b1_12", "b^{1}_{12}"),
        ("z1_4", "z^{1}_{4}"),
        ("a1_4", "a^{1}_{4}"),
        ("yhat", r"\hat{y}"),
        ("t", "t"),
        ("E", "E"),
        ("eta", r"\eta"),
        ("dE/dw1_4_3", r"\frac{\partial E}{\partial w^{1}_{43}}"),
        ("dyhat/dz2_1", r"\frac{\partial \hat{y}}{\partial z^{2}_{1}}"),
        ("delta1_4", r"\delta^{1}_{4}"),
        ("w1_4_3'", "{w^{1}_{43}}^{+}"),
        ("w1_4_3@5", r"{w^{1}_{43}}^{\langle 5\rangle}"),
        ("yhat@1", r"{\hat{y}}^{\langle 1\rangle}"),
        ("a1_1[2]", "a^{1}_{1}[2]"),
        ("w1_4_3'[2]", "{w^{1}_{43}}^{+}[2]"),
        ("dE/dw1_4_3[2]", r"\left.\frac{\partial E}{\partial w^{1}_{43}}\right|_{[2]}"),
        ("W1", "W^{1}"),
        ("delta2", r"\delta^{2}"),
        ("dE/dW1", r"\frac{\partial E}{\partial W^{1}}"),
        ("x", "x"),
        ("sigmoid'(z)", r"\sigma'(z)"),
        ("leaky_relu'(z1_4)", r"\operatorname{LReLU}'(z^{1}_{4})"),
        ("∂L/∂w1_43", r"\frac{\partial E}{\partial w^{1}_{43}}"),
    ],
)
def test_superscript(name: str, tex: str) -> None:
    assert notation().tex(name) == tex


@pytest.mark.parametrize(
    ("preset", "weight", "bias", "activation"),
    [
        ("superscript", "w^{1}_{43}", "b^{1}_{4}", "a^{1}_{4}"),
        ("parenthesised", "w^{(1)}_{43}", "b^{(1)}_{4}", "a^{(1)}_{4}"),
        ("bracketed", "w^{[1]}_{43}", "b^{[1]}_{4}", "a^{[1]}_{4}"),
        ("bias_unit", "w^{1}_{43}", "w^{1}_{40}", "a^{1}_{4}"),
        ("flat", "w_{1,4,3}", "b_{1,4}", "a_{1,4}"),
    ],
)
def test_presets(preset: str, weight: str, bias: str, activation: str) -> None:
    here = notation(f'[notation]\npreset = "{preset}"\n')
    assert [here.tex(name) for name in ("w1_4_3", "b1_4", "a1_4")] == [weight, bias, activation]
    assert here.bias_unit == (preset == "bias_unit")


def test_constant_unit() -> None:
    here = notation('[notation]\npreset = "bias_unit"\n')
    assert [here.constant_unit(1), here.constant_unit(2)] == ["X_0", "a^{1}_{0}"]
    assert here.tex("b1_12") == "w^{1}_{12,0}"


def test_the_author_decides() -> None:
    here = notation(
        '[notation]\nloss = "J"\n[notation.names]\nw1_1_1 = "w_1"\nyhat1 = "o"\n"dE/dw1_2_1" = "g_2"\nW1 = "V"\n'
    )
    assert here.tex("w1_1_1") == "w_1"
    assert here.tex("dJ/dw1_11") == r"\frac{\partial J}{\partial w_1}"
    assert here.tex("yhat@2") == r"{o}^{\langle 2\rangle}"
    assert here.tex("dE/dw1_2_1") == "g_2"
    assert here.tex("W1") == here.matrix("W", 1) == "V"
    assert here.tex("a2_1") == "o"


def test_outputs_and_targets_with_index() -> None:
    here = Notation.plain(Names.layered(("x1",), (11,)))
    assert here.tex("yhat2") == r"\hat{y}_2"
    assert here.tex("yhat11") == r"\hat{y}_{11}"
    assert here.tex("t11") == "t_{11}"


def test_matrices() -> None:
    here = notation()
    assert [here.matrix(*part) for part in (("W", 1), ("delta", 2), ("a", 1), ("x", 0), ("yhat", 0))] == [
        "W^{1}", r"\delta^{2}", "a^{1}", "x", r"\hat{y}",
    ]  # fmt: skip


def test_graph() -> None:
    here = Notation.of(specification.loads('[graph.values]\nx = 3\nw_in = 1\n[graph.nodes]\ng = "x*w_in"\n'))
    assert here.tex("dg/dx") == r"\frac{\partial g}{\partial x}"
    assert here.tex("x'") == "x^{+}"
    assert here.tex("w_in") == r"w_{\mathrm{in}}"


def test_letter_of_a_graphs_output() -> None:
    here = Notation.of(specification.loads('[graph.values]\nx = 3\n[graph.nodes]\ng = "x"\n[notation]\nloss = "G"\n'))
    assert here.tex("dg/dx") == r"\frac{\partial G}{\partial x}"


def test_no_two_names_look_alike() -> None:
    here = Notation.of(specification.loads('[graph.values]\nx1 = 3\nx_1 = 1\n[graph.nodes]\ng = "x1*x_1"\n'))
    assert [here.tex("x1"), here.tex("x_1")] == ["x_1", r"\mathrm{x\_1}"]
    here = Notation.plain(Names.layered(("t_1",), (2,)))
    assert [here.tex("t_1"), here.tex("t1")] == [r"\mathrm{t\_1}", "t_1"]


def test_unknown_names_are_errors() -> None:
    with pytest.raises(ValueError, match="unknown quantity 'q'"):
        notation().tex("q")


@pytest.mark.parametrize(
    "name", ["a__b", "a_", "x_1_2", "net_h1", "lambda", "Gamma_1", "i1x", "A" * 50, "input", "x1_2y"]
)
def test_names_of_the_author_are_tex(name: str) -> None:
    inside = author_name(name)
    assert inside.count("{") == inside.count("}")
    assert checked_tex(inside.replace(r"\_", "")) or True


@pytest.mark.parametrize(
    "text",
    [
        "w", "w_1", r"\hat{y}_{1}", r"\mathrm{net}_{h1}", r"\text{the loss}", r"{w^{(2)}_{11}}^{+}", "f'", "a_1'",
        "x^*", r"\tilde\alpha", r"\boldsymbol{W}^{1}", r"\operatorname{out}(z, t)", r"\Theta^{(1)}_{j,i}", "w^1_2",
        r"x^{\prime}", r"\mathbf w",
    ],
)  # fmt: skip
def test_allowed_tex(text: str) -> None:
    assert checked_tex(text) == text


@pytest.mark.parametrize(
    "text",
    [
        r"\input{x}",
        r"\write18{x}",
        r"\def\a{b}",
        r"\a",
        r"\let\a\b",
        "a%b",
        "a#b",
        "a$b",
        "a&b",
        "a\\\\b",
        "a~b",
        "{",
        "}",
        "}{",
        "{}}{",
        "w_",
        "w^",
        "w^{",
        "w^1^2",
        "w_1_2",
        r"\hat",
        r"\hat}",
        r"w^\hat{y}",
        "",
        "   ",
        "a\nb",
        "α",
        "a" * 201,
        "{" * 20 + "a" + "}" * 20,
        r"\text{a_b}",
        r"\text{\alpha}",
        r"\csname",
        "a\x00",
        "w''^2",
        "w^2'",
        r"\mathrm",
        r"\hat{}",
        r"\catcode",
        r"\usepackage",
        r"\href{a}{b}",
        r"\html",
        r"\includegraphics",
        r"\frac",
        "\\",
    ],
)
def test_refused_tex(text: str) -> None:
    with pytest.raises(TeXRefused):
        checked_tex(text)


@pytest.mark.tool
def test_a_real_tex_knows_every_command_of_the_list(tmp_path: Path) -> None:
    formulas = [rf"\{symbol}_1^2" for symbol in sorted(GREEK | SYMBOLS)]
    formulas += [rf"\{command}{{w}}'_2" for command in sorted(ACCENTS | FONTS | WORDS)]
    formulas += [rf"a\, b\; c\: d\ {e}" for e in (r"\tilde\alpha", r"\mathbf w", r"\text{a (b), c}")]
    assert [checked_tex(formula) for formula in formulas] == formulas
    here = notation()
    marks = ("", "'", "@5", "[2]", "@5[2]")
    formulas += [here.tex(name + mark) for name in ("x1", "w1_12_3", "dE/dw1_4_3", "delta1_4", "W1") for mark in marks]
    body = "\n\n".join(f"${formula}$" for formula in formulas)
    begin = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    compile_tex(tmp_path, f"{begin}{body}\\end{{document}}")


@pytest.mark.parametrize(
    "notation",
    ["names = {x = 'y', y = 'x'}", r"names = {x = '\eta'}", "names = {x = 'x_1'}", "names = {f = 'E'}", "loss = 'E'"],
)
def test_symbols_may_be_changed_as_long_as_no_two_are_alike(notation: str) -> None:
    text = f'[graph.values]\nx = 1\ny = 2\n[graph.nodes]\nf = "x*y"\n[notation]\n{notation}'
    looks = Notation.of(specification.loads(text))
    assert len({looks.tex(name) for name in "xyf"}) == 3
