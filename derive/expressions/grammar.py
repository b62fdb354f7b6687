"""Text to tree: the expressions of specs and of claims.

>>> parse("1 + exp(-z)")
Sum(terms=(1, Call('exp', Negative(operand=z))))
>>> parse("-x^2")
Negative(operand=Power(base=x, exponent=2))

A minus sign binds weaker than a product and a power (``-a*b`` is ``-(a*b)``), powers group from the right.
The author's brackets stay: ``a + (b + c)`` is a sum of two terms, the second a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import IntEnum
from math import log10
from types import MappingProxyType
from typing import NamedTuple, cast

from flint import fmpq

from derive.expressions.functions import FUNCTIONS
from derive.expressions.scan import (
    DEEPEST,
    LARGEST_EXPONENT,
    MOST_ARGUMENTS,
    ExpressionError,
    ExpressionToken,
    exponent_too_large,
    scan,
    too_deep,
)
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
    children,
)

__all__ = ["ExpressionError", "parse"]

MOST_DIGITS_OF_A_POWER = 100_000


def parse(text: str, *, names: Collection[str] | None = None, marks: bool = False) -> Expr:
    """The tree of an expression, or an :class:`ExpressionError` with the place and the mend.

    ``names`` are the author's own, which win over constants, functions and derivatives of that spelling.
    ``marks`` also reads the names of a network's quantities with their marks, and slopes: ``dE/dw1_4_3``,
    ``w1_4_3'``, ``z1_4[2]``, ``relu'(z1_1)``.
    """
    return _Reader(len(text)).read(scan(text, names, marks=marks)).expr


class _Built(NamedTuple):
    """A tree while it is read, and how deep it nests."""

    expr: Expr
    depth: int


class _Level(IntEnum):
    """How tightly a sign holds its operands; a minus sign holds a product, but not after ``*``, ``/`` or ``^``."""

    BRACKET = 0
    SUM = 1
    MINUS_OF_TERM = 2
    PRODUCT = 3
    MINUS_OF_FACTOR = 4
    POWER = 5


_BINARY: Mapping[str, _Level] = MappingProxyType(
    {
        "PLUS": _Level.SUM,
        "MINUS": _Level.SUM,
        "TIMES": _Level.PRODUCT,
        "OVER": _Level.PRODUCT,
        "POWER": _Level.POWER,
    }
)
_LEAVES: Mapping[str, Callable[[str], Expr]] = MappingProxyType(
    {"NUMBER": lambda word: Number(exact(word), word), "NAME": Name, "CONSTANT": Constant}
)


class _Open(NamedTuple):
    """What waits for its last operand. A bracket has one sign, itself or its function, and its arguments so far."""

    level: _Level
    signs: list[ExpressionToken]
    operands: list[_Built]


class _Reader:
    """Operator precedence with a stack of its own, so that no text is too deep for Python's.

    After V. R. Pratt, *Top Down Operator Precedence*, 1973: each sign takes the operands that it holds more tightly
    than what is open around it.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._open = [_Open(_Level.BRACKET, [], [])]

    def read(self, tokens: Sequence[ExpressionToken]) -> _Built:
        """The tree of all tokens."""
        value: _Built | None = None
        before: ExpressionToken | None = None
        for token in tokens:
            value = self._begun(token, before) if value is None else self._continued(value, token)
            before = token
        if value is None:
            raise ExpressionError("the expression ends too early", self._length, "a number or name is missing here")
        return self._closed(value, _Level.BRACKET)

    def _begun(self, token: ExpressionToken, before: ExpressionToken | None) -> _Built | None:
        """What a token gives where an operand begins: the operand, or None where that is still to come."""
        kind = token.kind
        if kind in _LEAVES:
            return _Built(_LEAVES[kind](token.text), 0)
        if kind == "MINUS":
            of_term = self._open[-1].level <= _Level.MINUS_OF_TERM
            level = _Level.MINUS_OF_TERM if of_term else _Level.MINUS_OF_FACTOR
            self._open.append(_Open(level, [token], []))
        elif kind == "OPEN":
            called = before is not None and before.kind == "FUNCTION"
            self._open.append(_Open(_Level.BRACKET, [before if called and before else token], []))
        elif kind not in ("PLUS", "FUNCTION"):  # a plus sign says nothing; the bracket of a function follows
            raise ExpressionError(f"a number or name is missing before '{token.text}'", token.position)
        return None

    def _continued(self, value: _Built, token: ExpressionToken) -> _Built | None:
        """What a token makes of the operand before it; None where another one is to come."""
        kind = token.kind
        if kind in _BINARY:
            self._sign(value, token, _BINARY[kind])
            return None
        if kind not in ("CLOSE", "COMMA"):
            raise ExpressionError(f"'{token.text}' cannot stand here", token.position)
        value = self._closed(value, _Level.BRACKET)
        signs, arguments = self._open[-1].signs, self._open[-1].operands
        called = bool(signs) and signs[0].kind == "FUNCTION"
        if kind == "COMMA":
            if not called:
                hint = "write decimal numbers with a point: 0.5"
                raise ExpressionError("a comma stands only between the arguments of a function", token.position, hint)
            arguments.append(value)
            return None
        self._open.pop()
        return _call(signs[0], [*arguments, value]) if called else value

    def _sign(self, value: _Built, token: ExpressionToken, level: _Level) -> None:
        """A sign between two operands, the first of which is all that the sign holds less tightly than what is open."""
        groups = level != _Level.POWER  # powers group from the right
        if groups:
            value = self._closed(value, level)
        if not groups or self._open[-1].level != level:
            self._open.append(_Open(level, [], []))
        self._open[-1].signs.append(token)
        self._open[-1].operands.append(value)

    def _closed(self, value: _Built, level: _Level) -> _Built:
        """The operand with everything around it that holds it more tightly than ``level`` does."""
        while self._open[-1].level > level:
            done = self._open.pop()
            value = _BUILT[done.level](done.signs, [*done.operands, value])
        return value


