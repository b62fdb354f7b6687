"""Numbers that are next to a rational: a saturated unit is 1 and a correction that is tiny.

As a ball, tanh(-30000) is -1 give or take 2^-128; 1 - tanh² of it is 0 give or take as much, and it takes 86,562 bits
to see that it is 10^-26057. An :class:`Offset` keeps the two parts side by side, so that each has all of its digits:
sums add the parts, and where the rationals cancel, the correction is left. What is not next to a rational goes on as a
ball.

>>> from derive.numbers import exponential
>>> one = 1 / (1 + exponential(fmpq(-1000)))
>>> (1 - one).str(4, radius=False)
'5.076e-435'
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

CLOSE = fmpq(1, 1 << 40)
"""A correction is smaller than this, in proportion to the rational; else there is nothing to be kept apart."""


class Offset:
    """A rational and a small ball beside it; it answers to the methods of :class:`flint.arb` that the project uses."""

    __slots__ = ("limit", "rest")

    def __init__(self, limit: fmpq, rest: Any) -> None:
        self.limit = limit
        self.rest = rest

    @property
    def ball(self) -> Any:
        """Both parts in one ball (with a residue, where the correction has one)."""
        return self.rest + self.limit

    def settled(self) -> fmpq | arb:
        """The number without its parts and residue."""
        ball = self.ball
        found: fmpq | arb = ball if type(ball) is arb else ball.settled()
        return found

    def middle(self) -> Offset:
        """The same with a correction of radius 0."""
        return Offset(self.limit, self.rest.mid())

    def __getattr__(self, name: str) -> Any:
        """Every other function is that of the ball.

        What begins with ``_`` is none: a ball on the left would take this for an mpmath number by its ``_mpf_``, and
        leave the radius out.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.ball, name)

    def __neg__(self) -> Offset:
        return Offset(-self.limit, -self.rest)

    def __abs__(self) -> Any:
        return self if self > 0 else -self if self < 0 else abs(self.ball)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Offset):
            return near(self.limit + other.limit, self.rest + other.rest)
        return near(self.limit + other, self.rest) if _is_rational(other) else near(self.limit, self.rest + other)

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Offset):
            return near(self.limit - other.limit, self.rest - other.rest)
        return near(self.limit - other, self.rest) if _is_rational(other) else near(self.limit, self.rest - other)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Offset):
            crossed = self.rest * other.limit + other.rest * self.limit + self.rest * other.rest
            return near(self.limit * other.limit, crossed)
        if _is_rational(other):
            return near(self.limit * other, self.rest * other)
        return near(self.limit, self.rest * other) if self.limit == 0 else self.ball * other

    def __truediv__(self, other: Any) -> Any:
        if not isinstance(other, Offset):
            if _is_rational(other):
                return near(self.limit / other, self.rest / other)
            return near(self.limit, self.rest / other) if self.limit == 0 else self.ball / other
        if other.limit == 0:
            return self.ball / other.rest
        crossed = self.rest * other.limit - other.rest * self.limit
        return near(self.limit / other.limit, crossed / (other.ball * other.limit))

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __rtruediv__(self, other: Any) -> Any:
        return Offset(fmpq(other), self.rest * 0) / self if _is_rational(other) else other / self.ball

    def __pow__(self, exponent: int) -> Any:
        result: Any = self
        for _ in range(exponent - 1):
            result = result * self
        return result

    def __gt__(self, other: Any) -> bool:
        difference = self - other
        return bool(difference.rest > -difference.limit if isinstance(difference, Offset) else difference > 0)

    def __lt__(self, other: Any) -> bool:
        difference = self - other
        return bool(difference.rest < -difference.limit if isinstance(difference, Offset) else difference < 0)

    def __ge__(self, other: Any) -> bool:
        difference = self - other
        return bool(difference.rest >= -difference.limit if isinstance(difference, Offset) else difference >= 0)

    def __le__(self, other: Any) -> bool:
        difference = self - other
        return bool(difference.rest <= -difference.limit if isinstance(difference, Offset) else difference <= 0)

    def is_zero(self) -> bool:
        """Whether this is the number 0."""
        return bool(self.rest.is_zero() if self.limit == 0 else self.ball.is_zero())

    def log(self) -> Any:
        """The natural logarithm; near 1 it is as small as the correction, and has all digits."""
        return near(self.limit - 1, self.rest.log1p()) if self.limit == 1 else self.ball.log()

    def exp(self) -> Any:
        """e to this power; near 0 it is 1 and about the correction."""
        return near(fmpq(1), self.rest.expm1()) if self.limit == 0 else self.ball.exp()


def near(limit: fmpq, rest: Any) -> Any:
    """The sum of a rational and a ball, kept apart where the ball is tiny beside the rational (beside 1, for 0)."""
    size = abs(limit) if limit else 1
    if abs(rest) < CLOSE * size:
        return Offset(limit, rest)
    return rest + limit


def _is_rational(value: Any) -> bool:
    return type(value) is fmpq or type(value) is int
