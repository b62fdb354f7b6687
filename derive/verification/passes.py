"""Forward passes, backward passes and updates that are made only as far as somebody asks, with or without slips.

The right numbers come from here as well as the mistaken ones: without slips these are the equations of the network,
and the tests put them beside :mod:`derive.run`. Passes with slips take from those without whatever no slip reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Protocol

from flint import fmpq

from derive.expressions.evaluate import compiled
from derive.graph import Node, Use
from derive.network import Network
from derive.numbers import ONE, ZERO, Number, bounded, is_beside, is_zero, quotient
from derive.operations import Softmax, WeightedSum, above_mean
from derive.verification.reach import Reach
from derive.verification.slips import Slip
from derive.verification.work import UNBOUNDED, Work

Values = dict[str, Number]
NOWHERE: frozenset[str] = frozenset()
MOST_ROWS = 1_000
"""Of so many rows, after one update or another, the numbers are kept."""
HOOKS = ("value", "local", "derivative", "reduced", "updated")
NO_HOOKS: tuple[tuple[Slip, ...], ...] = ((),) * len(HOOKS)


class Equations(Protocol):
    """How nodes and local derivatives are computed; near a kink, a stand-in may keep its side."""

    def forward(self, at: At, node: Node, values: Values) -> None:
        """Put the node's value into ``values``, where those of its inputs are."""

    def local(self, at: At, use: Use) -> Number:
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

    def local(self, at: At, use: Use) -> Number:
        """The local derivative along one use."""
        operation = use.node.operation
        if isinstance(operation, WeightedSum):
            n, inputs = operation.fan_in, use.node.inputs
            if use.position >= 2 * n:
                return ONE
            return at.value(inputs[use.position + n if use.position < n else use.position - n])
        key = (use.node.name, use.position)
        found = self._compiled.get(key)
        if found is None:
            from derive.expressions.tree import names_in

            names = names_in(use.local)
            found = self._compiled[key] = (compiled(use.local, names, self._relu_at_zero), names)
        function, names = found
        return function(*[at.value(name) for name in names])


