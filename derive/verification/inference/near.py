"""Whether a number in a text is a value, but for what rounding on the way leaves."""

from __future__ import annotations

from flint import arb, fmpq

from derive.expressions.grammar import exact
from derive.verification.reading.written_number import as_computed, last_place

NEAR = 3
"""A result that was worked from rounded numbers is so many units of its last place away, at most."""
ROUNDED = fmpq(51, 100)
"""A value that is rounded is so many units of its last place away, at most."""
OF_ITSELF = fmpq(1, 50)
"""Of a number with few digits, what rounding on the way leaves is at most so much of itself."""


def is_near(written: str, value: fmpq | arb, units: fmpq | int = NEAR) -> bool:
    """Whether a number with its sign is a value, but for so many units of its last place: rounding on the way."""
    try:
        number, unit = exact(as_computed(written.lstrip("-"))), last_place(written.lstrip("-"))
    except (ValueError, OverflowError):
        return False
    number = -number if written.startswith("-") else number
    unit = fmpq(0) if unit >= 1 else unit
    room = arb(min(unit * units, unit * ROUNDED + abs(number) * OF_ITSELF))
    return bool(abs(arb(value) - arb(number)).abs_lower() <= room)


__all__ = ["NEAR", "ROUNDED", "is_near"]
