"""What an honest document says where it happens: kinks, dead and saturated units, units that stay identical.

Every question about the numbers goes through :meth:`Sheet.ask`, so that a text is only used again where the
answers are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from flint import fmpq

from derive.arithmetic.numbers import Number as Value
from derive.arithmetic.numbers import as_ball, is_zero
from derive.checked.kinks_held import kinked_nodes
from derive.equations.run import Sample
from derive.expressions.evaluate import evaluate
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import Call, Expr, Name, walk
from derive.lesson.blocks import say
from derive.lesson.definitions import meets_smoothly
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures, Quantity
from derive.model import Given
from derive.network import Layer, number
from derive.words.runs import Say, Tex

SATURATED = 10**6
"""A unit is saturated where its δ is smaller than one part in so many, and not 0."""
FLAT = 1000
"""The slope of a saturated unit's activation is smaller than one part in so many."""
MOST_NAMED = 6


def kinks_met(desk: Desk) -> list[Say]:
    """A sentence for every kink that the first iteration stands on."""
    found: tuple[Kink, ...] = desk.sheet.ask(kinks_of_iteration)
    several = len(desk.network.rows) > 1
    said = []
    for kink in found[:MOST_NAMED]:
        symbol = desk.symbol(kink.node + (f"[{kink.row}]" if several else ""))
        name = say(f"names.{kink.function}")
        if FUNCTIONS[kink.function].variadic:
            said.append(say("remarks.tie", symbol=symbol, name=name))
        else:
            said.append(say("remarks.kink", symbol=symbol, name=name, slope=Tex(kink.slope), inside=kink.inside))
    if len(found) > MOST_NAMED:
        said.append(say("remarks.more_kinks", count=len(found) - MOST_NAMED))
    return said


class Kink(NamedTuple):
    """A quantity exactly on the kink of a function, or (``inside``) a node whose formula has such a function.

    ``slope`` is what the convention gives the function there.
    """

    node: str
    function: str
    row: int
    slope: str
    inside: bool


def kinks_of_iteration(figures: Figures, iteration: int = 0) -> tuple[Kink, ...]:
    """Every kink that an iteration stands on."""
    return tuple(
        _kink(figures, node.name, call, sample)
        for node in kinked_nodes(figures.network)
        if node.operation.kind != "huber"  # its formula has min and max, but no kink
        for call in _kinked_calls(node.formula)
        for sample in figures.run.iterations[iteration].samples
        if _on_kink(figures, call, sample)
    )


def _kink(figures: Figures, node: str, call: Call, sample: Sample) -> Kink:
    argument = call.arguments[0]
    alone = isinstance(argument, Name) and not FUNCTIONS[call.function].variadic
    place = argument.name if alone and isinstance(argument, Name) else node
    return Kink(place, call.function, sample.row, _slope(figures, call, sample), not alone)


def _slope(figures: Figures, call: Call, sample: Sample) -> str:
    if FUNCTIONS[call.function].variadic:
        return ""
    slope = evaluate(Call(call.function + "'", call.arguments), sample.values, figures.network.relu_at_zero)
    return figures.policy.shown(slope).tex


def _kinked_calls(expr: Expr) -> list[Call]:
    calls = (part for part in walk(expr) if isinstance(part, Call))
    return [call for call in calls if FUNCTIONS[call.function.removesuffix("'")].kinked]


def _on_kink(figures: Figures, call: Call, sample: Sample) -> bool:
    first = call.arguments[0]
    if not FUNCTIONS[call.function.removesuffix("'")].variadic and meets_smoothly(call):
        return False
    if len(call.arguments) == 1 and isinstance(first, Name):
        return is_zero(sample.values[first.name])
    at_zero = figures.network.relu_at_zero
    arguments: list[Value] = [evaluate(argument, sample.values, at_zero) for argument in call.arguments]
    if not FUNCTIONS[call.function].variadic:
        return is_zero(arguments[0])
    best = evaluate(call, sample.values, at_zero)
    return sum(is_zero(argument - best) for argument in arguments) > 1


def undefined_terms(desk: Desk) -> list[Say]:
    """That terms of a cross entropy are left out because their factor is exactly 0."""
    network = desk.network
    if not network.layered or network.spec.network is None:
        return []
    if network.spec.network.loss.name not in ("binary_cross_entropy", "cross_entropy"):
        return []
    undefined: bool = desk.sheet.ask(_zero_factor)
    formula = desk.network.graph.by_name[network.output].formula
    left_out = desk.put_in(formula, Quantity("value", network.output), {})[0] != formula
    return [say("remarks.zero_terms", undefined=undefined)] if undefined or left_out else []


