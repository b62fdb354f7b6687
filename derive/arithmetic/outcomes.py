"""Why a calculation has no result: more bits are needed, or there is no real value."""

from __future__ import annotations

from flint import arb, fmpq

from derive.arithmetic.reals import Value

TOO_LARGE = "is too large to be written"


class Uncomputable(ArithmeticError):
    """There is no number here to go on with, for a reason that is known: the base of all such outcomes.

    Where any formula at all is worked (a wrong one, one with a mistake in it), catch :class:`ArithmeticError`: that is
    these, and what python-flint raises itself, for a division by an exact 0 or a power that is too large.
    """


class Undecided(Uncomputable):
    """A ball is too wide to decide a sign or a digit at the current precision.

    ``node`` says where, if it is known; ``str``, what is to be decided: ``whether the divisor is 0``.
    """

    node = ""

    def at(self, node: str) -> Undecided:
        """The same, met at this node."""
        self.node = self.node or node
        return self


class OutsideDomain(Uncomputable):
    """A function has no real value at this argument.

    ``str`` reads ``ln of -3``; ``verdict`` finishes the sentence: ``has no real value``.
    """

    def __init__(self, what: str, value: Value, verdict: str = "has no real value") -> None:
        self.what = what
        self.value = value
        self.verdict = verdict
        super().__init__(what if "{}" not in what else what.format(brief(value)))


class NoDerivative(OutsideDomain):
    """A function has no derivative by one of its inputs here, because of ``error``."""

    def __init__(self, by: str, error: OutsideDomain) -> None:
        self.by = by
        super().__init__(f"its derivative by {by}: {error}", error.value, error.verdict)


def brief(value: Value) -> str:
    """A short decimal for a message: ``-3``, ``0.25``, ``1.7e-12``."""
    if type(value) is fmpq and value.denominator == 1 and len(str(value)) < 16:
        return str(value)
    mantissa, _, exponent = (arb(value) if isinstance(value, fmpq) else value).str(6, radius=False).partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{exponent.removeprefix('+')}" if exponent else mantissa
