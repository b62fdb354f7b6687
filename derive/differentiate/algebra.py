"""The tidying a person does while writing: no factor 1, no term 0, equal factors cancelled.

Numbers are multiplied out. Terms and factors keep the order in which they first appear; nothing is expanded
and nothing is factored.

>>> from derive.expressions.tree import Name
>>> x, y = Name("x"), Name("y")
>>> product(y, 2, x, as_expr(3))
Product(factors=(6, y, x), leading_zero=False)
>>> quotient(x * y, 2 * x)
Quotient(numerator=y, denominator=2, leading_zero=False)
>>> total(x, y, x)
Sum(terms=(Product(factors=(2, x), leading_zero=False), y))
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flint import fmpq

from derive.expressions.fold import fold
from derive.expressions.print_text import decimal
from derive.expressions.tree import (
    ONE,
    ZERO,
    Expr,
    Negative,
    Number,
    Operand,
    Power,
    Product,
    Quotient,
    Sum,
    as_expr,
    rebuild,
)


@dataclass(slots=True)
class _Monomial:
    """A number times powers of different bases, while it is put together."""

    number: fmpq = field(default_factory=lambda: fmpq(1))
    powers: dict[Expr, fmpq] = field(default_factory=dict)
    decimal: bool = False  # some number was written as a decimal, so the product is too
    slashed: bool = False  # the number's denominator stands under all: x/2, not 1/2 x

    def multiply(self, expr: Expr, exponent: int = 1) -> None:
        """Take in a factor (or, with exponent -1, a divisor)."""
        match expr:
            case Number(value=value) if value != 0 or exponent > 0:
                self.number *= value**exponent
                self.decimal = self.decimal or value.denominator != 1
            case Negative(operand=operand):
                self.number = -self.number
                self.multiply(operand, exponent)
            case Product(factors=factors, leading_zero=False):
                for factor in factors:
                    self.multiply(factor, exponent)
            case Quotient(numerator=top, denominator=bottom, leading_zero=False) if bottom != ZERO:
                self.slashed = self.slashed or not isinstance(top, Number)
                self.multiply(top, exponent)
                self.multiply(bottom, -exponent)
            case Power(base=Power(exponent=inner) as base, exponent=outer) if _whole(inner) and _whole(outer):
                self.multiply(base, exponent * (_whole(outer) or 1))
            case Power(base=base, exponent=raised) if (n := rational(raised)) and not isinstance(base, Number):
                self.decimal = self.decimal or (isinstance(raised, Number) and n.denominator != 1)
                self._raise(base, n * exponent)
            case _:
                self._raise(expr, fmpq(exponent))

    def _raise(self, base: Expr, exponent: fmpq) -> None:
        raised = self.powers.get(base, fmpq(0)) + exponent
        if raised == 0:
            del self.powers[base]
        else:
            self.powers[base] = raised

    def key(self) -> frozenset[tuple[Expr, fmpq]]:
        """What two terms share that can be added."""
        return frozenset(self.powers.items())

    def expr(self) -> Expr:
        """The product as a person writes it: sign, number, factors, over divisors."""
        if self.number == 0:
            return ZERO
        size = abs(self.number)
        top = [self._power(base, n) for base, n in self.powers.items() if n > 0]
        bottom = [self._power(base, -n) for base, n in self.powers.items() if n < 0]
        written = _coefficient(size, decimal_wanted=self.decimal)
        if isinstance(written, Quotient) and (bottom or (self.slashed and top)):
            top, bottom = [written.numerator, *top], [written.denominator, *bottom]
        else:
            top = [written, *top]
        result = _joined(top) if not bottom else Quotient(_joined(top), _joined(bottom))
        return Negative(result) if self.number < 0 else result

    def _power(self, base: Expr, exponent: fmpq) -> Expr:
        if exponent == 1:
            return base
        return Power(base, _signed(exponent, decimal_wanted=self.decimal))


def _whole(exponent: Expr) -> int | None:
    """A whole exponent that is small enough to be multiplied out."""
    value = rational(exponent)
    return int(value) if value is not None and value.denominator == 1 and abs(value) <= 100 else None


def _joined(factors: list[Expr]) -> Expr:
    kept = [factor for factor in factors if factor != ONE]
    return ONE if not kept else kept[0] if len(kept) == 1 else Product(tuple(kept))


_MAX_DECIMAL_LENGTH = 14
"""A decimal of at most this many characters stays one."""


def _coefficient(value: fmpq, *, decimal_wanted: bool) -> Expr:
    if value.denominator == 1:
        return Number(value)
    shown = decimal(value) if decimal_wanted else None
    if shown is not None and len(shown) <= _MAX_DECIMAL_LENGTH:
        return Number(value, shown)
    return Quotient(Number(fmpq(value.numerator)), Number(fmpq(value.denominator)))


def _signed(value: fmpq, *, decimal_wanted: bool) -> Expr:
    size = _coefficient(abs(value), decimal_wanted=decimal_wanted)
    return Negative(size) if value < 0 else size


def rational(expr: Expr) -> fmpq | None:
    """The value of ``3``, ``-0.5`` or ``1/3``; None for anything else."""
    match expr:
        case Number(value=value):
            return value
        case Negative(operand=operand):
            inner = rational(operand)
            return None if inner is None else -inner
        case Quotient(numerator=Number(value=top), denominator=Number(value=bottom)) if bottom != 0:
            return top / bottom
        case _:
            return None


def less_one(exponent: Expr) -> Expr:
    """``n - 1``, worked out where n is a number."""
    value = rational(exponent)
    if value is None:
        return total(exponent, Negative(ONE))
    return _signed(value - 1, decimal_wanted=isinstance(exponent, Number))


def product(*factors: Operand) -> Expr:
    """The product, as it would be written."""
    gathered = _Monomial()
    for factor in factors:
        gathered.multiply(as_expr(factor))
    return gathered.expr()


def quotient(top: Operand, bottom: Operand) -> Expr:
    """The quotient, as it would be written."""
    top, bottom = as_expr(top), as_expr(bottom)
    if bottom == ZERO:
        return Quotient(top, bottom)
    gathered = _Monomial(slashed=not isinstance(top, Number))
    gathered.multiply(top)
    gathered.multiply(bottom, -1)
    return gathered.expr()


def power(base: Operand, exponent: Operand) -> Expr:
    """The power, as it would be written."""
    base, exponent = as_expr(base), as_expr(exponent)
    if exponent == ONE:
        return base
    if exponent == ZERO:
        return ONE
    if isinstance(base, Power) and (inner := _whole(base.exponent)) and (outer := _whole(exponent)):
        return Power(base.base, _signed(fmpq(inner * outer), decimal_wanted=False))
    return Power(base, exponent)


def negated(expr: Operand) -> Expr:
    """The negative, as it would be written."""
    expr = as_expr(expr)
    if isinstance(expr, Negative):
        return expr.operand
    return ZERO if expr == ZERO else Negative(expr)


def total(*terms: Operand) -> Expr:
    """The sum, as it would be written; terms that differ by a number only are added."""
    gathered: dict[frozenset[tuple[Expr, fmpq]], list[tuple[Expr, _Monomial]]] = {}
    for term in _summands(terms):
        if term != ZERO:
            monomial = _Monomial()
            monomial.multiply(term)
            gathered.setdefault(monomial.key(), []).append((term, monomial))
    kept = [_added(same) for same in gathered.values()]
    kept = [term for term in kept if term != ZERO]
    return ZERO if not kept else kept[0] if len(kept) == 1 else Sum(tuple(kept))


def _summands(terms: tuple[Operand, ...]) -> list[Expr]:
    flat: list[Expr] = []
    for term in map(as_expr, terms):
        flat.extend(term.terms if isinstance(term, Sum) else (term,))
    return flat


def _added(same: list[tuple[Expr, _Monomial]]) -> Expr:
    if len(same) == 1:
        return same[0][0]
    first = same[0][1]
    number = sum((monomial.number for _, monomial in same), fmpq(0))
    return _Monomial(number, first.powers, any(m.decimal for _, m in same), first.slashed).expr()


def guarded(first: Expr, slope: Expr) -> Expr:
    """The product of two factors that is 0 where the first is 0, whatever the second is."""
    match slope:
        case Negative(operand=operand):
            return negated(guarded(first, operand))
        case Quotient(numerator=top, denominator=bottom):
            return Quotient(product(first, top), bottom, leading_zero=True)
        case _ if slope == ONE:
            return first
        case _:
            return Product((first, slope), leading_zero=True)


def simplified(expr: Expr) -> Expr:
    """The whole tree, every part as it would be written.

    >>> from derive.expressions.grammar import parse
    >>> simplified(parse("(0*(1 + x) - 1*(y*(-1)))/x^2"))
    Quotient(numerator=y, denominator=Power(base=x, exponent=2), leading_zero=False)
    """
    return fold(expr, _tidied)


def _tidied(here: Expr, parts: tuple[Expr, ...]) -> Expr:
    match here:
        case Sum():
            return total(*parts)
        case Product(leading_zero=False):
            return product(*parts)
        case Quotient(leading_zero=False):
            return quotient(*parts)
        case Product() | Quotient() if parts[0] == ZERO:
            return ZERO
        case Product():
            return guarded(parts[0], product(*parts[1:]))
        case Power():
            return power(*parts)
        case Negative():
            return negated(parts[0])
        case _:
            return rebuild(here, parts)
