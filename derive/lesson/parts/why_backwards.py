"""Why the derivatives are found backwards: the factors that are shared, and what that saves here."""

from __future__ import annotations

from derive.equations.multiplications import multiplications
from derive.expressions.tree import Name, times
from derive.lesson.blocks import Block, Section, paragraph, say
from derive.lesson.deltas import delta_name
from derive.lesson.desk import Desk
from derive.lesson.general import sequential, softmax
from derive.lesson.paths import count_routes
from derive.lesson.quantity import Quantity
from derive.network import Layer
from derive.words.runs import Say, Tex

BOUNDS = {"sigmoid": Tex(r"\frac{1}{4}"), "tanh": Tex("1")}
"""What the slope of a squashing activation is at most."""
MAX_EXACT = 10**9
"""Larger counts are given by their power of ten."""


def why_backwards(desk: Desk) -> Section | None:
    """The section below the backward pass; None where there is nothing to share."""
    counts = multiplications(desk.network)
    if counts.apart <= counts.shared:
        return None
    layer = _example(desk)
    said = [_factors(desk, layer)] if layer is not None else [say("why.graph", output=desk.symbol(desk.network.output))]
    several = len(desk.network.rows) > 1
    both = {"apart": _count(counts.apart), "shared": _count(counts.shared)}
    counted = say("why.counted", count=len(desk.network.parameters), several=several, **both)
    blocks: list[Block] = [paragraph(*said, counted)]
    blocks += [paragraph(fade) for fade in _fading(desk)]
    return Section("why", say("why.title"), tuple(blocks), level=2)


def _count(number: int) -> Tex:
    if number < MAX_EXACT:
        return Tex(str(number))
    return Tex(rf"\text{{≈}}10^{{{len(str(number)) - 1}}}")


def _example(desk: Desk) -> Layer | None:
    """A layer whose units have several weights each, the first one; None in a graph."""
    return next((layer for layer in desk.network.layers if layer.kind.has_matrix_form), None)


def _factors(desk: Desk, layer: Layer) -> Say:
    """What the weights of a unit share."""
    j = layer.units - 1
    weights, _ = layer.joined(j)
    own = layer.biases and not layer.spec.shared_bias
    products = [desk.tex(desk.slope(name)) for name in weights[:3]]
    return say(
        "why.factors",
        delta=desk.symbol(delta_name(desk, layer.z[j])),
        letter=desk.any("delta"),
        z=desk.symbol(layer.z[j]),
        output=desk.own_output,
        bias=desk.symbol(layer.biases[j]) if own and not desk.notation.bias_unit else "",
        products=products,
        more=len(weights) > len(products),
        routes=count_routes(desk, layer.z[j]),
        deep=len(desk.network.layers) > 1,
    )


def _fading(desk: Desk) -> list[Say]:
    """How much of δ gets back through a unit whose activation squashes: the one of the first hidden weight shown."""
    for layer, following in zip(desk.network.layers, desk.network.layers[1:], strict=False):
        own = desk.shown_among(layer.weight_names)
        bound = BOUNDS.get(layer.spec.activation.name)
        if not own or bound is None or softmax(desk, layer) or not layer.kind.has_matrix_form:
            continue
        j = layer.z.index(desk.step(own[0]).terms[0].via)
        return [_faded(desk, layer, following, j, bound)]
    return []


def _faded(desk: Desk, layer: Layer, following: Layer, j: int, bound: Tex) -> Say:
    z = layer.z[j]
    local = desk.step(z).terms[0].local
    slope = Quantity("local", formula=local)
    facts = {
        "name": say(f"names.{layer.spec.activation.name}"),
        "bound": bound,
        "equation": desk.number_of(f"slope_{layer.spec.activation.name}"),
        "slope": Tex(f"{desk.tex(local)} {desk.equals(slope)}"),
        "unit": desk.symbol(z),
        "letter": desk.any("delta"),
        "product": "",
    }
    if following.units == 1 and following.kind.has_matrix_form and not sequential(desk):
        weight = following.weights[0][j]
        factor = Quantity("local", formula=times(Name(weight), local))
        given = Quantity("value", weight)
        desk.sheet.work(factor, Name("weight") * Name("slope"), {"weight": given, "slope": slope})
        facts["product"] = Tex(
            rf"{desk.number(given, 'always')}({desk.number(slope)}) {desk.sheet.relation(given, slope, factor)} "
            rf"{desk.number(factor)}"
        )
        facts["weight"] = desk.symbol(weight)
        facts["above"] = desk.symbol(delta_name(desk, following.z[0]))
        facts["below"] = desk.symbol(delta_name(desk, z))
    return say("why.fading", **facts)
