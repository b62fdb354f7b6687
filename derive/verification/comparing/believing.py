"""The network with some of its quantities as somebody has them, the rest being worked out from there.

What no believed number reaches is taken from the passes that they are put into: one wrong number costs what depends
on it, and a quantity all of whose operands are believed costs one step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

from flint import fmpq

from derive.arithmetic.numbers import plain
from derive.arithmetic.reals import Value
from derive.network.graph import Use
from derive.verification.comparing.intervals import Interval
from derive.verification.points.point import Point, PointAddress
from derive.verification.points.reach import Reach
from derive.verification.points.row_after import RowAfter
from derive.verification.points.training import Training
from derive.verification.points.work import UNBOUNDED, Work

MAX_WIDTH = fmpq(1, 20)
"""What follows from rounded numbers is known to this part of itself at worst, or it is not looked at."""

MAX_WORLDS = 16
"""At most this many worlds are kept."""
MAX_DEPTH = 3
"""At most this many updates are worked out one from the other; then all parameters, from the first step on."""
LAST = 1 << 62

Answer = Callable[[Any], Value]
"""The number that is believed, from what a table holds for the quantity."""


@dataclass(slots=True)
class BeliefTable:
    """What is believed of quantities; ``left_out`` are those of which nothing is, all the same."""

    steps: dict[int, dict[PointAddress, Any]] = field(default_factory=dict)
    _found: dict[tuple[str, int, int], dict[tuple[str, str], PointAddress]] = field(default_factory=dict)
    left_out: frozenset[PointAddress] = frozenset()

    def __bool__(self) -> bool:
        return any(self.steps.values())

    def put(self, address: PointAddress, what: Any) -> None:
        """Believe it."""
        self.steps.setdefault(address.step, {})[address] = what
        self._found.setdefault(_place(address), {})[address.of, address.by] = address

    def drop(self, address: PointAddress) -> None:
        """Believe nothing of it."""
        if self.steps.get(address.step, {}).pop(address, None) is not None:
            del self._found[_place(address)][address.of, address.by]

    def get(self, kind: str, of: str, by: str, step: int, row: int = 1) -> Any:
        """What is believed of a quantity; None where it is nothing."""
        here = self._found.get((kind, step, row))
        address = here.get((of, by)) if here else None
        if address is None or address in self.left_out:
            return None
        return self.steps[step][address]

    def any(self, kind: str, step: int, row: int) -> bool:
        """Whether something of a kind is believed of a row."""
        return bool(self._found.get((kind, step, row)))

    def has(self, address: PointAddress) -> bool:
        """Whether something is believed of a quantity."""
        return address in self.steps.get(address.step, ())

    def first(self) -> int:
        """The first step of which something is believed."""
        return min((step for step, here in self.steps.items() if here), default=LAST)

    def without(self, left_out: PointAddress) -> BeliefTable:
        """The same, as it is and as it will be, without a quantity."""
        return BeliefTable(self.steps, self._found, self.left_out | {left_out})


def _place(address: PointAddress) -> tuple[str, int, int]:
    return address.kind, address.step, address.row


class Changes(NamedTuple):
    """What can be another number after so many updates.

    Attributes:
        given: the parameters and inputs; None: all of them.
        values: the nodes.
        behind: the nodes by which derivatives are believed: so are those by what they depend on others.
        leaves: the given quantities by which derivatives are believed.
    """

    given: frozenset[str] | None = frozenset()
    values: int = 0
    behind: int = 0
    leaves: frozenset[str] = frozenset()


NO_CHANGES = Changes()


class BelievingTraining(Training):
    """Passes in which given numbers, and losses, gradients and updates of the batch, too, are as believed.

    Args:
        base: the passes into which the numbers are put.
        table: what is believed; it may change later, see :meth:`forget`.
        answer: the number that is believed.
        apart: of which quantities something else is believed than in the base; those of the table unless given.
    """

    def __init__(
        self,
        base: Training,
        table: BeliefTable,
        answer: Answer,
        work: Work = UNBOUNDED,
        apart: PointAddress | None = None,
    ) -> None:
        rate = table.get("rate", base.network.names.eta, "", 0)
        super().__init__(
            base.network, base.start, base.rows, base.rate if rate is None else answer(rate), base.slips,
            base.equations, base, work, base.hyperparameters,
        )  # fmt: skip
        self._table, self._answer, self._apart = table, answer, apart
        self._changed: dict[int, Changes] = {}
        self._depth = 0

    def forget(self, address: PointAddress) -> None:
        """Something else is believed of a quantity from now on: what depends on it is worked out again."""
        first = address.step - (1 if self.late else 0)
        self._ats = {key: at for key, at in self._ats.items() if key[0] < first}
        self._new = {step: new for step, new in self._new.items() if step < first}
        self._gradients = {step: found for step, found in self._gradients.items() if step < first}
        self._changed = {step: changed for step, changed in self._changed.items() if step < first}
        self._complete = max(min(self._complete, first - 1), 0)

    # What no believed number reaches

    def _believed(self, step: int) -> Iterable[PointAddress]:
        if self._apart is not None:
            return (self._apart,) if self._apart.step == step else ()
        return self._table.steps.get(step, ())

    def _first(self) -> int:
        return self._apart.step if self._apart is not None else self._table.first()

    def _changes(self, step: int) -> Changes:
        found = self._changed.get(step)
        if found is None:
            first = self._first()
            if step < first:
                self._changed[step] = NO_CHANGES
                return NO_CHANGES
            for k in range(first, step + 1):
                if k not in self._changed:
                    self._changed[k] = self._changed_at(k, self._changed.get(k - 1, NO_CHANGES))
            found = self._changed[step]
        return found

    def _changed_at(self, step: int, before: Changes) -> Changes:
        nodes, reach = self.graph.by_name, self.reach
        believed = tuple(self._believed(step))
        values = [address.of for address in believed if address.kind == "value"]
        by = [address.by for address in believed if address.by]
        if before.given is None or before.values or before.behind:
            return Changes(None, Reach.ALL, Reach.ALL)
        given = self._with_states(before.given | before.leaves | {name for name in values if name not in nodes})
        every_update = any(address.kind == "rate" for address in believed)
        behind = Reach.ALL if every_update else reach.at_any(by)
        return Changes(given, reach.from_any((*values, *given)), behind, frozenset(by) - nodes.keys())

    def _with_states(self, given: frozenset[str]) -> frozenset[str]:
        """Given quantities with what goes into and comes from them: a parameter and its states change together."""
        states = self.network.states
        if not states or not given:
            return given
        owners = given | {states[name][1] for name in given if name in states}
        names = self.network.names
        return owners | {names.state(key, name) for key in names.states for name in owners if name in self.start}

    def is_shared(self, step: int, row: int, name: str) -> bool:
        changes = self._changes(step)
        if name in self.graph.by_name:
            return not changes.values & self.reach.at(name)
        return changes.given is not None and name not in changes.given

    def is_shared_derivative(self, step: int, row: int, by: str) -> bool:
        if self.late:
            return step + 1 < self._first()
        changes = self._changes(step)
        return not changes.values and not changes.behind & self.reach.of(by) and by not in changes.leaves

    def may_differ(self, address: PointAddress) -> bool:
        """Whether a quantity can be another number than in the base."""
        changes, step, row = self._changes(address.step), address.step, address.row
        match address.kind:
            case "value":
                return not self.is_shared(step, row, address.of)
            case "derivative" | "gradient":
                return not self.is_shared_derivative(step, row, address.by)
            case "loss":
                return bool(changes.values) or self._table.has(address)
            case "partial":
                return changes != NO_CHANGES
            case "rate":
                return self._table.has(address)
            case _:
                return False

    # What is believed

    def parameter(self, name: str, step: int) -> Value:
        """One parameter after so many updates."""
        found = self._kept(name, step)
        if found is None:
            self._depth += 1
            try:
                found = super().parameter(name, step)
            finally:
                self._depth -= 1
        return found

    def prepare(self, step: int) -> None:
        """Nothing where parameters are believed, which may make most of it needless; but not too deep."""
        if self._depth > MAX_DEPTH or not self._table.any("value", step, 1):
            self._update_until(step)

    def kept(self, names: Sequence[str], step: int) -> Mapping[str, Value]:
        """What is believed of parameters, and what no belief reaches."""
        self.work.take(len(names))
        found = ((name, self._kept(name, step)) for name in names)
        return {name: value for name, value in found if value is not None}

    def _kept(self, name: str, step: int) -> Value | None:
        assert self.base is not None
        if self.is_shared(step, 1, name):
            return self.base.parameter(name, step)
        moves = name in self.network.trained or name in self.network.states
        believed = self._table.get("value", name, "", step if moves else 0)
        return None if believed is None else self._answer(believed)

    def given(self, at: RowAfter, name: str) -> Value | None:
        """The value of a quantity that is not computed from its node; None where it is."""
        if name in self.start or name in self.network.states:
            return self.parameter(name, at.step)
        given = self.rows[at.row - 1].get(name)
        believed = self._table.get("value", name, "", at.step if given is None else 0, at.row)
        return given if believed is None else self._answer(believed)

    def given_derivative(self, at: RowAfter, of: str, by: str) -> Value | None:
        """A derivative that is believed."""
        believed = self._table.get("derivative", of, by, at.step, at.row)
        return None if believed is None else self._answer(believed)

    def known(self, step: int) -> Mapping[str, Value]:
        """Nothing: what is believed may make most of it needless."""
        return {}

    def believes_slopes(self, at: RowAfter) -> bool:
        """Whether a derivative in this row is believed."""
        return any(self._table.any(kind, at.step, at.row) for kind in ("derivative", "partial"))

    def given_local(self, at: RowAfter, use: Use) -> Value | None:
        """A believed derivative of a node by what it is computed from."""
        node = use.node
        by = node.inputs[use.position]
        for kind in ("partial", "derivative"):
            believed = self._table.get(kind, node.name, by, at.step, at.row)
            if believed is not None and node.inputs.count(by) == 1:
                return self._answer(believed)
        return None

    def loss(self, step: int = 0) -> Value:
        """The loss of the step's batch."""
        believed = self._table.get("loss", self.graph.output, "", step)
        return super().loss(step) if believed is None else self._answer(believed)

    def gradients(self, names: Sequence[str], step: int) -> Iterable[Value]:
        """The derivatives of the batch's loss by these parameters."""
        if self._table.any("gradient", step, 1):
            return map(self.gradient, names, repeat(step))
        return super().gradients(names, step)

    def gradient(self, name: str, step: int = 0) -> Value:
        """The derivative of the batch's loss by a parameter."""
        believed = self._table.get("gradient", self.graph.output, name, step)
        return super().gradient(name, step) if believed is None else self._answer(believed)


