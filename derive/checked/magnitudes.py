"""How large numbers are: the power of ten of a step, and the digits that show a change."""

from __future__ import annotations

from math import floor

from flint import arb, fmpq

from derive.arithmetic.numbers import as_ball
from derive.arithmetic.reals import Value


def power_of_ten(value: Value) -> fmpq:
    """The power of ten of the leading digit; 1 for 0."""
    size = abs(as_ball(value))
    if not size > 0:
        return fmpq(1)
    exponent = floor(float(size.log() / arb(10).log()))
    return fmpq(10) ** exponent if abs(exponent) < 400 else fmpq(1)


def digits_to_see(rise: arb, loss: arb) -> int:
    """Significant digits of the loss that show four digits of its rise."""
    if not abs(rise) > 0 or not abs(loss) > 0:
        return 12
    lost = float((abs(loss) / abs(rise)).log() / arb(10).log())
    return max(12, floor(lost) + 6)
