"""One row of the data after so many updates, worked out only as far as somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from derive.arithmetic.numbers import bounded, is_zero
from derive.arithmetic.outcomes import OutsideDomain
from derive.arithmetic.reals import ONE, ZERO, Value
from derive.network import Network
from derive.network.fast_paths import above_mean, along, softmax_mean
from derive.network.graph import Graph, Node, Use
from derive.network.whole_layers import Softmax, WeightedSum
from derive.verification.points.reach import Reach
from derive.verification.points.work import PER_NODE, Work

Values = dict[str, Value]
Right: TypeAlias = Callable[[], Value]
"""The number that a step should give, computed when it is asked for."""

NOWHERE: frozenset[str] = frozenset()


class Equations(Protocol):
    """How nodes and local derivatives are computed; near a kink, a stand-in may keep its side."""

    def forward(self, at: RowAfter, node: Node, values: Values) -> None:
        """Put the node's value into ``values``, where those of its inputs are."""

    def local(self, at: RowAfter, use: Use) -> Value:
        """The local derivative along one use."""


class Hooks(Protocol):
    """What may be done in another way in a row; None where it is not."""

    def value(self, at: RowAfter, node: Node, right: Right) -> Value | None:
        """The value of a node."""

    def local(self, at: RowAfter, use: Use, right: Right) -> Value | None:
        """The local derivative along one use."""

    def derivative(self, at: RowAfter, of: str, by: str, right: Right) -> Value | None:
        """A whole derivative of the row."""


class Passes(Protocol):
    """What a row, and the mistakes made in it, ask of the passes that it is a part of."""

    @property
    def network(self) -> Network: ...
    @property
    def graph(self) -> Graph: ...
    @property
    def work(self) -> Work: ...
    @property
    def reach(self) -> Reach: ...
    @property
    def base(self) -> Passes | None: ...
    @property
    def equations(self) -> Equations: ...
    @property
    def start(self) -> Mapping[str, Value]: ...
    @property
    def rows(self) -> Sequence[Mapping[str, Value]]: ...
    @property
    def late(self) -> frozenset[str]: ...
    @property
    def local_sites(self) -> frozenset[str] | None: ...
    @property
    def on_value(self) -> Sequence[Hooks]: ...
    @property
    def on_local(self) -> Sequence[Hooks]: ...
    @property
    def on_derivative(self) -> Sequence[Hooks]: ...

    def at(self, step: int = 0, row: int = 1) -> RowAfter:
        """One row after so many updates."""

    def updated(self, name: str, step: int) -> Value:
        """A parameter after the update of a step."""

    def is_shared(self, step: int, row: int, name: str) -> bool:
        """Whether a value is certainly that of the base."""

    def is_shared_derivative(self, step: int, row: int, by: str) -> bool:
        """Whether derivatives by a quantity are certainly those of the base."""

    def given(self, at: RowAfter, name: str) -> Value | None:
        """A value that is not computed from a node."""

    def given_derivative(self, at: RowAfter, of: str, by: str) -> Value | None:
        """A derivative that is not worked out."""

    def given_local(self, at: RowAfter, use: Use) -> Value | None:
        """A local derivative that is not worked out."""

    def believes_slopes(self, at: RowAfter) -> bool:
        """Whether derivatives may be given."""