def _sum(signs: Sequence[ExpressionToken], operands: Sequence[_Built]) -> _Built:
    terms = [operands[0].expr]
    terms += [
        Negative(term.expr) if sign.kind == "MINUS" else term.expr
        for sign, term in zip(signs, operands[1:], strict=True)
    ]
    return _nested(Sum(tuple(terms)), operands, signs[0])


def _products(signs: Sequence[ExpressionToken], operands: Sequence[_Built]) -> _Built:
    """``a*b/c*d`` is ((a*b)/c)*d: factors are gathered until a division closes the product."""
    factors = [operands[0]]
    for sign, factor in zip(signs, operands[1:], strict=True):
        if sign.kind == "TIMES":
            factors.append(factor)
        else:
            over = (_product(factors, sign), factor)
            factors = [_nested(Quotient(over[0].expr, over[1].expr), over, sign)]
    return _product(factors, signs[0])


def _negative(signs: Sequence[ExpressionToken], operands: Sequence[_Built]) -> _Built:
    return _nested(Negative(operands[0].expr), operands, signs[0])


def _power(signs: Sequence[ExpressionToken], operands: Sequence[_Built]) -> _Built:
    (base, exponent), position = operands, signs[0].position
    value = constant_value(exponent.expr)
    if value is not None and abs(value) > LARGEST_EXPONENT:
        raise exponent_too_large(position)
    if value is not None and (_digits(base.expr) or 0.0) * int(abs(value)) > MOST_DIGITS_OF_A_POWER:
        problem = f"a power of more than {MOST_DIGITS_OF_A_POWER:,} digits"
        raise ExpressionError(problem, position, "give a smaller number")
    return _nested(Power(base.expr, exponent.expr), operands, signs[0])


def _call(function: ExpressionToken, arguments: Sequence[_Built]) -> _Built:
    _check_arity(function.text, len(arguments), function.position)
    return _nested(Call(function.text, tuple(a.expr for a in arguments)), arguments, function)


