"""What each operation does to the gradient that comes back to it, with the numbers of one unit."""

from __future__ import annotations

from collections.abc import Mapping

from derive.expressions.tree import Expr, Name
from derive.lesson.blocks import Block, paragraph, say
from derive.lesson.deltas import delta_name
from derive.lesson.desk import Desk
from derive.lesson.general import by_steps, softmax
from derive.lesson.inline import in_sides
from derive.lesson.parts.introduction import say_name
from derive.lesson.quantity import Quantity
from derive.lesson.unwritten import comes_out_as_written
from derive.network import Layer
from derive.words.runs import Say


def gates(desk: Desk, name: str) -> list[Block]:
    """What a sum, a product and an activation do, told below the first weight; nothing for other parameters.

    The activation is that of the unit which the weight comes from, where there is one.
    """
    found = _first_product(desk)
    if found is None or found[0] != name:
        return []
    _, z, source = found
    bias = _bias(desk, z)
    facts = {"z": desk.symbol(z), "delta": desk.symbol(delta_name(desk, z)), "weight": desk.symbol(name)}
    said = say("gates.sum", bias="" if bias is None else desk.symbol(bias), source=desk.symbol(source), **facts)
    hidden = next((layer for layer in desk.network.layers if source in layer.a), None)
    return [paragraph(said, *(_further(desk, hidden, z, source) if hidden is not None else []))]


def _first_product(desk: Desk) -> tuple[str, str, str] | None:
    """The first weight that is worked, its unit's weighted input, and what the weight multiplies there."""
    for layer in reversed(desk.network.layers):
        weight = desk.first_shown(frozenset(layer.weight_names))
        if weight is not None:
            terms = desk.step(weight).terms
            local = terms[0].local if len(terms) == 1 else None
            return (weight, terms[0].via, local.name) if isinstance(local, Name) else None
    return None


def _bias(desk: Desk, z: str) -> str | None:
    """The bias that a weighted input has as a term of its own."""
    layers = (layer for layer in desk.network.layers if z in layer.z and layer.biases)
    return None if desk.notation.bias_unit else next((layer.biases[layer.z.index(z)] for layer in layers), None)


def _further(desk: Desk, layer: Layer, z: str, source: str) -> list[Say]:
    """What the other factor of the product gets, and what its activation makes of all that it gets."""
    terms = desk.step(source).terms
    product = next(term.product for term in terms if term.via == z)
    share = desk.own("local", formula=product)
    names = [desk.figures.resolve(one, 0, desk.sample) for one in _factors(product)]
    gets = in_sides(desk, _joined(desk.tex(product), _multiplied(desk, share, names)))
    said = [say("gates.product", source=desk.symbol(source), gets=gets, count=len(terms))]
    if softmax(desk, layer):
        return said
    below = layer.z[layer.a.index(source)]
    slope = desk.own("local", formula=desk.step(below).terms[0].local)
    arrived = share if len(terms) == 1 else desk.own("gradient", source)
    sides = [] if by_steps(desk) else _multiplied(desk, desk.own("gradient", below), [arrived, slope])
    activation = layer.spec.activation
    name = say_name("names", activation.name, activation.expression is not None)
    delta = in_sides(desk, _joined(desk.symbol(delta_name(desk, below)), sides)) if sides else ""
    return [*said, say("gates.activation", name=name, delta=delta, count=len(terms))]


def _factors(product: Expr) -> list[str]:
    """The names that are multiplied."""
    return [factor.name for factor in getattr(product, "factors", ()) if isinstance(factor, Name)]


def _joined(left: str, sides: list[str]) -> list[str]:
    """A left side before the first of its sides."""
    return [" ".join((left, *sides[:1])), *sides[1:]]


def _multiplied(desk: Desk, result: Quantity, factors: list[Quantity]) -> list[str]:
    """``≈ (-0.4791)(0.0881)`` and ``≈ -0.04221``; nothing where a number cannot be written."""
    if len(factors) != 2:
        return []
    formula = Name("f") * Name("g")
    values: Mapping[str, Quantity] = dict(zip("fg", factors, strict=True))
    if not desk.sheet.ask(lambda figures: comes_out_as_written(figures, result, formula, values)):
        return []
    (desk.sheet.shows if result.kind == "gradient" else desk.sheet.work)(result, formula, values)
    inside = desk.sheet.together((result, formula, values))
    numbers = "".join(f"({desk.number(inside(factor))})" for factor in factors)
    put_in, exact = desk.sheet.relation(*factors), desk.sheet.relation(*factors, result)
    return [f"{put_in} {numbers}", f"{exact} {desk.number(result)}"]
