"""Mistakes that come to the same number: which of them is meant is what is typed.

Where η is 1 − μ, a gradient that is averaged into the velocity looks like one that is multiplied by the learning rate;
``0.1*(1 - 0.9)*g`` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr, Name, Negative, Number, Sum, walk
from derive.verification.causes.agreement import differs
from derive.verification.causes.entry import Mistake
from derive.verification.reading.written_number import alone

AVERAGED = "momentum_averaged"
BY_THE_RATE = ("learning_rate_in_velocity", "learning_rate_twice")


def as_typed(
    found: Mistake, sides: Sequence[Expr | None], among: Iterable[Mistake],
    predicted: Callable[[Mistake], Value | None], momentum: str,
) -> Mistake:  # fmt: skip
    """The twin of a mistake that fits what is typed better and predicts the same; else the mistake itself."""
    worked = [side for side in sides if side is not None and alone(side) is None]
    if found.cause not in (AVERAGED, *BY_THE_RATE) or not worked:
        return found
    rest = any(_is_rest(part, momentum) for side in worked for part in walk(side))
    if rest is (found.cause == AVERAGED):
        return found
    value = predicted(found)
    if value is None:
        return found
    for other in among:
        if other.cause in ((AVERAGED,) if rest else BY_THE_RATE):
            there = predicted(other)
            if there is not None and not differs(there, value):
                return other
    return found


def _is_rest(part: Expr, momentum: str) -> bool:
    """Whether this is 1 less a share: ``1 - 0.9``, ``1 - momentum``."""
    if not isinstance(part, Sum) or len(part.terms) != 2:
        return False
    one, less = part.terms
    share = less.operand if isinstance(less, Negative) else None
    if one != Number(fmpq(1)):
        return False
    return share == Name(momentum) or (isinstance(share, Number) and 0 < share.value < 1)


__all__ = ["as_typed"]
