"""What the independent routes say of a run, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.records import record


@record
class DifferenceQuotient:
    """The numerical method worked for one parameter: (E(p + h) - E(p - h)) / 2h.

    ``digits`` significant digits of the two losses let a reader see their difference.
    """

    parameter: str
    h: fmpq
    above: Value
    below: Value
    value: Value
    gradient: Value
    digits: int = 12


@record
class SmallChange:
    """What raising one parameter does to the loss of the first batch.

    ``by`` is how much it was raised, ``rise`` what the loss has more after it, worked without derivatives.
    """

    by: fmpq
    rise: Value


@record
class Opinion:
    """What the independent routes say.

    Attributes:
        digits: decimal digits to which gradients and differences agree, at the least: of all derivatives of a sample
            together, measured by the sum of the sizes of gradient × amount.
        compared: how many derivatives were checked so; in the sequential order, each by itself.
        alone: how many parameters of the first iteration were moved one at a time as well.
        quotients: the numerical method for a parameter (the first shown one where that can be), with a step a reader
            can follow; none where every step would leave a kink.
        forward_passes: evaluations that differences for every parameter would cost (n + 1, and 2n central).
        symbolic: whether ``sympy.diff`` of the composed loss was a third route.
        lines: how many lines of both passes SymPy worked again, where that was asked for; ``passed_over``: how many it
            could not (:mod:`derive.checked.steps_by_sympy`).
        changes: by their names, what raising the shown parameters does (:mod:`derive.checked.small_changes`).
    """

    digits: int
    compared: int
    alone: int
    quotients: tuple[DifferenceQuotient, ...]
    forward_passes: tuple[int, int]
    symbolic: bool
    lines: int = 0
    passed_over: int = 0
    changes: Mapping[str, SmallChange] = field(default_factory=dict)
