"""A number next to a rational: as good on the right of a ball as on its left."""

from __future__ import annotations

import operator

import pytest
from flint import arb, ctx, fmpq

from derive.arithmetic.numbers import settled
from derive.arithmetic.offsets import Offset


@pytest.mark.parametrize("operate", [operator.add, operator.sub, operator.mul, operator.truediv])
@pytest.mark.parametrize("left", [arb(0), arb(2), arb(1) / 3, fmpq(2), fmpq(1, 3), 2])
@pytest.mark.parametrize("limit", [fmpq(1), fmpq(-3, 7)])
def test_no_radius_is_lost_on_the_right(operate, left, limit) -> None:
    rest = arb(1) / 3 * arb(2) ** -60
    found = settled(operate(left, Offset(limit, rest)))
    ctx.prec, before = 400, ctx.prec
    try:
        true = operate(
            left if not isinstance(left, arb) or left.rad() == 0 else arb(1) / 3,
            arb(limit) + arb(1) / 3 * arb(2) ** -60,
        )
        assert found.overlaps(true)
        assert found.rad() > 0 or found == 0
    finally:
        ctx.prec = before
