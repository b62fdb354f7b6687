"""A long chain of factors on a narrow page: the chain in one line, and a table with a row for each factor."""

from __future__ import annotations

from derive.expressions.print_tex import width
from derive.expressions.tree import ONE, Name, times
from derive.lesson.blocks import Block, Display, Row, Table, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.paths import Route, RouteFactor
from derive.lesson.quantity import Quantity
from derive.lesson.route_drawings import FactorNumbers, numbered
from derive.words.references import table_reference
from derive.words.runs import Cell, Tex


def chain_with_table(desk: Desk, name: str, way: Route, numbers: FactorNumbers) -> list[Block]:
    """The chain rule for a parameter, and for each factor its formula, its number, and the equation it is from."""
    left = desk.gradient(name)
    factors = [_factor(desk, link) for link in way]
    places = [numbers[link.above, link.below] for link in way]
    first, *others = map(numbered, factors, places)
    lines = desk.lines(Tex("="), [first, *(rf" \cdot {factor}" for factor in others)], width(left))
    rows = (Row(left, Tex("="), lines[0].right), *lines[1:])
    origins = [_origin(desk, link) for link in way]
    head: list[Cell] = [say("factors.factor"), say("table.formula"), say("table.value")]
    head += [say("factors.origin")] if any(origins) else []
    body: list[tuple[Cell, ...]] = []
    values = _together(desk, name, way)
    for place, factor, link, value, origin in zip(places, factors, way, values, origins, strict=True):
        number = Tex("1") if value is None else desk.number(value)
        cells: list[Cell] = [_with_number(factor, place), desk.tex(link.local), number]
        cells += [say("factors.equation", number=origin)] if any(origins) else []
        body.append(tuple(cells))
    key = f"factors-{name.replace('_', '-')}"
    said = say("factors.table", name=left)
    table = Table(tuple(head), tuple(body), "llrl"[: len(head)], said, name=key)
    return [Display(rows), paragraph(say("factors.opening", table=table_reference(key))), table]


def _with_number(factor: Tex, place: int) -> Tex:
    """A factor as it stands in a cell, with its number above it."""
    return Tex(rf"\overset{{{place}}}{{{factor}}}") if place else factor


def _factor(desk: Desk, link: RouteFactor) -> Tex:
    top = desk.own_output if link.above == desk.network.output else desk.symbol(link.above)
    return Tex(desk.notation.derivative(top, desk.symbol(link.below)))


def _quantity(desk: Desk, link: RouteFactor) -> Quantity:
    local = link.local
    return desk.quantity(local.name) if isinstance(local, Name) else desk.own("local", "", local)


def _together(desk: Desk, name: str, way: Route) -> list[Quantity | None]:
    """The factors with digits enough that all of them, and the first two, give the derivatives as they are printed."""
    factors = [None if link.local == ONE else _quantity(desk, link) for link in way]
    known = {f"f{i}": factor for i, factor in enumerate(factors) if factor is not None}
    if len(known) < 2:
        return factors
    lines = [(desk.own("gradient", name), times(*map(Name, known)), known)]
    if None not in factors[:2] and len(known) > 2:
        first = dict(list(known.items())[:2])
        lines.append((desk.own("gradient", way[1].below), times(*map(Name, first)), first))
    inside = desk.sheet.together(*lines)
    return [None if factor is None else inside(factor) for factor in factors]


def _origin(desk: Desk, link: RouteFactor) -> int:
    """The number of the equation that has the local derivative; 0 where none has a number."""
    network = desk.network
    if link.above == network.output:
        return desk.number_of("loss_slope")
    for layer in network.layers:
        if link.above in layer.a:
            return desk.number_of(f"slope_{layer.spec.activation.name}")
    return desk.number_of("weighted_sum")
