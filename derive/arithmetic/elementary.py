"""Division, powers, roots, exp and ln over the reals: exact where the result is rational, else a ball."""

from __future__ import annotations

from typing import cast

from flint import arb, fmpq

from derive.arithmetic.numbers import EXACT_BITS, TINY, as_ball, bare, beside_zero, decided_sign, known_size
from derive.arithmetic.offsets import near
from derive.arithmetic.outcomes import TOO_LARGE, OutsideDomain, Undecided
from derive.arithmetic.reals import ONE, ZERO, Real, Value

MAX_ARGUMENT_OF_EXP = arb(10**7)
"""Larger arguments of exp give numbers whose exponent alone fills a line."""
FAR_OUT = -30
"""exp of smaller arguments is kept apart from what it is added to."""
FAR_BELOW_ONE = arb(FAR_OUT).exp()
HUGE = arb(2) ** 15_000_000


def quotient(top: Value, bottom: Value) -> Value:
    """``top / bottom``; dividing by 0 is :class:`OutsideDomain`."""
    if type(bottom) is fmpq:
        if bottom == 0:
            raise OutsideDomain("division by 0", bottom, "is undefined")
    elif not bottom > 0 and not bottom < 0:
        if bottom.is_zero():
            raise OutsideDomain("division by 0", bottom, "is undefined")
        raise Undecided("whether a divisor is 0")
    return top / bottom


def power(base: Value, exponent: Value) -> Value:
    """``base ** exponent`` over the reals; exact where the result is a rational of bounded size."""
    if type(exponent) is fmpq and exponent.denominator == 1:
        return integer_power(base, int(exponent.numerator))
    if type(exponent) is fmpq and exponent == fmpq(1, 2):
        return square_root(base)
    root = _rational_root(base, int(exponent.denominator)) if type(exponent) is fmpq else None
    if root is not None:
        return integer_power(root, int(cast(fmpq, exponent).numerator))
    sign = decided_sign(base, "whether the base of a power is above 0")
    if sign < 0:
        raise OutsideDomain("a power of {} with an exponent that is no whole number", base)
    if sign == 0:
        if decided_sign(exponent) <= 0:
            raise OutsideDomain("division by 0", base, "is undefined")
        return ZERO
    result = (as_ball(base).log() * exponent).exp()
    return _finite(near(ZERO, result) if result < FAR_BELOW_ONE else result)


def _rational_root(value: Value, n: int) -> fmpq | None:
    """The positive root of a positive rational where that is rational too."""
    if type(value) is not fmpq or value <= 0 or n > value.height_bits():
        return fmpq(1) if type(value) is fmpq and value == 1 else None
    root = fmpq(value.numerator.root(n), value.denominator.root(n))
    return root if root**n == value else None


def integer_power(base: Value, exponent: int) -> Value:
    """The same of a whole exponent."""
    if exponent < 0:
        return quotient(ONE, integer_power(base, -exponent))
    if type(base) is fmpq and base.height_bits() * max(exponent, 1) <= EXACT_BITS:
        return base**exponent
    return _finite(_repeated(as_ball(base), exponent))


def _repeated(base: Real, exponent: int) -> Real:
    """The power by repeated squaring: Arb's own power of a ball that holds 0 is not a number."""
    result: Real | None = None
    while exponent:
        if exponent & 1:
            result = base if result is None else result * base
        exponent >>= 1
        if exponent:
            base = base * base
    return result if result is not None else cast(Real, base * 0 + 1)


def squared(value: Value) -> Value:
    """The value times itself."""
    return value * value


def square_root(value: Value) -> Value:
    """The root of a value that is not negative; exact for the square of a rational."""
    if decided_sign(value, "whether the argument of sqrt is below 0") < 0:
        raise OutsideDomain("sqrt of {}", value)
    if type(value) is fmpq:
        p, q = value.numerator.isqrt(), value.denominator.isqrt()
        if p * p == value.numerator and q * q == value.denominator:
            return fmpq(p, q)
    return cast(Real, as_ball(value).sqrt())


def exponential(value: Value) -> Value:
    """``e ** value``; exact at 0, beside 0 before :data:`FAR_OUT`, too large past :data:`MAX_ARGUMENT_OF_EXP`."""
    if type(value) is fmpq and value == 0:
        return ONE
    if value > MAX_ARGUMENT_OF_EXP:
        raise OutsideDomain("exp of {}", value, TOO_LARGE)
    result = as_ball(value).exp()
    return beside_zero(result) if value < FAR_OUT else result


def logarithm(value: Value, name: str = "ln") -> Value:
    """The natural logarithm; exact at 1."""
    if decided_sign(value, f"whether the argument of {name} is above 0") <= 0:
        raise OutsideDomain(name + " of {}", value)
    if type(value) is fmpq and value == 1:
        return ZERO
    return cast(Real, as_ball(value).log())


def _finite(value: Real) -> Real:
    """The ball itself, or :class:`OutsideDomain` where it has left the range of representable numbers."""
    if type(value) is arb and TINY < abs(value) < HUGE:  # by far the most: all that follows would say the same
        return value
    if not value.is_finite() or abs(bare(value)) > HUGE:
        raise OutsideDomain("the value", value, TOO_LARGE)
    return known_size(value)
