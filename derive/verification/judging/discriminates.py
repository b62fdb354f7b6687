"""Whether a number says anything of a quantity: a right significant digit at least.

``0.00`` for what is small is forgiven, and so is 1 for about 0.52; but nobody has computed anything with them.
"""

from __future__ import annotations

from flint import arb, fmpq

from derive.arithmetic.numbers import EXACT_BITS, plain
from derive.arithmetic.reals import Value
from derive.verification.comparing.identity import decided
from derive.verification.comparing.intervals import Interval
from derive.verification.comparing.scale import exponent_of
from derive.verification.judging.judge import Hearing


def tells(hearing: Hearing, quantity: int, number: int, *, wrong: bool) -> bool:
    """Whether side ``number``, a number or a calculation, has the first digit of the quantity on side ``quantity``.

    A ``wrong`` number has to be known to its own first digit.
    """
    try:
        return decided(lambda: _tells(hearing, quantity, number, wrong=wrong))
    except ArithmeticError:
        return False


def _tells(hearing: Hearing, quantity: int, i: int, *, wrong: bool) -> bool:
    true, here = hearing.span(quantity), hearing.span(i)
    if not true.is_point:
        return True
    if wrong:
        return _first_digit(here) > _width(here)
    if _size(true) == 0:
        return True
    number = hearing.sides[i].number
    middle = _middle(here) if number is None else _like(number.value, here)
    unit = _first_digit(true)
    return _size(Interval.point(middle - true.low)) < unit and _width(here) <= 2 * unit


def _like(size: fmpq, span: Interval) -> fmpq:
    return -size if span.high < 0 else size


def _middle(span: Interval) -> Value:
    return (span.low + span.high) / 2


def _width(span: Interval) -> Value:
    return _size(Interval.point(span.high - span.low))


def _size(span: Interval) -> Value:
    """The size of an interval's middle, near enough."""
    middle = _middle(span)
    if type(middle) is not fmpq:
        ball = plain(middle).mid()
        mantissa, exponent = ball.man_exp()
        if abs(exponent) > EXACT_BITS:  # a fraction of so many digits would take seconds
            return abs(ball)
        middle = fmpq(mantissa) * fmpq(2) ** int(exponent)
    return abs(middle)


def _first_digit(span: Interval) -> Value:
    """One unit of the first significant digit of a number; 0 of 0."""
    size = _size(span)
    if size == 0:
        return size
    unit = _ten(exponent_of(size) * 30_103 // 100_000, like=size)  # near enough: log10(2) of very many bits
    while unit > size:
        unit = unit / 10
    while unit * 10 <= size:
        unit = unit * 10
    return unit


def _ten(power: int, *, like: Value) -> Value:
    return fmpq(10) ** power if type(like) is fmpq else arb(10) ** power


__all__ = ["tells"]
