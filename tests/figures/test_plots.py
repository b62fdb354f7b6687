"""Plots: ticks at round numbers, curves where their numbers are, the same labels in SVG and in TikZ."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from derive.figures.labels import in_text, tspans
from derive.figures.plan import MAX_WIDTH, PlanLabel, PlanLine
from derive.figures.plots import APART, HEIGHT, UP, Axis, Curve, Plot, plan_of, spread, ticks
from derive.figures.svg import svg
from derive.figures.tikz import tikz
from derive.words.runs import Tex

NUMBER = re.compile(r"(-?[0-9.]+)(?: \\times 10\^\{(-?[0-9]+)\})?")


def value(label: str) -> Fraction:
    """The number that a label prints."""
    found = NUMBER.fullmatch(label)
    assert found is not None, label
    return Fraction(found[1]) * Fraction(10) ** int(found[2] or 0)


@given(st.floats(-1e9, 1e9), st.integers(-12, 12), st.booleans())
def test_ticks_are_round_and_enclose_the_range(low: float, power: int, whole: bool) -> None:
    high = low + max(10.0**power, abs(low) * 1e-6, float(whole))
    found = ticks(low, high, whole=whole)
    labels = [value(tick.label) for tick in found]
    steps = {b - a for a, b in pairwise(labels)}
    assert len(steps) == 1
    assert 2 <= len(found) <= UP + 2
    (step,) = steps
    digit = step / Fraction(10) ** (len(str(int(step))) - 1) if step >= 1 else step
    assert Fraction(str(float(digit)).strip("0.").partition("e")[0] or "1") in (1, 2, 5)
    assert not whole or step.denominator == 1
    slack = step / 1000
    assert labels[0] <= Fraction(low) + slack
    assert labels[-1] >= Fraction(high) - slack
    assert all(Fraction(tick.value) == Fraction(float(label)) for tick, label in zip(found, labels, strict=True))


def test_a_curve_goes_through_its_numbers() -> None:
    """What stands beside the ticks says how high a point is."""
    losses = [2.5, 1.25, 0.7, 0.1]
    points = tuple(enumerate(losses))
    plan = plan_of(Plot(Axis(Tex("k"), 0, 3, whole=True), Axis(Tex("E"), 0, 2.5), (Curve(Tex("E"), points, "main"),)))
    lines = [item for item in plan.items if isinstance(item, PlanLine)]
    (curve,) = (line for line in lines if line.ink == "main")
    beside = [item for item in plan.items if isinstance(item, PlanLabel) and item.start and item.ink == "plain"]
    heights = {float(value(str(item.content))): item.y - 4 for item in beside}
    top, bottom = max(heights), min(heights)
    scale = (heights[bottom] - heights[top]) / (top - bottom)
    for (_, y), loss in zip(curve.points, losses, strict=True):
        assert abs(heights[bottom] - scale * (loss - bottom) - y) <= 1
    assert all(0 <= x <= MAX_WIDTH and 0 <= y <= HEIGHT for line in lines for x, y in line.points)
    spans = svg(plan, "", "", str)
    assert all(f">{tspans(label)}</text>" in spans for label in plan.labels)
    assert re.findall(r"\{\$(.*?)\$\};", tikz(plan, str)) == list(plan.labels)
    assert [in_text(label) for label in plan.labels][-1] == "E"


@given(st.lists(st.integers(0, 100), min_size=1, max_size=4))
def test_names_at_the_ends_of_curves_do_not_touch(heights: list[int]) -> None:
    found = spread(heights, 0, 100)
    ordered = sorted(found)
    assert all(b - a >= APART for a, b in pairwise(ordered))
    assert ordered[0] >= 0
    assert ordered[-1] <= 100
    assert all(found[i] <= found[j] for i, a in enumerate(heights) for j, b in enumerate(heights) if a < b)
