"""What an honest document says where it happens: kinks, dead and saturated units, units that stay identical.

Every question about the numbers goes through :meth:`Sheet.ask`, so that a text is only used again where the
answers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from flint import fmpq

from derive.arithmetic.numbers import as_ball, is_zero
from derive.arithmetic.reals import Value
from derive.checked.kinks_held import kinked_nodes
from derive.equations.run import Sample
from derive.expressions.evaluate import compiled, evaluate, value_of
from derive.expressions.functions import FUNCTIONS, RELU_AT_ZERO, arguments_of
from derive.expressions.tree import ZERO, Call, Expr, Name, names_in, plus, substitute, walk
from derive.lesson.blocks import Display, Paragraph, Section, Table, paragraph, say
from derive.lesson.definitions import kinks_of, slope_tex
from derive.lesson.deltas import delta_name
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.tidying import settled
from derive.model import Given
from derive.network import Layer, number
from derive.words.runs import Say, Tex

SATURATED = 10**6
"""A unit is saturated where its δ is smaller than one part in so many, and not 0."""
FLAT = 1000
"""The slope of a saturated unit's activation is smaller than one part in so many."""
MAX_NAMED = 6
"""At most this many kinks are named."""


def kinks_said(desk: Desk, found: Sequence[KinkMet]) -> list[Say]:
    """A sentence for every kink that was met."""
    several = len(desk.network.rows) > 1
    said = []
    for kink in found[:MAX_NAMED]:
        symbol = desk.symbol(kink.node + (f"[{kink.row}]" if several else ""))
        name = say(f"names.{kink.function}")
        if FUNCTIONS[kink.function].variadic:
            said.append(say("remarks.tie", symbol=symbol, name=name))
        else:
            convention = desk.network.spec.conventions.relu_at_zero.text if kink.by_spec else ""
            slopes = {key: Tex(getattr(kink, key)) for key in ("slope", "left", "right")}
            at = desk.tex(kink.at) if kink.at is not None else None
            facts = {"at": at, "inside": kink.inside, "jump": kink.jump, "convention": convention}
            said.append(say("remarks.kink", symbol=symbol, name=name, **slopes, **facts))
    if len(found) > MAX_NAMED:
        said.append(say("remarks.more_kinks", count=len(found) - MAX_NAMED))
    return said


class KinkMet(NamedTuple):
    """A quantity exactly on the kink of a function, or (``inside``) a node whose formula has such a function.

    Attributes:
        at: where that kink is; None where the function has just one.
        left, right: the slopes on both sides, in TeX.
        slope: what the convention gives the function there.
        by_spec: whether the spec's convention is what gives it.
        jump: whether the function itself jumps there, and not only its slope.
        call, place: the function with its arguments, and which of its kinks it is; None for a tie.
    """

    node: str
    function: str
    row: int
    inside: bool
    slope: str = ""
    at: Expr | None = None
    left: str = ""
    right: str = ""
    by_spec: bool = False
    jump: bool = False
    call: Call | None = None
    place: int = 0


def kinks_of_iteration(figures: Figures, iteration: int = 0) -> tuple[KinkMet, ...]:
    """Every kink that an iteration stands on."""
    return tuple(
        _kink(figures, node.name, call, sample, place)
        for node in kinked_nodes(figures.network)
        if node.operation.kind != "huber"  # its formula has min and max, but no kink
        for call in _kinked_calls(node.formula)
        for kink_at in (_kink_finder(figures, call),)
        for sample in figures.run.iterations[iteration].samples
        if (place := kink_at(sample.values)) is not None
    )


def _kink(figures: Figures, node: str, call: Call, sample: Sample, place: int) -> KinkMet:
    entry = FUNCTIONS[call.function]
    argument = call.arguments[0]
    alone = isinstance(argument, Name) and not entry.variadic
    found = KinkMet(argument.name if alone and isinstance(argument, Name) else node, entry.name, sample.row, not alone)
    if entry.variadic:
        return found
    kink, network = entry.kinks[place], figures.network
    arguments = arguments_of(call)
    slopes = (*(substitute(side, arguments) for side in entry.one_sided(place)), Call(entry.name + "'", call.arguments))
    left, right, slope = (evaluate(each, sample.values, network.relu_at_zero) for each in slopes)
    shown = [str(slope_tex(value, figures.policy)) for value in (left, right, slope)]
    at = settled(substitute(kink.at, arguments)) if len(entry.kinks) > 1 else None
    return found._replace(
        at=at, left=shown[0], right=shown[1], slope=shown[2],
        by_spec=RELU_AT_ZERO.name in names_in(kink.share), jump=kink.value is not None, call=call, place=place,
    )  # fmt: skip


def _kinked_calls(expr: Expr) -> list[Call]:
    """The functions with kinks of their own: a softsign has none, though its formula has an absolute value."""
    calls = (part for part in walk(expr) if isinstance(part, Call) and not part.function.endswith("'"))
    return [call for call in calls if FUNCTIONS[call.function].pieces or FUNCTIONS[call.function].variadic]


