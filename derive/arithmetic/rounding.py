r"""How numbers are printed: the one rounding policy of the project. Ties round half away from zero.

Every digit is certain: a rational is rounded by integer arithmetic, a ball only where all its points round to the same
digits (otherwise :class:`~derive.arithmetic.outcomes.Undecided`, and the caller starts again at a higher precision).

>>> Policy("significant", 4).shown(fmpq(-12, 5)).text, Policy("significant", 4).shown(fmpq(2, 3)).text
('-2.4', '0.6667')
>>> Policy("decimals", 4).shown(fmpq(1, 22000)).tex
'4.5 \\times 10^{-5}'
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple, TypeVar

from flint import arb, fmpq, fmpz

from derive.arithmetic.numbers import BOUND_DIGITS, as_ball, is_bounded_zero, is_tiny, is_zero, settled
from derive.arithmetic.outcomes import TOO_LARGE, OutsideDomain, Undecided
from derive.arithmetic.precision import is_bounding
from derive.arithmetic.reals import PlainValue, Value
from derive.records import record

Rounded = TypeVar("Rounded")

PLAIN_FROM = -4
"""Values of at least 10^-4 are printed plain, smaller ones with a power of ten."""
MAX_INTEGER_DIGITS = {"significant": 12, "decimals": 20}
"""An exact whole number of at most this many digits is printed whole."""
MAX_PLAIN_DIGITS = 15
"""With decimals asked for, a value with more digits before the point is printed with a power of ten."""
SMALL_DIGITS = 2
"""A value of which the decimals asked for show nothing is printed with so many significant digits."""
MAX_EXACT_POWER = 20_000
"""Balls of a larger power of ten are scaled by a ball, not by a whole number of as many digits."""
MAX_POWER = 10_000_000
"""At most this large is the power of ten of a number that is printed."""
MAX_USUAL_POWER = 64
"""At most this large is a power of ten that is kept: most last places are."""
MAX_EXPONENT_DIGITS_PRINTED = 100
"""At most this many digits of an exponent: nobody writes more."""
SMALLEST_WRITTEN = 10_000
"""What is smaller than 10 to minus this is 0 on a page: nobody may write it in a claim, either."""
MAX_PAST_TIES = 3
"""At most this many digits more are printed, past a rounding tie that no precision decides."""
CERTAIN_BITS = 60
DOUBLE_DIGITS = 15
"""A double tells at most this many digits."""
MAX_DIVIDED_BITS = 512
"""Rationals of at most this many bits are divided as decimals; of longer ones the digits would be counted first."""
LOWER, UPPER = 1 - 2.0**-50, 1 + 2.0**-50


class Shown(NamedTuple):
    """A number as it is printed: ``mantissa`` × 10^``exponent`` (None: no power of ten).

    ``exact`` says whether what is printed is the value itself. Where ``whole`` is not 0, the number is that whole
    number and the little that is beside it: 1 - 3.7 × 10^-44.
    """

    mantissa: str
    exponent: int | None = None
    exact: bool = True
    whole: int = 0

    @property
    def negative(self) -> bool:
        """Whether a minus sign is printed."""
        return self.whole < 0 or (not self.whole and self.mantissa.startswith("-"))

    @property
    def text(self) -> str:
        """Plain text: ``-0.4791``, ``4.5e-5``."""
        return self.mantissa if self.exponent is None else f"{self.mantissa}e{self.exponent}"

    @property
    def tex(self) -> str:
        r"""TeX: ``-0.4791``, ``4.5 \times 10^{-5}``."""
        if self.exponent is None:
            return self.mantissa
        return rf"{self.mantissa} \times 10^{{{self.exponent}}}"

    @property
    def value(self) -> fmpq:
        """The number that is printed, exactly."""
        whole, _, fraction = self.mantissa.partition(".")
        power = (self.exponent or 0) - len(fraction)
        if abs(power) > MAX_POWER:
            raise OutsideDomain("the value", fmpq(power), TOO_LARGE)
        return self.whole + int(whole + fraction) * power_of_ten(power)


@record
class Policy:
    """``significant`` digits or ``decimals``, as the spec's ``[numbers]`` asks."""

    kind: Literal["significant", "decimals"] = "significant"
    digits: int = 4

    def shown(self, value: Value, *, whole: bool = True) -> Shown:
        """The value as it is printed: exactly where it fits, otherwise rounded and padded.

        ``whole``: whole numbers are exact. Where a number comes from rounded ones it is not: -1.000.

        Raises:
            Undecided: where the ball is too wide.
        """
        value = settled(value)
        round_off = _significant if self.kind == "significant" else _decimals
        if type(value) is fmpq:
            fitting = _fitting(value, self)
            if fitting is not None and not whole and value.denominator == 1 and value != 0:
                return round_off(value, self.digits)
            if fitting is not None:
                return fitting
        elif value.is_zero():
            return Shown("0")
        elif is_bounded_zero(value) or is_too_small_to_write(value):
            return Shown("0", exact=False)
        return _marked(_past_ties(round_off, value, self.digits), value)

    def finer(self, shown: Shown, more: int) -> Policy:
        """How a value that is printed as ``shown`` is printed with so many more digits.

        Small values, of which the decimals asked for would show nothing, have significant digits.
        """
        if not more:
            return self
        if self.kind == "decimals" and not shown.exact and self.place(shown) < -self.digits:
            return Policy("significant", SMALL_DIGITS + more)
        return Policy(self.kind, self.digits + more)

    def place(self, shown: Shown) -> int:
        """The power of ten of the last digit that is asked for, of a value that is printed as ``shown`` and not 0."""
        if not shown.exact:
            return (shown.exponent or 0) - len(shown.mantissa.partition(".")[2])
        digits = shown.mantissa.lstrip("-").replace(".", "").lstrip("0")
        leading = (shown.exponent or 0) - len(shown.mantissa.partition(".")[2]) + len(digits) - 1
        if self.kind == "significant":
            return leading - self.digits + 1
        if shown.exponent is not None:
            return leading - (SMALL_DIGITS - 1 if shown.exponent < 0 else self.digits)
        return -self.digits


