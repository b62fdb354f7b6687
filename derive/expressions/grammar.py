"""Text to tree: the expressions of specs.

>>> parse("1 + exp(-z)")
Sum(terms=(1, Call('exp', Negative(operand=z))))
>>> parse("-x^2")
Negative(operand=Power(base=x, exponent=2))

The grammar is that of :mod:`derive.expressions.descent`, which claims share.
The author's brackets stay: ``a + (b + c)`` is a sum of two terms, the second a sum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import log10
from typing import NamedTuple, cast

from flint import fmpq

from derive.expressions.descent import Descent, Factors
from derive.expressions.functions import FUNCTIONS
from derive.expressions.scan import (
    MAX_ARGUMENTS,
    MAX_DEPTH,
    MAX_EXPONENT,
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

MAX_DIGITS_OF_A_POWER = 100_000
"""At most this many digits has a power of numbers."""


def parse(text: str, *, names: Collection[str] | None = None, marks: bool = False) -> Expr:
    """The tree of an expression, or an :class:`ExpressionError` with the place and the mend.

    ``names`` are the author's own, which win over constants, functions and derivatives of that spelling.
    ``marks`` also reads the names of a network's quantities with their marks, and slopes: ``dE/dw1_4_3``,
    ``w1_4_3'``, ``z1_4[2]``, ``relu'(z1_1)``.
    """
    return _Reader(scan(text, names, marks=marks), len(text)).whole().expr


class _Built(NamedTuple):
    """A tree while it is read, and how deep it nests."""

    expr: Expr
    depth: int


class _Reader(Descent[_Built]):
    """Reads the words of one expression. Brackets are counted where it is scanned: they nest so deep at most."""

    __slots__ = ("here", "words")
    times = ("*",)

    def __init__(self, words: list[ExpressionToken], length: int) -> None:
        self.words = [*words, ExpressionToken("END", "", length)]
        self.here = 0

    def whole(self) -> _Built:
        """All of it."""
        value = self.sum()
        if self.words[self.here].kind != "END":
            raise self._misplaced()
        return value

    def sign(self) -> str:
        return _SIGNS.get(self.words[self.here].kind, "")

    def go_over(self) -> int:
        self.here += 1
        return self.words[self.here - 1].position

    def atom(self) -> _Built:
        word = self.words[self.here]
        self.here += 1
        match word.kind:
            case "NUMBER":
                return _Built(Number(exact(word.text), word.text), 0)
            case "NAME":
                return _Built(Name(word.text), 0)
            case "CONSTANT":
                return _Built(Constant(word.text), 0)
            case "OPEN":
                value = self.sum()
                self._close()
                return value
            case "FUNCTION":
                return self._call(word)
            case "END":
                raise ExpressionError(
                    "the expression ends too early", word.position, "a number or name is missing here"
                )
            case _:
                raise ExpressionError(f"a number or name is missing before '{word.text}'", word.position)

    def _call(self, function: ExpressionToken) -> _Built:
        arguments: list[_Built] = []
        while not arguments or self.words[self.here].kind == "COMMA":
            self.here += 1  # the bracket that opens, or a comma
            arguments.append(self.sum())
        self._close()
        _check_arity(function.text, len(arguments), function.position)
        return _nested(Call(function.text, tuple(a.expr for a in arguments)), arguments, function.position)

    def _close(self) -> None:
        if self.words[self.here].kind != "CLOSE":
            raise self._misplaced()
        self.here += 1

    def _misplaced(self) -> ExpressionError:
        """What stands where a sign of calculation could."""
        word = self.words[self.here]
        if word.kind == "COMMA":
            hint = "write decimal numbers with a point: 0.5"
            return ExpressionError("a comma stands only between the arguments of a function", word.position, hint)
        return ExpressionError(f"'{word.text}' cannot stand here", word.position)

    def signed(self, value: _Built, signs: list[tuple[str, int]]) -> _Built:
        for sign, at in reversed(signs):
            if sign == "-":
                value = _nested(Negative(value.expr), (value,), at)
        return value

    def subtracted(self, term: _Built) -> _Built:
        return _Built(Negative(term.expr), term.depth)  # a - b is no deeper than a + b

    def added(self, terms: list[_Built], at: int) -> _Built:
        return _nested(Sum(tuple(term.expr for term in terms)), terms, at)

    def factors(self, first: _Built) -> Factors[_Built]:
        return _Gathered(first)

    def raised(self, base: _Built, exponent: _Built, at: int) -> _Built:
        value = constant_value(exponent.expr)
        if value is not None and abs(value) > MAX_EXPONENT:
            raise exponent_too_large(at)
        if value is not None and (_digits(base.expr) or 0.0) * int(abs(value)) > MAX_DIGITS_OF_A_POWER:
            raise ExpressionError(f"a power of more than {MAX_DIGITS_OF_A_POWER:,} digits", at, "give a smaller number")
        return _nested(Power(base.expr, exponent.expr), (base, exponent), at)


_SIGNS = {"PLUS": "+", "MINUS": "-", "TIMES": "*", "OVER": "/", "POWER": "^"}


class _Gathered:
    """``a*b/c*d`` is ((a*b)/c)*d: factors are gathered until a division closes the product."""

    __slots__ = ("at", "gathered")

    def __init__(self, first: _Built) -> None:
        self.gathered = [first]
        self.at = -1

    def times(self, value: _Built, _: str, at: int) -> None:
        self.at = at if self.at < 0 else self.at
        self.gathered.append(value)

    def over(self, below: _Built, at: int) -> None:
        self.at = at if self.at < 0 else self.at
        above = _product(self.gathered, at)
        self.gathered = [_nested(Quotient(above.expr, below.expr), (above, below), at)]

    def value(self) -> _Built:
        return _product(self.gathered, self.at)


def _product(factors: list[_Built], at: int) -> _Built:
    if len(factors) == 1:
        return factors[0]
    return _nested(Product(tuple(factor.expr for factor in factors)), factors, at)


def _nested(expr: Expr, parts: Iterable[_Built], at: int) -> _Built:
    depth = 1 + max(part.depth for part in parts)
    if depth > MAX_DEPTH:
        raise too_deep(at)
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
    bound = fmpq(MAX_EXPONENT)
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
        if given > MAX_ARGUMENTS:
            hint = f"nest them: {name}({name}(a, b), c)"
            raise ExpressionError(f"{name} of more than {MAX_ARGUMENTS:,} arguments", position, hint)
        return
    most, least = len(entry.formals), len(entry.formals) - len(entry.defaults)
    if least <= given <= most:
        return
    formals = ", ".join(entry.formals)
    needs = "one argument" if most == 1 else f"{least} or {most} arguments" if least < most else f"{most} arguments"
    raise ExpressionError(f"{name} takes {needs}, not {given}", position, f"write {name}({formals})")
