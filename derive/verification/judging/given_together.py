"""Several givens with one number: ``w_1 = w_2 = b = 0.1`` says what each of them is, and not that all are one."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from derive.expressions.tree import Expr, Negative, Number
from derive.verification.comparing.side import ScalarSide
from derive.verification.points.point import Points


def given_together(sides: Sequence[ScalarSide], worlds: Points) -> bool:
    """Whether a chain is names of givens, and at its end the number that the spec gives to each of them."""
    value = _value(sides[-1].expr)
    if value is None or len(sides) < 3:
        return False
    return all(_is_given(side, value, worlds) for side in sides[:-1])


def _is_given(side: ScalarSide, value: fmpq, worlds: Points) -> bool:
    if side.subject is None:
        return False
    address = worlds.addresses[side.subject]
    return address.kind == "value" and worlds.is_given(address) and worlds.truth.at(address) == value


def _value(expr: Expr | None) -> fmpq | None:
    if isinstance(expr, Negative) and isinstance(expr.operand, Number):
        return -expr.operand.value
    return expr.value if isinstance(expr, Number) else None


__all__ = ["given_together"]
