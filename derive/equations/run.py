"""The numbers of a derivation: forward passes, gradients, updates, iteration after iteration.

Everything is computed at the current precision (see :mod:`derive.arithmetic.numbers`): exact rationals while the
arithmetic stays rational, certified balls otherwise. A value outside a function's domain is a
:class:`DeriveError` that names node, value and sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from types import MappingProxyType
from typing import cast

from flint import fmpq

from derive.arithmetic.numbers import bounded, exact_if_settled
from derive.arithmetic.outcomes import NoDerivative, OutsideDomain, Undecided
from derive.arithmetic.precision import is_tracing
from derive.arithmetic.reals import ONE, ZERO, Value
from derive.equations.batch import batch_of
from derive.equations.batch_graph import BatchGraph
from derive.equations.objective import BatchNumbers, weighs_by_losses
from derive.equations.update import Stepper
from derive.errors import DeriveError
from derive.model import Given
from derive.network import Layer, Network, number
from derive.network.graph import Node
from derive.network.in_numbers import NodesInNumbers
from derive.records import record

Values = dict[str, Value]
NOTHING: Mapping[str, Value] = MappingProxyType({})


@record
class Sample:
    """One row of the data, counted from 1.

    ``values`` holds every quantity; ``gradients`` the derivative of this sample's own loss by every quantity except
    the targets, and except those by which it has no derivative (empty for a forward pass alone).
    """

    row: int
    values: Mapping[str, Value]
    gradients: Mapping[str, Value]


@record
class Iteration:
    """One forward pass, backward pass and update over one batch.

    ``loss`` and ``gradients`` are the batch's, reduced by mean or sum; ``updated`` holds the trained parameters'
    new values (empty without a learning rate); ``parameters`` all values before the update. ``states`` are those of the
    optimizer before the update, ``new_states`` after it, by their names.
    """

    number: int
    parameters: Mapping[str, Value]
    samples: tuple[Sample, ...]
    loss: Value
    gradients: Mapping[str, Value]
    updated: Mapping[str, Value]
    states: Mapping[str, Value] = field(default_factory=dict)
    new_states: Mapping[str, Value] = field(default_factory=dict)


@record
class Final:
    """The forward pass of all rows after the last update."""

    parameters: Mapping[str, Value]
    samples: tuple[Sample, ...]
    loss: Value


@record
class Run:
    """All numbers of a network; ``final`` is None without a learning rate."""

    network: Network
    iterations: tuple[Iteration, ...]
    final: Final | None
    learning_rate: Value | None
    hyperparameters: Mapping[str, Value] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Run of {self.network!r}, {len(self.iterations)} iterations>"


def run(network: Network) -> Run:
    """Work the network through all its iterations.

    Raises:
        DeriveError: where a value is outside a function's domain.
        Undecided: where the precision is too low to decide the side of a kink or the sign of a divisor.
    """
    numbers = Runner(network).run()
    return mapped(numbers, exact_if_settled) if is_tracing() else numbers


def first_pass(network: Network) -> Final:
    """The forward pass of all rows before the first update.

    Raises:
        DeriveError: where a value is outside a function's domain.
        Undecided: where the precision is too low.
    """
    runner = Runner(network)
    found = runner.final(runner.start())
    return _changed(found, exact_if_settled) if is_tracing() else found


def mapped(numbers: Run, change: Callable[[Value], Value]) -> Run:
    """The run with every number changed."""

    def mapping(values: Mapping[str, Value]) -> Mapping[str, Value]:
        return _mapping(values, change)

    iterations = tuple(
        Iteration(i.number, mapping(i.parameters), _samples(i.samples, change), change(i.loss), mapping(i.gradients),
                  mapping(i.updated), mapping(i.states), mapping(i.new_states))
        for i in numbers.iterations
    )  # fmt: skip
    final = numbers.final if numbers.final is None else _changed(numbers.final, change)
    rate = numbers.learning_rate
    settled = rate if rate is None else change(rate)
    return Run(numbers.network, iterations, final, settled, mapping(numbers.hyperparameters))


def _mapping(values: Mapping[str, Value], change: Callable[[Value], Value]) -> Mapping[str, Value]:
    return {name: change(value) for name, value in values.items()}


def _samples(found: tuple[Sample, ...], change: Callable[[Value], Value]) -> tuple[Sample, ...]:
    return tuple(Sample(s.row, _mapping(s.values, change), _mapping(s.gradients, change)) for s in found)


def _changed(final: Final, change: Callable[[Value], Value]) -> Final:
    return Final(_mapping(final.parameters, change), _samples(final.samples, change), change(final.loss))


@record
class _Pass:
    """A backward pass under way for one row."""

    row: int
    values: Values
    gradients: Values


@record
class _New:
    """An update under way: what it starts from, and what it has given so far."""

    parameters: Values
    old_states: Mapping[str, Value]
    updated: Values = field(default_factory=dict)
    states: Values = field(default_factory=dict)

    def ordered(self, names: tuple[str, ...]) -> Values:
        """The new values in the order of the parameters."""
        return {name: self.updated[name] for name in names if name in self.updated}


class Runner:
    """The passes over one network, at one precision."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.graph = network.graph
        self.rows = tuple(self._numbers(row) for row in network.exact_rows)
        rate = network.spec.training.learning_rate
        self.learning_rate = self._given("learning_rate", rate) if rate is not None else None
        self.hyperparameters = {name: self._given(name, given) for name, given in network.hyperparameters.items()}
        self.updates = 0
        self.objective = BatchNumbers(network)
        self._batch: BatchGraph | None = None

    @cached_property
    def _stepper(self) -> Stepper:
        assert self.learning_rate is not None
        return Stepper(self.network, self.learning_rate, self.hyperparameters)

    def _numbers(self, exact: Mapping[str, fmpq | Given]) -> Values:
        """Numbers of the spec at the current precision; the rational ones are known already."""
        return {
            name: value if type(value) is fmpq else self._given(name, cast(Given, value))
            for name, value in exact.items()
        }

    def _given(self, name: str, given: Given) -> Value:
        try:
            return number(given)
        except OutsideDomain as error:
            raise DeriveError(f"{self.network.spec.path}: {name}", f"{given.text}: {error} {error.verdict}") from None

    def start(self) -> Values:
        """The values before the first update."""
        return self._numbers(self.network.exact_start)

    def run(self) -> Run:
        """All iterations and the final forward pass."""
        parameters = self.start()
        states = self._stepper.start if self.learning_rate is not None else NOTHING
        iterations = []
        training = self.network.spec.training
        for k in range(1, training.iterations + 1):
            iteration = self.iteration(k, parameters, states)
            iterations.append(iteration)
            if self.learning_rate is not None:
                parameters, states, self.updates = {**parameters, **iteration.updated}, iteration.new_states, k
        final = self.final(parameters) if self.learning_rate is not None else None
        return Run(self.network, tuple(iterations), final, self.learning_rate, self.hyperparameters)

    def final(self, parameters: Values) -> Final:
        """The forward pass of all rows."""
        rows = tuple(range(1, len(self.rows) + 1))
        forward = self.forward_rows(parameters, rows)
        samples = tuple(Sample(row, values, {}) for row, values in zip(rows, forward, strict=True))
        return Final(parameters, samples, self.batch_loss(parameters, self._outputs(forward)))

    def iteration(self, k: int, parameters: Values, states: Mapping[str, Value] = NOTHING) -> Iteration:
        """Forward, backward, update over the batch of iteration k."""
        rows = batch_of(self.network, k - 1)
        forward = self.forward_rows(parameters, rows)
        new = _New(parameters, states)
        if self.network.spec.sequential:
            gradients = self.sequential(new, forward, rows)
        else:
            gradients = self.backward_rows(forward, rows)
        batch = self.batch_gradients(forward, gradients, self.network.parameters)
        if self.learning_rate is not None and not new.updated:
            self.update(new, batch, self.network.parameters)
        samples = tuple(map(Sample, rows, forward, gradients))
        loss = self.batch_loss(parameters, self._outputs(forward))
        return Iteration(k, parameters, samples, loss, batch, new.ordered(self.network.parameters), states, new.states)

    def forward_rows(self, parameters: Mapping[str, Value], rows: tuple[int, ...]) -> list[Values]:
        """Every quantity's value for each row of a batch."""
        if not self.network.couples_rows:
            return [self.forward(parameters, row) for row in rows]
        batch = self._batch_graph(rows)
        values: Values = dict(parameters)
        values.update(batch.joined([self.rows[row - 1] for row in rows]))
        self._through(batch.graph.nodes, values, batch.in_numbers, batch.row_of)
        return batch.split(values)

    def backward_rows(self, forward: Sequence[Values], rows: tuple[int, ...]) -> list[Values]:
        """The gradients in each row of a batch: of the row's own loss; where rows read one another, of all losses."""
        if not self.network.couples_rows:
            return [self.backward(values, row) for values, row in zip(forward, rows, strict=True)]
        batch = self._batch_graph(rows)
        values = {**{name: forward[0][name] for name in self.network.start}, **batch.joined(forward)}
        gradients: Values = dict.fromkeys((*values, batch.total), ZERO)
        gradients[batch.total] = ONE
        for node in batch.graph.backward_nodes:
            self._back(node, _Pass(batch.row_of(node.name), values, gradients), batch.in_numbers)
        targets = frozenset(self.network.targets)
        return [{n: value for n, value in found.items() if n not in targets} for found in batch.split(gradients)]

    def _outputs(self, forward: Sequence[Mapping[str, Value]]) -> list[Value]:
        return [values[self.graph.output] for values in forward]

    def losses(self, parameters: Mapping[str, Value], rows: tuple[int, ...]) -> list[Value]:
        """The loss of each row of a batch; where no row reads another one, nothing else is kept."""
        if self.network.couples_rows:
            return self._outputs(self.forward_rows(parameters, rows))
        return [self.forward(parameters, row)[self.graph.output] for row in rows]

    def _batch_graph(self, rows: tuple[int, ...]) -> BatchGraph:
        if self._batch is None or self._batch.rows != rows:
            self._batch = BatchGraph(self.network, rows)
        return self._batch

    def forward(self, parameters: Mapping[str, Value], row: int) -> Values:
        """Every quantity's value for one row that reads no other one."""
        values: Values = {**parameters, **self.rows[row - 1]}
        self._through(self.graph.nodes, values, self.network.in_numbers, lambda _: row)
        return values

    def _through(
        self, nodes: Sequence[Node], values: Values, numbers: NodesInNumbers, row_of: Callable[[str], int]
    ) -> None:
        for node in nodes:
            try:
                numbers.forward(node, values)
            except OutsideDomain as error:
                raise self._outside(node, row_of(node.name), error) from None
            except Undecided as error:
                raise error.at(node.name) from None

    def backward(self, values: Values, row: int) -> Values:
        """The derivative of the output by every quantity it depends on: upstream × local, summed over all uses."""
        one = self._pass(row, values)
        for node in self.graph.backward_nodes:
            self._back(node, one)
        return one.gradients

    def _pass(self, row: int, values: Values) -> _Pass:
        """A backward pass at its start: nobody asks for gradients by targets."""
        gradients: Values = dict.fromkeys(values, ZERO)
        for target in self.network.targets:
            del gradients[target]
        gradients[self.graph.output] = ONE
        return _Pass(row, values, gradients)

    def sequential(self, new: _New, forward: list[Values], rows: tuple[int, ...]) -> list[Values]:
        """Later layers are updated first, and earlier layers' gradients use their new weights.

        Without a learning rate there is no update, and nothing to be used too early.
        """
        passes = [self._pass(row, dict(values)) for row, values in zip(rows, forward, strict=True)]
        for one in passes:
            self._back(self.graph.nodes[-1], one)
        for layer in reversed(self.network.layers):
            self._sequential_layer(layer, new, passes)
        return [one.gradients for one in passes]

    def _sequential_layer(self, layer: Layer, new: _New, passes: list[_Pass]) -> None:
        """One layer: δ and the gradients of its parameters, the update; then its new weights feed the layer before."""
        own = (*layer.weight_names, *layer.bias_names)
        kept: list[Values] = []
        for one in passes:
            for a in reversed(layer.a):
                self._back(self.graph.by_name[a], one)
            trial = _Pass(one.row, one.values, dict(one.gradients))
            for z in layer.z:
                self._back(self.graph.by_name[z], trial)
            kept.append({name: trial.gradients[name] for name in own})
        if self.learning_rate is not None:
            self.update(new, self.batch_gradients([one.values for one in passes], kept, own), own)
        for one, gradients in zip(passes, kept, strict=True):
            one.values.update(new.updated)
            for z in layer.z:
                self._back(self.graph.by_name[z], one)
            one.gradients.update(gradients)

    def _back(self, node: Node, one: _Pass, numbers: NodesInNumbers | None = None) -> None:
        try:
            (numbers or self.network.in_numbers).backward(node, one.values, one.gradients)
        except OutsideDomain as error:
            raise self._outside(node, one.row, error) from None
        except Undecided as error:
            raise error.at(node.name) from None

    def update(self, new: _New, batch: Values, names: tuple[str, ...]) -> None:
        """The new values of the trained ones among ``names``, and of their states."""
        updated, states = self._stepper.new(new.parameters, new.old_states, batch, names)
        new.updated.update(updated)
        new.states.update(states)

    def batch_gradients(
        self, forward: Sequence[Mapping[str, Value]], gradients: Sequence[Values], names: Sequence[str]
    ) -> Values:
        """The derivatives of the objective by these parameters, from the values and gradients of the batch's rows."""
        objective = self.objective
        if weighs_by_losses(self.network, len(gradients)):
            losses = self._outputs(forward)
            found = {name: objective.gradient([sample[name] for sample in gradients], losses) for name in names}
        elif len(gradients) == 1:
            only = gradients[0]
            found = {name: bounded(value) if type(value := only[name]) is fmpq else value for name in names}
        else:
            found = {name: objective.gradient([sample[name] for sample in gradients]) for name in names}
        if objective.penalizes:
            found = {n: bounded(value + objective.penalty_slope(n, forward[0][n])) for n, value in found.items()}
        return found

    def batch_loss(self, parameters: Mapping[str, Value], losses: Sequence[Value]) -> Value:
        """The objective of a batch, from the losses of its rows."""
        loss = self.objective.loss(losses)
        return bounded(loss + self.objective.penalty(parameters)) if self.objective.penalizes else loss

    def _outside(self, node: Node, row: int, error: OutsideDomain) -> DeriveError:
        node = self.graph.by_name[node.name.partition("[")[0]]
        named = row > 0 and any(self.network.rows)
        where = f"{self.network.spec.path}: {f'data[{row}]: ' if named else ''}{node.name}"
        when = [f"sample {row}"] if named else []
        when += [f"after update {self.updates}"] if self.updates else []
        said = f" ({', '.join(when)})" if when else ""
        return DeriveError(where, f"{error} {error.verdict}{said}", _mend(self.network, node, self.updates, error))


def _mend(network: Network, node: Node, updates: int, error: OutsideDomain) -> str:
    """What the author can change where a node leaves the domain of its formula."""
    if updates:
        return "the updates lead there from the numbers of the file: take a smaller learning_rate, or fewer iterations"
    if network.has_loss and node.name == network.output:
        return (
            "this loss needs outputs inside its domain: give the last layer an activation that keeps them there "
            "(sigmoid or softmax for a cross entropy), or take a loss that allows them (half_squared_error)"
        )
    if isinstance(error, NoDerivative) and network.spec.graph is not None:
        return f"change the numbers, or leave {error.by} and what it depends on out of parameters in [graph]"
    return "change the numbers or the formula so that its arguments stay inside the domain"
