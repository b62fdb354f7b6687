"""Numbers: exact rationals while the arithmetic stays rational, certified balls otherwise.

A *ball* (:class:`flint.arb`, F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius
interval arithmetic", IEEE Trans. Comput. 66 (2017)) encloses the true value. Where a ball is too wide
to decide something (a sign, a digit) :class:`Undecided` is raised, and
:func:`~derive.arithmetic.precision.enough_precision` starts again with twice the bits: every digit that is printed is
proven.

>>> from derive.arithmetic.elementary import exponential
>>> from derive.arithmetic.precision import enough_precision
>>> float(enough_precision(lambda: decided_sign(exponential(fmpq(1)) - 2)))
1.0
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from flint import arb, fmpq, fmpz

from derive.arithmetic.offsets import Offset, near
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.precision import MIN_PRECISION, is_bounding, is_tracing, precision
from derive.arithmetic.reals import ZERO, PlainValue, Real, Value

if TYPE_CHECKING:
    from derive.arithmetic.residues import Traced


BOUND_DIGITS = 300
"""What can be 0 or not is given as 0 where it is proven to be smaller than 10 to minus this."""
EXACT_BITS = 1 << 16
"""A rational with a longer numerator or denominator goes on as a ball (bounded time and memory)."""


TINY = arb(2) ** -1_000_000_000_000
"""Smaller numbers are not told apart: below 10 to minus 300,000,000,000."""


def is_bounded_zero(value: Value, digits: int = BOUND_DIGITS) -> bool:
    """Whether a value is 0 or smaller than 10^-``digits`` in size, and no precision proves which."""
    if not is_bounding() or type(value := settled(value)) is fmpq:
        return False
    return not is_zero(value) and bool(plain(value).contains(0)) and is_tiny(value, digits)


def is_tiny(value: Value, digits: int = BOUND_DIGITS) -> bool:
    """Whether a value is certainly smaller than 10^-``digits`` in size."""
    return bool(cast(Any, abs(value)) < _bound(digits))


@cache
def _bound(digits: int) -> arb:
    """Just below 10^-``digits``."""
    with precision(MIN_PRECISION):
        return (arb(10) ** -digits).lower()


def settled(value: Value) -> PlainValue:
    """The value without a residue: exact where the residue shows that it is a small rational."""
    if isinstance(value, fmpq | arb):
        return value
    found: PlainValue = cast("Offset | Traced", value).settled()
    return found


def plain(value: Value) -> arb:
    """The value as a plain ball at the current precision, for what only such a one can do."""
    found = settled(value)
    return found if isinstance(found, arb) else arb(found)


def position(value: Value) -> float:
    """A number as a place in a picture, never to be printed; infinite where it is too large for one.

    >>> position(fmpq(1, 4))
    0.25
    """
    return float(arb(value) if type(value) is fmpq else plain(value))


def untraced(value: Value) -> Value:
    """The value without a residue, but with what is beside a rational kept apart."""
    parts: Any = value
    if not isinstance(parts, Offset):
        return settled(value)
    rest = settled(parts.rest)
    whole: Value = parts.limit + rest if type(rest) is fmpq else near(parts.limit, rest)
    return whole


def union(one: Value, other: Value) -> Value:
    """A ball that holds both values; what is beside a rational stays apart from it."""
    beside = next((value for value in (one, other) if isinstance(value, Offset)), None)
    if beside is None:
        return plain(one).union(plain(other))
    found: Value = near(beside.limit, plain(one - beside.limit).union(plain(other - beside.limit)))
    return found


def exact_if_settled(value: Value) -> Value:
    """The rational where the residue shows one, else the value as it is, residue and all."""
    found = settled(value)
    return found if type(found) is fmpq else value


def parse_decimal(text: str) -> fmpq:
    """The rational that a plain decimal names: ``-0.10``, ``1e-3``, ``1_000``.

    >>> parse_decimal("-0.10"), parse_decimal("1.5e3")
    (-1/10, 1500)
    """
    body, _, exponent = text.replace("_", "").lower().partition("e")
    whole, _, fraction = body.partition(".")
    power = (int(exponent) if exponent else 0) - len(fraction)
    digits = fmpz(int(whole + fraction))
    return fmpq(digits * fmpz(10) ** power) if power >= 0 else fmpq(digits, fmpz(10) ** -power)


def is_exact(value: Value) -> bool:
    """Whether the value is held as a rational number."""
    return type(value) is fmpq


def bounded(value: Value) -> Value:
    """The value itself, or a ball around it where the rational has grown past :data:`EXACT_BITS`."""
    if type(value) is fmpq and value.height_bits() > EXACT_BITS:
        return as_ball(value)
    return value


def as_ball(value: Value) -> Real:
    """The value as a ball at the current precision."""
    if type(value) is not fmpq:
        return cast(Real, value)
    return _traced(value) if is_tracing() else arb(value)


def constant(value: arb, name: str) -> arb:
    """π or e, with a residue where these are taken along."""
    if not is_tracing():
        return value
    from derive.arithmetic.residues import Traced

    return cast(arb, Traced.constant(value, name))


def with_residue_of(number: Value, value: Value) -> Value:
    """The tiny ``value`` with the residue of another way to the same number, while residues are taken along."""
    beside: Value = near(ZERO, cast(Any, _traced(number)).with_ball(cast(Any, _traced(value)).ball))
    return beside


def _traced(value: Value) -> arb:
    from derive.arithmetic.residues import Traced

    return cast(arb, Traced.of(value))


def decided_sign(value: Value, what: str = "") -> int:
    """-1, 0 or 1. Raises :class:`Undecided` where the ball holds both signs; ``what`` says what hangs on it."""
    if type(value) is fmpq:
        return (value > 0) - (value < 0)
    if value > 0:
        return 1
    if value < 0:
        return -1
    if value.is_zero():
        return 0
    raise Undecided(what)


def equal(one: Value, other: Value) -> bool:
    """Whether two values are the same number. Raises :class:`Undecided` where their balls overlap."""
    return one is other or decided_sign(one - other, "whether two values tie") == 0


def is_zero(value: Value) -> bool:
    """Whether the value is certainly the number 0 (a ball around 0 is not)."""
    return bool(value == 0 if type(value) is fmpq else value.is_zero())


def exactly(value: Value) -> Value:
    """The value as a rational where it is known to be one (a ball of radius 0 around 0 is 0)."""
    return ZERO if is_zero(value) else settled(value)


def bare(value: Any) -> arb:
    """The ball without its residue or limit: comparing those with a bound is slow, and says no more."""
    while type(value) is not arb:
        value = value.ball
    return value


def is_beside(value: Value, limit: fmpq) -> bool:
    """Whether the value is kept as this rational and the little beside it."""
    return isinstance(value, Offset) and bool(value.limit == limit)


def rational_beside(value: Value, digits: int) -> fmpq | None:
    """The rational that a value is beside and differs from by less than 10^-``digits``; None where there is none."""
    if isinstance(value, Offset) and value.limit and is_tiny(value.rest, digits):
        return value.limit
    return None


def beside_zero(value: Value) -> Value:
    """A tiny ball that keeps all of its digits in sums (:mod:`derive.arithmetic.offsets`)."""
    beside: Value = near(ZERO, known_size(cast(arb, value)))
    return beside


def known_size(value: Real) -> Real:
    """The number itself; of one smaller than :data:`TINY` we know no more than that."""
    if isinstance(value, Offset):
        return cast(Real, value.beside(known_size(value.rest)))
    if not abs(bare(value)) < TINY:
        return value
    unknown = arb(0, TINY)
    return unknown if isinstance(value, arb) else cast("Traced", value).with_ball(unknown)
