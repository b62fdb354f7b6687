"""A chain of matrices as chains of scalars, one for each entry; and back to one finding for each relation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.expressions.tree import Derivative, Expr, Name, Negative, substitute, walk
from derive.naming.names import Names
from derive.network import Network
from derive.network.operations import Elementwise
from derive.records import record
from derive.verification.comparing.chain import ScalarChain
from derive.verification.comparing.side import ScalarSide, without_derivatives
from derive.verification.points.point import NoQuantity
from derive.verification.reading.model import Chain, Matrix, Side

MAX_ENTRIES = 4096
"""At most this many entries of a matrix are judged."""
TOO_LARGE = ScalarSide(None, f"a matrix of more than {MAX_ENTRIES} entries")
RULE_ACTIVATION = "a"
SEVERITY = ("holds", "rounding", "follows", "unreadable", "wrong")
"""The verdict on matrices is the worst on their entries."""


@record
class InScalars:
    """A chain laid out in scalars.

    Attributes:
        lines: one for each entry, row by row.
        misfits: for a side whose shape is another one, what it should be and what it is.
        negated: every side has the other sign, so that ``-delta1_1 = 0.5`` is about ``delta1_1``.
    """

    lines: tuple[ScalarChain, ...]
    misfits: dict[int, tuple[str, str]]
    negated: bool = False


def laid_out(chain: Chain, tied: Expr | None = None) -> InScalars:
    """The scalar chains of a chain; in a rule about z, ``tied`` is what a is."""
    sides = [_plain(side.expr) for side in chain.sides]
    signs = tuple(relation.sign for relation in chain.relations)
    shape = next((side.shape for side in sides if isinstance(side, Matrix)), None)
    if shape is None:
        said = tuple(_said(side, tied) for side in chain.sides)
        negated = _is_negated(said[0])
        return InScalars((ScalarChain(tuple(map(_negative, said)) if negated else said, signs),), {}, negated)
    rows, columns = shape
    if rows * columns > MAX_ENTRIES:
        return InScalars((ScalarChain((TOO_LARGE,) * len(sides), signs),), {})
    misfits: dict[int, tuple[str, str]] = {}
    entries: list[Sequence[ScalarSide]] = []
    for i, (side, written) in enumerate(zip(sides, chain.sides, strict=True)):
        if not isinstance(side, Matrix):
            entries.append([_said(written)] * (rows * columns))
            continue
        turned = _turned(side, shape)
        if turned.shape == shape:
            entries.append([_of(entry, written.in_numbers) for row in turned.rows for entry in row])
        else:
            misfits[i] = (_size(shape), _size(side.shape))
            entries.append([ScalarSide(None)] * (rows * columns))
    return InScalars(tuple(ScalarChain(tuple(line), signs) for line in zip(*entries, strict=True)), misfits)


def _is_negated(said: ScalarSide) -> bool:
    return isinstance(said.expr, Negative) and isinstance(said.expr.operand, Name)


def _negative(said: ScalarSide) -> ScalarSide:
    """The side with the other sign."""
    expr = said.expr
    if expr is None:
        return said
    return replace(said, expr=expr.operand if isinstance(expr, Negative) else Negative(expr))


def _plain(value: Expr | Matrix | None) -> Expr | Matrix | None:
    """A matrix of one entry is that entry."""
    return value.rows[0][0] if isinstance(value, Matrix) and value.shape == (1, 1) else value


def _turned(matrix: Matrix, shape: tuple[int, int]) -> Matrix:
    """A vector written as a row where a column stands, or the other way round."""
    if 1 in matrix.shape and matrix.shape == shape[::-1]:
        return Matrix(tuple(zip(*matrix.rows, strict=True)))
    return matrix


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[0]} × {shape[1]}"


def _said(side: Side, tied: Expr | None = None) -> ScalarSide:
    value = _plain(side.expr)
    if value is None or isinstance(value, Matrix):
        return ScalarSide(None, side.problem, side.hint)
    return _of(value if tied is None else substitute(value, {RULE_ACTIVATION: tied}), side.in_numbers)


def ties(chain: Chain, network: Network) -> tuple[Expr, ...]:
    """What the a of a rule about z may be: each activation of the network; nothing where there is no such a."""
    if RULE_ACTIVATION in network.names.taken:
        return ()
    sides = [side.expr for side in chain.sides if isinstance(side.expr, Expr)]
    if not any(type(part) is Name and part.name == RULE_ACTIVATION for side in sides for part in walk(side)):
        return ()
    operations = (node.operation for node in network.graph.nodes)
    return tuple(dict.fromkeys(o.call for o in operations if isinstance(o, Elementwise)))


def _of(expr: Expr, in_numbers: bool = False) -> ScalarSide:
    said = ScalarSide(expr, in_numbers=in_numbers)
    if not any(type(part) is Derivative for part in said.parts):
        return said
    try:
        return ScalarSide(without_derivatives(expr), in_numbers=in_numbers)
    except NoQuantity as error:
        return ScalarSide(None, str(error))


def subject_of(chain: Chain, subject: int, names: Names) -> str | None:
    """The canonical name of the quantity that a side is, a whole layer's included."""
    value = _plain(chain.sides[subject].expr)
    if isinstance(value, Name):
        return value.name
    if not isinstance(value, Matrix):
        return None
    entries = [entry.name for row in value.rows for entry in row if isinstance(entry, Name)]
    if len(entries) != len(value.rows) * len(value.rows[0]):
        return None
    return next((whole for whole in _wholes(entries[0], names) if _members(whole, names) == entries), None)


def _wholes(entry: str, names: Names) -> Iterator[str]:
    """What the vector or matrix with this first entry may be called."""
    try:
        quantity = names.resolve(entry)
    except ValueError:
        return
    described = names.describe(quantity.by or quantity.base)
    if described is None:
        return
    letters = {"weight": "W", "bias": "b", "weighted input": "z", "activation": "a"}
    others = {"input": "x", "output": "yhat", "target": "t"}
    letter = letters.get(described.kind)
    whole = f"{letter}{described.layer}" if letter else others.get(described.kind, "")
    if not whole:
        return
    if quantity.delta:
        yield f"delta{described.layer}{quantity.marks}"
    yield (f"d{quantity.base}/d{whole}" if quantity.by else whole) + quantity.marks


def _members(whole: str, names: Names) -> list[str]:
    try:
        return [str(entry) for row in names.members(names.resolve(whole)) for entry in row]
    except ValueError:
        return []
