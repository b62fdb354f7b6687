"""The rows of a batch as nodes of one graph, up to its objective: the same chain rule holds for all of it.

Every quantity of a row has the row's mark (``z1_1[2]``); a parameter stands once, with a copy of it in each row, so
that its gradient, the sum over the rows, is that of any quantity used several times. On top stand the sum of the rows'
losses and the objective. Where no row reads another one, a run works the rows one after the other and makes no such
graph: a test holds both to the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from derive.equations.objective import objective_of_total
from derive.expressions.tree import Name, names_in
from derive.network import Network
from derive.network.graph import Graph, Node
from derive.network.in_numbers import NodesInNumbers
from derive.network.operations import Formula
from derive.network.rows import BetweenRows, OverRows
from derive.ops import OBJECTIVES
from derive.records import record

T = TypeVar("T")


def in_row(name: str, row: int) -> str:
    """The name of a quantity in a row of the data, counted from 1."""
    return f"{name}[{row}]"


@record(slots=False)
class BatchGraph:
    """The graph of a batch.

    Attributes:
        rows: of the data, from 1.
    """

    network: Network
    rows: tuple[int, ...]

    @property
    def total(self) -> str:
        """The name of the sum of the rows' losses, which no author can give."""
        return f"sum of {self.network.output}"

    @cached_property
    def graph(self) -> Graph:
        """All rows, up to the sum of their losses: by it, a quantity of a row has the gradient of that row's own loss.

        Where rows read one another, it has that of all losses together.
        """
        network = self.network
        leaves = [*network.start, *(in_row(name, row) for row in self.rows for name in self._data)]
        nodes = [*self._copies(), *self._nodes()]
        losses = tuple(in_row(network.output, row) for row in self.rows)
        nodes.append(Node(self.total, OverRows(OBJECTIVES["sum"]), losses))
        return Graph(tuple(leaves), tuple(nodes), self.total)

    @cached_property
    def whole(self) -> Graph:
        """The same up to the objective: by it, each parameter has the gradient of the batch."""
        network, rows = self.network, self.graph
        formula = objective_of_total(network, len(self.rows), Name(self.total))
        operation = Formula(formula, names_in(formula))
        top = Node(network.output, operation, operation.inputs)
        return Graph(rows.leaves, (*rows.nodes, top), network.output)

    @cached_property
    def in_numbers(self) -> NodesInNumbers:
        """The numbers of the graph's nodes."""
        return NodesInNumbers(self.network.relu_at_zero)

    @cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """The quantity that each name of the graph stands for, and its row; 0 of what belongs to the batch."""
        rows = {in_row(name, row): (name, row) for row in self.rows for name in self.network.graph.names}
        return {**rows, **{name: (name, 0) for name in (*self.network.start, *self._of_batch)}}

    @cached_property
    def by_gradients(self) -> Mapping[str, str]:
        """The nodes by the names of the gradients by them."""
        return {self.network.names.gradient(node.name): node.name for node in self.graph.nodes}

    def row_of(self, name: str) -> int:
        """The row in which a name of the graph stands; 0 where it stands in none."""
        return self.places.get(name, (name, 0))[1]

    def named(self, name: str, row: int) -> str:
        """The name in the graph of a quantity in a row; what belongs to the batch is the same in all."""
        return name if name in self._of_batch else in_row(name, row)

    def joined(self, each: Sequence[Mapping[str, T]]) -> dict[str, T]:
        """What the rows have by their own names, by the names of the graph."""
        pairs = zip(self.rows, each, strict=True)
        return {self.named(name, row): value for row, known in pairs for name, value in known.items()}

    def split(self, known: Mapping[str, T]) -> list[dict[str, T]]:
        """What the graph has by its names, for each row by its own names: what belongs to the batch, for every row."""
        names = self.network.graph.names
        return [{n: known[k] for n in names if (k := self.named(n, row)) in known} for row in self.rows]

    @cached_property
    def _data(self) -> tuple[str, ...]:
        return tuple(name for name in self.network.graph.leaves if name not in self.network.start)

    @cached_property
    def _of_batch(self) -> frozenset[str]:
        nodes = self.network.graph.nodes
        return frozenset(node.name for node in nodes if isinstance(node.operation, OverRows))

    def _copies(self) -> Iterator[Node]:
        """In each row, a copy of every parameter and of every other value that all rows share."""
        for name in self.network.start:
            copy = Formula(Name(name), (name,))
            yield from (Node(in_row(name, row), copy, (name,)) for row in self.rows)

    def _nodes(self) -> Iterator[Node]:
        for name, operation, inputs in self.network.graph.nodes:
            everywhere = tuple(self.named(each, row) for each in inputs for row in self.rows)
            if isinstance(operation, OverRows):
                yield Node(name, operation, everywhere)
                continue
            for place, row in enumerate(self.rows):
                if isinstance(operation, BetweenRows):
                    yield Node(in_row(name, row), operation.in_row(place, len(self.rows)), everywhere)
                else:
                    marks = {each: self.named(each, row) for each in (*inputs, *operation.siblings)}
                    yield Node(in_row(name, row), operation.renamed(marks), tuple(marks[each] for each in inputs))


__all__ = ["BatchGraph", "in_row"]