def _kink_finder(figures: Figures, call: Call) -> Callable[[Mapping[str, Value]], int | None]:
    """Which kink of its function a call stands on, counted from 0; None where on none, or on a smooth one."""
    entry, at_zero = FUNCTIONS[call.function], figures.network.relu_at_zero
    names = names_in(call)
    if entry.variadic:
        arguments = [compiled(argument, names, at_zero) for argument in call.arguments]

        def tie(values: Mapping[str, Value]) -> int | None:
            given = [values[name] for name in names]
            numbers = [argument(*given) for argument in arguments]
            best = value_of(entry)(*numbers)
            return 0 if sum(is_zero(number - best) for number in numbers) > 1 else None

        return tie
    ats = [substitute(kink.at, arguments_of(call)) for kink in entry.kinks]
    gaps = {k: compiled(plus(call.arguments[0], -ats[k]) if ats[k] != ZERO else call.arguments[0], names, at_zero)
            for k in kinks_of(call)}  # fmt: skip

    def met(values: Mapping[str, Value]) -> int | None:
        given = [values[name] for name in names]
        return next((k for k, gap in gaps.items() if is_zero(gap(*given))), None)

    return met


def undefined_terms(desk: Desk) -> list[Say]:
    """That terms of a cross entropy are left out because their factor is exactly 0."""
    network = desk.network
    if network.spec.network is None:
        return []
    if network.spec.network.loss.name not in ("binary_cross_entropy", "cross_entropy"):
        return []
    undefined: bool = desk.sheet.ask(lambda figures: _zero_factor(figures, desk.sample))
    formula = desk.network.graph.by_name[network.output].formula
    left_out = desk.put_in(formula, desk.own("value", network.output), {})[0] != formula
    if not undefined and not left_out:
        return []
    if not undefined and "zero_terms" in desk.sheet.said:  # the section's opening says it
        return []
    desk.sheet.said.add("zero_terms_said")
    return [say("remarks.zero_terms", undefined=undefined)]


def zero_terms_said(desk: Desk, section: Section) -> Section:
    """The section; where it is the first that leaves out terms of sums because they are 0, its opening says so."""
    noted = desk.sheet.said
    if "zero_terms" not in noted or "zero_terms_said" in noted:
        return section
    noted.add("zero_terms_said")
    said = say("remarks.zero_terms", undefined=False)
    first, *others = section.blocks
    if isinstance(first, Paragraph) and others and not isinstance(others[0], Display | Table):
        return replace(section, blocks=(paragraph(*first.sentences, said), *others))
    after = 2 if isinstance(first, Paragraph) else 0  # below what the first sentences announce
    return replace(section, blocks=(*section.blocks[:after], paragraph(said), *section.blocks[after:]))


def _zero_factor(figures: Figures, sample: int) -> bool:
    """Whether a logarithm of a sample's loss is undefined and left out."""
    values = figures.run.iterations[0].samples[sample].values
    return any(is_zero(values[y]) or is_zero(1 - values[y]) for y in figures.network.outputs)


def quiet_units(desk: Desk) -> list[Say]:
    """Sentences about units through which nothing, or next to nothing, flows back in the first iteration."""
    dead: tuple[str, ...] = desk.sheet.ask(dead_units)
    faint: tuple[str, ...] = desk.sheet.ask(faint_units)
    saturated: tuple[str, ...] = desk.sheet.ask(saturated_units)
    said = []
    if dead:
        samples = len(desk.run.iterations[0].samples)
        said.append(say("remarks.dead", samples=samples, **_named(desk, dead, desk.equation)))
    if saturated:
        said.append(say("remarks.saturated", slope=_slope(desk, saturated[0]), **_named(desk, saturated, _delta(desk))))
    if faint := tuple(z for z in faint if z not in saturated):
        said.append(say("remarks.faint", **_named(desk, faint, _delta(desk))))
    return said


def _delta(desk: Desk) -> Callable[[str], Tex]:
    """How a unit's δ is written with its number."""
    return lambda z: Tex(f"{desk.symbol(delta_name(desk, z))} {desk.equals(desk.own('gradient', z))}")


def _slope(desk: Desk, z: str) -> Tex | None:
    """The slope of a unit's activation with its number; None where it is more than one formula."""
    terms = desk.step(z).terms
    if len(desk.run.iterations[0].samples) > 1 or len(terms) > 1:
        return None
    return Tex(f"{desk.tex(terms[0].local)} {desk.equals(desk.own('local', formula=terms[0].local))}")


def _named(desk: Desk, names: tuple[str, ...], written: Callable[[str], Tex]) -> dict[str, object]:
    """The first units by their symbols, and how many there are; of one sample as they are written with a number."""
    one = len(desk.run.iterations[0].samples) == 1
    shown = [written(name) if one else desk.symbol(name) for name in names[:MAX_NAMED]]
    # where weights serve other units, too, they may move all the same
    shared = any(z in names for layer in desk.network.layers if layer.wiring.is_shared for z in layer.z)
    facts = {"units": shown, "count": len(names), "more": len(names) - len(shown), "shared": shared}
    return {**facts, "one": one, "delta": desk.any("delta")}


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
