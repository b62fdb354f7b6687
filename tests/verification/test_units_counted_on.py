"""Units of two layers counted on, two outputs: in letters of several books, right and with one slip on one line."""

from __future__ import annotations

from functools import cache

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from tests.support.verification.spelt import L222, NUMBERS

N = {name: f"{value:.4f}" for name, value in NUMBERS["L222"].items()}
LINES = (
    f"Z1 = 0.15*0.7 + 0.2*0.9 + 0.35 = {N['z11']}",
    f"Z2 = 0.25*0.7 + 0.3*0.9 + 0.32 = {N['z12']}",
    f"A1 = f(Z1) = {N['a11']}",
    f"A2 = f(Z2) = {N['a12']}",
    f"Z3 = 0.4*{N['a11']} + 0.45*{N['a12']} + 0.6 = {N['z21']}",
    f"Z4 = 0.5*{N['a11']} + 0.55*{N['a12']} + 0.62 = {N['z22']}",
    f"A3 = f(Z3) = {N['a21']}",
    f"A4 = f(Z4) = {N['a22']}",
    f"D3 = ({N['a21']} - 0.1)*{N['a21']}*(1 - {N['a21']}) = {N['d21']}",
    f"D4 = ({N['a22']} - 0.8)*{N['a22']}*(1 - {N['a22']}) = {N['d22']}",
    f"D1 = (D3*0.4 + D4*0.5)*{N['a11']}*(1 - {N['a11']}) = {N['d11']}",
    f"D2 = (D3*0.45 + D4*0.55)*{N['a12']}*(1 - {N['a12']}) = {N['d12']}",
)
SLIPS = {
    "bias": (0, f"Z1 = 0.15*0.7 + 0.2*0.9 = {NUMBERS['L222']['z11'] - 0.35:.4f}", "bias_left_out"),
    "number": (3, f"A2 = f(Z2) = {NUMBERS['L222']['a12'] + 0.03:.4f}", None),
    "slope": (8, f"D3 = ({N['a21']} - 0.1) = {N['e1']}", "slope_left_out"),
}
BOOKS = [("net", "out"), ("net", "o"), ("z", "a"), ("u", "y"), ("s", "h"), ("a", "z")]


@cache
def examiner() -> Examiner:
    return Examiner(loads(L222))


def bad(lines: tuple[str, ...], book: tuple[str, str], sign: str) -> list[tuple[int, str, str | None]]:
    """The claims that do not hold, in the letters of a book; ``sign`` stands before an index."""
    letters = {"Z": book[0], "A": book[1], "D": "δ"}
    text = "\n".join("".join(f"{letters[part]}{sign}" if part in letters else part for part in one) for one in lines)
    found = examiner().examine(text).judgements
    return [(one.line, one.verdict, one.cause) for one in found if one.verdict not in ("holds", "rounding")]


@pytest.mark.parametrize("sign", ["", "_"])
@pytest.mark.parametrize("book", BOOKS)
def test_right_lines(book: tuple[str, str], sign: str) -> None:
    assert bad(LINES, book, sign) == []


@pytest.mark.parametrize("sign", ["", "_"])
@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_where_it_stands_and_nowhere_else(slip: str, book: tuple[str, str], sign: str) -> None:
    place, line, cause = SLIPS[slip]
    found = bad((*LINES[:place], line, *LINES[place + 1 :]), book, sign)
    assert [one for one in found if one[1] == "wrong"] == [(place + 1, "wrong", cause)]
    assert {one[1] for one in found} <= {"wrong", "follows"}
