"""Functions that SymPy has only as formulas, found again: those with branches, and the exact gelu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from types import MappingProxyType
from typing import Any, TypeAlias

import sympy
from flint import fmpq
from sympy.core.relational import Relational

from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import (
    ONE,
    ZERO,
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
    exp,
    sqrt,
    substitute,
)


class Unsupported(ValueError):
    """What a SymPy expression holds that a network cannot; ``hint`` is the mend."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


NO_PIECES = Unsupported(
    "a Piecewise that is no function of ours",
    "known are relu, leaky_relu, elu, abs, sign and step, with branches by the sign of one expression, "
    "and clip, hard_tanh, relu6, hard_sigmoid and hard_swish, by two numbers that it is compared with",
)
_TESTS: Mapping[Any, frozenset[int]] = MappingProxyType({
    sympy.StrictGreaterThan: frozenset({1}), sympy.GreaterThan: frozenset({0, 1}),
    sympy.StrictLessThan: frozenset({-1}), sympy.LessThan: frozenset({-1, 0}),
    sympy.Equality: frozenset({0}), sympy.Unequality: frozenset({-1, 1}),
})  # fmt: skip


def sides_of(condition: Any) -> tuple[tuple[Any, Any] | None, frozenset[int]]:
    """What a condition compares, and on which sides of 0 the first less the second is where it holds."""
    if condition is sympy.true:
        return None, frozenset({-1, 0, 1})
    if isinstance(condition, sympy.Or):
        found = [sides_of(part) for part in condition.args]
        if any(compared != found[0][0] for compared, _ in found):
            raise NO_PIECES
        return found[0][0], frozenset().union(*(sides for _, sides in found))
    if not isinstance(condition, Relational) or type(condition) not in _TESTS:
        raise NO_PIECES
    left, right = condition.args
    sides = _TESTS[type(condition)]
    if isinstance(left, sympy.Number):
        return (right, left), frozenset(-side for side in sides)
    return (left, right), sides


def known_function(z: Expr, left: Expr, middle: Expr, right: Expr) -> Expr:
    """The function that has these branches left of 0, at 0 and right of it."""
    flat = middle in (ZERO, left, right, z)
    shapes = {
        "relu": (ZERO, z), "abs": (Negative(z), z), "sign": (Negative(ONE), ONE), "step": (ZERO, ONE),
    }  # fmt: skip
    for name, shape in shapes.items():
        at_zero = {"sign": middle == ZERO, "step": middle == ONE}.get(name, flat)
        if (left, right) == shape and at_zero:
            return Call(name, (z,))
    if right == z and flat:
        if (slope := _multiple(left, z)) is not None:
            return Call("leaky_relu", (z, slope))
        if (alpha := _scaled_exponential(left, z)) is not None:
            return Call("elu", (z,) if alpha == ONE else (z, alpha))
    raise NO_PIECES


def function_of_two_kinks(z: Expr, low: fmpq, high: fmpq, branches: Sequence[Expr]) -> Expr:
    """The function that has these branches left of ``low``, at it, up to ``high``, at it, and right of it."""
    left, at_low, inner, at_high, right = (_polynomial(branch, z) for branch in branches)
    if _at(left, low) != _at(inner, low) or _at(inner, high) != _at(right, high):
        raise NO_PIECES
    if _at(at_low, low) != _at(inner, low) or _at(at_high, high) != _at(inner, high):
        raise NO_PIECES
    for name in ("relu6", "hard_sigmoid", "hard_swish", "hard_tanh", "clip"):
        function, formal = FUNCTIONS[name], Name("z")
        bounds = {"low": _rational(low), "high": _rational(high)} if name == "clip" else {}
        bounds = bounds or {key: _rational(value) for key, value in function.defaults.items()}
        kinks = [_at(_polynomial(substitute(kink.at, bounds), formal), fmpq(0)) for kink in function.kinks]
        shapes = [_polynomial(substitute(piece.formula, bounds), formal) for piece in function.pieces]
        if kinks == [low, high] and shapes == [left, inner, right]:
            return Call(name, (z, *(bounds.values() if name == "clip" else ())))
    raise NO_PIECES


