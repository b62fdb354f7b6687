r"""The length of a vector between bars, and its square, and that of a matrix: ``\|\hat y - y\|^2``, ``\|W\|_F^2``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import fmpq

from derive.expressions.tree import Number, Power, Sum
from derive.verification.reading import matrices
from derive.verification.reading.model import Matrix, SideContent

if TYPE_CHECKING:
    from derive.verification.reading.parse import Parser

_TWO = Number(fmpq(2))


def doubled(parser: Parser) -> bool:
    """Whether a second bar stands right behind the first; goes over it."""
    here, before = parser.here, parser.tokens[parser.at - 1]
    second = here is not None and here.text == before.text and here.start == before.end
    parser.at += second
    return second


def is_double(written: str) -> bool:
    r"""Whether a bar is two in one sign: ``\|``, ``\lVert``, ``‖``."""
    return "\\|" in written or "Vert" in written or written in ("‖", "∥")


def between_bars(parser: Parser, value: SideContent, *, double: bool) -> SideContent:
    """The absolute value; between two bars a vector's length, or its square with the 2 above; goes over that.

    The length of a matrix, with an F below, is that of all its entries; that of a number is its size.
    """
    frobenius = double and _goes_over(parser, "_", "F")
    if not double or not isinstance(value, Matrix) or value.shape == (1, 1):
        if double:
            _goes_over(parser, "_")
        return parser.shaped(matrices.applied, "abs", [value])
    if 1 not in value.shape and not frobenius:
        return parser.shaped(matrices.applied, "abs", [value])
    _goes_over(parser, "_")
    squares = parser.shaped(lambda vector: Sum(tuple(Power(one, _TWO) for row in vector.rows for one in row)), value)
    if _goes_over(parser, "^"):
        return squares
    return parser.shaped(matrices.applied, "sqrt", [squares])


def _goes_over(parser: Parser, sign: str, script: str = "2") -> bool:
    """Whether a script, a 2 if none is said, stands below or above; goes over it."""
    texts = [token.text for token in parser.tokens[parser.at : parser.at + 4]]
    length = 2 if texts[:2] == [sign, script] else 4 if texts == [sign, "{", script, "}"] else 0
    parser.at += length
    return bool(length)


__all__ = ["between_bars", "doubled", "is_double"]