def _zero_factor(figures: Figures) -> bool:
    """Whether a logarithm of the first sample's loss is undefined and left out."""
    values = figures.run.iterations[0].samples[0].values
    return any(is_zero(values[y]) or is_zero(1 - values[y]) for y in figures.network.outputs)


def quiet_units(desk: Desk) -> list[Say]:
    """Sentences about units through which nothing, or next to nothing, flows back in the first iteration."""
    if not desk.network.layered:
        return []
    dead: tuple[str, ...] = desk.sheet.ask(dead_units)
    faint: tuple[str, ...] = desk.sheet.ask(faint_units)
    saturated: tuple[str, ...] = desk.sheet.ask(saturated_units)
    said = []
    if dead:
        samples = len(desk.run.iterations[0].samples)
        said.append(say("remarks.dead", samples=samples, **_named(desk, dead)))
    if saturated:
        said.append(say("remarks.saturated", delta=desk.any("delta"), **_named(desk, saturated)))
    if faint := tuple(z for z in faint if z not in saturated):
        said.append(say("remarks.faint", delta=desk.any("delta"), **_named(desk, faint)))
    return said


def _named(desk: Desk, names: tuple[str, ...]) -> dict[str, object]:
    """The first units by their symbols, and how many there are."""
    shown = [desk.symbol(name) for name in names[:MOST_NAMED]]
    # where weights serve other units, too, they may move all the same
    shared = any(z in names for layer in desk.network.layers if layer.wiring.is_shared for z in layer.z)
    return {"units": shown, "count": len(names), "more": len(names) - len(shown), "shared": shared}


def dead_units(figures: Figures) -> tuple[str, ...]:
    """Weighted inputs of ReLU units that are negative for every sample of the first batch."""
    samples = figures.run.iterations[0].samples
    return tuple(
        z
        for layer in figures.network.layers
        if layer.spec.activation.name == "relu"
        for z in layer.z
        if all(sample.values[z] < 0 for sample in samples)
    )


def faint_units(figures: Figures) -> tuple[str, ...]:
    """Weighted inputs whose δ is below the bound for every sample of the first batch, but not 0."""
    samples = figures.run.iterations[0].samples
    return tuple(
        z for layer in figures.network.layers for z in layer.z if all(_small(sample.gradients[z]) for sample in samples)
    )


def saturated_units(figures: Figures) -> tuple[str, ...]:
    """Those of them where the activation's own slope is the reason, and not that hardly anything arrives."""
    samples = figures.run.iterations[0].samples
    faint = set(faint_units(figures))
    return tuple(
        z
        for layer in figures.network.layers
        for z, a in zip(layer.z, layer.a, strict=True)
        if z in faint and all(_flat(sample.gradients[z], sample.gradients[a]) for sample in samples)
    )


def _flat(below: Value, above: Value) -> bool:
    return bool(abs(as_ball(below)) * FLAT < abs(as_ball(above)))


def _small(value: Value) -> bool:
    return not is_zero(value) and bool(abs(as_ball(value)) * SATURATED < 1)


def identical_units(desk: Desk) -> list[Say]:
    """Units of a layer that start identical and so stay identical."""
    groups: tuple[tuple[str, ...], ...] = desk.sheet.ask(identical_groups)
    return [say("remarks.identical", units=[desk.symbol(name) for name in group]) for group in groups]


def identical_groups(figures: Figures) -> tuple[tuple[str, ...], ...]:
    """Hidden units with the same weights in and the same weights out, from and to the same units, layer by layer."""
    layers = figures.network.layers
    start = figures.network.start
    groups: list[tuple[str, ...]] = []
    for layer, following in pairwise(layers):
        if layer.wiring.is_shared or following.wiring.is_shared:
            continue  # a weight moves by all units it serves, and they are not all identical
        alike: dict[tuple[str, ...], list[str]] = {}
        for j in range(layer.units):
            alike.setdefault(_signature(layer, following, j, start), []).append(layer.a[j])
        groups += [tuple(group) for group in alike.values() if len(group) > 1]
    return tuple(groups)


def _signature(layer: Layer, following: Layer, j: int, start: Mapping[str, Given]) -> tuple[str, ...]:
    weights, sources = layer.joined(j)
    fed = tuple(following.fed_by(j))
    names = (*weights, *layer.biases[j : j + 1], *(weight for _, weight in fed))
    return (*sources, *(following.z[unit] for unit, _ in fed), *(_same_if_equal(start[name]) for name in names))


def _same_if_equal(given: Given) -> str:
    value = number(given)
    return str(value) if isinstance(value, fmpq) else given.text
