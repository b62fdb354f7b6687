"""Part 5 in the style ``routes``: one parameter at a time, the chain of factors along its route."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from derive.expressions.functions import FUNCTIONS
from derive.expressions.print_tex import tex, width
from derive.expressions.tree import Call, Expr, Name, plus, times
from derive.lesson.blocks import Block, Display, Heading, Row, note, paragraph, say
from derive.lesson.deltas import (
    arriving,
    delta,
    delta_name,
    over_outputs_with_signs,
    short,
    simplification,
)
from derive.lesson.desk import BLANK, Desk
from derive.lesson.general import by_steps, shares
from derive.lesson.limits import MAX_ROUTE, ROUTES, WORKED_UNITS
from derive.lesson.long_sums import MIDDLING_SUM
from derive.lesson.parts.factors import chain_with_table
from derive.lesson.parts.gates import gates
from derive.lesson.parts.reduction import reduction
from derive.lesson.parts.small_change import meaning_of_delta, small_change
from derive.lesson.parts.table import delta_table, gradient_tables, new_weights
from derive.lesson.paths import Route, RouteFactor, count_routes, longest_route, routes
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import quiet_units
from derive.lesson.route_drawings import FactorNumbers, factor_numbers, numbered, reference, route_figure, stations
from derive.network import Layer
from derive.words.references import FigureReference
from derive.words.runs import Say, Tex

SCRIPT, ROOM = 0.75, 8.0
"""The size of what stands under a brace, and the room for what stands beside it on the line, in ems."""
NARROW, MAX_BRACED = 28.0, 4
"""On lines of fewer ems a route of more factors has their local derivatives in a table, in place of braces."""
SHORT = 3
"""A step of so many rows is formula, numbers and value: δ has them on one line where there is room."""


def backward_routes(desk: Desk) -> list[Block | Heading]:
    """The backward pass of a layered network, one shown parameter after the other."""
    work = _Routes(desk)
    figures = {name: desk.sheet.part(("drawn", name), partial(work.figure, name)) for name in desk.shown}
    last = desk.number_of("delta" if work.jumps else "loss_slope")
    opening = say("routes.opening", first=desk.number_of("weighted_sum"), last=last)
    blocks: list[Block | Heading] = [paragraph(opening, *_also(work, drawn=any(figures.values())))]
    for name in desk.shown:
        blocks.append(Heading(name, say("routes.title", name=desk.symbol(name), kind=kind_of(name))))
        blocks += [*figures[name], *work.used_early(name)]
        blocks += [*work.parameter(name), *small_change(desk, name), *gates(desk, name)]
    blocks += [note(remark) for remark in quiet_units(desk)]
    return [*blocks, *reduction(desk), *gradient_tables(desk, work.tabulated, work.found)]


def _also(work: _Routes, *, drawn: bool) -> list[Say]:
    return [*([say("routes.jump")] if work.jumps else []), *([say("routes.numbers")] if drawn else [])]


def kind_of(name: str) -> str:
    """What a parameter is, by its name in a layered network: a key of the wording."""
    return {"w": "weight", "b": "bias"}.get(name[0], "parameter")


class _Routes:
    """The parameters worked so far, and what they left behind to be used again."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.found: dict[str, str] = {}  # δ of an output unit → the parameter it was found for
        self.tabulated: set[int] = set()  # layers whose δ stand in a table
        self.early: set[int] = set()  # layers whose new weights stand in a table
        self.along: dict[str, tuple[Route, ...]] = {}  # parameters worked along their routes, and these

    def used_early(self, name: str) -> list[Block]:
        """Where layers are updated one after the other: the new weights that this parameter's gradient uses."""
        desk = self.desk
        for layer, following in zip(desk.network.layers, desk.network.layers[1:], strict=False):
            if name in layer.parameter_names and following.number not in self.early:
                self.early.add(following.number)
                return new_weights(desk, following)
        return []

    def parameter(self, name: str) -> list[Block]:
        """Everything about one parameter."""
        known = tuple(self.found.items()), frozenset(self.tabulated), tuple(self.along)
        blocks, self.found, self.tabulated, self.along = self.desk.sheet.part(
            ("route", name, *known), partial(self._after, name)
        )
        return blocks

    def _after(self, name: str) -> tuple[list[Block], dict[str, str], set[int], dict[str, tuple[Route, ...]]]:
        """Everything about a parameter, and what is then left behind."""
        self.found, self.tabulated, self.along = dict(self.found), set(self.tabulated), dict(self.along)
        return self._parameter(name), self.found, self.tabulated, self.along

    def _parameter(self, name: str) -> list[Block]:
        desk = self.desk
        number = self._count(name)
        if number == 0:
            return [paragraph(say("routes.none", kind=kind_of(name)))]
        layer = self._layer_with(name)
        if shares(layer) and name in layer.bias_names:
            return self._shared(name, layer)
        if not self._is_short(name, number):
            several = len(desk.step(name).terms) > 1
            return self._shared(name, layer) if several else self._collected(name, layer, number)
        return self._along(name, self._routes(name))

    def figure(self, name: str) -> list[Block]:
        """The drawing of a parameter's routes, where it is worked along them."""
        layer, number = self._layer_with(name), self._count(name)
        if not self._is_short(name, number) or (shares(layer) and name in layer.bias_names):
            return []
        ways = self._routes(name)
        return route_figure(self.desk, name, ways, factor_numbers(self.desk, name, ways))

    def _layer_with(self, name: str) -> Layer:
        return next(layer for layer in self.desk.network.layers if name in layer.parameter_names)

    def _is_short(self, name: str, number: int) -> bool:
        """Whether a parameter's routes are few and short enough to be written one by one."""
        return 0 < number <= ROUTES and longest_route(self.desk, name) <= MAX_ROUTE

    @property
    def jumps(self) -> bool:
        """Whether the last activation takes its whole layer, so that z leads to E in one step."""
        last = self.desk.network.layers[-1]
        return self.desk.network.graph.by_name[last.a[0]].operation.kind == "softmax"

    def _count(self, name: str) -> int:
        number = count_routes(self.desk, name)
        return number // len(self.desk.network.outputs) if self.jumps else number

    def _routes(self, name: str) -> tuple[Route, ...]:
        """The routes down to the parameter; through a softmax output layer as one link from E to z."""
        found = routes(self.desk, name)
        if not self.jumps:
            return found
        merged: dict[Route, None] = {}
        for route in found:
            z = route[1].below
            first = RouteFactor(self.desk.network.output, z, self._output_delta(z))
            merged[(first, *route[2:])] = None
        return tuple(merged)

    def _layer_of(self, z: str) -> tuple[Layer, int]:
        for layer in self.desk.network.layers:
            if z in layer.z:
                return layer, layer.z.index(z)
        raise KeyError(z)

    def _output_delta(self, z: str) -> Expr:
        return delta(self.desk, *self._layer_of(z))

    def _along(self, name: str, ways: tuple[Route, ...]) -> list[Block]:
        """One line for each route, then the sum."""
        desk = self.desk
        count = 1 if self.jumps else 2
        tops = [way[0].below if self.jumps else way[1].below for way in ways]
        alike, places = self._alike(name, ways), factor_numbers(desk, name, ways)
        drawn = reference(desk, name, places)
        if alike:
            blocks: list[Block] = [paragraph(self._same(name, alike, ways, drawn))]
        else:
            blocks = [
                paragraph(self._named(name, ways, drawn)),
                *self._chain(name, ways, places),
                *self._deltas(name, tuple(dict.fromkeys(tops)), count),
            ]
            self.along[name] = ways
        own: list[tuple[Expr, Expr]] = []  # of each route the first factors, in symbols and as a number
        values: dict[str, Quantity] = {}
        for z in tops:
            formula, short_name = self._output_delta(z), Name(delta_name(desk, z))
            own.append((formula if short(formula) else short_name, short_name))
        rests = [way[count:] for way in ways]
        common = common_end(rests) if len(ways) > 1 else ()
        parts = [rest[: len(rest) - len(common)] for rest in rests]
        sums = [plus(*(times(first[0], *_locals(rest)) for first, rest in zip(own, rests, strict=True)))]
        numbered = [[self._as_number(link, values) for link in part] for part in parts]
        ends = [self._as_number(link, values) for link in common]
        if len(ways) > 1 and len(set(tops)) == 1:  # the factors that the routes share are taken out, at both ends
            sums = [times(own[0][0], plus(*(times(*_locals(part)) for part in parts)), *_locals(common))]
            numbers = times(own[0][1], plus(*(times(*factors) for factors in numbered)), *ends)
        else:
            inner = plus(*(times(first[0], *_locals(part)) for first, part in zip(own, parts, strict=True)))
            sums += [times(inner, *_locals(common))] if common else []
            inside = [times(first[1], *factors) for first, factors in zip(own, numbered, strict=True)]
            numbers = times(plus(*inside), *ends)
        rows = desk.worked(desk.gradient(name), desk.own("gradient", name), tuple(sums), numbers=numbers, values=values)
        return [*blocks, Display(desk.on_fewer_lines(rows) if len(rows) < SHORT else rows)]

    def _alike(self, name: str, ways: tuple[Route, ...]) -> str:
        """A parameter of the same unit whose routes are worked already; empty where there is none."""
        above = [way[:-1] for way in ways]
        return next((other for other, its in self.along.items() if [way[:-1] for way in its] == above), "")

    def _same(self, name: str, other: str, ways: tuple[Route, ...], figure: FigureReference | None) -> Say:
        """That all factors but the last are those of another parameter."""
        desk, derivative = self.desk, self.desk.notation.derivative
        last = {way[-1].above: desk.tex(way[-1].local) for way in ways}  # a parameter may be used by several units
        below, replaced = desk.symbol(name), desk.symbol(other)
        return say(
            "routes.same",
            name=below,
            figure=figure,
            other=replaced,
            count=len(ways),
            factors=[Tex(f"{derivative(desk.symbol(z), below)} = {local}") for z, local in last.items()],
            replaced=[Tex(derivative(desk.symbol(z), replaced)) for z in last],
        )

    def _named(self, name: str, ways: tuple[Route, ...], figure: FigureReference | None) -> Say:
        """The route, named before it is used."""
        desk = self.desk
        arrows = [Tex(r" \to ".join((*map(desk.symbol, stations(way)[:-1]), desk.own_output))) for way in ways]
        return say("routes.named", name=desk.symbol(name), routes=arrows, figure=figure)

    def _chain(self, name: str, ways: tuple[Route, ...], numbers: FactorNumbers) -> list[Block]:
        """The chain rule, with each factor's local derivative under it."""
        desk = self.desk
        if desk.page.ems < NARROW and len(ways) == 1 and len(ways[0]) > MAX_BRACED:
            return chain_with_table(desk, name, ways[0], numbers)
        left = desk.gradient(name)
        rows: list[Row] = []
        for i, way in enumerate(ways):
            factors = [self._braced(link, numbers[link.above, link.below]) for link in way]
            parts = [("" if not i else "{} + ") + factors[0], *(rf" \cdot {factor}" for factor in factors[1:])]
            lines = desk.lines(Tex("=") if not rows else BLANK, parts, width(left))
            rows += lines if rows else [Row(left, Tex("="), lines[0].right), *lines[1:]]
        return [Display(tuple(rows))]

    def _braced(self, link: RouteFactor, number: int) -> str:
        desk = self.desk
        top = desk.own_output if link.above == desk.network.output else desk.symbol(link.above)
        fraction = numbered(desk.notation.derivative(top, desk.symbol(link.below)), number)
        local = tex(link.local, desk.symbol)
        if width(Tex(local)) * SCRIPT > desk.page.ems - ROOM:  # too long to stand under a brace
            if link.above != desk.network.output:
                return fraction
            local = desk.symbol(desk.network.names.gradient(link.below))
        return rf"\underbrace{{{fraction}}}_{{{local}}}"

    def _as_number(self, link: RouteFactor, values: dict[str, Quantity]) -> Expr:
        """A local derivative for the line with numbers: the slope of a function with a kink as one number."""
        local = link.local
        if not (isinstance(local, Call) and FUNCTIONS[local.function.removesuffix("'")].straight):
            return local
        key = f"{link.above} by {link.below}"
        values[key] = self.desk.own("local", key, local)
        return Name(key)

    def _deltas(self, name: str, tops: tuple[str, ...], count: int) -> list[Block]:
        """δ of the output units on the routes: worked where it is new, recalled where it is known."""
        desk = self.desk
        blocks: list[Block] = []
        new = [z for z in tops if z not in self.found]
        again = [z for z in tops if z in self.found]
        if again:
            said = say(
                "routes.again",
                deltas=[self._recalled(z) for z in again],
                units=[desk.symbol(z) for z in again],
                count=count,
                earlier=list(dict.fromkeys(desk.symbol(self.found[z]) for z in again)),
                several=len(tops) > 1,
            )
            blocks.append(paragraph(said, *([] if new else [say("routes.so")])))
        for z in new:
            symbol = desk.symbol(delta_name(desk, z))
            rows = desk.worked(symbol, desk.own("gradient", z), (self._output_delta(z),), longest=MIDDLING_SUM)
            rows = desk.on_fewer_lines(rows) if len(rows) <= SHORT else rows
            shortened = simplification(desk, self._layer_of(z)[1]) is not None
            facts = {"delta": symbol, "count": count, "unit": desk.symbol(z), "several": len(tops) > 1}
            said = say("routes.delta", equation=desk.number_of("delta") if shortened else 0, **facts)
            blocks += [paragraph(said), Display(rows)]
            if self.jumps and shortened and z is new[0] and not self.found:
                blocks += self._through_outputs(z)
            told = [*meaning_of_delta(desk, z), *([say("routes.so")] if z is new[-1] else [])]
            blocks += [paragraph(*told)] if told else []
        self.found.update(dict.fromkeys(new, name))
        return blocks

    def _through_outputs(self, z: str) -> list[Block]:
        """δ of a unit of the softmax once more, by its routes, one through each output."""
        desk = self.desk
        outputs = desk.network.outputs
        if len(outputs) < 2 or by_steps(desk):
            return []
        gradient = desk.network.names.gradient
        chain = plus(*(times(Name(gradient(y)), Name(f"d{y}/d{z}")) for y in outputs))
        full = over_outputs_with_signs(desk, *self._layer_of(z))
        rows = desk.worked(desk.gradient(z), desk.own("gradient", z), (chain, full), longest=MIDDLING_SUM)
        said = say("routes.through_outputs", unit=desk.symbol(z), count=len(outputs), delta=desk.any("delta"))
        return [paragraph(said), Display(rows)]

    def _recalled(self, z: str) -> Tex:
        """``δ = ŷ - t ≈ -0.4791``."""
        desk = self.desk
        symbol, formula = desk.symbol(delta_name(desk, z)), self._output_delta(z)
        between = f"= {desk.tex(formula)} " if short(formula) else ""
        return Tex(f"{symbol} {between}{desk.equals(desk.own('gradient', z))}")

    def _mixed(self, name: str, layer: Layer, j: int, number: int) -> list[Block]:
        """A parameter of a hidden softmax: its unit's weighted input feeds every activation, so δ is summed first."""
        desk = self.desk
        said = say("routes.mixed", count=number, unit=desk.symbol(layer.z[j]))
        blocks: list[Block] = [paragraph(said)]
        following = desk.network.layers[layer.number]
        if following.number not in self.tabulated:
            self.tabulated.add(following.number)
            blocks += delta_table(desk, following)
        if layer.number not in self.tabulated:
            self.tabulated.add(layer.number)
            for k in range(min(layer.units, WORKED_UNITS)):
                a = layer.a[k]
                blocks.append(
                    Display(desk.worked(desk.gradient(a), desk.own("gradient", a), (arriving(desk, layer, k),)))
                )
            blocks += delta_table(desk, layer)
        own = desk.step(name).terms[0].local
        product = times(Name(desk.network.names.gradient(layer.z[j])), own)
        blocks.append(Display(desk.worked(desk.gradient(name), desk.own("gradient", name), (product,))))
        return blocks

    def _collected(self, name: str, layer: Layer, number: int) -> list[Block]:
        """A parameter with many routes: they are summed where they part, at the activation of its unit."""
        desk = self.desk
        j = layer.z.index(desk.step(name).terms[0].via)
        if len(desk.step(layer.z[j]).terms) > 1:
            return self._mixed(name, layer, j, number)
        blocks: list[Block] = [paragraph(say("routes.many", count=number, unit=desk.symbol(layer.a[j])))]
        following = desk.network.layers[layer.number] if layer.number < len(desk.network.layers) else None
        assert following is not None  # a unit of the last layer has one route
        if following.number not in self.tabulated:
            self.tabulated.add(following.number)
            blocks += delta_table(desk, following)
        a = desk.own("gradient", layer.a[j])
        rows = desk.worked(desk.gradient(layer.a[j]), a, (arriving(desk, layer, j),), longest=MIDDLING_SUM)
        step = desk.step(layer.z[j])
        inner = step.terms[0].local
        last = desk.step(name)
        own = last.terms[0].local
        arrived = Name(desk.network.names.gradient(layer.a[j]))
        values: dict[str, Quantity] = {}
        inner_number = self._as_number(RouteFactor(layer.a[j], layer.z[j], inner), values)
        ends = desk.worked(
            desk.gradient(name), desk.own("gradient", name), (times(arrived, inner, own),),
            numbers=times(arrived, inner_number, own), values=values,
        )  # fmt: skip
        return [*blocks, Display(rows), paragraph(say("routes.last_steps", count=number)), Display(ends)]

    def _shared(self, name: str, layer: Layer) -> list[Block]:
        """A parameter that stands in several units: the sum over them of δ, times what a weight multiplies there."""
        desk = self.desk
        facts = {"number": layer.number, "delta": desk.any("delta")}
        if shares(layer) and name in layer.bias_names:
            said = say("routes.shared", count=layer.units, **facts)
        else:
            said = say("routes.everywhere", kind=kind_of(name), count=len(desk.step(name).terms), **facts)
        blocks: list[Block] = [paragraph(said)]
        if layer.number not in self.tabulated:
            self.tabulated.add(layer.number)
            blocks += delta_table(desk, layer)
        rows = desk.worked(desk.gradient(name), desk.own("gradient", name), (desk.slope(name),), longest=MIDDLING_SUM)
        return [*blocks, paragraph(say("routes.sum")), Display(rows)]


def common_end(ways: Sequence[Route]) -> Route:
    """The last links that several ways share."""
    shortest = min(map(len, ways))
    same = 0
    while same < shortest and all(way[-1 - same] == ways[0][-1 - same] for way in ways):
        same += 1
    return ways[0][len(ways[0]) - same :]


def _locals(links: Sequence[RouteFactor]) -> list[Expr]:
    return [link.local for link in links]
