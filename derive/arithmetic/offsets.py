"""Numbers that are next to a rational: a saturated unit is 1 and a correction that is tiny.

As a ball, tanh(-30000) is -1 give or take 2^-128; 1 - tanh² of it is 0 give or take as much, and it takes 86,562 bits
to see that it is 10^-26057. An :class:`Offset` keeps the two parts side by side, so that each has all of its digits:
sums add the parts, and where the rationals cancel, the correction is left. What is not next to a rational goes on as a
ball.

>>> from derive.arithmetic.elementary import exponential
>>> one = 1 / (1 + exponential(fmpq(-1000)))
>>> (1 - one).str(4, radius=False)
'5.076e-435'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import arb, fmpq

ZERO = fmpq(0)
CLOSE = fmpq(1, 1 << 40)
"""A correction is smaller than this, in proportion to the rational; else there is nothing to be kept apart."""


class Offset:
    """A rational and a small ball beside it, perhaps with a residue: a :class:`~derive.arithmetic.reals.Real`."""

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

    def beside(self, rest: Any) -> Any:
        """The same rational with another correction."""
        return near(self.limit, rest)

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

    def is_finite(self) -> bool:
        """Whether the correction is bounded."""
        return bool(self.rest.is_finite())

    def mid(self) -> arb:
        """The midpoint of both parts in one ball."""
        middle: arb = self.ball.mid()
        return middle

    def str(self, digits: int, *, radius: bool = True) -> str:
        """The decimal digits of both parts in one ball."""
        return str(self.ball.str(digits, radius=radius))

    def log(self) -> Any:
        """The natural logarithm; near 1 it is as small as the correction, and has all digits."""
        return near(self.limit - 1, self.rest.log1p()) if self.limit == 1 else self._whole.log()

    def log1p(self) -> Any:
        """ln(1 + u); near 0 it is as small as the correction."""
        return near(self.limit, self.rest.log1p()) if self.limit == 0 else (self + 1).log()

    def exp(self) -> Any:
        """e to this power; near 0 it is 1 and about the correction."""
        return near(fmpq(1), self.rest.expm1()) if self.limit == 0 else self.ball.exp()

    def expm1(self) -> Any:
        """exp(u) - 1; near 0 it is about the correction."""
        return near(self.limit, self.rest.expm1()) if self.limit == 0 else self.ball.exp() - 1

    def sqrt(self) -> Any:
        """The square root; near 1 it is 1 and about half the correction."""
        return near(fmpq(1), (self.rest.log1p() / 2).expm1()) if self.limit == 1 else _small(self, "sqrt")

    def sin(self) -> Any:
        """The sine; near 0 it is about the correction."""
        return _small(self, "sin")

    def tan(self) -> Any:
        """The tangent; near 0 it is about the correction."""
        return _small(self, "tan")

    def sinh(self) -> Any:
        """The hyperbolic sine; near 0 it is about the correction."""
        return _small(self, "sinh")

    def tanh(self) -> Any:
        """The hyperbolic tangent; near 0 it is about the correction."""
        return _small(self, "tanh")

    def erf(self) -> Any:
        """The error function; near 0 it is about the correction."""
        return _small(self, "erf")

    def cos(self) -> Any:
        """The cosine; near 0 it is 1 but for 2 sin²(u/2)."""
        half = (self.rest / 2).sin()
        return near(fmpq(1), half * half * -2) if self.limit == 0 else self.ball.cos()

    def cosh(self) -> Any:
        """The hyperbolic cosine; near 0 it is 1 and 2 sinh²(u/2)."""
        half = (self.rest / 2).sinh()
        return near(fmpq(1), half * half * 2) if self.limit == 0 else self.ball.cosh()

    def erfc(self) -> Any:
        """1 - erf(u); near 0 it is 1 but for about the correction."""
        return near(fmpq(1), -self.rest.erf()) if self.limit == 0 else self.ball.erfc()

    @property
    def _whole(self) -> Any:
        """Both parts in one ball, which is the correction itself beside 0."""
        return self.rest if self.limit == 0 else self.ball


def near(limit: fmpq, rest: Any) -> Any:
    """The sum of a rational and a ball, kept apart where the ball is tiny beside the rational (beside 1, for 0)."""
    size = abs(limit) if limit else 1
    if abs(rest) < CLOSE * size:
        return Offset(limit, rest)
    return rest + limit


def _small(number: Offset, function: str) -> Any:
    """A function that is 0 at 0: near 0 its value is kept apart from 0 as its argument is."""
    if number.limit == 0:
        return near(ZERO, getattr(number.rest, function)())
    return getattr(number.ball, function)()


def _is_rational(value: Any) -> bool:
    return type(value) is fmpq or type(value) is int


if TYPE_CHECKING:
    from derive.arithmetic.reals import Real

    _IS_REAL: type[Real] = Offset
