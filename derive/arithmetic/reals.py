"""What a number that is not rational answers to, be it a plain ball, one with a residue, or one beside a rational.

A formula never asks which of the three it has: what it may do with any of them stands here, once. What only a plain
ball can do (a matrix of balls, the radius) asks for one: :func:`derive.arithmetic.numbers.plain`.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

from flint import arb, fmpq

FUNCTIONS = ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "erfc")
"""The functions that each of the three has as a method of this name."""


class Real(Protocol):
    """The methods that plain balls (:class:`flint.arb`), those with residues and those beside a rational share.

    Every operation takes a rational, a whole number or any of the three on either side.
    """

    def __add__(self, other: Any, /) -> Any: ...
    def __radd__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...
    def __rsub__(self, other: Any, /) -> Any: ...
    def __mul__(self, other: Any, /) -> Any: ...
    def __rmul__(self, other: Any, /) -> Any: ...
    def __truediv__(self, other: Any, /) -> Any: ...
    def __rtruediv__(self, other: Any, /) -> Any: ...
    def __neg__(self) -> Any: ...
    def __abs__(self) -> Any: ...
    def __gt__(self, other: Any, /) -> bool: ...
    def __lt__(self, other: Any, /) -> bool: ...
    def __ge__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...

    def is_zero(self) -> bool:
        """Whether this is the number 0; a ball around 0 is not."""

    def is_finite(self) -> bool:
        """Whether the ball is bounded."""

    def mid(self) -> Any:
        """The midpoint, a plain ball of radius 0."""

    def str(self, digits: int, /, *, radius: bool = True) -> str:
        """Decimal digits."""

    def exp(self) -> Any:
        """e to this power."""

    def expm1(self) -> Any:
        """exp(u) - 1."""

    def log(self) -> Any:
        """The natural logarithm."""

    def log1p(self) -> Any:
        """ln(1 + u)."""

    def sqrt(self) -> Any:
        """The square root."""

    def sin(self) -> Any:
        """The sine."""

    def cos(self) -> Any:
        """The cosine."""

    def tan(self) -> Any:
        """The tangent."""

    def sinh(self) -> Any:
        """The hyperbolic sine."""

    def cosh(self) -> Any:
        """The hyperbolic cosine."""

    def tanh(self) -> Any:
        """The hyperbolic tangent."""

    def erf(self) -> Any:
        """The error function."""

    def erfc(self) -> Any:
        """1 - erf(u)."""


Exact = fmpq
Ball = arb
Value: TypeAlias = fmpq | Real
"""A rational, or a ball: a plain one (arb), one with a residue (:mod:`derive.arithmetic.residues`), one beside a
rational (:mod:`derive.arithmetic.offsets`)."""
PlainValue: TypeAlias = fmpq | arb
"""The same without parts or residue."""

ZERO = fmpq(0)
ONE = fmpq(1)
