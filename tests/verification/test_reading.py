"""Every spelling of a quantity is read, every place is kept, and what cannot be read says where and why."""

from __future__ import annotations

import pytest

from derive.api import load, loads
from derive.expressions.print_text import ascii as plain
from derive.verification.reading import Chain, Matrix, Spelling, TextKind, kind_of, read
from tests.support.repository import ROOT

ARTICLE = load(ROOT / "examples" / "pass_or_fail.toml")
MAZUR = load(ROOT / "examples" / "mazur.toml")
THREE = Spelling.of(ARTICLE)


def chains(text: str, kind: TextKind = "text", spelling: Spelling = THREE) -> tuple[Chain, ...]:
    return read(text, kind, spelling).chains


def shown(chain: Chain) -> str:
    """A chain in canonical names."""
    parts = []
    for i, side in enumerate(chain.sides):
        sign = f" {chain.relations[i - 1].sign} " if i else ""
        parts.append(sign + _value(side.expr))
    return "".join(parts)


def _value(value: object) -> str:
    if isinstance(value, Matrix):
        return "[" + "; ".join(", ".join(map(_value, row)) for row in value.rows) + "]"
    return "?" if value is None else plain(value)  # type: ignore[arg-type]


def read_as(text: str, kind: TextKind = "text", spelling: Spelling = THREE) -> str:
    return " | ".join(map(shown, chains(text, kind, spelling)))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("w1_4_3", "w1_4_3"), ("w1_43", "w1_4_3"), ("w¹₄₃", "w1_4_3"), ("w^1_43", "w1_4_3"), ("w^(1)_43", "w1_4_3"),
        ("w^{(1)}_{4,3}", "w1_4_3"), ("w_{1,4,3}", "w1_4_3"), ("W^{[1]}_{43}", "w1_4_3"), ("w^{1}_{40}", "b1_4"),
        ("f1_4", "a1_4"), ("h1_4", "a1_4"), ("a2_1", "yhat"), ("ŷ", "yhat"), ("y\u0302", "yhat"), ("\\hat{y}", "yhat"),
        ("y", "t"), ("L", "E"), ("δ2_1", "delta2_1"), ("\\delta^{2}_{1}", "delta2_1"), ("η", "eta"), ("α", "eta"),
        ("∂E/∂w1_43", "dE/dw1_4_3"), ("dE / dw1_43", "dE/dw1_4_3"), ("d E/d w1_43", "dE/dw1_4_3"),
        ("∂L/∂ŷ", "dE/dyhat"), ("dyhat/dz2_1", "dyhat/dz2_1"), ("\\frac{\\partial E}{\\partial w^{1}_{43}}", "dE/dw1_4_3"),
        ("\\frac{dE}{dw^{1}_{43}}", "dE/dw1_4_3"), ("\\dfrac{\\mathrm{d} E}{\\mathrm{d} b^{1}_{2}}", "dE/db1_2"),
        ("\\partial E/\\partial z^2_1", "dE/dz2_1"), ("w2_11'", "w2_1_1'"), ("w2_11⁺", "w2_1_1'"),
        ("{w^{2}_{11}}'", "w2_1_1'"), ("w^{2}_{11}{}'", "w2_1_1'"), ("{w^{2}_{11}}^{\\langle 5\\rangle}", "w2_1_1@5"),
        ("w^{2,\\text{new}}_{11}", "w2_1_1'"), ("yhat@5", "yhat@5"), ("E@0", "E"), ("dE/dw2_11@3", "dE/dw2_1_1@3"),
        ("z1_4[1]", "z1_4[1]"), ("\\left.\\frac{\\partial E}{\\partial z^{2}_{1}}\\right|_{[1]}", "dE/dz2_1[1]"),
        ("\\frac{\\partial E[1]}{\\partial w^{2}_{11}}", "dE/dw2_1_1[1]"), ("X_0", "1"), ("a^{1}_{0}", "1"),
    ],
)  # fmt: skip
def test_spellings_of_one_quantity(written: str, name: str) -> None:
    """One quantity, whatever it is called."""
    assert read_as(f"{written} = 3") == f"{name} = 3"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2x1 = x1 x2", "2*x1 = x1*x2"),
        ("t(1 - yhat) = (1 - t)yhat", "t*(1 - yhat) = (1 - t)*yhat"),
        ("1/2(yhat - t)^2 = ½(ŷ − t)²", "1/2*(yhat - t)^2 = 1/2*(yhat - t)^2"),
        ("-a1_1 × w2_11·η = 3", "-a1_1*w2_1_1*eta = 3"),
        ("ln yhat = log(yhat)", "ln(yhat) = log(yhat)"),
        ("e^(-z2_1) = e^-z2_1", "exp(-z2_1) = exp(-z2_1)"),
        ("σ(z2_1)(1 − σ(z2_1)) = σ'(z2_1)", "sigmoid(z2_1)*(1 - sigmoid(z2_1)) = sigmoid'(z2_1)"),
        ("f'(z1_2) = 3", "sigmoid'(z1_2) = 3"),
        ("|z1_1| = max(0, z1_1) = √(2)", "abs(z1_1) = max(0, z1_1) = sqrt(2)"),
        ("yhat ~ 0.5 ≈ 5 × 10^-1", "yhat ~ 0.5 ~ 5e-1"),
        ("w2_11 := 2**3", "w2_1_1 = 2^3"),
        (r"\tfrac12\,\hat y = \frac{1}{2}\left(\hat{y}\right)", "1/2*yhat = 1/2*yhat"),
        (r"\ln\hat{y} = \log_2 \hat y = \tanh^2 z^{1}_{1}", "ln(yhat) = log2(yhat) = tanh(z1_1)^2"),
        (r"\overline{3} = 3", "? = 3"),
    ],
)
def test_formulas(written: str, meant: str) -> None:
    """Calculation as people write it."""
    assert read_as(written, "text") == meant


