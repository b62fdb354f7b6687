"""Questions about a network with layers."""

from __future__ import annotations

from collections.abc import Iterator

from derive.expressions.tree import Name, times
from derive.lesson.desk import Desk
from derive.lesson.general import sequential, shares
from derive.lesson.inline import in_sides
from derive.lesson.limits import worked_layers, worked_units
from derive.lesson.parts.asked import GAP, Posed, asked, first_without_zero, in_line, in_numbers, others, side_of
from derive.lesson.parts.questions_of_graphs import MAX_LISTED, reached
from derive.lesson.printed_number import ONE
from derive.lesson.quantity import Quantity
from derive.network import Layer
from derive.words.runs import Tex

RISING = ("sigmoid", "tanh", "softplus")
"""Activations whose slope is positive everywhere."""
THROUGH = {"sigmoid": r"\tfrac{1}{2}", "tanh": "0"}
"""What activations that rise everywhere give for 0."""


def without_input(desk: Desk) -> Posed | None:
    """A weighted input, had one source been 0."""
    layer = desk.network.layers[0]

    def candidates() -> Iterator[tuple[tuple[str, str, str], list[Quantity]]]:
        for j in reversed(worked_units(desk, layer)):
            for weight, source in reversed([*zip(*layer.joined(j), strict=True)]):
                yield (layer.z[j], weight, source), [desk.quantity(weight), desk.quantity(source)]

    found = first_without_zero(desk, candidates())
    if found is None or layer.fan_in < 2:
        return None
    z, weight, source = found
    formula = Name(z) - Name(weight) * Name(source)
    line = in_numbers(desk, desk.own("local", f"{z}-{weight}*{source}", formula), formula, {})
    if line is None:
        return None
    return asked(
        "without_input",
        {"term": desk.tex(times(Name(weight), Name(source))), "line": line},
        source=desk.symbol(source), z=desk.symbol(z),
    )  # fmt: skip


def what_changes(desk: Desk) -> Posed | None:
    """What a weight reaches: the way of its change forward, which its derivative goes back."""
    for layer in worked_layers(desk, desk.network.layers):
        if layer.wiring.is_shared:
            continue
        name = layer.joined(worked_units(desk, layer)[-1])[0][-1]
        found = reached(desk, name)
        if 0 < len(found) <= MAX_LISTED:
            changed = [desk.symbol(node) for node in found[:-1]] + [desk.own_output]
            return asked("what_changes", {"changed": changed, "rest": []}, parameter=desk.symbol(name))
    return None


def side_of_activation(desk: Desk) -> Posed | None:
    """On which side of its middle an activation lies, from the sign of its weighted input."""
    layers = [layer for layer in worked_layers(desk, desk.network.layers) if layer.spec.activation.name in THROUGH]
    if not layers:
        return None
    layer = layers[0]
    j = worked_units(desk, layer)[-1]
    z, a, middle = desk.symbol(layer.z[j]), desk.symbol(layer.a[j]), THROUGH[layer.spec.activation.name]
    value = desk.quantity(layer.z[j])
    sides = {"z": side_of(desk, z, value), "a": side_of(desk, a, value, middle)}
    return asked("side", {**sides, "middle": Tex(middle)}, a=a, middle=Tex(middle))


def faded(desk: Desk) -> Posed | None:
    """A weight beside one that is worked in full, with gaps."""
    return next((_with_gaps(desk, name) for name in _beside(desk)), None)


def to_do(desk: Desk) -> Posed | None:
    """The next one, without help."""
    found = [*_beside(desk)][1:2]
    if not found:
        return None
    name = found[0]
    line = in_line(desk, desk.worked(desk.gradient(name), desk.own("gradient", name), (desk.slope(name),)))
    return None if line is None else asked("to_do", {"line": line}, gradient=desk.gradient(name))


def _beside(desk: Desk) -> Iterator[str]:
    """The weights of the unit of the first weight that is worked in full, but for those that are worked."""
    for layer in reversed(worked_layers(desk, desk.network.layers)):
        for j in () if layer.wiring.is_shared else worked_units(desk, layer):
            weights = layer.joined(j)[0]
            if desk.shown_among(weights):
                yield from (name for name in others(desk, weights) if len(desk.step(name).terms) == 1)
                return


def _with_gaps(desk: Desk, name: str) -> Posed | None:
    step = desk.step(name)
    quantity, delta = desk.own("gradient", name), desk.own("gradient", step.terms[0].via)
    line = in_line(desk, desk.worked(desk.gradient(name), quantity, (step.gradient,)))
    if line is None or desk.sheet.ask(lambda figures: figures.print(delta)[:2] == ONE):  # a factor that is not written
        return None
    known = desk.symbol(desk.network.names.gradient(step.terms[0].via))
    first, last = desk.sheet.relation(delta), desk.sheet.relation(quantity)
    sides = [f"{desk.gradient(name)} = {known} {GAP}", f"{first} ({desk.number(delta)})({GAP})", f"{last} {GAP}"]
    return asked("faded", {"line": line}, line=in_sides(desk, sides))


