"""The value of a formula of a document: what a pocket calculator with 60 digits gives.

Exact fractions as long as the arithmetic is rational; matrices row by row. Nothing here is shared with the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from typing import Any

from mpmath import mp, mpf

from tests.support.lesson.formulas import ALL_ONES, MisreadError, Num, Sym, Tree

DIGITS = 60
Scalar = Any
"""A fraction, or 60 digits of mpmath."""
Value = Any
"""A number, or a matrix of numbers as a tuple of rows."""


def value(tree: Tree, symbols: Callable[[str], Value] | None = None, at_zero: Fraction = Fraction(0)) -> Value:
    """The value of a tree: a fraction where the arithmetic is rational, otherwise 60 digits; a matrix of them.

    ``at_zero`` is where between its two sides the slope of a function with a kink is taken.
    """
    if isinstance(tree, Num):
        return tree.value
    if isinstance(tree, Sym):
        if tree.tex == ALL_ONES:
            return Fraction(1)
        if symbols is None:
            raise MisreadError(f"{tree.tex} has no value")
        return symbols(tree.tex)
    parts = [value(part, symbols, at_zero) for part in tree.parts]
    if tree.name in STRUCTURES:
        return _number_of(STRUCTURES[tree.name](*parts), tree.name)
    function = (
        OPERATIONS.get(tree.name) or FUNCTIONS.get(tree.name) or CONSTANTS.get(tree.name) or _slope(tree.name, at_zero)
    )
    return each(function, *parts)


def _number_of(found: Value, name: str) -> Value:
    """A matrix of one entry is its number."""
    alone = name in ("matrix", "*") and isinstance(found, tuple) and len(found) == len(found[0]) == 1
    return found[0][0] if alone else found


def each(function: Callable[..., Scalar], *parts: Value) -> Value:
    """A function of numbers, or entry by entry of matrices."""
    shape = next((part for part in parts if isinstance(part, tuple)), None)
    if shape is None:
        return function(*parts)
    return tuple(
        tuple(function(*(part[i][j] if isinstance(part, tuple) else part for part in parts)) for j in range(len(row)))
        for i, row in enumerate(shape)
    )


def _multiplied(*factors: Value) -> Value:
    return reduce(_times, factors)


def _times(left: Value, right: Value) -> Value:
    if not (isinstance(left, tuple) and isinstance(right, tuple)):
        return each(_product, left, right)
    return tuple(tuple(_added(*map(_product, row, column)) for column in zip(*right, strict=True)) for row in left)


def _slope(name: str, at_zero: Fraction) -> Callable[..., Scalar]:
    """The derivative of a function with a kink, or of a smooth one by name."""
    if name in SLOPES:
        return SLOPES[name]
    if name not in KINKED:
        raise MisreadError(f"{name} has no value")
    left, right = KINKED[name]

    def of(z: Scalar, *parameter: Scalar) -> Scalar:
        below, above = left(z, *parameter), right(z, *parameter)
        return above if z > 0 else below if z < 0 else _added(below, _product(at_zero, _added(above, -below)))

    return of


def _divided(top: Scalar, bottom: Scalar) -> Scalar:
    return top / bottom if isinstance(top, Fraction) and isinstance(bottom, Fraction) else real(top) / real(bottom)


def _raised(base: Scalar, exponent: Scalar) -> Scalar:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return base ** int(exponent)
    return real(base) ** real(exponent)


def _added(*terms: Scalar) -> Scalar:
    return reduce(lambda a, b: a + b if type(a) is type(b) else real(a) + real(b), terms)


def _product(a: Scalar, b: Scalar) -> Scalar:
    if type(a) is type(b):
        return a * b
    return ZERO if a == 0 or b == 0 else real(a) * real(b)


def real(number: Scalar) -> mpf:
    """A number with 60 digits."""
    return mpf(number.numerator) / number.denominator if isinstance(number, Fraction) else number


def _real(function: Callable[[mpf], mpf]) -> Callable[[Scalar], Scalar]:
    return lambda argument: function(real(argument))


def _zero_stays(function: Callable[[mpf], mpf], at_zero: int = 0) -> Callable[[Scalar], Scalar]:
    """The same, exact at 0."""
    return lambda argument: Fraction(at_zero) if argument == 0 else function(real(argument))


def _logarithm(argument: Scalar, base: int | None = None) -> Scalar:
    if argument == 1:
        return Fraction(0)
    return mp.log(real(argument)) if base is None else mp.log(real(argument)) / mp.log(base)


def _sigmoid(z: Scalar) -> Scalar:
    return Fraction(1, 2) if z == 0 else 1 / (1 + mp.exp(-real(z)))


def _times_real(z: Scalar, factor: Scalar) -> Scalar:
    return Fraction(0) if z == 0 else real(z) * real(factor)


def _share(first: Scalar, best: Scalar, others: Iterable[Scalar]) -> Fraction:
    """The slope of max or min by its first argument: those that are best share it."""
    return Fraction(1, 1 + sum(other == best for other in others)) if first == best else ZERO


mp.dps = DIGITS
ONE, ZERO = Fraction(1), Fraction(0)
CONSTANTS: dict[str, Callable[[], Scalar]] = {"e": lambda: +mp.e, r"\pi": lambda: +mp.pi}
STRUCTURES: dict[str, Callable[..., Any]] = {
    "row": lambda *entries: entries,
    "matrix": lambda *rows: rows,
    "top": lambda matrix: tuple(zip(*matrix, strict=True)) if isinstance(matrix, tuple) else matrix,
    "diag": lambda vector: tuple(
        tuple(x if i == j else ZERO for j in range(len(vector))) for i, (x,) in enumerate(vector)
    ),
    "underbrace": lambda inner, _: inner,
    "*": _multiplied,
}
OPERATIONS: dict[str, Callable[..., Scalar]] = {
    "+": _added,
    "odot": _product,
    "neg": lambda number: -number,
    "/": _divided,
    "^": _raised,
    "abs": abs,
    "sqrt": _real(mp.sqrt),
}
FUNCTIONS: dict[str, Callable[..., Scalar]] = {
    "ln": _logarithm,
    "exp": _zero_stays(mp.exp, 1),
    "log2": lambda number: _logarithm(number, 2),
    "log10": lambda number: _logarithm(number, 10),
    "sin": _zero_stays(mp.sin),
    "cos": _zero_stays(mp.cos, 1),
    "tan": _zero_stays(mp.tan),
    "sinh": _zero_stays(mp.sinh),
    "cosh": _zero_stays(mp.cosh, 1),
    "tanh": _zero_stays(mp.tanh),
    "max": lambda *numbers: max(numbers, key=real),
    "min": lambda *numbers: min(numbers, key=real),
    "sigma": _sigmoid,
    "softplus": _real(lambda z: mp.log(1 + mp.exp(z))),
    "silu": lambda z: _times_real(z, _sigmoid(z)),
    "Phi": lambda z: Fraction(1, 2) if z == 0 else mp.ncdf(real(z)),
    "varphi": _real(mp.npdf),
    "gelu": lambda z: _times_real(z, mp.ncdf(real(z))),
    "ReLU": lambda z: max(z, ZERO),
    "LReLU": lambda z, slope=Fraction(1, 100): z if z > 0 else _product(slope, z),
    "ELU": lambda z, alpha=ONE: z if z > 0 else ZERO if z == 0 else real(alpha) * mp.expm1(real(z)),
    "sign": lambda z: Fraction((z > 0) - (z < 0)),
    "step": lambda z: Fraction(z >= 0),
}
KINKED: dict[str, tuple[Callable[..., Scalar], Callable[..., Scalar]]] = {
    "ReLU'": (lambda z: ZERO, lambda z: ONE),
    "LReLU'": (lambda z, slope=Fraction(1, 100): slope, lambda z, slope=ZERO: ONE),
    "ELU'": (lambda z, alpha=ONE: alpha if z == 0 else real(alpha) * mp.exp(real(z)), lambda z, alpha=ONE: ONE),
}
SLOPES: dict[str, Callable[..., Scalar]] = {
    "max'": lambda first, *others: _share(first, max((first, *others), key=real), others),
    "min'": lambda first, *others: _share(first, min((first, *others), key=real), others),
    "sign'": lambda z: ZERO,
    "step'": lambda z: ZERO,
    "abs'": lambda z: Fraction((z > 0) - (z < 0)),
    "sigma'": lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
    "tanh'": lambda z: ONE if z == 0 else 1 - mp.tanh(real(z)) ** 2,
    "softplus'": _sigmoid,
    "silu'": lambda z: Fraction(1, 2) if z == 0 else _sigmoid(z) * (1 + real(z) * (1 - _sigmoid(z))),
    "gelu'": lambda z: mp.ncdf(real(z)) + real(z) * mp.npdf(real(z)),
}
