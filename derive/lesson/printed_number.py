"""A number as it is printed in a formula: rounded, or a constant as the author wrote it, in brackets where needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flint import fmpq

from derive.arithmetic.numbers import is_zero, settled
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy, Shown, leading_digits, nearest
from derive.expressions.widths import width
from derive.model import Given
from derive.patterns import regex

MAX_WRITTEN = 12
"""A constant of the spec with more characters is rounded like any other number."""
_PLAIN = regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class Printed(NamedTuple):
    """A number as it is printed: its TeX, whether that is the true value, and what may ask for brackets."""

    tex: str
    exact: bool = True
    negative: bool = False
    compound: bool = False  # a power of ten, a fraction, a root
    sum: bool = False  # a whole number and what lacks to it

    @property
    def width(self) -> float:
        """The width of the number with brackets, in ems."""
        if self.compound:
            return width(self.tex) + 0.8
        return 0.5 * len(self.tex) + (0.9 if self.negative else 0.6)


ZERO = ("0", True)
"""The TeX of an exact zero, and that it is exact."""
ONE = ("1", True)
"""The same of 1."""


def _bracketed(printed: Printed) -> str:
    tex = printed.tex
    return rf"\left( {tex} \right)" if "frac" in tex else f"({tex})"


def _negated(printed: Printed) -> str:
    """The number with the other sign."""
    if printed.sum:
        return f"-{_bracketed(printed)}"
    return printed.tex[1:] if printed.negative else printed.tex if printed[:2] == ZERO else f"-{printed.tex}"


STYLES: Mapping[str, Callable[[Printed], str]] = {
    "never": lambda printed: printed.tex,
    "first": lambda printed: _bracketed(printed) if printed.sum else printed.tex,
    "negative": lambda printed: _bracketed(printed) if printed.negative or printed.sum else printed.tex,
    "base": lambda printed: _bracketed(printed) if printed.negative or printed.compound else printed.tex,
    "always": _bracketed,
    "side": lambda printed: "<" if printed.negative else "=" if printed.tex == "0" else ">",
    "against": lambda printed: ">" if printed.negative else "=" if printed.tex == "0" else "<",
    "negated": _negated,
}
"""When a number is set in brackets (see :data:`derive.expressions.print_tex.Brackets`); or, in its place, on which side
of 0 it lies, or the number with the other sign."""


MAX_DIGITS_IN_A_ROW = 18
"""A number with more characters is written as a whole number and the little that it differs from it, if it does."""
SPARE = 3
"""A sign, a digit and a point stand before the places of a number beside a whole one."""
LITTLE = fmpq(1, 10**8)


def printed(shown: Shown) -> Printed:
    r"""A rounded number as it stands in a formula.

    >>> printed(Shown("-8.74", -21, exact=False, whole=1)).tex
    '1 - 8.74 \\times 10^{-21}'
    """
    mantissa, exponent, exact, whole = shown
    if whole:
        tex = rf"{whole} {'-' if mantissa[0] == '-' else '+'} {shown.tex.lstrip('-')}"
        return Printed(tex, exact, shown.negative, compound=True, sum=True)
    if exponent is None:
        return Printed(mantissa, exact, mantissa[0] == "-")
    return Printed(rf"{mantissa} \times 10^{{{exponent}}}", exact, mantissa[0] == "-", compound=True)


def rounded(value: Value, policy: Policy, *, whole: bool = True) -> Shown:
    """The value as it is printed; where that would be a long row of nines or zeros, what it is beside a whole number.

    ``whole``: whole numbers are exact (see :meth:`derive.arithmetic.rounding.Policy.shown`).
    """
    if policy.digits > MAX_DIGITS_IN_A_ROW - SPARE and (beside := beside_integer(value)):
        places = policy.digits - (len(str(abs(beside.inside))) if policy.kind == "significant" and beside.inside else 0)
        length = places + len(f"{beside.inside}.") + (beside.whole < 0 and not beside.inside)
        if length > MAX_DIGITS_IN_A_ROW and (digits := places - beside.zeros) > 0:
            return Policy("significant", digits).shown(beside.little)._replace(whole=beside.whole)
    return policy.shown(value, whole=whole)


class Beside(NamedTuple):
    """A whole number and the little that a number differs from it.

    ``inside`` is the whole number before the point, and ``zeros`` how many nines or zeros follow the point.
    """

    whole: int
    little: Value
    inside: int
    zeros: int


def beside_integer(value: Value) -> Beside | None:
    """A value that differs by very little from a whole number other than 0, but differs, in these parts."""
    plain = settled(value)
    try:
        whole = nearest(plain, 0)
    except Undecided:  # near a half
        return None
    little = settled(value - whole)
    if whole == 0 or is_zero(little) or not -LITTLE < little < LITTLE:
        return None
    inside = whole - (1 if whole > 0 else -1) if (little < 0) == (whole > 0) else whole
    return Beside(whole, little, inside, -leading_digits(little, 1)[1] - 1)


def printed_as_written(given: Given) -> Printed | None:
    r"""A constant as the author wrote it; None where that would be too long for a formula.

    >>> from derive.expressions.grammar import parse
    >>> printed_as_written(Given("0.10", parse("0.10"))).tex, printed_as_written(Given("1/3", parse("1/3"))).tex
    ('0.10', '\\frac{1}{3}')
    """
    text = given.text
    if len(text) > MAX_WRITTEN:
        return None
    if not _PLAIN.fullmatch(text):
        return _expression_as_written(given)
    if text[0] == "-":
        return Printed(text, negative=True) if text.strip("-0.") else Printed("0")
    return Printed(text)


def _expression_as_written(given: Given) -> Printed:
    from derive.expressions.print_tex import tex

    text = tex(given.expression)
    return Printed(text, negative=text.startswith("-"), compound=True)
