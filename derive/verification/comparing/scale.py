"""How much precision a comparison needs: enough to see the smallest term beside the largest one.

``yhat = yhat + 1e-9999`` is false, and two balls of some hundred bits would not show it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.numbers import as_ball, plain
from derive.arithmetic.offsets import Offset
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr, Sum
from derive.verification.comparing.intervals import Interval, TooWide, enclosure

SPARE_BITS = 64
MAX_BITS = 1 << 17
"""At most this many bits may be needed to tell terms apart; others are not compared."""
MAX_BINARY_EXPONENT = 50_000
"""Of a number as a fraction: what a file can write has a decimal exponent of at most ±10,000."""


Fixed: TypeAlias = Callable[[str], bool]
PowersOfTwo: TypeAlias = tuple[int, int]
"""The powers of two of the smallest and of the largest part; 0 is between them."""


def varies(name: str) -> bool:
    """No quantity is fixed."""
    return False


def bits_between(extents: Sequence[PowersOfTwo]) -> int:
    """So many bits show every part of expressions that go so far beside every other one.

    Raises:
        Undecided: where that takes more than :data:`MAX_BITS`.
    """
    bits = 2 * (max(high for _, high in extents) - min(low for low, _ in extents)) + SPARE_BITS
    if bits > MAX_BITS:
        raise Undecided
    return bits


def extent(
    exprs: tuple[Expr, ...], value: Callable[[str], Value], relu_at_zero: fmpq, is_fixed: Fixed = varies
) -> PowersOfTwo:
    """The powers of two of the smallest and of the largest of these expressions and their terms; 0 is between them.

    A quantity that is not fixed is a rational here only: nothing is kept apart from it.
    """
    low = high = 0

    def met(here: Expr, parts: tuple[Interval, ...], found: Interval) -> None:
        """Only sums lose digits, and not those whose parts are kept side by side."""
        nonlocal low, high
        if isinstance(here, Sum) and not isinstance(found.low, Offset):
            sizes = [exponent_of(span.low) for span in (*parts, found)]
            low, high = min(low, *sizes), max(high, *sizes)

    def named(name: str) -> Interval:
        number = value(name)
        return Interval.point(number if is_fixed(name) else as_ball(number))

    for expr in exprs:
        try:
            whole = enclosure(expr, named, relu_at_zero=relu_at_zero, met=met)
            low = min(low, exponent_of(whole.low))  # two large sides are compared in proportion
        except (OutsideDomain, Undecided, TooWide):
            continue
    return low, high


def near_rational(value: Value) -> fmpq:
    """The value as a fraction, near enough; one past :data:`MAX_BINARY_EXPONENT` as if it were there."""
    if type(value) is fmpq:
        return value
    mantissa, exponent = plain(value).mid().man_exp()
    kept = max(-MAX_BINARY_EXPONENT, min(int(exponent), MAX_BINARY_EXPONENT))
    return fmpq(mantissa) * fmpq(2) ** kept


def exponent_of(value: Value) -> int:
    """The power of two nearest to a number's size; 0 where it may be 0."""
    if type(value) is fmpq:
        return 0 if value == 0 else value.numerator.bit_length() - value.denominator.bit_length()
    ball = plain(value)
    if not ball > 0 and not ball < 0:
        return 0
    mantissa, exponent = ball.mid().man_exp()
    return int(exponent) + mantissa.bit_length()
