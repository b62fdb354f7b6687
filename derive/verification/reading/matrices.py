"""Calculating with matrices and vectors of expressions, entry by entry, within bounds.

A number beside a matrix is meant for every entry; a matrix of one entry is a number where its shape does not fit.

>>> from derive.expressions.tree import Name
>>> times(Matrix(((Name("a"), Name("b")),)), Matrix(((Name("c"),), (Name("d"),))))
Matrix(rows=((Sum(terms=(Product(factors=(a, c), leading_zero=False), Product(factors=(b, d), leading_zero=False))),),))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.expressions.tree import ZERO, Call, Expr, Negative, Power, Product, Quotient, Sum, walk
from derive.verification.reading.model import Matrix, SideContent

MAX_ENTRIES = 4_000
"""At most this many entries of a matrix are compared."""
MAX_PRODUCTS = 40_000
"""At most this many products of numbers in a product of matrices."""
MAX_NODES = 200_000
"""At most this many numbers, names and signs in all entries together."""


class ShapeMismatch(ValueError):
    """Two shapes that do not go together, or a matrix that is too large."""


def grown(value: SideContent, written: int) -> int:
    """How much more a side is than what is written: the entries of layers, the terms of sums."""
    if isinstance(value, Matrix):
        return max(value.weight or len(value.rows) * len(value.rows[0]), written) - written
    if isinstance(value, Sum) and len(value.terms) > written:
        return sum(1 for _ in walk(value)) - written
    return 0


def entrywise(function: Callable[..., Expr], *values: SideContent) -> SideContent:
    """A calculation on numbers, done for every entry of the matrices among ``values``."""
    shapes = {value.shape for value in values if isinstance(value, Matrix)}
    if len(shapes) > 1:
        values = tuple(map(scalar, values))
        shapes = {value.shape for value in values if isinstance(value, Matrix)}
    if not shapes:
        return function(*values)
    if len(shapes) > 1:
        raise ShapeMismatch(f"the shapes {_listed(shapes)} do not go together")
    (rows, columns) = shapes.pop()
    weight = sum(
        weight_of(value) if isinstance(value, Matrix) else weight_of(value) * rows * columns for value in values
    )
    entries = (tuple(function(*(_entry(v, r, c) for v in values)) for c in range(columns)) for r in range(rows))
    return Matrix(tuple(entries), bounded(weight + rows * columns))


def scalar(value: SideContent) -> SideContent:
    """The one entry of a 1 × 1 matrix; everything else as it is."""
    return value.rows[0][0] if isinstance(value, Matrix) and value.shape == (1, 1) else value


def plus(terms: Sequence[SideContent]) -> SideContent:
    """The sum of terms in their order."""
    return entrywise(lambda *parts: Sum(tuple(parts)), *terms) if len(terms) > 1 else terms[0]


def times(left: SideContent, right: SideContent) -> SideContent:
    """The product: of numbers, of a number and a matrix, of two matrices that fit."""
    if not (isinstance(left, Matrix) and isinstance(right, Matrix)):
        return entrywise(_product, left, right)
    if left.shape[1] == right.shape[0]:
        return _matrix_product(left, right)
    if (1, 1) in (left.shape, right.shape):
        return entrywise(_product, scalar(left), scalar(right))
    raise ShapeMismatch(f"matrices of {_listed([left.shape, right.shape])} cannot be multiplied")


def dot(left: SideContent, right: SideContent) -> SideContent:
    """As :func:`times`; two columns (or two rows) of the same length have their inner product."""
    if isinstance(left, Matrix) and isinstance(right, Matrix) and left.shape == right.shape and 1 in left.shape:
        bounded(weight_of(left) + weight_of(right))
        pairs = zip(_flat(left), _flat(right), strict=True)
        return _sum([_product(a, b) for a, b in pairs])
    return times(left, right)


def divided(above: SideContent, below: SideContent) -> SideContent:
    """A quotient; a matrix may stand above."""
    return entrywise(Quotient, above, scalar(below))


def power(base: SideContent, exponent: SideContent) -> SideContent:
    """A power, of every entry of a vector."""
    return entrywise(Power, base, scalar(exponent))


def negative(value: SideContent) -> SideContent:
    """The value with the other sign."""
    return entrywise(Negative, value)


def applied(function: str, arguments: Sequence[SideContent]) -> SideContent:
    """A function of numbers, or of every entry."""
    return entrywise(lambda *parts: Call(function, tuple(parts)), *arguments)


def transposed(matrix: Matrix) -> Matrix:
    """Rows turned into columns."""
    return Matrix(tuple(zip(*matrix.rows, strict=True)), matrix.weight)


def entry_product(left: SideContent, right: SideContent) -> SideContent:
    """The product of two matrices entry by entry."""
    return entrywise(_product, left, right)


def diagonal(value: SideContent) -> SideContent:
    """The matrix with the entries of a vector on its diagonal and 0 elsewhere."""
    entries = _flat(value) if isinstance(value, Matrix) else [value]
    if len(entries) ** 2 > MAX_ENTRIES:
        raise ShapeMismatch("the matrix is too large to compare: give single entries")
    return checked([[entry if i == j else ZERO for j in range(len(entries))] for i, entry in enumerate(entries)])


def sums(matrix: Matrix) -> SideContent:
    """The sum of each column."""
    return scalar(Matrix((tuple(_sum(list(column)) for column in zip(*matrix.rows, strict=True)),)))


def softmax(value: SideContent) -> SideContent:
    """The softmax of a vector: e to each entry over the sum of all."""
    matrix = value if isinstance(value, Matrix) else Matrix(((value,),))
    if len(_flat(matrix)) ** 2 > MAX_PRODUCTS:
        raise ShapeMismatch("the vector is too large")
    total = _sum([Call("exp", (entry,)) for entry in _flat(matrix)])
    weight = bounded(weight_of(matrix) * (len(_flat(matrix)) + 1))
    rows = ((Quotient(Call("exp", (entry,)), total) for entry in row) for row in matrix.rows)
    return Matrix(tuple(map(tuple, rows)), weight)


def checked(rows: Sequence[Sequence[Expr]]) -> Matrix:
    """A matrix whose rows are of one length and which is not too large."""
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise ShapeMismatch("the rows of the matrix are not of one length")
    if len(rows) * len(rows[0]) > MAX_ENTRIES:
        raise ShapeMismatch(
            f"a matrix of more than {MAX_ENTRIES:,} entries is too large to compare: give single entries"
        )
    return Matrix(tuple(map(tuple, rows)))


def _matrix_product(left: Matrix, right: Matrix) -> Matrix:
    (rows, inner), columns = left.shape, right.shape[1]
    if rows * inner * columns > MAX_PRODUCTS:
        raise ShapeMismatch("the matrix product is too large to compare: give single entries")
    turned = transposed(right).rows
    weight = bounded(weight_of(left) * columns + weight_of(right) * rows)
    entries = (
        tuple(_sum([_product(a, b) for a, b in zip(row, column, strict=True)]) for column in turned)
        for row in left.rows
    )
    return Matrix(tuple(entries), weight)


def _product(a: Expr, b: Expr) -> Expr:
    return Product((*a.factors, b)) if isinstance(a, Product) else Product((a, b))


def _sum(terms: list[Expr]) -> Expr:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _flat(matrix: Matrix) -> list[Expr]:
    return [entry for row in matrix.rows for entry in row]


def weight_of(value: SideContent) -> int:
    """How large the trees of a value are together."""
    if isinstance(value, Matrix) and value.weight:
        return value.weight
    return sum(1 for entry in (_flat(value) if isinstance(value, Matrix) else [value]) for _ in walk(entry))


def bounded(weight: int) -> int:
    """The weight of entries, within the bounds."""
    if weight > MAX_NODES:
        raise ShapeMismatch("the entries become too large to compare: give single entries")
    return weight


def _entry(value: SideContent, row: int, column: int) -> Expr:
    return value.rows[row][column] if isinstance(value, Matrix) else value


def _listed(shapes: Sequence[tuple[int, int]] | set[tuple[int, int]]) -> str:
    return " and ".join(f"{rows} × {columns}" for rows, columns in sorted(shapes))
