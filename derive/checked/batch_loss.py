"""The loss of a batch as a function of the parameters: a statement of the second opinion's own.

It takes from the network what each node is and what the spec says of a batch, nothing from the run or its equations.
"""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq

from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.reals import Value
from derive.checked.kinks_held import ValuesByName
from derive.network import Network, number


class BatchLoss:
    """The mean or sum of the losses of some rows, at the precision at which it is made.

    Args:
        rows: of the data, from 1.

    Calls raise OutsideDomain where a node has no value, and Undecided where the precision does not say.
    """

    def __init__(self, network: Network, rows: Iterable[int]) -> None:
        self._network = network
        self._rows = [{name: number(given) for name, given in network.rows[row - 1].items()} for row in rows]

    def __call__(self, parameters: ValuesByName) -> Value:
        first, *others = (self._of_row({**parameters, **row}) for row in self._rows)
        total = first
        for loss in others:
            total = total + loss
        if self._network.spec.training.reduction == "mean":
            total = total / fmpq(len(self._rows))
        return total

    def _of_row(self, values: dict[str, Value]) -> Value:
        for node in self._network.graph.nodes:
            try:
                self._network.in_numbers.forward(node, values)
            except Undecided as error:
                raise error.at(node.name) from None
        return values[self._network.output]