def test_sums_over_a_range_are_written_out() -> None:
    """A sum without a range runs over all units that have the names in it."""
    terms = "w2_1_1*a1_1 + w2_1_2*a1_2 + w2_1_3*a1_3 + w2_1_4*a1_4"
    written = r"$$z^2_1 = \sum_{k=1}^{4} w^{2}_{1k} a^{1}_{k} + b^2_1 = \sum_k w^{2}_{1k} a^{1}_{k} = 0.0836$$"
    assert read_as(written, "markdown") == f"z2_1 = ({terms}) + b2_1 = {terms} = 0.0836"
    assert read_as("z2_1 = b2_1 + ∑_{k=1}^4 w^2_{1k} a^1_k", "text") == f"z2_1 = b2_1 + ({terms})"
    assert read_as(r"$9 = \sum_{i=1}^{2} \sum_{j=1}^{2} i \cdot j = \sum_{k=1}^{2000} k$", "markdown").endswith(
        "(1*1 + 1*2) + (2*1 + 2*2) = ?"
    )


def test_letters_of_tex_stand_alone() -> None:
    """In TeX two letters are a product, unless together they are a name."""
    assert read_as(r"$t\hat{y} = t \eta E = w2_11 yhat$", "markdown") == "t*yhat = t*eta*E = w2_1_1*yhat"


def test_the_specs_own_notation() -> None:
    """Mazur's names, in TeX and in plain text."""
    own = Spelling.of(MAZUR)
    text = r"$$\frac{\partial E}{\partial w_5} = (o_1 - t_1) o_1 (1 - o_1) h_1$$"
    assert read_as(text, "markdown", own) == "dE/dw2_1_1 = (yhat1 - t1)*yhat1*(1 - yhat1)*a1_1"
    assert read_as("w_5' = w_5 - 0.5*0.08", "text", own) == "w2_1_1' = w2_1_1 - 0.5*0.08"


