"""The lines of a document checked: what stands before a value must give that value.

The second opinion proves the numbers of a run; a page says how a reader finds them. Each line with numbers put in is
worked with the exact quantities that its printed numbers stand for, in certified balls. Where the outcome and the
value do not meet, the line is false, and nothing is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flint import fmpq

from derive.arithmetic.numbers import settled
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.reals import Value
from derive.errors import FAULT, DeriveError
from derive.lesson.agreement import PageLine
from derive.lesson.quantity import Quantity

if TYPE_CHECKING:
    from derive.lesson.figures import Figures


def check(figures: Figures, lines: Iterable[PageLine]) -> None:
    """Check that lines give the numbers of the run that stand after them.

    A line that has no value in balls (beyond the limits of arithmetic) says nothing.

    Raises:
        DeriveError: where one certainly does not; nothing may be printed then.
    """
    truth = figures.truth
    for line in lines:
        if _is_false(truth, line):
            raise DeriveError(
                figures.network.spec.path,
                f"the line that leads to {_said(truth, line.quantity)} does not give it: nothing is printed",
                FAULT,
            )


def _is_false(truth: Figures, line: PageLine) -> bool:
    """Whether a line and its value do not meet."""
    try:
        found = line.compute(*map(truth.number, line.operands))
        return apart(found, truth.number(line.quantity))
    except (OutsideDomain, Undecided):
        return False


def apart(one: Value, other: Value) -> bool:
    """Whether two numbers are certainly not the same."""
    difference = settled(one - other)
    return bool(difference != 0) if isinstance(difference, fmpq) else bool(difference > 0 or difference < 0)


def _said(figures: Figures, quantity: Quantity) -> str:
    """A quantity in the names of the contract: ``z1_4[2]``, ``dE/dw1_4_3``, ``w1_4_3'``."""
    output, several = figures.network.output, len(figures.network.rows) > 1
    row = f"[{figures.sample(quantity.iteration, quantity.sample).row}]" if several else ""
    match quantity.kind:
        case "value":
            return f"{quantity.name}{row}"
        case "gradient":
            return f"d{output}/d{quantity.name}{row}"
        case "batch":
            return f"d{output}/d{quantity.name}"
        case "updated":
            return f"{quantity.name}'"
        case _:
            return quantity.name or output
