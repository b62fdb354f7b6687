"""The true number beside the one that is written: never the same text for both.

>>> from derive.expressions.grammar import parse
>>> unlike(parse("3.00"), fmpq(300001, 100000), 3), unlike(parse("2.5"), fmpq(3), 3), unlike(parse("3.00"), fmpq(3), 3)
('3.00001', '3', None)
"""

from __future__ import annotations

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import decimal_string
from derive.expressions.grammar import exact
from derive.expressions.tree import Expr
from derive.verification.reading.written_number import alone, is_negative

MAX_MORE = 60
"""At most this many digits more than are asked for may tell two numbers apart."""
MAX_EXPONENT_DIGITS = 4
"""At most this many digits of the exponent of a number that is compared."""


def unlike(written: Expr | None, value: Value, digits: int) -> str | None:
    """A value in so many digits, and in more where it would look like what is written; None where it is just that."""
    number = alone(written) if written is not None else None
    if number is None or written is None:
        return decimal_string(value, digits)
    here = -number.value if is_negative(written) else number.value
    if type(value) is fmpq and value == here:
        return None
    for more in range(MAX_MORE):
        shown = decimal_string(value, digits + more)
        if len(shown.partition("e")[2].lstrip("-")) > MAX_EXPONENT_DIGITS or exact(shown) != here:
            return shown
    return None


__all__ = ["unlike"]
