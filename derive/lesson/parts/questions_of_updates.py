"""Questions about the update, and about what comes after it."""

from __future__ import annotations

from derive.arithmetic.numbers import decided_sign
from derive.expressions.tree import Name, substitute
from derive.lesson.deltas import delta, short
from derive.lesson.desk import Desk
from derive.lesson.general import sequential
from derive.lesson.limits import worked_layers
from derive.lesson.parts.asked import Posed, asked, first_without_zero, in_numbers, others, side_of
from derive.lesson.parts.update_lines import worked_update
from derive.lesson.quantity import Quantity


def doubled_rate(desk: Desk) -> Posed | None:
    """The new value of a parameter with twice the learning rate: its first step doubles."""
    network = desk.network
    if network.spec.training.learning_rate is None:
        return None
    last = network.layers[-1].parameter_names if sequential(desk) else network.parameters
    name = desk.first_shown({*network.trained}.intersection(last))
    if name is None:
        return None
    old, new = Name(name), Name(f"{name}'")
    doubled = Quantity("local", f"{name}+2*step", 0, 0, old + 2 * (new - old))
    _, formula, values = worked_update(desk, name)
    rate = network.names.eta  # the old value and the new one may differ by less than a page shows
    line = in_numbers(desk, doubled, substitute(formula, {rate: 2 * Name(rate)}), values)
    return None if line is None else asked("doubled_rate", {"line": line}, rate=desk.eta, parameter=desk.symbol(name))


def direction(desk: Desk) -> Posed | None:
    """Whether a parameter rises or falls, from the sign of its derivative alone."""
    network = desk.network
    if network.spec.training.learning_rate is None or network.names.states or network.optimizer.name != "sgd":
        return None
    if not desk.sheet.ask(lambda figures: decided_sign(figures.number(desk.rate)) > 0):
        return None

    by_layer = (name for layer in worked_layers(desk, network.layers) for name in reversed(layer.parameter_names))
    names = [name for name in [*by_layer] or network.parameters if name in network.trained]
    found = first_without_zero(desk, ((name, [Quantity("batch", name)]) for name in others(desk, names) or names))
    if found is None:
        return None
    gradient = Quantity("batch", found)
    sides = {
        "slope": side_of(desk, desk.reduced_gradient(found), gradient),
        "moved": side_of(desk, desk.new_symbol(found), gradient, desk.symbol(found), "against"),
    }
    return asked("direction", sides, parameter=desk.symbol(found))


def unmoved(desk: Desk) -> Posed | None:
    """Which weights an input of 0 keeps where they are."""
    network = desk.network
    layer = network.layers[0]
    rate = network.spec.training.learning_rate
    if rate is None or len(network.rows) > 1 or layer.wiring.is_shared or layer.fan_in < 2:
        return None
    weights = [name for _, name in layer.fed_by(layer.fan_in - 1) if name in network.trained]
    if not weights:
        return None
    source = desk.symbol(layer.sources[-1])
    answer = {"weights": [desk.symbol(name) for name in weights[:6]], "more": len(weights[6:])}
    return asked("unmoved", {**answer, "delta": desk.any("delta"), "by": source}, source=source)


def next_delta(desk: Desk) -> Posed | None:
    """δ of an output unit in the second iteration, from the output that the section gives."""
    network, run = desk.network, desk.run
    if len(run.iterations) < 2 or len(network.rows) > 1 or not network.trained:
        return None
    layer = network.layers[-1]
    formula = delta(desk, layer, 0)
    if not short(formula):
        return None
    z = layer.z[0]
    line = in_numbers(desk, Quantity("local", f"{z}@1", 1, 0, formula), formula, {})
    if line is None:
        return None
    symbol = desk.symbol(network.outputs[0])
    return asked("next_delta", {"line": line, "output": symbol}, delta=desk.symbol(network.names.gradient(z)))
