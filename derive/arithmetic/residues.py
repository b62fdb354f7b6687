"""Exact zeros, ties and rationals among balls: values that carry a residue beside the ball.

No precision proves that e^x/(e^x + e^x) - 1/2 is 0: its ball only shrinks around 0. A :class:`Traced` value takes a
second arithmetic along, modulo a prime of 127 bits, in which exp(u) is a number drawn at random by u. Values that are
equal as rational functions of such terms have equal residues; other values meet by chance with a probability below
2^-100 (Schwartz 1980, Zippel 1979). A ball around 0 with residue 0 is the number 0.

What is drawn obeys the identities of a first course: tanh(u/2) is drawn as an odd permutation of all residues, so that
exp(u) = (1 + tanh(u/2))/(1 - tanh(u/2)) and its inverse ln u are as they should be, and the hyperbolic functions come
from exp; sine, cosine and tangent come from a drawn tan(u/2). Of sums and products exp(u + v) = exp(u) exp(v) is not
seen, nor is ln(uv) = ln u + ln v: a prime field has no such map.

This arithmetic is slow, and used only where higher precision alone did not decide.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from flint import arb, fmpq

from derive.arithmetic.offsets import Offset
from derive.arithmetic.outcomes import OutsideDomain

PRIME = 2**127 - 0xB76BF4731A600DC07C31
"""A prime in which every prime up to 61 is a square, so that √2 · √2 = 2, √6 = √2 · √3 and the like are seen."""
HALF_BITS = 63
ROUNDS = 4
MAX_RECOGNISED = 2**32
"""At most this large are the numerator and denominator of a rational that is recognised: about 2^64 of the 2^127
residues."""


class Traced:
    """A ball and its residue: a :class:`~derive.arithmetic.reals.Real`."""

    __slots__ = ("ball", "residue")

    def __init__(self, ball: arb, residue: int) -> None:
        self.ball = ball
        self.residue = residue % PRIME

    @classmethod
    def of(cls, value: object) -> Traced:
        """A rational or ball as a traced value; a ball (π, e) by its midpoint."""
        if isinstance(value, Traced):
            return value
        if isinstance(value, Offset):
            return cls.of(value.ball)
        if isinstance(value, arb) and value.is_integer():
            return cls(value, int(value.mid().fmpq().numerator))
        if isinstance(value, arb):
            return cls(value, _drawn("ball", value.mid().str(30, radius=False)))
        rational = fmpq(value)  # type: ignore[call-overload]
        return cls(arb(rational), int(rational.numerator) * _inverse(int(rational.denominator)))

    @classmethod
    def constant(cls, value: arb, name: str) -> Traced:
        """π or e, by its name."""
        return cls(value, _drawn("constant", name))

    def __add__(self, other: object) -> Traced:
        if isinstance(other, Offset):
            return NotImplemented
        right = Traced.of(other)
        return Traced(self.ball + right.ball, self.residue + right.residue)

    def __sub__(self, other: object) -> Traced:
        if isinstance(other, Offset):
            return NotImplemented
        right = Traced.of(other)
        return Traced(self.ball - right.ball, self.residue - right.residue)

    def __mul__(self, other: object) -> Traced:
        if isinstance(other, Offset):
            return NotImplemented
        right = Traced.of(other)
        return Traced(self.ball * right.ball, self.residue * right.residue)

    def __truediv__(self, other: object) -> Traced:
        if isinstance(other, Offset):
            return NotImplemented
        right = Traced.of(other)
        return Traced(self.ball / right.ball, self.residue * _inverse(right.residue))

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: object) -> Traced:
        return Traced.of(other) - self

    def __rtruediv__(self, other: object) -> Traced:
        return Traced.of(other) / self

    def __pow__(self, exponent: int) -> Traced:
        return Traced(self.ball**exponent, pow(self.residue, exponent, PRIME))

    def __neg__(self) -> Traced:
        return Traced(-self.ball, -self.residue)

    def __abs__(self) -> Traced:
        return -self if self.ball < 0 else self

    def __gt__(self, other: object) -> bool:
        return bool(self.ball > _ball(other))

    def __lt__(self, other: object) -> bool:
        return bool(self.ball < _ball(other))

    def __ge__(self, other: object) -> bool:
        return bool(self.ball >= _ball(other))

    def __le__(self, other: object) -> bool:
        return bool(self.ball <= _ball(other))

    def is_zero(self) -> bool:
        """Whether the value is the number 0: the ball holds 0, and the residue is 0."""
        return self.residue == 0 and self.ball.contains(arb(0))

    def is_finite(self) -> bool:
        """Whether the ball is bounded."""
        return bool(self.ball.is_finite())

    def str(self, digits: int, *, radius: bool = True) -> str:
        """The ball's decimal digits."""
        return str(self.ball.str(digits, radius=radius))

    def mid(self) -> arb:
        """The midpoint of the ball."""
        return self.ball.mid()

    def with_ball(self, ball: arb) -> Traced:
        """The same number, known otherwise."""
        return Traced(ball, self.residue)

    def expm1(self) -> Traced:
        """exp(u) - 1."""
        return Traced(self.ball.expm1(), _exponential(self.residue) - 1)

    def log1p(self) -> Traced:
        """ln(1 + u)."""
        return Traced(self.ball.log1p(), (self + 1).log().residue)

    def exp(self) -> Traced:
        """e to this power; exp(0) is 1, exp(-u) is 1/exp(u), exp(ln u) is u."""
        return Traced(self.ball.exp(), _exponential(self.residue))

    def log(self) -> Traced:
        """The natural logarithm; ln 1 is 0, ln(1/u) is -ln u, ln(exp(u)) is u."""
        return Traced(self.ball.log(), _odd_permutation((self.residue - 1) * _inverse(self.residue + 1)))

    def sinh(self) -> Traced:
        """(exp(u) - exp(-u))/2."""
        power = _exponential(self.residue)
        return Traced(self.ball.sinh(), (power - _inverse(power)) * _inverse(2))

    def cosh(self) -> Traced:
        """(exp(u) + exp(-u))/2."""
        power = _exponential(self.residue)
        return Traced(self.ball.cosh(), (power + _inverse(power)) * _inverse(2))

    def tanh(self) -> Traced:
        """sinh(u)/cosh(u)."""
        square = _exponential(self.residue) ** 2
        return Traced(self.ball.tanh(), (square - 1) * _inverse(square + 1))

    def sin(self) -> Traced:
        """The sine: exact at some multiples of π/12."""
        return _sine(self)

    def cos(self) -> Traced:
        """The cosine, likewise."""
        return _cosine(self)

    def tan(self) -> Traced:
        """The tangent, likewise. Raises at its poles."""
        return _tangent(self)

    def sqrt(self) -> Traced:
        """The square root. Small rationals have a root, and of the others half; else √u · √u = u is not seen."""
        root = pow(self.residue, (PRIME + 1) // 4, PRIME)
        known = root * root % PRIME == self.residue
        return Traced(self.ball.sqrt(), root if known else _drawn("sqrt", self.residue))

    def erfc(self) -> Traced:
        """1 - erf, erf being odd."""
        return Traced(self.ball.erfc(), 1 - _drawn_odd("erf", self.residue))

    def erf(self) -> Traced:
        """The error function: odd."""
        return Traced(self.ball.erf(), _drawn_odd("erf", self.residue))

    def settled(self) -> fmpq | arb:
        """The number without its residue: a small rational where residue and ball agree on one, else the ball."""
        if self.is_zero():
            return fmpq(0)
        rational = _rational(self.residue) if self.ball.is_finite() else None
        if rational is not None and self.ball.contains(arb(rational)):
            return rational
        return self.ball


def _ball(value: object) -> arb:
    return Traced.of(value).ball if isinstance(value, Traced | Offset) else arb(value)  # type: ignore[arg-type]


def _exponential(residue: int) -> int:
    half = _odd_permutation(residue, backward=True)
    return (1 + half) * _inverse(1 - half) % PRIME


def _odd_permutation(residue: int, *, backward: bool = False) -> int:
    """A permutation of all residues that looks random, with P(-u) = -P(u); or its inverse.

    A Feistel network (Luby and Rackoff 1988) permutes the numbers of 126 bits; it is walked on until it comes to one
    that stands for a residue (Black and Rogaway 2002).
    """
    positive, found = _upright(residue % PRIME)
    if not found:
        return 0
    while True:
        found = _permuted(found, backward=backward)
        if 0 < found <= PRIME // 2:
            return found if positive else -found


def _permuted(word: int, *, backward: bool) -> int:
    left, right = divmod(word, 1 << HALF_BITS)
    for n in reversed(range(ROUNDS)) if backward else range(ROUNDS):
        if backward:
            left, right = right ^ _drawn(n, left) % (1 << HALF_BITS), left
        else:
            left, right = right, left ^ _drawn(n, right) % (1 << HALF_BITS)
    return left << HALF_BITS | right


def _drawn_odd(name: str, residue: int) -> int:
    positive, size = _upright(residue)
    drawn = _drawn(name, size) if size else 0
    return drawn if positive else -drawn


def _circular(name: str) -> Callable[[Traced], Traced]:
    """Sine, cosine or tangent, from the tangent of half the angle."""

    def method(value: Traced) -> Traced:
        t = _drawn_odd("tan of half", value.residue)
        above = {"sin": 2 * t, "cos": 1 - t * t, "tan": 2 * t}[name]
        below = 1 - t * t if name == "tan" else 1 + t * t
        return Traced(getattr(value.ball, name)(), above * _inverse(below))

    return method


def _twelfths_of_pi(value: Traced) -> int | None:
    """n where the value is nπ/12 exactly."""
    n = round(float(value.ball * 12 / arb.pi())) if abs(value.ball) < 10**6 else 0
    return n if n and (value.residue * 12 - n * _drawn("constant", "pi")) % PRIME == 0 else None


def _known_sine(twelfths: int) -> Fraction | None:
    """The sine of nπ/12 where it is rational: 0, ±1/2 or ±1."""
    size = {0: Fraction(0), 2: Fraction(1, 2), 6: Fraction(1), 10: Fraction(1, 2)}.get(twelfths % 12)
    return size if size is None or twelfths % 24 < 12 else -size


def _known_tangent(twelfths: int) -> Fraction | None:
    """The tangent of nπ/12 where it is rational: 0 or ±1. Raises at the poles."""
    if twelfths % 12 == 6:
        raise OutsideDomain("tan of {}", arb.pi() * twelfths / 12, "is undefined")
    return {0: Fraction(0), 3: Fraction(1), 9: Fraction(-1)}.get(twelfths % 12)


def _periodic(
    general: Callable[[Traced], Traced], known: Callable[[int], Fraction | None]
) -> Callable[[Traced], Traced]:
    """A function that is exact at some multiples of π/12."""

    def method(value: Traced) -> Traced:
        twelfths = _twelfths_of_pi(value)
        exact = None if twelfths is None else known(twelfths)
        found = general(value)
        return found if exact is None else Traced(found.ball, Traced.of(fmpq(*exact.as_integer_ratio())).residue)

    return method


_sine = _periodic(_circular("sin"), _known_sine)
_cosine = _periodic(_circular("cos"), lambda n: _known_sine(n + 6))
_tangent = _periodic(_circular("tan"), _known_tangent)


def _upright(residue: int) -> tuple[bool, int]:
    """A residue and its negative have one representative: whether this is it, and it."""
    return (True, residue) if residue <= PRIME // 2 else (False, PRIME - residue)


@lru_cache(maxsize=1 << 13)
def _rational(residue: int) -> fmpq | None:
    """The rational of this residue whose numerator and denominator are small, where there is one.

    It is found among the remainders of Euclid's algorithm (Wang 1981). The numbers of a run are asked about many times.
    """
    before, remainder, last, factor = PRIME, residue, 0, 1
    while remainder > MAX_RECOGNISED:
        times, rest = divmod(before, remainder)
        before, remainder, last, factor = remainder, rest, factor, last - times * factor
    if not 0 < abs(factor) <= MAX_RECOGNISED:
        return None
    return fmpq(remainder if factor > 0 else -remainder, abs(factor))


def _inverse(residue: int) -> int:
    return pow(residue, -1, PRIME) if residue % PRIME else 0


def _drawn(what: object, residue: object) -> int:
    digest = blake2b(f"{what}:{residue}".encode(), digest_size=24).digest()
    return int.from_bytes(digest, "big") % PRIME


if TYPE_CHECKING:
    from derive.arithmetic.reals import Real

    _IS_REAL: type[Real] = Traced
