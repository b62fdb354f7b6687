"""Letters of constants that a file uses for something of its own: ``e = -0.35``, ``delta = e*y*(1 - y)``.

A writer who sets e equal to another number, or to a calculation, does not mean Euler's number: what it is instead
cannot be told, so that such a line, and one in which e is a factor from there on, is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq

from derive.expressions.functions import CONSTANTS
from derive.expressions.tree import Constant, Expr, Negative, Number, Power, children
from derive.verification.comparing.near_constants import is_near_constant
from derive.verification.comparing.verdict import Reason
from derive.verification.reading import Chain, Matrix, Side, Spelling
from derive.verification.reading.unknown import UNKNOWN, hint_for


class OwnConstants:
    """The constants' letters that one file has given other meanings by now."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, chain: Chain) -> None:
        """What the first side of a chain is set equal to."""
        first, second = chain.sides[0].expr, chain.sides[1].expr
        if isinstance(first, Constant) and first.name in CONSTANTS and second is not None:
            value = None if isinstance(second, Matrix) else _number(second)
            if value is None or not is_near_constant(value, first.name):
                self._taken.add(first.name)

    def reason(self, sides: Iterable[Side | None], spelling: Spelling) -> Reason | None:
        """Why a relation between two sides is not judged; None where they have none of these letters."""
        for side in sides if self._taken else ():
            if side is None or side.expr is None or isinstance(side.expr, Matrix):
                continue
            for name in self._taken & set(_standing(side.expr)):
                problem = f"{UNKNOWN}'{name}'"
                return Reason("unreadable", {"problem": problem, "hint": hint_for(spelling, problem, "", again=True)})
        return None


def _standing(expr: Expr) -> list[str]:
    """The constants of a formula that are no base of a power: ``e^{-z}`` is an exponential."""
    if isinstance(expr, Constant):
        return [expr.name]
    parts = (expr.exponent,) if isinstance(expr, Power) and isinstance(expr.base, Constant) else children(expr)
    return [name for part in parts for name in _standing(part)]


def _number(expr: Expr) -> fmpq | None:
    if isinstance(expr, Negative):
        value = _number(expr.operand)
        return None if value is None else -value
    return expr.value if isinstance(expr, Number) else None


__all__ = ["OwnConstants"]
