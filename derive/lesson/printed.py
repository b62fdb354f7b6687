"""A number as it is printed in a formula: rounded, or a constant as the author wrote it, in brackets where needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flint import fmpq

from derive.expressions.tex_width import width
from derive.numbers import Number as Value
from derive.numbers import Undecided, is_zero, settled
from derive.rounding import Shown, nearest
from derive.spec.model import Given

LONGEST_WRITTEN = 12
"""A constant of the spec with more characters is rounded like any other number."""
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


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


def _bracketed(printed: Printed) -> str:
    tex = printed.tex
    return rf"\left( {tex} \right)" if "frac" in tex else f"({tex})"


STYLES: Mapping[str, Callable[[Printed], str]] = {
    "never": lambda printed: printed.tex,
    "first": lambda printed: _bracketed(printed) if printed.sum else printed.tex,
    "negative": lambda printed: _bracketed(printed) if printed.negative or printed.sum else printed.tex,
    "base": lambda printed: _bracketed(printed) if printed.negative or printed.compound else printed.tex,
    "always": _bracketed,
}
"""When a number is set in brackets (see :data:`derive.expressions.tex.Brackets`)."""


LONGEST_DIGITS = 18
"""A number with more characters is written as a whole number and the little that it differs from it, if it does."""
LITTLE = fmpq(1, 10**8)


def printed(shown: Shown) -> Printed:
    r"""A rounded number as it stands in a formula.

    >>> printed(Shown("0.99999999999999999999126", exact=False)).tex
    '1 - 8.74 \\times 10^{-21}'
    """
    mantissa, exponent, exact = shown
    if exponent is None:
        if len(mantissa) > LONGEST_DIGITS and beside_integer(shown.value):
            return _beside(shown)
        return Printed(mantissa, exact, mantissa[0] == "-")
    return Printed(rf"{mantissa} \times 10^{{{exponent}}}", exact, mantissa[0] == "-", compound=True)


def beside_integer(value: Value) -> bool:
    """Whether a value differs by very little from a whole number other than 0, but differs."""
    value = settled(value)
    try:
        whole = nearest(value, 0)
    except Undecided:  # near a half
        return False
    little = value - whole
    return bool(whole != 0 and not is_zero(little) and -LITTLE < little < LITTLE)


def _beside(shown: Shown) -> Printed:
    """``1 - 8.74 × 10^-27`` for 0.99999999999999999999999999126."""
    whole = nearest(shown.value, 0)
    places = len(shown.mantissa.partition(".")[2])
    units = nearest(shown.value - whole, places)
    digits = str(abs(units)).rstrip("0") if shown.exact else str(abs(units))
    mantissa = digits[0] + ("." if digits[1:] else "") + digits[1:]
    power = len(str(abs(units))) - 1 - places
    tex = rf"{whole} {'-' if units < 0 else '+'} {mantissa} \times 10^{{{power}}}"
    return Printed(tex, shown.exact, whole < 0, compound=True, sum=True)


def printed_as_written(given: Given) -> Printed | None:
    r"""A constant as the author wrote it; None where that would be too long for a formula.

    >>> from derive.expressions.grammar import parse
    >>> printed_as_written(Given("0.10", parse("0.10"))).tex, printed_as_written(Given("1/3", parse("1/3"))).tex
    ('0.10', '\\frac{1}{3}')
    """
    text = given.text
    if len(text) > LONGEST_WRITTEN:
        return None
    if not _PLAIN.fullmatch(text):
        return _expression_as_written(given)
    if text[0] == "-":
        return Printed(text, negative=True) if text.strip("-0.") else Printed("0")
    return Printed(text)


def _expression_as_written(given: Given) -> Printed:
    from derive.expressions.tex import tex

    text = tex(given.expression)
    return Printed(text, negative=text.startswith("-"), compound=True)
