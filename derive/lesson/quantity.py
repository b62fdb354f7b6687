"""A number of a run, by its address."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from derive.expressions.tree import Expr

START = -1
"""The iteration of the forward pass of all rows before the first update."""
FIRST_TERMS, LAST_TERMS = 3, 2
"""So many terms of a long sum over samples are written before the ellipsis, and after it."""


class CalculatorLines:
    """Lines that a reader works with one set of printed numbers: of a display, or of the row of a table.

    They are each a :class:`derive.lesson.agreement.PageLine`, which is made of quantities. Those that are ``even`` have
    as many digits as the one of them that needs most.
    """

    __slots__ = ("even", "lines")

    def __init__(self, lines: tuple[Any, ...], even: frozenset[Quantity] = frozenset()) -> None:
        self.lines, self.even = lines, even


class Quantity(NamedTuple):
    """A number of a run.

    ``kind`` is ``value``, ``gradient`` (of one sample's own loss), ``batch`` (the batch's gradient), ``updated``,
    ``state`` and ``new_state`` (of the optimizer, before and after the update), ``hyperparameter``, ``loss`` (the
    batch's), ``rate``, ``datum`` (what row ``sample`` of the data gives), ``local`` (the value of ``formula``), ``one``
    (a constant unit), ``opinion`` (``name`` is a field of it), ``count`` (likewise, a whole number) or ``fine``
    (likewise, with more digits), ``by`` (how much a parameter is raised), ``rise`` (by how much the loss then changes),
    ``predicted`` (what its derivative predicts for that), ``squares`` (the sum of the squares of what the first update
    takes), ``foretold`` (the fall that is predicted for it), ``share`` (of the parameter of rank ``iteration`` in
    that, in percent), ``worker`` (which parameter that is, printed as its symbol);
    ``rest_value`` and ``rest_gradient`` are the sums over the samples that an
    ellipsis stands for.
    ``iteration`` counts from 0; the forward pass after the last update is the one past the last, and ``START`` that of
    all rows before the first. ``sample`` counts from 0 within the batch; of a ``fall``, and of a loss printed so that
    it can be told from an earlier one (``close``), it is the iteration before.
    ``within``: the number as it is printed in these lines, which may need more digits of it than the page has.
    """

    kind: str
    name: str = ""
    iteration: int = 0
    sample: int = 0
    formula: Expr | None = None
    within: CalculatorLines | None = None


def one_address(quantity: Quantity, trained: Collection[str]) -> Quantity:
    """The one address of a number that has several: what an update gives is what the next iteration begins with.

    ``trained`` are the parameters that are updated. A number with one address has the same digits wherever it stands.
    """
    if quantity.iteration > 0:
        if quantity.kind == "state":
            return Quantity("new_state", quantity.name, quantity.iteration - 1)
        if quantity.kind == "value" and quantity.name in trained:
            return Quantity("updated", quantity.name, quantity.iteration - 1)
    return quantity
