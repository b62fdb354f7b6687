"""Quantities over all samples of a batch: a row of a matrix for each unit, and a column for each sample."""

from __future__ import annotations

from dataclasses import replace

from flint import fmpq

from derive.expressions.tree import Expr, Name, Number, Quotient
from derive.naming.quantity import NamedQuantity
from derive.verification.reading.matrices import transposed
from derive.verification.reading.model import Matrix
from derive.verification.reading.parse import Parser

MAX_SAMPLES = 100
"""The values of at most so many samples stand in one array."""
_OF_SAMPLES = ("input", "weighted input", "activation", "output", "target", "node")


def over_samples(parser: Parser, quantity: NamedQuantity) -> Matrix | None:
    """The values of a quantity in all samples; None where all have one, or the text is about one sample."""
    rows = parser.spelling.rows
    if rows < 2 or quantity.row is not None or not _is_of_samples(parser, quantity):
        return None
    if rows > MAX_SAMPLES or parser.takes("one_sample"):
        return None
    share = quantity.by is not None and parser.takes("of_batch")
    lines: list[tuple[Expr, ...]] = []
    for entry in (entry for line in parser.spelling.names.members(quantity) for entry in line):
        names = [Name(str(replace(entry, row=row))) for row in range(1, rows + 1)]
        lines.append(tuple(Quotient(one, Number(fmpq(rows))) for one in names) if share else tuple(names))
    found = Matrix(tuple(lines))
    return transposed(found) if "in_rows" in parser.choices else found


def _is_of_samples(parser: Parser, quantity: NamedQuantity) -> bool:
    """Whether each sample has its own value of a quantity."""
    base = quantity.by or quantity.base
    if base in ("x", "yhat", "t") or base in parser.spelling.data:
        return True
    names = parser.spelling.names
    entry = names.members(replace(quantity, row=None))[0][0]
    described = names.describe(entry.by or entry.base)
    return described is not None and described.kind in _OF_SAMPLES and (entry.by or entry.base) != names.loss


__all__ = ["over_samples"]
