"""A pocket calculator that reads TeX: what a student would type from a printed line of numbers.

Written for the tests alone; it shares nothing with the package. Numbers are exact decimals as long as the line is
rational, 60 digits of mpmath otherwise.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from typing import Any, TypeAlias

from mpmath import mp, mpf

mp.dps = 60
Number: TypeAlias = Any
"""A fraction, or a number of mpmath."""

TOKEN = re.compile(
    r"\\(?:begin|end)\{[a-z]+\}|\\\\(?:\[[0-9a-z]+\])?|\\mathpunct\{\}|\\ |"
    r"\\(?:left|right|biggl|biggr|bigl|bigr)|\\[,;!:]|\\quad|\\operatorname\{[A-Za-z]+\}|\\text\{[^}]*\}|\\[A-Za-z]+|"
    r"[0-9]+(?:\.[0-9]+)?|\S"
)
SKIPPED = re.compile(r"\\(?:left|right|biggl|biggr|bigl|bigr|quad)|\\[,;!:]|\\mathpunct\{\}|\\ ")


class Unreadable(ValueError):
    """The line holds something that is no number."""


def calculate(tex: str) -> Number:
    """The value of a line of numbers."""
    reader = _Reader([t for t in TOKEN.findall(tex) if not SKIPPED.fullmatch(t)])
    value = reader.sum()
    if reader.rest():
        raise Unreadable(tex)
    return value


def _real(value: Number) -> mpf:
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


class Matrix(tuple[tuple[Number, ...], ...]):
    """Numbers row by row."""

    __slots__ = ()


def _on(operation: Callable[[Number, Number], Number], a: Number, b: Number) -> Number:
    """An operation on two exact numbers, on two real ones, or on matrices."""
    if isinstance(a, Matrix) or isinstance(b, Matrix):
        return _on_matrices(operation, a, b)
    exact = isinstance(a, Fraction) and isinstance(b, Fraction)
    return operation(a, b) if exact else operation(_real(a), _real(b))


def _on_matrices(operation: Callable[[Number, Number], Number], a: Number, b: Number) -> Number:
    if operation is operator.mul and not (isinstance(a, Matrix) and isinstance(b, Matrix)):
        matrix, number = (a, b) if isinstance(a, Matrix) else (b, a)
        return Matrix(tuple(_on(operator.mul, number, entry) for entry in row) for row in matrix)
    if operation is operator.mul:
        columns = list(zip(*b, strict=True))
        if len(a[0]) != len(b):
            raise Unreadable("a product of matrices of other sizes")
        return Matrix(tuple(_total(map(_times, row, column)) for column in columns) for row in a)
    if not (isinstance(a, Matrix) and isinstance(b, Matrix)):  # a matrix of one entry is a number
        return _on(operation, *(_entry(each) if isinstance(each, Matrix) else each for each in (a, b)))
    return Matrix(
        tuple(_on(operation, left, right) for left, right in zip(*rows, strict=True)) for rows in zip(a, b, strict=True)
    )


def _entry(matrix: Matrix) -> Number:
    if len(matrix) != 1 or len(matrix[0]) != 1:
        raise Unreadable("a matrix and a number")
    return matrix[0][0]


def _times(a: Number, b: Number) -> Number:
    return _on(operator.mul, a, b)


def _total(terms: Iterable[Number]) -> Number:
    return reduce(lambda a, b: _on(operator.add, a, b), terms)


def _entrywise(a: Matrix, b: Matrix) -> Matrix:
    return Matrix(tuple(map(_times, *rows)) for rows in zip(a, b, strict=True))


def _relu(z: Number) -> Number:
    return z if z > 0 else Fraction(0)


FUNCTIONS: dict[str, Callable[[Number], Number]] = {
    r"\ln": lambda z: mp.log(_real(z)) if z != 1 else Fraction(0),
    r"\exp": lambda z: mp.exp(_real(z)),
    r"\tanh": lambda z: mp.tanh(_real(z)),
    r"\sigma": lambda z: 1 / (1 + mp.exp(-_real(z))),
    r"\operatorname{ReLU}": _relu,
    r"\sin": lambda z: mp.sin(_real(z)),
    r"\cos": lambda z: mp.cos(_real(z)),
}


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def rest(self) -> list[str]:
        return self.tokens[self.at :]

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise Unreadable(f"{token!r} where {expected or 'a number'!r} was expected")
        self.at += 1
        return token

    def sum(self) -> Number:
        while self.peek() == "{" and self.tokens[self.at + 1] == "}":
            self.at += 2
        total = self.product()
        while True:
            while self.tokens[self.at : self.at + 2] == ["{", "}"]:
                self.at += 2
            if self.peek() not in ("+", "-"):
                return total
            sign = 1 if self.take() == "+" else -1
            total = _on(operator.add, total, _on(operator.mul, Fraction(sign), self.product()))

    def product(self) -> Number:
        sign = 1
        while self.peek() == "-":
            self.take()
            sign = -sign
        value = self.power()
        while (
            self.peek() and self.peek() not in ("+", "-", ")", "]", "}", ",", "&", "|") and self.peek()[:4] != r"\end"
        ):
            if self.peek()[:2] == r"\\":
                break
            if self.peek() == r"\odot":
                self.take()
                value = _entrywise(value, self.power())
                continue
            if self.tokens[self.at : self.at + 2] == ["{", "}"]:
                if self.tokens[self.at + 2] in ("+", "-"):
                    break
                self.at += 2
                continue
            if self.peek() in (r"\cdot", r"\times"):
                self.take()
            value = _on(operator.mul, value, self.power())
        return value if sign == 1 else _on(operator.mul, Fraction(sign), value)

    def power(self) -> Number:
        base = self.atom()
        if self.peek() != "^":
            return base
        self.take()
        exponent = self.group()
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            return base ** int(exponent)
        return mp.power(_real(base), _real(exponent))

    def group(self) -> Number:
        if self.peek() != "{":
            return self.atom()
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def extreme(self, of: Callable[..., Number]) -> Number:
        values = []
        self.take("(")
        while True:
            values.append(self.sum())
            if self.take() == ")":
                return of(*values)

    def matrix(self) -> Matrix:
        rows: list[list[Number]] = [[]]
        while True:
            rows[-1].append(self.sum())
            token = self.take()
            if token.startswith(r"\end"):
                return Matrix(map(tuple, rows))
            if token != "&":
                rows.append([])

    def atom(self) -> Number:
        token = self.take()
        if token[0].isdigit():
            return Fraction(token)
        if token in ("(", "["):
            value = self.sum()
            self.take(")" if token == "(" else "]")
            return value
        if token == "|":
            value = self.sum()
            self.take("|")
            return abs(value)
        if token.startswith(r"\begin"):
            return self.matrix()
        if token in (r"\frac", r"\tfrac"):
            top, bottom = self.group(), self.group()
            return _on(operator.truediv, top, bottom)
        if token == r"\sqrt":
            return mp.sqrt(_real(self.group()))
        if token == "e":
            self.take("^")
            return mp.exp(_real(self.group()))
        if token in (r"\max", r"\min"):
            return self.extreme(max if token == r"\max" else min)
        if token == r"\operatorname{ReLU}" and self.peek() == "'":
            self.take()
            return Fraction(int(self.atom() > 0))
        if token in FUNCTIONS:
            return FUNCTIONS[token](self.atom())
        raise Unreadable(token)


def rounded(value: Number, kind: str, digits: int) -> Fraction:
    """The value as a document prints it, ties away from zero (without the exceptions for tiny values)."""
    if value == 0:
        return Fraction(0)
    exact = value if isinstance(value, Fraction) else Fraction(str(mp.nstr(value, 50)))
    places = digits
    if kind == "significant":
        size: Fraction = abs(exact)
        exponent = 0
        while size >= 10:
            size, exponent = size / 10, exponent + 1
        while size < 1:
            size, exponent = size * 10, exponent - 1
        places = digits - 1 - exponent
    unit = Fraction(10) ** -places
    units = int(abs(exact) / unit + Fraction(1, 2))
    return units * unit * (1 if exact > 0 else -1)