@pytest.mark.parametrize("preset", ["superscript", "parenthesised", "bracketed", "bias_unit", "flat"])
@pytest.mark.parametrize("read_with", ["superscript", "flat"])
def test_presets(preset: str, read_with: str) -> None:
    """What one preset writes is read whatever the spec's own preset is."""
    text = (ROOT / "examples" / "pass_or_fail.toml").read_text(encoding="utf-8")
    written = loads(text + f'\n[notation]\npreset = "{preset}"\n')
    spelling = Spelling.of(loads(text + f'\n[notation]\npreset = "{read_with}"\n'))
    from derive.naming.notation import Notation

    notation = Notation.of(written.spec, written.names)
    for name in (
        "w1_4_3",
        "b1_4",
        "b2_1",
        "z1_4",
        "a1_4",
        "yhat",
        "t",
        "delta1_2",
        "dE/db1_4",
        "w2_1_1'",
        "w1_4_3@5",
        "z1_4[1]",
    ):
        assert read_as(f"$ {notation.tex(name)} = 1 $", "markdown", spelling) == f"{name} = 1"


def test_vectors_and_matrices() -> None:
    """Matrix algebra is written out entry by entry."""
    assert read_as("W2 = [0.1, 0.2, 0.3, 0.4]") == "[w2_1_1, w2_1_2, w2_1_3, w2_1_4] = [0.1, 0.2, 0.3, 0.4]"
    assert read_as("x = (7, 8, 10)") == "[x1; x2; x3] = [7; 8; 10]"
    product = read_as(r"$ \delta^{1} = (W^{2})^{\top}\delta^{2} \odot \sigma'(z^{1}) $", "latex")
    assert product.startswith("[delta1_1; delta1_2; delta1_3; delta1_4] = [w2_1_1*delta2_1*sigmoid'(z1_1);")
    table = r"\[ x = \begin{bmatrix} 7 \\ 8 \\ 10 \end{bmatrix} \]"
    assert read_as(table, "latex") == "[x1; x2; x3] = [7; 8; 10]"


def test_chains_over_lines() -> None:
    """A line that begins with a relation sign goes on from the one above."""
    assert read_as("# task 1\nz2_1 = 1\n   = 2 # so\n≈ 3\n\nyhat = 4") == "z2_1 = 1 = 2 ~ 3 | yhat = 4"
    aligned = r"""\begin{align}
      z^{2}_{1} &= 1 && \text{quotient rule} \\
                &= 2 + 3 \\
                & \quad {} + 4 \label{one} \\
      \hat{y} &\approx 5, \quad t = 1
    \end{align}"""
    assert read_as(aligned, "latex") == "z2_1 = 1 = 2 + 3 + 4 | yhat ~ 5 | t = 1"


def test_what_is_skipped() -> None:
    """Prose, programs, comments, formulas without a relation, general rules."""
    text = "Because of `yhat = 3` we have $w^{2}_{11}$ and\n\n```\nfoo = 4\n```\n<!-- $t = 2$ -->\n$\\delta^{l} = W^{l+1} x$"
    assert chains(text, "markdown") == ()
    assert chains("% $t = 2$\n\\begin{verbatim}$t = 3$\\end{verbatim}", "latex") == ()
    assert chains("The loss falls.\n", "text") == ()


def test_delimiters() -> None:
    """All the ways to set a formula."""
    text = "$t=1$ \\(t=2\\) $$t=3$$ \\[t=4\\] \\begin{equation}t=5\\end{equation}\n```math\nt=6\n```\n"
    assert read_as(text, "markdown") == " | ".join(f"t = {n}" for n in range(1, 7))
    assert (
        read_as("\\begin{document}\\begin{gather*}t=1\\\\t=2\\end{gather*}\\end{document}t=3", "latex")
        == "t = 1 | t = 2"
    )


