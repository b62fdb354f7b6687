"""Expressions at numbers: a tree becomes a closure once and is called many times.

>>> from derive.expressions.tree import Name
>>> area = compiled(Name("x") * Name("y"), ("x", "y"))
>>> area(fmpq(3), fmpq(-4))
-12
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.elementary import integer_power, power, quotient
from derive.arithmetic.numbers import constant, decided_sign, equal, is_zero
from derive.arithmetic.outcomes import OutsideDomain
from derive.arithmetic.reals import Value
from derive.expressions.functions import CONSTANTS, FUNCTIONS, Function
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
    names_in,
)

Closure: TypeAlias = Callable[[Sequence[Value]], Value]
ZERO = fmpq(0)
NOTHING = Number(ZERO)


def compiled(expr: Expr, formals: Sequence[str], relu_at_zero: fmpq = ZERO) -> Callable[..., Value]:
    """A function of the values of ``formals``, in that order.

    ``relu_at_zero`` says where between the left slope (0) and the right slope (1) the slope of a kink is taken.
    The function raises :class:`~derive.arithmetic.outcomes.OutsideDomain` and
    :class:`~derive.arithmetic.outcomes.Undecided`.
    """
    closure = Compiler(formals, relu_at_zero).closure(expr)
    return lambda *values: closure(values)


def evaluate(expr: Expr, values: Mapping[str, Value], relu_at_zero: fmpq = ZERO) -> Value:
    """The value of an expression whose names all stand in ``values``."""
    names = names_in(expr)
    return compiled(expr, names, relu_at_zero)(*(values[name] for name in names))


class Compiler:
    """Trees to closures over one tuple of values; a method for each kind of expression."""

    def __init__(self, formals: Sequence[str], relu_at_zero: fmpq = ZERO) -> None:
        self._index = {name: i for i, name in enumerate(formals)}
        self._relu_at_zero = relu_at_zero

    def closure(self, expr: Expr) -> Closure:
        """The closure of any expression."""
        build = getattr(self, "_" + type(expr).__name__.lower())
        result: Closure = build(expr)
        return result

    def _number(self, expr: Number) -> Closure:
        value = expr.value
        return lambda _: value

    def _constant(self, expr: Constant) -> Closure:
        compute = CONSTANTS[expr.name]
        return lambda _: constant(compute(), expr.name)

    def _name(self, expr: Name) -> Closure:
        if expr.name == "relu_at_zero" and expr.name not in self._index:
            value = self._relu_at_zero
            return lambda _: value
        return itemgetter(self._index[expr.name])

    def _sum(self, expr: Sum) -> Closure:
        if len(expr.terms) == 2:
            return self._sum_of_two(*expr.terms)
        parts = [self.closure(term) for term in expr.terms]

        def total(values: Sequence[Value]) -> Value:
            result = parts[0](values)
            for part in parts[1:]:
                result = result + part(values)
            return result

        return total

    def _sum_of_two(self, one: Expr, other: Expr) -> Closure:
        first = self.closure(one)
        if isinstance(other, Negative):
            taken = self.closure(other.operand)
            return lambda values: first(values) - taken(values)
        second = self.closure(other)
        return lambda values: first(values) + second(values)

    def _product(self, expr: Product) -> Closure:
        first, *others = (self.closure(factor) for factor in expr.factors)
        guarded = expr.leading_zero
        if len(others) == 1 and not guarded:
            second = others[0]
            return lambda values: first(values) * second(values)

        def total(values: Sequence[Value]) -> Value:
            result = first(values)
            if guarded and is_zero(result):
                return ZERO
            for other in others:
                result = result * other(values)
            return result

        return total

    def _quotient(self, expr: Quotient) -> Closure:
        top, bottom = self.closure(expr.numerator), self.closure(expr.denominator)
        if not expr.leading_zero:
            return lambda values: quotient(top(values), bottom(values))

        def guarded(values: Sequence[Value]) -> Value:
            first = top(values)
            return ZERO if is_zero(first) else quotient(first, bottom(values))

        return guarded

    def _power(self, expr: Power) -> Closure:
        base, exponent = self.closure(expr.base), self.closure(expr.exponent)
        if expr.base == Constant("e"):
            exponential = FUNCTIONS["exp"].compute
            assert exponential is not None
            return lambda values: exponential(exponent(values))
        if isinstance(expr.exponent, Number) and expr.exponent.value.denominator == 1:
            whole = int(expr.exponent.value.numerator)
            return lambda values: integer_power(base(values), whole)
        return lambda values: power(base(values), exponent(values))

    def _negative(self, expr: Negative) -> Closure:
        operand = self.closure(expr.operand)
        return lambda values: -operand(values)

    def _call(self, expr: Call) -> Closure:
        name = expr.function
        function = FUNCTIONS[name.removesuffix("'")]
        arguments = [self.closure(argument) for argument in expr.arguments]
        arguments += [_fixed(value) for value in list(function.defaults.values())[len(arguments) - 1 :]]
        compute = (slope_of if name.endswith("'") else value_of)(function, self._relu_at_zero)
        if len(arguments) == 1:
            only = arguments[0]
            return lambda values: compute(only(values))
        return lambda values: compute(*(argument(values) for argument in arguments))


def _fixed(value: fmpq) -> Closure:
    return lambda _: value


@cache
def _value_by_name(name: str) -> Callable[..., Value]:
    function = FUNCTIONS[name]
    if function.compute is not None:
        return function.compute
    if function.pieces:
        return _by_place(function, [compiled(piece.formula, function.formals) for piece in function.places])
    assert function.formula is not None
    return compiled(function.formula, function.formals)


def _by_place(function: Function, computes: Sequence[Callable[..., Value]]) -> Callable[..., Value]:
    """What is computed in one way on each branch and each kink."""
    place = place_of(function)
    return lambda *values: computes[place(*values)](*values)


def place_of(function: Function) -> Callable[..., int]:
    """Where an argument stands on a function with branches, as a function of argument and parameters.

    The place counts branches and kinks in turn from the left, as :attr:`Function.places` does: 0 is the first branch,
    1 its kink.
    """
    from derive.expressions.print_text import ascii as text

    sides = [f"on which side of {text(kink.at)} the argument of {function.name} is" for kink in function.kinks]
    if len(function.kinks) == 1 and function.kinks[0].at == NOTHING:  # by far the most: nothing to subtract
        side = sides[0]
        return lambda z, *_: decided_sign(z, side) + 1
    thresholds = [compiled(kink.at, function.formals) for kink in function.kinks]
    fixed = not any(names_in(kink.at) for kink in function.kinks)

    def place(*values: Value) -> int:
        ats = [threshold(*values) for threshold in thresholds]
        if not fixed:
            _in_order(function, ats)
        for k, at in enumerate(ats):
            sign = decided_sign(values[0] - at, sides[k])
            if sign <= 0:
                return 2 * k + 1 + sign
        return 2 * len(ats)

    return place


def _in_order(function: Function, thresholds: Sequence[Value]) -> None:
    """Kinks that parameters say must come in their order.

    Raises:
        OutsideDomain: where they do not.
    """
    for one, other in pairwise(thresholds):
        if decided_sign(other - one, f"the order of the bounds of {function.name}") <= 0:
            raise OutsideDomain(f"{function.name} with the lower bound {{}}", one, "needs a greater upper bound")


def value_of(function: Function, relu_at_zero: fmpq = ZERO) -> Callable[..., Value]:
    """The value of a function of the table, as a function of argument and parameters."""
    return _value_by_name(function.name)


def slope_of(function: Function, relu_at_zero: fmpq = ZERO) -> Callable[..., Value]:
    """The derivative by the first argument, as a function of argument and parameters.

    For ``min`` and ``max`` that is the first argument's share: 0, or 1 over the number of those that tie.
    """
    if function.variadic:
        return _share(function)
    value = value_of(function)
    if function.pieces:
        return _by_place(
            function, [compiled(piece.derivative, function.formals, relu_at_zero) for piece in function.places]
        )
    assert function.derivative is not None, function.name
    slope = compiled(function.derivative, (*function.formals, "a"), relu_at_zero)
    if "a" not in names_in(function.derivative):
        return lambda *values: slope(*values, ZERO)
    return lambda *values: slope(*values, value(*values))


def is_smooth(function: Function, kink: int, parameters: Sequence[Value]) -> bool:
    """Whether the branches left and right of a kink (counted from 0) have the same value and the same slope there."""
    before, after = function.pieces[kink : kink + 2]
    given = dict(zip(function.formals[1:], parameters, strict=True))
    there = {**given, function.formals[0]: evaluate(function.kinks[kink].at, given)}
    both = ((before.formula, after.formula), (before.derivative, after.derivative))
    return all(equal(evaluate(one, there), evaluate(other, there)) for one, other in both)


def _share(function: Function) -> Callable[..., Value]:
    best_of = value_of(function)

    def share(first: Value, *others: Value) -> Value:
        best = best_of(first, *others)
        if not equal(first, best):
            return ZERO
        return fmpq(1, 1 + sum(equal(other, best) for other in others))

    return share
