"""Calculating with arrays as NumPy and MATLAB do: sizes of 1 are stretched, ``*`` multiplies entry by entry.

A list of numbers is a row or a column, as it fits: a program's arrays may have one dimension, ours have two.

>>> from derive.expressions.tree import Name
>>> column, row = Matrix(((Name("a"),), (Name("b"),))), Matrix(((Name("c"), Name("d"), Name("e")),))
>>> multiplied(column, row).shape, product(row, transposed(row))
((2, 3), Sum(terms=(Product(factors=(c, c), leading_zero=False), Product(factors=(d, d), leading_zero=False), \
Product(factors=(e, e), leading_zero=False))))
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from derive.expressions.tree import Call, Expr, Power, Product, Quotient, Sum
from derive.verification.reading import matrices
from derive.verification.reading.matrices import MAX_ENTRIES, ShapeMismatch, scalar, transposed
from derive.verification.reading.model import Matrix, SideContent

Calculation = Callable[[Expr, Expr], Expr]
"""What is done with two entries."""


def product(left: SideContent, right: SideContent) -> SideContent:
    """``left @ right``; a vector stands as a row or as a column, as it fits."""
    if not (isinstance(left, Matrix) and isinstance(right, Matrix)):
        return multiplied(left, right)
    if left.shape[1] != right.shape[0]:
        if 1 in left.shape and left.shape == right.shape:
            return matrices.dot(left, right)
        if 1 in right.shape and left.shape[1] == right.shape[1]:
            right = transposed(right)
        elif 1 in left.shape and left.shape[0] == right.shape[0]:
            left = transposed(left)
    return scalar(matrices.times(left, right))


def multiplied(left: SideContent, right: SideContent) -> SideContent:
    """``left * right`` of two arrays."""
    return _stretched(_times, left, right)


def added(left: SideContent, right: SideContent) -> SideContent:
    """``left + right`` of two arrays."""
    return _stretched(_plus, left, right)


def divided(above: SideContent, below: SideContent) -> SideContent:
    """``above / below`` of two arrays."""
    return _stretched(Quotient, above, below)


def raised(base: SideContent, exponent: SideContent) -> SideContent:
    """``base ** exponent`` of two arrays."""
    return _stretched(Power, base, exponent)


def called(function: str, left: SideContent, right: SideContent) -> SideContent:
    """A function of two numbers (``maximum``) of two arrays."""
    return _stretched(partial(_call, function), left, right)


def alike(left: SideContent, right: SideContent) -> bool:
    """Whether these are a row and a column of one length: a list may be either."""
    both = isinstance(left, Matrix) and isinstance(right, Matrix)
    return both and 1 in left.shape and left.shape == right.shape[::-1] and left.shape != right.shape  # type: ignore[union-attr]


def outer(left: SideContent, right: SideContent) -> SideContent:
    """Every entry of one by every entry of the other."""
    column = Matrix(tuple((entry,) for entry in entries(left)))
    return matrices.times(column, Matrix((tuple(entries(right)),)))


def summed(value: SideContent, axis: int | None) -> SideContent:
    """The sum of all entries, or (``axis`` 0) of each column, or (1) of each row."""
    if not isinstance(value, Matrix):
        return value
    if axis is None:
        return _sum(entries(value))
    if axis == 0:
        return scalar(Matrix((tuple(_sum(list(column)) for column in zip(*value.rows, strict=True)),)))
    return scalar(Matrix(tuple((_sum(list(row)),) for row in value.rows)))


def count(value: SideContent, axis: int | None) -> int:
    """How many entries such a sum has."""
    if not isinstance(value, Matrix):
        return 1
    rows, columns = value.shape
    return rows * columns if axis is None else rows if axis == 0 else columns


def softmax(value: SideContent, axis: int) -> SideContent:
    """The softmax of each column (``axis`` 0) or of each row (1)."""
    if not isinstance(value, Matrix):
        return matrices.softmax(value)
    columns = [matrices.softmax(one) for one in parts(value, axis)]
    if len(columns) == 1:
        return columns[0]
    found = Matrix(tuple(zip(*(entries(one) for one in columns), strict=True)))
    return found if axis == 0 else transposed(found)


def parts(value: Matrix, axis: int) -> list[Matrix]:
    """The columns (``axis`` 0) or rows (1) of a matrix."""
    if axis == 0:
        return [Matrix(tuple((entry,) for entry in column)) for column in zip(*value.rows, strict=True)]
    return [Matrix((row,)) for row in value.rows]


def entries(value: SideContent) -> list[Expr]:
    """The entries, row by row."""
    return [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value]


def _stretched(calculation: Calculation, left: SideContent, right: SideContent) -> SideContent:
    """A calculation with entries that stand at one place, after what has size 1 is stretched."""
    if not isinstance(left, Matrix) and not isinstance(right, Matrix):
        return calculation(left, right)
    first, second = (one if isinstance(one, Matrix) else Matrix(((one,),)) for one in (left, right))
    if alike(first, second):
        second = transposed(second)
    first, second = _fitted(first, second), _fitted(second, first)
    shape = tuple(max(sizes) for sizes in zip(first.shape, second.shape, strict=True))
    if not all(size in (1, most) for one in (first, second) for size, most in zip(one.shape, shape, strict=True)):
        raise ShapeMismatch(f"the shapes {_size(first)} and {_size(second)} do not go together")
    if shape[0] * shape[1] > MAX_ENTRIES:
        raise ShapeMismatch(f"an array of more than {MAX_ENTRIES:,} entries is too large: give single entries")
    weight = matrices.weight_of(first) * _times_stretched(first, shape)
    weight += matrices.weight_of(second) * _times_stretched(second, shape)
    rows = (
        tuple(calculation(_at(first, row, column), _at(second, row, column)) for column in range(shape[1]))
        for row in range(shape[0])
    )
    return Matrix(tuple(rows), matrices.bounded(weight + shape[0] * shape[1]))


def _fitted(one: Matrix, other: Matrix) -> Matrix:
    """A vector turned where only then it fits beside the other."""
    if 1 not in one.shape or one.shape == (1, 1) or 1 in other.shape:
        return one
    size = max(one.shape)
    along = 0 if one.shape[1] == 1 else 1
    return transposed(one) if other.shape[along] != size and other.shape[1 - along] == size else one


def _times_stretched(one: Matrix, shape: tuple[int, ...]) -> int:
    return shape[0] // one.shape[0] * (shape[1] // one.shape[1])


def _at(matrix: Matrix, row: int, column: int) -> Expr:
    rows, columns = matrix.shape
    return matrix.rows[row if rows > 1 else 0][column if columns > 1 else 0]


def _times(a: Expr, b: Expr) -> Expr:
    return Product((*a.factors, b)) if isinstance(a, Product) else Product((a, b))


def _plus(a: Expr, b: Expr) -> Expr:
    return Sum((*a.terms, b)) if isinstance(a, Sum) else Sum((a, b))


def _call(function: str, a: Expr, b: Expr) -> Expr:
    return Call(function, (a, b))


def _sum(terms: list[Expr]) -> Expr:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _size(matrix: Matrix) -> str:
    return f"{matrix.shape[0]} × {matrix.shape[1]}"