def test_labels_under_braces() -> None:
    """``A`` with ``B`` under it is A in the formula, and A = B by itself."""
    text = r"$\frac{\partial E}{\partial b^{2}_{1}} = \underbrace{\frac{\partial E}{\partial \hat y}}_{\hat y - t} \cdot 1$"
    assert read_as(text, "markdown") == "dE/db2_1 = dE/dyhat*1 | dE/dyhat = yhat - t"


def test_both_signs_of_a_derivative() -> None:
    """Where one line has d and ∂, the second is by the formula's own names."""
    (chain,) = chains("dE/dw2_11 = ∂E/∂yhat * dyhat/dw2_11")
    assert "∂E/∂yhat" in shown(chain)
    assert "∂" not in read_as("∂E/∂w2_11 = ∂E/∂yhat * 3")


def test_letters_that_a_text_defines() -> None:
    """``S`` and ``h`` may be given a meaning."""
    text = "$h = 0.1$ and $S = e^{z^{1}_{1}} + 1$, so $\\frac{1}{S} = 2h$"
    assert read_as(text, "markdown") == "1/(exp(z1_1) + 1) = 2*0.1"
    assert read_as("$p' = p - \\eta \\frac{\\partial E}{\\partial p}$", "markdown") == ""
    assert read_as("$\\frac{\\partial E}{\\partial p} = 3$", "markdown") == "? = 3"


def test_places() -> None:
    """Lines and columns from 1, in every kind of text."""
    (chain,) = chains("\n  yhat = foo + 1\n")
    assert (chain.line, chain.relations[0].start.column) == (2, 8)
    side = chain.sides[1]
    assert side.at is not None and (side.at.line, side.at.column) == (2, 10)
    assert (side.start.column, side.end.column, side.text) == (10, 17, "foo + 1")
    (chain,) = chains("a\r\n$$\r\n\\hat{y}\r\n= \\foo\r\n$$", "markdown")
    assert chain.sides[1].at is not None
    assert (chain.line, chain.sides[1].at.line, chain.sides[1].at.column) == (3, 4, 3)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("foo = 1", "unknown quantity 'foo'"),
        ("dE/dw9_1_1 = 1", "'w9_1_1': the network has 2 layers"),
        ("w1_53 = 1", "'w1_53': layer 1 has 4 units"),
        (r"w^{1}_{53} = 1", "'w1_5_3': layer 1 has 4 units"),
        ("yhat = ", "nothing stands here"),
        ("yhat = (1", "a bracket is opened and not closed"),
        ("yhat = 1)", "a bracket is closed that was not opened"),
        ("yhat = 0, 5", "a comma stands only between the arguments of a function"),
        ("yhat = 1 2", "there is no sign of calculation before this number"),
        ("yhat = 1/x1 x2", "it is not clear what stands below the line"),
        ("yhat = sigmoid", "the function 'sigmoid' has no argument here"),
        ("yhat = sigmoid(1, 2)", "sigmoid takes 1 argument, not 2"),
        ("W1 x t W1 = 1", "matrices of"),
        (r"yhat = \foo", "'\\foo' is not read here"),
        ("E(w2_11 + 1) = 2", "the loss at other values is not read"),
        ("yhat = 2^99999", "the exponent is too large"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, problem: str) -> None:
    """The other sides are read all the same."""
    (chain,) = chains(text)
    said = [side.problem for side in chain.sides if side.expr is None]
    assert len(said) == 1
    assert said[0].startswith(problem)


def test_kind_by_the_ending() -> None:
    """``.md``, ``.markdown``, ``.tex``; anything else is plain text."""
    assert [kind_of(name) for name in ("a.md", "b.MARKDOWN", "c.tex", "d.txt", "e", "-")] == [
        "markdown", "markdown", "latex", "text", "text", "text",
    ]  # fmt: skip
