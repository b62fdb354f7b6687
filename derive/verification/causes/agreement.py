"""Whether a written number is the one that a mistake predicts.

A number tells two mistakes apart by its digits. One with few of them is explained only by a mistake that gives it to
the letter (1.4, and not what rounds to it), and a calculation only by one that gives its value as it is written.
"""

from __future__ import annotations

from typing import Protocol

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.verification.causes.entry import size
from derive.verification.judging.evidence import Ends

MIN_DIGITS = 3
"""From this many significant digits on, mistakes and mixed-up quantities are believed; below, only to the letter."""
MIN_DIGITS_FOR_PAIRS = 6
"""From this many on, two mistakes at once: of thousands of pairs some would fit a shorter number by chance."""
SLIGHT = fmpq(1, 10**14)


class WrittenValue(Protocol):
    """A number, or the value of a calculation, as it is written."""

    @property
    def interval(self) -> Ends | None: ...
    @property
    def unit(self) -> fmpq | None: ...
    @property
    def digits(self) -> int: ...


def tells_nothing(wrong: WrittenValue) -> bool:
    """Whether it has no significant digit at all: 0.00."""
    return wrong.digits == 0 and wrong.unit is not None


def within(value: Value, ends: Ends) -> bool:
    """Whether a rounded number stands for the value; a unit of its last place is forgiven."""
    low, high = ends
    return bool(value >= low - (high - low)) and bool(value <= high + (high - low))


def differs(value: Value, true: Value) -> bool:
    """Whether two numbers are certainly apart."""
    difference = size(value - true)
    return bool(difference > SLIGHT * size(true)) and bool(difference > 0)


def almost(wrong: WrittenValue, value: Value) -> bool:
    """Whether the number written agrees with the value in all digits but the last: both sides may be rounded."""
    assert wrong.interval is not None
    if wrong.digits < MIN_DIGITS:
        return to_the_letter(wrong, value)
    written = (wrong.interval[0] + wrong.interval[1]) / 2
    return bool(size(value - written) <= size(written) * fmpq(1, 10) ** min(wrong.digits - 1, 30))


def to_the_letter(wrong: WrittenValue, value: Value) -> bool:
    """Whether the value is what is written to the last digit: 1.4, and not what rounds to it."""
    assert wrong.interval is not None
    return type(value) is fmpq and value == (wrong.interval[0] + wrong.interval[1]) / 2


def reads(wrong: WrittenValue, value: Value, *, exactly: bool = False) -> bool:
    """Whether what is written on the right stands for the value.

    A unit of the last place is forgiven where there are digits enough, unless ``exactly`` is asked for.
    """
    assert wrong.interval is not None
    if wrong.digits < MIN_DIGITS:
        return to_the_letter(wrong, value)
    low, high = wrong.interval
    forgiven = wrong.unit is not None and wrong.digits > MIN_DIGITS and not exactly
    slack = wrong.unit if forgiven and wrong.unit is not None else fmpq(0)
    return bool(value >= low - slack) and bool(value <= high + slack)
