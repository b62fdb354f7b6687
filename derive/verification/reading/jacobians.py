"""Derivatives of a vector by a vector: a matrix with a row for each entry of the former, or of the latter."""

from __future__ import annotations

from derive.expressions.tree import Name
from derive.naming.quantity import NamedQuantity
from derive.verification.reading import matrices
from derive.verification.reading.model import Matrix
from derive.verification.reading.parse import Parser


def entries(parser: Parser, quantity: NamedQuantity | None, own: Matrix | None) -> list[str]:
    """The names of a vector, of the network's or of the writer's own; nothing for anything else."""
    if own is not None:
        flat = [entry for row in own.rows for entry in row]
        return [entry.name for entry in flat if isinstance(entry, Name)] if 1 in own.shape else []
    if quantity is None or quantity.shape != "vector" or quantity.by is not None or quantity.marks:
        return []
    if parser.spelling.entries(quantity) > matrices.MAX_ENTRIES:
        return []
    return [str(entry) for row in parser.spelling.names.members(quantity) for entry in row]


def jacobian(parser: Parser, above: list[str], below: list[str], start: int) -> Matrix:
    """The derivatives of each name above by each below."""
    if len(above) * len(below) > matrices.MAX_ENTRIES:
        raise parser.error(f"a matrix of more than {matrices.MAX_ENTRIES:,} entries", "give single entries", start)
    named = [tuple(Name(str(parser.resolved(f"d{one}/d{by}", start))) for by in below) for one in above]
    found = Matrix(tuple(named))
    return matrices.transposed(found) if parser.takes("jacobian") else found


__all__ = ["entries", "jacobian"]