def sign(desk: Desk) -> Posed | None:
    """The sign of a derivative from the signs of its factors."""
    found = first_without_zero(desk, ((one, [number for _, number in one[1]]) for one in _signed(desk)))
    if found is None:
        return None
    name, factors, slope = found
    sides = [side_of(desk, symbol, number) for symbol, number in factors]
    if slope:
        sides.insert(2, Tex(f"{slope} > 0"))
    result = side_of(desk, desk.gradient(name), desk.own("gradient", name))
    symbols = [symbol for symbol, _ in factors]
    return asked("sign", {"sides": sides, "result": result, "factors": symbols}, gradient=desk.gradient(name))


def _signed(desk: Desk) -> Iterator[tuple[str, list[tuple[Tex, Quantity]], Tex | None]]:
    """Weights that are not worked in full, with the factors that their derivatives have and the slope among them."""
    for layer in worked_layers(desk, desk.network.layers):
        if layer.wiring.is_shared:
            continue
        for j in reversed(worked_units(desk, layer)):
            for name, source in reversed([*zip(*layer.joined(j), strict=True)]):
                if desk.first_shown((name,)) is None and len(desk.step(name).terms) == 1:
                    above, slope = _above(desk, layer, j)
                    yield name, [*above, (desk.symbol(source), desk.quantity(source))], slope


def _above(desk: Desk, layer: Layer, j: int) -> tuple[list[tuple[Tex, Quantity]], Tex | None]:
    """The factors of a unit's δ: the δ that it feeds, the weight on the way and its slope; or δ itself."""
    z, activation = layer.z[j], layer.spec.activation
    own = [(desk.symbol(desk.network.names.gradient(z)), desk.own("gradient", z))]
    if layer.number == len(desk.network.layers) or activation.name not in RISING or activation.expression is not None:
        return own, None
    following = desk.network.layers[layer.number]
    terms = desk.step(layer.a[j]).terms
    if len(terms) != 1 or sequential(desk) or following.wiring.is_shared:
        return own, None
    (_, weight), via = next(following.fed_by(j)), terms[0].via
    slope = desk.tex(desk.step(z).terms[0].local)
    return [
        (desk.symbol(desk.network.names.gradient(via)), desk.own("gradient", via)),
        (desk.symbol(weight), desk.quantity(weight)),
    ], slope


def delta_for_bias(desk: Desk) -> Posed | None:
    """Which δ the derivative by a bias needs."""
    for layer in worked_layers(desk, desk.network.layers):
        if shares(layer) or layer.wiring.is_shared:
            continue
        for name in reversed(others(desk, layer.bias_names)):
            step = desk.step(name)
            if len(step.terms) == 1:
                delta, quantity = (
                    desk.symbol(desk.network.names.gradient(step.terms[0].via)),
                    desk.own("gradient", name),
                )
                line = Tex(f"{desk.gradient(name)} = {delta} {desk.equals(quantity)}")
                return asked("bias", {"line": line}, delta=desk.any("delta"), gradient=desk.gradient(name))
    return None


def doubled_input(desk: Desk) -> Posed | None:
    """An input is doubled and the weights from it are halved, so that the forward pass stays as it is."""
    network = desk.network
    layer = network.layers[0]
    whole = layer.wiring.is_shared
    places = ((i, [desk.quantity(source)]) for i, source in reversed([*enumerate(layer.sources)]))
    i = first_without_zero(desk, places)
    if i is None or len(network.layers) < 2:
        return None
    weights = list(layer.weight_names if whole else (weight for _, weight in layer.fed_by(i)))
    weights = [name for name in weights if desk.step(name).terms]
    if not weights:
        return None
    name = next((name for name in weights if desk.first_shown((name,))), weights[0])
    formula = 2 * Name(network.names.gradient(name))
    line = in_numbers(desk, desk.own("local", f"2*{name}", formula), formula, {})
    if line is None:
        return None
    return asked(
        "doubled_input",
        {"weights": [desk.symbol(weight) for weight in weights[:6]], "more": len(weights[6:]), "whole": whole,
         "delta": desk.any("delta"), "gradient": desk.gradient(name), "line": line},
        source=desk.symbol(layer.sources[i]), count=len(weights), whole=whole, z=desk.any("z"),
    )  # fmt: skip
