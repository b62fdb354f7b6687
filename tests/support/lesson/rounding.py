"""Rounding as the contract has it, done once more for the tests: half away from zero, by exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mpmath import mp

from tests.support.lesson.formulas import Num
from tests.support.lesson.working import Value, real


@dataclass(frozen=True, slots=True)
class Rounding:
    """``significant`` digits or ``decimals``."""

    kind: str
    digits: int
    more: bool = False
    """Whether numbers may have more digits: where the page says that lines need them."""

    def __call__(self, exact: Value, printed: Num) -> bool:
        """Whether this is how the value is printed: exactly, or rounded at the right place."""
        places = self.places(exact, printed)
        if self.more and decimals(printed) > places:
            places = decimals(printed)
        return bool(exact == printed.value) or (places == decimals(printed) and nearest(exact, places) == printed.value)

    def with_more_digits(self, printed: Num) -> Rounding:
        """The same, or as many digits more as are printed: losses before and after have enough to differ."""
        extra = max(decimals(printed) - self.places(printed.value, printed), 0) if printed.value else 0
        return Rounding(self.kind, self.digits + extra)

    def places(self, exact: Value, printed: Num) -> int:
        """After how many decimals it must be rounded, trailing zeros included; huge numbers keep their leading digits."""
        first = leading(printed.value)
        if self.kind == "significant":
            return self.digits - 1 - first
        if nearest(exact, self.digits) == 0:
            return 1 - first
        return self.digits - first if "e" in printed.text else self.digits


def is_finer(number: Num, known: Num) -> bool:
    """Whether a number has more digits than a known one and may be the same: 1.58648 is 1.586, and 1.5865, too."""
    units = [Fraction(10) ** -decimals(one) for one in (number, known)]
    return units[0] < units[1] and abs(number.value - known.value) <= sum(units) / 2


def decimals(printed: Num) -> int:
    """How many decimals are printed, a power of ten counted."""
    mantissa, _, exponent = printed.text.partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def leading(number: Fraction) -> int:
    """The power of ten of the leading digit.

    >>> leading(Fraction(99)), leading(Fraction(1, 10)), leading(Fraction(1, 11))
    (1, -1, -2)
    """
    size, power = abs(number), 0
    if size == 0:
        return 0
    while size >= 10:
        size, power = size / 10, power + 1
    while size < 1:
        size, power = size * 10, power - 1
    return power


def nearest(exact: Value, places: int) -> Fraction:
    """The value rounded to so many decimals, ties away from zero."""
    unit = Fraction(10) ** -places
    if isinstance(exact, Fraction):
        units = int(abs(exact) / unit + Fraction(1, 2))
        return units * unit * (-1 if exact < 0 else 1)
    size = abs(exact) / real(unit)
    return int(mp.floor(size + mp.mpf(1) / 2)) * unit * (-1 if exact < 0 else 1)
