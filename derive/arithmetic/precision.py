"""How precisely numbers are worked just now: the bits of a ball, residues taken along or not, the last try or not.

All three hold inside a ``with`` block of this module and nowhere else. :func:`enough_precision` is what sets them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from flint import ctx

from derive.arithmetic.outcomes import Undecided

T = TypeVar("T")

MIN_PRECISION = 128
"""At least this many bits."""
MAX_PRECISION = 1 << 15
"""At most this many bits, or four times the first precision where that is more."""
TRACING_FROM = 8
"""At so many times the first precision residues are taken along: it may be a zero that no precision proves."""

_TRACING: ContextVar[bool] = ContextVar("tracing", default=False)
_BOUNDING: ContextVar[bool] = ContextVar("bounding", default=False)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Balls carry ``bits`` bits inside the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


@contextmanager
def tracing(wanted: bool = True) -> Iterator[None]:
    """Balls carry residues inside the block: exact zeros and ties are seen (:mod:`derive.arithmetic.residues`)."""
    token = _TRACING.set(wanted)
    try:
        yield
    finally:
        _TRACING.reset(token)


def is_tracing() -> bool:
    """Whether balls carry residues now."""
    return _TRACING.get()


@contextmanager
def bounding(wanted: bool = True) -> Iterator[None]:
    """Inside the block a ball around 0 may be printed by its bound: no higher precision is left that could decide it.

    Only what is printed goes by the bound; whatever is to be decided (a side of a kink, a divisor) stays undecided.
    """
    token = _BOUNDING.set(wanted)
    try:
        yield
    finally:
        _BOUNDING.reset(token)


def is_bounding() -> bool:
    """Whether a ball around 0 may be printed by its bound."""
    return _BOUNDING.get()


def enough_precision(compute: Callable[[], T], first: int = MIN_PRECISION, last: int = MAX_PRECISION) -> T:
    """``compute()`` at twice the precision again and again until nothing in it is :class:`Undecided`.

    In the last try, balls around 0 count as what they are: 0 or very small (:func:`bounding`).

    Raises:
        Undecided: where ``last`` bits (or four times the first precision) do not decide it either.
    """
    bits, last = first, max(last, 4 * first)
    while True:
        try:
            with precision(bits), tracing(bits >= TRACING_FROM * first), bounding(2 * bits > last):
                return compute()
        except Undecided:
            bits *= 2
            if bits > last:
                raise