def is_too_small_to_write(value: Value) -> bool:
    """Whether a value that is not rational is so small that it stands on a page as 0."""
    return type(value := settled(value)) is not fmpq and is_tiny(value, SMALLEST_WRITTEN)


def is_too_large_to_write(value: Value) -> bool:
    """Whether a value that is not rational is so large that nobody may write it in a claim."""
    return type(value) is not fmpq and bool(abs(as_ball(value)) > _largest_written())


@cache
def _largest_written() -> fmpq:
    return power_of_ten(SMALLEST_WRITTEN)


def _past_ties(round_off: Callable[[PlainValue, int], Rounded], value: PlainValue, digits: int) -> Rounded:
    """The value rounded; with a digit or two more where no precision tells on which side of a rounding tie it is."""
    more = MAX_PAST_TIES if is_bounding() else 0
    for wanted in range(digits, digits + more):
        try:
            return round_off(value, wanted)
        except Undecided:
            continue
    return round_off(value, digits + more)


def _marked(shown: Shown, value: PlainValue) -> Shown:
    """A rational that is exactly what is printed says so; its padding goes: 5 × 10^-5, not 5.000 × 10^-5."""
    if type(value) is not fmpq or shown.value != value:
        return shown
    mantissa = shown.mantissa
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return Shown(mantissa, shown.exponent, exact=True)


