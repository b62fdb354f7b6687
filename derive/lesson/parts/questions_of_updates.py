"""Questions about the update, and about what comes after it."""

from __future__ import annotations

from derive.expressions.tree import Name, substitute
from derive.lesson.deltas import delta, short
from derive.lesson.desk import Desk
from derive.lesson.general import sequential
from derive.lesson.parts.asked import Posed, asked, in_numbers
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
