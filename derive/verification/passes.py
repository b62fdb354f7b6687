"""Forward passes, backward passes and updates that are made only as far as somebody asks, with or without slips.

The right numbers come from here as well as the mistaken ones: without slips these are the equations of the network,
and the tests put them beside :mod:`derive.run`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from flint import fmpq

from derive.expressions.evaluate import compiled
from derive.graph import Node, Use
from derive.network import Network
from derive.numbers import ONE, ZERO, Number, OutsideDomain, Undecided, bounded, is_zero, quotient
from derive.operations import WeightedSum
from derive.verification.slips import Slip

Values = dict[str, Number]


class Equations(Protocol):
    """How nodes and local derivatives are computed; near a kink, a stand-in may keep its side."""

    def forward(self, at: At, node: Node, values: Values) -> None:
        """Put the node's value into ``values``."""

    def local(self, at: At, use: Use, values: Mapping[str, Number]) -> Number:
        """The local derivative along one use."""


def batch_of(network: Network, step: int) -> tuple[int, ...]:
    """The rows (from 1) of the batch at a step: iteration ``step + 1``'s, after the last update all rows."""
    count, training = len(network.rows), network.spec.training
    size = training.batch_size or count
    if step >= training.iterations and training.learning_rate is not None:
        return tuple(range(1, count + 1))
    first = step % -(-count // size) * size
    return tuple(range(first + 1, min(first + size, count) + 1))


class Plain:
    """The equations of the network, as they are. Local derivatives are compiled once per operation and position."""

    def __init__(self, network: Network) -> None:
        self._relu_at_zero = network.relu_at_zero
        self._compiled: dict[tuple[str, int], tuple[Callable[..., Number], tuple[str, ...]]] = {}

    def forward(self, at: At, node: Node, values: Values) -> None:
        """Put the node's value into ``values``."""
        node.operation.forward(node.name, node.inputs, values)

    def local(self, at: At, use: Use, values: Mapping[str, Number]) -> Number:
        """The local derivative along one use."""
        operation = use.node.operation
        if isinstance(operation, WeightedSum):
            n, inputs = operation.fan_in, use.node.inputs
            if use.position >= 2 * n:
                return ONE
            return values[inputs[use.position + n if use.position < n else use.position - n]]
        key = (use.node.name, use.position)
        found = self._compiled.get(key)
        if found is None:
            from derive.expressions.tree import names_in

            names = names_in(use.local)
            found = self._compiled[key] = (compiled(use.local, names, self._relu_at_zero), names)
        function, names = found
        return function(*[values[name] for name in names])


class Passes:
    """The numbers of a network from given starting values, with slips.

    Args:
        start: the parameters and other values before the first update.
        rows: what each row of the data gives.
        rate: the learning rate, None where there is no update.
        slips: the mistakes that are made, asked in this order.
        equations: :class:`Plain` unless given; it can be shared between passes over the same network.
    """

    def __init__(  # noqa: PLR0917
        self,
        network: Network,
        start: Mapping[str, Number],
        rows: Sequence[Mapping[str, Number]],
        rate: Number | None,
        slips: Sequence[Slip] = (),
        equations: Equations | None = None,
    ) -> None:
        self.network = network
        self.graph = network.graph
        self.rate = rate
        self.slips = tuple(slips)
        self.equations = equations or Plain(network)
        self.start, self.rows = start, tuple(rows)
        self._plain: Passes | None = None
        self._parameters: list[Mapping[str, Number]] = [start]
        self._ats: dict[tuple[int, int], At] = {}
        self._new: dict[tuple[int, str], Number] = {}
        sequential = network.spec.conventions.update_order == "sequential" and rate is not None
        self.late: frozenset[str] = network.trained if sequential else frozenset()
        """The parameters whose new values earlier layers' gradients use (sequential updates)."""

    @cached_property
    def last(self) -> int:
        """How many updates there are."""
        return self.network.spec.training.iterations if self.rate is not None else 0

    def with_slips(self, *slips: Slip) -> Passes:
        """The same starting values with these mistakes in place of the present ones."""
        found = Passes(self.network, self.start, self.rows, self.rate, slips, self.equations)
        found._plain = self if not self.slips else self._plain
        return found

    def batch(self, step: int) -> tuple[int, ...]:
        """The rows (from 1) of the batch at a step: iteration ``step + 1``'s, after the last update all rows."""
        return batch_of(self.network, step)

    def at(self, step: int = 0, row: int = 1) -> At:
        """The numbers of one row after so many updates."""
        found = self._ats.get((step, row))
        if found is None:
            found = self._ats[step, row] = At(self, step, row)
        return found

    def forward(self, at: At) -> Values:
        """Every quantity's value in one row; the same as without slips where none of them touches it."""
        if at.step == 0 and self._plain is not None and not any(slip.is_forward for slip in self.slips):
            return self._plain.at(0, at.row).values
        return at.forward({**self.parameters(at.step), **self.rows[at.row - 1]})

    def parameter(self, name: str, step: int) -> Number:
        """One parameter after so many updates; the others are not worked."""
        if step < len(self._parameters) or name not in self.network.trained:
            return self._parameters[min(step, len(self._parameters) - 1)][name]
        return self.updated(name, step - 1)

    def parameters(self, step: int) -> Mapping[str, Number]:
        """The parameters after so many updates."""
        while len(self._parameters) <= step:
            k = len(self._parameters) - 1
            names = [name for name in self.network.parameters if name in self.network.trained]
            self._parameters.append({**self._parameters[k], **{name: self.updated(name, k) for name in names}})
        return self._parameters[step]

    def updated(self, name: str, step: int) -> Number:
        """The value of a parameter after the update of a step."""
        found = self._new.get((step, name))
        if found is None:
            found = self._new[step, name] = self._updated(name, step)
        return found

    def _updated(self, name: str, step: int) -> Number:
        old = self.parameter(name, step)
        if name not in self.network.trained or self.rate is None:
            return old
        gradient = self.gradient(name, step)
        for slip in self.slips:
            value = slip.updated(name, old, self.rate, gradient)
            if value is not None:
                return value
        return bounded(old - self.rate * gradient)

    def loss(self, step: int = 0) -> Number:
        """The loss of the step's batch."""
        return self.reduced([self.at(step, row).value(self.graph.output) for row in self.batch(step)])

    def gradient(self, name: str, step: int = 0) -> Number:
        """The derivative of the batch's loss by a parameter."""
        return self.reduced([self.at(step, row).derivative(self.graph.output, name) for row in self.batch(step)])

    def reduced(self, values: Sequence[Number]) -> Number:
        """The samples' values made one number, as ``training.reduction`` says."""

        def right() -> Number:
            total = sum(values[1:], values[0])
            if len(values) > 1 and self.network.spec.training.reduction == "mean":
                total = quotient(total, fmpq(len(values)))
            return bounded(total)

        for slip in self.slips:
            value = slip.reduced(values, right)
            if value is not None:
                return value
        return right()


class At:
    """One row of the data after so many updates: every value, and the derivative of any node by any quantity.

    Attributes:
        passes: what this is a part of.
        step: how many updates were made.
        row: the row of the data, from 1.
    """

    __slots__ = ("_derivatives", "_outside", "_values", "passes", "row", "step")

    def __init__(self, passes: Passes, step: int, row: int) -> None:
        self.passes, self.step, self.row = passes, step, row
        self._values: Values | None = None
        self._derivatives: dict[str, Values] = {}
        self._outside: OutsideDomain | None = None

    @property
    def values(self) -> Values:
        """Every quantity's value: the forward pass is made when it is first asked for."""
        if self._values is None:
            self._values = self.passes.forward(self)
        return self._values

    def forward(self, values: Values) -> Values:
        """The forward pass, from these parameters and inputs."""
        self._values = values  # slips look at what is there already
        for node in self.passes.graph.nodes:
            try:
                self._forward(node, values)
            except Undecided:
                self._values = None  # what is there is not all; it is worked again at a higher precision
                raise
            except OutsideDomain as error:
                if not self.passes.slips:
                    raise
                self._outside = error  # a mistake can leave the loss without a value; the others have theirs
            except KeyError:
                if self._outside is None:
                    raise
        return values

    def _forward(self, node: Node, values: Values) -> None:
        passes = self.passes

        def right() -> Number:
            return values[node.name]

        passes.equations.forward(self, node, values)
        for slip in passes.slips:
            value = slip.value(self, node, right)
            if value is not None:
                values[node.name] = value
                return

    def value(self, name: str) -> Number:
        """The value of a quantity of this row."""
        if name in self.passes.start:
            return self.passes.parameter(name, self.step)
        if name not in self.values and self._outside is not None:
            raise self._outside
        return self.values[name]

    def updated(self, name: str) -> Number:
        """The value of a parameter after the next update."""
        return self.passes.updated(name, self.step)

    def derivative(self, of: str, by: str) -> Number:
        """The total derivative of a node by a quantity, for this row alone."""
        known = self._derivatives.setdefault(of, {of: ONE})
        if by in known:
            return known[by]
        uses, stack = self.passes.graph.uses, [by]
        while stack:
            name = stack[-1]
            if name not in known:
                missing = [use.node.name for use in uses.get(name, ()) if use.node.name not in known]
                if missing:
                    stack.extend(missing)
                    continue
                known[name] = self._through(of, name, known)
            stack.pop()
        return known[by]

    def _through(self, of: str, by: str, known: Mapping[str, Number]) -> Number:
        """Upstream × local, summed over the uses of a quantity."""

        def right() -> Number:
            total: Number = ZERO
            for use in self.passes.graph.uses.get(by, ()):
                upstream = known[use.node.name]
                if not is_zero(upstream):
                    total = total + upstream * self.local(use)
            return bounded(total)

        for slip in self.passes.slips:
            value = slip.derivative(self, of, by, right)
            if value is not None:
                return value
        return right()

    def local(self, use: Use) -> Number:
        """The local derivative along one use."""

        def right() -> Number:
            return self._right_local(use)

        for slip in self.passes.slips:
            value = slip.local(self, use, right)
            if value is not None:
                return value
        return right()

    def _right_local(self, use: Use) -> Number:
        late, operation = self.passes.late, use.node.operation
        if late and isinstance(operation, WeightedSum) and operation.fan_in <= use.position < 2 * operation.fan_in:
            weight = use.node.inputs[use.position - operation.fan_in]
            if weight in late:
                return self.updated(weight)
        try:
            return self.passes.equations.local(self, use, self.values)
        except KeyError:
            raise self._outside or LookupError(use.node.name) from None


__all__ = ["At", "Equations", "Passes", "Plain"]
