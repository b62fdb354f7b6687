"""Interval arithmetic: what an expression can be when the numbers in it stand for more than themselves.

Moore, *Interval Analysis* (1966). The ends are exact rationals or certified balls; functions that rise or fall
throughout take their ends, all others are enclosed by Arb's balls or by their formula.

>>> Interval.around(fmpq(521, 1000), fmpq(1, 2000)) - Interval.point(fmpq(1))
Interval(low=-959/2000, high=-957/2000)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple, TypeVar

from flint import fmpq

from derive.arithmetic.elementary import power, quotient
from derive.arithmetic.numbers import bounded, decided_sign, plain, union, untraced
from derive.arithmetic.outcomes import OutsideDomain, Uncomputable, Undecided
from derive.arithmetic.reals import ONE, ZERO, Value
from derive.expressions.evaluate import slope_of, value_of
from derive.expressions.fold import fold
from derive.expressions.functions import CONSTANTS, FUNCTIONS, Function, Kink
from derive.expressions.tree import (
    Call,
    Constant,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)

T = TypeVar("T")

RISING = frozenset({
    "exp", "ln", "log", "log2", "log10", "sqrt", "sinh", "tanh", "sigmoid", "softplus", "relu", "sign", "step",
    "normal_cdf", "softsign", "min", "max",
})  # fmt: skip
"""Functions that nowhere fall, in any of their arguments."""


class TooWide(Uncomputable):
    """An interval holds a number at which the function has no value, and others at which it has."""


class Interval(NamedTuple):
    """All numbers from ``low`` to ``high``, both included."""

    low: Value
    high: Value

    @classmethod
    def point(cls, value: Value) -> Interval:
        """One number."""
        return cls(value, value)

    @classmethod
    def around(cls, middle: fmpq, reach: fmpq) -> Interval:
        """The numbers not farther than ``reach`` from ``middle``."""
        return cls(middle - reach, middle + reach)

    @property
    def is_point(self) -> bool:
        """Whether this is one number, as it was made."""
        return self.low is self.high

    def settled(self) -> Interval:
        """The same without residues; what is beside a rational stays apart from it."""
        if self.is_point:
            return Interval.point(untraced(self.low))
        return Interval(untraced(self.low), untraced(self.high))

    def hull(self, other: Interval) -> Interval:
        """Everything between these two."""
        if self.is_point and other.is_point and type(self.low) is type(other.low) is fmpq and self.low == other.low:
            return self
        return Interval(_least([self.low, other.low]), _most([self.high, other.high]))

    def wider(self, reach: Value) -> Interval:
        """The interval with ``reach`` more at both ends."""
        return Interval(self.low - reach, self.high + reach)

    def meets(self, other: Interval) -> bool:
        """Whether some number is in both; where balls cannot tell, it is."""
        return not (_below(self.high, other.low) or _below(other.high, self.low))

    def gap(self, other: Interval) -> Value:
        """How far two intervals that do not meet are from each other."""
        return other.low - self.high if _below(self.high, other.low) else self.low - other.high

    def surely_meets(self, other: Interval) -> bool:
        """Whether some number is in both, and it is proven."""
        return bool(self.low <= other.high and other.low <= self.high)

    def __neg__(self) -> Interval:
        return Interval.point(-self.low) if self.is_point else Interval(-self.high, -self.low)

    def __add__(self, other: Interval) -> Interval:  # type: ignore[override]
        if self.is_point and other.is_point:
            return Interval.point(bounded(self.low + other.low))
        return Interval(bounded(self.low + other.low), bounded(self.high + other.high))

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:  # type: ignore[override]
        if self.is_point and other.is_point:
            return Interval.point(bounded(self.low * other.low))
        if self.low > 0 and other.low > 0:  # nearly always, and a quarter of the work
            return Interval(bounded(self.low * other.low), bounded(self.high * other.high))
        return _spanned([bounded(a * b) for a in self for b in other])

    def over(self, other: Interval) -> Interval:
        """The quotient.

        Raises:
            OutsideDomain: where the divisor is 0. TooWide: where it may be 0.
        """
        if self.is_point and other.is_point:
            return Interval.point(bounded(quotient(self.low, other.low)))
        if not (other.is_point or other.low > 0 or other.high < 0):
            raise TooWide
        return _spanned([bounded(quotient(a, b)) for a in self for b in other])


def _below(one: Value, other: Value) -> bool:
    return bool(one < other)


def _least(values: Sequence[Value]) -> Value:
    best = values[0]
    for value in values[1:]:
        if not value > best:
            best = value if value < best else _union(value, best)
    return best


def _most(values: Sequence[Value]) -> Value:
    return -_least([-value for value in values])


def _union(one: Value, other: Value) -> Value:
    return one if type(one) is fmpq and type(other) is fmpq else union(one, other)


def _spanned(values: Sequence[Value]) -> Interval:
    return Interval(_least(values), _most(values))


Reader = Callable[[Number], Interval]
Named = Callable[[str], Interval]
Met = Callable[[Expr, tuple[Interval, ...], Interval], None]


def as_written(number: Number) -> Interval:
    """A number as just itself."""
    return Interval.point(number.value)


def enclosure(
    expr: Expr,
    named: Named,
    read: Reader = as_written,
    relu_at_zero: fmpq = ZERO,
    met: Met | None = None,
) -> Interval:
    """What the expression can be, its names as ``named`` gives them and its written numbers as ``read`` takes them.

    ``met`` is told of every part of it what it can be, and what the parts of that can be.

    Raises:
        OutsideDomain: where it has no real value. TooWide: where it may have none. Undecided: as elsewhere.
    """

    def combine(here: Expr, parts: tuple[Interval, ...]) -> Interval:
        match here:
            case Number():
                return read(here)
            case Name(name=name):
                return named(name)
            case Constant(name=name):
                return Interval.point(CONSTANTS[name]())
            case Sum():
                return _total(parts)
            case Product():
                return _product(here, parts)
            case Quotient():
                return parts[0] if here.leading_zero and _is_zero(parts[0]) else parts[0].over(parts[1])
            case Negative():
                return -parts[0]
            case Power(base=base, exponent=Number(value=whole)) if whole.denominator == 1 and not _is_constant(base):
                return raised(parts[0], Interval.point(whole))
            case Power():
                return raised(*parts)
            case Call(function=function):
                return called(function, parts, relu_at_zero)
            case _:
                raise TypeError(here)

    def told(here: Expr, parts: tuple[Interval, ...]) -> Interval:
        found = combine(here, parts)
        assert met is not None
        met(here, parts, found)
        return found

    return fold(expr, combine if met is None else told)


def _is_constant(expr: Expr) -> bool:
    """Whether an exponent on it is a quantity: e^2 is exp(2)."""
    return isinstance(expr, Constant)


def _is_zero(value: Interval) -> bool:
    return value.is_point and decided_sign(value.low) == 0


def _total(parts: Sequence[Interval]) -> Interval:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _product(expr: Product, parts: Sequence[Interval]) -> Interval:
    total = parts[0]
    if expr.leading_zero and _is_zero(total):
        return total
    for part in parts[1:]:
        total = total * part
    return total


def raised(base: Interval, exponent: Interval) -> Interval:
    """``base ^ exponent``: in every corner where it rises or falls throughout, and 0 where an even power turns."""
    if base.is_point and exponent.is_point:
        return Interval.point(bounded(power(base.low, exponent.low)))
    whole = exponent.is_point and type(exponent.low) is fmpq and exponent.low.denominator == 1
    positive = bool(base.low > 0)
    if not whole:
        if not positive and not (base.low >= 0 and exponent.low > 0):
            raise TooWide
        return _spanned([bounded(power(b, e)) for b in base for e in exponent])
    if not positive and not base.high < 0 and exponent.low < 0:
        raise TooWide
    ends = [bounded(power(b, exponent.low)) for b in base]
    turns = not positive and not base.high < 0 and int(exponent.low.numerator) % 2 == 0  # type: ignore[union-attr]
    return _spanned([*ends, ZERO] if turns and exponent.low != 0 else ends)


def called(name: str, arguments: Sequence[Interval], relu_at_zero: fmpq = ZERO) -> Interval:
    """A function, or with a prime its slope, of intervals."""
    function = FUNCTIONS[name.removesuffix("'")]
    slope = name.endswith("'")
    if all(argument.is_point for argument in arguments):
        defaults = list(function.defaults.values())[len(arguments) - 1 :]
        compute = slope_of(function, relu_at_zero) if slope else value_of(function)
        return Interval.point(bounded(compute(*(argument.low for argument in arguments), *defaults)))
    if slope:
        return _slope(function, arguments, relu_at_zero)
    if function.name in RISING:
        return _rising(function, arguments)
    if function.pieces:
        return _pieces(function, arguments)
    if function.formula is not None:
        return _formula(function.formula, function, arguments, relu_at_zero)
    return _enclosed(function, arguments[0])


def _rising(function: Function, arguments: Sequence[Interval]) -> Interval:
    compute = value_of(function)
    try:
        low = compute(*(argument.low for argument in arguments))
    except OutsideDomain:
        compute(*(argument.high for argument in arguments))  # there it may have none, either
        raise TooWide from None
    return Interval(low, compute(*(argument.high for argument in arguments)))


def _pieces(function: Function, arguments: Sequence[Interval]) -> Interval:
    """Between its kinks and turns a function with branches rises or falls throughout: the ends and those span it."""
    return _corners(
        value_of(function), function, arguments, [*_kinks_in(function, arguments), *_turns_in(function, arguments)]
    )


def _kinks_in(function: Function, arguments: Sequence[Interval]) -> list[Interval]:
    """The thresholds of the kinks at which the first argument may be."""
    return [_formula(kink.at, function, arguments) for kink in function.kinks if _may_be_at(kink, function, arguments)]


def _may_be_at(kink: Kink, function: Function, arguments: Sequence[Interval]) -> bool:
    at = _formula(kink.at, function, arguments)
    return not (arguments[0].low > at.high or arguments[0].high < at.low)


def _turns_in(function: Function, arguments: Sequence[Interval]) -> list[Interval]:
    first = arguments[0]
    return [Interval.point(turn) for turn in function.turns if not (first.low > turn or first.high < turn)]


def _corners(
    compute: Callable[..., Value], function: Function, arguments: Sequence[Interval], inner: Sequence[Interval]
) -> Interval:
    """The span of the values at all ends, and at what lies between them where the first argument may be there."""
    first, *others = arguments
    at = [first.low, first.high]
    for place in inner:
        at += [place.low] if place.is_point else [place.low, place.high]
    defaults = list(function.defaults.values())[len(others) :]
    ends = [(other.low,) if other.is_point else (other.low, other.high) for other in others]
    return _spanned([compute(value, *rest, *defaults) for value in at for rest in product(*ends)])


def _slope(function: Function, arguments: Sequence[Interval], relu_at_zero: fmpq) -> Interval:
    if function.variadic:
        return Interval(ZERO, ONE)
    if function.derivative is not None:
        return _formula(function.derivative, function, arguments, relu_at_zero)
    span = _corners(slope_of(function, relu_at_zero), function, arguments, _kinks_in(function, arguments))
    sides = [
        _formula(piece.derivative, function, (_formula(kink.at, function, arguments), *arguments[1:]))
        for k, kink in enumerate(function.kinks)
        if _may_be_at(kink, function, arguments)
        for piece in function.pieces[k : k + 2]
    ]
    return _spanned([value for side in (span, *sides) for value in side])


def _formula(expr: Expr, function: Function, arguments: Sequence[Interval], relu_at_zero: fmpq = ZERO) -> Interval:
    """The enclosure of a function's own formula or derivative; ``a`` in it is the function's value."""
    given = dict(zip(function.formals, arguments, strict=False))
    for formal, default in function.defaults.items():
        given.setdefault(formal, Interval.point(default))

    def named(name: str) -> Interval:
        return given[name] if name in given else called(function.name, arguments, relu_at_zero)

    return enclosure(expr, named, as_written, relu_at_zero)


def _enclosed(function: Function, argument: Interval) -> Interval:
    """sin, cos, tan, cosh: the ball around the interval, through Arb."""
    compute = value_of(function)
    try:
        value = plain(compute(plain(argument.low).union(plain(argument.high))))
    except Undecided:
        raise TooWide from None
    return Interval(value.lower(), value.upper())


def remembered(read: Callable[[Number], T]) -> Callable[[Number], T]:
    """The same, each number being read once."""
    known: dict[int, tuple[Number, T]] = {}

    def once(number: Number) -> T:
        found = known.get(id(number))
        if found is None:
            found = known[id(number)] = number, read(number)
        return found[1]

    return once
