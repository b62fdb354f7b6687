"""Expressions as a person wrote them.

A tree keeps the author's order of terms and factors; nothing is evaluated, sorted or cancelled
when a tree is built. Evaluating, differentiating and printing are separate readings of it.

>>> z = Name("z")
>>> 1 + exp(-z)
Sum(terms=(1, Call('exp', Negative(operand=z))))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, fields
from operator import attrgetter
from typing import Any, TypeAlias

from flint import fmpq

from derive.records import record


class Expr:
    """Any expression. The operators build trees in the order in which they are written.

    A tree never changes: its hash and its names are found once.
    """

    __slots__ = ("_hash", "_names")
    _hash: int
    _names: tuple[str, ...]
    _compared: Callable[[Any], Any]

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            self._hash = found = hash(type(self)._compared(self))  # noqa: SLF001
            return found

    def __reduce__(self) -> tuple[type[Expr], tuple[Any, ...]]:
        return type(self), tuple(getattr(self, each.name) for each in fields(self))  # type: ignore[arg-type]

    def __add__(self, other: Operand) -> Expr:
        return Sum((*_terms(self), *_terms(as_expr(other))))

    def __radd__(self, other: Operand) -> Expr:
        return as_expr(other) + self

    def __sub__(self, other: Operand) -> Expr:
        return Sum((*_terms(self), Negative(as_expr(other))))

    def __rsub__(self, other: Operand) -> Expr:
        return as_expr(other) - self

    def __mul__(self, other: Operand) -> Expr:
        return Product((*_factors(self), *_factors(as_expr(other))))

    def __rmul__(self, other: Operand) -> Expr:
        return as_expr(other) * self

    def __truediv__(self, other: Operand) -> Expr:
        return Quotient(self, as_expr(other))

    def __rtruediv__(self, other: Operand) -> Expr:
        return Quotient(as_expr(other), self)

    def __pow__(self, other: Operand) -> Expr:
        return Power(self, as_expr(other))

    def __neg__(self) -> Expr:
        return Negative(self)


Operand: TypeAlias = Expr | int | fmpq


@record
class Number(Expr):
    """An exact rational number; ``written`` keeps the author's spelling (``0.10``), if there is one."""

    value: fmpq
    written: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return self.written or str(self.value)

    def __hash__(self) -> int:  # a fraction's own takes ten times as long
        return hash((int(self.value.p), int(self.value.q)))


@record
class Constant(Expr):
    """``pi`` or ``e``."""

    name: str

    def __repr__(self) -> str:
        return self.name


@record
class Name(Expr):
    """A quantity by its name (contract, section 2): ``w1_4_3``, ``a1_1[2]``, ``dE/dyhat``, ``w2_1_1'``."""

    name: str

    def __repr__(self) -> str:
        return self.name


@record
class Sum(Expr):
    """Terms in the author's order; ``a - b`` is ``Sum((a, Negative(b)))``."""

    terms: tuple[Expr, ...]


@record
class Product(Expr):
    """Factors in the author's order.

    ``leading_zero`` marks the terms of a cross entropy: where the first factor is exactly 0 the
    whole product is 0 and the other factors are not looked at (t ln ŷ with t = 0).
    """

    factors: tuple[Expr, ...]
    leading_zero: bool = False


@record
class Quotient(Expr):
    """``numerator / denominator``; ``leading_zero`` as for :class:`Product` (t / ŷ with t = 0)."""

    numerator: Expr
    denominator: Expr
    leading_zero: bool = False


@record
class Power(Expr):
    """``base ^ exponent``."""

    base: Expr
    exponent: Expr


@record
class Negative(Expr):
    """``-operand``."""

    operand: Expr


@record
class Call(Expr):
    """A function of :data:`derive.expressions.functions.FUNCTIONS` applied to arguments.

    ``sigmoid'`` (with the prime) is the function's derivative by its first argument, taken at a
    kink as the conventions say.
    """

    function: str
    arguments: tuple[Expr, ...]

    def __repr__(self) -> str:
        return f"Call({', '.join([repr(self.function), *map(repr, self.arguments)])})"


@record
class Derivative(Expr):
    """A derivative still to be taken, ``d/d(by) [of]``: only in the working of a derivation."""

    of: Expr
    by: str


ZERO = Number(fmpq(0))
ONE = Number(fmpq(1))
MINUS_ONE = Negative(ONE)


def as_expr(value: Operand) -> Expr:
    """An ``int`` or rational as :class:`Number` (negative ones as :class:`Negative`), trees as they are."""
    if isinstance(value, Expr):
        return value
    rational = fmpq(value)
    return Negative(Number(-rational)) if rational < 0 else Number(rational)


