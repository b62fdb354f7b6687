"""A number by its digits: what one unit of its last place is, how many digits it has, whether it stands alone.

>>> unit_of("0.521"), unit_of("4.5e-5"), unit_of("12"), digits_of("0.0210"), digits_of("-0.405")
(1/1000, 1/1000000, None, 3, 3)
"""

from __future__ import annotations

from functools import lru_cache

from flint import fmpq, fmpz

from derive.expressions.tree import Expr, Negative, Number
from derive.patterns import regex

MAX_EXPONENT_DIGITS = 8
"""An exponent of more digits is too large whatever stands before it."""


@lru_cache(maxsize=4096)
def unit_of(written: str) -> fmpq | None:
    """One unit of the last place of a decimal; None for a whole number, which is exact, and for 0.0e5, which is 0."""
    mantissa, _, exponent = written.lower().partition("e")
    if exponent and int(exponent) > 0 and not mantissa.strip("-+0."):
        return None
    if "." not in mantissa and not (exponent and int(exponent) < 0):
        return None
    power = int(exponent or 0) - len(mantissa.partition(".")[2])
    return fmpq(fmpz(10) ** power) if power >= 0 else fmpq(1, fmpz(10) ** -power)


@lru_cache(maxsize=4096)
def last_place(written: str) -> fmpq:
    """One unit of the last digit that is written, of a whole number, too.

    >>> last_place("0.521"), last_place("148"), last_place("2e1")
    (1/1000, 1, 10)
    """
    exponent = written.lower().partition("e")[2]
    return unit_of(written) or fmpq(10) ** max(int(exponent or 0), 0)


@lru_cache(maxsize=4096)
def places_of(written: str) -> int:
    """The decimals of a written number.

    >>> places_of("0.2500"), places_of("7"), places_of("4.5e-5")
    (4, 0, 6)
    """
    mantissa, _, exponent = written.lower().partition("e")
    return max(len(mantissa.partition(".")[2]) - int(exponent or 0), 0)


@lru_cache(maxsize=4096)
def digits_of(written: str) -> int:
    """The significant digits of a written number; none of 0.00."""
    mantissa = written.lower().partition("e")[0]
    return len(mantissa.replace("-", "").replace(".", "").lstrip("0"))


MAX_OF_A_FLOAT = 15
"""A decimal of more significant digits, up to 18, is what a program printed: a double has 15 of them right."""
_SPACES = regex(r"\\[,;:!]|[\s~\u2009\u202f]")


def plain_number(written: str) -> str:
    r"""A number as the digits, the point and the exponent that it has: decimal comma, spaces and percent are gone.

    >>> plain_number("0{,}5209"), plain_number("52.1 \\%"), plain_number("0.123\\,456")
    ('0.5209', '52.1e-2', '0.123456')
    """
    if written.isalnum():
        return written
    shown = _SPACES.sub("", written.replace("{,}", "."))
    if not shown.endswith("%"):
        return shown
    mantissa, _, exponent = shown.rstrip("%").rstrip("\\").lower().partition("e")
    return f"{mantissa}e{int(exponent or 0) - 2}" if len(exponent) <= MAX_EXPONENT_DIGITS else mantissa


def as_computed(written: str) -> str:
    """What a program prints with the last digits of a double, in the digits that a calculation leaves right.

    >>> as_computed("0.39249999999999996"), as_computed("0.392499998")
    ('0.39250000000000', '0.392499998')
    """
    mantissa, e, exponent = written.lower().partition("e")
    digits = digits_of(mantissa)
    if "." not in mantissa or not MAX_OF_A_FLOAT < digits <= 18:
        return written
    places = len(mantissa.partition(".")[2]) - (digits - MAX_OF_A_FLOAT + 1)
    if places < 1:
        return written
    whole, _, fraction = mantissa.partition(".")
    scaled = (int(whole + fraction) * 2 + 10 ** (len(fraction) - places)) // (2 * 10 ** (len(fraction) - places))
    shown = str(scaled).zfill(places + 1)
    return f"{shown[:-places]}.{shown[-places:]}{e}{exponent}"


def is_decimal(expr: Expr) -> bool:
    """Whether this is a number written with a point or as a small power of ten."""
    return isinstance(expr, Number) and unit_of(expr.written) is not None


def alone(expr: Expr) -> Number | None:
    """The number that the expression is, but for its sign; None where it is more than a number."""
    while isinstance(expr, Negative):
        expr = expr.operand
    return expr if isinstance(expr, Number) else None


def is_negative(expr: Expr) -> bool:
    """Whether a number stands with a minus sign."""
    negative = False
    while isinstance(expr, Negative):
        expr, negative = expr.operand, not negative
    return negative