class Passes:
    """The numbers of a network from given starting values, with slips.

    Args:
        start: the parameters and other values before the first update.
        rows: what each row of the data gives.
        rate: the learning rate, None where there is no update.
        slips: the mistakes that are made, asked in this order.
        equations: :class:`Plain` unless given; it can be shared between passes over the same network.
        base: the same passes without the slips, from which what no slip reaches is taken.
        work: where the work is counted that is done here.
    """

    def __init__(  # noqa: PLR0917
        self,
        network: Network,
        start: Mapping[str, Number],
        rows: Sequence[Mapping[str, Number]],
        rate: Number | None,
        slips: Sequence[Slip] = (),
        equations: Equations | None = None,
        base: Passes | None = None,
        work: Work = UNBOUNDED,
    ) -> None:
        self.network = network
        self.graph = network.graph
        self.rate = rate
        self.slips = tuple(slips)
        self.equations = equations or Plain(network)
        self.start, self.rows = start, rows if isinstance(rows, tuple) else tuple(rows)
        self.work = work
        self.base = base
        self.reach: Reach = base.reach if base is not None else Reach(network.graph)
        self._ats: dict[tuple[int, int], At] = {}
        self._new: dict[int, Values] = {}
        self._gradients: dict[int, Values] = {}
        self._complete = 0
        self.batches: dict[int, tuple[int, ...]] = base.batches if base is not None else {}
        sequential = network.spec.conventions.update_order == "sequential" and rate is not None
        self.late: frozenset[str] = network.trained if sequential else frozenset()
        """The parameters whose new values earlier layers' gradients use (sequential updates)."""
        self.on_value, self.on_local, self.on_derivative, self.on_reduced, self.on_updated = (
            (tuple(slip for slip in self.slips if slip.changes(hook)) for hook in HOOKS) if self.slips else NO_HOOKS
        )
        self.local_sites = _sites(self.on_local)
        """Where a local derivative may be another one; None: anywhere."""

    @cached_property
    def last(self) -> int:
        """How many updates there are."""
        return self.network.spec.training.iterations if self.rate is not None else 0

    def with_slips(self, *slips: Slip) -> Passes:
        """The same starting values with these mistakes in place of the present ones."""
        base = self if not self.slips else self.base
        return Passes(self.network, self.start, self.rows, self.rate, slips, self.equations, base, self.work)

    def batch(self, step: int) -> tuple[int, ...]:
        """The rows (from 1) of the batch at a step: iteration ``step + 1``'s, after the last update all rows."""
        found = self.batches.get(step)
        if found is None:
            found = self.batches[step] = batch_of(self.network, step)
        return found

    def at(self, step: int = 0, row: int = 1) -> At:
        """The numbers of one row after so many updates."""
        found = self._ats.get((step, row))
        if found is None:
            if len(self._ats) >= MOST_ROWS:
                del self._ats[next(iter(self._ats))]
            found = self._ats[step, row] = At(self, step, row, self.known(step))
        return found

    def known(self, step: int) -> Mapping[str, Number]:
        """Parameters after so many updates, to begin a forward pass with: all of them go into it."""
        self._update_until(step)
        return self._new[step] if 0 < step <= self._complete else {}

    # What is the same as without slips

    @cached_property
    def _changed_values(self) -> int:
        """The nodes whose values slips change before the first update."""
        sites = _sites(self.on_value)
        return self.reach.ALL if sites is None else self.reach.from_any(sites)

    @cached_property
    def _changed_locals(self) -> int:
        """The nodes at which slips change local derivatives before the first update."""
        if self.on_derivative or self.local_sites is None or self.late:
            return self.reach.ALL
        return self.reach.at_any(self.local_sites)

    def is_shared(self, step: int, row: int, name: str) -> bool:
        """Whether a value is certainly that of the base."""
        return self.base is not None and step == 0 and not self._changed_values & self.reach.at(name)

    def is_shared_derivative(self, step: int, row: int, by: str) -> bool:
        """Whether derivatives of nodes by this quantity are certainly those of the base."""
        if self.base is None or step != 0 or self._changed_values:
            return False
        return not self._changed_locals & self.reach.of(by)

    # What believed numbers stand in place of

    def given(self, at: At, name: str) -> Number | None:
        """The value of a quantity that is not computed from its node; None where it is."""
        if name in self.start:
            return self.parameter(name, at.step)
        return self.rows[at.row - 1].get(name)

    def given_derivative(self, at: At, of: str, by: str) -> Number | None:
        """A derivative that is not worked out; None where it is."""
        return None

    def given_local(self, at: At, use: Use) -> Number | None:
        """A local derivative that is not worked out; None where it is."""
        return None

    def believes_slopes(self, at: At) -> bool:
        """Whether derivatives in this row may be given."""
        return False

    # Updates

    def parameter(self, name: str, step: int) -> Number:
        """One parameter after so many updates; before the last one, all of them go into it."""
        if not step or self.rate is None or name not in self.network.trained:
            return self.start[name]
        new = self._new.setdefault(step, {})
        found = new.get(name)
        if found is None:
            self.prepare(step - 1)
            found = new[name] = self._stepped(name, step - 1, self.gradient(name, step - 1))
        return found

    def parameters(self, step: int) -> Mapping[str, Number]:
        """The parameters after so many updates."""
        self._update_until(step)
        return {name: self.parameter(name, step) for name in self.start}

    def prepare(self, step: int) -> None:
        """Make what is needed for the next update: all parameters after so many of them go into it."""
        self._update_until(step)

    def _update_until(self, step: int) -> None:
        """Make all updates up to a step."""
        for k in range(self._complete + 1, min(step, self.last) + 1):
            new = self._new.setdefault(k, {})
            new.update(self.kept([name for name in self._trained if name not in new], k))
            waiting = [name for name in self._trained if name not in new]
            if waiting:
                new.update(zip(waiting, self._all_updated(waiting, k - 1), strict=True))
            self._complete = k
            if self.slips or len(self.rows) > 1:  # the parameters are enough to go on
                self._ats = {key: at for key, at in self._ats.items() if not 0 < key[0] < k}

    def _all_updated(self, names: Sequence[str], step: int) -> Iterator[Number]:
        """The values of parameters after the update of a step, all that they share being worked out first."""
        gradients = self._all_gradients(names, step)
        if self.on_updated:
            yield from map(self._stepped, names, repeat(step), gradients)
            return
        rate, old = self.rate, self._new[step] if step else self.start
        for name, gradient in zip(names, gradients, strict=True):
            yield bounded(old[name] - rate * gradient)  # type: ignore[operator]

    def _all_gradients(self, names: Sequence[str], step: int) -> Iterable[Number]:
        """The derivatives of the batch's loss by parameters, those of the rows being worked out first."""
        for row in self.batch(step):
            self.at(step, row).fill(self.graph.output)
        return self.gradients(names, step)

    @cached_property
    def _trained(self) -> tuple[str, ...]:
        return tuple(name for name in self.network.parameters if name in self.network.trained)

    def kept(self, names: Sequence[str], step: int) -> Mapping[str, Number]:
        """Those of the parameters after so many updates that need not be worked out."""
        return {}

    def updated(self, name: str, step: int) -> Number:
        """The value of a parameter after the update of a step."""
        return self.parameter(name, step + 1)

    def _stepped(self, name: str, step: int, gradient: Number) -> Number:
        """The value of a parameter after a step along this gradient."""
        assert self.rate is not None
        old = self.parameter(name, step)
        for slip in self.on_updated:
            value = slip.updated(name, old, self.rate, gradient)
            if value is not None:
                return value
        return bounded(old - self.rate * gradient)

    def loss(self, step: int = 0) -> Number:
        """The loss of the step's batch."""
        return self.reduced([self.at(step, row).value(self.graph.output) for row in self.batch(step)])

    def gradient(self, name: str, step: int = 0) -> Number:
        """The derivative of the batch's loss by a parameter."""
        batch, output = self.batch(step), self.graph.output
        if len(batch) == 1 and not self.on_reduced:
            return self.at(step, batch[0]).derivative(output, name)
        known = self._gradients.setdefault(step, {})
        found = known.get(name)
        if found is None:
            found = self.reduced([self.at(step, row).derivative(output, name) for row in batch])
            if not self.slips:
                known[name] = found
        return found

    def gradients(self, names: Sequence[str], step: int) -> Iterable[Number]:
        """The derivatives of the batch's loss by these parameters."""
        batch = self.batch(step)
        if len(batch) == 1 and not self.on_reduced:
            return self.at(step, batch[0]).derivatives(self.graph.output, names)
        return map(self.gradient, names, repeat(step))

    def reduced(self, values: Sequence[Number]) -> Number:
        """The samples' values made one number, as ``training.reduction`` says."""

        def right() -> Number:
            total = sum(values[1:], values[0])
            if len(values) > 1 and self.network.spec.training.reduction == "mean":
                total = quotient(total, fmpq(len(values)))
            return bounded(total)

        for slip in self.on_reduced:
            value = slip.reduced(values, right)
            if value is not None:
                return value
        return right()


