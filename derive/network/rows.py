"""Operations that read a quantity in all rows of a batch; rows are streamed one by one where a network has none.

In the graph of one row their inputs are named as any others. In the graph of a batch
(:mod:`derive.equations.batch_graph`) they stand for the inputs of all rows, with the row's mark: ``z[1]``, ``z[2]``.
"""

from __future__ import annotations

from derive.expressions.evaluate import Closure, Compiler
from derive.expressions.tree import Expr, Name, plus, substitute
from derive.network.operations import InputNames, Operation
from derive.ops.objectives import TOTAL, Objective


class OverRows(Operation):
    """One number of a batch, made of one quantity in all its rows: their mean, their sum.

    Its inputs are that quantity in the rows of the batch. What uses the number has it in every row.
    """

    def __init__(self, entry: Objective) -> None:
        self.kind = entry.name
        self._entry = entry
        self._compiled: dict[int, tuple[Closure, Closure]] = {}

    def formula(self, node: str, inputs: InputNames) -> Expr:
        return substitute(self._entry.stated(len(inputs))[0], {TOTAL: plus(*map(Name, inputs))})

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        return substitute(self._entry.stated(len(inputs))[1], {TOTAL: plus(*map(Name, inputs))})

    def in_total(self, count: int) -> tuple[Closure, Closure]:
        """The number and its derivative by any of so many inputs, both as functions of the inputs' sum."""
        found = self._compiled.get(count)
        if found is None:
            compiler = Compiler((TOTAL,))
            value, slope = map(compiler.closure, self._entry.stated(count))
            found = self._compiled[count] = value, slope
        return found


class BetweenRows(Operation):
    """A number for every row, in which the inputs of all rows of the batch may stand."""

    def in_row(self, place: int, count: int) -> Operation:
        """What it is in one row, whose place among so many is counted from 0.

        The inputs of what is returned are those of this operation, each in all rows: x[1], x[2], …, y[1], y[2], …
        """
        raise NotImplementedError
