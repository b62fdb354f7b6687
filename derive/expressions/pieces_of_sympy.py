"""Functions that SymPy has only as formulas, found again: those with branches, and the exact gelu."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sympy
from flint import fmpq
from sympy.core.relational import Relational

from derive.expressions.tree import ONE, ZERO, Call, Expr, Negative, Number, Product, Quotient, Sum, exp, sqrt


class Unsupported(ValueError):
    """What a SymPy expression holds that a network cannot; ``hint`` is the mend."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


NO_PIECES = Unsupported(
    "a Piecewise that is no function of ours",
    "known are relu, leaky_relu, elu, abs, sign and step, with branches by the sign of one expression",
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
    if not isinstance(condition, Relational) or type(condition) not in _TESTS:
        raise NO_PIECES
    left, right = condition.args
    sides = _TESTS[type(condition)]
    if left is sympy.S.Zero:
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