def _sites(slips: Sequence[Slip]) -> frozenset[str] | None:
    """The nodes at which slips are made; None: anywhere."""
    if not slips:
        return NOWHERE
    sites = [slip.sites for slip in slips]
    return None if None in sites else frozenset().union(*(found for found in sites if found is not None))


class At:
    """One row of the data after so many updates: every value, and the derivative of any node by any quantity.

    Attributes:
        passes: what this is a part of.
        step: how many updates were made.
        row: the row of the data, from 1.
    """

    __slots__ = ("_derivatives", "_values", "passes", "row", "step")

    def __init__(self, passes: Passes, step: int, row: int, known: Mapping[str, Number]) -> None:
        self.passes, self.step, self.row = passes, step, row
        self._values: Values = dict(known)
        self._derivatives: dict[str, Values] = {}

    def value(self, name: str) -> Number:
        """The value of a quantity of this row.

        Raises:
            OutsideDomain: where it has none. LookupError: where there is no such quantity.
        """
        found = self._values.get(name)
        return self._found(name) if found is None else found

    def _found(self, name: str) -> Number:
        """The value, what it is computed from being computed first."""
        values, passes = self._values, self.passes
        nodes, stack = passes.graph.by_name, [name]
        while stack:
            here = stack[-1]
            if here in values:
                stack.pop()
                continue
            if passes.is_shared(self.step, self.row, here):
                assert passes.base is not None
                values[here] = passes.base.at(self.step, self.row).value(here)
                continue
            given = passes.given(self, here)
            if given is not None:
                values[here] = given
                continue
            missing = [other for other in nodes[here].inputs if other not in values]
            if missing:
                stack.extend(missing)
            else:
                self._compute(nodes[here])
        return values[name]

    def _compute(self, node: Node) -> None:
        """The value of a node from those of its inputs; of all units of a softmax at once."""
        operation, passes = node.operation, self.passes
        if not isinstance(operation, Softmax):
            self._forward(node, self._values)
            return
        layer = [passes.graph.by_name[name] for name in operation.siblings]
        found = {name: self._values[name] for name in node.inputs}
        for each in layer:
            self._forward(each, found)
        for each in layer:
            given = passes.given(self, each.name)
            self._values[each.name] = found[each.name] if given is None else given

    def _forward(self, node: Node, values: Values) -> None:
        passes = self.passes
        passes.work.take(len(node.inputs))
        passes.equations.forward(self, node, values)
        if passes.on_value:

            def right() -> Number:
                return values[node.name]

            for slip in passes.on_value:
                value = slip.value(self, node, right)
                if value is not None:
                    values[node.name] = value
                    return

    def updated(self, name: str) -> Number:
        """The value of a parameter after the next update."""
        return self.passes.updated(name, self.step)

    def derivative(self, of: str, by: str) -> Number:
        """The total derivative of a node by a quantity, for this row alone."""
        known = self._derivatives.get(of)
        if known is None:
            known = self._derivatives[of] = {of: ONE}
        found = known.get(by)
        return self._derived(of, by, known) if found is None else found

    def fill(self, of: str) -> None:
        """The derivatives of a node by all weights and biases that are used once, one weighted sum after the other."""
        passes = self.passes
        if passes.on_derivative or passes.believes_slopes(self):
            return
        uses, known, value = passes.graph.uses, self._derivatives.setdefault(of, {of: ONE}), self.value
        for node in passes.graph.nodes:
            operation = node.operation
            if not isinstance(operation, WeightedSum) or passes.is_shared_derivative(self.step, self.row, node.name):
                continue
            if passes.on_local and (passes.local_sites is None or node.name in passes.local_sites):
                continue
            passes.work.take(len(node.inputs))
            n, upstream = operation.fan_in, self.derivative(of, node.name)
            nothing = is_zero(upstream)
            for weight, source in zip(node.inputs[:n], node.inputs[n : 2 * n], strict=True):
                if weight in passes.start and len(uses[weight]) == 1 and weight not in known:
                    known[weight] = ZERO if nothing else bounded(upstream * value(source))
            for bias in node.inputs[2 * n :]:
                if bias in passes.start and len(uses[bias]) == 1:
                    known.setdefault(bias, upstream)

    def derivatives(self, of: str, names: Iterable[str]) -> Iterator[Number]:
        """The total derivatives of a node by several quantities."""
        known = self._derivatives.setdefault(of, {of: ONE})
        for name in names:
            found = known.get(name)
            yield self._derived(of, name, known) if found is None else found

    def _derived(self, of: str, by: str, known: Values) -> Number:
        passes = self.passes
        uses, reach, stack = passes.graph.uses, passes.reach, [by]
        target = reach.at(of)
        while stack:
            name = stack[-1]
            if name in known:
                stack.pop()
                continue
            if passes.is_shared_derivative(self.step, self.row, name):
                assert passes.base is not None
                known[name] = passes.base.at(self.step, self.row).derivative(of, name)
                continue
            given = passes.given_derivative(self, of, name)
            if given is not None:
                known[name] = given
                continue
            missing = [use.node.name for use in uses.get(name, ()) if use.node.name not in known]
            missing = [other for other in missing if reach.of(other) & target]
            if missing:
                stack.extend(missing)
            else:
                known[name] = self._through(of, name, known)
        return known[by]

    def _through(self, of: str, by: str, known: Mapping[str, Number]) -> Number:
        """Upstream × local, summed over the uses of a quantity."""
        slips = self.passes.on_derivative
        if slips:

            def right() -> Number:
                return self._right_through(by, known)

            for slip in slips:
                value = slip.derivative(self, of, by, right)
                if value is not None:
                    return value
        return self._right_through(by, known)

    def _right_through(self, by: str, known: Mapping[str, Number]) -> Number:
        passes = self.passes
        total: Number = ZERO
        uses = passes.graph.uses.get(by, ())
        passes.work.take(len(uses))
        sites = passes.local_sites if passes.on_local else NOWHERE
        plain = not passes.late and sites is not None and not passes.believes_slopes(self)
        if plain and uses and isinstance(uses[0].node.operation, Softmax):
            found = self._through_softmax(by, uses, sites, known)
            if found is not None:
                return found
        for node, position in uses:
            upstream = known.get(node.name, ZERO)
            if is_zero(upstream):
                continue
            operation = node.operation
            if plain and type(operation) is WeightedSum and node.name not in sites:  # type: ignore[operator]
                n = operation.fan_in
                if n <= position < 2 * n:
                    part = upstream * self.value(node.inputs[position - n])
                else:
                    part = upstream * self.value(node.inputs[position + n]) if position < n else upstream
            else:
                part = upstream * self.local(Use(node, position))
            total = part if total is ZERO else total + part
        return bounded(total)

    def _through_softmax(
        self, by: str, uses: Sequence[Use], sites: frozenset[str] | None, known: Mapping[str, Number]
    ) -> Number | None:
        """Through all units of a softmax at once: the upstream of its own unit less their mean, times the unit.

        None where the quantity is used elsewhere, too, or where a unit's slope is another one.
        """
        operation = uses[0].node.operation
        assert isinstance(operation, Softmax)
        siblings = operation.siblings
        if len(uses) != len(siblings) or any(use.node.operation.kind != operation.kind for use in uses):
            return None
        if sites and not sites.isdisjoint(siblings):
            return None
        parts, own = [known.get(name, ZERO) for name in siblings], uses[0].position
        if is_beside(self.value(siblings[own]), ONE):
            values = [self.value(name) for name in siblings]
            return bounded(values[own] * above_mean(own, values, parts))
        mean: Number = ZERO
        for name, upstream in zip(siblings, parts, strict=True):
            if not is_zero(upstream):
                mean = mean + upstream * self.value(name)
        return bounded(self.value(siblings[own]) * (parts[own] - mean))

    def local(self, use: Use) -> Number:
        """The local derivative along one use."""
        passes = self.passes
        given = passes.given_local(self, use)
        if given is not None:
            return given
        if passes.on_local and (passes.local_sites is None or use.node.name in passes.local_sites):

            def right() -> Number:
                return self._right_local(use)

            for slip in passes.on_local:
                value = slip.local(self, use, right)
                if value is not None:
                    return value
        return self._right_local(use)

    def _right_local(self, use: Use) -> Number:
        late, operation = self.passes.late, use.node.operation
        if late and isinstance(operation, WeightedSum) and operation.fan_in <= use.position < 2 * operation.fan_in:
            weight = use.node.inputs[use.position - operation.fan_in]
            if weight in late:
                return self.updated(weight)
        return self.passes.equations.local(self, use)


__all__ = ["At", "Equations", "Passes", "Plain"]
