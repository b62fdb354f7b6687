"""What a file says of single outputs' shares in the loss: ``E_1 = 0.148``, ``E_2 = 0.219``, ``E = E_1 + E_2 = 0.367``.

A share is no quantity of the network, so that what is believed of one is no believed quantity either; a sum of shares
that is rightly added up from wrong ones follows from them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flint import fmpq

from derive.expressions.tree import Expr, Name, Negative, Number, Sum
from derive.records import record
from derive.verification.comparing.numerals import HALF
from derive.verification.judging.judge import Hearing
from derive.verification.reading.written_number import unit_of


@record
class StatedShare:
    """The number that a share was last given, how far it may be rounded, and the line where it first went wrong."""

    value: fmpq
    room: fmpq
    wrong: int | None


class LossShares:
    """The shares of one file's loss as far as they are stated; ``shares`` are the formulas of all of them."""

    def __init__(self, shares: Collection[Expr], loss: str) -> None:
        self._shares = tuple(shares)
        self._loss = Name(loss) if loss else None
        self._stated: dict[Expr, StatedShare] = {}

    def take(self, hearing: Hearing, line: int | None) -> None:
        """What a chain says of a share, and the line that it is wrong from; None where it is right."""
        share, last = hearing.sides[0].expr, hearing.sides[-1].expr
        if share in self._shares and last is not None and (number := _number(last)) is not None:
            self._stated[share] = StatedShare(*number, line)

    def origin(self, hearing: Hearing, i: int) -> int | None:
        """The line of the wrong share from which the relation before side ``i`` follows; None where it does not."""
        if not any(one.wrong for one in self._stated.values()):
            return None
        left, right = hearing.sides[i - 1].expr, hearing.sides[i].expr
        number = None if right is None else _total(right)
        terms = self._terms(left)
        if number is None or not terms:
            return None
        value, room = number
        stated = [self._stated[term] for term in terms]
        total, reach = sum((one.value for one in stated), fmpq(0)), sum((one.room for one in stated), fmpq(0))
        lines = [one.wrong for one in stated if one.wrong is not None]
        return min(lines, default=None) if abs(total - value) <= reach + room else None

    def _terms(self, left: Expr | None) -> Sequence[Expr]:
        """The shares that a side adds up, where all of them are stated."""
        terms = self._shares if left is not None and left == self._loss else left.terms if isinstance(left, Sum) else ()
        return terms if all(term in self._stated for term in terms) else ()


def _number(expr: Expr) -> tuple[fmpq, fmpq] | None:
    """A number with its sign, and how far it may be rounded."""
    if isinstance(expr, Negative):
        found = _number(expr.operand)
        return None if found is None else (-found[0], found[1])
    if not isinstance(expr, Number):
        return None
    unit = unit_of(expr.written)
    return expr.value, HALF * unit if unit is not None else fmpq(0)


def _total(expr: Expr) -> tuple[fmpq, fmpq] | None:
    """A number, or a sum of numbers."""
    found = [_number(term) for term in (expr.terms if isinstance(expr, Sum) else (expr,))]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    return sum((value for value, _ in known), fmpq(0)), sum((room for _, room in known), fmpq(0))


__all__ = ["LossShares"]
