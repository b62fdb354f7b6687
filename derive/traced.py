"""Exact zeros, ties and rationals among balls: values that carry a residue beside the ball.

No precision proves that e^x/(e^x + e^x) - 1/2 is 0: its ball only shrinks around 0. A :class:`Traced` value takes a
second arithmetic along, modulo a prime of 127 bits, in which exp(u) is a number drawn at random by u. Values that are
equal as rational functions of such terms have equal residues; other values meet by chance with a probability below
2^-100 (Schwartz 1980, Zippel 1979). A ball around 0 with residue 0 is the number 0.

This arithmetic is slow, and used only where higher precision alone did not decide.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from hashlib import blake2b

from flint import arb, fmpq

from derive.numbers import OutsideDomain

PRIME = 2**127 - 1
LARGEST = 2**32
"""Numerators and denominators of rationals that are recognised: about 2^64 of the 2^127 residues."""


class Traced:
    """A ball and its residue; it answers to the methods of :class:`flint.arb` that the project uses."""

    __slots__ = ("ball", "residue")

    def __init__(self, ball: arb, residue: int) -> None:
        self.ball = ball
        self.residue = residue % PRIME

    @classmethod
    def of(cls, value: object) -> Traced:
        """A rational or ball as a traced value; a ball (π, e) by its midpoint."""
        if isinstance(value, Traced):
            return value
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
        right = Traced.of(other)
        return Traced(self.ball + right.ball, self.residue + right.residue)

    def __sub__(self, other: object) -> Traced:
        right = Traced.of(other)
        return Traced(self.ball - right.ball, self.residue - right.residue)

    def __mul__(self, other: object) -> Traced:
        right = Traced.of(other)
        return Traced(self.ball * right.ball, self.residue * right.residue)

    def __truediv__(self, other: object) -> Traced:
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

    def is_zero(self) -> bool:
        """Whether the value is the number 0: the ball holds 0, and the residue is 0."""
        return self.residue == 0 and self.ball.contains(arb(0))

    def is_finite(self) -> bool:
        """Whether the ball is bounded."""
        return bool(self.ball.is_finite())

    def str(self, digits: int, radius: bool = True) -> str:
        """The ball's decimal digits."""
        return str(self.ball.str(digits, radius=radius))

    def exp(self) -> Traced:
        """e to this power; exp(-u) is 1/exp(u)."""
        positive, residue = _upright(self.residue)
        drawn = _drawn("exp", residue)
        return Traced(self.ball.exp(), drawn if positive else _inverse(drawn))

    def log(self) -> Traced:
        """The natural logarithm; ln(1/u) is -ln u."""
        inverse = _inverse(self.residue)
        drawn = _drawn("log", min(self.residue, inverse)) if self.residue != 1 else 0
        return Traced(self.ball.log(), drawn if self.residue <= inverse else -drawn)

    def sqrt(self) -> Traced:
        """The square root. Half of all residues have a root; of the others √u · √u = u is not seen."""
        root = pow(self.residue, (PRIME + 1) // 4, PRIME)
        known = root * root % PRIME == self.residue
        return Traced(self.ball.sqrt(), root if known else _drawn("sqrt", self.residue))

    def erfc(self) -> Traced:
        """1 - erf, erf being odd."""
        return Traced(self.ball.erfc(), 1 - _odd("erf")(self).residue)

    def settled(self) -> fmpq | arb:
        """The number without its residue: a small rational where residue and ball agree on one, else the ball."""
        if self.is_zero():
            return fmpq(0)
        rational = _rational(self.residue) if self.ball.is_finite() else None
        if rational is not None and self.ball.contains(arb(rational)):
            return rational
        return self.ball


def _ball(value: object) -> arb:
    return value.ball if isinstance(value, Traced) else arb(value)  # type: ignore[arg-type]


def _odd(name: str) -> Callable[[Traced], Traced]:
    def method(value: Traced) -> Traced:
        positive, residue = _upright(value.residue)
        drawn = _drawn(name, residue) if residue else 0
        return Traced(getattr(value.ball, name)(), drawn if positive else -drawn)

    return method


def _even(name: str) -> Callable[[Traced], Traced]:
    def method(value: Traced) -> Traced:
        _, residue = _upright(value.residue)
        return Traced(getattr(value.ball, name)(), _drawn(name, residue) if residue else 1)

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


for _name in ("sinh", "tanh", "erf"):
    setattr(Traced, _name, _odd(_name))
Traced.cosh = _even("cosh")  # type: ignore[attr-defined]
Traced.sin = _periodic(_odd("sin"), _known_sine)  # type: ignore[attr-defined]
Traced.cos = _periodic(_even("cos"), lambda n: _known_sine(n + 6))  # type: ignore[attr-defined]
Traced.tan = _periodic(_odd("tan"), _known_tangent)  # type: ignore[attr-defined]


def _upright(residue: int) -> tuple[bool, int]:
    """A residue and its negative have one representative: whether this is it, and it."""
    return (True, residue) if residue <= PRIME // 2 else (False, PRIME - residue)


def _rational(residue: int) -> fmpq | None:
    """The rational of this residue whose numerator and denominator are small, where there is one.

    It is found among the remainders of Euclid's algorithm (Wang 1981).
    """
    before, remainder, last, factor = PRIME, residue, 0, 1
    while remainder > LARGEST:
        times = before // remainder
        before, remainder, last, factor = remainder, before - times * remainder, factor, last - times * factor
    if not 0 < abs(factor) <= LARGEST:
        return None
    return fmpq(remainder if factor > 0 else -remainder, abs(factor))


def _inverse(residue: int) -> int:
    return pow(residue, -1, PRIME) if residue % PRIME else 0


def _drawn(what: str, residue: object) -> int:
    digest = blake2b(f"{what}:{residue}".encode(), digest_size=24).digest()
    return int.from_bytes(digest, "big") % PRIME
