"""How a number that misses the truth by rounding only came about."""

from __future__ import annotations

from flint import fmpq, fmpz

from derive.arithmetic.numbers import parse_decimal, settled
from derive.arithmetic.reals import Value
from derive.verification.causes.entry import size
from derive.verification.judging.judge import Hearing
from derive.verification.reading.written_number import digits_of


def rounding_cause(written: str, true: Value, *, carried: bool = False) -> str | None:
    """``truncated``, ``rounded_to_zero``, ``rounded_early`` or ``last_place``; None where the number is right.

    ``carried``: it agrees with what stands on its left, so its digits were lost before.

    >>> rounding_cause("0.66", fmpq(2, 3)), rounding_cause("0.68", fmpq(2, 3), carried=True)
    ('truncated', 'rounded_early')
    """
    text = written.strip().replace("−", "-").replace(" ", "")
    try:
        value = parse_decimal(text.lstrip("+"))
    except ValueError:
        return "rounded_early" if carried else None
    places = len(text.lower().partition("e")[0].partition(".")[2])
    exponent = int(text.lower().partition("e")[2] or 0)
    unit = fmpq(fmpz(10) ** max(exponent - places, 0), fmpz(10) ** max(places - exponent, 0))
    true = settled(true)
    if value == 0 and bool(size(true) > 0):
        return "rounded_to_zero"
    if size(true - value) <= unit / 2:
        return None
    true_size, whole = size(true), size(value)
    if whole <= true_size < whole + unit and (value > 0) == bool(true > 0):
        return "truncated" if not carried else "rounded_early"
    return "rounded_early" if carried else "last_place"


def rounding_in(hearing: Hearing, i: int, *, carried: bool) -> str | None:
    """The same of the number of a side."""
    number = hearing.sides[i].number
    if number is None or not digits_of(number.written + "1"):
        return "rounded_early" if carried else None
    true = hearing.span(hearing.subject)
    if not true.is_point:
        return "rounded_early" if carried else None
    sign = "-" if hearing.span(i).high < 0 else ""
    return rounding_cause(sign + number.written, true.low, carried=carried)