def _fitting(value: fmpq, policy: Policy) -> Shown | None:
    """The exact decimal of a rational where the policy has room for it."""
    bottom = value.denominator
    if bottom == 1:
        text = str(value.numerator)
        return Shown(text) if len(text) <= MAX_INTEGER_DIGITS[policy.kind] else None
    places = terminating(bottom, 40)
    if places is None:
        return None
    digits = str(abs(value.numerator) * (fmpz(10) ** places) // bottom)
    if policy.kind == "decimals" and places > policy.digits:
        return None
    if policy.kind == "significant" and (len(digits) > policy.digits or len(digits) - places < PLAIN_FROM + 1):
        return None
    return Shown(_sign(value < 0) + _with_point(digits, places))


def terminating(denominator: fmpz, most: int) -> int | None:
    """How many decimals a fraction in lowest terms with this denominator has; None: endless, or more than ``most``."""
    bits = int(denominator).bit_length()
    if bits > 4 * most:
        return None
    rest, twos, fives = int(denominator), 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return places if rest == 1 and places <= most else None


def _decimals(value: PlainValue, digits: int) -> Shown:
    quick = _quick(value, f"%.{digits}f")
    if quick is not None and float(quick) != 0 and len(quick) < 18:
        return Shown(quick, exact=False)
    if _exponent(value) > MAX_PLAIN_DIGITS:
        return _scientific(value, digits + 1)
    units = nearest(value, digits)
    if units == 0:
        leading, power = leading_digits(value, SMALL_DIGITS)
        return _placed(str(leading), power, SMALL_DIGITS)
    text = _sign(units < 0) + _with_point(str(abs(units)), digits)
    return Shown(text, exact=False)


def _significant(value: PlainValue, digits: int) -> Shown:
    quick = _quick(value, f"%.{digits - 1}e")
    if quick is not None:
        mantissa, _, power = quick.partition("e")
        return _placed(mantissa.replace(".", ""), int(power), digits)
    units, exponent = leading_digits(value, digits)
    return _placed(str(units), exponent, digits)


def _placed(units: str, exponent: int, digits: int) -> Shown:
    """Significant digits put in place: plain, or with a power of ten where plain would be too long or untrue."""
    sign, units = ("-", units[1:]) if units.startswith("-") else ("", units)
    if PLAIN_FROM <= exponent < digits:
        return Shown(sign + _with_point(units, digits - 1 - exponent), exact=False)
    return Shown(sign + _with_point(units, digits - 1), exponent, exact=False)


def _scientific(value: PlainValue, digits: int) -> Shown:
    units, exponent = leading_digits(value, digits)
    return Shown(_sign(units < 0) + _with_point(str(abs(units)), digits - 1), exponent, exact=False)


def _quick(value: PlainValue, form: str) -> str | None:
    """The digits by way of a double, where both ends of its error bound give the same ones."""
    if type(value) is not arb or value.rel_accuracy_bits() < CERTAIN_BITS:
        return None
    middle = float(value)
    if not 1e-290 < abs(middle) < 1e290:
        return None
    text = form % (middle * LOWER)
    return text if text == form % (middle * UPPER) else None


def nearest(value: PlainValue, places: int) -> int:
    """The whole number nearest to value × 10^places, ties away from zero.

    Raises:
        Undecided: where the ball holds a tie.
    """
    large = isinstance(value, arb) and abs(places) > MAX_EXACT_POWER
    scaled: PlainValue = value * (arb(10) ** places if large else power_of_ten(places))
    if isinstance(scaled, fmpq):
        size = (abs(scaled) + fmpq(1, 2)).floor()
        return int(-size if scaled < 0 else size)
    units = (abs(scaled) + fmpq(1, 2)).floor().unique_fmpz()
    if units is None:
        raise Undecided
    return -int(units) if scaled < 0 else int(units)


def leading_digits(value: PlainValue, digits: int) -> tuple[int, int]:
    """The value to so many significant digits: ``units × 10^(exponent - digits + 1)``, for a value that is not 0.

    Raises:
        Undecided: where the ball is too wide, or holds 0.
    """
    exponent = _exponent(value) - 1  # never above the true one, so that rounding up is seen as a carry
    while True:
        units = nearest(value, digits - 1 - exponent)
        if abs(units) < 10**digits:
            return units, exponent
        exponent += 1


def _exponent(value: PlainValue) -> int:
    """The power of ten of the leading digit, or one more."""
    if isinstance(value, fmpq):
        return len(str(abs(value.numerator))) - len(str(value.denominator))
    if value.rel_accuracy_bits() < 4 or is_zero(value):
        raise Undecided
    text = value.str(3, radius=False)
    mantissa, _, exponent = text.lstrip("-").partition("e")
    if len(exponent) > MAX_EXPONENT_DIGITS_PRINTED:  # nobody writes such a number
        raise Undecided
    shift = int(exponent) if exponent else 0
    whole, _, fraction = mantissa.partition(".")
    if int(whole):
        return shift + len(whole) - 1
    return shift - 1 - (len(fraction) - len(fraction.lstrip("0")))


def _with_point(digits: str, places: int) -> str:
    if places <= 0:
        return digits
    digits = digits.rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _sign(negative: bool) -> str:
    return "-" if negative else ""


def decimal_string(value: Value, digits: int) -> str:
    """A decimal string for machines: correct in every digit, exact rationals that fit printed exactly.

    ``0e-300`` is 0 to 300 decimals, where nothing proves that it is 0.

    >>> decimal_string(fmpq(17, 5), 12), decimal_string(fmpq(1, 3), 6), decimal_string(fmpq(3, 2 * 10**12), 12)
    ('3.4', '0.333333', '1.5e-12')
    """
    value = settled(value)
    quick = _quick(value, f"%.{digits - 1}e") if digits <= DOUBLE_DIGITS else None
    if quick is not None:
        if quick.endswith("e+00"):
            return quick[:-4]
        mantissa, _, power = quick.lstrip("-").partition("e")
        if -7 < int(power) < 0:
            return f"{_sign(quick[0] == '-')}0.{'0' * (-1 - int(power))}{mantissa.replace('.', '')}"
        return _sign(quick[0] == "-") + _machine(mantissa.replace(".", ""), int(power), digits)
    if is_zero(value):
        return "0"
    if is_bounded_zero(value, known := max(BOUND_DIGITS, digits)):
        return f"0e-{known}"
    if type(value) is fmpq and value.height_bits() <= MAX_DIVIDED_BITS:
        return _divided(value, digits)
    units, exponent = _past_ties(leading_digits, value, digits)
    text = str(abs(units))
    exact = type(value) is fmpq and fmpq(units) * power_of_ten(exponent - len(text) + 1) == value
    return _sign(units < 0) + _machine(text.rstrip("0") if exact else text, exponent, len(text), exact=exact)


def _divided(value: fmpq, digits: int) -> str:
    """A rational by the division of Python's ``decimal``, which rounds correctly and says whether it had to."""
    from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, Inexact

    division = Context(prec=digits, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
    found = division.divide(Decimal(int(abs(value.numerator))), Decimal(int(value.denominator)))
    exact = not division.flags[Inexact]
    text = f"{found:e}".partition("e")[0].replace(".", "")
    return _sign(value < 0) + _machine(text.rstrip("0") if exact else text, found.adjusted(), digits, exact=exact)


def _machine(text: str, exponent: int, digits: int, *, exact: bool = False) -> str:
    """Digits with their point, or with an exponent."""
    places = len(text) - 1 - exponent
    if -7 < exponent < digits or (exact and 0 <= exponent < 21):
        return _with_point(text, places) if places > 0 else text + "0" * -places
    return f"{_with_point(text, len(text) - 1)}e{exponent}"


def power_of_ten(power: int) -> fmpq:
    """10^power, exactly."""
    return _usual_power(power) if -MAX_USUAL_POWER <= power <= MAX_USUAL_POWER else _power(power)


def _power(power: int) -> fmpq:
    return fmpq(fmpz(10) ** power) if power >= 0 else fmpq(1, fmpz(10) ** -power)


_usual_power = cache(_power)
