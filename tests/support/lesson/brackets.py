r"""A reader of the matrix lines of a document, written for the tests alone: ``[W] [x] + [b]`` to the matrix it is.

Entries are read by :mod:`tests.support.lesson.calculator`; a line of symbols or with an ellipsis is unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from tests.support.lesson.calculator import Number, Unreadable, calculate

Rows = list[list[Number]]
MATRIX = re.compile(
    r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}|\\left\[ \\begin\{smallmatrix\}(.*?)\\end\{smallmatrix\} \\right\]"
)
SPACE = re.compile(r"\\[,;]|\\quad|\{\}|\s+")
BRACKET = re.compile(r"(?:\\[bB]ig+[lr])?([()])")
SCALAR = re.compile(r"\\frac\{1\}\{([0-9.]+)\}|[0-9.]+(?: \\times 10\^\{-?[0-9]+\})?")
ONES = r"\mathbf{1}"


def rows_of(body: str) -> Rows:
    """The entries of one matrix, each worked out."""
    return [[calculate(cell) for cell in row.split("&")] for row in re.split(r"\\\\(?:\[6pt\])?", body)]


def matrix(line: str) -> Rows:
    """The matrix that a line of matrices and numbers is; one of a single entry may stand as a number.

    Raises:
        Unreadable: where it is something else.
    """
    if "matrix}" not in line:
        return [[calculate(line)]]
    reader = _Reader(line)
    value = reader.sum()
    if reader.rest or not isinstance(value, list):
        raise Unreadable(line)
    return value


class _Reader:
    def __init__(self, line: str) -> None:
        self.rest = line
        self.skip()

    def skip(self) -> None:
        while found := SPACE.match(self.rest):
            self.rest = self.rest[found.end() :]

    def taken(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.rest)
        if found:
            self.rest = self.rest[found.end() :]
            self.skip()
        return found

    def sum(self) -> Rows | Number:
        negative = self.taken(re.compile("-"))
        total = self.product()
        if negative and not isinstance(total, list):
            total = -total
        while sign := self.taken(re.compile(r"[+-]")):
            total = plus(total, self.product(), 1 if sign[0] == "+" else -1)
        return total

    def product(self) -> Rows | Number:
        value = self.factor()
        while self.rest and not re.match(r"[+-]|\)|\\[bB]ig+r", self.rest):
            entrywise = self.taken(re.compile(r"\\odot"))
            self.taken(re.compile(r"\\cdot"))
            value = times(value, self.factor(), entrywise=bool(entrywise))
        return value

    def factor(self) -> Rows | Number:
        if found := self.taken(MATRIX):
            return rows_of(found[1] or found[2])
        if self.rest.startswith(ONES):
            self.rest = self.rest[len(ONES) :]
            self.skip()
            return Fraction(1)
        if found := self.taken(SCALAR):
            return calculate(found[0])
        if self.taken(BRACKET):
            inner = self.sum()
            self.taken(BRACKET)
            return inner
        raise Unreadable(self.rest)


def plus(a: Rows | Number, b: Rows | Number, sign: int) -> Rows | Number:
    """a + b or a - b; a number is added to every entry."""
    if not isinstance(a, list):
        if isinstance(b, list):
            return plus([[a] * len(b[0])] * len(b), b, sign)
        return a + sign * b
    other = b if isinstance(b, list) else [[b] * len(a[0])] * len(a)
    assert (len(a), len(a[0])) == (len(other), len(other[0]))
    return [[x + sign * y for x, y in zip(p, q, strict=True)] for p, q in zip(a, other, strict=True)]


def times(a: Rows | Number, b: Rows | Number, *, entrywise: bool) -> Rows | Number:
    """The product of matrices or numbers."""
    if not isinstance(a, list) or not isinstance(b, list):
        if isinstance(b, list):
            a, b = b, a
        return [[x * b for x in row] for row in a] if isinstance(a, list) else a * b  # type: ignore[operator]
    if entrywise:
        return [[x * y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]
    if len(a[0]) == 1 and len(b) == 1 and len(b[0]) == 1:
        return [[row[0] * b[0][0]] for row in a]
    assert len(a[0]) == len(b)
    return [[dot(row, column) for column in zip(*b, strict=True)] for row in a]


def dot(row: Sequence[Number], column: Sequence[Number]) -> Number:
    """The sum of the products."""
    return sum((x * y for x, y in zip(row, column, strict=True)), Fraction(0))
