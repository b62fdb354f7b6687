"""A kink that was met, shown: the difference quotients on both sides beside the convention, and a figure.

The quotients are worked with the function's own branches; nothing here knows a rule of differentiation.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf, isfinite, log10
from typing import TYPE_CHECKING, NamedTuple

from flint import fmpq

from derive.arithmetic.numbers import position
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import power_of_ten
from derive.expressions.evaluate import compiled, evaluate
from derive.expressions.functions import FUNCTIONS, RELU_AT_ZERO, arguments_of
from derive.figures.labels import size_of
from derive.figures.later import DrawnLater
from derive.lesson.blocks import Block, Figure, Table, paragraph, say
from derive.lesson.definitions import slope_tex
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.remarks import KinkMet
from derive.words.runs import Tex

if TYPE_CHECKING:
    from derive.figures.plan import Plan

MAX_SHOWN = 2
"""At most this many different kinks are shown."""
STEP = fmpq(1, 1000)
"""The step of the difference quotients, where no other kink is nearer."""
REACH = fmpq(1)
"""How far the figure goes to both sides of a kink, where no other kink is nearer."""
NEAREST = 1e-6
"""A kink that is nearer to another one is not shown."""
PIECES = 10
"""So many straight lines is a branch drawn with."""
WIDE, TALL, MARGIN, DOT = 240, 110, 26, 6
"""The size of the drawn function, in units, what is around it, and the kink itself."""
SHARE = 0.6
"""How far the line of the slope goes, beside the function."""


class KinkShown(NamedTuple):
    """A kink of a function with its parameters.

    Attributes:
        at, step: where it is, and the step of the quotients, in TeX.
        quotients: the difference quotients to the left, to the right and over both sides, in TeX.
        slopes: on the left, on the right and by the convention, in TeX.
        points: the function near the kink, the kink in the middle.
        rise: the slope of the convention, as a position in the figure.
    """

    function: str
    at: str
    step: str
    quotients: tuple[str, ...]
    slopes: tuple[str, str, str]
    points: tuple[tuple[float, float], ...]
    rise: float


def kinks_shown(desk: Desk, found: Sequence[KinkMet]) -> list[Block]:
    """Each different kink among those that were met."""
    drawable = [kink for kink in found if kink.call is not None and not kink.jump]
    if not drawable:
        return []
    shown: tuple[KinkShown, ...] = desk.sheet.ask(lambda figures: _shown(figures, drawable))
    return [block for number, kink in enumerate(shown, 1) for block in _blocks(desk, kink, number)]


def _blocks(desk: Desk, kink: KinkShown, number: int) -> list[Block]:
    name, at = say(f"names.{kink.function}"), Tex(kink.at)
    head = tuple(say(f"kinks.{key}") for key in ("left", "right", "both", "used"))
    row = tuple(map(Tex, (*kink.quotients, kink.slopes[2])))
    intro = paragraph(say("kinks.quotients", name=name, at=at, step=Tex(kink.step)))
    table = Table(head, (row,), "rrrr")
    return [intro, table, _figure(desk, kink, number)] if desk.contents.figures != "none" else [intro, table]


def _figure(desk: Desk, kink: KinkShown, number: int) -> Figure:
    slope = desk.word("kinks.slope")
    words = (slope, slope, desk.word("kinks.in_use"))
    labels = tuple(Tex(rf"\text{{{word}~}}{{{tex}}}") for word, tex in zip(words, kink.slopes, strict=True))
    facts = {"name": say(f"names.{kink.function}"), "at": Tex(kink.at)}
    facts |= zip(("left", "right", "used"), map(Tex, kink.slopes), strict=True)
    plan = _plan(kink, labels)
    token = desk.sheet.drawn(lambda _: plan)
    drawing = DrawnLater(token, plan.width, plan.height, labels)
    return Figure(f"kink-{number}", say("kinks.title", **facts), (say("kinks.description", **facts),), drawing)


# Numbers


def _shown(figures: Figures, found: Sequence[KinkMet]) -> tuple[KinkShown, ...]:
    """The different kinks among these, each once: the answer is part of what decides whether a text fits."""
    shown = dict.fromkeys(kink for met in found if (kink := _kink_shown(figures, met)) is not None)
    return tuple(shown)[:MAX_SHOWN]


def _kink_shown(figures: Figures, met: KinkMet) -> KinkShown | None:
    """The kink with its numbers; None where another one is too near to be told apart."""
    assert met.call is not None
    entry, at_zero = FUNCTIONS[met.call.function], figures.network.relu_at_zero
    sample = next(each for each in figures.samples(0) if each.row == met.row)
    arguments = list(arguments_of(met.call).items())[1:]
    given = {name: evaluate(formula, sample.values, at_zero) for name, formula in arguments}
    ats = [evaluate(kink.at, given) for kink in entry.kinks]
    at = ats.pop(met.place)
    room = min((abs(position(other - at)) for other in ats), default=4.0)
    if not NEAREST < room < inf:
        return None
    step, reach = min(STEP, _round(room / 4)), min(REACH, _round(room))
    left, here, right = (compiled(piece.formula, entry.formals) for piece in entry.places[2 * met.place :][:3])
    parameters = tuple(given.values())

    def moved(move: fmpq) -> Value:
        """The function beside the kink, by the branch that it has there."""
        branch = here if not move else left if move < 0 else right
        return branch(at + move, *parameters)

    below, on, above = map(moved, (-step, fmpq(0), step))
    quotients = ((on - below) / step, (above - on) / step, (above - below) / (2 * step))
    moves = [reach * k / PIECES for k in range(-PIECES, PIECES + 1)]
    points = tuple((position(move), position(moved(move) - on)) for move in moves)
    if not all(isfinite(height) for _, height in points):
        return None
    used = evaluate(entry.places[2 * met.place + 1].derivative, {**given, RELU_AT_ZERO.name: at_zero})
    printed_at, printed_step, *printed = (str(slope_tex(number, figures.policy)) for number in (at, step, *quotients))
    slopes = (met.left, met.right, met.slope)
    return KinkShown(entry.name, printed_at, printed_step, tuple(printed), slopes, points, position(used))


def _round(length: float) -> fmpq:
    """The largest power of ten that is not longer."""
    return power_of_ten(floor(log10(length)))


# The figure


def _plan(kink: KinkShown, labels: Sequence[Tex]) -> Plan:
    """The function, the line of the slope that is used (dashed), and the slopes below."""
    from derive.figures.plan import FONT, MAX_WIDTH, SMALL_FONT, Plan, PlanItem, PlanLabel, PlanLine, PlanShape

    reach = kink.points[-1][0]
    line = [(side * SHARE * reach, side * SHARE * reach * kink.rise) for side in (-1, 1)]
    heights = [y for _, y in (*kink.points, *line)]
    low, high = min(heights), max(heights)
    across = WIDE / (2 * reach)
    up = min(across, TALL / ((high - low) or 1.0))
    height = MARGIN + round((high - low) * up)

    def near(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return round(MAX_WIDTH / 2 + x * across, 1), round(height - (y - low) * up, 1)

    def at(point: tuple[float, float]) -> tuple[int, int]:
        x, y = near(point)
        return round(x), round(y)

    left, right, used = labels
    ends = [(abs(y - kink.points[-1 if side else 0][1] * SHARE), side) for side, (_, y) in enumerate(line)]
    side = max(ends)[1]
    x, y = at(line[side])
    width = round(1.2 * size_of(used).width * FONT)
    items: list[PlanItem] = [
        PlanLine((at((0, high)), (MAX_WIDTH // 2, height + 6)), "faint", arrow=False),
        PlanLine(tuple(map(near, kink.points)), "plain", arrow=False),
        PlanLine(tuple(map(near, line)), "main", arrow=False, dashed=True),
        PlanShape(*at((0, 0)), DOT, DOT, "main"),
        PlanLabel(x + 6 if side else x - 6 - width, y + 5, used, "main", start=True),
        *(
            PlanLabel(MAX_WIDTH // 2 + place, height + FONT + 4, text, "plain")
            for place, text in ((-80, left), (80, right))
        ),
        PlanLabel(MAX_WIDTH // 2, height + SMALL_FONT + 8, Tex(kink.at), "plain", size=SMALL_FONT),
    ]
    return Plan(MAX_WIDTH, height + MARGIN, tuple(items))
