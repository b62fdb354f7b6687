"""Text to tree: the expressions of specs and of claims.

>>> parse("1 + exp(-z)")
Sum(terms=(1, Call('exp', Negative(operand=z))))
>>> parse("-x^2")
Negative(operand=Power(base=x, exponent=2))

A minus sign binds weaker than a product and a power (``-a*b`` is ``-(a*b)``), powers group from the right.
The author's brackets stay: ``a + (b + c)`` is a sum of two terms, the second a sum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from math import log10
from typing import Any, NamedTuple, cast

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

GRAMMAR = """
?start: sum
?sum: term | term (PLUS term | MINUS term)+ -> sum
?term: product | MINUS term -> negative | PLUS term -> bare
?product: power | power (TIMES factor | OVER factor)+ -> product
?factor: power | MINUS factor -> negative | PLUS factor -> bare
?power: atom | atom POWER exponent -> power
?exponent: power | MINUS exponent -> negative | PLUS exponent -> bare
?atom: NUMBER -> number | NAME -> name | CONSTANT -> constant
     | OPEN sum CLOSE -> bracket
     | FUNCTION OPEN sum (COMMA sum)* CLOSE -> call
%declare NUMBER NAME CONSTANT FUNCTION PLUS MINUS TIMES OVER POWER OPEN CLOSE COMMA
"""


def parse(text: str, *, names: Collection[str] | None = None, marks: bool = False) -> Expr:
    """The tree of an expression, or an :class:`ExpressionError` with the place and the mend.

    ``names`` are the author's own, which win over constants, functions and derivatives of that spelling.
    ``marks`` also reads the names of a network's quantities with their marks, and slopes: ``dE/dw1_4_3``,
    ``w1_4_3'``, ``z1_4[2]``, ``relu'(z1_1)``.
    """
    from lark import UnexpectedInput

    tokens = scan(text, names, marks=marks)
    try:
        return cast("_Built", _parser().parse(cast("Any", tokens))).expr
    except UnexpectedInput as error:
        raise _syntax_error(error, text) from None


class _Built(NamedTuple):
    """A tree while it is read, and how deep it nests."""

    expr: Expr
    depth: int


class _Builder:
    """What each rule of the grammar makes of its parts."""

    def number(self, parts: list[Any]) -> _Built:
        word = str(parts[0])
        return _Built(Number(exact(word), word), 0)

    def name(self, parts: list[Any]) -> _Built:
        return _Built(Name(str(parts[0])), 0)

    def constant(self, parts: list[Any]) -> _Built:
        return _Built(Constant(str(parts[0])), 0)

    def bracket(self, parts: list[Any]) -> _Built:
        return cast("_Built", parts[1])

    bare = bracket

    def sum(self, parts: list[Any]) -> _Built:
        terms = [parts[0].expr]
        terms += [
            Negative(term.expr) if sign.type == "MINUS" else term.expr
            for sign, term in zip(parts[1::2], parts[2::2], strict=True)
        ]
        return _nested(Sum(tuple(terms)), parts[::2], parts[1])

    def product(self, parts: list[Any]) -> _Built:
        """``a*b/c*d`` is ((a*b)/c)*d: factors are gathered until a division closes the product."""
        factors = [parts[0]]
        for sign, factor in zip(parts[1::2], parts[2::2], strict=True):
            if sign.type == "TIMES":
                factors.append(factor)
            else:
                over = (_product(factors, sign), factor)
                factors = [_nested(Quotient(over[0].expr, over[1].expr), over, sign)]
        return _product(factors, parts[1])

    def negative(self, parts: list[Any]) -> _Built:
        return _nested(Negative(parts[1].expr), parts[1:], parts[0])

    def power(self, parts: list[Any]) -> _Built:
        base, sign, exponent = parts
        value = constant_value(exponent.expr)
        if value is not None and abs(value) > LARGEST_EXPONENT:
            raise exponent_too_large(sign.start_pos)
        if value is not None and (_digits(base.expr) or 0.0) * int(abs(value)) > MOST_DIGITS_OF_A_POWER:
            problem = f"a power of more than {MOST_DIGITS_OF_A_POWER:,} digits"
            raise ExpressionError(problem, sign.start_pos, "give a smaller number")
        return _nested(Power(base.expr, exponent.expr), (base, exponent), sign)

    def call(self, parts: list[Any]) -> _Built:
        function, arguments = parts[0], parts[2::2]
        _check_arity(str(function), len(arguments), function.start_pos)
        return _nested(Call(str(function), tuple(a.expr for a in arguments)), arguments, function)


def _product(factors: list[_Built], token: Any) -> _Built:
    if len(factors) == 1:
        return factors[0]
    return _nested(Product(tuple(factor.expr for factor in factors)), factors, token)


def _nested(expr: Expr, parts: Iterable[_Built], token: Any) -> _Built:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise too_deep(token.start_pos)
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


@lru_cache(maxsize=1)
def _parser() -> Any:
    """The LALR parser; built when the first expression is read, because most commands read none."""
    from lark import Lark
    from lark import Token as Word
    from lark.lexer import Lexer

    class ScannedWords(Lexer):
        """Hands the scanned words to the parser."""

        def __init__(self, _: Any) -> None:
            pass

        def lex(self, data: Any) -> Iterator[Word]:  # type: ignore[override]
            for token in cast("list[ExpressionToken]", data):
                yield Word(token.kind, token.text, token.position)

    return Lark(GRAMMAR, parser="lalr", lexer=ScannedWords, transformer=cast("Any", _Builder()), keep_all_tokens=True)


def _syntax_error(error: Any, text: str) -> ExpressionError:
    """What stands where it cannot: either a value is missing before it, or a sign of calculation."""
    token = error.token
    if token.type == "$END":
        return ExpressionError("the expression ends too early", len(text), "a number or name is missing here")
    if "NUMBER" in error.accepts or "NUMBER" in error.expected:
        return ExpressionError(f"a number or name is missing before '{token}'", token.start_pos, "")
    if token.type == "COMMA":
        hint = "write decimal numbers with a point: 0.5"
        return ExpressionError("a comma stands only between the arguments of a function", token.start_pos, hint)
    return ExpressionError(f"'{token}' cannot stand here", token.start_pos, "")
