"""Forward passes, backward passes and updates that are made only as far as somebody asks, with or without slips.

The right numbers come from here as well as the mistaken ones: without slips these are the equations of the network,
and the tests put them beside :mod:`derive.equations.run`. Passes with slips take from those without
whatever no slip reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat

from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import Value
from derive.equations.batch import batch_of
from derive.equations.objective import BatchNumbers, weighs_by_losses
from derive.equations.update import Update
from derive.network import Network, number
from derive.network.graph import Use
from derive.verification.points.equations import Plain
from derive.verification.points.reach import Reach
from derive.verification.points.row_after import NOWHERE, Equations, Right, RowAfter, Values
from derive.verification.points.slips import Slip
from derive.verification.points.work import UNBOUNDED, Work

MAX_ROWS = 1_000
"""Of at most this many rows, after one update or another, the numbers are kept."""
HOOKS = ("value", "local", "derivative", "reduced", "updated", "state")
NO_HOOKS: tuple[tuple[Slip, ...], ...] = ((),) * len(HOOKS)


class Training:
    """The numbers of a network from given starting values, with slips.

    Args:
        start: the parameters and other values before the first update.
        rows: what each row of the data gives.
        rate: the learning rate, None where there is no update.
        hyperparameters: of the optimizer, by their names; those of the spec unless given.
        slips: the mistakes that are made, asked in this order.
        equations: :class:`Plain` unless given; it can be shared between passes over the same network.
        base: the same passes without the slips, from which what no slip reaches is taken.
        work: where the work is counted that is done here.
    """

    def __init__(  # noqa: PLR0917
        self,
        network: Network,
        start: Mapping[str, Value],
        rows: Sequence[Mapping[str, Value]],
        rate: Value | None,
        slips: Sequence[Slip] = (),
        equations: Equations | None = None,
        base: Training | None = None,
        work: Work = UNBOUNDED,
        hyperparameters: Mapping[str, Value] | None = None,
    ) -> None:
        self.network = network
        self.graph = network.graph
        self.rate = rate
        if hyperparameters is None:
            hyperparameters = {name: number(given) for name, given in network.hyperparameters.items()}
        self.hyperparameters = hyperparameters
        self.update: Update = base.update if base is not None else Update(network)
        self.objective: BatchNumbers = base.objective if base is not None else BatchNumbers(network)
        self.slips = tuple(slips)
        self.equations = equations or Plain(network)
        self.start, self.rows = start, rows if isinstance(rows, tuple) else tuple(rows)
        self.work = work
        self.base = base
        self.reach: Reach = base.reach if base is not None else Reach(network.graph)
        self._ats: dict[tuple[int, int], RowAfter] = {}
        self._new: dict[int, Values] = {}
        self._gradients: dict[int, Values] = {}
        self._complete = 0
        self.batches: dict[int, tuple[int, ...]] = base.batches if base is not None else {}
        self.late: frozenset[str] = network.trained if network.spec.sequential and rate is not None else frozenset()
        """The parameters whose new values earlier layers' gradients use (sequential updates)."""
        self.on_value, self.on_local, self.on_derivative, self.on_reduced, self.on_updated, self.on_state = (
            (tuple(slip for slip in self.slips if slip.changes(hook)) for hook in HOOKS) if self.slips else NO_HOOKS
        )
        self.local_sites = _sites(self.on_local)
        """Where a local derivative may be another one; None: anywhere."""

    @cached_property
    def last(self) -> int:
        """How many updates there are."""
        return self.network.spec.training.iterations if self.rate is not None else 0

    def with_slips(self, *slips: Slip) -> Training:
        """The same starting values with these mistakes in place of the present ones."""
        base = self if not self.slips else self.base
        return Training(
            self.network, self.start, self.rows, self.rate, slips, self.equations, base, self.work,
            self.hyperparameters,
        )  # fmt: skip

    def with_last_update(self, step: int, slip: Slip) -> Training:
        """These numbers before the last of ``step`` updates (one or more), and in that update a mistake.

        ``slip`` is one of updates: it changes no row's passes.
        """
        self.prepare(step - 1)
        found = self.with_slips(slip)
        found.begin_after(step - 1, self.known(step - 1), [self.at(step - 1, row) for row in self.batch(step - 1)])
        return found

    def begin_after(self, updates: int, parameters: Mapping[str, Value], ats: Iterable[RowAfter]) -> None:
        """Take what is known after so many updates, and those rows' numbers there, as they are."""
        self._new[updates], self._complete = dict(parameters), updates
        self._ats.update(((updates, at.row), at) for at in ats)

    def batch(self, step: int) -> tuple[int, ...]:
        """The rows (from 1) of the batch at a step: iteration ``step + 1``'s, after the last update all rows."""
        found = self.batches.get(step)
        if found is None:
            found = self.batches[step] = batch_of(self.network, step)
        return found

    def at(self, step: int = 0, row: int = 1) -> RowAfter:
        """The numbers of one row after so many updates."""
        found = self._ats.get((step, row))
        if found is None:
            if len(self._ats) >= MAX_ROWS:
                del self._ats[next(iter(self._ats))]
            found = self._ats[step, row] = RowAfter(self, step, row, self.known(step))
        return found

    def known(self, step: int) -> Mapping[str, Value]:
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

    def given(self, at: RowAfter, name: str) -> Value | None:
        """The value of a quantity that is not computed from its node; None where it is."""
        if name in self.start or name in self.network.states:
            return self.parameter(name, at.step)
        return self.rows[at.row - 1].get(name)

    def given_derivative(self, at: RowAfter, of: str, by: str) -> Value | None:
        """A derivative that is not worked out; None where it is."""
        return None

    def given_local(self, at: RowAfter, use: Use) -> Value | None:
        """A local derivative that is not worked out; None where it is."""
        return None

    def believes_slopes(self, at: RowAfter) -> bool:
        """Whether derivatives in this row may be given."""
        return False

    # Updates

    def parameter(self, name: str, step: int) -> Value:
        """One parameter, or state of the optimizer, after so many updates; before the last one, all go into it."""
        state = self.network.states.get(name)
        if not step or self.rate is None or (state is None and name not in self.network.trained):
            return self.start[name] if state is None else self.update.start[state[0]]
        new = self._new.setdefault(step, {})
        found = new.get(name)
        if found is None:
            self.prepare(step - 1)
            found = self._stepped(name, step - 1) if state is None else self._carried(*state, step - 1)
            new[name] = found
        return found

    def parameters(self, step: int) -> Mapping[str, Value]:
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

    def _all_updated(self, names: Sequence[str], step: int) -> Iterator[Value]:
        """The values of parameters after the update of a step, all that they share being worked out first."""
        gradients = self._all_gradients(names, step)
        if self.on_updated or not self.update.is_plain:
            yield from map(self._stepped, names, repeat(step), gradients)
            return
        constants, old, line = self._constants, self._new[step] if step else self.start, self.update.lines[-1]
        for name, gradient in zip(names, gradients, strict=True):
            yield bounded(line((old[name], gradient, *constants)))

    def _all_gradients(self, names: Sequence[str], step: int) -> Iterable[Value]:
        """The derivatives of the batch's loss by parameters, those of the rows being worked out first."""
        for row in self.batch(step):
            self.at(step, row).fill(self.graph.output)
        return self.gradients(names, step)

    @cached_property
    def _trained(self) -> tuple[str, ...]:
        return tuple(name for name in self.network.parameters if name in self.network.trained)

    def kept(self, names: Sequence[str], step: int) -> Mapping[str, Value]:
        """Those of the parameters after so many updates that need not be worked out."""
        return {}

    def updated(self, name: str, step: int) -> Value:
        """The value of a parameter after the update of a step."""
        return self.parameter(name, step + 1)

    @cached_property
    def _constants(self) -> tuple[Value, ...]:
        """The learning rate and the hyperparameters, in the order of the optimizer's lines."""
        assert self.rate is not None
        return (self.rate, *self.hyperparameters.values())

    def _numbers(self, name: str, step: int, new: int, gradient: Value | None = None) -> list[Value]:
        """What goes into the lines of a parameter's update: up to so many of the new states."""
        states = [self.network.names.state(key, name) for key in self.update.keys]
        gradient = self.gradient(name, step) if gradient is None else gradient
        first = (self.parameter(name, step), gradient, *self._constants)
        carried = (self.parameter(state, step) for state in states)
        return [*first, *carried, *(self.parameter(state, step + 1) for state in states[:new])]

    def _stepped(self, name: str, step: int, gradient: Value | None = None) -> Value:
        """The value of a parameter after a step; ``gradient`` is that of the batch, where it is known."""
        update = self.update
        numbers = self._numbers(name, step, len(update.keys), gradient)
        if self.on_updated and update.direction is not None:
            direction = update.direction(numbers)
            named = dict(zip(update.formals, numbers, strict=True))
            for slip in self.on_updated:
                value = slip.updated(name, named, direction)
                if value is not None:
                    return value
        return bounded(update.lines[-1](numbers))

    def _carried(self, key: str, name: str, step: int) -> Value:
        """The value of a state of the optimizer for a parameter after a step."""
        update = self.update
        place = update.keys.index(key)
        numbers = self._numbers(name, step, place)

        def right() -> Value:
            return bounded(update.lines[place](numbers))

        for slip in self.on_state:
            value = slip.state(key, name, dict(zip(update.formals, numbers, strict=False)), right)
            if value is not None:
                return value
        return right()

    def loss(self, step: int = 0) -> Value:
        """The loss of the step's batch."""
        losses = self._losses(step)
        found = self.reduced(losses, lambda: self.objective.loss(losses))
        penalized = self.objective.penalizes
        return bounded(found + self.objective.penalty(self.parameters(step))) if penalized else found

    def _losses(self, step: int) -> list[Value]:
        """The losses of the rows of the step's batch."""
        return [self.at(step, row).value(self.graph.output) for row in self.batch(step)]

    def gradient(self, name: str, step: int = 0) -> Value:
        """The derivative of the batch's loss by a parameter."""
        batch, output = self.batch(step), self.graph.output
        if self._is_of_row(batch):
            return self.at(step, batch[0]).derivative(output, name)
        known = self._gradients.setdefault(step, {})
        found = known.get(name)
        if found is None:
            each = [self.at(step, row).derivative(output, name) for row in batch]
            losses = self._losses(step) if weighs_by_losses(self.network, len(batch)) else ()
            found = self.reduced(each, lambda: self.objective.gradient(each, losses))
            if self.objective.penalizes:
                found = bounded(found + self.objective.penalty_slope(name, self.parameter(name, step)))
            if not self.slips:
                known[name] = found
        return found

    def gradients(self, names: Sequence[str], step: int) -> Iterable[Value]:
        """The derivatives of the batch's loss by these parameters."""
        batch = self.batch(step)
        if self._is_of_row(batch):
            return self.at(step, batch[0]).derivatives(self.graph.output, names)
        return map(self.gradient, names, repeat(step))

    def _is_of_row(self, batch: tuple[int, ...]) -> bool:
        """Whether the gradients of a batch are those of its one row."""
        return len(batch) == 1 and self._is_plain

    @cached_property
    def _is_plain(self) -> bool:
        """Whether the gradients of a batch of one row are that row's own."""
        changed = self.on_reduced or self.objective.penalizes or weighs_by_losses(self.network, 1)
        return not changed

    def reduced(self, values: Sequence[Value], right: Right) -> Value:
        """What the rows of a batch give made one number, as the objective has it."""
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


__all__ = ["Training"]