class Crowd:
    """Numbers that somebody believes together, put into worlds; one of them may become another one."""

    def __init__(self, table: BeliefTable | None = None) -> None:
        self.table = table or BeliefTable()
        self._worlds: dict[tuple[Point, str], Point] = {}

    def put(self, address: PointAddress, what: Any) -> None:
        """Believe it of a quantity."""
        self.table.put(address, what)
        self._forget(address)

    def drop(self, address: PointAddress) -> None:
        """Believe nothing of a quantity."""
        self.table.drop(address)
        self._forget(address)

    def _forget(self, address: PointAddress) -> None:
        if address.kind == "rate":
            self._worlds.clear()
        for key, world in self._worlds.items():
            assert isinstance(world.passes, BelievingTraining)
            world.passes.forget(address)
            self._worlds[key] = world.with_passes(world.passes)

    def world(
        self, base: Point, mode: str, answer: Answer, work: Work = UNBOUNDED, besides: tuple[PointAddress, ...] = ()
    ) -> Point:
        """The world in which these numbers are believed, besides some; ``mode`` says how they are answered."""
        found = self._worlds.get((base, mode))
        if found is None:
            if len(self._worlds) >= MAX_WORLDS:
                self._worlds.clear()
            found = self._worlds[base, mode] = base.with_passes(
                BelievingTraining(base.passes, self.table, answer, work)
            )
        table = self.table
        for address in besides:
            if self.table.has(address):
                table = table.without(address)
                found = found.with_passes(BelievingTraining(found.passes, table, answer, work, address))
        return found


def is_hardly_known(span: Interval, unit: fmpq | None) -> bool:
    """Whether what follows from rounded numbers is hardly known: to less than some digits, and a unit of the last."""
    width = plain(_width(span)).abs_upper()
    size = plain(span.low).abs_upper().min(plain(span.high).abs_upper())
    return bool(width > size * MAX_WIDTH) and (unit is None or bool(width > 2 * unit))


def _width(span: Interval) -> Value:
    width = span.high - span.low
    return width if type(width) is fmpq else plain(width).upper() + 2 * plain(span.low).rad()


__all__ = ["BeliefTable", "Crowd", "is_hardly_known"]
