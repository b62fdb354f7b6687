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


class NoPieces(Unsupported):
    """A ``Piecewise`` whose branches are none of our functions."""

    def __init__(self) -> None:
        super().__init__(
            "a Piecewise that is no function of ours",
            "known are relu, leaky_relu, elu, abs, sign and step, with branches by the sign of one expression, "
            "and clip, hard_tanh, relu6, hard_sigmoid and hard_swish, by two numbers that it is compared with",
        )


TestedSides: TypeAlias = tuple[tuple[Any, Any] | None, frozenset[int]]
"""What a condition compares (None: it always holds), and on which sides of 0 their difference is where it holds."""

RELATIONS: Mapping[Any, frozenset[int]] = MappingProxyType({
    sympy.StrictGreaterThan: frozenset({1}), sympy.GreaterThan: frozenset({0, 1}),
    sympy.StrictLessThan: frozenset({-1}), sympy.LessThan: frozenset({-1, 0}),
    sympy.Equality: frozenset({0}), sympy.Unequality: frozenset({-1, 1}),
})  # fmt: skip


def sides_of(condition: Any) -> TestedSides:
    """What a condition compares, and on which sides of 0 the first less the second is where it holds."""
    if condition is sympy.true:
        return None, frozenset({-1, 0, 1})
    if isinstance(condition, sympy.Or):
        found = [sides_of(part) for part in condition.args]
        if any(compared != found[0][0] for compared, _ in found):
            raise NoPieces
        return found[0][0], frozenset().union(*(sides for _, sides in found))
    if not isinstance(condition, Relational) or type(condition) not in RELATIONS:
        raise NoPieces
    left, right = condition.args
    sides = RELATIONS[type(condition)]
    if isinstance(left, sympy.Number):
        return (right, left), frozenset(-side for side in sides)
    return (left, right), sides


def known_function(z: Expr, left: Expr | None, middle: Expr, right: Expr) -> Expr:
    """The function that has these branches left of 0 (None: z is never there), at 0 and right of it."""
    flat = middle in (ZERO, left, right, z)
    shapes = {
        "relu": (ZERO, z), "abs": (Negative(z), z), "sign": (Negative(ONE), ONE), "step": (ZERO, ONE),
    }  # fmt: skip
    for name, shape in shapes.items():
        at_zero = {"sign": middle == ZERO, "step": middle == ONE}.get(name, flat)
        if (shape[0] if left is None else left, right) == shape and at_zero:
            return Call(name, (z,))
    if left is not None and right == z and flat:
        if (slope := _multiple(left, z)) is not None:
            return Call("leaky_relu", (z, slope))
        if (line := _line(left, z)) is not None and line[0] == 0 and (line[1] > 0 or line[1] == -1):
            return Call("abs", (z,)) if line[1] < 0 else Call("leaky_relu", (z, _rational(line[1])))
        if (alpha := _scaled_exponential(left, z)) is not None:
            return Call("elu", (z,) if alpha == ONE else (z, alpha))
    raise NoPieces


def function_of_two_kinks(z: Expr, low: fmpq, high: fmpq, below: Expr | None, branches: Sequence[Expr]) -> Expr:
    """The function that has these branches ``below`` low (None: z is never there), at it, up to high, at it, above."""
    at_low, inner, at_high, right = (_polynomial(branch, z) for branch in branches)
    left = (_at(inner, low), fmpq(0), fmpq(0)) if below is None else _polynomial(below, z)
    if _at(left, low) != _at(inner, low) or _at(inner, high) != _at(right, high):
        raise NoPieces
    if _at(at_low, low) != _at(inner, low) or _at(at_high, high) != _at(inner, high):
        raise NoPieces
    for name in ("relu6", "hard_sigmoid", "hard_swish", "hard_tanh", "clip"):
        function, formal = FUNCTIONS[name], Name("z")
        bounds = {"low": _rational(low), "high": _rational(high)} if name == "clip" else {}
        bounds = bounds or {key: _rational(value) for key, value in function.defaults.items()}
        kinks = [_at(_polynomial(substitute(kink.at, bounds), formal), fmpq(0)) for kink in function.kinks]
        shapes = [_polynomial(substitute(piece.formula, bounds), formal) for piece in function.pieces]
        if kinks == [low, high] and shapes == [left, inner, right]:
            return Call(name, (z, *(bounds.values() if name == "clip" else ())))
    raise NoPieces


MAX_DEGREE = 2
"""No function of ours has a branch that is a polynomial of a higher degree."""
Coefficients: TypeAlias = tuple[fmpq, ...]
"""Of 1, z, z²."""


def _polynomial(expr: Expr, z: Expr) -> Coefficients:
    """The coefficients of a polynomial in z with rational numbers.

    Raises:
        Unsupported: where it is none, or of a higher degree than any of our functions.
    """
    if (line := _line(expr, z)) is not None:
        return (*line, fmpq(0))
    match expr:
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
            raise NoPieces


def _line(expr: Expr, z: Expr) -> tuple[fmpq, fmpq] | None:
    """The numbers d and c for which an expression is d + cz, also where SymPy multiplied the sum out that z is."""
    if expr == z:
        return fmpq(0), fmpq(1)
    one, other = _terms(expr), _terms(z)
    constant = one.pop(ONE, fmpq(0)), other.pop(ONE, fmpq(0))
    if one.keys() - other.keys():
        return None
    ratios = {one.get(term, fmpq(0)) / factor for term, factor in other.items()}
    if len(ratios) > 1 or not other:
        return None
    slope = ratios.pop()
    return constant[0] - slope * constant[1], slope


def _terms(expr: Expr) -> dict[Expr, fmpq]:
    """The terms of a sum, each with the number before it; a number by itself is so many of 1."""
    match expr:
        case Number(value=value):
            return {ONE: value}
        case Negative(operand=operand):
            return _so_many(fmpq(-1), operand)
        case Quotient(numerator=top, denominator=Number(value=value)) if value != 0:
            return _so_many(1 / value, top)
        case Product(factors=factors):
            numbers = [factor for factor in factors if _is_number(factor)]
            others = tuple(factor for factor in factors if not _is_number(factor))
            if numbers and others:
                product = reduce(fmpq.__mul__, (_terms(number).get(ONE, fmpq(0)) for number in numbers))
                return _so_many(product, others[0] if len(others) == 1 else Product(others))
        case Sum(terms=terms):
            found: dict[Expr, fmpq] = {}
            for term in terms:
                for part, factor in _terms(term).items():
                    found[part] = found.get(part, fmpq(0)) + factor
            return {part: factor for part, factor in found.items() if factor != 0}
    return {expr: fmpq(1)}


def _so_many(factor: fmpq, expr: Expr) -> dict[Expr, fmpq]:
    return {part: factor * times for part, times in _terms(expr).items() if factor * times != 0}


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
        raise NoPieces
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
