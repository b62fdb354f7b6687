"""Numbers exactly as written: decimals by hand (fast), anything else through the grammar."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from derive.arithmetic.reals import PlainValue
from derive.errors import shortened
from derive.expressions.grammar import ExpressionError, parse
from derive.expressions.tree import Expr, Negative, Number, names_in
from derive.model import Given
from derive.patterns import regex
from derive.place import quoted
from derive.specification.document import Written

MAX_DIGITS = 1_000
"""At most this many digits of a number."""
MAX_EXPONENT = 10_000
"""At most this large, with either sign, is a number's exponent."""

_DECIMAL = regex(r"([+-]?)([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")


class NotANumber(ValueError):
    """A value of the spec that is not one exact, finite, real number."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


def given(value: Any) -> Given:
    """A number of a spec: a whole number, a decimal as written, or a constant expression in a string.

    >>> given("-0.10")
    Given(text='-0.10', expression=Negative(operand=0.10))
    """
    if type(value) is Written or type(value) is str:
        return decimal(value) or _constant(value)
    if type(value) is int:
        return _whole(value)
    raise NotANumber(f"{kind_of(value)} where a number is expected")


def _whole(value: int) -> Given:
    """What :func:`decimal` makes of the digits, without a look at them."""
    written = str(abs(value))
    if len(written) > MAX_DIGITS:
        raise NotANumber("a number of more than 1,000 digits", "a written number has at most 1,000 digits")
    number = Number(fmpq(abs(value)), written)
    return Given(f"-{written}", Negative(number)) if value < 0 else Given(written, number)


def decimal(text: str) -> Given | None:
    """A plain decimal number, ``None`` if the text is something else."""
    match = _DECIMAL.fullmatch(text if "_" not in text else text.replace("_", ""))
    if match is None:
        return None
    sign, whole, fraction, exponent = match.groups()
    fraction = fraction or ""
    if len(whole) + len(fraction) > MAX_DIGITS:
        raise NotANumber("a number of more than 1,000 digits", "a written number has at most 1,000 digits")
    shift = -len(fraction)
    if exponent:
        if len(exponent) > 8 or abs(int(exponent)) > MAX_EXPONENT:
            raise NotANumber("the exponent of this number is too large", "it may be at most ±10,000")
        shift += int(exponent)
    digits = int(whole + fraction)
    written = match.group()[len(sign) :]
    number = Number(fmpq(digits, 10**-shift) if shift < 0 else fmpq(digits * 10**shift), written)
    if sign == "-" and digits:
        return Given("-" + written, Negative(number))
    return Given(written, number)


def _constant(text: str) -> Given:
    """A constant expression such as ``1/3`` or ``sqrt(2)``: no names, finite and real."""
    if text.lstrip("+-") in ("inf", "nan", "Infinity", "NaN"):
        raise NotANumber(f"{text} is not a number that can be calculated with", "give a finite number")
    try:
        expression = parse(text)
    except ExpressionError as error:
        raise NotANumber(expression_problem(error, text), error.hint) from None
    if names := names_in(expression):
        raise NotANumber(
            f"{quoted(text)} is not a number: what is {quoted(names[0])}?",
            'give a number, or a constant expression such as "1/3" or "sqrt(2)"',
        )
    _check_real(expression, text)
    return Given(text.strip(), expression)


def _check_real(expression: Expr, text: str) -> None:
    """A constant has one finite real value."""
    from derive.arithmetic.outcomes import OutsideDomain, Undecided

    try:
        value_of(Given(text, expression))
    except OutsideDomain as error:
        raise NotANumber(f"{quoted(text)}: {error} {error.verdict}", "give a finite real number") from None
    except Undecided:
        raise NotANumber(f"{quoted(text)} cannot be told from a value that is undefined", "simplify it") from None


def value_of(number: Given) -> PlainValue:
    """The value of a number of the spec: a rational where it is one, otherwise a ball."""
    match number.expression:
        case Number(value=value):
            return value
        case Negative(operand=Number(value=value)):
            return -value
        case expression:
            from derive.arithmetic.numbers import settled
            from derive.arithmetic.precision import enough_precision
            from derive.expressions.evaluate import evaluate

            return enough_precision(lambda: settled(evaluate(expression, {})))


def expression_problem(error: Any, text: str) -> str:
    """What the grammar says about an expression, with the place in it."""
    if len(text) <= 60 and 0 <= error.position <= len(text):
        return f"{error.problem} (at column {error.position + 1} of {quoted(text)})"
    return f"{error.problem} (at column {error.position + 1})"


def kind_of(value: Any) -> str:
    """What a value of the file is, in words.

    >>> kind_of([1]), kind_of(True)
    ('a list', 'a truth value')
    """
    if isinstance(value, Written):
        return f"the number {shortened(value, 40)}"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int):
        return f"the number {shortened(str(value), 40)}" if abs(value) < 10**50 else "a huge number"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return {list: "a list", dict: "a table", type(None): "null"}.get(type(value), "a date")
