"""Whether a number is meant to be π's or Euler's: a letter of theirs that has another one is something else."""

from __future__ import annotations

from flint import arb, fmpq

from derive.expressions.functions import CONSTANTS

NEAR_A_CONSTANT = fmpq(1, 20)
"""A number that is off by less than this share is meant to be the constant's."""


def is_near_constant(value: fmpq, name: str) -> bool:
    """Whether a number may be meant for that of a constant.

    >>> is_near_constant(fmpq(28, 10), "e"), is_near_constant(fmpq(-35, 100), "e")
    (True, False)
    """
    constant = CONSTANTS[name]()
    return bool(abs(arb(value) - constant) < constant * arb(NEAR_A_CONSTANT))


__all__ = ["is_near_constant"]
