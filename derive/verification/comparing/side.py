"""One side of a relation, as the judge needs it: what it names, what it writes, what it can be."""

from __future__ import annotations

from functools import cached_property

from flint import fmpq

from derive.differentiate import derivative
from derive.expressions.tree import (
    Derivative,
    Expr,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    children,
    names_in,
    plus,
    rebuild,
    times,
    walk,
)
from derive.records import record
from derive.verification.points.point import FREE, NoQuantity
from derive.verification.reading.written_number import alone, is_decimal

MAX_DIFFERENTIATED = 500
"""At most this many parts of an expression that is differentiated."""


@record(slots=False)
class ScalarSide:
    """One side; a matrix is as many sides as it has entries.

    Attributes:
        expr: None where it cannot be read.
        problem, hint: why it cannot.
        in_numbers: it is compared at the spec's values, though it has a name.
    """

    expr: Expr | None
    problem: str = ""
    hint: str = ""
    in_numbers: bool = False

    @cached_property
    def parts(self) -> tuple[Expr, ...]:
        """The side and everything in it."""
        return tuple(walk(self.expr)) if self.expr is not None else ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names on this side, each once."""
        return tuple(dict.fromkeys(part.name for part in self.parts if type(part) is Name))

    @cached_property
    def decimals(self) -> bool:
        """Whether a decimal is written on this side."""
        return any(map(is_decimal, self.parts))

    @cached_property
    def written(self) -> tuple[Number, ...]:
        """The numbers on this side."""
        return tuple(part for part in self.parts if type(part) is Number)

    @cached_property
    def size(self) -> int:
        """How many names, numbers and operations it is made of."""
        return len(self.parts)

    @property
    def symbolic(self) -> bool:
        """Names and no decimals."""
        return bool(self.names) and not self.decimals and not self.in_numbers

    @cached_property
    def number(self) -> Number | None:
        """The number that it is, but for the sign."""
        return alone(self.expr) if self.expr is not None else None

    @property
    def subject(self) -> str | None:
        """The name that it is, where it is no more than a name."""
        return self.expr.name if isinstance(self.expr, Name) else None

    @cached_property
    def wholes(self) -> frozenset[fmpq]:
        """The numbers that stand beside names."""
        return frozenset(_values(self.expr)) if self.expr is not None and self.names else frozenset()


def _values(expr: Expr) -> set[fmpq]:
    """The whole numbers and fractions in an expression, as they are and with the minus sign before them."""
    found: set[fmpq] = set()
    waiting: list[tuple[Expr, bool]] = [(expr, False)]
    while waiting:
        here, negative = waiting.pop()
        value = _fraction(here)
        if value is not None:
            found.update({value, -value} if negative else {value})
        match here:
            case Negative(operand=operand):
                waiting.append((operand, True))
            case Product() | Quotient():
                waiting.extend((part, negative) for part in children(here))
            case _:
                waiting.extend((part, False) for part in children(here))
    return found


def _fraction(expr: Expr) -> fmpq | None:
    match expr:
        case Number(value=value):
            return value
        case Quotient(numerator=Number(value=top), denominator=Number(value=bottom)) if bottom != 0:
            return top / bottom
        case _:
            return None


def without_derivatives(expr: Expr) -> Expr:
    """The expression with every ``d/dx [...]`` worked out: the total derivative, by way of all names inside.

    Raises:
        NoQuantity: where that takes second derivatives, or is too large.
    """
    parts = children(expr)
    if not parts:
        return expr
    expr = rebuild(expr, tuple(without_derivatives(part) for part in parts))
    if not isinstance(expr, Derivative):
        return expr
    if sum(1 for _ in walk(expr.of)) > MAX_DIFFERENTIATED:
        raise NoQuantity("the derivative of so long an expression cannot be checked")
    terms = [times(derivative(expr.of, name), _slope(name, expr.by)) for name in names_in(expr.of)]
    return plus(*terms)


def _slope(name: str, by: str) -> Expr:
    if name == by:
        return Number(fmpq(1))
    if name in FREE or by in FREE:
        return Number(fmpq(0))
    if "/" in name or name.startswith("delta") or "'" in name or "@" in name or "[" in name:
        raise NoQuantity(f"d/d{by} of {name} cannot be checked")
    return Name(f"d{name}/d{by}")
