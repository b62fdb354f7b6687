"""The losses of rows that read one another: of all rows of a batch together."""

from __future__ import annotations

from collections.abc import Sequence

from derive.arithmetic.reals import Value
from derive.checked.kinks_held import ValuesByName
from derive.equations.batch_graph import BatchGraph, in_row
from derive.network import Network, number


class CoupledLosses:
    """What :class:`derive.checked.many_samples.ManyLosses` gives for rows that are apart.

    Args:
        rows: of the data, from 1.
        parameters: the values that a change starts from.
    """

    def __init__(self, network: Network, rows: Sequence[int], parameters: ValuesByName) -> None:
        self._batch = BatchGraph(network, tuple(rows))
        data = [{name: number(given) for name, given in network.rows[row - 1].items()} for row in rows]
        self._start = {**{name: parameters[name] for name in network.start}, **self._batch.joined(data)}
        self._outputs = [in_row(network.output, row) for row in rows]

    def losses(self, changes: Sequence[tuple[str, Value]]) -> list[list[Value]]:
        """For each change of a parameter the losses of all rows."""
        return [self._with(name, change) for name, change in changes]

    def _with(self, name: str, change: Value) -> list[Value]:
        values = {**self._start, name: self._start[name] + change}
        for node in self._batch.graph.nodes:
            self._batch.in_numbers.forward(node, values)
        return [values[output] for output in self._outputs]
