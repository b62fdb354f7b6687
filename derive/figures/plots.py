"""Plots as data: curves over an axis, with ticks at round numbers, and where everything stands.

Positions are floats, rounded to a grid; what is printed at a tick is the exact round number that stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, log10

from derive.figures.labels import size_of
from derive.figures.plan import (
    FONT,
    MARGIN,
    MAX_WIDTH,
    SMALL_FONT,
    GridPoint,
    Ink,
    Plan,
    PlanItem,
    PlanLabel,
    PlanLine,
    PlanShape,
)
from derive.records import record
from derive.words.runs import Tex

HEIGHT = 200
UP, ACROSS = 5, 10
"""At most this many ticks has an axis, and one more."""
DOT = 6
MAX_DOTS = 25
"""A curve of more points is drawn without dots."""
APART = 15
"""The least distance of the names at the ends of two curves."""
PLAIN_FROM, PLAIN_TO = -4, 5
"""Steps between these powers of ten are printed plain, others with a power of ten."""


@record
class Curve:
    """A curve through points, with its name at its end; ``dashed`` where it is not the main one."""

    name: Tex
    points: tuple[tuple[float, float], ...]
    ink: Ink = "plain"
    dashed: bool = False
    dots: bool = True


@record
class Axis:
    """What an axis counts, and its range; ``whole``: in whole numbers."""

    name: Tex
    low: float
    high: float
    whole: bool = False


@record
class Plot:
    """Curves over two axes."""

    across: Axis
    up: Axis
    curves: tuple[Curve, ...]


@record
class Tick:
    """A round number, ``digits`` × 10^``exponent``."""

    digits: int
    exponent: int

    @property
    def value(self) -> float:
        """Where it stands."""
        return float(f"{self.digits}e{self.exponent}")

    @property
    def label(self) -> Tex:
        r"""It as it is printed.

        >>> Tick(-15, -1).label, Tick(2, 3).label, Tick(15, -7).label, Tick(0, -1).label
        ('-1.5', '2000', '1.5 \\times 10^{-6}', '0')
        """
        digits, exponent = str(abs(self.digits)), self.exponent
        if not self.digits:
            return Tex("0")
        sign = "-" * (self.digits < 0)
        power = exponent + len(digits) - 1
        if exponent >= PLAIN_FROM and power < PLAIN_TO:
            return Tex(sign + _plain(digits, exponent))
        short = digits.rstrip("0")
        mantissa = f"{short[0]}.{short[1:]}" if len(short) > 1 else short
        return Tex(rf"{sign}{mantissa} \times 10^{{{power}}}")


def _plain(digits: str, exponent: int) -> str:
    if exponent >= 0:
        return digits + "0" * exponent
    padded = digits.zfill(1 - exponent)
    return f"{padded[:exponent]}.{padded[exponent:]}"


def ticks(low: float, high: float, *, whole: bool = False, most: int = UP) -> tuple[Tick, ...]:
    """Round numbers from at most ``low`` to at least ``high``, one, two or five of a power of ten apart.

    >>> [tick.label for tick in ticks(0, 0.73)], [tick.label for tick in ticks(0, 7, whole=True)]
    (['0', '0.2', '0.4', '0.6', '0.8'], ['0', '2', '4', '6', '8'])
    """
    exponent = floor(log10((high - low) / most))
    steps = [(digit, exponent + more) for more in (0, 1) for digit in (1, 2, 5) if not whole or exponent + more >= 0]
    for digit, power in steps or [(1, 0)]:
        step = float(f"{digit}e{power}")
        first, last = floor(low / step + _SLACK), ceil(high / step - _SLACK)
        if last - first <= most:
            break
    return tuple(Tick(k * digit, power) for k in range(first, last + 1))


_SLACK = 1e-9


def plan_of(plot: Plot) -> Plan:
    """Where everything of a plot stands."""
    return _Frame.of(plot).plan(plot)


@record
class _Frame:
    """The place of the curves within the picture, and what the axes show there."""

    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    left: int
    right: int
    low: float
    high: float

    top = 2 * MARGIN + FONT // 2
    bottom = HEIGHT - MARGIN - 2 * SMALL_FONT - 10

    @classmethod
    def of(cls, plot: Plot) -> _Frame:
        up = ticks(plot.up.low, plot.up.high)
        across = plot.across
        inside = [
            t
            for t in ticks(across.low, across.high, whole=across.whole, most=ACROSS)
            if across.low <= t.value <= across.high
        ]
        beside = max(_wide(curve.name, FONT) for curve in plot.curves)
        left = MARGIN + max(_wide(tick.label, SMALL_FONT) for tick in up) + 8
        return cls(tuple(inside), up, left, MAX_WIDTH - MARGIN - beside - 8, across.low, across.high)

    def plan(self, plot: Plot) -> Plan:
        """The whole picture."""
        items = (*self._axes(plot), *self._curves(plot), *self._names(plot))
        return Plan(MAX_WIDTH, HEIGHT, items)

    def at(self, point: tuple[float, float]) -> GridPoint:
        """The place of a point on the grid."""
        x, y = self.near(point)
        return round(x), round(y)

    def near(self, point: tuple[float, float]) -> tuple[float, float]:
        """The place of a point of a curve, in tenths."""
        x, y = point
        low, high = self.up[0].value, self.up[-1].value
        across = self.left + (x - self.low) / (self.high - self.low) * (self.right - self.left)
        return round(across, 1), round(self.bottom - (y - low) / (high - low) * (self.bottom - self.top), 1)

    def _axes(self, plot: Plot) -> Iterator[PlanItem]:
        for tick in self.up:
            _, y = self.at((self.low, tick.value))
            yield PlanLine(((self.left, y), (self.right, y)), "faint", arrow=False)
            x = self.left - 6 - _wide(tick.label, SMALL_FONT)
            yield PlanLabel(x, y + 4, tick.label, "plain", start=True, size=SMALL_FONT)
        for tick in self.across:
            x, y = self.at((tick.value, self.up[0].value))
            yield PlanLine(((x, y), (x, y + 4)), "plain", arrow=False)
            yield PlanLabel(x, y + 5 + SMALL_FONT, tick.label, "plain", size=SMALL_FONT)
        yield PlanLine(((self.left, self.bottom), (self.right, self.bottom)), "plain", arrow=False)
        middle = (self.left + self.right) // 2
        yield PlanLabel(middle, HEIGHT - MARGIN - 2, plot.across.name, "plain", size=SMALL_FONT)

    def _curves(self, plot: Plot) -> Iterator[PlanItem]:
        for curve in plot.curves:
            yield PlanLine(tuple(map(self.near, curve.points)), curve.ink, arrow=False, dashed=curve.dashed)
            if curve.dots and len(curve.points) <= MAX_DOTS:
                yield from (PlanShape(*self.at(point), DOT, DOT, curve.ink) for point in curve.points)

    def _names(self, plot: Plot) -> Iterator[PlanItem]:
        ends = [self.at(curve.points[-1]) for curve in plot.curves]
        heights = spread([y for _, y in ends], self.top, self.bottom)
        for curve, (x, _), y in zip(plot.curves, ends, heights, strict=True):
            yield PlanLabel(x + 8, y + 5, curve.name, curve.ink, start=True)


def _wide(label: str, font: int) -> int:
    return ceil(size_of(label).width * font)


def spread(heights: Sequence[int], top: int, bottom: int) -> list[int]:
    """The heights moved so that each two are apart, in their order, and none is outside where there is room.

    >>> spread([50, 52, 10], 0, 100), spread([98, 99, 10], 0, 100)
    ([44, 59, 10], [85, 100, 10])
    """
    order = sorted(range(len(heights)), key=heights.__getitem__)
    groups: list[tuple[float, int]] = []  # the middle of names that touch, and how many they are
    for k in order:
        groups.append(_within(heights[k], 1, top, bottom))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < APART * (groups[-1][1] + groups[-2][1]) / 2:
            (a, m), (b, n) = groups[-2:]
            groups[-2:] = [_within((a * m + b * n) / (m + n), m + n, top, bottom)]
    found = [floor(middle + APART * (i - (count - 1) / 2) + 0.5) for middle, count in groups for i in range(count)]
    moved = dict(zip(order, found, strict=True))
    return [moved[k] for k in range(len(heights))]


def _within(middle: float, count: int, top: int, bottom: int) -> tuple[float, int]:
    """So many names around a height, moved to stand between top and bottom."""
    half = APART * (count - 1) / 2
    return max(min(middle, bottom - half), top + half), count