MAX_DEGREE = 2
"""No function of ours has a branch that is a polynomial of a higher degree."""
Coefficients: TypeAlias = tuple[fmpq, ...]
"""Of 1, z, z²."""


def _polynomial(expr: Expr, z: Expr) -> Coefficients:
    """The coefficients of a polynomial in z with rational numbers.

    Raises:
        Unsupported: where it is none, or of a higher degree than any of our functions.
    """
    if expr == z:
        return (fmpq(0), fmpq(1), fmpq(0))
    match expr:
        case Number(value=value):
            return (value, fmpq(0), fmpq(0))
        case Negative(operand=operand):
            return _times((fmpq(-1), fmpq(0), fmpq(0)), _polynomial(operand, z))
        case Sum(terms=terms):
            parts = [_polynomial(term, z) for term in terms]
            return tuple(sum((part[i] for part in parts), fmpq(0)) for i in range(MAX_DEGREE + 1))
        case Product(factors=factors):
            return reduce(_times, (_polynomial(factor, z) for factor in factors))
        case Quotient(numerator=top, denominator=Number(value=value)) if value != 0:
            return _times((1 / value, fmpq(0), fmpq(0)), _polynomial(top, z))
        case Power(base=base, exponent=Number(value=value)) if value == MAX_DEGREE:
            return _times(_polynomial(base, z), _polynomial(base, z))
        case _:
            raise NO_PIECES


def rational_of(expr: Expr) -> fmpq | None:
    """The number that an expression of numbers is; None for any other one."""
    try:
        value, *others = _polynomial(expr, Constant("z"))
    except Unsupported:
        return None
    return None if any(others) else value


def _times(one: Coefficients, other: Coefficients) -> Coefficients:
    found = [fmpq(0)] * (2 * MAX_DEGREE + 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            found[i + j] += a * b
    if any(found[MAX_DEGREE + 1 :]):
        raise NO_PIECES
    return tuple(found[: MAX_DEGREE + 1])


def _at(polynomial: Coefficients, place: fmpq) -> fmpq:
    return sum((c * place**i for i, c in enumerate(polynomial)), fmpq(0))


def _rational(value: fmpq) -> Expr:
    top = Number(fmpq(abs(value.p)), str(abs(value.p)))
    size = top if value.q == 1 else Quotient(top, Number(fmpq(value.q), str(value.q)))
    return Negative(size) if value < 0 else size


def _multiple(expr: Expr, z: Expr) -> Expr | None:
    """The positive number whose product with z an expression is."""
    match expr:
        case Product(factors=(factor, other)) if other == z:
            return factor if isinstance(factor, Number | Quotient) and _is_number(factor) else None
        case Quotient(numerator=top, denominator=Number() as bottom):
            above = ONE if top == z else _multiple(top, z)
            return None if above is None else Quotient(above, bottom)
        case _:
            return None


def _is_number(expr: Expr) -> bool:
    match expr:
        case Number():
            return True
        case Quotient(numerator=Number(), denominator=Number()):
            return True
        case _:
            return False


def _scaled_exponential(expr: Expr, z: Expr) -> Expr | None:
    """The number a for which an expression is a(e^z - 1)."""
    match expr:
        case Sum(terms=(first, Negative(operand=second))):
            scale = ONE if first == exp(z) else _multiple(first, exp(z))
            return scale if scale is not None and scale == second else None
        case _:
            return _multiple(expr, Sum((exp(z), Negative(ONE))))


def normal_cdf(z: Expr) -> Expr:
    """The normal distribution function at z, in the error function of SymPy."""
    return Quotient(Call("erfc", (Quotient(Negative(z), sqrt(2)),)), Number(fmpq(2)))
