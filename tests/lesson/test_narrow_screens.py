"""What a screen of 400 pixels shows: rows that end at good places, chains inside sentences, tables with a number."""

from __future__ import annotations

import re
from functools import cache

import pytest

from derive import network, specification
from derive.expressions.widths import RowPiece, broken, width
from derive.lesson.page_width import SCREEN
from tests.support.lesson.documents import notes
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")


@cache
def page(name: str) -> str:
    return notes(network.build(specification.load(str(ROOT / "examples" / f"{name}.toml"))))


def test_brackets_that_grow_have_a_size_where_a_row_ends_between_them() -> None:
    r"""``\left(`` needs its ``\right)`` on the same row; one that is whole stays as it is."""
    pieces = [RowPiece(r"\frac{1}{4}"), RowPiece(r"\left( \frac{a}{b}", 0), *(RowPiece(r" + \frac{a}{b}", 2),) * 6]
    *firsts, last = pieces
    rows = broken([*firsts, RowPiece(last.text + r" \right)", last.depth)], 12.0)
    assert rows[0].startswith(r"\frac{1}{4}\biggl( \frac{a}{b} + ")
    assert rows[-1].endswith(r"+ \frac{a}{b} \biggr)")
    assert all(r"\left" not in row and r"\right" not in row for row in rows)
    assert broken([r"\frac{1}{4}", r"\left( a \right)"], 12.0) == (r"\frac{1}{4}\left( a \right)",)


def test_a_term_that_takes_two_rows_begins_on_one_of_its_own() -> None:
    factors = [RowPiece(" + (a)", 2), RowPiece("(bbbbbbbbbb)", 3), RowPiece("(cccccccccc)", 3)]
    rows = broken([RowPiece("[(x)", 0), RowPiece("(yyyyy)", 3), *factors], 10.0)
    assert rows == ("[(x)(yyyyy)", "{} + (a)(bbbbbbbbbb)", r"{} \cdot (cccccccccc)")


def test_the_mean_over_samples_breaks_before_a_sign() -> None:
    (row,) = re.findall(
        r"^\\frac\{\\partial E\}\{\\partial w_\{11\}\^\{2\}\} &= \\frac\{1\}\{4\}.*$", page("xor_batch"), re.MULTILINE
    )
    assert r"\biggl( \frac{\partial E[1]}" in row


def test_nine_decimals_do_not_break_a_bracket() -> None:
    assert r"&\approx (0.751365070 - 0.01) \\" in page("mazur")


def test_a_row_of_long_numbers_stands_below_its_column() -> None:
    assert r"\quad {} \cdot \begin{bmatrix} 0.593269992 & 0.596884378 \end{bmatrix}" in page("mazur")
    assert r"\mathpunct{} \begin{bmatrix} 7 & 8 & 10 \end{bmatrix}" in page("pass_or_fail")


def test_a_long_chain_inside_a_sentence_is_a_formula_for_each_side() -> None:
    line = r"$\frac{\partial E}{\partial w_5} = \delta_{1}^{2}h_1$ $\approx (0.138498562)(0.593269992)$ $\approx 0.082167041$"
    assert line in page("mazur")
    assert r"drops out: $-0.5001 - (0.0885)(10) \approx -1.385$" in page("pass_or_fail")


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "examples").glob("*.toml")))
def test_formulas_inside_sentences_fit(name: str) -> None:
    """But for one that has no place to end: an answer in nine decimals."""
    sentences = [line for line in page(name).splitlines() if not line.startswith("|")]
    formulas = [one for line in sentences for one in re.findall(r"\$([^$]+)\$", line)]
    wide = [one for one in formulas if width(one) > SCREEN.ems + 0.5]
    assert all("0.367332372" in one or r"\to" in one for one in wide)


def test_routes_that_differ_in_their_last_factors_are_told_by_these() -> None:
    (said,) = re.findall(r"^\$b_\{1\}\^\{1\}\$ reaches the loss .*$", page("conv1d"), re.MULTILINE)
    assert "by the same routes as $w_{12}^{1}$" in said
    assert r"except for the last factors: $\frac{\partial z_{1,1}^{1}}{\partial b_{1}^{1}} = 1$" in said


def test_each_route_of_a_long_chain_has_a_display() -> None:
    chain = page("conv1d").partition("### The weight $w_{12}^{1}$")[2].partition("The product of")[0]
    begun = [block.splitlines()[2] for block in re.findall(r"\$\$\n.*?\$\$", chain, re.DOTALL)]
    assert [line.startswith(r" & {} + \underbrace{\overset{1}") for line in begun] == [False, True, True]


def test_factors_and_mistakes_stand_in_numbered_tables() -> None:
    text = page("pass_or_fail")
    assert "its value (Table 4).\n\n**Table 4.** The factors of" in text
    assert "went wrong (Table 10).\n\n**Table 10.** Mistakes and what they give." in text
    assert r"| $\overset{3}{\frac{\partial z_{1}^{2}}{\partial a_{2}^{1}}}$ | $w_{12}^{2}$ | $0.1710$ | (3) |" in text


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "examples").glob("*.toml")))
def test_captions_end_with_a_period(name: str) -> None:
    captions = re.findall(r"^\*\*(?:Table|Figure) [0-9]+\.\*\*.*$", page(name), re.MULTILINE)
    assert captions
    assert all(caption.endswith(".") for caption in captions)


def test_symbols_with_several_letters_are_listed() -> None:
    assert "| $w_0, w_1, w_2, x_0, x_1$ | parameters |" in page("sigmoid_neuron")
    assert r"| $w_1, \ldots, w_8$ | weights |" in page("mazur")


def test_forgotten_momentum_has_its_number() -> None:
    """x is 3.6 after one update, where its derivative is 3.6: 3.6 - 0.1 · 3.6, and not 3.6 - 0.1 · (0.5 · 4 + 3.6)."""
    assert (
        r"| the momentum $\mu$ is left out in the second update | ${x}^{\langle 2\rangle}$ | $3.24$ | $3.04$ |"
        in page("momentum")
    )
