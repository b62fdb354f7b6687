"""Updates a second way, and sequential ones with their gradients: nothing here knows the table of equations.

Each optimizer is stated once more, in another form than its entry has (:data:`STATEMENTS`): where the entry carries a
velocity along, momentum is stated here as Polyak's heavy ball, in parameters alone.

Sequential updates: the recursion over layers, with difference quotients for all slopes.

Later layers are updated first, and δ of the layer before is formed with the new weights. That is the gradient of no
single loss, so no difference quotient of a loss can check it; the recursion itself is computed again instead, from the
forward pass alone: slopes of losses and activations by central differences, products unit by unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from flint import ctx, fmpq, fmpz

from derive.arithmetic.elementary import quotient
from derive.arithmetic.numbers import as_ball, plain
from derive.arithmetic.reals import Value
from derive.checked.by_objective import penalty_slope, share
from derive.checked.kinks_held import HoldingCompiler
from derive.equations.run import Iteration, Run
from derive.network import Layer, Network


class Past(NamedTuple):
    """What an update of one parameter starts from.

    Attributes:
        old: the value before it; ``before`` the one before that (of the first update, the same).
        gradient: of the batch's loss; ``gradient_before`` that of the update before (of the first update, 0).
        rate: the learning rate; ``numbers`` the hyperparameters by their keys in a spec.
    """

    old: Value
    before: Value
    gradient: Value
    gradient_before: Value
    rate: Value
    numbers: Mapping[str, Value]


def _descent(past: Past) -> Value:
    return past.old - past.rate * past.gradient


def _heavy_ball(past: Past) -> Value:
    """Polyak 1964: a step down the gradient, and a part of the last step once more."""
    return _descent(past) + past.numbers["momentum"] * (past.old - past.before)


STATEMENTS: Mapping[str, Callable[[Past], Value]] = MappingProxyType({"sgd": _descent, "momentum": _heavy_ball})
"""The new value of a parameter, by the name of the optimizer."""

VELOCITIES: Mapping[str, Callable[[Past, Value], Value]] = MappingProxyType(
    {"momentum": lambda past, new: quotient(past.old - new, past.rate)}
)
"""The velocity after an update that led to ``new``, by the name of the optimizer: the step over the learning rate."""


def updates(run: Run, most: int) -> Iterator[tuple[str, int, Value, Value]]:
    """New values and new states of a run as they are, and as they should be: the name, the iteration, both numbers.

    Of more parameters than ``most``, so many in each iteration, evenly spread: one rule makes them all.
    """
    network, rate = run.network, run.learning_rate
    if rate is None:
        return
    name = network.spec.training.optimizer.name
    numbers = _hyperparameters(run)
    before = None
    for iteration in run.iterations:
        names = tuple(iteration.updated)
        stride = -(-len(names) // most)
        for parameter in names[iteration.number % stride :: stride] if names else ():
            past = _past(parameter, iteration, before, rate, numbers)
            new = STATEMENTS[name](past)
            yield parameter, iteration.number, iteration.updated[parameter], new
            if name in VELOCITIES:
                state = f"{network.names.states['v']}_{parameter}"
                yield state, iteration.number, iteration.new_states[state], VELOCITIES[name](past, new)
        before = iteration


def _hyperparameters(run: Run) -> Mapping[str, Value]:
    return {key: run.hyperparameters[name] for key, name in run.network.names.hyperparameters.items()}


def _past(
    parameter: str, iteration: Iteration, before: Iteration | None, rate: Value, numbers: Mapping[str, Value]
) -> Past:
    old = iteration.parameters[parameter]
    gradient = iteration.gradients[parameter]
    if before is None:
        return Past(old, old, gradient, fmpq(0), rate, numbers)
    return Past(old, before.parameters[parameter], gradient, before.gradients[parameter], rate, numbers)


def sequential_gradients(run: Run, place: int) -> dict[str, Value]:
    """The batch's gradients of one iteration (from 0) under ``update_order = "sequential"``."""
    network, iteration = run.network, run.iterations[place]
    before = run.iterations[place - 1] if place else None
    assert run.learning_rate is not None
    rate, numbers, step = run.learning_rate, _hyperparameters(run), STATEMENTS[network.spec.training.optimizer.name]
    samples = [sample.values for sample in iteration.samples]
    each = share(network, samples)
    found: dict[str, Value] = {}
    errors = [_slopes(network, network.output, network.outputs, values) for values in samples]
    for layer in reversed(network.layers):
        deltas = [_delta(network, layer, values, error) for values, error in zip(samples, errors, strict=True)]
        gradients = _layer_gradients(layer, samples, deltas)
        for name, total in gradients.items():
            found[name] = total * each + penalty_slope(network, name, iteration.parameters[name])
        new = dict(iteration.parameters)
        for name in layer.weight_names:
            if name in network.trained:
                past = _past(name, iteration, before, rate, numbers)._replace(gradient=found[name])
                new[name] = step(past)
        errors = [_error_before(layer, new, delta) for delta in deltas]
    return found


def _error_before(layer: Layer, weights: Mapping[str, Value], delta: Sequence[Value]) -> list[Value]:
    """What arrives at the sources of a layer: δ of every unit, shared out over its weights."""
    totals: dict[str, Value] = dict.fromkeys(layer.sources, as_ball(fmpq(0)))
    for j, arriving in enumerate(delta):
        for name, source in zip(*layer.joined(j), strict=True):
            totals[source] = totals[source] + plain(arriving) * plain(weights[name])
    return [totals[source] for source in layer.sources]


def _layer_gradients(
    layer: Layer, samples: Sequence[Mapping[str, Value]], deltas: Sequence[Sequence[Value]]
) -> dict[str, Value]:
    """δ times the source, summed over the samples; shared biases collect the δ of all units."""
    totals: dict[str, Value] = dict.fromkeys(layer.parameter_names, as_ball(fmpq(0)))
    for values, delta in zip(samples, deltas, strict=True):
        for j in range(layer.units):
            for name, source in zip(*layer.joined(j), strict=True):
                totals[name] = totals[name] + delta[j] * values[source]
            if layer.biases:
                totals[layer.biases[j]] = totals[layer.biases[j]] + delta[j]
    return totals


def _delta(network: Network, layer: Layer, values: Mapping[str, Value], error: Sequence[Value]) -> list[Value]:
    """δ of a layer: its activations' slopes by its weighted inputs, times the error that arrives."""
    delta: list[Value] = [as_ball(fmpq(0))] * layer.units
    for a, arriving in zip(layer.a, error, strict=True):
        inputs = network.graph.by_name[a].inputs
        for z, slope in zip(inputs, _slopes(network, a, inputs, values), strict=True):
            j = layer.z.index(z)
            delta[j] = delta[j] + arriving * slope
    return delta


def _slopes(network: Network, name: str, by: Sequence[str], values: Mapping[str, Value]) -> list[Value]:
    """The derivative of one node by each of the named inputs, as central difference quotients."""
    node = network.graph.by_name[name]
    names = tuple(dict.fromkeys(node.inputs))
    base = tuple(values[n] for n in names)
    closure = HoldingCompiler(names, network.relu_at_zero, base).closure(node.formula)
    h = fmpq(1, fmpz(2) ** (ctx.prec // 4))
    return [_difference(closure, base, names.index(n), h) for n in by]


def _difference(closure: Callable[..., Value], base: tuple[Value, ...], i: int, h: fmpq) -> Value:
    def at(shift: fmpq) -> Value:
        return closure((*base[:i], base[i] + shift, *base[i + 1 :]))

    return quotient(at(h) - at(-h), 2 * h)
