"""Numbers: exact rationals while the arithmetic stays rational, certified balls otherwise.

A *ball* (:class:`flint.arb`, F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius
interval arithmetic", IEEE Trans. Comput. 66 (2017)) encloses the true value. Where a ball is too wide
to decide something (a sign, a digit) :class:`Undecided` is raised, and :func:`enough_precision` starts
again with twice the bits: every digit that is printed is proven.

>>> float(enough_precision(lambda: decided_sign(exponential(Exact(1)) - 2)))
1.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from flint import arb, ctx, fmpq, fmpz

from derive.arithmetic.offsets import Offset, near
from derive.arithmetic.reals import Real

if TYPE_CHECKING:
    from derive.arithmetic.residues import Traced

Exact = fmpq
Ball = arb
Number: TypeAlias = fmpq | Real
"""A rational, or a ball: a plain one (arb), one with a residue (:mod:`derive.arithmetic.residues`), one beside a
rational (:mod:`derive.arithmetic.offsets`)."""
Plain: TypeAlias = fmpq | arb
"""The same without parts or residue."""
Result = TypeVar("Result")

FIRST_PRECISION = 128
LAST_PRECISION = 1 << 15
"""The search ends here, or at four times the first precision where that is more."""
TRACING_FROM = 8
"""At so many times the first precision residues are taken along: it may be a zero that no precision proves."""
BOUND_DIGITS = 300
"""What can be 0 or not is given as 0 where it is proven to be smaller than 10 to minus this."""
EXACT_BITS = 1 << 16
"""A rational with a longer numerator or denominator goes on as a ball (bounded time and memory)."""

LARGEST_EXPONENT = arb(10**7)
"""Larger arguments of exp give numbers whose exponent alone fills a line."""

FAR_OUT = -30
"""exp of smaller arguments is kept apart from what it is added to."""

FAR_BELOW_ONE = arb(FAR_OUT).exp()

TOO_LARGE = "is too large to be written"
HUGE = arb(2) ** 15_000_000
TINY = arb(2) ** -1_000_000_000_000
"""Smaller numbers are not told apart: below 10 to minus 300,000,000,000."""

ZERO = fmpq(0)
ONE = fmpq(1)


class Undecided(ArithmeticError):
    """A ball is too wide to decide a sign or a digit at the current precision.

    ``node`` says where, if it is known; ``str``, what is to be decided: ``whether the divisor is 0``.
    """

    node = ""

    def at(self, node: str) -> Undecided:
        """The same, met at this node."""
        self.node = self.node or node
        return self


class OutsideDomain(ArithmeticError):
    """A function has no real value at this argument.

    ``str`` reads ``ln of -3``; ``verdict`` finishes the sentence: ``has no real value``.
    """

    def __init__(self, what: str, value: Number, verdict: str = "has no real value") -> None:
        self.what = what
        self.value = value
        self.verdict = verdict
        super().__init__(what if "{}" not in what else what.format(brief(value)))


class NoDerivative(OutsideDomain):
    """A function has no derivative by one of its inputs here, because of ``error``."""

    def __init__(self, by: str, error: OutsideDomain) -> None:
        self.by = by
        super().__init__(f"its derivative by {by}: {error}", error.value, error.verdict)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Balls carry ``bits`` bits inside the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


_TRACING: ContextVar[bool] = ContextVar("tracing", default=False)


@contextmanager
def tracing(wanted: bool = True) -> Iterator[None]:
    """Balls carry residues inside the block: exact zeros and ties are seen (:mod:`derive.arithmetic.residues`)."""
    token = _TRACING.set(wanted)
    try:
        yield
    finally:
        _TRACING.reset(token)


_BOUNDING: ContextVar[bool] = ContextVar("bounding", default=False)


@contextmanager
def bounding(wanted: bool = True) -> Iterator[None]:
    """Inside the block a ball around 0 may be printed by its bound: no higher precision is left that could decide it.

    Only what is printed goes by the bound; whatever is to be decided (a side of a kink, a divisor) stays undecided.
    """
    token = _BOUNDING.set(wanted)
    try:
        yield
    finally:
        _BOUNDING.reset(token)


def is_bounding() -> bool:
    """Whether a ball around 0 may be printed by its bound."""
    return _BOUNDING.get()


def is_bounded_zero(value: Number, digits: int = BOUND_DIGITS) -> bool:
    """Whether a value is 0 or smaller than 10^-``digits`` in size, and no precision proves which."""
    if not _BOUNDING.get() or type(value := settled(value)) is fmpq:
        return False
    return not is_zero(value) and bool(plain(value).contains(0)) and is_tiny(value, digits)


def is_tiny(value: Number, digits: int = BOUND_DIGITS) -> bool:
    """Whether a value is certainly smaller than 10^-``digits`` in size."""
    return bool(cast(Any, abs(value)) < _bound(digits))


@cache
def _bound(digits: int) -> arb:
    """Just below 10^-``digits``."""
    with precision(FIRST_PRECISION):
        return (arb(10) ** -digits).lower()


def settled(value: Number) -> Plain:
    """The value without a residue: exact where the residue shows that it is a small rational."""
    if isinstance(value, fmpq | arb):
        return value
    found: Plain = cast("Offset | Traced", value).settled()
    return found


def plain(value: Number) -> arb:
    """The value as a plain ball at the current precision, for what only such a one can do."""
    found = settled(value)
    return found if isinstance(found, arb) else arb(found)


def untraced(value: Number) -> Number:
    """The value without a residue, but with what is beside a rational kept apart."""
    parts: Any = value
    if not isinstance(parts, Offset):
        return settled(value)
    rest = settled(parts.rest)
    whole: Number = parts.limit + rest if type(rest) is fmpq else near(parts.limit, rest)
    return whole


def union(one: Number, other: Number) -> Number:
    """A ball that holds both values; what is beside a rational stays apart from it."""
    beside = next((value for value in (one, other) if isinstance(value, Offset)), None)
    if beside is None:
        return plain(one).union(plain(other))
    found: Number = near(beside.limit, plain(one - beside.limit).union(plain(other - beside.limit)))
    return found


def exact_if_settled(value: Number) -> Number:
    """The rational where the residue shows one, else the value as it is, residue and all."""
    found = settled(value)
    return found if type(found) is fmpq else value


def is_tracing() -> bool:
    """Whether balls carry residues now."""
    return _TRACING.get()


def enough_precision(compute: Callable[[], Result], first: int = FIRST_PRECISION, last: int = LAST_PRECISION) -> Result:
    """``compute()`` at twice the precision again and again until nothing in it is :class:`Undecided`.

    In the last try, balls around 0 count as what they are: 0 or very small (:func:`bounding`).

    Raises:
        Undecided: where ``last`` bits (or four times the first precision) do not decide it either.
    """
    bits, last = first, max(last, 4 * first)
    while True:
        try:
            with precision(bits), tracing(bits >= TRACING_FROM * first), bounding(2 * bits > last):
                return compute()
        except Undecided:
            bits *= 2
            if bits > last:
                raise


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


def is_exact(value: Number) -> bool:
    """Whether the value is held as a rational number."""
    return type(value) is fmpq


def bounded(value: Number) -> Number:
    """The value itself, or a ball around it where the rational has grown past :data:`EXACT_BITS`."""
    if type(value) is fmpq and value.height_bits() > EXACT_BITS:
        return as_ball(value)
    return value


def as_ball(value: Number) -> Real:
    """The value as a ball at the current precision."""
    if not isinstance(value, fmpq):
        return value
    return _traced(value) if _TRACING.get() else arb(value)


def constant(value: arb, name: str) -> arb:
    """π or e, with a residue where these are taken along."""
    if not _TRACING.get():
        return value
    from derive.arithmetic.residues import Traced

    return cast(arb, Traced.constant(value, name))


def with_residue_of(number: Number, value: Number) -> Number:
    """The tiny ``value`` with the residue of another way to the same number, while residues are taken along."""
    beside: Number = near(ZERO, cast(Any, _traced(number)).with_ball(cast(Any, _traced(value)).ball))
    return beside


def _traced(value: Number) -> arb:
    from derive.arithmetic.residues import Traced

    return cast(arb, Traced.of(value))


def decided_sign(value: Number, what: str = "") -> int:
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


def equal(one: Number, other: Number) -> bool:
    """Whether two values are the same number. Raises :class:`Undecided` where their balls overlap."""
    return one is other or decided_sign(one - other, "whether two values tie") == 0


def is_zero(value: Number) -> bool:
    """Whether the value is certainly the number 0 (a ball around 0 is not)."""
    return bool(value == 0 if type(value) is fmpq else value.is_zero())


def exactly(value: Number) -> Number:
    """The value as a rational where it is known to be one (a ball of radius 0 around 0 is 0)."""
    return ZERO if is_zero(value) else settled(value)


def quotient(top: Number, bottom: Number) -> Number:
    """``top / bottom``; dividing by 0 is :class:`OutsideDomain`."""
    if type(bottom) is fmpq:
        if bottom == 0:
            raise OutsideDomain("division by 0", bottom, "is undefined")
    elif not bottom > 0 and not bottom < 0:
        if bottom.is_zero():
            raise OutsideDomain("division by 0", bottom, "is undefined")
        raise Undecided("whether a divisor is 0")
    return top / bottom


def power(base: Number, exponent: Number) -> Number:
    """``base ** exponent`` over the reals; exact where the result is a rational of bounded size."""
    if type(exponent) is fmpq and exponent.denominator == 1:
        return _integer_power(base, int(exponent.numerator))
    if type(exponent) is fmpq and exponent == fmpq(1, 2):
        return square_root(base)
    root = _rational_root(base, int(exponent.denominator)) if type(exponent) is fmpq else None
    if root is not None:
        return _integer_power(root, int(cast(fmpq, exponent).numerator))
    sign = decided_sign(base, "whether the base of a power is above 0")
    if sign < 0:
        raise OutsideDomain("a power of {} with an exponent that is no whole number", base)
    if sign == 0:
        if decided_sign(exponent) <= 0:
            raise OutsideDomain("division by 0", base, "is undefined")
        return ZERO
    result = (as_ball(base).log() * exponent).exp()
    return _finite(near(ZERO, result) if result < FAR_BELOW_ONE else result)


def _rational_root(value: Number, n: int) -> fmpq | None:
    """The positive root of a positive rational where that is rational too."""
    if type(value) is not fmpq or value <= 0 or n > value.height_bits():
        return fmpq(1) if type(value) is fmpq and value == 1 else None
    root = fmpq(value.numerator.root(n), value.denominator.root(n))
    return root if root**n == value else None


def _integer_power(base: Number, exponent: int) -> Number:
    if exponent < 0:
        return quotient(ONE, _integer_power(base, -exponent))
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


def squared(value: Number) -> Number:
    """The value times itself."""
    return value * value


def square_root(value: Number) -> Number:
    """The root of a value that is not negative; exact for the square of a rational."""
    if decided_sign(value, "whether the argument of sqrt is below 0") < 0:
        raise OutsideDomain("sqrt of {}", value)
    if type(value) is fmpq:
        p, q = value.numerator.isqrt(), value.denominator.isqrt()
        if p * p == value.numerator and q * q == value.denominator:
            return fmpq(p, q)
    return cast(Real, as_ball(value).sqrt())


def exponential(value: Number) -> Number:
    """``e ** value``; exact at 0, beside 0 before :data:`FAR_OUT`, too large past :data:`LARGEST_EXPONENT`."""
    if type(value) is fmpq and value == 0:
        return ONE
    if value > LARGEST_EXPONENT:
        raise OutsideDomain("exp of {}", value, TOO_LARGE)
    result = as_ball(value).exp()
    return beside_zero(result) if value < FAR_OUT else result


def logarithm(value: Number, name: str = "ln") -> Number:
    """The natural logarithm; exact at 1."""
    if decided_sign(value, f"whether the argument of {name} is above 0") <= 0:
        raise OutsideDomain(name + " of {}", value)
    if type(value) is fmpq and value == 1:
        return ZERO
    return cast(Real, as_ball(value).log())


def _finite(value: Real) -> Real:
    """The ball itself, or :class:`OutsideDomain` where it has left the range of representable numbers."""
    if not value.is_finite() or abs(_bare(value)) > HUGE:
        raise OutsideDomain("the value", value, TOO_LARGE)
    return _known_size(value)


def _bare(value: Any) -> arb:
    """The ball without its residue or limit: comparing those with a bound is slow, and says no more."""
    while type(value) is not arb:
        value = value.ball
    return value


def is_beside(value: Number, limit: fmpq) -> bool:
    """Whether the value is kept as this rational and the little beside it."""
    return isinstance(value, Offset) and bool(value.limit == limit)


def rational_beside(value: Number, digits: int) -> fmpq | None:
    """The rational that a value is beside and differs from by less than 10^-``digits``; None where there is none."""
    if isinstance(value, Offset) and value.limit and is_tiny(value.rest, digits):
        return value.limit
    return None


def beside_zero(value: Number) -> Number:
    """A tiny ball that keeps all of its digits in sums (:mod:`derive.arithmetic.offsets`)."""
    beside: Number = near(ZERO, _known_size(cast(arb, value)))
    return beside


def _known_size(value: Real) -> Real:
    """The number itself; of one smaller than :data:`TINY` we know no more than that."""
    if isinstance(value, Offset):
        return cast(Real, value.beside(_known_size(value.rest)))
    if not abs(_bare(value)) < TINY:
        return value
    unknown = arb(0, TINY)
    return unknown if isinstance(value, arb) else cast("Traced", value).with_ball(unknown)


def brief(value: Number) -> str:
    """A short decimal for a message: ``-3``, ``0.25``, ``1.7e-12``."""
    if type(value) is fmpq and value.denominator == 1 and len(str(value)) < 16:
        return str(value)
    mantissa, _, exponent = as_ball(value).str(6, radius=False).partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{exponent.removeprefix('+')}" if exponent else mantissa