def call(function: str) -> Callable[..., Call]:
    """A builder of calls: ``exp = call("exp")``."""

    def build(*arguments: Operand) -> Call:
        return Call(function, tuple(as_expr(a) for a in arguments))

    return build


exp = call("exp")
ln = call("ln")
sqrt = call("sqrt")


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression, in the author's order."""
    parts = _PARTS.get(type(expr))
    return () if parts is None else parts(expr)


_PARTS: dict[type[Expr], Callable[[Any], tuple[Expr, ...]]] = {
    Sum: attrgetter("terms"),
    Product: attrgetter("factors"),
    Call: attrgetter("arguments"),
    Quotient: attrgetter("numerator", "denominator"),
    Power: attrgetter("base", "exponent"),
    Negative: lambda negative: (negative.operand,),
    Derivative: lambda derivative: (derivative.of,),
}


def rebuild(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The same kind of expression with other parts."""
    match expr:
        case Sum():
            return Sum(parts)
        case Product(leading_zero=flag):
            return Product(parts, flag)
        case Quotient(leading_zero=flag):
            return Quotient(parts[0], parts[1], flag)
        case Power():
            return Power(*parts)
        case Negative():
            return Negative(*parts)
        case Call(function=function):
            return Call(function, parts)
        case Derivative(by=by):
            return Derivative(parts[0], by)
        case _:
            return expr


def substitute(expr: Expr, values: dict[str, Expr]) -> Expr:
    """Every :class:`Name` in ``values`` replaced, all at once; order and brackets stay.

    >>> substitute(Name("w") * Name("x"), {"w": Name("w1_1_1"), "x": Name("x1")})
    Product(factors=(w1_1_1, x1), leading_zero=False)
    """
    if isinstance(expr, Name):
        return values.get(expr.name, expr)
    parts = children(expr)
    return rebuild(expr, tuple(substitute(p, values) for p in parts)) if parts else expr


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts, outside in, in the author's order (no recursion)."""
    stack = [expr]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(reversed(children(here)))


def names_in(expr: Expr) -> tuple[str, ...]:
    """The names of an expression, each once, in the order in which they are written."""
    try:
        return expr._names  # noqa: SLF001
    except AttributeError:
        expr._names = found = tuple(dict.fromkeys(e.name for e in walk(expr) if isinstance(e, Name)))  # noqa: SLF001
        return found


def spellings(expr: Expr) -> tuple[str, ...]:
    """How the numbers in an expression are spelled: two expressions may be equal and look different.

    >>> half = Number(fmpq(1, 2), "0.50")
    >>> half == Number(fmpq(1, 2), "0.5"), spellings(half * Name("x"))
    (True, ('0.50',))
    """
    return tuple(e.written for e in walk(expr) if type(e) is Number)


def _terms(expr: Expr) -> tuple[Expr, ...]:
    return expr.terms if isinstance(expr, Sum) else (expr,)


def _factors(expr: Expr) -> tuple[Expr, ...]:
    return expr.factors if isinstance(expr, Product) and not expr.leading_zero else (expr,)


# Smart builders: what a person would not write is left out (a factor 1, a term 0).


def times(*factors: Operand) -> Expr:
    """The product a person would write: factors 1 left out, 0 if a factor is 0, signs in front.

    >>> times(1, Name("y"))
    y
    >>> times(-1, Name("w"), Name("x"))
    Negative(operand=Product(factors=(w, x), leading_zero=False))
    """
    if len(factors) == 2 and type(factors[0]) is type(factors[1]) is Name:  # nothing to tidy, and by far the most
        return Product((factors[0], factors[1]))
    kept: list[Expr] = []
    negative = False
    for given in factors:
        factor = as_expr(given)
        while isinstance(factor, Negative):
            negative, factor = not negative, factor.operand
        if factor == ZERO:
            return ZERO
        if factor != ONE:
            kept.extend(_factors(factor))
    product = ONE if not kept else kept[0] if len(kept) == 1 else Product(tuple(kept))
    return Negative(product) if negative else product


def plus(*terms: Operand) -> Expr:
    """The sum a person would write: terms 0 left out.

    >>> plus(0, Name("x"))
    x
    """
    kept: list[Expr] = []
    for term in map(as_expr, terms):
        if term != ZERO:
            kept.extend(_terms(term))
    return ZERO if not kept else kept[0] if len(kept) == 1 else Sum(tuple(kept))