_BUILT: Mapping[_Level, Callable[[Sequence[ExpressionToken], Sequence[_Built]], _Built]] = MappingProxyType(
    {
        _Level.SUM: _sum,
        _Level.MINUS_OF_TERM: _negative,
        _Level.PRODUCT: _products,
        _Level.MINUS_OF_FACTOR: _negative,
        _Level.POWER: _power,
    }
)
"""What becomes of each kind of signs with their operands."""


def _product(factors: list[_Built], token: ExpressionToken) -> _Built:
    if len(factors) == 1:
        return factors[0]
    return _nested(Product(tuple(factor.expr for factor in factors)), factors, token)


def _nested(expr: Expr, parts: Iterable[_Built], token: ExpressionToken) -> _Built:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise too_deep(token.position)
    return _Built(expr, depth)


def exact(word: str) -> fmpq:
    """A decimal number as the rational it is.

    >>> exact("0.10"), exact("2.5e-3")
    (1/10, 1/400)
    """
    mantissa, _, exponent = word.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(exponent or 0) - len(fraction)
    digits = fmpq(int(whole + fraction))
    scale = fmpq(10 ** abs(shift))
    return digits * scale if shift >= 0 else digits / scale


def constant_value(expr: Expr) -> fmpq | None:
    """The value of an exponent without names, as far as a limit on it needs it; None if it is no number.

    >>> constant_value(parse("2*(3 + 1)")), constant_value(parse("n + 1"))
    (8, None)
    """
    match expr:
        case Number(value=value):
            return value
        case Negative(operand=operand):
            inner = constant_value(operand)
            return None if inner is None else -inner
        case Sum() | Product() | Quotient() | Power():
            values = [constant_value(part) for part in children(expr)]
            return None if None in values else _combined(expr, cast("list[fmpq]", values))
        case _:
            return None


def _combined(expr: Expr, values: list[fmpq]) -> fmpq | None:
    bound = fmpq(LARGEST_EXPONENT)
    match expr:
        case Sum():
            return sum(values, fmpq(0))
        case Product():
            result = fmpq(1)
            for value in values:
                result *= value
            return result
        case Quotient():
            return values[0] / values[1] if values[1] != 0 else None
        case _:
            base, exponent = values
            if exponent.denominator != 1 or (base == 0 and exponent <= 0):
                return None
            large = abs(base) > 1 and exponent > 64
            return bound + 1 if large else base ** int(exponent) if abs(exponent) <= 64 else None


def _digits(expr: Expr) -> float | None:
    """About how many digits a number written as a calculation has; None where a name or function is in it."""
    match expr:
        case Number(value=value):
            return max(log10(max(1, int(abs(value.numerator)))), log10(int(value.denominator)))
        case Power(base=base, exponent=exponent):
            size, raised = _digits(base), constant_value(exponent)
            return None if size is None or raised is None else size * float(int(abs(raised)) + 1)
        case Sum() | Product() | Quotient() | Negative():
            sizes = [_digits(part) for part in children(expr)]
            return None if None in sizes else sum(cast("list[float]", sizes))
        case _:
            return None


def _check_arity(name: str, given: int, position: int) -> None:
    entry = FUNCTIONS[name.removesuffix("'")]
    if entry.variadic:
        if given < 2:
            raise ExpressionError(f"{name} needs two or more arguments", position, f"write {name}(a, b)")
        if given > MOST_ARGUMENTS:
            hint = f"nest them: {name}({name}(a, b), c)"
            raise ExpressionError(f"{name} of more than {MOST_ARGUMENTS:,} arguments", position, hint)
        return
    most, least = len(entry.formals), len(entry.formals) - len(entry.defaults)
    if least <= given <= most:
        return
    formals = ", ".join(entry.formals)
    needs = "one argument" if most == 1 else f"{least} or {most} arguments" if least < most else f"{most} arguments"
    raise ExpressionError(f"{name} takes {needs}, not {given}", position, f"write {name}({formals})")
