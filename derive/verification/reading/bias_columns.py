r"""Matrices of weights that have the biases in a column of their own: ``Θ^{(1)} = [0.1 0.3 -0.2; -0.1 0.5 0.4]``.

A vector that is multiplied by one gets the constant 1 in its place; in ``(Θ^{(2)})^T δ^{(3)}`` the row of the biases is
left out where it does not fit, as there is no δ of the constant unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from flint import fmpq

from derive.expressions.tree import ONE, Expr, Name, names_in
from derive.naming.names import Names
from derive.naming.quantity import NamedQuantity
from derive.network.build import rational
from derive.patterns import regex
from derive.verification.reading import matrices
from derive.verification.reading.model import Matrix, SideContent
from derive.verification.reading.spelling import Spelling

FIRST, LAST = "biases_first", "biases_last"
"""What a whole file says: where the column of the biases stands in its matrices of weights."""
_LITERAL = regex(
    r"[\^_][ \t]?\{?[ \t]?[(\[]?(?P<layer>[1-9])[)\]]?[ \t]?\}?[ \t]*&?[ \t]*=[ \t]*&?[ \t]*"
    r"(?:\\left[ \t]*[(\[][ \t]*)?(?:\\begin\{[bpB]?matrix\}|\[)(?P<body>[-−+0-9.,;&\\ \t\n\[\]]{3,2000}?)"
    r"(?:\\end\{[bpB]?matrix\}|\](?![ \t]*,))"
)
_NUMBER = regex(r"[-−+]?[0-9]*\.?[0-9]+")
MAX_LITERALS = 40
"""At most this many matrices of numbers of a text are looked at."""


def bias_column(text: str, spelling: Spelling) -> str:
    """Where the biases stand in a text's matrices of weights, beside these; nothing where they have none."""
    names = spelling.names
    for found in islice(_LITERAL.finditer(text), MAX_LITERALS if names.sizes else 0):
        layer = int(found["layer"])
        rows = [_NUMBER.findall(row) for row in re.split(r"\\\\|;|\]\s*,\s*\[|\n", found["body"])]
        rows = [row for row in rows if row]
        for one in (layer, layer - 1):
            if not 1 <= one <= len(names.sizes) or one in names.unbiased or names.rows(one) != names.sizes[one - 1]:
                continue
            if len(rows) != names.sizes[one - 1] or {len(row) for row in rows} != {names.columns(one) + 1}:
                continue
            place = _place(rows, one, spelling)
            if place:
                return place
    return ""


def _place(rows: Sequence[Sequence[str]], layer: int, spelling: Spelling) -> str:
    """Where most of a matrix's numbers are those of the spec."""
    names = spelling.names
    biases = [_given(spelling, names.bias(layer, j)) for j in range(1, len(rows) + 1)]
    weights = [
        [_given(spelling, names.weight(layer, j, i)) for i in range(1, len(rows[0]))] for j in range(1, len(rows) + 1)
    ]
    written = [[fmpq(*_parts(number)) for number in row] for row in rows]
    size, best = len(rows) * len(rows[0]), ""
    most = size // 2
    for place in (FIRST, LAST):
        expected = [[bias, *row] if place == FIRST else [*row, bias] for bias, row in zip(biases, weights, strict=True)]
        alike = sum(
            a == b for one, other in zip(written, expected, strict=True) for a, b in zip(one, other, strict=True)
        )
        if alike > most:
            best, most = place, alike
    return best


def _parts(number: str) -> tuple[int, int]:
    """A decimal number as a fraction."""
    whole, _, places = number.replace("−", "-").partition(".")
    return int(f"{whole}{places}"), 10 ** len(places)


def _given(spelling: Spelling, name: str) -> fmpq | None:
    given = spelling.start.get(name)
    return rational(given) if given is not None else None


def place_of(choices: frozenset[str]) -> str:
    """Where a file has its biases."""
    return FIRST if FIRST in choices else LAST if LAST in choices else ""


def with_biases(place: str, names: Names, quantity: NamedQuantity, weights: Matrix) -> Matrix:
    """A layer's weights, or what there is for each of them, with that for its biases beside."""
    base = quantity.by or quantity.base
    if not place or not base[1:].isdigit() or int(base[1:]) in names.unbiased:
        return weights
    bias = f"b{base[1:]}"
    beside = replace(quantity, by=bias) if quantity.by else replace(quantity, base=bias)
    column = [row[0] for row in names.members(replace(beside, shape="vector"))]
    entries = [Name(str(one)) for one in column]
    rows = zip(entries, weights.rows, strict=True)
    return Matrix(tuple((entry, *row) if place == FIRST else (*row, entry) for entry, row in rows))


def fitted(place: str, names: Names, left: SideContent, right: SideContent) -> tuple[SideContent, SideContent]:
    """The factors of a product, with the constant 1 in a vector where the biases of the other factor need it."""
    if not place or not isinstance(right, Matrix):
        return left, right
    if isinstance(left, Matrix) and left.shape[1] == right.shape[0] + 1 and _has_biases(left, place):
        return left, _with_one(right, place)
    outer = not isinstance(left, Matrix) or left.shape[1] == 1
    if outer and right.shape[0] == 1 and _is_a_layers_output(names, right):
        return left, matrices.transposed(_with_one(matrices.transposed(right), place))
    return left, right


def without_biases(values: Sequence[SideContent]) -> list[SideContent]:
    """The terms or factors of one shape, where one has a row for the constant unit and the others have not."""
    heights = {value.shape for value in values if isinstance(value, Matrix)}
    if len(heights) != 2:
        return list(values)
    low, high = sorted(heights)
    if high[0] != low[0] + 1 or high[1] != low[1]:
        return list(values)
    return [_shortened(value) if isinstance(value, Matrix) and value.shape == high else value for value in values]


def _shortened(matrix: Matrix) -> Matrix:
    """A matrix without the row that is made of biases."""
    made = [any(_is_a_bias(name) for name in names_in(row[0])) for row in matrix.rows]
    if sum(made) != 1:
        return matrix
    return Matrix(tuple(row for row, biases in zip(matrix.rows, made, strict=True) if not biases), matrix.weight)


def _has_biases(matrix: Matrix, place: str) -> bool:
    column = [row[0 if place == FIRST else -1] for row in matrix.rows]
    return all(any(map(_is_a_bias, names_in(entry))) for entry in column)


def _is_a_bias(name: str) -> bool:
    return re.match(r"b[0-9]+_[0-9]", name) is not None


def _with_one(column: Matrix, place: str) -> Matrix:
    ones: tuple[Expr, ...] = (ONE,) * column.shape[1]
    return Matrix((ones, *column.rows) if place == FIRST else (*column.rows, ones), column.weight)


def _is_a_layers_output(names: Names, row: Matrix) -> bool:
    """Whether a row is what a layer, or the inputs, give to the next layer."""
    entries = [entry.name for entry in row.rows[0] if isinstance(entry, Name)]
    if entries == list(names.inputs):
        return True
    sizes = enumerate(names.sizes[:-1], 1)
    return any(entries == [names.a(layer, unit) for unit in range(1, size + 1)] for layer, size in sizes)


__all__ = ["FIRST", "LAST", "bias_column", "fitted", "place_of", "with_biases", "without_biases"]
