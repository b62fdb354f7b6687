"""Trees as SymPy expressions, for checks and for readers who go on in SymPy.

Symbols are built directly, so no name (``I``, ``beta``, ``S``) means anything to SymPy. This module is
imported only where SymPy is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import sympy

from derive.expressions.fold import fold
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import (
    Call,
    Constant,
    Derivative,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    substitute,
)


def to_sympy(expr: Expr) -> sympy.Expr:
    """The expression in SymPy, evaluated as SymPy does; a piecewise function becomes ``Piecewise``.

    >>> from derive.expressions.grammar import parse
    >>> to_sympy(parse("I*x^2/3"))
    I*x**2/3
    >>> to_sympy(parse("I*x^2/3")).free_symbols == {symbol("I"), symbol("x")}
    True
    """
    return fold(expr, _converted)


def symbol(name: str) -> sympy.Symbol:
    """The symbol of a quantity: real, whatever it is called."""
    return sympy.Symbol(name, real=True)


def _converted(here: Expr, parts: tuple[Any, ...]) -> Any:
    match here:
        case Number(value=value):
            return sympy.Rational(int(value.numerator), int(value.denominator))
        case Constant(name=name):
            return sympy.pi if name == "pi" else sympy.E
        case Name(name=name):
            return symbol(name)
        case Sum():
            return sympy.Add(*parts)
        case Product():
            return sympy.Mul(*parts)
        case Quotient():
            return parts[0] / parts[1]
        case Power():
            return parts[0] ** parts[1]
        case Negative():
            return -parts[0]
        case Derivative(by=by):
            return sympy.diff(parts[0], symbol(by))
        case Call(function=function):
            return _called(function, parts)
        case _:
            raise TypeError(type(here).__name__)


def _normal_cdf(z: Any) -> Any:
    return sympy.erfc(-z / sympy.sqrt(2)) / 2


def _normal_pdf(z: Any) -> Any:
    return sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)


_PRIMITIVES: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "exp": sympy.exp, "ln": sympy.log, "log": sympy.log,
    "sqrt": sympy.sqrt, "abs": sympy.Abs, "sign": sympy.sign,
    "log2": lambda z: sympy.log(z, 2), "log10": lambda z: sympy.log(z, 10),
    "min": sympy.Min, "max": sympy.Max,
    "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "sinh": sympy.sinh, "cosh": sympy.cosh,
    "tanh": sympy.tanh, "normal_cdf": _normal_cdf, "normal_pdf": _normal_pdf,
})  # fmt: skip


def _called(function: str, arguments: tuple[Any, ...]) -> Any:
    name = function.removesuffix("'")
    entry = FUNCTIONS[name]
    missing = tuple(sympy.Rational(int(v.numerator), int(v.denominator)) for v in entry.defaults.values())
    arguments += missing[len(arguments) - 1 :] if len(arguments) < len(entry.formals) else ()
    if name != function:
        return _slope(name, arguments)
    if name in _PRIMITIVES:
        return _PRIMITIVES[name](*arguments)
    if entry.pieces:
        return _pieces(name, arguments, slope=False)
    assert entry.formula is not None
    return _filled(entry.formula, name, arguments)


def _slope(name: str, arguments: tuple[Any, ...]) -> Any:
    """The derivative by the first argument; away from kinks where there are any."""
    entry = FUNCTIONS[name]
    if entry.variadic:
        first, *others = arguments
        ahead = [first - other if name == "max" else other - first for other in others]
        return sympy.Mul(*map(sympy.Heaviside, ahead))
    if entry.pieces:
        return _pieces(name, arguments, slope=True)
    assert entry.derivative is not None
    own = substitute(entry.derivative, {"a": Call(name, (Name(entry.formals[0]),))})
    return _filled(own, name, arguments)


def _pieces(name: str, arguments: tuple[Any, ...], *, slope: bool) -> Any:
    entry = FUNCTIONS[name]
    filled = [_filled(piece.derivative if slope else piece.formula, name, arguments) for piece in entry.places]
    ats = [_filled(kink.at, name, arguments) for kink in entry.kinks]
    tests = [test for at in ats for test in (arguments[0] < at, sympy.Eq(arguments[0], at))]
    return sympy.Piecewise(*zip(filled, [*tests, arguments[0] > ats[-1]], strict=True))


def _filled(formula: Expr, name: str, arguments: tuple[Any, ...]) -> Any:
    formals = [symbol(formal) for formal in FUNCTIONS[name].formals]
    return to_sympy(formula).xreplace(dict(zip(formals, arguments, strict=True)))