class RowAfter:
    """One row of the data after so many updates: every value, and the derivative of any node by any quantity.

    Attributes:
        passes: what this is a part of.
        step: how many updates were made.
        row: the row of the data, from 1.
    """

    __slots__ = ("_derivatives", "_values", "passes", "row", "step")

    def __init__(self, passes: Passes, step: int, row: int, known: Mapping[str, Value]) -> None:
        self.passes, self.step, self.row = passes, step, row
        self._values: Values = dict(known)
        self._derivatives: dict[str, Values] = {}

    def value(self, name: str) -> Value:
        """The value of a quantity of this row.

        Raises:
            OutsideDomain: where it has none. LookupError: where there is no such quantity.
        """
        found = self._values.get(name)
        return self._found(name) if found is None else found

    def _found(self, name: str) -> Value:
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
        passes.work.take(len(node.inputs) + PER_NODE)
        passes.equations.forward(self, node, values)
        if passes.on_value:

            def right() -> Value:
                return values[node.name]

            for slip in passes.on_value:
                try:
                    value = slip.value(self, node, right)
                except OutsideDomain:
                    continue  # a mistake can leave the loss without a value; its slopes have theirs
                if value is not None:
                    values[node.name] = value
                    return

    def updated(self, name: str) -> Value:
        """The value of a parameter after the next update."""
        return self.passes.updated(name, self.step)

    def derivative(self, of: str, by: str) -> Value:
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
            passes.work.take(len(node.inputs) // 2)
            upstream = self.derivative(of, node.name)
            nothing = is_zero(upstream)
            for name, factor in operation.parameters(node.inputs):
                if name in passes.start and len(uses[name]) == 1 and name not in known:
                    local = ONE if factor is None else value(factor)
                    known[name] = ZERO if nothing else bounded(along(ZERO, upstream, local))

    def derivatives(self, of: str, names: Iterable[str]) -> Iterator[Value]:
        """The total derivatives of a node by several quantities."""
        known = self._derivatives.setdefault(of, {of: ONE})
        for name in names:
            found = known.get(name)
            yield self._derived(of, name, known) if found is None else found

    def _derived(self, of: str, by: str, known: Values) -> Value:
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

    def _through(self, of: str, by: str, known: Mapping[str, Value]) -> Value:
        """Upstream × local, summed over the uses of a quantity."""
        slips = self.passes.on_derivative
        if slips:

            def right() -> Value:
                return self._right_through(by, known)

            for slip in slips:
                value = slip.derivative(self, of, by, right)
                if value is not None:
                    return value
        return self._right_through(by, known)

    def _right_through(self, by: str, known: Mapping[str, Value]) -> Value:
        passes = self.passes
        total: Value = ZERO
        uses = passes.graph.uses.get(by, ())
        passes.work.take(len(uses) + 1)
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
                factor = operation.factor(node.inputs, position)
                local = ONE if factor is None else self.value(factor)
            else:
                local = self.local(Use(node, position))
            total = along(total, upstream, local)
        return bounded(total)

    def _through_softmax(
        self, by: str, uses: Sequence[Use], sites: frozenset[str] | None, known: Mapping[str, Value]
    ) -> Value | None:
        """Through all units of a softmax at once, where nothing is done in another way there.

        None where the quantity is used elsewhere, too, or where a unit's slope is another one.
        """
        operation = uses[0].node.operation
        assert isinstance(operation, Softmax)
        siblings = operation.siblings
        if len(uses) != len(siblings) or any(use.node.operation.kind != operation.kind for use in uses):
            return None
        if sites and not sites.isdisjoint(siblings):
            return None
        upstream, own = [known.get(name, ZERO) for name in siblings], uses[0].position
        outputs = [self.value(name) for name in siblings]
        above = above_mean(own, outputs, upstream, softmax_mean(outputs, upstream))
        return bounded(along(ZERO, outputs[own], above))

    def local(self, use: Use) -> Value:
        """The local derivative along one use."""
        passes = self.passes
        given = passes.given_local(self, use)
        if given is not None:
            return given
        if passes.on_local and (passes.local_sites is None or use.node.name in passes.local_sites):

            def right() -> Value:
                return self._right_local(use)

            for slip in passes.on_local:
                value = slip.local(self, use, right)
                if value is not None:
                    return value
        return self._right_local(use)

    def _right_local(self, use: Use) -> Value:
        late, operation = self.passes.late, use.node.operation
        if late and isinstance(operation, WeightedSum) and operation.fan_in <= use.position < 2 * operation.fan_in:
            weight = use.node.inputs[use.position - operation.fan_in]
            if weight in late:
                return self.updated(weight)
        return self.passes.equations.local(self, use)


__all__ = ["NOWHERE", "Equations", "Hooks", "Right", "RowAfter", "Values"]
