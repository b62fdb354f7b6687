r"""TeX as Markdown needs it: each danger has another spelling, and what is safe stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.words.escape import markdown_math
from derive.words.markdown_tex import line_of, spelled, touching
from tests.support.outside.github import left_by_github, plain

DANGERS = [
    # emphasis: a lower script touches a letter or digit, or stands between spaces
    (r"w^{1}_{43}", r"w_{43}^{1}"),
    (r"w^{[1]}_{43}", r"w^{[1]}_ {43}"),
    (r"w^{(1)}_{4,3}", r"w^{(1)}_ {4,3}"),
    (r"w_{43}^{[1]}", r"w_{43}^{[1]}"),
    (r"\hat{y}^{[2]}_1 + \hat{y}^{[2]}_2", r"\hat{y}^{[2]}_ 1 + \hat{y}^{[2]}_ 2"),
    (r"w^{[1]}_{43} * {w^{[1]}_{44}}'", r"w^{[1]}_ {43} \ast {w^{[1]}_ {44}}'"),
    (r"\delta^{2}_1", r"\delta_1^{2}"),
    (r"w'_{1}", r"w_{1}'"),
    (r"{w^{1}_{43}}'", r"{w_{43}^{1}}'"),
    (r"w_1^2", r"w_1^2"),
    (r"\hat{y}_{1}", r"\hat{y} _ {1}"),
    (r"\hat{y}^{2}_1", r"\hat{y} _ 1^{2}"),
    (r"\underbrace{a}_{b_1}", r"\underbrace{a} _ {b_1}"),
    (r"z[2]_1", r"z[2] _ 1"),
    (r"{}_1", r"{} _ 1"),
    (r"x^{a^{b}_{c}}_{d}", r"x_{d}^{a_{c}^{b}}"),
    (r"w^2_\mathrm{x}", r"w_{\mathrm{x}}^2"),
    (r"w^\top_1", r"w_1^\top"),
    (r"w_\alpha x", r"w_\alpha x"),
    (r"\left.\frac{a}{b}\right|_{[2]}", r"\left.\frac{a}{b}\right\vert_{[2]}"),
    ("a*b", r"a\ast b"),
    # backslashes
    (r"a\,b", r"a\mathpunct{}b"),
    (r"a\;b", r"a\ b"),
    (r"\sigma\!\left(z\right)", r"\sigma\mathopen{}\left(z\right)"),
    (r"\{a\}", r"\lbrace a\rbrace"),
    (r"\left\{a\right\}", r"\left\lbrace a\right\rbrace"),
    (r"\|a\|", r"\Vert a\Vert"),
    (r"\mathrm{x\_1}", r"\mathrm{x\underline{\ }1}"),
    ("a\\ ", "a\\ {}"),
    (r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}", "\\begin{bmatrix} a & b \\\\\nc & d \\end{bmatrix}"),
    (r"\begin{matrix} a \\[6pt] b \end{matrix}", "\\begin{matrix} a \\\\\n\\\\\nb \\end{matrix}"),
    (r"\begin{matrix} a \\ [b] \end{matrix}", "\\begin{matrix} a \\\\\n{} [b] \\end{matrix}"),
    # links, tags, entities, tables, addresses
    ("[a](b)", "[a] (b)"),
    (r"\left[a\right](b)", r"\left[a\right] (b)"),
    ("a<b", "a< b"),
    ("|a|", r"\vert a\vert"),
    ("a~b", r"a\ b"),
    ("a&lt;b", "a& lt;b"),
    ("http://a", "http: //a"),
    ("www.a", "www .a"),
    # functions: GitHub refuses the command
    (r"\operatorname{ReLU}(z)", r"\mathop{\mathrm{ReLU}}(z)"),
    (r"\operatorname{ReLU}'(z)", r"\mathop{\mathrm{ReLU}'}(z)"),
    (r"\operatorname{f}^{2}_1", r"\mathop{\mathrm{f} _ 1^{2}}"),
    (r"x_\operatorname{f}", r"x_{\mathop{\mathrm{f}}}"),
    # words
    (r"\text{if } z > 0", r"\text{if } z > 0"),
    (r"\text{a*b}", r"{\text{a}\ast\text{b}}"),
    (r"\text{[a](b)\,c}", r"{\text{[a]}\text{(b)}\mathpunct{}\text{c}}"),
    (r"x_\text{a\_b}", r"x_{\text{a}\underline{\ }\text{b}}"),
    # no danger
    (
        r"\frac{\partial E}{\partial a} \cdot -0.5 \times 10^{-5}",
        r"\frac{\partial E}{\partial a} \cdot -0.5 \times 10^{-5}",
    ),
]


@pytest.mark.parametrize(("tex", "shown"), DANGERS)
def test_a_danger_has_another_spelling(tex: str, shown: str) -> None:
    assert spelled(tex) == shown
    assert spelled(shown) == shown


@pytest.mark.parametrize(("tex", "_shown"), DANGERS)
def test_it_comes_through(tex: str, _shown: str) -> None:
    """Twice in a paragraph, so that what begins could end; and in a quote."""
    one = spelled(tex)
    text = (
        f"$$\n{one}\n$$\n\nA ${one.replace(chr(10), ' ')}$ ends.\n\n> $$\n> " + one.replace("\n", "\n> ") + "\n> $$\n"
    )
    first, second, third = left_by_github(text)
    assert plain(first) == plain(third) == plain(one)
    assert "\n" in one or second == one


def test_a_token_of_a_number_may_be_a_bracket() -> None:
    assert spelled("z[2]\x0e4\x0f") == "z[2] \x0e4\x0f"
    assert spelled("\x0e4\x0f_1") == "\x0e4\x0f _ 1"


def test_on_one_line_no_row_ends_with_a_line() -> None:
    assert markdown_math(r"\begin{matrix} a \\ b \end{matrix}") == r"\begin{matrix} a \cr b \end{matrix}"


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        ("- x", "-x"),
        ("+ 1", "+1"),
        ("> x", "{}> x"),
        ("1) a", "{}1) a"),
        ("=", "{}="),
        ("-1.5", "-1.5"),
        ("1.5", "1.5"),
    ],
)
def test_a_line_begins_no_block(tex: str, shown: str) -> None:
    assert line_of(tex) == shown
    assert spelled(rf"\begin{{matrix}} a \\ {tex} \end{{matrix}}").splitlines()[1] == line_of(f"{tex} \\end{{matrix}}")


@pytest.mark.parametrize("sign", [r"\%", r"\#", r"\&", r"\$", "`"])
def test_a_sign_with_one_spelling_is_refused(sign: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        spelled(f"a {sign} b")


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("the ", " is", ("the ", "x", " is")),
        ("the ", "s are", ("the ", r"x\text{s}", " are")),
        ("the non-", "-axis", ("the ", r"\text{non-}x", "-axis")),
        ("(", ")", ("(", "x", ")")),
        ("das naïve", "ä", ("das naïve", "x", "ä")),
        ("2", "'s", ("", r"\text{2}x", "'s")),
    ],
)
def test_letters_at_a_formula(before: str, after: str, shown: tuple[str, str, str]) -> None:
    assert touching(before, "x", after) == shown


PIECES = st.sampled_from(
    r"\hat{y} w \delta \frac{a}{b} {x} ^{2} _{1} _1 ' \, \; * ( ) [a] | \{ \} < > = + - \cdot \operatorname{f} \text{a*b} \!".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=12))
def test_whatever_stands_beside_each_other(left: list[str], right: list[str]) -> None:
    """Two formulas of a paragraph reach their reader, and nothing is left to be spelled."""
    one, other = spelled("x" + " ".join(left)), spelled("x" + "".join(right))
    assert left_by_github(f"A ${one}$ and ${other}$ here.") == [one, other]
    assert spelled(one) == one
    assert not re.search(r"\\[^A-Za-z ]", one + other)
