"""A common mistake as data: the step that is done in another way, and the number that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from derive.expressions.tree import Expr
from derive.lesson.quantity import Quantity
from derive.records import record
from derive.words.runs import Tex


@record
class CommonMistake:
    """A mistake that is often made in this step.

    Attributes:
        cause: as ``derive verify`` calls it; its sentence is the block of that name in ``mistakes.j2``.
        symbol: the quantity.
        right: its number.
        formula: what the mistake makes of it, in right numbers.
        facts: of the sentence.
        unless_zero: numbers that are not 0 where this is the mistake to be thought of.
    """

    cause: str
    symbol: Tex
    right: Quantity
    formula: Expr
    facts: Mapping[str, Any] = field(default_factory=dict)
    unless_zero: tuple[Quantity, ...] = ()

    @property
    def wrong(self) -> Quantity:
        """The wrong number."""
        right = self.right
        return Quantity("local", f"{self.cause}:{right.name}", right.iteration, right.sample, self.formula)
